"""计收违约金: what lines bear up to a day becomes lines of its own, frozen from then on; or is waived.

A charge is a batch and is undone as one. It goes on where the last one ended, so that no day is charged
twice, and a line that was charged says for good which principal, days, balances and rates it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from models.base import db, insert_rows, journal
from models.batches import AskedBatch, Batch, mark_undone, start, undone_by
from models.clock import now
from models.deeds import actor, deed
from models.errors import RuleBroken
from models.fees.bills import Bill, BillKind
from models.fees.items import FeeItem
from models.fees.late import Late, LateSpan, count_again, late_of, refuse_later
from models.fees.late_facts import facts_of
from models.fees.late_terms import LateTerms, late_item
from models.fees.rights import LATE, UNDO, WAIVE_LATE
from models.fees.settle import voidable
from models.fees.within import within
from models.fields import DayField, LineField, LinkField, LinksField
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.months import Month
from models.office.chains import Step, approvable
from models.office.staff import Staff
from models.owners.estate import Building, Unit
from models.series import Series

KIND = "late"
"""The kind of batch that a charge is."""
NUMBERS = Series("WY", "违约金计收", digits=4)

_LINE = (
    "month", "unit", "item", "part", "kind", "source", "amount", "paid", "live", "due", "batch", "payer",
    "liable", "segments",
)  # fmt: skip
_SPAN = ("bill", "since", "until", "amount", "charge", "live", "made_at", "made_by")
_ONCE = 900  # ids in one IN list, below what any SQLite takes

AskedUntil = Annotated[date | None, Asked(DayField(null=True, verbose_name="计至"), "不填为今天")]
AskedBuildings = Annotated[list[Building] | None, Asked(LinksField(Building, null=True, verbose_name="楼栋"))]
AskedUnit = Annotated[Unit | None, Asked(LinkField(Unit, null=True, verbose_name="房号"), "不填为不限")]


@dataclass(frozen=True)
class LateTrial:
    """What a charge would make."""

    until: date
    found: Sequence[Late]

    @property
    def amount(self) -> Decimal:
        """Sum of all lines in 元."""
        return from_scaled(sum(one.fen for one in self.found), 2)

    def summary(self) -> str:
        """Return 将计收 12 户 31 笔欠费的违约金，共 85.18 元（计至 2026-11-23）。没有写入。."""
        if not self.found:
            return _nothing(self.until)
        units = len({one.line.unit for one in self.found})
        count = f"{units:,} 户 {len(self.found):,} 笔欠费"
        return f"将计收 {count}的违约金，共 {thousands(self.amount)} 元（计至 {self.until}）。没有写入。"


@deed("fees.try_charge_late", "试算违约金", LATE)
def try_charge_late(
    until: AskedUntil = None, building: AskedBuildings = None, unit: AskedUnit = None
) -> LateTrial:
    """Say what a charge would make; writes nothing."""
    until = _checked(until)
    return LateTrial(until, list(late_of(until, *_where(building, unit), charging=True)))


@deed("fees.charge_late", "计收违约金", LATE, question="计收后违约金即成为账单，所计天数不再变动，也不重复。")
def charge_late(until: AskedUntil = None, building: AskedBuildings = None, unit: AskedUnit = None) -> Batch:
    """Make a line of 违约金 for each line that bears some up to a day, from where its last one ended.

    Raises:
        RuleBroken: the day lies ahead, or nothing is to be charged.
    """
    until = _checked(until)
    found = list(late_of(until, *_where(building, unit), charging=True))
    if not found:
        raise RuleBroken(_nothing(until))
    number = NUMBERS.next(until)
    batch = start(KIND, f"{number} 违约金 计至 {until}", number=number, until=until.isoformat())
    lines = insert_rows(Bill, _LINE, _lines(found, number, until, batch))
    stamp, name = now().isoformat(" ", "seconds"), actor().name
    spans = (
        (one.line.id, one.first.isoformat(), one.last.isoformat(), one.fen, line, 1, stamp, name)
        for one, line in zip(found, lines, strict=True)
    )
    insert_rows(LateSpan, _SPAN, spans)
    total = from_scaled(sum(one.fen for one in found), 2)
    journal().note(lines=len(found), amount=str(total), first=lines.start, last=lines.stop - 1)
    return batch.change(count=len(found), amount=total)


@undone_by(KIND, "违约金")
@deed("fees.undo_late", "撤销计收违约金", UNDO, danger=True, question="这一批违约金将全部作废，可重新计收。")
def undo_late(batch: AskedBatch) -> Batch:
    """Void every line of a charge while nothing of it is paid, and no later one goes on from it.

    Raises:
        RuleBroken: something is paid, or days after it were charged or waived since.
    """
    mark_undone(batch, undo_late)
    mine = voidable(batch)
    count_again(LateSpan.charge.in_(Bill.select(Bill.id).where(mine)))
    voided = Bill.update(live=False).where(mine).execute()
    journal().touch(Bill, LateSpan)
    journal().note(voided=voided)
    return batch


@deed(
    "fees.waive_late",
    "减免违约金",
    WAIVE_LATE,
    danger=True,
    question="计至日以前还没有计收的违约金不再计收；以后的天数照常计算。",
)
def waive_late(
    bills: Annotated[list[Bill], Asked(LinksField(Bill, verbose_name="账单"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="减免原因"))],
    approver: Annotated[Staff, Asked(LinkField(Staff, verbose_name="批准人"))],
    until: AskedUntil = None,
) -> list[LateSpan]:
    """Waive what lines bear up to a day and was not charged yet.

    Raises:
        RuleBroken: a line bears nothing, the day lies ahead, or somebody approves what he does himself.
    """
    until = _checked(until)
    if approver.id == getattr(actor(), "staff_id", None):
        raise RuleBroken("减免不能由经办人自己批准。请填写另一位批准人。")
    wanted = {line.id: line for line in bills}
    found = {one.line.id: one for one in late_of(until, Bill.id.in_(list(wanted)), charging=True)}
    bare = [line.label() for id, line in wanted.items() if id not in found]
    if bare:
        raise RuleBroken(f"{'、'.join(bare)} 计至 {until} 没有未计收的违约金，不用减免。请去掉后再办。")
    return [
        LateSpan.add(
            bill=wanted[id], since=one.first, until=one.last, amount=from_scaled(one.fen, 2), reason=reason,
            approver=approver, made_at=now(), made_by=actor().name,
        )
        for id, one in found.items()
    ]  # fmt: skip


approvable("fees.waive_late", default=(Step("管理处主任", "主任"),))


@deed("fees.undo_waiver", "撤销减免", WAIVE_LATE, danger=True, question="这些天数的违约金将重新计算。")
def undo_waiver(
    span: Annotated[LateSpan, Asked(LinkField(LateSpan, verbose_name="违约金记录"))],
) -> LateSpan:
    """Take a waiver back, so that its days count again.

    Raises:
        RuleBroken: it was charged rather than waived, is taken back, or later days were dealt with since.
    """
    if span.charge is not None:
        raise RuleBroken(f"{span.label()} 是已计收的违约金，不是减免。要撤销请在批次里撤销那一批。")
    if not span.live:
        raise RuleBroken(f"{span.label()} 的减免已经撤销过，不必再做。")
    refuse_later(LateSpan.id == span.id)
    return span.change(live=False)


def _checked(until: date | None) -> date:
    """Return up to which day, today where none is given.

    Raises:
        RuleBroken: it lies ahead.
    """
    until = until or date.today()
    if until > date.today():
        raise RuleBroken(f"{until} 还没有到，违约金只能计到今天。请改日期。")
    return until


def _nothing(until: date) -> str:
    if not LateTerms.select().exists():
        return "还没有违约金约定，不能计收。合同有约定的，请先在“违约金约定”里登记条款和日率。"
    return f"计至 {until} 没有未计收的违约金，没有写入。"


def _where(building: Sequence[Building] | None, unit: Unit | None) -> list[Any]:
    """Return what lines must meet to be within the reach of the person acting and of the filter."""
    conditions = within(Bill.unit, unit=unit, right=LATE)
    if building:
        conditions.append(Bill.unit.in_(Unit.select(Unit.id).where(Unit.building.in_(list(building)))))
    return conditions


def _lines(found: Sequence[Late], number: str, until: date, batch: Batch) -> Iterator[tuple[Any, ...]]:
    """Yield the stored values of each line."""
    item, month, kind, day = late_item().id, Month.of(until).number, BillKind.LATE.name, until.isoformat()
    names = dict(db.execute(FeeItem.select(FeeItem.id, FeeItem.name)))
    terms = {row.id: row for row in LateTerms.select()}
    liable = _liable([one.line.id for one in found])
    for one in found:
        line = one.line
        yield (
            month, line.unit, item, 0, kind, f"{number}/{line.id}", one.fen, 0, 1, day, batch.id, line.payer,
            liable[line.id], json.dumps(facts_of(one, names[line.item], terms), ensure_ascii=False),
        )  # fmt: skip


def _liable(lines: Sequence[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for first in range(0, len(lines), _ONCE):
        some = lines[first : first + _ONCE]
        found |= dict(db.execute(Bill.select(Bill.id, Bill.liable).where(Bill.id.in_(some))))
    return found
