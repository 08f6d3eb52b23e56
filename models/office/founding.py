"""建账: make the database of a new office, with its calendar, its roles and its first account."""

from __future__ import annotations

from pathlib import Path

from models import deeds, workdays
from models.base import RECORDS, Journal, db, insert_rows, journalling
from models.fields import accept
from models.office import passwords, ready_made
from models.office.accounts import Account, AccountRole, Reach, Role, RoleRight
from models.office.profile import Profile
from models.office.staff import Department, Post, Staff
from models.store import create_office
from models.workdays import CalendarYear, SpecialDay

FOUND = deeds.act("office.found", "建账")


def found_office(path: Path, name: str, password: str, *, community: str | None = None) -> None:
    """Make an empty office whose first account is `admin`; the database is closed afterwards.

    Args:
        path: where; nothing may be there yet.
        name: what the office is called.
        password: of the first account, which need not change it.
        community: the estate it looks after, where `models.owners` is loaded.

    Raises:
        StorageRefused: the file exists or cannot be made; none is left behind.
        BadInput: the name or the password cannot be.
    """
    name = accept(Profile.office, name)
    passwords.check(password, login="admin", office=name)
    kept = passwords.hashed(password)
    if not db.is_closed():
        db.close()
    create_office(path, lambda: _fill(name, kept, community))


def _fill(name: str, kept: str, community: str | None) -> None:
    with deeds.acting(deeds.TheOffice()), deeds.transaction(), journalling(Journal()):
        Profile.add(office=name)
        _seed_calendar()
        _seed_posts()
        _seed_roles()
        _add_administrator(kept)
        if community:
            RECORDS["Community"].add(name=community)
        deeds.record(FOUND, name, {"office": name})


def _seed_calendar() -> None:
    years, days = workdays.seed_rows()
    insert_rows(CalendarYear, ("year",), [(year,) for year in years])
    insert_rows(SpecialDay, ("day", "kind", "name"), days)


def _seed_posts() -> None:
    insert_rows(Department, ("name", "active"), [(name, True) for name in ready_made.DEPARTMENTS])
    insert_rows(
        Post,
        ("name", "aliases", "reports_to", "active"),
        [(post.name, post.aliases, post.reports_to, True) for post in ready_made.POSTS],
    )


def _seed_roles() -> None:
    roles = [(role.name, Reach[role.reach].name, True) for role in ready_made.ROLES]
    ids = insert_rows(Role, ("name", "reach", "active"), roles)
    rights = [
        (id, right)
        for id, role in zip(ids, ready_made.ROLES, strict=True)
        for right in dict.fromkeys(role.rights)
    ]
    insert_rows(RoleRight, ("role", "right"), rights)


def _add_administrator(kept: str) -> None:
    post = Post.find(ready_made.ADMINISTRATOR)
    staff = Staff.add(number="0001", name="管理员", department=Department.find("管理处"), post=post)
    account = Account.add(login="admin", staff=staff, password=kept)
    for role in (ready_made.ADMINISTRATOR, ready_made.IN_CHARGE):
        AccountRole.add(account=account, role=Role.find(role))
