"""A repair takes its materials from the store; what did not come back stands in what it took."""

from decimal import Decimal

import pytest

from models import deeds
from models.canteen.issues import IssueLine, Purpose
from models.canteen.issuing import back_to_stock
from models.canteen.items import StockItem
from models.canteen.opening import open_stock
from models.complaints import repairing
from models.complaints.cases import CaseState, Nature
from models.complaints.materials import materials_of, taken
from models.errors import RuleBroken
from tests import pantry
from tests.estate import Estate
from tests.models.complaints.desk_world import ServiceDesk
from tests.pantry import fresh

D = Decimal


def kept(name: str, price: str) -> StockItem:
    """Return what the plumber takes, of which twenty are there."""
    made = pantry.item(name, "水暖", bought_in="个", unit="个", per=D(1))
    open_stock([{"item": made, "quantity": D(20), "price": D(price)}])
    return made


@pytest.mark.parametrize("typed", [False, True], ids=["as given out", "as typed"])
def test_what_a_free_repair_took_from_the_store_is_what_it_used(estate: Estate, typed: bool) -> None:
    desk = ServiceDesk(estate)
    case = desk.bring(desk.report(), CaseState.ARRIVED)
    valve, tape = kept("角阀", "18"), kept("生料带", "0.15")
    more = {"purpose": Purpose.REPAIR, "case": case}
    slip = pantry.issued((valve, "3"), (tape, "1.255"), **more)
    back_to_stock(IssueLine.find(f"{slip.number}/1"), D(1), "多领了")
    rows = [(one["name"], one["quantity"], one["price"]) for one in taken(case)]
    assert rows == [("角阀", D("2.00"), D("18.0000")), ("生料带", D("1.26"), D("0.1508"))]
    given = [{"name": "水龙头", "quantity": D(1), "price": D(30), "measure": "个", "spec": None}]
    with desk.later(hours=1):
        repairing.finish(fresh(case), "换了角阀", Nature.FREE, given if typed else None)
    lines = [(one.name, one.measure, one.amount) for one in materials_of(case)]
    assert lines == (
        [("水龙头", "个", D("30.00"))] if typed else [("角阀", "个", D("36.00")), ("生料带", "个", D("0.19"))]
    )
    assert fresh(case).cost == 0


def test_a_paid_repair_costs_what_was_agreed(estate: Estate) -> None:
    desk = ServiceDesk(estate)
    case = desk.bring(desk.report(), CaseState.ARRIVED)
    pantry.issued((kept("角阀", "18"), "3"), purpose=Purpose.REPAIR, case=case)
    for step in (desk.quote, desk.agree):
        with desk.later(hours=1):
            step(case)
    with desk.later(hours=1), deeds.acting(desk.director), pytest.raises(RuleBroken, match="超过业主确认"):
        repairing.finish(case, "换了角阀", Nature.PAID, taken(case), D("80.00"))
    with desk.later(hours=1):
        repairing.finish(case, "换了角阀", Nature.PAID)
    assert fresh(case).cost == D("80.00") and materials_of(case) == []
