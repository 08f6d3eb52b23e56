"""刚才收的: what the cashier took last, with its receipts to print again."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from models.money import thousands
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
        for widget in (caption, self.words, self.again):
            column.addWidget(widget)
        self.hide()

    def tell(self, house: str, amount: Decimal, receipts: list[str]) -> None:
        """Show what was taken."""
        self.receipts = receipts
        self.words.setText(f"{house}　{thousands(amount)} 元\n收据 {'、'.join(receipts)}")
        self.show()

    def print_receipts(self) -> None:
        """Print its receipts."""
        if self.receipts:
            print_receipts(self._services, self, self.receipts)


def print_receipts(services: Services, owner: QWidget, numbers: Sequence[str]) -> None:
    """Print receipts into one file."""
    papers.print_paper(services, owner, PAPER, "收据", {"number": "、".join(numbers)})


def told_of(count: int, owed: Decimal, amount: Decimal | None, left: Decimal) -> str:
    """Return in words where a sum of money goes."""
    if not amount:
        return "请填写实际收到的金额。"
    parts = [f"收 {count} 笔 {thousands(amount - left)} 元"] if count else []
    if left > 0:
        parts.append(f"{thousands(left)} 元转为预存")
    short = owed - (amount - left)
    if short > 0:
        parts.append(f"还欠 {thousands(short)} 元")
    return "，".join(parts) + "。"
