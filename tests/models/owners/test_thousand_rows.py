"""A workbook of a thousand rows with thirty-seven known errors: told exactly, skipped, and undone whole."""

import hashlib
from pathlib import Path

import pytest

from models.base import db
from models.deeds import DEEDS
from models.owners.imports import import_workbook, plan
from models.owners.people import Person
from models.workbook import ColumnOut, SheetOut, write

ROWS = 1_000
WRONG = {
    row: kind
    for row, kind in zip(range(20, 20 + 37 * 26, 26), ("name", "phone", "number") * 13, strict=False)
}
"""Numbers of rows in the sheet, the heading being the first, and what is wrong in each."""
COLUMNS = {"number": "A", "name": "B", "phone": "C"}


def row(number: int) -> tuple[str, str, str]:
    wrong = WRONG.get(number)
    return (
        "1" if wrong == "number" else str(number),  # somebody else's
        "" if wrong == "name" else f"业主{number}",
        "12" if wrong == "phone" else f"138{number:08d}",
    )


@pytest.fixture
def book(tmp_path: Path) -> Path:
    heads = [ColumnOut(head) for head in ("业主编号", "姓名", "电话")]
    rows = [("1", "王桂芳", "13800000001"), *(row(number) for number in range(3, ROWS + 2))]
    path = tmp_path / "thousand.xlsx"
    write(path, [SheetOut("业主", heads, rows)])
    return path


def kept(office: Path) -> str:
    """Return the digest of the file as it lies on the disk."""
    return hashlib.sha256(office.read_bytes()).hexdigest()


def test_just_the_wrong_rows_are_told_each_with_its_column_and_the_dry_run_writes_nothing(
    office: Path, book: Path
) -> None:
    before = kept(office)
    told = plan(book)
    assert len(WRONG) == 37
    assert [(one.row, one.column) for one in told.errors] == [
        (number, COLUMNS[kind]) for number, kind in sorted(WRONG.items())
    ]
    assert all(one.reason and one.remedy for one in told.errors)
    assert kept(office) == before


def test_what_was_brought_in_beside_the_errors_is_undone_whole(office: Path, book: Path) -> None:
    before = list(db.execute(Person.select()))
    done = import_workbook(book, skip_errors=True)
    assert done.new == ROWS - len(WRONG) == Person.select().count() - len(before)
    DEEDS["owners.undo_import"](done.batches[0])
    assert list(db.execute(Person.select())) == before
