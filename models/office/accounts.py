"""账号: who may sign in, by which roles, and what happened at the door."""

from __future__ import annotations

from enum import Enum
from typing import Any

from models.base import Record
from models.deeds import Scope
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
)
from models.office.ready_made import EVERY
from models.office.staff import Staff


class Reach(Enum):
    """How far the rights of a role reach; maps to deeds.Scope by name."""

    OWN = "本人"
    DEPARTMENT = "本部门"
    ALL = "全部"


class Role(Record):
    """角色: named rights and how far they reach; ready-made ones may be edited."""

    name = LineField(max_length=40, unique=True, verbose_name="角色名称")
    reach = ChoiceField(Reach, default=Reach.ALL, verbose_name="数据范围")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "角色"


class RoleRight(Record):
    """角色权限: one right that a role holds."""

    role = LinkField(Role, backref="rights", verbose_name="角色")
    right = LineField(max_length=40, verbose_name="权限")

    class Meta:
        title = "角色权限"
        indexes = ((("role", "right"), True),)


class Account(Record):
    """账号: a login; the name on papers is that of the member of staff."""

    staff_id: int

    login = CodeField(max_length=24, unique=True, verbose_name="登录名")
    staff = LinkField(Staff, backref="accounts", verbose_name="员工")
    password = LineField(max_length=200, verbose_name="口令")
    must_change = FlagField(default=False, verbose_name="下次登录须改口令")
    active = FlagField(default=True, verbose_name="在用")
    failures = CountField(default=0, verbose_name="连续失败")
    locked_until = MomentField(null=True, verbose_name="锁定至")

    key_field = "login"

    class Meta:
        title = "账号"

    def label(self) -> str:
        """Return wangmin 王敏."""
        return f"{self.login} {self.staff.name}"

    @property
    def account_id(self) -> int:
        """Number of the account, as the audit trail keeps it."""
        return int(self.id)

    @property
    def name(self) -> str:
        """Name of the member of staff, as papers and the audit trail say it."""
        return str(self.staff.name)

    @property
    def department_id(self) -> int | None:
        """Department in which the person works now."""
        found: int | None = Staff.select(Staff.department).where(Staff.id == self.staff_id).scalar()
        return found

    def may(self, right: str) -> bool:
        """Whether the person holds a right now; whoever is retired or must change a password, none."""
        return bool(self._reaches(right).limit(1).tuples())

    def scope(self, right: str) -> Scope:
        """Return the widest reach among the roles that grant a right; the narrowest without one."""
        reaches = [Reach[reach] for (reach,) in self._reaches(right).tuples()]
        return max((Scope[reach.name] for reach in reaches), default=Scope.OWN)

    def _reaches(self, right: str) -> Any:
        """Select the reach of every role in use that grants this account a right, in one query."""
        return (
            Role.select(Role.reach.cast("TEXT"))
            .join(RoleRight)
            .switch(Role)
            .join(AccountRole)
            .join(Account)
            .where(
                (Account.id == self.id)
                & Account.active
                & ~Account.must_change
                & Role.active
                & RoleRight.right.in_((right, EVERY))
            )
        )


class AccountRole(Record):
    """账号角色: one role that an account holds."""

    account = LinkField(Account, backref="roles", verbose_name="账号")
    role = LinkField(Role, backref="accounts", verbose_name="角色")

    class Meta:
        title = "账号角色"
        indexes = ((("account", "role"), True),)


class SignIn(Record):
    """登录记录: every try at the door."""

    at = MomentField(index=True, verbose_name="时间")
    login = CodeField(max_length=24, verbose_name="登录名")
    admitted = FlagField(verbose_name="进入")
    reason = LineField(max_length=40, verbose_name="说明")
    machine = LineField(max_length=60, null=True, verbose_name="电脑")

    class Meta:
        title = "登录记录"
