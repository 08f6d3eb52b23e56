"""得分: what evaluations come to: open ones by the slips and marks of now, others as they were signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.base import db
from models.money import from_scaled, split_largest_remainder, to_scaled
from models.suppliers.contracts import SupplyContract
from models.suppliers.grades import Band, band_of
from models.suppliers.register import Supplier
from models.suppliers.scoring.criteria import Measure
from models.suppliers.scoring.evaluations import (
    Evaluation,
    EvaluationLine,
    EvaluationMark,
    EvaluationState,
)
from models.suppliers.scoring.facts import Facts, facts_of

_CENT = Decimal("0.01")
NOT_SCORED = "不评分"


@dataclass(frozen=True)
class Scored:
    """One criterion as it stands: its figures in words, marks of 0 to 100, points; None where nothing is."""

    name: str
    measure: Measure
    weight: int
    figure: str
    value: Decimal | None
    points: Decimal | None


@dataclass(frozen=True)
class Score:
    """What an evaluation comes to now.

    Args:
        lines: its criteria in their order.
        total: the points together; None where it is not scored or a mark is missing.
        scored: whether there were deliveries to score.
        missing: names of judged criteria that nobody marked.
        lots: how many lots came.
    """

    lines: tuple[Scored, ...]
    total: Decimal | None
    scored: bool
    missing: tuple[str, ...]
    lots: int

    @property
    def band(self) -> Band | None:
        """The grade of the total."""
        return None if self.total is None else band_of(self.total)


def scores_of(evaluations: Sequence[Evaluation]) -> dict[int, Score]:
    """Return what evaluations come to, by their ids: signed ones as signed, open ones by the slips of now."""
    lines: dict[int, list[EvaluationLine]] = {}
    ids = [one.id for one in evaluations]
    for line in EvaluationLine.select().where(_within(EvaluationLine.evaluation, ids)).order_by("position"):
        lines.setdefault(line.evaluation_id, []).append(line)
    marks = _means(ids)
    facts: dict[tuple[date, date], dict[int, Facts]] = {}
    worked: dict[tuple[date, date], set[int]] = {}
    spans: dict[tuple[date, date], list[int]] = {}
    for one in evaluations:
        if one.state is EvaluationState.OPEN:
            spans.setdefault((one.first, one.last), []).append(one.supplier_id)
    for span, numbers in spans.items():
        facts[span], worked[span] = facts_of(Supplier.those(numbers), *span), _at_work(*span)
    found = {}
    for one in evaluations:
        mine = lines.get(one.id, [])
        if one.state is EvaluationState.SIGNED:
            found[one.id] = _signed(one, mine)
        else:
            span = (one.first, one.last)
            known = facts[span][one.supplier_id]
            scored = known.delivered or one.supplier_id in worked[span]
            found[one.id] = _now(mine, known, marks, scored)
    return found


def _within(field: Any, ids: Sequence[int]) -> Any:
    """Return the condition that a field is one of these, or of all from the least to the greatest."""
    return field.in_(ids) if len(ids) <= 500 else field.between(min(ids), max(ids))


def _means(ids: Sequence[int]) -> dict[int, tuple[Decimal, int]]:
    """Return by the id of a line the mean of its marks and how many there are."""
    query = EvaluationMark.select(EvaluationMark, EvaluationLine).join(EvaluationLine)
    found: dict[int, list[Decimal]] = {}
    for one in query.where(_within(EvaluationLine.evaluation, ids)):
        found.setdefault(one.line_id, []).append(one.mark)
    return {
        line: ((sum(marks, Decimal(0)) / len(marks)).quantize(_CENT), len(marks))
        for line, marks in found.items()
    }


def _at_work(first: date, last: date) -> set[int]:
    """Return the ids of those who worked on the estate by a contract of a monthly fee in a period."""
    ended = SupplyContract.ended_on.is_null() | (SupplyContract.ended_on >= first)
    mine = (SupplyContract.since <= last) & (SupplyContract.until >= first) & ended
    query = SupplyContract.select(SupplyContract.supplier).where(mine & SupplyContract.monthly.is_null(False))
    return {supplier for (supplier,) in db.execute(query)}


def _now(
    lines: Sequence[EvaluationLine], facts: Facts, marks: Mapping[int, tuple[Decimal, int]], scored: bool
) -> Score:
    if not scored:
        empty = tuple(Scored(one.name, one.measure, one.weight, NOT_SCORED, None, None) for one in lines)
        return Score(empty, None, False, (), 0)
    told, missing, free = [], [], 0
    for line in lines:
        if line.measure is Measure.JUDGED:
            value, count = marks.get(line.id, (None, 0))
            figure = f"{count} 位评委平均" if count else "还没有打分"
            missing += [] if count else [line.name]
        else:
            value, figure = facts.value(line.measure), facts.told(line.measure)
            free += line.weight if value is None else 0
        told.append((line, value, figure))
    # What cannot be measured, as a price that nothing compares with, weighs nothing; the others share it.
    given = _points([(value, line.weight) for line, value, _ in told], 100 - free)
    points = tuple(
        Scored(line.name, line.measure, line.weight, figure, value, mine)
        for (line, value, figure), mine in zip(told, given, strict=True)
    )
    known = [one.points for one in points if one.points is not None]
    if not known and not missing:  # nothing of it can be measured, which is not nothing
        return Score(points, None, False, (), facts.lots)
    total = None if missing else sum(known, Decimal(0))
    return Score(points, total, True, tuple(missing), facts.lots)


def _points(parts: Sequence[tuple[Decimal | None, int]], whole: int) -> list[Decimal | None]:
    """Return the points of values of 0 to 100 by their weights; together they are the total rounded once."""
    known = [value * weight for value, weight in parts if value is not None]
    if not whole or not known:
        return [None] * len(parts)
    total = (sum(known, Decimal(0)) / whole).quantize(_CENT)
    weights = [to_scaled(one, 2) for one in known] if any(known) else [1] * len(known)
    shares = split_largest_remainder(to_scaled(total, 2), weights)
    rest = iter(from_scaled(share, 2) for share in shares)
    return [None if value is None else next(rest) for value, _ in parts]


def _signed(evaluation: Evaluation, lines: Iterable[EvaluationLine]) -> Score:
    told = tuple(
        Scored(one.name, one.measure, one.weight, one.figure or "", one.value, one.points) for one in lines
    )
    return Score(told, evaluation.score, evaluation.score is not None, (), evaluation.lots or 0)
