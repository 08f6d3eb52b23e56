"""What is needed, less what is there and on its way, in whole packs, together into the purchase plans."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.canteen.demanding import consolidate, demanding, draft_demand
from models.canteen.demands import Demand, DemandState
from models.canteen.items import StockItem
from models.canteen.supply import Cover, covers, packs
from models.clock import standing_at
from models.errors import BadInput, RuleBroken
from models.listings import Filters
from models.months import Month
from models.office.chains import stop_chain
from models.office.staff import Department
from models.rows import RowRefused
from models.suppliers.planning import order_plan
from models.suppliers.plans import PlanLine, PurchasePlan
from models.suppliers.receipts import Defect
from models.suppliers.returning import consent_return, finish_return, return_goods
from models.suppliers.returns import Handling
from tests import pantry, trade
from tests.pantry import TODAY, fresh

D = Decimal
SOON = TODAY + timedelta(days=1)


@pytest.fixture
def rice(office: Path) -> Iterator[StockItem]:
    for deed in ("canteen.approve_demand", "suppliers.approve_plan"):
        stop_chain(deed)
    yield pantry.item(shelf=None, least=D(20))


def wanted(*rows: tuple[StockItem, str], **more: Any) -> Demand:
    given = [{"item": item, "need": D(need)} for item, need in rows]
    return draft_demand(given, **{"department": Department.find("食堂")} | more)


@pytest.mark.parametrize(
    ("need", "bags"), [("0", 0), ("0.001", 1), ("25", 1), ("25.001", 2), ("-5", 0), ("250", 10)]
)
def test_what_is_lacking_is_bought_in_whole_packs(rice: StockItem, need: str, bags: int) -> None:
    assert packs(rice, D(need)) == bags


def test_stock_and_what_is_on_its_way_are_taken_off_once(rice: StockItem) -> None:
    pantry.brought(rice, "2", "118", good=300)
    trade.ordered(pantry.supplier(), (rice.goods, 1))
    assert covers([rice], SOON, TODAY) == {rice.id: Cover(D(50), D(25), D(0))}
    made = wanted((rice, "60"), (rice, "60"))
    lines = [(one.stock, one.coming, one.planned, one.amount) for one in made.lines]
    # 60 of 75 for the first; of the second 15 are covered, 45 are two bags at what one cost last.
    assert lines == [(D(50), D(25), D(0), D(0)), (D(0), D(15), D(2), D(200))]
    assert made.number == f"XQ-{TODAY:%Y%m}-01" and made.total() == D(200)


def test_what_will_have_expired_by_then_does_not_count(rice: StockItem) -> None:
    pantry.brought(rice, "2", good=3)
    later = TODAY + timedelta(days=5)
    made = wanted((rice, "40"), first=later, last=later)
    assert [(one.stock, one.planned) for one in made.lines] == [(D(0), D(2))]


def test_nothing_is_planned_where_all_is_there(rice: StockItem) -> None:
    pantry.brought(rice, "4", good=300)
    with pytest.raises(RuleBroken, match="已经够用"):
        wanted((rice, "100"))
    with pytest.raises(BadInput, match="需求期"):
        wanted((rice, "200"), first=TODAY - timedelta(days=1))
    row = {"item": rice, "need": D(200), "needed_on": TODAY + timedelta(days=30)}
    with pytest.raises(RowRefused, match="不在需求期"):
        draft_demand([row], Department.find("食堂"))
    assert not Demand.select().exists()


def test_approved_demands_go_together_into_a_purchase_plan_once(rice: StockItem) -> None:
    flour, source = pantry.item("面粉", shelf=None), pantry.supplier()
    for item in (rice, flour):
        trade.ordered(source, (item.goods, 1), due=TODAY)
    demands = [wanted((rice, "100"), (flour, "30")), wanted((rice, "60"))]
    with pytest.raises(RuleBroken, match="是“编制”，不能汇入"):
        consolidate(demands)
    ready = [one.approve() for one in demands]
    done = consolidate([fresh(one) for one in ready])
    (plan,) = done.plans
    lines = [(line.goods, line.quantity, line.supplier) for line in plan.lines.order_by(PlanLine.position)]
    # 100 less 25 on order are three bags, 60 are three: what is on order counts for the first alone.
    assert lines == [(rice.goods, D(6), source), (flour.goods, D(1), source)]
    assert plan.note == f"由 {ready[0].number}、{ready[1].number} 汇总"
    again = fresh(ready[0])
    assert (again.state, again.purchases) == (DemandState.TAKEN, plan.number)
    with pytest.raises(RuleBroken, match="不能汇入"):
        consolidate([again])
    assert PurchasePlan.select().count() == 1


def test_what_one_plan_counts_on_another_does_not(rice: StockItem) -> None:
    pantry.brought(rice, "4", good=300)
    first = wanted((rice, "130"))  # all of 100, and two bags are bought
    second = wanted((rice, "30"))
    line = second.lines.get()
    assert (line.stock, line.coming, line.others, line.planned) == (D(100), D(0), D(100), D(2))
    (row,) = demanding.sheet(Filters()).lines
    assert row.told[3:6] == (D(100), D(0), D(100))
    second.withdraw()
    with pytest.raises(RuleBroken):
        fresh(second).approve()
    (plan,) = consolidate([fresh(first.approve())]).plans
    assert others(rice) == D(80)  # the two bags stand in a purchase plan: they will cover fifty of 130
    plan.approve()
    order_plan(list(fresh(plan).lines), supplier=pantry.supplier())
    assert covers([rice], SOON, TODAY)[rice.id] == Cover(D(100), D(50), D(130))


def test_what_is_to_come_in_exchange_is_on_its_way(rice: StockItem) -> None:
    lot = pantry.brought(rice, "4", good=300)
    finish_return(consent_return(return_goods(lot.received, D(1), Defect.SPOILT), Handling.EXCHANGE), "换")
    assert covers([rice], SOON, TODAY) == {rice.id: Cover(D(75), D(25))}


def test_several_days_take_what_expires_first(rice: StockItem) -> None:
    pantry.brought(rice, "4", good=3)
    later = TODAY + timedelta(days=7)
    rows = [{"item": rice, "need": D(90), "needed_on": later}, {"item": rice, "need": D(5)}]
    made = draft_demand(rows, Department.find("食堂"), SOON, later)
    assert [(line.stock, line.planned) for line in made.lines] == [(D(0), D(4)), (D(100), D(0))]


def test_what_was_needed_in_a_month_that_has_passed_is_needed_now(rice: StockItem) -> None:
    trade.ordered(pantry.supplier(), (rice.goods, 1), due=TODAY)
    with standing_at(datetime.combine(TODAY.replace(day=1) - timedelta(days=9), datetime.min.time())):
        made = wanted_at("130", rice)
    (plan,) = consolidate([fresh(made.approve())]).plans
    assert (plan.month, plan.lines.get().needed_on) == (Month.of(TODAY), TODAY)


def wanted_at(need: str, item: StockItem) -> Demand:
    """Ask for so much of an item at a price that is typed."""
    return draft_demand([{"item": item, "need": D(need), "price": D(100)}], Department.find("食堂"))


def test_a_plan_whose_days_have_passed_counts_on_nothing(rice: StockItem) -> None:
    pantry.brought(rice, "4", good=300)
    with standing_at(datetime.combine(TODAY - timedelta(days=9), datetime.min.time())):
        wanted((rice, "130"))
    assert others(rice) == D(0)


def others(item: StockItem) -> Decimal:
    """Return what plans count on of what there is of an item."""
    return covers([item], SOON, TODAY)[item.id].others


def test_several_departments_say_who_buys(rice: StockItem) -> None:
    trade.ordered(pantry.supplier(), (rice.goods, 1), due=TODAY)
    made = [wanted((rice, "100")).approve()]
    made.append(wanted((rice, "100"), department=Department.find("工程部")).approve())
    with pytest.raises(RuleBroken, match="写明由哪个部门"):
        consolidate([fresh(one) for one in made])
    done = consolidate([fresh(one) for one in made], Department.find("食堂"))
    assert done.plans[0].department.name == "食堂"


def test_the_sheet_proposes_a_weeks_use_and_the_least(rice: StockItem) -> None:
    pantry.brought(rice, "4", ago=40, good=300)
    pantry.issued((rice, "60"), day=TODAY - timedelta(days=2))
    line = demanding.sheet(Filters()).lines[0]
    assert line.offered == {"need": D(34)}  # two kilograms a day for a week, and the least of twenty
    follows = demanding.sheet(Filters()).follows
    assert follows is not None
    assert follows(line, {"need": D(34)}) == "够用，不用买"
    assert follows(line, {"need": D(66)}) == "采购 2 袋"
