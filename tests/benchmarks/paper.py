"""打印速度: thousands of notices by our press, beside a bare canvas that draws the very same pages.

The bare canvas gets every string, line and rectangle ready, placed and split by font; it only has
to draw them, by `drawString`, `line` and `rect`, page by page. Our side lays out, draws, checks and
saves. Both runs use the same fonts and write a file. Medians of three interleaved runs.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from reports.paper import Letterhead, Printed, Sheet, write_pdf
from reports.paper.batch import Job
from reports.paper.fonts import GETA, REGULAR, font_of
from reports.paper.ink import FRAME, HAIR, Align, Ink
from reports.paper.press import Press
from reports.paper.qr import modules
from reports.paper.sizes import Paper
from reports.paper.typeset import Line

Sheets = Callable[[], Iterable[Sheet]]
_RUNS = 3


class Measure(NamedTuple):
    """One line of the table of benchmarks."""

    name: str
    unit: str
    product: float
    limit: float | None
    ratio: float | None
    aim: float


def notices(sheets: Sheets, letterhead: Letterhead, printed: Printed) -> Measure:
    """Measure the notices without QR codes."""
    return _compare("notices", 0.7, sheets, letterhead, printed, qr=False)


def notices_qr(sheets: Sheets, letterhead: Letterhead, printed: Printed) -> Measure:
    """Measure the notices with QR codes; the bare canvas draws one rectangle per module."""
    return _compare("notices-qr", 0.5, sheets, letterhead, printed, qr=True)


def notices_memory(sheets: Sheets, letterhead: Letterhead, printed: Printed) -> Measure:
    """Measure the most memory that a process of its own takes for the notices, in MB."""
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_print_and_weigh, args=(sender, sheets, letterhead, printed))
    child.start()
    peak = receiver.recv()
    child.join()
    return Measure("notices-memory", "MB", peak, None, None, 400)


def _print_and_weigh(sender: object, sheets: Sheets, letterhead: Letterhead, printed: Printed) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_pdf(Path(folder, "notices.pdf"), sheets(), letterhead, printed)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sender.send(peak)  # type: ignore[attr-defined]


def _compare(
    name: str, aim: float, sheets: Sheets, letterhead: Letterhead, printed: Printed, qr: bool
) -> Measure:
    ours: list[float] = []
    bare: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(_RUNS):
            path = Path(folder, "ours.pdf")
            start = time.perf_counter()
            write_pdf(path, sheets(), letterhead, printed, qr=qr)
            ours.append(time.perf_counter() - start)
            bare.append(_bare(Path(folder, "bare.pdf"), sheets, letterhead, printed, qr))
    product, limit = statistics.median(ours) * 1000, statistics.median(bare) * 1000
    return Measure(name, "ms", product, limit, product / limit, aim)


def _bare(path: Path, sheets: Sheets, letterhead: Letterhead, printed: Printed, qr: bool) -> float:
    """Return the seconds that the bare canvas takes; working out what to draw is not counted."""
    recorder = Recorder(path.with_suffix(".unused"))
    job = Job(recorder, letterhead, printed, qr)
    canvas = Canvas(str(path), initialFontName=REGULAR)
    spent = 0.0
    for sheet in sheets():
        job.draw(sheet)
        for page in recorder.taken():
            start = time.perf_counter()
            _draw_page(canvas, page)
            spent += time.perf_counter() - start
    start = time.perf_counter()
    canvas.save()
    return spent + time.perf_counter() - start


def _draw_page(canvas: Canvas, page: Page) -> None:
    """Draw one page with the plain methods of the canvas; codes are worked out here too."""
    canvas.setPageSize(page.size)
    canvas.setFillColorRGB(0.953, 0.957, 0.965)
    for box in page.tints:
        canvas.rect(*box, stroke=0, fill=1)
    canvas.setFillGray(0)
    canvas.setLineWidth(HAIR)
    for line in page.lines:
        canvas.line(*line)
    canvas.setLineWidth(FRAME)
    for box in page.frames:
        canvas.rect(*box)
    for x, y, side, value in page.codes:
        _draw_code(canvas, x, y, side, value)
    for run in page.words:
        canvas.setFont(run.font, run.size)
        canvas.setFillGray(run.grey)
        canvas.drawString(run.x, run.y, run.text)
    canvas.showPage()


def _draw_code(canvas: Canvas, x: float, y: float, side: float, value: str) -> None:
    rows = modules(value)
    step = side / len(rows)
    for down, row in enumerate(rows):
        for right, module in enumerate(row):
            if module == "1":
                canvas.rect(x + right * step, y - (down + 1) * step, step, step, stroke=0, fill=1)


class Run(NamedTuple):
    """Words in one font at one place."""

    font: str
    size: float
    x: float
    y: float
    text: str
    grey: float


class Page:
    """All that is drawn on one page, ready for the bare canvas."""

    def __init__(self, size: tuple[float, float]) -> None:
        self.size = size
        self.tints: list[tuple[float, ...]] = []
        self.lines: list[tuple[float, ...]] = []
        self.frames: list[tuple[float, ...]] = []
        self.words: list[Run] = []
        self.codes: list[tuple[float, float, float, str]] = []

    def add(self, other: Page, x: float, y: float) -> None:
        """Add what another page holds, moved to (x, y)."""
        self.tints += [(a + x, b + y, w, h) for a, b, w, h in other.tints]
        self.frames += [(a + x, b + y, w, h) for a, b, w, h in other.frames]
        self.lines += [(a + x, b + y, c + x, d + y) for a, b, c, d in other.lines]
        self.codes += [(a + x, b + y, side, value) for a, b, side, value in other.codes]
        self.words += [run._replace(x=run.x + x, y=run.y + y) for run in other.words]


class RecordingInk(Ink):
    """Ink that keeps what it is told to draw instead of writing operators."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__(recorder.type)
        self._recorder = recorder
        self._page = Page((0, 0))

    def tint(self, x: float, y: float, width: float, height: float) -> None:
        self._page.tints.append((x, -y - height, width, height))

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
        x -= {"left": 0.0, "right": line.width, "center": line.width / 2}[align]
        shade = 0.36 if grey else 0.0
        for font, run in groupby(line.text, lambda char: font_of(char, line.bold)):
            text = "".join(run) if font else GETA
            self._page.words.append(Run(font or REGULAR, line.size, x, -base, text, shade))
            x += self.type.width(text, line.size, line.bold)
        return line.width

    def stamp(self, name: str, x: float = 0.0, y: float = 0.0) -> None:
        self._page.add(self._recorder.stamps[name], x, -y)

    def done(self) -> Sequence[Page]:  # type: ignore[override]
        return [self._page]


class Recorder(Press):
    """A press that keeps its pages as lists of what the bare canvas must draw."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.stamps: dict[str, Page] = {}
        self._done: list[Page] = []

    def ink(self) -> Ink:
        return RecordingInk(self)

    def stamp(self, key: object, draw: Callable[[Ink], None]) -> str:
        name = repr(key)
        if name not in self.stamps:
            ink = RecordingInk(self)
            draw(ink)
            (self.stamps[name],) = ink.done()
        return name

    def begin(self, paper: Paper) -> None:
        super().begin(paper)
        self._now = Page(self.canvas._pagesize)

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


def _main() -> None:
    from tests.reports.paper import samples

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000

    def sheets() -> Iterable[Sheet]:
        return (samples.notice(index) for index in range(count))

    for measure in (notices, notices_qr, notices_memory):
        print(measure(sheets, samples.LETTERHEAD, samples.PRINTED))


if __name__ == "__main__":
    _main()
