"""FE-19 计费说明: how charges, debts and balances came about, for whoever asks at the counter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from models.errors import BadInput
from models.fees.explain import explain, line_of
from models.fees.explain_money import explanations_of
from models.fees.explanation import PREFIX, Explanation
from models.fees.rights import VIEW
from models.months import Period
from models.owners.estate import Unit
from reports.numbered import numbers_in
from reports.paper import A4, Column, Field, Form, Note, Sheet, Total, declare
from reports.papers import PaperRequest, paper

MEANS = (
    "金额单位为元。账单按出账时登记的面积、单价和天数计算，每笔只在最后四舍五入到分一次；"
    "后来改的面积、单价不影响已出的账单。"
)
WHOLE = "本说明列出该户截至打印日的欠费、各笔未收账单和预存余额；已结清的账单可另按账单编号打印。"

FORM = declare(
    Form(
        code="FE-19",
        title="计费说明",
        module="fees",
        paper=A4,
        head=(
            Field("unit", Unit.code, span=4),
            Field("about", "说明内容", span=8),
        ),
        columns=(
            Column("栏目", 20),
            Column("事项", 30),
            Column("算式与依据", 93),
            Column("结果（元）", 27, "number"),
        ),
        size=9,
        notes=(("口径", MEANS),),
        signatures=("制表", "财务复核", "业主（住户）确认"),
        number_rule="SM-账单编号 / SM-房号-YYYYMMDD",
        retention="R3",
    )
)

DITTO = "〃"
"""Stands for the word above it, as ledgers have it."""

_Row = tuple[str | Decimal | None, ...]


@paper("FE-19", VIEW, "number", "unit", "period")
def explained(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in lines by their numbers, those of a unit and a period, or all that is open on a unit."""
    if request.number is not None:
        for number in numbers_in(request.number):
            line = line_of(number)
            only = explain(line)
            yield _sheet(request, only.number, line.unit, only.title, [only])
        return
    if request.unit is None:
        raise BadInput("请写明账单编号，或房号（可加月份），例如 1-1-1011。", "unit")
    found = explanations_of(request.unit, request.period)
    if not found:
        return
    about = _about(request.period)
    number = f"{PREFIX}{request.unit.code}-{date.today():%Y%m%d}"
    notes = () if request.period else (("范围", WHOLE),)
    yield _sheet(request, number, request.unit, about, found, notes)


def _about(period: Period | None) -> str:
    if period is None:
        return "欠费、未收账单与预存余额"
    one_day = period.first == period.last
    return f"截至 {period.first} 的欠费" if one_day else f"{period.name} 的账单"


def _sheet(
    request: PaperRequest,
    number: str,
    unit: Unit,
    about: str,
    found: list[Explanation],
    notes: tuple[Note, ...] = (),
) -> Sheet:
    return Sheet(
        FORM,
        number=number,
        values={"unit": unit.chinese, "about": about},
        rows=[row for one in found for row in _rows(one)],
        notes=notes,
        signed={"制表": request.printed_by},
    )


def _rows(one: Explanation) -> Iterator[_Row | Total]:
    """Yield an explanation as a group of rows; the name of a chapter stands at its first line alone."""
    yield Total(one.title, (None, None, None, one.amount), opens=True)
    for chapter in one.chapters:
        for at, line in enumerate(chapter.lines):
            yield (DITTO if at else chapter.title, line.label, line.words, line.figure)
