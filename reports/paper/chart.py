"""图表: bar and line charts, drawn once as vectors for paper and, as SVG, for the screen.

The values stand on the bars, so that nobody has to measure them against an axis.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Circle, Drawing, Group, Line, PolyLine, Rect, String
from reportlab.lib.colors import HexColor

from models.charts import Chart, Series, Value
from reports.paper.fonts import BOLD, GETA, REGULAR, face, font_of
from reports.paper.sizes import MM
from reports.paper.text import clean

_DASHES: tuple[Any, ...] = (None, (4, 2), (1, 2))
_LABEL = 8.0  # points
_TITLE = 10.5
_STEPS = 4  # lines of the grid, about


@dataclass(frozen=True, slots=True)
class Inks:
    """The colours of a chart, as #RRGGBB.

    Args:
        ground: what it stands on.
        grid: lines of the grid.
        words: words, outlines and the axis.
        tints: of the series, in their order.
    """

    ground: str
    grid: str
    words: str
    tints: tuple[str, ...]


PAPER = Inks("#FFFFFF", "#D9DDE3", "#000000", ("#4B5563", "#C3C9D2", "#000000"))
"""Two tints and black stay apart in black-and-white print."""


def drawing(chart: Chart, width: float, inks: Inks = PAPER) -> Drawing:
    """Return the chart as vectors, `width` points wide."""
    return _Plot(chart, width, inks).drawn()


def svg(chart: Chart, width: float, inks: Inks = PAPER) -> str:
    """Return the same chart as SVG for the screen, `width` points wide."""
    words: str = renderSVG.drawToString(drawing(chart, width, inks))
    words = re.sub(r"<clipPath.*?</clipPath>", "", words, flags=re.DOTALL)  # Qt would draw it
    words = words.replace("fill: None", "fill: none")  # and fill these
    for name, style in ((REGULAR, "'Noto Sans SC'"), (BOLD, "'Noto Sans SC'; font-weight: bold")):
        words = words.replace(f"font-family: {name}", f"font-family: {style}")
    return words


def slots(chart: Chart, width: float) -> tuple[float, float]:
    """Return where the first category begins, and how wide each is, in points."""
    plot = _Plot(chart, width, PAPER)
    return plot.left, plot.slot


class _Plot:
    """Works out places and shapes of one chart."""

    def __init__(self, chart: Chart, width: float, inks: Inks) -> None:
        self.chart = chart
        self.inks = inks
        self.ink, self.grid = HexColor(inks.words), HexColor(inks.grid)
        self.tints = [HexColor(tint) for tint in inks.tints]
        self.whole = Drawing(width, chart.height * MM, initialFontName=REGULAR)
        figures = [float(f) for series in chart.series for f in series.figures if f is not None]
        # Bars are compared by their length, so that theirs begins at nothing.
        ends = [*figures, *([0.0] if chart.kind == "bar" or not figures else [])]
        self.low, self.high, self.step = _scale(min(ends), max(ends), 10.0**-chart.places)
        ticks = [self.chart.written(Decimal(self.low)), self.chart.written(Decimal(self.high))]
        self.left = max(text_width(tick, _LABEL) for tick in ticks) + 4
        self.right = width - 2
        self.bottom = 2.4 * _LABEL
        self.top = chart.height * MM - _TITLE - (3.4 if len(chart.series) > 1 else 2.2) * _LABEL
        self.slot = (self.right - self.left) / max(len(chart.categories), 1)

    def drawn(self) -> Drawing:
        """Draw title, legend, grid and figures."""
        head = self.chart.height * MM
        self._words(0, head - _TITLE, self.chart.title, _TITLE, "start", BOLD)
        if len(self.chart.series) > 1:
            self._draw_legend(head - _TITLE - 1.9 * _LABEL)
        self._draw_grid()
        if self.chart.kind == "bar":
            self._draw_bars()
        else:
            self._draw_courses()
        axis = self._y(min(max(0.0, self.low), self.high))
        self.whole.add(Line(self.left, axis, self.right, axis, strokeColor=self.ink, strokeWidth=0.8))
        for index, category in enumerate(self.chart.categories):
            self._fitted(self.left + (index + 0.5) * self.slot, 0.8 * _LABEL, category, self.slot - 2)
        return self.whole

    def _draw_legend(self, y: float) -> None:
        x = self.left
        for index, series in enumerate(self.chart.series):
            if self.chart.kind == "bar":
                self.whole.add(self._box(x, y, 9, 6, index))
            else:
                self.whole.add(self._course([x, y + 3, x + 14, y + 3], index))
            x += 18
            self._words(x, y, series.name, _LABEL, "start")
            x += text_width(series.name, _LABEL) + 14

    def _draw_grid(self) -> None:
        value = self.low
        while value <= self.high + self.step / 1000:
            y = self._y(value)
            self.whole.add(Line(self.left, y, self.right, y, strokeColor=self.grid, strokeWidth=0.4))
            self._words(self.left - 3, y - 0.35 * _LABEL, self.chart.written(Decimal(value)), _LABEL, "end")
            value += self.step

    def _draw_bars(self) -> None:
        count = len(self.chart.series)
        bar = min(self.slot * 0.76 / count, 34.0)
        wide = max(
            (self._width(f) for one in self.chart.series for f in one.figures if f is not None), default=0
        )
        room = min(self.slot / count, max(bar, wide + 3))  # values beside one another do not touch
        for index, series in enumerate(self.chart.series):
            for place, figure in enumerate(series.figures):
                if figure is None:
                    continue
                middle = self.left + (place + 0.5) * self.slot
                zero, end = self._y(0), self._y(float(figure))
                x = middle + (index - count / 2) * bar
                self.whole.add(self._box(x, min(zero, end), bar, abs(end - zero), index))
                self._value(middle + (index - (count - 1) / 2) * room, max(zero, end) + 2, figure, room)

    def _draw_courses(self) -> None:
        for index, series in reversed(list(enumerate(self.chart.series))):
            for known, run in groupby(enumerate(series.figures), lambda one: one[1] is not None):
                points = [self._point(*one) for one in run] if known else []
                if len(points) > 1:
                    self.whole.add(self._course([part for point in points for part in point], index))
            for place, figure in enumerate(series.figures):
                if figure is not None:
                    x, y = self._point(place, figure)
                    self.whole.add(self._dot(x, y, index))
            if index == 0:
                self._write_courses(series)

    def _write_courses(self, series: Series) -> None:
        """Write the values of a course, clear of the others."""
        told = [(*self._point(*one), one[1]) for one in enumerate(series.figures) if one[1] is not None]
        for x, y, figure in told:
            self._clear(x, y + 4, figure)
            self._value(x, y + 4, figure, self.slot)

    def _point(self, place: int, figure: Value) -> tuple[float, float]:
        return self.left + (place + 0.5) * self.slot, self._y(float(figure or 0))

    def _dot(self, x: float, y: float, index: int) -> Circle:
        return Circle(x, y, 1.9, fillColor=self.tints[index], strokeColor=self.ink, strokeWidth=0.4)

    def _box(self, x: float, y: float, width: float, height: float, index: int) -> Rect:
        return Rect(x, y, width, height, fillColor=self.tints[index], strokeColor=self.ink, strokeWidth=0.4)

    def _course(self, points: Sequence[float], index: int) -> PolyLine:
        colour = self.tints[index] if index != 1 else self.tints[0]
        return PolyLine(list(points), strokeColor=colour, strokeWidth=1.3, strokeDashArray=_DASHES[index])

    def _width(self, figure: Decimal | int) -> float:
        return text_width(self.chart.written(Decimal(figure)), _LABEL)

    def _value(self, x: float, y: float, figure: Decimal | int, room: float) -> None:
        """Write a value upright where it has no room across."""
        text = self.chart.written(Decimal(figure))
        if self._width(figure) <= room:
            self._words(x, y, text, _LABEL, "middle")
            return
        group = Group(transform=(0, 1, -1, 0, x + 0.36 * _LABEL, y))
        self._words(0, 0, text, _LABEL, "start", into=group.add)
        self.whole.add(group)

    def _clear(self, x: float, y: float, figure: Decimal | int) -> None:
        """Make the paper white where a value is going to stand."""
        width = self._width(figure)
        if width <= self.slot:
            self.whole.add(
                Rect(
                    x - width / 2,
                    y - 1,
                    width,
                    _LABEL,
                    fillColor=HexColor(self.inks.ground),
                    strokeColor=None,
                )
            )

    def _fitted(self, x: float, y: float, words: str, room: float) -> None:
        """Write a category, its end left out where there is no room for all of it."""
        words = clean(words)
        while len(words) > 1 and text_width(words, _LABEL) > room:
            words = words.rstrip("…")[:-1] + "…"
        self._words(x, y, words, _LABEL, "middle")

    def _words(
        self,
        x: float,
        y: float,
        words: str,
        size: float,
        side: str,
        font: str = REGULAR,
        into: Callable[[String], None] | None = None,
    ) -> None:
        words = clean(words)
        width = text_width(words, size, font == BOLD)
        x -= {"start": 0.0, "middle": width / 2, "end": width}[side]
        for name, run in groupby(words, lambda char: font_of(char, font == BOLD)):
            text = "".join(run)
            text = text if name else GETA * len(text)
            add = into or self.whole.add
            add(String(x, y, text, fontName=name or font, fontSize=size, fillColor=self.ink))
            x += text_width(text, size, font == BOLD)

    def _y(self, value: float) -> float:
        return self.bottom + (value - self.low) / (self.high - self.low) * (self.top - self.bottom)


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return the width of one line in points, each character in the font that draws it."""
    width = 0.0
    for char in clean(text):
        name = font_of(char, bold)
        width += face(name or REGULAR).face.getCharWidth(ord(char if name else GETA))
    return width * size / 1000


def _scale(low: float, high: float, least: float) -> tuple[float, float, float]:
    """Return ends and step of an axis with round figures that holds both values.

    What stays the same lies on top, with a tenth of it below: above 100 % there is nothing to be seen.
    """
    if low == high:
        low -= abs(high) / 10
    raw = ((high - low) or 1.0) / _STEPS
    power = 10.0 ** math.floor(math.log10(raw))
    step = max(least, next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999))
    bottom = step * math.floor(low / step)
    return bottom, max(step * math.ceil(high / step), bottom + step), step
