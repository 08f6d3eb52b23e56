"""供方投诉: what those who use the goods complain of, and what came of it; it counts in the score."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Any

from models.attachments import keeps_files
from models.base import Record
from models.clock import now, past_day
from models.deeds import actor, deed, reaches_everybody
from models.errors import RuleBroken
from models.fields import ChoiceField, DayField, LineField, LinkField, MomentField, NoteField, NumberField
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.search import finds_numbered
from models.series import Series
from models.suppliers.register import AskedSupplier, Supplier, refuse_closed
from models.suppliers.rights import BUY, PLAN, VIEW

COMPLAINTS = Series("GTS", "供方投诉", digits=2)


class ComplaintState(Enum):
    """How far it is."""

    OPEN = "待处理"
    DONE = "已处理"


class SupplierComplaint(Record):
    """供方投诉: what somebody complains of about a supplier."""

    number = NumberField(verbose_name="投诉单号")
    supplier = LinkField(Supplier, backref="complaints", verbose_name="供方")
    day = DayField(index=True, verbose_name="日期")
    words = NoteField(verbose_name="投诉内容")
    state = ChoiceField(ComplaintState, default=ComplaintState.OPEN, verbose_name="处理状态")
    result = NoteField(null=True, verbose_name="处理结果")
    done_on = DayField(null=True, verbose_name="处理日期")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="投诉人")

    key_field = "number"
    moves = {ComplaintState.OPEN: (ComplaintState.DONE,)}

    class Meta:
        title = "供方投诉"

    def described(self) -> str:
        """Return GTS-202611-01 江滩水产：鱼不新鲜."""
        return f"{self.number} {self.supplier.name}：{str(self.words)[:30]}"


reaches_everybody(SupplierComplaint)
keeps_files(SupplierComplaint, VIEW)
finds_numbered(VIEW, "GTS", SupplierComplaint, "supplier_complaints", "供方投诉", lambda one: one.described())


@deed("suppliers.complain", "投诉供方", PLAN)
def complain(
    supplier: AskedSupplier,
    words: Annotated[str, Asked(NoteField(verbose_name="投诉内容"))],
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="日期"), "不填为今天")] = None,
) -> SupplierComplaint:
    """Complain of a supplier.

    Raises:
        RuleBroken: its file is closed.
        BadInput: the day lies ahead.
    """
    refuse_closed(supplier)
    return SupplierComplaint.add(
        number=COMPLAINTS.next(now().date()), supplier=supplier, words=words,
        day=past_day(day, "日期", "day"), made_at=now(), made_by=actor().name,
    )  # fmt: skip


@deed("suppliers.settle_complaint", "处理供方投诉", BUY)
def settle_complaint(
    complaint: Annotated[SupplierComplaint, Asked(LinkField(SupplierComplaint, verbose_name="供方投诉"))],
    result: Annotated[str, Asked(NoteField(verbose_name="处理结果"))],
) -> SupplierComplaint:
    """Note what came of it.

    Raises:
        RuleBroken: it is settled already.
    """
    if complaint.state is ComplaintState.DONE:
        raise RuleBroken(f"{complaint.number} 已于 {complaint.done_on} 处理。")
    return complaint.move_to(ComplaintState.DONE, result=result, done_on=now().date())


_TONES = {ComplaintState.OPEN.value: "warning", ComplaintState.DONE.value: "ok"}


@listing("supplier_complaints", "供方投诉", "suppliers", VIEW, "period", "supplier", "state")
def supplier_complaints(filters: Filters) -> Listing:
    """What was complained of about suppliers, newest first."""
    query: Any = SupplierComplaint.select().join(Supplier)
    query = filters.narrow(
        query,
        supplier=SupplierComplaint.supplier,
        period=SupplierComplaint.day,
        state=SupplierComplaint.state,
    )
    columns = (
        Shown("number", SupplierComplaint.number),
        Shown("day", SupplierComplaint.day),
        Shown("supplier", SupplierComplaint.supplier, Supplier.name),
        Shown("words", SupplierComplaint.words),
        Shown("state", SupplierComplaint.state, status=True),
        Shown("result", SupplierComplaint.result),
        Shown("done_on", SupplierComplaint.done_on),
        Shown("made_by", SupplierComplaint.made_by),
    )
    return Listing(
        query, columns, id=SupplierComplaint.id, order=("-day", "-number"), record=SupplierComplaint,
        search=(SupplierComplaint.number, Supplier.search, SupplierComplaint.words), tones=_TONES,
    )  # fmt: skip
