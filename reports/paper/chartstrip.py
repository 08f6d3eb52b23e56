"""图表条: charts as a band across the page, two beside one another where it is wide."""

from __future__ import annotations

from collections.abc import Sequence

from models.charts import Chart
from reports.paper.chart import drawing
from reports.paper.flow import Gap, Strip
from reports.paper.fonts import missing_glyphs
from reports.paper.ink import Drawn, Ink
from reports.paper.press import Press
from reports.paper.sizes import MM

_SPACE = 3 * MM  # above and below
_BETWEEN = 8 * MM
_WIDE = 220 * MM  # two stand beside one another from here on


class ChartStrip(Strip):
    """One chart, or two of the same height beside one another."""

    def __init__(self, charts: Sequence[Chart], width: float) -> None:
        super().__init__(max(chart.height for chart in charts) * MM)
        share = (width - _BETWEEN * (len(charts) - 1)) / len(charts)
        self._drawn = [
            (drawing(chart, share), number * (share + _BETWEEN)) for number, chart in enumerate(charts)
        ]

    def draw(self, ink: Ink, y: float) -> None:
        """Draw them with their feet on one line."""
        for made, x in self._drawn:
            ink.place(Drawn(made, x, y + self.height))


def chart_strips(charts: Sequence[Chart], width: float, press: Press) -> list[Strip]:
    """Return strips with all charts that hold anything, in their order."""
    shown = [chart for chart in charts if not chart.empty]
    for chart in shown:
        press.type.missing |= missing_glyphs(chart.texts)
    beside = 2 if width >= _WIDE else 1
    strips: list[Strip] = []
    for first in range(0, len(shown), beside):
        strips += [Gap(_SPACE), ChartStrip(shown[first : first + beside], width), Gap(_SPACE)]
    return strips
