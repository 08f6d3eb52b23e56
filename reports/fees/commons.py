"""FE-20 公共收益收支公示: what common parts earned and cost, and where it went, to be hung up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from models.errors import BadInput
from models.fees.commons.ledger import PUBLISHED, CommonNotice
from models.fees.commons.notices import CommonStatement, NoticeLine, Span, number_of, statement_of
from models.fees.rights import VIEW
from models.money import from_scaled
from models.months import Period, chinese_day
from models.office.profile import profile
from reports.paper import A4, Column, Field, Form, Note, Sheet, Sign, Total, declare, open_total
from reports.papers import PaperRequest, paper

PROOF = "期末结余＝期初结余＋收入－合理成本－转出。公共收益归全体业主所有，单独记账，不计入物业费。"
LAW = "依据《民法典》第二百八十二条、第九百四十三条公示。"
_POSTED = "______年____月____日 至 ______年____月____日"

_SUMS = (
    *("一、期初结余", "二、收入", "三、合理成本", "四、本期净收益（二－三）"),
    *("五、转入维修资金和分配", "六、期末结余（一＋四－五）"),
)

_Row = tuple[str | int | Decimal | None, ...]

FORM = declare(
    Form(
        code="FE-20",
        title="公共收益收支公示",
        module="fees",
        paper=A4,
        lead=(Field("span", "期间"),),
        head=(Field("posted", "公示起止", span=12), Field("place", "公示地点", span=12)),
        columns=(
            Column("序号", 11, "number"),
            Column("项目", 42),
            Column("合同与说明", 54),
            Column("本期（元）", 27, "money"),
            Column("上年同期（元）", 27, "money"),
            Column("增减（元）", 25, "money"),
        ),
        blank_rows=10,
        totals=tuple(open_total(label, 6, (3, 4, 5)) for label in _SUMS),
        notes=(("说明", PROOF), ("公示依据", LAW)),
        signatures=("制表", "会计", "主任", Sign("公示单位（盖章）", 40, 18)),
        number_rule="GYGS-期间",
        retention="RL",
    )
)


@paper("FE-20", VIEW, "period", "number", blank_notes=lambda: [_asking()])
def common_notice(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the notice of a period of whole months, or the one that was published under a number."""
    notice = CommonNotice.find(request.number) if request.number else None
    span = _span(notice, request.period)
    notice = notice or _published(span)
    told = statement_of(span)
    yield Sheet(
        FORM,
        number=notice.number if notice else number_of(span),
        values={
            "span": span.chinese,
            "posted": f"{chinese_day(notice.since)} 至 {chinese_day(notice.until)}" if notice else _POSTED,
            "place": notice.place if notice else "______________",
        },
        rows=list(_rows(told)),
        notes=[*_withdrawn(notice), _asking()],
        signed={"制表": request.printed_by, "公示单位（盖章）": profile().seal_place or ""},
        watermark=_mark(notice, span),
    )


def _mark(notice: CommonNotice | None, span: Span) -> str:
    """Return what stands across a notice: taken down, or of a period that is not over."""
    if notice is not None:
        return "已撤回" if notice.withdrawn else ""
    return "草稿" if span.days[1] >= date.today() else ""


def _span(notice: CommonNotice | None, period: Period | None) -> Span:
    if notice is not None:
        return Span(*Period("", notice.first, notice.last).months)
    if period is None:
        raise BadInput("请写明期间，例如 2026H1（上半年）、2026Q3 或 2026。", "period")
    first, last = period.months
    if (period.first, period.last) != (first.first, last.last):
        raise BadInput(f"“{period.name}”不是整月。请写季度、半年或年，例如 2026H1。", "period")
    return Span(first, last)


def _published(span: Span) -> CommonNotice | None:
    same = PUBLISHED & (CommonNotice.first == span.days[0]) & (CommonNotice.last == span.days[1])
    return CommonNotice.get_or_none(same)


def _rows(told: CommonStatement) -> Iterator[_Row | Total]:
    """Yield what there was, what came in and went out by kind, and what is left, each with its sum."""
    income, cost, out = told.sums
    income_before, cost_before, out_before = told.sums_before
    yield _total(_SUMS[0], told.opening, told.opening_before)
    yield _total(_SUMS[1], income, income_before, opens=bool(told.income))
    yield from _lines(told.income)
    yield _total(_SUMS[2], cost, cost_before, opens=bool(told.costs))
    yield from _lines(told.costs)
    yield _total(_SUMS[3], income - cost, income_before - cost_before)
    yield _total(_SUMS[4], out, out_before, opens=bool(told.out))
    yield from _lines(told.out)
    yield _total(_SUMS[5], told.closing, told.closing_before)


def _lines(lines: Sequence[NoticeLine]) -> Iterator[_Row]:
    for number, line in enumerate(lines, start=1):
        yield (number, line.kind, line.about, *_money(line.fen, line.before))


def _total(label: str, fen: int, before: int, *, opens: bool = False) -> Total:
    return Total(label, (None, None, None, *_money(fen, before)), opens=opens)


def _money(fen: int, before: int) -> tuple[Decimal, Decimal, Decimal]:
    now, then, more = (from_scaled(each, 2) for each in (fen, before, fen - before))
    return now, then, more


def _withdrawn(notice: CommonNotice | None) -> list[Note]:
    return [("已撤回", f"{notice.withdrawn}。")] if notice and notice.withdrawn else []


def _asking() -> Note:
    office = profile()
    told = [office.telephone or "____________"]
    told += [office.address] if office.address else []
    return ("查阅与监督", f"合同、凭证可以到物业服务中心查阅。电话、地址：{'；'.join(told)}。")
