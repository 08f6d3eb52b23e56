"""卡片: the selected record beside its list: its facts, what belongs to it, its files, its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from models import cards, history
from models.attachments import may_keep_files
from models.base import Record
from models.cards import Card, Field, Related
from models.desk import Figure
from models.history import Event
from models.listings import Listed
from ui import theme
from ui.desk import Clickable
from ui.files import Files
from ui.permits import may
from ui.services import Services
from ui.words import Plain, Words, redden

_STILL = 25
"""Milliseconds after which another row is read at once; sooner, arrows run past many and only the last is."""
_FIRST, _FILES, _HISTORY = "概况", "附件", "历史"


Opens = Callable[[Services, QWidget, Any], Any]
_doors: list[tuple[type[Record], str, str, Opens]] = []


def opens_from_card(record: type[Record], words: str, right: str, opens: Opens) -> None:
    """Let a button stand on the cards of a kind of record, for those who hold a right."""
    _doors.append((record, words, right, opens))


class CardView(QWidget):
    """One record, in sides that are read when they are turned to."""

    closed = Signal()

    def __init__(self, listed: Listed, services: Services) -> None:
        super().__init__()
        self._listed, self._services = listed, services
        self._id: Any = None
        self.card: Card | None = None
        self._asked = self._turned = 0
        self._sides: list[str] = []
        self._due = False
        """Whether the card is to be read once the rows stand still."""
        self._moving = QTimer(self, singleShot=True, interval=_STILL)
        self._moving.timeout.connect(self._rested)
        self._lay_out()
        services.changed.connect(self._stale)
        theme.appearance.changed.connect(self._stale)

    def _lay_out(self) -> None:
        self.title = Words()
        self.title.setProperty("role", "section")
        close = QPushButton()
        theme.mark(close, quiet=True, square=True)
        theme.dress(close, "ph.x", lambda now: now.secondary)
        close.setToolTip("收起卡片 (Ctrl+I)")
        close.setAccessibleName("收起卡片")
        close.clicked.connect(self.closed)
        head = QHBoxLayout()
        head.setContentsMargins(12, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        head.addWidget(close, alignment=Qt.AlignmentFlag.AlignTop)
        self.bar: QTabBar = theme.named(QTabBar(drawBase=False, expanding=False), "pages")
        self.bar.setAccessibleName("卡片的各面")
        self.bar.setUsesScrollButtons(True)
        self.bar.currentChanged.connect(lambda _: self._turn())
        self.area = QScrollArea(widgetResizable=True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        line: QFrame = theme.named(QFrame(), "line")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.bar)
        layout.addWidget(line)
        layout.addWidget(self.area, 1)
        self._say("选中一行，这里显示它的卡片。")

    # -- reading -------------------------------------------------------------------------------

    def show_record(self, id: Any, selected: int = 1) -> None:
        """Show a record of the list; None where not just one row is selected."""
        if id is None:
            self._moving.stop()
            self._drop(None)
            self._say(f"选中了 {selected:,} 行。" if selected else "选中一行，这里显示它的卡片。")
        elif id != self._id:
            self._drop(id)
            self._due = self._moving.isActive()
            self._moving.start()
            if not self._due:
                self.reload()

    def _drop(self, id: Any) -> None:
        """Let go of the card on show: what is still being read of it is of no use any more."""
        self._id, self.card = id, None
        self._asked += 1
        self._turned += 1

    def _stale(self, *_: Any) -> None:
        if self.isVisible():
            self._due = True
            self._moving.start()

    def _rested(self) -> None:
        if self._due:
            self.reload()

    def reload(self) -> None:
        """Read the card anew."""
        if self._id is None:
            return
        self._asked += 1
        number, listed, id = self._asked, self._listed, self._id

        def read() -> tuple[int, Card, bool]:
            card = cards.card_of(listed, id)
            return number, card, may_keep_files(type(card.record))

        self._services.run(
            "读取卡片",
            self,
            read,
            self._arrived,
            lambda problem: self._say(str(problem)) if number == self._asked else None,
        )

    def _arrived(self, result: Any) -> None:
        number, card, files = result
        if number != self._asked or self._id is None:
            return
        self.card = card
        self.title.setText(card.title)
        titles = self._services.titles
        sides = [
            _FIRST,
            *(titles.get(name, name) for name in card.modules),
            *([_FILES] if files else []),
            _HISTORY,
        ]
        self._modules = dict(zip(sides[1:], card.modules, strict=False))
        if sides != self._sides:
            self._set_sides(sides)
        self._turn()

    def _set_sides(self, sides: list[str]) -> None:
        kept = self.bar.tabText(self.bar.currentIndex())
        self.bar.blockSignals(True)
        while self.bar.count():
            self.bar.removeTab(0)
        for words in sides:
            self.bar.addTab(words)
        self.bar.setCurrentIndex(sides.index(kept) if kept in sides else 0)
        self.bar.blockSignals(False)
        self._sides = sides

    def _turn(self) -> None:
        """Show the side in front, reading what it needs."""
        card, side = self.card, self.bar.tabText(self.bar.currentIndex())
        if card is None:
            return
        self._turned += 1  # another side is not wanted any more
        if side == _FIRST:
            self._show(_first_side(card, self._open_figure, self._buttons(card.record)))
        elif side == _FILES:
            self._show_files(card)
        elif side == _HISTORY:
            self._read(partial(history.history_of, card.record), _history)
        else:
            module = self._modules[side]
            self._read(partial(cards.related_to, card.record, module), self._related)

    def _buttons(self, record: Record) -> list[QPushButton]:
        """Return what opens something of a record, as modules offer it."""
        made = []
        for kind, words, right, opens in _doors:
            if isinstance(record, kind) and may(right):
                button = QPushButton(words)
                theme.mark(button, link=True)
                button.clicked.connect(lambda _=False, opens=opens: opens(self._services, self, record))
                made.append(button)
        return made

    def _show_files(self, card: Card) -> None:
        """Show the files; those on show only read anew, for a dialog may stand on them."""
        shown = self.area.widget()
        if isinstance(shown, Files) and shown.is_of(card.record):
            shown.reload()
        else:
            self._show(Files(self._services, card.record))

    def _read(self, work: Callable[[], Any], make: Callable[[Any], QWidget]) -> None:
        self._turned += 1
        number = self._turned
        self._services.run(
            "读取卡片",
            self,
            work,
            lambda found: self._show(make(found)) if number == self._turned else None,
            lambda problem: self._say(str(problem)) if number == self._turned else None,
        )

    # -- showing -------------------------------------------------------------------------------

    def _show(self, side: QWidget) -> None:
        side.setObjectName("sheet")
        self.bar.show()
        self.area.setWidget(side)
        side.show()

    def _say(self, words: str) -> None:
        self.title.setText("")
        self.bar.hide()
        told = Words(words)
        told.setProperty("role", "secondary")
        told.setContentsMargins(12, 8, 8, 8)
        told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.area.setWidget(told)

    def _related(self, found: list[Related]) -> QWidget:
        side, column = _side()
        for one in found:
            words = f"{one.listed.title}　{one.count:,}"
            head = QPushButton(words)
            theme.mark(head, link=True)
            head.setToolTip(f"打开{one.listed.title}的名单")
            head.clicked.connect(lambda _=False, one=one: self._services.open(one.listed.name, one.filters))
            column.addWidget(head, alignment=Qt.AlignmentFlag.AlignLeft)
            column.addWidget(_rows(one, partial(self._open_related, one)))
        if not found:
            column.addWidget(_quiet("这里没有与它有关的内容。"))
        column.addStretch()
        return side

    def _open_related(self, one: Related, id: Any, label: str) -> None:
        if one.of_records:
            self._services.show(one.listed.name, id, label)
        else:
            self._services.open(one.listed.name, one.filters)

    def _open_figure(self, figure: Figure) -> None:
        if self.card is not None and figure.page is not None:
            filters = cards.narrowed_to(self.card.record, figure.page, **figure.filters)
            self._services.open(figure.page, filters, figure.asked)


def _first_side(card: Card, open_figure: Callable[[Figure], Any], buttons: Sequence[QPushButton]) -> QWidget:
    side, column = _side()
    if card.figures:
        tiles = QGridLayout()
        tiles.setSpacing(8)
        for at, figure in enumerate(card.figures):  # three beside each other would be cut at large letters
            tiles.addWidget(_figure(figure, partial(open_figure, figure)), *divmod(at, 2))
            tiles.setColumnStretch(at % 2, 1)
        column.addLayout(tiles)
        column.addSpacing(4)
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for at, one in enumerate(card.fields):
        label = _plain(one.label, role="secondary")
        grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(_value(one), at, 1)
    column.addLayout(grid)
    for button in buttons:
        column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
    column.addStretch(1)
    return side


def _value(one: Field) -> QLabel:
    words = Words(one.shown)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if one.tone not in (None, "plain"):
        words.setProperty("tone", one.tone)
    redden(words)
    return words


def _figure(figure: Figure, act: Callable[[], Any]) -> QWidget:
    card = Clickable("figure", figure.page is not None, f"{figure.title} {figure.value}")
    column = QVBoxLayout(card)
    column.setContentsMargins(8, 8, 8, 8)
    column.setSpacing(0)
    for words, role in ((figure.title, "secondary"), (figure.value, "section"), (figure.beside, "caption")):
        if words:
            column.addWidget(_plain(words, role=role))
    column.addStretch()
    card.chosen.connect(lambda: act())
    return card


def _rows(one: Related, show: Callable[[Any, str], Any]) -> QWidget:
    """Return the first rows of a related list; each opens its record."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 8)
    column.setSpacing(0)
    least, most = theme.measures().font, theme.measures().font * 7
    widths = [
        min(
            most,
            max(least, *map(theme.metrics().horizontalAdvance, (head.heading, *(w[at] for _, w in one.rows))))
            + 1,  # at their very width Qt leaves the last letter out
        )
        for at, head in enumerate(one.columns)
    ]
    column.addLayout(_line([head.heading for head in one.columns], one, widths, "caption"))
    for id, words in one.rows:
        row = Clickable("related", True, "，".join(filter(None, words)))
        row.chosen.connect(lambda id=id, words=words: show(id, words[0]))
        row.setLayout(_line(words, one, widths, ""))
        column.addWidget(row)
    return box


def _line(words: Sequence[str], one: Related, widths: list[int], role: str) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setContentsMargins(4, 4, 4, 4)
    line.setSpacing(8)
    for shown, of, width in zip(words, one.columns, widths, strict=True):
        label = _plain(theme.metrics().elidedText(shown, Qt.TextElideMode.ElideRight, width), role=role)
        label.setToolTip(f"{of.heading}：{shown}" if not role else "")
        label.setFixedWidth(width + 2)
        side = Qt.AlignmentFlag.AlignRight if of.field.align == "right" else Qt.AlignmentFlag.AlignLeft
        label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(label)
    line.addStretch()
    return line


def _history(events: list[Event]) -> QWidget:
    side, column = _side()
    for event in events:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(_plain(event.title))
        head.addStretch()
        head.addWidget(_plain(f"{event.who}　{event.at:%Y-%m-%d %H:%M}", role="caption"))
        column.addLayout(head)
        told = Words(event.told)
        told.setProperty("role", "secondary")
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(told)
        column.addSpacing(4)
    if not events:
        column.addWidget(_quiet("登记以来没有逐条改动过。成批导入和出账记在“批次”里。"))
    elif len(events) >= history.MOST:
        column.addWidget(_quiet(f"更早的改动在审计记录里；这里是最近 {history.MOST} 条。"))
    column.addStretch(1)
    return side


def _side() -> tuple[QWidget, QVBoxLayout]:
    side = QWidget()
    column = QVBoxLayout(side)
    column.setContentsMargins(12, 8, 8, 8)
    column.setSpacing(8)
    return side, column


def _plain(words: str, **properties: Any) -> QLabel:
    label = Plain(words)
    for name, value in properties.items():
        label.setProperty(name, value)
    redden(label)
    return label


def _quiet(words: str) -> QLabel:
    told = Words(words)
    told.setProperty("role", "secondary")
    return told
