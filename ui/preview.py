"""预览: a printed paper on the screen, searched, printed page by page, or handed to the system's reader."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSize, QSizeF, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument, QPdfSearchModel
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
)

from models.errors import BadInput
from models.fields import LineField
from models.inputs import Input
from models.text import narrow, system_reason
from ui import dialogs, theme
from ui.asking import AskDialog
from ui.keys import bind
from ui.memory import Memory
from ui.services import Services
from ui.words import Plain

DPI = 300
"""Dots an inch at which a page is drawn for the printer; 150 looks blurred."""
_MM = DPI / 25.4
_POINTS_PER_MM = 72 / 25.4
FARTHEST = 20.0
"""Millimetres that a print may be shifted."""
_ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_PREFIX, _DIRECT = "offset.", "direct."


def offset_of(memory: Memory, code: str) -> tuple[float, float]:
    """Return how far the prints of a form are shifted at this computer, in mm to the right and down."""
    told: list[Any] = memory.get(_PREFIX + code, [])
    good = len(told) == 2 and all(type(one) in (int, float) and abs(one) <= FARTHEST for one in told)
    return (float(told[0]), float(told[1])) if good else (0.0, 0.0)


def direct_printer(memory: Memory, code: str) -> QPrinter | None:
    """Return the printer to which a form goes without preview; None where it is shown first."""
    name = memory.get(_DIRECT + code, "")
    found = QPrinterInfo.printerInfo(name) if name else QPrinterInfo()
    return None if found.isNull() else QPrinter(found, QPrinter.PrinterMode.HighResolution)


class PageRun(QDialog):
    """Pages going to a printer, one at a turn of the event loop: n of N, pause, go on, stop."""

    over = Signal(int, str)
    """How many pages were printed, and why not all of them; empty when they were."""

    def __init__(
        self,
        document: QPdfDocument,
        printer: QPrinter,
        offset: tuple[float, float],
        pages: range,
        parent: Any = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._printer, self._offset, self._pages = document, printer, offset, pages
        self._painter = QPainter()
        self.done_so_far, self._cancelled, self.paused = 0, False, False
        self.setWindowTitle("打印")
        self.setMinimumWidth(400)
        self.words = Plain()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, len(pages))
        self.hold = QPushButton("暂停")
        self.hold.clicked.connect(self.turn_pause)
        stop = QPushButton("取消")
        stop.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.hold)
        foot.addWidget(stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self.words)
        layout.addWidget(self.bar)
        layout.addLayout(foot)

    def begin(self) -> None:
        """Open the printer and go on by itself."""
        set_paper(self._printer, self._document.pagePointSize(self._pages[0]))
        if not self._painter.begin(self._printer):
            self.over.emit(0, "打印机打不开。请检查它是否开机、连好，再试一次。")
            return
        self.open()
        QTimer.singleShot(0, self, self._next)

    def turn_pause(self) -> None:
        """Hold after the page that is going out, or go on."""
        self.paused = not self.paused
        self.hold.setText("继续" if self.paused else "暂停")
        if not self.paused:
            QTimer.singleShot(0, self, self._next)

    def _next(self) -> None:
        done, total = self.done_so_far, len(self._pages)
        if self._cancelled or done == total:
            self._end("已取消，后面的页没有打印。" if done < total else "")
            return
        if self.paused:
            self.words.setText(f"已暂停：打印了 {done} / {total} 页")
            return
        page = self._pages[done]
        self.words.setText(f"正在打印第 {page + 1} 页（{done + 1} / {total}）")
        if done:
            set_paper(self._printer, self._document.pagePointSize(page))
            if not self._printer.newPage():
                self._end("打印机没有接受下一页。请检查纸张和连接。")
                return
        draw_page(self._painter, self._document, page, self._printer.resolution(), self._offset)
        self.done_so_far += 1
        self.bar.setValue(self.done_so_far)
        QTimer.singleShot(0, self, self._next)

    def _end(self, why: str) -> None:
        self._painter.end()
        self.hide()
        self.over.emit(self.done_so_far, why)

    def reject(self) -> None:
        """Stop before the next page."""
        self._cancelled = True
        if self.paused:
            self.turn_pause()


def set_paper(printer: QPrinter, points: QSizeF) -> None:
    """Let a printer take the paper of a page, edge to edge."""
    lies = points.width() > points.height()
    upright = QSizeF(min(points.width(), points.height()), max(points.width(), points.height()))
    size = QPageSize(upright, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    way = QPageLayout.Orientation.Landscape if lies else QPageLayout.Orientation.Portrait
    printer.setPageLayout(QPageLayout(size, way, QMarginsF(0, 0, 0, 0)))
    printer.setFullPage(True)


def draw_page(
    painter: QPainter, document: QPdfDocument, page: int, resolution: int, offset: tuple[float, float]
) -> None:
    """Draw one page at 300 dpi where the printer has its own resolution, shifted by millimetres."""
    points = document.pagePointSize(page)
    image = document.render(page, QSize(round(points.width() / 72 * DPI), round(points.height() / 72 * DPI)))
    mm = resolution / 25.4
    corner = QPointF(offset[0] * mm, offset[1] * mm)
    size = QSizeF(points.width() / 72 * resolution, points.height() / 72 * resolution)
    painter.drawImage(QRectF(corner, size), image)


class Preview(QDialog):
    """One PDF on the screen, in a window of its own."""

    printed = Signal(int)
    """All pages that were wanted went out; their number."""
    """Pages that went to a printer."""

    def __init__(self, services: Services, path: Path, title: str, code: str, parent: Any = None) -> None:
        super().__init__(parent)
        self._services, self.path, self.code = services, path, code
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.document = QPdfDocument(self)
        self.view = QPdfView(self)
        self.view.setAccessibleName(f"{title}的预览")
        self.found = QPdfSearchModel(self)
        self._run: PageRun | None = None
        self._printer, self._pages = "", range(0)
        self._lay_out()
        self._load()
        for act, keys in (
            (self.ask_to_print, ("Ctrl+P",)),
            (self.look_for, ("Ctrl+F", "F3")),
            (lambda: self._zoom(1), ("Ctrl+=", "Ctrl++")),
            (lambda: self._zoom(-1), ("Ctrl+-",)),
            (self._fit, ("Ctrl+0",)),
        ):
            bind(self, act, *keys)

    def _head(self) -> QHBoxLayout:
        self.pages = Plain()
        self.pages.setProperty("role", "secondary")
        self.line = QLineEdit(placeholderText="在文中找… (Ctrl+F)", clearButtonEnabled=True)
        self.line.setAccessibleName("在文中找")
        self.line.setFixedWidth(theme.measures().font * 9)
        self.line.textChanged.connect(self.found.setSearchString)
        self.line.returnPressed.connect(lambda: self._step_hit(1))
        self.hits = Plain()
        self.hits.setProperty("role", "caption")
        top = QHBoxLayout()
        top.setSpacing(6)
        self.go = self._button("打印…", "ph.printer", "Ctrl+P", self.ask_to_print)
        theme.mark(self.go, primary=True)
        theme.dress(self.go, "ph.printer", lambda now: now.on_accent)
        top.addWidget(self.go)
        for words, icon, hint, act in (
            ("用系统阅读器打开", "ph.arrow-square-out", "用系统程序打开，可以按矢量打印", self.open_outside),
            ("另存为…", "ph.floppy-disk", "另存一份 PDF", self.save_as),
            ("打印偏移…", "ph.arrows-out-cardinal", "整页往右、往下移动几毫米，套打时用", self.ask_offset),
        ):
            top.addWidget(self._button(words, icon, hint, act))
        self.direct = QCheckBox("以后直接打印")
        self.direct.setToolTip("这种表单以后不预览，直接送到刚才用的打印机")
        self.direct.setEnabled(False)
        self.direct.toggled.connect(self._set_direct)
        top.addWidget(self.direct)
        top.addStretch()
        for widget in (self.line, self.hits, self.pages):
            top.addWidget(widget)
        return top

    def _lay_out(self) -> None:
        self.view.setDocument(self.document)
        self.view.setSearchModel(self.found)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.pageNavigator().currentPageChanged.connect(lambda _: self._say_page())
        self.found.rowsInserted.connect(lambda *_: self._say_hits())
        self.found.modelReset.connect(self._say_hits)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(10)
        layout.addLayout(self._head())
        layout.addWidget(self.view, 1)
        self.resize(1020, 700)

    def _button(self, words: str, icon: str, hint: str, act: Callable[[], Any]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setToolTip(hint)
        theme.dress(button, icon)
        button.clicked.connect(lambda: act())
        return button

    def _load(self) -> None:
        fault = self.document.load(str(self.path))
        self.usable = fault is QPdfDocument.Error.None_ and self.document.pageCount() > 0
        self.go.setEnabled(self.usable)
        self.found.setDocument(self.document)
        self._say_page()
        if not self.usable:
            self.pages.setText("打不开这个文件，可能已被移走。")

    # -- looking -------------------------------------------------------------------------------

    def _say_page(self) -> None:
        at = self.view.pageNavigator().currentPage() + 1
        self.pages.setText(f"第 {at} / {self.document.pageCount()} 页")

    def look_for(self) -> None:
        """Look for words, or for the next place where they stand."""
        if self.line.hasFocus() and self.line.text():
            self._step_hit(1)
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def count(self) -> int:
        """Return at how many places the words stand."""
        return self.found.rowCount(self.found.index(-1, -1))

    def _say_hits(self) -> None:
        self.hits.setText(f"{self.count()} 处" if self.line.text() else "")

    def _step_hit(self, step: int) -> None:
        if not self.count():
            return
        at = (self.view.currentSearchResultIndex() + step) % self.count()
        self.view.setCurrentSearchResultIndex(at)
        hit = self.found.resultAtIndex(at)
        self.view.pageNavigator().jump(hit.page(), hit.location(), self.view.pageNavigator().currentZoom())
        self.hits.setText(f"{at + 1} / {self.count()} 处")

    def _zoom(self, step: int) -> None:
        now = self.view.zoomFactor() if self.view.zoomMode() is QPdfView.ZoomMode.Custom else 1.0
        larger = [zoom for zoom in _ZOOMS if (zoom > now if step > 0 else zoom < now)]
        if larger:
            self.view.setZoomMode(QPdfView.ZoomMode.Custom)
            self.view.setZoomFactor(larger[0] if step > 0 else larger[-1])

    def _fit(self) -> None:
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)

    # -- printing ------------------------------------------------------------------------------

    def ask_to_print(self) -> None:
        """Let the person choose a printer, then print page by page."""
        if not self.usable or self._run is not None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.windowTitle())
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("打印")
        dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
        dialog.setMinMax(1, self.document.pageCount())
        if dialog.exec() == QDialog.DialogCode.Accepted:
            some = dialog.printRange() is QPrintDialog.PrintRange.PageRange and dialog.fromPage() > 0
            self.print_on(printer, *((dialog.fromPage() - 1, dialog.toPage()) if some else ()))

    def print_on(self, printer: QPrinter, first: int = 0, end: int | None = None) -> PageRun:
        """Print pages on a printer, all of them unless told otherwise.

        Args:
            printer: where.
            first: number of the first page, counted from 0.
            end: number of the page after the last one.
        """
        self._pages = range(first, min(end or self.document.pageCount(), self.document.pageCount()))
        offset = offset_of(self._services.memory, self.code)
        self._printer = printer.printerName()
        self._run = PageRun(self.document, printer, offset, self._pages, self)
        self._run.over.connect(lambda done, why: self._printed(done, why, printer))
        self._run.begin()
        return self._run

    def _printed(self, pages: int, why: str, printer: QPrinter) -> None:
        self._run = None
        if why:
            self.show()  # sent straight to a printer, it is not on the screen yet
            left = self._pages[pages:]
            dialogs.ask(
                self,
                "打印",
                f"已打印 {pages} 页，还有 {len(left)} 页。{why}",
                f"从第 {left[0] + 1} 页继续",
                lambda: self.print_on(printer, left[0], left[-1] + 1),
                tone="warning",
            )
        else:
            self._services.say(f"已送打印机 {pages} 页：{self.windowTitle()}")
            self.direct.setEnabled(bool(self._printer))
            self.printed.emit(pages)

    def _set_direct(self, wanted: bool) -> None:
        self._services.memory.put(_DIRECT + self.code, self._printer if wanted else None)

    def open_outside(self) -> None:
        """Let the system's reader show the file; it prints by vectors."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.path))):
            dialogs.tell(
                self, "打开", "这台电脑没有打开 PDF 的程序。请用“打印”，或另存后在别处打印。", "warning"
            )

    def save_as(self) -> None:
        """Save the file elsewhere."""
        chosen, _ = QFileDialog.getSaveFileName(self, "另存为", self.path.name, "PDF (*.pdf)")
        if not chosen:
            return
        place = Path(chosen).with_suffix(".pdf")
        part = place.with_name(f"{place.name}.part")
        try:
            shutil.copyfile(self.path, part)
            os.replace(part, place)
        except OSError as problem:
            dialogs.tell(
                self, "另存为", f"写不了 {place}：{system_reason(problem)}。请换一个位置。", "warning"
            )
            return
        self._services.say(f"已另存：{place}")

    def ask_offset(self) -> AskDialog:
        """Ask how far prints of this form are shifted at this computer."""
        inputs = [_mm("right", "往右(毫米)"), _mm("down", "往下(毫米)")]
        dialog = AskDialog("打印偏移", inputs, "设定", self)
        now = offset_of(self._services.memory, self.code)
        dialog.form.put({"right": f"{now[0]:g}", "down": f"{now[1]:g}"})

        def take(values: dict[str, Any]) -> None:
            chosen = [float(values.get(name) or 0) for name in ("right", "down")]
            self._services.memory.put(_PREFIX + self.code, chosen if any(chosen) else None)
            self._services.say(f"{self.code} 打印时往右 {chosen[0]:g}、往下 {chosen[1]:g} 毫米。")

        dialog.answered.connect(take)
        dialog.open()
        return dialog

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the file, unless pages are still going out."""
        if self._run is not None:
            event.ignore()
            self._run.reject()
            return
        self.document.close()
        super().closeEvent(event)


class _MmField(LineField):
    """Millimetres, negative to the left or up."""

    align = "right"

    def parse(self, typed: str) -> str:
        """Read 1.5 or -2."""
        try:
            value = float(narrow(typed).replace("−", "-"))
        except ValueError:
            raise BadInput(f"{self.label}“{typed}”不是数。请填 1.5 或 -2 这样的数。") from None
        if not abs(value) <= FARTHEST:  # what is no number at all too
            raise BadInput(f"{self.label}最多 {FARTHEST:g} 毫米。")
        return f"{value:g}"


def _mm(name: str, label: str) -> Input:
    field = _MmField(null=True, max_length=8, verbose_name=label)
    field.name = name
    return Input(name, field, required=False)
