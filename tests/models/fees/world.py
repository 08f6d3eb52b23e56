"""A small office in which anything may happen, for tests over random sequences of deeds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from models import batches
from models.base import db
from models.batches import Batch, State
from models.deeds import Scope
from models.errors import RuleBroken
from models.fees.adjusting import reduce, refund, reverse_bills
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, reverse_set_off, set_off, void_receipt
from models.fees.closings import close_day
from models.fees.items import Basis, FeeItem, set_rate
from models.fees.payments import DayClosing, Method, Receipt, ReceiptState, SetOff
from models.fees.reversing import reverse_receipt
from models.fees.settle import holders
from models.fees.transferring import settle_transfer
from models.fees.vacancies import Vacancy, grant_vacancy
from models.fees.vacancy_cuts import apply_vacancies
from models.months import Month
from models.owners.estate import Unit
from models.owners.people import Occupancy, Person
from models.owners.tenure import transfer
from tests.estate import Estate, stop_chains, writing

FIRST = date(2020, 1, 1)
FEN = Decimal("0.01")

Step = tuple[str, int, int, int]
"""What is done, after how many days, to which (unit, month, batch or receipt), with how many fen."""

DOING = [
    "bill",
    "catch_up",
    "receive",
    "receive",
    "receive_newest",
    "both",
    "set_off",
    "void",
    "take_back",
    "undo",
    "close",
    "reverse",
    "reduce",
    "refund",
    "red",
    "transfer",
    "reprice",
    "empty",
    "occupy",
    "cut",
    "cut",
]
STEPS = st.lists(
    st.tuples(st.sampled_from(DOING), st.integers(0, 20), st.integers(0, 9), st.integers(1, 90_000)),
    min_size=1,
    max_size=18,
)


class Collector:
    """Somebody whose rights reach the units that one looks after."""

    account_id, name, department_id = None, "收费员", None

    def __init__(self, staff_id: int) -> None:
        self.staff_id = staff_id

    def may(self, right: str) -> bool:
        return True

    def scope(self, right: str) -> Scope:
        return Scope.OWN


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo what is written within, so that one office serves many examples."""
    with db.atomic() as savepoint:
        try:
            yield
        finally:
            savepoint.rollback()


@dataclass
class World:
    """Three units, three items, and a calendar that only goes on."""

    units: list[Unit]
    day: date = FIRST
    refused: int = 0
    done: list[str] = field(default_factory=list)

    @classmethod
    def made(cls, estate: Estate) -> World:
        """Make its units: an owner's, a tenant's who pays, and one that nobody owns."""
        stop_chains()
        units = [
            estate.house("101", "94.56"),
            estate.house("102", "61.07", "李明"),
            estate.house("103", "100.33", None),
        ]
        with writing():
            Occupancy.add(unit=units[1], person=estate.person("陈租客"), pays=True)
        fees = estate.item("物业费", price="1.3000", extra="20.00", since=FIRST)
        estate.rate(fees, date(2020, 3, 16), "1.4500", "20.00")
        items = [
            fees,
            estate.item(
                "车位费", basis=Basis.FIXED, price="0", extra="150.00", since=FIRST, cycle=3, due_day=10
            ),
            estate.item("代收水费", basis=Basis.HOUSEHOLD, price="33.3333", since=FIRST, collected=True),
        ]
        for number, unit in enumerate(units):
            for item in items:
                estate.give(unit, item, FIRST + timedelta(days=20 * number))
        return cls(units)

    def play(self, steps: list[Step]) -> Iterator[Step]:
        """Take each step, yielding it when done; what a rule refuses is done with nothing written."""
        for step in steps:
            doing, wait, which, fen = step
            self.day += timedelta(days=wait)
            try:
                getattr(self, doing)(which, fen * FEN)
                self.done.append(doing)
            except RuleBroken:
                self.refused += 1
            yield step

    def bill(self, which: int, _: Decimal) -> None:
        """Run one of the months around the day."""
        bill(Month.of(self.day).plus(which % 3 - 1))

    def catch_up(self, which: int, _: Decimal) -> None:
        """Run the month, and what was missed before it."""
        bill(Month.of(self.day), catch_up=True)

    def receive(self, which: int, amount: Decimal) -> None:
        """Take money on a unit, oldest debts first."""
        receive(self.units[which % 3], amount, on=self.day)

    def receive_newest(self, which: int, amount: Decimal) -> None:
        """Take money on the newest lines of a unit."""
        unit = self.units[which % 3]
        lines = Bill.select().where((Bill.unit == unit) & (Bill.live == True) & (Bill.paid < Bill.amount))
        receive(unit, amount, bills=list(lines.order_by(Bill.month.desc()).limit(2)) or None, on=self.day)

    def both(self, which: int, amount: Decimal) -> None:
        """Take money on a unit and its neighbour together."""
        receive(self.units[which % 3], amount, units=[self.units[(which + 1) % 3]], on=self.day)

    def set_off(self, which: int, amount: Decimal) -> None:
        """Set a balance off, all of it or a part."""
        set_off(self.units[which % 3], amount=amount if which % 2 else None, on=self.day)

    def void(self, which: int, _: Decimal) -> None:
        """Void one of the last receipts that hold."""
        held = list(
            Receipt.select().where(Receipt.state == ReceiptState.ISSUED).order_by(Receipt.id.desc()).limit(3)
        )
        if held:
            void_receipt(held[which % len(held)], "收错户")

    def take_back(self, which: int, _: Decimal) -> None:
        """Take one of the last set-offs back."""
        made = list(SetOff.select().order_by(SetOff.id.desc()).limit(2))
        if made:
            reverse_set_off(made[which % len(made)], "选错了账单")

    def undo(self, which: int, _: Decimal) -> None:
        """Undo one of the last runs."""
        runs = list(Batch.select().where(Batch.state == State.LIVE).order_by(Batch.id.desc()).limit(3))
        if runs:
            batches.undo(runs[which % len(runs)])

    def lines(self, which: int) -> list[Bill]:
        """Return one of the newest lines of a unit that charge something."""
        mine = (Bill.unit == self.units[which % 3]) & (Bill.live == True) & (Bill.amount > 0)
        found = list(Bill.select().where(mine).order_by(Bill.id.desc()).limit(4))
        return found[which % 4 :][:1]

    def reverse(self, which: int, _: Decimal) -> None:
        """Reverse what is left of a line."""
        reverse_bills(self.lines(which), "录错", "标准", on=self.day)

    def reduce(self, which: int, amount: Decimal) -> None:
        """Take a percentage or a sum off a line."""
        given = {"percent": Decimal("12.34")} if which % 2 else {"amount": amount}
        reduce(self.lines(which), "停水", "合同", on=self.day, **given)

    def refund(self, which: int, amount: Decimal) -> None:
        """Pay a balance back in cash, or a part of it."""
        unit = self.units[which % 3]
        for payer, held in holders(unit, self.day).items():
            who = None if payer is None else Person.get_by_id(payer)
            refund(unit, min(amount, held), "退", "合同", method=Method.CASH, payer=who, on=self.day)

    def red(self, which: int, _: Decimal) -> None:
        """Reverse a receipt of a closed day."""
        closed = Receipt.select().join(DayClosing, on=(DayClosing.day == Receipt.on))
        held = list(closed.where(Receipt.state == ReceiptState.ISSUED).order_by(Receipt.id.desc()).limit(3))
        if held:
            reverse_receipt(held[which % len(held)], "收错户", "制度", on=self.day)

    def transfer(self, which: int, _: Decimal) -> None:
        """Let a unit pass to somebody else, and hand over what was charged ahead."""
        unit = self.units[which % 2]
        with writing():
            buyer = Person.add(number=f"b{self.day}{which}{len(self.done)}", name="新业主")
        transfer(unit, buyer, self.day, despite=True)
        with suppress(RuleBroken):
            settle_transfer(unit, self.day)

    def reprice(self, which: int, _: Decimal) -> None:
        """Let the first item cost something else from the day on."""
        set_rate(FeeItem.find("1"), self.day, Decimal(which + 1), Decimal("7.77"))

    def empty(self, which: int, _: Decimal) -> None:
        """Agree to reduce what an empty unit is charged from the day on, all of it or one item."""
        item = FeeItem.find("1") if which % 2 else None
        grant_vacancy(
            unit=self.units[which % 3], since=FIRST - timedelta(days=400), proof="电表", basis="合同",
            percent=Decimal("33.33"), effective=self.day, item=item,
        )  # fmt: skip

    def occupy(self, which: int, _: Decimal) -> None:
        """Charge one of these units in full again from the day on."""
        held = list(Vacancy.select().where(Vacancy.ended.is_null()).order_by(Vacancy.id))
        if held:
            held[which % len(held)].end(self.day)

    def cut(self, which: int, _: Decimal) -> None:
        """Reduce the lines of one of the months around the day by what was agreed."""
        apply_vacancies(Month.of(self.day).plus(which % 2 - 1), self.day)

    def close(self, which: int, _: Decimal) -> None:
        """Close the day."""
        close_day(self.day)
