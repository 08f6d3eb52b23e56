"""Who may be asked to decide for whom, and how chains are kept whole."""

from datetime import date, timedelta
from typing import Any

import pytest

from models.deeds import DEEDS, acting
from models.errors import BadInput, RuleBroken
from models.listings import LISTS
from models.office.accounts import Account, Role
from models.office.chains import Step, approvable, rows_of, start_chain, stop_chain
from models.office.deputies import Deputy, represented_by, set_deputy
from tests.office_people import account_of, worker

TODAY = date.today()


@pytest.fixture
def boss(office: Any) -> Account:
    return worker("王主任", "管理处主任")


@pytest.fixture
def friend(boss: Account) -> Account:
    return worker("苏主管", "客服主管")


def test_one_asks_somebody_for_oneself_from_today_on(boss: Account, friend: Account) -> None:
    with acting(boss):
        made = set_deputy(friend)
    assert (made.account.name, made.since, made.until) == ("王主任", TODAY, None)
    assert [one.name for one in represented_by(friend)] == ["苏主管", "王主任"]
    assert [one.name for one in represented_by(boss)] == ["王主任"]


def test_nobody_stands_for_himself_or_meddles_with_others(boss: Account, friend: Account) -> None:
    again = account_of(boss.staff, "资料员")
    with acting(boss):
        with pytest.raises(RuleBroken, match="不能代理自己"):
            set_deputy(again)
        with pytest.raises(RuleBroken, match="只能管自己的代理"):
            set_deputy(boss, account=friend)
    made = set_deputy(friend, account=boss)
    with acting(friend), pytest.raises(RuleBroken, match="只能管自己的代理"):
        made.end()
    with pytest.raises(RuleBroken, match="不能把自己设成别人的代理人"):
        set_deputy(Account.find("admin"), account=boss)


def test_days_follow_each_other_and_do_not_overlap(boss: Account, friend: Account) -> None:
    with acting(boss):
        with pytest.raises(BadInput, match="早于起日"):
            set_deputy(friend, since=TODAY, until=TODAY - timedelta(days=1))
        set_deputy(friend, until=TODAY + timedelta(days=3))
        with pytest.raises(RuleBroken, match="这段时间已请 苏主管 代理"):
            set_deputy(friend, since=TODAY + timedelta(days=3))
        later = set_deputy(friend, since=TODAY + timedelta(days=4))
    assert [one.name for one in represented_by(friend)] == ["苏主管", "王主任"]
    assert later.label() == "王主任 → 苏主管"


def test_an_old_one_ends_yesterday_one_of_today_goes(boss: Account, friend: Account) -> None:
    with acting(boss):
        old, new = set_deputy(friend, since=TODAY - timedelta(days=9), until=TODAY), None
        old.end()
        assert old.until == TODAY - timedelta(days=1)
        with pytest.raises(RuleBroken, match="已经结束"):
            old.end()
        new = set_deputy(friend)
        new.end()
    assert [one.id for one in Deputy.select()] == [old.id]


def test_who_cannot_sign_in_decides_for_nobody(boss: Account, friend: Account) -> None:
    with acting(boss):
        set_deputy(friend)
    boss.retire()
    assert [one.name for one in represented_by(friend)] == ["苏主管"]
    with pytest.raises(RuleBroken, match="账号都要在用"):
        set_deputy(friend, account=Account.find(boss.login))


def test_whoever_applies_can_name_a_colleague_without_seeing_accounts(boss: Account) -> None:
    with acting(boss):
        shown = LISTS["colleagues"]()
        assert "王主任" in [shown.shown(row)[1] for row in shown.rows()]


# -- chains --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ("会计|主任;管理处主任|主任", "各不相同"),
        ("会计|申请", "各不相同"),
        ("会计||100;管理处主任||200", "至少留一环不填金额"),
        ("没有的角色", "没有角色“没有的角色”"),
        ("会计||-5", "第 1 行"),
        ("会计||1.234", "第 1 行"),
        ("会计||1e9", "第 1 行"),
        ("", "没有填"),
    ],
)
def test_a_chain_that_cannot_be_is_refused_with_the_reason(office: Any, steps: str, sentence: str) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        DEEDS["office.set_chain"].call(None, {"deed": "fees.bill", "steps": steps})
    assert [row["title"] for row in rows_of("fees.bill")] == ["主任"]


def test_a_chain_is_set_again_and_amounts_are_read_as_they_are_typed(office: Any) -> None:
    for amount in ("１，０００.５", "2000"):
        DEEDS["office.set_chain"].call(
            None, {"deed": "fees.bill", "steps": f"会计|财务;管理处主任||{amount}"}
        )
    assert [str(row["above"]) for row in rows_of("fees.bill")] == ["None", "2000.00"]


def test_a_chain_starts_only_where_every_role_is_in_use_and_only_once(office: Any) -> None:
    with pytest.raises(RuleBroken, match="已经停用"):
        stop_chain("fees.bill")
    Role.find("管理处主任").retire()
    with pytest.raises(RuleBroken, match="没有这个在用的角色"):
        start_chain("fees.bill")
    Role.find("管理处主任").restore()
    start_chain("fees.bill")
    with pytest.raises(RuleBroken, match="已经启用"):
        start_chain("fees.bill")


def test_a_deed_is_made_approvable_once_and_only_if_there_is_one() -> None:
    for name in ("fees.bill", "fees.nothing"):
        with pytest.raises(ValueError, match="unknown, or made approvable twice"):
            approvable(name, default=(Step("会计", "会计"),))
