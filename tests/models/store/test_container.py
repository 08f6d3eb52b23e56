"""Tests of the backup file itself: its seal, and the tricks of hostile zip files."""

import json
import random
import stat
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import StorageRefused
from models.store import Why, backup, verify
from models.store.container import DATABASE, MANIFEST, Container

Attach = Callable[[Path, bytes], Path]


@pytest.fixture
def made(ledger: Path, attach: Attach) -> Path:
    attach(ledger, b"a contract")
    attach(ledger, b"")
    return backup(ledger, ledger.parent / "backups", Why.MANUAL).path


def refused(path: Path) -> str:
    with pytest.raises(StorageRefused) as caught:
        verify(path)
    return str(caught.value)


def test_any_zip_program_can_open_it(made: Path, ledger: Path) -> None:
    with zipfile.ZipFile(made) as found:
        assert found.testzip() is None
        assert found.read(DATABASE) == ledger.read_bytes()
        assert json.loads(found.read(MANIFEST))["why"] == "manual"
        assert len(found.namelist()) == 4


def test_its_content_counts_and_not_its_name(made: Path) -> None:
    other = made.rename(made.with_name("无所谓.txt"))
    assert verify(other).manifest.why is Why.MANUAL


def test_every_byte_stands_under_a_digest(made: Path) -> None:
    good = made.read_bytes()
    with Container(made) as found:
        pieces = found._regions[DATABASE]
    places = [*range(pieces.start), *range(pieces.start + pieces.size, len(good))]
    places += random.Random(1).sample(range(pieces.start, pieces.start + pieces.size), 20)
    for at in places:
        bad = bytearray(good)
        bad[at] ^= 1
        made.write_bytes(bad)
        with pytest.raises(StorageRefused), Container(made) as found:
            found.prove()


def test_every_cut_and_every_addition_is_noticed(made: Path) -> None:
    good = made.read_bytes()
    for bad in (b"", good[:1], good[:100], good[: len(good) // 2], good[:-1], good + b"x", b"x" + good):
        made.write_bytes(bad)
        assert "请换一个备份文件" in refused(made)


@pytest.mark.parametrize(
    "content", [b"", b"PK\3\4" + bytes(400), b"PK\5\6" + bytes(18), b"text", bytes(5000)]
)
def test_garbage_is_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.pcbak"
    path.write_bytes(content)
    refused(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "找不到" in refused(tmp_path / "gone.pcbak")


def test_another_zip_is_no_backup_and_told_so(tmp_path: Path) -> None:
    book = tmp_path / "业主档案.xlsx"
    with zipfile.ZipFile(book, "w") as out:
        out.writestr("[Content_Types].xml", "<Types/>")
    assert "不是备份" in refused(book)


def test_a_folder_is_no_backup(tmp_path: Path) -> None:
    refused(tmp_path)


def _with(made: Path, change: Callable[[zipfile.ZipFile], None], skip: str = "") -> Path:
    """Write a zip of the same members plus whatever a hostile hand adds."""
    evil = made.with_name("evil.pcbak")
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(evil, "w") as out, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for info in source.infolist():
            if info.filename != skip:
                out.writestr(_plain(info.filename), source.read(info))
        change(out)
    return evil


def _symlink() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("files/" + "ab/" + "ab" * 32)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize(
    "name",
    ["../evil", "/etc/evil", "..\\evil", "C:\\evil", "files/../../evil", "extra", "files/ab/" + "cd" * 32],
)  # fmt: skip
def test_members_that_could_leave_their_folder_are_refused(made: Path, name: str) -> None:
    before = set(made.parent.parent.rglob("*"))
    evil = _with(made, lambda out: out.writestr(name, b"evil"))
    assert "不该有的内容" in refused(evil)
    assert set(made.parent.parent.rglob("*")) - before == {evil}


def test_a_link_inside_is_refused(made: Path) -> None:
    assert "不该有的内容" in refused(_with(made, lambda out: out.writestr(_symlink(), b"/etc/passwd")))


@pytest.mark.parametrize("name", [DATABASE, MANIFEST])
def test_a_doubled_member_is_refused(made: Path, name: str) -> None:
    assert "不该有的内容" in refused(_with(made, lambda out: out.writestr(name, b"x")))


def test_a_bomb_is_refused_unopened(made: Path) -> None:
    def bomb(out: zipfile.ZipFile) -> None:
        out.writestr(DATABASE, bytes(50 << 20), zipfile.ZIP_DEFLATED)

    assert "不该有的内容" in refused(_with(made, bomb, skip=DATABASE))


def test_a_missing_member_is_refused(made: Path) -> None:
    assert refused(_with(made, lambda out: None, skip=DATABASE))
    assert refused(_with(made, lambda out: None, skip=MANIFEST))


def test_overlapping_members_are_refused(made: Path) -> None:
    good = bytearray(made.read_bytes())
    with zipfile.ZipFile(made) as found:
        start = found.start_dir
    name = good.index(MANIFEST.encode(), start)
    good[name - 4 : name] = bytes(4)  # the directory now says that the manifest begins at 0
    made.write_bytes(good)
    refused(made)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", '{"format": 1}', "[" * 100_000, '{"format": "1"}', '{"format": true}', "\ud800"],
)  # fmt: skip
def test_a_manifest_that_is_none_is_refused(made: Path, text: str) -> None:
    content = text.encode("utf-8", "surrogatepass")
    evil = _with(made, lambda out: out.writestr(_plain(MANIFEST), content), skip=MANIFEST)
    refused(evil)


def _plain(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFREG | 0o600) << 16
    return info


def test_a_backup_of_a_newer_program_says_so(made: Path) -> None:
    text = b'{"format": 2}'
    evil = _with(made, lambda out: out.writestr(_plain(MANIFEST), text), skip=MANIFEST)
    assert "请升级软件" in refused(evil)
