"""A new office: what it holds, and that none is half made."""

import sqlite3
from pathlib import Path

import pytest

from models import deeds, sqlite
from models.audit import AuditEntry, broken_links
from models.base import db
from models.errors import BadInput, StorageRefused
from models.office import founding, ready_made
from models.office.accounts import Account, AccountRole, Role
from models.office.founding import found_office
from models.office.profile import profile
from models.office.signin import sign_in
from models.office.staff import Department, Post, Staff
from models.store import migrate
from models.workdays import CalendarYear, SpecialDay, is_working, seed_rows

PASSWORD = "correct horse 8"


def test_a_new_office_knows_its_name_calendar_posts_and_roles(office: Path) -> None:
    assert profile().office == "测试小区物业服务中心"
    years, days = seed_rows()
    assert CalendarYear.select().count() == len(years)
    assert SpecialDay.select().count() == len(days)
    assert not is_working(SpecialDay.get(SpecialDay.name == "国庆节").day)
    assert Department.select().count() == len(ready_made.DEPARTMENTS)
    director = Post.find("管理处主任")
    assert (director.aliases, director.reports_to) == ("服务中心经理、项目经理、管理处经理", "常务副总经理")
    asked_for = """
        收款员 会计 维修工 采购员 客服主管 客服管理员 管理处主任 资料员 保安班长 巡逻员 食堂仓库管理员
        质量内审员 绩效专员 总经理 常务副总经理 管理者代表 物业管理部经理 物配中心
        安全管理专业委员会 系统管理员 负责人
    """
    assert {role.name for role in Role.select()} >= set(asked_for.split())


def test_every_ready_made_role_knows_only_declared_rights(office: Path) -> None:
    from desktop import modules

    modules.load()
    given = {right for role in ready_made.ROLES for right in role.rights}
    assert given - set(deeds.RIGHTS) == {ready_made.EVERY}


def test_the_first_account_is_admin_in_charge_of_everything(office: Path) -> None:
    admin = sign_in("admin", PASSWORD)
    assert not admin.must_change
    assert admin.name == "管理员"
    assert {held.role.name for held in AccountRole.select()} == {"系统管理员", "负责人"}
    assert all(admin.may(right) and admin.scope(right) is deeds.Scope.ALL for right in deeds.RIGHTS)
    assert [staff.name for staff in Staff.select()] == ["管理员"]


def test_the_founding_stands_first_in_the_trail(office: Path) -> None:
    first = AuditEntry.select().order_by(AuditEntry.id).first()
    assert (first.deed, first.who, first.subject) == ("office.found", "系统", "测试小区物业服务中心")
    assert list(broken_links()) == []


def test_a_new_office_is_marked_as_ours_and_closed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    found_office(path, "甲", PASSWORD)
    assert db.is_closed()
    with sqlite3.connect(path) as plain:
        assert sqlite.application_id(plain) == sqlite.APPLICATION_ID
        assert sqlite.user_version(plain) == migrate.latest()
        assert sqlite.foreign_key_check(plain) == []
    plain.close()
    assert [kept.name for kept in tmp_path.iterdir() if kept.stat().st_size] == ["a.db"]


def test_an_estate_may_be_named_at_once(tmp_path: Path) -> None:
    from models.owners.estate import Community

    path = tmp_path / "a.db"
    found_office(path, "甲", PASSWORD, community="锦绣花园")
    sqlite.init(db, path)
    with db.connection_context():
        assert [one.name for one in Community.select()] == ["锦绣花园"]


def test_an_existing_file_is_never_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"precious")
    with pytest.raises(StorageRefused, match="已经存在"):
        found_office(path, "甲", PASSWORD)
    assert path.read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("name", "password", "problem"),
    [
        ("  ", PASSWORD, "没有填管理处名称"),
        ("甲" * 61, PASSWORD, "最多 60 个字"),
        ("甲", "short", "至少 8 个字"),
        ("甲", "12345678", "太常见"),
        ("锦绣花园物业服务中心", "锦绣花园物业服务中心", "相同"),
    ],
)
def test_a_name_or_password_that_cannot_be_leaves_no_file(
    tmp_path: Path, name: str, password: str, problem: str
) -> None:
    with pytest.raises(BadInput, match=problem):
        found_office(tmp_path / "a.db", name, password)
    assert list(tmp_path.iterdir()) == []


def test_what_breaks_off_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(kept: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(founding, "_add_administrator", broken)
    with pytest.raises(ZeroDivisionError):
        found_office(tmp_path / "a.db", "甲", PASSWORD)
    assert list(tmp_path.iterdir()) == []
    assert db.is_closed()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageRefused, match="没有文件夹"):
        found_office(tmp_path / "none" / "a.db", "甲", PASSWORD)


def test_the_first_administrator_is_an_account_like_any_other(office: Path) -> None:
    assert Account.find("admin").label() == "admin 管理员"
