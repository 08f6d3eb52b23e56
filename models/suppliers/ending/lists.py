"""整改与终止名单: letters and notices; the desk and the checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from peewee import Case

from models.base import db
from models.checks import invariant
from models.conditions import Condition, Test
from models.desk import Reminder, reminds
from models.fields import FlagField, LineField
from models.listings import Filters, Listing, Shown, listing
from models.office.approvals import pending_number, pending_records
from models.suppliers.ending.letters import LetterState, SupplierLetter
from models.suppliers.ending.open import open_things
from models.suppliers.ending.terminations import Termination, TerminationState
from models.suppliers.kinds import SupplierState
from models.suppliers.register import Supplier
from models.suppliers.rights import DECIDE, VIEW

_LETTER_TONES = {
    LetterState.OPEN.value: "warning",
    LetterState.MENDED.value: "ok",
    LetterState.FAILED.value: "danger",
}
_TONES = {
    TerminationState.DRAFT.value: "warning", TerminationState.ISSUED.value: "danger",
    TerminationState.DONE.value: "plain", TerminationState.WITHDRAWN.value: "info",
}  # fmt: skip


@listing("supplier_letters", "整改通知", "suppliers", VIEW, "period", "supplier", "state")
def supplier_letters(filters: Filters) -> Listing:
    """What suppliers were asked to mend, newest first."""
    query = SupplierLetter.select().join(Supplier)
    query = filters.narrow(
        query, supplier=SupplierLetter.supplier, period=SupplierLetter.day, state=SupplierLetter.state
    )
    columns = (
        Shown("number", SupplierLetter.number),
        Shown("day", SupplierLetter.day),
        Shown("supplier", SupplierLetter.supplier, Supplier.name),
        Shown("facts", SupplierLetter.facts),
        Shown("due", SupplierLetter.due),
        Shown("state", SupplierLetter.state, status=True),
        Shown("judged_on", SupplierLetter.judged_on),
        Shown("result", SupplierLetter.result),
        Shown("source", SupplierLetter.source),
        Shown("demand", SupplierLetter.demand, hidden=True),
        Shown("made_by", SupplierLetter.made_by),
    )
    return Listing(
        query, columns, id=SupplierLetter.id, order=("-day", "-number"), record=SupplierLetter,
        search=(SupplierLetter.number, Supplier.search, SupplierLetter.facts), tones=_LETTER_TONES,
    )  # fmt: skip


@listing("terminations", "终止资格", "suppliers", VIEW, "period", "supplier", "state")
def terminations(filters: Filters) -> Listing:
    """Notices of termination, newest first."""
    query = Termination.select().join(Supplier)
    query = filters.narrow(
        query, supplier=Termination.supplier, period=Termination.effective_on, state=Termination.state
    )
    pending = pending_number("suppliers.issue_termination", Termination.id)
    unanswered = Termination.objection.is_null(False) & Termination.answer.is_null()
    open_one = Termination.state == TerminationState.ISSUED
    columns = (
        Shown("number", Termination.number),
        Shown("supplier", Termination.supplier, Supplier.name),
        Shown("state", Termination.state, status=True),
        Shown("pending", LineField(max_length=20, verbose_name="审批中"), pending),
        Shown("kind", Termination.kind),
        Shown("issued_on", Termination.issued_on),
        Shown("delivered_on", Termination.delivered_on),
        Shown("object_until", Termination.object_until),
        Shown("objected_on", Termination.objected_on),
        Shown("asks", FlagField(verbose_name="待答复"), Case(None, ((open_one & unanswered, 1),), 0)),
        Shown("effective_on", Termination.effective_on),
        Shown("ended_on", Termination.ended_on),
        Shown("facts", Termination.facts),
        Shown("clause", Termination.clause, hidden=True),
        Shown("settling", Termination.settling, hidden=True),
        Shown("warned", Termination.warned, hidden=True),
        Shown("open_then", Termination.open_then, hidden=True),
        Shown("way", Termination.way, hidden=True),
        Shown("approval", Termination.approval, hidden=True),
        Shown("readmit_on", Termination.readmit_on, hidden=True),
        Shown("objection", Termination.objection, hidden=True),
        Shown("answer", Termination.answer, hidden=True),
        Shown("why", Termination.why, hidden=True),
        Shown("made_by", Termination.made_by, hidden=True),
    )
    return Listing(
        query, columns, id=Termination.id, order=("-effective_on", "-number"), record=Termination,
        search=(Termination.number, Supplier.search, Termination.facts), tones=_TONES,
    )  # fmt: skip


# -- the desk --------------------------------------------------------------------------------------


@reminds(DECIDE)
def letters_over(day: date) -> Iterator[Reminder]:
    """Remind of letters whose time to mend is over and that nobody judged."""
    over = (SupplierLetter.state == LetterState.OPEN) & (SupplierLetter.due < day)
    count = SupplierLetter.select().where(over).count()
    if count:
        filters = {"state": LetterState.OPEN.value}
        asked = (Condition("due", Test.MOST, (day - timedelta(days=1)).isoformat()),)
        yield Reminder("供方整改通知到期，请验证", "danger", "supplier_letters", filters, count, asked)


@reminds(DECIDE)
def terminations_waiting(day: date) -> Iterator[Reminder]:
    """Remind of drafts to be applied for, notices to deliver, objections, and what can be carried out."""
    drafts = Termination.select().where(Termination.state == TerminationState.DRAFT)
    count = drafts.where(Termination.id.not_in(pending_records("suppliers.issue_termination"))).count()
    if count:
        filters = {"state": TerminationState.DRAFT.value}
        asked = (Condition("pending", Test.BLANK),)
        yield Reminder("终止供方资格待申请批准", "warning", "terminations", filters, count, asked)
    sent = Termination.select().where(Termination.state == TerminationState.ISSUED)
    filters = {"state": TerminationState.ISSUED.value}
    count = sent.where(Termination.delivered_on.is_null()).count()
    if count:
        asked = (Condition("delivered_on", Test.BLANK),)
        yield Reminder("终止通知请送达并登记", "warning", "terminations", filters, count, asked)
    count = sent.where(Termination.objection.is_null(False) & Termination.answer.is_null()).count()
    if count:
        asked = (Condition("asks", Test.IS, "是"),)
        yield Reminder("供方申辩待答复", "danger", "terminations", filters, count, asked)
    count = sent.where(Termination.effective_on <= day).count()
    if count:
        asked = (Condition("effective_on", Test.MOST, day.isoformat()),)
        yield Reminder("终止已到生效日期，请结清后执行", "danger", "terminations", filters, count, asked)


# -- what must hold --------------------------------------------------------------------------------


@invariant("终止依据")
def terminated_by_a_notice() -> Iterator[str]:
    """Whoever is terminated is so by a notice that was carried out, and nothing of him is open."""
    done = Termination.select(Termination.supplier).where(Termination.state == TerminationState.DONE)
    ended = Supplier.state == SupplierState.TERMINATED
    odd = (ended & Supplier.id.not_in(done)) | (~ended & Supplier.id.in_(done))
    for (number,) in db.execute(Supplier.select(Supplier.number).where(odd)):
        yield f"供方 {number} 的资格与终止通知不符"
    for one in Supplier.select().where(ended):
        for told in open_things(one):
            yield f"供方 {one.number} 已终止，却还有 {told}"
