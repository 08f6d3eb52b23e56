"""Taking back: whatever a deed that can be taken back did, the office holds what it held before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop import modules
from models import history, undo
from models.attachments import attach, read_file
from models.audit import AuditEntry
from models.base import RECORDS, Record
from models.canteen.items import StockItem
from models.canteen.rules import StoreRules
from models.complaints.analysis.reports import prepare_analysis
from models.complaints.analysis.targets import QualityTarget
from models.complaints.kinds import Problem
from models.complaints.rounds.points import InspectionPoint, make_points
from models.complaints.surveys.sheets import SurveyTopic
from models.complaints.terms import ServiceTerms, rules
from models.deeds import DEEDS, EVERY, acting
from models.errors import PermissionDenied, Stale
from models.office.accounts import Account, Reach, Role, add_account, add_role
from models.office.budget import BudgetAccount
from models.office.logs import write_log
from models.office.profile import profile
from models.office.roster.shifts import WorkShift
from models.office.roster.shifts import rules as roster_rules
from models.office.staff import Department, Post, Staff
from models.owners.estate import Building, Community, Entrance, Unit, UnitState
from models.owners.people import Ownership, Person, Vehicle
from models.suppliers.goods import GoodsKind
from models.suppliers.licences import Licence
from tests import pantry, trade
from tests.estate import Estate, writing

modules.load()

UNDOABLE = sorted(name for name, deed in DEEDS.items() if deed.undo)
MONEY = {
    "Bill", "Payment", "Receipt", "Allocation", "BalanceEntry", "SetOff", "SetOffReversal", "DayClosing",
    "Rate", "FeeItem", "Assignment", "Batch", "Deposit", "DepositEntry", "Service",
    "ServiceSlip", "DepositTerms",
}  # fmt: skip


@dataclass
class Full:
    """An office with one record of each kind that can be edited."""

    house: Unit
    records: dict[str, Record]


@pytest.fixture
def full(estate: Estate, tmp_path: Path) -> Full:
    house = estate.house("101")
    note = tmp_path / "合同.txt"
    note.write_text("甲方乙方", encoding="utf-8")
    with writing():
        department = Department.add(name="水景部")
        post = Post.add(name="水景养护")
        staff = Staff.add(number="7", name="李梅", department=Department.get(), post=Post.get())
        owner = Person.add(number="8", name="李䶮")
        vehicle = Vehicle.add(plate="皖A12345", person=owner)
    account = add_account("limei", staff, None).account
    role = add_role(name="值班", reach=Reach.ALL)
    attach("Unit", house.id, read_file(note))
    attached = RECORDS["Attachment"].get()
    made = (house, department, post, staff, owner, vehicle, account, role, attached, profile())
    more = (Community.get(), Building.get(), Entrance.get(), Ownership.get(), Problem.get(), rules())
    make_points()
    written = write_log("晨检", post=post)
    more = (
        *more,
        ServiceTerms.get(),
        WorkShift.get(),
        roster_rules(),
        InspectionPoint.get(),
        written,
        SurveyTopic.get(),
        prepare_analysis(),
        QualityTarget.get(),
        BudgetAccount.get(),
        trade.ware(),
        GoodsKind.get(),
        trade.qualified(),
        Licence.get(),
        pantry.item("糯米"),
        StoreRules.get(),
    )
    return Full(house, {type(one).__name__: one for one in (*made, *more)})


GIVEN: dict[str, Callable[[Full], dict[str, Any]]] = {
    "owners.edit_community": lambda full: {"name": "新名", "address": "长江路 1 号"},
    "owners.edit_building": lambda full: {"name": "一号楼"},
    "owners.edit_entrance": lambda full: {"floors": 18},
    "owners.edit_unit": lambda full: {"room": "102", "code": "1-1-102", "note": "朝南", "floor": 1},
    "owners.set_state": lambda full: {"state": UnitState.VACANT},
    "owners.edit_person": lambda full: {"name": "王桂兰", "phone": "13800001111", "note": None},
    "owners.edit_vehicle": lambda full: {"brand": "红旗", "colour": "黑"},
    "owners.set_share": lambda full: {"share": Decimal("50")},
    "office.edit_role": lambda full: {"name": "夜班"},
    "office.grant_right": lambda full: {"right": "owners.view"},
    "office.revoke_right": lambda full: {"right": "owners.view"},
    "office.rename_account": lambda full: {"login": "li.mei"},
    "office.give_role": lambda full: {"role": full.records["Role"]},
    "office.take_role": lambda full: {"role": Role.get(Role.name == "收款员")},
    "office.rename_department": lambda full: {"name": "喷泉部"},
    "office.edit_post": lambda full: {"name": "水景主管", "aliases": "喷泉"},
    "office.edit_staff": lambda full: {"name": "李玫", "phone": "13900002222"},
    "complaints.edit_problem": lambda full: {"name": "态度生硬"},
    "complaints.edit_terms": lambda full: {"due_amount": 5, "basis": "公司规定"},
    "complaints.edit_rules": lambda full: {"repeat_days": 15, "repair_share": 30},
    "complaints.edit_point": lambda full: {"name": "1栋大堂", "standard": "全亮"},
    "complaints.edit_analysis": lambda full: {"problems": "电梯响", "remark": "已报维保"},
    "complaints.edit_target": lambda full: {"target": Decimal("98")},
    "complaints.edit_topic": lambda full: {"name": "客服", "position": 12},
    "office.edit_budget_account": lambda full: {"name": "餐饮", "position": 5},
    "canteen.edit_item": lambda full: {"place": "A-03", "least": Decimal(5)},
    "canteen.edit_rules": lambda full: {"sample_grams": 150, "sample_hours": 72},
    "suppliers.edit_goods": lambda full: {"name": "香米", "spec": None, "unit": "包"},
    "suppliers.edit_goods_kind": lambda full: {"name": "米面油", "position": 5},
    "suppliers.edit_supplier": lambda full: {"contact": "甄小仓", "bank": "农行", "note": "换人"},
    "office.edit_log": lambda full: {"work": "晨检、晚检", "incidents": "停电十分钟"},
    "office.edit_work_shift": lambda full: {"name": "大早班", "begins": "06:30"},
    "office.edit_roster_rules": lambda full: {"most_days": 5, "least_rest": 12},
    "office.edit_profile": lambda full: {"telephone": "0551-1234567", "due_day": 20},
}
"""What each deed is given; those not named here ask for nothing."""


def everything() -> dict[str, Any]:
    """Return all that the office holds, but for versions and the trail of what was done."""
    held = {}
    for name, kind in RECORDS.items():
        if kind.table_exists() and kind.__module__ not in ("models.audit", "models.history"):
            made_anew = {"id": 0} if name in ("RoleRight", "AccountRole") else {}
            rows = [{**row.as_stored(), "row_version": 0, **made_anew} for row in kind.select()]
            held[name] = sorted(rows, key=str)
    return held


def prepared(name: str, full: Full) -> Record:
    """Return the record that a deed is done to, in the state in which it can be done."""
    deed = DEEDS[name]
    record = full.records[deed.record.__name__ if deed.record else "Profile"]
    twin = DEEDS[deed.undo or ""]
    if "restore" in name or name == "records.reattach":
        with writing():
            record = record.change(active=False)
            if isinstance(record, StockItem):
                record.goods.change(stocked=False)
    if name.endswith(("retire_building", "retire_entrance", "retire_community")) or twin.name.endswith(
        ("retire_building", "retire_entrance", "retire_community")
    ):
        empty()
        record = type(record).get()
    if name == "office.revoke_right":
        DEEDS["office.grant_right"](record, **GIVEN[name](full))
    if name == "office.take_role":
        DEEDS["office.give_role"](record, **GIVEN[name](full))
    return type(record).those([record.id])[0]


def empty() -> None:
    """Take out of use what stands in the way of retiring a building."""
    with writing():
        for unit in Unit.select():
            unit.move_to(UnitState.RETIRED)
        for kind in (Entrance, Building):
            for one in kind.select():
                one.change(active=False)


@pytest.mark.parametrize("name", UNDOABLE)
def test_a_deed_taken_back_leaves_the_office_as_it_was(full: Full, name: str) -> None:
    deed, record = DEEDS[name], prepared(name, full)
    values = GIVEN.get(name, lambda _: {})(full)
    if name.endswith(("retire_building", "retire_entrance")):
        with writing():
            record = record.change(active=True)
    before = everything()
    _, back = undo.remembering(
        deed, record, values, lambda: deed(record, **values) if deed.on_record else deed(**values)
    )
    assert everything() != before, "the deed changed nothing, so that this proves nothing"
    assert back is not None
    back.take_back()
    assert everything() == before
    told = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert told.deed == deed.undo
    assert history.history_of(type(record).those([record.id])[0]) or name == "office.edit_profile"


def test_no_deed_that_concerns_money_can_be_taken_back() -> None:
    kinds = {deed.record.__name__ for deed in DEEDS.values() if deed.undo and deed.record}
    assert not kinds & MONEY
    assert not [name for name in UNDOABLE if name.startswith("fees.")]
    assert all(DEEDS[name].undo in DEEDS for name in UNDOABLE)


def test_what_somebody_changed_since_is_not_taken_back(full: Full) -> None:
    person = full.records["Person"]
    deed = DEEDS["owners.edit_person"]
    values = {"name": "王桂兰"}
    _, back = undo.remembering(deed, person, values, lambda: deed(person, **values))
    other = Person.those([person.id])[0]
    deed(other, name="王桂香")
    assert back is not None
    with pytest.raises(Stale, match="之后又被改过"):
        back.take_back()
    assert Person.those([person.id])[0].name == "王桂香"


def test_taking_back_asks_for_the_right_anew(full: Full) -> None:
    house = full.house
    deed = DEEDS["owners.edit_unit"]
    _, back = undo.remembering(deed, house, {"note": "朝南"}, lambda: deed(house, note="朝南"))
    assert back is not None
    with acting(Account.find("limei")), pytest.raises(PermissionDenied):
        back.take_back()
    assert Unit.those([house.id])[0].note == "朝南"


def test_a_day_of_handing_over_that_was_set_first_cannot_be_taken_back_by_leaving_it_out(full: Full) -> None:
    house, deed = full.house, DEEDS["owners.set_state"]
    values = {"state": UnitState.VACANT, "handed_over": date(2026, 1, 2)}
    _, back = undo.remembering(deed, house, values, lambda: deed(house, **values))
    assert back is None


def test_several_are_taken_back_in_one_go(full: Full) -> None:
    deed = DEEDS["office.retire_department"]
    with writing():
        departments = [Department.add(name=name) for name in ("花房", "泳池")]
    backs = []
    for one in departments:
        _, back = undo.remembering(deed, one, {}, lambda one=one: deed(one))
        assert back is not None
        backs.append(back)
    assert undo.take_back_all(backs) == "已撤销停用部门：2 条"
    assert all(one.active for one in Department.those([one.id for one in departments]))


def test_a_deed_that_changed_nothing_offers_nothing_to_take_back(full: Full) -> None:
    person, deed = full.records["Person"], DEEDS["owners.restore_person"]
    _, back = undo.remembering(deed, person, {}, lambda: deed(person))
    assert back is None, "it was in use all along: taking that back would retire it"
    edit = DEEDS["owners.edit_person"]
    same = {"name": person.name}
    _, back = undo.remembering(edit, person, same, lambda: edit(person, **same))
    assert back is None


def test_of_several_all_are_taken_back_or_none(full: Full) -> None:
    retire = DEEDS["office.retire_department"]
    with writing():
        departments = [Department.add(name=name) for name in ("花房", "泳池", "球场")]
    backs = []
    for one in departments:
        _, back = undo.remembering(retire, one, {}, lambda one=one: retire(one))
        assert back is not None
        backs.append(back)
    DEEDS["office.rename_department"](Department.find("泳池"), name="水池")
    with pytest.raises(Stale, match="之后又被改过"):
        undo.take_back_all(backs)
    assert not any(one.active for one in Department.those([one.id for one in departments]))


def test_what_did_not_change_is_not_handed_back_and_need_not_be_right_today(full: Full) -> None:
    person, edit = full.records["Person"], DEEDS["owners.edit_person"]
    with writing():
        Person.update(phone="12").where(Person.id == person.id).execute()
    person = Person.those([person.id])[0]
    _, back = undo.remembering(edit, person, {"note": "聋"}, lambda: edit(person, note="聋"))
    assert back is not None and set(back.values) == {"note"}
    back.take_back()
    assert Person.those([person.id])[0].note is None


def test_a_role_that_was_taken_and_given_again_meanwhile_is_not_taken_away(full: Full) -> None:
    account, role = full.records["Account"], full.records["Role"]
    give, take = DEEDS["office.give_role"], DEEDS["office.take_role"]
    _, back = undo.remembering(give, account, {"role": role}, lambda: give(account, role=role))
    other = Account.those([account.id])[0]
    take(other, role=role)
    give(other, role=role)
    assert back is not None
    with pytest.raises(Stale):
        back.take_back()


def test_the_trail_says_that_something_was_taken_back(full: Full) -> None:
    person, edit = full.records["Person"], DEEDS["owners.edit_person"]
    _, back = undo.remembering(edit, person, {"note": "聋"}, lambda: edit(person, note="聋"))
    assert back is not None
    undo.take_back_all([back])
    told = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert told.deed == undo.TAKEN_BACK and "修改人员" in str(told.facts)


def test_a_right_taken_from_a_role_with_every_right_is_not_offered_back(full: Full) -> None:
    revoke = DEEDS["office.revoke_right"]
    other = add_role(name="全能", reach=Reach.ALL)
    DEEDS["office.grant_right"](other, right=EVERY)
    _, back = undo.remembering(
        revoke, other, {"right": "owners.view"}, lambda: revoke(other, right="owners.view")
    )
    assert back is None
