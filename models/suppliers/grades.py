"""等级: from which score on a grade reaches, what follows from it; grades cover 0 to 100 (forms.md B11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from models.base import Record
from models.deeds import deed, reaches_everybody
from models.errors import RuleBroken
from models.fields import ChoiceField, FlagField, LineField, QuantityField
from models.inputs import Asked, inputs_from
from models.rows import RowRefused, RowsField
from models.suppliers.rights import RULES

BANDS = "rows"
LEAST, MOST = Decimal(0), Decimal(100)


class Consequence(Enum):
    """What follows from a grade."""

    PREFER = "优先采购"
    KEEP = "续用"
    WARN = "提醒"
    WATCH = "限期整改"
    BLOCK = "暂停供货"
    END = "启动终止"


LADDER = (Consequence.WATCH, Consequence.BLOCK, Consequence.END)
"""What comes next where the period before had the same consequence already."""


class Band(Record):
    """等级: from which score to below which a grade reaches, and what follows from it."""

    grade = LineField(max_length=2, unique=True, verbose_name="等级")
    low = QuantityField(verbose_name="起(含)")
    high = QuantityField(verbose_name="止")
    consequence = ChoiceField(Consequence, verbose_name="后果")
    letter = FlagField(default=False, verbose_name="发整改通知")

    key_field = "grade"

    class Meta:
        title = "等级"


reaches_everybody(Band)


class RulesSet:
    """What holds from now on."""

    def __init__(self, told: str) -> None:
        self.told = told

    def summary(self) -> str:
        """Return it in one line."""
        return self.told


AskedBands = Annotated[
    list[dict[str, Any]],
    Asked(
        RowsField(
            inputs_from(lambda: Band, "grade", "low", "high", "consequence", "letter"), verbose_name="等级"
        )
    ),
]


def shown(score: Decimal) -> str:
    """Return a score without the zeros at its end: 90, 59.5."""
    return f"{score.normalize():f}"


def bands() -> list[Band]:
    """Return the grades, the best first."""
    return list(Band.select().order_by(Band.low.desc()))


@deed("suppliers.set_bands", "设置等级", RULES)
def set_bands(rows: AskedBands) -> RulesSet:
    """Set the grades and what follows from each; what was signed keeps its grade.

    Raises:
        RuleBroken: they leave a gap between 0 and 100.
        RowRefused: two overlap or are called alike, or one ends before it begins.
    """
    ordered = sorted(rows, key=lambda row: row["low"])
    _check_rows(rows)
    _check_bands(rows, ordered)
    for old in bands():
        old.remove()
    for row in reversed(ordered):
        Band.add(**row)
    return RulesSet(
        "、".join(f"{row['grade']} {shown(row['low'])}–{shown(row['high'])}" for row in reversed(ordered))
        + "。"
    )


def _check_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    names: set[str] = set()
    for number, row in enumerate(rows):
        if row["grade"] in names:
            raise RowRefused(f"等级“{row['grade']}”写了两次。请合成一行。", BANDS, number, "grade")
        names.add(row["grade"])
        if row["high"] <= row["low"]:
            told = f"等级“{row['grade']}”的止 {shown(row['high'])} 不大于起 {shown(row['low'])}"
            raise RowRefused(f"{told}。请核对。", BANDS, number, "high")


def _check_bands(rows: Sequence[Mapping[str, Any]], ordered: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a gap or an overlap between 0 and 100."""
    reached = LEAST
    for row in ordered:
        if row["low"] > reached:
            raise RuleBroken(
                f"{shown(reached)} 到 {shown(row['low'])} 分没有等级。等级要从 0 到 100 连起来。"
            )
        if row["low"] < reached:
            told = f"等级“{row['grade']}”从 {shown(row['low'])} 起，与前一级到 {shown(reached)} 止重叠"
            raise RowRefused(f"{told}。请改成正好相接。", BANDS, list(rows).index(row), "low")
        reached = row["high"]
    if reached < MOST:
        raise RuleBroken(f"{shown(reached)} 到 100 分没有等级。等级要从 0 到 100 连起来。")
    if reached > MOST:
        raise RuleBroken(f"最高一级到 {shown(reached)} 分，超过 100。请改为 100。")


def band_of(score: Decimal) -> Band:
    """Return the grade of a score of 0 to 100; the best one includes 100."""
    for band in bands():
        if score >= band.low:
            return band
    raise RuleBroken("没有设置等级。请先“设置等级”。")
