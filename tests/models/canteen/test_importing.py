"""A list of goods with what is in stock of them comes in once, row by row checked, and goes out as one."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import peewee
import pytest

from models import batches, deeds, imports
from models.canteen import invariants, stock_lists  # noqa: F401 - they are run
from models.canteen.importing import import_items
from models.canteen.item_sheets import OURS
from models.canteen.items import StockItem, Storage
from models.canteen.lots import StockLot
from models.canteen.moves import StockMove
from models.canteen.opening import open_stock
from models.canteen.shelf import ShelfUnit
from models.checks import run_invariants
from models.deeds import DEEDS
from models.errors import PermissionDenied, RuleBroken
from models.exports import export
from models.imports.plan import ImportRefused
from models.listings import Filters, listed
from models.owners import template_sheets  # noqa: F401 - the sheets of the owner files
from models.suppliers.goods import Goods, add_goods
from models.workbook import ColumnOut, SheetOut, write
from tests import pantry, trade
from tests.office_people import worker
from tests.pantry import TODAY, fresh

D = Decimal
pytestmark = pytest.mark.usefixtures("office")
ITEMS = (
    *("物品编号", "物品名称", "规格型号", "物品类别", "采购单位", "领用单位", "每采购单位折合", "储位"),
    *("货位", "条码", "保质期", "保质期单位", "最低库存", "双人领用起点"),
)
OPENED = ("物品编号", "数量", "单价", "生产日期", "到期日", "生产批号", "期初日期")
PEER = (
    *("序号", "物品名称", "物品编号", "单价", "库存", "单位", "对外最低售价", "对外最高售价", "告警库存"),
    *("物品类型", "是否固定物品（Y 是 N 否）", "备注"),
)
RICE = (
    *("LY01", "大米", "25kg/袋", "粮油", "袋", "kg", "25", "常温", "A1", "6901234567892", "12", "月"),
    *("50", "100"),
)
MILK = ("NP01", "牛奶䶮", "", "豆制品", "箱", "", "", "冷藏0~8℃", "", "", "7", "天", "", "")
MADE = TODAY - timedelta(days=3)


def sheet(title: str, heads: Sequence[str], *rows: Sequence[Any]) -> SheetOut:
    return SheetOut(title, [ColumnOut(head) for head in heads], rows)


def ours(folder: Path, items: Sequence[Any] = (RICE, MILK), opened: Sequence[Any] = ()) -> Path:
    path = folder / "物品.xlsx"
    write(path, [sheet("库存物品", ITEMS, *items), sheet("期初库存", OPENED, *opened)])
    return path


LOTS = (
    ("LY01", "100", "4.5", "", "", "", ""),
    ("LY01", "37.355", "4.6", str(MADE), "", "B7", ""),
    ("NP01", "3", "60", str(MADE), "", "", ""),
)


def opened_rice() -> tuple[str, ...]:
    return ("LY01", "100", "4.5", "", str(TODAY + timedelta(days=90)), "", "")


def full(folder: Path) -> Path:
    return ours(folder, opened=(opened_rice(), *LOTS[1:]))


def test_items_and_what_is_there_of_them_come_in(tmp_path: Path) -> None:
    plan = imports.plan(full(tmp_path))
    assert (plan.layout, StockItem.select().count()) == ("库存物品", 0)
    assert plan.told()[0] == "物品：新增 2，相同 0，未改动 0"
    assert plan.told()[-1] == "库存流水：新增 3，相同 0，未改动 0；新增合计 801.83 元"
    done = import_items(plan)
    rice, milk = StockItem.find("LY01"), StockItem.find("牛奶䶮")
    assert (rice.storage, rice.per, rice.shelf, rice.shelf_unit) == (
        Storage.DRY, D("25.000"), 12, ShelfUnit.MONTHS,
    )  # fmt: skip
    assert (rice.stock, rice.value, rice.two_from) == (D("137.355"), D("621.83"), D("100.000"))
    assert (milk.unit, milk.storage, milk.stock, milk.value) == ("箱", Storage.COOL, D(3), D(180))
    assert milk.goods.stocked and StockItem.find("6901234567892") == rice
    assert [lot.expires_on for lot in milk.lots] == [MADE + timedelta(days=7)]
    (batch,) = done.batches
    assert (batch.kind, batch.count) == ("canteen.items", 10)
    assert {move.slip for move in StockMove.select()} == {f"QC-{TODAY:%Y%m}-001"}
    pantry.issued((rice, "50"))
    assert run_invariants() == []


def test_the_same_workbook_comes_once(tmp_path: Path) -> None:
    import_items(full(tmp_path))
    pantry.issued((StockItem.find("LY01"), "50"))
    again = import_items(full(tmp_path))
    assert (again.new, again.same, again.batches, again.findings) == (0, 10, [], [])
    plan = imports.plan(ours(tmp_path, items=[(*RICE[:8], "B2", *RICE[9:])]))
    assert [one.reason for one in plan.notes] == ["库存物品已登记的货位是“A1”，没有改动"]


def test_a_batch_is_undone_while_nothing_moved(tmp_path: Path) -> None:
    bought = add_goods(code="LY01", name="大米", spec="25kg/袋", unit="袋", kind=trade.kind("粮油"))
    old = pantry.item("面粉", spec="25kg")
    (batch,) = import_items(full(tmp_path)).batches
    assert Goods.find(bought.code).stocked
    (second,) = import_items(ours(tmp_path, (), [(old.code, "8", "3", "", "", "", "")])).batches
    assert fresh(old).value == D("24.00")
    batches.undo(second)
    batches.undo(batch)
    assert (fresh(old).stock, fresh(old).value) == (D(0), D(0))
    assert [one.code for one in StockItem.select()] == [old.code]
    assert (StockLot.select().count(), StockMove.select().count()) == (0, 0)
    assert not Goods.find("LY01").stocked and Goods.get_or_none(Goods.code == "NP01") is None
    (again,) = import_items(full(tmp_path)).batches
    pantry.issued((StockItem.find("LY01"), "1"))
    with pytest.raises(RuleBroken, match=r"大米 25kg/袋 已有收发（CK-.*），不能整批撤销"):
        batches.undo(again)
    with pytest.raises(peewee.IntegrityError, match="never deleted"):
        StockMove.delete().where(StockMove.item == StockItem.find("LY01")).execute()
    assert run_invariants() == []


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({0: None}, "没有填物品编号"),
        ({3: "龙虾"}, "没有这个物品类别。请填已有的"),
        ({6: "0"}, "每采购单位折合"),
        ({7: "阴凉"}, "储位"),
        ({11: None}, "保质期的数字和单位没有一起填"),
        ({0: "LY02"}, "与 LY01 同名同规格"),
        ({12: "-1"}, "最低库存"),
    ],
)
def test_an_item_that_cannot_be_is_refused(tmp_path: Path, changed: dict[int, Any], reason: str) -> None:
    trade.ware("大米", spec="25kg/袋")
    known = Goods.get()
    Goods.update(code="LY01").where(Goods.id == known.id).execute()
    row = [changed.get(at, value) for at, value in enumerate(RICE)]
    with pytest.raises(ImportRefused) as refused:
        import_items(ours(tmp_path, [row]))
    assert reason in str(refused.value)
    assert StockItem.select().count() == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("XX01", "1", "5", "", "", "", ""), "没有这个库存物品"),
        (("LY01", "0", "5", str(MADE), "", "", ""), "数量是零"),
        (("LY01", "-2", "5", str(MADE), "", "", ""), "数量"),
        (("LY01", "2", "", str(MADE), "", "", ""), "没有填单价"),
        (("LY01", "2", "5", "", "", "", ""), "有保质期。请填生产日期或到期日"),
        (("LY01", "2", "5", str(MADE), str(MADE - timedelta(days=1)), "", ""), "早于生产日期"),
        (("LY01", "2", "5", str(MADE), "", "", str(TODAY + timedelta(days=1))), "还没有到"),
    ],
)
def test_a_lot_that_cannot_be_is_refused(tmp_path: Path, row: Sequence[str], reason: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        import_items(ours(tmp_path, opened=[row]))
    assert reason in str(refused.value)
    assert (Goods.select().count(), StockMove.select().count()) == (0, 0)


def test_wrong_rows_are_left_out_where_that_is_wanted(tmp_path: Path) -> None:
    path = ours(tmp_path, opened=[opened_rice(), ("LY01", "2", "5", "", "", "", "")])
    assert import_items(path, skip_errors=True).new == 6
    assert StockItem.find("LY01").stock == D(100)


def test_an_item_that_was_moved_is_not_opened_again(tmp_path: Path) -> None:
    import_items(ours(tmp_path))
    open_stock([{"item": StockItem.find("NP01"), "quantity": D(1), "price": D(60), "made_on": MADE}])
    with pytest.raises(ImportRefused, match="牛奶䶮 已有收发，不能再登记期初"):
        import_items(ours(tmp_path, opened=[(*LOTS[2][:2], "61", *LOTS[2][3:])]))
    again = import_items(ours(tmp_path, opened=LOTS[2:]))
    assert (again.new, again.same, again.left) == (0, 5, 1)
    assert [one.reason for one in again.notes] == ["库存流水已登记的数量是“1”，没有改动"]


def test_what_was_moved_after_the_trial_is_not_opened(tmp_path: Path) -> None:
    import_items(ours(tmp_path))
    plan = imports.plan(ours(tmp_path, opened=LOTS[2:]))
    open_stock([{"item": StockItem.find("NP01"), "quantity": D(1), "price": D(50), "made_on": MADE}])
    with pytest.raises(RuleBroken, match=r"牛奶䶮 已有收发（QC-.*），不能再登记期初"):
        import_items(plan)
    assert fresh(StockItem.find("NP01")).value == D(50) and run_invariants() == []


def test_the_list_of_another_system_is_read_below_its_title(tmp_path: Path) -> None:
    path = tmp_path / "importResourceStore.xlsx"
    rows = [
        PEER,
        (1, "大米", "1001", 4.5, 20, "kg", 5, 6, 10, "粮油", "N", ""),
        (2, "蒸饭柜", "1002", "", "", "台", "", "", 0, "粮油", "Y", "厨房"),
    ]
    title = [ColumnOut("物品导入"), *(ColumnOut("") for _ in PEER[1:])]
    write(path, [SheetOut("物品信息", title, rows)])
    plan = imports.plan(path)
    assert [(one.row, one.reason) for one in plan.findings] == [
        *((2, "这一列没有导入"),) * 3, (4, "固定物品也作库存物品导入"),
    ]  # fmt: skip
    import_items(plan)
    rice, steamer = StockItem.find("1001"), StockItem.find("1002")
    assert (rice.unit, rice.stock, rice.value, rice.least) == ("kg", D(20), D(90), D(10))
    assert (steamer.stock, steamer.least) == (D(0), None)
    rows[1] = (1, "糯米", "1003", "", 20, "kg", "", "", "", "粮油", "", "")
    write(path, [SheetOut("物品信息", title, rows)])
    with pytest.raises(ImportRefused, match="D3：有库存而没有填单价"):
        import_items(path)


def test_the_list_that_is_exported_is_read_again(tmp_path: Path) -> None:
    import_items(full(tmp_path))
    path = tmp_path / "导出.xlsx"
    export(listed("stock_items")(Filters()), listed("stock_items"), path)
    plan = imports.plan(path)
    assert (plan.layout, plan.errors, plan.new, plan.left, plan.same) == (OURS.title, [], 0, 0, 4)


def test_a_roster_of_owners_is_none_of_the_stores_business(tmp_path: Path) -> None:
    path = tmp_path / "业主.xlsx"
    write(path, [sheet("业主", ("业主编号", "姓名"), ("Y1", "王桂芳"))])
    with pytest.raises(RuleBroken, match=r"还有新的.*或只留库存物品和期初库存"):
        import_items(path)


def test_only_who_keeps_the_store_imports(tmp_path: Path) -> None:
    path = full(tmp_path)
    with deeds.acting(worker("钱收款", "收款员")), pytest.raises(PermissionDenied):
        DEEDS["canteen.import_items"].call(None, {"path": str(path)})
    with deeds.acting(worker("仓管员", "食堂仓库管理员")):
        assert DEEDS["canteen.import_items"].call(None, {"path": str(path)}).new == 10
