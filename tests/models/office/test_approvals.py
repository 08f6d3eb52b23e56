"""Who approves what: limits, deputies, four eyes, and the deed that follows the last approval."""

import contextlib
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import peewee
import pytest

from desktop import modules
from models import deeds
from models.audit import AuditEntry, Outcome
from models.base import db
from models.checks import INVARIANTS
from models.deeds import DEEDS, acting
from models.errors import NeedsApproval, RuleBroken, Stale
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.payments import closing_of
from models.listings import Filters
from models.months import Month
from models.office.accounts import Account, AccountRole, Reach, Role, RoleRight
from models.office.applying import request
from models.office.approval_lists import approvals
from models.office.approvals import Approval, Decision, State
from models.office.chains import Step, set_chain, start_chain, steps_of, stop_chain
from models.office.deputies import Deputy, set_deputy
from models.office.staff import Department
from tests.estate import Estate, writing
from tests.models.fees.banking.files import closed
from tests.models.office.chain_world import People, apply, waiving
from tests.office_people import account_of, worker

modules.load()

MONTH = Month.of(date.today())


@pytest.fixture
def people(office: Any) -> People:
    return People()


@pytest.fixture
def waive() -> Iterator[list[tuple[str, str]]]:
    with waiving() as done:
        yield done


def entries(name: str) -> list[AuditEntry]:
    return list(AuditEntry.select().where(AuditEntry.deed == name).order_by(AuditEntry.id))


def test_a_chain_that_is_off_stops_nobody(estate: Estate, people: People) -> None:
    estate.give(estate.house("101"), estate.item())
    with acting(people.clerk):
        with pytest.raises(RuleBroken, match="没有启用审批"):
            request("fees.bill", {"month": MONTH})
        assert bill(MONTH)


def test_a_chain_that_is_on_stops_the_deed_but_not_what_it_does_within_another(
    estate: Estate, people: People
) -> None:
    estate.give(estate.house("101"), estate.item())
    start_chain("fees.bill")
    with acting(people.clerk), pytest.raises(NeedsApproval, match="先由“主任”审"):
        bill(MONTH)
    with acting(people.clerk), deeds.together(), pytest.raises(NeedsApproval):
        bill(MONTH)
    with acting(deeds.TheOffice()):
        assert bill(MONTH)


def test_the_last_approval_bills_as_the_applicant_and_the_trail_names_the_number(
    estate: Estate, people: People
) -> None:
    estate.give(estate.house("101"), estate.item())
    start_chain("fees.bill")
    with acting(people.clerk):
        asked = request("fees.bill", {"month": str(MONTH)}, note="按月出账")
    assert (asked.number, asked.amount) == (f"SQ-{date.today():%Y%m}-001", Decimal("100.00"))
    assert asked.about == f"月份 {MONTH}"
    assert Bill.select().count() == 0
    with acting(people.manager):
        asked.approve("同意")
    assert (asked.state, asked.waiting) == (State.APPROVED, None)
    assert asked.result and "出账，1 笔 100.00 元" in asked.result
    told = entries("fees.bill")[-1]
    assert (told.who, told.facts["approval"]) == ("李会计", asked.number)
    assert entries("office.approve")[-1].who == "王主任"


def test_amounts_decide_which_steps_are_asked(people: People, waive: list[Any]) -> None:
    small, large = apply(people.clerk, "-999.99"), apply(people.clerk, "-1000.00")
    assert [step.title for step in small.open_steps()] == ["主任"]
    assert [step.title for step in large.open_steps()] == ["主任", "公司"]
    with acting(people.manager):
        large.approve()
    assert (large.state, large.waiting.name, waive) == (State.PENDING, "常务副总经理", [])
    with acting(people.chief):
        large.approve()
    assert large.state is State.APPROVED
    assert waive == [(large.number, large.number)]
    assert large.number.startswith("ZZZ-")


def test_the_document_has_the_approvals_number_and_without_one_the_next(
    people: People, waive: list[Any]
) -> None:
    first = apply(people.clerk)
    with acting(people.manager):
        first.approve()
    stop_chain("test.waive")
    with acting(people.clerk):
        DEEDS["test.waive"](Department.find("甲部"), amount=Decimal(1))
    assert [number[-3:] for number, _ in waive] == ["001", "002"]


def test_nobody_approves_his_own_by_whatever_account_or_deputy(people: People, waive: list[Any]) -> None:
    second = worker("副主任", "管理处主任")
    asked = apply(people.manager)
    other = account_of(people.manager.staff, "管理处主任")
    friend = worker("代班", "资料员")
    set_deputy(friend, account=people.manager)
    for person in (people.manager, other):
        with acting(person), pytest.raises(RuleBroken, match="您自己申请的，不能自己审批"):
            asked.approve()
    with acting(friend), pytest.raises(RuleBroken, match="没有角色“管理处主任”"):
        asked.approve()
    set_deputy(people.manager, account=second)
    with acting(people.manager), pytest.raises(RuleBroken, match="您自己申请的"):
        asked.approve()
    with acting(second):
        asked.approve()
    assert asked.state is State.APPROVED


def test_who_reaches_only_his_own_houses_sees_only_his_own_applications(
    people: People, waive: list[Any]
) -> None:
    asked = apply(people.clerk)
    other = worker("别处主任", "资料员")
    with writing():
        copy = Role.add(name="片区主任", reach=Reach.OWN)
        RoleRight.add(role=copy, right="fees.bill")
        AccountRole.add(account=other, role=copy)
    with acting(other):
        assert asked.id not in [row.id for row in approvals(Filters()).rows()]
    with writing():
        copy.change(reach=Reach.ALL)
    with acting(other):
        assert asked.id in [row.id for row in approvals(Filters()).rows()]


def test_a_deputy_decides_only_in_the_days_and_for_the_roles_of_whom_he_stands_for(
    people: People, waive: list[Any]
) -> None:
    friend, today = worker("代班", "资料员"), date.today()
    with acting(people.manager):
        kept = set_deputy(friend, until=today)
    set_deputy(friend, account=people.chief, since=today + timedelta(days=1))
    large = apply(people.clerk, "-2000.00")
    with acting(friend):
        large.approve("代主任")
        with pytest.raises(RuleBroken, match="一人只审一环"):
            large.approve()
    (decision,) = large.decisions()
    assert decision.signed().startswith("代班代王主任 同意")
    with acting(people.manager):
        kept.end()
    assert Deputy.get_or_none(Deputy.id == kept.id) is None
    with acting(friend), pytest.raises(RuleBroken, match="没有角色"):
        apply(people.clerk).approve()


def test_one_person_takes_one_step_and_neither_does_whoever_he_stood_for(
    people: People, waive: list[Any]
) -> None:
    people.manager.give_role(Role.find("常务副总经理"))
    set_deputy(worker("代班", "资料员"), account=people.manager)
    asked = apply(people.clerk, "-1000.00")
    with acting(people.manager):
        asked.approve()
        with pytest.raises(RuleBroken, match="一人只审一环"):
            asked.approve()
    with acting(Account.find("u4")), pytest.raises(RuleBroken, match="没有角色"):
        asked.approve()


def test_what_nobody_could_approve_cannot_be_applied_for(people: People, waive: list[Any]) -> None:
    with pytest.raises(RuleBroken, match=r"没有人能审“主任”这一环.*授予角色.*审批链.*设代理"):
        apply(people.manager)
    assert Approval.select().count() == 0
    people.manager.give_role(Role.find("常务副总经理"))
    people.chief.retire()
    with pytest.raises(RuleBroken, match="没有人能审“公司”这一环"):
        apply(people.clerk, "1000")
    set_deputy(worker("代班", "资料员"), account=people.manager)
    assert apply(people.clerk, "1000")


def test_an_amount_is_needed_by_no_step_but_one(people: People, waive: list[Any]) -> None:
    manager = {"role": "管理处主任", "above": "10"}
    with pytest.raises(RuleBroken, match="至少留一环不填金额"):
        DEEDS["office.set_chain"].call(None, {"deed": "test.waive", "steps": [manager]})
    DEEDS["office.set_chain"].call(None, {"deed": "test.waive", "steps": "会计|财务|;管理处主任||10"})
    assert steps_of("test.waive") == (
        Step("会计", "财务"),
        Step("管理处主任", "管理处主任", Decimal("10.00")),
    )


def test_who_applied_keeps_his_steps_when_the_chain_is_changed(people: People, waive: list[Any]) -> None:
    asked = apply(people.clerk)
    set_chain("test.waive", [{"role": Role.find("客服主管"), "title": None, "above": None}])
    with acting(people.manager):
        asked.approve()
    assert asked.state is State.APPROVED


def test_a_rejection_ends_it_and_says_why(people: People, waive: list[Any]) -> None:
    asked = apply(people.clerk)
    with acting(people.manager):
        with pytest.raises(RuleBroken, match="没有填审批意见"):
            DEEDS["office.reject"].call(asked.number, {})
        asked.reject("依据不足")
        with pytest.raises(RuleBroken, match="现在是“已驳回”"):
            asked.approve()
    assert waive == []
    assert [one.opinion for one in asked.decisions()] == ["依据不足"]


def test_only_the_applicant_withdraws(people: People, waive: list[Any]) -> None:
    asked = apply(people.clerk)
    with acting(people.manager), pytest.raises(RuleBroken, match="只能由本人撤回"):
        asked.withdraw()
    with acting(people.clerk):
        asked.withdraw()
    with acting(people.manager), pytest.raises(RuleBroken, match="已撤回"):
        asked.approve()


def test_the_same_is_applied_for_once(people: People, waive: list[Any]) -> None:
    asked = apply(people.clerk)
    with pytest.raises(RuleBroken, match=f"同样的申请 {asked.number} 正在审批"):
        apply(people.clerk)
    assert apply(people.clerk, "-11.00")


def test_rights_taken_away_meanwhile_stop_applicant_and_approver(people: People, waive: list[Any]) -> None:
    asked = apply(people.clerk)
    people.clerk.take_role(Role.find("会计"))
    with acting(people.manager), pytest.raises(RuleBroken, match=r"按申请人 李会计 的权限办理.*没有写入"):
        asked.approve()
    assert Approval.get_by_id(asked.id).state is State.PENDING
    assert Decision.select().count() == 0
    people.clerk.give_role(Role.find("会计"))
    people.manager.take_role(Role.find("管理处主任"))
    with acting(people.manager), pytest.raises(deeds.PermissionDenied):
        asked.approve()


def test_a_deed_that_refuses_at_the_end_leaves_everything_as_it_was(people: People, waive: list[Any]) -> None:
    asked = apply(people.clerk, name="客户服务部")
    with acting(people.manager), pytest.raises(RuleBroken, match=r"办不成，没有写入：.*已有别的部门用了"):
        asked.approve()
    assert (Approval.get_by_id(asked.id).state, Decision.select().count()) == (State.PENDING, 0)


def test_what_was_changed_since_is_not_what_was_approved(people: People, waive: list[Any]) -> None:
    asked = apply(people.clerk)
    Department.find("食堂").rename("餐厅")
    with acting(people.manager), pytest.raises(RuleBroken, match="在申请之后被改过"):
        asked.approve()


def test_an_amount_that_became_another_is_not_what_was_approved(estate: Estate, people: People) -> None:
    estate.give(estate.house("101"), item := estate.item())
    start_chain("fees.bill")
    with acting(people.clerk):
        asked = request("fees.bill", {"month": MONTH})
    estate.give(estate.house("102"), item)
    with acting(people.manager), pytest.raises(RuleBroken, match=r"申请时100.00 元、现在200.00 元"):
        asked.approve()
    with acting(people.clerk):
        asked.withdraw()
        assert request("fees.bill", {"month": MONTH}).amount == Decimal("200.00")


def test_two_who_decide_at_once_decide_once(people: People, waive: list[Any]) -> None:
    second = worker("副主任", "管理处主任")
    asked = apply(people.clerk)
    other = Approval.get_by_id(asked.id)
    with acting(people.manager):
        asked.reject("不行")
    with acting(second), pytest.raises((RuleBroken, Stale)):
        other.approve()
    assert waive == []


def test_what_is_wrong_is_said_when_applying(people: People, waive: list[Any]) -> None:
    with pytest.raises(RuleBroken, match="没有填金额"), acting(people.clerk):
        request("test.waive", {}, key="食堂")
    with pytest.raises(RuleBroken, match="没有部门"), acting(people.clerk):
        request("test.waive", {"amount": "1"}, key="没有的部门")
    with pytest.raises(RuleBroken, match="写成 JSON"):
        DEEDS["office.request_approval"].call(None, {"deed": "fees.bill", "values": "2026-11"})
    with pytest.raises(RuleBroken, match="不是可以审批的事项"):
        DEEDS["office.request_approval"].call(None, {"deed": "收款", "values": "{}"})
    with acting(worker("客服", "客服管理员")), pytest.raises(deeds.PermissionDenied, match="不能减免"):
        request("test.waive", {"amount": "1"}, key="食堂")


def test_what_would_be_refused_is_not_applied_for(estate: Estate, people: People) -> None:
    start_chain("fees.reopen_day")
    today = date.today()
    with pytest.raises(RuleBroken, match="没有日结"), acting(people.clerk):
        request("fees.reopen_day", {"day": today, "reason": "漏收"})
    assert not Approval.select().exists() and not entries("office.request_approval")
    receive(estate.house("101"), Decimal("10.00"))
    closed(today)
    with acting(people.clerk):
        asked = request("fees.reopen_day", {"day": today, "reason": "漏收"})
    assert asked.number.endswith("-001")
    assert closing_of(today) is not None and not entries("fees.reopen_day")
    with acting(people.manager):
        asked.approve()
    assert closing_of(today) is None


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE approval SET amount = 1",
        "UPDATE approval SET who = '别人'",
        "DELETE FROM approval",
        "UPDATE approval_step SET title = '别人'",
        "UPDATE decision SET who = '别人'",
        "DELETE FROM decision",
    ],
)
def test_what_was_applied_for_and_decided_is_guarded_by_the_database(
    people: People, waive: list[Any], sql: str
) -> None:
    asked = apply(people.clerk)
    with acting(people.manager):
        asked.approve()
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql(sql)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_try_nothing_is_done_that_others_did_not_approve(
    people: People, waive: list[Any], seed: int
) -> None:
    chance = random.Random(seed)
    everybody = [people.clerk, people.manager, people.chief, worker("副主任", "管理处主任")]
    everybody += [worker("代班", "资料员"), account_of(people.clerk.staff, "管理处主任", "常务副总经理")]
    for number in range(50):
        person, other = chance.choice(everybody), chance.choice(everybody)
        asked = Approval.select().order_by(peewee.fn.ABS(Approval.id * 7919 % 13 - number % 13)).first()
        acts: list[Callable[[], Any]] = [
            lambda number=number: request(
                "test.waive",
                {"amount": f"-{number * 40}", "name": f"{number}部"},
                key=Department.get_by_id(number % 3 + 1).key(),
            ),
            lambda asked=asked: asked and asked.approve(),
            lambda asked=asked: asked and asked.approve(),
            lambda asked=asked: asked and asked.reject("不行"),
            lambda asked=asked: asked and asked.withdraw(),
            lambda other=other: set_deputy(other),
        ]
        with acting(person), contextlib.suppress(RuleBroken, deeds.PermissionDenied):
            chance.choices(acts, weights=(6, 6, 6, 1, 1, 1))[0]()
    approved = Approval.select().where(Approval.state == State.APPROVED)
    done = [one.facts["approval"] for one in entries("test.waive") if one.outcome is Outcome.DONE]
    assert done and sorted(done) == sorted(one.number for one in approved)
    assert list(INVARIANTS["审批"]()) == []
