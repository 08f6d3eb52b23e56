"""The trail as staff read it: titles, plain words, nothing secret; and the tries at the door."""

import ast
from datetime import date
from pathlib import Path

import pytest

from models import deeds
from models.errors import BadInput, PermissionDenied, SignInRefused
from models.listings import AnyListing, Filters, listed
from models.months import Period
from models.office import lists, trail  # noqa: F401 - lists registers what is asked for
from models.office.accounts import Role, add_account
from models.office.profile import edit_profile
from models.office.signin import SignIn, sign_in
from models.office.staff import Department, Post, Staff, add_department, add_staff
from reports.papers import PaperRequest

PNG = b"\x89PNG\r\n\x1a\n"


def shown(name: str = "audit", **filters: object) -> list[list[str]]:
    found: AnyListing = listed(name)(Filters(**filters))
    return [found.shown(row) for row in found.rows()]


def newest() -> list[str]:
    return shown()[0]


def test_the_newest_entry_stands_first_with_the_title_of_its_deed(office: Path) -> None:
    add_department("消防部")
    moment, who, deed, outcome, subject, told, _ = newest()
    assert moment.startswith(str(date.today()))
    assert (who, deed, outcome, subject) == ("管理员", "增加部门", "完成", "消防部")
    assert told.startswith("新增 部门 ")
    assert "部门名称 消防部" in told
    assert shown()[-1][2] == "建账"


def test_a_change_is_told_from_and_to(office: Path) -> None:
    post = Post.find("维修工")
    post.edit(aliases=None, reports_to="客服主管")
    assert newest()[5] == f"修改 岗位 {post.id}：别名 维修员→空，上级 管理处主任→客服主管"


def test_links_and_choices_are_told_by_what_they_are_called(office: Path) -> None:
    staff = Staff.find("0001")
    staff.edit(department=Department.find("财务部"), joined=date(2020, 3, 1))
    assert newest()[5] == "修改 员工 1：部门 管理处→财务部，入职日期 空→2020-03-01"
    Role.find("巡逻员").edit(reach="全部")
    assert "数据范围 本人→全部" in newest()[5]


def test_telephone_numbers_are_masked_and_passwords_told_of_not_told(office: Path) -> None:
    staff = add_staff(number="0002", name="王敏", phone="13812345678")
    assert "138****5678" in newest()[5]
    issued = add_account("wangmin", staff, Role.find("收款员"))
    issued.account.reset_password()
    assert "口令已更换" in newest()[5]
    everything = str(shown())
    assert "12345678" not in everything
    assert issued.password not in everything
    assert "$argon2" not in everything


def test_a_picture_is_told_of_not_shown(office: Path) -> None:
    edit_profile(payee_qr=PNG + b"one")
    edit_profile(payee_qr=PNG + b"two")
    assert newest()[5] == "修改 本处设置 1：收款码图片已更换"


def test_many_changes_are_counted(office: Path) -> None:
    changes = [{"remove": "Post", "id": number, "from": {"name": f"岗{number}"}} for number in range(5)]
    told = trail.told({"count": 5, "changes": changes})
    first, *gone, more = told.split("；")
    assert (first, more) == ("笔数：5", "等 5 条记录")
    assert gone == [f"删除 岗位 {number}：岗位名称 岗{number}" for number in range(3)]


def test_what_an_older_edition_noted_is_still_readable(office: Path) -> None:
    gone = {"change": "Gone", "id": 7, "from": {"old": "甲"}, "to": {"old": "乙"}}
    choice = {"change": "Role", "id": 1, "from": {"reach": "GALAXY"}, "to": {"reach": "ALL"}}
    link = {"change": "Staff", "id": 1, "from": {"post": 99999}, "to": {"post": None}}
    assert trail.told({"changes": [gone]}) == "修改 Gone 7：old 甲→乙"
    assert trail.told({"changes": [choice]}) == "修改 角色 1：数据范围 GALAXY→全部"
    assert trail.told({"changes": [link]}) == "修改 员工 1：岗位 编号 99999→空"
    assert trail.told({}) == ""


def test_refusals_are_told_with_their_reason(office: Path) -> None:
    someone = add_account("wangmin", Staff.find("0001")).account
    with deeds.acting(someone), pytest.raises(PermissionDenied):
        add_department("消防部")
    with deeds.acting(someone), pytest.raises(PermissionDenied):
        listed("staff")()
    by_list, by_deed = shown(state="拒绝")
    assert by_deed[2:4] == ["增加部门", "拒绝"]
    assert by_deed[5].startswith("原因：您没有“维护部门、岗位和员工”的权限")
    assert by_list[2] == "维护部门、岗位和员工"


def test_the_trail_is_narrowed_by_period_and_searched(office: Path) -> None:
    add_department("消防部")
    today = date.today()
    assert len(shown(period=Period.parse(str(today)))) == 2
    assert shown(period=Period.parse(str(today.year - 1))) == []
    found = listed("audit")().searched("消防部")
    assert found.count() == 1
    with pytest.raises(BadInput, match="不能按 building 筛选"):
        listed("audit")(Filters(building="1栋"))


def test_machines_read_names_and_words(office: Path) -> None:
    add_department("消防部")
    found = listed("audit")()
    row = found.plain(found.window(size=1)[0])
    assert (row["deed"], row["outcome"], row["subject"]) == ("office.add_department", "完成", "消防部")
    assert row["facts"].startswith("新增 部门")


def test_tries_at_the_door_are_listed_newest_first(office: Path) -> None:
    sign_in("admin", "correct horse 8", "前台")
    with pytest.raises(SignInRefused):
        sign_in("admin", "wrong password", "前台")
    assert [row[1:5] for row in shown("sign_ins")] == [
        ["admin", "否", "口令不对", "前台"],
        ["admin", "是", "登录成功", "前台"],
    ]
    assert len(shown("sign_ins", period=Period.parse(str(date.today())))) == SignIn.select().count()


def test_only_who_may_see_the_trail_sees_it(office: Path) -> None:
    someone = add_account("wangmin", Staff.find("0001"), Role.find("收款员")).account
    with deeds.acting(someone):
        for name in ("audit", "sign_ins", "accounts", "roles", "rights", "staff"):
            with pytest.raises(PermissionDenied):
                listed(name)()


def noted() -> set[str]:
    """Every fact that some deed or act notes, read from the source, and what papers are asked by."""
    found = set(PaperRequest.__dataclass_fields__) - {"code", "blank", "printed_by"}
    models = Path(trail.__file__).resolve().parent.parent
    for path in (*models.rglob("*.py"), *(models.parent / "desktop").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal().note":
                found |= {word.arg for word in node.keywords if word.arg}
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "deeds.record":
                told = [arg for arg in node.args if isinstance(arg, ast.Dict)]
                found |= {key.value for one in told for key in one.keys if isinstance(key, ast.Constant)}
    return found - {"changes"}


def test_every_fact_that_a_deed_notes_has_a_chinese_word() -> None:
    assert noted() - set(trail.WORDS) == set()
