"""Records what a page shows as plain strings, lines and rectangles, in place of PDF operators."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from reports.paper import Letterhead, Printed, Report, Sheet
from reports.paper.batch import Job
from reports.paper.fonts import GETA, REGULAR, font_of
from reports.paper.ink import TINT, Align, Ink, Mark
from reports.paper.press import Press
from reports.paper.sizes import MM, Paper
from reports.paper.typeset import Line


class Run(NamedTuple):
    """Words in one font at one place; `y` is the base line, upwards from the foot of the page."""

    font: str
    size: float
    x: float
    y: float
    text: str
    grey: float
    width: float


Box = tuple[float, float, float, float]


@dataclass
class Page:
    """All that is drawn on one page: rectangles as x, y, width, height; lines by their ends."""

    size: tuple[float, float] = (0.0, 0.0)
    tints: list[Box] = field(default_factory=list)
    lines: list[Box] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    words: list[Run] = field(default_factory=list)
    codes: list[tuple[float, float, float, str]] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(self, other: Page, x: float, y: float) -> None:
        """Add what another page holds, moved to (x, y)."""
        self.tints += [(a + x, b + y, w, h) for a, b, w, h in other.tints]
        self.frames += [(a + x, b + y, w, h) for a, b, w, h in other.frames]
        self.boxes += [(a + x, b + y, w, h) for a, b, w, h in other.boxes]
        self.lines += [(a + x, b + y, c + x, d + y) for a, b, c, d in other.lines]
        self.codes += [(a + x, b + y, side, value) for a, b, side, value in other.codes]
        self.words += [run._replace(x=run.x + x, y=run.y + y) for run in other.words]
        self.marks += other.marks


class _RecordingInk(Ink):
    """Ink that keeps what it is told to draw."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder.type)
        self._recorder = recorder
        self._page = Page()

    def tint(self, x: float, y: float, width: float, height: float, shade: str = TINT) -> None:
        self._page.tints.append((x, -y - height, width, height))

    def box(self, x: float, y: float, width: float, height: float) -> None:
        self._page.boxes.append((x, -y - height, width, height))

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self._page.lines.append((x1, -y1, x2, -y2))

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        self._page.frames.append((x, -y - height, width, height))

    def dashes(self, x1: float, y: float, x2: float) -> None:
        self._page.lines.append((x1, -y, x2, -y))

    def qr(self, x: float, y: float, side: float, value: str) -> None:
        self._page.codes.append((x, -y, side, value))

    def show(
        self,
        x: float,
        base: float,
        line: Line,
        align: Align = "left",
        limit: float = 0.0,
        grey: bool = False,
    ) -> float:
        width = min(line.width, limit) if limit else line.width
        if width < line.width - 0.01:
            self.squeezed.append(line.text)
        x -= {"left": 0.0, "right": width, "center": width / 2}[align]
        for font, run in groupby(line.text, lambda char: font_of(char, line.bold)):
            text = "".join(run)
            breadth = self.type.width(text, line.size, line.bold) * (width / line.width)
            shown = text if font else GETA * len(text)
            shade = 0.36 if grey else 0.0
            self._page.words.append(Run(font or REGULAR, line.size, x, -base, shown, shade, breadth))
            x += breadth
        return width

    def stamp(self, name: str, x: float = 0.0, y: float = 0.0) -> None:
        self._page.add(self._recorder.stamps[name], x, -y)

    def place(self, mark: Mark) -> None:
        self._page.marks.append(mark)

    def done(self) -> Sequence[Page]:  # type: ignore[override]
        return [self._page]


class Recorder(Press):
    """A press that keeps its pages as lists of what they show."""

    def __init__(self) -> None:
        super().__init__(Path("never written"))
        self.stamps: dict[str, Page] = {}
        self._done: list[Page] = []
        self._now = Page()

    def ink(self) -> Ink:
        return _RecordingInk(self)

    def stamp(self, key: Hashable, draw: Callable[[Ink], None]) -> str:
        name = repr(key)
        if name not in self.stamps:
            ink = _RecordingInk(self)
            draw(ink)
            (self.stamps[name],) = ink.done()
        return name

    def begin(self, paper: Paper) -> None:
        self._now = Page((paper.width * MM, paper.height * MM))

    def put(self, marks: Iterable[Page], x: float, y: float) -> None:  # type: ignore[override]
        for mark in marks:
            self._now.add(mark, x, self._now.size[1] - y)

    def end(self) -> None:
        self.pages += 1
        self._done.append(self._now)

    def taken(self) -> list[Page]:
        """Return the pages drawn since the last call."""
        pages, self._done = self._done, []
        return pages


def recorded(
    documents: Iterable[Sheet | Report], letterhead: Letterhead, printed: Printed, qr: bool = True
) -> Iterable[list[Page]]:
    """Yield the pages of each document in turn."""
    recorder = Recorder()
    job = Job(recorder, letterhead, printed, qr)
    for document in documents:
        job.draw(document)
        yield recorder.taken()
