"""Owners, joint owners, tenants and the passing of a unit, day by day."""

from datetime import date
from decimal import Decimal

import pytest

from models.deeds import DEEDS
from models.errors import BadInput, RuleBroken
from models.fields import BEGINNING
from models.owners.entry import add_building, add_community, add_person, add_unit
from models.owners.estate import Unit
from models.owners.payees import payees_on, payers_on
from models.owners.people import Ownership, Person, owners_on
from models.owners.tenure import add_occupancy, add_ownership, transfer

NEW_YEAR = date(2026, 1, 1)
SPRING = date(2026, 4, 1)
SUMMER = date(2026, 7, 1)


@pytest.fixture
def unit(office: object) -> Unit:
    add_community(name="测试小区")
    return add_unit("101", building=add_building("1"))


def person(name: str) -> Person:
    return add_person(name=name)


def contacts(unit: Unit, day: date) -> list[str]:
    return [row.person.name for row in owners_on(unit, day) if row.primary]


def test_the_first_owner_owns_from_the_beginning_and_is_the_main_contact(unit: Unit) -> None:
    owned = add_ownership(unit, person("王桂芳"))
    assert (owned.since, owned.until, owned.primary) == (BEGINNING, None, True)


def test_a_joint_owner_leaves_the_main_contact_as_it_is(unit: Unit) -> None:
    add_ownership(unit, person("王桂芳"))
    add_ownership(unit, person("李明"), SPRING)
    assert contacts(unit, SPRING) == ["王桂芳"]
    assert payers_on(unit, NEW_YEAR).payer_name == "王桂芳"
    assert payers_on(unit, SPRING).payer_name == "王桂芳等2人"


def test_naming_another_main_contact_keeps_who_it_was_before(unit: Unit) -> None:
    add_ownership(unit, person("王桂芳"))
    second = add_ownership(unit, person("李明"), BEGINNING)
    second.make_primary(SUMMER)
    assert contacts(unit, NEW_YEAR) == ["王桂芳"]
    assert contacts(unit, SUMMER) == ["李明"]
    assert payers_on(unit, SUMMER).payer_name == "李明等2人"


def test_a_joint_owner_may_be_the_main_contact_from_the_first_day(unit: Unit) -> None:
    add_ownership(unit, person("王桂芳"))
    add_ownership(unit, person("李明"), SPRING, primary=True)
    assert contacts(unit, NEW_YEAR) == ["王桂芳"]
    assert contacts(unit, SPRING) == ["李明"]


def test_when_the_main_contact_leaves_the_next_owner_takes_the_place(unit: Unit) -> None:
    first = add_ownership(unit, person("王桂芳"))
    add_ownership(unit, person("李明"), BEGINNING)
    first.end(SPRING)
    assert contacts(unit, SPRING) == ["王桂芳"]
    assert contacts(unit, SUMMER) == ["李明"]


def test_a_main_contact_who_comes_later_is_kept_when_another_leaves(unit: Unit) -> None:
    first = add_ownership(unit, person("王桂芳"))
    add_ownership(unit, person("李明"), SUMMER)
    first.end(SPRING)
    assert contacts(unit, date(2026, 5, 1)) == []
    assert contacts(unit, SUMMER) == ["李明"]


def test_shares_of_one_day_stay_within_a_hundred(unit: Unit) -> None:
    first = add_ownership(unit, person("王桂芳"), share=Decimal("60.00"))
    with pytest.raises(RuleBroken, match=r"合计 101\.00%，超过 100%"):
        add_ownership(unit, person("李明"), BEGINNING, Decimal("41.00"))
    second = add_ownership(unit, person("赵红"), BEGINNING, Decimal("40.00"))
    with pytest.raises(RuleBroken, match="超过 100%"):
        second.set_share(Decimal("40.01"))
    first.end(SPRING)
    assert add_ownership(unit, person("李明"), SUMMER, share=Decimal("60.00")).share == Decimal("60.00")


def test_nobody_owns_a_unit_twice_at_a_time(unit: Unit) -> None:
    wang = person("王桂芳")
    add_ownership(unit, wang).end(SPRING)
    with pytest.raises(RuleBroken, match="已登记"):
        add_ownership(unit, wang, SPRING)
    assert add_ownership(unit, wang, SUMMER).since == SUMMER


def test_a_transfer_ends_the_old_owners_the_day_before(unit: Unit) -> None:
    add_ownership(unit, person("王桂芳"))
    add_ownership(unit, person("李明"), BEGINNING)
    new = transfer(unit, person("赵红"), SUMMER, others=[{"person": person("钱伟")}])
    assert [row.person.name for row in owners_on(unit, date(2026, 6, 30))] == ["王桂芳", "李明"]
    assert [row.person.name for row in owners_on(unit, SUMMER)] == ["赵红", "钱伟"]
    assert (new.primary, payers_on(unit, SUMMER).payer_name) == (True, "赵红等2人")


def test_those_who_buy_together_have_their_shares(unit: Unit) -> None:
    for name in ("赵红", "钱伟", "孙丽"):
        person(name)
    keys = {one.name: one.number for one in Person.select()}
    given = {"person": keys["赵红"], "on": SUMMER.isoformat(), "share": "50"}
    transfer_of = DEEDS["owners.transfer"].call
    for others, told in ((f"{keys['赵红']}|50", "第 1 行：赵红 已写过"), (f"{keys['钱伟']}|60", "超过 100%")):
        with pytest.raises(RuleBroken, match=told):
            transfer_of(unit.code, {**given, "others": others})
    transfer_of(unit.code, {**given, "others": f"{keys['钱伟']}|30\n{keys['孙丽']}"})
    now = {row.person.name: row.share for row in Ownership.select() if row.until is None}
    assert now == {"赵红": Decimal(50), "钱伟": Decimal(30), "孙丽": None}


def test_a_transfer_before_a_known_owner_is_refused_whole(unit: Unit) -> None:
    add_ownership(unit, person("王桂芳"))
    transfer(unit, person("赵红"), SUMMER)
    with pytest.raises(RuleBroken, match="不早于过户日期"):
        transfer(unit, person("钱伟"), SPRING)
    assert [row.person.name for row in owners_on(unit, SPRING)] == ["王桂芳"]


def test_a_unit_without_owner_may_be_transferred_to_its_first_one(unit: Unit) -> None:
    transfer(unit, person("赵红"), SUMMER)
    assert payers_on(unit, SPRING).address_line == "产权人"
    assert payers_on(unit, SUMMER).address_line == "赵红"


def test_a_tenant_who_pays_is_named_with_the_owner_beside(unit: Unit) -> None:
    owner, tenant = person("王桂芳"), person("李明")
    add_ownership(unit, owner)
    add_occupancy(unit, tenant, pays=True, since=SPRING, until=SUMMER)
    paying = payers_on(unit, SPRING)
    assert (paying.payer_id, paying.payer_name) == (tenant.id, "李明")
    assert (paying.liable_id, paying.liable_name) == (owner.id, "王桂芳")
    assert paying.address_line == "李明（责任业主：王桂芳）"
    assert payers_on(unit, date(2026, 7, 2)).payer_id == owner.id


def test_a_tenant_who_does_not_pay_is_not_asked(unit: Unit) -> None:
    add_ownership(unit, person("王桂芳"))
    add_occupancy(unit, person("李明"), since=SPRING)
    assert payers_on(unit, SPRING).payer_name == "王桂芳"


def test_one_user_pays_at_a_time(unit: Unit) -> None:
    add_ownership(unit, person("王桂芳"))
    add_occupancy(unit, person("李明"), pays=True, since=NEW_YEAR)
    second = add_occupancy(unit, person("赵红"), since=NEW_YEAR)
    second.set_pays(True, SUMMER)
    assert payers_on(unit, SPRING).payer_name == "李明"
    assert payers_on(unit, SUMMER).payer_name == "赵红"
    ended = second.get_by_id(second.id)
    assert ended.until == date(2026, 6, 30)


def test_ending_an_ownership_ends_its_later_parts_too(unit: Unit) -> None:
    first = add_ownership(unit, person("甲"))
    add_ownership(unit, person("乙"), since=SUMMER).make_primary(since=SUMMER)
    Ownership.get_by_id(first.id).end(until=NEW_YEAR)
    assert contacts(unit, SPRING) == []
    assert [row.person.name for row in owners_on(unit, SUMMER)] == ["乙"]


def test_whoever_paid_before_a_short_tenancy_pays_again_after_it(unit: Unit) -> None:
    add_ownership(unit, person("业主"))
    add_occupancy(unit, person("长租客"), pays=True, since=NEW_YEAR)
    add_occupancy(unit, person("短租客"), pays=True, since=SPRING, until=date(2026, 5, 31))
    days = (date(2026, 3, 31), SPRING, date(2026, 5, 31), date(2026, 6, 1), SUMMER)
    names = [payers_on(unit, day).payer_name for day in days]
    assert names == ["长租客", "短租客", "短租客", "长租客", "长租客"]


def test_all_units_are_answered_for_in_three_queries(unit: Unit, queries: list[str]) -> None:
    empty = add_unit("102")
    add_ownership(unit, person("王桂芳"))
    queries.clear()
    payees = payees_on(SPRING)
    assert len(queries) == 3
    assert {payees[unit.id].payer_name, payees[empty.id].payer_name} == {"王桂芳", "产权人"}
    assert payees_on(SPRING, [empty.id]) == {empty.id: payees[empty.id]}


def test_somebody_out_of_use_gets_nothing_new(unit: Unit) -> None:
    gone = person("王桂芳")
    gone.retire()
    with pytest.raises(RuleBroken, match="已停用"):
        add_ownership(unit, gone)


def test_an_owner_stays_in_use_while_owning(unit: Unit) -> None:
    owner = person("王桂芳")
    owned = add_ownership(unit, owner)
    with pytest.raises(RuleBroken, match="1-101"):
        owner.retire()
    owned.end(date(2020, 1, 1))
    assert owner.retire().active is False
    assert owner.restore().active is True


def test_a_span_that_ends_before_it_begins_is_refused(unit: Unit) -> None:
    owned = add_ownership(unit, person("王桂芳"), SUMMER)
    with pytest.raises(RuleBroken, match="早于起日"):
        owned.end(SPRING)
    with pytest.raises(RuleBroken, match="早于起日"):
        add_occupancy(unit, person("李明"), since=SUMMER, until=SPRING)
    assert Ownership.get_by_id(owned.id).until is None


def test_a_share_of_nothing_is_no_share(unit: Unit) -> None:
    with pytest.raises(BadInput, match="份额"):
        add_ownership.call("1-101", {"person": person("王桂芳").number, "share": "0"})
