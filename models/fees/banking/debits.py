"""代扣批次: what households with a mandate owe on a day, sent to the bank as one file and answered by one.

A row stays as it was sent. Whether it was paid, its answer says (`models.fees.banking.answers`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from peewee import fn

from models.base import Record, db, insert_rows, journal
from models.clock import now
from models.deeds import Actor, Scope, actor, deed, judges_scope, refuse
from models.errors import RuleBroken
from models.fees.banking.accounts import BankAccount
from models.fees.banking.debit_layouts import Content, DebitLayout, FileFormat, write_file
from models.fees.banking.mandates import DebitMandate
from models.fees.bills import OPEN, Bill
from models.fees.payments import BalanceEntry
from models.fees.rights import BANK
from models.fields import (
    BankCardField,
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FactsField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
)
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.office.permits import Tally
from models.owners.estate import Building, Unit
from models.owners.people import Person
from models.series import Series

BATCHES = Series("KK", "代扣批次")
_NAMED = 5
"""Households left out that a summary names."""


class DebitState(Enum):
    """Where a batch stands."""

    OPEN = "待回盘"
    CLOSED = "已回盘"
    CANCELLED = "已作废"


class DebitBatch(Record):
    """代扣批次: one file for the bank."""

    number = NumberField(verbose_name="批次号")
    account = LinkField(BankAccount, backref="debits", verbose_name="收款账户")
    layout = LinkField(DebitLayout, null=True, backref="debits", verbose_name="代扣版式")
    on = DayField(index=True, verbose_name="日期")
    count = CountField(verbose_name="户数")
    amount = MoneyField(verbose_name="金额")
    state = ChoiceField(DebitState, default=DebitState.OPEN, verbose_name="状态")
    sent_at = MomentField(null=True, verbose_name="送盘时间")
    reason = LineField(max_length=80, null=True, verbose_name="作废原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"
    moves = {
        DebitState.OPEN: (DebitState.CLOSED, DebitState.CANCELLED),
        DebitState.CLOSED: (DebitState.OPEN,),
    }

    class Meta:
        title = "代扣批次"

    @property
    def suffix(self) -> str:
        """Ending of the name of its file."""
        return (self.layout.format if self.layout is not None else FileFormat.XLSX).suffix

    def described(self) -> str:
        """Return KK-202611-001 12 户 3,456.00 元."""
        return f"{self.number} {self.count} 户 {thousands(self.amount)} 元"

    @deed("fees.write_debits", "写代扣文件", BANK)
    def write(
        self, path: Annotated[str, Asked(LineField(max_length=1000, verbose_name="文件"))]
    ) -> DebitBatch:
        """Write the file for the bank; account numbers stand in it whole.

        Raises:
            BadInput: the name does not end as the layout's format does.
            RuleBroken: the batch is void, or the place cannot be written to.
            NeedsApproval: so many rows that tell of people want a permit.
        """
        if self.state is DebitState.CANCELLED:
            raise RuleBroken(f"批次 {self.number} 已作废，不能再送银行。请做新的批次。")
        tally = Tally("list:debit_rows")
        tally.add(self.count)
        written = write_file(Path(path), self.layout, [_told(row) for row in self.in_order()], self.number)
        journal().note(rows=written.rows, sha256=written.sha256, **tally.use())
        return self if self.sent_at else self.change(sent_at=now())

    @deed("fees.cancel_debits", "作废批次", BANK, danger=True, question="批次号保留，其中各户可以重新送盘。")
    def cancel(
        self, reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="作废原因"))]
    ) -> DebitBatch:
        """Give a batch up that the bank has not answered.

        Raises:
            RuleBroken: some of it is answered.
        """
        if any(not row.waits() for row in self.rows):
            raise RuleBroken(f"批次 {self.number} 已有回盘，不能作废。")
        return self.move_to(DebitState.CANCELLED, reason=reason)

    def in_order(self) -> list[DebitRow]:
        """Return its rows in their order."""
        return sorted(self.rows, key=lambda row: int(row.position))


@judges_scope(DebitBatch)
def _of_any_house(batch: DebitBatch, person: Actor, right: str) -> bool:
    """A batch concerns any house: only whose reach is all of them handles it."""
    return False


class DebitRow(Record):
    """代扣明细: what is to be fetched from one household, as it was sent."""

    batch = LinkField(DebitBatch, index=False, backref="rows", verbose_name="代扣批次")
    position = CountField(verbose_name="序号")
    mandate = LinkField(DebitMandate, backref="rows", verbose_name="代扣授权")
    unit = LinkField(Unit, backref="debits", verbose_name="房号")
    payer = LinkField(Person, backref="debits", verbose_name="付款人")
    bank = LineField(max_length=60, verbose_name="开户行")
    account_name = LineField(max_length=60, verbose_name="账户名")
    account = BankCardField(max_length=40, verbose_name="账号")
    agreement = CodeField(max_length=40, verbose_name="协议号")
    amount = MoneyField(verbose_name="金额")
    lines = FactsField(verbose_name="账单")

    class Meta:
        title = "代扣明细"
        indexes = ((("batch", "position"), True),)

    def label(self) -> str:
        """Return KK-202611-001 第 3 行 1-1-101."""
        return f"{self.batch.number} 第 {self.position} 行 {self.unit.code}"

    def waits(self) -> bool:
        """Whether the bank has not answered it yet."""
        return not self.answers.exists()


def _told(row: DebitRow) -> dict[Content, Any]:
    return {
        Content.POSITION: row.position,
        Content.AGREEMENT: row.agreement,
        Content.ACCOUNT_NAME: row.account_name,
        Content.ACCOUNT: row.account,
        Content.BANK: row.bank,
        Content.AMOUNT: row.amount,
        Content.UNIT: row.unit.code,
        Content.PAYER: row.payer.name,
        Content.NOTE: f"{row.unit.code}物业费用",
        Content.NUMBER: row.batch.number,
        Content.DAY: row.batch.on,
    }


class Wanted(NamedTuple):
    """What is to be fetched by one mandate: fen, and (line, fen) oldest first."""

    mandate: DebitMandate
    fen: int
    lines: list[tuple[int, int]]


class Proposal(NamedTuple):
    """What a batch would hold, and which households with something open it leaves out, and why."""

    wanted: list[Wanted]
    skipped: list[tuple[str, str]]

    def summary(self) -> str:
        """Return 12 户 3,456.00 元；没有列入 2 户：1-1-101 已在批次 KK-202611-001 里."""
        total = from_scaled(sum(one.fen for one in self.wanted), 2)
        told = f"{len(self.wanted)} 户 {thousands(total)} 元"
        if self.skipped:
            named = "；".join(f"{code} {why}" for code, why in self.skipped[:_NAMED])
            more = "……" if len(self.skipped) > _NAMED else ""
            told += f"；没有列入 {len(self.skipped)} 户：{named}{more}"
        return f"{told}。"

    def details(self) -> dict[str, Any]:
        """Return who is left out, for machines."""
        return {"skipped": [{"unit": code, "reason": why} for code, why in self.skipped]}


AskedBuilding = Annotated[
    Building | None, Asked(LinkField(Building, null=True, verbose_name="楼栋"), "不填为全部楼栋")
]
AskedDue = Annotated[date | None, Asked(DayField(null=True, verbose_name="截止日"), "不填为今天")]


@deed("fees.try_make_debits", "试做代扣", BANK)
def try_make_debits(
    account: Annotated[BankAccount, Asked(LinkField(BankAccount, verbose_name="收款账户"))],
    layout: Annotated[
        DebitLayout | None, Asked(LinkField(DebitLayout, null=True, verbose_name="代扣版式"), "不填为全部列")
    ] = None,
    building: AskedBuilding = None,
    on: AskedDue = None,
) -> Proposal:
    """Say what a batch would hold; nothing is written.

    Raises:
        PermissionDenied: the person acting reaches only some houses.
    """
    _check_reach()
    return propose(on or date.today(), building)


def _check_reach() -> None:
    if actor().scope(BANK) is not Scope.ALL:
        refuse("fees.make_debits", "代扣批次里有各栋的住户，要管全部房屋的人才能做。请由会计办理。")


@deed("fees.make_debits", "做代扣批次", BANK)
def make_debits(
    account: Annotated[BankAccount, Asked(LinkField(BankAccount, verbose_name="收款账户"))],
    layout: Annotated[
        DebitLayout | None, Asked(LinkField(DebitLayout, null=True, verbose_name="代扣版式"), "不填为全部列")
    ] = None,
    building: AskedBuilding = None,
    on: AskedDue = None,
) -> DebitBatch:
    """Put into one batch what all households with a live mandate owe by a day.

    Raises:
        RuleBroken: nobody owes anything that may be fetched.
        PermissionDenied: the person acting reaches only some houses.
    """
    _check_reach()
    found = propose(on or date.today(), building)
    if not found.wanted:
        raise RuleBroken(f"没有可以代扣的：{found.summary()}请核对授权和欠费。")
    today = now().date()
    total = from_scaled(sum(one.fen for one in found.wanted), 2)
    batch = DebitBatch.add(
        number=BATCHES.next(today), account=account, layout=layout, on=today, count=len(found.wanted),
        amount=total, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    insert_rows(DebitRow, _NAMES, list(_stored(batch, found.wanted)))
    journal().note(skipped=len(found.skipped))
    return batch


_NAMES = (
    *("batch", "position", "mandate", "unit", "payer", "bank", "account_name", "account", "agreement"),
    *("amount", "lines"),
)


def _stored(batch: DebitBatch, wanted: Sequence[Wanted]) -> Iterator[tuple[Any, ...]]:
    kept = DebitRow.lines.db_value
    for position, (mandate, fen, lines) in enumerate(wanted, start=1):
        who = (mandate.id, mandate.unit_id, mandate.payer_id)
        where = (mandate.bank, mandate.account_name, mandate.account, mandate.agreement)
        yield (batch.id, position, *who, *where, fen, kept(lines))


def propose(day: date, building: Building | None = None) -> Proposal:
    """Return what may be fetched by a day, by house number; all is read in a fixed number of statements."""
    query = DebitMandate.select(DebitMandate, Unit).join(Unit).where(DebitMandate.on(now().date()))
    if building is not None:
        query = query.where(Unit.building == building)
    mandates = list(query.order_by(Unit.sort_key))
    owed, held, waiting = _owed(day), _held(), _waiting()
    found = Proposal([], [])
    for mandate in mandates:
        lines = _cut(_of_payer(owed.get(mandate.unit_id, []), mandate.payer_id), mandate.limit)
        if not lines:
            continue
        if mandate.unit_id in waiting:
            found.skipped.append((mandate.unit.code, f"已在批次 {waiting[mandate.unit_id]} 里"))
        elif (prepaid := held.get((mandate.unit_id, mandate.payer_id), 0)) > 0:
            told = f"有预存 {thousands(from_scaled(prepaid, 2))} 元，请先抵扣"
            found.skipped.append((mandate.unit.code, told))
        else:
            found.wanted.append(Wanted(mandate, sum(fen for _, fen in lines), lines))
    return found


Line = tuple[int, int | None, int | None, int]
"""Id, payer, liable owner and fen of an open line."""


def _owed(day: date) -> dict[int, list[Line]]:
    """Return what is open and due by a day, by unit, oldest first."""
    owed: dict[int, list[Line]] = defaultdict(list)
    told = (Bill.unit, Bill.id, Bill.payer, Bill.liable, Bill.amount - Bill.paid)
    query = Bill.select(*told).where(OPEN & (Bill.due <= day)).order_by(Bill.due, Bill.month, Bill.id)
    for unit, *line in db.execute(query):
        owed[unit].append(tuple(line))
    return owed


def _of_payer(lines: Sequence[Line], payer: int) -> list[tuple[int, int]]:
    """Return the lines that a payer owes or answers for; never what somebody before him left."""
    return [(id, fen) for id, owing, liable, fen in lines if payer in (owing, liable)]


def _cut(lines: Sequence[tuple[int, int]], limit: Decimal | None) -> list[tuple[int, int]]:
    """Return lines up to a limit, the last one in part."""
    left = int(limit * 100) if limit is not None else sum(fen for _, fen in lines)
    kept = []
    for id, fen in lines:
        if left > 0:
            kept.append((id, min(fen, left)))
            left -= fen
    return kept


def _held() -> dict[tuple[int, int | None], int]:
    """Return the prepaid balance of each payer on each unit, in fen."""
    held = fn.SUM(BalanceEntry.amount)
    query = BalanceEntry.select(BalanceEntry.unit, BalanceEntry.payer, held)
    return {
        (unit, payer): fen
        for unit, payer, fen in db.execute(query.group_by(BalanceEntry.unit, BalanceEntry.payer))
    }


def _waiting() -> dict[int, str]:
    """Return the open batch in which a unit is, by unit."""
    query = DebitRow.select(DebitRow.unit, DebitBatch.number).join(DebitBatch)
    return dict(db.execute(query.where(DebitBatch.state == DebitState.OPEN)))
