"""特服: charged once from a catalogue; right in bills, notices, receipts, arrears and rates."""

from datetime import date
from decimal import Decimal
from typing import Any

import peewee
import pytest

from models.base import db
from models.checks import run_invariants
from models.deeds import DEEDS, acting
from models.errors import BadInput, OfficeError, PermissionDenied, RuleBroken
from models.fees import charging, invariants, lists, rates  # noqa: F401 - what is checked and listed
from models.fees.adjusting import reduce
from models.fees.arrears import debts
from models.fees.billing import bill
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive, void_receipt
from models.fees.charging import charge_service, void_service
from models.fees.health import items_without_price
from models.fees.items import Basis, Category, FeeItem
from models.fees.notices import NoticeRun
from models.fees.schedule import schedule
from models.fees.services import Service, ServiceSlip, SlipState, add_service, amount_of
from models.listings import LISTS, Filters
from models.months import Month, Period
from models.owners.estate import Unit
from models.owners.people import Occupancy
from models.search import find
from tests.estate import Estate, stop_chains, writing
from tests.models.fees.world import Collector

DAY = date(2026, 2, 3)


@pytest.fixture
def unit(estate: Estate) -> Unit:
    """A house billed 185.00 for February."""
    house = estate.house("101")
    estate.give(house, estate.item("物业费", price="1.8500", since=date(2026, 2, 1)))
    bill(Month(2026, 2))
    return house


@pytest.fixture
def item(unit: Unit, office: Any) -> FeeItem:
    """What services are charged on; it has no price of its own."""
    values = {"code": "TF", "name": "特约服务费", "category": "特约服务", "basis": "固定金额"}
    return DEEDS["fees.add_item"].call(None, values)


@pytest.fixture
def drain(item: FeeItem) -> Service:
    return add_service(code="T1", name="疏通下水道", measure="次", price=Decimal("50.0000"), item=item)


def shown(name: str, **filters: Any) -> list[dict[str, Any]]:
    made = LISTS[name](Filters(**filters))
    return [made.plain(row) for row in made.rows()]


def test_a_slip_whose_line_was_reduced_is_reversed_rather_than_void(unit: Unit, drain: Service) -> None:
    stop_chains()
    slip = charge_service(unit, drain, on=DAY)
    line = Bill.get(Bill.source == slip.number)
    with pytest.raises(BadInput, match="才入账"):
        reduce([line], "做得不好", "约定", amount=Decimal("20.00"), on=date(2026, 1, 5))
    reduce([line], "做得不好", "约定", amount=Decimal("20.00"), on=DAY)
    with pytest.raises(RuleBroken, match="已经更正过，不能再作废。余下的请红冲账单"):
        void_service(slip, "做错了")


@pytest.mark.parametrize(
    ("quantity", "price", "amount"),
    [
        ("2", "50", "100.00"),
        ("1.5", "35.5", "53.25"),
        ("0.33", "0.05", "0.02"),  # 0.0165
        ("0.30", "0.05", "0.02"),  # 0.0150, half up
        ("0.29", "0.05", "0.01"),  # 0.0145
        ("1234.56", "1.2345", "1524.06"),  # 1524.064320
    ],
)
def test_an_amount_is_rounded_once_half_up(quantity: str, price: str, amount: str) -> None:
    assert amount_of(Decimal(quantity), Decimal(price)) == Decimal(amount)


def test_a_slip_makes_one_line_of_its_month(unit: Unit, drain: Service) -> None:
    slip = charge_service(unit, drain, Decimal(2), on=DAY)
    line = Bill.get(Bill.kind == BillKind.SERVICE)
    assert (slip.number, slip.amount, line.source) == ("TFD-202602-0001", Decimal("100.00"), slip.number)
    assert (line.amount, line.month, line.due, line.batch) == (
        Decimal("100.00"), Month(2026, 2), date(2026, 2, 25), None,
    )  # fmt: skip
    assert (line.payer.name, line.liable.name) == ("王桂芳", "王桂芳")
    assert bill(Month(2026, 2)) is None, "a run does not count it as one of its own lines"
    assert run_invariants() == []


def test_it_falls_due_on_the_day_itself_where_the_month_is_over(unit: Unit, drain: Service) -> None:
    charge_service(unit, drain, on=date(2026, 2, 27))
    charge_service(unit, drain, on=DAY, due=date(2026, 3, 10))
    dues = [line.due for line in Bill.select().where(Bill.kind == BillKind.SERVICE).order_by(Bill.id)]
    assert dues == [date(2026, 2, 27), date(2026, 3, 10)]


def test_a_tenant_pays_and_the_owner_stays_liable(unit: Unit, drain: Service, estate: Estate) -> None:
    with writing():
        Occupancy.add(unit=unit, person=estate.person("陈租客"), pays=True)
    charge_service(unit, drain, on=DAY)
    line = Bill.get(Bill.kind == BillKind.SERVICE)
    assert (line.payer.name, line.liable.name) == ("陈租客", "王桂芳")


def test_a_notice_tells_what_was_done_and_how_much_of_it(unit: Unit, drain: Service) -> None:
    charge_service(unit, drain, Decimal("1.50"), on=DAY)
    (notice,) = NoticeRun(Month(2026, 2))
    row = next(row for row in notice.current if row.item == "特约服务费")
    assert (row.basis, row.price, row.quantity, row.amount) == (
        "2月3日 疏通下水道 1.5次 × 50.00", Decimal("50.0000"), "1.5次", Decimal("75.00"),
    )  # fmt: skip
    assert notice.total == Decimal("260.00")


def test_a_receipt_names_the_service_day_quantity_and_price(unit: Unit, drain: Service) -> None:
    for quantity in ("2", "1"):
        charge_service(unit, drain, Decimal(quantity), on=DAY)
    lines = list(Bill.select().where(Bill.kind == BillKind.SERVICE).order_by(Bill.id))
    (receipt,) = receive(unit, Decimal("130.00"), bills=lines, on=DAY).receipts
    rows = [(row.item, row.span, row.quantity, row.price, str(row.amount)) for row in receipt.rows]
    assert rows == [
        ("疏通下水道", "2026年2月3日", "2次", "50.00", "100.00"),
        ("疏通下水道（部分）", "2026年2月3日", None, None, "30.00"),
    ]
    assert run_invariants() == []


def test_it_stands_in_its_column_in_arrears_and_in_the_rate(unit: Unit, drain: Service) -> None:
    charge_service(unit, drain, Decimal(2), on=DAY)
    ((_, (row,)),) = schedule(Month(2026, 2))
    assert row.of(Category.SERVICE) == Decimal("100.00")
    assert (row.area, row.current) == (Decimal("100.00"), 28500)
    assert debts(date(2026, 3, 1))[unit.id].total == 28500
    (rate,) = shown("rates", period=Period.parse("2026-02"))
    assert "285.00" in rate.values()


def test_later_prices_leave_slips_as_they_are(unit: Unit, drain: Service) -> None:
    slip = charge_service(unit, drain, on=DAY)
    drain.edit(price=Decimal("80"), name="管道疏通")
    again = charge_service(unit, Service.find("管道疏通"), on=DAY)
    assert (ServiceSlip.find(slip.number).basis, again.basis) == (
        "疏通下水道 1次 × 50.00",
        "管道疏通 1次 × 80.00",
    )
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("UPDATE service_slip SET amount = 1")


def test_a_slip_is_void_while_nothing_is_paid_and_its_number_stays(unit: Unit, drain: Service) -> None:
    slip = charge_service(unit, drain, on=DAY)
    line = Bill.get(Bill.source == slip.number)
    receipt = receive(unit, Decimal("20.00"), bills=[line], on=DAY).receipts.get()
    with pytest.raises(RuleBroken, match=f"已收 20.00 元（{receipt.number}）"):
        void_service(slip, "做错了")
    void_receipt(receipt, "收错")
    void_service(ServiceSlip.find(slip.number), "做错了")
    assert not Bill.get(Bill.source == slip.number).live
    with pytest.raises(RuleBroken, match="现在是“作废”"):
        void_service(ServiceSlip.find(slip.number), "再来")
    assert charge_service(unit, drain, on=DAY).number == "TFD-202602-0002"
    assert [row["charged"] for row in shown("service_slips", unit=unit)] == ["50.00", "0.00"]
    assert [row["number"] for row in shown("service_slips", state="作废")] == [slip.number]
    assert run_invariants() == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"quantity": "0"}, "数量"),
        ({"quantity": "-1"}, "数量"),
        ({"quantity": "1.005"}, "2 位小数"),
        ({"quantity": "1e3"}, "数量"),
        ({"quantity": "NaN"}, "数量"),
        ({"service": "擦窗"}, "没有特服项目“擦窗”"),
        ({"unit": "9-9-9"}, "9-9-9"),
        ({"on": "2099-01-01"}, "还没有到"),
        ({"due": "2026-02-02"}, "早于服务日期"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_written(
    unit: Unit, drain: Service, given: dict[str, str], sentence: str
) -> None:
    values = {"unit": unit.code, "service": "T1", "quantity": "１", "on": "2026-02-03"} | given
    with pytest.raises(OfficeError, match=sentence):
        DEEDS["fees.charge_service"].call(None, values)
    assert ServiceSlip.select().count() == Bill.select().where(Bill.kind == BillKind.SERVICE).count() == 0


def test_what_comes_to_nothing_or_is_out_of_use_is_refused(unit: Unit, drain: Service) -> None:
    free = add_service(code="T2", name="咨询", measure="次", price=Decimal("0.0010"), item=drain.item)
    with pytest.raises(BadInput, match="合计为零"):
        charge_service(unit, free, on=DAY)
    drain.edit(active=False)
    with pytest.raises(RuleBroken, match="已停用"):
        charge_service(unit, Service.find("T1"), on=DAY)


@pytest.mark.parametrize(
    "wrong",
    [{"category": Category.PROPERTY}, {"basis": Basis.AREA}, {"collected": True}],
)
def test_only_items_that_fit_carry_services(estate: Estate, wrong: dict[str, Any]) -> None:
    given = {"category": Category.SERVICE, "basis": Basis.FIXED} | wrong
    item = estate.item("别的费", **given)
    with pytest.raises(BadInput, match="不能用于特服"):
        add_service(code="T9", name="擦窗", measure="扇", price=Decimal(5), item=item)


def test_an_item_for_services_alone_needs_no_price(drain: Service) -> None:
    assert "特约服务费" not in [gap.label for gap in items_without_price()]


def test_a_scanned_number_finds_its_slip_and_reach_holds(unit: Unit, drain: Service) -> None:
    slip = charge_service(unit, drain, on=DAY)
    assert [hit.kind for hit in find(f"PC:FE-14:{slip.number}") if hit.id == slip.id] == ["特服单"]
    with acting(Collector(-1)):
        assert shown("service_slips") == []
        for work in (lambda: charge_service(unit, drain), lambda: void_service(slip, "错")):
            with pytest.raises(PermissionDenied):
                work()


def test_books_changed_behind_the_program_are_named(unit: Unit, drain: Service) -> None:
    slip = charge_service(unit, drain, on=DAY)
    db.execute_sql(f"UPDATE service_slip SET state = '{SlipState.VOID.name}' WHERE number = '{slip.number}'")
    assert [one.check for one in run_invariants()] == ["特服账单"]
