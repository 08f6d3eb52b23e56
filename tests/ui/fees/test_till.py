from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest

from models.deeds import DEEDS
from models.fees import settle as settling
from models.fees.cashier import receive
from models.fees.items import FeeItem
from models.fees.payments import Method, Payment, Receipt
from models.listings import LISTS, Filters
from models.owners.estate import Unit
from tests.estate import Estate, count_drawers
from tests.ui.conftest import Printer, front
from ui import theme
from ui.dialogs import Question

Settle = Callable[[], None]


@pytest.fixture
def house(estate: Estate) -> Unit:
    """Make a house that owes 100.00 for each of three months."""
    unit = estate.house("101")
    estate.give(unit, estate.item())
    for month in ("2026-01", "2026-02", "2026-03"):
        DEEDS["fees.bill"].call(None, {"month": month})
    return unit


@pytest.fixture
def till(house: Unit, window: Any, settle: Settle) -> Any:
    made = window.open("till")
    settle()
    return made


def look_up(till: Any, settle: Settle, typed: str) -> None:
    till.house.setText(typed)
    QTest.keyClick(till.house, Qt.Key.Key_Return)
    settle()


def type_amount(till: Any, typed: str) -> Any:
    line = till.form.cells["amount"].input.widget
    line.selectAll()
    QTest.keyClicks(line, typed)
    return line


@pytest.mark.parametrize("typed", ["1-1-101", "1栋1单元101", "1－1－101"])
def test_a_house_number_in_any_form_shows_what_is_open_and_offers_it_all(
    till: Any, settle: Settle, typed: str
) -> None:
    look_up(till, settle, typed)
    assert till.who.text() == "王桂芳"
    assert [str(line.month) for line in till.view.lines.lines] == ["2026-01", "2026-02", "2026-03"]
    assert till.form.given()["amount"] == "300.00"
    assert till.told.text() == "收 3 笔 300.00 元。"
    assert till.form.cells["amount"].input.widget.hasFocus()


def test_a_house_that_is_none_is_told_beside_the_field(till: Any, settle: Settle) -> None:
    look_up(till, settle, "9-9-999")
    assert "没有房号“9-9-999”" in till.told.text()
    assert not till.take.isEnabled()


def test_money_goes_to_the_oldest_first_and_the_page_says_where(till: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    till.form.cells["amount"].input.line.setText("150")
    till.form.cells["amount"].input.edited.emit()
    assert till.told.text() == "收 2 笔 150.00 元，还欠 150.00 元。"
    assert [till.view.lines.index(row, 7).data() for row in range(3)] == ["100.00", "50.00", ""]
    till.submit(prints=False)
    settle()
    assert [line.owed for line in settling.open_lines([Unit.find("1-1-101")])] == [Decimal(50), Decimal(100)]


def test_ticked_lines_are_settled_and_no_others(till: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    till.view.lines.tick(2)
    assert till.form.given()["amount"] == "100.00"
    assert till.foot.text().endswith("已勾选 1 笔 100.00")
    till.submit(prints=False)
    settle()
    open_months = [str(line.month) for line in settling.open_lines([Unit.find("1-1-101")])]
    assert open_months == ["2026-01", "2026-02"]


def test_what_is_too_much_becomes_a_balance_and_is_said_before(till: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    till.form.cells["amount"].input.line.setText("１，０００")
    till.form.cells["amount"].input.edited.emit()
    assert till.told.text() == "收 3 笔 300.00 元，700.00 元转为预存。"
    till.submit(prints=False)
    settle()
    assert LISTS["balances"]().totals()[1]["amount"] == Decimal(700)


def test_a_payment_takes_few_keys_and_prints_its_receipt(
    till: Any, settle: Settle, printer: Printer, window: Any
) -> None:
    QTest.keyClicks(till.house, "1-1-101")
    QTest.keyClick(till.house, Qt.Key.Key_Return)
    settle()
    QTest.keyClick(
        till.form.cells["amount"].input.widget, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    settle()
    receipt = Receipt.select().get()
    assert [(wish["code"], wish["number"]) for wish in printer.asked] == [("FE-06", receipt.number)]
    assert receipt.number in till.last.words.text()
    assert till.account is None and till.window().focusWidget() is till.house and till.house.text() == ""


def test_two_presses_take_the_money_once(till: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    till.submit(prints=False)
    till.submit(prints=False)
    settle()
    assert Payment.select().count() == 1


def test_a_reference_of_another_house_is_asked_about(till: Any, settle: Settle, estate: Estate) -> None:
    receive(estate.house("102"), Decimal("50.00"), Method.WECHAT, reference="WX77")
    for reference, asked in (("WX77", True), ("WX78", False)):
        look_up(till, settle, "1-1-101")
        till.form.cells["method"].input.put(Method.WECHAT)
        type_amount(till, "10")
        till.form.cells["reference"].input.put(reference)
        before = Payment.select().count()
        till.submit(prints=False)
        till.submit(prints=False)
        settle()
        if asked:
            assert Payment.select().count() == before
            question = front(Question)
            assert (
                "流水号 WX77 已在收据" in question.sentence.text()
                and "1-1-102 50.00 元" in question.sentence.text()
            )
            question.yes.click()
            settle()
        assert Payment.select().count() == before + 1


def test_another_house_in_the_field_takes_no_money_for_the_one_before(till: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    till.house.selectAll()
    QTest.keyClicks(till.house, "1-1-102")
    till.submit(prints=True)
    settle()
    assert Payment.select().count() == 0
    assert not till.take.isEnabled() and till.who.text() == ""
    assert till.house.text() == "1-1-102"


def test_a_house_taken_out_again_is_paid_no_more(till: Any, settle: Settle, estate: Estate) -> None:
    other = estate.house("102")
    estate.give(other, estate.item(name="垃圾费"))
    DEEDS["fees.bill"].call(None, {"month": "2026-03"})
    look_up(till, settle, "1-1-101")
    others = till.form.cells["units"].input
    for typed, houses in (("1-1-102", {"1-1-101", "1-1-102"}), ("", {"1-1-101"})):
        others.line.setText(typed)
        others.left.emit()
        settle()
        assert {line.unit.code for line in till.view.lines.lines} == houses
    others.line.setText("1-1-102")
    till.submit(prints=False)
    settle()
    assert Payment.select().count() == 0
    assert "请核对后再收" in till.told.text()


def test_lines_that_somebody_else_settled_meanwhile_are_shown_anew_and_not_paid_twice(
    till: Any, settle: Settle, house: Unit
) -> None:
    look_up(till, settle, "1-1-101")
    till._still.busy = True  # as if it were done by another program, of which nothing is announced here
    receive(house, Decimal("50.00"))
    settle()
    till._still.busy = False
    till.submit(prints=False)
    settle()
    assert Payment.select().count() == 1
    assert "刚刚变了" in till.told.text()
    assert till.form.given()["amount"] == "250.00"
    till.submit(prints=False)
    settle()
    assert Payment.select().count() == 2


def test_a_house_chosen_elsewhere_starts_anew(till: Any, settle: Settle, estate: Estate) -> None:
    other = estate.house("102", "70.00")
    estate.give(other, FeeItem.get())
    DEEDS["fees.bill"].call(None, {"month": "2026-03"})
    look_up(till, settle, "1-1-101")
    type_amount(till, "33")
    till.form.cells["payer_name"].input.line.setText("张三")
    till.narrow(Filters(unit=other))
    till.submit(prints=False)
    assert Payment.select().count() == 0
    settle()
    assert (till.form.given()["amount"], till.form.given()["payer_name"]) == ("70.00", "")


def test_reading_anew_in_the_background_keeps_ticks_and_the_keyboard(
    till: Any, settle: Settle, estate: Estate
) -> None:
    look_up(till, settle, "1-1-101")
    till.view.lines.tick(2)
    type_amount(till, "80")
    reference = till.form.cells["reference"].input.widget
    reference.setFocus()
    estate.give(estate.house("102"), FeeItem.get())
    DEEDS["fees.bill"].call(None, {"month": "2026-03"})
    settle()
    assert [str(line.month) for line in till.view.lines.chosen()] == ["2026-03"]
    assert till.told.text() == "收 1 笔 80.00 元，还欠 20.00 元。"
    assert till.focusWidget() is reference


def test_the_next_house_may_be_typed_while_the_payment_is_at_work(till: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    till.submit(prints=False)
    till.house.selectAll()
    QTest.keyClicks(till.house, "1-1-2")
    settle()
    assert Payment.select().count() == 1
    assert till.house.text() == "1-1-2"


def test_the_keyboard_stays_where_the_cashier_went_during_a_payment(till: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    till.form.cells["on"].input.line.setText("2199-01-01")
    till.take.setFocus()
    till.submit(prints=False)
    QCoreApplication.processEvents()
    till.form.cells["reference"].input.widget.setFocus()
    settle()
    assert "还没有到" in till.told.text()
    assert till.focusWidget() is till.form.cells["reference"].input.widget


def test_an_amount_that_was_typed_stays_when_lines_are_ticked(till: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    amount = type_amount(till, "150")
    till.view.lines.tick(2)
    assert till.form.given()["amount"] == "150"
    amount.clear()
    till.form.cells["amount"].input.edited.emit()
    till.view.lines.tick(1)
    assert till.form.given()["amount"] == "200.00"


def test_a_refusal_keeps_what_was_typed(till: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    till.form.cells["on"].input.line.setText(tomorrow)
    till.submit(prints=False)
    settle()
    told = till.told.text() + till.form.cells["on"].problem.text()
    assert "还没有到" in told
    assert till.form.given()["amount"] == "300.00"
    assert Payment.select().count() == 0


def test_nothing_is_taken_without_an_amount(till: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    till.form.cells["amount"].input.line.clear()
    till.submit(prints=False)
    settle()
    assert till.form.cells["amount"].problem.isVisible()
    assert Payment.select().count() == 0


def test_other_houses_are_paid_with_it(till: Any, settle: Settle, estate: Estate) -> None:
    shop = estate.house("102", owner="李强")
    from models.fees.items import FeeItem

    estate.give(shop, FeeItem.get())
    DEEDS["fees.bill"].call(None, {"month": "2026-03"})
    look_up(till, settle, "1-1-101")
    till.form.cells["units"].input.line.setText("1-1-102")
    till.form.cells["units"].input.left.emit()
    settle()
    assert {line.unit.code for line in till.view.lines.lines} == {"1-1-101", "1-1-102"}
    assert till.form.given()["amount"] == "400.00"
    till.submit(prints=False)
    settle()
    assert Receipt.select().count() == 2


def test_a_row_of_the_arrears_leads_to_the_till(till: Any, window: Any, settle: Settle) -> None:
    view = window.open("arrears", Filters(on=date(2026, 4, 1)))
    settle()
    view.table.grid.selectRow(0)
    view.act("收款").run(view)
    settle()
    assert window.docks.current == "fees"
    assert till.isVisible() and till.account.unit.code == "1-1-101"


def test_a_change_elsewhere_is_seen_at_the_till(till: Any, settle: Settle, qtbot: Any) -> None:
    look_up(till, settle, "1-1-101")
    DEEDS["fees.receive"].call("1-1-101", {"amount": "100"})
    qtbot.waitUntil(lambda: till.account is not None and len(till.account.lines) == 2, timeout=5000)


def test_a_receipt_is_voided_with_its_reason_and_reprinted(
    till: Any, window: Any, settle: Settle, printer: Printer
) -> None:
    look_up(till, settle, "1-1-101")
    till.submit(prints=False)
    settle()
    view = window.open("receipts")
    settle()
    view.table.grid.selectRow(0)
    view.act("打印收据").run(view)
    settle()
    assert printer.asked[-1]["code"] == "FE-06"
    dialog = view.act("作废收据").run(view)
    dialog.form.cells["reason"].input.line.setText("金额写错")
    dialog.submit()
    settle()
    receipt = Receipt.select().get()
    assert (receipt.state.value, receipt.void_reason) == ("作废", "金额写错")


def test_a_day_is_shown_by_way_of_payment_before_it_is_closed(till: Any, window: Any, settle: Settle) -> None:
    look_up(till, settle, "1-1-101")
    till.submit(prints=False)
    settle()
    view = window.open("closings")
    settle()
    dialog = view.act("日结").run(view)
    settle()
    assert "收据 1 份，实收 300.00 元" in dialog.note.text() and "现金 1 份 300.00" in dialog.note.text()
    assert "还没有结班" in dialog.note.text()
    dialog.submit()
    settle()
    assert not LISTS["closings"]().count()
    count_drawers()
    dialog.submit()
    settle()
    assert LISTS["closings"]().count() == 1


def test_from_the_desk_to_the_receipt_by_keys_alone(
    house: Unit, window: Any, settle: Settle, qtbot: Any, qapp: Any, printer: Printer
) -> None:
    keys = 0

    def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        nonlocal keys
        keys += 1
        qtbot.keyClick(qapp.focusWidget() or window, key, held)
        settle()

    window.docks.raise_dock("desk")
    settle()
    press(Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    for letter in "1-1-101":
        keys += 1
        qtbot.keyClick(qapp.focusWidget(), letter)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert Payment.select().count() == 1
    assert [wish["code"] for wish in printer.asked] == ["FE-06"]
    assert keys <= 25


def test_a_payment_that_was_not_taken_is_there_again_after_a_crash(
    till: Any, window: Any, settle: Settle, services: Any
) -> None:
    from ui.fees.till import Till

    look_up(till, settle, "1-1-101")
    line = type_amount(till, "120")
    line.textEdited.emit("120")
    till.form.cells["reference"].input.restore("LS1")
    till.form.cells["reference"].input.edited.emit()
    services.memory.flush()
    kept = services.memory.get("till", {})
    assert kept["house"] == "1-1-101" and kept["values"] == {"amount": "120", "reference": "LS1"}
    again = Till(services)
    again.setParent(window)
    again.show()
    settle()
    assert again.account.unit.code == "1-1-101" and "没有收完" in again.told.text()
    assert again.form.given()["amount"] == "120" and again.form.given()["reference"] == "LS1"
    again.start_over()
    services.memory.flush()
    assert services.memory.get("till", {}) == {} and Payment.select().count() == 0


@pytest.mark.parametrize(
    "kept", [7, [], {"house": 5}, {"house": "x", "values": 3}, {"values": {"amount": 1}}]
)
def test_garbage_kept_for_the_till_brings_nothing_back(
    house: Unit, window: Any, settle: Settle, services: Any, kept: Any
) -> None:
    services.memory.put("till", kept)
    till = window.open("till")
    settle()
    assert till.account is None and till.house.text() in ("", "x")


def test_large_letters_leave_the_button_and_what_is_settled_in_sight(
    till: Any, window: Any, settle: Settle
) -> None:
    look_up(till, settle, "1-1-101")
    due, settled = 6, 7
    assert not till.side.verticalScrollBar().isVisible() and not till.view.isColumnHidden(due)
    try:
        theme.apply(points=16.0)
        till.last.tell("1-1-101", Decimal(300), ["SJ-2026-000001"], Decimal(200))
        settle()
        assert window.height() == 768
        for widget in (till.take, till.last.again):
            assert widget.visibleRegion().boundingRect() == widget.rect()
        assert till.side.verticalScrollBar().isVisible()
        assert till.view.isColumnHidden(due) and not till.view.isColumnHidden(settled)
        assert not till.view.horizontalScrollBar().isVisible()
    finally:
        theme.apply(points=theme.STANDARD)
