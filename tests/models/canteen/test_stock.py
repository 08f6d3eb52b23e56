"""What is in stock: taken in, issued, given back, valued; the books are the moves, whatever happens."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import deeds
from models.canteen import invariants, stock_lists  # noqa: F401 - they are run
from models.canteen.issues import IssueLine, Meal, Purpose
from models.canteen.issuing import back_to_stock
from models.canteen.items import StockItem, Storage
from models.canteen.lots import Freshness, StockLot, freshness
from models.canteen.moves import MoveKind, StockMove, value_of
from models.canteen.receiving import receive
from models.canteen.returning import awaited, take_replacement, to_replace
from models.canteen.shelf import ShelfUnit, expiry
from models.checks import run_invariants
from models.errors import BadInput, RuleBroken
from models.rows import RowRefused
from models.search import SURE, find
from models.suppliers.moving import suspend
from models.suppliers.receipts import Defect, ReceiptLine
from models.suppliers.returning import consent_return, finish_return, refuse_return, return_goods
from models.suppliers.returns import GoodsReturn, Handling
from tests import pantry, trade
from tests.pantry import TODAY, fresh

D = Decimal


@pytest.fixture
def rice(office: Path) -> Iterator[StockItem]:
    yield pantry.item()


@pytest.mark.parametrize(
    ("made", "count", "unit", "until"),
    [
        (date(2026, 1, 31), 1, ShelfUnit.MONTHS, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, ShelfUnit.MONTHS, date(2028, 2, 29)),
        (date(2026, 8, 31), 18, ShelfUnit.MONTHS, date(2028, 2, 29)),
        (date(2028, 2, 29), 1, ShelfUnit.YEARS, date(2029, 2, 28)),
        (date(2026, 11, 30), 3, ShelfUnit.MONTHS, date(2027, 2, 28)),
        (date(2026, 12, 31), 7, ShelfUnit.DAYS, date(2027, 1, 7)),
        (date(2026, 5, 15), 9000, ShelfUnit.YEARS, date.max),
    ],
)
def test_a_shelf_life_ends_within_its_month(made: date, count: int, unit: ShelfUnit, until: date) -> None:
    assert expiry(made, count, unit) == until


def test_what_is_bought_by_the_bag_is_kept_by_the_kilogram(rice: StockItem) -> None:
    lot = pantry.brought(rice, "4", "112.50", good=300)
    assert (lot.stock, lot.price) == (D("100.000"), D("4.5000"))
    assert (fresh(rice).stock, fresh(rice).value) == (D("100.000"), D("450.00"))
    pantry.issued((rice, "12.355"))
    assert (fresh(rice).stock, fresh(rice).value) == (D("87.645"), D("394.40"))


def test_the_average_moves_with_what_comes_and_the_last_takes_the_rest(rice: StockItem) -> None:
    pantry.brought(rice, "1", "100", ago=2, good=300)
    pantry.brought(rice, "2", "130", ago=1, good=300)
    assert fresh(rice).value == D("360.00")
    for part in ("33.333", "33.333"):
        pantry.issued((rice, part))
    pantry.issued((rice, "8.334"))
    assert (fresh(rice).stock, fresh(rice).value) == (D("0.000"), D("0.00"))
    amounts = [-one.amount for one in StockMove.select().where(StockMove.kind == MoveKind.ISSUE)]
    assert sum(amounts) == D("360.00")


def test_what_expires_first_is_issued_first_and_split_over_lots(rice: StockItem) -> None:
    late = pantry.brought(rice, "1", ago=3, good=200)
    soon = pantry.brought(rice, "1", ago=1, good=100)
    made = pantry.issued((rice, "30"))
    assert [(one.lot, one.quantity) for one in made.lines.order_by(IssueLine.id)] == [
        (soon, D("25.000")), (late, D("5.000")),
    ]  # fmt: skip


def test_whoever_skips_a_lot_says_why(rice: StockItem) -> None:
    late = pantry.brought(rice, "1", ago=3, good=200)
    soon = pantry.brought(rice, "1", ago=1, good=100)
    row = {"item": rice, "quantity": D(5), "lot": late}
    with pytest.raises(RowRefused, match=f"{soon.code}（{soon.expires_on} 到期）应先发"):
        pantry.issued(rows=[row])
    assert not StockMove.select().where(StockMove.kind == MoveKind.ISSUE).exists()
    made = pantry.issued(rows=[{**row, "skipped": "压在里面，先发外面的"}])
    assert made.lines.get().lot == late
    # A row before it that takes all of the earlier lot is no skipping.
    pantry.issued(
        rows=[{"item": rice, "quantity": D(25), "lot": soon}, {"item": rice, "quantity": D(1), "lot": late}]
    )


def test_expired_goods_are_not_issued(rice: StockItem) -> None:
    old = pantry.brought(rice, "1", ago=20, good=-1)
    assert freshness(old, TODAY) is Freshness.EXPIRED
    with pytest.raises(RowRefused, match="可发 0 kg，不够 5 kg（另有已过期 25 kg）"):
        pantry.issued((rice, "5"))
    with pytest.raises(RowRefused, match="过期，不能领用。请“报损”"):
        pantry.issued(rows=[{"item": rice, "quantity": D(5), "lot": old}])
    # On the last day on which they were good they could be.
    pantry.issued((rice, "5"), day=TODAY - timedelta(days=1))


def test_two_people_issue_the_stated_quantity(office: Path) -> None:
    oil = pantry.item("大豆油", two_from=D(40))
    pantry.brought(oil, "4")
    with pytest.raises(BadInput, match="双人领用的 40 kg"):
        pantry.issued((oil, "30"), (oil, "10"))
    with pytest.raises(BadInput, match="不能是领用人"):
        pantry.issued((oil, "40"), witness=pantry.cook())
    other = pantry.add_staff(number="C02", name="帮厨")
    assert pantry.issued((oil, "40"), witness=other).witness == "帮厨"
    pantry.issued((oil, "39.999"))


def test_a_meal_knows_its_heads(rice: StockItem) -> None:
    pantry.brought(rice, "1")
    with pytest.raises(BadInput, match="就餐人数"):
        pantry.issued((rice, "5"), purpose=Purpose.MEAL, meal=Meal.LUNCH)
    with pytest.raises(BadInput, match="不填餐次"):
        pantry.issued((rice, "5"), heads=20)
    pantry.issued((rice, "5"), purpose=Purpose.MEAL, meal=Meal.LUNCH, heads=40)


def test_what_comes_back_is_worth_what_it_was_issued_at(rice: StockItem) -> None:
    pantry.brought(rice, "1", "10.01", ago=2)
    made = pantry.issued((rice, "3"), day=TODAY - timedelta(days=1))
    pantry.brought(rice, "1", "900")
    before = fresh(rice).value
    for _ in range(3):
        line = back_to_stock(fresh(made.lines.get()), D(1), "没有用完")
    assert line.back == D(3)
    assert fresh(rice).value - before == D("1.20")
    assert made.total() == D("0.00")
    with pytest.raises(RuleBroken, match="还没有退的是 0 kg"):
        back_to_stock(fresh(line), D(1), "没有用完")


def test_a_slip_of_an_earlier_day_is_worked_in(rice: StockItem) -> None:
    pantry.brought(rice, "1", "100", ago=10)
    pantry.issued((rice, "5"), day=TODAY - timedelta(days=2))
    assert fresh(rice).value == D("80.00")
    pantry.brought(rice, "1", "300", ago=5)
    # 400 for 50 kg by then: the issue of later takes 40.
    assert StockMove.get(StockMove.kind == MoveKind.ISSUE).amount == D("-40.00")
    assert fresh(rice).value == D("360.00")
    with pytest.raises(RowRefused, match="可发 20 kg"):
        pantry.issued((rice, "21"), day=TODAY - timedelta(days=6))
    pantry.issued((rice, "20"), day=TODAY - timedelta(days=6))
    assert not run_invariants()


def test_nothing_goes_below_nothing_between_two_days(rice: StockItem) -> None:
    pantry.brought(rice, "1", ago=9)
    made = pantry.issued((rice, "20"), day=TODAY - timedelta(days=3))
    back_to_stock(made.lines.get(), D(20), "停餐", day=TODAY - timedelta(days=3))
    # 25 kg on every evening, but only 5 of them were there throughout.
    with pytest.raises(RowRefused, match="可发 5 kg"):
        pantry.issued((rice, "6"), day=TODAY - timedelta(days=5))
    pantry.issued((rice, "5"), day=TODAY - timedelta(days=5))
    assert not run_invariants()


def test_a_return_leaves_at_the_price_of_its_own_lot(rice: StockItem) -> None:
    pantry.brought(rice, "1", "100", ago=3)
    bad = pantry.brought(rice, "1", "150", ago=1)
    back = return_goods(bad.received, D(1), Defect.SPOILT, "生虫")
    assert fresh(bad).held == D(25)
    with pytest.raises(RowRefused, match="待退 25 kg"):
        pantry.issued((rice, "26"))
    with pytest.raises(RuleBroken, match="经理同意"):
        finish_return(back, "拉走了")
    finish_return(consent_return(back, Handling.RETURN), "拉走了")
    assert (fresh(bad).stock, fresh(bad).held) == (D(0), D(0))
    assert (fresh(rice).stock, fresh(rice).value) == (D(25), D("100.00"))


def test_a_return_that_the_stock_is_not_worth_keeps_the_difference(rice: StockItem) -> None:
    pantry.brought(rice, "1", "100", ago=3)
    bad = pantry.brought(rice, "1", "150", ago=1)
    pantry.issued((rice, "25"))
    back = return_goods(bad.received, D(1), Defect.SPOILT)
    finish_return(consent_return(back, Handling.RETURN), "拉走了")
    move = StockMove.get(StockMove.kind == MoveKind.RETURN)
    assert (move.amount, move.difference) == (D("-125.00"), D("25.00"))
    assert fresh(rice).value == D("0.00")


def test_a_refused_return_frees_what_was_held(rice: StockItem) -> None:
    lot = pantry.brought(rice, "2")
    back = return_goods(lot.received, D(1), Defect.SPOILT)
    refuse_return(back, "可以用")
    assert (fresh(lot).held, fresh(lot).stock) == (D(0), D(50))
    pantry.issued((rice, "50"))
    with pytest.raises(RuleBroken, match="还没有发出的是 0 kg"):
        return_goods(fresh(lot.received), D(1), Defect.SPOILT)


def test_an_exchange_is_linked_and_has_its_own_lot(rice: StockItem) -> None:
    lot = pantry.brought(rice, "2", "110")
    back = consent_return(return_goods(lot.received, D(1), Defect.SPOILT), Handling.EXCHANGE)
    with pytest.raises(RuleBroken, match="还没有退走"):
        take_replacement(back)
    finish_return(back, "换")
    assert to_replace(fresh(back)) == D(1)
    with pytest.raises(RuleBroken, match="您自己采购的"):
        take_replacement(fresh(back))
    with deeds.acting(deeds.TheOffice()):
        with pytest.raises(BadInput, match="还差 1 袋"):
            take_replacement(fresh(back), D(2))
        with pytest.raises(BadInput, match="早于退走日期"):
            take_replacement(fresh(back), arrived_on=TODAY - timedelta(days=1))
        made = take_replacement(fresh(back), expires_on=TODAY + timedelta(days=90))
    assert (made.replaces, made.stock, made.price) == (back, D(25), D("4.4000"))
    assert (fresh(rice).stock, fresh(rice).value) == (D(50), D("220.00"))
    with deeds.acting(deeds.TheOffice()), pytest.raises(RuleBroken, match="已全部换回"):
        take_replacement(fresh(back))


def test_an_exchange_of_goods_that_the_store_does_not_keep_is_none_of_its_business(office: Path) -> None:
    with deeds.acting(deeds.TheOffice()):
        trade.came(trade.ordered(trade.qualified(), (trade.ware("灯管"), 4)), 4)
    back = return_goods(ReceiptLine.get(), D(1), Defect.SPOILT)
    finish_return(consent_return(back, Handling.EXCHANGE), "换")
    assert to_replace(fresh(back)) == 0 and awaited() == []
    with pytest.raises(RuleBroken, match="不是库存物品"):
        take_replacement(fresh(back))


def test_what_is_rejected_waits_and_what_is_conceded_comes_in(rice: StockItem) -> None:
    lot = pantry.brought(rice, "4", accepted="3", good=100)
    assert (lot.stock, fresh(rice).value) == (D(75), D("300.00"))
    consent_return(GoodsReturn.get(), Handling.CONCESSION)
    assert (fresh(lot).stock, fresh(rice).value) == (D(100), D("400.00"))
    assert not run_invariants()


def test_dates_that_cannot_be_are_refused(office: Path) -> None:
    milk = pantry.item("牛奶", shelf=6, shelf_unit=ShelfUnit.MONTHS, storage=Storage.COOL)
    with pytest.raises(RowRefused, match="有保质期，请填生产日期或到期日"):
        pantry.brought(milk, "1")
    with pytest.raises(RowRefused, match="已经过期，不能入库"):
        pantry.brought(milk, "1", good=-1)
    with pytest.raises(BadInput, match="请测量并填写冷藏到货温度"):
        pantry.brought(milk, "1", good=20, temperature=None)
    assert not StockLot.select().exists()


def test_a_supplier_that_is_suspended_brings_nothing(rice: StockItem) -> None:
    made = trade.ordered(pantry.supplier(), (rice.goods, 1))
    suspend(pantry.supplier(), "抽检不合格")
    row = {"line": made.lines.get(), "delivered": D(1)}
    with deeds.acting(deeds.TheOffice()), pytest.raises(RuleBroken, match="这批货不能入库，请拒收"):
        receive([row])
    assert not StockLot.select().exists()


def test_goods_in_stock_are_received_by_the_store_alone(rice: StockItem) -> None:
    made = trade.ordered(pantry.supplier(), (rice.goods, 1))
    with pytest.raises(RowRefused, match="请在“食堂仓库”的“入库验收”里收货"):
        trade.came(made, 1)


def test_an_item_is_found_by_number_bar_code_and_name(office: Path) -> None:
    made = pantry.item(barcode="6901234567892")
    hits = [hit for hit in find("6901234567892") if hit.kind == "库存物品"]
    assert [hit.id for hit in hits] == [made.id] and hits[0].rank == SURE
    assert [hit.id for hit in find("dami") if hit.kind == "库存物品"] == [made.id]
    assert StockItem.find(made.code) == StockItem.find("6901234567892") == StockItem.find("大米") == made
    pantry.brought(made, "1")
    with pytest.raises(RuleBroken, match="已有收发，旧单据按 kg 记"):
        fresh(made).edit(per=D(10))
    with pytest.raises(RuleBroken, match="不能停用"):
        fresh(made).retire()
    with pytest.raises(BadInput, match="一起填"):
        fresh(made).edit(shelf=3)


def test_the_books_are_the_moves(rice: StockItem) -> None:
    pantry.brought(rice, "3", good=40)
    pantry.issued((rice, "7.5"))
    pool, moves = value_of(fresh(rice))
    assert (pool.quantity, pool.fen) == (67_500, 27_000)
    assert all(told == (move.amount, move.difference) for move, told in moves)
