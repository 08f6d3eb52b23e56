"""分摊计算: who bears how much of a pool, exactly; whole numbers throughout (forms.md B2.2).

A house counts base × coefficient × the percentage for vacant or unsold ones. Every share is cut to the
fen; the fen left over go to the largest remainders, ties in the order of house numbers, so that the
shares always come to the pool.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import NamedTuple

from models.base import db
from models.errors import RuleBroken
from models.fees.share_plans import WHOLE, ShareBase, SharePlan
from models.money import divide_half_up, split_largest_remainder
from models.months import Month
from models.owners.estate import Unit, UnitArea, UnitState

ONE = 100
"""The quantity 1.00, as quantities and coefficients are stored."""

MILLION = 1_000_000
"""Weights of a single base and exact shares have six decimals."""

POINTS = 1_000_000
"""In a mix a house counts so many parts of a million, for its bases have no common unit."""

_FINE = 10_000
"""A fen in millionths of a 元."""

_UNSOLD = (UnitState.UNSOLD.name, UnitState.SOLD.name)


class Left(NamedTuple):
    """A house that bears nothing, and why."""

    code: str
    reason: str


class Reason(NamedTuple):
    """Why a house bears nothing; `lacking` where something must be entered before the cost is shared."""

    words: str
    lacking: bool = False


class Portion(NamedTuple):
    """What one house bears; numbers as `Share` stores them."""

    unit: int
    code: str
    quantity: int
    coefficient: int
    exact: int
    cut: int
    rest: int
    amount: int


class House(NamedTuple):
    """A house within reach of a plan; numbers as they are stored."""

    unit: int
    code: str
    kind: str
    state: str
    floor: int | None
    building: int | None
    entrance: int | None


class Counted(NamedTuple):
    """What a house counts: of each base so much, times its coefficient, times its percentage."""

    house: House
    quantities: Sequence[int]
    coefficient: int
    percent: int


@dataclass
class Weighing:
    """All houses of a plan for one month: who counts what, who is left out, of whom something is not known.

    Args:
        counted: in the order of house numbers.
        left: left out by the rules of the plan.
        lacking: left out because something was not entered.
    """

    counted: list[Counted]
    left: list[Left]
    lacking: list[Left]


class Divided(NamedTuple):
    """A pool divided: the portions, and what all of them count together, in millionths."""

    portions: list[Portion]
    base: int


class Rule:
    """A plan as the computation needs it."""

    def __init__(self, plan: SharePlan) -> None:
        self.from_floor: int | None = plan.from_floor
        self.parts = [(part.base, part.percent) for part in plan.parts] or [(plan.base, WHOLE)]
        self.percents = {UnitState.VACANT.name: plan.vacant} | dict.fromkeys(_UNSOLD, plan.unsold)
        self._weights = [
            (weight.kind.name if weight.kind else None, weight.floor, int(weight.coefficient * ONE))
            for weight in plan.weights
        ]
        self._kinds = {kind for kind, _, _ in self._weights}
        self.by_floor = any(floor is not None for _, floor, _ in self._weights) or self.from_floor is not None
        self._buildings = {scope.building_id for scope in plan.scopes if scope.entrance_id is None}
        self._entrances = {scope.entrance_id for scope in plan.scopes if scope.entrance_id is not None}

    def reaches(self, house: House) -> bool:
        """Whether a house lies in the scope and is of a kind that bears."""
        placed = not (self._buildings or self._entrances) or (
            house.building in self._buildings or house.entrance in self._entrances
        )
        return placed and (not self._kinds or None in self._kinds or house.kind in self._kinds)

    def coefficient(self, house: House) -> int | None:
        """Return what a house is weighted with, in hundredths; None where no row fits it."""
        if not self._weights:
            return ONE
        for kind in (house.kind, None):
            fitting = [
                (-999 if floor is None else floor, coefficient)
                for named, floor, coefficient in self._weights
                if named == kind and (floor is None or (house.floor is not None and house.floor >= floor))
            ]
            if fitting:
                return max(fitting)[1]
        return None

    def unlevelled(self, house: House) -> bool:
        """Whether the floor of a house decides, and is not entered."""
        return self.by_floor and house.floor is None


def weigh(plan: SharePlan, month: Month, usages: Mapping[int, int]) -> Weighing:
    """Return what each house of a plan counts in a month, areas as of its last day.

    Args:
        plan: the plan.
        month: the month.
        usages: what each house (id) used, in hundredths; asked for by the base 用量 alone.
    """
    rule = Rule(plan)
    known = {ShareBase.AREA: _areas(month), ShareBase.USAGE: usages}
    figures = [known.get(base) for base, _ in rule.parts]
    found = Weighing([], [], [])
    for house in houses():
        if not rule.reaches(house):
            continue
        told = _count(rule, house, figures)
        if isinstance(told, Counted):
            found.counted.append(told)
        else:
            (found.lacking if told.lacking else found.left).append(Left(house.code, told.words))
    return found


def _count(rule: Rule, house: House, figures: Sequence[Mapping[int, int] | None]) -> Counted | Reason:
    """Return what a house counts, or why it bears nothing; a base without figures counts 1 a house."""
    percent = rule.percents.get(house.state, WHOLE)
    if not percent:
        return Reason(f"{UnitState[house.state].value}不分摊")
    if rule.unlevelled(house):
        return Reason("没有楼层", lacking=True)
    if rule.from_floor is not None and house.floor is not None and house.floor < rule.from_floor:
        return Reason(f"{house.floor} 层，{rule.from_floor} 层起分摊")
    coefficient = rule.coefficient(house)
    if not coefficient:
        return Reason("系数为零" if coefficient == 0 else "不在系数表内")
    quantities = [ONE if known is None else known.get(house.unit, -1) for known in figures]
    if -1 in quantities:
        base, _ = rule.parts[quantities.index(-1)]
        return Reason(f"没有{base.value}", lacking=True)
    return Counted(house, quantities, coefficient, percent) if any(quantities) else Reason("用量为零")


def divide(plan: SharePlan, counted: Sequence[Counted], fen: int) -> Divided:
    """Divide a pool in fen among houses.

    Raises:
        RuleBroken: a part of a mix finds nobody who counts anything of it.
    """
    parts = Rule(plan).parts
    if len(parts) == 1:
        weights = [one.quantities[0] * one.coefficient * one.percent for one in counted]
        told: Callable[[Counted, int, int], tuple[int, int]] = _plainly
    else:
        weights, told = _mixed(parts, counted), _in_points
    base = sum(weights)
    portions = []
    for one, weight, amount in zip(counted, weights, split_largest_remainder(fen, weights), strict=True):
        cut, exact = fen * weight // base, fen * weight * _FINE // base
        figures = told(one, weight, base)
        portions.append(Portion(one.house.unit, one.house.code, *figures, exact, cut, amount - cut, amount))
    return Divided(portions, base if len(parts) == 1 else POINTS * MILLION)


def _plainly(one: Counted, weight: int, base: int) -> tuple[int, int]:
    """Return quantity and coefficient (four decimals), whose product is the weight."""
    return one.quantities[0], one.coefficient * one.percent


def _in_points(one: Counted, weight: int, base: int) -> tuple[int, int]:
    return divide_half_up(weight * POINTS * ONE, base), ONE * WHOLE


def _mixed(parts: Sequence[tuple[ShareBase, int]], counted: Sequence[Counted]) -> list[int]:
    """Return weights for a mix: of each base its percentage of the pool, over a common denominator.

    Where one of the bases is 系数 the coefficients count in it alone, else in every base.
    """
    apart = any(base is ShareBase.COEFFICIENT for base, _ in parts)
    columns = []
    for at, (base, _) in enumerate(parts):
        bare = apart and base is not ShareBase.COEFFICIENT
        columns.append(
            [one.quantities[at] * (ONE if bare else one.coefficient) * one.percent for one in counted]
        )
    totals = [sum(column) for column in columns]
    for (base, _), total in zip(parts, totals, strict=True):
        if not total:
            raise RuleBroken(f"各户{base.value}合计为零，占的那一份没有人分摊。请核对各户的{base.value}。")
    factors = [
        percent * prod(total for other, total in enumerate(totals) if other != at)
        for at, (_, percent) in enumerate(parts)
    ]
    return [
        sum(weight * factor for weight, factor in zip(row, factors, strict=True))
        for row in zip(*columns, strict=True)
    ]


def houses() -> list[House]:
    """Return all units in use, by house number."""
    query = Unit.select(
        Unit.id, Unit.code, Unit.kind, Unit.state, Unit.floor, Unit.building, Unit.entrance
    ).where(Unit.state != UnitState.RETIRED)
    return [House(*row) for row in db.execute(query.order_by(Unit.sort_key))]


def _areas(month: Month) -> dict[int, int]:
    """Return the 计费面积 of each unit on the last day of a month, in hundredths."""
    rows = UnitArea.select(UnitArea.unit, UnitArea.billing).where(UnitArea.on(month.last))
    return dict(db.execute(rows.order_by(UnitArea.since)))
