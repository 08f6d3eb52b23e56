"""Sealed months: what they refuse, what counts afterwards, and the reports that are kept of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from desktop import modules
from models import batches, deeds
from models.base import db
from models.batches import Batch
from models.checks import run_invariants
from models.clock import standing_at
from models.errors import NeedsApproval, RuleBroken
from models.fees.adjusting import refund, reverse_bills
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, set_off, void_receipt
from models.fees.charging import charge_service, void_service
from models.fees.closings import close_day, open_days
from models.fees.depositing import take_deposit
from models.fees.editions import ReportEdition, issue_reports, outdated
from models.fees.items import Basis, Category
from models.fees.journal import entries
from models.fees.payments import BalanceEntry, BalanceKind, Method, Receipt
from models.fees.rates import rates_of
from models.fees.sealing import reopen_month, seal_month
from models.fees.seals import Seal, sealed_through
from models.fees.services import add_service
from models.fees.shifts import open_shift
from models.listings import LISTS
from models.months import Month
from models.office.chains import start_chain
from models.owners.estate import Unit
from models.owners.people import Person
from tests.estate import Estate, count_drawers, stop_chains, writing
from tests.office_people import worker

modules.load()
JUNE, JULY, MAY = Month(2020, 6), Month(2020, 7), Month(2020, 5)


@pytest.fixture(autouse=True)
def no_chains(estate: Estate) -> None:
    stop_chains()


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house that was charged 100.00 for June and paid 60.00 of it; all days are closed."""
    unit = estate.house("101")
    estate.give(unit, estate.item())
    bill(JUNE)
    receive(unit, Decimal(60), on=date(2020, 6, 20))
    close_day(date(2020, 6, 20))
    return unit


def test_a_month_is_sealed_once_and_in_turn(house: Unit) -> None:
    assert seal_month(JUNE).number == "FZ-202006-1" and sealed_through() == JUNE
    with pytest.raises(RuleBroken, match="已经封账"):
        seal_month(JUNE)
    with pytest.raises(RuleBroken, match="下一个是 2020-07"):
        seal_month(Month(2020, 8))
    with pytest.raises(RuleBroken, match="下一个是 2020-07"):
        seal_month(MAY)
    assert seal_month(JULY).month == JULY


def test_a_month_that_is_not_over_or_has_an_open_day_is_not_sealed(house: Unit) -> None:
    with pytest.raises(RuleBroken, match="还没有过完"):
        seal_month(Month.of(date.today()))
    receive(house, Decimal(10), on=date(2020, 6, 25))
    assert open_days(JUNE.last) == [date(2020, 6, 25)]
    with pytest.raises(RuleBroken, match="2020-06-25 有收付，还没有日结"):
        seal_month(JUNE)
    assert not Seal.select().count() and not ReportEdition.select().count()


def test_the_first_seal_wants_all_days_before_it_closed(house: Unit) -> None:
    receive(house, Decimal(10), on=date(2020, 5, 3))
    with pytest.raises(RuleBroken, match="2020-05-03 有收付"):
        seal_month(JUNE)


DAY = date(2020, 6, 28)


@pytest.mark.parametrize(
    "change",
    [
        lambda unit: receive(unit, Decimal(10), on=DAY),
        lambda unit: receive(unit, Decimal(10), on=date(2019, 1, 1)),
        lambda unit: take_deposit(unit, Decimal(10), agreed="协议", on=DAY),
        lambda unit: set_off(unit, on=DAY),
        lambda unit: refund(unit, Decimal(10), "多交", "申请", on=DAY),
        lambda unit: reverse_bills([Bill.get()], "错", "申请", on=DAY),
        lambda unit: batches.undo(Batch.get(Batch.kind == "billing")),
        lambda unit: void_receipt(Receipt.get(), "错"),
    ],
)
def test_nothing_of_a_sealed_month_changes(house: Unit, change: Any) -> None:
    seal_month(JUNE)

    def told() -> list[Any]:
        tables = ("payment", "bill", "allocation", "adjustment", "deposit_entry", "balance_entry")
        return [db.execute_sql(f"SELECT COUNT(*) FROM {table}").fetchone() for table in tables]

    before = told()
    with pytest.raises(RuleBroken, match=r"封账|日结|已付"):
        change(house)
    assert told() == before and run_invariants() == []


def test_a_service_of_a_sealed_month_is_not_void(estate: Estate, house: Unit) -> None:
    item = estate.item("特约", basis=Basis.FIXED, category=Category.SERVICE)
    slip = charge_service(
        house, add_service(code="T1", name="疏通", measure="次", price=Decimal(50), item=item), on=DAY
    )
    seal_month(JUNE)
    with pytest.raises(RuleBroken, match="封账"):
        void_service(slip, "错")


def test_a_service_charged_for_a_sealed_day_is_booked_in_the_month_after(estate: Estate, house: Unit) -> None:
    item = estate.item("特约", basis=Basis.FIXED, category=Category.SERVICE)
    service = add_service(code="T1", name="疏通", measure="次", price=Decimal(50), item=item)
    before = entries(JUNE.first, JUNE.last)
    seal_month(JUNE)
    charge_service(house, service, on=DAY)
    assert entries(JUNE.first, JUNE.last) == before
    assert {one.debit for one in entries(JULY.first, JULY.first)} >= {5000}
    seal_month(JULY)
    assert {one.debit for one in entries(JULY.first, JULY.first)} >= {5000}


def test_what_is_charged_afterwards_counts_in_the_month_after(estate: Estate, house: Unit) -> None:
    seal_month(JUNE)
    before = rates_of(JUNE).total
    late = estate.house("102", owner="李晚")
    estate.give(late, estate.item("补收费", since=date(2020, 6, 1)), since=date(2020, 6, 1))
    bill(JUNE)
    bill(JULY)
    june, july = rates_of(JUNE).total, rates_of(JULY).total
    added = sum(line.amount for line in Bill.select().where(Bill.unit == late, Bill.month == JUNE))
    assert added > 0 and june == before
    assert july.late_charged == -july.past_net == int(added * 100)
    assert july.opening == before.closing
    assert july.closing == int(sum(line.owed for line in Bill.select().where(Bill.due <= JULY.last)) * 100)
    assert run_invariants() == []


def test_money_on_what_was_charged_late_is_no_recovered_debt(estate: Estate, house: Unit) -> None:
    seal_month(JUNE)
    late = estate.house("102", owner="李晚")
    estate.give(late, estate.item("补收费", since=date(2020, 6, 1)), since=date(2020, 6, 1))
    bill(JUNE)
    receive(late, Decimal(100), on=date(2020, 7, 5))
    july = rates_of(JULY).total
    assert (july.recovered, july.late_received, july.opening) == (0, 10000, 4000)
    assert july.closing == 4000 and july.rates()["recovery"] == 0


def test_a_month_that_was_opened_again_is_sealed_before_the_next(house: Unit) -> None:
    seal_month(JUNE)
    seal_month(JULY)
    reopen_month(Seal.get(Seal.month == JULY), "改")
    reopen_month(Seal.get(Seal.month == JUNE), "改")
    with pytest.raises(RuleBroken, match="请从 2020-06 起"):
        seal_month(JULY)


def test_a_refund_before_the_first_payment_does_not_lock_the_month(estate: Estate) -> None:
    unit = estate.house("103", owner="钱早")
    with writing():
        BalanceEntry.add(
            unit=unit, payer=Person.get(Person.name == "钱早"), on=date(2020, 5, 1), kind=BalanceKind.OPENING,
            amount=Decimal(50),
        )  # fmt: skip
    refund(unit, Decimal(20), "多交", "申请", method=Method.CASH, on=date(2020, 6, 3))
    assert open_days(JUNE.last) == [date(2020, 6, 3)]
    close_day(date(2020, 6, 3))
    assert seal_month(JUNE)


def test_a_drawer_of_the_month_must_be_counted(house: Unit) -> None:
    count_drawers()
    with standing_at(datetime(2020, 6, 19, 17)):
        open_shift(Decimal(0))
    with standing_at(datetime(2020, 6, 20, 9)):
        receive(house, Decimal(5), on=date(2020, 6, 21))
    with pytest.raises(RuleBroken, match="还没有结班"):
        close_day(date(2020, 6, 21))
    with pytest.raises(RuleBroken, match="还没有结班"):
        seal_month(JUNE)


def test_reports_are_kept_and_come_out_byte_for_byte(house: Unit) -> None:
    made = seal_month(JUNE)
    kept = {one.form: one for one in made.reports}
    assert set(kept) == {"FE-07", "FE-08"} and kept["FE-07"].number == "SJL-202006"
    first = kept["FE-07"].data()
    assert first.startswith(b"%PDF-")
    receive(house, Decimal(40))
    assert ReportEdition.find("SJL-202006").data() == first
    assert ReportEdition.find("SJL-202006").figures["groups"][str(house.building.id)]["received"] == 6000


def test_a_late_receipt_before_the_seal_makes_a_corrected_edition(house: Unit) -> None:
    first = issue_reports(JUNE)
    with pytest.raises(RuleBroken, match="没有变化"):
        issue_reports(JUNE)
    assert outdated(JUNE) == []
    receive(house, Decimal(15), on=date(2020, 6, 29))
    assert set(outdated(JUNE)) == {"收缴率统计表", "欠费明细及账龄表"}
    second = issue_reports(JUNE)
    assert (first.edition, second.edition, second.number) == (0, 1, "SJL-202006-1")
    assert ReportEdition.select().count() == 4
    close_day(date(2020, 6, 29))
    assert not seal_month(JUNE).reports.count()
    with pytest.raises(RuleBroken, match="已封账"):
        issue_reports(JUNE)


def test_an_edition_bears_the_seal_that_found_it_true(house: Unit) -> None:
    issue_reports(JUNE)
    receive(house, Decimal(15), on=date(2020, 6, 29))
    issue_reports(JUNE)
    close_day(date(2020, 6, 29))
    seal_month(JUNE)
    told = LISTS["report_editions"]()
    seals = {row["number"]: row["seal"] for row in (told.plain(row) for row in told.rows())}
    assert seals == {
        "SJL-202006": None, "QF-202006": None, "SJL-202006-1": "FZ-202006-1", "QF-202006-1": "FZ-202006-1",
    }  # fmt: skip


def test_the_last_month_is_opened_again_and_sealed_anew(house: Unit) -> None:
    first = seal_month(JUNE)
    july = seal_month(JULY)
    with pytest.raises(RuleBroken, match="从最后一个月"):
        reopen_month(first, "漏收一笔")
    reopen_month(july, "漏收一笔")
    reopen_month(first, "漏收一笔")
    assert sealed_through() is None
    receive(house, Decimal(15), on=date(2020, 6, 29))
    close_day(date(2020, 6, 29))
    again = seal_month(JUNE)
    assert again.number == "FZ-202006-2" and {one.edition for one in again.reports} == {1}
    with pytest.raises(RuleBroken, match="已由"):
        reopen_month(first, "再开")


def test_opening_again_wants_a_signature(house: Unit) -> None:
    seal = seal_month(JUNE)
    start_chain("fees.reopen_month")  # as it stands at first
    with deeds.acting(worker("孙会计", "会计")), pytest.raises(NeedsApproval):
        reopen_month(seal, "漏收一笔")


def test_what_was_sealed_never_changes(house: Unit) -> None:
    seal = seal_month(JUNE)
    for sql in (
        f"UPDATE seal SET last_bill = 99 WHERE id = {seal.id}",
        "UPDATE report_edition SET figures = '{}'",
        "DELETE FROM report_edition",
        "DELETE FROM seal",
    ):
        with pytest.raises(Exception, match=r"seal|report_edition"):
            db.execute_sql(sql)


def test_seals_and_reports_stand_in_their_lists(house: Unit) -> None:
    seal_month(JUNE)
    for name, count in (("seals", 1), ("report_editions", 2)):
        found = LISTS[name]()
        rows = [found.plain(row) for row in found.rows()]
        assert len(rows) == count and rows[0]["month"] == "2020-06"


def test_money_with_a_later_cutoff_still_tells_how_june_came_in(house: Unit) -> None:
    seal_month(JUNE)
    receive(house, Decimal(40), on=date(2020, 7, 3))
    assert rates_of(JUNE).total.received == 6000
    assert rates_of(JUNE, date(2020, 7, 31)).total.received == 10000
