"""排字: sets text in our fonts, character by character, as operators of one PDF document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from reports.paper.fonts import GETA, face, font_of
from reports.paper.text import break_lines, clean

_CACHE = 50_000  # lines kept: what repeats on thousands of sheets is set once


class Line(NamedTuple):
    """One line of set text: the operators that show it, its width in points, and what it says."""

    operators: str
    width: float
    text: str
    size: float
    bold: bool


class _Glyph(NamedTuple):
    font: str
    code: str
    width: float


class Typesetter:
    """Sets text for one document; falls back to another font for single characters.

    A character that no font has is drawn as 〓 and collected in `missing`.
    """

    def __init__(self, document: Any) -> None:
        self.missing: set[str] = set()
        self._document = document
        self._glyphs: tuple[dict[str, _Glyph], dict[str, _Glyph]] = ({}, {})
        self._lines: dict[tuple[str, float, bool], Line] = {}
        self._broken: dict[tuple[str, float, float, bool], list[Line]] = {}

    def set(self, text: str, size: float, bold: bool = False) -> Line:
        """Set one line at `size` points."""
        key = (text, size, bold)
        line = self._lines.get(key)
        if line is None:
            if len(self._lines) > _CACHE:
                self._lines.clear()
            line = self._lines[key] = self._set(clean(text), size, bold)
        return line

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Return the width of `text` in points."""
        glyphs = self._glyphs[bold]
        return sum((glyphs.get(c) or self._glyph(c, bold)).width for c in clean(text)) * size / 1000

    def broken(self, text: str, room: float, size: float, bold: bool = False) -> list[Line]:
        """Break `text` into lines no wider than `room` points."""
        key = (text, room, size, bold)
        lines = self._broken.get(key)
        if lines is None:
            if len(self._broken) > _CACHE:
                self._broken.clear()
            words = break_lines(clean(text), room, self.measure(size, bold))
            lines = self._broken[key] = [self.set(word, size, bold) for word in words]
        return lines

    def measure(self, size: float, bold: bool = False) -> Callable[[str], float]:
        """Return the function that measures cleaned text at that size."""
        glyphs, glyph = self._glyphs[bold], self._glyph

        def width(text: str) -> float:
            return sum((glyphs.get(c) or glyph(c, bold)).width for c in text) * size / 1000

        return width

    def _set(self, text: str, size: float, bold: bool) -> Line:
        glyphs = self._glyphs[bold]
        parts: list[str] = []
        font, width = "", 0.0
        for char in text:
            glyph = glyphs.get(char) or self._glyph(char, bold)
            if glyph.font != font:
                font = glyph.font
                parts.append(f"{'>Tj' if parts else ''}{font} {size:g} Tf<")
            parts.append(glyph.code)
            width += glyph.width
        if parts:
            parts.append(">Tj")
        return Line("".join(parts), width * size / 1000, text, size, bold)

    def _glyph(self, char: str, bold: bool) -> _Glyph:
        name, drawn = font_of(char, bold), char
        if name is None:
            if char != "\n":
                self.missing.add(char)
            drawn = " " if char == "\n" else GETA
            name = font_of(drawn, bold)
        font = face(str(name))
        ((subset, code),) = font.splitString(drawn, self._document)
        glyph = _Glyph(
            font.getSubsetInternalName(subset, self._document),
            code.hex(),
            float(font.face.getCharWidth(ord(drawn))),
        )
        self._glyphs[bold][char] = glyph
        return glyph
