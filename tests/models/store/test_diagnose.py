"""Tests of the diagnosis package: enough to help, nobody's data."""

import json
import zipfile
from pathlib import Path

import pytest

from models.errors import StorageRefused
from models.store import save_diagnosis


def told(target: Path) -> dict[str, object]:
    with zipfile.ZipFile(target) as found:
        return dict(json.loads(found.read("facts.json")))


def test_a_broken_database_is_described_without_its_rows(ledger: Path, tmp_path: Path) -> None:
    with ledger.open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xff" * 4096)
    (tmp_path / "log").write_text("one line")
    before = ledger.read_bytes()
    save_diagnosis(ledger, tmp_path / "out.zip", tmp_path / "log")
    facts = told(tmp_path / "out.zip")
    assert facts["faults"]
    assert facts["header"]
    assert ledger.read_bytes() == before
    with zipfile.ZipFile(tmp_path / "out.zip") as found:
        assert found.read("log.txt") == b"one line"
        assert all("第1行".encode() not in found.read(name) for name in found.namelist())


@pytest.mark.parametrize("content", [None, b"", b"text", b"SQLite format 3\0" + bytes(200)])
def test_anything_can_be_described(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bad.db"
    if content is not None:
        path.write_bytes(content)
    save_diagnosis(path, tmp_path / "out.zip")
    assert told(tmp_path / "out.zip")["refused"]


def test_a_file_in_the_way_is_not_overwritten(ledger: Path, tmp_path: Path) -> None:
    (tmp_path / "out.zip").write_bytes(b"mine")
    with pytest.raises(StorageRefused):
        save_diagnosis(ledger, tmp_path / "out.zip")
    assert (tmp_path / "out.zip").read_bytes() == b"mine"
