"""FE-04 催缴通知单 and FE-05 催告函: letters as they were issued, with room for how they were handed over.

They say what is owed, on what ground and by when, and nothing that forms.md B4 forbids. A letter prints what
was kept of it when it was made; a void one says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from models.errors import BadInput
from models.fees.dunning.letters import (
    DunningLetter,
    LetterDelivery,
    LetterState,
    Way,
    attempts_of,
    still_asks,
)
from models.fees.dunning.rules import Stage
from models.fees.items import FeeItem
from models.fees.rights import VIEW
from models.fees.within import within
from models.money import capitals, from_scaled, thousands, to_scaled
from models.months import chinese_day
from models.office.approvals import numbered
from models.office.profile import profile
from models.owners.estate import Unit
from reports.approvals import cells_of, signed_on
from reports.numbered import by_number
from reports.paper import A4, Boxes, Column, Field, Form, Note, Sheet, Sign, Stub, Total, declare, open_total
from reports.papers import PaperRequest, paper

_BY_HAND = "\u3000"
"""Room to write in, where a dash would stand."""
_WAYS = tuple(way.value for way in Way)
_COLUMNS = (
    Column(FeeItem.name, 40),
    Column("期间", 44, "center"),
    Column("本金（元）", 26, "money"),
    Column("逾期天数", 16, "number"),
    Column(DunningLetter.late, 20, "money"),
    Column("小计（元）", 24, "money"),
)
_TOTALS = (open_total("合计", 6, [2, 4, 5]), open_total("合计（大写）", 6, [5], "人民币"))
_DAYS = "逾期天数从各项最早一笔的缴费截止日次日起算；违约金逐笔按各自的天数计算，相加即为表内数。"

LETTER = declare(
    Form(
        code="FE-04",
        title="催缴通知单",
        module="fees",
        paper=A4,
        head=(
            Field("unit", Unit.code, span=4),
            Field("addressee", DunningLetter.addressee, span=8),
            Field("stage", DunningLetter.stage, span=5, choices=("第一次催缴", "第二次催缴")),
            Field("on", DunningLetter.on, span=3, kind="date"),
            Field("deadline", DunningLetter.deadline, span=4, kind="date"),
            Field("since", "欠费期间", span=8),
            Field("contact", "联系方式", span=4),
            Field("earlier", "此前通知", span=12),
        ),
        columns=_COLUMNS,
        totals=_TOTALS,
        more=(
            Boxes(
                (
                    Field("way", LetterDelivery.way, span=8, choices=_WAYS),
                    Field("at", LetterDelivery.at, span=4),
                    Field("signed_by", "签收人", span=4),
                    Field("witnesses", "留置见证人(两位)", span=8),
                    Field("tracking", LetterDelivery.tracking, span=8),
                    Field("photo", "照片号", span=4),
                )
            ),
        ),
        signatures=("经办人", Sign("盖章处", 60, 18)),
        copies=("住户联", "存根联"),
        number_rule="CJ1-/CJ2-YYYYMM-NNN",
        retention="R5",
    )
)

DEMAND = declare(
    Form(
        code="FE-05",
        title="催告函",
        module="fees",
        paper=A4,
        head=(
            Field("addressee", DunningLetter.addressee, span=8),
            Field("unit", Unit.code, span=4),
            Field("on", DunningLetter.on, span=4, kind="date"),
            Field("deadline", DunningLetter.deadline, span=4, kind="date"),
            Field("contact", "联系方式", span=4),
        ),
        columns=_COLUMNS,
        totals=_TOTALS,
        signatures=(Sign("公司（公章）", 44, 14), Sign("主任", 34, 14), Sign("经办", 34, 14)),
        copies=(
            "正本",
            Stub(
                "送达回证",
                (
                    Field("addressee", DunningLetter.addressee, span=8),
                    Field("unit", Unit.code, span=4),
                    Field("way", LetterDelivery.way, span=8, choices=_WAYS),
                    Field("at", LetterDelivery.at, span=4),
                    Field("tracking", "EMS单号", span=6),
                    Field("slip", "EMS面单注明", span=6),
                ),
                signatures=("收件人", "送达人", "见证人", "见证人（第二位）"),
            ),
        ),
        stacked=True,
        number_rule="CGH-YYYY-NNN",
        retention="清偿+R3",
    )
)


@paper("FE-04", VIEW, "number", "period", "building", "unit", blank_notes=lambda: _letter_notes({}))
def letters(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in letters by their numbers, or those of a period, a building or a house."""
    return map(_letter, _wanted(request, (Stage.FIRST, Stage.SECOND), "CJ1-202611-001"))


@paper("FE-05", VIEW, "number", "period", "building", "unit", blank_notes=lambda: _demand_notes(None, {}))
def demands(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in formal demands by their numbers, or those of a period, a building or a house."""
    return map(_demand, _wanted(request, (Stage.FORMAL,), "CGH-2026-001"))


def _wanted(request: PaperRequest, stages: Sequence[Stage], example: str) -> list[DunningLetter]:
    """Return the letters that are asked for; those of a period without the void ones and those paid since.

    Raises:
        BadInput: nothing says which, or a number is of the other form.
        NotFound: there is no letter of this number.
        PermissionDenied: one lies beyond the reach of the person acting.
    """
    if request.number is not None:
        found: list[DunningLetter] = list(by_number(DunningLetter, request.number, VIEW))
        for letter in found:
            if letter.stage not in stages:
                other = "FE-05" if letter.stage is Stage.FORMAL else "FE-04"
                raise BadInput(f"{letter.number} 是{letter.stage.value}，请用 {other} 打印。", "number")
        return found
    if request.period is None and request.unit is None and request.building is None:
        raise BadInput(f"请写明单号、期间、楼栋或房号，例如 {example}。", "number")
    reach = within(DunningLetter.unit, unit=request.unit, building=request.building)
    kind = DunningLetter.stage.in_([stage.name for stage in stages])
    holds = (DunningLetter.state == LetterState.ISSUED) & still_asks()
    query = DunningLetter.select().join(Unit).where(kind, holds, *reach)
    if request.period is not None:
        query = query.where(DunningLetter.on.between(request.period.first, request.period.last))
    return list(query.order_by(Unit.sort_key, DunningLetter.id))


def _letter(letter: DunningLetter) -> Sheet:
    number = "1" if letter.stage is Stage.FIRST else "2"
    return Sheet(
        LETTER,
        number=letter.number,
        title=f"催缴通知单（第{number}次）",
        values=_values(letter, LETTER),
        rows=_rows(letter),
        totals=_totals(letter),
        notes=[*_void(letter), *filter(None, [_made_late(letter)]), *_letter_notes(letter.facts)],
        signed=_signed(letter),
        watermark=_watermark(letter),
    )


def _demand(letter: DunningLetter) -> Sheet:
    facts, form = letter.facts, DEMAND
    approval = numbered(facts["approval"]) if facts.get("approval") else None
    signed = _signed(letter)
    if approval is not None:
        form = replace(form, signatures=(form.signatures[0], *cells_of(approval)))
        signed = signed_on(approval)
    return Sheet(
        form,
        number=letter.number,
        values=_values(letter, form),
        rows=_rows(letter),
        totals=_totals(letter),
        notes=[*_void(letter), *_demand_notes(letter, facts)],
        signed=signed,
        watermark=_watermark(letter),
    )


def _values(letter: DunningLetter, form: Form) -> dict[str, Any]:
    """Return what a form holds outside its rows."""
    facts = letter.facts
    spans = [row[1] for row in facts["rows"]]
    told = {
        **_handed(letter),
        "unit": facts["place"],
        "addressee": letter.addressee,
        "stage": letter.stage.value,
        "on": letter.on,
        "deadline": letter.deadline,
        "since": f"{spans[0]} 等" if len(set(spans)) > 1 else spans[0],
        "contact": facts.get("contact"),
        "earlier": "；".join(facts["earlier"]) or "交费通知单",
        "slip": "物业费催告函",
    }
    return {name: value for name, value in told.items() if name in form.names}


def _handed(letter: DunningLetter) -> dict[str, str]:
    """Return how it was handed over; cells that are filled in by hand stay empty."""
    empty = dict.fromkeys(("way", "at", "signed_by", "witnesses", "tracking", "photo"), _BY_HAND)
    known = attempts_of(letter)
    if not known:
        return empty
    one = known[-1]
    told = {"way": f"{one.way.value}（{one.outcome.value}）", "at": f"{one.at:%Y-%m-%d %H:%M}"}
    named = {name: getattr(one, name) or _BY_HAND for name in ("signed_by", "witnesses", "tracking")}
    return {**empty, **told, **named}


def _rows(letter: DunningLetter) -> list[tuple[Any, ...]]:
    found = []
    for item, span, principal, days, late in letter.facts["rows"]:
        money = (_yuan(principal), days, _yuan(late), _yuan((principal or 0) + late))
        found.append((item, span, *money))
    return found


def _yuan(fen: int | None) -> Decimal | None:
    return from_scaled(fen, 2) if fen else None


def _totals(letter: DunningLetter) -> list[Total]:
    late = letter.late or None
    words = "人民币" + capitals(to_scaled(letter.total, 2))
    return [
        Total("合计", (None, None, letter.principal, None, late, letter.total)),
        Total("合计（大写）", (None, None, None, None, None, letter.total), text=words),
    ]


def _letter_notes(facts: Mapping[str, Any]) -> list[Note]:
    """Return what a letter says below its rows."""
    ways = facts.get("ways") or profile().ways_to_pay
    return [
        ("敬启", "上述费用已过缴费截止日，我们没有查到付款。请在缴费期限前交清；已经交了的，请与我们核对。"),
        ("缴费方式", ways),
        ("计算说明", _DAYS + _rates(facts)),
        ("异议", "对金额或服务有异议的，请在缴费期限前告诉我们；核对清楚以前，有异议的部分不再催缴。"),
    ]  # fmt: skip


def _rates(facts: Mapping[str, Any]) -> str:
    rates = facts.get("rates")
    return f"违约金按{'；'.join(rates)}，单利。" if rates else "没有约定违约金的，不计。"


def _demand_notes(letter: DunningLetter | None, facts: Mapping[str, Any]) -> list[Note]:
    """Return the paragraphs of a formal demand, to be written into where there is no letter."""
    parts: tuple[tuple[str, Callable[[], str]], ...] = (
        ("合同依据", lambda: _contract(facts)),
        ("欠费事实", lambda: _owed(letter)),
        ("已履行服务", lambda: facts.get("services") or "本公司已按合同约定提供物业服务，并接受业主监督。"),
        ("历次催缴", lambda: "；".join(facts.get("earlier") or ()) + "。" if facts else _LINE),
        ("法律依据", lambda: _LAW),
        ("合理期限", lambda: _term(letter, facts)),
        ("逾期后果", lambda: "期限届满仍未交清的，本公司将依法提起诉讼或者申请仲裁，或者委托律师处理。"),
        ("异议渠道", lambda: _objection(facts)),
    )
    return [(f"{_CHINESE[at]}、{name}", words()) for at, (name, words) in enumerate(parts)]


_CHINESE = "一二三四五六七八"
_LINE = "＿" * 24
_LAW = (
    "《中华人民共和国民法典》第九百四十四条第二款：业主违反约定逾期不支付物业费的，物业服务人可以催告其在"
    "合理期限内支付；合理期限届满仍不支付的，物业服务人可以提起诉讼或者申请仲裁。"
)


def _contract(facts: Mapping[str, Any]) -> str:
    contract, clause = facts.get("contract") or "＿" * 12, facts.get("clause") or "第＿＿条"
    day = facts.get("signed")
    signed = f"（{chinese_day(date.fromisoformat(day))}签订）" if day else ""
    signed = signed or ("" if facts else "（＿＿＿＿年＿＿月＿＿日签订）")
    return f"您与本公司之间适用《{contract.strip('《》')}》{signed}，{clause}约定了物业服务费用的缴纳。"


def _owed(letter: DunningLetter | None) -> str:
    if letter is None:
        return f"截至＿＿年＿＿月＿＿日，您尚欠上表所列费用合计{'＿' * 8}元。{_DAYS}"
    late = f"，违约金 {thousands(letter.late)} 元" if letter.late else ""
    return (
        f"截至{chinese_day(letter.on)}，您尚欠上表所列费用本金 {thousands(letter.principal)} 元{late}，"
        f"合计 {thousands(letter.total)} 元，逐项见上表。{_DAYS}{_rates(letter.facts)}{_made_late(letter)}"
    )


def _term(letter: DunningLetter | None, facts: Mapping[str, Any]) -> str:
    ways = facts.get("ways") or profile().ways_to_pay
    if letter is None:
        return f"请于＿＿年＿＿月＿＿日前交清。缴费方式：{ways}"
    until = chinese_day(letter.deadline)
    return f"请自收到之日起 {letter.days} 日内（不早于{until}）交清。缴费方式：{ways}"


def _objection(facts: Mapping[str, Any]) -> str:
    told = facts.get("objection") or "可以到服务中心或者书面提出"
    return f"对本函有异议的，请在上述期限内提出：{told.rstrip('。')}。我们收到后逐项核对并答复。"


def _signed(letter: DunningLetter) -> dict[str, str]:
    return {"经办人": letter.made_by, "经办": letter.made_by, "盖章处": profile().seal_place or ""}


def _void(letter: DunningLetter) -> list[Note]:
    if letter.state is not LetterState.VOID:
        return []
    when = f"{chinese_day(letter.voided_at)} {letter.voided_at:%H:%M}"
    return [f"本单已作废：{letter.void_reason}（{letter.voided_by}，{when}）。"]


def _made_late(letter: DunningLetter) -> str:
    """Say that a letter was made after the day that it bears; nothing where it was not."""
    made = letter.made_at.date()
    return f"本单于{chinese_day(made)}补开。" if made > letter.on else ""


def _watermark(letter: DunningLetter) -> str:
    return "作废" if letter.state is LetterState.VOID else ""
