import os
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.desktop.conftest import Console


@pytest.mark.slow
def test_a_tour_of_a_demo_office_draws_everything_without_screen_or_password(
    path: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(path) as source:
        source.execute("UPDATE profile SET demo=1")
    source.close()
    told = {name: value for name, value in os.environ.items() if name not in _SCREENS}
    line = [sys.executable, "-m", "desktop.main", "tour", str(tmp_path / "out"), "--db", str(path)]
    ended = subprocess.run(line, capture_output=True, encoding="utf-8", env=told, stdin=subprocess.DEVNULL)
    assert ended.returncode == 0, ended.stderr
    assert "propagateSizeHints" not in ended.stderr
    for scheme in ("light", "dark"):
        for size in ((1366, 768), (1920, 1080)):
            folder = tmp_path / "out" / f"{scheme}-{size[0]}x{size[1]}"
            assert _size(folder / "desk.png") == size
            assert (folder / "sign-in.png").exists() and len(list(folder.glob("*.png"))) > 20
    papers = sorted((tmp_path / "out" / "forms").glob("*.pdf"))
    assert [paper.stem for paper in papers][:2] == ["AP-08", "FE-01"]
    assert all(len(PdfReader(paper).pages) >= 1 for paper in papers)


_SCREENS = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "PROPERTY_CONSOLE_PASSWORD")


def _size(picture: Path) -> tuple[int, int]:
    return struct.unpack(">II", picture.read_bytes()[16:24])  # type: ignore[return-value]


def test_a_real_office_asks_for_the_password_first(
    console: Console, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PROPERTY_CONSOLE_PASSWORD")
    refused = console("tour", tmp_path / "out", "--db", path)
    assert refused.code == 4 and list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused(console: Console, path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    refused = console("tour", tmp_path / "file" / "out", "--db", path)
    assert refused.code == 3 and "不能建立文件夹" in refused.err
