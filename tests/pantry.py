"""A storekeeper's goods, made through the real deeds, for tests of the canteen's store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models import deeds
from models.canteen.counting import begin_count, cancel_count
from models.canteen.demanding import draft_demand
from models.canteen.issues import GoodsIssue, Meal, Purpose
from models.canteen.issuing import issue
from models.canteen.items import StockItem, add_item
from models.canteen.lots import StockLot
from models.canteen.notices import notify_expiry
from models.canteen.opening import open_stock
from models.canteen.problems import Abnormal, report_problem
from models.canteen.receiving import receive
from models.canteen.samples import keep_samples
from models.canteen.weekly import CheckPoint, Passed, StoreCheck, check_store
from models.canteen.writeoffs import Disposal, Spoilt, write_off
from models.clock import standing_at
from models.months import Month
from models.office.staff import Department, Staff, add_staff
from models.suppliers.orders import OrderLine, order
from models.suppliers.receipts import Defect, GoodsReceipt
from models.suppliers.register import Supplier
from tests import trade

TODAY = date.today()


def item(name: str = "大米", of: str = "粮油", **kept: Any) -> StockItem:
    """Make something that is kept in stock: bought by the bag, issued by the kilogram."""
    given = {"spec": "25kg/袋", "bought_in": "袋", "unit": "kg", "per": Decimal(25)} | kept
    return add_item(name=name, kind=trade.kind(of), **given)


def opened(item: StockItem, quantity: str, price: str = "4", **more: Any) -> StockLot:
    """Let so much of an item be in the store at first."""
    open_stock([{"item": item, "quantity": Decimal(quantity), "price": Decimal(price), **more}])
    found: StockLot = StockLot.select().where(StockLot.item == item).order_by(StockLot.id.desc()).get()
    return found


def supplier() -> Supplier:
    """Return the one supplier of the test, qualified."""
    found: Supplier | None = Supplier.get_or_none(Supplier.name == "丰禾粮油")
    return found or trade.qualified()


def brought(
    one: StockItem, bags: str, price: str = "100", *, ago: int = 0, good: int | None = None,
    accepted: str | None = None, **more: Any,
) -> StockLot:  # fmt: skip
    """Order so many units of purchase and take them in some days ago, good so many days from today."""
    day, source = TODAY - timedelta(days=ago), supplier()
    with standing_at(datetime.combine(day, datetime.now().time())):
        wanted = {"goods": one.goods, "quantity": Decimal(bags), "price": Decimal(price)}
        made = order(source, [wanted], day)
        row = {
            "line": OrderLine.find(f"{made.number}/1"), "delivered": Decimal(bags),
            "accepted": None if accepted is None else Decimal(accepted),
            "defect": None if accepted is None else Defect.SPOILT,
            "expires_on": None if good is None else TODAY + timedelta(days=good),
        }  # fmt: skip
        with deeds.acting(deeds.TheOffice()):  # whoever ordered does not receive
            return lot_of(receive([row], **{"temperature": Decimal(4)} | more).receipts[0])


def lot_of(receipt: GoodsReceipt) -> StockLot:
    """Return the lot that a receipt brought."""
    found: StockLot = StockLot.get(StockLot.code == f"{receipt.number}/1")
    return found


def cook() -> Staff:
    """Return who takes goods for the kitchen."""
    found: Staff | None = Staff.get_or_none(Staff.name == "厨师长")
    return found or add_staff(number="C01", name="厨师长")


def issued(*wanted: tuple[StockItem, str], rows: Sequence[dict[str, Any]] = (), **more: Any) -> GoodsIssue:
    """Issue so much of each item to the kitchen."""
    given = [{"item": one, "quantity": Decimal(quantity)} for one, quantity in wanted]
    named = {"department": Department.find("食堂"), "taker": cook(), "purpose": Purpose.OTHER} | more
    return issue([*given, *rows], **named)


def deal() -> None:
    """Leave something of each kind of record of this module behind."""
    rice, oil = item("东北米"), item("菜籽油")
    lot = brought(rice, "4", ago=2, good=300)
    brought(oil, "1", ago=40, good=3)
    issued((rice, "10"))
    with deeds.acting(deeds.TheOffice()):
        write_off([{"lot": lot, "quantity": Decimal(1), "reason": Spoilt.BROKEN}], Disposal.DYED, cook())
        report_problem(fresh(lot), Abnormal.PESTS)
        notify_expiry(Department.find("食堂"))
        check_week(bad=CheckPoint.PESTS)
        keep_samples([{"dish": "红烧肉", "grams": 130}], Meal.LUNCH, Decimal(4))
        draft_demand([{"item": rice, "need": Decimal(500)}], Department.find("食堂"))
        count_something()


def count_something() -> None:
    """Leave a count behind that was called off: nothing stands still for it."""
    end = datetime.combine(Month.of(TODAY).plus(-1).last, datetime.min.time()) + timedelta(hours=17)
    with standing_at(end):
        made = begin_count(cook(), add_staff(number="F09", name="林监盘"))
        cancel_count(made, "停电")


def check_week(bad: CheckPoint | None = None, **more: Any) -> StoreCheck:
    """Enter the check of a week; one point may be wrong."""
    rows = [
        {
            "point": point, "passed": Passed.BAD if point is bad else Passed.GOOD,
            "problem": "门缝过大" if point is bad else None,
            "handling": "加装挡鼠板" if point is bad else None, "done_on": None,
        }
        for point in CheckPoint
    ]  # fmt: skip
    given = {"room": Decimal(18), "damp": 55, "cool": Decimal(4), "frozen": Decimal(-19)} | more
    return check_store(rows, **given)


def fresh(one: Any) -> Any:
    """Return a record as it stands now."""
    return type(one).get_by_id(one.id)
