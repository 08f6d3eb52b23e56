"""日结: the cashier's day is shown by way of payment before it is closed."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from models import deeds
from models.deeds import DEEDS
from models.errors import BadInput
from models.fees.daybook import DayBook, day_book
from models.fees.payments import DayClosing
from models.fees.rights import CLOSE_DAY
from models.money import thousands
from ui.deeddialog import DeedDialog
from ui.fees.taken import print_day_book
from ui.services import Services


class ClosingDialog(DeedDialog):
    """Which day; what was taken on it; close it."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        self._page = parent
        super().__init__(
            services,
            DEEDS["fees.close_day"],
            values={"day": date.today()},
            prints=lambda closing: print_day_book(services, self._page, closing.day),
            parent=parent,
        )
        self._asked = 0
        self.form.edited.connect(self._count)
        self.form.cells["day"].input.left.connect(self._count)
        self._count()

    def repeats(self) -> bool:
        """Say that one day is closed at a time."""
        return False

    def _count(self) -> None:
        """Show the day's money."""
        try:
            day = self.form.cells["day"].value()
        except BadInput:
            return
        self._asked += 1
        number = self._asked

        def read() -> tuple[int, DayBook]:
            deeds.require(CLOSE_DAY)
            return number, day_book(day)

        self.services.run("收款日报", self, read, self._counted)

    def _counted(self, result: Any) -> None:
        number, book = result
        if number != self._asked:
            return
        self._say(told(book), "warning" if book.closing else "plain")
        self._grow()


def told(book: DayBook) -> str:
    """Return a day in words."""
    if book.closing:
        closing: DayClosing = book.closing
        return f"{book.day} 已由 {closing.made_by} 日结：{thousands(closing.amount)} 元。"
    held = f"\n另有押金收退净额 {thousands(book.deposits_net)} 元，不计入实收。" if book.deposits else ""
    if book.refunds:
        held += f"\n另有退款 {thousands(book.refunded)} 元，从预存中退出，不减实收。"
    if not book.receipts:
        return f"{book.day} 没有开过收据。{held}"
    if book.drawers and book.drawers.waiting:
        held += f"\n班次 {'、'.join(book.drawers.waiting)} 还没有结班，先结班才能日结。"
    ways = "　".join(
        f"{method.value} {count} 份 {thousands(amount)}" for method, count, amount in book.by_method()
    )
    voids = f"，作废 {len(book.voids)} 份" if book.voids else ""
    return f"{book.day} 收据 {len(book.issued)} 份{voids}，实收 {thousands(book.total)} 元。\n{ways}{held}"
