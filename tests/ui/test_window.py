import importlib
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialogButtonBox,
    QDockWidget,
    QFileDialog,
    QMessageBox,
    QPushButton,
    QWidget,
)

from desktop.making import make_window
from desktop.modules import MODULES
from models import deeds
from models.deeds import DEEDS, RIGHTS
from models.listings import LISTS, Filters
from models.months import Month, Period
from models.office.accounts import Account
from models.office.staff import add_department
from models.owners.estate import Community
from tests.estate import Estate
from tests.ui.conftest import front
from ui.acts import Act
from ui.desk import Clickable
from ui.dialogs import Question
from ui.page import Page, PageView
from ui.panel import Panel
from ui.status import told_backup

Settle = Callable[[], None]
PANELS = tuple(importlib.import_module(f"ui.{module.name}").PANEL for module in MODULES)


def pages() -> Iterator[tuple[type[Panel], Page]]:
    for panel in PANELS:
        for page in panel.pages:
            if isinstance(page, Page):
                yield panel, page


def test_a_list_with_the_keyboard_is_on_a_row_though_it_has_but_one(
    window: Any, estate: Estate, settle: Settle
) -> None:
    view = window.open("communities")
    settle()
    view.setFocus()
    assert view.table.grid.hasFocus()
    assert [row.values[0] for row in view.table.grid.selected()] == [Community.get().name]
    view.refresh()
    settle()
    assert len(view.records()) == 1


def test_a_key_for_a_row_says_what_is_lacking_where_none_is_selected(
    window: Any, estate: Estate, settle: Settle
) -> None:
    view = window.open("balances")
    settle()
    (press,) = [one for one in view.findChildren(QShortcut) if one.key() == QKeySequence("Ctrl+2")]
    press.activated.emit()
    assert window.status.said.text() == view.act("预存抵扣").hindrance(view) != ""


def test_what_was_just_made_is_the_selected_row(
    window: Any, estate: Estate, settle: Settle, qtbot: Any
) -> None:
    for name in ("保洁组", "门岗组", "食堂组"):
        add_department(name)
    view: PageView = window.open("departments")
    settle()
    view.table.grid.selectRow(1)
    dialog = view.act(DEEDS["office.add_department"].title).run(view)
    dialog.form.put({"name": "夜班组"})
    dialog.submit()
    settle()
    qtbot.waitUntil(lambda: [one.name for one in view.records()] == ["夜班组"])
    view.table.grid.selectRow(0)
    view.refresh()
    settle()
    assert view.table.grid.selected_rows() == [0]


def listed_pages() -> list[str]:
    return [page.listing for _, page in pages()]


@pytest.fixture
def peopled(estate: Estate) -> Estate:
    """Fill the office with something for most pages."""
    house = estate.house("101")
    estate.house("102", owner="李强")
    item = estate.item()
    estate.give(house, item)
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    DEEDS["fees.receive"].call("1-1-101", {"amount": "40"})
    return estate


def test_pages_name_only_deeds_and_filters_that_there_are() -> None:
    for _, page in pages():
        named = [act for act in (*page.deeds, *page.row_deeds) if isinstance(act, str)]
        assert set(named) <= set(DEEDS), page.listing
        assert set(page.filters or ()) <= set(LISTS[page.listing].takes), page.listing
        acts = [act for act in (*page.deeds, *page.row_deeds) if isinstance(act, Act)]
        assert {act.right for act in acts} <= set(RIGHTS), page.listing


def test_pages_print_only_forms_that_there_are() -> None:
    from desktop import modules

    modules.load_papers()
    from reports.papers import PAPERS

    assert {code for _, page in pages() for code in page.papers} <= set(PAPERS)


def test_each_list_has_a_page() -> None:
    shown_elsewhere = {"rights", "colleagues", "staff_names"}
    assert set(LISTS) - set(listed_pages()) - shown_elsewhere == set()


def test_a_page_reads_anew_after_a_change_made_anywhere(
    estate: Estate, window: Any, settle: Settle, qtbot: Any
) -> None:
    view = window.open("people")
    settle()
    before = view.table.count
    DEEDS["owners.add_person"].call(None, {"name": "新来的"})
    qtbot.waitUntil(lambda: view.table.count == before + 1, timeout=5000)


def test_a_hidden_page_reads_anew_when_it_is_shown_again(estate: Estate, window: Any, settle: Settle) -> None:
    view = window.open("people")
    settle()
    window.open("units")
    DEEDS["owners.add_person"].call(None, {"name": "新来的"})
    settle()
    window.open("people")
    settle()
    assert view.table.count == LISTS["people"]().count()


def test_filters_narrow_the_list_and_its_totals(peopled: Estate, window: Any, settle: Settle) -> None:
    view = window.open("bills", Filters(period=Period.of_month(Month(2025, 12))))
    settle()
    assert view.table.count == 0
    assert view.table.empty_words.text() == "没有符合筛选的内容。"
    view.table.first_step.click()
    settle()
    assert view.table.count == 1
    view.row.filters["state"].put("已结清")
    settle()
    assert view.table.count == 0


def test_filters_offer_names_rather_than_numbers(peopled: Estate, window: Any, settle: Settle) -> None:
    view = window.open("bills")
    offered = {name: view.row.filters[name].widget.itemText(1) for name in ("building", "item", "state")}
    assert offered == {"building": "1栋", "item": "物业费", "state": "未收"}
    view.row.filters["building"].widget.setCurrentIndex(1)
    settle()
    assert view.row.given().building.code == "1"


def test_a_period_that_is_none_is_marked_and_left_out(peopled: Estate, window: Any, settle: Settle) -> None:
    view = window.open("bills")
    line = view.row.filters["period"].widget
    line.setText("2026-99")
    view.row.changed.emit()
    settle()
    assert line.property("wrong") is True
    assert view.table.count == 1


def test_words_are_looked_for_after_a_moment(
    peopled: Estate, window: Any, settle: Settle, qtbot: Any
) -> None:
    view = window.open("units")
    settle()
    view.row.finder.setText("102")
    qtbot.waitUntil(lambda: view.table.count == 1, timeout=5000)


def test_deeds_on_rows_wait_for_a_row_and_say_so(peopled: Estate, window: Any, settle: Settle) -> None:
    view = window.open("units")
    settle()
    button = next(one for one in view.buttons.findChildren(QPushButton) if one.text() == "修改房屋…")
    assert not button.isEnabled() and button.toolTip() == "请先在名单中选一行 (Ctrl+4 或 F2)"
    view.table.grid.selectRow(0)
    assert button.isEnabled() and button.toolTip().startswith("Ctrl+")
    view.table.grid.selectAll()
    assert not button.isEnabled() and "一行" in button.toolTip()


def test_enter_on_a_row_opens_its_first_deed(
    peopled: Estate, window: Any, settle: Settle, qtbot: Any
) -> None:
    view = window.open("people")
    settle()
    view.table.grid.selectRow(0)
    view.table.grid.setFocus()
    qtbot.keyClick(view.table.grid, Qt.Key.Key_Return)
    settle()
    from ui.deeddialog import DeedDialog

    assert front(DeedDialog).deed.name == "owners.edit_person"


def test_every_deed_of_a_page_has_a_key(peopled: Estate, window: Any, settle: Settle, qtbot: Any) -> None:
    from ui.deeddialog import DeedDialog

    view = window.open("people")
    settle()
    view.table.grid.setFocus()
    qtbot.keyClick(view.table.grid, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert front(DeedDialog).deed.name == "owners.add_person"


def test_a_dialog_does_not_trouble_the_widgets_of_the_pages(
    peopled: Estate, window: Any, settle: Settle, qapp: Any
) -> None:
    told: list[QEvent.Type] = []

    class Listener(QWidget):
        def event(self, event: QEvent) -> bool:
            told.append(event.type())
            return super().event(event)

    view = window.open("people")
    heard = Listener(view)
    heard.show()
    settle()
    dialog = view.act(DEEDS["owners.add_person"].title).run(view)
    settle()
    assert dialog.isVisible() and qapp.activeModalWidget() is dialog
    dialog.hide()
    settle()
    assert told and not {QEvent.Type.WindowBlocked, QEvent.Type.WindowUnblocked} & set(told)


@pytest.mark.parametrize("name", ["units", "vehicles"])
def test_a_key_turns_the_pages_with_rows_and_without(
    peopled: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any, name: str
) -> None:
    window.open(name)
    settle()
    bar = window.panels["owners"].bar
    before = bar.currentIndex()
    qtbot.keyClick(qapp.focusWidget(), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert bar.currentIndex() == before + 1
    qtbot.keyClick(qapp.focusWidget(), Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert bar.currentIndex() == before


def test_pages_stand_in_groups_that_keep_their_page(
    peopled: Estate, window: Any, settle: Settle, qtbot: Any, qapp: Any
) -> None:
    panel = window.panels["fees"]

    def tabs() -> list[str]:
        return [page.listing for at, page in enumerate(panel.shown) if panel.bar.isTabVisible(at)]

    window.open("receipts")
    settle()
    assert "receipts" in tabs() and "bills" not in tabs()
    window.open("closings")
    settle()
    assert "shifts" in tabs() and panel.grouped.tabText(panel.grouped.currentIndex()) == "收银与票据"
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(qapp.focusWidget(), Qt.Key.Key_PageUp, both)
    settle()
    assert panel.front() == "receipts"
    qtbot.keyClick(qapp.focusWidget(), Qt.Key.Key_PageDown, both)
    settle()
    assert panel.front() == "closings"


@pytest.mark.parametrize("module", ["fees", "office"])
def test_every_page_of_a_grouped_module_stands_in_one_group(window: Any, module: str) -> None:
    panel = type(window.panels[module])
    assert [page for pages in panel.groups.values() for page in pages] == list(panel.pages)


def test_groups_stand_above_their_pages_where_room_is_short(
    peopled: Estate, window: Any, settle: Settle
) -> None:
    window.open("late")
    panel = window.panels["fees"]
    for width, above in ((2600, False), (1366, True), (2600, False)):
        window.resize(width, 768)
        settle()
        assert (panel.grouped.y() < panel.bar.y()) is above, width
        assert panel.bar.width() >= panel.bar.sizeHint().width()


def test_a_line_of_the_desk_opens_its_page_narrowed(peopled: Estate, window: Any, settle: Settle) -> None:
    window.docks.raise_dock("desk")
    window.desk.reload()
    settle()
    rows = [row for row in window.desk.findChildren(Clickable, "reminder") if row.opens]
    assert rows
    rows[0].chosen.emit()
    settle()
    assert window.docks.current != "desk"


def test_the_desk_shows_key_figures_with_words_for_those_who_listen(
    peopled: Estate, window: Any, settle: Settle
) -> None:
    cards = window.desk.findChildren(Clickable, "figure")
    assert cards
    assert all(card.accessibleName() for card in cards)


@pytest.fixture
def cashier(estate: Estate) -> Iterator[Account]:
    """Let a cashier act."""
    DEEDS["office.add_staff"].call(None, {"number": "0002", "name": "张敏"})
    DEEDS["office.add_account"].call(None, {"login": "zhangmin", "staff": "0002", "role": "收款员"})
    from tests.estate import writing

    account = Account.find("zhangmin")
    with writing():
        account.change(must_change=False)
    with deeds.acting(account):
        yield account


def test_a_cashier_sees_only_what_a_cashier_may(cashier: Account, services: Any, office: Any) -> None:
    window = make_window(services, cashier, office)
    assert set(window.docks.all) == {"desk", "owners", "fees", "office"}
    shown = [page.listing for panel in window.panels.values() for page in panel.shown]
    assert "till" in shown and "accounts" not in shown and "audit" not in shown
    bills = window.panels["fees"].turn_to(shown_number(window, "bills"))
    assert [act.title for act in bills.deeds] == []
    assert [act.title for act in bills.row_deeds] == ["收款", "预存抵扣", "解释"]
    window.shut()


def shown_number(window: Any, listing: str) -> int:
    number: int | None = window.panels["fees"].number_of(listing)
    assert number is not None
    return number


def test_docks_have_names_can_be_closed_and_come_back(window: Any, settle: Settle) -> None:
    names = {dock.objectName() for dock in window.findChildren(QDockWidget)}
    assert names == {"dock-desk", *(f"dock-{module.name}" for module in MODULES)}
    window.docks.raise_dock("fees")
    window.docks.close()
    assert window.docks.all["fees"].isHidden() and window.docks.current == "desk"
    window.docks.close()
    assert not window.docks.all["desk"].isHidden()
    window.open("bills")
    assert not window.docks.all["fees"].isHidden()


def test_closing_asks_while_a_job_is_under_way(services: Any, window: Any, settle: Settle) -> None:
    import time

    left: list[str] = []
    window.leaving.connect(lambda: left.append("left"))

    def slow(job: Any) -> None:
        while not job.cancelled():
            time.sleep(0.01)

    services.jobs.start("打印通知单", window, slow, lambda _: None)
    assert window.status.work.isVisible()
    window.close()
    question = front(Question)
    assert "打印通知单" in question.sentence.text() and left == []
    question.no.click()
    window.status.stop.click()
    settle()
    assert not window.status.work.isVisible()
    window.close()
    assert left == ["left"]


def test_the_status_bar_tells_the_last_backup_in_danger_when_it_is_old() -> None:
    from datetime import datetime, timedelta

    now = datetime(2026, 11, 23, 18, 30)
    assert told_backup(now.replace(hour=18, minute=2), now) == ("上次备份 今天 18:02", "")
    assert told_backup(now - timedelta(days=1), now) == ("上次备份 昨天 18:30", "")
    assert told_backup(now - timedelta(days=9), now) == ("上次备份 9 天前", "danger")
    assert told_backup(None, now) == ("还没有备份", "danger")


def test_qts_own_buttons_speak_chinese(window: Any) -> None:
    box = QDialogButtonBox(
        QDialogButtonBox.StandardButton.Ok
        | QDialogButtonBox.StandardButton.Cancel
        | QDialogButtonBox.StandardButton.Save
        | QDialogButtonBox.StandardButton.Discard
    )
    asked = QMessageBox(QMessageBox.Icon.Question, "问", "问", QMessageBox.StandardButton.Yes)
    chosen = QFileDialog(options=QFileDialog.Option.DontUseNativeDialog)
    words = [
        button.text()
        for owner in (box, asked, chosen)
        for button in owner.findChildren(QAbstractButton)
        if button.text()
    ]
    assert words
    assert [word for word in words if re.search(r"[A-Za-z]{2,}", word.replace("&", ""))] == []


def test_no_shortcut_of_the_window_is_taken_twice(window: Any) -> None:
    keys = [
        action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
        for action in window.actions() + window.navigator.actions()
        if not action.shortcut().isEmpty()
    ]
    assert len(keys) == len(set(keys))


def test_todays_work_is_printed_from_the_desk(window: Any, printer: Any, settle: Settle, qtbot: Any) -> None:
    window.docks.raise_dock("desk")
    settle()
    qtbot.keyClick(window.desk, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert [one["code"] for one in printer.asked] == ["OF-21"]


def test_what_was_opened_last_stands_on_the_desk(peopled: Estate, window: Any, settle: Settle) -> None:
    from models.search import find

    window.search.open(find("1-1-101")[0])
    settle()
    links = [one for one in window.desk.findChildren(QPushButton) if one.text().startswith("1-1-101")]
    assert len(links) == 1
    window.docks.raise_dock("desk")
    links[0].click()
    settle()
    assert window.docks.current == "owners"


def test_a_narrow_page_keeps_whole_buttons_and_filters(peopled: Estate, window: Any, settle: Settle) -> None:
    view = window.open("units")
    settle()
    wide = [one.text() for one in view.buttons._deeds]
    for width in (1000, 1366, 900):
        window.docks.split(Qt.Orientation.Horizontal)
        window.resize(width, 700)
        settle()
        shown = [
            one
            for one in (*view.buttons.findChildren(QPushButton), *view.row.findChildren(QComboBox))
            if one.isVisible() and one.parentWidget() in (view.buttons, view.row)
        ]
        assert [one for one in shown if one.width() < one.minimumSizeHint().width()] == []
        right = max(one.mapTo(view, one.rect().topRight()).x() for one in shown)
        assert right <= view.width()
    window.docks.gather()
    window.resize(1366, 768)
    settle()
    assert [one.text() for one in view.buttons._deeds] == wide


def test_a_reminder_opens_just_what_it_counts(window: Any, settle: Any, estate: Any) -> None:
    from models.deeds import DEEDS
    from models.desk import reminders_on

    item = estate.item()
    for room in ("101", "102"):
        estate.give(estate.house(room), item)
    DEEDS["fees.bill"].call(None, {"month": str(Month.of(date.today()).plus(-6))})
    estate.give(estate.house("103"), item)
    DEEDS["fees.bill"].call(None, {"month": str(Month.of(date.today()).plus(-1)), "catch_up": False})
    told = next(one for one in reminders_on(date.today()) if "欠费超过" in one.title)
    assert told.count == 2
    window.services.open(told.page, Filters(**told.filters), told.asked)
    settle()
    view = window.panels["fees"].stack.currentWidget()
    assert view.table.count == 2 and "3个月以上" in " ".join(
        chip.toolTip() for chip in view.narrowing.findChildren(QPushButton)
    )


def test_the_page_that_was_in_front_is_in_front_again(window: Any, settle: Any, services: Any) -> None:
    window.open("receipts")
    settle()
    panel = type(window.panels["fees"])(services, window)
    panel.build()
    assert panel.shown[panel.bar.currentIndex()].listing == "receipts"
    services.memory.put("page.fees", "nothing")
    other = type(window.panels["fees"])(services, window)
    other.build()
    assert other.bar.currentIndex() == 0


def test_the_list_of_keys_fits_the_screen(window: Any) -> None:
    told = window.show_keys()
    told.show()
    assert told.height() <= told.screen().availableGeometry().height()
    told.close()
