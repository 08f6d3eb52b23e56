"""出账: make the lines that are missing for a month, and take a whole run back.

A run fills only gaps, is one transaction, and is undone as a batch while nothing of it is paid.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from peewee import fn

from models.base import Record, insert_rows, journal
from models.batches import AskedBatch, Batch, State, mark_undone, releasing, start, undone_by
from models.deeds import deed
from models.errors import RuleBroken
from models.fees import metering
from models.fees.bills import BILLING, Bill, BillKind
from models.fees.charges import read_prices
from models.fees.gaps import Key
from models.fees.handing import Holding, divided, hands_of
from models.fees.late import let_spans_go
from models.fees.payments import Allocation, closing_of
from models.fees.prepay_plans import paid_ahead, plans_hold
from models.fees.rights import BILL, UNDO
from models.fees.runs import Run, units_that_pay_nothing
from models.fees.seals import last_known
from models.fees.setting_off import spread_all, take_back, write
from models.fees.settle import voidable
from models.fees.shares import shared_in
from models.fees.trial import Line, Trial, segments_of, told_of
from models.fields import FlagField, LinkField, MonthField
from models.inputs import Asked
from models.money import thousands
from models.months import Month
from models.office.chains import Step, Values, approvable
from models.office.profile import profile
from models.owners.payees import payers_by_id
from models.workdays import next_working

_COLUMNS = (
    "month", "unit", "item", "part", "kind", "source", "amount", "paid", "live", "due", "run", "batch",
    "payer", "liable", "quantity", "price", "extra", "days", "month_days", "segments", "corrects",
)  # fmt: skip

Row = tuple[Any, ...]
"""The stored values of a line, in the order of these columns."""

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
    ends = Month.from_number(max({line.month for line in trial.lines}, default=0) or trial.month.number)
    ends = max(ends, trial.month)
    if ends > furthest:
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
    facts = {**(batch.facts or {}), **_set_off(batch)}
    return batch.change(count=len(made), amount=trial.amount, facts=facts)


def _set_off(batch: Batch) -> dict[str, Any]:
    """Set balances off against open lines; return what was done.

    All of them where the office wants it; else what was paid ahead by agreement, against the months and items
    for which it was paid.
    """
    agreed = () if profile().auto_set_off else (paid_ahead(),)
    if agreed and not plans_hold():
        return {}
    today = date.today()
    if closing_of(today):
        return {"set_off_left": f"{today} 已日结，没有自动抵扣预存。请明天在预存余额里批量抵扣。"}
    spreads = spread_all(today, lines=agreed)
    if not spreads:
        return {}
    done = write(spreads, today, batch)
    return {"set_offs": done.count, "set_off": str(done.amount)}


def set_off_told(batch: Batch) -> str:
    """Return what a run set off by itself, or why it did not; nothing where the office does not want it."""
    facts = batch.facts or {}
    if facts.get("set_offs"):
        return f"自动抵扣预存 {facts['set_offs']:,} 户 {thousands(Decimal(facts['set_off']))} 元。"
    return str(facts.get("set_off_left", ""))


def _applied_for(values: Values) -> Decimal:
    """Return what the run would make, for those who approve it.

    Raises:
        RuleBroken: nothing is missing, or the month lies too far ahead.
    """
    trial = Run(values["month"], values.get("catch_up", False)).trial()
    check_ahead(trial)
    if not trial.lines:
        raise RuleBroken(f"{values['month']} 没有要出的账单，不必申请。")
    return trial.amount


approvable("fees.bill", default=(Step("管理处主任", "主任"),), amount=_applied_for, rehearsed=False)


@undone_by(BILLING, "出账")
@deed("fees.undo_billing", "撤销出账", UNDO, danger=True, question="这一批账单将全部作废，可重新出账。")
def undo_billing(batch: AskedBatch) -> Batch:
    """Void every line of a run, while nothing of it is paid but what the run set off itself.

    Raises:
        RuleBroken: something is paid, the batch is no billing run, or it is undone already.
    """
    mark_undone(batch, undo_billing)
    take_back(batch, "撤销出账")
    voided = Bill.update(live=False).where(voidable(batch)).execute()
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
            named &= Bill.id > last_known()
            let_spans_go(named)
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
    """Return the day that a month's notices speak of: the latest due day of its run and of shares with it.

    By the lines that were made; before there is one, by the settings as they are now.
    """
    made = (Bill.live == True) & Bill.batch.in_([*runs_of(month), *shared_in(month)])
    last = Bill.select(fn.MAX(Bill.due)).where(made).scalar()
    if last is not None:
        return date.fromisoformat(str(last))
    days = {prices.due_day for prices in read_prices().values() if prices.active}
    return max(due_on(month, day) for day in days or {None})


def _rows(trial: Trial, batch: Batch) -> Iterator[Row]:
    """Yield the stored values of each line, those by readings last, as the trial has them."""
    hands = {number: hands_of(Month.from_number(number)) for number in {line.month for line in trial.lines}}
    first_metered = len(trial.lines) - len(trial.metered)
    rows = _whole_rows(trial, batch, BillKind.RECURRING)
    by_month = zip(trial.lines[:first_metered], rows, strict=False)
    if trial.replaced or any(hands.values()):
        yield from _apart(by_month, hands, trial.replaced)
    else:
        yield from (row for _, row in by_month)
    for metered, row in zip(trial.metered, rows, strict=True):
        told = list(row)
        told[_KIND], told[_SOURCE] = BillKind.METERED.name, f"{metering.SOURCE}-{batch.id}-{metered.meter}"
        yield tuple(told)


def _whole_rows(trial: Trial, batch: Batch, kind: BillKind) -> Iterator[Row]:
    """Yield the stored values of each line as one line of one payer; who pays is asked once a month."""
    run, name, made_by = trial.month.number, kind.name, batch.id
    asked, units = {line.month for line in trial.lines}, {line.unit for line in trial.lines}
    payers = {number: _payers(number, units) for number in asked}
    due = {item: due_on(trial.month, prices.due_day).isoformat() for item, prices in trial.items.items()}
    for month, unit, item, amount, quantity, price, extra, days, month_days, segments in trial.lines:
        payer, liable = payers[month].get(unit, NOBODY)
        yield (
            month, unit, item, 0, name, None, amount, 0, 1, due[item], run, made_by, payer, liable, quantity,
            price, extra, days, month_days, segments, None,
        )  # fmt: skip


def _apart(
    lines: Iterable[tuple[Line, Row]], hands: dict[int, dict[int, list[Holding]]], replaced: dict[Key, int]
) -> Iterator[Row]:
    """Yield the rows: owner by owner where a month changed hands, naming what was reversed."""
    for line, row in lines:
        holdings = hands[line.month].get(line.unit)
        parts = (row,) if holdings is None else _parted(row, line, holdings)
        old = replaced.get(line[:3])
        yield from parts if old is None else map(_replacing(old), parts)


_PART, _KIND, _SOURCE, _AMOUNT = map(_COLUMNS.index, ("part", "kind", "source", "amount"))
_BATCH, _PAYER, _DAYS, _SEGMENTS, _DUE = map(_COLUMNS.index, ("batch", "payer", "days", "segments", "due"))


def _parted(whole: Row, line: Line, holdings: Sequence[Holding]) -> Iterator[Row]:
    """Yield the stored values of each owner's part of a line; all of it where the days are one owner's."""
    pieces = divided(line.amount, segments_of(line), holdings)
    for number, piece in enumerate(pieces, start=1):
        row = list(whole)
        row[_PAYER : _PAYER + 2] = piece.holding.payer, piece.holding.liable
        if len(pieces) > 1:
            row[_PART], row[_AMOUNT] = number, piece.amount
            row[_DAYS] = sum(segment.days for segment in piece.segments)
            row[_SEGMENTS] = json.dumps(told_of(piece.segments))
        yield tuple(row)


def _replacing(old: int) -> Callable[[Row], Row]:
    """Return what makes a line of a reversed month name the line it replaces; it falls due from today on."""
    today = date.today().isoformat()

    def named(row: Row) -> Row:
        told = list(row)
        told[_DUE] = max(told[_DUE], today)
        told[_KIND], told[-1] = BillKind.CORRECTION.name, old
        # By the batch, too: should this run be undone, another one names its line anew.
        told[_SOURCE] = f"GZ-{row[_BATCH]}-{old}/{row[_PART]}"
        return tuple(told)

    return named


def _payers(number: int, units: set[int]) -> dict[int, tuple[int, int | None]]:
    """Return who pays in a month: whoever holds the unit on its first day, else on its last."""
    month = Month.from_number(number)
    payers = payers_by_id(month.first)
    return payers if units <= payers.keys() else payers_by_id(month.last) | payers
