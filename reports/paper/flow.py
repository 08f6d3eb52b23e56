"""版流: strips that follow one another down the pages, and where the pages break."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reports.paper.ink import Ink

_EPSILON = 0.01  # points


class Strip:
    """A band across the page: a row, a line of boxes, a line of text.

    Attributes:
        height: points.
        framed: stands inside the outer frame, with a line of the grid above it.
        uprights: x of the vertical lines of the grid, without the frame's own.
        keep: stands on the same page as the strip that follows.
        heading: drawn again above this strip where a page begins with it.
        tally: makes the row that closes every page of this strip's table.
        bottom: stands at the foot of the page, whatever is above.
        gap: is left out where a page begins with it.
    """

    framed = False
    uprights: tuple[float, ...] = ()
    keep = False
    heading: Strip | None = None
    tally: Tally | None = None
    bottom = False
    gap = False

    def __init__(self, height: float) -> None:
        self.height = height

    def draw(self, ink: Ink, y: float) -> None:
        """Draw the strip with its top at `y`; a bare strip draws nothing."""

    def split(self, room: float) -> tuple[Strip, Strip] | None:
        """Cut into what fits in `room` points and the rest, or None where it may not be cut."""
        return None


class Gap(Strip):
    """White space between two parts."""

    gap = True


@dataclass(frozen=True, eq=False)
class Tally:
    """The row that closes every page of a table, made from the strips above it.

    Args:
        height: in points.
        make: makes it from the strips of the page.
        onward: makes the row that opens the next page from them, where something is carried forward.
    """

    height: float
    make: Callable[[Sequence[Strip]], Strip]
    onward: Callable[[Sequence[Strip]], Strip] | None = None


@dataclass
class _Page:
    """The page being filled."""

    room: float
    strips: list[Strip] = field(default_factory=list)
    counted: list[Strip] = field(default_factory=list)  # rows of the table still open
    begun: bool = False  # holds more than a repeated heading


class Flow:
    """Fills pages with strips.

    Args:
        first: points of room on the first page.
        later: points of room on every other page.
    """

    def __init__(self, first: float, later: float) -> None:
        self._later = later
        self._page = _Page(first)
        self._pages: list[_Page] = [self._page]

    def fill(self, strips: Sequence[Strip]) -> list[list[Strip]]:
        """Return the strips of each page."""
        start = 0
        for index, strip in enumerate(strips):
            if not strip.keep or index == len(strips) - 1:
                self._add(strips[start : index + 1])
                start = index + 1
        self._close_table()
        return [page.strips for page in self._pages]

    def _add(self, group: Sequence[Strip]) -> None:
        """Place strips that belong together on one page, where that is possible at all."""
        if len(group) > 1 and self._page.begun and not self._fits(group) and not self._splits(group[0]):
            self._break(group[0])
        for strip in group:
            self._place(strip)

    def _place(self, strip: Strip) -> None:
        """Place one strip: here, in part here, or on a new page."""
        if strip.gap and not self._page.begun:
            return
        if not self._fits([strip]):
            parts = self._parts(strip)
            if parts is not None:
                self._put(parts[0])
                self._break(parts[1])
                self._place(parts[1])
                return
            if self._page.begun:
                self._break(strip)
                self._place(strip)
                return
        self._put(strip)

    def _fits(self, group: Sequence[Strip]) -> bool:
        tallies = [strip.tally for strip in (*self._page.counted, *group) if strip.tally]
        reserved = tallies[0].height if tallies else 0.0
        return sum(strip.height for strip in group) + reserved <= self._page.room + _EPSILON

    def _splits(self, strip: Strip) -> bool:
        return self._parts(strip) is not None

    def _parts(self, strip: Strip) -> tuple[Strip, Strip] | None:
        return strip.split(self._page.room - (strip.tally.height if strip.tally else 0.0))

    def _break(self, following: Strip) -> None:
        counted = self._page.counted
        self._close_table()
        self._page = _Page(self._later)
        self._pages.append(self._page)
        if following.heading is not None:
            self._open_with(following.heading)
        tally = following.tally
        if tally is not None and tally.onward is not None and counted and counted[0].tally is tally:
            self._open_with(tally.onward(counted))

    def _open_with(self, strip: Strip) -> None:
        self._page.strips.append(strip)
        self._page.room -= strip.height

    def _put(self, strip: Strip) -> None:
        if strip.tally is None:
            self._close_table()
        else:
            self._page.counted.append(strip)
        self._page.strips.append(strip)
        self._page.room -= strip.height
        self._page.begun = True

    def _close_table(self) -> None:
        counted = self._page.counted
        if counted and counted[0].tally is not None:
            self._page.counted = []
            self._put(counted[0].tally.make(counted))


def draw_strips(ink: Ink, strips: Sequence[Strip], width: float, top: float, foot: float) -> None:
    """Draw the strips of one page from `top` down, with frames and grid; `foot` is where it ends."""
    y = top
    frame_top: float | None = None
    uprights: tuple[float, ...] = ()
    since = y
    for strip in strips:
        if strip.uprights != uprights:
            _draw_uprights(ink, uprights, since, y)
            uprights, since = strip.uprights, y
        if strip.framed and frame_top is None:
            frame_top = y
        elif strip.framed:
            ink.line(0, y, width, y)
        elif frame_top is not None:
            ink.frame(0, frame_top, width, y - frame_top)
            frame_top = None
        if strip.bottom:
            y = max(y, foot - strip.height)
        strip.draw(ink, y)
        y += strip.height
    _draw_uprights(ink, uprights, since, y)
    if frame_top is not None:
        ink.frame(0, frame_top, width, y - frame_top)


def _draw_uprights(ink: Ink, uprights: tuple[float, ...], top: float, bottom: float) -> None:
    for x in uprights:
        ink.line(x, top, x, bottom)
