"""封账操作: seal a month once its days are closed, open the last one again, and what must hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from peewee import fn

from models.checks import invariant
from models.clock import now
from models.deeds import actor, deed
from models.desk import Reminder, reminds
from models.errors import RuleBroken
from models.fees.billing import runs_of
from models.fees.bills import Bill
from models.fees.closings import open_days
from models.fees.editions import AskedMonth, check_over, figures_of, issue, latest
from models.fees.rights import REOPEN, SEAL, VIEW
from models.fees.seals import HOLDS, Seal, seal_of, sealed_through
from models.fees.shifts import open_shifts
from models.fields import CountField, LineField, LinkField
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.months import Month
from models.office.chains import Step, approvable
from models.text import few

_SEAL_BY = 10
"""Day of the month by which the month before wants to be sealed."""
BEFORE = Month(1900, 1)
"""Before any month that was sealed."""


@deed(
    "fees.seal_month", "封账", SEAL, danger=True,
    question="封账后当月不能再登记收付、不能作废和撤销；以后补的账记入下月“以前期间调整”。",
)  # fmt: skip
def seal_month(month: AskedMonth) -> Seal:
    """Seal a month: its reports are kept as they are, and nothing of it changes any more.

    Raises:
        RuleBroken: it is not over, sealed already, out of turn, or a day or a drawer of it is not closed.
    """
    check_over(month)
    if seal_of(month) is not None:
        raise RuleBroken(f"{month} 已经封账，不必再做。")
    last = sealed_through()
    if last is not None and month != last.plus(1):
        raise RuleBroken(f"封账要按月份顺序：已封到 {last}，下一个是 {last.plus(1)}。")
    opened = Seal.select().where(~HOLDS & (Seal.month > (last or BEFORE))).order_by(Seal.month).first()
    if opened is not None and month > opened.month:
        raise RuleBroken(f"{opened.month} 重开过还没有再封。请从 {opened.month} 起按顺序封。")
    counting = [one for one in open_shifts() if one.day <= month.last]
    if counting:
        told = "、".join(f"{one.number}（{one.cashier}）" for one in counting)
        raise RuleBroken(f"班次 {told} 还没有结班。请先盘点结班，再封账。")
    days = open_days(month.last)
    if days:
        told = few([str(day) for day in days], "天")
        raise RuleBroken(f"{told} 有收付，还没有日结。请先日结，再封账。")
    edition = Seal.select().where(Seal.month == month).count() + 1
    made = Seal.add(
        number=f"FZ-{month.number}-{edition}", month=month, edition=edition,
        last_bill=Bill.select(fn.MAX(Bill.id)).scalar() or 0, sealed_at=now(), sealed_by=actor().name,
    )  # fmt: skip
    issue(month, made)
    return made


@deed(
    "fees.reopen_month",
    "重开封账",
    REOPEN,
    danger=True,
    question="重开后，没有日结的日子可以补录，批次可以撤销。改完要再封。",
)
def reopen_month(
    seal: Annotated[Seal, Asked(LinkField(Seal, verbose_name="封账号"))],
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="重开原因"))],
) -> Seal:
    """Open the last sealed month again; the seal and its reports stay beside the next ones.

    Raises:
        RuleBroken: it is open already, or a later month is sealed.
    """
    if seal.reopened_at is not None:
        raise RuleBroken(f"{seal.number} 已由 {seal.reopened_by} 重开，不必再做。")
    last = sealed_through()
    if last is not None and last != seal.month:
        raise RuleBroken(f"{last} 也已封账。请从最后一个月往前重开。")
    return seal.change(reopened_at=now(), reopened_by=actor().name, reason=reason)


approvable("fees.reopen_month", default=(Step("管理处主任", "主任"),), on=True)


@listing("seals", "封账", "fees", VIEW, "period")
def seals(filters: Filters) -> Listing:
    """Sealed months, newest first; those opened again stay."""
    query = Seal.select()
    query = filters.narrow(query, period=Seal.month)
    columns = (
        Shown("number", Seal.number),
        Shown("month", Seal.month),
        Shown("edition", Seal.edition),
        Shown("sealed_by", Seal.sealed_by),
        Shown("sealed_at", Seal.sealed_at),
        Shown("reopened_by", Seal.reopened_by),
        Shown("reopened_at", Seal.reopened_at),
        Shown("reason", Seal.reason),
        Shown("late", CountField(verbose_name="封后补账笔数"), _late_count()),
    )
    return Listing(query, columns, id=Seal.id, order=("-number",), record=Seal, search=(Seal.number,))


def _late_count() -> Any:
    """Return the subquery of lines that were charged for a sealed month after it was sealed."""
    mine = (Bill.month == Seal.month) & (Bill.id > Seal.last_bill) & (Bill.live == True)
    return Bill.select(fn.COUNT(Bill.id)).where(mine & HOLDS)


@reminds(SEAL)
def month_not_sealed(day: date) -> Iterator[Reminder]:
    """Remind, once months are sealed at all, that the month before is not."""
    last, month = sealed_through(), Month.of(day).plus(-1)
    if last is not None and last < month and runs_of(month).exists():
        tone = "warning" if day.day <= _SEAL_BY else "danger"
        yield Reminder(f"{last.plus(1)} 还没有封账", tone, "seals")


@invariant("封账数字")
def sealed_months_say_what_they_said() -> Iterator[str]:
    """The last sealed month, counted anew, is what its reports say."""
    last = sealed_through()
    if last is None:
        return
    for form in ("FE-07", "FE-08"):
        kept = latest(form, last)
        if kept is not None and kept.figures != figures_of(form, last)[0]:
            yield f"{last} 已封账，{kept.title}重新统计与存档 {kept.number} 不同"
