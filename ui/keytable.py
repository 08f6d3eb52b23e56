"""快捷键表: what keys do, gathered from the widgets that act on them; nothing is listed by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from models.listings import LISTS
from ui import keys, theme
from ui.acts import keyed
from ui.helpreader import style
from ui.helptopics import table_of
from ui.page import Page
from ui.panel import Panel, title_of
from ui.shapes import shape_of

Sections = dict[str, list[tuple[str, str]]]
"""Under each heading what keys do: (keys as they stand on the keyboard, words)."""
EVERYWHERE = "到处可用"


def in_force(root: QWidget) -> Sections:
    """Return what keys do in a window as it is now: everywhere, on what is seen, and in its fields."""
    found: Sections = {}
    for thing in root.findChildren(QObject):
        if isinstance(thing, QShortcut):
            _note(found, _heading(thing, root), [thing.key()], thing.whatsThis())
        elif isinstance(thing, QAction) and not thing.shortcut().isEmpty():
            _note(found, EVERYWHERE, thing.shortcuts(), thing.text().rstrip("…"))
    ordered = sorted(found.items(), key=lambda one: (one[0] == EVERYWHERE, one[0]))
    return {**dict(ordered), **{where: list(lines) for where, lines in keys.typed.items()}}


def of_pages(panels: Mapping[str, Panel]) -> Sections:
    """Return the keys of what the person acting may do, page by page, seen or not."""
    found: Sections = {}
    for panel in panels.values():
        for page in panel.shown:
            if isinstance(page, Page):
                acts = list(keyed(page, shape_of(LISTS[page.listing]).record))
                lines = [(keys.told(key), act.title) for key, act in acts]
                if lines:
                    found[f"{panel.title} · {title_of(page)}"] = lines
    return found


def html(sections: Sections, words: str = "") -> str:
    """Return the table, of those lines only in which these words stand."""
    return "".join(table_of(where, lines) for where, lines in _fitting(sections, words))


def _fitting(sections: Sections, words: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    wanted = words.casefold().split()
    for where, lines in sections.items():
        fit = [
            one for one in lines if all(word in f"{where} {one[0]} {one[1]}".casefold() for word in wanted)
        ]
        if fit:
            yield where, fit


def _note(found: Sections, where: str | None, made: list[QKeySequence], words: str) -> None:
    """Add what a key does; another key that does the same stands beside it."""
    if where is None or not words:
        return
    lines = found.setdefault(where, [])
    shown = " 或 ".join(dict.fromkeys(keys.told(one) for one in made))
    for at, (before, does) in enumerate(lines):
        if does == words:
            lines[at] = (before if shown in before.split(" 或 ") else f"{before} 或 {shown}", does)
            return
    lines.append((shown, words))


def _heading(shortcut: QShortcut, root: QWidget) -> str | None:
    """Return under which heading a shortcut stands; None while what it acts on is not seen."""
    if shortcut.context() is Qt.ShortcutContext.WindowShortcut:
        return EVERYWHERE
    parent = shortcut.parent()
    owner = parent if isinstance(parent, QWidget) else None
    if owner is None or not owner.isVisible():
        return None
    while owner is not None and owner is not root:
        if owner.property(keys.HEADING):
            return str(owner.property(keys.HEADING))
        owner = owner.parentWidget()
    return str(root.property(keys.HEADING) or EVERYWHERE)


class KeyTable(QDialog):
    """All keys, with a line to find one."""

    def __init__(self, sections: Sections, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("快捷键")
        theme.fit(self, 640, 640)
        self.sections = sections
        self.line = QLineEdit(placeholderText="找一个键或一件事，例如 打印", clearButtonEnabled=True)
        self.line.setAccessibleName("在快捷键中找")
        self.line.textChanged.connect(self.show_fitting)
        self.view = QTextBrowser()
        self.view.setAccessibleName("快捷键表")
        self.view.setTabChangesFocus(True)
        self.view.document().setDefaultStyleSheet(style())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.line)
        layout.addWidget(self.view, 1)
        self.show_fitting("")

    def show_fitting(self, words: str) -> None:
        """Show the lines in which these words stand."""
        found = html(self.sections, words)
        self.view.setHtml(found or f"<p>没有“{escape(words)}”。换几个字再找。</p>")
