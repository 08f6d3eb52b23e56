"""抄表操作: readings entered, estimated and taken back, and meters replaced."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from models import batches
from models.base import Record, journal
from models.batches import AskedBatch, Batch, mark_undone, releasing, undone_by
from models.deeds import deed
from models.errors import RuleBroken
from models.fees import usage
from models.fees.bills import Bill
from models.fees.metering import Metered, is_billed
from models.fees.meters import Meter
from models.fees.readings import Reading, live_readings, put, recount, spans_of, unread
from models.fees.rights import METERS, READ
from models.fees.usage import NOTHING, REPLACING, ReadingKind, Span
from models.fields import (
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MonthField,
    QuantityField,
)
from models.inputs import Asked
from models.months import Month

READINGS = "readings"
"""Kind of batch."""

AskedMonth = Annotated[Month | None, Asked(MonthField(null=True, verbose_name="抄表月份"), "不填为本月")]
AskedDay = Annotated[
    date | None, Asked(DayField(null=True, verbose_name="抄表日"), "不填为今天，补录以前的月份为月末")
]


@deed("fees.enter_reading", "录入读数", READ)
def enter_reading(
    meter: Annotated[Meter, Asked(LinkField(Meter, verbose_name="表号"))],
    value: Annotated[Decimal, Asked(QuantityField(verbose_name="读数"))],
    month: AskedMonth = None,
    day: AskedDay = None,
    rolled: Annotated[bool, Asked(FlagField(default=False, verbose_name="过零"))] = False,
    note: Annotated[str | None, Asked(LineField(max_length=80, null=True, verbose_name="备注"))] = None,
) -> Reading:
    """Enter what one meter shows; a month that was missed may be put in between two others."""
    return put(meter, value, month, day, rolled=rolled, note=note)


@deed("fees.replace_meter", "换表", METERS, question="旧表记下止数并停用，新表从起数开始计。")
def replace_meter(
    meter: Annotated[Meter, Asked(LinkField(Meter, verbose_name="旧表号"))],
    last: Annotated[Decimal, Asked(QuantityField(verbose_name="旧表止数"))],
    number: Annotated[str, Asked(CodeField(max_length=24, verbose_name="新表号"))],
    first: Annotated[Decimal, Asked(QuantityField(verbose_name="新表起数"))] = NOTHING,
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="换表日"), "不填为今天")] = None,
    rolled: Annotated[bool, Asked(FlagField(default=False, verbose_name="旧表过零"))] = False,
    multiplier: Annotated[
        int | None, Asked(CountField(low=1, high=100_000, null=True, verbose_name="新表倍率"), "不填同旧表")
    ] = None,
    digits: Annotated[
        int | None, Asked(CountField(low=3, high=8, null=True, verbose_name="新表位数"), "不填同旧表")
    ] = None,
) -> Meter:
    """Put another meter in the place of one: the usage of the month is what both counted.

    What the old one counted after that month's reading belongs to the month after it.

    Raises:
        RuleBroken: the old one is out of use, or its last reading cannot be.
    """
    day = day or date.today()
    month = _month_of_last(meter, Month.of(day))
    if meter.readings.exists():
        put(meter, last, month, day, rolled=rolled, kind=ReadingKind.LAST)
    elif not meter.active:
        raise RuleBroken(f"{meter.label()} 已停用，不用换。")
    kept = {
        name: getattr(meter, name)
        for name in ("kind", "unit", "building", "entrance", "place", "route", "position", "item")
    }
    meter.change(active=False, until=day)
    made = Meter.add(
        number=number, since=day, replaces=meter, origin=meter.origin or meter,
        multiplier=multiplier or meter.multiplier, digits=digits or meter.digits, **kept,
    )  # fmt: skip
    put(made, first, month, day, kind=ReadingKind.START)
    return made


def _month_of_last(meter: Meter, month: Month) -> Month:
    """Return the month of a last reading: that of its day, or the next where that one was read already."""
    taken = (Reading.meter == meter) & (Reading.live == True) & (Reading.base == False)
    return month.plus(1) if Reading.select().where(taken & (Reading.month >= month)).exists() else month


@deed(
    "fees.estimate_readings", "估抄", READ, question="没有抄到的表按前三次的月均用量估计，下一次实抄时结清。"
)
def estimate_readings(
    month: AskedMonth = None,
    meter: Annotated[
        Meter | None, Asked(LinkField(Meter, null=True, verbose_name="表号"), "不填为全部漏抄的")
    ] = None,
) -> Batch:
    """Estimate what was not read in a month by the mean of the last three months; one batch.

    Raises:
        RuleBroken: there is nothing to estimate, or no usage to go by.
    """
    month = month or Month.of(date.today())
    wanted = [meter] if meter is not None else unread(month)
    batch = batches.start(READINGS, f"{month} 估抄", month=str(month))
    made = [one for one in (_estimate(each, month, batch) for each in wanted) if one is not None]
    if not made:
        raise RuleBroken(f"{month} 没有可以估抄的表：都抄过了，或还没有用量可以参照。")
    return batch.change(count=len(made))


def _estimate(meter: Meter, month: Month, batch: Batch) -> Reading | None:
    """Estimate one meter; None where nothing says how much it uses."""
    before = [one for one in live_readings(meter) if one.month < month]
    usual = usage.mean(
        spans_of(meter.replaces) + [Span(one.usage, one.months) for one in before if not one.base]
    )
    if not before or usual is None:
        return None
    much = max(usual, NOTHING) * max(1, month.minus(before[-1].month))
    shown = before[-1].value + (much / meter.multiplier).quantize(Decimal("0.01"))
    end = meter.terms.end
    return put(
        meter, shown % end, month, kind=ReadingKind.ESTIMATED, rolled=shown >= end, usage=much, batch=batch
    )


@deed(
    "fees.withdraw_reading",
    "撤回读数",
    READ,
    danger=True,
    question="没有出账的读数才能撤回；撤回后这块表本月算没有抄。",
)
def withdraw_reading(reading: Annotated[Reading, Asked(LinkField(Reading, verbose_name="抄表"))]) -> Reading:
    """Take back a reading that was entered by mistake, while nothing was billed on it.

    Raises:
        RuleBroken: it was billed, or others rest on it.
    """
    withdraw([reading])
    return reading


@undone_by(READINGS, "抄表")
@deed("fees.undo_readings", "撤销抄表", READ, danger=True, question="这一批读数将全部撤回，可以重新录入。")
def undo_readings(batch: AskedBatch) -> Batch:
    """Take back every reading of a sheet or of an estimate, while nothing of it is billed.

    Raises:
        RuleBroken: some of it was billed, or corrected since.
    """
    mark_undone(batch, undo_readings)
    withdraw(list(Reading.select().where(Reading.batch == batch).order_by(Reading.id)))
    return batch


@releasing
def let_withdrawn_readings_go(record: type[Record], first: int, last: int) -> None:
    """Delete readings that hold no more, and what void lines charged of them, with their meters."""
    if record is not Meter:
        return
    mine = Meter.select(Meter.id).where(Meter.id.between(first, last))
    void = Bill.select(Bill.id).where(Bill.live == False)
    Metered.delete().where(Metered.meter.in_(mine) & Metered.bill.in_(void)).execute()
    if Reading.delete().where(Reading.meter.in_(mine) & (Reading.live == False)).execute():
        journal().touch(Reading)


def withdraw(readings: Sequence[Reading]) -> None:
    """Let readings hold no more.

    Raises:
        RuleBroken: one was billed, corrected, belongs to a replacement, or is the base of others.
    """
    for one in readings:
        _check_withdrawal(one)
        one.change(live=False)
    for meter in {one.meter_id: one.meter for one in readings}.values():
        left = live_readings(meter)
        if left and not left[0].base:
            raise RuleBroken(f"{left[0].label()} 以前的读数不能撤回：后面的读数从它算起。请改用“更正读数”。")
        recount(meter)


def _check_withdrawal(reading: Reading) -> None:
    if not reading.live:
        raise RuleBroken(f"{reading.label()} 的读数后来更正或撤回过，不能再撤回。请逐条处理。")
    if reading.kind in REPLACING:
        raise RuleBroken(f"{reading.label()} 是{reading.kind.value}，不能撤回。请改用“更正读数”。")
    if is_billed(reading):
        raise RuleBroken(f"{reading.label()} 已经出账，不能撤回。请用“更正读数”，差额随下一次出账。")
