"""演示的账: month by month a run, then days on which people pay as they are used to and the day is closed."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, NamedTuple

from desktop.demo.calendar import Calendar
from desktop.demo.deposits import Deposits
from desktop.demo.drawers import Drawers
from desktop.demo.estate import Estate, Household
from desktop.demo.meters import Rounds
from desktop.demo.services import Services
from desktop.demo.staff import Crew
from models import deeds
from models.fees import (
    arrears,
    billing,
    cashier,
    closings,
    sealing,
    settle,
)
from models.fees.payments import Method, Payment, Receipt, SetOff
from models.money import from_scaled, to_scaled
from models.months import Month
from models.owners.estate import Unit

_ON_PAPER = (Method.CASH, Method.POS)
"""Who pays so is handed a printed receipt; others ask for one now and then."""
_CLOSES = 550
"""When the day is closed, in minutes after the office opens."""
_SEALS = 5
"""Day of the month from which the month before is sealed."""
_MISTAKES = ("收款方式登错", "交款人姓名写错", "房号选错")


class Visit(NamedTuple):
    """A household that pays on a day what it owes, in part or more."""

    household: Household
    habit: str


class Ledger:
    """Keeps the books of the demo from the first month to today."""

    def __init__(self, estate: Estate, crew: Crew, calendar: Calendar, chance: random.Random) -> None:
        self._crew, self._calendar, self._chance = crew, calendar, chance
        self._households = estate.households
        self._units: dict[str, Unit] = {place.code: Unit.find(place.code) for place in estate.places}
        self._lots = {code: index for index, code in enumerate(estate.buildings())}
        self._lives = {place.code: self._lots[place.building] for place in estate.places}
        self._prepaid: dict[str, int] = {}
        self._odd: set[int] = set()
        self._taken_back = False
        self._sealed: Month | None = None
        self._unsealed = calendar.first
        self._deposits = Deposits(estate, crew, calendar)
        self._services = Services(estate, crew, calendar)
        self._drawers = Drawers(crew, calendar)
        with calendar.at(calendar.first.day(1), -35):
            self._rounds = Rounds(estate, crew, calendar)

    def keep(self, month: Month) -> None:
        """Bill a month, set balances off, take its payments day by day and close each day."""
        first = self._calendar.day(month, 1)
        self._rounds.walk(month)
        with self._calendar.at(first), deeds.acting(self._crew.accountant):
            billing.bill(month)
        self._services.keep(month)
        with self._calendar.at(first, 15):
            moved = self._set_off(first)
        owed = {unit: debt.total for unit, debt in arrears.debts(month.last).items()}
        days = self._visits(month)
        if moved:
            days.setdefault(first, [])
        deposits = self._deposits.keep(month, sorted(days))
        for day in sorted(days):
            if day.day >= _SEALS and month != self._sealed:
                self._seal(month, day)
            self._drawers.open(day)
            self._deposits.serve(day, deposits.get(day, []))
            paid = [self._receive_at(place, visit, day, owed) for place, visit in enumerate(days[day])]
            if day < self._calendar.today:
                self._drawers.count(day)
                if any(paid) or day in deposits or (moved and day == first):
                    self._close(day)

    def _close(self, day: date, late: date | None = None) -> None:
        with (
            self._calendar.at(late or day, 0 if late else _CLOSES),
            deeds.acting(self._chance.choice(self._crew.cashiers)),
        ):
            closings.close_day(day)

    def _seal(self, month: Month, day: date) -> None:
        """Seal the months before, once the days are closed that nobody closed."""
        self._sealed = month
        self._drawers.count(day, 0)
        while self._unsealed < month:
            for left in closings.open_days(self._unsealed.last):
                self._close(left, day)
            with self._calendar.at(day), deeds.acting(self._crew.accountant):
                sealing.seal_month(self._unsealed)
            self._unsealed = self._unsealed.plus(1)

    # -- who comes when --------------------------------------------------------------------------

    def _visits(self, month: Month) -> dict[date, list[Visit]]:
        """Return who comes on which day of a month; what lies ahead has not happened."""
        index = month.minus(self._calendar.first)
        days: dict[date, list[Visit]] = defaultdict(list)
        for number, household in enumerate(self._households):
            if not self._comes(household, month, index):
                continue
            sure = household.habit != "all" and number not in self._odd
            day = month.day(self._day(household, month))
            day = min(day, self._calendar.today) if sure else day
            if day <= self._calendar.today:
                days[day].append(Visit(household, self._habit(number, household)))
        return days

    def _comes(self, household: Household, month: Month, index: int) -> bool:
        if household.begins and month < household.begins:
            return False
        if household.stops and month >= household.stops:
            return False
        if household.sale and household.begins is None and month == Month.of(household.sale.on):
            return True  # who sells clears what he owes
        if household.habit == "all" and self._chance.random() < 0.03:
            return False
        return index % household.rhythm == household.phase and not self._prepaid.get(household.units[0])

    def _day(self, household: Household, month: Month) -> int:
        leaves = household.sale and household.begins is None and Month.of(household.sale.on) == month
        day = min(max(household.day + self._chance.randint(-2, 2), 1), 28)
        return min(day, max(household.sale.on.day - 1, 1)) if leaves and household.sale else day

    def _habit(self, number: int, household: Household) -> str:
        """Return how a household pays: those who are odd once "wrong", now and then "over", always "part"."""
        if household.habit == "all":
            return "wrong" if len(household.units) == 1 and self._chance.random() < 0.003 else "all"
        first = number not in self._odd
        self._odd.add(number)
        again = household.habit == "part" or (household.habit == "over" and self._chance.random() < 0.5)
        return household.habit if first or again else "all"

    # -- what they pay ---------------------------------------------------------------------------

    def _receive_at(self, place: int, visit: Visit, day: date, owed: dict[int, int]) -> bool:
        """Serve the next of those who come on a day, one every seven minutes and the last before closing."""
        with self._calendar.at(day, min(20 + 7 * place, _CLOSES - 5)):
            return self._receive(visit, day, owed)

    def _receive(self, visit: Visit, day: date, owed: dict[int, int]) -> bool:
        """Take what a household pays; return whether it owed anything."""
        household, habit = visit
        units = [self._units[code] for code in household.units]
        bills = self._own_lines(household, units[0])
        total = sum(owed.get(unit.id, 0) for unit in units)
        if bills is not None:
            total = sum(to_scaled(line.owed, 2) for line in bills)
        amount = _amount(total, habit, household.extra)
        if total <= 0 or amount <= 0:
            return False
        if amount > total:
            self._prepaid[household.units[0]] = amount - total
        self._pay(visit, from_scaled(amount, 2), bills, day)
        return True

    def _own_lines(self, household: Household, unit: Unit) -> list[Any] | None:
        """Return the lines that a buyer pays where the seller left debts, None where he pays all."""
        sale = household.sale
        if household.begins is None or sale is None or sale.clears:
            return None
        return [
            line for line in settle.open_lines([unit]) if line.payer and line.payer.number == household.payer
        ]

    def _pay(self, visit: Visit, amount: Decimal, bills: list[Any] | None, day: date) -> None:
        household, wrong = visit.household, visit.habit == "wrong"
        unit, *others = (self._units[code] for code in household.units)
        method, person = Method(household.method), self._collector(household.units[0])
        given: dict[str, Any] = {
            "on": day,
            "bills": bills,
            "units": others or None,
            "reference": self._reference(method),
            "given": _notes(amount) if method is Method.CASH else None,
        }
        if wrong:
            with deeds.acting(person):
                void = cashier.receive(unit, amount, Method.CASH, on=day, units=others or None)
            self._void(void)
        with deeds.acting(person):
            payment = cashier.receive(unit, amount, method, **given)
            if method in _ON_PAPER or wrong or self._chance.random() < 0.05:
                self._print(payment, wrong)
        self._drawers.exchange(payment, day)

    def _void(self, payment: Payment) -> None:
        with deeds.acting(self._crew.accountant):
            for receipt in payment.receipts:
                cashier.void_receipt(receipt, self._chance.choice(_MISTAKES))

    def _print(self, payment: Payment, again: bool) -> None:
        """Print the receipts; one of fifty is lost and printed again."""
        again = again or self._chance.random() < 0.02
        for _ in range(2 if again else 1):
            cashier.count_prints([Receipt.find(receipt.number) for receipt in payment.receipts])

    def _take_back(self, made: SetOff, day: date) -> SetOff:
        """Take a set-off back, as once happens, and make it anew."""
        self._taken_back = True
        with deeds.acting(self._crew.accountant):
            cashier.reverse_set_off(made, "选错了账单")
            return cashier.set_off(made.unit, on=day)

    def _collector(self, unit: str) -> Any:
        return self._crew.cashiers[self._lives[unit] % 2]

    def _reference(self, method: Method) -> str | None:
        digits = {Method.CASH: 0, Method.POS: 6, Method.TRANSFER: 12}.get(method, 16)
        return f"{self._chance.randrange(10**digits):0{digits}d}" if digits else None

    # -- balances --------------------------------------------------------------------------------

    def _set_off(self, day: date) -> bool:
        """Set what was paid too much off against the new lines; return whether anything was."""
        moved = False
        for code, fen in list(self._prepaid.items()):
            unit = self._units[code]
            if not settle.open_lines([unit]):
                continue
            moved = True
            with deeds.acting(self._collector(code)):
                made = cashier.set_off(unit, on=day)
            if not self._taken_back:
                made = self._take_back(made, day)
            used = to_scaled(Decimal(made.amount), 2)
            self._prepaid[code] = fen - used
            if not self._prepaid[code]:
                del self._prepaid[code]
        return moved


def _notes(amount: Decimal) -> Decimal:
    """Return what is handed over in hundreds for an amount."""
    return (amount / 100).to_integral_value(ROUND_CEILING) * 100


def _amount(total: int, habit: str, extra: int) -> int:
    """Return how much is paid, in fen: all of it, some half in round hundreds, or too much."""
    if habit == "part":
        return total // 2 // 10_000 * 10_000 or total // 2
    return -(-total // 50_000) * 50_000 + extra if habit == "over" else total
