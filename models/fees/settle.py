"""核销: which lines a sum of money settles, and what a receipt says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import JOIN, fn

from models.base import Record, db, insert_rows, journal
from models.batches import Batch
from models.errors import RuleBroken, Stale
from models.fees.asof import RETURNED
from models.fees.bills import OPEN, Bill, BillKind
from models.fees.charges import SCALE
from models.fees.gaps import reversed_lines
from models.fees.items import Basis, Category, FeeItem
from models.fees.late import LateSpan
from models.fees.metertold import quantity_told, single_price
from models.fees.payments import Adjustment, Allocation, BalanceEntry, BalanceKind, Receipt, SetOff
from models.fees.services import slips_of
from models.fields import PriceField
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.months import Month, chinese_day
from models.owners.estate import Unit
from models.owners.payees import payers_on
from models.owners.people import Person
from models.text import few, natural_key

RECEIPT_ROWS = 6
"""Rows of one receipt (forms.md FE-06)."""

PREPAID = "预存款"

NAMED = 3
"""Documents that a refusal names; of more it says how many."""


@dataclass(frozen=True)
class Part:
    """So much money for one line, in 元."""

    bill: Bill
    amount: Decimal

    @property
    def whole(self) -> bool:
        """Whether it is all that the line asks for."""
        return self.amount == self.bill.amount


@dataclass(frozen=True)
class RowText:
    """One row of a receipt as it is printed."""

    item: str
    span: str | None
    quantity: str | None
    price: str | None
    amount: Decimal
    parts: tuple[Part, ...] = ()


def open_lines(units: Sequence[Unit]) -> list[Bill]:
    """Return what these units still owe, oldest first: by due day, month, house number and item.

    违约金 comes after all principal, unless somebody chooses otherwise (forms.md B3.5).
    """
    places = {unit.id: unit for unit in units}
    items = {item.id: item for item in FeeItem.select()}
    lines = list(Bill.select().where(OPEN & Bill.unit.in_(list(places))))
    for line in lines:
        line.__rel__.update(unit=places[line.unit_id], item=items[line.item_id])

    def place(line: Bill) -> tuple[Any, ...]:
        late = line.item.category is Category.LATE
        return (late, line.due, line.month, line.unit.sort_key, line.item_id, line.id)

    return sorted(lines, key=place)


MUCH = Decimal(1000)
"""Yuan; so much more than is owed may be a slip of the finger."""


def looks_too_much(owed: Decimal, left: Decimal) -> bool:
    """Whether what would become a balance is so much that it is asked about before it is taken."""
    return left >= MUCH and left > owed


def spread(amount: Decimal, lines: Iterable[Bill]) -> tuple[list[Part], Decimal]:
    """Settle lines in the order given; return the parts and what is left over, in 元."""
    parts = []
    for line in lines:
        if amount <= 0:
            break
        part = min(amount, line.owed)
        if part > 0:
            parts.append(Part(line, part))
            amount -= part
    return parts, amount


def settle(parts: Iterable[Part], on: date, receipt: Receipt | None, set_off: SetOff | None = None) -> None:
    """Write the allocations and raise what is paid on each line, all at once: a receipt may settle dozens.

    Raises:
        Stale: a line was changed since it was read.
    """
    settled = list(parts)
    links = (receipt.id if receipt else None, set_off.id if set_off else None)
    rows = [(part.bill.id, *links, on.isoformat(), to_scaled(part.amount, 2), 1, None) for part in settled]
    add_rows(Allocation, ("bill", "receipt", "set_off", "on", "amount", "live", "adjustment"), rows)
    _raise_paid(settled)


def add_rows(record: type[Record], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write several new rows at once, each told in the audit entry; values as the columns store them."""
    for id, row in zip(insert_rows(record, names, rows), rows, strict=True):
        told = {"id": id, "row_version": 1, **dict(zip(names, row, strict=True))}
        journal().changes.append({"add": record.__name__, "id": id, "to": told})


def _raise_paid(parts: Sequence[Part]) -> None:
    """Raise what is paid on each line, which must be as it was read."""
    rows = []
    for part in parts:
        line, before = part.bill, to_scaled(part.bill.paid, 2)
        after = before + to_scaled(part.amount, 2)
        rows.append((after, line.id, line.row_version))
        line.paid, line.row_version = from_scaled(after, 2), line.row_version + 1
        change = {"from": {"paid": before}, "to": {"paid": after}}
        journal().changes.append({"change": "Bill", "id": line.id, **change})
    wanted = f"id = {db.param} AND row_version = {db.param}"
    raised = f"UPDATE bill SET paid = {db.param}, row_version = row_version + 1 WHERE {wanted}"
    if rows and db.connection().executemany(raised, rows).rowcount != len(rows):
        raise Stale("有账单刚被别人改过。请刷新，看过新内容后再收。")
    journal().touch(Bill)


def unsettle(document: Receipt | SetOff) -> None:
    """Take back what a receipt or a set-off settled.

    Raises:
        RuleBroken: a line was corrected since, so that its money is a balance now.
    """
    for allocation in settled_by(document):
        allocation.change(live=False)
        allocation.bill.change(paid=allocation.bill.paid - allocation.amount)


def settled_by(document: Receipt | SetOff) -> list[Allocation]:
    """Return what a receipt or a set-off settles, where all of it may be taken back.

    Raises:
        RuleBroken: a line was corrected since, so that its money is a balance now.
    """
    mine = (Allocation.receipt if isinstance(document, Receipt) else Allocation.set_off) == document
    found = list(Allocation.select().where(mine & (Allocation.live == True)))
    later = Allocation.select(Allocation.bill, Adjustment.number).join(Adjustment)
    moved = dict(db.execute(later.where(RETURNED & Allocation.bill.in_([one.bill_id for one in found]))))
    if moved:
        raise RuleBroken(
            f"{document.number} 所收的账单已由 {_some(sorted(set(moved.values())))} 更正，款项已转为预存。"
            "请从预存中退款或抵扣，不再收回这一张。"
        )
    return found


def voidable(batch: Batch) -> Any:
    """Return the condition on Bill of the lines of a batch that an undo voids: all but those reversed before.

    A reversed line and its negative one stay as they are: together they come to nothing.

    Raises:
        RuleBroken: says which receipts, set-offs and batches must be taken back first.
    """
    lines_of = (Bill.batch == batch) & (Bill.live == True) & ~reversed_lines()
    _refuse_charged_late(batch)
    _refuse_handed_over(batch)
    query = Allocation.select(Bill.id, Receipt.number, SetOff.number, Adjustment.number).join(Bill)
    for document in (Receipt, SetOff, Adjustment):
        query = query.switch(Allocation).join(document, JOIN.LEFT_OUTER)
    rows = list(db.execute(query.where(lines_of & (Allocation.live == True))))
    lines, receipts, set_offs, adjustments = (sorted({row[at] for row in rows} - {None}) for at in range(4))
    if adjustments:
        raise RuleBroken(
            f"批次 {batch.label()} 中已有账单由 {_some(adjustments)} 更正，不能整批撤销。请先红冲这几户。"
        )
    first = [f"作废收据 {_some(receipts)}"] if receipts else []
    first += [f"撤销抵扣单 {_some(set_offs)}"] if set_offs else []
    if first:
        raise RuleBroken(
            f"批次 {batch.label()} 中已有 {len(lines)} 笔收了款，不能整批撤销。请先{'，再'.join(first)}。"
        )
    return lines_of


def _refuse_handed_over(batch: Batch) -> None:
    """Refuse to undo a batch while a line charges what a transfer handed over of one of its own."""
    by_transfer = Bill.corrects.is_null(False) & (Bill.kind == BillKind.CORRECTION) & Bill.batch.is_null()
    charging = by_transfer & (Bill.live == True) & (Bill.amount > 0)
    lines: Any = Bill.select(Bill.id).where(Bill.batch == batch)
    while heirs := list(Bill.select().where(charging & Bill.corrects.in_(lines))):
        lines = [heir.id for heir in heirs]  # what these passed on in turn is looked at next
        one = Bill.select().where(Bill.id.in_(lines) & ~reversed_lines()).first()
        if one is not None:
            raise RuleBroken(
                f"批次 {batch.label()} 中有账单已过户转出：{one.label()} {thousands(one.amount)} 元"
                f"（{str(one.source).partition('/')[0]}），不能整批撤销。请先红冲转出的账单和原账单。"
            )


def _refuse_charged_late(batch: Batch) -> None:
    mine, charge = Bill.alias(), Bill.alias()
    query = LateSpan.select(Batch.id, Batch.title).distinct().join(mine, on=(LateSpan.bill == mine.id))
    query = query.switch(LateSpan).join(charge, on=(LateSpan.charge == charge.id)).join(Batch)
    reversed_before = mine.id.in_(Bill.select(Bill.id).where(reversed_lines()))
    wanted = (mine.batch == batch) & (LateSpan.live == True) & ~reversed_before
    charged = list(db.execute(query.where(wanted)))
    if charged:
        told = "、".join(f"{number} {title}" for number, title in charged[:NAMED])
        raise RuleBroken(f"批次 {batch.label()} 中有账单已计收违约金，不能整批撤销。请先撤销批次 {told}。")


def _some(numbers: Sequence[str]) -> str:
    return few(numbers, "份", NAMED)


def balance(unit: Unit, payer: Person | None, on: date | None = None) -> Decimal:
    """Return the prepaid balance that a payer holds on a unit, in 元; as of a day where one is given."""
    mine = (BalanceEntry.unit == unit) & (
        BalanceEntry.payer.is_null() if payer is None else BalanceEntry.payer == payer
    )
    if on is not None:
        mine &= BalanceEntry.on <= on
    return sum((entry.amount for entry in BalanceEntry.select().where(mine)), start=Decimal(0))


def refunded(day: date) -> Decimal:
    """Return what was paid back out of balances on a day, in 元."""
    mine = (BalanceEntry.kind == BalanceKind.REFUNDED) & (BalanceEntry.on == day)
    fen = next(iter(db.execute(BalanceEntry.select(fn.SUM(BalanceEntry.amount)).where(mine))))[0]
    return from_scaled(-(fen or 0), 2)


def holders(unit: Unit, on: date) -> dict[int | None, Decimal]:
    """Return by the payer's id (None: nobody known) what a unit's balances had on a day and still have."""
    then = fn.SUM(BalanceEntry.amount).filter(BalanceEntry.on <= on)
    query = BalanceEntry.select(BalanceEntry.payer, fn.SUM(BalanceEntry.amount), then)
    rows = db.execute(query.where(BalanceEntry.unit == unit).group_by(BalanceEntry.payer))
    return {payer: from_scaled(min(now, was or 0), 2) for payer, now, was in rows if min(now, was or 0) > 0}


def holder(unit: Unit, named: Person | None, on: date) -> tuple[Person | None, Decimal]:
    """Return whose balance on a unit is meant, and how much there is of it on a day.

    Args:
        unit: where it lies.
        named: whose; without him that of who pays now, else one that nobody is known to hold.
        on: the day.

    Raises:
        RuleBroken: nobody is named, and the balance is somebody else's than who pays now.
    """
    held = holders(unit, on)
    if named is not None:
        return named, held.get(named.id, Decimal(0))
    now = payers_on(unit, on).payer_id
    number = next((one for one in (now, None) if one in held), now)
    others = [Person.get_by_id(one).name for one in held if one is not None]
    if number not in held and others:
        raise RuleBroken(f"{unit.code} 的预存属于{'、'.join(others)}。请在“付款人”里选他，再办。")
    payer = None if number is None else Person.get_by_id(number)
    return payer, held.get(number, Decimal(0))


def chosen_lines(units: Sequence[Unit], chosen: Sequence[Bill] | None) -> list[Bill]:
    """Return the lines that were chosen, else all open ones of the units.

    Raises:
        RuleBroken: a chosen line is settled or void.
    """
    if not chosen:
        return open_lines(units)
    settled = [line.label() for line in chosen if line.owed <= 0]
    if settled:
        raise RuleBroken(f"{'、'.join(settled)} 已结清或已作废，不能再收款。请去掉后再试。")
    return list({line.id: line for line in chosen}.values())


def receipt_rows(parts: Sequence[Part], prepaid: Decimal = Decimal(0)) -> list[RowText]:
    """Return the rows of a unit's receipts: consecutive whole months of one item are one row."""
    rows = [_row(group) for group in _consecutive(parts)]
    if prepaid > 0:
        rows.append(RowText(PREPAID, None, None, None, prepaid))
    return rows


def pages(rows: Sequence[RowText]) -> Iterator[Sequence[RowText]]:
    """Cut rows into receipts."""
    for start in range(0, len(rows), RECEIPT_ROWS):
        yield rows[start : start + RECEIPT_ROWS]


def month_span(first: Month, last: Month) -> str:
    """Return 2026年1月, or 2026年1月至3月, or 2025年12月至2026年2月."""
    if first == last:
        return first.chinese
    return (
        f"{first.chinese}至{last.month}月" if first.year == last.year else f"{first.chinese}至{last.chinese}"
    )


def _consecutive(parts: Sequence[Part]) -> Iterator[list[Part]]:
    group: list[Part] = []
    for part in sorted(parts, key=_place):
        if group and not _follows(group[-1], part):
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _place(part: Part) -> tuple[Any, ...]:
    return (natural_key(part.bill.item.code), part.bill.month, part.bill.id)


def _follows(one: Part, other: Part) -> bool:
    if not (one.whole and other.whole and one.bill.item == other.bill.item):
        return False
    if BillKind.SERVICE in (one.bill.kind, other.bill.kind):
        return False
    return other.bill.month.minus(one.bill.month) in (0, 1)


def _row(group: Sequence[Part]) -> RowText:
    bills = [part.bill for part in group]
    if bills[0].kind is BillKind.SERVICE:
        return _service_row(group[0])
    amount = sum((part.amount for part in group), start=Decimal(0))
    name = bills[0].item.name if group[0].whole else f"{bills[0].item.name}（部分）"
    quantity, price = _sum_told(bills) if group[0].whole else (None, None)
    return RowText(name, month_span(bills[0].month, bills[-1].month), quantity, price, amount, tuple(group))


def _service_row(part: Part) -> RowText:
    """Return what a slip says of the service, so that the payer knows what he pays for."""
    slip = slips_of([part.bill.source])[part.bill.source]
    span = chinese_day(slip.on)
    if not part.whole:
        return RowText(f"{slip.name}（部分）", span, None, None, part.amount, (part,))
    return RowText(slip.name, span, slip.much, PriceField().show(slip.price), part.amount, (part,))


def _sum_told(bills: Sequence[Bill]) -> tuple[str | None, str | None]:
    """Return quantity and price whose product is the sum; neither where days or a change made it another."""
    first = bills[0]
    if len(bills) == 1 and first.kind is BillKind.METERED:
        return quantity_told(first.segments, first.quantity), single_price(first.segments, first.price)
    if len({bill.amount for bill in bills}) > 1 or any(
        bill.segments or bill.days != bill.month_days for bill in bills
    ):
        return None, None
    if len(bills) == 1 and first.quantity and not first.extra and _is_product(first):
        unit = "㎡" if first.item.basis is Basis.AREA else " 户"
        return f"{thousands(first.quantity)}{unit}".replace("1.00 户", "1 户"), PriceField().show(first.price)
    return f"{len(bills)} 个月", thousands(first.amount)


def _is_product(bill: Bill) -> bool:
    """Whether a line is just quantity × price, and not the least that its item charges."""
    exact = to_scaled(bill.quantity, 2) * to_scaled(bill.price or Decimal(0), 4)
    return divide_half_up(exact, SCALE) == to_scaled(bill.amount, 2)
