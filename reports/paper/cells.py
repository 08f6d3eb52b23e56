"""单元格: cells of text in a row of the grid."""

from __future__ import annotations

from collections.abc import Hashable

from reports.paper.flow import Strip
from reports.paper.ink import ASCENT, SMALLEST, Align, Ink
from reports.paper.press import Press
from reports.paper.sizes import MM
from reports.paper.typeset import Line, Typesetter

PAD = 1.2 * MM  # at least, between a line of the grid and what stands beside it
LEADING = 1.32  # distance of base lines, in sizes
_ROOMY = 24 * MM  # a cell so wide has more padding
_WIDE_PAD = 1.8 * MM
_MOST = 3  # lines of text, where smaller type can make that true
_WHOLE = 6  # a row of so many lines is never cut by the end of a page
HANDWRITING = 9 * MM  # height of a row to be written in by hand


def row_height(size: float, lines: int = 1) -> float:
    """Return the height in points of a row of so many lines of type."""
    return size * (1.95 + LEADING * (lines - 1))


def step_down(size: float, width: float, room: float) -> float:
    """Return the size, in half points and 8 at least, at which `width` set at `size` fits `room`."""
    return size if width <= room else max(SMALLEST, int(2 * size * room / width) / 2)


class TextCell:
    """One cell of text: its lines, and where they stand."""

    __slots__ = ("align", "limit", "lines", "size", "x")

    def __init__(self, x: float, align: Align, limit: float, lines: list[Line]) -> None:
        self.x = x
        self.align = align
        self.limit = limit
        self.lines = lines
        self.size = lines[0].size

    def draw(self, ink: Ink, y: float, height: float) -> None:
        """Draw the lines, centred between `y` and `y + height`."""
        leading = LEADING * self.size
        base = y + (height - self.size - leading * (len(self.lines) - 1)) / 2 + ASCENT * self.size
        for line in self.lines:
            ink.show(self.x, base, line, self.align, self.limit)
            base += leading

    def cut(self, count: int) -> tuple[TextCell | None, TextCell | None]:
        """Return the first `count` lines and the others."""
        first, rest = self.lines[:count], self.lines[count:]
        place = self.x, self.align, self.limit
        return TextCell(*place, first) if first else None, TextCell(*place, rest) if rest else None


def room_between(edges: tuple[float, float]) -> float:
    """Return the width left for text between two edges of the grid."""
    width = edges[1] - edges[0]
    return width - 2 * (PAD if width < _ROOMY else _WIDE_PAD)


def _anchor(edges: tuple[float, float], align: Align) -> float:
    """Return the x from which text between two edges of the grid is aligned."""
    if align == "center":
        return (edges[0] + edges[1]) / 2
    pad = (edges[1] - edges[0] - room_between(edges)) / 2
    return edges[0] + pad if align == "left" else edges[1] - pad


def wrapped(
    kit: Typesetter,
    text: str,
    edges: tuple[float, float],
    size: float,
    *,
    bold: bool = False,
    align: Align = "left",
) -> TextCell:
    """Return a cell whose text is broken into lines.

    Type up to a point smaller is used where that keeps a text on one line, and type of 8 points where
    that makes four lines three.
    """
    room = room_between(edges)
    lines = [kit.set(text, size, bold)]
    if lines[0].width > room or "\n" in text:
        smaller = step_down(size, lines[0].width, room)
        if smaller >= size - 1 and "\n" not in text:
            lines = [kit.set(text, smaller, bold)]
        if lines[0].width > room or "\n" in text:
            lines = kit.broken(text, room, size, bold)
        if len(lines) > _MOST and size > SMALLEST:
            denser = kit.broken(text, room, SMALLEST, bold)
            lines = denser if len(denser) <= _MOST else lines
    return TextCell(_anchor(edges, align), align, room, lines)


def unbroken(
    kit: Typesetter,
    text: str,
    edges: tuple[float, float],
    size: float,
    *,
    bold: bool = False,
    align: Align = "left",
) -> TextCell:
    """Return a cell of one line, its size taken down to 8 points where that makes it fit."""
    room = room_between(edges)
    line = kit.set(text, size, bold)
    if line.width > room:
        line = kit.set(text, step_down(size, line.width, room), bold)
    return TextCell(_anchor(edges, align), align, room, [line])


class RowStrip(Strip):
    """A row of text cells; one of more than three lines may be cut by the end of a page."""

    framed = True

    def __init__(self, cells: list[TextCell], size: float, least: float = 0.0) -> None:
        self.lines = max((len(cell.lines) for cell in cells), default=1)
        heights = [row_height(cell.size, len(cell.lines)) for cell in cells]
        super().__init__(max(row_height(size), least, *heights))
        self.cells = cells
        self.size = size
        self.tints: tuple[tuple[float, float], ...] = ()  # left edge and width

    def draw(self, ink: Ink, y: float) -> None:
        """Draw tints and cells."""
        for left, width in self.tints:
            ink.tint(left, y, width, self.height)
        for cell in self.cells:
            cell.draw(ink, y, self.height)

    def split(self, room: float) -> tuple[Strip, Strip] | None:
        """Cut a long row between two of its lines, two on either side at least."""
        fitting = int((room - row_height(self.size)) / (LEADING * self.size)) + 1
        if self.lines <= _WHOLE or fitting < 2:
            return None
        fitting = min(fitting, self.lines - 2)
        parts = [cell.cut(fitting) for cell in self.cells]
        head = self._part([first for first, _ in parts if first])
        tail = self._part([rest for _, rest in parts if rest])
        tail.keep = self.keep
        return head, tail

    def _part(self, cells: list[TextCell]) -> RowStrip:
        part = type(self)(cells, self.size)
        part.uprights, part.tints = self.uprights, self.tints
        part.heading, part.tally = self.heading, self.tally
        return part


class StampStrip(Strip):
    """A strip that never changes: drawn once per file, used on every page."""

    def __init__(self, press: Press, key: Hashable, original: Strip) -> None:
        super().__init__(original.height)
        self.framed = original.framed
        self.uprights = original.uprights
        self._stamp = press.stamp((key, round(self.height, 2)), lambda ink: original.draw(ink, 0))

    def draw(self, ink: Ink, y: float) -> None:
        """Place the stamp."""
        ink.stamp(self._stamp, 0, y)
