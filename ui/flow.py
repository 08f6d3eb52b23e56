"""流式布局: widgets beside each other, and in a new line where the room ends."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Lays its widgets out as words of a paragraph."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Add one at the end."""
        self._items.append(item)

    def items(self) -> list[QLayoutItem]:
        """Return all of them, in their order."""
        return list(self._items)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return one."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        """Take one out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Want no more room than needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """A narrower one is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return how high it is at a width."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Put everything in its place."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Return the least that it needs."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the size of the largest widget."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        for item in self._items:
            if item.isEmpty():  # hidden
                continue
            size = item.sizeHint()
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, line = rect.x(), y + line + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self.spacing()
            line = max(line, size.height())
        return y + line - rect.y()


class Tiles(Flow):
    """Lays its widgets out equally wide, as many beside one another as there is room for."""

    def __init__(self, least: Callable[[], int], most: int, spacing: int) -> None:
        """Make it.

        Args:
            least: pixels that each wants at least, by the letters in force.
            most: so many beside one another at most.
            spacing: pixels between them.
        """
        super().__init__(spacing=spacing)
        self._least, self._most = least, most

    def _arrange(self, rect: QRect, move: bool) -> int:
        shown = [item for item in self.items() if not item.isEmpty()]
        gap = self.spacing()
        beside = max(1, min(self._most, len(shown), (rect.width() + gap) // (self._least() + gap)))
        wide = (rect.width() - gap * (beside - 1)) // beside
        y = rect.y()
        for first in range(0, len(shown), beside):
            row = shown[first : first + beside]
            high = max(_height(item, wide) for item in row)
            for number, item in enumerate(row if move else ()):
                item.setGeometry(QRect(rect.x() + number * (wide + gap), y, wide, high))
            y += high + gap
        return max(0, y - gap - rect.y())


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
