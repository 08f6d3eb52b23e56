"""检索栏: one line that finds anything from anywhere; three keys and Enter."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QVBoxLayout,
)

from models import search
from models.listings import Filters
from models.search import Hit
from ui import theme
from ui.keys import tell
from ui.recent import Recent
from ui.services import Services
from ui.words import Plain

KEYS = ("Ctrl+K", "F3")
_STILL = 60
"""Milliseconds of stillness before what is typed is looked for."""
_PAGE = "页面"
_NOTHING = "没有找到。换几个字再试，例如房号、姓的拼音、电话后四位。"
_HIT = Qt.ItemDataRole.UserRole
_CAPTION = Qt.ItemDataRole.UserRole + 1
_SHOWN_ROWS = 14
Index = QModelIndex | QPersistentModelIndex


tell(
    "检索栏",
    ("↑ ↓", "选一个结果"),
    ("Enter", "打开"),
    ("Ctrl+D", "固定，或不再固定"),
    ("Esc", "回到刚才的地方"),
)


class SearchLine(QLineEdit):
    """The line in the head of the window, with what it found below it."""

    left = Signal()
    """The person is done here; the keyboard belongs elsewhere."""

    def __init__(self, services: Services, recent: Recent, pages: Callable[[], Sequence[Hit]]) -> None:
        """Make it.

        Args:
            services: of the window.
            recent: what was opened last.
            pages: the pages that the person may open, as hits without id.
        """
        super().__init__(clearButtonEnabled=True)
        self._services, self._recent, self._pages = services, recent, pages
        self._asked, self._answered = 0, 0
        self._open_first = False
        self.setProperty("help_topic", "search")
        self.setPlaceholderText("房号 · 姓名 · 拼音 · 电话尾号 · 车牌 · 单号　Ctrl+K")
        self.setAccessibleName("检索")
        self.setToolTip("找房、找人、找单据、找页面 (Ctrl+K 或 F3)；可以直接扫描单据上的二维码")
        self._soon = QTimer(self, singleShot=True, interval=_STILL)
        self._soon.timeout.connect(self._look)
        self.textChanged.connect(self._typed)
        theme.appearance.changed.connect(self._fit)
        self._fit()

    @functools.cached_property
    def results(self) -> Results:
        """What was found; made when something is looked for first."""
        made = Results(self)
        made.list.itemClicked.connect(self._take)
        return made

    def _fit(self) -> None:
        self.setMinimumWidth(theme.measures().font * 9)
        self.setMaximumWidth(theme.measures().font * 23)
        sign = theme.icon("ph.magnifying-glass", theme.tokens().secondary)
        for action in self.actions():
            self.removeAction(action)
        self.addAction(sign, QLineEdit.ActionPosition.LeadingPosition)

    def call(self) -> None:
        """Come here by a key."""
        self.window().activateWindow()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()
        self._typed()

    # -- looking -------------------------------------------------------------------------------

    def _typed(self) -> None:
        self._asked += 1
        self._open_first = False
        if self.text().strip():
            self._soon.start()
        else:
            self._soon.stop()
            self._answered = self._asked
            if self.hasFocus():
                self._show_recent()

    def _look(self) -> None:
        number, words = self._asked, self.text()
        self._services.run("检索", self, lambda: (number, search.find(words)), self._found, lambda _: None)

    def _found(self, result: Any) -> None:
        number, hits = result
        if number != self._asked:
            return
        self._answered = number
        if self.window().focusWidget() is not self and not self._open_first:
            return  # whoever asked has gone on to something else
        words = self.text().strip().casefold()
        pages = [one for one in self._pages() if words in one.title.casefold() or words in one.beside.split()]
        shown = [*hits, *pages]
        self.results.show_groups(
            [("", shown)] if shown else [], "没有找到。换几个字再试，例如房号、姓的拼音、电话后四位。"
        )
        if self._open_first and shown:
            self.open(shown[0])

    def _show_recent(self) -> None:
        pinned, opened = self._recent.pinned(), self._recent.opened()
        groups = [(words, some) for words, some in (("已固定", pinned), ("最近打开", opened)) if some]
        self.results.show_groups(groups, "输入房号、姓名、拼音首字母、电话后四位、车牌或单号。")

    # -- taking --------------------------------------------------------------------------------

    def _take(self, item: QListWidgetItem) -> None:
        hit = item.data(_HIT)
        if isinstance(hit, Hit):
            self.open(hit)

    def open(self, hit: Hit) -> None:
        """Open what was found, wherever it lives."""
        self.clear()
        self.results.hide()
        if hit.id is None:
            self._services.open(hit.listing, Filters(**hit.filters))
        else:
            self._recent.note(hit)
            self._services.show(hit.listing, hit.id, hit.title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk among what was found, open it, pin it, leave."""
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.results.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter()
        elif key == Qt.Key.Key_Escape:
            self._leave()
        elif key == Qt.Key.Key_D and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._pin()
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        """Open the hit the keyboard is on; where the answer is still coming, the first one of it."""
        if self._answered != self._asked:
            self._open_first = True
            return
        hit = self.results.current()
        if hit is not None:
            self.open(hit)

    def _leave(self) -> None:
        if self.text():
            self.clear()
        else:
            self.results.hide()
            self.left.emit()

    def _pin(self) -> None:
        hit = self.results.current()
        if hit is not None and hit.id is not None:
            self._recent.turn_pin(hit)
            self._services.say(
                f"已固定：{hit.title}" if self._recent.is_pinned(hit) else f"不再固定：{hit.title}"
            )
            if not self.text():
                self._show_recent()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Offer what was opened last."""
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self._typed()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide what was found."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.results.hide()


class Results(QFrame):
    """What was found, laid over the window below the line; the keyboard stays in the line."""

    def __init__(self, line: SearchLine) -> None:
        super().__init__(line)
        self._line = line
        self.setObjectName("popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list = QListWidget()
        self.list.setObjectName("hits")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName("检索结果")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(HitCells(self.list))
        self.list.setMouseTracking(True)
        self.foot = Plain("↑ ↓ 选择　Enter 打开　Ctrl+D 固定　Esc 关闭")
        self.foot.setProperty("role", "caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        layout.addWidget(self.list)
        layout.addWidget(self.foot)
        self.hide()

    def show_groups(self, groups: Sequence[tuple[str, Sequence[Hit]]], nothing: str) -> None:
        """Show hits under their captions, or a sentence where there are none."""
        self.list.clear()
        for caption, hits in groups:
            if caption:
                self._add(caption, None)
            for hit in hits:
                self._add(hit.title, hit)
        if not groups:
            self._add(nothing, None)
        self.list.setCurrentRow(next((row for row in range(self.list.count()) if self._hit(row)), -1))
        self._place()

    def _add(self, words: str, hit: Hit | None) -> None:
        item = QListWidgetItem(words)
        item.setData(_HIT, hit)
        item.setData(_CAPTION, hit is None)
        if hit is None:
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        else:
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.kind} {hit.title} {hit.beside}")
        self.list.addItem(item)

    def _hit(self, row: int) -> Hit | None:
        found = self.list.item(row).data(_HIT) if 0 <= row < self.list.count() else None
        return found if isinstance(found, Hit) else None

    def current(self) -> Hit | None:
        """Return the hit that Enter opens."""
        return self._hit(self.list.currentRow()) if self.isVisible() else None

    def step(self, way: int) -> None:
        """Go to the next hit, passing over captions."""
        row = self.list.currentRow() + way
        while 0 <= row < self.list.count():
            if self._hit(row):
                self.list.setCurrentRow(row)
                return
            row += way

    def _place(self) -> None:
        """Lie below the line, above everything else of the window."""
        window = self._line.window()
        if self.parent() is not window:
            self.setParent(window)
        rows = min(self.list.count(), _SHOWN_ROWS)
        high = rows * theme.measures().row + 24 + self.foot.sizeHint().height()
        corner = self._line.mapTo(window, QPoint(0, self._line.height() + 4))
        wide = max(self._line.width(), theme.measures().font * 26)
        self.setGeometry(QRect(corner, QSize(min(wide, window.width() - corner.x() - 8), high)))
        self.show()
        self.raise_()


class HitCells(QStyledItemDelegate):
    """Draws a hit: its name, what helps to recognise it, and its kind at the right."""

    def sizeHint(self, option: Any, index: Index) -> QSize:
        """Be as high as a row of a table."""
        return QSize(10, theme.measures().row)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one."""
        now, hit = theme.tokens(), index.data(_HIT)
        room = option.rect.adjusted(10, 0, -10, 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if not isinstance(hit, Hit):
            painter.setFont(theme.font(-1))
            painter.setPen(QColor(now.secondary))
            painter.drawText(room, int(left), str(index.data()))
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(now.selected))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(now.hover))
        painter.setFont(theme.font())
        painter.setPen(QColor(now.secondary))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), hit.kind)
        room.setRight(room.right() - theme.metrics().horizontalAdvance(hit.kind) - 16)
        title = theme.metrics().elidedText(hit.title, Qt.TextElideMode.ElideRight, room.width() * 2 // 3)
        painter.setPen(QColor(now.text))
        painter.drawText(room, int(left), title)
        room.setLeft(room.left() + theme.metrics().horizontalAdvance(title) + 12)
        beside = "" if hit.kind == _PAGE else hit.beside
        painter.setPen(QColor(now.secondary))
        painter.drawText(
            room, int(left), theme.metrics().elidedText(beside, Qt.TextElideMode.ElideRight, room.width())
        )


def page_hit(listing: str, title: str, module: str) -> Hit:
    """Return a page as something that can be found, by its title or the initials of its sound."""
    from models import pinyin

    return Hit(listing, None, f"{module} · {title}", pinyin.search_keys(title).lower(), _PAGE)
