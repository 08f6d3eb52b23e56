"""打印速度: thousands of notices by our press, beside a bare canvas that draws the very same pages.

The bare canvas gets every string, line and rectangle ready, placed and split by font; it only has
to draw them, by `drawString`, `line` and `rect`, page by page. Our side lays out, draws, checks and
saves. Both runs use the same fonts and write a file. Medians of three interleaved runs.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from reports.paper import Letterhead, Printed, Sheet, write_pdf
from reports.paper.fonts import REGULAR
from reports.paper.ink import FRAME, HAIR
from reports.paper.qr import modules
from tests.reports.paper import samples
from tests.reports.paper.recorder import Page, recorded

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


def schedule(sheets: Sheets, letterhead: Letterhead, printed: Printed) -> Measure:
    """Measure FE-01, building by building, reading the ledger included."""
    return _compare("schedule", 1.5, sheets, letterhead, printed, qr=True)


def notices_memory(sheets: Sheets, letterhead: Letterhead, printed: Printed) -> Measure:
    """Measure the most memory that a process of its own takes for the notices, in MB.

    `sheets` goes to that process, so it is a function of a module or a `functools.partial` of one.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_print_and_weigh, args=(sender, sheets, letterhead, printed))
    child.start()
    peak = receiver.recv()
    child.join()
    return Measure("notices-memory", "MB", peak, None, None, 400)


def _print_and_weigh(sender: object, sheets: Sheets, letterhead: Letterhead, printed: Printed) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_pdf(Path(folder, "notices.pdf"), sheets(), letterhead, printed)
    sender.send(_peak())  # type: ignore[attr-defined]


def _peak() -> float:
    """Return the most memory this program took, in MB; getrusage would count what its parent took too."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


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
    canvas = Canvas(str(path), initialFontName=REGULAR)
    spent = 0.0
    for pages in recorded(sheets(), letterhead, printed, qr):
        for page in pages:
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


def sample_sheets(count: int) -> Iterable[Sheet]:
    """Yield notices of the tests' own form."""
    return (samples.notice(index) for index in range(count))


def _main() -> None:
    sheets = partial(sample_sheets, int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
    for measure in (notices, notices_qr, notices_memory):
        print(measure(sheets, samples.LETTERHEAD, samples.PRINTED))


if __name__ == "__main__":
    _main()
