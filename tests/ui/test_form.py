from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton

from desktop import modules
from models.base import insert_rows
from models.deeds import DEEDS
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.payments import BalanceEntry, SetOff
from models.fields import ChoiceField, LinkField, LinksField
from models.months import Month
from models.owners.estate import Community, Unit
from models.owners.people import Person
from tests.estate import Estate, writing
from tests.ui.conftest import commit, front
from ui import deeddialog
from ui.chosen import trial_of
from ui.deeddialog import DeedDialog
from ui.dialogs import Question
from ui.inputs import ChoiceInput, FlagInput, LinkInput, SecretInput
from ui.lineinputs import DayInput, MonthInput
from ui.words import Words

Settle = Callable[[], None]


@pytest.fixture
def open_form(services: Any, window: Any, settle: Settle) -> Callable[..., DeedDialog]:
    def opened(name: str, *records: Any) -> DeedDialog:
        dialog = deeddialog.do(services, DEEDS[name], records, window)
        settle()
        assert isinstance(dialog, DeedDialog)
        return dialog

    return opened


def type_into(dialog: DeedDialog, **typed: str) -> None:
    for name, words in typed.items():
        line: Any = dialog.form.cells[name].input.widget
        line.setFocus()
        line.clear()
        commit(line, words)


def test_a_form_saves_through_the_deed_and_the_status_line_says_it(
    open_form: Callable[..., DeedDialog], window: Any, settle: Settle
) -> None:
    dialog = open_form("owners.add_community")
    type_into(dialog, name="青枫苑", address="湖滨路 18 号")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert Community.find("青枫苑").address == "湖滨路 18 号"
    assert window.status.said.text() == "已新增小区：青枫苑"


def test_a_wrong_value_is_told_under_its_field_and_nothing_is_written(
    open_form: Callable[..., DeedDialog], estate: Estate, settle: Settle
) -> None:
    dialog = open_form("owners.add_person")
    type_into(dialog, name="王桂芳", phone="12ab")
    before = Person.select().count()
    dialog.submit()
    settle()
    cell = dialog.form.cells["phone"]
    assert cell.problem.isVisible() and "12ab" in cell.problem.text()
    assert cell.input.widget.hasFocus()
    assert Person.select().count() == before
    assert dialog.isVisible()
    type_into(dialog, phone="13800000000")
    assert not cell.problem.isVisible()
    dialog.form.settle()


def test_a_field_is_checked_when_it_is_left(open_form: Callable[..., DeedDialog], estate: Estate) -> None:
    dialog = open_form("owners.add_unit")
    type_into(dialog, floor="x")
    dialog.form.cells["layout"].input.setFocus()
    assert dialog.form.cells["floor"].problem.isVisible()
    dialog.form.settle()


def test_what_is_required_is_marked_by_a_dot_and_said_in_words(
    open_form: Callable[..., DeedDialog], settle: Settle
) -> None:
    dialog = open_form("owners.add_community")
    assert "•" in dialog.form.cells["name"].label.text()
    assert "•" not in dialog.form.cells["address"].label.text()
    assert dialog.form.cells["name"].input.widget.accessibleName() == "小区名称，必填"
    dialog.submit()
    assert dialog.form.cells["name"].problem.text() == "没有填小区名称。请填写后再保存。"


def test_enter_walks_through_the_fields_to_the_button_and_saves_only_there(
    open_form: Callable[..., DeedDialog], settle: Settle
) -> None:
    dialog = open_form("owners.add_community")
    type_into(dialog, name="青枫苑")
    QTest.keyClick(dialog.form.cells["name"].input.widget, Qt.Key.Key_Return)
    assert dialog.form.cells["address"].input.widget.hasFocus()
    QTest.keyClick(
        dialog.form.cells["address"].input.widget, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier
    )
    assert dialog.save.hasFocus()
    assert Community.select().count() == 0
    QTest.keyClick(dialog.save, Qt.Key.Key_Return)
    settle()
    assert Community.select().count() == 1


def test_what_the_chosen_row_says_already_is_not_asked_again(
    open_form: Callable[..., DeedDialog], estate: Estate, settle: Settle
) -> None:
    unit = estate.house("101")
    receive(unit, Decimal("50.00"))
    estate.give(unit, estate.item())
    bill(Month.of(date.today()))
    dialog = open_form("fees.set_off", BalanceEntry.get())
    assert set(dialog.form.cells) == {"amount", "on"}
    assert "预存流水　1-1-101 王桂芳" in [words.text() for words in dialog.findChildren(Words)]
    dialog.submit()
    settle()
    assert SetOff.get().payer.name == "王桂芳"


def test_chosen_lines_are_one_answer_and_say_whose_they_are(
    open_form: Callable[..., DeedDialog], estate: Estate, settle: Settle
) -> None:
    unit = estate.house("101")
    receive(unit, Decimal("150.00"))
    estate.give(unit, estate.item())
    for month in ("2026-01", "2026-02"):
        bill(Month.parse(month))
    (_, newer) = Bill.select().order_by(Bill.month)
    dialog = open_form("fees.set_off", newer)
    assert set(dialog.form.cells) == {"payer", "amount", "on"}
    dialog.submit()
    settle()
    assert [line.paid for line in Bill.select().order_by(Bill.month)] == [Decimal(0), Decimal(100)]


def test_after_a_refusal_the_keyboard_is_where_it_was(
    open_form: Callable[..., DeedDialog], estate: Estate, settle: Settle
) -> None:
    dialog = open_form("fees.set_off", estate.house("101"))
    field = dialog.form.cells["amount"].input.widget
    field.setFocus()
    QTest.keyClicks(field, "5")
    dialog.submit()
    settle()
    assert dialog.note.isVisible()
    assert dialog.focusWidget() is field


def test_an_empty_field_says_what_leaving_it_so_means(
    open_form: Callable[..., DeedDialog], estate: Estate
) -> None:
    unit = estate.house("101")
    cells = open_form("fees.give_item", unit).form.cells
    assert cells["since"].input.widget.placeholderText() == "不填按交付日期和起算规则"
    assert cells["until"].input.widget.placeholderText() == "不填为长期"


def test_a_box_says_what_leaving_it_empty_means(open_form: Callable[..., DeedDialog], estate: Estate) -> None:
    despite = open_form("owners.transfer", estate.house("101")).form.cells["despite"].input
    assert isinstance(despite, FlagInput)
    assert despite.box.text() == "不勾选：有未清就不办理"


def test_the_choice_of_none_says_what_it_means(open_form: Callable[..., DeedDialog], estate: Estate) -> None:
    cells = open_form("appraisals.set_target").form.cells
    building = cells["building"].input
    assert isinstance(building, ChoiceInput) and building.box.itemText(0) == "（不填为全小区）"


def test_no_hint_of_a_choice_reads_like_an_answer() -> None:
    choices = (ChoiceField, LinkField, LinksField)
    hints = {
        f"{deed.name} {one.name}": one.without
        for deed in DEEDS.values()
        for one in deed.inputs
        if one.without and isinstance(one.field, choices)
    }
    assert hints and [told for told, hint in hints.items() if "不填" not in hint] == []


@pytest.mark.parametrize(
    ("key", "held"),
    [
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier),
    ],
)
def test_enter_presses_whatever_button_has_the_keyboard(
    window: Any, settle: Settle, key: Qt.Key, held: Qt.KeyboardModifier
) -> None:
    view = window.open("communities")
    settle()
    button = next(one for one in view.findChildren(QPushButton) if one.text() == "新增小区…")
    button.setFocus()
    QTest.keyClick(button, key, held)
    dialog = front(DeedDialog)
    assert dialog.isVisible()
    dialog.cancel.setFocus()
    QTest.keyClick(dialog.cancel, key, held)
    assert not dialog.isVisible()


def test_escape_asks_before_throwing_away_what_was_typed(
    open_form: Callable[..., DeedDialog], settle: Settle
) -> None:
    dialog = open_form("owners.add_community")
    type_into(dialog, name="青枫苑")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    question = front(Question)
    assert dialog.isVisible()
    question.no.click()
    assert dialog.isVisible()
    dialog.reject()
    front(Question).yes.click()
    assert not dialog.isVisible()
    settle()
    assert Community.select().count() == 0


def test_escape_leaves_an_untouched_form_at_once(open_form: Callable[..., DeedDialog]) -> None:
    dialog = open_form("owners.add_community")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_rule_that_refuses_is_told_in_the_form_and_what_was_typed_stays(
    open_form: Callable[..., DeedDialog], settle: Settle
) -> None:
    dialog = open_form("owners.add_building")
    type_into(dialog, code="7")
    dialog.submit()
    settle()
    assert dialog.note.isVisible() and "请先新增小区" in dialog.note.text()
    assert dialog.form.given()["code"] == "7"
    dialog.form.settle()


def test_what_must_stay_filled_cannot_be_emptied_by_an_edit(
    open_form: Callable[..., DeedDialog], estate: Estate, settle: Settle
) -> None:
    dialog = open_form("owners.edit_building", estate.building)
    type_into(dialog, name="")
    dialog.submit()
    settle()
    assert dialog.form.cells["name"].problem.isVisible()
    assert type(estate.building).find("1").name == "1栋"
    dialog.form.settle()


def test_the_chosen_record_is_not_asked_for_again(
    open_form: Callable[..., DeedDialog], estate: Estate
) -> None:
    dialog = open_form("owners.add_ownership", estate.house("101", owner=None))
    assert "unit" not in dialog.form.cells
    assert "person" in dialog.form.cells


def test_an_edit_shows_what_is_stored_and_masks_phone_and_identity(
    open_form: Callable[..., DeedDialog], estate: Estate, settle: Settle
) -> None:
    DEEDS["owners.add_person"].call(None, {"name": "李强", "phone": "13812345678", "number": "P9"})
    dialog = open_form("owners.edit_person", Person.find("P9"))
    assert dialog.form.given()["name"] == "李强"
    phone = dialog.form.cells["phone"].input
    assert isinstance(phone, SecretInput) and phone.line.text() == "138****5678"
    type_into(dialog, contact="李太太")
    dialog.submit()
    settle()
    changed = Person.find("P9")
    assert (changed.contact, changed.phone) == ("李太太", "13812345678")


def test_each_kind_of_field_has_its_own_widget(open_form: Callable[..., DeedDialog], estate: Estate) -> None:
    fees = open_form("fees.bill").form.cells
    assert isinstance(fees["month"].input, MonthInput) and isinstance(fees["catch_up"].input, FlagInput)
    money = open_form("fees.receive", estate.house("101")).form.cells
    assert isinstance(money["on"].input, DayInput) and isinstance(money["method"].input, ChoiceInput)
    assert money["amount"].input.widget.alignment() & Qt.AlignmentFlag.AlignRight
    own = open_form("owners.add_ownership", estate.house("102")).form.cells
    assert isinstance(own["person"].input, ChoiceInput | LinkInput)


def test_a_day_is_typed_as_people_write_it_and_steps_by_plus_and_minus(
    open_form: Callable[..., DeedDialog],
) -> None:
    day: Any = open_form("office.set_day").form.cells["day"].input
    day.line.setText("２０２６．１１．２３")
    day.line.editingFinished.emit()
    assert day.line.text() == "2026-11-23"
    QTest.keyClicks(day.line, "+")
    assert day.line.text() == "2026-11-24"
    QTest.keyClicks(day.line, "-")
    QTest.keyClicks(day.line, "-")
    assert day.line.text() == "2026-11-22"
    day.line.clear()
    QTest.keyClicks(day.line, "+")
    assert day.line.text() == date.today().isoformat()


def crowd() -> None:
    """Enter more people than a drop-down offers: P0 to P59, called 人0 to 人59."""
    with writing():
        insert_rows(
            Person,
            ("number", "name", "kind", "search", "active"),
            [(f"P{n}", f"人{n}", "PERSON", f"人{n} ren{n}", 1) for n in range(60)],
        )


def test_a_record_is_found_by_part_of_its_name(
    open_form: Callable[..., DeedDialog], estate: Estate, settle: Settle
) -> None:
    crowd()
    dialog = open_form("owners.add_ownership", estate.house("101", owner=None))
    person: Any = dialog.form.cells["person"].input
    assert isinstance(person, LinkInput)
    QTest.keyClicks(person.edit, "ren47")
    QTest.keyClick(person.edit, Qt.Key.Key_Return)
    assert person.given() == "P47"


def test_enter_takes_the_only_offer_but_none_of_several_unseen(
    open_form: Callable[..., DeedDialog], estate: Estate, qtbot: Any
) -> None:
    crowd()
    edit = open_form("owners.add_ownership", estate.house("101", owner=None)).form.cells["person"].input.edit
    popup = edit.completer().popup()
    for typed, offers, current in (("ren4", 11, False), ("ren47", 1, True)):
        edit.selectAll()
        QTest.keyClicks(edit, typed)
        qtbot.waitUntil(lambda offers=offers: popup.isVisible() and popup.model().rowCount() == offers)
        assert popup.currentIndex().isValid() is current
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert edit.key() == "P47"


def test_the_wheel_changes_a_choice_only_while_it_has_the_keyboard(
    open_form: Callable[..., DeedDialog],
) -> None:
    box: Any = open_form("owners.add_unit").form.cells["kind"].input.widget
    assert isinstance(box, QComboBox)
    assert box.focusPolicy() is Qt.FocusPolicy.StrongFocus


def test_a_deed_without_inputs_asks_one_question_that_names_the_consequence(
    services: Any, window: Any, estate: Estate, settle: Settle
) -> None:
    house = estate.house("101")
    question: Any = deeddialog.do(services, DEEDS["owners.retire_unit"], [house], window)
    assert "1-1-101" in question.sentence.text()
    assert question.yes.text() == "停用房屋"
    question.yes.click()
    settle()
    assert Unit.find("1-1-101").state.value == "停用"


def test_several_rows_are_done_one_by_one_and_who_refuses_is_named(
    services: Any, window: Any, estate: Estate, settle: Settle
) -> None:
    houses = [estate.house("101"), estate.house("102")]
    DEEDS["owners.retire_unit"](houses[0])
    question: Any = deeddialog.do(
        services, DEEDS["owners.retire_unit"], [Unit.find("1-1-101"), houses[1]], window
    )
    question.yes.click()
    settle()
    assert Unit.find("1-1-102").state.value == "停用"
    assert "1-1-101" in front(Question).sentence.text()


def test_a_record_that_is_not_there_yet_is_made_from_the_field_that_names_it(
    estate: Any, window: Any, settle: Any, qtbot: Any
) -> None:
    from ui import deeddialog
    from ui.deeddialog import DeedDialog

    estate.house("101", owner=None)
    dialog = deeddialog.do(window.services, DEEDS["owners.add_ownership"], [], window)
    owner = dialog.form.cells["person"].input
    assert owner.plus.toolTip().startswith("新增人员")
    owner.plus.click()
    settle()
    (inner,) = [one for one in dialog.findChildren(DeedDialog) if one.isVisible()]
    assert inner.deed.name == "owners.add_person"
    inner.form.cells["name"].input.restore("新业主")
    inner.submit()
    settle()
    assert owner.given() and "新业主" in owner.kept()
    assert dialog.form.dirty()
    dialog.form.settle()
    dialog.reject()


def test_a_masked_number_is_not_put_right_in_part(window: Any, estate: Any, settle: Any) -> None:
    from models.owners.entry import add_person

    person = add_person(name="王桂芳", phone="13812345678")
    dialog = DeedDialog(window.services, DEEDS["owners.edit_person"], [person], parent=window)
    dialog.open()
    cell = dialog.form.cells["phone"]
    cell.input.line.setText(cell.input.line.text()[:-1] + "9")
    assert not cell.check() and "遮住的数字" in cell.problem.text()


def test_a_trial_takes_whatever_the_form_of_its_deed_holds() -> None:
    modules.load()
    twins = [(deed, trial) for deed in DEEDS.values() if (trial := trial_of(deed)) not in (None, deed)]
    lacking = [
        (trial.name, one.name) for deed, trial in twins for one in deed.inputs
        if one.name not in {asked.name for asked in trial.inputs}
    ]  # fmt: skip
    assert lacking == [] and len(twins) > 5
