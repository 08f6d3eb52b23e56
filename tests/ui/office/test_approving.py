"""Applying and approving at the window, by keys too."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop.making import make_window
from models.deeds import DEEDS, acting
from models.errors import NeedsApproval
from models.fees.billing import bill
from models.fees.bills import Bill
from models.months import Month
from models.office.accounts import Account
from models.office.applying import request
from models.office.approvals import Approval, State
from models.office.chains import start_chain, steps_of
from models.office.permits import MANY
from models.office.staff import Department
from tests.estate import Estate
from tests.models.office.chain_world import People, apply, waiving
from tests.office_people import worker
from tests.ui.conftest import commit, front, pause
from ui import deeddialog, papers, permits
from ui.deeddialog import DeedDialog
from ui.desk import Clickable
from ui.dialogs import Question
from ui.fees.billing import BillingDialog

Settle = Callable[[], None]
MONTH = Month.of(date.today())


@pytest.fixture(autouse=True)
def waive() -> Iterator[list[tuple[str, str]]]:
    with waiving() as done:
        yield done


@pytest.fixture
def people(estate: Estate) -> People:
    estate.give(estate.house("101"), estate.item())
    return People()


@pytest.fixture
def window_of(services: Any, office: Any, settle: Settle) -> Iterator[Callable[[Account], Any]]:
    """Return what opens the window of somebody, who acts from then on."""
    opened, signed = [], []

    def open_it(person: Account) -> Any:
        permits.forget()
        signed.append(acting(person))
        signed[-1].__enter__()
        made = make_window(services, person, office)
        made.resize(1366, 768)
        made.show()
        settle()
        made.activateWindow()
        QTest.qWaitForWindowActive(made)
        opened.append(made)
        return made

    yield open_it
    for made in opened:
        made.shut()
        made.deleteLater()
    for one in reversed(signed):
        one.__exit__(None, None, None)


def press(on: Any, key: Qt.Key) -> None:
    QTest.keyClick(on, key, Qt.KeyboardModifier.ControlModifier)


def test_a_form_before_which_a_chain_stands_files_an_application(
    people: People, window_of: Any, services: Any, settle: Settle, waive: list[Any]
) -> None:
    window = window_of(people.clerk)
    dialog = deeddialog.do(services, DEEDS["test.waive"], [Department.find("食堂")], window)
    assert isinstance(dialog, DeedDialog)
    settle()
    assert dialog.save.text() == "申请审批"
    commit(dialog.form.cells["amount"].input.widget, "-1200")
    commit(dialog.form.cells["approval_note"].input.widget, "水管漏水")
    press(dialog, Qt.Key.Key_Return)
    settle()
    asked = Approval.get()
    assert (asked.who, str(asked.amount), asked.note) == ("李会计", "-1200.00", "水管漏水")
    assert window.status.said.text() == f"已申请审批：{asked.number}"
    assert waive == []


def test_the_form_says_by_whom_it_is_approved_and_refuses_what_nobody_could(
    people: People, window_of: Any, services: Any, settle: Settle
) -> None:
    people.chief.retire()
    window = window_of(people.clerk)
    dialog: Any = deeddialog.do(services, DEEDS["test.waive"], [Department.find("食堂")], window)
    words = " ".join(one.text() for one in dialog.findChildren(type(dialog.note)))
    assert "要先审批：主任(管理处主任) → 1,000.00 元以上再由公司(常务副总经理)" in words
    commit(dialog.form.cells["amount"].input.widget, "1200")
    dialog.save.click()
    settle()
    assert "没有人能审“公司”这一环" in dialog.note.text()
    dialog.form.clear()


def test_billing_is_applied_for_after_its_trial_and_done_when_it_is_approved_by_keys(
    people: People, window_of: Any, services: Any, settle: Settle
) -> None:
    start_chain("fees.bill")
    window = window_of(people.clerk)
    dialog = BillingDialog(services, window, MONTH)
    dialog.open()
    dialog.try_it()
    settle()
    assert dialog.post.text() == "申请出账 1 户共 100.00 元" and not dialog.print.isVisible()
    press(dialog, Qt.Key.Key_Return)
    settle()
    asked = Approval.get()
    assert asked.number in window.status.said.text() and Bill.select().count() == 0

    boss = window_of(people.manager)
    pause(300)
    settle()
    view = boss.open("approvals")
    settle()
    view.table.grid.selectRow(0)
    assert view.act("同意").hindrance(view) == ""
    view.table.grid.setFocus()
    QTest.keyClick(view.table.grid, Qt.Key.Key_Return)
    settle()
    form = front(DeedDialog)
    commit(form.form.cells["opinion"].input.widget, "同意")
    press(form, Qt.Key.Key_Return)
    settle()
    assert Approval.get().state is State.APPROVED
    assert [str(bill.amount) for bill in Bill.select()] == ["100.00"]


def test_what_waits_for_others_cannot_be_decided_and_says_so(
    people: People, window_of: Any, settle: Settle
) -> None:
    apply(people.clerk)
    view = window_of(people.clerk).open("approvals")
    settle()
    view.table.grid.selectRow(0)
    assert "不等您审批" in view.act("同意").hindrance(view)
    assert view.act("撤回").hindrance(view) == ""


def test_a_chain_is_set_up_and_switched_from_its_row(window: Any, people: People, settle: Settle) -> None:
    view = window.open("chains")
    settle()
    at = next(row for row, one in enumerate(view.table.grid.rows.rows) if one.id == "fees.bill")
    view.table.grid.selectRow(at)
    assert view.act("停用审批").hindrance(view) == "这件事的审批已经停用"
    form = view.act("设置审批链").run(view)
    settle()
    rows = form.form.cells["steps"].input.rows
    assert rows.filled() == 1
    assert "合计" not in form.form.cells["steps"].input.foot.text()
    rows.type_in([{"role": "会计", "title": "财务"}, {"role": "管理处主任", "title": "主任", "above": "500"}])
    assert form.form.cells["steps"].input.foot.text().strip() == "2 行"
    form.save.click()
    settle()
    assert [step.told() for step in steps_of("fees.bill")] == [
        "财务(会计)",
        "500.00 元以上再由主任(管理处主任)",
    ]
    pause(150)
    settle()
    view.table.grid.clearSelection()  # a key that was pressed with Ctrl makes choosing a row undo it
    view.table.grid.selectRow(at)
    view.act("启用审批").run(view).save.click()
    settle()
    with acting(people.clerk), pytest.raises(NeedsApproval):
        DEEDS["fees.bill"].call(None, {"month": str(MONTH)})


def test_a_large_export_that_is_refused_leads_to_the_form_that_applies_for_it(
    people: People, window_of: Any, settle: Settle
) -> None:
    start_chain(MANY)
    window = window_of(people.clerk)
    view = window.open("people")
    settle()
    problem = NeedsApproval("导出人员超过 50 行。", MANY, {"what": "list:people"})
    papers.tell(view, problem)
    settle()
    front(Question).yes.click()
    settle()
    form = front(DeedDialog)
    commit(form.form.cells["purpose"].input.widget, "年度核对")
    form.save.click()
    settle()
    assert Approval.get().given == {"what": "list:people", "purpose": "年度核对"}


def test_what_was_refused_is_applied_for_again_as_it_was_filled_in(
    people: People, window_of: Any, settle: Settle
) -> None:
    first = apply(people.clerk, "-25.00", note="水管漏水", name="乙部")
    view = window_of(people.clerk).open("approvals")
    settle()
    view.table.grid.selectRow(0)
    again = view.act("照此重新申请")
    assert "待审批" in again.hindrance(view)
    with acting(people.manager):
        first.reject("写清楼层")
    view.refresh()
    settle()
    view.table.grid.clearSelection()
    view.table.grid.selectRow(0)
    assert "已驳回" in view.act("撤回").hindrance(view) and again.hindrance(view) == ""
    form = again.run(view)
    settle()
    told = {name: form.form.given()[name] for name in ("amount", "name", "approval_note")}
    assert told == {"amount": "-25.00", "name": "乙部", "approval_note": "水管漏水"}
    form.form.cells["approval_note"].input.restore("三楼水管漏水")
    form.save.click()
    settle()
    other = Approval.get(Approval.id != first.id)
    assert (other.given, other.note, other.record) == (first.given, "三楼水管漏水", first.record)


def test_only_ones_own_application_is_withdrawn_or_made_again(
    people: People, window_of: Any, settle: Settle
) -> None:
    apply(people.clerk)
    view = window_of(people.manager).open("approvals")
    settle()
    view.table.grid.selectRow(0)
    assert "李会计 申请的，只能由本人撤回" in view.act("撤回").hindrance(view)
    assert "只能由本人重新申请" in view.act("照此重新申请").hindrance(view)


def test_chosen_lines_are_applied_for_again_without_being_typed(
    people: People, window_of: Any, services: Any, settle: Settle
) -> None:
    bill(MONTH)
    worker("赵主管", "客服主管")
    window = window_of(people.clerk)
    line = Bill.get()
    form: Any = deeddialog.do(services, DEEDS["fees.reduce"], [line], window)
    form.form.cells["amount"].input.line.setText("1")
    for name, words in (("reason", "停电"), ("basis", "合同第三条")):
        form.form.cells[name].input.restore(words)
    form.save.click()
    settle()
    first = Approval.get()
    first.withdraw()
    view = window.open("approvals")
    settle()
    view.table.grid.selectRow(0)
    form = view.act("照此重新申请").run(view)
    settle()
    assert form.records == [line] and "bills" not in form.form.cells
    form.save.click()
    settle()
    assert Approval.get(Approval.id != first.id).given == first.given


def test_who_was_refused_sees_it_on_the_desk(people: People, window_of: Any, settle: Settle) -> None:
    with acting(people.clerk):
        asked = request("test.waive", {"amount": "1"}, key="食堂")
    with acting(people.manager):
        asked.reject("依据不足")
    window = window_of(people.clerk)
    pause(300)
    settle()
    told = [label.text() for one in window.desk.findChildren(Clickable, "reminder") for label in _labels(one)]
    assert "我的申请被驳回：看审批意见，改后重新申请" in told


def _labels(reminder: Clickable) -> list[QLabel]:
    return reminder.findChildren(QLabel)
