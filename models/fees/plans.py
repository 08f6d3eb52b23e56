"""收费计划: which units would be given an item, or have one ended, and why some are left out.

Everything is found out without writing, so that a dry run says just what the deed would do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from peewee import fn

from models.base import db
from models.errors import BadInput, RuleBroken
from models.fees.bills import Bill
from models.fees.items import Assignment, Basis, FeeItem, StartRule
from models.fees.runs import RECURRING
from models.fees.share_plans import SharePlan
from models.fields import BEGINNING, SinceField
from models.months import Month
from models.owners.dated import ONE_DAY, check_span
from models.owners.estate import Building, Unit, UnitArea, UnitKind, UnitState

Span = tuple[date, date | None]


@dataclass(frozen=True)
class Filter:
    """Which units are meant; all of them where nothing is said.

    Args:
        buildings: only units of these.
        kinds: only units of these kinds.
        usage: only units whose 用途 is just this.
        area_from: smallest 计费面积 in ㎡, on the day from which the change holds.
        area_to: largest one.
        unit: this one alone.
    """

    buildings: tuple[Building, ...] = ()
    kinds: tuple[UnitKind, ...] = ()
    usage: str | None = None
    area_from: Decimal | None = None
    area_to: Decimal | None = None
    unit: Unit | None = None

    def conditions(self, day: date) -> list[Any]:
        """Return what the filter asks of a unit, areas as of a day.

        Raises:
            BadInput: the area band is empty.
        """
        wanted: list[Any] = [Unit.id > 0]
        if self.buildings:
            wanted.append(Unit.building.in_([building.id for building in self.buildings]))
        if self.kinds:
            wanted.append(Unit.kind.in_(list(self.kinds)))
        if self.usage:
            wanted.append(Unit.usage == self.usage)
        if self.unit is not None:
            wanted.append(Unit.id == self.unit.id)
        if self.area_from is not None or self.area_to is not None:
            wanted.append(Unit.id.in_(self._within_band(day)))
        return wanted

    def _within_band(self, day: date) -> Any:
        low, high = self.area_from, self.area_to
        if low is not None and high is not None and low > high:
            raise BadInput(f"面积从 {low} 到 {high} 是空的。请把小的填在前面。", "area_from")
        found = UnitArea.select(UnitArea.unit).where(UnitArea.on(day))
        if low is not None:
            found = found.where(UnitArea.billing >= low)
        return found if high is None else found.where(UnitArea.billing <= high)

    def label(self) -> str:
        """Return it in words: 1栋、2栋 商铺 面积 50.00 至 90.00 ㎡; 全部房屋 where nothing is said."""
        told = ["、".join(building.name for building in self.buildings)]
        told.append("、".join(kind.value for kind in self.kinds))
        told.append(self.usage or "")
        if self.area_from is not None or self.area_to is not None:
            told.append(f"面积 {self.area_from or '…'} 至 {self.area_to or '…'} ㎡")
        told.append(self.unit.code if self.unit else "")
        return " ".join(part for part in told if part) or "全部房屋"


class Gift(NamedTuple):
    """A unit that would pay an item, from its first billed day to its last."""

    unit_id: int
    unit: str
    since: date
    until: date | None


class Ending(NamedTuple):
    """An assignment that would end; `was` is the last day it has now."""

    assignment: int
    unit_id: int
    unit: str
    since: date
    was: date | None
    until: date
    remark: str


class _Row(NamedTuple):
    """An assignment that holds beyond the day on which it is to end."""

    assignment: int
    unit_id: int
    unit: str
    since: date
    was: date | None
    state: str

    def ending(self, until: date, billed: dict[int, Month]) -> Ending:
        """Return how it would end."""
        month = billed.get(self.unit_id)
        remark = f"已出账到 {month}，止日以后的账单不变" if month else ""
        return Ending(self.assignment, self.unit_id, self.unit, self.since, self.was, until, remark)


class Skipped(NamedTuple):
    """A unit that is left out, and why."""

    unit: str
    reason: str


@dataclass
class Plan:
    """What would be given and ended, before it is."""

    title: str
    gifts: list[Gift] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    @property
    def units(self) -> int:
        """How many units something would change for."""
        given = {gift.unit_id for gift in self.gifts}
        return len(given | {ending.unit_id for ending in self.endings})

    def by_reason(self) -> list[tuple[str, int]]:
        """Return (reason, units left out for it), the most frequent first."""
        counts: dict[str, int] = {}
        for one in self.skipped:
            counts[one.reason] = counts.get(one.reason, 0) + 1
        return sorted(counts.items(), key=lambda pair: -pair[1])


def plan_giving(item: FeeItem, where: Filter, since: date | None = None, until: date | None = None) -> Plan:
    """Say which units would be given an item.

    Args:
        item: what they would pay.
        where: which units.
        since: the first billed day; without it each unit's handover date by the item's start rule.
        until: the last billed day, open without it.

    Raises:
        RuleBroken: the item is out of use, or the days are the wrong way round.
    """
    _check_item(item)
    if since is not None:
        check_span(since, until)
    plan = Plan(f"{item.name} 设置 {where.label()}")
    held = _held(item)
    for unit, code, state, handed_over in _units(where, _day(since)):
        start = since or start_of(item, handed_over)
        reason = _hindrance(state, start, until, held.get(unit, []))
        if reason is None and start is not None:
            plan.gifts.append(Gift(unit, code, start, until))
        else:
            plan.skipped.append(Skipped(code, reason or ""))
    return plan


def plan_ending(item: FeeItem, where: Filter, until: date) -> Plan:
    """Say which units would stop paying an item after a day; units without it are not named."""
    plan = Plan(f"{item.name} 结束 {where.label()}")
    billed = _billed_beyond(item, until)
    for row in _rows_of(item, where, until):
        reason = _not_endable(row, until)
        if reason is None:
            plan.endings.append(row.ending(until, billed))
        else:
            plan.skipped.append(Skipped(row.unit, reason))
    return plan


def plan_change(old: FeeItem, new: FeeItem, where: Filter, since: date) -> Plan:
    """Say which units would pay a new item instead of an old one from a day on, to the old one's last.

    Raises:
        RuleBroken: the two are one, or the new one is out of use.
    """
    if old == new:
        raise BadInput("原项目和新项目是同一个。请选另一个新项目；改价格请用“定价”。", "new")
    _check_item(new)
    plan = Plan(f"{old.name} 改为 {new.name} {where.label()}")
    until = since - ONE_DAY
    held, billed = _held(new), _billed_beyond(old, until)
    for row in _rows_of(old, where, until):
        reason = _not_endable(row, until) or _hindrance(row.state, since, row.was, held.get(row.unit_id, []))
        reason = reason or _billed_already(billed.get(row.unit_id), since)
        if reason is None:
            plan.endings.append(row.ending(until, billed))
            plan.gifts.append(Gift(row.unit_id, row.unit, since, row.was))
        else:
            plan.skipped.append(Skipped(row.unit, reason))
    return plan


def start_of(item: FeeItem, handed_over: date | None) -> date | None:
    """Return the first billed day that a handover date makes (forms.md B1.6); None without one."""
    if handed_over is None:
        return None
    return handed_over if item.start_rule is StartRule.SAME_DAY else Month.of(handed_over).plus(1).first


def _check_item(item: FeeItem) -> None:
    if item.basis is Basis.METER:
        raise RuleBroken(f"{item.name}按读数收费，不用设置到房屋。请在“表计”上填这个收费项目。")
    if not item.active:
        raise RuleBroken(f"{item.name} 已停用，不能再设置给房屋。请先恢复，或选别的项目。")
    shared = SharePlan.get_or_none((SharePlan.item == item) & (SharePlan.active == True))
    if shared is not None:
        raise RuleBroken(
            f"{item.name} 已由分摊方案“{shared.name}”分摊，再设给房屋会重复收取。请另建一个收费项目。"
        )


def _day(since: date | None) -> date:
    """Return the day on which areas are looked at."""
    return date.today() if since in (None, BEGINNING) else since


def _units(where: Filter, day: date) -> Iterator[tuple[int, str, str, date | None]]:
    """Yield (id, code, state, handover date) of the units meant, in the order of house numbers."""
    query = Unit.select(Unit.id, Unit.code, Unit.state, Unit.handed_over).where(*where.conditions(day))
    for unit, code, state, handed_over in db.execute(query.order_by(Unit.sort_key)):
        yield unit, code, state, _read(handed_over)


def _held(item: FeeItem) -> dict[int, list[Span]]:
    """Return when each unit pays an item, by the unit's id."""
    held: dict[int, list[Span]] = {}
    query = Assignment.select(Assignment.unit, Assignment.since, Assignment.until)
    for unit, since, until in db.execute(query.where(Assignment.item == item)):
        held.setdefault(unit, []).append((date.fromisoformat(since), _read(until)))
    return held


def _hindrance(state: str, start: date | None, until: date | None, held: list[Span]) -> str | None:
    """Return why a unit cannot be given an item from a day on, None when it can."""
    if state == UnitState.RETIRED.name:
        return "房屋已停用"
    if start is None:
        return "没有交付日期：请登记交付日期，或指定起日"
    if until is not None and until < start:
        return f"起算日 {start} 晚于止日"
    for since, last in held:
        if (until is None or since <= until) and (last is None or last >= start):
            return f"已有该项目（{SinceField().show(since)} 至 {last or '今'}）"
    return None


def _rows_of(item: FeeItem, where: Filter, until: date) -> Iterator[_Row]:
    """Yield the assignments of an item to the units meant that hold beyond a day."""
    query = (
        Assignment.select(
            Assignment.id, Assignment.unit, Unit.code, Assignment.since, Assignment.until, Unit.state
        )
        .join(Unit)
        .where(Assignment.item == item, *where.conditions(_day(until)))
        .where(Assignment.until.is_null() | (Assignment.until > until))
    )
    for number, unit, code, since, was, state in db.execute(query.order_by(Unit.sort_key, Assignment.since)):
        yield _Row(number, unit, code, date.fromisoformat(since), _read(was), state)


def _not_endable(row: _Row, until: date) -> str | None:
    return None if row.since <= until else f"{row.since} 起才收，请逐条处理"


def _billed_already(last: Month | None, since: date) -> str | None:
    """Return why an item cannot be changed for another: the same days would be charged twice (B1.10)."""
    if last is None or since > last.last:
        return None
    return f"已出账到 {last}：请从 {last.plus(1).first} 起更换，或先撤销出账"


def _billed_beyond(item: FeeItem, until: date) -> dict[int, Month]:
    """Return the last month billed for an item on each unit, where it reaches beyond a day."""
    first = Month.of(until + ONE_DAY)
    query = Bill.select(Bill.unit, fn.MAX(Bill.month)).where(
        RECURRING & (Bill.item == item) & (Bill.month >= first)
    )
    return {unit: Month.from_number(month) for unit, month in db.execute(query.group_by(Bill.unit))}


def _read(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)
