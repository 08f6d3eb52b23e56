"""刚才收的: what the cashier took last, with its receipts to print again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from models.money import thousands
from models.months import Period
from ui import papers
from ui.services import Services
from ui.words import Plain, Words

PAPER = "FE-06"


class LastTaken(QFrame):
    """The last payment of this till; hidden until there is one."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setObjectName("figure")
        self._services = services
        self.receipts: list[str] = []
        caption = Plain("刚才收的")
        caption.setProperty("role", "caption")
        self.words = Words()
        self.again = QPushButton("打印收据")
        self.again.setToolTip("Ctrl+P")
        self.again.clicked.connect(self.print_receipts)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(caption, 1)
        row.addWidget(self.again)
        column.addLayout(row)
        column.addWidget(self.words)
        self.hide()

    def tell(self, house: str, amount: Decimal, receipts: list[str], change: Decimal) -> None:
        """Show what was taken, and what goes back of the cash."""
        self.receipts = receipts
        back = f"　找零 {thousands(change)} 元" if change else ""
        numbers = receipts[0] if len(receipts) == 1 else f"{receipts[0]} 起 {len(receipts)} 张"
        self.words.setText(f"{house}　{thousands(amount)} 元{back}\n收据 {numbers}")
        self.show()

    def print_receipts(self) -> None:
        """Print its receipts."""
        if self.receipts:
            print_receipts(self._services, self, self.receipts)


def print_receipts(services: Services, owner: QWidget, numbers: Sequence[str]) -> None:
    """Print receipts into one file."""
    papers.print_paper(services, owner, PAPER, "收据", {"number": "、".join(numbers)})


def print_day_book(services: Services, owner: QWidget, day: date) -> None:
    """Print the day book that goes with the money of a day."""
    papers.print_paper(services, owner, "FE-11", "收款日报表", {"period": Period.parse(day.isoformat())})


def told_of(
    count: int, owed: Decimal, amount: Decimal | None, left: Decimal, given: Decimal | None = None
) -> str:
    """Return in words where a sum of money goes, and what is handed back of the cash."""
    if not amount:
        return "请填写收款金额；收到的整钞填在“收到现金”。"
    parts = []
    if given is not None and given != amount:
        more = given - amount
        parts.append(f"找零 {thousands(more)} 元" if more > 0 else f"现金还差 {thousands(-more)} 元")
    parts += [f"收 {count} 笔 {thousands(amount - left)} 元"] if count else []
    if left > 0:
        parts.append(f"{thousands(left)} 元转为预存")
    short = owed - (amount - left)
    if short > 0:
        parts.append(f"还欠 {thousands(short)} 元")
    return "，".join(parts) + "。"
