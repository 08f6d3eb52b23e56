"""平面: buildings as a form shows them, floor by floor, each house with its number and a letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """One house: its number, its letter (none where it is to be written), and how dark its cell is.

    Args:
        number: the house's.
        sign: one or two characters.
        shade: 0 (white) to 3; the letter says everything, the shade only leads the eye.
    """

    number: str
    sign: str = ""
    shade: int = 0


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """What a letter means, with what is counted of it."""

    sign: str
    words: str
    shade: int = 0


@dataclass(frozen=True, slots=True)
class PlanBay:
    """Columns that belong together, as those of one entrance."""

    title: str
    first: int
    width: int


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of houses, by column."""

    label: str
    marks: Sequence[Mark | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """One building.

    Args:
        title: what it is called.
        bays: from left to right.
        lines: from the top down, all with the same number of columns.
        beside: words behind the title.
        legend: what the letters mean.
    """

    title: str
    bays: Sequence[PlanBay]
    lines: Sequence[PlanLine]
    beside: str = ""
    legend: Sequence[LegendEntry] = ()

    @property
    def columns(self) -> int:
        """How many houses stand side by side."""
        return max((len(line.marks) for line in self.lines), default=1)


_EMPTY_LINES, _EMPTY_COLUMNS = 18, 12

EMPTY_PLAN = Plan(
    "",
    (PlanBay("", 0, _EMPTY_COLUMNS),),
    tuple(PlanLine("", (Mark(""),) * _EMPTY_COLUMNS) for _ in range(_EMPTY_LINES)),
)
"""What is printed where no building is given: a grid to write everything into."""
