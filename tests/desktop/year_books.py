"""The books of a year added up anew from the raw tables: plain SQL and plain sums, no rule of the product.

Money is in fen throughout, as it is stored. What is dated is gone through day by day.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

OWN = "item_id IN (SELECT id FROM fee_item WHERE NOT collected AND category != 'LATE')"
RETURNED = "allocation.adjustment_id IS NOT NULL AND allocation.amount < 0"
MADE = (
    "CASE WHEN corrects_id IS NOT NULL THEN COALESCE(substr(batch.made_at, 1, 10), "
    "(SELECT taken.due FROM bill AS taken WHERE taken.corrects_id = bill.corrects_id "
    "AND taken.kind = 'CORRECTION' AND taken.amount < 0)) END"
)
"""The day on which a line that replaces another one was made."""
RELIEF = "allocation.adjustment_id IS NOT NULL AND allocation.amount > 0"
FREE_DAYS, PER_DAY = 15, Fraction(5, 10_000)
"""What the office of the year agreed on for paying late."""


def half_up(exact: Fraction) -> int:
    """Round to a whole number, half up."""
    return floor(exact + Fraction(1, 2))


def days_of(month: int) -> list[str]:
    """Return the days of a month (202501)."""
    day, found = date(month // 100, month % 100, 1), []
    while day.month == month % 100:
        found.append(day.isoformat())
        day += timedelta(days=1)
    return found


def month_after(month: int) -> int:
    """Return the month after one."""
    return month + 1 if month % 100 < 12 else month + 89


class Books:
    """An office's file, read by nobody else."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.code = dict(self.all("SELECT id, code FROM unit"))
        self.areas = self.dated("SELECT unit_id, since, billing FROM unit_area")
        self.prices = self.dated("SELECT item_id, since, id, price, extra FROM rate")

    def all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self._db.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object) -> int:
        """Return the one number of a query, 0 for none."""
        return int(self._db.execute(sql, values).fetchone()[0] or 0)

    def dated(self, sql: str) -> dict[int, list[tuple[Any, ...]]]:
        """Return the rows of each owner by their first day."""
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for owner, *row in sorted(self.all(sql)):
            found[owner].append(tuple(row))
        return found

    @staticmethod
    def at(rows: list[tuple[Any, ...]], day: str) -> tuple[Any, ...]:
        """Return what holds on a day."""
        return [row for row in rows if row[0] <= day][-1]

    # -- charges -----------------------------------------------------------------------------------

    def due_charges(self, months: range) -> dict[tuple[int, str, str], int]:
        """Return what each house ought to be charged by (month, house, item): all given, all months."""
        given = "SELECT unit_id, item_id, since, COALESCE(until, '9999') FROM assignment"
        found: dict[tuple[int, str, str], int] = {}
        for unit, item, since, until in self.all(given):
            for month in months:
                days = [day for day in days_of(month) if since <= day <= until]
                if days and (fen := self.charge(unit, item, month, days)):
                    found[month, self.code[unit], self.name(item)] = fen
        return found

    def charge(self, unit: int, item: int, month: int, days: list[str]) -> int:
        """Return what some days of a month cost, in fen."""
        return half_up(self.cost(unit, item, month, days))

    def cost(self, unit: int, item: int, month: int, days: list[str]) -> Fraction:
        """Return it exactly: each day its price, its area and its part of the month."""
        (basis,) = self.all("SELECT basis FROM fee_item WHERE id = ?", item)[0]
        kept = self.kept(unit, item, month)
        total = Fraction(0)
        for day in days:
            _, _, price, extra = self.at(self.prices[item], day)
            quantity = self.at(self.areas[unit], day)[1] if basis == "AREA" else 100 * (basis == "HOUSEHOLD")
            total += Fraction(quantity * half_up(price * kept), 10_000) + half_up(extra * kept)
        return total / len(days_of(month))

    def kept(self, unit: int, item: int, month: int) -> Fraction:
        """Return the part of a price that is left of what was agreed for paying ahead."""
        plan = (
            "SELECT kept, parts FROM prepay_plan JOIN prepay_offer ON prepay_offer.id = offer_id "
            "WHERE unit_id = ? AND item_id = ? AND ? BETWEEN first AND last"
        )
        return next((Fraction(*row) for row in self.all(plan, unit, item, month)), Fraction(1))

    def name(self, item: int) -> str:
        """Return what an item is called."""
        return str(self.all("SELECT name FROM fee_item WHERE id = ?", item)[0][0])

    def standing_charges(self) -> dict[tuple[int, str, str], int]:
        """Return what the books charge of that: lines of runs, and those in place of reversed ones."""
        reversed_ = "SELECT corrects_id FROM bill WHERE kind = 'REVERSAL' AND live"
        wanted = (
            "live AND amount > 0 AND (kind = 'RECURRING' OR kind = 'CORRECTION' AND source LIKE 'GZ-%') "
            f"AND id NOT IN ({reversed_})"
        )
        lines = self.all(f"SELECT month, unit_id, item_id, amount FROM bill WHERE {wanted}")
        found = {(month, self.code[unit], self.name(item)): fen for month, unit, item, fen in lines}
        assert len(found) == len(lines), "a house is charged twice for a month"
        return found

    # -- meters ------------------------------------------------------------------------------------

    def counted(self) -> dict[str, int]:
        """Return what the meters of each house counted, from the figures they showed alone."""
        used: dict[str, int] = defaultdict(int)
        told = (
            "SELECT meter.id, unit_id, digits, value, base, reading.kind FROM reading "
            "JOIN meter ON meter.id = meter_id WHERE live ORDER BY meter.id, month, reading.id"
        )
        before: dict[int, int] = {}
        for meter, unit, digits, value, base, _ in self.all(told):
            if not base:
                used[self.code[unit]] += (value - before[meter]) % 10 ** (digits + 2)
            before[meter] = value
        return dict(used)

    def metered(self) -> dict[str, int]:
        """Return what lines charged of it."""
        told = (
            "SELECT bill.unit_id, SUM(usage) FROM metered JOIN bill ON bill.id = bill_id "
            "WHERE live GROUP BY 1"
        )
        return {self.code[unit]: usage for unit, usage in self.all(told)}

    def meter_charges(self) -> dict[int, tuple[int, int]]:
        """Return by line what it charges, and what its months cost by the tiers of their days."""
        found = {}
        lines = "SELECT id, item_id, amount FROM bill WHERE kind = 'METERED' AND live"
        for line, item, amount in self.all(lines):
            parts = self.all("SELECT meter_id, month, usage FROM metered WHERE bill_id = ?", line)
            exact = sum((self.tiered(item, *part) for part in parts), Fraction(0))
            found[line] = (amount, half_up(exact))
        return found

    def tiered(self, item: int, meter: int, month: int, usage: int) -> Fraction:
        """Return what the usage of a month costs; of a month after one that was missed, of two months."""
        chain = "(SELECT id FROM meter WHERE COALESCE(origin_id, id) = ?)"
        read = f"SELECT MAX(day) FROM reading WHERE live AND month = ? AND NOT base AND meter_id IN {chain}"
        (day,) = self.all(read, month, meter)[0]
        last = f"SELECT MAX(month) FROM reading WHERE live AND month < ? AND meter_id IN {chain}"
        before, months = self.one(last, month, meter), 1
        while month_after(before) != month:
            before, months = month_after(before), months + 1
        _, rate, price, extra = self.at(self.prices[item], day)
        tiers = self.all("SELECT over, price FROM rate_tier WHERE rate_id = ? ORDER BY over", rate)
        steps = [(0, price), *tiers]
        ends = [over * months for over, _ in steps[1:]] + [10**9]
        total = Fraction(extra * months)
        for (over, each), end in zip(steps, ends, strict=True):
            total += Fraction(max(0, min(usage, end) - over * months) * each, 10_000)
        return max(total, Fraction(self.one("SELECT minimum FROM fee_item WHERE id = ?", item) * months))

    # -- shares ------------------------------------------------------------------------------------

    def pools(self) -> Iterator[tuple[int, int, dict[str, int], dict[str, int]]]:
        """Yield of each shared cost its pool anew and as booked, the shares anew and the lines as booked."""
        told = (
            "SELECT number, plan_id, month, base, amount, previous, current, price, excluded, "
            "excluded_used FROM shared_cost WHERE state = 'SHARED'"
        )
        for number, plan, month, base, booked, previous, current, price, off, unused in self.all(told):
            pool = booked
            if price is not None:
                pool = half_up(Fraction((current - previous - unused) * price, 10_000)) - off
            houses = self.all(
                "SELECT unit.id, code FROM unit JOIN share_scope USING (building_id) WHERE plan_id = ? "
                "AND unit.entrance_id IS NOT NULL ORDER BY sort_key",
                plan,
            )
            last = days_of(month)[-1]
            weights = {
                code: self.at(self.areas[unit], last)[1] if base == "AREA" else 1 for unit, code in houses
            }
            lines = (
                "SELECT unit_id, amount FROM bill WHERE live AND kind = 'SHARED' AND source LIKE ? || '/%'"
            )
            yield (
                pool,
                booked,
                largest(pool, weights),
                {self.code[unit]: fen for unit, fen in self.all(lines, number)},
            )

    # -- money -------------------------------------------------------------------------------------

    def arrears(self, day: str) -> dict[str, int]:
        """Return what each house owes as of a day on lines due by then."""
        paid = 'SELECT SUM(amount) FROM allocation WHERE bill_id = bill.id AND live AND "on" <= ?'
        lines = (
            f"SELECT unit_id, SUM(bill.amount - COALESCE(({paid}), 0)) FROM bill WHERE live AND amount > 0 "
            "AND due <= ? AND item_id NOT IN (SELECT id FROM fee_item WHERE category = 'LATE') GROUP BY 1"
        )
        return {self.code[unit]: fen for unit, fen in self.all(lines, day, day) if fen}

    def balances(self) -> dict[tuple[str, str], int]:
        """Return what each payer has left with a house."""
        told = (
            "SELECT code, name, SUM(amount) FROM balance_entry JOIN unit ON unit.id = unit_id "
            "JOIN person ON person.id = payer_id GROUP BY 1, 2 HAVING SUM(amount)"
        )
        return {(code, name): fen for code, name, fen in self.all(told)}

    def closings(self) -> dict[str, tuple[int, int, int, int]]:
        """Return of each closed day the receipts that count, the void ones, their money, and of deposits."""
        found = {}
        for (day,) in self.all("SELECT day FROM day_closing"):
            told = 'FROM receipt WHERE "on" = ? AND state'
            deposits = "SELECT SUM(amount) FROM deposit_entry WHERE \"on\" = ? AND kind != 'DEDUCTED'"
            found[day] = (
                self.one(f"SELECT COUNT(*) {told} != 'VOID'", day),
                self.one(f"SELECT COUNT(*) {told} = 'VOID'", day),
                self.one(f"SELECT SUM(amount) {told} != 'VOID'", day),
                self.one(deposits, day),
            )
        return found

    def deposits(self) -> dict[str, tuple[int, int, int]]:
        """Return of each deposit what was deducted, given back, and is held."""
        kind = "SUM(CASE entry.kind WHEN ? THEN -entry.amount ELSE 0 END)"
        told = (
            f"SELECT deposit.number, {kind}, {kind}, SUM(entry.amount) FROM deposit "
            "JOIN deposit_entry AS entry ON entry.deposit_id = deposit.id GROUP BY 1"
        )
        return {number: figures for number, *figures in self.all(told, "DEDUCTED", "REFUNDED")}

    def closing(self, unit: str) -> int:
        """Return what is open on the lines of a house less what is held in advance for it."""
        whose = "unit_id = (SELECT id FROM unit WHERE code = ?)"
        owed = self.one(f"SELECT SUM(amount - paid) FROM bill WHERE live AND {whose}", unit)
        return owed - self.one(f"SELECT SUM(amount) FROM balance_entry WHERE {whose}", unit)

    def collected(self, months: range) -> dict[tuple[int, str], tuple[int, int]]:
        """Return (charged, received) by month and item, without what was taken off."""
        off = f"SELECT SUM(amount) FROM allocation WHERE live AND bill_id = bill.id AND {RELIEF}"
        told = (
            f"SELECT month, item_id, SUM(amount - COALESCE(({off}), 0)), SUM(paid - COALESCE(({off}), 0)) "
            "FROM bill JOIN fee_item ON fee_item.id = item_id WHERE live AND amount > 0 "
            "AND category != 'LATE' AND month BETWEEN ? AND ? GROUP BY 1, 2"
        )
        rows = self.all(told, months.start, months.stop - 1)
        return {(month, self.name(item)): (charged, paid) for month, item, charged, paid in rows}

    def rates(self, month: int) -> dict[str, dict[str, int]]:
        """Return the figures of FE-07 of a month as of its last day, by building."""
        first, last = days_of(month)[0], days_of(month)[-1]
        found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        lines = (
            f"SELECT bill.id, month, bill.amount, COALESCE(name, '不属楼栋'), {MADE} FROM bill "
            "JOIN unit ON unit.id = unit_id LEFT JOIN building ON building.id = building_id "
            "LEFT JOIN batch ON batch.id = bill.batch_id "
            f"WHERE live AND bill.amount > 0 AND {OWN}"
        )
        moved = f'SELECT "on", amount, {RELIEF}, {RETURNED} FROM allocation WHERE live AND bill_id = ?'
        for line, of, amount, building, made in self.all(lines):
            if made and made > last:
                continue  # what it replaces stood whole on that day
            figures = found[building]
            settled = self.all(moved, line)
            before = sum(fen for on, fen, *_ in settled if on < first)
            money = sum(fen for on, fen, relief, _ in settled if on <= last and not relief)
            relief = sum(fen for on, fen, relief, _ in settled if on <= last and relief)
            if of == month:
                figures["charged"] += amount
                figures["received"] += money
                figures["relief"] += relief
            elif of > month:
                figures["advance"] += money
            else:
                of_now = amount if made and made >= first else 0
                figures["opening"] += amount - of_now - before
                within = [(fen, relief or back) for on, fen, relief, back in settled if first <= on <= last]
                figures["recovered"] += sum(fen for fen, corrects in within if not corrects)
                figures["past_relief"] += sum(fen for fen, corrects in within if corrects) - of_now
        for figures in found.values():
            figures["closing"] = (
                figures["opening"]
                + figures["charged"]
                - sum(figures[name] for name in ("received", "relief", "recovered", "past_relief"))
            )
        return found

    # -- late --------------------------------------------------------------------------------------

    def late_spans(self) -> Iterator[tuple[int, int]]:
        """Yield what each charge for days that were late comes to, and what those days cost anew."""
        told = "SELECT bill_id, since, until, amount FROM late_span WHERE live AND charge_id IS NOT NULL"
        for line, since, until, fen in self.all(told):
            yield fen, self.late(line, since, until)

    def late_still(self, day: str) -> dict[str, int]:
        """Return what each house's lines bear up to a day beyond what was charged or waived, line by line."""
        found: dict[str, int] = defaultdict(int)
        done = "SELECT MAX(until) FROM late_span WHERE late_span.bill_id = bill.id AND live"
        lines = f"SELECT id, unit_id, due, ({done}) FROM bill WHERE live AND amount > 0 AND {OWN}"
        for line, unit, due, until in self.all(lines):
            start = date.fromisoformat(until or due) + timedelta(days=1)
            found[self.code[unit]] += self.late(line, start.isoformat(), day)
        return {code: fen for code, fen in found.items() if fen}

    def late(self, line: int, since: str, until: str) -> int:
        """Return what the open money of a line costs day by day, without what was paid in time.

        A receipt that was reversed paid nothing.
        """
        amount, due = self.all("SELECT amount, due FROM bill WHERE id = ?", line)[0]
        grace = (date.fromisoformat(due) + timedelta(days=FREE_DAYS)).isoformat()
        red = (
            "SELECT id FROM receipt WHERE reverses_id UNION SELECT reverses_id FROM receipt WHERE reverses_id"
        )
        told = (
            f'SELECT "on", SUM(amount), {RELIEF} FROM allocation WHERE live AND bill_id = ? '
            f"AND COALESCE(receipt_id, 0) NOT IN ({red}) GROUP BY 1, 3"
        )
        moved = self.all(told, line)
        total = Fraction(0)
        day = date.fromisoformat(since)
        while day.isoformat() <= until:
            gone = sum(fen for on, fen, off in moved if off or on <= grace or on < day.isoformat())
            total += max(0, amount - gone) * PER_DAY
            day += timedelta(days=1)
        return half_up(total)


def largest(pool: int, weights: Mapping[str, int | Fraction]) -> dict[str, int]:
    """Divide a pool by weights; what cutting to the fen leaves goes to the largest remainders, in order."""
    whole = Fraction(sum(weights.values()))
    exact = {code: Fraction(pool * weight) / whole for code, weight in weights.items()}
    cut = {code: floor(share) for code, share in exact.items()}
    left = pool - sum(cut.values())
    for code in sorted(exact, key=lambda code: cut[code] - exact[code])[:left]:
        cut[code] += 1
    return cut
