"""纠纷调解: two neighbours, what each says, and what they agree on (CS-12, duty c08.a.11)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

from peewee import JOIN

from models.attachments import keeps_files
from models.base import Record
from models.clock import now, past
from models.complaints.cases import ServiceCase
from models.complaints.closing import AskedAt
from models.complaints.contact.commitment_lists import in_reach
from models.complaints.contact.commitments import AskedPromises, Origin, promise_all
from models.complaints.rights import HANDLE, VIEW
from models.deeds import Actor, actor, deed, judges_scope
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    LineField,
    LinkField,
    MomentField,
    NoteField,
    NumberField,
)
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Staff
from models.owners.caretaking import reaches
from models.owners.estate import Unit
from models.search import finds_numbered
from models.series import Series

MEDIATIONS = Series("TJ", "纠纷调解", digits=2)


class Dispute(Enum):
    """纠纷类型 of CS-12."""

    LEAK = "漏水"
    NOISE = "噪声"
    OCCUPYING = "占用"
    PETS = "宠物"
    PARKING = "停车"
    OTHER = "其他"


class MediationState(Enum):
    """How far a mediation is."""

    OPEN = "调解中"
    AGREED = "达成协议"
    FAILED = "未达成"


TONES = {
    MediationState.AGREED.value: "ok",
    MediationState.OPEN.value: "warning",
    MediationState.FAILED.value: "danger",
}


class Mediation(Record):
    """纠纷调解: one dispute of two parties, TJ-202611-01."""

    number = NumberField(verbose_name="调解号")
    at = MomentField(index=True, verbose_name="受理时间")
    kind = ChoiceField(Dispute, verbose_name="纠纷类型")
    unit = LinkField(Unit, backref="+", verbose_name="甲方房号")
    name = LineField(max_length=40, verbose_name="甲方姓名")
    other_unit = LinkField(Unit, null=True, backref="+", verbose_name="乙方房号")
    other_name = LineField(max_length=40, verbose_name="乙方姓名")
    facts = NoteField(verbose_name="事实")
    claims = NoteField(null=True, verbose_name="甲方主张")
    other_claims = NoteField(null=True, verbose_name="乙方主张")
    evidence = LineField(max_length=120, null=True, verbose_name="现场证据")
    case = LinkField(ServiceCase, null=True, backref="+", verbose_name="转自单号")
    state = ChoiceField(MediationState, default=MediationState.OPEN, verbose_name="状态")
    course = NoteField(null=True, verbose_name="调解过程")
    agreement = NoteField(null=True, verbose_name="协议内容")
    advice = NoteField(null=True, verbose_name="未成建议")
    mediator = LinkField(Staff, null=True, backref="+", verbose_name="调解员")
    witness = LineField(max_length=60, null=True, verbose_name="见证人")
    ended_at = MomentField(null=True, verbose_name="调解时间")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="登记人")

    key_field = "number"
    moves = {MediationState.OPEN: (MediationState.AGREED, MediationState.FAILED)}

    class Meta:
        title = "纠纷调解"


@judges_scope(Mediation)
def reaches_mediation(mediation: Mediation, person: Actor, right: str) -> bool:
    """As the house of either party."""
    other = mediation.other_unit
    return reaches(mediation.unit, person, right) or (other is not None and reaches(other, person, right))


keeps_files(Mediation, VIEW)
AskedMediation = Annotated[Mediation, Asked(LinkField(Mediation, verbose_name="调解"))]
AskedMediator = Annotated[Staff, Asked(LinkField(Staff, verbose_name="调解员"))]
AskedCourse = Annotated[str, Asked(NoteField(verbose_name="调解过程"))]


@deed("complaints.add_mediation", "登记调解", HANDLE)
def add_mediation(
    kind: Annotated[Dispute, Asked(ChoiceField(Dispute, verbose_name="纠纷类型"))],
    unit: Annotated[Unit, Asked(LinkField(Unit, verbose_name="甲方房号"))],
    name: Annotated[str, Asked(LineField(max_length=40, verbose_name="甲方姓名"))],
    other_name: Annotated[str, Asked(LineField(max_length=40, verbose_name="乙方姓名"))],
    facts: Annotated[str, Asked(NoteField(verbose_name="事实"))],
    other_unit: Annotated[
        Unit | None, Asked(LinkField(Unit, null=True, verbose_name="乙方房号"), "外来的不填")
    ] = None,
    claims: Annotated[str | None, Asked(NoteField(null=True, verbose_name="甲方主张"))] = None,
    other_claims: Annotated[str | None, Asked(NoteField(null=True, verbose_name="乙方主张"))] = None,
    evidence: Annotated[
        str | None, Asked(LineField(max_length=120, null=True, verbose_name="现场证据"), "照片号、录音号")
    ] = None,
    case: Annotated[
        ServiceCase | None, Asked(LinkField(ServiceCase, null=True, verbose_name="转自单号"), "没有的不填")
    ] = None,
    at: AskedAt = None,
) -> Mediation:
    """Note a dispute that both parties let the office mediate.

    Raises:
        BadInput: the time lies ahead, or both parties are one household.
    """
    when = _moment(at, None)
    if other_unit is not None and other_unit == unit and name == other_name:
        raise BadInput("甲方和乙方不能是同一人。请核对。", "other_name")
    return Mediation.add(
        number=MEDIATIONS.next(when.date()), at=when, kind=kind, unit=unit, name=name,
        other_unit=other_unit, other_name=other_name, facts=facts, claims=claims, other_claims=other_claims,
        evidence=evidence, case=case, made_at=now(), made_by=actor().name,
    )  # fmt: skip


def _moment(at: datetime | None, after: datetime | None) -> datetime:
    when = past(at, "时间")
    if after is not None and when < after:
        raise BadInput(f"调解时间早于受理时间 {after:%Y-%m-%d %H:%M}。请核对时间。", "at")
    return when


@deed("complaints.settle_mediation", "登记达成协议", HANDLE)
def settle_mediation(
    mediation: AskedMediation,
    course: AskedCourse,
    agreement: Annotated[str, Asked(NoteField(verbose_name="协议内容"))],
    mediator: AskedMediator,
    witness: Annotated[str | None, Asked(LineField(max_length=60, null=True, verbose_name="见证人"))] = None,
    promises: AskedPromises = None,
    at: AskedAt = None,
) -> Mediation:
    """Note what both agreed on; what the office is to watch falls due.

    Raises:
        RuleBroken: it is ended already.
        BadInput: the time lies ahead, or before it began.
        RowRefused: what is watched falls due before that.
    """
    when = _end(mediation, at)
    mediation.move_to(
        MediationState.AGREED, course=course, agreement=agreement, mediator=mediator, witness=witness,
        ended_at=when,
    )  # fmt: skip
    promise_all(Origin.MEDIATION, mediation.number, promises, mediation.unit, when.date())
    return mediation


@deed("complaints.fail_mediation", "登记未达成", HANDLE)
def fail_mediation(
    mediation: AskedMediation,
    course: AskedCourse,
    advice: Annotated[str, Asked(NoteField(verbose_name="未成建议"), "居委、人民调解、诉讼")],
    mediator: AskedMediator,
    at: AskedAt = None,
) -> Mediation:
    """Note that nothing was agreed on, and where the parties were sent.

    Raises:
        RuleBroken: it is ended already.
        BadInput: the time lies ahead, or before it began.
    """
    when = _end(mediation, at)
    return mediation.move_to(
        MediationState.FAILED, course=course, advice=advice, mediator=mediator, ended_at=when
    )


def _end(mediation: Mediation, at: datetime | None) -> datetime:
    if mediation.state is not MediationState.OPEN:
        raise RuleBroken(
            f"{mediation.number} 已于 {mediation.ended_at:%Y-%m-%d} 登记“{mediation.state.value}”。"
        )
    return _moment(at, mediation.at)


@listing("mediations", "纠纷调解", "complaints", VIEW, "period", "unit", "state", "case")
def mediations(filters: Filters) -> Listing:
    """Disputes, the latest first, and how they ended."""
    other = Unit.alias()
    query = Mediation.select().join(Unit, on=(Mediation.unit == Unit.id)).switch(Mediation)
    query = query.join(other, JOIN.LEFT_OUTER, on=(Mediation.other_unit == other.id)).switch(Mediation)
    query = query.join(Staff, JOIN.LEFT_OUTER).switch(Mediation).join(ServiceCase, JOIN.LEFT_OUTER)
    query = query.where(Mediation.id > 0, *in_reach(Mediation.unit, Mediation.other_unit))
    query = filters.narrow(query, period=Mediation.at)
    if filters.unit:
        query = query.where((Mediation.unit == filters.unit) | (Mediation.other_unit == filters.unit))
    query = filters.narrow(query, case=Mediation.case, state=Mediation.state)
    columns = (
        Shown("number", Mediation.number),
        Shown("at", Mediation.at),
        Shown("kind", Mediation.kind),
        Shown("unit", Unit.code, label="甲方房号", sort=Unit.sort_key),
        Shown("name", Mediation.name),
        Shown("other_unit", other.code, label="乙方房号", sort=other.sort_key),
        Shown("other_name", Mediation.other_name),
        Shown("facts", NoteField(verbose_name="事实").roomier(22), Mediation.facts),
        Shown("state", Mediation.state, status=True),
        Shown("agreement", Mediation.agreement, hidden=True),
        Shown("advice", Mediation.advice, hidden=True),
        Shown("mediator", Staff.name, label="调解员"),
        Shown("ended_at", Mediation.ended_at, hidden=True),
        Shown("case", ServiceCase.number, label="转自单号", hidden=True),
    )
    return Listing(
        query, columns, id=Mediation.id, order=("-number",), record=Mediation,
        search=(Mediation.number, Unit.code, other.code, Mediation.name, Mediation.other_name), tones=TONES,
    )  # fmt: skip


finds_numbered(
    VIEW,
    "TJ",
    Mediation,
    "mediations",
    "纠纷调解",
    lambda one: one.facts[:30],
    lambda: in_reach(Mediation.unit, Mediation.other_unit),
)
