"""出账: make the lines that are missing for a month, and take a whole run back.

A run fills only gaps, is one transaction, and is undone as a batch while nothing of it is paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from peewee import fn

from models.base import Record, insert_rows, journal
from models.batches import AskedBatch, Batch, State, mark_undone, releasing, start, undone_by
from models.deeds import deed
from models.errors import RuleBroken
from models.fees import metering
from models.fees.bills import BILLING, Bill, BillKind
from models.fees.charges import read_prices
from models.fees.payments import Allocation
from models.fees.rights import BILL, UNDO
from models.fees.runs import Run, units_that_pay_nothing
from models.fees.settle import refuse_settled
from models.fees.trial import Trial
from models.fields import FlagField, LinkField, MonthField
from models.inputs import Asked
from models.months import Month
from models.office.profile import profile
from models.owners.payees import payers_by_id
from models.workdays import next_working

_COLUMNS = (
    "month", "unit", "item", "part", "kind", "amount", "paid", "live", "due", "run", "batch", "payer",
    "liable", "quantity", "price", "extra", "days", "month_days", "segments", "source",
)  # fmt: skip


NOBODY = (None, None)
"""Payer and liable owner of a unit that nobody owns."""

MOST_AHEAD = 12
"""Months for which may be charged ahead (forms.md B1.9)."""


def dry_run(month: Month, catch_up: bool = False) -> Trial:
    """Return what the run of a month would make; writes nothing.

    Months before it that were never billed are named whether or not they are caught up.
    """
    run = Run(month, catch_up)
    trial = run.trial()
    check_ahead(trial)
    trial.missing = list(run.missing())
    trial.skipped += [] if catch_up else run.late_days()
    trial.skipped += units_that_pay_nothing(month)
    return trial


def check_ahead(trial: Trial) -> None:
    """Refuse a run that asks for money too far ahead (forms.md B1.9).

    Raises:
        RuleBroken: says up to which month it would charge.
    """
    furthest = Month.of(date.today()).plus(MOST_AHEAD)
    last = max((Month.from_number(line.month) for line in trial.lines), default=trial.month)
    if max(last, trial.month) > furthest:
        ends = max(last, trial.month)
        raise RuleBroken(
            f"{trial.month} 出账会收到 {ends}，太远：预收最多 {MOST_AHEAD} 个月（到 {furthest}）。"
            "请核对月份，或等到可以出的月份再出。"
        )


@deed("fees.bill", "出账", BILL, question="出账后各户账单即生效；已出的不重复。")
def bill(
    month: Annotated[Month, Asked(MonthField(verbose_name="月份"))],
    catch_up: Annotated[bool, Asked(FlagField(default=False, verbose_name="补出以前月份"))] = False,
) -> Batch | None:
    """Make the missing lines of a month's run; None when there was nothing to make.

    Raises:
        RuleBroken: the month lies further ahead than money may be asked for.
    """
    trial = Run(month, catch_up).trial()
    check_ahead(trial)
    if not trial.lines:
        return None
    batch = start(BILLING, run_title(month), month=str(month), catch_up=catch_up, skipped=len(trial.skipped))
    made = insert_rows(Bill, _COLUMNS, _rows(trial, batch))
    metering.write(trial.metered, made[len(made) - len(trial.metered) :])
    journal().note(lines=len(made), amount=str(trial.amount), first=made.start, last=made.stop - 1)
    return batch.change(count=len(made), amount=trial.amount)


@undone_by(BILLING, "出账")
@deed("fees.undo_billing", "撤销出账", UNDO, danger=True, question="这一批账单将全部作废，可重新出账。")
def undo_billing(batch: AskedBatch) -> Batch:
    """Void every line of a run, while nothing of it is paid.

    Raises:
        RuleBroken: something is paid, the batch is no billing run, or it is undone already.
    """
    mark_undone(batch, undo_billing)
    mine = (Bill.batch == batch) & (Bill.live == True)
    refuse_settled(batch)
    voided = Bill.update(live=False).where(mine).execute()
    journal().touch(Bill)
    journal().note(voided=voided)
    return batch


@releasing
def let_void_lines_go(record: type[Record], first: int, last: int) -> None:
    """Delete void lines on which no money ever lay, where the roster that they name is taken back.

    Their run was undone before; a roster that was billed by mistake would else be bound for ever.
    """
    paid = Allocation.select(Allocation.bill)
    for link in Bill.fields().values():
        if isinstance(link, LinkField) and link.rel_model is record:
            named = link.between(first, last) & (Bill.live == False) & Bill.id.not_in(paid)
            removed = Bill.delete().where(named).execute()
            if removed:
                journal().touch(Bill)
                journal().note(void_lines=removed)


def run_title(month: Month) -> str:
    """Return what the batch of a month's run is called."""
    return f"{month} 出账"


def due_on(month: Month, due_day: int | None) -> date:
    """Return the day on which lines of a month's run fall due; a setting moves it off rest days."""
    settings = profile()
    day = month.day(due_day or settings.due_day)
    return next_working(day) if settings.due_on_workday else day


def runs_of(month: Month) -> Any:
    """Return the query of a month's runs that hold."""
    of_kind = (Batch.kind == BILLING) & (Batch.state == State.LIVE)
    return Batch.select(Batch.id).where(of_kind & (Batch.title == run_title(month)))


def due_day_of(month: Month) -> date:
    """Return the day that a month's notices speak of: the latest due day of its run.

    By the lines that the run made; before there is one, by the settings as they are now.
    """
    made = (Bill.live == True) & Bill.batch.in_(list(runs_of(month)))
    last = Bill.select(fn.MAX(Bill.due)).where(made).scalar()
    if last is not None:
        return date.fromisoformat(str(last))
    days = {prices.due_day for prices in read_prices().values() if prices.active}
    return max(due_on(month, day) for day in days or {None})


def _rows(trial: Trial, batch: Batch) -> Iterator[tuple[Any, ...]]:
    """Yield the stored values of each line; who pays is asked once a month."""
    run, kind, source = trial.month.number, BillKind.RECURRING.name, None
    first_metered = len(trial.lines) - len(trial.metered)
    asked, units = {line.month for line in trial.lines}, {line.unit for line in trial.lines}
    payers = {number: _payers(number, units) for number in asked}
    due = {item: due_on(trial.month, prices.due_day).isoformat() for item, prices in trial.items.items()}
    made_by = batch.id
    for at, line in enumerate(trial.lines):
        month, unit, item, amount, quantity, price, extra, days, month_days, segments = line
        if at >= first_metered:
            meter = trial.metered[at - first_metered].meter
            kind, source = BillKind.METERED.name, f"{metering.SOURCE}-{made_by}-{meter}"
        payer, liable = payers[month].get(unit, NOBODY)
        yield (
            month, unit, item, 0, kind, amount, 0, 1, due[item], run, made_by, payer, liable, quantity, price,
            extra, days, month_days, segments, source,
        )  # fmt: skip


def _payers(number: int, units: set[int]) -> dict[int, tuple[int, int | None]]:
    """Return who pays in a month: whoever holds the unit on its first day, else on its last."""
    month = Month.from_number(number)
    payers = payers_by_id(month.first)
    return payers if units <= payers.keys() else payers_by_id(month.last) | payers
