"""Who pays is the same whether names are asked for or only ids."""

from datetime import date
from decimal import Decimal

import pytest

from models.owners.payees import NOBODY, payees_on, payers_by_id
from models.owners.people import OccupancyKind, Person
from models.owners.tenure import add_occupancy, add_ownership, transfer
from tests.estate import Estate, writing

SOLD, LET = date(2020, 3, 10), date(2020, 6, 1)


@pytest.fixture
def units(estate: Estate) -> dict[str, int]:
    """Houses of one owner, of two, sold, let to somebody who pays, let without an owner, and nobody's."""
    houses = {room: estate.house(room, owner=None) for room in ("101", "102", "103", "104", "105", "106")}
    people = {name: Person.get_by_id(_add(estate, name)) for name in ("甲", "乙", "丙", "丁")}
    add_ownership(houses["101"], people["甲"])
    add_ownership(houses["102"], people["甲"], share=Decimal(50))
    add_ownership(houses["102"], people["乙"], share=Decimal(50), primary=True, since=date(2019, 1, 1))
    add_ownership(houses["103"], people["甲"])
    transfer(houses["103"], people["丙"], SOLD)
    add_ownership(houses["104"], people["乙"])
    for room in ("104", "105"):
        add_occupancy(houses[room], people["丁"], OccupancyKind.TENANT, pays=True, since=LET)
    return {room: house.id for room, house in houses.items()}


def _add(estate: Estate, name: str) -> int:
    with writing():
        return int(estate.person(name).id)


@pytest.mark.parametrize("day", [date(2018, 1, 1), date(2020, 3, 9), SOLD, LET, date(2026, 1, 1)])
def test_ids_are_those_of_the_names(units: dict[str, int], day: date) -> None:
    named = {
        unit: (payee.payer_id, payee.liable_id)
        for unit, payee in payees_on(day).items()
        if payee.payer_id is not None
    }
    assert payers_by_id(day) == named
    assert units["106"] not in named and payees_on(day)[units["106"]].payer_name == NOBODY


def test_a_tenant_pays_beside_the_liable_owner_or_alone(units: dict[str, int]) -> None:
    payees, ids = payees_on(LET), payers_by_id(LET)
    assert payees[units["104"]].address_line == "丁（责任业主：乙）"
    assert ids[units["104"]][0] == ids[units["105"]][0] != ids[units["104"]][1]
    assert ids[units["105"]][1] is None
