"""Hands that stay on the keyboard: the keys of every page, form and sheet, and the table that lists them."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget
from shiboken6 import isValid

from models.deeds import DEEDS
from models.fees.cashier import receive
from models.fees.payments import Payment, Receipt, ReceiptState
from models.office.profile import profile
from models.owners.estate import Building, Community, Unit
from models.owners.people import Ownership, Person
from tests.estate import Estate, count_drawers, writing
from tests.ui.conftest import Printer, commit, front, pause
from ui import deeddialog, drafts, keys, keytable
from ui.calendar import Calendar
from ui.deeddialog import DeedDialog
from ui.dialogs import Question
from ui.page import Page, PageView
from ui.watch import watch
from ui.window import MainWindow

Settle = Callable[[], None]
CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


def focused() -> QWidget:
    """Return what has the keyboard; a window drawn nowhere must be told that its dialog closed."""
    if QApplication.focusWidget() is None:
        top = QApplication.activeModalWidget() or front(MainWindow)
        top.activateWindow()
        QTest.qWaitForWindowActive(top)
    found = QApplication.focusWidget()
    assert found is not None, "nothing has the keyboard"
    return found


def press(key: Qt.Key, mod: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(focused(), key, mod)


def type_in(words: str) -> None:
    QTest.keyClicks(focused(), words)


@pytest.fixture
def houses(estate: Estate) -> list[Unit]:
    """Make three houses that owe 100.00 each."""
    made = [estate.house(room) for room in ("101", "102", "201")]
    item = estate.item()
    for unit in made:
        estate.give(unit, item)
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    return made


def opened(window: Any, settle: Settle, name: str) -> Any:
    view = window.open(name)
    settle()
    view.setFocus()
    settle()
    return view


# -- pages -----------------------------------------------------------------------------------------


def test_f7_and_f8_go_to_the_row_before_and_the_next(houses: list[Unit], window: Any, settle: Settle) -> None:
    view = opened(window, settle, "units")
    seen = []
    for key in (Qt.Key.Key_F8, Qt.Key.Key_F8, Qt.Key.Key_F8, Qt.Key.Key_F7):
        press(key)
        seen.append(view.table.grid.selected_rows())
    assert seen == [[1], [2], [2], [1]]


def test_f2_edits_the_row_and_says_what_is_lacking_without_one(
    houses: list[Unit], window: Any, settle: Settle
) -> None:
    view = opened(window, settle, "units")
    press(Qt.Key.Key_F2)
    settle()
    dialog = front(DeedDialog)
    assert dialog.deed.name == "owners.edit_unit" and dialog.records == [houses[0]]
    dialog.reject()
    settle()
    commit(view.row.finder, "没有这样的")
    pause(400)
    settle()
    press(Qt.Key.Key_F2)
    assert window.status.said.text() == view.row_deeds[0].hindrance(view) != ""


def test_f4_leads_back_to_the_rows_but_in_a_field_shows_its_choices(
    houses: list[Unit], window: Any, settle: Settle
) -> None:
    view = opened(window, settle, "units")
    press(Qt.Key.Key_F, CTRL)
    assert view.row.finder.hasFocus()
    press(Qt.Key.Key_F4)
    assert view.table.grid.hasFocus()
    box = view.row.filters["building"].widget
    assert isinstance(box, QComboBox)
    box.setFocus()
    press(Qt.Key.Key_F4)
    assert box.view().isVisible()
    box.hidePopup()


def test_f4_opens_the_calendar_of_a_day_on_a_page(houses: list[Unit], window: Any, settle: Settle) -> None:
    view = opened(window, settle, "ownerships")
    view.row.filters["on"].widget.line.setFocus()
    press(Qt.Key.Key_F4)
    assert front(Calendar)
    front(Calendar).hide()


def test_f4_offers_records_before_anything_is_typed(
    houses: list[Unit], window: Any, settle: Settle, estate: Estate
) -> None:
    with writing():
        for number in range(50):  # more than a drop-down holds
            estate.person(f"住户{number}")
    dialog = deeddialog.do(window.services, DEEDS["owners.add_ownership"], [houses[0]], window)
    settle()
    line: Any = dialog.form.cells["person"].input.widget
    line.setFocus()
    press(Qt.Key.Key_F4)
    assert line.completer().popup().isVisible()
    assert line.completer().completionModel().rowCount() > 1
    line.completer().popup().hide()
    dialog.reject()


def test_a_house_is_taken_to_the_till_from_wherever_houses_are_listed(
    houses: list[Unit], window: Any, settle: Settle
) -> None:
    opened(window, settle, "units")
    press(Qt.Key.Key_F8)
    press(Qt.Key.Key_R, CTRL)
    settle()
    till = window.panels["fees"].turn_to(0)
    assert till.isVisible() and till.account.unit == houses[1]


# -- forms -----------------------------------------------------------------------------------------


def test_ctrl_shift_enter_saves_and_begins_the_next_one(window: Any, settle: Settle, estate: Estate) -> None:
    dialog = deeddialog.do(window.services, DEEDS["owners.add_community"], [], window)
    settle()
    for name in ("北苑", "南苑"):
        commit(dialog.form.cells["name"].input.widget, name)
        press(Qt.Key.Key_Return, CTRL | SHIFT)
        settle()
        assert dialog.isVisible() and not dialog.form.dirty()
        assert dialog.form.cells["name"].input.widget.hasFocus()
        assert dialog.note.text() == f"已新增小区：{name}　请填下一个。"
    assert {one.name for one in Community.select()} >= {"北苑", "南苑"}
    window.services.memory.flush()
    assert drafts.left(window.services.memory) == [], "what is saved is no draft any more"
    press(Qt.Key.Key_Escape)
    assert not dialog.isVisible(), "nothing is left to be asked about"


def test_a_form_on_a_record_is_not_begun_again(window: Any, settle: Settle, houses: list[Unit]) -> None:
    dialog = deeddialog.do(window.services, DEEDS["owners.edit_unit"], houses[:1], window)
    settle()
    assert not dialog.repeats() and not hasattr(dialog, "more")
    dialog.reject()


def test_f9_voids_a_receipt_and_prints_it(
    houses: list[Unit], window: Any, settle: Settle, printer: Printer
) -> None:
    receive(houses[0], Decimal(100))
    opened(window, settle, "receipts")
    press(Qt.Key.Key_F8)
    view = window.open("receipts")
    view.act("作废收据").run(view)
    settle()
    dialog = front(DeedDialog)
    assert dialog.print.toolTip() == "F9"
    commit(dialog.form.cells["reason"].input.widget, "交错了户")
    press(Qt.Key.Key_F9)
    settle()
    receipt = Receipt.get()
    assert not isValid(dialog) and receipt.state is ReceiptState.VOID
    assert (printer.asked[-1]["code"], printer.asked[-1]["number"]) == ("FE-06", receipt.number)


def test_f9_closes_the_day_and_prints_its_book(
    houses: list[Unit], window: Any, settle: Settle, printer: Printer
) -> None:
    receive(houses[0], Decimal(100))
    count_drawers()
    view = opened(window, settle, "closings")
    view.act("日结").run(view)
    settle()
    press(Qt.Key.Key_F9)
    settle()
    assert printer.asked[-1]["code"] == "FE-11"
    assert printer.asked[-1]["period"].first == date.today()


def test_f9_bills_a_month_and_prints_its_notices(
    houses: list[Unit], window: Any, settle: Settle, printer: Printer
) -> None:
    view = opened(window, settle, "bills")
    dialog = view.act("出账").run(view)
    settle()
    press(Qt.Key.Key_F9)
    assert printer.asked == [], "nothing was tried yet"
    press(Qt.Key.Key_Return, CTRL)
    settle()
    press(Qt.Key.Key_F9)
    settle()
    assert not isValid(dialog) and printer.asked[-1]["code"] == "FE-02"
    assert printer.asked[-1]["period"].first == date.today().replace(day=1)


# -- the cashier -----------------------------------------------------------------------------------


@pytest.fixture
def counted() -> Iterator[Counter[str]]:
    """Count the keys pressed and the mouse events of a test."""
    found: Counter[str] = Counter()
    kinds = {
        QEvent.Type.KeyPress: "keys",
        QEvent.Type.MouseButtonPress: "mouse",
        QEvent.Type.MouseMove: "mouse",
        QEvent.Type.Wheel: "mouse",
    }

    def look(watched: QObject, event: QEvent, kind: Any) -> bool:
        # A key goes to the window of the system first, then up from the widget until one takes it.
        if isinstance(watched, QWidget) and watched is QApplication.focusWidget():
            found[kinds[kind]] += 1
        return False

    end = watch().ask(kinds, look)
    yield found
    end()


def test_a_payment_takes_at_most_25_keys_and_no_mouse(
    houses: list[Unit], window: Any, settle: Settle, printer: Printer, counted: Counter[str]
) -> None:
    assert window.docks.current == "desk"
    press(Qt.Key.Key_K, CTRL)
    type_in("1-1-102")
    press(Qt.Key.Key_Return)
    pause(300)
    settle()
    press(Qt.Key.Key_R, CTRL)
    pause(50)
    settle()
    press(Qt.Key.Key_F9)
    settle()
    assert Payment.get().amount == 100 and Receipt.get().unit == houses[1]
    assert printer.asked[-1]["code"] == "FE-06"
    assert 10 <= counted["keys"] <= 25
    assert counted["mouse"] == 0


def test_at_the_till_f8_shows_the_next_house_unless_a_payment_is_typed(
    houses: list[Unit], window: Any, settle: Settle
) -> None:
    till = opened(window, settle, "till")
    type_in("1-1-101")
    press(Qt.Key.Key_Return)
    settle()
    press(Qt.Key.Key_F8)
    settle()
    assert till.account.unit == houses[1]
    press(Qt.Key.Key_F7)
    settle()
    assert till.account.unit == houses[0]
    press(Qt.Key.Key_F7)
    settle()
    assert till.told.text() == "前面没有房屋了。"
    type_in("40")
    press(Qt.Key.Key_F8)
    settle()
    assert till.account.unit == houses[0] and "还没有收" in till.told.text()


def test_two_hundred_rows_take_one_key_each_beside_their_digits(
    estate: Estate, window: Any, settle: Settle, counted: Counter[str]
) -> None:
    item = estate.item()
    for number in range(200):
        estate.give(estate.house(f"{100 + number}"), item)
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    page = opened(window, settle, "collecting")
    page.grid.setFocus()
    settle()
    for _ in range(200):
        type_in("100")
        press(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    settle()
    assert page.rows.filled() == 200 and not page.rows.wrong()
    assert counted["mouse"] == 0
    press(Qt.Key.Key_Return, CTRL)
    settle()
    front(Question).yes.click()
    settle()
    assert Payment.select().count() == 200


# -- the table of keys -----------------------------------------------------------------------------


def test_every_deed_of_every_page_has_a_key_of_its_own(window: Any) -> None:
    for panel in window.panels.values():
        for page in panel.shown:
            if isinstance(page, Page):
                view = PageView(page, window.services)
                found = [key for key, _ in keytable.keyed(page, view.record)]
                assert all(found), page.listing
                assert len(set(found)) == len(found), page.listing
                view.deleteLater()


def test_the_table_lists_every_shortcut_that_is_in_force(
    houses: list[Unit], window: Any, settle: Settle
) -> None:
    for name in ("units", "till", "collecting", "settings", "backups"):
        opened(window, settle, name)
        told = keytable.html(keytable.in_force(window))
        for shortcut in window.findChildren(QShortcut):
            assert shortcut.whatsThis(), shortcut.key().toString()
            if shortcut.parent().isVisible():
                assert keys.told(shortcut.key()) in told
        for action in window.findChildren(QAction):
            assert action.shortcut().isEmpty() or keys.told(action.shortcut()) in told


def test_no_key_means_two_things_at_once(houses: list[Unit], window: Any, settle: Settle) -> None:
    for name in ("units", "bills", "till", "collecting", "settings", "backups"):
        opened(window, settle, name)
        anywhere = Counter(
            one.key().toString()
            for one in window.findChildren(QShortcut)
            if one.context() is Qt.ShortcutContext.WindowShortcut
        )
        anywhere += Counter(
            one.shortcut().toString() for one in window.findChildren(QAction) if not one.shortcut().isEmpty()
        )
        here = QApplication.focusWidget()
        reached = Counter(
            one.key().toString()
            for one in window.findChildren(QShortcut)
            if one.context() is not Qt.ShortcutContext.WindowShortcut and one.parent().isAncestorOf(here)
        )
        assert [key for key, many in (anywhere + reached).items() if many > 1] == [], name


def test_ctrl_slash_shows_the_table_and_finds_in_it(houses: list[Unit], window: Any, settle: Settle) -> None:
    opened(window, settle, "units")
    press(Qt.Key.Key_Slash, CTRL)
    shown = front(keytable.KeyTable)
    whole = shown.view.toPlainText()
    for words in ("到处可用", "本页：房屋", "名单里", "物业收费 · 账单", "修改房屋", "撤销刚才的改动"):
        assert words in whole, words
    commit(shown.line, "批量生成")
    assert "批量生成房屋" in shown.view.toPlainText() and "到处可用" not in shown.view.toPlainText()
    commit(shown.line, "没有的")
    assert "换几个字再找" in shown.view.toPlainText()
    QTest.keyClick(shown.line, Qt.Key.Key_Escape)
    assert not shown.isVisible()


# -- taking back -----------------------------------------------------------------------------------


def test_an_edit_is_taken_back_by_ctrl_z_for_ten_seconds(
    houses: list[Unit], window: Any, settle: Settle
) -> None:
    opened(window, settle, "units")
    press(Qt.Key.Key_F2)
    settle()
    dialog = front(DeedDialog)
    commit(dialog.form.cells["note"].input.widget, "朝南")
    press(Qt.Key.Key_Return, CTRL)
    settle()
    assert Unit.find("1-1-101").note == "朝南"
    assert window.status.undo.isVisible() and window.status.undo.text() == "撤销修改房屋（10 秒）"
    press(Qt.Key.Key_Z, CTRL)
    settle()
    assert Unit.find("1-1-101").note is None
    assert window.status.said.text() == "已撤销修改房屋：1-1-101"
    assert not window.status.undo.isVisible()


def test_after_ten_seconds_nothing_is_taken_back(houses: list[Unit], window: Any, settle: Settle) -> None:
    person = Person.get()
    dialog = deeddialog.do(window.services, DEEDS["owners.edit_person"], [person], window)
    settle()
    commit(dialog.form.cells["note"].input.widget, "聋")
    press(Qt.Key.Key_Return, CTRL)
    settle()
    for _ in range(10):
        window.status.undo._tick.timeout.emit()
    assert not window.status.undo.isVisible()
    window.status.undo.take_back()
    settle()
    assert Person.get().note == "聋"


def test_what_was_retired_in_one_go_is_taken_back_in_one_go(
    window: Any, settle: Settle, estate: Estate
) -> None:
    with writing():
        community = Community.get()
        for code in ("8", "9"):
            Building.add(community=community, code=code, name=f"{code}栋")
    view = opened(window, settle, "buildings")
    view.table.grid.selectAll()
    view.act("停用楼栋").run(view)
    settle()
    front(Question).yes.click()
    settle()
    for told in [one for one in QApplication.topLevelWidgets() if isinstance(one, Question)]:
        told.reject()  # 1栋 still has houses or an entrance in use
    settle()
    assert not Building.find("8").active and not Building.find("9").active
    assert window.status.undo.text().startswith("撤销停用楼栋")
    window.status.undo.click()
    settle()
    assert Building.find("8").active and Building.find("9").active


def test_money_offers_nothing_to_take_back(houses: list[Unit], window: Any, settle: Settle) -> None:
    receive(houses[0], Decimal(100))
    view = opened(window, settle, "receipts")
    view.act("作废收据").run(view)
    settle()
    dialog = front(DeedDialog)
    commit(dialog.form.cells["reason"].input.widget, "交错了户")
    press(Qt.Key.Key_Return, CTRL)
    settle()
    assert Receipt.get().state is ReceiptState.VOID
    assert not window.status.undo.isVisible()


def test_a_refusal_to_take_back_is_told_and_nothing_is_written(
    houses: list[Unit], window: Any, settle: Settle
) -> None:
    house = Unit.find("1-1-101")
    dialog = deeddialog.do(window.services, DEEDS["owners.edit_unit"], [house], window)
    settle()
    commit(dialog.form.cells["note"].input.widget, "朝南")
    press(Qt.Key.Key_Return, CTRL)
    settle()
    DEEDS["owners.edit_unit"](Unit.find("1-1-101"), note="朝北")
    window.status.undo.click()
    settle()
    told = front(Question)
    assert "之后又被改过" in told.sentence.text()
    told.accept()
    assert Unit.find("1-1-101").note == "朝北"


def test_a_house_is_made_owned_billed_paid_and_receipted_by_keys_alone(
    estate: Estate, window: Any, settle: Settle, printer: Printer, counted: Counter[str]
) -> None:
    estate.item()

    def open_page(words: str) -> None:
        press(Qt.Key.Key_K, CTRL)
        type_in(words)
        pause(250)
        settle()
        press(Qt.Key.Key_Return)
        settle()

    def field(name: str) -> None:
        """Walk by Enter until the keyboard is in a field."""
        form = QApplication.activeWindow().form  # type: ignore[attr-defined]
        for _ in form.cells:
            if form.cells[name].input.widget.hasFocus():
                return
            press(Qt.Key.Key_Return)
        assert form.cells[name].input.widget.hasFocus(), name

    def save() -> None:
        press(Qt.Key.Key_Return, CTRL)
        settle()
        pause(150)  # lists gather announcements before they read anew
        settle()

    window._learn()
    settle()
    open_page("fangwu")
    press(Qt.Key.Key_2, CTRL)  # 新增房屋
    settle()
    for name, words in (("room", "101"), ("building", "1"), ("entrance", "1-1")):
        field(name)
        type_in(words)
    save()
    house = Unit.find("1-1-101")
    press(Qt.Key.Key_F8)
    press(Qt.Key.Key_7, CTRL)  # 登记产权
    settle()
    field("person")
    press(Qt.Key.Key_N, CTRL)  # 新增人员
    settle()
    field("name")
    type_in("Wang")
    save()
    save()
    assert [one.person.name for one in Ownership.select().where(Ownership.unit == house)] == ["Wang"]
    press(Qt.Key.Key_6, CTRL)  # 设定面积
    settle()
    field("billing")
    type_in("100")
    save()
    open_page("shoufeishezhi")
    press(Qt.Key.Key_2, CTRL)  # 设置收费
    settle()
    for name, words in (("unit", "1-1-101"), ("item", "1"), ("since", f"{date.today():%Y-%m}-01")):
        field(name)
        type_in(words)
    save()
    open_page("zhangdan")
    press(Qt.Key.Key_1, CTRL)  # 出账
    settle()
    save()
    save()
    open_page("1-1-101")
    press(Qt.Key.Key_R, CTRL)
    pause(50)
    settle()
    press(Qt.Key.Key_F9)
    settle()
    assert Receipt.get().unit == house and Receipt.get().amount == 100
    assert printer.asked[-1]["code"] == "FE-06"
    assert counted["mouse"] == 0 and counted["keys"] > 50


def test_ctrl_z_takes_back_the_settings_while_a_field_has_the_keyboard(window: Any, settle: Settle) -> None:
    page = opened(window, settle, "settings")
    line = page.form.cells["telephone"].input.widget
    line.setFocus()
    commit(line, "0551-1234567")
    press(Qt.Key.Key_Return, CTRL)
    settle()
    page.form.cells["telephone"].input.widget.setFocus()
    assert profile().telephone == "0551-1234567"
    press(Qt.Key.Key_Z, CTRL)
    settle()
    assert profile().telephone is None


def test_ctrl_z_in_a_line_takes_back_what_was_typed_there_first(
    houses: list[Unit], window: Any, settle: Settle
) -> None:
    house = Unit.find("1-1-101")
    dialog = deeddialog.do(window.services, DEEDS["owners.edit_unit"], [house], window)
    settle()
    commit(dialog.form.cells["note"].input.widget, "朝南")
    press(Qt.Key.Key_Return, CTRL)
    settle()
    view = opened(window, settle, "units")
    view.row.finder.setFocus()
    type_in("1")
    press(Qt.Key.Key_Z, CTRL)
    settle()
    assert view.row.finder.text() == "" and Unit.find("1-1-101").note == "朝南"
    press(Qt.Key.Key_Z, CTRL)
    settle()
    assert Unit.find("1-1-101").note is None


def test_another_deed_withdraws_what_was_offered(houses: list[Unit], window: Any, settle: Settle) -> None:
    dialog = deeddialog.do(window.services, DEEDS["owners.edit_unit"], [Unit.find("1-1-101")], window)
    settle()
    commit(dialog.form.cells["note"].input.widget, "朝南")
    press(Qt.Key.Key_Return, CTRL)
    settle()
    assert window.status.undo.isVisible()
    window.services.say("已作废收据：SJ-1", ())
    assert not window.status.undo.isVisible()


@pytest.mark.parametrize("name", [deed.name for deed in DEEDS.values() if deed.inputs])
def test_f4_in_every_field_of_every_form_breaks_nothing(
    name: str, services: Any, settle: Settle, estate: Estate
) -> None:
    estate.house("101")
    dialog = DeedDialog(services, DEEDS[name])
    dialog.show()
    settle()
    for cell in dialog.form.cells.values():
        QTest.keyClick(cell.input.widget, Qt.Key.Key_F4)
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
    settle()
    dialog.form.settle()
    dialog.reject()


def test_much_more_than_is_owed_is_asked_about_before_it_is_taken(
    houses: list[Unit], window: Any, settle: Settle
) -> None:
    till = opened(window, settle, "till")
    type_in("1-1-101")
    press(Qt.Key.Key_Return)
    settle()
    type_in("10000")
    press(Qt.Key.Key_Return, CTRL)
    settle()
    question = front(Question)
    assert "9,900.00 元转为预存" in question.sentence.text() and Payment.select().count() == 0
    question.reject()
    settle()
    till.form.cells["amount"].input.widget.setFocus()
    till.form.cells["amount"].input.widget.selectAll()
    type_in("150")
    press(Qt.Key.Key_Return, CTRL)
    settle()
    assert Payment.get().amount == 150


def test_enter_on_a_number_that_fits_several_says_so_at_once(
    houses: list[Unit], window: Any, settle: Settle
) -> None:
    till = opened(window, settle, "till")
    type_in("1-1-10")
    pause(300)
    settle()
    popup = till.house.completer().popup()
    assert popup.isVisible()
    QTest.keyClick(popup, Qt.Key.Key_Return)
    settle()
    assert not popup.isVisible() and till.account is None and till.told.text()
