"""Tests of the check of an open office."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models import checks
from models.store import check, open_office

Attach = Callable[[Path, bytes], Path]


@pytest.fixture(autouse=True)
def _no_books(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "INVARIANTS", {})


def test_a_good_office_has_nothing_to_tell(ledger: Path, attach: Attach) -> None:
    attach(ledger, b"a contract")
    with open_office(ledger) as office:
        assert check(office) == []


def test_damage_done_while_it_is_open_is_found(ledger: Path, attach: Attach) -> None:
    kept = attach(ledger, b"a contract")
    with open_office(ledger) as office:
        with contextlib.closing(sqlite3.connect(ledger)) as other, other:
            other.execute("UPDATE test_line SET house=777 WHERE id=5")
        kept.write_bytes(b"another contract")
        office.db.execute_sql("PRAGMA synchronous=OFF")
        found = {finding.check: finding.sentence for finding in check(office)}
    assert set(found) == {"数据引用", "附件", "连接设置"}
    assert "test_line 第 5 行" in found["数据引用"]
    assert str(kept) in found["附件"]


def test_a_page_that_breaks_while_it_is_open_is_found(ledger: Path) -> None:
    with open_office(ledger) as office:
        with ledger.open("r+b") as file:
            file.seek(40 * 4096)
            file.write(os.urandom(4096))
        assert check(office)[0].check in ("数据库文件", "数据库")


def test_the_books_are_checked_too(ledger: Path) -> None:
    @checks.invariant("账单合计")
    def wrong() -> Iterator[str]:
        yield "1-1-101 的账单合计不符。"

    with open_office(ledger) as office:
        assert [finding.sentence for finding in check(office)] == ["1-1-101 的账单合计不符。"]


def test_a_check_that_cannot_be_read_to_its_end_is_told(ledger: Path) -> None:
    @checks.invariant("账单合计")
    def broken() -> Iterator[str]:
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "flipped bit")

    with open_office(ledger) as office:
        assert "从备份恢复" in check(office)[0].sentence


def test_a_rotten_name_of_a_column_is_told_as_damage(ledger: Path) -> None:
    with open_office(ledger) as office:
        db = office.db
        for sql in (
            "PRAGMA writable_schema=ON",
            "UPDATE sqlite_master SET sql = replace(sql, 'subject', 'subjext') WHERE name = 'audit_entry'",
            "PRAGMA writable_schema=RESET",
        ):
            db.execute_sql(sql)

        @checks.invariant("审计链")
        def chain() -> Iterator[str]:
            db.execute_sql("SELECT subject FROM audit_entry")
            yield from ()

        told = {finding.check: finding.sentence for finding in check(office)}
    assert "audit_entry" in told["表与防改保护"]
    assert "从备份恢复" in told["数据库"]
