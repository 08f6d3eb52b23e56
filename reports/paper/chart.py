"""图表: bar and line charts, drawn once as vectors for paper and, as SVG, for the screen.

Two tints and black stay apart in black-and-white print; the values stand on the bars, so that
nobody has to measure them against an axis.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Circle, Drawing, Group, Line, PolyLine, Rect, String
from reportlab.lib.colors import HexColor

from reports.paper.fonts import BOLD, GETA, REGULAR, face, font_of
from reports.paper.sizes import MM
from reports.paper.text import clean

_TINTS = (HexColor(0x4B5563), HexColor(0xC3C9D2), HexColor(0x000000))
_GRID = HexColor(0xD9DDE3)
_INK = HexColor(0x000000)
_DASHES: tuple[Any, ...] = (None, (4, 2), (1, 2))
_LABEL = 8.0  # points
_TITLE = 10.5
_STEPS = 4  # lines of the grid, about
_MOST = len(_TINTS)

Figure = Decimal | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures of a chart; None where there is none."""

    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as it is declared.

    Args:
        kind: `bar` for amounts beside one another, `line` for a course over time.
        title: above it, with its unit.
        categories: below the axis.
        series: one to three, each with a figure per category.
        places: decimals of the values shown.
        height: millimetres.
    """

    kind: Literal["bar", "line"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    places: int = 0
    height: float = 62

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if not 1 <= len(self.series) <= _MOST:
            raise ValueError(f"a chart has one to {_MOST} series, not {len(self.series)}")
        if any(len(series.figures) != len(self.categories) for series in self.series):
            raise ValueError("every series has one figure for each category")

    @property
    def texts(self) -> tuple[str, ...]:
        """Return all words of the chart."""
        return (self.title, *self.categories, *(series.name for series in self.series))


def drawing(chart: Chart, width: float) -> Drawing:
    """Return the chart as vectors, `width` points wide."""
    return _Plot(chart, width).drawn()


def svg(chart: Chart, width: float) -> str:
    """Return the same chart as SVG for the screen, `width` points wide."""
    words: str = renderSVG.drawToString(drawing(chart, width))
    for name, style in ((REGULAR, "'Noto Sans SC'"), (BOLD, "'Noto Sans SC'; font-weight: bold")):
        words = words.replace(f"font-family: {name}", f"font-family: {style}")
    return words


class _Plot:
    """Works out places and shapes of one chart."""

    def __init__(self, chart: Chart, width: float) -> None:
        self.chart = chart
        self.whole = Drawing(width, chart.height * MM, initialFontName=REGULAR)
        figures = [float(f) for series in chart.series for f in series.figures if f is not None]
        self.low, self.high, self.step = _scale(
            min([0.0, *figures]), max([0.0, *figures]), 10.0**-chart.places
        )
        ticks = [self._written(Decimal(self.low)), self._written(Decimal(self.high))]
        self.left = max(text_width(tick, _LABEL) for tick in ticks) + 4
        self.right = width - 2
        self.bottom = 2.4 * _LABEL
        self.top = chart.height * MM - _TITLE - 3.2 * _LABEL
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
        self.whole.add(Line(self.left, self._y(0), self.right, self._y(0), strokeColor=_INK, strokeWidth=0.8))
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
            self.whole.add(Line(self.left, y, self.right, y, strokeColor=_GRID, strokeWidth=0.4))
            self._words(self.left - 3, y - 0.35 * _LABEL, self._written(Decimal(value)), _LABEL, "end")
            value += self.step

    def _draw_bars(self) -> None:
        count = len(self.chart.series)
        bar = min(self.slot * 0.76 / count, 34.0)
        for index, series in enumerate(self.chart.series):
            for place, figure in enumerate(series.figures):
                if figure is None:
                    continue
                x = self.left + (place + 0.5) * self.slot + (index - count / 2) * bar
                zero, end = self._y(0), self._y(float(figure))
                self.whole.add(self._box(x, min(zero, end), bar, abs(end - zero), index))
                self._value(x + bar / 2, max(zero, end) + 2, figure, self.slot / count)

    def _draw_courses(self) -> None:
        for index, series in reversed(list(enumerate(self.chart.series))):
            points = [
                (self.left + (place + 0.5) * self.slot, self._y(float(figure)), figure)
                for place, figure in enumerate(series.figures)
                if figure is not None
            ]
            self.whole.add(self._course([part for x, y, _ in points for part in (x, y)], index))
            for x, y, _ in points:
                self.whole.add(Circle(x, y, 1.9, fillColor=_TINTS[index], strokeColor=_INK, strokeWidth=0.4))
            if index == 0:
                for x, y, figure in points:
                    self._clear(x, y + 4, figure)
                    self._value(x, y + 4, figure, self.slot)

    def _box(self, x: float, y: float, width: float, height: float, index: int) -> Rect:
        return Rect(x, y, width, height, fillColor=_TINTS[index], strokeColor=_INK, strokeWidth=0.4)

    def _course(self, points: Sequence[float], index: int) -> PolyLine:
        colour = _TINTS[index] if index != 1 else _TINTS[0]
        return PolyLine(list(points), strokeColor=colour, strokeWidth=1.3, strokeDashArray=_DASHES[index])

    def _value(self, x: float, y: float, figure: Decimal | int, room: float) -> None:
        """Write a value upright where it has no room across."""
        text = self._written(Decimal(figure))
        if text_width(text, _LABEL) <= room:
            self._words(x, y, text, _LABEL, "middle")
            return
        group = Group(transform=(0, 1, -1, 0, x + 0.36 * _LABEL, y))
        self._words(0, 0, text, _LABEL, "start", into=group.add)
        self.whole.add(group)

    def _clear(self, x: float, y: float, figure: Decimal | int) -> None:
        """Make the paper white where a value is going to stand."""
        width = text_width(self._written(Decimal(figure)), _LABEL)
        if width <= self.slot:
            self.whole.add(
                Rect(x - width / 2, y - 1, width, _LABEL, fillColor=HexColor(0xFFFFFF), strokeColor=None)
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
            add(String(x, y, text, fontName=name or font, fontSize=size, fillColor=_INK))
            x += text_width(text, size, font == BOLD)

    def _written(self, value: Decimal) -> str:
        return f"{value:,.{self.chart.places}f}"

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
    """Return ends and step of an axis with round figures that holds both values."""
    raw = ((high - low) or 1.0) / _STEPS
    power = 10.0 ** math.floor(math.log10(raw))
    step = max(least, next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * 0.999))
    bottom = step * math.floor(low / step)
    return bottom, max(step * math.ceil(high / step), bottom + step), step
