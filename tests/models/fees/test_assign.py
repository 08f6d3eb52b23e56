"""Items given, changed and ended: for one unit, for many at once, and undone as a batch."""

from datetime import date
from typing import Any

import pytest

from models import batches
from models.audit import AuditEntry
from models.batches import Batch, State
from models.deeds import DEEDS, acting
from models.errors import BadInput, PermissionDenied, RuleBroken
from models.fees.assign import (
    assign,
    change_assignments,
    end_assignments,
    end_item,
    give_item,
    undo_assignment,
)
from models.fees.billing import bill, undo_billing
from models.fees.bills import Bill
from models.fees.items import Assignment
from models.fees.plans import Plan
from models.months import Month
from models.owners.estate import Building, Unit
from tests.estate import Estate, writing

DAY = date(2026, 3, 10)
MARCH = Month(2026, 3)


def settings() -> list[tuple[str, str, str, str]]:
    rows = Assignment.select().order_by(Assignment.unit, Assignment.item, Assignment.since)
    return [(row.unit.room, row.item.name, str(row.since), str(row.until or "")) for row in rows]


def do(name: str, key: str | None = None, **given: str) -> Any:
    """Do a deed as the command line does it: every value as text."""
    return DEEDS[name].call(key, given)


def test_an_item_is_given_to_a_building_at_once(estate: Estate) -> None:
    estate.item()
    estate.house("101")
    estate.house("102")
    batch = do("fees.assign", item="1", building="1", since="2026-03-10")
    assert settings() == [("101", "物业费", "2026-03-10", ""), ("102", "物业费", "2026-03-10", "")]
    assert (batch.kind, batch.title, batch.count) == ("assign", "物业费 设置 1栋", 2)
    assert {row.batch for row in Assignment.select()} == {batch}
    entry = AuditEntry.select().where(AuditEntry.deed == "fees.assign").get()
    assert (entry.facts["given"], entry.facts["ended"]) == (2, 0)


def test_every_input_of_the_filter_is_understood_as_text(estate: Estate) -> None:
    estate.item()
    estate.house("101", "88.00")
    estate.house("102", "99.00")
    with writing():
        Unit.update(usage="住宅").execute()
    told = {"building": "1", "kind": "住宅", "usage": "住宅", "area_from": "88", "area_to": "88.00"}
    do("fees.assign", "1", since="起初", until="2026-12-31", **told)
    do("fees.assign", item="1", unit="1-1-102", since="2026-01-01")
    assert settings() == [("101", "物业费", "1900-01-01", "2026-12-31"), ("102", "物业费", "2026-01-01", "")]


def test_a_dry_run_says_what_the_deed_would_do_and_writes_nothing(estate: Estate) -> None:
    item, other = estate.item(), estate.item("新物业费")
    estate.house("101")
    estate.give(estate.house("102"), item)
    entries = AuditEntry.select().count()
    plan = do("fees.try_assign", "1", since="2026-03-10")
    assert isinstance(plan, Plan)
    assert ([gift.unit for gift in plan.gifts], [one.unit for one in plan.skipped]) == (
        ["1-1-101"],
        ["1-1-102"],
    )
    ending = do("fees.try_end_assignments", "1", until="2026-03-31")
    assert [one.unit for one in ending.endings] == ["1-1-102"]
    change = do("fees.try_change_assignments", "1", new=other.code, since="2026-04-01")
    assert [one.unit for one in change.gifts] == ["1-1-102"]
    assert settings() == [("102", "物业费", "1900-01-01", "")]
    assert AuditEntry.select().count() == entries


def test_where_nothing_can_be_given_the_sentence_says_why(estate: Estate) -> None:
    item = estate.item()
    estate.give(estate.house("101"), item)
    with pytest.raises(RuleBroken, match="没有一套房屋可以处理：已有该项目（起初 至 今） 1 套"):
        assign(item, DAY)
    with pytest.raises(RuleBroken, match="没有符合条件的房屋：空项目 结束 1栋"):
        end_assignments(estate.item("空项目"), DAY, building=[Building.find("1")])
    assert Batch.select().where(Batch.kind == "assign").count() == 0


def test_a_start_date_given_is_the_first_billed_day(estate: Estate) -> None:
    assign(estate.item(price="1.0000"), DAY, unit=estate.house("101", "31.00"))
    bill(MARCH)
    assert str(Bill.get().amount) == "22.00"


def test_a_batch_of_given_items_is_undone(estate: Estate) -> None:
    item = estate.item()
    estate.give(estate.house("101"), item)
    estate.house("102")
    batch = assign(item, DAY)
    batches.undo(Batch.find(batch.id))
    assert settings() == [("101", "物业费", "1900-01-01", "")]
    assert Batch.find(batch.id).state is State.UNDONE
    with pytest.raises(RuleBroken, match="已经撤销过"):
        undo_assignment(Batch.find(batch.id))
    assert assign(item, DAY).count == 1


def test_what_was_billed_since_keeps_a_batch_until_the_run_is_undone(estate: Estate) -> None:
    item, unit = estate.item(), estate.house("101")
    estate.give(unit, item, date(2025, 1, 1), date(2026, 2, 28))
    bill(Month(2026, 2))
    batch = assign(item, date(2026, 3, 1))
    run = bill(MARCH)
    with pytest.raises(RuleBroken, match="已有 1 套出过账"):
        undo_assignment(Batch.find(batch.id))
    assert len(settings()) == 2
    undo_billing(run)
    undo_assignment(Batch.find(batch.id))
    assert settings() == [("101", "物业费", "2025-01-01", "2026-02-28")]


def test_what_was_changed_since_keeps_a_batch(estate: Estate) -> None:
    item = estate.item()
    estate.house("101")
    batch = assign(item, DAY)
    ended = end_assignments(item, date(2026, 6, 30))
    with pytest.raises(RuleBroken, match="后来有人改过"):
        undo_assignment(Batch.find(batch.id))
    undo_assignment(ended)
    undo_assignment(Batch.find(batch.id))
    assert settings() == []


def test_items_are_ended_and_let_go_on_by_undoing(estate: Estate) -> None:
    item = estate.item()
    for room, until in (("101", None), ("102", date(2026, 12, 31)), ("103", date(2026, 1, 31))):
        estate.give(estate.house(room), item, date(2025, 1, 1), until)
    before = settings()
    batch = do("fees.end_assignments", item="1", building="1", until="2026-06-30")
    assert [until for _, _, _, until in settings()] == ["2026-06-30", "2026-06-30", "2026-01-31"]
    assert (batch.kind, batch.count) == ("assign_end", 2)
    batches.undo(Batch.find(batch.id))
    assert settings() == before


def test_an_ended_item_is_billed_to_its_last_day(estate: Estate) -> None:
    item = estate.item(price="1.0000")
    estate.give(estate.house("101", "31.00"), item)
    end_assignments(item, DAY)
    bill(MARCH)
    assert str(Bill.get().amount) == "10.00"
    assert bill(Month(2026, 4)) is None


def test_an_ending_is_not_undone_over_a_later_change(estate: Estate) -> None:
    item, unit = estate.item(), estate.house("101")
    estate.give(unit, item)
    batch = end_assignments(item, DAY)
    end_item(Assignment.get(), date(2026, 2, 28))
    with pytest.raises(RuleBroken, match="后来有人改过"):
        undo_assignment(batch)


def test_an_ending_is_not_undone_over_a_later_gift(estate: Estate) -> None:
    item, unit = estate.item(), estate.house("101")
    estate.give(unit, item)
    batch = end_assignments(item, DAY)
    later = assign(item, date(2026, 5, 1))
    with pytest.raises(RuleBroken, match="1-1-101 从 2026-05-01 起又设置了同一项目"):
        undo_assignment(Batch.find(batch.id))
    undo_assignment(later)
    undo_assignment(Batch.find(batch.id))
    assert settings() == [("101", "物业费", "1900-01-01", "")]


def test_an_item_is_changed_for_another_and_back(estate: Estate) -> None:
    old = estate.item("物业费")
    estate.item("新物业费")
    for room, until in (("101", None), ("102", date(2026, 12, 31))):
        estate.give(estate.house(room), old, date(2025, 1, 1), until)
    before = settings()
    batch = do("fees.change_assignments", old="1", new="2", building="1", since="2026-03-10")
    assert settings() == [
        ("101", "物业费", "2025-01-01", "2026-03-09"),
        ("101", "新物业费", "2026-03-10", ""),
        ("102", "物业费", "2025-01-01", "2026-03-09"),
        ("102", "新物业费", "2026-03-10", "2026-12-31"),
    ]
    assert (batch.kind, batch.count) == ("assign_change", 2)
    undo_assignment(Batch.find(batch.id))
    assert settings() == before


def test_a_change_within_a_month_charges_each_item_its_days(estate: Estate) -> None:
    old, new = estate.item("物业费", price="1.0000"), estate.item("新物业费", price="2.0000")
    estate.give(estate.house("101", "31.00"), old)
    batch = change_assignments(old, new, DAY)
    bill(MARCH)
    assert [(line.item.name, str(line.amount)) for line in Bill.select()] == [
        ("物业费", "9.00"),
        ("新物业费", "44.00"),
    ]
    with pytest.raises(RuleBroken, match="已有 1 套出过账"):
        undo_assignment(Batch.find(batch.id))


def test_more_units_than_one_statement_takes_are_ended_and_undone(estate: Estate) -> None:
    item = estate.item()
    with writing():
        for number in range(1900):
            Unit.add(code=f"C{number:04d}", room=str(number))
    assign(item, date(2026, 1, 1), date(2026, 12, 31))
    batch = end_assignments(item, DAY)
    assert Assignment.select().where(Assignment.until == DAY).count() == batch.count == 1900
    undo_assignment(Batch.find(batch.id))
    assert Assignment.select().where(Assignment.until == date(2026, 12, 31)).count() == 1900


def test_other_batches_are_not_undone_here(estate: Estate) -> None:
    estate.give(estate.house("101"), estate.item())
    with pytest.raises(RuleBroken, match="是出账，不能这样撤销"):
        undo_assignment(bill(MARCH))


def test_one_unit_is_given_an_item_and_pays_it_to_a_day(estate: Estate) -> None:
    estate.item()
    estate.house("101")
    made = do("fees.give_item", "1-1-101", item="1", since="2026-03-10")
    assert settings() == [("101", "物业费", "2026-03-10", "")]
    do("fees.end_item", made.key(), until="2026-06-30")
    assert settings() == [("101", "物业费", "2026-03-10", "2026-06-30")]
    with pytest.raises(RuleBroken, match="已在 2026-06-30 结束"):
        end_item(Assignment.get(), date(2026, 7, 31))
    with pytest.raises(RuleBroken, match="早于起日"):
        end_item(Assignment.get(), date(2026, 3, 9))


def test_one_unit_is_refused_with_its_reason(estate: Estate) -> None:
    item, unit = estate.item(), estate.house("101")
    with pytest.raises(RuleBroken, match="1-1-101 不能设置物业费：没有交付日期"):
        give_item(unit, item)
    give_item(unit, item, DAY)
    with pytest.raises(RuleBroken, match="已有该项目"):
        give_item(unit, item, DAY)


def test_an_empty_ending_asks_for_its_day(estate: Estate) -> None:
    estate.item()
    with pytest.raises(BadInput, match="没有填止"):
        do("fees.end_assignments", item="1")


def test_who_may_not_set_items_is_refused(estate: Estate) -> None:
    from models.deeds import Scope

    class Stranger:
        account_id, name = None, "路人"

        def may(self, right: str) -> bool:
            return False

        def scope(self, right: str) -> Scope:
            return Scope.OWN

    item = estate.item()
    estate.house("101")
    with acting(Stranger()), pytest.raises(PermissionDenied, match="设置房屋收费"):
        assign(item, DAY)
    assert settings() == []
