"""报送: indicators handed over as the basis of appraisal, kept as they were; what differs later is 更正 n.

A month, a quarter or a year is due on a day of the month after it, the 10th unless the office says otherwise;
where the office rests on it, on the working day before (forms.md B13).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from models import workdays
from models.appraisals.actuals import book_on
from models.appraisals.rights import KEEP, VIEW
from models.appraisals.spans import Indicator, Span, SpanKind
from models.appraisals.table import IndicatorRow, rows_of
from models.appraisals.targets import Goals, first_set, last_target
from models.attachments import keeps_files
from models.base import Record
from models.clock import now
from models.deeds import actor, deed
from models.errors import RuleBroken
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MonthField,
    NoteField,
    NumberField,
    QuantityField,
)
from models.inputs import Asked, edits_of
from models.months import Month

RECEIVERS = "总经理、常务副总经理、绩效专员、各部门"
_FIGURES = ("year", "quarter", "month", "actual", "done", "total", "total_done", "against")


class DeliveryTerms(Record):
    """报送约定: one row."""

    day = CountField(low=1, high=28, default=10, verbose_name="次月报送日")

    class Meta:
        title = "报送约定"

    def label(self) -> str:
        """Return 次月 10 日."""
        return f"次月 {self.day} 日"


def delivery_terms() -> DeliveryTerms:
    """Return by which day figures are due."""
    found: DeliveryTerms = DeliveryTerms.select().order_by(DeliveryTerms.id).first()
    return found


@deed("appraisals.set_delivery_day", "定报送日", KEEP, inputs=edits_of(lambda: DeliveryTerms, "day"))
def set_delivery_day(**values: int) -> DeliveryTerms:
    """Set on which day of the month after it a span is due."""
    return delivery_terms().change(**values)


class Delivery(Record):
    """指标报送: the figures of a span as they were handed over; `version` 0, of 更正 n it is n."""

    number = NumberField(verbose_name="报送单号")
    kind = ChoiceField(SpanKind, verbose_name="考核期")
    last = MonthField(index=True, verbose_name="期末月份")
    version = CountField(default=0, verbose_name="更正次数")
    on = DayField(verbose_name="报送日期")
    due = DayField(verbose_name="应报日期")
    aims = CountField(verbose_name="目标版次")
    receivers = LineField(max_length=80, verbose_name="报送对象")
    note = NoteField(null=True, verbose_name="说明")
    reason = LineField(max_length=120, null=True, verbose_name="更正原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="报送人")

    key_field = "number"

    class Meta:
        title = "指标报送"
        indexes = ((("kind", "last", "version"), True),)

    @property
    def span(self) -> Span:
        """What it is of."""
        return Span.of(self.kind, self.last)

    def described(self) -> str:
        """Return CW-202611-处 2026年11月 2026-12-09 报送."""
        return f"{self.number} {self.span.chinese} {self.on} 报送"

    def rows(self) -> list[IndicatorRow]:
        """Return its figures as they were handed over."""
        kept = DeliveryRow.select().where(DeliveryRow.delivery == self).order_by(DeliveryRow.id)
        return [
            IndicatorRow(
                row.indicator, note=row.note or "", **{name: getattr(row, name) for name in _FIGURES}
            )
            for row in kept
        ]


class DeliveryRow(Record):
    """报送数字: one indicator as it was handed over; never changed."""

    delivery = LinkField(Delivery, backref="figures", verbose_name="报送单号")
    indicator = ChoiceField(Indicator, verbose_name="指标")
    year = QuantityField(signed=True, null=True, verbose_name="年目标")
    quarter = QuantityField(signed=True, null=True, verbose_name="季目标")
    month = QuantityField(signed=True, null=True, verbose_name="月目标")
    actual = QuantityField(signed=True, null=True, verbose_name="本期实际")
    done = QuantityField(signed=True, null=True, verbose_name="完成率")
    total = QuantityField(signed=True, null=True, verbose_name="累计")
    total_done = QuantityField(signed=True, null=True, verbose_name="累计完成率")
    against = QuantityField(signed=True, null=True, verbose_name="同比")
    note = LineField(max_length=120, null=True, verbose_name="说明")

    class Meta:
        title = "报送数字"


keeps_files(Delivery, VIEW)


@deed("appraisals.deliver", "报送指标", KEEP)
def deliver(
    kind: Annotated[
        SpanKind, Asked(ChoiceField(SpanKind, default=SpanKind.MONTH, verbose_name="考核期"))
    ] = SpanKind.MONTH,
    month: Annotated[
        Month | None, Asked(MonthField(null=True, verbose_name="期内月份"), "不填为刚过完的一期")
    ] = None,
    receivers: Annotated[
        str, Asked(LineField(max_length=80, default=RECEIVERS, verbose_name="报送对象"))
    ] = RECEIVERS,
    note: Annotated[str | None, Asked(NoteField(null=True, verbose_name="说明"))] = None,
    reason: Annotated[
        str | None, Asked(LineField(max_length=120, null=True, verbose_name="更正原因"), "再次报送才要填")
    ] = None,
) -> Delivery:
    """Hand over the figures of a span; once more, as a correction, where they are others now.

    Raises:
        RuleBroken: it is not over, no target is set, a cost is lacking, or nothing differs from what was
            handed over, or no reason is given why it does.
    """
    today = now().date()
    span = Span.of(kind, month) if month is not None else last_over(kind, today)
    _check(span, today)
    before = latest(span)
    rows = fresh(span, before, today)
    if before is not None:
        _check_correction(before, rows, reason)
    version = before.version + 1 if before is not None else 0
    made = Delivery.add(
        number=_number(span, version), kind=kind, last=span.last, version=version, on=today,
        due=due_of(span), aims=last_target(), receivers=receivers, note=note,
        reason=reason if before is not None else None, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for row in rows:
        figures = {name: getattr(row, name) for name in _FIGURES}
        DeliveryRow.add(delivery=made, indicator=row.indicator, note=row.note or None, **figures)
    return made


def fresh(span: Span, before: Delivery | None, today: date) -> list[IndicatorRow]:
    """Return the figures of a span as they are now; what was aimed at stays as it was handed over first."""
    if before is None:
        return rows_of(span, today)
    of_span = (Delivery.kind == span.kind) & (Delivery.last == span.last)
    return rows_of(span, today, Delivery.get(of_span & (Delivery.version == 0)).aims)


def _check(span: Span, today: date) -> None:
    if not span.over_on(today):
        raise RuleBroken(f"{span.chinese}还没有过完，不能报送。请等期末以后。")
    if not Goals.of(span.year).years:
        raise RuleBroken(f"{span.year} 年还没有定目标。请先定目标，再报送。")
    lacking = book_on(today).lacking(span.months)
    if lacking:
        months = "、".join(str(month) for month in lacking)
        raise RuleBroken(f"{months} 还没有录成本，算不出利润。请先在“成本录入”里录入。")


def _check_correction(before: Delivery, rows: Sequence[IndicatorRow], reason: str | None) -> None:
    if not differs(before, rows):
        raise RuleBroken(f"{before.span.chinese}已由 {before.number} 报送，数字没有变，不用更正。")
    if not reason:
        raise RuleBroken(f"{before.span.chinese}已由 {before.number} 报送。要更正的，请填更正原因。")


def differs(delivery: Delivery, rows: Sequence[IndicatorRow]) -> bool:
    """Whether the ledger now says something else than was handed over."""
    return [one.measured for one in delivery.rows()] != [one.measured for one in rows]


def _number(span: Span, version: int) -> str:
    """Return CW-202611-处, and CW-202611-处-更正1 for what corrects it."""
    return f"CW-{span.code}-处" + (f"-更正{version}" if version else "")


def latest(span: Span) -> Delivery | None:
    """Return what was handed over of a span last."""
    of_span = (Delivery.kind == span.kind) & (Delivery.last == span.last)
    found: Delivery | None = Delivery.select().where(of_span).order_by(Delivery.version.desc()).first()
    return found


def last_over(kind: SpanKind, today: date) -> Span:
    """Return the last span of a kind that is over."""
    span = Span.of(kind, Month.of(today))
    return Span.of(kind, span.first.plus(-1))


def due_of(span: Span) -> date:
    """Return the day on which a span is due: the working day before where the office rests on it."""
    day = span.last.plus(1).day(delivery_terms().day)
    while not workdays.is_working(day):
        day -= timedelta(days=1)
    return day


def spans_to_deliver(day: date) -> list[Span]:
    """Return what is over and was not handed over, oldest first: spans that began once a target was set."""
    begins = first_set()
    found: list[Span] = []
    if begins is None:
        return found
    for kind in SpanKind:
        span = Span.of(kind, Month.of(begins))
        if span.first < Month.of(begins):  # of its first months there may be neither cost nor charges
            span = Span.of(kind, span.last.plus(1))
        known = {one.last for one in Delivery.select().where(Delivery.kind == kind)}
        while span.over_on(day):
            if span.last not in known and Goals.of(span.year).years:
                found.append(span)
            span = Span.of(kind, span.last.plus(1))
    return sorted(found, key=lambda one: (one.last, len(one.months)))


def changed_since(day: date, months: int = 3) -> list[Delivery]:
    """Return what was handed over of spans that ended in the last months and came to something else since.

    Quarters and years are looked at as long as their own length more.
    """
    newest: dict[tuple[SpanKind, Month], Delivery] = {}
    for one in Delivery.select().order_by(Delivery.version):
        back = months + (len(one.span.months) if one.kind is not SpanKind.MONTH else 0)
        if one.last >= Month.of(day).plus(-back):
            newest[one.kind, one.last] = one
    book = book_on(day)
    found = []
    for one in newest.values():
        actual = book.of_span(one.span)
        if any(row.actual != actual[row.indicator] for row in one.rows()):
            found.append(one)
    return found
