"""催缴试看: a trial of letters household by household, for the form that makes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.base import db
from models.fees.dunning.assessing import Standing
from models.fees.dunning.issuing import DunningTrial
from models.fees.dunning.rules import Stage
from models.fields import ChoiceField, CodeField, DayField, LineField, MoneyField
from models.listings import RowListing, Shown
from models.money import from_scaled
from models.owners.estate import Unit
from models.owners.payees import NOBODY
from models.owners.people import Person

SENT, LEFT = "开单", "不开"


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
