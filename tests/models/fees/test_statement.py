"""A statement tells what moved a balance, and every sum of it is what plain SQL finds."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import deeds
from models.base import db, insert_rows
from models.clock import standing_at
from models.errors import BadInput, PermissionDenied
from models.fees.adjusting import reduce, refund, reverse_bills
from models.fees.billing import bill, undo_billing
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive, reverse_set_off, set_off, void_receipt
from models.fees.items import FeeItem
from models.fees.opening import import_opening
from models.fees.payments import Allocation, Method
from models.fees.statement import Statement, What, listed, statement
from models.fees.transferring import settle_transfer
from models.fields import BEGINNING
from models.listings import Filters
from models.months import Month, Period
from models.owners import imports  # noqa: F401 - the sheets of the owner files
from models.owners.estate import Unit
from models.owners.people import Ownership, Person
from models.owners.tenure import transfer
from tests.estate import Estate, stop_chains, writing
from tests.models.fees.opening_books import book
from tests.models.fees.world import DOING, Collector, Step, World, rolled_back

YEAR = date(2026, 1, 1), date(2026, 12, 31)
YEAR_OF_TODAY = date(date.today().year, 1, 1), date.today()


def run(month: int, day: int, year: int = 2026) -> None:
    """Bill a month on a day of it."""
    with standing_at(datetime.combine(date(year, month, day), time(9))):
        bill(Month(year, month))


def told(made: Statement) -> list[tuple[str, str, int, int]]:
    """Return (day, kind, what it adds, balance after it) of each movement."""
    return [(one.on.isoformat(), one.what.value, one.fen, balance) for one, balance in made.running()]


@pytest.fixture
def house(estate: Estate) -> Unit:
    unit = estate.house("101")
    estate.give(unit, estate.item(since=date(2026, 1, 1)))
    return unit


def test_a_year_by_hand(house: Unit) -> None:
    run(1, 5)
    receive(house, Decimal("150.00"), on=date(2026, 1, 20))
    run(2, 5)
    set_off(house, on=date(2026, 2, 6))
    void_receipt(receive(house, Decimal("30.00"), on=date(2026, 2, 10)).receipts.get(), "收错户")
    receive(house, Decimal("20.00"), on=date(2026, 2, 11))
    made = statement(*YEAR, unit=house)
    assert told(made) == [
        ("2026-01-05", "应收", 10000, 10000),
        ("2026-01-20", "收款", -15000, -5000),
        ("2026-02-05", "应收", 10000, 5000),
        ("2026-02-06", "预存抵扣", 0, 5000),
        ("2026-02-11", "收款", -2000, 3000),
    ]
    assert [one.number[:3] for one in made.movements] == ["SM-", "SJ-", "SM-", "DK-", "SJ-"]
    assert (made.opening, made.closing, made.set_off, made.proven) == (0, 3000, 5000, True)
    assert made.after == (3000, 0)
    assert made.voids == ["SJ-2026-000002"]
    february = statement(date(2026, 2, 1), date(2026, 2, 10), unit=house)
    assert (february.opening, february.closing, february.proven) == (-5000, 5000, True)
    assert february.before == (0, 5000)


def test_what_was_taken_back_moved_nothing(house: Unit) -> None:
    run(1, 5)
    receive(house, Decimal("150.00"), on=date(2026, 1, 6))
    run(2, 5)
    reverse_set_off(set_off(house, on=date(2026, 2, 6)), "选错了账单")
    with standing_at(datetime(2026, 3, 1, 9)):
        undo_billing(bill(Month(2026, 3)))
    made = statement(*YEAR, unit=house)
    assert [kind for _, kind, _, _ in told(made)] == ["应收", "收款", "应收"]
    assert (made.closing, made.proven) == (5000, True)


def test_openings_stand_on_the_day_of_their_import(house: Unit, tmp_path: Path) -> None:
    import_opening(
        book(tmp_path, [("1-1-101", None, "1", "2025-05", "30.00", None)], [("1-1-101", "1", "20.00")])
    )
    today = date.today()
    made = statement(BEGINNING, today, unit=house)
    assert [(one.on, one.what, one.fen) for one in made.movements] == [
        (today, What.CHARGE, 3000),
        (today, What.OPENED, -2000),
    ]
    assert made.movements[0].words == "物业费 2025-05（期初）" and made.movements[1].number == "批次 1"
    assert (made.after, made.proven) == ((3000, 2000), True)


def test_a_person_is_told_of_all_houses_and_of_the_own_lines_alone(estate: Estate) -> None:
    item = estate.item(since=date(2026, 1, 1))
    one, other = estate.house("101", "100.00"), estate.house("102", "50.00", owner=None)
    owner = Person.get(Person.name == "王桂芳")
    with writing():
        Ownership.add(unit=other, person=owner)
    for unit in (one, other):
        estate.give(unit, item)
    run(1, 5)
    receive(one, Decimal("150.00"), units=[other], on=date(2026, 1, 6))
    with writing():
        Ownership.get(Ownership.unit == one).change(until=date(2026, 1, 31))
        buyer = estate.person("赵新")
        Ownership.add(unit=one, person=buyer, since=date(2026, 2, 1))
    run(2, 5)
    receive(one, Decimal("500.00"), on=date(2026, 2, 6))
    run(3, 5)
    made = statement(*YEAR, person=owner)
    assert {move.unit for move in made.movements} == {"1-1-101", "1-1-102"}
    # 100 + 50 for January, paid; 50 each for February and March.
    assert (made.sum_of(What.CHARGE), made.sum_of(What.PAID), made.closing) == (25000, -15000, 10000)
    new = statement(*YEAR, unit=one, person=buyer)
    assert (new.sum_of(What.CHARGE), new.sum_of(What.PAID), new.after) == (20000, -50000, (10000, 40000))
    whole = statement(*YEAR, unit=one)
    assert (whole.sum_of(What.CHARGE), whole.sum_of(What.PAID)) == (30000, -60000)
    assert made.proven and new.proven and whole.proven


def test_an_old_owners_debt_paid_by_the_new_one_counts_for_the_old(house: Unit, estate: Estate) -> None:
    run(1, 5)
    old = Person.get(Person.name == "王桂芳")
    with writing():
        Ownership.get(Ownership.unit == house).change(until=date(2026, 1, 31))
        new = estate.person("赵新")
        Ownership.add(unit=house, person=new, since=date(2026, 2, 1))
    run(2, 5)
    receive(house, Decimal("150.00"), on=date(2026, 2, 6))
    one, other = (statement(*YEAR, unit=house, person=person) for person in (old, new))
    assert (one.sum_of(What.PAID), other.sum_of(What.PAID)) == (-10000, -5000)
    assert "收据共 150.00" in one.movements[-1].words
    assert one.closing + other.closing == statement(*YEAR, unit=house).closing == 5000


# -- lines and entries that other modules make -----------------------------------------------------


def settled(line: Bill, on: date, fen: int) -> None:
    """Settle a part of a line by neither receipt nor set-off, as corrections do."""
    with writing():
        insert_rows(Allocation, ("bill", "receipt", "set_off", "on", "amount", "live"),
                    [(line.id, None, None, on.isoformat(), fen, 1)])  # fmt: skip
        Bill.update(paid=Bill.paid + Decimal(fen) / 100).where(Bill.id == line.id).execute()


def test_an_open_line_and_its_reversal_come_to_nothing(house: Unit) -> None:
    stop_chains()
    run(1, 5)
    reverse_bills([Bill.get()], "面积录错", "收费标准", on=date(2026, 2, 3))
    made = statement(*YEAR, unit=house)
    assert told(made) == [("2026-01-05", "应收", 10000, 10000), ("2026-02-03", "红冲减免", -10000, 0)]
    assert made.proven and statement(date(2026, 1, 1), date(2026, 1, 31), unit=house).after == (10000, 0)


def test_a_paid_line_that_is_reduced_goes_over_to_the_balance_and_is_refunded(house: Unit) -> None:
    stop_chains()
    run(1, 5)
    receive(house, Decimal("100.00"), on=date(2026, 1, 6))
    day = date(2026, 2, 3)
    reduce([Bill.get()], "停水", "合同", amount=Decimal("40.00"), on=day)
    refund(house, Decimal("40.00"), "多收", "合同", method=Method.CASH, on=day)
    made = statement(*YEAR, unit=house)
    assert told(made)[2:] == [
        ("2026-02-03", "红冲减免", -4000, -4000),
        ("2026-02-03", "预存变动", 0, -4000),
        ("2026-02-03", "预存变动", 4000, 0),
    ]
    assert made.proven


def test_what_was_netted_with_no_balance_is_still_told(house: Unit) -> None:
    run(1, 5)
    settled(Bill.get(), date(2026, 2, 3), 3000)
    made = statement(*YEAR, unit=house)
    assert told(made)[1:] == [("2026-02-03", "预存变动", -3000, 7000)]
    assert made.proven


def test_a_line_without_a_run_stands_on_its_due_day(house: Unit) -> None:
    with writing():
        Bill.add(
            month=Month(2026, 4), unit=house, item=FeeItem.get(), kind=BillKind.SHARED, source="FT-1/1",
            amount=Decimal("80.00"), due=date(2026, 4, 25),
        )  # fmt: skip
    receive(house, Decimal("80.00"), on=date(2026, 4, 10))
    assert statement(date(2026, 4, 1), date(2026, 4, 24), unit=house).closing == -8000
    made = statement(date(2026, 4, 1), date(2026, 4, 25), unit=house)
    assert (made.closing, made.proven, made.movements[1].words) == (0, True, "物业费 2026-04（公摊）")


# -- the list --------------------------------------------------------------------------------------


def test_what_is_handed_over_stands_on_the_day_of_the_transfer(house: Unit, estate: Estate) -> None:
    stop_chains()
    today = date.today()
    following = Month.of(today).plus(1)
    bill(following)
    with writing():
        buyer = estate.person("李明")
    transfer(house, buyer, today, despite=True)
    settle_transfer(house, today)
    assert statement(*YEAR_OF_TODAY, unit=house).closing == 10_000
    new = Bill.get(Bill.liable == buyer)
    with pytest.raises(BadInput, match="才入账"):
        reverse_bills([new], "录错", "标准", on=date(2025, 1, 5))


def test_nothing_is_taken_back_before_it_was_charged(house: Unit) -> None:
    stop_chains()
    run(1, 28)
    reverse_bills([Bill.get()], "录错", "标准", on=date(2026, 1, 10))
    assert statement(date(2026, 1, 1), date(2026, 1, 20), unit=house).closing == 0
    assert statement(*YEAR, unit=house).closing == 0


def test_the_list_has_opening_running_balance_and_closing(house: Unit) -> None:
    run(1, 5)
    receive(house, Decimal("150.00"), on=date(2026, 1, 20))
    run(2, 5)
    found = listed(Filters(unit=house, period=Period.parse("2026-02")))
    plain = [found.plain(row) for row in found.rows()]
    assert [(row["words"], row["charged"], row["balance"]) for row in plain] == [
        ("期初结余", None, "-50.00"),
        ("物业费 2026-02", "100.00", "50.00"),
        ("期末结余", None, "50.00"),
    ]
    count, sums = listed(Filters(unit=house)).totals()
    assert (count, sums["charged"], sums["paid"]) == (4, Decimal("200.00"), Decimal("150.00"))
    assert listed(Filters(period=Period.parse("2026"))).count() == 0
    assert listed(Filters(unit=house, period=Period.parse("2026-01-06至2026-01-31"))).count() == 3


def test_what_cannot_be_told_is_refused(house: Unit) -> None:
    with pytest.raises(BadInput, match="房号或业主编号"):
        statement(*YEAR)
    with pytest.raises(BadInput, match="对调"):
        statement(YEAR[1], YEAR[0], unit=house)
    run(1, 5)
    with deeds.acting(Collector(0)):
        with pytest.raises(PermissionDenied, match="不在您负责的范围内"):
            statement(*YEAR, unit=house)
        assert statement(*YEAR, person=Person.get(Person.name == "王桂芳")).empty


# -- whatever happens ------------------------------------------------------------------------------


class Dated(World):
    """A world in which runs are made on their days, and houses are sold."""

    def bill(self, which: int, amount: Decimal) -> None:
        """Run a month on the day."""
        with standing_at(datetime.combine(self.day, time(9))):
            super().bill(which, amount)

    def catch_up(self, which: int, amount: Decimal) -> None:
        """Run what was missed on the day."""
        with standing_at(datetime.combine(self.day, time(9))):
            super().catch_up(which, amount)

    def sell(self, which: int, _: Decimal) -> None:
        """Give a house to somebody else."""
        unit = self.units[which % 3]
        held = Ownership.select().where((Ownership.unit == unit) & Ownership.until.is_null()).first()
        with writing():
            if held is not None and held.since < self.day:
                held.change(until=self.day)
            number = f"买{Person.select().count()}"
            Ownership.add(unit=unit, person=Person.add(number=number, name="同名人"), since=self.day)


DAYS = st.tuples(st.integers(0, 200), st.integers(0, 200))
DOINGS = st.sampled_from([*DOING, "sell", "set_off"])
SOLD = st.lists(
    st.tuples(DOINGS, st.integers(0, 20), st.integers(0, 9), st.integers(1, 90_000)), min_size=4, max_size=24
)

ISSUED = """substr(COALESCE((SELECT made_at FROM batch WHERE id = {0}.batch_id), (SELECT due FROM bill AS t
    WHERE {0}.kind = 'CORRECTION' AND t.corrects_id = {0}.corrects_id AND t.kind = {0}.kind AND t.amount < 0),
    {0}.due), 1, 10)"""
"""When a line was issued: by its run, by the transfer that handed it over, else when it falls due."""
CHARGED = f"""SELECT COALESCE(SUM(bill.amount), 0) FROM bill
    LEFT JOIN bill AS old ON old.id = bill.corrects_id
    WHERE bill.live AND max({ISSUED.format("bill")}, COALESCE({ISSUED.format("old")}, '')) <= ? AND bill."""
TAKEN = "SELECT COALESCE(SUM(amount), 0) FROM receipt WHERE state != 'VOID' AND \"on\" <= ? AND unit_id = ?"
PAID_BACK = """SELECT COALESCE(SUM(amount), 0) FROM balance_entry
    WHERE kind = 'REFUNDED' AND "on" <= ? AND unit_id = ?"""
SETTLED = """SELECT COALESCE(SUM(a.amount), 0) FROM allocation a JOIN bill ON bill.id = a.bill_id
    WHERE a.live AND a."on" <= ? AND bill.payer_id = ?"""
HELD = 'SELECT COALESCE(SUM(amount), 0) FROM balance_entry WHERE "on" <= ? AND payer_id = ?'


def one(sql: str, day: date, id: int) -> int:
    return int(db.execute_sql(sql, (day.isoformat(), id)).fetchone()[0])


def recount(made: Statement, day: date) -> int:
    """Return what a house or a person owes net as of a day, by plain SQL."""
    if made.person is None:
        assert made.unit is not None
        here = made.unit.id
        return one(f"{CHARGED}unit_id = ?", day, here) - one(TAKEN, day, here) - one(PAID_BACK, day, here)
    person = made.person.id
    paid = one(SETTLED, day, person) + one(HELD, day, person)
    return one(f"{CHARGED}payer_id = ?", day, person) - paid


def statements(world: World, first: date, last: date) -> Iterator[Statement]:
    for unit in world.units:
        yield statement(first, last, unit=unit)
    for person in Person.select():
        yield statement(first, last, person=person)


@pytest.fixture
def world(estate: Estate) -> World:
    return World.made(estate)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=SOLD, days=DAYS)
def test_whatever_happens_every_sum_is_what_plain_sql_finds(
    world: World, steps: list[Step], days: tuple[int, int]
) -> None:
    with rolled_back():
        playing = Dated(world.units)
        for _ in playing.play([("bill", 0, 1, 1), *steps]):
            pass
        first, last = sorted(date.fromordinal(date(2020, 1, 1).toordinal() + day) for day in days)
        for made in statements(playing, first, last):
            assert made.proven
            assert made.opening == recount(made, date.fromordinal(first.toordinal() - 1))
            assert made.closing == recount(made, last)
            assert sorted(made.movements, key=lambda move: move.order) == made.movements


def test_houses_and_persons_come_to_the_same_where_everybody_is_known(world: World) -> None:
    playing = Dated(world.units[:2] + world.units[:1])
    steps = [("bill", 3, 1, 1), ("receive", 5, 0, 25_000), ("sell", 9, 0, 1), ("bill", 9, 1, 1)]
    steps += [("receive", 3, 0, 90_000), ("bill", 9, 2, 1), ("set_off", 3, 1, 3_000), ("both", 2, 1, 61_000)]
    for _ in playing.play(steps * 3):
        pass
    last = playing.day
    houses = sum(statement(BEGINNING, last, unit=unit).closing for unit in world.units[:2])
    persons = sum(statement(BEGINNING, last, person=person).closing for person in Person.select())
    assert houses == persons != 0
