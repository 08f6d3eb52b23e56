"""Accounts and roles: given, taken, edited; the last administrator stays, and nobody gains alone."""

from collections.abc import Callable
from pathlib import Path

import pytest

from models import deeds
from models.audit import AuditEntry
from models.deeds import DEEDS, EVERY, Scope
from models.errors import BadInput, NotFound, PermissionDenied, RuleBroken
from models.office.accounts import Account, AccountRole, Reach, Role, RoleRight, add_account, add_role
from models.office.signin import change_password, sign_in
from models.office.staff import Department, Staff, add_staff

PASSWORD = "a turtle and an owl"

Opens = Callable[..., Account]


@pytest.fixture
def opened(office: Path) -> Opens:
    """Open an account for somebody new, with these roles, ready to act."""

    def open_(login: str, *roles: str) -> Account:
        staff = add_staff(number=login, name=login.title(), department=Department.find("财务部"))
        issued = add_account(login, staff)
        for role in roles:
            issued.account.give_role(Role.find(role))
        change_password(issued.account, issued.password, PASSWORD)
        return issued.account

    return open_


def admin() -> Account:
    return Account.find("admin")


def test_an_account_is_opened_with_a_password_that_serves_once(office: Path) -> None:
    issued = add_account("wangmin", Staff.find("0001"), Role.find("收款员"))
    assert issued.account.must_change
    assert sign_in("wangmin", issued.password).login == "wangmin"
    assert str(issued) == (f"账号 wangmin 的一次性口令：{issued.password}（只显示这一次，首次登录须改口令）")
    entry = AuditEntry.select().where(AuditEntry.deed == "office.add_account").get()
    assert entry.subject == "wangmin 管理员"
    assert issued.password not in str(entry.facts)
    assert "argon2" not in str(entry.facts)


def test_a_login_is_taken_only_once(opened: Opens) -> None:
    opened("wangmin")
    with pytest.raises(BadInput, match="登录名“wangmin”已有别的账号用了"):
        add_account("ｗａｎｇｍｉｎ", Staff.find("0001"))
    with pytest.raises(BadInput, match="登录名"):
        admin().rename("wangmin")


def test_a_role_given_or_taken_holds_from_the_next_deed_on(opened: Opens) -> None:
    wang = opened("wangmin")
    assert not wang.may("fees.receive")
    wang.give_role(Role.find("收款员"))
    assert wang.may("fees.receive")
    wang.take_role(Role.find("收款员"))
    assert not wang.may("fees.receive")


def test_a_right_taken_from_a_role_is_gone_while_its_holder_is_at_work(opened: Opens) -> None:
    wang = opened("wangmin", "收款员")
    Role.find("收款员").revoke("fees.receive")
    assert not wang.may("fees.receive")
    assert wang.may("fees.close_day")
    Role.find("收款员").grant("fees.receive")
    assert wang.may("fees.receive")


def test_a_retired_account_holds_nothing_at_once(opened: Opens) -> None:
    wang = opened("wangmin", "收款员")
    Account.find("wangmin").retire()
    assert not wang.may("fees.receive")
    with deeds.acting(wang), pytest.raises(PermissionDenied):
        add_staff(number="9", name="李")


def test_a_reset_shuts_out_whoever_is_signed_in_until_the_password_is_changed(opened: Opens) -> None:
    wang = opened("wangmin", "收款员")
    issued = Account.find("wangmin").reset_password()
    assert not wang.may("fees.receive")
    assert sign_in("wangmin", issued.password).must_change
    change_password(wang, issued.password, "an owl and a turtle")
    assert wang.may("fees.receive")


def test_a_reset_also_ends_a_lock(opened: Opens) -> None:
    opened("wangmin")
    for _ in range(6):
        with pytest.raises(PermissionDenied):
            sign_in("wangmin", "wrong password")
    issued = Account.find("wangmin").reset_password()
    assert sign_in("wangmin", issued.password)


def test_the_widest_reach_among_the_roles_that_grant_a_right_counts(opened: Opens) -> None:
    for name, reach in (("楼栋收费", Reach.OWN), ("部门收费", Reach.DEPARTMENT), ("看全部", Reach.ALL)):
        add_role(name=name, reach=reach)
    for name in ("楼栋收费", "部门收费"):
        Role.find(name).grant("fees.receive")
    Role.find("看全部").grant("fees.view")
    wang = opened("wangmin", "楼栋收费", "看全部")
    assert (wang.scope("fees.receive"), wang.scope("fees.view")) == (Scope.OWN, Scope.ALL)
    wang.give_role(Role.find("部门收费"))
    assert wang.scope("fees.receive") is Scope.DEPARTMENT
    assert wang.scope("fees.void") is Scope.OWN
    assert wang.department_id == Department.find("财务部").id


def test_asking_for_a_right_is_one_query(opened: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.base import db

    wang = opened("wangmin", "收款员")
    asked: list[str] = []
    real = db.execute_sql
    monkeypatch.setattr(db, "execute_sql", lambda sql, *more: asked.append(sql) or real(sql, *more))
    wang.may("fees.receive")
    assert len(asked) == 1


# -- roles -------------------------------------------------------------------------------------


def test_roles_are_added_edited_retired_and_used_again(office: Path) -> None:
    role = add_role(name="夜班收款", reach=Reach.OWN)
    role.grant("fees.receive")
    role.edit(name="窗口收款", reach=Reach.DEPARTMENT)
    assert (role.granted(), Role.find("窗口收款").reach) == ({"fees.receive"}, Reach.DEPARTMENT)
    assert not role.retire().active
    with pytest.raises(RuleBroken, match="已停用。请先启用"):
        admin().give_role(role)
    assert role.restore().active


def test_a_role_somebody_holds_is_not_retired(opened: Opens) -> None:
    opened("wangmin", "收款员")
    with pytest.raises(RuleBroken, match="还有账号在用：wangmin Wangmin。请先收回"):
        Role.find("收款员").retire()


def test_what_a_role_or_account_has_is_not_given_twice_nor_taken_twice(opened: Opens) -> None:
    wang, role = opened("wangmin", "收款员"), Role.find("收款员")
    with pytest.raises(RuleBroken, match="已有角色"):
        wang.give_role(role)
    with pytest.raises(RuleBroken, match="没有角色"):
        wang.take_role(Role.find("会计"))
    with pytest.raises(RuleBroken, match="已有权限“收款”"):
        role.grant("fees.receive")
    with pytest.raises(RuleBroken, match="没有权限"):
        role.revoke("office.accounts")
    with pytest.raises(RuleBroken, match="已有权限"):
        Role.find("负责人").grant("fees.receive")


def test_a_right_is_named_by_its_title_or_its_name(office: Path) -> None:
    grant = DEEDS["office.grant_right"]
    grant.call("维修工", {"right": "查看业主档案"})
    grant.call("维修工", {"right": "fees.view"})
    assert {"owners.view", "fees.view"} <= Role.find("维修工").granted()
    with pytest.raises(BadInput, match="没有权限“飞行”。请从“权限”名单中选"):
        grant.call("维修工", {"right": "飞行"})
    with pytest.raises(NotFound, match="没有角色"):
        grant.call("飞行员", {"right": "fees.view"})


def test_a_role_with_every_right_has_those_of_later_modules_too(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(deeds.RIGHTS, "canteen.issue", "出库")
    assert admin().may("canteen.issue")
    Role.find("负责人").restore()
    assert Role.find("负责人").granted() == {EVERY}


def test_taking_one_right_from_a_role_with_every_right_leaves_all_others(opened: Opens) -> None:
    add_role(name="副职", reach=Reach.ALL).grant(EVERY)
    li = opened("lina", "副职")
    Role.find("副职").revoke("fees.void")
    assert not li.may("fees.void")
    assert all(li.may(right) for right in set(deeds.RIGHTS) - {"fees.void"})
    Role.find("副职").revoke("fees.receive")
    assert EVERY not in Role.find("副职").granted()


def test_taking_every_right_empties_the_role(office: Path) -> None:
    role = add_role(name="副职", reach=Reach.ALL)
    role.grant(EVERY)
    role.revoke(EVERY)
    assert role.granted() == set()


# -- what must always hold ---------------------------------------------------------------------


def test_nobody_retires_or_resets_oneself(office: Path) -> None:
    with pytest.raises(RuleBroken, match="不能停用自己的账号。请由另一位管理员操作"):
        admin().retire()
    with pytest.raises(RuleBroken, match="请用“修改口令”"):
        admin().reset_password()


def last_ways_out() -> list[Callable[[], object]]:
    return [
        lambda: admin().retire(),
        lambda: admin().take_role(Role.find("负责人")),
        lambda: Role.find("负责人").revoke(EVERY),
        lambda: Role.find("负责人").revoke("fees.receive"),
    ]


@pytest.mark.parametrize("way", range(4))
def test_somebody_always_holds_every_right(office: Path, way: int) -> None:
    before = RoleRight.select().count()
    with deeds.acting(deeds.TheOffice()), pytest.raises(RuleBroken, match="就没有人"):
        last_ways_out()[way]()
    assert (admin().active, AccountRole.select().count(), RoleRight.select().count()) == (True, 2, before)


def test_every_right_passes_to_somebody_else_before_it_is_taken(opened: Opens) -> None:
    li = opened("lina", "负责人")
    admin().take_role(Role.find("负责人"))
    assert not admin().may("fees.receive")
    assert admin().may("office.accounts")
    with deeds.acting(li), pytest.raises(RuleBroken, match="没有人拥有全部权限"):
        li.take_role(Role.find("负责人"))


def test_somebody_can_always_administer(opened: Opens) -> None:
    """An office where nobody holds every right any more still keeps its last administrator."""
    from models.base import Journal, journalling

    li = opened("lina", "会计")
    with deeds.transaction(), journalling(Journal()):
        RoleRight.get(right=EVERY).remove()
    with deeds.acting(deeds.TheOffice()):
        for way in (
            lambda: admin().retire(),
            lambda: admin().take_role(Role.find("系统管理员")),
            lambda: Role.find("系统管理员").revoke("office.accounts"),
        ):
            with pytest.raises(RuleBroken, match="没有人能管理账号和角色了。请先把“系统管理员”"):
                way()
        li.give_role(Role.find("系统管理员"))
        assert not admin().retire().active


def test_a_retired_administrator_does_not_count(opened: Opens) -> None:
    opened("lina", "负责人")
    with deeds.acting(deeds.TheOffice()):
        Account.find("lina").retire()
        with pytest.raises(RuleBroken):
            admin().retire()
        Account.find("lina").restore()
        assert not admin().retire().active


def test_an_administrator_who_holds_not_everything_wins_nothing_by_his_own_hand(opened: Opens) -> None:
    li = opened("lina", "系统管理员")
    own = Role.find("系统管理员")
    second = add_staff(number="0100", name="别人")
    with deeds.acting(li):
        for way in (
            lambda: li.give_role(Role.find("收款员")),
            lambda: li.give_role(Role.find("负责人")),
            lambda: own.grant("fees.receive"),
            lambda: own.grant(EVERY),
            lambda: add_account("lina2", li.staff, Role.find("收款员")),
        ):
            with pytest.raises(RuleBroken, match="不能给自己增加权限或扩大范围。请由另一位管理员操作"):
                way()
        add_account("another", second, Role.find("收款员"))
        own.revoke("storage.restore")
    assert not li.may("fees.receive")
    assert Account.get_or_none(login="lina2") is None


def test_nobody_widens_the_reach_of_ones_own_role(opened: Opens) -> None:
    role = add_role(name="分管", reach=Reach.OWN)
    for right in ("office.accounts", "fees.receive"):
        role.grant(right)
    li = opened("lina", "分管")
    with deeds.acting(li):
        with pytest.raises(RuleBroken, match="扩大范围"):
            role.edit(reach=Reach.ALL)
        role.edit(name="分管收费")
    assert li.scope("fees.receive") is Scope.OWN


def test_all_rights_at_once_are_those_asked_one_by_one(office: object) -> None:
    from models.deeds import RIGHTS
    from tests.estate import writing

    staff = add_staff(number="77", name="收款", department=Department.find("财务部"))
    account = add_account("seventy", staff).account
    account.give_role(Role.find("收款员"))
    assert account.held() == set()  # the first password must be changed
    with writing():
        account.change(must_change=False)
    account = Account.get_by_id(account.id)
    held = account.held()
    assert {right for right in RIGHTS if account.may(right)} == {right for right in RIGHTS if right in held}
    assert EVERY in Account.find("admin").held()
