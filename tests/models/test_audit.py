"""The audit trail: a chain that shows what was altered outside the program, in tables that refuse it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import peewee
import pytest

from models.audit import GENESIS, AuditEntry, broken_links
from models.office.staff import Department, add_department


@pytest.fixture
def trail(office: Path) -> Path:
    """An office in which six deeds were done."""
    for name in ("消防部", "保洁部", "绿化部"):
        add_department(name).rename(name + "一组")
    return office


def unguarded(path: Path, sql: str, *values: object) -> None:
    """Do what somebody with a database tool could do: take the guards off and write."""
    with sqlite3.connect(path) as outsider:
        outsider.execute("DROP TRIGGER IF EXISTS audit_entry_no_update")
        outsider.execute("DROP TRIGGER IF EXISTS audit_entry_no_delete")
        outsider.execute(sql, values)
    outsider.close()


def test_the_chain_of_an_untouched_office_holds(trail: Path) -> None:
    assert list(broken_links()) == []
    entries = list(AuditEntry.select().order_by(AuditEntry.id))
    assert entries[0].previous == GENESIS
    assert [entry.previous for entry in entries[1:]] == [entry.digest for entry in entries[:-1]]
    assert [entry.id for entry in entries] == list(range(1, len(entries) + 1))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_entry SET who = '别人' WHERE id = 2",
        "DELETE FROM audit_entry WHERE id = 2",
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE id = 2",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(trail: Path, sql: str) -> None:
    with (
        sqlite3.connect(trail) as outsider,
        pytest.raises(sqlite3.IntegrityError, match="audit_entry: rows are never"),
    ):
        outsider.execute("PRAGMA recursive_triggers=1")
        outsider.execute(sql)
    outsider.close()


def test_our_own_program_cannot_change_the_trail_either(trail: Path) -> None:
    with pytest.raises(peewee.IntegrityError, match="never changed"):
        AuditEntry.update(who="别人").execute()
    with pytest.raises(peewee.IntegrityError, match="never deleted"):
        AuditEntry.delete().execute()


@pytest.mark.parametrize(
    "column", ["at", "who", "deed", "outcome", "subject", "facts", "previous", "digest", "account"]
)
def test_an_altered_entry_is_named(trail: Path, column: str) -> None:
    altered = {"at": "2020-01-01 00:00:00", "outcome": "REFUSED", "facts": '{"x": 1}', "account": 77}
    unguarded(trail, f"UPDATE audit_entry SET {column} = ? WHERE id = 4", altered.get(column, "改过"))
    (found,) = broken_links()
    assert "第 4 条" in found
    assert "备份" in found


def swap(path: Path) -> None:
    unguarded(
        path, "UPDATE audit_entry SET id = CASE id WHEN 3 THEN -3 WHEN 4 THEN -4 END WHERE id IN (3, 4)"
    )
    unguarded(path, "UPDATE audit_entry SET id = 7 + id WHERE id < 0")


def forge(path: Path) -> None:
    columns = "row_version, at, account, who, deed, outcome, subject, facts, previous, digest"
    unguarded(path, f"INSERT INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry WHERE id = 3")


@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (lambda path: unguarded(path, "DELETE FROM audit_entry WHERE id = 3"), 3),
        (lambda path: unguarded(path, "DELETE FROM audit_entry WHERE id = 1"), 1),
        (swap, 3),
        (forge, 8),
    ],
    ids=["one gone", "the first gone", "two swapped", "one forged"],
)
def test_entries_gone_swapped_or_forged_are_named(
    trail: Path, tamper: Callable[[Path], None], first: int
) -> None:
    tamper(trail)
    (found,) = broken_links()
    assert f"第 {first} 条" in found


def test_a_row_of_one_kind_tells_of_the_values_that_were_there(trail: Path) -> None:
    entry = AuditEntry.get(AuditEntry.deed == "office.rename_department")
    assert entry.facts["changes"][0]["from"] == {"name": "消防部"}
    assert Department.find("消防部一组").row_version == 2
