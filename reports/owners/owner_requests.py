"""OW-15 业户事项申请受理单: what a household applied for, with the receipt that it tears off."""

from __future__ import annotations

from collections.abc import Iterator

from models.complaints.contact.commitments import CommitmentState
from models.complaints.contact.owner_requests import OwnerRequest, RequestKind
from models.complaints.rights import VIEW
from models.deeds import actor
from models.errors import BadInput
from models.owners.caretaking import cared_for
from reports.numbered import by_number, penned
from reports.paper import A4, Field, Form, Sheet, Sign, Stub, declare
from reports.papers import PaperRequest, paper

_R = OwnerRequest

FORM = declare(
    Form(
        code="OW-15",
        title="业户事项申请受理单",
        module="owners",
        paper=A4,
        lead=(Field("state", "办理状态"),),
        head=(
            Field("unit", _R.unit, span=4),
            Field("applicant", _R.applicant, span=4),
            Field("at", _R.at, span=4, kind="datetime"),
            Field("kind", _R.kind, span=12, choices=tuple(one.value for one in RequestKind)),
            Field("words", _R.words, span=12, lines=3),
            Field("enclosures", _R.enclosures, span=12),
            Field("due", "承诺办结", span=4, kind="date"),
            Field("staff", "承办人", span=4),
            Field("department", "转办部门", span=4),
            Field("result", "办理结果", span=12, lines=3),
            Field("done", "办结日期", span=4, kind="date"),
            Field("fee", "费用（元）", span=4, kind="money"),
            Field("confirmed", _R.confirmed_by, span=4),
        ),
        signatures=("受理", "办理", Sign("申请人确认", 30)),
        copies=(
            Stub(
                "受理回执",
                (
                    Field("unit", _R.unit, span=4),
                    Field("applicant", _R.applicant, span=4),
                    Field("kind", _R.kind, span=4),
                    Field("words", _R.words, span=12),
                    Field("due", "承诺办结", span=4, kind="date"),
                    Field("staff", "承办人", span=8),
                ),
                ("受理",),
                notes=("请凭本回执查询、领取；到期没有办好的，请向客服主管反映。",),
            ),
        ),
        number_rule="SL-YYYYMM-NNN",
        retention="R3",
    )
)


@paper("OW-15", VIEW, "number", "unit", "period")
def requests(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in applications by their numbers, or those of a house or a period."""
    for one in _wanted(request):
        done = one.commitment.state is CommitmentState.DONE
        values = {
            "state": one.commitment.state.value, "unit": one.unit.chinese, "applicant": one.applicant,
            "at": one.at, "kind": one.kind.value, "words": one.words, "enclosures": one.enclosures or "无",
            "due": one.commitment.due, "staff": one.commitment.staff.name,
            "department": one.commitment.staff.department.name if one.commitment.staff.department else None,
            "result": one.commitment.result, "done": one.commitment.done_on, "fee": one.fee,
            "confirmed": one.confirmed_by,
        }  # fmt: skip
        dropped = one.commitment.state is CommitmentState.DROPPED
        yield Sheet(
            FORM,
            number=one.number,
            values=values if done else penned(FORM, values),
            notes=[("延期或取消", one.commitment.why)] if one.commitment.why else [],
            signed={"受理": one.made_by},
            watermark="已取消" if dropped else "",
        )


def _wanted(request: PaperRequest) -> list[OwnerRequest]:
    if request.number is not None:
        return list(by_number(OwnerRequest, request.number, VIEW))
    if request.unit is None and request.period is None:
        raise BadInput("请写明受理号，或房号，或期间，例如 SL-202611-001。", "number")
    units = cared_for(actor(), VIEW)
    query = OwnerRequest.select()
    if units is not None:
        query = query.where(OwnerRequest.unit.in_(units))
    if request.unit is not None:
        query = query.where(OwnerRequest.unit == request.unit)
    if request.period is not None:
        query = query.where(OwnerRequest.at.between(*request.period.moments))
    return list(query.order_by(OwnerRequest.number))
