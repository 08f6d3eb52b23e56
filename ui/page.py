"""页面: one list of a module with its filters and everything that can be done from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from models.base import Record
from models.charts import has_charts
from models.conditions import Condition
from models.listings import LISTS, AnyListing, Filters, Row
from ui import keys, theme
from ui.acts import Act, offered, permitted
from ui.buttons import Actions
from ui.card import CardView
from ui.chart import Charts
from ui.filters import FilterRow, without
from ui.keys import bind, follow_by_tab
from ui.narrowing import Narrowing
from ui.services import Services
from ui.shapes import shape_of
from ui.table import Table
from ui.tools import Tools

_REFRESH = 60
"""Milliseconds to gather announcements before a page reads anew."""
MARGIN = 16
LEAST_HEIGHT = 220
CARD_WIDTH, CARD_LEAST = 400, 320
CARD_FROM = 1_500
"""Width of a page from which the card stands beside the list unless the person said otherwise."""
_CARD_WIDTH, _CARD_SHOWN, _CHARTS = "card.width", "card.shown", "charts."


@dataclass(frozen=True)
class Page:
    """What a page is made of; everything else is derived.

    Args:
        listing: name of its list.
        deeds: what can be done without a row, the main one first: names of deeds, or acts.
        row_deeds: what can be done with the selected rows; the first one is what Enter does.
        papers: codes of the forms that print what the list shows.
        filters: which filters stand in the row; all that the list takes where None.
        empty: the sentence where nothing is in the list.
        step: whether the first of `deeds` is offered then.
        title: where the list's own title does not fit.
        period: what the period's field says while it is empty.
        charts: whether the charts of the list stand above it unless the person hid them.
        number: column that holds the number by which a paper asks for the selected row.
    """

    listing: str
    deeds: tuple[str | Act, ...] = ()
    row_deeds: tuple[str | Act, ...] = ()
    papers: tuple[str, ...] = ()
    filters: tuple[str, ...] | None = None
    empty: str = "这里还没有内容。"
    step: bool = True
    title: str = ""
    period: str = "全部月份"
    charts: bool = False
    number: str = "number"


class PageView(QWidget):
    """A page on the screen."""

    opened = Signal(object)

    def __init__(self, page: Page, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page, self.services = page, services
        self.listed = LISTS[page.listing]
        shape = shape_of(self.listed)
        self.record = shape.record
        self.deeds = permitted(page.deeds, of_rows=False)
        self.row_deeds = permitted((*page.row_deeds, *offered(self.record, page.row_deeds)), of_rows=True)
        self._stale, self._first = True, True
        self.made: Callable[[], AnyListing] = self.listed
        """Makes the list as it is narrowed now; called as the person acting."""
        self._soon = QTimer(self, singleShot=True, interval=_REFRESH)
        self._soon.timeout.connect(self.refresh)
        wanted = self.listed.takes if page.filters is None else page.filters
        self.row = FilterRow(self.listed, tuple(wanted), shape.findable, page.period)
        self.narrowing = Narrowing(self.row, services.memory, page.listing)
        self.table = Table(services, kept_as=page.listing)
        self.card: CardView | None = None
        self.charts = Charts(services, page.listing) if has_charts(page.listing) else None
        self.tools = Tools(self)
        self.buttons = Actions(self)
        # Keys of the page work while it has the keyboard; without rows it keeps it itself.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(page.title or self.listed.title)
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        top = QWidget()
        # Ignored: beside each other both may want more than the window; then they stand above each other.
        top.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.head = QBoxLayout(QBoxLayout.Direction.LeftToRight, top)
        self.head.setContentsMargins(0, 0, 0, 0)
        self.head.setSpacing(8)
        self.head.addWidget(self.buttons)
        self.head.addStretch(1)
        self.head.addWidget(self.row)
        self.row.add(self.tools)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 12, MARGIN, 8)
        layout.setSpacing(8)
        layout.addWidget(top)
        layout.addWidget(self.narrowing)
        if self.charts is not None:
            layout.addWidget(self._chart_area(self.charts))
        layout.addWidget(self._beside(), 1)

    def _chart_area(self, charts: Charts) -> QWidget:
        """Return what holds the charts, so that they leave the list its room at large letters too."""
        self.area = QScrollArea(widgetResizable=True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(theme.named(charts, "sheet"))
        charts.hide()  # Qt shows what an area takes
        self.area.hide()
        charts.drawn.connect(lambda: follow_by_tab(self.tools.charts, *charts.views))
        charts.drawn.connect(self._fit_charts)
        return self.area

    def _fit_charts(self) -> None:
        """Give the charts the height they want, or a third of the page."""
        if self.charts is not None:
            wanted = self.charts.wanted_height(self.width() - 2 * MARGIN)
            self.area.setFixedHeight(min(wanted, max(LEAST_HEIGHT // 2, self.height() // 3)))
            self.area.setVisible(not self.charts.isHidden())

    def _beside(self) -> QWidget:
        """Return the table, with the card of the selected row beside it where rows are records."""
        if self.record is None:
            return self.table
        self.card = CardView(self.listed, self.services)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.table)
        self.split.addWidget(self.card)
        self.split.setStretchFactor(0, 1)
        self.split.setHandleWidth(12)
        self.split.splitterMoved.connect(
            lambda *_: self.services.memory.put(_CARD_WIDTH, self.split.sizes()[1])
        )
        self.card.closed.connect(lambda: self.show_card(False))
        self.card.hide()
        return self.split

    def show_card(self, wanted: bool) -> None:
        """Show the card of the selected row, or hide it; remembered for every page."""
        if self.card is None or wanted == self.card.isVisibleTo(self):
            return
        self.card.setVisible(wanted)
        if wanted:
            width = self.services.memory.get(_CARD_WIDTH, CARD_WIDTH)
            room = (self if self.isVisible() else self.window()).width()  # one not shown yet has no width
            width = min(max(width, CARD_LEAST), max(CARD_LEAST, room // 2))
            self.split.setSizes([max(1, room - width), width])
            self._follow_card()

    def toggle_card(self) -> None:
        """Show or hide the card, as the person wants it from now on."""
        if self.card is not None:
            wanted = not self.card.isVisibleTo(self)
            self.services.memory.put(_CARD_SHOWN, wanted)
            self.show_card(wanted)

    def _follow_card(self) -> None:
        """Let the card show the row that the keyboard is on."""
        if self.card is None or not self.card.isVisibleTo(self):
            return
        rows = self.table.grid.selected()
        self.card.show_record(rows[0].id if len(rows) == 1 else None, len(rows))

    def _wire(self) -> None:
        self.row.changed.connect(self.reload)
        self.narrowing.changed.connect(self.reload)
        self.narrowing.left.connect(lambda: self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason))
        self.table.grid.heading_menu.connect(self.tools.show_heading_menu)
        self.services.changed.connect(self._announced)
        self.table.selection_changed.connect(self.buttons.follow)
        self.table.filled.connect(self.buttons.follow)  # the same rows may stand where another deed fits
        self.table.selection_changed.connect(self._follow_card)
        self.table.grid.opened.connect(self._open_row)
        self.table.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.grid.customContextMenuRequested.connect(self._show_menu)
        self.table.filled.connect(self._filled)
        self._bind_keys()

    def _bind_keys(self) -> None:
        grid = self.table.grid
        keys.head(self, f"本页：{self.page.title or self.listed.title}")
        bind(self, self._find, "Ctrl+F", words="在名单中找")
        bind(self, self.read_anew, keys.REFRESH, words="重新读取名单")
        bind(self, lambda: keys.to_choices(self, grid), keys.CHOICES, words="列出可选的；别处回到名单")
        bind(self, lambda: grid.step(-1), keys.PREVIOUS, words="上一行")
        bind(self, lambda: grid.step(1), keys.NEXT, words="下一行")
        if self.card is not None:
            bind(self, self.toggle_card, "Ctrl+I", words="显示或收起选中行的卡片")

    # -- reading -----------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list by the filters as they are now."""
        self._stale = False
        filters, words, listed = self.row.given(), self.row.words(), self.listed

        narrow = self.narrowing.narrower()
        self.narrowing.show_chips()

        def make() -> AnyListing:
            found = listed(filters)
            found = found.searched(words) if words else found
            return narrow(found)

        self.made = make
        self.table.show_list(make)
        self._read_charts()

    def charts_wanted(self) -> bool:
        """Whether the person wants the charts of this list to be seen."""
        return bool(self.services.memory.get(f"{_CHARTS}{self.page.listing}", self.page.charts))

    def toggle_charts(self) -> None:
        """Show or hide the charts of the list, as the person wants it from now on."""
        if self.charts is not None:
            self.services.memory.put(f"{_CHARTS}{self.page.listing}", not self.charts_wanted())
            self.charts.put_away()
            self._fit_charts()
            self._read_charts()

    def _read_charts(self) -> None:
        if self.charts is not None and self.charts_wanted():
            asked = bool(self.row.words()) or self.narrowing.any_set()
            self.charts.read(self.row.given(), asked=asked)

    def read_anew(self) -> None:
        """Read everything anew, whoever changed it."""
        if self.charts is not None:
            self.charts.forget()
        self.refresh()

    def refresh(self) -> None:
        """Read the same list anew, keeping place and selection."""
        self._stale = False
        self.table.refresh()
        self._read_charts()

    def narrow(
        self,
        filters: Filters,
        only: tuple[Any, str] | None = None,
        asked: Sequence[Condition] = (),
    ) -> None:
        """Show just what these filters leave.

        Args:
            filters: those that the list does not take are passed over.
            only: the one row that is wanted, by id, and what it is called; its card comes with it.
            asked: questions to its columns.
        """
        self.row.put(without(filters, self.listed.takes))
        self.narrowing.clear()
        self.narrowing.conditions = tuple(asked)
        self.narrowing.only = only
        if only is not None and self.card is not None:
            self.show_card(True)
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when first shown, and after changes while it was hidden."""
        super().showEvent(event)
        wanted = self.services.memory.get(_CARD_SHOWN, self.width() >= CARD_FROM)
        self.show_card(wanted or self.narrowing.only is not None)
        if self._first:
            self._first = False
            self.reload()
        elif self._stale:
            self.refresh()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keyboard to the rows, where there are any."""
        super().focusInEvent(event)
        self._focus_rows()

    def _focus_rows(self) -> None:
        if self.hasFocus() and self.table.grid.isVisible():
            self.table.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _announced(self, *_: Any) -> None:
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def _filled(self) -> None:
        self._focus_rows()
        if self.narrowing.only is not None and self.table.grid.rows.rows:
            self.table.grid.selectRow(0)
        if self.table.grid.rows.listing is not None:
            self.narrowing.learn(self.table.grid.rows.listing.columns)
        if self.row.any_set() or self.narrowing.any_set():
            self.table.show_empty("没有符合筛选的内容。", "清除筛选", self.narrowing.clear_all)
        else:
            first = self.deeds[0] if self.deeds and self.page.step else None
            verb, step = (first.title, lambda: first.run(self)) if first else ("", None)
            self.table.show_empty(self.page.empty, verb, step)

    # -- doing -------------------------------------------------------------------------------

    def records(self) -> list[Record]:
        """Return the records of the selected rows, read anew."""
        kind = self.record
        return [] if kind is None else list(kind.those([row.id for row in self.table.grid.selected()]))

    def expect(self, made: Any) -> None:
        """Let what was just made be the selected row once it is read, so that the next key is about it."""
        if self.record is not None and isinstance(made, self.record):
            self.table.grid.expect(made.id)

    def act(self, title: str) -> Act:
        """Return what a button of this page does, by its title."""
        return next(act for act in (*self.deeds, *self.row_deeds) if act.title == title)

    def _open_row(self, row: Row) -> None:
        if self.row_deeds and not self.row_deeds[0].hindrance(self):
            self.row_deeds[0].run(self)
        else:
            self.show_card(True)

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for act in self.row_deeds:
            hindrance = act.hindrance(self)
            action = menu.addAction(act.words)
            action.setEnabled(not hindrance)
            action.setToolTip(hindrance)
            action.triggered.connect(lambda _=False, act=act: act.run(self))
        menu.addSeparator()
        count = self.table.grid.selected_count()
        menu.addAction("复制", self._copy).setEnabled(count > 0)
        menu.addAction(f"导出选中的 {count:,} 行…", self._export_selected).setVisible(count > 1)
        menu.popup(self.table.grid.viewport().mapToGlobal(at))

    def _copy(self) -> None:
        from PySide6.QtGui import QGuiApplication

        QGuiApplication.clipboard().setText(self.table.grid.copied())
        self.services.say(f"已复制 {self.table.grid.selected_count():,} 行。")

    def _export_selected(self) -> None:
        from ui import papers

        papers.ask_export(self, [row.id for row in self.table.grid.selected()])

    def _find(self) -> None:
        if self.row.finder.isVisible():
            self.row.finder.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.row.finder.selectAll()

    def minimumSizeHint(self) -> QSize:
        """Ask for little: a page that is not laid out yet would want its filters one below the other."""
        return QSize(super().minimumSizeHint().width(), LEAST_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the filters below the buttons where both do not fit beside each other."""
        super().resizeEvent(event)
        self._fit_charts()
        room = event.size().width() - 2 * MARGIN - 24
        self.buttons.fit(room)
        wanted = self.row.wanted_width()
        fits = self.buttons.sizeHint().width() + wanted <= room
        self.row.setMinimumWidth(wanted if fits else 0)
        way = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self.head.direction() != way:
            self.head.setDirection(way)
            self.head.setAlignment(self.row, Qt.AlignmentFlag.AlignRight if fits else Qt.AlignmentFlag(0))
