"""抄表: what each meter showed month by month, and the rules by which that becomes its usage.

Nothing that was read is edited: a correction is a new live reading that names the old one. Usages follow
from the live readings anew after every change (`recount`); what was billed stays, and the next line of
the meter charges the difference (`metering`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from peewee import fn

from models import deeds
from models.base import Record, db
from models.batches import Batch
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fees import usage
from models.fees.meters import Meter, walk
from models.fees.rights import READ
from models.fees.usage import BASES, NOTHING, REPLACING, Falling, ReadingKind, Span
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MonthField,
    QuantityField,
    RateField,
)
from models.inputs import Asked
from models.money import from_scaled
from models.months import Month

MOST = Decimal("9999999.99")
"""The largest quantity that a line can charge."""


class Reading(Record):
    """抄表: what a meter showed on a day, for a month; `usage` follows from it and the one before."""

    meter = LinkField(Meter, backref="readings", index=False, verbose_name="表号")
    month = MonthField(verbose_name="抄表月份")
    day = DayField(verbose_name="抄表日")
    value = QuantityField(verbose_name="读数")
    kind = ChoiceField(ReadingKind, default=ReadingKind.READ, verbose_name="抄法")
    rolled = FlagField(default=False, verbose_name="过零")
    base = FlagField(default=False, verbose_name="底数")
    previous = QuantityField(null=True, verbose_name="上次读数")
    usage = QuantityField(signed=True, default=NOTHING, verbose_name="用量")
    months = CountField(default=0, verbose_name="月数")
    deviation = RateField(null=True, verbose_name="比前三月")
    note = LineField(max_length=80, null=True, verbose_name="备注")
    made_by = LineField(max_length=60, verbose_name="抄表人")
    live = FlagField(default=True, verbose_name="有效")
    corrects = LinkField("self", null=True, index=False, backref="corrections", verbose_name="更正的读数")
    batch = LinkField(Batch, null=True, verbose_name="批次")

    class Meta:
        title = "抄表"

    def label(self) -> str:
        """Return 水表 0012345 1-1-1011 2026-11."""
        return f"{self.meter.label()} {self.month}"

    def described(self) -> str:
        """Return it with what was read."""
        return f"{self.label()} {self.kind.value} {self.value:,.2f}"

    @property
    def unit(self) -> Any:
        """Whose meter it is; None for a common one."""
        return self.meter.unit

    def derive(self) -> None:
        """A first reading is the base from which is counted."""
        self.base = self.kind in BASES

    @deed(
        "fees.correct_reading",
        "更正读数",
        READ,
        question="原读数保留；已出的账单不变，差额随下一次出账补收或抵减。",
    )
    def correct(
        self,
        value: Annotated[Decimal, Asked(QuantityField(verbose_name="正确读数"))],
        reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="原因"))],
        rolled: Annotated[bool, Asked(FlagField(default=False, verbose_name="过零"))] = False,
    ) -> Reading:
        """Put a reading right; the old one is kept, and an estimate becomes a real one.

        Raises:
            RuleBroken: it holds no more, or what it would be cannot be.
        """
        if not self.live:
            raise RuleBroken(f"{self.label()} 的这个读数已不是有效的读数。请更正有效的那一个。")
        check_value(self.meter, value)
        kind = ReadingKind.READ if self.kind is ReadingKind.ESTIMATED else self.kind
        if (value, rolled, kind) == (self.value, self.rolled, self.kind):
            raise BadInput(f"正确读数与原读数相同，都是 {value:,.2f}。请核对。", "value")
        self.change(live=False)
        made = Reading.add(
            meter=self.meter, month=self.month, day=self.day, value=value, kind=kind, note=reason,
            rolled=rolled and not self.base, made_by=deeds.actor().name, corrects=self,
        )  # fmt: skip
        recount(self.meter)
        return Reading.get_by_id(made.id)


Reading.add_index(
    Reading.index(Reading.meter, Reading.month, Reading.base, unique=True, where=Reading.live == True,
                  name="reading_once")
)  # fmt: skip
Reading.add_index(Reading.index(Reading.month, Reading.meter, name="reading_month"))


def live_readings(meter: Meter) -> list[Reading]:
    """Return the readings of a meter that hold, in order."""
    mine = (Reading.meter == meter) & (Reading.live == True)
    return list(Reading.select().where(mine).order_by(Reading.month, Reading.base.desc()))


def spans_of(meter: Meter | None) -> list[Span]:
    """Return what a meter, and those it replaced, counted so far."""
    if meter is None:
        return []
    own = [Span(one.usage, one.months) for one in live_readings(meter) if not one.base]
    return spans_of(meter.replaces) + own


def recount(meter: Meter) -> None:
    """Let the usages of a meter, and of those that replaced it, follow from the readings that hold.

    Raises:
        RuleBroken: a reading falls, rolls over without falling, or is more than a line can charge.
    """
    readings = live_readings(meter)
    try:
        found = usage.steps(readings, meter.terms, spans_of(meter.replaces))
    except Falling as problem:
        raise RuleBroken(_falls(meter, readings[problem.at], problem.previous)) from None
    for one, step in zip(readings, found, strict=True):
        if abs(step.usage) > MOST:
            raise RuleBroken(f"{one.label()} 的用量 {step.usage:,.2f} 太大。请核对读数、倍率和过零。")
        if (one.previous, one.usage, one.months, one.deviation) != step:
            one.change(**step._asdict())
    for successor in meter.successors:
        recount(successor)


def _falls(meter: Meter, reading: Reading, previous: Decimal) -> str:
    about = f"{reading.label()} 读数 {reading.value:,.2f}"
    if reading.rolled:
        return f"{about} 不小于上次读数 {previous:,.2f}，没有过零。请去掉过零，或核对读数。"
    return f"{about} 小于上次读数 {previous:,.2f}。请核对；走满一圈的请填过零，换了表的请用“换表”。"


def check_value(meter: Meter, value: Decimal) -> None:
    """Refuse what the meter cannot show.

    Raises:
        BadInput: it has more digits than the meter.
    """
    if value >= meter.terms.end:
        raise BadInput(
            f"读数 {value:,.2f} 超过 {meter.digits} 位表能显示的数。请核对；表位数不对的请修改表计。",
            "value",
        )


def put(
    meter: Meter,
    value: Decimal,
    month: Month | None = None,
    day: date | None = None,
    *,
    rolled: bool = False,
    kind: ReadingKind = ReadingKind.READ,
    **more: Any,
) -> Reading:
    """Enter a reading of a month; the first one of a meter is its base. Inside a deed.

    Raises:
        RuleBroken: the month has one, lies ahead or before the base, or the reading cannot be.
    """
    today = date.today()
    month = month or Month.of(today)
    day = day or min(today, month.last)
    _check_when(meter, month, day, kind)
    check_value(meter, value)
    readings = live_readings(meter)
    if not readings and kind is ReadingKind.READ:
        kind = ReadingKind.FIRST
    _check_month(meter, month, readings, kind)
    made = Reading.add(
        meter=meter, month=month, day=day, value=value, kind=kind,
        rolled=rolled and kind not in BASES, made_by=deeds.actor().name, **more,
    )  # fmt: skip
    recount(meter)
    return Reading.get_by_id(made.id)


def _check_when(meter: Meter, month: Month, day: date, kind: ReadingKind) -> None:
    if not meter.active:
        raise RuleBroken(f"{meter.label()} 已停用，不能再抄。要补录请先恢复它。")
    if day > date.today():
        raise BadInput(f"抄表日 {day} 还没有到。请改正。", "day")
    if kind not in REPLACING and month > Month.of(date.today()):
        raise BadInput(f"{month} 还没有到，不能抄。请改正月份。", "month")


def _check_month(meter: Meter, month: Month, readings: Sequence[Reading], kind: ReadingKind) -> None:
    if readings and month < readings[0].month:
        base = readings[0]
        raise RuleBroken(f"{meter.label()} 的{base.kind.value}在 {base.month}，不能补更早的月份。请核对。")
    if kind is ReadingKind.LAST and readings and readings[-1].month > month:
        raise RuleBroken(f"{meter.label()} 在 {readings[-1].month} 还抄过，换表日不能更早。请核对换表日。")
    same = next((one for one in readings if one.month == month and one.base == (kind in BASES)), None)
    if same is not None:
        raise RuleBroken(f"{same.label()} 已有读数 {same.value:,.2f}。要改请用“更正读数”。")


def unread(month: Month, *conditions: Any) -> list[Meter]:
    """Return the meters in use without a reading for a month, in walking order; 换表起 is none."""
    read = Reading.select(Reading.meter).where(
        (Reading.month == month) & (Reading.live == True) & (Reading.kind != ReadingKind.START)
    )
    in_use = (Meter.active == True) & (Meter.since <= month.last)
    return walk(in_use, Meter.id.not_in(read), *conditions)


def usage_of(meter: Meter, month: Month) -> Decimal | None:
    """Return what a meter, with those it replaced or that replaced it, counted in a month; None if unread."""
    origin = meter.origin or meter
    chain = (Meter.id == origin) | (Meter.origin == origin)
    mine = Reading.meter.in_(Meter.select(Meter.id).where(chain)) & (Reading.month == month)
    query = Reading.select(fn.SUM(Reading.usage)).where(
        mine & (Reading.live == True) & (Reading.base == False)
    )
    ((found,),) = db.execute(query)
    return None if found is None else from_scaled(found, 2)
