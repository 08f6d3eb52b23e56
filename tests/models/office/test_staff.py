"""Departments, posts and staff: entered, edited, retired, never deleted."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from models import deeds
from models.errors import BadInput, RuleBroken
from models.office.accounts import Account, Role, add_account
from models.office.signin import change_password
from models.office.staff import Department, Post, Staff, add_department, add_post, add_staff


@pytest.fixture
def wang(office: Path) -> Staff:
    return add_staff(
        number="0002",
        name="王敏",
        department=Department.find("财务部"),
        post=Post.find("收款员"),
        joined=date(2020, 3, 1),
    )


def test_a_department_is_added_renamed_retired_and_used_again(office: Path) -> None:
    made = add_department("消防部").rename("安全消防部")
    assert not made.retire().active
    assert made.restore().active


def test_a_department_with_people_in_it_is_not_retired(wang: Staff) -> None:
    with pytest.raises(RuleBroken, match="部门“财务部”还有在职员工：王敏。请先把他们改到别处"):
        Department.find("财务部").retire()
    wang.end(date(2026, 11, 1))
    assert not Department.find("财务部").retire().active


def test_a_refusal_names_three_and_says_there_are_more(office: Path) -> None:
    post = add_post(name="消防员")
    for number in range(10, 14):
        add_staff(number=str(number), name=f"员工{number}", post=post)
    with pytest.raises(RuleBroken, match="员工10、员工11、员工12等"):
        post.retire()


def test_a_post_keeps_its_aliases_and_whom_it_reports_to(office: Path) -> None:
    post = add_post(name="消防员", aliases="消防巡查员", reports_to="安全主管")
    post.edit(reports_to="管理处主任")
    assert (post.aliases, Post.find("消防员").reports_to) == ("消防巡查员", "管理处主任")
    assert not post.retire().active
    assert post.restore().active


@pytest.mark.parametrize("name", ["department", "post"])
def test_nobody_is_put_where_it_is_retired(wang: Staff, name: str) -> None:
    retired = {"department": Department.find("食堂"), "post": Post.find("采购员")}[name].retire()
    with pytest.raises(RuleBroken, match="已停用。请另选"):
        wang.edit(**{name: retired})
    with pytest.raises(RuleBroken, match="已停用。请另选"):
        add_staff(number="0009", name="李", **{name: retired})


def test_somebody_who_leaves_stays_as_a_name_and_loses_the_accounts(wang: Staff) -> None:
    account = add_account("wangmin", wang, Role.find("收款员")).account
    wang.end(date(2026, 11, 1))
    assert Staff.find("0002").left == date(2026, 11, 1)
    assert not Account.get_by_id(account.id).active
    assert not account.may("fees.receive")
    with pytest.raises(RuleBroken, match="已于 2026-11-01 离职"):
        add_account("wangmin2", wang)
    with pytest.raises(RuleBroken, match="先办理复职"):
        Account.find("wangmin").restore()


def test_somebody_who_comes_back_gets_the_accounts_back_one_by_one(wang: Staff) -> None:
    add_account("wangmin", wang)
    wang.end(date(2026, 11, 1))
    wang.come_back()
    assert not Account.find("wangmin").active
    assert Account.find("wangmin").restore().active
    with pytest.raises(RuleBroken, match="在职"):
        wang.come_back()


def test_nobody_leaves_twice_ahead_of_time_or_before_coming(wang: Staff) -> None:
    with pytest.raises(BadInput, match="不能晚于今天"):
        wang.end(date.today() + timedelta(days=1))
    with pytest.raises(BadInput, match="不能早于入职日期 2020-03-01"):
        wang.end(date(2020, 2, 29))
    wang.end(date(2026, 11, 1))
    with pytest.raises(RuleBroken, match="已于 2026-11-01 离职"):
        wang.end(date(2026, 11, 2))


def test_nobody_dismisses_oneself(office: Path) -> None:
    with pytest.raises(RuleBroken, match="不能给自己办理离职"):
        Staff.find("0001").end(date.today())
    assert Account.find("admin").active


def test_whoever_keeps_the_staff_cannot_dismiss_the_last_administrator(wang: Staff) -> None:
    issued = add_account("wangmin", wang, Role.find("行政人事专员"))
    change_password(issued.account, issued.password, "a turtle and an owl")
    with deeds.acting(issued.account), pytest.raises(RuleBroken, match="没有人能管理账号和角色"):
        Staff.find("0001").end(date.today())
    assert Staff.find("0001").left is None
    assert Account.find("admin").active
