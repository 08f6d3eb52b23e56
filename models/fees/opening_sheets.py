"""期初的导入: the sheets 期初 and 预存 of our template.

An opening line is one that no run made: its document is the batch. A unit has one a month and item;
where no payer is named, whoever paid for the unit in that month does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.base import Journal, db, journal
from models.deeds import require, right
from models.errors import BadInput
from models.fees import item_sheets  # noqa: F401 - items are registered before the lines on them
from models.fees.billing import due_on
from models.fees.bills import Bill, BillKind
from models.fees.items import FeeItem
from models.fees.payments import BalanceEntry, BalanceKind
from models.fees.runs import RECURRING
from models.fields import MoneyField, MonthField
from models.imports import Column, Line, Ref, Roster, kind, template_sheet
from models.months import Month, parse_day
from models.owners.estate import Unit
from models.owners.kinds import house_key, unit_ref
from models.owners.payees import UNOWNED, Payee, payees_on
from models.owners.people import Occupancy, Person

OPENING = right("fees.opening", "登记期初")
KIND = "opening"
"""Kind of batch."""


class _MonthCell(MonthField):
    """A month as a sheet holds it; Excel turns 2026-11 into the first day of that month."""

    def parse(self, typed: str) -> Month:
        """Read a month, or the month of a day."""
        try:
            return super().parse(typed)
        except BadInput as problem:
            try:
                return Month.of(parse_day(typed))
            except BadInput:
                raise problem from None


@template_sheet(
    "期初",
    (
        Column("unit", Bill.unit, required=True),
        Column("payer", Bill.payer, heading="业主编号", hint="欠费的人；没有填就是该月为这套房屋交费的人"),
        Column("item", Bill.item, heading="项目编号", required=True),
        Column("month", _MonthCell(verbose_name="月份"), required=True, hint="欠的是哪个月，例如 2026-06"),
        Column("amount", MoneyField(verbose_name="欠费金额"), required=True, hint="还欠多少，元"),
        Column("due", Bill.due, hint="账龄从这一天算起；没有填就是该月的缴费截止日"),
    ),
    order=90,
    about="启用本系统以前的欠费，一套一项一个月一行。",
)
def read_arrears(lines: list[Line], roster: Roster) -> None:
    """Read what was owed before."""
    if lines:
        require(OPENING)
    billed = _billed({line["month"] for line in lines if line["month"] is not None})
    said: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        _check_arrears(line, billed)
        if line["unit"] is None or line["item"] is None:
            continue
        _check_payers(line, said)
        roster.add(
            Bill, line, kind=BillKind.OPENING, unit=unit_ref(line["unit"], "unit"),
            item=Ref(FeeItem, line["item"], "item"), month=line["month"], payer=_person(line),
            amount=line["amount"], due=line["due"],
        )  # fmt: skip


@template_sheet(
    "预存",
    (
        Column("unit", BalanceEntry.unit, required=True),
        Column("payer", BalanceEntry.payer, heading="业主编号", required=True, hint="这笔预存是谁的"),
        Column("amount", MoneyField(verbose_name="预存余额"), required=True),
    ),
    order=95,
    about="启用本系统以前已收未用的预存款，一套一人一行。",
)
def read_balances(lines: list[Line], roster: Roster) -> None:
    """Read what was prepaid before."""
    if lines:
        require(OPENING)
    for line in lines:
        _check_amount(line, "预存余额")
        if line["unit"] is not None and line["payer"] is not None:
            unit, payer = unit_ref(line["unit"], "unit"), _person(line)
            roster.add(
                BalanceEntry, line, kind=BalanceKind.OPENING, unit=unit, payer=payer, amount=line["amount"]
            )


def _person(line: Line) -> Ref | None:
    return Ref(Person, line["payer"], "payer") if line["payer"] else None


def _check_amount(line: Line, what: str) -> None:
    if line["amount"] is not None and line["amount"] <= 0:
        line.error("amount", f"{what}是零", "请填金额，或删去这一行。")


def _check_arrears(line: Line, billed: set[tuple[str, str, int]]) -> None:
    _check_amount(line, "欠费金额")
    month = line["month"]
    if month is None or line["unit"] is None or line["item"] is None:
        return
    if month > Month.of(date.today()):
        line.error("month", "这个月还没有到，不会是以前的欠费", "请改正月份；以后的月份由出账产生。")
    if (house_key(line["unit"]), line["item"], month.number) in billed:
        line.error("month", "这个月这个项目已经出过账", "请删去这一行，或先撤销那次出账。")


def _check_payers(line: Line, said: dict[tuple[Any, ...], Line]) -> None:
    """Refuse a row that leaves out who owes where another row of its unit, item and month names somebody."""
    first = said.setdefault((house_key(line["unit"]), line["item"], line["month"]), line)
    if (first["payer"] is None) != (line["payer"] is None):
        reason = f"与第 {first.number} 行是同一房号、项目和月份，只有一行写了业主编号"
        line.error("payer", reason, "几个人各欠一份时，请每行都写业主编号。")


def _billed(months: set[Month]) -> set[tuple[str, str, int]]:
    """Return (house number, item, month) of what runs made for these months."""
    query = Bill.select(Unit.code, FeeItem.code, Bill.month).join(Unit).switch(Bill).join(FeeItem)
    return set(db.execute(query.where(RECURRING & Bill.month.in_(list(months))))) if months else set()


# -- what a row does not say -----------------------------------------------------------------------


@dataclass
class _Known:
    """What the rows of one import ask of the office again and again, read once in its deed."""

    running: Journal
    users: set[tuple[int, int]]
    due_days: dict[int, int | None]
    due: dict[tuple[Month, int], str] = field(default_factory=dict)
    payees: dict[Month, dict[int, Payee]] = field(default_factory=dict)

    def due_on(self, month: Month, item: int) -> str:
        """Return when a line of an item for a month fell due."""
        if (month, item) not in self.due:
            self.due[month, item] = due_on(month, self.due_days[item]).isoformat()
        return self.due[month, item]

    def payee(self, month: Month, unit: int) -> Payee:
        """Return who paid for a unit in a month: whoever held it on its first day, its last, or now."""
        for day in (month.first, month.last, date.today()):
            asked = Month.of(day) if day != month.last else month.plus(1)
            if asked not in self.payees:
                self.payees[asked] = payees_on(day)
            found = self.payees[asked].get(unit, UNOWNED)
            if found.payer_id is not None:
                return found
        return UNOWNED


_memo: list[_Known] = []


def _known() -> _Known:
    running = journal()
    if not _memo or _memo[0].running is not running:
        users = set(db.execute(Occupancy.select(Occupancy.unit, Occupancy.person)))
        _memo[:] = [_Known(running, users, dict(db.execute(FeeItem.select(FeeItem.id, FeeItem.due_day))))]
    return _memo[0]


def _complete_line(row: dict[str, Any]) -> None:
    """Fill in due day, payer, liable owner and source of a line, as columns store them."""
    known, month, unit = _known(), Month.from_number(row["month"]), row["unit"]
    payee = known.payee(month, unit)
    row["due"] = row["due"] or known.due_on(month, row["item"])
    if row["payer"] is None:
        row["payer"], row["liable"] = payee.payer_id, payee.liable_id
    else:
        # A user pays for the owner; anybody else named owes it himself (forms.md B1.7).
        uses = (unit, row["payer"]) in known.users
        row["liable"] = payee.liable_id if uses else row["payer"]
    row["source"] = f"期初:{row['batch']}:{unit}-{row['item']}-{row['month']}-{row['payer'] or 0}"


def _complete_balance(row: dict[str, Any]) -> None:
    row["on"] = date.today().isoformat()
    row["source"] = f"期初:{row['batch']}:{row['unit']}-{row['payer']}"


def _opened(record: Any, opening: Any, more: Sequence[Any] = ()) -> Any:
    """Return the condition of rows that an opening made; by their source, of which there are few."""
    condition = record.source.is_null(False) & (record.kind == opening)
    for one in more:
        condition &= one
    return condition


kind(
    Bill,
    *("unit", "item", "month", "payer"),
    unsaid="payer",
    among=lambda: _opened(Bill, BillKind.OPENING, [Bill.live == True]),
    derive=_complete_line,
    differs="需要改时请先撤销期初的那一批，再导入。",
    batch=KIND,
    total="amount",
)
kind(
    BalanceEntry,
    *("unit", "payer"),
    among=lambda: _opened(BalanceEntry, BalanceKind.OPENING),
    derive=_complete_balance,
    differs="需要改时请先撤销期初的那一批，再导入。",
    batch=KIND,
    total="amount",
)
