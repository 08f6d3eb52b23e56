"""笔墨: collects what one part of a page shows, in points down and right from its top left corner.

Tints lie lowest, then lines, then text, each kind written in one go, which is what makes thousands
of sheets fast. Content that never changes is stamped: drawn once per file, used by its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from reports.paper import qr
from reports.paper.typeset import Line, Typesetter

Align = Literal["left", "center", "right"]

TINT = ".953 .957 .965"  # #F3F4F6: label cells; prints clean on a laser printer
GREY = ".36"
HAIR = 0.5  # points: the grid
FRAME = 1.0  # points: the outer frame
ASCENT = 0.86  # of the size: from the top of a Chinese character to the base line
SMALLEST = 8.0  # points


@dataclass(frozen=True, slots=True)
class Stamp:
    """Content drawn once in this file, placed with its corner at (x, y)."""

    name: str
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file inside a box given in points."""

    path: Path
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Watermark:
    """Large pale words across the point (x, y), as wide as `width` points."""

    words: str
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """Vectors of reportlab.graphics, their bottom left corner at (x, y)."""

    drawing: Any
    x: float
    y: float


Mark = str | Stamp | Picture | Watermark | Drawn


class Ink:
    """What is drawn in one part of a page; `done()` hands it to the press."""

    def __init__(self, typesetter: Typesetter) -> None:
        self.type = typesetter
        self.squeezed: list[str] = []
        self._tints: dict[str, list[str]] = {}
        self._hairs: list[str] = []
        self._frames: list[str] = []
        self._words: list[str] = []
        self._codes: list[str] = []
        self._under: list[Mark] = []
        self._over: list[Mark] = []

    def tint(self, x: float, y: float, width: float, height: float, shade: str = TINT) -> None:
        """Tint a cell, by default as labels are."""
        self._tints.setdefault(shade, []).append(f"{x:.2f} {-y:.2f} {width:.2f} {-height:.2f} re")

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a line of the grid."""
        self._hairs.append(f"{x1:.2f} {-y1:.2f} m {x2:.2f} {-y2:.2f} l")

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """Draw a cell that stands alone, in lines of the grid."""
        self._hairs.append(f"{x:.2f} {-y:.2f} {width:.2f} {-height:.2f} re")

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """Draw an outer frame."""
        self._frames.append(f"{x:.2f} {-y:.2f} {width:.2f} {-height:.2f} re")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = "left",
        limit: float = 0.0,
        grey: bool = False,
    ) -> float:
        """Show one line whose characters begin `y` below the top; return its width.

        Args:
            x: left edge, centre or right edge, as `align` says.
            y: top of the characters.
            text: what the line says.
            size: points; taken down to 8 and then squeezed where the line is wider than `limit`.
            bold: in the bold face.
            align: what `x` means.
            limit: greatest width in points; 0 for none.
            grey: in secondary grey.
        """
        line = self.type.set(text, size, bold)
        top = y
        if limit and line.width > limit:
            smaller = max(SMALLEST, int(2 * size * limit / line.width) / 2)
            if smaller < size:
                top += (size - smaller) / 2
                size, line = smaller, self.type.set(text, smaller, bold)
        return self.show(x, top + ASCENT * size, line, align, limit, grey)

    def show(
        self,
        x: float,
        base: float,
        line: Line,
        align: Align = "left",
        limit: float = 0.0,
        grey: bool = False,
    ) -> float:
        """Show a line already set on the base line `base`; squeeze it where it is wider than `limit`."""
        operators, width = line.operators, line.width
        if limit and width > limit + 0.01:
            operators = f"{100 * limit / width:.1f} Tz {operators} 100 Tz"
            width = limit
            self.squeezed.append(line.text)
        if align == "right":
            x -= width
        elif align == "center":
            x -= width / 2
        if operators:
            shown = f"1 0 0 1 {x:.2f} {-base:.2f} Tm {operators}"
            self._words.append(f"{GREY} g {shown} 0 g" if grey else shown)
        return width

    def dashes(self, x1: float, y: float, x2: float) -> None:
        """Draw the dashed line along which a page is torn."""
        self._over.append(f"q .5 w [3 3] 0 d {x1:.2f} {-y:.2f} m {x2:.2f} {-y:.2f} l S Q")

    def qr(self, x: float, y: float, side: float, value: str) -> None:
        """Draw a QR code as runs of dark modules."""
        scale = side / len(qr.modules(value))
        runs = " ".join(f"{left} {row} {length} 1 re" for row, left, length in qr.runs(value))
        self._codes.append(f"q {scale:.4f} 0 0 {-scale:.4f} {x:.2f} {-y:.2f} cm {runs} f Q")

    def stamp(self, name: str, x: float = 0.0, y: float = 0.0) -> None:
        """Place content that is drawn once per file."""
        self._under.append(Stamp(name, x, y))

    def place(self, mark: Mark) -> None:
        """Place a picture or a watermark over the rest."""
        self._over.append(mark)

    def done(self) -> list[Mark]:
        """Return everything in drawing order."""
        parts = [f"{shade} rg {' '.join(cells)} f 0 g" for shade, cells in self._tints.items()]
        if self._hairs:
            parts.append(f"{HAIR} w {' '.join(self._hairs)} S")
        if self._frames:
            parts.append(f"{FRAME} w {' '.join(self._frames)} S")
        parts += self._codes
        if self._words:
            parts.append("BT " + "\n".join(self._words) + " ET")
        return [*self._under, "\n".join(parts), *self._over]
