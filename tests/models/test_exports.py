import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models import deeds, exports, workbook
from models.audit import AuditEntry
from models.base import db
from models.errors import Cancelled, PermissionDenied, RuleBroken
from models.listings import Filters, Row, listed
from models.owners import lists  # noqa: F401
from models.owners.people import Person
from tests.estate import Estate, writing


@pytest.fixture
def people(office: Path) -> Estate:
    """Return an estate with 101 to 109, the last owned by somebody of a dangerous name."""
    estate = Estate()
    item = estate.item(price="1.3000", since=date(2020, 1, 1))
    for room in range(101, 110):
        name = "=cmd|' /C calc'!A0" if room == 109 else f"业主{room}"
        estate.give(estate.house(str(room), owner=name), item, date(2020, 1, 1))
    return estate


def _export(name: str, path: Path, **more: object) -> list[tuple[object, ...]]:
    known = listed(name)
    exports.export(known(Filters()), known, path, **more)  # type: ignore[arg-type]
    (sheet,) = workbook.read(path)
    return [tuple(row) for row in sheet.rows]


def test_a_list_comes_back_from_the_workbook_as_it_was(people: Estate, tmp_path: Path) -> None:
    rows = _export("prices", tmp_path / "单价.xlsx")
    found = listed("prices")(Filters())
    assert len(rows) == 1 + found.count()
    assert list(rows[0]) == [column.heading for column in found.columns]


def test_no_name_becomes_a_formula(people: Estate, tmp_path: Path) -> None:
    with writing():
        Person.add(number="X1", name="+1+1", phone="13812345678")
    path = tmp_path / "people.xlsx"
    known = listed("people")
    exports.export(known(Filters()), known, path)
    with zipfile.ZipFile(path) as book:
        sheets = b"".join(book.read(name) for name in book.namelist())
    assert b"<f>" not in sheets and b"13812345678" not in sheets


def test_an_export_stands_in_the_audit_trail_with_its_rows(people: Estate, tmp_path: Path) -> None:
    _export("items", tmp_path / "items.xlsx")
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    assert (last.deed, last.subject, last.facts["rows"]) == ("lists.export", "收费项目", 1)


def test_an_export_needs_the_right(people: Estate, tmp_path: Path) -> None:
    class Reader(deeds.TheOffice):
        def may(self, right: str) -> bool:
            return right != exports.EXPORT

    with deeds.acting(Reader()), pytest.raises(PermissionDenied):
        _export("items", tmp_path / "items.xlsx")
    assert list(tmp_path.glob("*.xlsx")) == []


def test_a_cancelled_export_leaves_nothing(office: Path, tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        _export_days(tmp_path / "days.xlsx", cancelled=lambda: True)
    assert list(tmp_path.glob("days*")) == []


def _export_days(path: Path, **more: object) -> list[tuple[object, ...]]:
    return _export("workdays", path, **more)


def test_a_place_that_cannot_be_written_is_refused(people: Estate, tmp_path: Path) -> None:
    with pytest.raises(RuleBroken):
        _export("items", tmp_path / "none" / "items.xlsx")


def test_amounts_and_days_are_no_texts(people: Estate, tmp_path: Path) -> None:
    found = listed("prices")(Filters())
    row = next(exports.cells(found))
    assert date(2020, 1, 1) in row and Decimal("1.3000") in row


def test_rows_are_all_read_before_the_first_is_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_IN_MEMORY", 1_500)
    read = []

    def coming() -> object:
        for number in range(5_000):
            read.append(number)
            yield Row(number, (number, Decimal(number)))

    given = exports.at_once(coming())  # type: ignore[arg-type]
    assert next(given).id == 0
    assert len(read) == 5_000
    assert [row.values[0] for row in given] == list(range(1, 5_000))


def test_others_can_write_while_a_list_is_looked_at(people: Estate) -> None:
    rows = exports.at_once(listed("workdays")(Filters()).rows())
    next(rows)
    import sqlite3

    other = sqlite3.connect(str(db.database).removeprefix("file:").split("?")[0], timeout=0)
    other.execute("BEGIN EXCLUSIVE")
    other.rollback()
    other.close()
