"""表栏: the columns of a table at one width: edges, alignment, how values are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, groupby

from reports.paper.cells import LEADING, PAD, room_between, row_height
from reports.paper.flow import Strip
from reports.paper.form import Column, label_text
from reports.paper.ink import SMALLEST, Align, Ink
from reports.paper.text import break_lines, clean
from reports.paper.typeset import Typesetter
from reports.paper.values import CENTRED, RIGHT, UNBROKEN, Value, writer

_LONG_DATE = "2026年12月28日"

_UNWRITTEN = " "  # a cell that is filled in with a pen


class Columns:
    """Columns scaled to a width, in points.

    Attributes:
        edges: x of every edge, one more than there are columns.
        rooms: width left for text in each column.
        unbroken: indexes of the columns whose values never wrap.
    """

    def __init__(self, columns: Sequence[Column], width: float, size: float, kit: Typesetter) -> None:
        self.columns = columns
        self.width = width
        total = sum(column.width for column in columns)
        self.edges = [*accumulate((c.width / total * width for c in columns[:-1]), initial=0.0), width]
        self.spans = list(zip(self.edges, self.edges[1:], strict=False))
        self.rooms = [room_between(span) for span in self.spans]
        self.aligns = [align_of(column.kind) for column in columns]
        self.unbroken = [i for i, column in enumerate(columns) if column.kind in UNBROKEN]
        self.uprights = tuple(self.edges[1:-1])
        self.by_hand = any(column.by_hand for column in columns)
        long_date = kit.width(_LONG_DATE, size)
        self._writers = [
            _writer(column, room >= long_date) for column, room in zip(columns, self.rooms, strict=True)
        ]

    def __len__(self) -> int:
        return len(self.columns)

    def written(self, row: Sequence[Value]) -> list[str]:
        """Return the texts of a row.

        Raises:
            ValueError: not one value for each column.
        """
        if len(row) != len(self.columns):
            raise ValueError(f"{len(row)} values for {len(self.columns)} columns: {row!r}")
        return [write(value) for write, value in zip(self._writers, row, strict=True)]

    def write(self, i: int, value: Value) -> str:
        """Return the text of one value of column `i`."""
        return self._writers[i](value)


def align_of(kind: str) -> Align:
    """Return how values of a kind are aligned."""
    if kind in RIGHT:
        return "right"
    return "center" if kind in CENTRED else "left"


def _writer(column: Column, roomy: bool) -> Callable[[Value], str]:
    kind = "day" if column.kind == "date" and not roomy else column.kind
    write = writer(kind, column.places)
    if not column.by_hand:
        return write
    return lambda value: _UNWRITTEN if value in (None, "") else write(value)


class _Label:
    """One cell of the heading; level 0 goes through, 1 stands above, 2 below."""

    def __init__(
        self, words: str, left: float, right: float, level: int, size: float, kit: Typesetter
    ) -> None:
        self.left, self.right, self.level = left, right, level
        self.lines, self.size = _fitted(words, right - left - 2 * PAD, size, kit)

    @property
    def height(self) -> float:
        return row_height(self.size, len(self.lines))

    def draw(self, ink: Ink, top: float, height: float) -> None:
        middle, room = (self.left + self.right) / 2, self.right - self.left - 2 * PAD
        y = top + (height - self.size * (1 + LEADING * (len(self.lines) - 1))) / 2
        for line in self.lines:
            ink.text(middle, y, line, self.size, bold=True, align="center", limit=room)
            y += LEADING * self.size


class HeadingStrip(Strip):
    """The heading of a table, of one level or of two."""

    framed = True

    def __init__(self, grid: Columns, size: float, kit: Typesetter) -> None:
        self._edges = grid.edges
        self._labels: list[_Label] = []
        self._groups: list[tuple[float, float]] = []
        start = 0
        for group, members in groupby(enumerate(grid.columns), lambda item: item[1].group or item[0]):
            columns = [column for _, column in members]
            end = start + len(columns)
            if isinstance(group, str):
                self._groups.append((grid.edges[start], grid.edges[end]))
                self._labels.append(_Label(group, grid.edges[start], grid.edges[end], 1, size, kit))
            for i, column in enumerate(columns, start):
                level = 2 if isinstance(group, str) else 0
                self._labels.append(_Label(label_text(column.label), *grid.spans[i], level, size, kit))
            start = end
        self._upper = self._tallest(1)
        super().__init__(max(self._tallest(0), self._upper + self._tallest(2)))

    def draw(self, ink: Ink, y: float) -> None:
        """Draw the tint, the words, and the lines within; the grid's uprights stop at the heading."""
        ink.tint(self._edges[0], y, self._edges[-1] - self._edges[0], self.height)
        middle = y + self._upper
        for left, right in self._groups:
            ink.line(left, middle, right, middle)
        for edge in self._edges[1:-1]:
            inside = any(left < edge < right for left, right in self._groups)
            ink.line(edge, middle if inside else y, edge, y + self.height)
        for label in self._labels:
            top = middle if label.level == 2 else y
            height = (self.height, self._upper, self.height - self._upper)[label.level]
            label.draw(ink, top, height)

    def _tallest(self, level: int) -> float:
        return max((label.height for label in self._labels if label.level == level), default=0.0)


def _fitted(words: str, room: float, size: float, kit: Typesetter) -> tuple[list[str], float]:
    """Return the lines of a heading and their size: few lines first, then large type."""
    words = clean(words)
    sizes = [size - step / 2 for step in range(int((size - SMALLEST) * 2) + 1)]
    for most, candidates in ((1, sizes[:3]), (2, sizes), (3, sizes)):
        for candidate in candidates:
            lines = break_lines(words, room + 0.2, kit.measure(candidate, bold=True))
            lonely = len(words) > 1 and min(map(len, lines)) < 2
            if len(lines) <= most and not lonely:
                return lines, candidate
    lines = break_lines(words, room + 0.2, kit.measure(SMALLEST, bold=True))
    return (lines if len(words) > 2 else [words]), SMALLEST
