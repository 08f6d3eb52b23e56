"""余额的解释: how a prepaid balance and a unit's debts came about, entry by entry and line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from models.fees import settle
from models.fees.arrears import AGES, age_of, debts, owed_lines
from models.fees.asof import owing_on
from models.fees.bills import Bill
from models.fees.explain import explain, lines_of
from models.fees.explanation import PREFIX, PROOF, Explanation, Told, chapters
from models.fees.payments import BalanceEntry, ReceiptState
from models.fees.within import check_reach
from models.money import from_scaled, thousands
from models.months import Period
from models.owners.estate import Unit
from models.owners.people import Person

NOTHING = Decimal(0)
ENTRIES, SUMS, OWED, AGED, LATER = "逐笔变动", "怎样算出", "逐笔欠费", "账龄", "没有计入"


def balance_of(unit: Unit, payer: Person | None) -> Explanation:
    """Return how the balance that a payer holds on a unit came about, entry by entry.

    Raises:
        PermissionDenied: the unit lies beyond the reach of the person acting.
    """
    check_reach(unit)
    mine = BalanceEntry.payer.is_null() if payer is None else BalanceEntry.payer == payer
    query = BalanceEntry.select().where((BalanceEntry.unit == unit) & mine)
    entries = list(query.order_by(BalanceEntry.on, BalanceEntry.id))
    left = sum((Decimal(entry.amount) for entry in entries), NOTHING)
    name = payer.name if payer is not None else "没有登记付款人"
    held = settle.balance(unit, payer)
    return Explanation(
        f"{PREFIX}{unit.code}",
        f"{unit.code} 预存余额（{name}）",
        held,
        chapters(
            (ENTRIES, map(_entry, entries)), (SUMS, _by_kind(entries, left)), (PROOF, [_same(left, held)])
        ),
        left == held,
    )


def _entry(entry: BalanceEntry) -> Told:
    return Told(entry.kind.value, f"{entry.on} {_document(entry)}".strip(), entry.amount)


def _document(entry: BalanceEntry) -> str:
    if entry.receipt is not None:
        void = "（作废）" if entry.receipt.state is ReceiptState.VOID else ""
        return f"收据 {entry.receipt.number}{void}"
    if entry.set_off is not None:
        return f"预存抵扣 {entry.set_off.number}"
    if entry.batch is not None:
        return f"批次 {entry.batch.label()}"
    return str(entry.source or "")


def _by_kind(entries: Sequence[BalanceEntry], left: Decimal) -> Iterator[Told]:
    """Tell the sum of each kind of entry, and what they come to."""
    sums: dict[str, Decimal] = {}
    for entry in entries:
        sums[entry.kind.value] = sums.get(entry.kind.value, NOTHING) + Decimal(entry.amount)
    yield from (Told(f"{kind}合计", "", amount) for kind, amount in sums.items())
    if sums:
        words = " + ".join(thousands(amount) for amount in sums.values())
        yield Told("余额", words.replace("+ -", "− "), left)


def arrears_of(unit: Unit, day: date | None = None) -> Explanation:
    """Return what a unit owes as of a day (today without one), line by line, with ages.

    Raises:
        PermissionDenied: the unit lies beyond the reach of the person acting.
    """
    check_reach(unit)
    day = day or date.today()
    found = {id: fen for id, _, _, _, fen in owed_lines(day, Bill.unit == unit)}
    lines = list(Bill.select().where(Bill.id.in_(list(found))).order_by(Bill.due, Bill.month, Bill.id))
    debt = debts(day, Bill.unit == unit).get(unit.id)
    total = from_scaled(debt.total if debt else 0, 2)
    summed = from_scaled(sum(found.values()), 2)
    ages = [from_scaled(fen, 2) for fen in debt.ages] if debt else []
    return Explanation(
        f"{PREFIX}{unit.code}",
        f"{unit.code} 欠费（截至 {day}）",
        total,
        chapters(
            (OWED, (_owed(line, from_scaled(found[line.id], 2), day) for line in lines)),
            (AGED, (Told(age, "", sum) for age, sum in zip(AGES, ages, strict=False) if sum)),
            (LATER, _later(unit, day)),
            (PROOF, [_same(summed, total)]),
        ),
        summed == total,
    )


def _owed(line: Bill, owed: Decimal, day: date) -> Told:
    late = (day - line.due).days
    told = f"应收 {thousands(line.amount)} − 已收 {thousands(Decimal(line.amount) - owed)}，截止日 {line.due}"
    told += f"，过了 {late} 天，{AGES[age_of(line.due, day)]}"
    payer = f"，付款人 {line.payer.name}" if line.payer is not None else ""
    return Told(f"{line.item.name} {line.month}", f"{told}{payer}", owed)


def _later(unit: Unit, day: date) -> Iterator[Told]:
    """Tell the open lines that are no debt yet, for they fall due after the day."""
    query = Bill.select().where(owing_on(day), Bill.unit == unit, Bill.due > day)
    for line in query.order_by(Bill.due, Bill.id):
        if line.owed > 0:
            words = f"截止日 {line.due} 还没有到，未收 {thousands(line.owed)} 元不算欠费"
            yield Told(f"{line.item.name} {line.month}", words)


def _same(summed: Decimal, told: Decimal) -> Told:
    if summed == told:
        return Told("重新计算", "逐笔相加，与账面一致", summed)
    return Told("重新计算", f"与账面 {thousands(told)} 元不符，请告诉会计核对", summed)


def explanations_of(unit: Unit, period: Period | None = None) -> list[Explanation]:
    """Return what there is to explain of a unit.

    Args:
        unit: which.
        period: its lines of these months; its debts as of a day where it is one; its debts as of today, open
            lines and balances without it.

    Raises:
        PermissionDenied: the unit lies beyond the reach of the person acting.
    """
    if period is not None and period.first == period.last:
        return [arrears_of(unit, period.last)]
    if period is not None:
        return [explain(line) for line in lines_of(unit, period)]
    check_reach(unit)
    open_lines = [explain(line) for line in settle.open_lines([unit])]
    return [arrears_of(unit), *open_lines, *(balance_of(unit, payer) for payer in _holders(unit))]


def _holders(unit: Unit) -> list[Person | None]:
    """Return whoever has ever held a balance on a unit, None where nobody was known."""
    query = BalanceEntry.select(BalanceEntry.payer).where(BalanceEntry.unit == unit).distinct()
    return [entry.payer for entry in query.order_by(BalanceEntry.payer)]
