"""The accountant's work: a statement brought in and claimed, a file of debits written and answered."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.fees.banking.answers import DebitAnswer
from models.fees.banking.debits import DebitBatch, make_debits
from models.fees.banking.mandates import add_mandate
from models.fees.banking.rows import BankRow, RowState
from models.fees.billing import bill
from models.months import Month
from models.owners.estate import Unit
from models.owners.people import Person
from tests.estate import Estate
from tests.models.fees.banking.files import account, income, statement
from tests.ui.conftest import front, pause
from ui.importing import ImportDialog

Settle = Callable[[], None]
TODAY = str(date.today())


@pytest.fixture
def houses(estate: Estate) -> list[Unit]:
    """Two houses that owe 100.00 each."""
    item, made = estate.item(since=date(2025, 1, 1)), []
    for room, owner in (("101", "王桂芳"), ("102", "李明")):
        made.append(estate.house(room, owner=owner))
        estate.give(made[-1], item)
    bill(Month(2025, 1))
    account()
    return made


def shoot(widget: Any, name: str) -> None:
    """Keep a picture for whoever looks at the screens."""
    if folder := os.environ.get("SHOTS"):
        widget.grab().save(f"{folder}/{name}.png")


def test_a_statement_comes_in_by_keyboard_and_the_rest_is_claimed(
    houses: list[Unit], window: Any, settle: Settle, tmp_path: Path
) -> None:
    file = statement(
        tmp_path,
        [
            income(TODAY, "100.00", "王桂芳", "1-1-101物业费", "T1"),
            income(TODAY, "60.00", "李明", "", "T2"),
            income(TODAY, "3.21", "银行", "结息", "T3"),
            (TODAY, "", "900.00", "供电局", "电费", "T4"),
        ],
    )
    view = window.open("bank_rows")
    settle()
    shoot(window, "rows-empty")
    dialog = view.act("导入流水").run(view)
    settle()
    dialog.read(file)
    settle()
    assert dialog.told.text() == "请先填上面的必填项，再检查。"
    assert (dialog.go.text(), dialog.go.isEnabled()) == ("检查", True)
    field = dialog.form.cells["account"].input
    field.put(account())
    field.edited.emit()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    shoot(dialog, "import")
    assert dialog.go.text() == "导入 3 条"
    assert BankRow.select().count() == 0
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    states = [row.state for row in BankRow.select().order_by(BankRow.id)]
    assert states == [RowState.BOOKED, RowState.OPEN, RowState.OPEN]
    settle()
    shoot(window, "rows")
    _select(view, settle, "李明")
    view.act("认领").run(view)
    settle()
    form = _dialog()
    shoot(form, "claim")
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    row = BankRow.get(BankRow.name == "李明")
    assert (row.state, row.unit) == (RowState.BOOKED, houses[1])


def test_another_account_asks_for_the_check_anew(
    houses: list[Unit], window: Any, settle: Settle, tmp_path: Path
) -> None:
    view = window.open("bank_rows")
    settle()
    dialog = view.act("导入流水").run(view)
    dialog.form.put({"account": account()})
    dialog.read(statement(tmp_path, [income(TODAY, "5.00")]))
    settle()
    assert dialog.go.text() == "导入 1 条"
    dialog.form.cells["account"].input.put(account("另一户"))
    dialog.form.cells["account"].input.edited.emit()
    assert (dialog.go.text(), dialog.plan) == ("检查", None)


def test_debits_are_written_and_answered(
    houses: list[Unit], window: Any, settle: Settle, tmp_path: Path
) -> None:
    for number, unit in enumerate(houses):
        payer = Person.get(Person.name == ("王桂芳", "李明")[number])
        add_mandate(
            unit=unit, payer=payer, bank="工行", account_name=payer.name, account=f"62000000{number}",
            agreement=f"XY{number}",
        )  # fmt: skip
    make_debits(account())
    view = window.open("debit_batches")
    settle()
    view.table.grid.selectRow(0)
    settle()
    view.act("写代扣文件").run(view)
    settle()
    form = _dialog()
    assert form.form.cells["path"].input.given().endswith(f"{DebitBatch.get().number}.xlsx")
    form.form.cells["path"].input.put(str(tmp_path / "代扣.xlsx"))
    shoot(form, "write")
    QTest.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert (tmp_path / "代扣.xlsx").exists()
    pause(200)  # the page gathers announcements before it reads anew
    settle()
    assert [row.id for row in view.table.grid.selected()] == [DebitBatch.get().id]
    dialog = view.act("导入回盘").run(view)
    assert isinstance(dialog, ImportDialog)
    assert dialog.form.cells["batch"].value() == DebitBatch.get()
    rows = [("1", "成功", ""), ("2", "失败", "余额不足")]
    answer = statement(tmp_path, rows, heads=("序号", "结果", "失败原因"), name="回盘.csv")
    dialog.read(answer)
    settle()
    shoot(dialog, "answers")
    dialog.go.click()
    settle()
    assert DebitAnswer.select().count() == 2
    shoot(window, "batches")
    window.open("debit_rows")
    settle()
    shoot(window, "debits")


def _select(view: Any, settle: Settle, words: str) -> None:
    pause(200)
    settle()
    rows = view.table.grid.rows
    at = next(at for at in range(rows.rowCount()) if words in rows.index(at, 3).data())
    view.table.grid.selectRow(at)
    settle()


def _dialog() -> Any:
    from ui.deeddialog import DeedDialog

    return front(DeedDialog)
