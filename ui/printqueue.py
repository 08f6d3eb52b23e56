"""打印队列: papers on their way to printers, one page at a time: paused, gone on with, tried again, counted.

A page is drawn by Qt in a thread of its own and handed to the printer in strips, so that the window
never waits for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QBuffer,
    QIODevice,
    QMarginsF,
    QObject,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    QTimer,
    Signal,
)
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions, QPdfPageRenderer
from PySide6.QtPrintSupport import QPrinter

from models.errors import OfficeError

DPI = 300
"""Dots an inch at which a page is drawn for the printer; 150 looks blurred."""
STRIPS = 16
"""Strips in which a page is handed over; a whole one would keep the window waiting."""


class State(Enum):
    """Where a paper is on its way."""

    WAITING = "等待"
    PRINTING = "正在打印"
    HELD = "已暂停"
    FAILED = "没有打完"
    DROPPED = "已取消"
    DONE = "已送打印机"


@dataclass(eq=False)
class Entry:
    """One paper on its way.

    Args:
        title: what people call it.
        content: the PDF, as it was when it was sent; empty where it could not be read.
        printer: where it goes.
        pages: which pages, counted from 0.
        offset: millimetres to the right and down.
        count: counts pages that went out, from a page to the one after the last; may raise.
    """

    title: str
    content: bytes
    printer: QPrinter
    pages: range
    offset: tuple[float, float] = (0.0, 0.0)
    count: Callable[[int, int], Any] | None = None
    state: State = State.WAITING
    done: int = 0
    why: str = ""
    counted: int = field(default=0, repr=False)

    @property
    def left(self) -> range:
        """The pages that did not go out yet."""
        return self.pages[self.done :]

    @property
    def over(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state in (State.FAILED, State.DROPPED, State.DONE)

    def told(self) -> str:
        """Return 正在打印 3 / 12 页."""
        words = f"{self.state.value} {self.done} / {len(self.pages)} 页"
        return f"{words}：{self.why}" if self.why else words


class PrintQueue(QObject):
    """The papers of one window on their way, in the order in which they were sent."""

    changed = Signal()
    ended = Signal(object)
    """An entry is over, for good or for bad."""

    def __init__(self, run: Callable[..., Any], parent: QObject | None = None) -> None:
        """Make it.

        Args:
            run: does something short in a worker, as `Services.run` does.
            parent: as Qt means it.
        """
        super().__init__(parent)
        self.entries: list[Entry] = []
        self.view: Any = None
        """The window in which it is shown, if it is."""
        self._run = run
        self._press: _Press | None = None
        self._closed = False

    def add(self, entry: Entry) -> Entry:
        """Send a paper on its way, behind the others."""
        self.entries.append(entry)
        self._go_on()
        return entry

    def current(self) -> Entry | None:
        """Return the paper that is being printed or held."""
        return next((one for one in self.entries if one.state in (State.PRINTING, State.HELD)), None)

    def busy(self) -> bool:
        """Whether anything is on its way."""
        return self._press is not None or any(not one.over for one in self.entries)

    def failed(self) -> list[Entry]:
        """Return what did not go out whole."""
        return [one for one in self.entries if one.state in (State.FAILED, State.DROPPED) and one.left]

    def turn_pause(self) -> None:
        """Hold after the page that is going out, or go on."""
        entry = self.current()
        if entry is not None:
            entry.state = State.PRINTING if entry.state is State.HELD else State.HELD
            self.changed.emit()
            if entry.state is State.PRINTING and self._press is not None:
                self._press.go_on()

    def drop(self, entry: Entry) -> None:
        """Let the pages of a paper that did not go out yet stay here."""
        if entry.over:
            return
        under_way = entry.state in (State.PRINTING, State.HELD)
        entry.state, entry.why = State.DROPPED, "后面的页没有打印。"
        if under_way and self._press is not None:
            self._press.go_on()
        else:
            self._over(entry)

    def retry(self, entry: Entry) -> None:
        """Print the pages that did not go out, from the first of them on."""
        if entry.over and entry.left:
            entry.pages, entry.done, entry.counted, entry.why = entry.left, 0, 0, ""
            entry.state = State.WAITING
            self._go_on()

    def forget_done(self) -> None:
        """Take what is over off the list, except what did not go out whole."""
        self.entries = [one for one in self.entries if one.state is not State.DONE]
        self.changed.emit()

    def _go_on(self) -> None:
        self.changed.emit()
        entry = next((one for one in self.entries if one.state is State.WAITING), None)
        if self._press is not None or entry is None:
            return
        entry.state = State.PRINTING
        self._press = _Press(entry, self)
        self._press.moved.connect(self.changed)
        self._press.over.connect(self._printed)
        self._press.begin()

    def close(self) -> None:
        """End what is going out and let the rest stay here; what went out is counted before this returns."""
        self._closed = True
        entry = None if self._press is None else self._press.entry
        for one in self.entries:
            if not one.over:
                one.state, one.why = State.DROPPED, "后面的页没有打印。"
        if self._press is not None:
            self._press.end()
        if entry is not None and entry.count is not None and entry.done > entry.counted:
            pages = entry.pages[entry.counted : entry.done]
            entry.counted = entry.done
            with contextlib.suppress(OfficeError):
                entry.count(pages[0], pages[-1] + 1)

    def _printed(self, press: _Press, why: str) -> None:
        if press is not self._press:
            return
        self._press = None
        entry = press.entry
        press.deleteLater()
        if self._closed:
            return
        if entry.state is not State.DROPPED or why:
            entry.state, entry.why = (State.FAILED, why) if why else (State.DONE, "")
        self._over(entry)

    def _over(self, entry: Entry) -> None:
        first, end = entry.counted, entry.done
        if entry.count is not None and end > first:
            entry.counted = end
            pages = entry.pages[first:end]
            count = entry.count
            self._run(
                "登记打印",
                self,
                lambda: count(pages[0], pages[-1] + 1),
                lambda _: None,
                lambda problem: self._uncounted(entry, problem),
            )
        self.ended.emit(entry)
        self._go_on()

    def _uncounted(self, entry: Entry, problem: Exception) -> None:
        told = str(problem) if isinstance(problem, OfficeError) else "程序出错"
        entry.why = f"已打印，但打印次数没有记上：{told}"
        self.changed.emit()


def content_of(path: Path) -> bytes:
    """Return what stands in a file; nothing where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def load(document: QPdfDocument, content: bytes) -> bool:
    """Load a PDF from memory, so that its file can be written anew meanwhile; False where it is none."""
    held = QBuffer(document)
    held.setData(content)
    held.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(held)
    return document.error() is QPdfDocument.Error.None_ and document.pageCount() > 0


class _Press(QObject):
    """One paper being printed."""

    moved = Signal()
    over = Signal(object, str)
    """It ends, once; says which, and why where not all pages went out."""

    def __init__(self, entry: Entry, parent: QObject) -> None:
        super().__init__(parent)
        self.entry = entry
        self._document = QPdfDocument(self)
        self._renderer = QPdfPageRenderer(self)
        self._renderer.setRenderMode(QPdfPageRenderer.RenderMode.MultiThreaded)
        self._renderer.pageRendered.connect(self._drawn)
        self._painter = QPainter()
        self._drawing = self._ended = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._next)

    def begin(self) -> None:
        """Open the file and the printer, and go on by itself."""
        content = self.entry.content
        if not load(self._document, content) or self.entry.pages[-1] >= self._document.pageCount():
            self._end("文件打不开，可能已被移走。请重新生成后再打印。")
            return
        self._renderer.setDocument(self._document)
        set_paper(self.entry.printer, self._document.pagePointSize(self.entry.pages[0]))
        if not self._painter.begin(self.entry.printer):
            self._end("打印机打不开。请检查它是否开机、连好，再重试。")
            return
        self._soon.start()

    def go_on(self) -> None:
        """Look again at what is to be done: the entry was let go on, or dropped."""
        if not self._drawing:
            self._soon.start()

    def end(self) -> None:
        """End now, after what went out."""
        self._end("")

    def _next(self) -> None:
        entry = self.entry
        if self._ended or self._drawing or entry.state is State.HELD:
            return
        if entry.state is State.DROPPED or not entry.left:
            self._end("")
            return
        page = entry.left[0]
        if entry.done:
            set_paper(entry.printer, self._document.pagePointSize(page))
            if not entry.printer.newPage():
                self._end("打印机没有接受下一页。请检查纸张和连接，再重试。")
                return
        self._drawing = True
        points = self._document.pagePointSize(page)
        size = QSize(round(points.width() / 72 * DPI), round(points.height() / 72 * DPI))
        self._renderer.requestPage(page, size)

    def _drawn(self, page: int, _: QSize, image: QImage, __: QPdfDocumentRenderOptions, ___: int) -> None:
        if self._ended:
            return
        if image.isNull():
            self._end("这一页画不出来，内存可能不够。请关掉一些程序，再重试。")
            return
        strips = strips_of(image, self._document.pagePointSize(page), self.entry)
        QTimer.singleShot(0, self, lambda: self._hand_over(image, strips))

    def _hand_over(self, image: QImage, strips: list[tuple[QRectF, QRectF]]) -> None:
        """Give the printer one strip of a page, and the others in turns of their own."""
        if self._ended:
            return
        target, source = strips[0]
        self._painter.drawImage(target, image, source)
        if strips[1:]:
            QTimer.singleShot(0, self, lambda: self._hand_over(image, strips[1:]))
            return
        self._drawing = False
        self.entry.done += 1
        self.moved.emit()
        self._soon.start()

    def _end(self, why: str) -> None:
        if self._ended:
            return
        self._ended = True
        self._soon.stop()
        if self._painter.isActive() and not self._painter.end():
            self.entry.done = 0  # a printer takes a print as a whole
            why = why or "打印机没有收下这份打印。请检查连接，再重试。"
        self._document.close()
        self.over.emit(self, why)


def strips_of(image: QImage, points: QSizeF, entry: Entry) -> list[tuple[QRectF, QRectF]]:
    """Return (target on the printer, source in the image) of the strips of a page, without gaps between.

    The page is as large on the printer as on paper, and shifted by the entry's offset.
    """
    resolution = entry.printer.resolution()
    mm = resolution / 25.4
    corner = QPointF(round(entry.offset[0] * mm), round(entry.offset[1] * mm))
    wide, high = points.width() / 72 * resolution, round(points.height() / 72 * resolution)
    edges = [round(high * number / STRIPS) for number in range(STRIPS + 1)]
    scale = image.height() / high
    return [
        (
            QRectF(corner.x(), corner.y() + top, wide, bottom - top),
            QRectF(0, top * scale, image.width(), (bottom - top) * scale),
        )
        for top, bottom in pairwise(edges)
    ]


def set_paper(printer: QPrinter, points: QSizeF) -> None:
    """Let a printer take the paper of a page, edge to edge."""
    lies = points.width() > points.height()
    upright = QSizeF(min(points.width(), points.height()), max(points.width(), points.height()))
    size = QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    way = QPageLayout.Orientation.Landscape if lies else QPageLayout.Orientation.Portrait
    printer.setPageLayout(QPageLayout(size, way, QMarginsF(0, 0, 0, 0)))
    printer.setFullPage(True)
