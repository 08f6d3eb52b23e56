"""抽屉: the cashier's own shift as the till shows it: opened and closed from here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from models.deeds import DEEDS
from models.fees.shifts import Shift, cash_of, own_shift
from models.money import thousands
from ui import deeddialog
from ui.fees.taken import print_day_book
from ui.services import Services
from ui.words import Elided

OPEN, CLOSE = "开班", "结班"


class Drawer(QWidget):
    """Which shift is open and what cash should be in it; a button opens it, or counts and closes it."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.shift: Shift | None = None
        self.words = Elided()
        self.words.setProperty("role", "secondary")
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.turn)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self._show(None)

    def read(self) -> None:
        """Read the shift of the person acting."""

        def found() -> tuple[Shift, Decimal] | None:
            mine = own_shift()
            return None if mine is None else (mine, cash_of(mine))

        self._services.run("班次", self, found, self._show)

    def turn(self) -> Any:
        """Open a shift, or count the drawer and close it."""
        if self.shift is None:
            dialog = deeddialog.do(self._services, DEEDS["fees.open_shift"], [], self)
        else:
            dialog = deeddialog.do(
                self._services, DEEDS["fees.close_shift"], [self.shift], self,
                prints=lambda shift: print_day_book(self._services, self, shift.day),
            )  # fmt: skip
        return dialog

    def _show(self, found: tuple[Shift, Decimal] | None) -> None:
        self.shift = found[0] if found else None
        if found is None:
            self.words.setText("收第一笔时自动开班")
        else:
            shift, cash = found
            since = f"{shift.opened_at:%H:%M}" if shift.day == date.today() else str(shift.day)
            self.words.setText(f"现金 {thousands(cash)}　{since} 开班")
        verb = CLOSE if self.shift else OPEN
        self.button.setText(f"{verb}…")
        self.button.setToolTip(f"{verb}（Ctrl+1）")
