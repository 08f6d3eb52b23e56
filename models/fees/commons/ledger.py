"""公共收益台账: every fen that common parts brought in and that went out of it; rows are never changed.

Income and reasonable cost are of a kind; what goes into the maintenance fund, or to the owners, is taken from
the whole. A mistake gets an equal negative row that names it. Once a notice was published, the days up to its
last are closed, so that it stays true.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from peewee import Case, fn

from models.base import Record, db, journal
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees.commons.contracts import CommonContract, check_kind
from models.fees.commons.kinds import CommonKind, refuse_personal
from models.fees.rights import COMMONS
from models.fees.seals import check_unsealed
from models.fields import ChoiceField, DayField, LineField, LinkField, MomentField, MoneyField, NumberField
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.office.chains import Step, approvable
from models.series import Series

ENTRIES = Series("GY", "公共收益流水")


class Flow(Enum):
    """Which way money went."""

    INCOME = "收入"
    COST = "合理成本"
    TO_FUND = "转入维修资金"
    TO_OWNERS = "分配给业主"


OUT = (Flow.TO_FUND, Flow.TO_OWNERS)
"""What leaves the ledger by a decision of the owners."""


class CommonEntry(Record):
    """公共收益流水: one movement; one that reverses another has its kind and way, and a negative amount."""

    number = NumberField(verbose_name="流水单号")
    on = DayField(index=True, verbose_name="日期")
    flow = ChoiceField(Flow, verbose_name="收支")
    kind = LinkField(CommonKind, null=True, backref="entries", verbose_name="收益种类")
    amount = MoneyField(signed=True, verbose_name="金额")
    contract = LinkField(CommonContract, null=True, backref="entries", verbose_name="合同单号")
    party = LineField(max_length=60, null=True, verbose_name="对方单位")
    basis = LineField(max_length=120, null=True, verbose_name="依据")
    voucher = LineField(max_length=40, null=True, verbose_name="凭证号")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    reverses = LinkField("self", null=True, unique=True, backref="reversals", verbose_name="冲正单号")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"

    class Meta:
        title = "公共收益流水"

    def described(self) -> str:
        """Return GY-202611-001 2026-11-03 收入 电梯广告 3,000.00 元."""
        kind = f" {self.kind.name}" if self.kind else ""
        return f"{self.number} {self.on} {self.flow.value}{kind} {thousands(self.amount)} 元"

    def summary(self) -> str:
        """Return its number, and a warning where its kind has cost more this year than it brought in."""
        told = f"{self.number} {self.flow.value} {thousands(self.amount)} 元。"
        if self.flow is not Flow.COST or self.kind is None:
            return told
        income, cost = of_kind(self.kind, self.on.year)
        if cost <= income:
            return told
        return (
            f"{told}请核对：{self.kind.name} {self.on.year} 年成本 {_yuan(cost)} 元，"
            f"大于收入 {_yuan(income)} 元。"
        )


AskedKind = Annotated[CommonKind, Asked(LinkField(CommonKind, verbose_name="收益种类"))]
AskedAmount = Annotated[Decimal, Asked(MoneyField(verbose_name="金额"))]
AskedDay = Annotated[date | None, Asked(DayField(null=True, verbose_name="日期"), "不填为今天")]
AskedContract = Annotated[
    CommonContract | None, Asked(LinkField(CommonContract, null=True, verbose_name="合同单号"))
]
AskedParty = Annotated[str | None, Asked(LineField(max_length=60, null=True, verbose_name="对方单位"))]
AskedBasis = Annotated[str, Asked(LineField(max_length=120, verbose_name="依据"))]
AskedVoucher = Annotated[str, Asked(LineField(max_length=40, verbose_name="凭证号"))]
AskedNote = Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))]


@deed("fees.add_common_income", "记公共收益", COMMONS)
def add_common_income(
    amount: AskedAmount,
    kind: Annotated[
        CommonKind | None, Asked(LinkField(CommonKind, null=True, verbose_name="收益种类"), "不填按合同")
    ] = None,
    contract: AskedContract = None,
    party: Annotated[
        str | None, Asked(LineField(max_length=60, null=True, verbose_name="对方单位"), "不填按合同")
    ] = None,
    on: AskedDay = None,
    voucher: Annotated[str | None, Asked(LineField(max_length=40, null=True, verbose_name="凭证号"))] = None,
    note: AskedNote = None,
) -> CommonEntry:
    """Enter what a common part brought in, by a contract where there is one.

    Raises:
        BadInput: it is nothing, has neither kind nor contract or two kinds, or nobody paid.
        RuleBroken: the day lies ahead or was published.
    """
    kind = kind or (contract.kind if contract else None)
    if kind is None:
        raise BadInput("没有填收益种类，也没有填合同。请填一个。", "kind")
    if contract is not None and contract.kind != kind:
        raise BadInput(f"{contract.number} 的收益种类是“{contract.kind.name}”，不是“{kind.name}”。", "kind")
    party = party or (contract.party if contract else None)
    if party is None:
        raise BadInput("没有填对方单位。请写明谁付的钱。", "party")
    if contract is None:
        check_kind(kind)
    return _write(
        Flow.INCOME, amount, on, kind=kind, contract=contract, party=party, voucher=voucher, note=note
    )


@deed("fees.add_common_cost", "记合理成本", COMMONS)
def add_common_cost(
    amount: AskedAmount,
    kind: AskedKind,
    basis: AskedBasis,
    voucher: AskedVoucher,
    party: AskedParty = None,
    on: AskedDay = None,
    note: AskedNote = None,
) -> CommonEntry:
    """Enter what it reasonably cost to earn it, by what it was agreed and by which voucher it was paid.

    Raises:
        BadInput: it is nothing.
        RuleBroken: the day lies ahead or was published.
    """
    return _write(Flow.COST, amount, on, kind=kind, basis=basis, voucher=voucher, party=party, note=note)


@deed("fees.transfer_commons", "转出公共收益", COMMONS)
def transfer_commons(
    flow: Annotated[Flow, Asked(ChoiceField(Flow, only=OUT, default=Flow.TO_FUND, verbose_name="去向"))],
    amount: AskedAmount,
    basis: AskedBasis,
    voucher: AskedVoucher,
    party: AskedParty = None,
    on: AskedDay = None,
    note: AskedNote = None,
) -> CommonEntry:
    """Enter what went into the maintenance fund or to the owners, by their decision.

    Raises:
        BadInput: it is nothing, or more than the balance of that day or of any day since.
        RuleBroken: the day lies ahead or was published.
    """
    day = on or now().date()
    left = least_from(day)
    if amount * 100 > left:
        raise BadInput(
            f"要转出 {thousands(amount)} 元，公共收益结余只有 {_yuan(max(left, 0))} 元。请核对金额和日期。",
            "amount",
        )
    return _write(flow, amount, day, basis=basis, voucher=voucher, party=party, note=note)


_BY_MANAGER = (Step("管理处主任", "主任"),)
approvable("fees.add_common_cost", default=_BY_MANAGER, amount=lambda values: -values["amount"])
approvable("fees.transfer_commons", default=_BY_MANAGER, amount=lambda values: -values["amount"])


@deed(
    "fees.reverse_common_entry",
    "冲正公共收益",
    COMMONS,
    danger=True,
    question="记一笔金额相反的流水，原来的一笔保留。",
)
def reverse_common_entry(
    entry: Annotated[CommonEntry, Asked(LinkField(CommonEntry, verbose_name="公共收益流水"))],
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="冲正原因"))],
    on: AskedDay = None,
) -> CommonEntry:
    """Take an entry back by an equal negative one that names it.

    Raises:
        RuleBroken: it is reversed or reverses another, or the day lies ahead, before it, or was published.
    """
    day = on or now().date()
    if entry.reverses is not None:
        raise RuleBroken(f"{entry.number} 本身是冲正，不能再冲正。请按实际另记一笔。")
    if CommonEntry.get_or_none(CommonEntry.reverses == entry):
        raise RuleBroken(f"{entry.number} 已经冲正过，不必再做。")
    if day < entry.on:
        raise RuleBroken(f"冲正日期 {day} 早于原来的 {entry.on}。请改日期。")
    if entry.flow is Flow.INCOME and entry.amount * 100 > least_from(day):
        raise RuleBroken(
            f"冲正 {entry.number} 后公共收益结余会是负数：钱已经用了或转出。请先冲正后来的支出或转出。"
        )
    made = _add(
        entry.flow, -entry.amount, day, kind=entry.kind, contract=entry.contract, party=entry.party,
        basis=reason, voucher=entry.voucher, reverses=entry,
    )  # fmt: skip
    journal().subject = entry
    return made


def _write(flow: Flow, amount: Decimal, on: date | None, **more: Any) -> CommonEntry:
    if amount <= 0:
        raise BadInput("金额要大于零。记错了的，请冲正原来的一笔。", "amount")
    if more.get("kind") is not None and flow is Flow.COST:
        check_kind(more["kind"])
    refuse_personal(more.get("basis"), "依据", "basis")
    return _add(flow, amount, on or now().date(), **more)


def _add(flow: Flow, amount: Decimal, day: date, **more: Any) -> CommonEntry:
    check_open(day)
    return CommonEntry.add(
        number=ENTRIES.next(day),
        on=day,
        flow=flow,
        amount=amount,
        made_at=now(),
        made_by=actor().name,
        **more,
    )


# -- days that are closed --------------------------------------------------------------------------


class CommonNotice(Record):
    """公共收益公示: what the owners were told for a period, where it hung and how long."""

    number = NumberField(verbose_name="公示单号")
    first = DayField(verbose_name="期间起")
    last = DayField(index=True, verbose_name="期间止")
    since = DayField(verbose_name="公示起")
    until = DayField(verbose_name="公示止")
    place = LineField(max_length=80, verbose_name="公示地点")
    opening = MoneyField(signed=True, verbose_name="期初结余")
    income = MoneyField(signed=True, verbose_name="收入")
    cost = MoneyField(signed=True, verbose_name="合理成本")
    moved = MoneyField(signed=True, verbose_name="转出")
    closing = MoneyField(signed=True, verbose_name="期末结余")
    withdrawn = LineField(max_length=120, null=True, verbose_name="撤回原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"

    class Meta:
        title = "公共收益公示"

    def described(self) -> str:
        """Return GYGS-2026H1 2026-01-01 至 2026-06-30 期末结余 12,000.00 元."""
        return f"{self.number} {self.first} 至 {self.last} 期末结余 {thousands(self.closing)} 元"


PUBLISHED = CommonNotice.withdrawn.is_null()


def published_until() -> date | None:
    """Return the last day that a published notice tells of."""
    found = CommonNotice.select().where(PUBLISHED).order_by(CommonNotice.last.desc()).first()
    return found.last if found else None


def check_open(day: date) -> None:
    """Refuse a day that has not come, lies in a sealed month, or was published.

    Raises:
        RuleBroken: it is so.
    """
    if day > now().date():
        raise RuleBroken(f"{day} 还没有到，不能记账。请核对日期。")
    check_unsealed(day)
    closed = published_until()
    if closed is not None and day <= closed:
        raise RuleBroken(
            f"公共收益已公示到 {closed}，不能再记 {day} 的账。请记在 {closed} 以后的日子，备注写明。"
        )


# -- adding up -------------------------------------------------------------------------------------

SIGNED = Case(None, ((CommonEntry.flow == Flow.INCOME, CommonEntry.amount),), 0 - CommonEntry.amount)
"""What an entry adds to the balance, in fen."""


def balance_before(day: date) -> int:
    """Return the balance in fen at the beginning of a day."""
    query = CommonEntry.select(fn.COALESCE(fn.SUM(SIGNED), 0)).where(CommonEntry.on < day)
    return int(next(iter(db.execute(query)))[0])


def least_from(day: date) -> int:
    """Return the least balance in fen at the end of a day or of any day since."""
    running = balance_before(day)
    since = CommonEntry.select(CommonEntry.on, fn.SUM(SIGNED)).where(CommonEntry.on >= day)
    sums = {str(on): fen for on, fen in db.execute(since.group_by(CommonEntry.on))}
    running += sums.pop(day.isoformat(), 0)
    least = running
    for _, fen in sorted(sums.items()):
        running += fen
        least = min(least, running)
    return int(least)


def movements(first: date, last: date) -> Iterator[tuple[Flow, int | None, int | None, int]]:
    """Yield (way, kind, contract, fen) of what moved from one day to another."""
    within = CommonEntry.on.between(first, last)
    query = CommonEntry.select(
        CommonEntry.flow, CommonEntry.kind, CommonEntry.contract, fn.SUM(CommonEntry.amount)
    ).where(within)
    grouped = query.group_by(CommonEntry.flow, CommonEntry.kind, CommonEntry.contract)
    for flow, kind, contract, fen in db.execute(grouped):
        yield Flow[flow], kind, contract, int(fen)


def of_kind(kind: CommonKind, year: int) -> tuple[int, int]:
    """Return what a kind brought in and cost in a year, in fen."""
    income = cost = 0
    for flow, of, _, fen in movements(date(year, 1, 1), date(year, 12, 31)):
        income += fen if of == kind.id and flow is Flow.INCOME else 0
        cost += fen if of == kind.id and flow is Flow.COST else 0
    return income, cost


def received_by_contract() -> dict[int, int]:
    """Return in fen what came in by each contract (id)."""
    query = CommonEntry.select(CommonEntry.contract, fn.SUM(CommonEntry.amount))
    mine = CommonEntry.contract.is_null(False) & (CommonEntry.flow == Flow.INCOME)
    return {int(id): int(fen) for id, fen in db.execute(query.where(mine).group_by(CommonEntry.contract))}


def _yuan(fen: int) -> str:
    return thousands(from_scaled(fen, 2))
