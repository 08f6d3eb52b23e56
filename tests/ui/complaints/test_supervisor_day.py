"""A supervisor's whole day by keys alone: a call, a complaint and a repair brought to their end."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt

from models.canteen.issues import Purpose
from models.canteen.opening import open_stock
from models.checks import run_invariants
from models.complaints.cases import CaseState, Mark, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.materials import materials_of
from models.complaints.visits import ReturnVisit
from models.office.staff import add_staff
from tests import pantry
from tests.estate import Estate
from tests.ui.conftest import Printer
from tests.ui.hands import Keys

Settle = Callable[[], None]
Key, Held = Qt.Key, Qt.KeyboardModifier
CTRL, SHIFT = Held.ControlModifier, Held.ShiftModifier
S = CaseState


def case(sort: Sort) -> ServiceCase:
    found: ServiceCase = ServiceCase.get(ServiceCase.sort == sort)
    return found


def give_out(repair: ServiceCase) -> None:
    """Let the store give two valves out for a repair."""
    valve = pantry.item("角阀", "水暖", bought_in="个", unit="个", per=Decimal(1))
    open_stock([{"item": valve, "quantity": Decimal(5), "price": Decimal(18)}])
    pantry.issued((valve, "2"), purpose=Purpose.REPAIR, case=repair)


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
    give_out(case(Sort.REPAIR))
    desk.do("repairs", "登记完工", "measures", "huan fa xin")
    assert [(one.name, one.amount) for one in materials_of(case(Sort.REPAIR))] == [("角阀", Decimal("36.00"))]
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
