"""图表: how a chart is declared, once for the screen and for paper, and who contributes which.

A module registers functions with `@charts`; the desk shows those whose right the person acting holds, but
for those that take long, a page those of its list, a paper those it asks for by name. How they are drawn is
`reports.paper.chart`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from models import deeds
from models.conditions import Condition
from models.listings import Filters

MOST = 3
"""Series that stay apart in black-and-white print."""

Value = Decimal | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One row of figures of a chart; None where there is none."""

    name: str
    figures: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Opens:
    """The lines behind a figure.

    Args:
        page: name of the list that shows them.
        filters: keyword arguments of `listings.Filters` for that list.
        asked: questions to its columns, so that it shows just what was added up.
    """

    page: str
    filters: dict[str, Any] = field(default_factory=dict)
    asked: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as it is declared.

    Args:
        kind: `bar` for amounts beside one another, `line` for a course over time.
        title: above it, with its unit.
        categories: below the axis.
        series: one to three, each with a figure per category.
        places: decimals of the values shown.
        height: millimetres on paper.
        opens: what each category's lines are; empty where there are none to open.
        nothing: what stands in its place while there is nothing to draw.
    """

    kind: Literal["bar", "line"]
    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    places: int = 0
    height: float = 62
    opens: tuple[Opens | None, ...] = ()
    nothing: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if not 1 <= len(self.series) <= MOST:
            raise ValueError(f"a chart has one to {MOST} series, not {len(self.series)}")
        if any(len(series.figures) != len(self.categories) for series in self.series):
            raise ValueError("every series has one figure for each category")
        if self.opens and len(self.opens) != len(self.categories):
            raise ValueError("either no category opens its lines, or each says what it opens")

    @property
    def texts(self) -> tuple[str, ...]:
        """Return all words of the chart."""
        return (self.title, *self.categories, *(series.name for series in self.series))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw; nothing collected is a figure, nothing charged is none."""
        return all(figure is None for series in self.series for figure in series.figures)

    def written(self, figure: Value) -> str:
        """Return a figure as it stands on its bar."""
        return "—" if figure is None else f"{figure:,.{self.places}f}"

    def told(self, at: int) -> str:
        """Return one category in words, as a tooltip and a screen reader say it."""
        named = (f"{series.name} {self.written(series.figures[at])}" for series in self.series)
        return f"{self.categories[at]}　{'，'.join(named)}"

    def opens_of(self) -> str:
        """Return of which series a category opens the lines, where there are several."""
        return self.series[0].name if len(self.series) > 1 else ""

    def opened_by(self, at: int) -> Opens | None:
        """Return what the lines of a category are; None where there are none to open."""
        return self.opens[at] if self.opens else None


Draws = Callable[[Filters], Iterable[Chart]]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One function that draws charts, as it was registered."""

    right: str
    listing: str
    takes: frozenset[str]
    of: frozenset[str]
    desk: bool
    draw: Draws

    def belongs(self, listing: str) -> bool:
        """Whether they stand beside a list, or on the desk where none is named."""
        return self.listing == listing if listing else self.desk

    def shown(self) -> bool:
        """Whether the person acting may see them."""
        return deeds.actor().may(self.right)


_drawn: list[_Drawn] = []


def charts(
    right: str, listing: str, *, takes: Sequence[str] = (), of: Sequence[str], desk: bool = True
) -> Callable[[Draws], Draws]:
    """Register charts for those who hold a right, beside the list whose rows they add up.

    Args:
        right: who may see them.
        listing: name of the list.
        takes: filters of the list by which they are narrowed too.
        of: class names of the records that they are drawn from.
        desk: whether the desk shows them too; not those that take long.
    """

    def decorate(draw: Draws) -> Draws:
        _drawn.append(_Drawn(right, listing, frozenset(takes), frozenset(of), desk, draw))
        return draw

    return decorate


def has_charts(listing: str) -> bool:
    """Whether the person acting may see charts beside a list."""
    return any(one.listing == listing and one.shown() for one in _drawn)


def drawn_from(touched: AbstractSet[str], listing: str = "") -> bool:
    """Whether the charts of a list, or any, are drawn from one of these kinds of record."""
    return any(one.of & touched for one in _drawn if one.belongs(listing))


def follow(listing: str, filters: Filters) -> bool:
    """Whether the charts of a list can be narrowed as the list is."""
    return all(filters.given() <= one.takes for one in _drawn if one.listing == listing)


def charts_of(listing: str = "", filters: Filters | None = None) -> list[Chart]:
    """Return the charts that the person acting may see: those beside a list, or on the desk.

    Args:
        listing: name of the list; empty for the desk.
        filters: by which the list is narrowed.
    """
    wanted = filters or Filters()
    asked = [one for one in _drawn if one.belongs(listing) and one.shown()]
    return [chart for one in asked for chart in one.draw(wanted)]
