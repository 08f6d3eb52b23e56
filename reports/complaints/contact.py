"""CS-09 to CS-12: minutes with owners, the book of visitors and letters, proposals, mediations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import JOIN

from models.complaints.contact.commitment_lists import in_reach
from models.complaints.contact.commitments import Commitment, CommitmentState, of_source
from models.complaints.contact.forums import Forum, ForumSpeech, ForumState
from models.complaints.contact.mediations import Dispute, Mediation, MediationState
from models.complaints.contact.proposals import Proposal
from models.complaints.contact.receptions import Reception
from models.complaints.rights import VIEW
from models.errors import BadInput
from models.months import Period
from reports.numbered import by_number, penned
from reports.paper import (
    A4,
    A4_LANDSCAPE,
    Column,
    Field,
    Form,
    Sheet,
    Sign,
    Table,
    Total,
    declare,
)
from reports.papers import PaperRequest, paper

_F, _M = Forum, Mediation

FORUM = declare(
    Form(
        code="CS-09",
        title="恳谈会纪要",
        module="complaints",
        paper=A4,
        lead=(Field("state", _F.state),),
        head=(
            Field("title", _F.title, span=12),
            Field("at", _F.at, span=6, kind="datetime"),
            Field("place", _F.place, span=6),
            Field("chair", _F.chair, span=6),
            Field("recorder", _F.recorder, span=6),
            Field("owners", _F.owners, span=12, lines=2),
            Field("committee", _F.committee, span=6),
            Field("community", _F.community, span=6),
            Field("office", _F.office, span=12),
            Field("agenda", _F.agenda, span=12, lines=3),
        ),
        columns=(
            Column("序号", 10, "number"),
            Column("房号与发言人", 34, by_hand=True),
            Column(ForumSpeech.words, 68, by_hand=True),
            Column(ForumSpeech.answer, 58, by_hand=True),
        ),
        min_rows=1,
        blank_rows=5,
        more=(
            Table(
                (
                    Column("序号", 10, "number"),
                    Column("承诺事项", 62, by_hand=True),
                    Column("责任人", 20, by_hand=True),
                    Column("完成期限", 24, "day", by_hand=True),
                    Column("公示或反馈", 26, by_hand=True),
                    Column("完成情况", 28, by_hand=True),
                ),
                name="promises",
                caption="答复与承诺",
                min_rows=1,
                blank_rows=4,
            ),
        ),
        signatures=("主持", Sign("业主代表", 30), "记录"),
        number_rule="KT-YYYY-NN",
        retention="R5",
    )
)

SIGN_IN = Form(
    code="CS-09",
    title="恳谈会签到表",
    module="complaints",
    paper=A4_LANDSCAPE,
    lead=(Field("title", _F.title), Field("at", _F.at, kind="datetime"), Field("place", _F.place)),
    columns=(
        Column("序号", 14, "number"),
        Column("房号或单位", 60, by_hand=True),
        Column("姓名", 50, by_hand=True),
        Column("签到", 66, by_hand=True),
        Column("电话（自愿）", 67, by_hand=True),
    ),
    blank_rows=14,
    signatures=("记录",),
    number_rule="KT-YYYY-NN",
    retention="R5",
)
"""Goes with the minutes; it is no form of its own."""
_SPEAKERS, _PROMISES, _GUESTS = 6, 5, 12

RECEPTIONS = declare(
    Form(
        code="CS-10",
        title="客户接待、来信登记表",
        module="complaints",
        paper=A4_LANDSCAPE,
        lead=(Field("period", "期间"),),
        columns=(
            Column("序号", 9, "number"),
            Column("时间", 20, "datetime", by_hand=True),
            Column(Reception.manner, 12, "center", by_hand=True),
            Column("单位、房号", 22, by_hand=True),
            Column(Reception.name, 15, by_hand=True),
            Column(Reception.words, 50, by_hand=True),
            Column("承办人", 15, by_hand=True),
            Column("回复期限", 19, "day", by_hand=True),
            Column("处理结果", 46, by_hand=True),
            Column("回复日期", 19, "day", by_hand=True),
            Column(Reception.case, 26, "code", by_hand=True),
            Column(Reception.note, 14, by_hand=True),
        ),
        blank_rows=12,
        signatures=("接待", "主管"),
        qr=False,
        number_rule="JDB-YYYYMM",
        retention="R3",
    )
)

PROPOSALS = declare(
    Form(
        code="CS-11",
        title="业主提案（意见建议）汇总表",
        module="complaints",
        paper=A4_LANDSCAPE,
        lead=(Field("period", "期间"),),
        columns=(
            Column("序号", 9, "number"),
            Column(Proposal.day, 20, "day", by_hand=True),
            Column("房号、来源", 26, by_hand=True),
            Column(Proposal.words, 60, by_hand=True),
            Column(Proposal.kind, 14, "center", by_hand=True),
            Column(Proposal.state, 16, "center", by_hand=True),
            Column(Proposal.reason, 44, by_hand=True),
            Column(Proposal.department, 22, by_hand=True),
            Column("计划完成", 20, "day", by_hand=True),
            Column(Proposal.told_on, 20, "day", by_hand=True),
        ),
        blank_rows=12,
        signatures=("客服主管", Sign("项目经理批示", 40)),
        qr=False,
        number_rule="TAB-YYYYQn",
        retention="R3",
    )
)

MEDIATION = declare(
    Form(
        code="CS-12",
        title="纠纷调解记录",
        module="complaints",
        paper=A4,
        lead=(Field("state", _M.state),),
        head=(
            Field("one", "甲方房号、姓名", span=6),
            Field("other", "乙方房号、姓名", span=6),
            Field("kind", _M.kind, span=12, choices=tuple(one.value for one in Dispute)),
            Field("at", _M.at, span=6, kind="datetime"),
            Field("case", _M.case, span=6),
            Field("facts", _M.facts, span=12, lines=3),
            Field("claims", _M.claims, span=12, lines=2),
            Field("other_claims", _M.other_claims, span=12, lines=2),
            Field("evidence", _M.evidence, span=12),
            Field("course", _M.course, span=12, lines=4),
            Field("agreement", _M.agreement, span=12, lines=3),
            Field("advice", _M.advice, span=12),
            Field("follow", "跟进事项", span=12),
            Field("ended_at", _M.ended_at, span=6, kind="datetime"),
            Field("witness", _M.witness, span=6),
        ),
        notes=(
            "调解出于双方自愿，协议由双方签字后各执一份；不愿调解或调解不成的，可向居委会、人民调解委员会申请，或向法院起诉。",
        ),
        signatures=("甲方", "乙方", "调解员", "见证人"),
        number_rule="TJ-YYYYMM-NN",
        retention="R5",
    )
)


def _blank_forum(request: PaperRequest) -> Iterator[Sheet]:
    """Make the empty minutes, with the sheet on which people sign in."""
    yield Sheet(
        FORUM,
        values=penned(FORUM, dict.fromkeys(FORUM.names)),
        rows=_pens(_SPEAKERS, 4),
        tables={"promises": _pens(_PROMISES, 6)},
    )
    yield Sheet(SIGN_IN, blank=True)


def _pens(count: int, columns: int) -> list[tuple[Any, ...]]:
    """Return numbered rows to write in."""
    return [(number, *("",) * (columns - 1)) for number in range(1, count + 1)]


@paper("CS-09", VIEW, "number", "period", blank=_blank_forum)
def forums(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in minutes by their numbers, or those of a period; a planned one to be signed in."""
    if request.number is not None:
        found = list(by_number(Forum, request.number, VIEW))
    else:
        period = _period(request, "会议号或期间，例如 KT-2026-01、2026")
        found = list(Forum.select().where(Forum.at.between(*period.moments)).order_by(Forum.number))
    for forum in found:
        yield _forum(forum)
        if forum.state is ForumState.PLANNED:
            names = ("title", "at", "place")
            values = {name: getattr(forum, name) for name in names}
            yield Sheet(SIGN_IN, number=forum.number, values=values, rows=_pens(_GUESTS, 5))


def _forum(forum: Forum) -> Sheet:
    held = forum.state is ForumState.HELD
    names = (
        "title",
        "at",
        "place",
        "chair",
        "recorder",
        "owners",
        "committee",
        "community",
        "office",
        "agenda",
    )
    values = {name: getattr(forum, name) for name in names} | {"state": forum.state.value}
    speeches: list[Any] = [
        (
            number,
            " ".join(filter(None, [one.unit.code if one.unit else None, one.name])),
            one.words,
            one.answer,
        )
        for number, one in enumerate(forum.speeches.order_by(ForumSpeech.id), start=1)
    ]
    promises: list[Any] = [
        (number, one.words, one.staff.name, one.due, one.told_by, _state(one))
        for number, one in enumerate(of_source(forum.number), start=1)
    ]
    return Sheet(
        FORUM,
        number=forum.number,
        values=values if held else penned(FORUM, values),
        rows=speeches if held else _pens(_SPEAKERS, 4),
        tables={"promises": promises if held else _pens(_PROMISES, 6)},
        notes=[("发送范围", forum.sent_to)] if forum.sent_to else [],
        watermark="已取消" if forum.state is ForumState.DROPPED else "",
    )


def _state(one: Commitment) -> str:
    if one.state is CommitmentState.DONE:
        return f"{one.done_on} {one.result}"
    return f"{one.state.value}{'：' + one.why if one.why else ''}"


@paper("CS-10", VIEW, "period", "unit")
def receptions(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in who came and wrote in a period."""
    period = _period(request, "期间，例如 2026-11")
    query = Reception.select(Reception, Commitment).join(Commitment, JOIN.LEFT_OUTER)
    query = query.where(Reception.at.between(*period.moments), *in_reach(Reception.unit))
    if request.unit is not None:
        query = query.where(Reception.unit == request.unit)
    rows = [_reception(number, one) for number, one in enumerate(query.order_by(Reception.number), start=1)]
    if rows:
        yield Sheet(
            RECEPTIONS,
            number=f"JDB-{period.first:%Y%m}",
            values={"period": period.name},
            rows=rows,
            totals=(Total("小计", text=f"共 {len(rows)} 件"),),
            signed={"接待": request.printed_by},
        )


def _reception(number: int, one: Reception) -> tuple[Any, ...]:
    promised = one.commitment
    result = one.result or (promised.result if promised else None)
    return (
        number, one.at, one.manner.value, one.whence, one.name, one.words,
        promised.staff.name if promised else one.made_by, promised.due if promised else None, result,
        promised.told_on if promised else one.at.date() if one.result else None,
        one.case.number if one.case else None, one.note,
    )  # fmt: skip


@paper("CS-11", VIEW, "period", "unit")
def proposals(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in what was proposed in a period, usually a quarter."""
    period = _period(request, "期间，例如 2026Q3")
    query = Proposal.select(Proposal, Commitment).join(Commitment, JOIN.LEFT_OUTER)
    query = query.where(Proposal.day.between(period.first, period.last), *in_reach(Proposal.unit))
    if request.unit is not None:
        query = query.where(Proposal.unit == request.unit)
    rows = [
        (number, one.day, one.whence, one.words, one.kind.value, one.state.value, one.reason,
         one.department.name if one.department else None, one.commitment.due if one.commitment else None,
         one.told_on)
        for number, one in enumerate(query.order_by(Proposal.number), start=1)
    ]  # fmt: skip
    if rows:
        yield Sheet(
            PROPOSALS,
            number=f"TAB-{Period.quarter_of(period.first).name}",
            values={"period": period.name},
            rows=rows,
            totals=(Total("小计", text=f"共 {len(rows)} 件"),),
            signed={"客服主管": request.printed_by},
        )


@paper("CS-12", VIEW, "number", "unit", "period")
def mediations(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in mediations by their numbers, or those of a house or a period."""
    if request.number is not None:
        found = list(by_number(Mediation, request.number, VIEW))
    else:
        reach = in_reach(Mediation.unit, Mediation.other_unit)
        query = Mediation.select().where(Mediation.id > 0, *reach)
        if request.unit is not None:
            query = query.where((Mediation.unit == request.unit) | (Mediation.other_unit == request.unit))
        else:
            period = _period(request, "调解号、房号或期间，例如 TJ-202611-01")
            query = query.where(Mediation.at.between(*period.moments))
        found = list(query.order_by(Mediation.number))
    yield from map(_mediation, found)


def _mediation(one: Mediation) -> Sheet:
    names = ("at", "facts", "claims", "other_claims", "evidence", "course", "agreement", "advice", "ended_at",
             "witness")  # fmt: skip
    follow = "；".join(f"{each.words}（{each.told}）" for each in of_source(one.number))
    values = {name: getattr(one, name) for name in names} | {
        "state": one.state.value, "kind": one.kind.value, "one": f"{one.unit.chinese} {one.name}",
        "other": " ".join(filter(None, [one.other_unit.chinese if one.other_unit else None, one.other_name])),
        "case": one.case.number if one.case else "无", "follow": follow or None,
    }  # fmt: skip
    open_one = one.state is MediationState.OPEN
    return Sheet(
        MEDIATION,
        number=one.number,
        values=penned(MEDIATION, values) if open_one else values,
        signed={"调解员": one.mediator.name} if one.mediator else {},
    )


def _period(request: PaperRequest, example: str) -> Period:
    if request.period is None:
        raise BadInput(f"请写明{example}。", "period")
    return request.period
