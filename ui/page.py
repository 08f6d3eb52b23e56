"""页面: one list of a module with its filters and everything that can be done from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from models import deeds
from models.base import Record
from models.deeds import DEEDS
from models.fields import LinkField
from models.listings import LISTS, AnyListing, Filters, Row
from ui import deeddialog, theme
from ui.filters import FilterRow, without
from ui.services import Services
from ui.table import Table

_REFRESH = 60
"""Milliseconds to gather announcements before a page reads anew."""
MARGIN = 16
BUTTONS = 4
"""Deeds that stand as buttons; the others are in the menu 更多."""


@dataclass(frozen=True)
class Page:
    """What a page is made of; everything else is derived.

    Args:
        listing: name of its list.
        icon: of its first deed.
        deeds: what can be done without a row, the main one first.
        row_deeds: what can be done with the selected rows; the first one is what Enter does.
        papers: codes of the forms that print what the list shows.
        filters: which filters stand in the row; all that the list takes where None.
        empty: the sentence where nothing is in the list.
        step: the deed offered then.
        title: where the list's own title does not fit.
        start: filters the page opens with.
    """

    listing: str
    deeds: tuple[str, ...] = ()
    row_deeds: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    filters: tuple[str, ...] | None = None
    empty: str = "这里还没有内容。"
    step: str = ""
    title: str = ""
    start: Callable[[], Filters] | None = None
    openers: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    """Deed → what shows it instead of the plain form; called with the page."""


class PageView(QWidget):
    """A page on the screen."""

    opened = Signal(object)

    def __init__(self, page: Page, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page, self.services = page, services
        self.listed = LISTS[page.listing]
        self._stale, self._first = True, True
        self._soon = QTimer(self, singleShot=True, interval=_REFRESH)
        self._soon.timeout.connect(self.refresh)
        wanted = self.listed.takes if page.filters is None else page.filters
        self.row = FilterRow(self.listed, tuple(wanted), bool(self.listed().search_in))
        self.table = Table(services)
        self.buttons = Actions(self)
        self._lay_out()
        self._wire()
        if page.start is not None:
            self.row.put(page.start())

    def _lay_out(self) -> None:
        self.head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.head.setSpacing(8)
        self.head.addWidget(self.buttons)
        self.head.addStretch(1)
        self.head.addWidget(self.row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 12, MARGIN, 10)
        layout.setSpacing(10)
        layout.addLayout(self.head)
        layout.addWidget(self.table, 1)
        step = self.page.step if self.page.step and self.may(self.page.step) else ""
        self._offer = (DEEDS[step].title if step else "", lambda: self.do(step)) if step else ("", None)

    def _wire(self) -> None:
        self.row.changed.connect(self.reload)
        self.services.changed.connect(lambda _: self._announced())
        self.table.selection_changed.connect(self.buttons.follow)
        self.table.grid.opened.connect(self._open_row)
        self.table.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.grid.customContextMenuRequested.connect(self._show_menu)
        self.table.filled.connect(self._filled)
        context = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence.StandardKey.Find, self, self._find, context=context)
        QShortcut(QKeySequence.StandardKey.Refresh, self, self.refresh, context=context)

    # -- reading -----------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list by the filters as they are now."""
        self._stale = False
        filters, words, listed = self.row.given(), self.row.words(), self.listed

        def make() -> AnyListing:
            found = listed(filters)
            return found.searched(words) if words else found

        self.table.show_list(make)

    def refresh(self) -> None:
        """Read the same list anew, keeping place and selection."""
        self._stale = False
        self.table.refresh()

    def narrow(self, filters: Filters) -> None:
        """Show just what these filters leave."""
        self.row.put(without(filters, self.listed.takes))
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when first shown, and after changes while it was hidden."""
        super().showEvent(event)
        if self._first:
            self._first = False
            self.reload()
        elif self._stale:
            self.refresh()

    def _announced(self) -> None:
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def _filled(self) -> None:
        if self.row.any_set():
            self.table.show_empty("没有符合筛选的内容。", "清除筛选", self.row.clear)
        else:
            self.table.show_empty(self.page.empty, *self._offer)

    # -- doing -------------------------------------------------------------------------------

    def may(self, name: str) -> bool:
        """Whether the person acting may do a deed."""
        return deeds.actor().may(DEEDS[name].right)

    def records(self) -> list[Record]:
        """Return the records of the selected rows."""
        kind = self.listed().record
        return [] if kind is None else [record_of(kind, row) for row in self.table.grid.selected()]

    def do(self, name: str, *, with_rows: bool = False) -> None:
        """Let the person do a deed."""
        opener = self.page.openers.get(name)
        if opener is not None:
            opener(self)
            return
        deeddialog.do(self.services, DEEDS[name], self.records() if with_rows else [], self)

    def fits(self, name: str, count: int) -> str:
        """Return why a row deed cannot be done on so many rows; empty when it can."""
        if count == 0:
            return "请先在名单中选一行"
        if count > 1 and name not in self.page.openers and not self._takes_many(name):
            return "一次只能办一行，请只选一行"
        return ""

    def _takes_many(self, name: str) -> bool:
        kind = self.listed().record
        if kind is None:
            return False
        deed = DEEDS[name]
        method = deeddialog.is_method(deed)
        return not [one for one in deed.inputs if method or not _names(one.field, kind)]

    def _open_row(self, row: Row) -> None:
        for name in self.page.row_deeds:
            if self.may(name):
                self.do(name, with_rows=True)
                return

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        count = len(self.table.grid.selected_rows())
        for name in self.page.row_deeds:
            if self.may(name):
                action = menu.addAction(f"{DEEDS[name].title}…")
                action.setEnabled(not self.fits(name, count))
                action.triggered.connect(lambda _=False, name=name: self.do(name, with_rows=True))
        menu.addSeparator()
        menu.addAction("复制", self._copy).setEnabled(bool(count))
        menu.popup(self.table.grid.viewport().mapToGlobal(at))

    def _copy(self) -> None:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(self.table.grid.copied())

    def _find(self) -> None:
        if self.row.finder.isVisible():
            self.row.finder.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.row.finder.selectAll()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the filters below the buttons where both do not fit beside each other."""
        super().resizeEvent(event)
        room = event.size().width() - 2 * MARGIN - 24
        fits = self.buttons.sizeHint().width() + self.row.sizeHint().width() <= room
        way = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self.head.direction() != way:
            self.head.setDirection(way)


class Actions(QWidget):
    """The buttons of a page, in one order everywhere: main deed, others, rows, print, export."""

    def __init__(self, view: PageView) -> None:
        super().__init__()
        self.view = view
        self.of_rows: list[tuple[str, Any]] = []
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        free = [name for name in view.page.deeds if view.may(name)]
        rows = [name for name in view.page.row_deeds if view.may(name)]
        buttons = [*((name, False) for name in free), *((name, True) for name in rows)]
        for number, (name, with_rows) in enumerate(buttons[:BUTTONS]):
            row.addWidget(self._button(name, with_rows, main=number == 0))
        if len(buttons) > BUTTONS:
            row.addWidget(self._more(buttons[BUTTONS:]))
        for made in self._papers_and_export():
            row.addWidget(made)
        self.follow()

    def follow(self) -> None:
        """Let deeds on rows be pressed only while rows are selected, and say why not."""
        count = len(self.view.table.grid.selected_rows())
        for name, thing in self.of_rows:
            hindrance = self.view.fits(name, count)
            thing.setEnabled(not hindrance)
            thing.setToolTip(hindrance)

    def _button(self, name: str, with_rows: bool, main: bool) -> QPushButton:
        button = QPushButton(f"{DEEDS[name].title}…")
        button.setProperty("deed", name)
        if main and not with_rows:
            theme.mark(button, primary=True)
        button.clicked.connect(lambda: self.view.do(name, with_rows=with_rows))
        if with_rows:
            self.of_rows.append((name, button))
        return button

    def _more(self, rest: Sequence[tuple[str, bool]]) -> QPushButton:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for name, with_rows in rest:
            action = menu.addAction(f"{DEEDS[name].title}…")
            action.setData(name)
            action.triggered.connect(
                lambda _=False, name=name, with_rows=with_rows: self.view.do(name, with_rows=with_rows)
            )
            if with_rows:
                self.of_rows.append((name, action))
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


def record_of(kind: type[Record], row: Row) -> Record:
    """Return the record that a row shows, read anew."""
    found = LinkField(kind).check(row.id)
    assert isinstance(found, Record)
    return found


def _names(asked: Any, kind: type[Record]) -> bool:
    model = getattr(asked, "rel_model", None)
    return model is not None and issubclass(kind, model)
