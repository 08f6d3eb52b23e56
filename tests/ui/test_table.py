from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from models.base import RECORDS, insert_rows
from models.fields import LineField, MoneyField
from models.listings import LISTS, WINDOW, AnyListing, Listing, RowListing, Shown
from tests.estate import Estate, writing
from ui.rows import NEGATIVE, TONE
from ui.status import Status
from ui.table import Table

Settle = Callable[[], None]
MANY = 3 * WINDOW + 7


def money_list(*amounts: str) -> RowListing:
    columns = (
        Shown("name", LineField(verbose_name="房号")),
        Shown("amount", MoneyField(signed=True, verbose_name="金额")),
        Shown("state", LineField(verbose_name="状态"), status=True),
    )
    rows = [(number, (f"1-{number}", Decimal(amount), "未收")) for number, amount in enumerate(amounts)]
    return RowListing(columns, rows, tones={"未收": "warning"})


@pytest.fixture
def table(services: Any) -> Iterator[Table]:
    made = Table(services)
    made.resize(800, 400)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


@pytest.fixture
def status(services: Any, table: Table) -> Iterator[Status]:
    made = Status(services, "王芳", "枫林雅苑", "本机")
    made.resize(1366, 24)
    yield made
    made.deleteLater()


@pytest.fixture
def crowd(estate: Estate) -> Callable[[], AnyListing]:
    """Make more people than fit into three windows; return what lists them."""
    people = RECORDS["Person"]
    rows = [(f"P{n:05d}", f"人{n:05d}", "PERSON", "", 1) for n in range(MANY)]
    with writing():
        insert_rows(people, ("number", "name", "kind", "search", "active"), rows)
    return lambda: LISTS["people"]()


def test_rows_are_read_window_by_window_and_totals_are_of_all(
    table: Table, crowd: Callable[[], Listing], settle: Settle
) -> None:
    table.show_list(crowd)
    settle()
    loaded = table.grid.rows.rowCount()
    assert loaded <= 2 * WINDOW
    assert table.count == MANY
    assert table.totals.text().startswith(f"{MANY:,} 行")
    while table.grid.rows.canFetchMore(QModelIndex()):
        table.grid.rows.fetchMore(QModelIndex())
        settle()
    assert table.grid.rows.rowCount() == MANY
    ids = [row.id for row in table.grid.rows.rows]
    assert len(set(ids)) == MANY


def test_select_all_takes_the_whole_list_not_what_is_loaded(
    table: Table, status: Status, crowd: Callable[[], Listing], settle: Settle
) -> None:
    table.show_list(crowd)
    settle()
    table.grid.setFocus()
    QTest.keyClick(table.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert len(table.grid.selected_rows()) == MANY
    assert status.counted.text() == f"选中 {MANY:,} 行　共 {MANY:,} 行"


def test_a_heading_sorts_in_the_database_and_again_the_other_way(
    table: Table, crowd: Callable[[], Listing], settle: Settle
) -> None:
    table.show_list(crowd)
    settle()
    number = [column.name for _, column in table.grid.rows.columns].index("name")
    first = set()
    for _ in range(2):
        table.grid.headings.sort_asked.emit(number)
        settle()
        assert table.grid.headings.sorted_section == number
        first.add((table.grid.headings.descending, table.grid.rows.index(0, number).data()))
    assert first == {(False, "人00000"), (True, f"人{MANY - 1:05d}")}


def test_amounts_lie_right_below_nothing_they_are_marked_and_headings_lie_alike(
    table: Table, settle: Settle
) -> None:
    table.show_list(lambda: money_list("1234.50", "-80"))
    settle()
    rows = table.grid.rows
    assert rows.index(0, 1).data() == "1,234.50"
    assert rows.index(1, 1).data() == "-80.00"
    assert (rows.index(0, 1).data(NEGATIVE), rows.index(1, 1).data(NEGATIVE)) == (False, True)
    for column in range(3):
        heading = rows.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        assert heading == rows.index(0, column).data(Qt.ItemDataRole.TextAlignmentRole)
    assert rows.index(0, 2).data(TONE) == "warning"


def test_the_foot_sums_all_rows_and_the_status_bar_what_is_selected(
    table: Table, status: Status, settle: Settle
) -> None:
    table.show_list(lambda: money_list("100", "20.50", "3"))
    settle()
    assert table.totals.text() == "3 行　金额 123.50"
    assert status.counted.text() == "3 行"
    table.grid.selectRow(0)
    assert status.counted.text() == "选中 1 行　共 3 行"
    table.grid.selectAll()
    assert status.counted.text() == "选中 3 行　共 3 行　金额 123.50"
    table.hide()
    assert status.counted.text() == ""


def test_the_status_bar_counts_the_list_in_which_one_works(
    table: Table, status: Status, services: Any, settle: Settle
) -> None:
    beside = Table(services)
    beside.show()
    for one, amounts in ((table, ("1", "2")), (beside, ("3", "4", "5"))):
        one.show_list(lambda amounts=amounts: money_list(*amounts))
        settle()
    assert status.counted.text() == "3 行"  # it was shown last
    table.activateWindow()
    table.grid.setFocus()
    settle()
    assert status.counted.text() == "选中 1 行　共 2 行"
    beside.grid.selectRow(1)  # after a refresh, say, not by hand
    assert status.counted.text() == "选中 1 行　共 2 行"
    beside.hide()
    beside.deleteLater()


def test_rows_are_copied_as_a_spreadsheet_understands_them(table: Table, settle: Settle) -> None:
    table.show_list(lambda: money_list("100", "20.50"))
    settle()
    table.grid.selectAll()
    QTest.keyClick(table.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1-0\t100.00\t未收\n1-1\t20.50\t未收"


def test_an_empty_list_says_what_belongs_here_and_offers_the_first_step(table: Table, settle: Settle) -> None:
    done: list[str] = []
    table.show_empty("还没有收据。", "收款", lambda: done.append("step"))
    table.show_list(lambda: money_list())
    settle()
    assert table.empty_words.isVisible()
    table.first_step.click()
    assert done == ["step"]
    table.show_list(lambda: money_list("1"))
    settle()
    assert table.grid.isVisible()


def test_reading_anew_keeps_what_was_selected(table: Table, settle: Settle) -> None:
    amounts = ["1", "2", "3"]
    table.show_list(lambda: money_list(*amounts))
    settle()
    table.grid.selectRow(1)
    amounts.append("4")
    table.refresh()
    settle()
    assert table.grid.rows.rowCount() == 4
    assert [row.id for row in table.grid.selected()] == [1]


def test_only_the_last_question_is_answered(table: Table, settle: Settle) -> None:
    table.show_list(lambda: money_list("1"))
    table.show_list(lambda: money_list("2", "3"))
    settle()
    assert table.grid.rows.rowCount() == 2


def test_columns_fill_the_width_and_never_scroll_sideways_here(table: Table, settle: Settle) -> None:
    table.show_list(lambda: money_list("1"))
    settle()
    widths = [table.grid.columnWidth(column) for column in range(3)]
    assert sum(widths) == table.grid.viewport().width()


def test_thousands_of_rows_are_chosen_and_kept_as_a_few_ranges(
    window: Any, settle: Settle, estate: Any
) -> None:
    from ui.grid import _runs

    assert list(_runs([0, 1, 2, 5, 7, 8])) == [(0, 2), (5, 5), (7, 8)] and list(_runs([])) == []
    for room in range(101, 111):
        estate.house(str(room))
    view = window.open("units")
    settle()
    grid = view.table.grid
    grid.selectAll()
    assert grid.selected_count() == 10 and grid.selected_rows() == list(range(10))
    view.refresh()
    settle()
    assert grid.selected_count() == 10 and grid.selectionModel().selection().count() == 1


def test_a_workbook_has_the_order_of_the_screen_and_of_chosen_rows_only_those(
    window: Any, settle: Settle, estate: Any, tmp_path: Path
) -> None:
    from models.workbook import read
    from ui import papers

    for room in ("1001", "101", "201", "102"):
        estate.house(room)
    view = window.open("units")
    settle()
    view.table.sort_by("kind")
    settle()
    seen = [row.values[0] for row in view.table.grid.rows.rows]
    papers.export(view, tmp_path / "all.xlsx")
    settle()
    told = [row[0] for row in read(tmp_path / "all.xlsx")[0].rows[1:] if row[0] in seen]
    assert told == seen == ["1-1-101", "1-1-102", "1-1-201", "1-1-1001"]
    papers.export(view, tmp_path / "some.xlsx", [view.table.grid.rows.rows[number].id for number in (0, 3)])
    settle()
    assert [row[0] for row in read(tmp_path / "some.xlsx")[0].rows[1:] if row[0] in seen] == [
        seen[0],
        seen[3],
    ]


@pytest.mark.parametrize(
    ("typed", "kind", "made"),
    [
        ("房屋", "Excel 工作簿 (*.xlsx)", "房屋.xlsx"),
        ("房屋.csv", "Excel 工作簿 (*.xlsx)", "房屋.csv"),
        ("房屋 2026.11", "CSV 国标码 (*.csv)", "房屋 2026.11.csv"),
    ],
)
def test_a_list_is_exported_as_the_typed_name_ends(
    window: Any,
    settle: Settle,
    estate: Any,
    tmp_path: Path,
    monkeypatch: Any,
    typed: str,
    kind: str,
    made: str,
) -> None:
    from ui import papers

    estate.house("101")
    view = window.open("units")
    settle()
    monkeypatch.setattr(papers.QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / typed), kind))
    papers.ask_export(view)
    settle()
    assert [one.name for one in tmp_path.iterdir() if one.suffix in (".csv", ".xlsx")] == [made]
    start = (tmp_path / made).read_bytes()[:2]
    assert (start == b"PK") is made.endswith(".xlsx")


def test_a_lone_row_is_reached_by_any_arrow_though_it_came_while_nothing_was_chosen(
    table: Table, settle: Settle
) -> None:
    table.show_list(lambda: money_list("1.00"))
    settle()
    grid = table.grid
    grid.selectionModel().setCurrentIndex(grid.rows.index(0, 0), grid.selectionModel().SelectionFlag.NoUpdate)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Home):
        grid.clearSelection()
        QTest.keyClick(grid, key)
        assert grid.selected_rows() == [0]
