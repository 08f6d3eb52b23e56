"""A supervisor's whole day by keys alone: a call, a complaint and a repair brought to their end."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from models.checks import run_invariants
from models.complaints.cases import CaseState, Mark, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.visits import ReturnVisit
from models.office.staff import add_staff
from tests.estate import Estate
from tests.ui.conftest import Printer, front, pause
from ui.acts import keys_of
from ui.deeddialog import DeedDialog

Settle = Callable[[], None]
Key, Held = Qt.Key, Qt.KeyboardModifier
CTRL, ALT, SHIFT = Held.ControlModifier, Held.AltModifier, Held.ShiftModifier
S = CaseState


class Keys:
    """Whoever sits at the window and has nothing but keys."""

    def __init__(self, window: Any, settle: Settle, qtbot: Any, qapp: Any) -> None:
        self.window, self.settle, self.qtbot, self.qapp = window, settle, qtbot, qapp

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> None:
        """Press a key where the keyboard is."""
        on = self.qapp.focusWidget() or self.qapp.activeWindow() or self.window
        self.qtbot.keyClick(on, key, held)
        self.settle()

    def write(self, words: str) -> None:
        """Type words where the keyboard is."""
        for letter in words:
            self.qtbot.keyClick(self.qapp.focusWidget(), letter)
        self.settle()

    def do(self, page: str, title: str, asked: str = "", words: str = "", down: int = 0) -> None:
        """Do to the first row of a page what a button does, by its key, and answer one field of its form."""
        view = self.window.open(page)
        acts = [*view.deeds, *view.row_deeds]
        act, key = next(one for one in zip(acts, keys_of(acts), strict=True) if one[0].title == title)

        def ready() -> None:
            """Expect the row to stand as it must; the page reads anew a moment after the last deed."""
            self.settle()
            view.table.grid.setFocus()
            for step in (Key.Key_Home, Key.Key_Down, Key.Key_Up):
                self.press(step)
            assert act.hindrance(view) == "", [row.values for row in view.table.grid.rows.rows]

        pause(120)
        self.qtbot.waitUntil(ready, timeout=10_000)
        QTest.keySequence(view.table.grid, QKeySequence(key))
        self.settle()
        if asked:
            front(DeedDialog).form.cells[asked].input.setFocus()
            self.settle()
            self.write(words)
            for _ in range(down):
                self.press(Key.Key_Down)
            self.press(Key.Key_Return, CTRL)


def case(sort: Sort) -> ServiceCase:
    found: ServiceCase = ServiceCase.get(ServiceCase.sort == sort)
    return found


def test_a_whole_day_by_keys(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any, printer: Printer
) -> None:
    estate.house("101")
    handler, repairer = add_staff(number="J1", name="林经办"), add_staff(number="W1", name="魏维修")
    desk = Keys(window, settle, qtbot, qapp)

    page = window.open("intake")
    settle()
    page.begins_at.setFocus()
    desk.write("1-1-101")
    desk.press(Key.Key_Return)  # on to what is reported
    desk.write("T16")
    desk.press(Key.Key_Return)
    desk.write("tai du")
    for _ in range(5):  # past place, grade, appointment and demand to the next line
        desk.press(Key.Key_Return)
    desk.write("B03")
    desk.press(Key.Key_Return)
    desk.write("lou shui")
    desk.press(Key.Key_Return, CTRL | SHIFT)
    assert [case(sort).state for sort in Sort] == [S.RECEIVED, S.RECEIVED]

    desk.do("complaints", "派单", "handler", "J1")
    desk.do("complaints", "开始处理", "at")
    desk.do("complaints", "答复业主", "answer", "yi jie shi")
    desk.do("complaints", "审核通过", "words")
    assert case(Sort.COMPLAINT).state is S.VISITING and case(Sort.COMPLAINT).handler == handler

    desk.do("repairs", "派工", "worker", "W1")
    desk.do("repairs", "登记到场", "at")
    desk.do("repairs", "登记完工", "measures", "huan fa xin")
    desk.do("repairs", "登记验收", "accepted_by", "wang")
    assert case(Sort.REPAIR).state is S.VISITING and case(Sort.REPAIR).handler == repairer

    for _ in range(2):
        desk.do("visit_tasks", "登记回访", "mark", down=1)
    assert [one.mark for one in ReturnVisit.select()] == [Mark.VERY_GOOD] * 2
    assert case(Sort.REPAIR).state is S.CLOSED and case(Sort.COMPLAINT).state is S.VISITED

    desk.do("complaints", "关闭投诉")
    desk.press(Key.Key_Return)
    assert case(Sort.COMPLAINT).state is S.CLOSED
    desk.do("complaints", "打印处理单")
    assert printer.asked[-1]["code"] == "CS-02" and run_invariants() == []
