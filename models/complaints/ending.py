"""恢复: an outage is over, and everybody who called about it is done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from models.clock import now
from models.complaints.cases import CaseState, ServiceCase, Way
from models.complaints.closing import AskedCases, end_pause
from models.complaints.outages import Outage, refuse_ended
from models.complaints.rights import LEAD
from models.complaints.steps import Step, note
from models.complaints.visits import drop_task
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fields import LinkField, MomentField, NoteField
from models.inputs import Asked

AskedOutage = Annotated[Outage, Asked(LinkField(Outage, verbose_name="停供通报"))]


@deed("complaints.join_outage", "并入停供通报", LEAD)
def join_outage(cases: AskedCases, outage: AskedOutage) -> None:
    """Join cases that turned out to be of an outage to it.

    Raises:
        RuleBroken: one is ended already.
        BadInput: the outage is over.
    """
    refuse_ended(outage)
    for case in cases:
        if not case.live:
            raise RuleBroken(f"{case.number} 已经办完，不用并入。")
        case.change(outage=outage)
        note(case, Step.JOINED, outage.described())


@deed(
    "complaints.end_outage", "登记恢复", LEAD, question="并入这个通报、还没办完的单一并关闭，不再逐件回访。"
)  # fmt: skip
def end_outage(
    outage: AskedOutage,
    result: Annotated[str, Asked(NoteField(verbose_name="恢复说明"))],
    at: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="恢复时间"), "不填为现在")
    ] = None,
) -> Outage:
    """Note that it is over; every open case that was joined to it is closed with the same words.

    Raises:
        RuleBroken: it is over already.
        BadInput: the time lies ahead, or before it began.
    """
    if outage.ended_at is not None:
        raise RuleBroken(f"{outage.described()} 已于 {outage.ended_at:%m-%d %H:%M} 恢复。")
    when = (at or now()).replace(microsecond=0)
    if not outage.since <= when <= now():
        raise BadInput(f"恢复时间要在 {outage.since:%Y-%m-%d %H:%M} 和现在之间。请核对时间。", "at")
    outage.change(ended_at=when, result=result)
    for case in ServiceCase.select().where((ServiceCase.outage == outage) & (ServiceCase.live == True)):
        _close_with(case, max(when, case.received_at), result)
    return outage


def _close_with(case: ServiceCase, at: datetime, words: str) -> None:
    end_pause(case, at)
    drop_task(case)
    case.put_in(
        CaseState.CLOSED, first_at=case.first_at or at, finished_at=case.finished_at or at,
        answer=case.answer or words, answered_way=case.answered_way or Way.PHONE, closed_at=at,
        first_closed_at=case.first_closed_at or at, visit_due=None,
    )  # fmt: skip
    note(case, Step.CLOSED, f"随停供通报关闭：{words}", at=at)
