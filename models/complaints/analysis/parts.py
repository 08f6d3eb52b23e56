"""报告的组成: what a report is made of, as plain data that can be kept and read back as it was signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from models.charts import Chart, Series


@dataclass(frozen=True)
class Heading:
    """A chapter."""

    text: str


@dataclass(frozen=True)
class Words:
    """A paragraph, or several of them parted by line ends."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table of cells that are written already.

    Args:
        heads: headings of the columns.
        widths: millimetres of the columns.
        rows: cells, as they are printed.
    """

    heads: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bars:
    """A chart of counts or percents: names of categories, and a row of figures for each series."""

    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[str | None, ...]], ...]
    places: int = 0

    @property
    def chart(self) -> Chart:
        """Return it as a chart."""
        series = tuple(
            Series(name, tuple(None if figure is None else Decimal(figure) for figure in figures))
            for name, figures in self.series
        )
        return Chart("bar", self.title, self.categories, series, self.places, 48)


Part = Heading | Words | Grid | Bars
_KINDS: dict[str, type[Any]] = {one.__name__: one for one in (Heading, Words, Grid, Bars)}


def bars(
    title: str, categories: Sequence[str], series: Iterable[tuple[str, Sequence[Any]]], places: int = 0
) -> Bars:
    """Return a chart of figures; None where there is none."""
    told = tuple(
        (name, tuple(None if figure is None else str(figure) for figure in figures))
        for name, figures in series
    )
    return Bars(title, tuple(categories), told, places)


def kept(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Return parts as structures that JSON holds."""
    return [{"kind": type(part).__name__, **asdict(part)} for part in parts]


def read(structures: Iterable[dict[str, Any]]) -> list[Part]:
    """Return the parts that were kept."""
    return [_read(dict(one)) for one in structures]


def _read(one: dict[str, Any]) -> Part:
    made: Part = _KINDS[one.pop("kind")](**{name: _tuples(value) for name, value in one.items()})
    return made


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value
