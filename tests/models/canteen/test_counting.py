"""A count of the store: who counts, what stands still, what is found, what is closed for good."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import peewee
import pytest

from models import batches, deeds
from models.base import db
from models.canteen import invariants, returning  # noqa: F401 - they are run, or follow returns
from models.canteen.books import StockClose, closed_until, span_of
from models.canteen.count_lists import lot_flows, month_sums
from models.canteen.count_sheets import stock_counting, stock_recounting
from models.canteen.counting import (
    approve_count,
    begin_count,
    cancel_count,
    count_found,
    enter_counts,
    recount,
)
from models.canteen.counts import StocktakeLine
from models.canteen.importing import import_items
from models.canteen.items import StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import MoveKind, StockMove
from models.canteen.stocktakes import CountState, Stocktake
from models.checks import run_invariants
from models.clock import standing_at
from models.errors import BadInput, RuleBroken
from models.imports import ImportRefused
from models.listings import Filters, listed
from models.months import Month, Period
from models.office.applying import request
from models.office.approvals import Approval
from models.office.staff import Staff, add_staff
from models.rows import RowRefused
from models.suppliers.receipts import Defect
from models.suppliers.returning import refuse_return, return_goods
from models.workbook import ColumnOut, SheetOut, write
from tests import pantry
from tests.office_people import worker
from tests.pantry import fresh

D = Decimal
LAST = Month.of(date.today()).plus(-1)
END = datetime.combine(LAST.last, datetime.min.time()) + timedelta(hours=17)


@pytest.fixture
def store(office: Path) -> Iterator[list[StockLot]]:
    """Two lots of rice and one of oil at the end of last month."""
    ago = (date.today() - LAST.last).days
    rice, oil = pantry.item(), pantry.item("大豆油")
    made = [
        pantry.brought(rice, "2", "100", ago=ago + 9, good=200),
        pantry.brought(rice, "2", "150", ago=ago + 8, good=300),
        pantry.brought(oil, "1", "90", ago=ago + 7, good=400),
    ]
    pantry.issued((rice, "10"), day=LAST.last - timedelta(days=3))
    with standing_at(END):
        yield made


def begun(**more: Any) -> Stocktake:
    witness = Staff.get_or_none(Staff.number == "F01") or add_staff(number="F01", name="沈会计")
    counter = pantry.cook()
    with deeds.acting(deeds.TheOffice()):
        return begin_count(**{"counter": counter, "witness": witness} | more)


def typed(stocktake: Stocktake, *counted: str) -> None:
    lines = list(stocktake.lines.order_by(StocktakeLine.id))
    enter_counts([{"line": line, "counted": D(one)} for line, one in zip(lines, counted, strict=True)])


def approved(stocktake: Stocktake) -> Stocktake:
    with deeds.acting(deeds.TheOffice()):
        return approve_count(fresh(stocktake))


def test_nobody_counts_alone_nor_witnesses_his_own_store(store: list[StockLot]) -> None:
    cook = pantry.cook()
    with pytest.raises(BadInput, match="不能是同一人"):
        begin_count(cook, cook)
    keeper = worker("曹桂芝", "食堂仓库管理员")
    with pytest.raises(BadInput, match="是仓库管理员，不能监盘"):
        begin_count(cook, keeper.staff)
    with pytest.raises(BadInput, match="盘点在"):
        begin_count(cook, add_staff(number="F02", name="会计"), LAST.plus(-1))
    assert not Stocktake.select().exists()
    begin_count(keeper.staff, cook)


def test_the_books_stand_still_and_the_sheet_is_blind(store: list[StockLot]) -> None:
    made = begun()
    assert made.number == f"PD-{LAST.first:%Y%m}" and made.lines.count() == 3
    with pytest.raises(RuleBroken, match=f"正在盘点（{made.number}），库存冻结"):
        pantry.issued((store[2].item, "1"))
    with pytest.raises(RuleBroken, match="还在进行"):
        begun(counter=add_staff(number="F03", name="丁"))
    told = [column.name for column in stock_counting.sheet(Filters()).told]
    assert "book" not in told and "counted" not in told
    assert not list(listed("stocktake_lines")().rows())
    cancel_count(made, "停电")
    pantry.issued((store[2].item, "1"))
    assert begun(counter=add_staff(number="F04", name="戊"), witness=pantry.cook()).number.endswith("-2")


def test_equal_lines_are_kept_and_nothing_is_booked(store: list[StockLot]) -> None:
    made = begun()
    typed(made, "40", "50", "25")
    assert fresh(made).state is CountState.READY
    approved(made)
    assert [one.counted for one in made.lines] == [D(40), D(50), D(25)]
    assert not StockMove.select().where(StockMove.kind.in_((MoveKind.GAIN, MoveKind.LOSS))).exists()
    assert closed_until() == LAST.last and run_invariants() == []


def test_what_differs_is_counted_once_more_explained_and_booked(store: list[StockLot]) -> None:
    rice, oil = store[0].item, store[2].item
    made = begun()
    typed(made, "38.5", "50", "27")
    assert fresh(made).state is CountState.CHECKING
    sheet = stock_recounting.sheet(Filters())
    assert [line.key for line in sheet.lines] == [f"{made.number}/1", f"{made.number}/3"]
    told = [column.name for column in sheet.told]
    assert "book" not in told and "counted" not in told and sheet.lines[0].offered == {}
    first, second, third = (StocktakeLine.find(f"{made.number}/{number}") for number in (1, 2, 3))
    with pytest.raises(RowRefused, match="与账相符，不用复盘"):
        recount([{"line": second, "recounted": D(50)}])
    with pytest.raises(RowRefused, match="请写差异原因"):
        recount([{"line": first, "recounted": D(39)}])
    with pytest.raises(RuleBroken, match="还不能批准"):
        approved(made)
    recount([{"line": first, "recounted": D(39), "cause": "称重误差"}])
    recount([{"line": fresh(third), "recounted": D(27), "cause": "上次漏记入库"}])
    approved(made)
    # 90 kg of rice were worth 450.00; a kilogram less. A litre is worth 3.60.
    assert (fresh(rice).stock, fresh(rice).value) == (D(89), D("445.00"))
    assert (fresh(oil).stock, fresh(oil).value) == (D(27), D("97.20"))
    kinds = {one.kind: one.amount for one in StockMove.select().where(StockMove.slip == made.number)}
    assert kinds == {MoveKind.LOSS: D("-5.00"), MoveKind.GAIN: D("7.20")}
    assert run_invariants() == []


def test_a_count_typed_twice_is_refused(store: list[StockLot]) -> None:
    made = begun()
    line = made.lines.order_by(StocktakeLine.id).first()
    with pytest.raises(RowRefused, match="录了两次"):
        enter_counts([{"line": line, "counted": D(1)}, {"line": line, "counted": D(2)}])
    assert fresh(line).counted is None
    enter_counts([{"line": line, "counted": D(40)}])
    with pytest.raises(RowRefused, match="已录过实盘"):
        enter_counts([{"line": fresh(line), "counted": D(41)}])
    assert fresh(made).state is CountState.COUNTING


def test_what_the_books_know_nothing_of_is_added_and_gained(store: list[StockLot]) -> None:
    gone = store[2]
    pantry.issued((gone.item, "25"), day=LAST.last)
    made = begun()
    assert made.lines.count() == 2
    count_found(made, fresh(gone))
    with pytest.raises(RuleBroken, match="已经在盘点表里"):
        count_found(made, fresh(gone))
    typed(made, "40", "50", "2")
    recount([{"line": StocktakeLine.find(f"{made.number}/3"), "recounted": D(2), "cause": "藏在里面"}])
    approved(made)
    assert (fresh(gone.item).stock, fresh(gone.item).value) == (D(2), D("7.20"))


def test_a_count_is_approved_along_its_chain_and_says_by_whom(store: list[StockLot]) -> None:
    clerk, boss = worker("沈国平", "会计"), worker("何志远", "管理处主任")
    made = begun()
    typed(made, "40", "50", "26.5")
    recount([{"line": StocktakeLine.find(f"{made.number}/3"), "recounted": D("26.5"), "cause": "多送"}])
    with deeds.acting(worker("曹桂芝", "食堂仓库管理员")):
        asked = request("canteen.approve_count", {"stocktake": fresh(made)})
        with pytest.raises(RuleBroken, match=f"{asked.number} 正在审批（曹桂芝 申请，等会计）"):
            request("canteen.approve_count", {"stocktake": fresh(made)})
    assert "1 批不符，净额 5.40 元：大豆油 25kg/袋 1.5 kg（5.40 元）" in asked.about
    (row,) = listed("stocktakes")().rows()
    assert listed("stocktakes")().plain(row)["pending"] == asked.number
    with deeds.acting(boss), pytest.raises(RuleBroken, match="正在审批"):
        cancel_count(fresh(made), "不盘了")
    for approver in (clerk, boss):
        with deeds.acting(approver):
            Approval.find(asked.number).approve()
    assert (StockClose.get().made_by, fresh(made).approval) == ("何志远", asked.number)


def test_an_import_of_a_closed_month_is_refused_and_not_undone(store: list[StockLot], tmp_path: Path) -> None:
    flour, bran = pantry.item("面粉"), pantry.item("麦麸")

    def book(item: StockItem) -> Path:
        path = tmp_path / "期初.xlsx"
        heads = [ColumnOut(head) for head in ("物品编号", "数量", "单价", "期初日期")]
        write(path, [SheetOut("期初库存", heads, [(item.code, "5", "2", str(LAST.last))])])
        return path

    (batch,) = import_items(book(flour)).batches
    made = begun()
    with pytest.raises(ImportRefused, match="正在盘点"):
        import_items(book(bran))
    with pytest.raises(RuleBroken, match="正在盘点"):
        batches.undo(batch)
    typed(made, "40", "50", "25", "5")
    approved(made)
    with pytest.raises(RuleBroken, match="已盘点结账"):
        batches.undo(batch)
    with pytest.raises(ImportRefused, match="已盘点结账"):
        import_items(book(bran))


def test_a_closed_month_takes_no_slip_and_its_worth_stays(store: list[StockLot]) -> None:
    rice = store[0].item
    made = begun()
    typed(made, "40", "50", "25")
    approved(made)
    with pytest.raises(RuleBroken, match="已盘点结账，不能再登记"):
        pantry.issued((rice, "1"), day=LAST.last)
    with pytest.raises(RuleBroken, match="已经盘点结账了"):
        begun(counter=add_staff(number="F05", name="己"), witness=pantry.cook(), month=LAST)
    move = StockMove.get(StockMove.kind == MoveKind.ISSUE)
    with pytest.raises(peewee.IntegrityError, match="its books are closed"):
        db.execute_sql("UPDATE stock_move SET amount = amount - 1 WHERE id = ?", (move.id,))
    with pytest.raises(peewee.IntegrityError, match="never"):
        db.execute_sql("DELETE FROM stock_close")
    assert StockClose.get().until == LAST.last


def test_a_count_that_did_not_book_what_it_found_is_told(store: list[StockLot]) -> None:
    made = begun()
    typed(made, "39", "50", "25")
    recount([{"line": StocktakeLine.find(f"{made.number}/1"), "recounted": D(39), "cause": "称重误差"}])
    approved(made)
    assert run_invariants() == []
    db.execute_sql("DROP TRIGGER stocktake_line_no_update")
    db.execute_sql("UPDATE stocktake_line SET book = book + 1000 WHERE id = 2")
    assert f"盘点明细 {made.number}/2 的盈亏没有照数记账" in [one.sentence for one in run_invariants()]


def test_no_less_is_found_than_waits_to_go_back(store: list[StockLot]) -> None:
    lot = store[1]
    back = return_goods(lot.received, D(1), Defect.SPOILT)
    made = begun()
    typed(made, "40", "24", "25")
    line = StocktakeLine.find(f"{made.number}/2")
    with pytest.raises(RowRefused, match="有 25 kg 待退，实盘不能少于它"):
        recount([{"line": line, "recounted": D(24), "cause": "少了"}])
    refuse_return(back, "货还能用")
    recount([{"line": fresh(line), "recounted": D(24), "cause": "少了"}])
    approved(made)
    assert fresh(lot).stock == D(24) and run_invariants() == []


def test_a_slip_after_the_close_is_taken_in_the_next_books(store: list[StockLot]) -> None:
    made = begun()
    typed(made, "40", "50", "25")
    approved(made)
    with standing_at(datetime.now()):
        pantry.issued((store[0].item, "4"))
    span = span_of(Month.of(date.today()))
    assert span is not None and span.first == LAST.last + timedelta(days=1)
    assert run_invariants() == []


def test_the_month_adds_up_in_quantity_and_money(store: list[StockLot]) -> None:
    made = begun()
    typed(made, "39", "50", "25")
    recount([{"line": StocktakeLine.find(f"{made.number}/1"), "recounted": D(39), "cause": "称重误差"}])
    approved(made)
    rows = [row.values for row in listed("stock_month")(Filters(period=Period.of_month(LAST))).rows()]
    assert len(rows) == 2
    for row in rows:
        opening, opening_worth, came, came_worth, went, went_worth, left, left_worth = row[4:12]
        assert opening + came - went == left and opening_worth + came_worth - went_worth == left_worth
        item = StockItem.find(row[0])
        assert (left, left_worth) == (item.stock, item.value)
    assert rows[0][4:12] == (D(0), D(0), D(100), D(500), D(11), D(55), D(89), D(445))
    flows = lot_flows(fresh(made))
    assert all(
        before + came - went == line.book
        for line in made.lines
        for before, came, went in [flows[line.lot_id]]
    )
    span = span_of(LAST)
    assert span is not None and len(list(month_sums(span))) == 2


def test_the_card_of_an_item_carries_its_balance(store: list[StockLot]) -> None:
    rice = store[0].item
    rows = [row.values for row in listed("stock_card")(Filters(stock=rice)).rows()]
    assert [(row[4], row[5], row[7], row[8]) for row in rows] == [
        (D(50), None, D(50), D(200)), (D(50), None, D(100), D(500)), (None, D(10), D(90), D(450)),
    ]  # fmt: skip
    assert not list(listed("stock_card")().rows())
