"""AP-08 财务指标测算与完成情况表: targets and what came of them, as delivered for appraisal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from models.appraisals.deliveries import Delivery, latest
from models.appraisals.lists import COLUMNS, asked_span, cells, charts_of_year
from models.appraisals.rights import VIEW
from models.appraisals.spans import Indicator, Span
from models.appraisals.table import FORMULAS, IndicatorRow, rows_of
from models.months import chinese_day
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Note, Sheet, declare
from reports.papers import PaperRequest, paper

_WIDTHS = {"year": 34, "quarter": 31, "month": 29, "actual": 30, "total": 32}

FORM = declare(
    Form(
        code="AP-08",
        title="财务指标测算与完成情况表",
        module="appraisals",
        paper=A4_LANDSCAPE,
        lead=(Field("span", "考核期"), Field("on", "报送日期", kind="date"), Field("receivers", "报送")),
        columns=(
            Column("指标（元）", 24),
            *(Column(label, _WIDTHS.get(name, 20), "number") for name, label in COLUMNS),
            Column("说明", 33),
        ),
        min_rows=len(Indicator),
        notes=(("口径", FORMULAS),),
        signatures=("财务", "经理"),
        number_rule="CW-YYYYMM-处",
        retention="R10",
    )
)


@paper("AP-08", VIEW, "period", "number", blank=lambda request: _empty())
def indicators(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in what was delivered of a month, quarter or year, or its figures as of today as a draft."""
    delivery = Delivery.find(request.number) if request.number else None
    span = delivery.span if delivery else asked_span(request.period)
    delivery = delivery or latest(span)
    rows = delivery.rows() if delivery else rows_of(span, date.today())
    values: dict[str, str | date | None] = {"span": span.chinese}
    if delivery is not None:
        values |= {"on": delivery.on, "receivers": delivery.receivers}
    yield Sheet(
        FORM,
        number=delivery.number if delivery else f"CW-{span.code}-处",
        values=values,
        rows=_table(rows),
        charts=list(charts_of_year(span.year)),
        notes=_notes(span, delivery),
        signed={"财务": delivery.made_by if delivery else request.printed_by},
        watermark="" if delivery else "草稿",
    )


def _empty() -> Iterator[Sheet]:
    """Yield the empty form with the names of the indicators."""
    by_hand = tuple(replace(column, by_hand=True) for column in FORM.columns)
    line = "______________"
    yield Sheet(
        replace(FORM, columns=by_hand, qr=False),
        number=line,
        values={"span": line, "on": line, "receivers": line},
        rows=[(one.value, *[""] * (len(by_hand) - 1)) for one in Indicator],
    )


def _table(rows: Sequence[IndicatorRow]) -> list[tuple[str, ...]]:
    return [(one.indicator.value, *cells(one), one.note) for one in rows]


def _notes(span: Span, delivery: Delivery | None) -> list[Note]:
    if delivery is None:
        until = chinese_day(min(span.last.last, date.today()))
        return [("草稿", f"{span.chinese}还没有报送，数字截至{until}，以报送的为准。")]
    told: list[Note] = [("说明", delivery.note)] if delivery.note else []
    last = latest(span)
    if last is not None and last.version > delivery.version:
        told.append(("已更正", f"本份已由 {last.number} 代替，以后者为准。"))
    if delivery.version:
        told.append((f"更正 {delivery.version}", f"{delivery.reason}。原报送的留存备查。"))
    return [*told, ("图", f"各月实际数为打印时的账，截至{chinese_day(date.today())}。")]
