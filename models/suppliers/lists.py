"""供方名单: files with where they stand, admissions, steps; the desk, the search line and the checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from peewee import fn

from models.base import db
from models.cards import lines
from models.checks import invariant
from models.conditions import Condition, Test
from models.desk import Reminder, reminds
from models.fields import ChoiceField, DayField, FlagField, LineField
from models.listings import Filters, Listing, RowListing, Shown, choice, listing
from models.search import LIKELY, MOST, Hit, Sought, finds
from models.suppliers import licences
from models.suppliers.admission import Admission, AdmissionItem
from models.suppliers.contracts import SupplyContract, contracts_until, ending
from models.suppliers.goods import GoodsKind
from models.suppliers.kinds import LISTED, SupplierState
from models.suppliers.licences import Licence, papers_on
from models.suppliers.register import StepKind, Supplier, SupplierStep, SupplyScope
from models.suppliers.rights import DECIDE, KEEP, VIEW
from models.suppliers.standing import TONES, Called, called

_STEP_TONES = {
    StepKind.ADMITTED.value: "ok", StepKind.RESTORED.value: "ok", StepKind.WATCHED.value: "warning",
    StepKind.SUSPENDED.value: "danger", StepKind.TERMINATED.value: "danger",
}  # fmt: skip


@listing("suppliers", "供方", "suppliers", VIEW, "state")
def suppliers(filters: Filters) -> RowListing:
    """Every file, with what it delivers and how it stands today; `state` as the list says it."""
    today = date.today()
    files = list(Supplier.select().order_by(Supplier.number))
    papers, until, scopes = papers_on(today, None), contracts_until(today), scopes_of()
    mending = {one.supplier_id: one.due for one in watched()}
    reviewed = {number for (number,) in db.execute(Admission.select(Admission.supplier).distinct())}
    rows = []
    for one in files:
        told = called(one, papers)
        if filters.state and told is not choice(Called, filters.state):
            continue
        rows.append(
            (
                one.id,
                (
                    one.number, one.name, one.category, scopes.get(one.id, ""), one.contact, one.phone, told,
                    papers.until.get(one.id), until.get(one.id), one.admitted_on, one.credit_code,
                    one.address, papers.lacking.get(one.id), mending.get(one.id), one.id in reviewed,
                ),
            )
        )  # fmt: skip
    columns = (
        Shown("number", Supplier.number),
        Shown("name", Supplier.name),
        Shown("category", Supplier.category),
        Shown("scope", LineField(max_length=200, verbose_name="供货范围").roomier(20)),
        Shown("contact", Supplier.contact),
        Shown("phone", Supplier.phone),
        Shown("state", ChoiceField(Called, verbose_name="资格"), status=True),
        Shown("until", DayField(verbose_name="证照到期")),
        Shown("contract", DayField(verbose_name="合同止期")),
        Shown("admitted_on", Supplier.admitted_on, hidden=True),
        Shown("credit_code", Supplier.credit_code, hidden=True),
        Shown("address", Supplier.address, hidden=True),
        Shown("lacking", LineField(max_length=200, verbose_name="证照问题"), hidden=True),
        Shown("mend_by", DayField(verbose_name="整改期限"), hidden=True),
        Shown("reviewed", FlagField(verbose_name="已评审"), hidden=True),
    )
    return RowListing(columns, rows, record=Supplier, tones=TONES)


def watched() -> list[SupplierStep]:
    """Return the last step of each supplier under watch, which says until when it has to mend what."""
    last = SupplierStep.select(fn.MAX(SupplierStep.id)).where(SupplierStep.step == StepKind.WATCHED)
    newest = SupplierStep.id.in_(last.group_by(SupplierStep.supplier))
    query = SupplierStep.select().join(Supplier)
    return list(query.where(newest & (Supplier.state == SupplierState.WATCHED)))


def scopes_of() -> dict[int, str]:
    """Return by a supplier's id what kinds of goods it delivers, in words."""
    query = (
        SupplyScope.select(SupplyScope.supplier, GoodsKind.name).join(GoodsKind).order_by(GoodsKind.position)
    )
    found: dict[int, list[str]] = {}
    for supplier, name in db.execute(query):
        found.setdefault(supplier, []).append(name)
    return {supplier: "、".join(names) for supplier, names in found.items()}


@listing("supplier_steps", "供方履历", "suppliers", VIEW, "supplier", "period", "state")
def supplier_steps(filters: Filters) -> Listing:
    """What happened to the standing of suppliers, newest first."""
    query = SupplierStep.select().join(Supplier)
    query = filters.narrow(
        query, supplier=SupplierStep.supplier, period=SupplierStep.day, state=SupplierStep.step
    )
    columns = (
        Shown("day", SupplierStep.day),
        Shown("supplier", SupplierStep.supplier, Supplier.name),
        Shown("step", SupplierStep.step, status=True),
        Shown("state", SupplierStep.state),
        Shown("words", SupplierStep.words),
        Shown("due", SupplierStep.due),
        Shown("source", SupplierStep.source),
        Shown("made_by", SupplierStep.made_by),
        Shown("made_at", SupplierStep.made_at, hidden=True),
    )
    return Listing(
        query, columns, id=SupplierStep.id, order=("-day", "-made_at"), record=SupplierStep,
        search=(Supplier.search, SupplierStep.words), tones=_STEP_TONES,
    )  # fmt: skip


@listing("admissions", "准入评审", "suppliers", VIEW, "supplier", "period")
def admissions(filters: Filters) -> Listing:
    """Reviews of candidates, newest first."""
    query = Admission.select().join(Supplier)
    query = filters.narrow(query, supplier=Admission.supplier, period=Admission.day)
    columns = (
        Shown("number", Supplier.number),
        Shown("supplier", Admission.supplier, Supplier.name),
        Shown("category", Supplier.category),
        Shown("day", Admission.day),
        Shown("sample", Admission.sample),
        Shown("site", Admission.site),
        Shown("score", Admission.score, total=False),
        Shown("reviewers", Admission.reviewers),
        Shown("admitted_on", Admission.admitted_on),
        Shown("standing", Supplier.state, status=True),
        Shown("approval", Admission.approval, hidden=True),
    )
    return Listing(
        query, columns, id=Admission.id, order=("-day", "-number"), record=Admission,
        search=(Supplier.search, Supplier.number), tones=TONES,
    )  # fmt: skip


@listing("admission_items", "准入评审项目", "suppliers", VIEW)
def admission_items(filters: Filters) -> Listing:
    """What candidates are marked by."""
    columns = (
        Shown("position", AdmissionItem.position, total=False),
        Shown("name", AdmissionItem.name),
        Shown("full", AdmissionItem.full, total=True),
    )
    return Listing(
        AdmissionItem.select(), columns, id=AdmissionItem.id, order=("position",), record=AdmissionItem
    )


@lines(Supplier, VIEW)
def papers_lacking(supplier: Supplier) -> Iterator[tuple[str, str]]:
    """Tell until when it has to mend what, while it is watched."""
    if supplier.state is SupplierState.WATCHED:
        last = (
            SupplierStep.select()
            .where((SupplierStep.supplier == supplier) & (SupplierStep.step == StepKind.WATCHED))
            .order_by(SupplierStep.id.desc())
            .first()
        )
        if last is not None:
            yield "整改期限", f"{last.due}：{last.words}"


# -- the desk and the search line ------------------------------------------------------------------


@reminds(KEEP)
def papers_ending(day: date) -> Iterator[Reminder]:
    """Remind of papers of listed suppliers that have lapsed or lapse soon."""
    last, soon = day - timedelta(days=1), day + timedelta(days=licences.SOON)
    listed = (Condition("active", Test.IS, "是"), Condition("listed", Test.IS, "是"))
    lapsed = Licence.select().where(licences.ending_by(last)).count()
    if lapsed:
        asked = (*listed, Condition("until", Test.MOST, last.isoformat()))
        yield Reminder("供方证照已过期，已自动停用", "danger", "licences", {}, lapsed, asked)
    ending = Licence.select().where(licences.ending_by(soon)).count() - lapsed
    if ending:
        within = (
            Condition("until", Test.LEAST, day.isoformat()), Condition("until", Test.MOST, soon.isoformat()),
        )  # fmt: skip
        title = f"供方证照 {licences.SOON} 天内到期，请供方换证"
        yield Reminder(title, "warning", "licences", {}, ending, (*listed, *within))


@reminds(KEEP)
def contracts_ending(day: date) -> Iterator[Reminder]:
    """Remind of contracts that end soon without one that follows."""
    count = SupplyContract.select().where(ending(day)).count()
    if count:
        asked = (Condition("alone", Test.IS, "是"),)
        title = "供方合同快到期，请续签或另选"
        yield Reminder(title, "warning", "supply_contracts", {}, count, asked)


@reminds(DECIDE)
def mending_over(day: date) -> Iterator[Reminder]:
    """Remind of watched suppliers whose time to mend is over."""
    count = sum(one.due is not None and one.due <= day for one in watched())
    if count:
        asked = (Condition("mend_by", Test.MOST, day.isoformat()),)
        title = "供方整改期限已到，请验证后恢复或处理"
        yield Reminder(title, "danger", "suppliers", {}, count, asked)


@reminds(KEEP)
def candidates_waiting(day: date) -> Iterator[Reminder]:
    """Remind of candidates that nobody reviewed yet."""
    reviewed = Admission.select(Admission.supplier)
    waiting = (Supplier.state == SupplierState.CANDIDATE) & Supplier.id.not_in(reviewed)
    count = Supplier.select().where(waiting).count()
    if count:
        filters = {"state": SupplierState.CANDIDATE.value}
        asked = (Condition("reviewed", Test.IS, "否"),)
        yield Reminder("潜在供方待准入评审", "info", "suppliers", filters, count, asked)


@finds(VIEW)
def suppliers_found(wanted: Sought) -> Iterator[Hit]:
    """Suppliers by name, pinyin or contact."""
    for one in Supplier.select().where(Supplier.search.contains(wanted.words)).limit(MOST):
        yield Hit("suppliers", one.id, one.name, f"{one.number} {one.state.value}", "供方", LIKELY)


# -- what must hold --------------------------------------------------------------------------------


@invariant("供方履历")
def standing_follows_its_steps() -> Iterator[str]:
    """Where a supplier stands is where its last step says."""
    newest = SupplierStep.select(fn.MAX(SupplierStep.id)).group_by(SupplierStep.supplier)
    wrong = SupplierStep.id.in_(newest) & (SupplierStep.state != Supplier.state)
    for one in Supplier.select().join(SupplierStep).where(wrong):
        yield f"供方 {one.number} 的资格与履历不符"
    alone = Supplier.id.not_in(SupplierStep.select(SupplierStep.supplier))
    for one in Supplier.select().where(alone):
        yield f"供方 {one.number} 没有履历"


@invariant("准入依据")
def listed_were_admitted() -> Iterator[str]:
    """Whoever stands on the list was admitted by a review."""
    admitted = Admission.select(Admission.supplier).where(Admission.admitted_on.is_null(False))
    wrong = Supplier.state.in_(LISTED) & Supplier.id.not_in(admitted)
    for one in Supplier.select().where(wrong):
        yield f"供方 {one.number} 在名录内，却没有批准的准入评审"
