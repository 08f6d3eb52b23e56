"""成批打印: writes sheets and reports into one PDF, whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import re
from collections.abc import Callable, Iterable, Sized
from dataclasses import dataclass
from pathlib import Path

from models.errors import Cancelled, RuleBroken
from models.outputs import PDF, check_output
from reports.paper.form import Form
from reports.paper.layout import Layout
from reports.paper.press import Press
from reports.paper.report import Report, draw_report
from reports.paper.sheet import Letterhead, Printed, Sheet
from reports.paper.sizes import Paper

_TAIL = 2048  # bytes in which the trailer of a PDF stands


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was printed.

    Attributes:
        documents: sheets and reports.
        pages: pages of the file.
        missing: characters that no font has, drawn as 〓.
        squeezed: form code and text of what was too wide for its place even at 8 points.
        starts: the first page of each document, counted from 0.
    """

    documents: int
    pages: int
    missing: frozenset[str]
    squeezed: frozenset[tuple[str, str]]
    starts: tuple[int, ...] = ()


def write_pdf(
    path: Path,
    documents: Iterable[Sheet | Report],
    letterhead: Letterhead,
    printed: Printed,
    *,
    qr: bool = True,
    title: str = "",
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    total: int = 0,
    whole: Callable[[int], object] = lambda documents: None,
) -> Outcome:
    """Print documents, one at a time, into one PDF file that appears only when it is complete.

    Args:
        path: the file; an older PDF is replaced.
        documents: what is printed; may be a generator.
        letterhead: of every page.
        printed: by whom and when, for every footer.
        qr: False leaves the QR codes out.
        title: of the file, as a viewer shows it.
        progress: called with how many are done and how many there are (0 where unknown).
        cancelled: asked before every document.
        total: how many documents a generator will give.
        whole: called with the number of documents once the file is whole, before it gets its name; what it
            raises leaves no file, and an older one as it was.

    Raises:
        Cancelled: `cancelled` said so; no file is left.
        RuleBroken: nothing to print, or the file cannot be written.
    """
    check_output(path, PDF)
    if not path.parent.is_dir():
        raise RuleBroken(f"没有文件夹 {path.parent}，请先建好，或换一个位置再打印。")
    part = path.with_name(path.name + ".part")
    count = len(documents) if isinstance(documents, Sized) else total
    job = Job(Press(part, title), letterhead, printed, qr)
    for document in documents:
        if cancelled is not None and cancelled():
            raise Cancelled("已取消打印，没有生成文件。")
        job.draw(document)
        if progress is not None:
            progress(job.documents, count)
    _finish(job, part, path, whole)
    return job.outcome()


class Job:
    """One file being printed; keeps the layout of each form it meets."""

    def __init__(self, press: Press, letterhead: Letterhead, printed: Printed, qr: bool) -> None:
        self.press = press
        self.starts: list[int] = []
        self._letterhead = letterhead
        self._printed = printed
        self._qr = qr
        self._layouts: dict[tuple[int, str], tuple[Form, Layout]] = {}

    def draw(self, document: Sheet | Report) -> None:
        """Draw one document."""
        self.starts.append(self.press.pages)
        if isinstance(document, Report):
            draw_report(document, self.press, self._letterhead, self._printed, self._qr)
        else:
            self._draw_sheet(document)

    @property
    def documents(self) -> int:
        """How many were drawn."""
        return len(self.starts)

    def outcome(self) -> Outcome:
        """Return what was printed so far."""
        missing, squeezed = self.press.type.missing, self.press.squeezed
        return Outcome(
            self.documents, self.press.pages, frozenset(missing), frozenset(squeezed), tuple(self.starts)
        )

    def _draw_sheet(self, sheet: Sheet) -> None:
        form = sheet.form
        layout = self._layout(form, form.paper)
        if form.wide is not None and not layout.fits(sheet):
            layout = self._layout(form, form.wide)
        layout.draw(sheet, self._qr)

    def _layout(self, form: Form, paper: Paper) -> Layout:
        key = (id(form), paper.name)
        if key not in self._layouts:
            layout = Layout(form, paper, self.press, self._letterhead, self._printed)
            self._layouts[key] = (form, layout)
        return self._layouts[key][1]


def _finish(job: Job, part: Path, path: Path, whole: Callable[[int], object]) -> None:
    """Write the file beside its place, check it, and only then give it its name."""
    if not job.documents:
        raise RuleBroken("没有可打印的内容，请先检查所选的月份或范围。")
    try:
        job.press.save()
        _check(part, job.press.pages)
        if path.exists():
            path.open("r+b").close()  # a reader that keeps it open refuses now, before anything is counted
        whole(job.documents)
        _settle(part, path)
    except OSError as error:
        remedy = "请换一个位置，或关闭正打开它的程序，再打印。"
        raise RuleBroken(f"写不进 {path}：{_reason(error)}{remedy}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _check(part: Path, pages: int) -> None:
    """Read the end of the file back: it must be a whole PDF of so many pages."""
    with part.open("rb") as file:
        head = file.read(5)
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
        start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", tail)
        if head != b"%PDF-" or start is None:
            raise OSError("incomplete PDF file")
        file.seek(int(start[1]))
        if file.read(4) != b"xref":
            raise OSError("damaged PDF file")
        file.seek(0)
        counts = re.findall(rb"/Count (\d+)", file.read())
    if str(pages).encode() not in counts:
        raise OSError(f"{pages} pages were drawn, the file says otherwise")


def _settle(part: Path, path: Path) -> None:
    """Force the file to the disk and give it its name."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _reason(error: OSError) -> str:
    reasons = {
        errno.ENOSPC: "磁盘空间不足。",
        errno.EACCES: "没有写入权限，或文件正被打开。",
        errno.EISDIR: "这是一个文件夹。",
        errno.EROFS: "这个磁盘只能读。",
    }
    return reasons.get(error.errno or 0, "磁盘出错。")
