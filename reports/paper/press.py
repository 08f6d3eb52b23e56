"""印版: one PDF being drawn: its pages, the stamps used on them, its fonts."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.graphics import renderPDF
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfdoc import PDFName, PDFStream
from reportlab.pdfgen.canvas import Canvas

from models.errors import RuleBroken
from reports.paper.fonts import REGULAR, face
from reports.paper.ink import Drawn, Ink, Mark, Picture, Stamp, Watermark
from reports.paper.sizes import MM, Paper
from reports.paper.typeset import Typesetter

_PALE = 0.13  # opacity of a watermark: what lies below stays readable
_SLOPE = math.radians(28)


class Press:
    """Draws one PDF file; everything is given in points down and right from a top left corner."""

    def __init__(self, path: Path, title: str = "") -> None:
        rl_config.useA85 = 0  # text armour: a tenth more bytes and time for nothing
        face(REGULAR)
        self.canvas = Canvas(str(path), initialFontName=REGULAR, pageCompression=1, lang="zh-CN")
        self.canvas.setTitle(title)
        self.canvas.setCreator("property-console")
        self.canvas.setProducer("ReportLab")
        self.canvas.setAuthor("")
        self.canvas.setSubject("")
        self.type = Typesetter(self.canvas._doc)
        self.pages = 0
        self.squeezed: set[tuple[str, str]] = set()  # form code and text
        self._stamps: dict[Hashable, str] = {}
        self._pictures: dict[Path, Any] = {}
        self._height = 0.0

    def ink(self) -> Ink:
        """Return fresh ink for one part of a page."""
        return Ink(self.type)

    def stamp(self, key: Hashable, draw: Callable[[Ink], None]) -> str:
        """Return the name of the stamp of that key, drawn by `draw` at its first use."""
        name = self._stamps.get(key)
        if name is None:
            name = self._stamps[key] = f"S{len(self._stamps)}"
            ink = self.ink()
            draw(ink)
            self.canvas.beginForm(name, -2000, -2000, 2000, 2000)
            self._draw(ink.done())
            self.canvas.endForm()
        return name

    def begin(self, paper: Paper) -> None:
        """Begin a page."""
        self._height = paper.height * MM
        self.canvas.setPageSize((paper.width * MM, self._height))

    def put(self, marks: Iterable[Mark], x: float, y: float) -> None:
        """Draw what an ink collected, its corner at (x, y)."""
        self.canvas.addLiteral(f"q 1 0 0 1 {x:.2f} {self._height - y:.2f} cm")
        self._draw(marks)
        self.canvas.addLiteral("Q")

    def end(self) -> None:
        """End the page; its content is packed at once, so that thousands of pages stay small."""
        self.canvas.showPage()
        self.pages += 1
        page = self.canvas._doc.Pages.pages[-1]
        packed = PDFStream(content=zlib.compress(page.stream.encode("latin-1")))
        packed.dictionary["Filter"] = PDFName("FlateDecode")
        page.Contents, page.stream = packed, None

    def save(self) -> None:
        """Write the file."""
        self.canvas.save()

    def _draw(self, marks: Iterable[Mark]) -> None:
        for mark in marks:
            if isinstance(mark, str):
                self.canvas.addLiteral(mark)
            elif isinstance(mark, Stamp):
                self._draw_stamp(mark)
            elif isinstance(mark, Picture):
                self._draw_picture(mark)
            elif isinstance(mark, Drawn):
                renderPDF.draw(mark.drawing, self.canvas, mark.x, -mark.y)
            else:
                self._draw_watermark(mark)

    def _draw_stamp(self, stamp: Stamp) -> None:
        if stamp.x or stamp.y:
            self.canvas.addLiteral(f"q 1 0 0 1 {stamp.x:.2f} {-stamp.y:.2f} cm")
            self.canvas.doForm(stamp.name)
            self.canvas.addLiteral("Q")
        else:
            self.canvas.doForm(stamp.name)

    def _draw_picture(self, mark: Picture) -> None:
        self.canvas.drawImage(
            self._picture(mark.path),
            mark.x,
            -mark.y - mark.height,
            mark.width,
            mark.height,
            preserveAspectRatio=True,
            mask="auto",
        )

    def _picture(self, path: Path) -> Any:
        """Read an image file, once.

        Raises:
            RuleBroken: it is not there, or no picture.
        """
        if path not in self._pictures:
            try:
                self._pictures[path] = ImageReader(str(path))
            except Exception as error:  # Pillow's errors have no common base
                raise RuleBroken(f"图片 {path} 打不开，请在本处设置里重新选择。") from error
        return self._pictures[path]

    def _draw_watermark(self, mark: Watermark) -> None:
        def words(ink: Ink) -> None:
            ink.text(0, -50, mark.words, 100, bold=True, align="center")

        stamp = self.stamp(("watermark", mark.words), words)
        scale = min(1.3, mark.width / self.type.width(mark.words, 100, bold=True))
        across, up = scale * math.cos(_SLOPE), scale * math.sin(_SLOPE)
        self.canvas.saveState()
        self.canvas.setFillAlpha(_PALE)
        self.canvas.addLiteral(f"{across:.4f} {up:.4f} {-up:.4f} {across:.4f} {mark.x:.2f} {-mark.y:.2f} cm")
        self.canvas.doForm(stamp)
        self.canvas.restoreState()
