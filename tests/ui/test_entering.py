"""Many rows entered fast, with keys alone, and what becomes of them."""

import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.deeds import DEEDS
from models.entries import Entry, Line, Sheet
from models.fees.cashier import receive
from models.fees.collecting import collecting
from models.fees.payments import Payment, Receipt
from models.fields import CodeField
from models.listings import Shown
from models.owners.estate import Unit
from tests.estate import Estate
from tests.ui.conftest import Printer, begin_sheet, front, pause
from ui.copiedtable import table_of
from ui.dialogs import Question
from ui.entering import EntryPage
from ui.entrygrid import EntryGrid
from ui.entryrows import STRANGE, EntryRows

Settle = Callable[[], None]
ROOMS = ("101", "102", "201", "202", "1001")


@pytest.fixture
def units(estate: Estate) -> list[Unit]:
    """Make five houses that owe 100.00 each."""
    made = [estate.house(room) for room in ROOMS]
    item = estate.item()
    for unit in made:
        estate.give(unit, item)
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    return made


@pytest.fixture
def page(units: list[Unit], window: Any, settle: Settle) -> Any:
    return begin_sheet(window, settle, "collecting")


def keys(words: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), words)


def press(key: Qt.Key, mod: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, mod)


def paste(words: str) -> None:
    QGuiApplication.clipboard().setText(words)
    press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def cell(page: Any, row: int, column: int) -> str:
    return str(page.rows.index(row, column).data())


def say_yes(verb: str) -> None:
    question = front(Question)
    assert question.yes.text() == verb
    question.yes.click()


def test_each_line_takes_one_key_beside_its_digits(page: Any, settle: Settle) -> None:
    for _ in range(2):
        keys("100")
        press(Qt.Key.Key_Return)
    keys("=")
    press(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert [cell(page, row, 4) for row in range(4)] == ["100.00", "100.00", "100.00", ""]
    assert page.counts.text() == "已录 3 / 5　漏 0　收款金额合计 300.00"
    assert page.grid.currentIndex().row() == 3 and QApplication.focusWidget().accessibleName() == (
        "第 4 行 收款金额"
    )


def test_enter_goes_back_to_where_tab_began_and_a_line_down(page: Any) -> None:
    first = page.grid.currentIndex().column()
    keys("100")
    press(Qt.Key.Key_Tab)
    keys("LS1")
    press(Qt.Key.Key_Return)
    at = page.grid.currentIndex()
    assert (at.row(), at.column()) == (1, first)
    press(Qt.Key.Key_Return)
    assert (page.grid.currentIndex().row(), page.grid.currentIndex().column()) == (2, first)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    assert (page.grid.currentIndex().row(), page.grid.currentIndex().column()) == (2, first + 1)


def test_what_is_missing_wrong_or_strange_is_counted_and_said(page: Any) -> None:
    press(Qt.Key.Key_Down)
    keys("80")
    press(Qt.Key.Key_Down)
    keys("x")
    press(Qt.Key.Key_Down)
    keys("130")
    press(Qt.Key.Key_Return)
    assert page.counts.text().startswith("已录 3 / 5　漏 1　有误 1")
    assert [cell(page, row, 6)[:3] for row in range(4)] == ["", "少 2", "收款金", "多 3"]
    press(Qt.Key.Key_F8)
    assert page.grid.currentIndex().row() == 0
    press(Qt.Key.Key_F8)
    assert page.grid.currentIndex().row() == 2
    page.submit()
    assert "有 1 行不对" in page.told.text() and Payment.select().count() == 0


def test_all_that_was_entered_is_taken_at_once_and_its_receipts_are_printed(
    page: Any, settle: Settle, printer: Printer
) -> None:
    keys("100")
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    keys("60")
    press(Qt.Key.Key_Tab)
    keys("LS9")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    question = front(Question)
    assert "批量收款 2 行，收款金额合计 160.00" in question.sentence.text()
    assert "漏了 1 行：1-1-102" in question.sentence.text()
    assert "后面还有 2 行没有录" in question.sentence.text()
    say_yes("批量收款")
    settle()
    told = sorted((str(one.amount), one.reference or "") for one in Payment.select())
    assert told == [("100.00", ""), ("60.00", "LS9")]
    assert "2 户 160.00 元" in page.told.text() and page.rows.filled() == 0
    assert [line.line.key for line in page.rows.lines] == ["1-1-102", "1-1-201", "1-1-202", "1-1-1001"]
    page.again.click()
    settle()
    numbers = "、".join(sorted(one.number for one in Receipt.select()))
    assert printer.asked[-1]["code"] == "FE-06" and printer.asked[-1]["number"] == numbers


def test_one_line_that_is_refused_saves_none_and_is_shown(
    page: Any, settle: Settle, units: list[Unit]
) -> None:
    keys("100")
    press(Qt.Key.Key_Return)
    keys("100")
    press(Qt.Key.Key_Return)
    page.services.changed.disconnect(page._changed)  # as if the word had not come yet
    receive(units[1], Decimal(40))
    page.submit()
    say_yes("批量收款")
    settle()
    assert Payment.select().count() == 1
    assert "一行都没有保存" in page.told.text() and "1-1-102" in cell(page, 1, 6)
    assert page.grid.currentIndex().row() == 1 and page.rows.filled() == 2
    assert page.told.text().startswith("第 2 行：1-1-102")
    page.rows.setData(page.grid.currentIndex(), "60")
    assert page.told.text() == "", "what is mended is no longer complained of"


def test_what_was_typed_stays_with_its_house_when_others_pay_meanwhile(
    page: Any, settle: Settle, units: list[Unit]
) -> None:
    press(Qt.Key.Key_Down)
    keys("55")
    press(Qt.Key.Key_Down)
    receive(units[0], Decimal(100))
    settle()
    pause(200)
    settle()
    assert cell(page, 0, 0) == "1-1-102" and cell(page, 0, 4) == "55.00"
    assert page.grid.currentIndex().row() == 1 and QApplication.focusWidget().objectName() == "entry"
    receive(units[1], Decimal(100))
    pause(200)
    settle()
    assert "1-1-102 已不在名单里" in page.told.text() and page.rows.filled() == 0


def test_a_pasted_table_finds_its_houses_in_any_form(page: Any) -> None:
    paste("房号\t金额\t流水\n1栋1单元1001\t100\tA1\n1-1-202\t1,00x\n9-9-9\t5\n１－１－１０１\t30\n")
    assert page.rows.filled() == 3
    assert [cell(page, 4, 4), cell(page, 4, 5), cell(page, 0, 4)] == ["100.00", "A1", "30.00"]
    assert page.rows.wrong() == [3]
    assert "粘贴了 3 行。有 1 行对不上，没有粘贴：9-9-9。" in page.told.text()


def test_a_pasted_column_goes_down_from_where_the_keyboard_is(page: Any) -> None:
    press(Qt.Key.Key_Down)
    paste("1\n2\n3\n4\n5\n")
    assert [cell(page, row, 4) for row in range(5)] == ["", "1.00", "2.00", "3.00", "4.00"]
    assert "第 5 行" in page.told.text()


def test_that_nothing_is_missing_is_said_until_one_goes_on(page: Any) -> None:
    press(Qt.Key.Key_F8)
    assert page.told.text() == "没有漏录的，也没有填错的。"
    press(Qt.Key.Key_Down)
    assert page.told.text() == ""


def test_what_is_missing_stays_wrong_until_it_is_typed(page: Any) -> None:
    page.rows.setData(page.rows.index(0, 5), "A1")
    assert page.rows.index(0, 6).data(STRANGE) == "有流水号，没有金额"
    page.submit()
    assert page.rows.wrong() == [0] and page.rows.index(0, 6).data(STRANGE) == ""
    press(Qt.Key.Key_Return)
    assert page.rows.wrong() == [0] and cell(page, 0, 6) == "没有填收款金额。"
    page.grid.go_to(page.rows.index(0, 4))
    keys("5")
    press(Qt.Key.Key_Return)
    assert page.rows.wrong() == []


def test_a_house_that_is_pasted_twice_is_told_and_keeps_its_first_amount(page: Any) -> None:
    paste("1-1-101\t60\n1-1-101\t40\n1-1-102\t100\n")
    assert [cell(page, row, 4) for row in range(2)] == ["60.00", "100.00"]
    assert "1-1-101（重复）" in page.told.text()


def test_a_column_is_pasted_nowhere_while_no_cell_is_chosen(page: Any, settle: Settle) -> None:
    page.grid.rest()
    page.grid.paste("80\n90")
    assert page.rows.filled() == 0 and page.told.text() == "请先点要从哪一格粘贴起。"
    page.grid.paste("1-1-102\t80")
    assert [one.line.key for one in page.rows.lines if one.filled] == ["1-1-102"], "it says itself to whom"
    page.rows.clear()
    page.rows.show(replace(page.rows.sheet, lines=()))
    page.grid.paste("80")
    assert page.rows.filled() == 0


def test_a_table_of_houses_never_goes_to_others_by_its_place(page: Any) -> None:
    press(Qt.Key.Key_Down)
    paste("1-1-101\t50\n2-1-101\t70\n2-1-102\t80\n")
    assert page.rows.kept().keys() == {"1-1-101"} and page.rows.wrong() == []
    assert "2-1-101、2-1-102" in page.told.text()


@pytest.mark.parametrize("composed", [False, True])
def test_lines_that_come_while_a_number_is_typed_wait_for_its_end(
    page: Any, settle: Settle, units: list[Unit], composed: bool
) -> None:
    press(Qt.Key.Key_Down)
    if composed:
        QApplication.sendEvent(QApplication.focusWidget(), QInputMethodEvent("yi", []))
    else:
        keys("1")
    receive(units[0], Decimal(10))
    pause(400)
    settle()
    assert cell(page, 0, 3) == "100.00"
    if composed:
        done = QInputMethodEvent("", [])
        done.setCommitString("1")
        QApplication.sendEvent(QApplication.focusWidget(), done)
    keys("50")
    press(Qt.Key.Key_Return)
    pause(400)
    assert [cell(page, 0, 3), cell(page, 1, 4)] == ["90.00", "150.00"]
    keys("7")
    press(Qt.Key.Key_Return)
    assert cell(page, 2, 4) == "7.00"


def test_what_is_typed_on_for_a_line_that_is_gone_goes_to_no_other(
    page: Any, settle: Settle, units: list[Unit]
) -> None:
    press(Qt.Key.Key_Down)
    receive(units[1], Decimal(100))
    pause(400)
    settle()
    assert [one.line.key for one in page.rows.lines][:2] == ["1-1-101", "1-1-201"]
    keys("55")
    assert page.rows.filled() == 0
    press(Qt.Key.Key_Return)
    keys("5")
    press(Qt.Key.Key_Return)
    assert cell(page, 0, 4) == "5.00"


def test_an_amount_for_a_house_that_owes_another_sum_by_now_waits_to_be_confirmed(
    page: Any, settle: Settle, units: list[Unit]
) -> None:
    keys("=")
    press(Qt.Key.Key_Return)
    receive(units[0], Decimal(60))
    pause(400)
    settle()
    assert page.rows.wrong() == [0] and "1-1-101 录入后变了" in page.told.text()
    kept = page.rows.kept()
    page.rows.clear()
    assert page.rows.restore(kept).moved == ["1-1-101"]  # after a crash no less
    page.submit()
    assert "有 1 行不对" in page.told.text()
    press(Qt.Key.Key_Return)
    assert page.rows.wrong() == [] and cell(page, 0, 6) == "多 60.00，转为预存"
    page.submit()
    assert "其中 1 行有提示" in front(Question).sentence.text()
    front(Question).no.click()


def test_a_click_on_what_is_only_read_types_into_its_line(page: Any, settle: Settle) -> None:
    for column in (0, 3, 6):
        spot = page.grid.visualRect(page.rows.index(3, column)).center()
        QTest.mouseClick(page.grid.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        settle()
        at = page.grid.currentIndex()
        assert (at.row(), at.column()) == (3, 4)
        page.grid.go_to(page.rows.index(0, 4))


def test_what_was_taken_is_forgotten_at_once(page: Any, settle: Settle, services: Any) -> None:
    written: list[dict[str, Any]] = []

    class Shelf:
        def read(self) -> dict[str, Any]:
            return {}

        def write(self, told: dict[str, Any]) -> None:
            written.append(dict(told))

    services.memory._shelf = Shelf()
    keys("60")
    press(Qt.Key.Key_Return)
    pause(400)
    assert "entry.collecting" in written[-1]
    page.submit()
    say_yes("批量收款")
    while "已批量收款" not in page.told.text():
        pause(5)
    assert "entry.collecting" not in written[-1]


def test_what_was_kept_is_not_forgotten_before_the_list_is_read(
    units: list[Unit], services: Any, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.memory.put("entry.collecting", {"1-1-101": {"amount": "66"}})
    services.memory.flush()
    gate, sheet = threading.Event(), Entry.sheet

    def late(self: Entry, filters: Any) -> Sheet:
        gate.wait(5)
        return sheet(self, filters)

    monkeypatch.setattr(Entry, "sheet", late)
    again = EntryPage(services, collecting)
    again.show()
    pause(500)
    gate.set()
    settle()
    assert cell(again, 0, 4) == "66.00"
    again.close()


def test_a_quote_that_nobody_closed_is_a_letter() -> None:
    words = '1-1-101\t100\t"转账\n1-1-102\t50\t"a\tb\n""c"\r\nx\t'
    assert table_of(words) == [["1-1-101", "100", '"转账'], ["1-1-102", "50", 'a\tb\n"c'], ["x", ""]]
    assert table_of("", blanks=True) == [] and table_of("a\n\nb", blanks=True) == [["a"], [""], ["b"]]


def test_lines_filled_before_the_list_was_narrowed_stay(page: Any) -> None:
    keys("7")
    press(Qt.Key.Key_Return)
    page.rows.show(Sheet(page.rows.sheet.told, (), page.rows.sheet.judge), narrowed=True)
    assert [one.line.key for one in page.rows.lines] == ["1-1-101"] and page.rows.filled() == 1


def test_what_was_not_saved_is_there_again_after_a_crash(
    page: Any, settle: Settle, units: list[Unit], services: Any
) -> None:
    keys("66")
    press(Qt.Key.Key_Return)
    services.memory.flush()
    kept = services.memory.get("entry.collecting", {})
    assert kept.keys() == {"1-1-101"} and kept["1-1-101"]["amount"] == "66"
    again = EntryPage(services, collecting)
    again.show()
    settle()
    assert "已恢复上次没有保存的 1 行" in again.told.text() and cell(again, 0, 4) == "66.00"
    again.rows.clear()
    services.memory.flush()
    assert services.memory.get("entry.collecting", {}) == {}


def test_garbage_kept_for_a_sheet_is_passed_over(
    units: list[Unit], services: Any, settle: Settle, window: Any
) -> None:
    kept = {"1-1-101": "x", "1-1-102": {"amount": "5", "unit": "9", "x": []}, "zz": {"amount": "1"}}
    services.memory.put("entry.collecting", kept)
    page = window.open("collecting")
    settle()
    assert [one.words for one in page.rows.lines if one.filled] == [{"amount": "5"}]
    assert page.rows.kept().keys() == {"1-1-102"}
    assert "zz 已不在名单里" in page.told.text()


def test_emptying_asks_first(page: Any, settle: Settle) -> None:
    keys("66")
    press(Qt.Key.Key_Return)
    page.empty.click()
    assert "已录的 1 行还没有保存" in front(Question).sentence.text()
    say_yes("清空")
    assert page.rows.filled() == 0


def test_nothing_to_enter_says_so(window: Any, settle: Settle, estate: Estate) -> None:
    page = window.open("collecting")
    settle()
    assert page.counts.text() == "没有要录的。" and not page.take.isEnabled()


def test_ten_thousand_cells_are_pasted_as_they_stand() -> None:
    field = collecting.field
    rows = EntryRows(field, ("amount", "reference", "payer_name"))
    lines = [Line(f"1-1-{n}", (f"1-1-{n}",), {"owed": Decimal(100)}) for n in range(2500)]
    told = (Shown("unit", CodeField(verbose_name="房号", max_length=40)),)
    rows.show(Sheet(told, lines, _quiet))
    grid = EntryGrid(rows)
    grid.paste("\n".join(f"1-1-{n}\t{n + 1}.25\t名{n}\tLS{n}" for n in range(2500)))
    assert rows.filled() == 2500 and not rows.wrong()
    assert rows.index(2499, 1).data() == "2,500.25" and rows.index(2499, 3).data() == "LS2499"


def _quiet(line: Line, row: Any) -> str:
    return ""


def test_a_clipboard_of_any_kind_is_read_as_a_table() -> None:
    assert table_of('a\t"b\nc"\r\nd\te\r\n\r\n') == [["a", "b\nc"], ["d", "e"]]
    assert table_of("x" * 200_000 + "\t1")[0][1] == "1"
    assert table_of("") == [] and table_of("\x00\t\x07") != []
