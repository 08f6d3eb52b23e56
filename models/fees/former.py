"""历史缴费: what was paid in the former system, brought along to be looked up.

It is told of a house and its payers; it is no receipt and no bill, stands in no rate and settles nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any

from peewee import fn

from models import imports
from models.base import Record, db
from models.batches import AskedBatch, Batch, mark_undone, remove_rows, undone_by
from models.cards import facts
from models.deeds import deed, require
from models.desk import Figure
from models.errors import RuleBroken
from models.fees.opening_sheets import OPENING
from models.fees.rights import VIEW
from models.fees.within import within
from models.fields import CodeField, CountField, DayField, FlagField, LineField, LinkField, MoneyField
from models.imports import LAYOUTS, Column, Layout, Line, Roster, kind, sheet_of, template_sheet
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.money import from_scaled, thousands
from models.months import Month
from models.owners.estate import Unit
from models.owners.kinds import unit_ref
from models.owners.search import HOUSE

KIND = "fees.history"
"""Kind of batch."""
PEER_HISTORY = Layout("HC小区物业管理系统缴费历史", [], 1)
LAYOUTS.append(PEER_HISTORY)


class FormerPayment(Record):
    """历史缴费: one payment of the former system, as it told of it."""

    batch = LinkField(Batch, backref="former_payments", verbose_name="批次")
    unit = LinkField(Unit, backref="former_payments", verbose_name="房号")
    item = LineField(max_length=40, verbose_name="收费项目")
    first = DayField(null=True, verbose_name="期间起")
    last = DayField(null=True, verbose_name="期间止")
    paid_on = DayField(index=True, verbose_name="缴费日期")
    charged = MoneyField(null=True, verbose_name="应缴")
    paid = MoneyField(verbose_name="实缴")
    cashier = LineField(max_length=40, null=True, verbose_name="收款人")
    receipt = CodeField(max_length=40, null=True, verbose_name="原收据号")
    note = LineField(max_length=200, null=True, verbose_name="备注")

    class Meta:
        title = "历史缴费"

    def label(self) -> str:
        """Return 1-1-101 物业费 2016-01-05."""
        return f"{self.unit.code} {self.item} {self.paid_on}"


kind(
    FormerPayment,
    *("unit", "item", "first", "last", "paid_on", "receipt", "paid"),
    differs="要改请撤销那一批，再导入。",
    batch=KIND,
    total="paid",
)


@template_sheet(
    "历史缴费",
    (
        Column("unit", FormerPayment.unit, required=True),
        Column("item", FormerPayment.item, required=True, hint="原系统里的叫法，不必与本系统一致"),
        Column("first", FormerPayment.first),
        Column("last", FormerPayment.last, hint="交到哪一天，含这一天"),
        Column("paid_on", FormerPayment.paid_on, required=True),
        Column("charged", FormerPayment.charged),
        Column("paid", FormerPayment.paid, required=True),
        Column("cashier", FormerPayment.cashier),
        Column("receipt", FormerPayment.receipt),
        Column("note", FormerPayment.note),
    ),
    order=120,
    about="启用本系统以前的缴费记录，只供查看，不算收入也不算欠费。",
)
def read_history(lines: list[Line], roster: Roster) -> None:
    """Read what was paid before, from our own sheet."""
    if lines:
        require(OPENING)
    for line in lines:
        _add(line, roster, line["last"], line["note"])


@sheet_of(
    PEER_HISTORY,
    "房屋缴费历史",
    (
        Column("unit", CodeField(max_length=40, verbose_name="房屋"), required=True),
        Column("item", LineField(max_length=40, verbose_name="收费项目"), required=True),
        Column("months", CountField(high=600, verbose_name="缴费周期")),
        Column("first", DayField(verbose_name="开始时间")),
        Column("last", DayField(verbose_name="结束时间")),
        Column("paid_on", DayField(verbose_name="缴费时间"), required=True),
        Column("charged", MoneyField(verbose_name="应缴金额")),
        Column("paid", MoneyField(verbose_name="实缴金额"), required=True),
        Column("cashier", LineField(max_length=40, verbose_name="收银员")),
        Column("note", LineField(max_length=200, verbose_name="备注")),
    ),
    order=10,
)
def read_peer_history(lines: list[Line], roster: Roster) -> None:
    """Read the peer's history: the day on which its span ends is the first that was not paid for."""
    if lines:
        require(OPENING)
    for line in lines:
        _add(line, roster, _last_of(line), None if line["note"] == _FILLER else line["note"])


_FILLER = "手工导入"
"""What that system's sheet wants to find in the remarks where there are none."""


def _last_of(line: Line) -> date | None:
    first, last, months = line["first"], line["last"], line["months"]
    if first is None or last is None or not months or first.day > 28:
        return last
    begins = Month.of(first).plus(months).day(first.day)
    return last - timedelta(days=1) if last == begins else last


def _add(line: Line, roster: Roster, last: date | None, note: str | None) -> None:
    first, paid_on = line["first"], line["paid_on"]
    if first is not None and last is not None and last < first:
        line.error("last", "期间止早于期间起", "请改正其中一个日期。")
    if paid_on is not None and paid_on > date.today():
        line.error("paid_on", "缴费日期还没有到", "请改正日期；以后的缴费在收银台登记。")
    if line["unit"] is not None:
        roster.add(
            FormerPayment, line, unit=unit_ref(line["unit"], "unit"), item=line["item"], first=first,
            last=last, paid_on=paid_on, charged=line["charged"], paid=line["paid"], cashier=line["cashier"],
            receipt=line["receipt"], note=note,
        )  # fmt: skip


@deed("fees.import_history", "导入历史缴费", OPENING)
def import_history(
    path: Annotated[Any, Asked(LineField(max_length=1000, verbose_name="文件"))],
    skip_errors: Annotated[bool, Asked(FlagField(default=False, verbose_name="跳过有错的行"))] = False,
) -> Batch:
    """Import what was paid in the former system, from our sheet 历史缴费 or the peer's.

    Args:
        path: the workbook, or the `Plan` of it, which saves reading it again.
        skip_errors: whether rows that cannot be imported are left out instead.

    Raises:
        ImportRefused: it holds errors, which are not to be skipped.
        RuleBroken: it brings nothing new, or records of other kinds too.
    """
    plan = imports.asked(path, FormerPayment, alone="历史缴费")
    if not plan.new and (skip_errors or not plan.errors):
        raise RuleBroken(f"{plan.path.name} 里的 {plan.same} 笔历史缴费都已导入过，没有新的内容。")
    return imports.write(plan, "历史缴费", skip_errors).batches[0]


@undone_by(KIND, "历史缴费")
@deed("fees.undo_history", "撤销历史缴费", OPENING, danger=True, question="这一批历史缴费将全部删去。")
def undo_history(batch: AskedBatch) -> Batch:
    """Take back what was brought along; nothing rests on it.

    Raises:
        RuleBroken: the batch is no history, or it is undone already.
    """
    mark_undone(batch, undo_history)
    remove_rows(batch)
    return batch


@facts(Unit, VIEW)
def paid_before(unit: Unit) -> Iterator[Figure]:
    """What the former system was paid for a house, where something is known of it."""
    told = (fn.COUNT(FormerPayment.id), fn.SUM(FormerPayment.paid), fn.MAX(FormerPayment.last))
    mine = [FormerPayment.unit == unit, *within(FormerPayment.unit)]
    count, fen, last = next(iter(db.execute(FormerPayment.select(*told).where(*mine))))
    if count:
        words = f"{count} 笔" + (f"，交到 {last}" if last else "")
        yield Figure("历史缴费", thousands(from_scaled(fen, 2)), words, "former_payments", {"unit": unit})


@listing("former_payments", "历史缴费", "fees", VIEW, "period", "unit", "building")
def former_payments(filters: Filters) -> Listing:
    """What was paid in the former system, newest first."""
    query = FormerPayment.select().join(Unit)
    for condition in within(FormerPayment.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    query = filters.narrow(query, period=FormerPayment.paid_on)
    columns = (
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("item", FormerPayment.item),
        Shown("first", FormerPayment.first),
        Shown("last", FormerPayment.last),
        Shown("paid_on", FormerPayment.paid_on),
        Shown("charged", FormerPayment.charged),
        Shown("paid", FormerPayment.paid),
        Shown("cashier", FormerPayment.cashier),
        Shown("receipt", FormerPayment.receipt),
        Shown("note", FormerPayment.note),
        Shown("batch", Batch.id, FormerPayment.batch, label="批次", hidden=True),
    )
    return Listing(
        query, columns, id=FormerPayment.id, order=("-paid_on", "unit"), record=FormerPayment,
        search=(HOUSE, FormerPayment.item, FormerPayment.receipt),
    )  # fmt: skip
