"""综合办公名单: departments, posts, staff, accounts, roles, and which role holds which right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import peewee

from models import deeds, sqlite
from models.base import Record, db
from models.fields import CountField, LineField, MomentField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.office.accounts import ACCOUNTS, Account, AccountRole, Role, RoleRight
from models.office.deputies import APPROVALS
from models.office.signin import SignIn
from models.office.staff import STAFF, Department, Post, Staff
from models.search import MOST, Hit, Sought, finds, rank

USED = {"是": "ok", "否": "warning"}


@listing("departments", "部门", "office", STAFF)
def departments(filters: Filters) -> Listing:
    """Departments with the number of people in them."""
    working = Staff.select(peewee.fn.COUNT(Staff.id)).where(
        (Staff.department == Department.id) & Staff.left.is_null()
    )
    columns = (
        Shown("name", Department.name),
        Shown("staff", CountField(verbose_name="在职人数"), working),
        Shown("active", Department.active, status=True),
    )
    return _list(Department, columns, "name", search=(Department.name,))


@listing("posts", "岗位", "office", STAFF)
def posts(filters: Filters) -> Listing:
    """Posts with their aliases and whom they report to."""
    columns = (
        Shown("name", Post.name),
        Shown("aliases", Post.aliases),
        Shown("reports_to", Post.reports_to),
        Shown("active", Post.active, status=True),
    )
    return _list(Post, columns, search=(Post.name, Post.aliases))


@listing("staff", "员工", "office", STAFF)
def staff(filters: Filters) -> Listing:
    """Everybody who works or worked here."""
    query = (
        Staff.select()
        .join(Department, peewee.JOIN.LEFT_OUTER)
        .switch(Staff)
        .join(Post, peewee.JOIN.LEFT_OUTER)
    )
    columns = (
        Shown("number", Staff.number),
        Shown("name", Staff.name),
        Shown("department", Staff.department, Department.name),
        Shown("post", Staff.post, Post.name),
        Shown("phone", Staff.phone),
        Shown("joined", Staff.joined),
        Shown("left", Staff.left),
    )
    return _list(Staff, columns, "number", query=query, search=(Staff.number, Staff.name, Post.name))


@listing("accounts", "账号", "office", ACCOUNTS)
def accounts(filters: Filters) -> Listing:
    """Accounts with their roles and when they were last used."""
    query = Account.select().join(Staff).join(Department, peewee.JOIN.LEFT_OUTER)
    held = (
        AccountRole.select(sqlite.joined(Role.name, "、")).join(Role).where(AccountRole.account == Account.id)
    )
    last = SignIn.select(peewee.fn.MAX(SignIn.at)).where((SignIn.login == Account.login) & SignIn.admitted)
    columns = (
        Shown("login", Account.login),
        Shown("name", Staff.name),
        Shown("department", Staff.department, Department.name),
        Shown("roles", LineField(max_length=200, null=True, verbose_name="角色"), held),
        Shown("active", Account.active, status=True),
        Shown("must_change", Account.must_change),
        Shown("last_sign_in", MomentField(null=True, verbose_name="最近登录"), last),
        Shown("locked_until", Account.locked_until),
    )
    return _list(Account, columns, "login", query=query, search=(Account.login, Staff.name))


@listing("colleagues", "同事", "office", APPROVALS)
def colleagues(filters: Filters) -> Listing:
    """Accounts in use, by which anybody can name a deputy; no page shows it."""
    query = Account.select().join(Staff).join(Post, peewee.JOIN.LEFT_OUTER).where(Account.active)
    columns = (
        Shown("login", Account.login),
        Shown("name", Staff.name, tells=True),
        Shown("post", Staff.post, Post.name),
    )
    return _list(Account, columns, "login", query=query, search=(Account.login, Staff.name))


@listing("staff_names", "员工姓名", "office", APPROVALS)
def staff_names(filters: Filters) -> Listing:
    """Who works here, by which anybody can name a colleague; no page shows it, and it tells no telephone."""
    query = Staff.select().join(Post, peewee.JOIN.LEFT_OUTER).where(Staff.left.is_null())
    columns = (
        Shown("number", Staff.number),
        Shown("name", Staff.name, tells=True),
        Shown("post", Staff.post, Post.name),
    )
    return _list(Staff, columns, "number", query=query, search=(Staff.number, Staff.name))


@listing("roles", "角色", "office", ACCOUNTS)
def roles(filters: Filters) -> Listing:
    """Roles with how far they reach and how many hold them."""
    rights = RoleRight.select(peewee.fn.COUNT(RoleRight.id)).where(RoleRight.role == Role.id)
    every = RoleRight.select().where((RoleRight.role == Role.id) & (RoleRight.right == deeds.EVERY))
    number = peewee.Case(None, ((peewee.fn.EXISTS(every), len(deeds.RIGHTS)),), rights)
    holders = (
        AccountRole.select(peewee.fn.COUNT(AccountRole.id))
        .join(Account)
        .where((AccountRole.role == Role.id) & Account.active)
    )
    columns = (
        Shown("name", Role.name),
        Shown("reach", Role.reach),
        Shown("rights", CountField(verbose_name="权限数"), number),
        Shown("accounts", CountField(verbose_name="在用账号数"), holders),
        Shown("active", Role.active, status=True),
    )
    return _list(Role, columns, search=(Role.name,))


@listing("rights", "权限", "office", ACCOUNTS)
def rights(filters: Filters) -> RowListing:
    """Which role holds which right: a row a right, a column a role."""
    used = list(Role.select().where(Role.active).order_by(Role.id))
    granted = {role.name: role.granted() for role in used}
    columns = [
        Shown("title", LineField(max_length=40, verbose_name="权限")),
        Shown("right", LineField(max_length=40, verbose_name="名称"), hidden=True),
        *(Shown(role.name, LineField(max_length=8, verbose_name=role.name)) for role in used),
    ]
    rows = [
        (name, (title, name, *(_mark(role, name, granted[role.name]) for role in used)))
        for name, title in sorted(deeds.RIGHTS.items())
    ]
    return RowListing(columns, rows)


def _mark(role: Role, right: str, granted: set[str]) -> str:
    """Return √, the reach where the right has one, or nothing."""
    if not {right, deeds.EVERY} & granted:
        return ""
    return str(role.reach.value) if right in deeds.SCOPED else "√"


def _list(
    record: type[Record], columns: Any, *order: str, query: Any = None, search: tuple[Any, ...] = ()
) -> Listing:
    if query is None:
        query = record.select()
    return Listing(
        query,
        columns,
        id=record.id,
        order=order,
        record=record,
        search=search,
        tones=USED if _used(columns) else {},
    )


def _used(columns: Any) -> bool:
    return any(column.status for column in columns)


@finds(STAFF)
def staff_found(wanted: Sought) -> Iterator[Hit]:
    """Staff by number or a part of the name."""
    words = wanted.words
    told = Staff.select(Staff.id, Staff.name, Staff.number, Post.name).join(Post, peewee.JOIN.LEFT_OUTER)
    query = told.where(Staff.name.contains(words) | (Staff.number == words))
    for id, name, number, post in db.execute(query.limit(MOST)):
        best = min(rank(name, words), rank(number, words))
        yield Hit("staff", id, name, post or "", "员工", best)
