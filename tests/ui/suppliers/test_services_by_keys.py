"""Watching contractors by keys alone: reviewed, inspected, scored."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt

from models import deeds
from models.checks import run_invariants
from models.months import Month
from models.office.chains import stop_chain
from models.suppliers.services.inspections import InspectionState, ServiceInspection
from models.suppliers.services.programmes import ProgrammeState, ServiceProgramme, submit_programme
from models.suppliers.services.scores import ServiceScore, ServiceScoreLine, open_service_scores
from tests.estate import Estate
from tests.trade import TODAY, contractor, looked
from tests.ui.conftest import Printer, front
from tests.ui.hands import Keys
from ui.deeddialog import DeedDialog
from ui.dialogs import Question

Settle = Callable[[], None]
Key, Held = Qt.Key, Qt.KeyboardModifier
CTRL = Held.ControlModifier
CHAINS = (
    "suppliers.approve_settlement", "suppliers.issue_termination", "suppliers.review_programme",
    "suppliers.sign_service_scores",
)  # fmt: skip


def say_yes(desk: Keys) -> None:
    """Answer the question in front."""
    front(Question)
    desk.press(Key.Key_Return)


def test_a_contractor_is_reviewed_inspected_and_scored(
    estate: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any, printer: Printer
) -> None:
    for chain in CHAINS:
        stop_chain(chain)
    last = Month.of(TODAY).plus(-1)
    with deeds.acting(deeds.TheOffice()):
        supplier = contractor(since=last.first)
        row = {"area": "修剪", "frequency": "每月一次", "staff": 3, "material": None, "note": None}
        submit_programme(supplier, Month.of(TODAY), [row])
        looked(supplier, ("修剪", "绿篱超期"))
        open_service_scores(last)
    desk = Keys(window, settle, qtbot, qapp)
    desk.do("service_programmes", "审核方案")
    form = front(DeedDialog).form
    for name in ("whole", "frequent", "safe", "clean", "told"):
        form.cells[name].input.setFocus()
        desk.press(Key.Key_Down)
    desk.press(Key.Key_Return, CTRL)
    assert ServiceProgramme.get().state is ProgrammeState.PASSED
    desk.do("service_inspections", "复查", "recheck", down=1)
    assert ServiceInspection.get().state is InspectionState.DONE

    page = window.open("service_scoring")
    settle()
    page.grid.setFocus()
    for number in range(ServiceScoreLine.select().count()):
        desk.write("0" if number else "4")
        if not number:
            desk.press(Key.Key_Tab)
            desk.write("CHAO QI")
        desk.press(Key.Key_Return)
    desk.press(Key.Key_Return, CTRL)
    say_yes(desk)
    desk.do("service_scores", "登记外包方确认", "confirmed", "MIAO")
    desk.do("service_scores", "签外包月评", "words", "HAO")
    assert ServiceScore.get().score == Decimal(96) and run_invariants() == []
