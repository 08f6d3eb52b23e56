"""员工: departments, posts and the people who work here."""

from __future__ import annotations

from models.base import Record
from models.fields import CodeField, DayField, FlagField, LineField, LinkField, PhoneField


class Department(Record):
    """部门: one department of the office."""

    name = LineField(max_length=40, unique=True, verbose_name="部门名称")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "部门"


class Post(Record):
    """岗位: a post, its aliases in the duty documents, and whom it reports to."""

    name = LineField(max_length=40, unique=True, verbose_name="岗位名称")
    aliases = LineField(max_length=120, null=True, verbose_name="别名")
    reports_to = LineField(max_length=80, null=True, verbose_name="上级")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "岗位"


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
