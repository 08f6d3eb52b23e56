"""催缴试看: a trial of letters household by household, for the form that makes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.base import db
from models.fees.dunning.assessing import Standing
from models.fees.dunning.rules import Stage
from models.fields import ChoiceField, CodeField, DayField, LineField, MoneyField
from models.listings import RowListing, Shown
from models.money import from_scaled, thousands
from models.owners.estate import Unit
from models.owners.payees import NOBODY
from models.owners.people import Person

SENT, LEFT = "开单", "不开"


@dataclass(frozen=True)
class DunningTrial:
    """What would be sent, and who is left out; nothing is written."""

    day: date
    stages: Sequence[Stage]
    found: Sequence[Standing]

    @property
    def due(self) -> list[Standing]:
        """Those who would get a letter."""
        return [one for one in self.found if one.due and one.stage in self.stages]

    @property
    def others(self) -> list[Standing]:
        """Those who would not."""
        return [one for one in self.found if not (one.due and one.stage in self.stages)]

    def summary(self) -> str:
        """Return 将开 第一次催缴 12 户、第二次催缴 3 户，本金 8,900.00 元；另 40 户这次不催。没有写入。."""
        counts = {stage: sum(one.stage is stage for one in self.due) for stage in self.stages}
        told = "、".join(f"{stage.value} {count} 户" for stage, count in counts.items() if count)
        left = f"另 {len(self.others)} 户这次不催" if self.others else "没有别的欠费户"
        if not told:
            return f"{self.day} 没有到期的{'、'.join(one.value for one in self.stages)}；{left}。没有写入。"
        fen = sum(one.owing.fen for one in self.due if one.owing)
        return f"将开{told}，本金 {thousands(from_scaled(fen, 2))} 元；{left}。没有写入。"

    def details(self) -> dict[str, Any]:
        """Return every household for the command line."""
        told = told_of_trial(self)
        return {"households": [told.plain(row) for row in told.rows()]}


def told_of_trial(trial: DunningTrial) -> RowListing:
    """Return who would get which letter, and then who would not and why."""
    columns = (
        Shown("unit", CodeField(verbose_name="房号", max_length=40)),
        Shown("payer", LineField(verbose_name="付款人", max_length=60)),
        Shown("what", LineField(verbose_name="办理", max_length=8), status=True),
        Shown("stage", ChoiceField(Stage, verbose_name="下一步")),
        Shown("amount", MoneyField(verbose_name="欠费本金")),
        Shown("oldest", DayField(verbose_name="最早截止日")),
        Shown("why", LineField(verbose_name="说明", max_length=120)),
    )
    return RowListing(columns, enumerate(_rows(trial)), tones={SENT: "ok", LEFT: "plain"})


def _rows(trial: DunningTrial) -> Iterator[tuple[Any, ...]]:
    codes = dict(db.execute(Unit.select(Unit.id, Unit.code)))
    people = dict(db.execute(Person.select(Person.id, Person.name)))
    for what, found in ((SENT, trial.due), (LEFT, trial.others)):
        for one in found:
            amount, oldest = (from_scaled(one.owing.fen, 2), one.owing.oldest) if one.owing else (None, None)
            why = _why(one, trial) if what == LEFT else ""
            yield codes[one.unit], people.get(one.payer, NOBODY), what, one.stage, amount, oldest, why


def _why(one: Standing, trial: DunningTrial) -> str:
    if one.why or one.stage is None:
        return one.why
    return f"该发{one.stage.value}，请另外办理" if one.stage not in trial.stages else ""
