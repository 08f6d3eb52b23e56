"""工作台: what is due today, and how things stand; each line one click from its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from models import deeds, desk
from models.desk import Figure, Reminder
from models.listings import Filters
from models.months import chinese_day
from ui import keys, papers, theme
from ui.chart import Charts
from ui.flow import Flow, Tiles
from ui.recent import Recent
from ui.services import Services
from ui.words import Plain, Words, redden

_WEEKDAYS = "一二三四五六日"
_ICONS = {"danger": "ph.warning-circle", "warning": "ph.clock", "info": "ph.info"}
_PAPER = "OF-21"
_MOST_RECENT = 8


class Clickable(QFrame):
    """A row or card that opens something, by mouse or by Enter."""

    chosen = Signal()

    def __init__(self, name: str, opens: bool, words: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("open", opens)
        self.opens = opens
        if opens:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(words)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open by a click."""
        left = event.button() is Qt.MouseButton.LeftButton
        if left and self.opens and self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open by Enter or blank."""
        if self.opens and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        else:
            super().keyPressEvent(event)


class Desk(QWidget):
    """The first page of the day."""

    def __init__(self, services: Services, recent: Recent, parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            services: of the window.
            recent: what the person opened last.
            parent: as Qt means it.
        """
        super().__init__(parent)
        self.services, self.recent = services, recent
        self._stale = True
        self._soon = QTimer(self, singleShot=True, interval=150)
        self._soon.timeout.connect(self.reload)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("工作台")
        self._lay_out()
        services.changed.connect(self._announced)
        theme.appearance.changed.connect(self._announced)
        recent.changed.connect(self._show_recent)
        self._show_recent()

    def _head(self) -> QHBoxLayout:
        self.greeting = Plain()
        self.greeting.setProperty("role", "title")
        self.day = Plain()
        self.day.setProperty("role", "secondary")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.greeting, 0, Qt.AlignmentFlag.AlignBottom)
        head.addWidget(self.day, 1, Qt.AlignmentFlag.AlignBottom)
        self.printing = QPushButton("打印今日事项")
        theme.dress(self.printing, "ph.printer")
        self.printing.setToolTip("Ctrl+P")
        self.printing.clicked.connect(self.print_today)
        keys.head(self, "本页：工作台")
        keys.bind(self, self.print_today, "Ctrl+P", words="打印今日事项")
        keys.bind(self, self.read_anew, keys.REFRESH, words="重新读取")
        head.addWidget(self.printing)
        return head

    def _lay_out(self) -> None:
        self.todo = QVBoxLayout()
        self.todo.setSpacing(0)
        self.standing = Tiles(lambda: theme.measures().font * 6, 4, 12)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        self.opened = Flow(spacing=4)
        columns.addLayout(_column("要办的事", self.todo), 1)
        columns.addLayout(_column("关键数字", self.standing), 1)
        sheet: QWidget = theme.named(QWidget(), "sheet")
        inner = QVBoxLayout(sheet)
        inner.setContentsMargins(24, 16, 24, 16)
        inner.setSpacing(16)
        inner.addLayout(self._head())
        inner.addLayout(columns)
        self.charts = Charts(self.services)
        self.charts.drawn.connect(self._order)
        inner.addWidget(self.charts)
        inner.addLayout(_column("最近打开", self.opened))
        inner.addStretch()
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(sheet)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def showEvent(self, event: QShowEvent) -> None:
        """Read when shown after a change."""
        super().showEvent(event)
        if self._stale:
            self.reload()

    def print_today(self) -> None:
        """Print what is due today, with room for what became of it."""
        papers.print_paper(self.services, self, _PAPER, "今日事项", {})

    def _show_recent(self) -> None:
        """Offer what was pinned and opened last."""
        _clear(self.opened)
        hits = [*self.recent.pinned(), *self.recent.opened()]
        hits = [one for one in hits if self.services.knows(one.listing)][:_MOST_RECENT]
        for hit in hits:
            link = QPushButton(f"{hit.title}　{hit.beside}" if hit.beside else hit.title)
            theme.mark(link, link=True)
            theme.dress(link, "ph.push-pin" if self.recent.is_pinned(hit) else "ph.clock-counter-clockwise")
            link.setToolTip(f"打开{hit.kind} {hit.title}")
            link.clicked.connect(lambda _=False, hit=hit: self.services.show(hit.listing, hit.id, hit.title))
            self.opened.addWidget(link)
        if not hits:
            self.opened.addWidget(_quiet("用 Ctrl+K 找到并打开过的房屋、人员和单据会列在这里。"))
        self._order()

    def read_anew(self) -> None:
        """Read everything anew, whoever changed it."""
        self.charts.forget()
        self.reload()

    def reload(self) -> None:
        """Ask every module what is due and how things stand."""
        self._stale = False
        today = date.today()
        self.greeting.setText(f"{deeds.actor().name}，您好")
        self.day.setText(f"{chinese_day(today)}　星期{_WEEKDAYS[today.weekday()]}")
        self.services.run(
            "工作台", self, lambda: (desk.reminders_on(today), desk.figures_on(today)), self._arrived
        )
        self.charts.read()

    def _announced(self, *_: Any) -> None:
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def _arrived(self, result: Any) -> None:
        reminders, figures = result
        _clear(self.todo)
        _clear(self.standing)
        self._show_reminders(reminders)
        for figure in figures:
            self.standing.addWidget(self._card(figure))
        if not figures:
            self.standing.addWidget(_quiet("您的角色没有要看的数字。"))
        self._order()

    def _order(self) -> None:
        """Let Tab go round as one reads, though what stands here is made anew at different times."""
        lists: tuple[Any, ...] = (self.todo, self.standing, self.opened)
        todo, figures, opened = ([one.itemAt(at).widget() for at in range(one.count())] for one in lists)
        seen = [self.printing, *todo, *figures, *self.charts.views, *opened]
        keys.follow_by_tab(*(one for one in seen if one.focusPolicy() is not Qt.FocusPolicy.NoFocus))

    def _show_reminders(self, reminders: Sequence[Reminder]) -> None:
        if not reminders:
            self.todo.addWidget(_quiet("没有要办的事。"))
        last = ""
        for reminder in reminders:
            if reminder.tone != last:
                caption = Plain(desk.GRAVITY[reminder.tone])
                caption.setProperty("role", "caption")
                caption.setContentsMargins(8, 8 if last else 0, 0, 4)
                self.todo.addWidget(caption)
            last = reminder.tone
            self.todo.addWidget(self._row(reminder))

    def _row(self, reminder: Reminder) -> Clickable:
        opens = reminder.page is not None and self.services.knows(reminder.page)
        row = Clickable("reminder", opens, reminder.title)
        line = QHBoxLayout(row)
        line.setContentsMargins(8, 4, 8, 4)
        line.setSpacing(8)
        tone = theme.tokens().tone(reminder.tone)
        line.addWidget(_sign(_ICONS[reminder.tone], tone.ink))
        words = Words(reminder.title)
        line.addWidget(words, 1)
        if reminder.count is not None:
            count = Plain(f"{reminder.count:,}")
            count.setProperty("tone", reminder.tone)
            line.addWidget(count)
        if opens:
            line.addWidget(_sign("ph.caret-right", theme.tokens().secondary))
            filters = Filters(**reminder.filters)
            row.chosen.connect(lambda: self.services.open(reminder.page or "", filters, reminder.asked))
        return row

    def _card(self, figure: Figure) -> Clickable:
        opens = figure.page is not None and self.services.knows(figure.page)
        card = Clickable("figure", opens, f"{figure.title} {figure.value}")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(0)
        for words, role in (
            (figure.title, "secondary"),
            (figure.value, "figure"),
            (figure.beside, "caption"),
        ):
            label = Plain(words)
            label.setProperty("role", role)
            redden(label)
            column.addWidget(label)
        if opens:
            filters = Filters(**figure.filters)
            card.chosen.connect(lambda: self.services.open(figure.page or "", filters, figure.asked))
        return card


def _column(title: str, body: Any) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(8)
    heading = Plain(title)
    heading.setProperty("role", "section")
    line: QFrame = theme.named(QFrame(), "line")
    column.addWidget(heading)
    column.addWidget(line)
    column.addLayout(body)
    column.addStretch()
    return column


def _sign(name: str, colour: str) -> QLabel:
    size = theme.measures().icon
    label = Plain()
    label.setPixmap(theme.icon(name, colour).pixmap(QSize(size, size)))
    return label


def _quiet(words: str) -> QLabel:
    label = Plain(words)
    label.setProperty("role", "secondary")
    label.setContentsMargins(8, 8, 8, 8)
    return label


def _clear(layout: Any) -> None:
    while layout.count():
        item = layout.takeAt(0)
        if item.widget() is not None:
            item.widget().hide()
            item.widget().deleteLater()
