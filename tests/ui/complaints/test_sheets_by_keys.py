"""A round, a pile of survey sheets and a month's rotations typed by keys alone, down the column."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.complaints.cases import Mark, ServiceCase
from models.complaints.kinds import Kind
from models.complaints.rounds.inspecting import Inspection
from models.complaints.rounds.points import make_points
from models.complaints.surveys.sheets import (
    SheetState,
    SurveyAnswer,
    SurveySheet,
    deliver_sheets,
    start_survey,
)
from models.complaints.visits import Source, waiting_of
from models.listings import Filters
from models.months import Month, Period
from models.office.roster.rosters import RosterDay
from models.office.staff import Department, add_staff
from models.owners.estate import UnitState
from tests.estate import Estate, writing
from tests.ui.conftest import begin_sheet, commit, front
from ui.dialogs import Question

Settle = Callable[[], None]
Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def keys(words: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), words)


def compose(words: str) -> None:
    """Let an input method write words that no key has."""
    here = QApplication.focusWidget()
    assert here is not None
    commit(here, words)


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, held)


def take(settle: Settle) -> None:
    """Hand the sheet on, and say yes to the question that tells how much it is."""
    press(Key.Key_Return, CTRL)
    settle()
    question = front(Question)
    QTest.keyClick(question.yes, Key.Key_Return)
    settle()


def test_a_round_is_typed_and_what_is_bad_becomes_an_order(
    estate: Estate, window: Any, settle: Settle, qtbot: Any
) -> None:
    estate.house("101")
    make_points()
    page = begin_sheet(window, settle, "inspecting")
    keys("=")
    press(Key.Key_Return)
    keys("2")
    press(Key.Key_Return)
    press(Key.Key_Return, CTRL)
    assert page.told.text().startswith("有 1 行不对") and "第 2 行：不正常的要写问题描述" in page.told.text()
    assert page.counts.text().endswith("有误 1") and Inspection.select().count() == 0
    assert page.grid.currentIndex().column() == page.rows.first_typed() + 1, "where it is to be written"
    page.read()
    settle()
    assert page.counts.text().endswith("有误 1"), "it is refused still, though the points are read again"
    press(Key.Key_Up)
    page.go_on()
    assert page.grid.currentIndex() == page.rows.wrong_cell(1)
    compose("灯不亮")
    press(Key.Key_Return)
    assert (page.told.text(), page.counts.text()) == ("", "已录 2 / 10　漏 0")
    take(settle)
    qtbot.waitUntil(lambda: Inspection.select().count() == 1, timeout=5_000)
    assert Inspection.get().told == "巡查 2 项，异常 1 项"
    assert "所巡范围还有 2 项没有查" in page.told.text()
    assert ServiceCase.get().kind in (Kind.STRUCTURE, Kind.OTHER) and "灯不亮" in ServiceCase.get().content


def test_a_pile_of_sheets_is_typed_as_digits(estate: Estate, window: Any, settle: Settle, qtbot: Any) -> None:
    units = [estate.house(room, owner=f"户{room}") for room in ("101", "102", "103")]
    with writing():
        for unit in units:
            unit.move_to(UnitState.OCCUPIED)
    deliver_sheets(start_survey(date.today() + timedelta(days=20)).sheets)
    page = begin_sheet(window, settle, "surveying")
    keys("=")
    press(Key.Key_Return)
    keys("54145444440")
    press(Key.Key_Return)
    keys("444")
    press(Key.Key_Up)
    last = page.rows.columnCount() - 1
    assert page.rows.index(1, last).data() == "平均 3.9　不满意：维修"
    assert page.rows.index(2, last).data().startswith("填了 3 项，这次调查有 11 项")
    press(Key.Key_Down)
    press(Key.Key_Return, CTRL)
    assert "第 3 行：填了 3 项" in page.told.text()
    assert page.grid.currentIndex() == page.rows.index(2, page.rows.first_typed())
    keys("54444444444")
    take(settle)
    qtbot.waitUntil(lambda: SurveyAnswer.select().count() == 33, timeout=5_000)
    back = SurveySheet.select().where(SurveySheet.state == SheetState.RETURNED)
    assert back.count() == 3
    assert SurveyAnswer.select().where(SurveyAnswer.mark == Mark.VERY_BAD).count() == 1
    assert len(waiting_of(Source.SURVEY)) == 1
    qtbot.waitUntil(lambda: page.counts.text() == "没有要录的。", timeout=5_000)


def test_a_month_of_rotations_is_typed_in_one_line_each(
    estate: Estate, window: Any, settle: Settle, qtbot: Any
) -> None:
    guards = Department.find("秩序维护部")
    people = [add_staff(number=f"G{n}", name=f"卫{n}", department=guards) for n in (1, 2)]
    page = begin_sheet(window, settle, "rostering")
    rows = {line.line.key: row for row, line in enumerate(page.rows.lines)}
    for _ in range(rows["卫1"]):
        press(Key.Key_Down)
    keys("11223300")
    press(Key.Key_Return)
    keys("33001122")
    last = page.rows.columnCount() - 1
    press(Key.Key_Up)
    assert page.rows.index(rows["卫2"], last).data().startswith("夜 ")
    take(settle)
    days = Month.of(date.today()).days
    qtbot.waitUntil(lambda: RosterDay.select().count() == 2 * days, timeout=5_000)
    first = RosterDay.select().where(RosterDay.staff == people[0]).order_by(RosterDay.day).limit(8)
    assert "".join(one.shift.sign for one in first) == "早早中中夜夜休休"
    following = Month.of(date.today()).plus(1)
    window.open("rostering", Filters(period=Period.of_month(following)))
    qtbot.waitUntil(lambda: page.rows.lines[0].line.fixed["month"] == following, timeout=5_000)
    window.open("rostering", Filters(state="编制"))
    settle()
    assert page.rows.lines[0].line.fixed["month"] == following, "it takes no state"
