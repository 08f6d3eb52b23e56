"""质量目标: what each service figure should reach, and what it reached in a period (CS-14, duty c01.a.10)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Self

from peewee import Case

from models.base import Record
from models.complaints.contact.home_plans import households
from models.complaints.kinds import Sort
from models.complaints.rates import MEASURES, until
from models.complaints.rights import RULES, VIEW
from models.complaints.tallies import Tally, tally
from models.deeds import deed
from models.fields import ChoiceField, FlagField, QuantityField
from models.inputs import edits_of
from models.listings import Filters, Listing, Shown, listing
from models.months import Period


class QualityFigure(Enum):
    """指标 of CS-14."""

    HANDLING = "投诉处理率"
    TIMELY = "投诉及时率"
    VISITING = "投诉回访率"
    ARRIVAL = "报修到场及时率"
    FINISHING = "报修完工及时率"
    AGAIN = "返修率"
    PLEASED = "满意率"
    OFTEN = "有效投诉率(‰)"


_MEASURED = {
    QualityFigure.HANDLING: (Sort.COMPLAINT, "处理率"),
    QualityFigure.TIMELY: (Sort.COMPLAINT, "及时率"),
    QualityFigure.VISITING: (Sort.COMPLAINT, "回访率"),
    QualityFigure.ARRIVAL: (Sort.REPAIR, "到场及时率"),
    QualityFigure.FINISHING: (Sort.REPAIR, "及时率"),
    QualityFigure.AGAIN: (Sort.REPAIR, "返修率"),
}


class Sense(Enum):
    """On which side of its target a figure should lie; never stored."""

    LEAST = "≥"
    MOST = "≤"

    @classmethod
    def of(cls, at_most: bool) -> Sense:
        """Return it by the flag of a target."""
        return cls.MOST if at_most else cls.LEAST


def sense_shown(at_most: FlagField) -> Shown:
    """Return the column that stands before a target."""
    sense = Case(None, ((at_most, Sense.MOST.name),), Sense.LEAST.name)
    return Shown("sense", ChoiceField(Sense, verbose_name="要求"), sense)


class QualityTarget(Record):
    """质量目标: what a figure should reach, or stay below; editable."""

    figure = ChoiceField(QualityFigure, unique=True, verbose_name="指标")
    target = QuantityField(verbose_name="目标")
    at_most = FlagField(default=False, verbose_name="不高于")

    class Meta:
        title = "质量目标"

    def label(self) -> str:
        """Return the figure."""
        return str(self.figure.value)

    @deed(
        "complaints.edit_target", "修改质量目标", RULES,
        inputs=edits_of(lambda: QualityTarget, "target", "at_most"), undo="complaints.edit_target",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change it for the reviews to come."""
        return self.change(**values)


@dataclass(frozen=True)
class Reached:
    """What a figure reached: part of a whole, in percent or in ‰."""

    part: int
    whole: int
    per: int = 100

    @property
    def figure(self) -> Decimal | None:
        """Return it with two decimals; None where there is nothing below the line."""
        return (Decimal(self.part) * self.per / self.whole).quantize(Decimal("0.01")) if self.whole else None


def reached(period: Period) -> dict[QualityFigure, Reached]:
    """Return what every figure reached in a period, as of its end, or of now while it runs."""
    at = until(period)
    found = {sort: tally(sort, period, at, marks=True) for sort in Sort}
    told = {
        figure: _of(found[sort], next(one for one in MEASURES if one.name == name))
        for figure, (sort, name) in _MEASURED.items()
    }
    told[QualityFigure.PLEASED] = Reached(
        sum(one.pleased for one in found.values()), sum(one.marked for one in found.values())
    )
    told[QualityFigure.OFTEN] = Reached(found[Sort.COMPLAINT].counted, households().count(), 1000)
    return told


def _of(found: Tally, measure: Any) -> Reached:
    return Reached(getattr(found, measure.part), getattr(found, measure.whole))


@listing("quality_targets", "质量目标", "complaints", VIEW)
def quality_targets(filters: Filters) -> Listing:
    """What every figure should reach."""
    columns = (
        Shown("figure", QualityTarget.figure),
        sense_shown(QualityTarget.at_most),
        Shown("target", QualityTarget.target, total=False),
        Shown("id", QualityTarget.id, hidden=True),
    )
    return Listing(QualityTarget.select(), columns, id=QualityTarget.id, order=("id",), record=QualityTarget)
