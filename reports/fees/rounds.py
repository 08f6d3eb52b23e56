"""FE-13 抄表记录表: what the reader takes along a route, in walking order, and what was read there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from models.errors import BadInput
from models.fees.meters import Meter
from models.fees.readings import Reading
from models.fees.rights import READ
from models.fees.rounds import Stop, rounds
from models.months import Month
from reports.paper import A4, Column, Field, Form, Sheet, Total, declare
from reports.papers import PaperRequest, paper

_COUNTS = "应抄 {} 块　　已抄 {} 块　　漏抄 {} 块"
_BY_HAND = "______"

FORM = declare(
    Form(
        code="FE-13",
        title="抄表记录表",
        module="fees",
        paper=A4,
        lead=(Field("route", Meter.route), Field("month", Reading.month)),
        columns=(
            Column("序号", 10, "number"),
            Column(Meter.number, 30, "code"),
            Column(Meter.kind, 10, "center"),
            Column("房号或位置", 34),
            Column(Reading.previous, 22, "number", places=2),
            Column("本次读数", 24, "number", places=2, by_hand=True),
            Column(Reading.usage, 18, "number", places=2, by_hand=True),
            Column(Reading.note, 22, by_hand=True),
        ),
        blank_rows=20,
        totals=(Total("抄表", text=_COUNTS.format(*[_BY_HAND] * 3)),),
        notes=(
            (
                "抄法",
                "读数抄到表上的小数位；走满一圈的注明“过零”，抄不到的注明原因，换了表的记下旧表止数、新表号和起数。",
            ),
        ),
        signatures=("抄表人", "抄表日期", "复核"),
        number_rule="CB-YYYYMM-路线",
        retention="R3",
    )
)


Row = tuple[str | int | Decimal | None, ...]


@paper("FE-13", READ, "period", "building", "number")
def reading_sheets(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the sheets of a month, a route a sheet; what was not read yet stays open for the pen."""
    if request.period is None:
        raise BadInput("请写明抄表月份，例如 2026-11。", "period")
    month = request.period.require_month()
    for route, stops in rounds(month, request.building):
        number = f"CB-{month.number}-{route}"
        if request.number in (None, number):
            yield _sheet(month, number, route, stops)


def _sheet(month: Month, number: str, route: str, stops: Sequence[Stop]) -> Sheet:
    read = sum(stop.value is not None for stop in stops)
    counts = (str(read), str(len(stops) - read)) if read else (_BY_HAND, _BY_HAND)
    return Sheet(
        FORM,
        number=number,
        values={"route": route, "month": month.chinese},
        rows=[_row(at, stop) for at, stop in enumerate(stops, start=1)],
        totals=(Total("抄表", text=_COUNTS.format(len(stops), *counts)),),
    )


def _row(at: int, stop: Stop) -> Row:
    meter = stop.meter
    done = ("", "", "") if stop.value is None else (stop.value, stop.usage, stop.remark)
    return (at, meter.number, meter.kind.value, meter.hangs_at, stop.before, *done)
