"""接待与来信: who came or wrote, what for, and the answer that is due (CS-10, duty c01.b.04)."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from peewee import JOIN

from models.attachments import keeps_files
from models.base import Record
from models.clock import now, past
from models.complaints.cases import ServiceCase
from models.complaints.closing import AskedAt
from models.complaints.contact.commitment_lists import TONES, in_reach
from models.complaints.contact.commitments import (
    AskedDoer,
    AskedTerm,
    Commitment,
    Origin,
    promised,
)
from models.complaints.rights import REGISTER, VIEW
from models.deeds import actor, deed
from models.errors import BadInput
from models.fields import ChoiceField, LineField, LinkField, MomentField, NoteField, NumberField
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Staff
from models.owners.estate import Unit
from models.owners.search import HOUSE
from models.search import finds_numbered
from models.series import Series

RECEPTIONS = Series("JD", "接待来信")


class Manner(Enum):
    """形式 of CS-10."""

    VISIT = "来访"
    LETTER = "来信"
    PHONE = "电话"
    MAIL = "邮件"


class Reception(Record):
    """接待来信: one visitor or letter; JD-202611-001."""

    number = NumberField(verbose_name="登记号")
    at = MomentField(index=True, verbose_name="时间")
    manner = ChoiceField(Manner, verbose_name="形式")
    unit = LinkField(Unit, null=True, backref="+", verbose_name="房号")
    organisation = LineField(max_length=60, null=True, verbose_name="单位")
    name = LineField(max_length=40, null=True, verbose_name="姓名")
    words = NoteField(verbose_name="事由")
    result = NoteField(null=True, verbose_name="当场答复")
    commitment = LinkField(Commitment, null=True, backref="+", verbose_name="承诺事项")
    case = LinkField(ServiceCase, null=True, backref="+", verbose_name="转单号")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="接待人")

    key_field = "number"

    class Meta:
        title = "接待来信"

    @property
    def whence(self) -> str:
        """The house or the organisation, as the register names it."""
        return str(self.unit.code if self.unit else self.organisation or "—")


keeps_files(Reception, VIEW)


@deed("complaints.receive", "登记接待来信", REGISTER)
def receive(
    words: Annotated[str, Asked(NoteField(verbose_name="事由"))],
    manner: Annotated[Manner, Asked(ChoiceField(Manner, verbose_name="形式"))] = Manner.VISIT,
    unit: Annotated[Unit | None, Asked(LinkField(Unit, null=True, verbose_name="房号"), "外来的不填")] = None,
    organisation: Annotated[
        str | None, Asked(LineField(max_length=60, null=True, verbose_name="单位"))
    ] = None,
    name: Annotated[str | None, Asked(LineField(max_length=40, null=True, verbose_name="姓名"))] = None,
    result: Annotated[
        str | None, Asked(NoteField(null=True, verbose_name="当场答复"), "不能当场答复的，填责任人和完成期限")
    ] = None,
    staff: AskedDoer = None,
    due: AskedTerm = None,
    case: Annotated[
        ServiceCase | None, Asked(LinkField(ServiceCase, null=True, verbose_name="转单号"), "没有转单的不填")
    ] = None,
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))] = None,
    at: AskedAt = None,
) -> Reception:
    """Note who came or wrote; he is answered at once, or somebody answers him by a day, or it is a case.

    Raises:
        BadInput: the time lies ahead, nobody is named, or it is said neither what was answered nor who will.
    """
    when = past(at, "时间")
    if unit is None and organisation is None and name is None:
        raise BadInput("请填房号、单位或姓名，至少一项。", "name")
    if result is None and staff is None and case is None:
        raise BadInput("请填当场答复；不能当场答复的填责任人和完成期限，转投诉报修的填转单号。", "result")
    number = RECEPTIONS.next(when.date())
    commitment = promised(Origin.RECEPTION, number, words, staff, due, unit, when.date())
    return Reception.add(
        number=number, at=when, manner=manner, unit=unit, organisation=organisation, name=name, words=words,
        result=result, commitment=commitment, case=case, note=note, made_at=now(), made_by=actor().name,
    )  # fmt: skip


@listing("receptions", "接待来信", "complaints", VIEW, "period", "unit", "case")
def receptions(filters: Filters) -> Listing:
    """Who came or wrote, the latest first, each with its answer."""
    query = Reception.select().join(Unit, JOIN.LEFT_OUTER).switch(Reception).join(Commitment, JOIN.LEFT_OUTER)
    query = query.join(Staff, JOIN.LEFT_OUTER).switch(Reception).join(ServiceCase, JOIN.LEFT_OUTER)
    query = query.where(Reception.id > 0, *in_reach(Reception.unit))
    query = filters.narrow(query, period=Reception.at, unit=Reception.unit, case=Reception.case)
    columns = (
        Shown("number", Reception.number),
        Shown("at", Reception.at),
        Shown("manner", Reception.manner, hidden=True),
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("organisation", Reception.organisation, hidden=True),
        Shown("name", Reception.name),
        Shown("words", NoteField(verbose_name="事由").roomier(24), Reception.words),
        Shown("result", Reception.result),
        Shown("staff", Staff.name, label="承办人"),
        Shown("due", Commitment.due, label="回复期限"),
        Shown("state", Commitment.state, label="办理状态", status=True),
        Shown("answer", Commitment.result, label="处理结果"),
        Shown("told_on", Commitment.told_on, label="回复日期", hidden=True),
        Shown("case", ServiceCase.number, label="转单号"),
        Shown("note", Reception.note, hidden=True),
        Shown("made_by", Reception.made_by, hidden=True),
    )
    return Listing(
        query, columns, id=Reception.id, order=("-number",), record=Reception,
        search=(Reception.number, HOUSE, Reception.name, Reception.organisation, Reception.words),
        tones=TONES,
    )  # fmt: skip


finds_numbered(
    VIEW,
    "JD",
    Reception,
    "receptions",
    "接待来信",
    lambda one: one.words[:30],
    lambda: in_reach(Reception.unit),
)
