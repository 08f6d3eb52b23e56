"""审批链: which deeds may stand behind a chain of approvals, and who takes each step of it.

A module says of a deed that it can be approved, by whom at first, and how its document is numbered.
Whether the chain stands before the deed, and its steps, the office decides; it needs no row for that
until it decides otherwise than the module did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from models.base import Record
from models.deeds import DEEDS, deed
from models.errors import RuleBroken
from models.fields import CountField, FlagField, LineField, LinkField, MoneyField, NamedField
from models.inputs import Asked, inputs_from
from models.money import thousands
from models.office.accounts import ACCOUNTS, Role
from models.rows import RowsField
from models.series import Series

Values = dict[str, Any]
"""Checked inputs of a deed by their names; `self` is the record that the deed is a verb of."""

REQUESTS = Series("SQ", "申请单")
"""Numbers the approvals of deeds that have no document of their own."""


@dataclass(frozen=True)
class Step:
    """One step of a chain.

    Args:
        role: name of the role whose holders take it.
        title: what is printed beside the signature.
        above: asked only where the amount is at least this; always where None.
    """

    role: str
    title: str
    above: Decimal | None = None

    def told(self) -> str:
        """Return 主任(会计), or 1,000.00 元以上再由公司(常务副总经理)."""
        role = "" if self.role == self.title else f"({self.role})"
        above = "" if self.above is None else f"{thousands(self.above)} 元以上再由"
        return f"{above}{self.title}{role}"


@dataclass(frozen=True)
class Approvable:
    """A deed before which a chain can stand.

    Args:
        deed: its name.
        series: numbers its approvals; where the document has a series of its own, that of the document.
        steps: by whom it is approved until the office says otherwise.
        on: whether the chain stands there until the office says otherwise.
        amount: of what is applied for, signed; None where it has none, and then every step is asked.
        about: says in one line what is applied for; by default the inputs as people read them.
        rehearsed: whether it is tried before it is applied for, so that nobody signs what is refused.
        steady: whether it may only be done for the very amount that was applied for.
    """

    deed: str
    series: Series
    steps: tuple[Step, ...]
    on: bool
    amount: Callable[[Values], Decimal | None]
    about: Callable[[Values], str] | None
    rehearsed: bool = True
    steady: bool = True

    @property
    def title(self) -> str:
        """What people call it."""
        return DEEDS[self.deed].title


APPROVABLE: dict[str, Approvable] = {}
"""Every deed that can be approved, by its name."""


def approvable(
    name: str,
    *,
    default: tuple[Step, ...],
    series: Series = REQUESTS,
    on: bool = False,
    amount: Callable[[Values], Decimal | None] = lambda values: None,
    about: Callable[[Values], str] | None = None,
    rehearsed: bool = True,
    steady: bool = True,
) -> Approvable:
    """Let a chain of approvals stand before a deed; to be called beside the deed.

    Args:
        name: of the deed.
        default: the steps at first; at least one is always asked.
        series: of the document's own numbers, which its approval bears too; by default SQ.
        on: whether the chain stands there at first.
        amount: of what is applied for, signed, from the checked inputs.
        about: says in one line what is applied for.
        rehearsed: whether it is tried first; not what takes long and whose amount tells already.
        steady: whether it may only be done for the very amount that was applied for; not where quantities
            are approved whose worth goes with the books until it is done.
    """
    if name in APPROVABLE or name not in DEEDS:
        raise ValueError(f"deed {name} is unknown, or made approvable twice")
    APPROVABLE[name] = Approvable(name, series, default, on, amount, about, rehearsed, steady)
    return APPROVABLE[name]


class ApprovableField(NamedField):
    """A deed that can be approved, typed and shown by its title or its name."""

    chars = 16

    def options(self) -> dict[str, str]:
        """Return every one of them."""
        return {name: one.title for name, one in APPROVABLE.items()}

    def check(self, value: Any) -> str:
        """Refuse what needs no approval anywhere.

        Raises:
            RuleBroken: no deed of this title or name can be approved.
        """
        name = self.parse(str(value))
        if name not in APPROVABLE:
            known = "、".join(self.options().values())
            raise RuleBroken(f"“{value}”不是可以审批的事项。可填：{known}。")
        return name


AskedApprovable = Annotated[str, Asked(ApprovableField(max_length=60, verbose_name="事项"))]


class Chain(Record):
    """审批链: whether approvals stand before a deed, where the office decided it."""

    deed = ApprovableField(max_length=60, unique=True, verbose_name="事项")
    on = FlagField(verbose_name="启用")

    key_field = "deed"

    class Meta:
        title = "审批链"

    def label(self) -> str:
        """Return what the deed is called."""
        return str(Chain.deed.show(self.deed))

    @classmethod
    def of(cls, name: str) -> Chain:
        """Return the row of a deed, made at its first use."""
        return cls.get_or_none(cls.deed == name) or cls.add(deed=name, on=APPROVABLE[name].on)


class ThresholdField(MoneyField):
    """An amount from which on something holds; the sum of several means nothing."""

    sums = False


class ChainStep(Record):
    """审批环节: one step of a chain that the office set up."""

    chain = LinkField(Chain, backref="steps", verbose_name="审批链")
    position = CountField(verbose_name="顺序")
    role = LinkField(Role, backref="+", verbose_name="角色")
    title = LineField(max_length=20, null=True, verbose_name="签字栏")
    above = ThresholdField(null=True, verbose_name="金额达到")

    class Meta:
        title = "审批环节"
        indexes = ((("chain", "position"), True),)


def stands_before(name: str) -> bool:
    """Whether a chain of approvals stands before a deed now."""
    if name not in APPROVABLE:
        return False
    decided = Chain.get_or_none(Chain.deed == name)
    return APPROVABLE[name].on if decided is None else bool(decided.on)


def steps_of(name: str) -> tuple[Step, ...]:
    """Return the steps of a deed's chain: those of the office, or those it began with."""
    query = ChainStep.select(ChainStep, Role).join(Role).switch(ChainStep).join(Chain)
    own = query.where(Chain.deed == name).order_by(ChainStep.position)
    found = tuple(Step(one.role.name, one.title or one.role.name, one.above) for one in own)
    return found or APPROVABLE[name].steps


def told(name: str) -> str:
    """Return a deed's chain in words: 主任(管理处主任) → 1,000.00 元以上再由公司(常务副总经理)."""
    return " → ".join(step.told() for step in steps_of(name))


def rows_of(name: str) -> list[Values]:
    """Return the steps of a deed's chain as `set_chain` takes them; one whose role is gone has none."""
    steps = [(step, Role.get_or_none(Role.name == step.role)) for step in steps_of(name)]
    return [{"role": role, "title": step.title, "above": step.above} for step, role in steps]


def role_of(step: Step) -> Role:
    """Return the role that takes a step.

    Raises:
        RuleBroken: there is none of this name, or it is retired.
    """
    found = Role.get_or_none((Role.name == step.role) & Role.active)
    if found is None:
        raise RuleBroken(
            f"审批环节“{step.title}”要由角色“{step.role}”审批，但没有这个在用的角色。请在“审批链”里改这一环。"
        )
    return found


_STEP = inputs_from(lambda: ChainStep, "role", "title", "above", title="不填为角色名称", above="不填为都要审")
AskedSteps = Annotated[list[Values], Asked(RowsField(_STEP, verbose_name="环节"))]


@deed("office.set_chain", "设置审批链", ACCOUNTS)
def set_chain(deed: AskedApprovable, steps: AskedSteps) -> Chain:
    """Set who approves a deed, step by step; what is applied for already keeps its steps.

    Raises:
        RuleBroken: a role is retired, two are signed alike, or every step waits for a large amount.
    """
    for one in steps:
        role_of(Step(one["role"].name, one["title"] or one["role"].name))
    titles = [one["title"] or one["role"].name for one in steps]
    if len({*titles, "申请"}) <= len(titles):
        raise RuleBroken("每一环的签字栏要各不相同，也不能叫“申请”，否则签在哪里分不清。请改签字栏。")
    if all(one["above"] is not None for one in steps):
        raise RuleBroken("每一环都设了金额，小额的就没有人审批。请至少留一环不填金额。")
    chain = Chain.of(deed)
    for old in ChainStep.select().where(ChainStep.chain == chain):
        old.remove()
    for position, one in enumerate(steps, start=1):
        ChainStep.add(chain=chain, position=position, **one)
    chain.renew()
    return chain


@deed("office.start_chain", "启用审批", ACCOUNTS, question="启用后这件事要先申请，批准后自动办理。")
def start_chain(deed: AskedApprovable) -> Chain:
    """Let approvals stand before a deed.

    Raises:
        RuleBroken: they do already, or a step has no role in use.
    """
    for step in steps_of(deed):
        role_of(step)
    return _switch(deed, on=True)


@deed("office.stop_chain", "停用审批", ACCOUNTS, danger=True, question="停用后有权限的人不经审批就能办理。")
def stop_chain(deed: AskedApprovable) -> Chain:
    """Let whoever holds the right do it again; what is applied for already goes its way.

    Raises:
        RuleBroken: no approvals stand before it.
    """
    return _switch(deed, on=False)


def _switch(name: str, *, on: bool) -> Chain:
    if stands_before(name) == on:
        raise RuleBroken(f"“{APPROVABLE[name].title}”的审批已经{'启用' if on else '停用'}。")
    return Chain.of(name).change(on=on)
