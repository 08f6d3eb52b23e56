"""承诺缴费: a day, or several, by which a household promises to pay so much; kept while it pays as it said.

Whether a promise is kept follows from what was paid since on the lines that were due when it was made; it
is never stored. While it is kept nobody is dunned; once it is broken the ladder goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, NamedTuple, Self

from peewee import JOIN, fn

from models.attachments import keeps_files
from models.base import Record, db
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees.bills import OPEN, Bill
from models.fees.dunning.owers import AskedPayer, chosen_ower
from models.fees.payments import Allocation, Payment, Receipt
from models.fees.rights import DUN, VIEW
from models.fees.within import within
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
)
from models.inputs import Asked, Input
from models.listings import Filters, RowListing, Shown, choice, listing
from models.money import from_scaled, thousands
from models.months import Month
from models.owners.estate import Unit
from models.owners.payees import NOBODY
from models.owners.people import Person
from models.rows import RowRefused, RowsField
from models.workdays import WorkCalendar

LONGEST = 24
"""Months over which instalments may run."""


class PromiseState(Enum):
    """Follows from the instalments and what was paid since; never stored."""

    RUNNING = "履行中"
    KEPT = "已兑现"
    BROKEN = "未兑现"
    ENDED = "已终止"


class PaymentPromise(Record):
    """承诺缴费: what a household promised to pay by when; several rows are instalments."""

    unit = LinkField(Unit, backref="promises", verbose_name="房号")
    payer = LinkField(Person, null=True, index=False, backref="promises", verbose_name="付款人")
    on = DayField(verbose_name="承诺日期")
    written = FlagField(default=False, verbose_name="书面")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    ended = DayField(null=True, verbose_name="终止日期")
    end_reason = LineField(max_length=80, null=True, verbose_name="终止原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "承诺缴费"

    def label(self) -> str:
        """Return 1-1-1011 2026-11-03 承诺."""
        return f"{self.unit.code} {self.on} 承诺"

    def described(self) -> str:
        """Return 1-1-1011 2026-11-03 承诺 2 期 1,200.00 元."""
        amounts = [row.amount for row in self.instalments]
        total = sum(amounts, start=Decimal(0))
        return f"{self.label()} {len(amounts)} 期 {thousands(total)} 元"

    @deed("fees.end_promise", "终止承诺", DUN, question="终止后这一户照常催缴。")
    def end(self, reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="终止原因"))]) -> Self:
        """Let a promise count no more, since it was wrong or the household took it back.

        Raises:
            RuleBroken: it has ended.
        """
        if self.ended is not None:
            raise RuleBroken(f"{self.label()} 已于 {self.ended} 终止。")
        return self.change(ended=date.today(), end_reason=reason)


class Instalment(Record):
    """承诺明细: so much by a day."""

    promise = LinkField(PaymentPromise, backref="instalments", verbose_name="承诺")
    position = CountField(verbose_name="期次")
    day = DayField(verbose_name="承诺缴费日")
    amount = MoneyField(verbose_name="承诺金额")

    class Meta:
        title = "承诺明细"
        indexes = ((("promise", "position"), True),)

    def label(self) -> str:
        """Return 1-1-1011 2026-11-03 承诺 第1期."""
        return f"{self.promise.label()} 第{self.position}期"


keeps_files(PaymentPromise, VIEW)


def _inputs() -> list[Input]:
    return [
        Input("day", DayField(verbose_name="承诺缴费日"), required=True),
        Input("amount", MoneyField(verbose_name="承诺金额"), required=True),
    ]


@deed("fees.promise", "登记承诺缴费", DUN)
def promise(
    unit: Annotated[Unit, Asked(LinkField(Unit, verbose_name="房号"))],
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="分期"))],
    written: Annotated[bool, Asked(FlagField(default=False, verbose_name="书面"))] = False,
    payer: AskedPayer = None,
    on: Annotated[date | None, Asked(DayField(null=True, verbose_name="承诺日期"), "不填为今天")] = None,
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))] = None,
) -> PaymentPromise:
    """Note what a household promises to pay by when; while it does so, it is not dunned.

    Raises:
        BadInput: the day lies ahead, or a row's day is before it or too far away.
        RuleBroken: the household owes nothing, less or more than it promises, or has a promise that runs.
    """
    day = on or date.today()
    if day > date.today():
        raise BadInput(f"承诺日期 {day} 还没有到。请改日期。", "on")
    _check_rows(rows, day)
    ower = chosen_ower(unit, payer)
    _refuse_running(unit, ower)
    total = sum((row["amount"] for row in rows), start=Decimal(0))
    owed = owed_by(unit, ower, day)
    if total > owed:
        raise RuleBroken(
            f"{unit.code} 到 {day} 欠 {thousands(owed)} 元，承诺 {thousands(total)} 元，多了。请核对金额。"
        )
    if total < owed:
        raise RuleBroken(
            f"{unit.code} 到 {day} 欠 {thousands(owed)} 元，只承诺了 {thousands(total)} 元。"
            "承诺期间不催缴，所以要排完全部欠费，可以分期；只能交一部分的，先收下，余下的照常催缴。"
        )
    made = PaymentPromise.add(
        unit=unit, payer=ower, on=day, written=written, note=note, made_at=now(), made_by=actor().name
    )
    for position, row in enumerate(sorted(rows, key=lambda row: row["day"]), start=1):
        Instalment.add(promise=made, position=position, day=row["day"], amount=row["amount"])
    return made


def _check_rows(rows: Sequence[dict[str, Any]], day: date) -> None:
    latest = Month.of(day).plus(LONGEST).day(day.day)
    for number, row in enumerate(rows):
        if row["amount"] <= 0:
            raise RowRefused("承诺金额要大于 0。", "rows", number, "amount")
        if not day <= row["day"] <= latest:
            raise RowRefused(
                f"承诺缴费日 {row['day']} 要在 {day} 至 {latest} 之间。请改日期。", "rows", number, "day"
            )


def _refuse_running(unit: Unit, payer: Person | None) -> None:
    whose = PaymentPromise.payer == payer if payer is not None else PaymentPromise.payer.is_null()
    mine = (PaymentPromise.unit == unit) & whose & PaymentPromise.ended.is_null()
    for row in PaymentPromise.select().where(mine):
        if states_of([row], date.today())[row.id].state is PromiseState.RUNNING:
            raise RuleBroken(f"{row.label()} 还在履行中。要改的请先终止它，再重新登记。")


def owed_by(unit: Unit, payer: Person | None, day: date) -> Decimal:
    """Return what a household owes past the due day, 违约金 that is charged included."""
    whose = Bill.payer == payer if payer is not None else Bill.payer.is_null()
    query = Bill.select(fn.SUM(Bill.amount - Bill.paid)).where(OPEN & (Bill.due <= day), Bill.unit == unit)
    ((fen,),) = db.execute(query.where(whose))
    return from_scaled(fen or 0, 2)


class Kept(NamedTuple):
    """How a promise stands on a day: money in fen."""

    state: PromiseState
    paid: int
    promised: int
    next: date | None
    """The first day whose instalment is not paid; None where all are."""


def states_of(promises: Iterable[PaymentPromise], day: date) -> dict[int, Kept]:
    """Return how promises stand on a day, by their ids."""
    calendar, found = WorkCalendar(), {}
    for one in promises:
        rows = [(row.day, int(row.amount * 100)) for row in one.instalments.order_by(Instalment.position)]
        paid = _paid_since(one, day)
        found[one.id] = _kept(one, rows, paid, day, calendar)
    return found


def _kept(
    one: PaymentPromise, rows: Sequence[tuple[date, int]], paid: int, day: date, calendar: WorkCalendar
) -> Kept:
    total, promised, unpaid = sum(fen for _, fen in rows), 0, None
    for due, fen in rows:
        promised += fen
        if unpaid is None and paid < promised:
            unpaid = due
    if one.ended is not None and one.ended <= day:
        state = PromiseState.ENDED
    elif unpaid is None:
        state = PromiseState.KEPT
    else:
        late = calendar.next_working(unpaid) < day
        state = PromiseState.BROKEN if late else PromiseState.RUNNING
    return Kept(state, paid, total, unpaid)


def _paid_since(one: PaymentPromise, day: date) -> int:
    """Return fen paid from the promise up to a day on what was due when it was made."""
    whose = Bill.payer == one.payer_id if one.payer_id else Bill.payer.is_null()
    # What was received on its own day before it was made is no part of what it promises.
    money = (Payment.made_at >= one.made_at) | (Allocation.on > one.on) | Allocation.set_off.is_null(False)
    money &= Allocation.receipt.is_null(False) | Allocation.set_off.is_null(False)
    query = (
        Allocation.select(fn.SUM(Allocation.amount))
        .join(Bill)
        .switch(Allocation)
        .join(Receipt, JOIN.LEFT_OUTER)
        .join(Payment, JOIN.LEFT_OUTER)
        .where(
            (Allocation.live == True) & money & Allocation.on.between(one.on, day),
            (Bill.unit == one.unit_id) & whose & (Bill.due <= one.on),
        )
    )
    ((fen,),) = db.execute(query)
    return int(fen or 0)


def running_promises(day: date) -> dict[tuple[int, int | None], str]:
    """Return the households whose promise is being kept on a day, and what it says in words."""
    alive = PaymentPromise.ended.is_null() | (PaymentPromise.ended > day)
    rows = list(PaymentPromise.select().where(alive & (PaymentPromise.on <= day)))
    stands = states_of(rows, day)
    return {
        (one.unit_id, one.payer_id): f"承诺 {stands[one.id].next} 前交，履行中"
        for one in rows
        if stands[one.id].state is PromiseState.RUNNING
    }


PROMISE_TONES = {
    PromiseState.RUNNING.value: "info",
    PromiseState.KEPT.value: "ok",
    PromiseState.BROKEN.value: "danger",
}


@listing("promises", "承诺缴费", "fees", VIEW, "unit", "building", "person", "state")
def promises(filters: Filters) -> RowListing:
    """What households promised to pay, newest first, and whether they did as of today."""
    query = PaymentPromise.select(PaymentPromise, Unit).join(Unit)
    conditions = within(PaymentPromise.unit, unit=filters.unit, building=filters.building)
    if filters.person:
        conditions.append(PaymentPromise.payer == filters.person)
    for condition in conditions:
        query = query.where(condition)
    rows = list(query.order_by(PaymentPromise.id.desc()))
    columns = (
        Shown("unit", CodeField(verbose_name="房号", max_length=40)),
        Shown("payer", LineField(verbose_name="付款人", max_length=60)),
        Shown("on", PaymentPromise.on),
        Shown("instalments", LineField(verbose_name="分期", max_length=200)),
        Shown("promised", MoneyField(verbose_name="承诺金额")),
        Shown("paid", MoneyField(verbose_name="此后已交")),
        Shown("next", DayField(verbose_name="下一期")),
        Shown("state", ChoiceField(PromiseState, verbose_name="状态"), status=True),
        Shown("written", FlagField(verbose_name="书面")),
        Shown("note", PaymentPromise.note),
        Shown("end_reason", PaymentPromise.end_reason, hidden=True),
        Shown("made_by", PaymentPromise.made_by, hidden=True),
        Shown("made_at", PaymentPromise.made_at, hidden=True),
    )
    wanted = choice(PromiseState, filters.state) if filters.state else None
    return RowListing(columns, _promised(rows, wanted), record=PaymentPromise, tones=PROMISE_TONES)


def _promised(
    rows: list[PaymentPromise], wanted: PromiseState | None
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    stands = states_of(rows, date.today())
    people = dict(db.execute(Person.select(Person.id, Person.name))) if rows else {}
    for one in rows:
        kept = stands[one.id]
        if wanted is not None and kept.state is not wanted:
            continue
        told = "；".join(
            f"{row.day} {row.amount:,.2f}" for row in one.instalments.order_by(Instalment.position)
        )
        money = (from_scaled(kept.promised, 2), from_scaled(kept.paid, 2))
        named = (one.unit.code, people.get(one.payer_id, NOBODY), one.on, told)
        state = (kept.next, kept.state, one.written, one.note, one.end_reason, one.made_by, one.made_at)
        yield one.id, (*named, *money, *state)
