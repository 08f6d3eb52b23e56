"""按钮: what can be done on a page, as buttons with their keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from ui import keys, theme
from ui.acts import Act, keys_of
from ui.keys import bind

if TYPE_CHECKING:
    from ui.page import PageView

BUTTONS = 4
"""Deeds that stand as buttons; the others are in the menu 更多."""


class Actions(QWidget):
    """The buttons of a page, in one order everywhere: main deed, others, rows, print, export.

    Where the page is narrow, fewer deeds stand as buttons and the others are in the menu 更多.
    """

    def __init__(self, view: PageView) -> None:
        super().__init__()
        self.view = view
        self.of_rows: list[tuple[Act, Any, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._acts = [*((act, False) for act in view.deeds), *((act, True) for act in view.row_deeds)]
        self._keys = keys_of([act for act, _ in self._acts])
        for (act, with_rows), key in zip(self._acts, self._keys, strict=True):
            self._bind(act, with_rows, key)
        edits = next((act for act in view.row_deeds if act.edits), None)
        if edits is not None:
            self._bind(edits, True, keys.EDIT)
        self._told = [
            f"{key} 或 {keys.EDIT}" if act is edits else key
            for (act, _), key in zip(self._acts, self._keys, strict=True)
        ]
        self._more_button: QPushButton | None = None
        self._deeds: list[QPushButton] = []
        self.most = -1
        self.show_deeds(BUTTONS)
        for made in self._papers_and_export():
            self._row.addWidget(made)

    def show_deeds(self, most: int) -> None:
        """Let so many deeds stand as buttons."""
        if most == self.most:
            return
        self.most = most
        self.of_rows = []
        for old in (*self._deeds, *filter(None, [self._more_button])):
            old.hide()
            old.deleteLater()
        self._deeds = [
            self._button(act, with_rows, self._told[number], main=number == 0)
            for number, (act, with_rows) in enumerate(self._acts[:most])
        ]
        rest = self._acts[most:]
        self._more_button = self._more(rest, self._told[most:]) if rest else None
        for number, button in enumerate((*self._deeds, *filter(None, [self._more_button]))):
            self._row.insertWidget(number, button)
            button.show()  # or Qt counts it only in the next turn of the event loop
        self.follow()

    def fit(self, room: int) -> None:
        """Show as many deeds as buttons as the room takes."""
        for most in range(BUTTONS, 0, -1):
            self.show_deeds(most)
            self._row.invalidate()
            if self.sizeHint().width() <= room:
                return

    def follow(self) -> None:
        """Let deeds on rows be pressed only while rows are selected, and say why not."""
        for act, thing, key in self.of_rows:
            hindrance = act.hindrance(self.view)
            thing.setEnabled(not hindrance)
            thing.setToolTip(f"{hindrance} ({key})" if hindrance and key else hindrance or key)

    def _bind(self, act: Act, with_rows: bool, key: str) -> None:
        """Let a key do it while the page has the keyboard."""

        def press() -> None:
            if with_rows and (hindrance := act.hindrance(self.view)):
                self.view.services.say(hindrance)
            else:
                act.run(self.view)

        bind(self.view, press, key, words=act.title)

    def _button(self, act: Act, with_rows: bool, key: str, main: bool) -> QPushButton:
        button = QPushButton(act.words)
        button.setToolTip(key)
        if main and not with_rows:
            theme.mark(button, primary=True)
        button.clicked.connect(lambda: act.run(self.view))
        if with_rows:
            self.of_rows.append((act, button, key))
        return button

    def _more(self, rest: Sequence[tuple[Act, bool]], told: Sequence[str]) -> QPushButton:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for (act, with_rows), key in zip(rest, told, strict=True):
            action = menu.addAction(f"{act.words}\t{key}")
            action.triggered.connect(lambda _=False, act=act: act.run(self.view))
            if with_rows:
                self.of_rows.append((act, action, ""))
        return menu_button("更多", menu)

    def _papers_and_export(self) -> list[QPushButton]:
        from ui import papers

        return papers.buttons(self.view)


def menu_button(words: str, menu: QMenu, icon: str = "") -> QPushButton:
    """Return a button that opens a menu."""
    button = QPushButton(words)
    button.setMenu(menu)
    theme.mark(button, menu=True)
    if icon:
        theme.dress(button, icon)
    return button
