"""Tests of what is read out of a database file without the program's own connection."""

import contextlib
import sqlite3
from pathlib import Path

from models import sqlite
from models.store import contents


def test_contents_tell_two_copies_apart(ledger: Path) -> None:
    with contextlib.closing(sqlite3.connect(ledger)) as source:
        before = contents.read(source)
        assert before.rows["test_house"] == 200
        assert before.audit is None
        source.execute("DELETE FROM test_line WHERE id=7")
        assert contents.read(source) != before


def test_orphans_are_named(ledger: Path) -> None:
    with contextlib.closing(sqlite3.connect(ledger)) as source:
        assert contents.orphans(source) == ""
        source.execute("UPDATE test_line SET house=777 WHERE id IN (3, 4)")
        assert contents.orphans(source).startswith(
            "2 行指向不存在的资料，例如 test_line 第 3 行指向 test_house"
        )


def test_an_office_without_a_name_is_called_like_its_file(ledger: Path, tmp_path: Path) -> None:
    assert contents.office_name(ledger) == "office"
    broken = tmp_path / "翠苑.db"
    broken.write_bytes(b"broken")
    assert contents.office_name(broken) == "翠苑"
    assert contents.office_name(tmp_path / "gone.db") == "gone"


def test_page_faults_of_a_good_file_are_none(ledger: Path) -> None:
    with contextlib.closing(sqlite.connect(ledger)) as source:
        assert contents.page_faults(source) == ""
