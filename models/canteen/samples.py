"""食品留样 (CA-10): a portion of each dish is kept cool for two days, then destroyed (forms.md B11.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from models.base import Record
from models.canteen.issues import Meal
from models.canteen.rights import STORE
from models.canteen.rules import rules
from models.clock import past
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, CountField, LineField, LinksField, MomentField, TemperatureField
from models.inputs import Asked, Input
from models.rows import RowRefused, RowsField

ROWS = "rows"


class FoodSample(Record):
    """食品留样: a portion of one dish."""

    kept_at = MomentField(index=True, verbose_name="留样时间")
    meal = ChoiceField(Meal, verbose_name="餐次")
    dish = LineField(max_length=40, verbose_name="食品名称")
    grams = CountField(low=1, high=5000, verbose_name="留样量g")
    fridge = TemperatureField(verbose_name="冰箱温度℃")
    kept_by = LineField(max_length=60, verbose_name="留样人")
    destroyed_at = MomentField(null=True, verbose_name="销毁时间")
    destroyed_by = LineField(max_length=60, null=True, verbose_name="销毁人")
    note = LineField(max_length=80, null=True, verbose_name="备注")

    class Meta:
        title = "食品留样"

    def label(self) -> str:
        """Return 2026-11-20 午餐 红烧肉."""
        return f"{self.kept_at:%Y-%m-%d} {self.meal.value} {self.dish}"


reaches_everybody(FoodSample)


def _inputs() -> list[Input]:
    return [
        Input("dish", LineField(max_length=40, verbose_name="食品名称").roomier(16), required=True),
        Input("grams", CountField(low=1, high=5000, verbose_name="留样量g"), required=True),
        Input("note", LineField(max_length=80, null=True, verbose_name="备注"), required=False),
    ]


class Kept:
    """What was kept back at once."""

    def __init__(self, samples: Sequence[FoodSample]) -> None:
        self.samples = samples

    def done(self) -> str:
        """Return 已登记留样."""
        return "已登记留样"

    def summary(self) -> str:
        """Return which dishes, and when they may be destroyed."""
        until = self.samples[0].kept_at + timedelta(hours=int(rules().sample_hours))
        names = "、".join(str(one.dish) for one in self.samples)
        return f"{names}，{until:%Y-%m-%d %H:%M} 以后才能销毁。"


@deed("canteen.keep_samples", "登记留样", STORE)
def keep_samples(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="食品"))],
    meal: Annotated[Meal, Asked(ChoiceField(Meal, verbose_name="餐次"))],
    fridge: Annotated[Decimal, Asked(TemperatureField(verbose_name="冰箱温度℃"))],
    kept_at: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="留样时间"), "不填为现在")
    ] = None,
) -> Kept:
    """Keep a portion of each dish of a meal back.

    Raises:
        RowRefused: a portion is smaller than the rules ask for, or a dish stands twice.
        BadInput: the time lies ahead, or the fridge is warmer than cooled goods may be.
    """
    at, known = past(kept_at, "留样时间", "kept_at"), rules()
    if fridge > known.cool_most:
        raise BadInput(f"冰箱 {fridge} ℃，留样要在 {known.cool_most} ℃ 以下。请先降温。", "fridge")
    names = set()
    for number, row in enumerate(rows):
        if row["grams"] < known.sample_grams:
            told = f"{row['dish']} 留样 {row['grams']} 克，每样至少 {known.sample_grams} 克。"
            raise RowRefused(told, ROWS, number, "grams")
        if row["dish"] in names:
            raise RowRefused(f"{row['dish']} 写了两行。请合成一行。", ROWS, number, "dish")
        names.add(row["dish"])
    return Kept(
        [FoodSample.add(kept_at=at, meal=meal, fridge=fridge, kept_by=actor().name, **row) for row in rows]
    )


@deed("canteen.destroy_samples", "销毁留样", STORE)
def destroy_samples(
    samples: Annotated[list[FoodSample], Asked(LinksField(FoodSample, verbose_name="留样"))],
    destroyed_at: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="销毁时间"), "不填为现在")
    ] = None,
) -> list[FoodSample]:
    """Note that samples were destroyed, once they were kept long enough.

    Raises:
        RuleBroken: one was not kept long enough, or is destroyed already.
        BadInput: the time lies ahead.
    """
    at, hours = past(destroyed_at, "销毁时间", "destroyed_at"), int(rules().sample_hours)
    for one in samples:
        if one.destroyed_at is not None:
            raise RuleBroken(f"{one.label()} 已经销毁了。")
        if at < one.kept_at + timedelta(hours=hours):
            raise RuleBroken(f"{one.label()} 还没有留满 {hours} 小时，不能销毁。")
    return [one.change(destroyed_at=at, destroyed_by=actor().name) for one in samples]
