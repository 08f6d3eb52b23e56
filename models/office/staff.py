"""员工: departments, posts and the people who work here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from models import deeds
from models.base import Record
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fields import CodeField, DayField, FlagField, LineField, LinkField, PhoneField
from models.inputs import Asked, edits_of, inputs_from

STAFF = deeds.right("office.staff", "维护部门、岗位和员工")

LeavingDay = Annotated[date, Asked(DayField(verbose_name="离职日期"))]


class Department(Record):
    """部门: one department of the office."""

    name = LineField(max_length=40, unique=True, verbose_name="部门名称")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "部门"

    @deed(
        "office.rename_department",
        "改部门名称",
        STAFF,
        inputs=inputs_from(lambda: Department, "name"),
        undo="office.rename_department",
    )
    def rename(self, name: str) -> Department:
        """Call it otherwise; old papers keep what they say."""
        return self.change(name=name)

    @deed("office.retire_department", "停用部门", STAFF, undo="office.restore_department")
    def retire(self) -> Department:
        """Stop using it.

        Raises:
            RuleBroken: people still work in it.
        """
        _refuse_while_used(self, Staff.department == self)
        return self.change(active=False)

    @deed("office.restore_department", "启用部门", STAFF, undo="office.retire_department")
    def restore(self) -> Department:
        """Use it again."""
        return self.change(active=True)


class Post(Record):
    """岗位: a post, its aliases in the duty documents, and whom it reports to."""

    name = LineField(max_length=40, unique=True, verbose_name="岗位名称")
    aliases = LineField(max_length=120, null=True, verbose_name="别名")
    reports_to = LineField(max_length=80, null=True, verbose_name="上级")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "岗位"

    @deed(
        "office.edit_post",
        "修改岗位",
        STAFF,
        inputs=edits_of(lambda: Post, "name", "aliases", "reports_to"),
        undo="office.edit_post",
    )
    def edit(self, **values: Any) -> Post:
        """Change its name, its aliases or whom it reports to."""
        return self.change(**values)

    @deed("office.retire_post", "停用岗位", STAFF, undo="office.restore_post")
    def retire(self) -> Post:
        """Stop using it.

        Raises:
            RuleBroken: somebody still holds it.
        """
        _refuse_while_used(self, Staff.post == self)
        return self.change(active=False)

    @deed("office.restore_post", "启用岗位", STAFF, undo="office.retire_post")
    def restore(self) -> Post:
        """Use it again."""
        return self.change(active=True)


_PERSONAL = ("number", "name", "department", "post", "phone", "joined")


class Staff(Record):
    """员工: somebody who works here; old ones remain as names on old papers."""

    number = CodeField(max_length=16, unique=True, verbose_name="工号")
    name = LineField(max_length=40, verbose_name="姓名")
    department = LinkField(Department, null=True, backref="staff", verbose_name="部门")
    post = LinkField(Post, null=True, backref="staff", verbose_name="岗位")
    phone = PhoneField(null=True, verbose_name="电话")
    joined = DayField(null=True, verbose_name="入职日期")
    left = DayField(null=True, verbose_name="离职日期")

    key_field = "number"

    class Meta:
        title = "员工"

    def label(self) -> str:
        """Return the name."""
        return str(self.name)

    @deed(
        "office.edit_staff",
        "修改员工",
        STAFF,
        inputs=edits_of(lambda: Staff, *_PERSONAL),
        undo="office.edit_staff",
    )
    def edit(self, **values: Any) -> Staff:
        """Change what is kept of somebody.

        Raises:
            RuleBroken: the department or post is retired.
        """
        _refuse_retired(values)
        return self.change(**values)

    @deed(
        "office.end_staff",
        "办理离职",
        STAFF,
        question="离职后其账号同时停用，旧单据上的姓名保留。",
        danger=True,
    )
    def end(self, left: LeavingDay) -> Staff:
        """Note that somebody left; the accounts go with the person.

        Raises:
            RuleBroken: it is oneself, the last administrator, or somebody who left already.
            BadInput: the day lies ahead, or before the person came.
        """
        if self.left:
            raise RuleBroken(f"{self.name} 已于 {self.left} 离职。")
        if left > date.today():
            raise BadInput("离职日期不能晚于今天。请到那一天再办理。", "left")
        if self.joined and left < self.joined:
            raise BadInput(f"离职日期不能早于入职日期 {self.joined}。请核对。", "left")
        for follow in _leaving:
            follow(self)
        return self.change(left=left)

    @deed("office.return_staff", "办理复职", STAFF)
    def come_back(self) -> Staff:
        """Note that somebody works here again; accounts are given back one by one."""
        if not self.left:
            raise RuleBroken(f"{self.name} 在职，不必办理复职。")
        return self.change(left=None)


_leaving: list[Callable[[Staff], None]] = []


def on_leaving(follow: Callable[[Staff], None]) -> Callable[[Staff], None]:
    """Register what must happen, in the same deed, when somebody leaves."""
    _leaving.append(follow)
    return follow


@deed("office.add_department", "增加部门", STAFF, inputs=inputs_from(lambda: Department, "name"))
def add_department(name: str) -> Department:
    """Add a department."""
    return Department.add(name=name)


@deed("office.add_post", "增加岗位", STAFF, inputs=inputs_from(lambda: Post, "name", "aliases", "reports_to"))
def add_post(**values: Any) -> Post:
    """Add a post."""
    return Post.add(**values)


@deed("office.add_staff", "增加员工", STAFF, inputs=inputs_from(lambda: Staff, *_PERSONAL))
def add_staff(**values: Any) -> Staff:
    """Add somebody who works here.

    Raises:
        RuleBroken: the department or post is retired.
    """
    _refuse_retired(values)
    return Staff.add(**values)


def _refuse_retired(values: dict[str, Any]) -> None:
    for name in ("department", "post"):
        chosen = values.get(name)
        if isinstance(chosen, Record) and not chosen.active:
            raise RuleBroken(f"{chosen.noun()}“{chosen.label()}”已停用。请另选，或先启用它。")


def _refuse_while_used(used: Record, where: Any) -> None:
    names = [one.name for one in Staff.select().where(where & Staff.left.is_null()).limit(4)]
    if names:
        told = "、".join(names[:3]) + ("等" if len(names) > 3 else "")
        raise RuleBroken(f"{used.noun()}“{used.label()}”还有在职员工：{told}。请先把他们改到别处，再停用。")
