"""The one door for every change: right, transaction, version, audit entry, announcement."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import pytest

from models import deeds
from models.audit import AuditEntry, Outcome
from models.base import db
from models.deeds import Scope, deed
from models.errors import BadInput, Busy, NotFound, PermissionDenied, RuleBroken, Stale, StorageRefused
from models.fields import CountField, LineField, LinkField
from models.inputs import Asked
from models.office.accounts import Account
from models.office.staff import Department, Post, add_department

RIGHT = "office.staff"


@pytest.fixture(autouse=True)
def _own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test declare deeds that the rest of the suite does not see."""
    monkeypatch.setattr(deeds, "DEEDS", dict(deeds.DEEDS))


@pytest.fixture
def heard() -> Iterator[list[frozenset[str]]]:
    """What was announced."""
    told: list[frozenset[str]] = []
    stop = deeds.on_change(told.append)
    yield told
    stop()


class Somebody:
    """A person with these rights and this reach."""

    account_id = None
    name = "某人"
    staff_id = 0
    department_id = None

    def __init__(self, *rights: str, reach: Scope = Scope.ALL) -> None:
        self.rights, self.reach = rights, reach

    def may(self, right: str) -> bool:
        return right in self.rights

    def scope(self, right: str) -> Scope:
        return self.reach


def entries() -> list[AuditEntry]:
    return list(AuditEntry.select().order_by(AuditEntry.id))


def last() -> AuditEntry:
    return entries()[-1]


def test_whoever_lacks_the_right_is_refused_and_one_row_says_so(office: Path) -> None:
    before = len(entries())
    with (
        deeds.acting(Somebody("fees.view")),
        pytest.raises(PermissionDenied, match="没有“维护部门、岗位和员工”的权限"),
    ):
        add_department("消防部")
    assert Department.get_or_none(name="消防部") is None
    assert len(entries()) == before + 1
    assert (last().deed, last().outcome, last().who) == ("office.add_department", Outcome.REFUSED, "某人")


def test_nobody_acts_before_signing_in(office: Path) -> None:
    deeds.sign_in_as(None)
    with pytest.raises(PermissionDenied, match="还没有登录"):
        add_department("消防部")


def test_a_deed_done_leaves_one_entry_with_what_changed(office: Path) -> None:
    before = len(entries())
    made = add_department("消防部")
    made.rename("安全消防部")
    added, renamed = entries()[before:]
    assert added.facts["changes"][0]["to"]["name"] == "消防部"
    assert renamed.facts["changes"] == [
        {"change": "Department", "id": made.id, "from": {"name": "消防部"}, "to": {"name": "安全消防部"}}
    ]
    assert (renamed.deed, renamed.outcome, renamed.subject) == (
        "office.rename_department",
        Outcome.DONE,
        "安全消防部",
    )
    assert (renamed.who, renamed.account) == ("管理员", Account.find("admin").id)
    assert abs((datetime.now() - renamed.at).total_seconds()) < 60


def test_a_deed_that_changes_nothing_leaves_no_entry(office: Path) -> None:
    before = len(entries())
    Department.find("食堂").rename("食堂")
    assert len(entries()) == before


def test_a_deed_that_breaks_off_leaves_nothing(office: Path, heard: list[frozenset[str]]) -> None:
    @deed("test.half", "半途而废", RIGHT)
    def half() -> None:
        Department.add(name="消防部")
        Department.find("食堂").change(name="餐厅")
        raise RuleBroken("不行。")

    before = len(entries())
    with pytest.raises(RuleBroken):
        half()
    assert Department.get_or_none(name="消防部") is None
    assert Department.get_or_none(name="餐厅") is None
    assert (len(entries()), heard) == (before, [])


def test_our_own_bug_leaves_nothing_either(office: Path) -> None:
    @deed("test.bug", "出错", RIGHT)
    def bug() -> None:
        Department.add(name="消防部")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        bug()
    assert Department.get_or_none(name="消防部") is None
    assert not db.in_transaction()


def test_a_write_outside_a_deed_is_a_bug(office: Path) -> None:
    with pytest.raises(RuntimeError, match="outside a deed"):
        Department.add(name="消防部")
    with pytest.raises(RuntimeError, match="outside a deed"):
        Department.find("食堂").remove()


def test_whoever_edits_what_another_changed_since_is_told_to_look_again(office: Path) -> None:
    mine, yours = Department.find("食堂"), Department.find("食堂")
    yours.rename("餐厅")
    with pytest.raises(Stale, match="刚被别人改过"):
        mine.rename("员工食堂")
    assert Department.get_by_id(mine.id).name == "餐厅"
    assert Department.get_by_id(mine.id).row_version == 2


def test_a_record_in_hand_is_what_it_was_after_an_edit_that_failed(office: Path) -> None:
    kitchen = Department.find("食堂")

    @deed("test.late", "改了又退", RIGHT)
    def late(again: bool) -> None:
        kitchen.rename("餐厅")
        if again:
            raise RuleBroken("不行。")

    with pytest.raises(RuleBroken):
        late(True)
    assert (kitchen.name, kitchen.row_version) == ("食堂", 1)
    post = Post.find("维修工")
    with pytest.raises(BadInput):
        post.edit(aliases="水电工", name="长" * 41)
    post.edit(reports_to="客服主管")
    assert Post.find("维修工").aliases == "维修员"
    late(False)
    assert Department.get_by_id(kitchen.id).name == kitchen.name == "餐厅"


def test_what_is_done_is_announced_once_after_the_commit(office: Path) -> None:
    seen: list[tuple[frozenset[str], int]] = []

    def look(touched: frozenset[str]) -> None:
        with sqlite3.connect(f"file:{office}?mode=ro", uri=True) as other:
            count = other.execute("SELECT count(*) FROM department WHERE name = '消防部'").fetchone()[0]
        seen.append((touched, count))

    stop = deeds.on_change(look)
    add_department("消防部")
    stop()
    add_department("保洁部")
    assert seen == [(frozenset({"Department"}), 1)]


def test_a_deed_within_a_deed_is_announced_with_it(office: Path, heard: list[frozenset[str]]) -> None:
    @deed("test.both", "一并增加", RIGHT)
    def both() -> None:
        Post.add(name="消防员")
        add_department("消防部")

    both()
    assert heard == [frozenset({"Department", "Post"})]


def test_a_refusal_within_a_deed_is_noted_though_all_is_undone(office: Path) -> None:
    @deed("test.outer", "外层", RIGHT)
    def outer() -> None:
        Post.add(name="消防员")
        inner()

    @deed("test.inner", "内层", "office.accounts")
    def inner() -> None:
        """Do nothing."""

    before = len(entries())
    with deeds.acting(Somebody(RIGHT)), pytest.raises(PermissionDenied):
        outer()
    assert Post.get_or_none(name="消防员") is None
    assert [(entry.deed, entry.outcome) for entry in entries()[before:]] == [("test.inner", Outcome.REFUSED)]


def test_a_list_asks_for_its_right_too(office: Path) -> None:
    with deeds.acting(Somebody()), pytest.raises(PermissionDenied):
        deeds.require("office.staff")
    assert (last().deed, last().outcome) == ("office.staff", Outcome.REFUSED)


def test_text_is_read_by_the_fields_of_the_inputs(office: Path) -> None:
    made = deeds.DEEDS["office.add_staff"].call(
        None, {"number": "０００７ ", "name": " 李 娜\n", "department": "食堂", "joined": "2026年3月1日"}
    )
    assert (made.number, made.name, made.department.name) == ("0007", "李 娜", "食堂")
    assert made.joined.isoformat() == "2026-03-01"


@pytest.mark.parametrize(
    ("key", "given", "problem"),
    [
        (None, {"number": "1"}, "没有填姓名"),
        (None, {"number": "1", "name": "李", "age": "3"}, "没有这些栏目：age"),
        (None, {"number": "1", "name": "李", "joined": "2026-02-30"}, "不是日期"),
        (None, {"number": "1", "name": "李", "phone": "12"}, "电话"),
        ("7", {"number": "1", "name": "李"}, "不针对某一条记录"),
    ],
)
def test_bad_input_is_told_in_a_sentence(
    office: Path, key: str | None, given: dict[str, str], problem: str
) -> None:
    with pytest.raises(BadInput, match=problem):
        deeds.DEEDS["office.add_staff"].call(key, given)


def test_an_input_that_names_nothing_is_told(office: Path) -> None:
    with pytest.raises(NotFound, match="没有部门“月球部”"):
        deeds.DEEDS["office.add_staff"].call(None, {"number": "1", "name": "李", "department": "月球部"})
    with pytest.raises(NotFound, match="要指明部门"):
        deeds.DEEDS["office.retire_department"].call(None, {})


def test_whoever_lacks_the_right_learns_nothing_from_inputs(office: Path) -> None:
    before = len(entries())
    with deeds.acting(Somebody()), pytest.raises(PermissionDenied):
        deeds.DEEDS["office.retire_department"].call("月球部", {"nonsense": "1"})
    assert len(entries()) == before + 1


def test_a_value_that_must_be_unique_is_told_by_its_label(office: Path) -> None:
    with pytest.raises(BadInput, match="部门名称“食堂”已有别的部门用了") as told:
        add_department("食堂")
    assert told.value.field == "name"
    with pytest.raises(BadInput, match="部门名称“工程部”"):
        Department.find("食堂").rename("工程部")


def test_what_is_referred_to_is_not_deleted(office: Path) -> None:
    @deed("test.remove", "删除", RIGHT)
    def remove() -> None:
        Department.find("管理处").remove()

    with pytest.raises(RuleBroken, match="已被使用，不能删除；可以停用"):
        remove()


def test_a_narrow_reach_refuses_records_beyond_it(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deeds, "_judges", dict(deeds._judges))
    monkeypatch.setattr(deeds, "SCOPED", {RIGHT})

    @deeds.judges_scope(Department)
    def in_the_kitchen(value: Any, person: Any, right: str) -> bool:
        return bool(value.name == "食堂")

    @deed("test.visit", "走访", RIGHT)
    def visit(
        place: Annotated[Department, Asked(LinkField(Department, verbose_name="部门"))],
        others: tuple[Department, ...] = (),
    ) -> None:
        Post.add(name=f"{place.name}访客")

    kitchen, works = Department.find("食堂"), Department.find("工程部")
    with deeds.acting(Somebody(RIGHT, reach=Scope.OWN)):
        visit(kitchen)
        with pytest.raises(PermissionDenied, match="工程部 不在您负责的范围内，不能走访"):
            visit(works)
        with pytest.raises(PermissionDenied, match="范围"):
            visit(kitchen, others=(works,))
    with deeds.acting(Somebody(RIGHT, reach=Scope.ALL)):
        visit(works)
    assert [entry.outcome.name for entry in entries()[-4:]] == ["DONE", "REFUSED", "REFUSED", "DONE"]


def test_a_database_held_by_another_program_is_told(office: Path) -> None:
    other = sqlite3.connect(office, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    db.execute_sql("PRAGMA busy_timeout=50")
    with pytest.raises(Busy, match="正被占用"):
        add_department("消防部")
    other.execute("ROLLBACK")
    other.close()
    assert add_department("消防部").name == "消防部"


def test_a_full_disk_is_told_and_nothing_is_kept(office: Path) -> None:
    pages = db.execute_sql("PRAGMA page_count").fetchone()[0]
    db.execute_sql(f"PRAGMA max_page_count={pages}")

    @deed("test.fill", "写满", RIGHT)
    def fill() -> None:
        for number in range(5000):
            Post.add(name=f"岗位{number}", aliases="长" * 100)

    with pytest.raises(StorageRefused, match="磁盘空间不足"):
        fill()
    assert Post.get_or_none(name="岗位0") is None
    assert not db.in_transaction()


def test_a_deed_has_one_name_and_a_known_right(office: Path) -> None:
    with pytest.raises(ValueError, match="declared twice"):
        deed("office.add_department", "再来", RIGHT)(print)
    with pytest.raises(ValueError, match="unknown right"):
        deed("test.other", "其他", "no.such")(print)
    with pytest.raises(ValueError, match="declared twice"):
        deeds.right(RIGHT, "别的意思")


def test_inputs_know_their_labels_and_what_is_asked(office: Path) -> None:
    @deed("test.ask", "询问", RIGHT)
    def ask(
        count: Annotated[int, Asked(CountField(verbose_name="数量"))],
        note: Annotated[str | None, Asked(LineField(max_length=9, null=True, verbose_name="备注"))] = None,
    ) -> None:
        """Do nothing."""

    inputs = deeds.DEEDS["test.ask"].inputs
    assert [(one.name, one.label, one.required) for one in inputs] == [
        ("count", "数量", True),
        ("note", "备注", False),
    ]


def test_what_may_be_blank_may_be_left_out(office: Path) -> None:
    told: list[str | None] = []

    @deed("test.blank", "留空", RIGHT)
    def blank(
        note: Annotated[str | None, Asked(LineField(max_length=9, null=True, verbose_name="备注"))],
    ) -> None:
        told.append(note)

    deeds.DEEDS["test.blank"].call(None, {})
    deeds.DEEDS["test.blank"].call(None, {"note": "写了"})
    assert told == [None, "写了"]


def test_what_an_edit_is_not_given_stays(office: Path) -> None:
    made = deeds.DEEDS["office.edit_post"].call("维修工", {"aliases": "水电工"})
    assert (made.name, made.aliases, made.reports_to) == ("维修工", "水电工", "管理处主任")
