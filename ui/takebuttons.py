"""登记按钮: what ends a counter page: do it and print, just do it, or empty the page for the next person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QPushButton

from ui import theme


class TakeButtons(QHBoxLayout):
    """The row of a page that takes what somebody at the counter brings.

    Args:
        take: what the first button says; it prints too.
        only: what the one beside it says.
        submit: does it; told whether to print.
        clear: empties the page.
    """

    def __init__(self, take: str, only: str, submit: Callable[[bool], Any], clear: Callable[[], Any]) -> None:
        super().__init__()
        self.setSpacing(8)
        self.take = self._button(take, "Ctrl+Enter 或 F9", lambda: submit(True))
        self.only = self._button(only, "Ctrl+Shift+Enter", lambda: submit(False))
        self.clear = self._button("清空", "Esc", clear)
        theme.mark(self.take, primary=True)
        self.setStretchFactor(self.take, 1)

    def _button(self, words: str, key: str, act: Callable[[], Any]) -> QPushButton:
        made = QPushButton(words)
        made.setToolTip(key)
        made.clicked.connect(lambda: act())
        self.addWidget(made)
        return made
