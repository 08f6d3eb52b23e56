import os
from pathlib import Path

import pytest

from desktop import settings


def test_nothing_is_remembered_at_first() -> None:
    assert settings.last_office() is None
    assert settings.get("zoom") is None


def test_the_last_office_is_remembered_by_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings.remember_office(Path("中文 office.db"))
    assert settings.last_office() == tmp_path / "中文 office.db"


def test_a_value_is_kept_beside_others_and_forgotten_by_none() -> None:
    settings.put("zoom", 12)
    settings.put("theme", "dark")
    settings.put("zoom", None)
    assert (settings.get("zoom"), settings.get("theme")) == (None, "dark")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"[1, 2]", b"null", b'{"office": 7}', b"[" * 100_000, b'{"office": '],
    ids=["empty", "binary", "list", "null", "number", "deep", "cut"],
)  # fmt: skip
def test_garbage_in_the_file_is_as_good_as_nothing(content: bytes) -> None:
    settings.folder().mkdir(parents=True, exist_ok=True)
    (settings.folder() / "settings.json").write_bytes(content)
    assert settings.last_office() is None
    settings.put("theme", "light")
    assert settings.get("theme") == "light"


def test_a_path_that_cannot_be_one_is_not_believed() -> None:
    settings.put("office", "a\0b")
    assert settings.last_office() is None


def test_a_value_of_another_type_gives_way_to_the_default() -> None:
    settings.put("zoom", "big")
    assert settings.get("zoom", 10) == 10


def test_a_folder_that_cannot_be_made_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    monkeypatch.setattr(settings, "folder", lambda: blocked / "below")
    settings.put("theme", "dark")
    assert settings.get("theme") is None


@pytest.mark.skipif(os.name != "posix", reason="modes are another matter here")
def test_what_a_person_set_up_is_for_him_alone() -> None:
    shelf = settings.shelf_of("office", 1)
    shelf.write({"draft.x": {"values": {"name": "王桂芳"}}})
    place = settings.folder() / shelf.name
    assert place.stat().st_mode & 0o077 == 0 and place.parent.stat().st_mode & 0o077 == 0


def test_a_folder_named_in_another_code_is_remembered(tmp_path: Path) -> None:
    place = Path(os.fsdecode(b"/tmp/\xb9\xdc\xc0\xed/office.db"))
    settings.remember_office(place)
    assert settings.last_office() == place
    settings.put("office", "/tmp/\ud800.db")
    assert settings.last_office() is None
