"""收费设置: items are given, changed and ended, for one unit or for all of a filter, dated.

A run over many units is one batch that can be undone while no bills were made on what it gave. A
start date given is itself the first billed day; the start rule only turns a handover date into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Annotated, Any

from models import batches
from models.base import db, insert_rows, journal
from models.batches import AskedBatch, Batch, mark_undone, undone_by
from models.deeds import deed
from models.errors import RuleBroken
from models.fees.bills import Bill
from models.fees.items import Assignment, FeeItem
from models.fees.plans import Ending, Filter, Gift, Plan, plan_change, plan_ending, plan_giving
from models.fees.rights import ASSIGN
from models.fees.runs import RECURRING
from models.fields import AreaField, ChoiceField, DayField, LineField, LinkField, LinksField, SinceField
from models.inputs import Asked, Input
from models.months import Month
from models.owners.dated import AskedEnd, AskedUntil, check_span, close
from models.owners.estate import Building, Unit, UnitKind

GIVEN, ENDED, CHANGED = "assign", "assign_end", "assign_change"
"""Kinds of batch."""

_ANY, _OPEN, _BY_HANDOVER = "不填为不限", "不填为长期", "不填按交付日期和起算规则"
_ONCE = 900  # ids in one IN list, below what any SQLite takes


def _input(name: str, field: Any, without: str = "", *, required: bool = False) -> Input:
    field.name = name
    return Input(name, field, required, without=without)


def _asks(*own: Input) -> list[Input]:
    """Return a deed's own inputs and those of the filter."""
    return [
        *own,
        _input("building", LinksField(Building, null=True, verbose_name="楼栋")),
        _input("kind", ChoiceField(UnitKind, null=True, verbose_name="房屋类别")),
        _input("usage", LineField(max_length=20, null=True, verbose_name="用途"), _ANY),
        _input("area_from", AreaField(null=True, verbose_name="面积从"), _ANY),
        _input("area_to", AreaField(null=True, verbose_name="面积到"), _ANY),
        _input("unit", LinkField(Unit, null=True, verbose_name="房号"), _ANY),
    ]


def _giving() -> list[Input]:
    return _asks(
        _input("item", LinkField(FeeItem, verbose_name="收费项目"), required=True),
        _input("since", SinceField(null=True, verbose_name="起"), _BY_HANDOVER),
        _input("until", DayField(null=True, verbose_name="止"), _OPEN),
    )


def _ending() -> list[Input]:
    return _asks(
        _input("item", LinkField(FeeItem, verbose_name="收费项目"), required=True),
        _input("until", DayField(verbose_name="止"), required=True),
    )


def _changing() -> list[Input]:
    return _asks(
        _input("old", LinkField(FeeItem, verbose_name="原项目"), required=True),
        _input("new", LinkField(FeeItem, verbose_name="新项目"), required=True),
        _input("since", DayField(verbose_name="新项目起"), required=True),
    )


def filter_of(
    building: Sequence[Building] | None = None,
    kind: UnitKind | None = None,
    usage: str | None = None,
    area_from: Decimal | None = None,
    area_to: Decimal | None = None,
    unit: Unit | None = None,
) -> Filter:
    """Return the filter that the inputs of these deeds make."""
    return Filter(tuple(building or ()), (kind,) if kind else (), usage, area_from, area_to, unit)


# -- what would be done: deeds that write nothing, for the command line --------------------------


@deed("fees.try_assign", "试设收费", ASSIGN, inputs=_giving)
def try_assign(item: FeeItem, since: date | None = None, until: date | None = None, **where: Any) -> Plan:
    """Say which units would be given an item, and why others are left out."""
    return plan_giving(item, filter_of(**where), since, until)


@deed("fees.try_end_assignments", "试结束收费", ASSIGN, inputs=_ending)
def try_end_assignments(item: FeeItem, until: date, **where: Any) -> Plan:
    """Say which units would stop paying an item."""
    return plan_ending(item, filter_of(**where), until)


@deed("fees.try_change_assignments", "试更换收费项目", ASSIGN, inputs=_changing)
def try_change_assignments(old: FeeItem, new: FeeItem, since: date, **where: Any) -> Plan:
    """Say which units would pay a new item instead of an old one."""
    return plan_change(old, new, filter_of(**where), since)


# -- many units at once --------------------------------------------------------------------------


@deed("fees.assign", "批量设置收费", ASSIGN, inputs=_giving)
def assign(item: FeeItem, since: date | None = None, until: date | None = None, **where: Any) -> Batch:
    """Let all units of a filter pay an item; those that have it already, or have no start, are left out.

    Raises:
        RuleBroken: there is no unit to give it to; the sentence says why.
    """
    return _carry_out(GIVEN, item, plan_giving(item, filter_of(**where), since, until))


@deed(
    "fees.end_assignments",
    "批量结束收费",
    ASSIGN,
    inputs=_ending,
    question="止日以后不再出账，已出的账单不变。",
)
def end_assignments(item: FeeItem, until: date, **where: Any) -> Batch:
    """Let all units of a filter pay an item up to a day; what is billed beyond it stays billed.

    Raises:
        RuleBroken: no unit of the filter pays it beyond that day.
    """
    return _carry_out(ENDED, item, plan_ending(item, filter_of(**where), until))


@deed(
    "fees.change_assignments", "批量更换收费项目", ASSIGN, inputs=_changing,
    question="原项目到前一日为止，新项目从这一日起；已出的账单不变。",
)  # fmt: skip
def change_assignments(old: FeeItem, new: FeeItem, since: date, **where: Any) -> Batch:
    """Let all units of a filter that pay an old item pay a new one from a day on.

    Raises:
        RuleBroken: no unit of the filter can be changed.
    """
    return _carry_out(CHANGED, new, plan_change(old, new, filter_of(**where), since))


@undone_by(GIVEN, "设置收费")
@undone_by(ENDED, "结束收费")
@undone_by(CHANGED, "更换收费")
@deed("fees.undo_assignment", "撤销收费设置", ASSIGN, danger=True, question="恢复这一批以前的收费设置。")
def undo_assignment(batch: AskedBatch) -> Batch:
    """Take back what a batch gave and let go on what it ended.

    Raises:
        RuleBroken: bills were made on what it gave, or a unit's setting was changed since.
    """
    mark_undone(batch, undo_assignment)
    facts = batch.facts or {}
    removed = _take_back(batch, facts.get("given", []))
    ended = [(number, was) for number, was in facts.get("ended", [])]
    restored = _let_go_on(ended, facts.get("ended_on"))
    journal().touch(Assignment)
    journal().note(removed=removed, restored=restored)
    return batch


# -- one unit --------------------------------------------------------------------------------------


@deed("fees.give_item", "设置收费", ASSIGN)
def give_item(
    unit: Annotated[Unit, Asked(LinkField(Unit, verbose_name="房号"))],
    item: Annotated[FeeItem, Asked(LinkField(FeeItem, verbose_name="收费项目"))],
    since: Annotated[date | None, Asked(SinceField(null=True, verbose_name="起"), _BY_HANDOVER)] = None,
    until: AskedUntil = None,
) -> Assignment:
    """Let a unit pay an item, from its handover date by the start rule where no day is given.

    Raises:
        RuleBroken: it pays it already on some of these days, has no handover date, or is out of use.
    """
    plan = plan_giving(item, Filter(unit=unit), since, until)
    if plan.skipped:
        raise RuleBroken(f"{unit.code} 不能设置{item.name}：{plan.skipped[0].reason}。")
    return Assignment.add(unit=unit, item=item, since=plan.gifts[0].since, until=until)


@deed("fees.end_item", "结束收费", ASSIGN, question="止日以后不再出账，已出的账单不变。")
def end_item(
    assignment: Annotated[Assignment, Asked(LinkField(Assignment, verbose_name="收费设置"))],
    until: AskedEnd = None,
) -> Assignment:
    """Let a unit pay an item up to a day, today where none is given.

    Raises:
        RuleBroken: it begins later, or ended before.
    """
    last = until or date.today()
    check_span(assignment.since, last)
    return close(assignment, last)


# -- writing -------------------------------------------------------------------------------------


def _carry_out(kind: str, item: FeeItem, plan: Plan) -> Batch:
    if not plan.units:
        raise RuleBroken(_nothing(plan))
    batch = batches.start(
        kind, plan.title[:120], item=item.code, skipped=dict(plan.by_reason()), **_kept(plan)
    )
    _end(plan.endings)
    _give(batch, item, plan.gifts)
    journal().note(given=len(plan.gifts), ended=len(plan.endings))
    return batch.change(count=plan.units)


def _nothing(plan: Plan) -> str:
    if not plan.skipped:
        return f"没有符合条件的房屋：{plan.title}。请核对筛选条件。"
    told = "；".join(f"{reason} {count} 套" for reason, count in plan.by_reason()[:3])
    return f"没有一套房屋可以处理：{told}。请按原因处理后再试。"


def _kept(plan: Plan) -> dict[str, Any]:
    """Return what undoing needs: the last days that were given, and those that were before."""
    kept: dict[str, Any] = {}
    if plan.gifts:
        kept["given"] = [_iso(gift.until) for gift in plan.gifts]
    if plan.endings:
        kept["ended"] = [[one.assignment, _iso(one.was)] for one in plan.endings]
        kept["ended_on"] = plan.endings[0].until.isoformat()
    return kept


def _give(batch: Batch, item: FeeItem, gifts: Sequence[Gift]) -> None:
    if gifts:
        rows = ((one.unit_id, item.id, one.since.isoformat(), _iso(one.until), batch.id) for one in gifts)
        made = insert_rows(Assignment, ("unit", "item", "since", "until", "batch"), rows)
        batch.cover(Assignment, made.start, made.stop - 1)


def _end(endings: Sequence[Ending]) -> None:
    if endings:
        _set_until([one.assignment for one in endings], endings[0].until)
        journal().touch(Assignment)


def _set_until(numbers: Sequence[int], until: date | None) -> None:
    for some in _chunks(numbers):
        change = {Assignment.until: until, Assignment.row_version: Assignment.row_version + 1}
        Assignment.update(change).where(Assignment.id.in_(some)).execute()


# -- undoing -------------------------------------------------------------------------------------


def _take_back(batch: Batch, given: Sequence[str | None]) -> int:
    """Delete what a batch gave, while it stands as given and nothing was billed on it."""
    query = Assignment.select(Assignment.unit, Assignment.item, Assignment.since, Assignment.until)
    rows = list(db.execute(query.where(Assignment.batch == batch).order_by(Assignment.id)))
    if [row[3] for row in rows] != list(given):
        raise RuleBroken(f"批次 {batch.label()} 设置的收费后来有人改过，不能整批撤销。请逐条处理。")
    billed = _billed_since(batch, rows)
    if billed:
        raise RuleBroken(
            f"批次 {batch.label()} 设置的收费已有 {billed} 套出过账，不能整批撤销。"
            "请先撤销出账，或改为结束收费。"
        )
    return int(Assignment.delete().where(Assignment.batch == batch).execute())


def _billed_since(batch: Batch, rows: Sequence[tuple[int, int, str, str | None]]) -> int:
    """Return how many of these settings bear live lines that were made after the batch."""
    if not rows:
        return 0
    months: dict[int, list[Month]] = {}
    later = RECURRING & (Bill.item == rows[0][1]) & (Bill.batch > batch.id)
    for unit, month in db.execute(Bill.select(Bill.unit, Bill.month).where(later)):
        months.setdefault(unit, []).append(Month.from_number(month))
    return sum(
        any(_within(month, since, until) for month in months.get(unit, ())) for unit, _, since, until in rows
    )


def _within(month: Month, since: str, until: str | None) -> bool:
    return month.last.isoformat() >= since and (until is None or month.first.isoformat() <= until)


def _let_go_on(ended: Sequence[tuple[int, str | None]], ended_on: str | None) -> int:
    """Give back the last days that settings had before a batch ended them."""
    if not ended or ended_on is None:
        return 0
    numbers = [number for number, _ in ended]
    _check_still_ended(numbers, ended_on)
    _check_room(dict(ended), ended_on)
    by_day = sorted(ended, key=lambda pair: pair[1] or "")
    for was, group in groupby(by_day, key=lambda pair: pair[1]):
        _set_until([number for number, _ in group], date.fromisoformat(was) if was else None)
    return len(ended)


def _check_still_ended(numbers: Sequence[int], ended_on: str) -> None:
    same = 0
    for some in _chunks(numbers):
        mine = Assignment.id.in_(some) & (Assignment.until == date.fromisoformat(ended_on))
        same += Assignment.select().where(mine).count()
    if same != len(numbers):
        raise RuleBroken("这一批结束的收费后来有人改过，不能整批撤销。请逐条处理。")


def _check_room(was: dict[int, str | None], ended_on: str) -> None:
    """Refuse to let settings go on where the same item was given to the unit again since."""
    other = Assignment.alias()
    same = (other.unit == Assignment.unit) & (other.item == Assignment.item)
    for some in _chunks(list(was)):
        query = Assignment.select(Assignment.id, Unit.code, other.since).join(Unit).switch(Assignment)
        query = query.join(other, on=same & (other.since > date.fromisoformat(ended_on)))
        for number, code, since in db.execute(query.where(Assignment.id.in_(some))):
            if was[number] is None or since <= str(was[number]):
                raise RuleBroken(
                    f"{code} 从 {since} 起又设置了同一项目，不能整批撤销。请先结束或撤销后来的设置。"
                )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _chunks(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[start : start + _ONCE] for start in range(0, len(numbers), _ONCE))
