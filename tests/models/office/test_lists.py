"""Lists of the office itself: departments, posts, staff, accounts, roles and who may what."""

from datetime import date
from pathlib import Path

import pytest

from models import deeds
from models.listings import listed
from models.office.accounts import Account, Role, add_account
from models.office.signin import sign_in
from models.office.staff import Department, Post, Staff, add_staff


def rows(name: str) -> list[dict[str, object]]:
    found = listed(name)()
    return [found.plain(row) for row in found.rows()]


def wang() -> Staff:
    return add_staff(
        number="0002",
        name="王敏",
        phone="13812345678",
        department=Department.find("财务部"),
        post=Post.find("收款员"),
    )


def test_departments_count_who_works_in_them(office: Path) -> None:
    wang()
    add_staff(number="0003", name="李", department=Department.find("财务部")).end(date(2026, 11, 1))
    counted = {row["name"]: row["staff"] for row in rows("departments")}
    assert (counted["财务部"], counted["管理处"], counted["食堂"]) == (1, 1, 0)


def test_posts_show_their_aliases_and_superiors(office: Path) -> None:
    assert rows("posts")[0] == {"name": "总经理", "aliases": None, "reports_to": "董事长", "active": True}
    assert listed("posts")().searched("项目经理").count() == 1


def test_staff_are_listed_with_masked_telephones(office: Path) -> None:
    wang()
    assert rows("staff")[1] == {
        "number": "0002",
        "name": "王敏",
        "department": "财务部",
        "post": "收款员",
        "phone": "138****5678",
        "joined": None,
        "left": None,
    }
    assert listed("staff")().sorted("-name").count() == 2


def test_accounts_show_their_roles_and_last_use(office: Path) -> None:
    add_account("wangmin", wang(), Role.find("收款员")).account.give_role(Role.find("资料员"))
    sign_in("admin", "correct horse 8")
    first, second = rows("accounts")
    assert (first["login"], first["roles"]) == ("admin", "负责人、系统管理员")
    assert str(first["last_sign_in"]).startswith(str(date.today()))
    assert (second["name"], second["roles"], second["must_change"], second["last_sign_in"]) == (
        "王敏",
        "资料员、收款员",
        True,
        None,
    )
    assert "password" not in first


def test_roles_count_their_rights_and_holders(office: Path) -> None:
    counted = {row["name"]: (row["reach"], row["rights"], row["accounts"]) for row in rows("roles")}
    assert counted["负责人"] == ("全部", len(deeds.RIGHTS), 1)
    assert counted["收款员"] == ("全部", len(Role.find("收款员").granted()), 0)
    assert counted["巡逻员"][0] == "本人"


def test_who_may_what_is_one_table(office: Path) -> None:
    table = {row["right"]: row for row in rows("rights")}
    assert set(table) == set(deeds.RIGHTS)
    assert table["office.accounts"]["title"] == "管理账号和角色"
    assert (table["office.accounts"]["负责人"], table["office.accounts"]["收款员"]) == ("√", "")
    Role.find("收款员").retire()
    assert "收款员" not in rows("rights")[0]


def test_a_right_that_reaches_shows_how_far(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deeds, "SCOPED", {"office.staff"})
    Role.find("巡逻员").grant("office.staff")
    table = {row["right"]: row for row in rows("rights")}
    assert (table["office.staff"]["巡逻员"], table["office.staff"]["负责人"]) == ("本人", "全部")


def test_every_list_can_be_sorted_by_every_column(office: Path) -> None:
    add_account("wangmin", wang(), Role.find("收款员"))
    for name in ("departments", "posts", "staff", "accounts", "roles", "rights", "sign_ins", "audit"):
        found = listed(name)()
        for column in found.columns:
            assert found.sorted(f"-{column.name}").count() == len(list(found.sorted(column.name).rows()))


def test_one_account_is_found_in_its_list_however_it_is_sorted(office: Path) -> None:
    found = listed("accounts")().sorted("-login")
    row = found.one(Account.find("admin").id)
    assert row is not None
    assert found.shown(row)[0] == "admin"
