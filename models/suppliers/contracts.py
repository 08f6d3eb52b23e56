"""供方合同: what was agreed with a supplier, from when to when; of contracted services, for what a month."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

from peewee import Case, fn

from models.attachments import keeps_files
from models.base import Record
from models.clock import now
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NoteField,
    QuantityField,
)
from models.inputs import Asked, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.months import Month
from models.suppliers.kinds import SERVICES
from models.suppliers.register import Supplier, refuse_closed
from models.suppliers.rights import KEEP, VIEW

SOON = 60
"""Days before its end in which a contract is to be renewed or put out to tender."""


class SupplyContract(Record):
    """供方合同: one contract; renewed by a new one, ended on a day."""

    number = CodeField(max_length=40, unique=True, verbose_name="合同号")
    supplier = LinkField(Supplier, backref="contracts", verbose_name="供方")
    title = LineField(max_length=60, verbose_name="合同名称")
    since = DayField(verbose_name="起")
    until = DayField(verbose_name="止")
    monthly = MoneyField(null=True, verbose_name="月服务费")
    pass_mark = CountField(low=1, high=100, null=True, verbose_name="扣费分数线")
    cut = QuantityField(null=True, verbose_name="每低一分扣(%)")
    end_mark = CountField(low=1, high=100, null=True, verbose_name="终止分数线")
    terms = NoteField(null=True, verbose_name="结算与违约条款")
    ended_on = DayField(null=True, verbose_name="提前终止")
    why = LineField(max_length=120, null=True, verbose_name="终止原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"

    class Meta:
        title = "供方合同"

    def described(self) -> str:
        """Return BJ-2026-01 保洁服务合同（清新保洁，至 2026-12-31）."""
        return f"{self.number} {self.title}（{self.supplier.name}，至 {self.last}）"

    @property
    def last(self) -> date:
        """The day on which it ends."""
        return self.ended_on or self.until

    @classmethod
    def on(cls, day: date) -> Any:
        """Return the condition that a contract holds on a day."""
        ended = cls.ended_on.is_null() | (cls.ended_on >= day)
        return (cls.since <= day) & (cls.until >= day) & ended


def working(month: Month) -> list[SupplyContract]:
    """Return the contracts by the month that hold on some day of a month, in the order of their numbers."""
    since = (SupplyContract.since <= month.last) & (SupplyContract.until >= month.first)
    ended = SupplyContract.ended_on.is_null() | (SupplyContract.ended_on >= month.first)
    query = SupplyContract.select(SupplyContract, Supplier).join(Supplier)
    monthly = SupplyContract.monthly.is_null(False)
    return list(query.where(since & ended & monthly).order_by(SupplyContract.number))


reaches_everybody(SupplyContract)
keeps_files(SupplyContract, VIEW)


_CONTRACT = inputs_from(
    lambda: SupplyContract, "supplier", "number", "title", "since", "until", "monthly", "pass_mark", "cut",
    "end_mark", "terms", monthly="按月付费的外包才要填", pass_mark="合同没有约定的不填",
    cut="月评低于分数线时，每低一分扣月服务费的百分之几；没有约定的不填",
    end_mark="连续两个月低于它启动终止；没有约定的不填",
)  # fmt: skip


@deed("suppliers.add_contract", "登记合同", KEEP, inputs=_CONTRACT)
def add_contract(
    supplier: Supplier, since: date, until: date, monthly: Decimal | None = None, **values: Any
) -> SupplyContract:
    """Note a contract with a supplier.

    Raises:
        RuleBroken: the supplier's file is closed.
        BadInput: it ends before it begins, no fee is told though it is by the month, or how a fee is cut
            is told only in part.
    """
    refuse_closed(supplier)
    if until < since:
        raise BadInput(f"合同止 {until} 早于起 {since}。请核对日期。", "until")
    if supplier.category in SERVICES and monthly is None:
        raise BadInput(f"{supplier.category.value}合同按月付费，请填月服务费。", "monthly")
    if (values.get("pass_mark") is None) is not (values.get("cut") is None):
        raise BadInput("扣费分数线和每低一分扣的百分比要一起填，或都不填。", "cut")
    return SupplyContract.add(
        supplier=supplier, since=since, until=until, monthly=monthly, made_at=now(), made_by=actor().name,
        **values,
    )  # fmt: skip


@deed("suppliers.end_contract", "提前终止合同", KEEP, danger=True, question="终止后合同不再有效，记录保留。")
def end_contract(
    contract: Annotated[SupplyContract, Asked(LinkField(SupplyContract, verbose_name="供方合同"))],
    on: Annotated[date, Asked(DayField(verbose_name="终止日期"))],
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="终止原因"))],
) -> SupplyContract:
    """End a contract before its time.

    Raises:
        RuleBroken: it is ended already.
        BadInput: the day lies outside it.
    """
    if contract.ended_on is not None:
        raise RuleBroken(f"合同 {contract.number} 已于 {contract.ended_on} 终止。")
    if not contract.since <= on <= contract.until:
        raise BadInput(f"终止日期 {on} 不在合同期内（{contract.since} 至 {contract.until}）。", "on")
    return contract.change(ended_on=on, why=reason)


def contracts_until(day: date) -> dict[int, date]:
    """Return by a supplier's id until when its contracts that hold on a day, or will, run at the longest."""
    found: dict[int, date] = {}
    for one in SupplyContract.select().where(SupplyContract.until >= day):
        if one.last >= day:
            found[one.supplier_id] = max(found.get(one.supplier_id, one.last), one.last)
    return found


def ending(day: date) -> Any:
    """Return the condition that a contract which holds on a day ends soon, and none follows it."""
    later = SupplyContract.alias()
    follows = later.select(later.id).where(
        (later.supplier == SupplyContract.supplier) & (later.until > SupplyContract.until)
    )
    last = day + timedelta(days=SOON)
    return SupplyContract.on(day) & (SupplyContract.until <= last) & ~fn.EXISTS(follows)


_HOLDS, _ENDING, _OVER, _AHEAD = "有效", "快到期", "已结束", "未开始"
_TONES = {_HOLDS: "ok", _ENDING: "warning", _OVER: "plain", _AHEAD: "info"}


@listing("supply_contracts", "供方合同", "suppliers", VIEW, "supplier")
def supply_contracts(filters: Filters) -> Listing:
    """Contracts with suppliers, what ends last on top."""
    query = SupplyContract.select().join(Supplier)
    query = filters.narrow(query, supplier=SupplyContract.supplier)
    today = date.today()
    state = Case(
        None,
        (
            ((SupplyContract.ended_on < today) | (SupplyContract.until < today), _OVER),
            (SupplyContract.since > today, _AHEAD),
            (SupplyContract.until <= today + timedelta(days=SOON), _ENDING),
        ),
        _HOLDS,
    )
    columns = (
        Shown("number", SupplyContract.number),
        Shown("supplier", SupplyContract.supplier, Supplier.name),
        Shown("title", SupplyContract.title),
        Shown("since", SupplyContract.since),
        Shown("until", SupplyContract.until),
        Shown("monthly", SupplyContract.monthly, total=False),
        Shown("state", LineField(max_length=8, verbose_name="情况"), state, status=True),
        Shown("ended_on", SupplyContract.ended_on),
        Shown("alone", FlagField(verbose_name="待续签"), Case(None, ((ending(today), 1),), 0)),
        Shown("pass_mark", SupplyContract.pass_mark, total=False, hidden=True),
        Shown("cut", SupplyContract.cut, total=False, hidden=True),
        Shown("end_mark", SupplyContract.end_mark, total=False, hidden=True),
        Shown("why", SupplyContract.why, hidden=True),
        Shown("terms", SupplyContract.terms, hidden=True),
    )
    return Listing(
        query, columns, id=SupplyContract.id, order=("-until", "number"), record=SupplyContract,
        search=(SupplyContract.number, SupplyContract.title, Supplier.search), tones=_TONES,
    )  # fmt: skip
