"""账号与角色: who may sign in, what they may do, and how far it reaches.

Whatever changes who may do what runs inside `guarded`: somebody can always administer, somebody
always holds every right, and nobody gains by their own hand (申请≠批准, forms.md A12).
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Annotated, Any, NamedTuple

from peewee import SQL

from models import deeds
from models.base import Record, db, journal
from models.deeds import EVERY, RIGHTS, SCOPED, Scope, deed
from models.errors import RuleBroken
from models.fields import ChoiceField, CodeField, CountField, FlagField, LineField, LinkField, MomentField
from models.inputs import Asked, edits_of, inputs_from
from models.office import passwords
from models.office.rightfield import RightField
from models.office.staff import Staff, on_leaving

ACCOUNTS = deeds.right("office.accounts", "管理账号和角色")

AskedRight = Annotated[str, Asked(RightField(max_length=40, verbose_name="权限"))]


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

    @deed(
        "office.edit_role",
        "修改角色",
        ACCOUNTS,
        inputs=edits_of(lambda: Role, "name", "reach"),
        undo="office.edit_role",
    )
    def edit(self, **values: Any) -> Role:
        """Change its name or how far it reaches.

        Raises:
            RuleBroken: one would gain by one's own hand.
        """
        with guarded():
            return self.change(**values)

    @deed("office.grant_right", "增加角色权限", ACCOUNTS, undo="office.revoke_right")
    def grant(self, right: AskedRight) -> Role:
        """Let those who hold the role do one thing more.

        Raises:
            RuleBroken: it may do so already, or one would gain by one's own hand.
        """
        if {right, EVERY} & self.granted():
            raise RuleBroken(f"角色“{self.name}”已有权限“{_title(right)}”。")
        with guarded():
            RoleRight.add(role=self, right=right)
        self.renew()
        return self

    @deed("office.revoke_right", "取消角色权限", ACCOUNTS, undo="office.grant_right")
    def revoke(self, right: AskedRight) -> Role:
        """Take one right from the role; from a role with every right, all others stay.

        Raises:
            RuleBroken: it has it not, or nobody could administer any more.
        """
        held = self.granted()
        if not {right, EVERY} & held:
            raise RuleBroken(f"角色“{self.name}”没有权限“{_title(right)}”。")
        whole = held | set(RIGHTS) if EVERY in held else held
        left = set() if right == EVERY else whole - {right, EVERY}
        with guarded():
            for gone in sorted(held - left):
                RoleRight.get(role=self, right=gone).remove()
            for stays in sorted(left - held):
                RoleRight.add(role=self, right=stays)
        self.renew()
        return self

    @deed("office.retire_role", "停用角色", ACCOUNTS, undo="office.restore_role")
    def retire(self) -> Role:
        """Stop using it.

        Raises:
            RuleBroken: an account in use holds it.
        """
        query = Account.select().join(AccountRole).where((AccountRole.role == self) & Account.active)
        holders = [account.label() for account in query.limit(4)]
        if holders:
            raise RuleBroken(f"角色“{self.name}”还有账号在用：{'、'.join(holders)}。请先收回，再停用。")
        return self.change(active=False)

    @deed("office.restore_role", "启用角色", ACCOUNTS, undo="office.retire_role")
    def restore(self) -> Role:
        """Use it again."""
        with guarded():
            return self.change(active=True)

    def may_be_taken_back(self, deed: str) -> bool:
        """Leave out taking one right from a role with every right: giving it back does not make it whole."""
        return deed != "office.revoke_right" or EVERY not in self.granted()

    def granted(self) -> set[str]:
        """Return the names of its rights, EVERY among them where it has them all."""
        return {row.right for row in RoleRight.select().where(RoleRight.role == self)}


class RoleRight(Record):
    """角色权限: one right that a role holds."""

    role = LinkField(Role, backref="rights", verbose_name="角色")
    right = RightField(max_length=40, verbose_name="权限")

    class Meta:
        title = "角色权限"
        indexes = ((("role", "right"), True),)


AskedRole = Annotated[Role, Asked(LinkField(Role, verbose_name="角色"))]


class KeptPasswordField(LineField):
    """What is kept of a password; never shown, in the audit trail only as a fingerprint."""

    withheld = True

    def show(self, value: Any) -> str:
        """Say whether there is one."""
        return "已设置" if value else ""

    def exact(self, value: Any) -> str:
        """A password has no text form."""
        return ""


class Issued(NamedTuple):
    """An account with the password that opens it once."""

    account: Account
    password: str

    def __str__(self) -> str:
        return f"账号 {self.account.login} 的一次性口令：{self.password}（只显示这一次，首次登录须改口令）"


class Account(Record):
    """账号: a login; the name on papers is that of the member of staff. It is who acts in deeds."""

    staff_id: int

    login = CodeField(max_length=24, unique=True, verbose_name="登录名")
    staff = LinkField(Staff, backref="accounts", verbose_name="员工")
    password = KeptPasswordField(max_length=200, verbose_name="口令")
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
        return any(held in (right, EVERY) for held, _ in self._granted())

    def held(self) -> set[str]:
        """Return every right the person holds now, in one query; EVERY stands for all."""
        return {right for right, _ in self._granted()}

    def scope(self, right: str) -> Scope:
        """Return the widest reach among the roles that grant a right; the narrowest without one."""
        reaches = [Scope[reach] for held, reach in self._granted() if held in (right, EVERY)]
        return max(reaches, default=Scope.OWN)

    def _granted(self) -> list[tuple[str, str]]:
        """Return the rights of every role in use that this account has, each with the role's reach."""
        granted: list[tuple[str, str]] = db.execute_sql(_grants(db.param), (self.id,)).fetchall()
        return granted

    @deed(
        "office.rename_account",
        "改登录名",
        ACCOUNTS,
        inputs=inputs_from(lambda: Account, "login"),
        undo="office.rename_account",
    )
    def rename(self, login: str) -> Account:
        """Give it another login."""
        return self.change(login=login)

    @deed(
        "office.retire_account",
        "停用账号",
        ACCOUNTS,
        question="停用后此人立即不能再操作。",
        danger=True,
        undo="office.restore_account",
    )
    def retire(self) -> Account:
        """Let nobody in by it any more; what it did keeps its name.

        Raises:
            RuleBroken: it is one's own, or the last that can administer.
        """
        _refuse_oneself(self, "停用自己的账号")
        with guarded():
            return self.change(active=False)

    @deed("office.restore_account", "启用账号", ACCOUNTS, undo="office.retire_account")
    def restore(self) -> Account:
        """Let its person in again.

        Raises:
            RuleBroken: the person left.
        """
        _refuse_leaver(self.staff)
        with guarded():
            return self.change(active=True)

    @deed("office.reset_password", "重置口令", ACCOUNTS, question="原口令立即失效，重新登录后须改口令。")
    def reset_password(self) -> Issued:
        """Give it a password that serves once; the person chooses another at the next sign-in.

        Raises:
            RuleBroken: it is one's own; that is changed, not reset.
        """
        _refuse_oneself(self, "重置自己的口令（请用“修改口令”）")
        password = passwords.one_time()
        kept = passwords.hashed(password)
        self.change(password=kept, must_change=True, failures=0, locked_until=None)
        return Issued(self, password)

    @deed("office.give_role", "授予角色", ACCOUNTS, undo="office.take_role")
    def give_role(self, role: AskedRole) -> Account:
        """Let the person do what a role may.

        Raises:
            RuleBroken: the account has it, the role is retired, or one would gain by one's own hand.
        """
        if not role.active:
            raise RuleBroken(f"角色“{role.name}”已停用。请先启用它。")
        if AccountRole.get_or_none(account=self, role=role):
            raise RuleBroken(f"{self.label()} 已有角色“{role.name}”。")
        with guarded():
            AccountRole.add(account=self, role=role)
        self.renew()
        return self

    @deed("office.take_role", "收回角色", ACCOUNTS, undo="office.give_role")
    def take_role(self, role: AskedRole) -> Account:
        """Take a role from the person; it holds from the next deed on.

        Raises:
            RuleBroken: the account has it not, or nobody could administer any more.
        """
        held = AccountRole.get_or_none(account=self, role=role)
        if held is None:
            raise RuleBroken(f"{self.label()} 没有角色“{role.name}”。")
        with guarded():
            held.remove()
        self.renew()
        return self


class AccountRole(Record):
    """账号角色: one role that an account holds."""

    account = LinkField(Account, backref="roles", verbose_name="账号")
    role = LinkField(Role, backref="accounts", verbose_name="角色")

    class Meta:
        title = "账号角色"
        indexes = ((("account", "role"), True),)


@functools.cache
def _grants(placeholder: str) -> str:
    """Return the statement behind `Account._granted`; asked so often that it is written only once."""
    mine = (Account.id == SQL(placeholder)) & Account.active & ~Account.must_change & Role.active
    query: Any = RoleRight.select(RoleRight.right, Role.reach).join(Role).join(AccountRole).join(Account)
    return str(query.where(mine).sql()[0])


@deed("office.add_role", "增加角色", ACCOUNTS, inputs=inputs_from(lambda: Role, "name", "reach"))
def add_role(**values: Any) -> Role:
    """Add a role that holds nothing yet."""
    return Role.add(**values)


@deed("office.add_account", "开账号", ACCOUNTS)
def add_account(
    login: Annotated[str, Asked(CodeField(max_length=24, verbose_name="登录名"))],
    staff: Annotated[Staff, Asked(LinkField(Staff, verbose_name="员工"))],
    role: Annotated[Role | None, Asked(LinkField(Role, null=True, verbose_name="角色"))] = None,
) -> Issued:
    """Let a member of staff in, with a password that serves once.

    Raises:
        RuleBroken: the person left, the login is taken, or one would gain by one's own hand.
    """
    _refuse_leaver(staff)
    password = passwords.one_time()
    made = Account.add(login=login, staff=staff, password=passwords.hashed(password), must_change=True)
    journal().subject = made
    if role is not None:
        with guarded():
            AccountRole.add(account=made, role=role)
    return Issued(made, password)


@on_leaving
def _retire_accounts(leaver: Staff) -> None:
    for account in Account.select().where((Account.staff == leaver) & Account.active):
        _refuse_oneself(account, "给自己办理离职")
        with guarded():
            account.change(active=False)


def _refuse_oneself(account: Account, what: str) -> None:
    if account.staff_id == getattr(deeds.actor(), "staff_id", None):
        raise RuleBroken(f"不能{what}。请由另一位管理员操作。")


def _refuse_leaver(staff: Staff) -> None:
    if staff.left:
        raise RuleBroken(f"{staff.name} 已于 {staff.left} 离职。请先办理复职。")


def _title(right: str) -> str:
    return str(RoleRight.right.show(right))


# -- what must always hold ---------------------------------------------------------------------


class Held(NamedTuple):
    """One right that an account in use holds through one role in use."""

    staff: int
    account: int
    right: str
    reach: Scope


@contextmanager
def guarded() -> Iterator[None]:
    """Refuse, by undoing the deed, a change that leaves nobody in charge or wins the person acting something.

    Raises:
        RuleBroken: it would.
    """
    before = _held()
    yield
    after = _held()
    if _administrators(before) and not _administrators(after):
        raise RuleBroken(
            "这样就没有人能管理账号和角色了。请先把“系统管理员”角色授予另一个在用的账号，再做这一步。"
        )
    if _in_charge(before) and not _in_charge(after):
        raise RuleBroken("这样就没有人拥有全部权限了。请先把“负责人”角色授予另一个在用的账号，再做这一步。")
    mine = getattr(deeds.actor(), "staff_id", None)
    if mine is not None and _gained(_own(before, mine), _own(after, mine)):
        raise RuleBroken("不能给自己增加权限或扩大范围。请由另一位管理员操作。")


def _held() -> list[Held]:
    query = (
        AccountRole.select(Account.staff, Account.id, RoleRight.right, Role.reach.cast("TEXT"))
        .join(Account)
        .switch(AccountRole)
        .join(Role)
        .join(RoleRight)
        .where(Account.active & Role.active)
    )
    rows: Any = query.tuples()
    return [Held(staff, account, right, Scope[reach]) for staff, account, right, reach in rows]


def _administrators(held: list[Held]) -> set[int]:
    return {one.account for one in held if one.right in (ACCOUNTS, EVERY)}


def _in_charge(held: list[Held]) -> set[int]:
    rights: dict[int, set[str]] = {}
    for one in held:
        rights.setdefault(one.account, set()).add(one.right)
    return {account for account, some in rights.items() if EVERY in some or some >= set(RIGHTS)}


def _own(held: list[Held], staff: int) -> dict[str, int]:
    """Return how far each right of one person reaches; the reach of unscoped ones does not matter."""
    reaches: dict[str, int] = {}
    for one in held:
        if one.staff == staff:
            weight = one.reach if one.right in SCOPED or one.right == EVERY else Scope.ALL
            reaches[one.right] = max(reaches.get(one.right, 0), weight)
    return reaches


def _gained(before: dict[str, int], after: dict[str, int]) -> bool:
    def had(right: str) -> int:
        every = before.get(EVERY, 0)
        return max(before.get(right, 0), every if right in SCOPED or right == EVERY else every and Scope.ALL)

    return any(had(right) < weight for right, weight in after.items())
