"""抄表录入: what was read along the routes, typed back in walking order; all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from peewee import fn

from models import batches
from models.base import db
from models.deeds import deed
from models.entries import Line, Sheet, entry
from models.errors import RuleBroken
from models.fees.meters import Meter
from models.fees.readings import Reading, put, unread
from models.fees.rights import READ
from models.fees.taking import READINGS, AskedDay
from models.fees.usage import BASES, NOTHING, Anchor, ReadingKind, Span, deviation, mean, strange, used
from models.fees.within import within
from models.fields import CodeField, FlagField, LineField, LinkField, MonthField, QuantityField, RateField
from models.inputs import Asked, Input
from models.listings import Filters, Shown
from models.money import from_scaled
from models.months import Month
from models.rows import RowRefused, RowsField

ROWS = "rows"


def _inputs() -> list[Input]:
    return [
        Input("meter", LinkField(Meter, verbose_name="表号"), required=True),
        Input("value", QuantityField(verbose_name="读数"), required=True),
        Input("rolled", FlagField(null=True, verbose_name="过零"), required=False),
        Input("note", LineField(max_length=80, null=True, verbose_name="备注"), required=False),
        Input("month", MonthField(null=True, verbose_name="抄表月份"), required=False),
        Input("previous", QuantityField(null=True, verbose_name="录入时上次读数"), required=False),
    ]


@dataclass(frozen=True)
class Taken:
    """What a sheet of readings came to."""

    batch: Any
    count: int
    strange: tuple[str, ...]

    def done(self) -> str:
        """Return 已录入 12 个读数, for a deed whose title is what is done rather than a verb."""
        return f"已录入 {self.count} 个读数"

    def summary(self) -> str:
        """Return 12 块，批次 7；用量异常 2 块：0012345、0012350."""
        told = f"{self.count} 块，批次 {self.batch.id}"
        few = "、".join(self.strange[:6]) + (" 等" if len(self.strange) > 6 else "")
        return f"{told}；用量异常 {len(self.strange)} 块：{few}。" if self.strange else f"{told}。"


@deed("fees.enter_readings", "抄表录入", READ)
def enter_readings(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="读数"))],
    day: AskedDay = None,
) -> Taken:
    """Enter what was read on a round; one batch, of this month where a row names none.

    Raises:
        RowRefused: a reading cannot be; says which row and why, and none is written.
    """
    months = {row.get("month") or Month.of(date.today()) for row in rows}
    title = "、".join(str(month) for month in sorted(months))
    batch = batches.start(READINGS, f"{title} 抄表")
    odd = []
    for number, row in enumerate(rows):
        meter = row["meter"]
        try:
            _check_unmoved(meter, row)
            made = put(
                meter, row["value"], row.get("month"), day, rolled=bool(row.get("rolled")),
                note=row.get("note"), batch=batch,
            )  # fmt: skip
        except RuleBroken as problem:
            column = getattr(problem, "field", None)
            raise RowRefused(str(problem), ROWS, number, column) from problem
        if strange(made.deviation):
            odd.append(meter.number)
    return Taken(batch.change(count=len(rows)), len(rows), tuple(odd))


def _check_unmoved(meter: Meter, row: Mapping[str, Any]) -> None:
    """Refuse a row whose meter was read otherwise than was shown when it was typed."""
    if row.get("previous") is None:
        return
    known = last_readings(row.get("month") or Month.of(date.today()), [meter])
    if not known or known[meter.id].anchor.value != row["previous"]:
        raise RuleBroken(f"{meter.label()} 的上次读数刚被改过。请刷新后核对这一块。")


# -- the sheet -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """What a meter showed before a month, and how much it usually uses."""

    month: Month
    anchor: Anchor
    spans: Sequence[Span]

    @property
    def usual(self) -> Decimal | None:
        """Its usage a month."""
        return mean(self.spans)

    def span(self, month: Month, usage: Decimal) -> Span:
        """Return a usage with the months that it covers; none where a meter was replaced in that month."""
        return Span(usage, month.minus(self.month) if self.spans else max(1, month.minus(self.month)))


def last_readings(month: Month, among: Sequence[Meter]) -> dict[int, Known]:
    """Return what meters (by id) showed before a month ends; those never read are left out."""
    origins = {meter.id: (meter.origin_id or meter.id) for meter in among}
    chains: dict[int, list[tuple[Any, ...]]] = {}
    origin = fn.COALESCE(Meter.origin, Meter.id)
    query = Reading.select(
        origin, Reading.meter, Reading.month, Reading.kind, Reading.value, Reading.usage, Reading.months
    ).join(Meter)
    query = query.where((Reading.live == True) & (Reading.month <= month))
    if len(among) == 1:
        query = query.where(origin == origins[among[0].id])
    for first, *read in db.execute(query.order_by(Reading.meter, Reading.month, Reading.base.desc())):
        chains.setdefault(first, []).append(tuple(read))
    found = {}
    for id, first in origins.items():
        own = [read for read in chains.get(first, ()) if read[0] == id]
        if own:
            found[id] = _known(own, chains[first])
    return found


def _known(own: Sequence[tuple[Any, ...]], chain: Sequence[tuple[Any, ...]]) -> Known:
    anchor, bases = Anchor(NOTHING), {kind.name for kind in BASES}
    for _, _, kind, value, usage, _ in own:
        if kind == ReadingKind.ESTIMATED.name:
            anchor = anchor._replace(estimated=anchor.estimated + from_scaled(usage, 2))
        else:
            anchor = Anchor(from_scaled(value, 2))
    spans = [Span(from_scaled(read[4], 2), read[5]) for read in chain if read[2] not in bases]
    return Known(Month.from_number(own[-1][1]), anchor, spans)


@entry("reading", "抄表录入", "fees.enter_readings", ROWS, ("value", "rolled", "note"), "period", "building")
def reading(filters: Filters) -> Sheet:
    """Every meter without a reading for a month, in walking order: what it showed, what it usually uses."""
    month = filters.period.month if filters.period else Month.of(date.today())
    ahead = month > Month.of(date.today())
    meters = [] if ahead else unread(month, *_reach(filters))
    known = last_readings(month, meters)
    judge = _Judge({meter.number: meter for meter in meters}, known, month)
    return Sheet(
        told=(
            Shown("meter", CodeField(verbose_name="表号", max_length=24)),
            Shown("route", LineField(verbose_name="抄表路线", max_length=20)),
            Shown("place", LineField(verbose_name="房号或位置", max_length=60)),
            Shown("before", QuantityField(verbose_name="上次读数")),
            Shown("usual", QuantityField(signed=True, verbose_name="月均用量")),
        ),
        lines=[_line(meter, known.get(meter.id), month) for meter in meters],
        judge=judge.strange,
        follows=judge.usage,
        warns=f"{month} 还没有到，不能抄。请在“期间”选本月或以前的月份。" if ahead else "",
    )


def _reach(filters: Filters) -> list[Any]:
    reach = within(Meter.unit, right=READ)
    return [*reach, Meter.building == filters.building] if filters.building else reach


def _line(meter: Meter, known: Known | None, month: Month) -> Line:
    before = known.anchor.value if known else None
    usual = known.usual if known else None
    fixed = {"meter": meter.id, "month": month, "previous": before}
    return Line(meter.number, (meter.number, meter.route, meter.hangs_at, before, usual), fixed)


@dataclass(frozen=True)
class _Judge:
    """Says what a typed reading comes to, and whether that is strange."""

    meters: Mapping[str, Meter]
    known: Mapping[int, Known]
    month: Month

    def usage(self, line: Line, row: Mapping[str, Any]) -> str:
        """Return the usage in words."""
        meter, value = self.meters[line.key], row.get("value")
        before = self.known.get(meter.id)
        if value is None:
            return ""
        used_now = used(before.anchor, value, bool(row.get("rolled")), meter.terms) if before else None
        return "初读，不计用量" if used_now is None else f"用量 {used_now:,.2f}"

    def strange(self, line: Line, row: Mapping[str, Any]) -> str:
        """Return what is wrong or strange about it; empty when nothing is."""
        meter, value = self.meters[line.key], row.get("value")
        before, rolled = self.known.get(meter.id), bool(row.get("rolled"))
        if value is None:
            return "没有填读数"
        if value >= meter.terms.end:
            return f"超过 {meter.digits} 位表能显示的数"
        if before is None:
            return ""
        usage = used(before.anchor, value, rolled, meter.terms)
        if usage is None:
            return "不小于上次读数，没有过零" if rolled else "小于上次读数：请核对，走满一圈的填过零"
        off = deviation(before.spans, before.span(self.month, usage))
        if off is None or not strange(off):
            return ""
        more = f"{'多' if off > 0 else '少'} {RateField().show(abs(off))}"
        return f"用量 {usage:,.2f}，比前三月{more}，请核对"
