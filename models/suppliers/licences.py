"""供方证照: what papers a supplier shows, until when they hold, and which ones its kind must have.

A required paper that is missing or has lapsed stops orders by itself from the next day on, and lets them
go on once it is renewed (forms.md B11); nobody has to remember it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Self

from peewee import Case

from models.attachments import keeps_files
from models.base import Record
from models.clock import now
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, CodeField, DayField, FlagField, LineField, LinkField, MomentField
from models.inputs import Asked
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.suppliers.kinds import LISTED, OF_PERSONS, Category, LicenceKind
from models.suppliers.register import AskedSupplier, Supplier, refuse_closed
from models.suppliers.rights import KEEP, RULES, VIEW

SOON = 30
"""Days before its end in which the renewal of a paper is asked for."""


class LicenceRule(Record):
    """必备证照: a paper that every supplier of a kind must show."""

    category = ChoiceField(Category, verbose_name="供方类别")
    kind = ChoiceField(LicenceKind, verbose_name="证照")

    class Meta:
        title = "必备证照"
        indexes = ((("category", "kind"), True),)

    def label(self) -> str:
        """Return 食品 食品经营许可."""
        return f"{self.category.value} {self.kind.value}"

    @deed("suppliers.drop_licence_rule", "取消必备证照", RULES)
    def drop(self) -> None:
        """Ask for it no more."""
        self.remove()


class Licence(Record):
    """供方证照: one paper of a supplier as it was shown; renewed by a new one."""

    supplier = LinkField(Supplier, backref="licences", verbose_name="供方")
    kind = ChoiceField(LicenceKind, verbose_name="证照")
    holder = LineField(max_length=30, null=True, verbose_name="持证人")
    code = CodeField(max_length=40, null=True, verbose_name="证号")
    until = DayField(null=True, index=True, verbose_name="有效期至")
    active = FlagField(default=True, verbose_name="在用")
    ended_on = DayField(null=True, verbose_name="停用日期")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "供方证照"

    def label(self) -> str:
        """Return 丰禾粮油 食品经营许可 2027-03-01."""
        holder = f" {self.holder}" if self.holder else ""
        return f"{self.supplier.name} {self.kind.value}{holder} {self.until or '长期'}"

    def counts_on(self, day: date, *, first: bool) -> bool:
        """Whether it was in use on a day; the first one of its kind is taken for older than its entry."""
        begun = first or self.made_at.date() <= day
        return begun and (self.ended_on is None or self.ended_on > day)

    @deed("suppliers.retire_licence", "停用证照", KEEP, undo="suppliers.reuse_licence")
    def retire(self) -> Self:
        """Count it no more: it was replaced, or its holder has left."""
        return self.change(active=False, ended_on=now().date())

    @deed("suppliers.reuse_licence", "启用证照", KEEP)
    def reuse(self) -> Self:
        """Count it again."""
        return self.change(active=True, ended_on=None)


reaches_everybody(LicenceRule, Licence)
keeps_files(Licence, VIEW)


@deed("suppliers.add_licence_rule", "增加必备证照", RULES)
def add_licence_rule(
    category: Annotated[Category, Asked(ChoiceField(Category, verbose_name="供方类别"))],
    kind: Annotated[LicenceKind, Asked(ChoiceField(LicenceKind, verbose_name="证照"))],
) -> LicenceRule:
    """Let every supplier of a kind show a paper; who lacks it gets no orders.

    Raises:
        RuleBroken: it is asked for already.
    """
    if LicenceRule.get_or_none(category=category, kind=kind) is not None:
        raise RuleBroken(f"{category.value}供方已经必备{kind.value}。")
    return LicenceRule.add(category=category, kind=kind)


@deed("suppliers.add_licence", "登记证照", KEEP)
def add_licence(
    supplier: AskedSupplier,
    kind: Annotated[LicenceKind, Asked(ChoiceField(LicenceKind, verbose_name="证照"))],
    until: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="有效期至"), "长期有效的不填")
    ] = None,
    code: Annotated[str | None, Asked(CodeField(max_length=40, null=True, verbose_name="证号"))] = None,
    holder: Annotated[
        str | None, Asked(LineField(max_length=30, null=True, verbose_name="持证人"), "健康证才要填")
    ] = None,
) -> Licence:
    """Note a paper that was shown, or its renewal; the former one of the kind counts no more.

    Raises:
        RuleBroken: the supplier's file is closed.
        BadInput: it has lapsed already, or a person's paper names nobody.
    """
    refuse_closed(supplier)
    if until is not None and until < now().date():
        raise BadInput(f"{kind.value}有效期至 {until}，已经过期。请供方换新证后再登记。", "until")
    if kind in OF_PERSONS and not holder:
        raise BadInput(f"{kind.value}是个人的，请填持证人。", "holder")
    holder = holder if kind in OF_PERSONS else None
    same = (Licence.supplier == supplier) & (Licence.kind == kind) & Licence.active
    same &= (Licence.holder == holder) if holder else Licence.holder.is_null()
    for one in list(Licence.select().where(same)):
        one.change(active=False, ended_on=now().date())
    return Licence.add(
        supplier=supplier,
        kind=kind,
        holder=holder,
        code=code,
        until=until,
        made_at=now(),
        made_by=actor().name,
    )


# -- what is missing or has lapsed -----------------------------------------------------------------


@dataclass(frozen=True)
class Papers:
    """What is known of the papers of several suppliers on a day.

    Args:
        lacking: by a supplier's id, what stops orders, in words; those without are left out.
        until: by a supplier's id, the first day on which one of its papers ends.
    """

    lacking: dict[int, str]
    until: dict[int, date]


def papers_on(day: date, suppliers: Sequence[Supplier] | None = None) -> Papers:
    """Return what of the papers of these suppliers, or of all, is missing or has lapsed on a day."""
    wanted = list(Supplier.select()) if suppliers is None else list(suppliers)
    query = Licence.select().order_by(Licence.id)
    if suppliers is not None:
        query = query.where(Licence.supplier.in_([one.id for one in wanted] or [0]))
    held: dict[int, list[Licence]] = {}
    known: set[tuple[Any, ...]] = set()
    for licence in query:
        key = licence.supplier_id, licence.kind, licence.holder
        if licence.counts_on(day, first=key not in known):
            held.setdefault(licence.supplier_id, []).append(licence)
        known.add(key)
    must: dict[Category, list[LicenceKind]] = {}
    for rule in LicenceRule.select().order_by(LicenceRule.id):
        must.setdefault(rule.category, []).append(rule.kind)
    lacking = {}
    for one in wanted:
        told = "；".join(_lacking(must.get(one.category, []), held.get(one.id, []), day))
        if told:
            lacking[one.id] = told
    ends = {
        number: min(one.until for one in licences if one.until is not None)
        for number, licences in held.items()
        if any(one.until is not None for one in licences)
    }
    return Papers(lacking, ends)


def _lacking(must: Sequence[LicenceKind], held: Sequence[Licence], day: date) -> Iterator[str]:
    for kind in must:
        mine = [one for one in held if one.kind is kind]
        lapsed = [one for one in mine if one.until is not None and one.until < day]
        if not mine:
            yield f"没有{kind.value}"
        for one in lapsed:
            holder = f"（{one.holder}）" if one.holder else ""
            yield f"{kind.value}{holder}已于 {one.until} 到期"


def ending_by(day: date) -> Any:
    """Return the condition that a paper in use of a listed supplier has ended or ends by a day."""
    mine = Supplier.select(Supplier.id).where(Supplier.state.in_(LISTED))
    return Licence.active & Licence.until.is_null(False) & (Licence.until <= day) & Licence.supplier.in_(mine)


def to_renew(day: date) -> list[Licence]:
    """Return the papers of listed suppliers that have ended or end by a day, by their end."""
    return list(Licence.select().where(ending_by(day)).order_by(Licence.until, Licence.id))


@listing("licences", "供方证照", "suppliers", VIEW, "supplier", "state")
def licences(filters: Filters) -> Listing:
    """Papers of suppliers, what ends first on top. `state` names a kind of paper."""
    query = Licence.select().join(Supplier)
    query = filters.narrow(query, supplier=Licence.supplier, state=Licence.kind)
    listed = Case(None, ((Supplier.state.in_(LISTED), 1),), 0)
    columns = (
        Shown("supplier", Licence.supplier, Supplier.name),
        Shown("kind", Licence.kind),
        Shown("holder", Licence.holder),
        Shown("code", Licence.code),
        Shown("until", Licence.until),
        Shown("left", LineField(max_length=12, verbose_name="情况"), _left(), status=True),
        Shown("listed", FlagField(verbose_name="名录内"), listed, hidden=True),
        Shown("active", Licence.active),
        Shown("made_by", Licence.made_by, hidden=True),
    )
    return Listing(
        query, columns, id=Licence.id, order=("-active", "until"), record=Licence,
        search=(Supplier.search, Licence.code, Licence.holder), tones=_TONES,
    )  # fmt: skip


_LAPSED, _ENDING, _HOLDS, _FORMER = "已过期", "快到期", "有效", "已换证"
_TONES = {_LAPSED: "danger", _ENDING: "warning", _HOLDS: "ok", _FORMER: "plain"}


def _left() -> Any:
    today = date.today()
    return Case(
        None,
        (
            (~Licence.active, _FORMER),
            (Licence.until.is_null(), _HOLDS),
            (Licence.until < today, _LAPSED),
            (Licence.until <= today + timedelta(days=SOON), _ENDING),
        ),
        _HOLDS,
    )


@listing("licence_rules", "必备证照", "suppliers", VIEW)
def licence_rules(filters: Filters) -> RowListing:
    """Which papers each kind of supplier must show."""
    columns = (
        Shown("category", ChoiceField(Category, verbose_name="供方类别"), status=True),
        Shown("kind", ChoiceField(LicenceKind, verbose_name="证照")),
    )
    order = list(Category)
    rows = sorted(LicenceRule.select(), key=lambda one: (order.index(one.category), one.id))
    return RowListing(columns, [(one.id, (one.category, one.kind)) for one in rows], record=LicenceRule)
