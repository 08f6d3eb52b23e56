"""退押金: the form by which a deposit is given back tells all the time what will be paid out."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import Any

from models.base import Record
from models.deeds import DEEDS
from models.fees.deposits import Deposit, held
from models.money import thousands
from ui import papers
from ui.acts import Act
from ui.deeddialog import DeedDialog
from ui.page import PageView
from ui.rowsinput import RowsInput
from ui.services import Services


class RefundDialog(DeedDialog):
    """The form, with what is held, deducted and left below it."""

    def __init__(self, services: Services, deposit: Record, **more: Any) -> None:
        assert isinstance(deposit, Deposit)
        self._held = held(deposit)
        super().__init__(services, DEEDS["fees.refund_deposit"], [deposit], **more)
        self.form.edited.connect(self._tell)
        self._tell()

    def _tell(self) -> None:
        given = self.form.cells["deductions"].input
        assert isinstance(given, RowsInput)
        amounts = [line.values.get("amount") for line in given.rows.lines]
        off = sum((one for one in amounts if isinstance(one, Decimal)), start=Decimal(0))
        left, told = self._held - off, f"现存 {thousands(self._held)} 元"
        if left < 0:
            self._say(f"{told}，不够扣 {thousands(off)} 元，差 {thousands(-left)} 元。", "warning")
            return
        told += f"，扣 {thousands(off)} 元" if off else ""
        self._say(f"{told}，{f'退 {thousands(left)} 元' if left else '没有要退的'}。", "info")


def _print(view: PageView, entry: Any) -> None:
    papers.print_paper(view.services, view, "FE-16", "押金退还单", {"number": entry.number})


def _refund(view: PageView) -> Any:
    prints = functools.partial(_print, view)
    dialog = RefundDialog(view.services, view.records()[0], prints=prints, parent=view)
    dialog.open()
    return dialog


_DEED = DEEDS["fees.refund_deposit"]
REFUND = Act(_DEED.title, _DEED.right, _refund)
