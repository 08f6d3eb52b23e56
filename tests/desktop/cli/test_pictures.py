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
    console: Console, path: Path, tmp_path: Path
) -> None:
    assert console("bill", "2020-06", "--db", path).code == 0
    assert console("pay", "1-1-101", "5", "--db", path).code == 0
    with sqlite3.connect(path) as source:
        source.execute("UPDATE profile SET demo=1")
    source.close()
    told = {name: value for name, value in os.environ.items() if name not in _SCREENS}
    line = [sys.executable, "-m", "desktop.main", "tour", str(tmp_path / "out"), "--size", "1366x768"]
    line += ["--db", str(path)]
    ended = subprocess.run(line, capture_output=True, encoding="utf-8", env=told, stdin=subprocess.DEVNULL)
    assert ended.returncode == 0, ended.stderr
    assert "propagateSizeHints" not in ended.stderr
    for scheme in ("light", "dark"):
        folder = tmp_path / "out" / f"{scheme}-1366x768"
        drawn = {place.stem: place for place in folder.glob("*.png")}
        some = {"sign-in", "desk", "owners-units", "fees-bills", "fees-till-open", "office-audit"}
        assert some <= set(drawn)
        assert all(
            _size(place) == (1366, 768)
            for name, place in drawn.items()
            if not name.startswith(("dialog", "sign-in"))
        )
    folders = {place.name for place in (tmp_path / "out").iterdir()}
    assert folders == {"light-1366x768", "dark-1366x768", "forms"}
    papers = sorted((tmp_path / "out" / "forms").glob("*.pdf"))
    assert {"AP-08", "CA-02", "CS-01"} <= {paper.stem for paper in papers} and len(papers) > 20
    assert all(len(PdfReader(paper).pages) >= 1 for paper in papers)


def test_a_size_that_is_not_drawn_is_refused(console: Console, path: Path, tmp_path: Path) -> None:
    refused = console("tour", tmp_path / "out", "--size", "800x600", "--db", path)
    assert refused.code == 2 and "1366x768、1920x1080" in refused.err


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
