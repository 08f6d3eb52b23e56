"""预览: a printed paper on the screen, searched, sent to a printer, saved, or handed to another reader."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeyEvent
from PySide6.QtPdf import QPdfDocument, QPdfSearchModel
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QVBoxLayout,
)
from shiboken6 import isValid

from models.errors import BadInput
from models.fields import LineField
from models.inputs import Input
from models.text import narrow, system_reason
from ui import dialogs, theme
from ui.asking import AskDialog
from ui.keys import NEXT, PREVIOUS, bind, head
from ui.memory import Memory
from ui.printqueue import Entry, content_of, load
from ui.queueview import show_queue
from ui.services import Services
from ui.words import Plain, Words

FARTHEST = 20.0
"""Millimetres that a print may be shifted."""
_ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_PREFIX, DIRECT = "offset.", "direct."


@dataclass(frozen=True)
class Paper:
    """A printed form as a file.

    Args:
        path: the PDF.
        title: what people call it.
        code: of its form.
        counting: makes what counts the pages of one print as they go out, from one to that after the
            last; None where nothing is counted.
        remarks: what the person should know of it, each one sentence.
    """

    path: Path
    title: str
    code: str
    counting: Callable[[], Callable[[int, int], Any]] | None = None
    remarks: tuple[str, ...] = ()


def offset_of(memory: Memory, code: str) -> tuple[float, float]:
    """Return how far the prints of a form are shifted at this computer, in mm to the right and down."""
    told: list[Any] = memory.get(_PREFIX + code, [])
    good = len(told) == 2 and all(type(one) in (int, float) and abs(one) <= FARTHEST for one in told)
    return (float(told[0]), float(told[1])) if good else (0.0, 0.0)


def direct_printer(memory: Memory, code: str) -> QPrinter | None:
    """Return the printer to which a form goes without preview; None where it is shown first."""
    name = memory.get(DIRECT + code, "")
    found = QPrinterInfo.printerInfo(name) if name else QPrinterInfo()
    return None if found.isNull() else QPrinter(found, QPrinter.PrinterMode.HighResolution)


def send(services: Services, paper: Paper, printer: QPrinter, pages: range | None = None) -> Entry:
    """Send a paper on its way to a printer; what does not go out whole is shown."""
    content = content_of(paper.path)
    if pages is None:
        document = QPdfDocument()
        load(document, content)
        pages = range(max(1, document.pageCount()))
    printer.setDocName(paper.title)
    offset = offset_of(services.memory, paper.code)
    count = None if paper.counting is None else paper.counting()
    entry = Entry(paper.title, content, printer, pages, offset, count)
    services.say(f"已放进打印队列：{paper.title}，{len(pages)} 页。")
    return services.prints.add(entry)


class Preview(QDialog):
    """One PDF on the screen, in a window of its own.

    Args:
        services: of the window.
        paper: what is shown, and how what went out is counted.
        parent: as Qt means it.
    """

    def __init__(self, services: Services, paper: Paper, parent: Any = None) -> None:
        super().__init__(parent)
        self._services, self.paper = services, paper
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("help_topic", "printing")
        self.setWindowTitle(paper.title)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.document = QPdfDocument(self)
        self.view = QPdfView(self)
        self.view.setAccessibleName(f"{paper.title}的预览")
        self.found = QPdfSearchModel(self)
        self._lay_out()
        self._load()
        head(self, "预览")
        for act, words, *keys in (
            (self.ask_to_print, "打印", "Ctrl+P"),
            (self.save_as, "另存一份 PDF", "Ctrl+S"),
            (self.look_for, "在文中找", "Ctrl+F", "F3"),
            (lambda: self._turn(-1), "上一页", PREVIOUS),
            (lambda: self._turn(1), "下一页", NEXT),
            (lambda: self._zoom(1), "放大", "Ctrl+=", "Ctrl++"),
            (lambda: self._zoom(-1), "缩小", "Ctrl+-"),
            (self._fit_width, "适合宽度", "Ctrl+0"),
            (self._fit_page, "整页", "Ctrl+9"),
        ):
            bind(self, act, *keys, words=words)

    def _head(self) -> QHBoxLayout:
        self.pages = Plain()
        self.pages.setProperty("role", "secondary")
        self.line = QLineEdit(placeholderText="在文中找… (Ctrl+F)", clearButtonEnabled=True)
        self.line.setAccessibleName("在文中找")
        self.line.setFixedWidth(theme.measures().font * 9)
        self.line.textChanged.connect(self._look)
        self.line.returnPressed.connect(lambda: self._step_hit(1))
        self.hits = Plain()
        self.hits.setProperty("role", "caption")
        self.go = self._button("打印…", "ph.printer", "Ctrl+P", self.ask_to_print)
        theme.mark(self.go, primary=True)
        theme.dress(self.go, "ph.printer", lambda now: now.on_accent)
        self.direct = QCheckBox("以后直接打印")
        self.direct.setToolTip("这种表单以后不预览，直接送到这次打印用的打印机；在打印队列里可以改回")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.go)
        top.addWidget(self._button("另存为…", "ph.floppy-disk", "另存一份 PDF (Ctrl+S)", self.save_as))
        top.addWidget(self._more())
        top.addWidget(self.direct)
        top.addStretch()
        for widget in (*self._zooms(), self.line, self.hits, self.pages):
            top.addWidget(widget)
        return top

    def _more(self) -> QPushButton:
        menu = QMenu(self)
        menu.addAction("用系统阅读器打开（按矢量打印）", self.open_outside)
        menu.addAction("打印偏移…", self.ask_offset)
        menu.addAction("打印队列…", lambda: show_queue(self._services, self))
        button = QPushButton("更多")
        button.setAutoDefault(False)
        button.setMenu(menu)
        return button

    def _zooms(self) -> list[QPushButton]:
        smaller = self._button("", "ph.minus", "缩小 (Ctrl+−)", lambda: self._zoom(-1))
        self.zoom = self._button("", "", "适合宽度 (Ctrl+0)；整页 (Ctrl+9)", self._turn_fit)
        larger = self._button("", "ph.plus", "放大 (Ctrl+=)", lambda: self._zoom(1))
        for button, words in ((smaller, "缩小"), (self.zoom, "缩放"), (larger, "放大")):
            button.setAccessibleName(words)
            theme.mark(button, quiet=True)
        return [smaller, self.zoom, larger]

    def _lay_out(self) -> None:
        self.view.setDocument(self.document)
        self.view.setSearchModel(self.found)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.pageNavigator().currentPageChanged.connect(self._say_page)
        self.found.rowsInserted.connect(self._say_hits)
        self.found.modelReset.connect(self._say_hits)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(self._head())
        if self.paper.remarks:
            layout.addWidget(Words("\n".join(self.paper.remarks[:12]), note="info"))
        layout.addWidget(self.view, 1)
        theme.fit(self, 1020, 700)
        self._fit_page()

    def _button(self, words: str, icon: str, hint: str, act: Callable[[], Any]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setToolTip(hint)
        if icon:
            theme.dress(button, icon)
        button.clicked.connect(lambda: act())
        return button

    def _load(self) -> None:
        self.usable = load(self.document, content_of(self.paper.path))
        self.go.setEnabled(self.usable)
        self.found.setDocument(self.document)
        self._say_page()
        if not self.usable:
            self.pages.setText("打不开这个文件，可能已被移走。")

    # -- looking -------------------------------------------------------------------------------

    def _say_page(self, *_: Any) -> None:
        if not isValid(self.document):  # the window is going; Qt still tells of pages
            return
        at = self.view.pageNavigator().currentPage() + 1
        self.pages.setText(f"第 {at} / {self.document.pageCount()} 页")

    def _look(self, words: str) -> None:
        self.view.setCurrentSearchResultIndex(-1)
        self.found.setSearchString(words)
        self._say_hits()

    def look_for(self) -> None:
        """Look for words, or for the next place where they stand."""
        if self.line.hasFocus() and self.line.text():
            self._step_hit(1)
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def count(self) -> int:
        """Return at how many places the words stand."""
        return self.found.rowCount(self.found.index(-1, -1))

    def _say_hits(self, *_: Any) -> None:
        if not isValid(self.document):
            return
        if self.view.currentSearchResultIndex() < 0 and self.count():
            self._step_hit(1)
        elif not self.count():
            self.hits.setText("0 处" if self.line.text() else "")

    def _step_hit(self, step: int) -> None:
        if not self.count():
            return
        at = (self.view.currentSearchResultIndex() + step) % self.count()
        self.view.setCurrentSearchResultIndex(at)
        hit = self.found.resultAtIndex(at)
        self.view.pageNavigator().jump(hit.page(), hit.location(), self.view.pageNavigator().currentZoom())
        self.hits.setText(f"{at + 1} / {self.count()} 处")

    def _turn(self, step: int) -> None:
        turner = self.view.pageNavigator()
        at = min(max(turner.currentPage() + step, 0), max(0, self.document.pageCount() - 1))
        turner.jump(at, QPointF(), turner.currentZoom())

    def _zoom(self, step: int) -> None:
        now = self.view.zoomFactor() if self.view.zoomMode() is QPdfView.ZoomMode.Custom else 1.0
        larger = [zoom for zoom in _ZOOMS if (zoom > now if step > 0 else zoom < now)]
        if larger:
            chosen = larger[0] if step > 0 else larger[-1]
            self.view.setZoomMode(QPdfView.ZoomMode.Custom)
            self.view.setZoomFactor(chosen)
            self.zoom.setText(f"{chosen:.0%}")

    def _fit_width(self) -> None:
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.zoom.setText("适合宽度")

    def _fit_page(self) -> None:
        self.view.setZoomMode(QPdfView.ZoomMode.FitInView)
        self.zoom.setText("整页")

    def _turn_fit(self) -> None:
        whole = self.view.zoomMode() is QPdfView.ZoomMode.FitInView
        (self._fit_width if whole else self._fit_page)()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Esc end a search first."""
        if event.key() == Qt.Key.Key_Escape and self.line.text():
            self.line.clear()
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    # -- sending out ---------------------------------------------------------------------------

    def ask_to_print(self) -> None:
        """Let the person choose a printer, and send the paper on its way."""
        if not self.usable:
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

    def print_on(self, printer: QPrinter, first: int = 0, end: int | None = None) -> Entry:
        """Send pages to a printer, all of them unless told otherwise.

        What counts its prints is closed with that: the next print of it bears a mark.

        Args:
            printer: where.
            first: number of the first page, counted from 0.
            end: number of the page after the last one.
        """
        if self.direct.isChecked() and printer.printerName():
            self._services.memory.put(DIRECT + self.paper.code, printer.printerName())
        pages = range(first, min(end or self.document.pageCount(), self.document.pageCount()))
        entry = send(self._services, self.paper, printer, pages)
        if self.paper.counting is not None:
            self.close()
        return entry

    def _count_all(self) -> None:
        """Count a paper that left the program whole, and close it: the next one bears a mark."""
        pages = self.document.pageCount()
        if self.paper.counting is not None:
            count = self.paper.counting()
            self._services.run("登记打印", self._services, lambda: count(0, pages), lambda _: None)
            self.close()

    def open_outside(self) -> None:
        """Let the system's reader show the file; it prints by vectors."""
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.paper.path))):
            self._count_all()
        else:
            dialogs.tell(
                self, "打开", "这台电脑没有打开 PDF 的程序。请用“打印”，或另存后在别处打印。", "warning"
            )

    def save_as(self) -> None:
        """Save the file elsewhere."""
        suggested = str(self._services.outlets.folder() / self.paper.path.name)
        chosen, _ = QFileDialog.getSaveFileName(self, "另存为", suggested, "PDF (*.pdf)")
        if not chosen:
            return
        place = Path(chosen).with_suffix(".pdf")
        part = place.with_name(f"{place.name}.part")
        try:
            shutil.copyfile(self.paper.path, part)
            os.replace(part, place)
        except OSError as problem:
            dialogs.tell(
                self, "另存为", f"写不了 {place}：{system_reason(problem)}。请换一个位置。", "warning"
            )
            return
        self._services.say(f"已另存：{place}")
        self._count_all()

    def ask_offset(self) -> AskDialog:
        """Ask how far prints of this form are shifted at this computer."""
        inputs = [_mm("right", "往右(毫米)"), _mm("down", "往下(毫米)")]
        dialog = AskDialog("打印偏移", inputs, "设定", self)
        now = offset_of(self._services.memory, self.paper.code)
        dialog.form.put({"right": f"{now[0]:g}", "down": f"{now[1]:g}"})

        def take(values: dict[str, Any]) -> None:
            chosen = [float(values.get(name) or 0) for name in ("right", "down")]
            self._services.memory.put(_PREFIX + self.paper.code, chosen if any(chosen) else None)
            self._services.say(f"{self.paper.code} 打印时往右 {chosen[0]:g}、往下 {chosen[1]:g} 毫米。")

        dialog.answered.connect(take)
        dialog.open()
        return dialog

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of the file."""
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
