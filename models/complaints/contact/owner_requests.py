"""事项申请: what a household applies for at the counter, and the day by which it has it (OW-15)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated

from models.attachments import keeps_files
from models.base import Record
from models.clock import now, past
from models.complaints.closing import AskedAt
from models.complaints.contact.commitment_lists import TONES, Term, in_reach, term_on
from models.complaints.contact.commitments import (
    Commitment,
    Origin,
    fulfil,
    promise,
)
from models.complaints.rights import HANDLE, REGISTER, VIEW
from models.deeds import actor, deed
from models.fields import (
    ChoiceField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NoteField,
    NumberField,
)
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Staff
from models.owners.estate import Unit
from models.owners.search import HOUSE
from models.search import finds_numbered
from models.series import Series

REQUESTS = Series("SL", "事项申请")


class RequestKind(Enum):
    """事项类别 of OW-15."""

    PAPERS = "证件办理"
    PARKING = "停车"
    MOVING = "搬运放行"
    FEES = "费用开单"
    OTHER = "其他"


class OwnerRequest(Record):
    """事项申请: what somebody of a house applies for; SL-202611-001."""

    number = NumberField(verbose_name="受理号")
    at = MomentField(index=True, verbose_name="受理时间")
    unit = LinkField(Unit, backref="+", verbose_name="房号")
    applicant = LineField(max_length=40, verbose_name="申请人")
    kind = ChoiceField(RequestKind, verbose_name="事项类别")
    words = NoteField(verbose_name="内容")
    enclosures = LineField(max_length=120, null=True, verbose_name="附件")
    commitment = LinkField(Commitment, backref="+", verbose_name="承诺事项")
    fee = MoneyField(null=True, verbose_name="费用")
    confirmed_by = LineField(max_length=40, null=True, verbose_name="确认人")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="受理人")

    key_field = "number"

    class Meta:
        title = "事项申请"


keeps_files(OwnerRequest, VIEW)


@deed("complaints.take_request", "受理申请", REGISTER)
def take_request(
    unit: Annotated[Unit, Asked(LinkField(Unit, verbose_name="房号"))],
    applicant: Annotated[str, Asked(LineField(max_length=40, verbose_name="申请人"))],
    kind: Annotated[RequestKind, Asked(ChoiceField(RequestKind, verbose_name="事项类别"))],
    words: Annotated[str, Asked(NoteField(verbose_name="内容"))],
    staff: Annotated[Staff, Asked(LinkField(Staff, verbose_name="承办人"))],
    due: Annotated[date, Asked(DayField(verbose_name="承诺办结"))],
    enclosures: Annotated[
        str | None, Asked(LineField(max_length=120, null=True, verbose_name="附件"))
    ] = None,
    at: AskedAt = None,
) -> OwnerRequest:
    """Take an application; the receipt says by which day it is done.

    Raises:
        BadInput: the time lies ahead, or the day is over.
        RuleBroken: whoever is to do it has left.
    """
    when = past(at, "受理时间")
    number = REQUESTS.next(when.date())
    commitment = promise(Origin.REQUEST, number, f"{kind.value}：{words}", staff, due, unit, when.date())
    return OwnerRequest.add(
        number=number, at=when, unit=unit, applicant=applicant, kind=kind, words=words, enclosures=enclosures,
        commitment=commitment, made_at=now(), made_by=actor().name,
    )  # fmt: skip


@deed("complaints.finish_request", "办结申请", HANDLE)
def finish_request(
    request: Annotated[OwnerRequest, Asked(LinkField(OwnerRequest, verbose_name="事项申请"))],
    result: Annotated[str, Asked(NoteField(verbose_name="办理结果"))],
    confirmed_by: Annotated[
        str | None, Asked(LineField(max_length=40, null=True, verbose_name="确认人"), "不填为申请人")
    ] = None,
    fee: Annotated[
        Decimal | None, Asked(MoneyField(null=True, verbose_name="费用"), "收了费的填，收据在收费里开")
    ] = None,
) -> OwnerRequest:
    """Note that an application is done, and that the applicant was told.

    Raises:
        RuleBroken: it is done or dropped already.
    """
    today = now().date()
    fulfil(request.commitment, result=result, done_on=today, told_on=today, told_by="当面确认")
    return request.change(fee=fee, confirmed_by=confirmed_by or request.applicant)


@listing("owner_requests", "事项申请", "complaints", VIEW, "period", "unit", "building")
def owner_requests(filters: Filters) -> Listing:
    """Applications, the latest first, each with how it stands to its day."""
    query = OwnerRequest.select().join(Unit).switch(OwnerRequest).join(Commitment).join(Staff)
    query = query.where(OwnerRequest.id > 0, *in_reach(OwnerRequest.unit))
    query = filters.narrow(query, period=OwnerRequest.at, unit=OwnerRequest.unit, building=Unit.building)
    columns = (
        Shown("number", OwnerRequest.number),
        Shown("at", OwnerRequest.at, hidden=True),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("applicant", OwnerRequest.applicant),
        Shown("kind", OwnerRequest.kind),
        Shown("words", NoteField(verbose_name="内容").roomier(20), OwnerRequest.words),
        Shown("staff", Staff.name, label="承办人"),
        Shown("due", Commitment.due, label="承诺办结"),
        Shown("state", Commitment.state, label="办理状态", status=True),
        Shown("term", ChoiceField(Term, verbose_name="期限情况"), term_on(now().date()), status=True),
        Shown("result", Commitment.result, hidden=True),
        Shown("fee", OwnerRequest.fee, hidden=True),
        Shown("enclosures", OwnerRequest.enclosures, hidden=True),
        Shown("made_by", OwnerRequest.made_by, hidden=True),
    )
    return Listing(
        query, columns, id=OwnerRequest.id, order=("-number",), record=OwnerRequest,
        search=(OwnerRequest.number, HOUSE, OwnerRequest.applicant, OwnerRequest.words), tones=TONES,
    )  # fmt: skip


finds_numbered(
    VIEW,
    "SL",
    OwnerRequest,
    "owner_requests",
    "事项申请",
    lambda one: one.words[:30],
    lambda: in_reach(OwnerRequest.unit),
)
