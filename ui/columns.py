"""列: which columns of a list a person sees, in which order, how wide, and by which the list is sorted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from models.listings import Shown
from ui import theme
from ui.memory import Memory
from ui.words import Plain

NARROWEST, WIDEST = 40, 1_200
_PREFIX = "columns."


@dataclass(frozen=True)
class Arrangement:
    """How a person arranged a list; an empty one is how the list comes.

    Args:
        order: names of all columns as the person put them; columns that came later stand at the end.
        shown: names of those that are seen; None for the list's own choice.
        widths: pixels of those that the person drew.
        frozen: whether the first column stays while the others scroll.
        sort: column sorted by, "-" before it for descending; empty for the list's own order.
    """

    order: tuple[str, ...] = ()
    shown: frozenset[str] | None = None
    widths: dict[str, int] = field(default_factory=dict)
    frozen: bool = False
    sort: str = ""

    def of(self, columns: Sequence[Shown]) -> list[tuple[int, Shown]]:
        """Return the columns that are seen, each with its place in the list's own order."""
        places = {column.name: at for at, column in enumerate(columns)}
        names = [name for name in dict.fromkeys(self.order) if name in places]
        names += [name for name in places if name not in names]
        seen = [name for name in names if self.sees(columns[places[name]])]
        return [(places[name], columns[places[name]]) for name in seen] or list(enumerate(columns))[:1]

    def sees(self, column: Shown) -> bool:
        """Whether a column is seen."""
        return not column.hidden if self.shown is None else column.name in self.shown

    def sorted(self, columns: Sequence[Shown]) -> tuple[str, ...]:
        """Return what to sort by, as `Listing.sorted` takes it; empty for the list's own order."""
        known = self.sort.lstrip("-") in {column.name for column in columns}
        return (self.sort,) if known else ()

    def plain(self) -> dict[str, Any]:
        """Return it for keeping."""
        return {
            "order": list(self.order),
            "shown": None if self.shown is None else sorted(self.shown),
            "widths": self.widths,
            "frozen": self.frozen,
            "sort": self.sort,
        }

    @classmethod
    def read(cls, told: dict[str, Any]) -> Arrangement:
        """Return what was kept; whatever in it is no such thing is passed over."""
        shown = told.get("shown")
        widths = told.get("widths")
        return cls(
            _names(told.get("order")),
            frozenset(_names(shown)) if isinstance(shown, list) else None,
            {
                str(name): width
                for name, width in (widths.items() if isinstance(widths, dict) else ())
                if type(width) is int and NARROWEST <= width <= WIDEST
            },
            told.get("frozen") is True,
            told["sort"] if isinstance(told.get("sort"), str) else "",
        )


def arrangement(memory: Memory, listing: str) -> Arrangement:
    """Return how a person arranged a list."""
    told: dict[str, Any] = memory.get(_PREFIX + listing, {})
    return Arrangement.read(told)


def arrange(memory: Memory, listing: str, made: Arrangement) -> None:
    """Remember it."""
    memory.put(_PREFIX + listing, made.plain() if made != Arrangement() else None)


def _names(told: Any) -> tuple[str, ...]:
    return tuple(name for name in told if isinstance(name, str)) if isinstance(told, list) else ()


class ColumnChooser(QFrame):
    """A sheet beside the list: tick what is seen, move by mouse or Ctrl+↑ ↓, freeze, go back."""

    changed = Signal(object)

    def __init__(self, columns: Sequence[Shown], now: Arrangement, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("help_topic", "lists")
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._columns, self._now = columns, now
        caption = Plain("勾选要显示的列；拖动或按 Ctrl+↑ ↓ 换位置")
        caption.setProperty("role", "caption")
        self.list: QListWidget = theme.named(QListWidget(), "choices")
        self.list.setAccessibleName("显示的列")
        self.list.installEventFilter(self)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.frozen = QCheckBox("冻结首列")
        self.frozen.setToolTip("左右滚动时第一列不动")
        back = QPushButton("恢复默认列")
        back.setAutoDefault(False)
        back.clicked.connect(self._reset)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.frozen, 1)
        foot.addWidget(back)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(caption)
        layout.addWidget(self.list, 1)
        layout.addLayout(foot)
        self._fill()
        self.list.itemChanged.connect(lambda _: self._tell())
        self.list.model().rowsMoved.connect(lambda *_: self._tell())
        self.frozen.toggled.connect(lambda _: self._tell())
        self.setFocusProxy(self.list)

    def _fill(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        seen = self._now.of(self._columns)
        everyone = replace(self._now, shown=frozenset(column.name for column in self._columns))
        visible = {column.name for _, column in seen}
        for _, column in everyone.of(self._columns):
            item = QListWidgetItem(column.heading)
            item.setData(Qt.ItemDataRole.UserRole, column.name)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsDragEnabled
            )
            state = Qt.CheckState.Checked if column.name in visible else Qt.CheckState.Unchecked
            item.setCheckState(state)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self.frozen.blockSignals(True)
        self.frozen.setChecked(self._now.frozen)
        self.frozen.blockSignals(False)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _tell(self) -> None:
        items = self._items()
        ticked = [one for one in items if one.checkState() is Qt.CheckState.Checked]
        if not ticked:  # one column must stay
            self._fill()
            return
        name = Qt.ItemDataRole.UserRole
        self._now = replace(
            self._now,
            order=tuple(str(one.data(name)) for one in items),
            shown=frozenset(str(one.data(name)) for one in ticked),
            frozen=self.frozen.isChecked(),
        )
        self.changed.emit(self._now)

    def _reset(self) -> None:
        self._now = Arrangement(sort=self._now.sort)
        self._fill()
        self.changed.emit(self._now)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the column by Ctrl+↑ ↓, which the list would only walk by."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.move_current(step)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close by Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def move_current(self, step: int) -> None:
        """Move the current column up or down the list."""
        row = self.list.currentRow()
        if 0 <= row + step < self.list.count():
            self.list.blockSignals(True)
            item = self.list.takeItem(row)
            self.list.insertItem(row + step, item)
            self.list.setCurrentRow(row + step)
            self.list.blockSignals(False)
            self._tell()
