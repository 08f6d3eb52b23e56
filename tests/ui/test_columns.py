from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from models import exports, workbook
from models.listings import LISTS
from tests.estate import Estate
from ui.columns import Arrangement, arrangement
from ui.memory import Memory

Settle = Callable[[], None]


@pytest.fixture
def view(estate: Estate, window: Any, settle: Settle) -> Any:
    estate.house("101")
    estate.house("102", owner="李强")
    shown = window.open("people")
    settle()
    return shown


def headings(view: Any) -> list[str]:
    return [column.heading for _, column in view.table.grid.rows.columns]


def four_columns() -> Any:
    from models.fields import LineField
    from models.listings import Shown

    return [Shown(name, LineField(verbose_name=name), hidden=name == "c") for name in "abcd"]


def test_a_list_comes_with_its_own_choice_of_columns() -> None:
    columns = four_columns()
    assert [column.name for _, column in Arrangement().of(columns)] == [
        column.name for column in columns if not column.hidden
    ]


@pytest.mark.parametrize(
    ("made", "seen"),
    [
        (Arrangement(order=("d", "a")), "dab"),
        (Arrangement(shown=frozenset("ca")), "ac"),
        (Arrangement(order=("c", "b"), shown=frozenset("bc")), "cb"),
        (Arrangement(order=("gone", "b"), shown=frozenset({"gone"})), "a"),
        (Arrangement(order=("b", "b")), "bad"),
    ],
)
def test_columns_stand_as_the_person_put_them_and_new_ones_at_the_end(made: Arrangement, seen: str) -> None:
    assert "".join(column.name for _, column in made.of(four_columns())) == seen


def test_an_arrangement_is_kept_and_read_back() -> None:
    made = Arrangement(("b", "a"), frozenset("ab"), {"a": 120}, True, "-b")
    assert Arrangement.read(made.plain()) == made
    assert Arrangement.read({}) == Arrangement()


@pytest.mark.parametrize(
    "told",
    [
        {"order": 7, "shown": "x", "widths": [], "frozen": "yes", "sort": {}},
        {"order": [[], None], "widths": {"a": "wide", "b": 10**9, "c": -5, "d": True}},
    ],
)
def test_what_nobody_can_have_arranged_is_passed_over(told: dict[str, Any]) -> None:
    assert Arrangement.read(told) == Arrangement()


def test_columns_are_chosen_moved_and_remembered_for_the_next_window(view: Any, settle: Settle) -> None:
    before = headings(view)
    chooser = view.table.choose_columns(view.tools.columns)
    chooser.list.setCurrentRow(1)
    QTest.keyClick(chooser.list, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert headings(view)[:2] == [before[1], before[0]]
    chooser.list.item(2).setCheckState(Qt.CheckState.Unchecked)
    assert before[2] not in headings(view)
    QTest.keyClick(chooser, Qt.Key.Key_Escape)
    memory = view.services.memory
    memory.flush()
    assert arrangement(memory, "people") == view.table.grid.rows.arrangement != Arrangement()


def test_the_last_column_cannot_be_taken_away(view: Any) -> None:
    chooser = view.table.choose_columns(view.tools.columns)
    for row in range(chooser.list.count()):
        chooser.list.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert len(headings(view)) == 1
    chooser.close()


def test_the_default_columns_come_back(view: Any) -> None:
    before = headings(view)
    view.table.rearrange(replace(Arrangement(), shown=frozenset({"name"})))
    assert len(headings(view)) == 1
    view.table.rearrange(Arrangement())
    assert headings(view) == before


def test_a_heading_dragged_by_the_mouse_moves_its_column(view: Any, settle: Settle) -> None:
    before = headings(view)
    view.table.grid.headings.moveSection(0, 2)
    settle()
    assert headings(view)[:3] == [before[1], before[2], before[0]]
    view.table.grid.selectRow(0)
    assert view.table.grid.copied().split("\t")[2] == view.table.grid.rows.index(0, 2).data()


def test_a_width_that_was_drawn_stays_and_others_share_the_rest(
    view: Any, window: Any, settle: Settle
) -> None:
    grid = view.table.grid
    grid.headings.drawing = True
    grid.headings.resizeSection(1, 217)
    grid.headings.drawing = False
    window.resize(1300, 740)
    settle()
    assert grid.columnWidth(1) == 217
    assert view.table.grid.rows.arrangement.widths == {grid.rows.columns[1][1].name: 217}
    grid.headings.sectionHandleDoubleClicked.emit(1)
    assert view.table.grid.rows.arrangement.widths == {}


def test_a_sort_is_remembered(view: Any, settle: Settle, window: Any) -> None:
    view.table.sort_by("-name")
    settle()
    assert arrangement(view.services.memory, "people").sort == "-name"
    from ui.page import PageView

    again = PageView(view.page, view.services)
    again.reload()
    settle()
    assert again.table.order() == ("-name",)
    assert again.table.grid.headings.descending
    again.deleteLater()


def test_a_sort_by_a_column_that_is_gone_is_the_lists_own(view: Any, settle: Settle) -> None:
    view.services.memory.put("columns.people", {"sort": "nothing"})
    from ui.page import PageView

    again = PageView(view.page, view.services)
    again.reload()
    settle()
    assert again.table.order() == () and again.table.grid.rows.rowCount() > 0
    again.deleteLater()


def test_the_frozen_column_lies_over_the_rows_only_while_they_are_scrolled(view: Any, settle: Settle) -> None:
    grid = view.table.grid
    wide = {column.name: 400 for _, column in grid.rows.columns}
    view.table.rearrange(replace(grid.rows.arrangement, frozen=True, widths=wide))
    settle()
    assert not grid.frozen.isVisible()
    grid.horizontalScrollBar().setValue(300)
    assert grid.frozen.isVisible()
    assert grid.frozen.indexAt(QPoint(5, 5)).column() == 0
    grid.selectRow(1)
    assert grid.frozen.selectionModel().isRowSelected(1)
    grid.horizontalScrollBar().setValue(0)
    assert not grid.frozen.isVisible()


def test_a_workbook_holds_what_is_seen_in_its_order(view: Any, settle: Settle, tmp_path: Path) -> None:
    from ui import papers

    view.table.rearrange(Arrangement(order=("name", "number"), shown=frozenset({"name", "number"})))
    view.table.sort_by("-number")
    settle()
    out = tmp_path / "people.xlsx"
    papers.export(view, out)
    settle()
    (sheet,) = workbook.read(out)
    rows = [list(row) for row in sheet.rows]
    assert rows[0] == ["姓名", "业主编号"]
    grid = view.table.grid.rows
    seen = [[grid.index(row, at).data() for at in range(2)] for row in range(grid.rowCount())]
    assert rows[1 : 1 + len(seen)] == seen


def test_a_workbook_of_a_column_that_is_none_is_refused(estate: Estate, tmp_path: Path) -> None:
    from models.errors import NotFound

    with pytest.raises(NotFound):
        exports.export(LISTS["people"](), LISTS["people"], tmp_path / "x.xlsx", columns=["nothing"])
    assert list(tmp_path.glob("*.xlsx")) == []


def test_memory_of_one_list_is_not_that_of_another() -> None:
    memory = Memory()
    memory.put("columns.people", Arrangement(sort="name").plain())
    assert arrangement(memory, "units") == Arrangement()
