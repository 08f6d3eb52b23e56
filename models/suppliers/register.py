"""供方档案: each supplier's file, from candidate to the end, and every step of where it stands.

A file that is terminated or dropped is never opened again: who comes back is admitted anew, with a new
file (forms.md A11). How a supplier moves is in `models.suppliers.moving`; what blocks an order is asked of
`models.suppliers.standing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Annotated, Any, Self

from models.attachments import keeps_files
from models.base import Record
from models.clock import now
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    AccountNumberField,
    ChoiceField,
    CodeField,
    DayField,
    DerivedField,
    IdentityField,
    LineField,
    LinkField,
    LinksField,
    MomentField,
    NoteField,
    NumberField,
    OfficePhoneField,
)
from models.inputs import Asked, Input, edits_of, inputs_from
from models.office.approvals import pending_with, refuse_pending
from models.pinyin import search_keys
from models.search import finds_numbered
from models.series import Series
from models.suppliers.goods import GoodsKind
from models.suppliers.kinds import Category, SupplierState
from models.suppliers.rights import DECIDE, KEEP, VIEW

FILES = Series("GD", "供方档案", yearly=True)
S = SupplierState


class CreditCodeField(IdentityField):
    """统一社会信用代码, kept and shown as it is: it is public."""

    secret = False

    def show(self, value: Any) -> str:
        """Return it whole."""
        return value or ""


class Supplier(Record):
    """供方: one file of somebody who wants to supply the office, does, or did."""

    number = NumberField(verbose_name="供方编号")
    name = LineField(max_length=60, index=True, verbose_name="供方名称").roomier(18)
    category = ChoiceField(Category, verbose_name="供方类别")
    credit_code = CreditCodeField(null=True, index=True, verbose_name="统一社会信用代码")
    contact = LineField(max_length=30, verbose_name="业务联系人")
    phone = OfficePhoneField(verbose_name="业务电话")
    address = LineField(max_length=120, verbose_name="地址")
    bank = LineField(max_length=60, null=True, verbose_name="开户行")
    account = AccountNumberField(max_length=40, null=True, verbose_name="收款账号")
    note = NoteField(null=True, verbose_name="备注")
    state = ChoiceField(SupplierState, default=S.CANDIDATE, index=True, verbose_name="资格")
    admitted_on = DayField(null=True, verbose_name="准入日期")
    made_at = MomentField(verbose_name="建档时间")
    made_by = LineField(max_length=60, verbose_name="建档人")
    search = DerivedField(max_length=300, default="", verbose_name="检索")

    key_field = "number"
    also_called = "name"
    moves = {
        S.CANDIDATE: (S.QUALIFIED, S.DROPPED),
        S.QUALIFIED: (S.WATCHED, S.SUSPENDED, S.TERMINATED),
        S.WATCHED: (S.QUALIFIED, S.SUSPENDED, S.TERMINATED),
        S.SUSPENDED: (S.QUALIFIED, S.WATCHED, S.TERMINATED),
    }

    class Meta:
        title = "供方"

    def label(self) -> str:
        """Return its name."""
        return str(self.name)

    def described(self) -> str:
        """Return GD-2026-001 丰禾粮油（食品，合格）."""
        return f"{self.number} {self.name}（{self.category.value}，{self.state.value}）"

    def derive(self) -> None:
        """Keep by what it is found."""
        self.search = f"{self.name} {search_keys(str(self.name))} {self.contact}".strip()[:300]

    def scope(self) -> list[GoodsKind]:
        """Return the kinds of goods it may deliver, in their order."""
        query = GoodsKind.select().join(SupplyScope).where(SupplyScope.supplier == self)
        return list(query.order_by(GoodsKind.position))

    @deed(
        "suppliers.edit_supplier", "修改供方资料", KEEP,
        inputs=edits_of(
            lambda: Supplier, "name", "credit_code", "contact", "phone", "address", "bank", "account", "note"
        ),
        undo="suppliers.edit_supplier",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change what is known of it; what was printed stays.

        Raises:
            RuleBroken: its file is closed, another file has that name or credit code, or whoever bears them
                was terminated.
        """
        refuse_closed(self)
        refuse_applied(self)
        told = values.get("name", self.name), values.get("credit_code", self.credit_code)
        refuse_twin(*told, but=self)
        if told != (self.name, self.credit_code):
            refuse_barred(*told)
        return self.change(**values)


class SupplyScope(Record):
    """供货范围: one kind of goods that a supplier may deliver."""

    supplier = LinkField(Supplier, backref="scopes", verbose_name="供方")
    kind = LinkField(GoodsKind, backref="+", verbose_name="物品类别")

    class Meta:
        title = "供货范围"
        indexes = ((("supplier", "kind"), True),)


class StepKind(Enum):
    """What happened to a supplier's standing."""

    OPENED = "建档"
    ADMITTED = "准入"
    DROPPED = "不录用"
    WATCHED = "限期整改"
    SUSPENDED = "暂停"
    RESTORED = "恢复"
    TERMINATED = "终止"
    SCOPE = "调整范围"


class SupplierStep(Record):
    """供方履历: one step of where a supplier stands, with its reason; never changed."""

    supplier = LinkField(Supplier, backref="steps", verbose_name="供方")
    day = DayField(verbose_name="日期")
    step = ChoiceField(StepKind, verbose_name="变动")
    state = ChoiceField(SupplierState, verbose_name="变动后")
    words = NoteField(null=True, verbose_name="原因")
    due = DayField(null=True, verbose_name="整改期限")
    source = CodeField(max_length=40, null=True, verbose_name="依据单号")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "供方履历"


reaches_everybody(Supplier, SupplyScope, SupplierStep)
keeps_files(Supplier, VIEW)
finds_numbered(VIEW, "GD", Supplier, "suppliers", "供方", lambda one: one.described())

AskedSupplier = Annotated[Supplier, Asked(LinkField(Supplier, verbose_name="供方"))]
AskedReason = Annotated[str, Asked(NoteField(verbose_name="原因"))]
AskedScope = Annotated[list[GoodsKind], Asked(LinksField(GoodsKind, verbose_name="供货范围"))]


def refuse_closed(supplier: Supplier) -> None:
    """Refuse to touch a file that is closed for good.

    Raises:
        RuleBroken: it is terminated or dropped.
    """
    if supplier.state in (S.TERMINATED, S.DROPPED):
        raise RuleBroken(
            f"{supplier.name} 已“{supplier.state.value}”，档案冻结。要再用它，请重新建档、重新评审。"
        )


def refuse_applied(supplier: Supplier) -> None:
    """Refuse to change what an admission under way is approved for.

    Raises:
        RuleBroken: the admission of the supplier is being approved.
    """
    refuse_pending(pending_with("suppliers.admit", "supplier", supplier), f"{supplier.name} 的准入")


def refuse_twin(name: str, credit_code: str | None, but: Supplier | None = None) -> None:
    """Refuse a second open file of the same supplier.

    Raises:
        RuleBroken: another file that is not closed has this name or credit code.
    """
    same = Supplier.name == name
    if credit_code:
        same |= Supplier.credit_code == credit_code
    others = same & Supplier.state.not_in((S.TERMINATED, S.DROPPED)) & (Supplier.id != (but.id if but else 0))
    found = Supplier.get_or_none(others)
    if found is not None:
        raise RuleBroken(f"{found.described()} 是同一家：名称或信用代码相同。请用原来的档案。")


def refuse_barred(name: str, credit_code: str | None) -> None:
    """Refuse a new file of whom the office terminated, until the day from which he may apply again.

    Raises:
        RuleBroken: a terminated file has this credit code, or this name where one of both has no code.
    """
    ended = (SupplierStep.step == StepKind.TERMINATED) & (
        (Supplier.name == name) | (Supplier.credit_code == (credit_code or ""))
    )
    for step in SupplierStep.select().join(Supplier).where(ended):
        old = step.supplier
        other = credit_code and old.credit_code and credit_code != old.credit_code
        if other or (step.due is not None and step.due <= now().date()):
            continue
        again = f"{step.due} 起才可以重新申请" if step.due is not None else "不再使用"
        told = f"{old.described()} 已由 {step.source} 终止，{again}"
        raise RuleBroken(f"{told}。如果不是同一家，请填信用代码。")


def note_step(
    supplier: Supplier, step: StepKind, words: str | None = None, *, due: date | None = None,
    source: str | None = None, day: date | None = None,
) -> SupplierStep:  # fmt: skip
    """Note a step of a supplier as it stands now; for deeds, within their transaction."""
    return SupplierStep.add(
        supplier=supplier, day=day or now().date(), step=step, state=supplier.state, words=words, due=due,
        source=source, made_at=now(), made_by=actor().name,
    )  # fmt: skip


def put_scope(supplier: Supplier, kinds: Iterable[GoodsKind]) -> None:
    """Let a supplier deliver just these kinds.

    Raises:
        BadInput: there is none, or one is no more in use.
    """
    wanted = {kind.id: kind for kind in kinds}
    retired = [kind.name for kind in wanted.values() if not kind.active]
    if not wanted or retired:
        told = f"{'、'.join(retired)} 已停用" if retired else "一个也没有填"
        raise BadInput(f"供货范围{told}。请填在用的物品类别，例如 蔬菜、粮油。", "scope")
    for scope in list(SupplyScope.select().where(SupplyScope.supplier == supplier)):
        if scope.kind_id not in wanted:
            scope.remove()
        wanted.pop(scope.kind_id, None)
    for kind in wanted.values():
        SupplyScope.add(supplier=supplier, kind=kind)


_FILE = inputs_from(
    lambda: Supplier, "name", "category", "credit_code", "contact", "phone", "address", "bank", "account",
    "note", credit_code="农户等没有的不填",
)  # fmt: skip


def _file_inputs() -> list[Input]:
    scope = Input("scope", LinksField(GoodsKind, verbose_name="供货范围"), required=True)
    first = _FILE()
    return [*first[:2], scope, *first[2:]]


@deed("suppliers.add_supplier", "供方建档", KEEP, inputs=_file_inputs)
def add_supplier(scope: list[GoodsKind], **values: Any) -> Supplier:
    """Open the file of somebody who wants to supply the office, as a candidate.

    Raises:
        RuleBroken: an open file of it is there already, or it was terminated and may not come back yet.
        BadInput: it delivers nothing.
    """
    refuse_twin(values["name"], values.get("credit_code"))
    refuse_barred(values["name"], values.get("credit_code"))
    made = Supplier.add(
        number=FILES.next(now().date()), made_at=now(), made_by=actor().name,
        **values,
    )  # fmt: skip
    put_scope(made, scope)
    note_step(made, StepKind.OPENED, "、".join(kind.name for kind in scope))
    return made


@deed("suppliers.set_scope", "调整供货范围", DECIDE)
def set_scope(supplier: AskedSupplier, scope: AskedScope, reason: AskedReason) -> Supplier:
    """Let a supplier deliver other kinds of goods than before.

    Raises:
        RuleBroken: its file is closed.
        BadInput: no kind is left.
    """
    refuse_closed(supplier)
    refuse_applied(supplier)
    put_scope(supplier, scope)
    supplier.renew()
    told = "、".join(kind.name for kind in supplier.scope())
    note_step(supplier, StepKind.SCOPE, f"{told}：{reason}")
    return supplier
