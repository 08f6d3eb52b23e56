"""岗位速查表 OF-22: on one sheet what a role sees, does and prints, and the keys that are used most.

It is derived from the rights of the role alone, so that it says what the program lets the role do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from models import deeds, workdays
from models.deeds import DEEDS, RIGHTS
from models.errors import NotFound
from models.listings import LISTS
from models.modules import title_of
from models.office.accounts import ACCOUNTS, Account, AccountRole, Role
from reports.paper import A4, FORMS, Column, Field, Form, Sheet, Table, declare
from reports.papers import PAPERS, PaperRequest, paper

KEYS = (
    ("Alt+1 … Alt+6", "到工作台和各模块"),
    ("Ctrl+PgDn / PgUp", "下一页、上一页"),
    ("Ctrl+K", "找房屋、人员、单据、页面"),
    ("Ctrl+F", "在名单中找"),
    ("Ctrl+1 … Ctrl+9", "本页从左到右的按钮"),
    ("Enter", "办理选中的一行；下一栏"),
    ("Ctrl+Enter", "保存；收款并打印"),
    ("Esc", "取消"),
    ("Ctrl+I", "选中行的卡片"),
    ("Ctrl+Tab", "下一个打开的模块"),
    ("空格", "勾选待收明细"),
    ("Ctrl+P / Ctrl+E", "打印、导出"),
    ("F5", "刷新"),
    ("Ctrl+L", "离开座位时锁定"),
    ("F1", "这一页的帮助"),
)
"""The keys of everybody; a test holds them against what the window declares."""
UNSEEN = {"rights", "colleagues"}
"""Lists that no page shows: they are asked for by the command line, or by a field that names one of them."""
_MANY = 6
"""Lists or forms of a module from which on it is named as a whole; of so many one may be lacking."""
_SIDE_BY_SIDE = 3
"""Keys on one line."""
_BETWEEN = re.compile(r"[,，、;；]+")
_SINGLE = "其他"
"""Stands where a right lets one do a single thing, which says enough."""
_TRIAL = "try_"
"""Deeds of this name are the trial of others, not something of their own."""

FORM = declare(
    Form(
        code="OF-22",
        title="岗位速查表",
        module="office",
        paper=A4,
        head=(
            Field("role", "岗位（角色）", span=6),
            Field("reach", "数据范围", span=6),
            Field("sees", "看什么（名单）", span=12),
            Field("prints", "印什么（表单）", span=12),
        ),
        columns=(Column("权限", 34), Column("办什么", 136)),
        size=8,
        more=(
            Table(
                (Column("键", 25), Column("做什么", 32)) * _SIDE_BY_SIDE,
                name="keys",
                caption="常用键",
                size=9,
                together=True,
            ),
        ),
        notes=("没有写在上面的，办了也会被拒绝；需要时请找管理员。各页的用法按 F1。",),
        qr=False,
        number_rule="SC-YYYYMMDD",
        retention="R1",
    )
)


@paper("OF-22", workdays.SEE, "number")  # whoever signs in may have his own
def quick_cards(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in a card for each role that is named, by default for those of the person acting.

    Raises:
        NotFound: there is no such role, or the person has none.
        PermissionDenied: a role that is not one's own is for who administers roles.
    """
    own = _own()
    wanted = _named(request.number) if request.number else own
    if not wanted:
        raise NotFound("您还没有角色。请写角色名称，例如“收款员”。")
    if any(role not in own for role in wanted):
        deeds.require(ACCOUNTS)
    return (sheet_of(role) for role in wanted)


def sheet_of(role: Role) -> Sheet:
    """Return the card of one role."""
    rights = role.granted()
    every = deeds.EVERY in rights
    held = set(RIGHTS) if every else rights & set(RIGHTS)
    return Sheet(
        FORM,
        number=f"SC-{date.today():%Y%m%d}",
        values={
            "role": role.name,
            "reach": role.reach.value,
            "sees": "全部名单" if every else _gathered(_lists_by_module(), seen_by(held)),
            "prints": "全部表单" if every else _gathered(_papers_by_module(), printed_by(held)),
        },
        rows=done_everywhere() if every else done_by(held) or [("—", "只看，不办")],
        tables={"keys": _beside()},
    )


def seen_by(held: set[str]) -> list[str]:
    """Return the titles of the lists that these rights show."""
    return [one.title for one in LISTS.values() if one.right in held and one.name not in UNSEEN]


def printed_by(held: set[str]) -> list[str]:
    """Return the titles and codes of the forms that these rights print."""
    made = sorted(code for code, maker in PAPERS.items() if maker.right in held)
    return [f"{FORMS[code].title} {code}" for code in made]


def _lists_by_module() -> dict[str, list[str]]:
    """Return the titles of all lists by their module."""
    found: dict[str, list[str]] = {}
    for one in LISTS.values():
        if one.name not in UNSEEN:
            found.setdefault(one.module, []).append(one.title)
    return found


def _papers_by_module() -> dict[str, list[str]]:
    """Return the titles and codes of all forms that are filled in by their module."""
    found: dict[str, list[str]] = {}
    for code in sorted(PAPERS):
        found.setdefault(FORMS[code].module, []).append(f"{FORMS[code].title} {code}")
    return found


def _gathered(modules: Mapping[str, Sequence[str]], held: Sequence[str]) -> str:
    """Name what somebody has; a module of which he has nearly all is named with what he lacks of it."""
    told, within = [], set[str]()
    for name, titles in modules.items():
        lacking = [title for title in titles if title not in held]
        if len(titles) >= _MANY and len(lacking) * _MANY <= len(titles):
            less = f"（不含 {'、'.join(lacking)}）" if lacking else ""
            told.append(f"“{title_of(name)}”全部 {len(titles) - len(lacking)} 种{less}")
            within |= set(titles)
    return "、".join([*told, *(title for title in held if title not in within)]) or "没有"


def done_by(held: set[str]) -> list[tuple[str, str]]:
    """Return what these rights let one do: the title of each right, and those of its deeds."""
    found: dict[str, list[str]] = {}
    for deed in DEEDS.values():
        if deed.right in held and not deed.name.partition(".")[2].startswith(_TRIAL):
            found.setdefault(deed.right, []).append(deed.title)
    reading = {one.right for one in LISTS.values()}
    others = [title for name, title in RIGHTS.items() if name in held - found.keys() - reading]
    rows = [(RIGHTS[name], list(dict.fromkeys(found[name]))) for name in RIGHTS if name in found]
    others = [titles[0] for _, titles in rows if len(titles) == 1] + others
    told = [(title, "、".join(titles)) for title, titles in rows if len(titles) > 1]
    return told + ([(_SINGLE, "、".join(others))] if others else [])


_BESIDE = {"records": "附件"}
"""What deeds are about that are of no module."""


def done_everywhere() -> list[tuple[str, str]]:
    """Return all that can be done, by module: whoever may everything needs no rights to be told apart."""
    found: dict[str, list[str]] = {}
    for deed in DEEDS.values():
        module, _, verb = deed.name.partition(".")
        if not verb.startswith(_TRIAL):
            found.setdefault(_BESIDE.get(module) or title_of(module), []).append(deed.title)
    return [(title, "、".join(dict.fromkeys(titles))) for title, titles in found.items()]


def _named(words: str) -> list[Role]:
    """Return the roles of some names.

    Raises:
        NotFound: one of them is none.
    """
    whole = Role.get_or_none(Role.name == words.strip())
    if whole is not None:
        return [whole]
    return [Role.find(name.strip()) for name in _BETWEEN.split(words) if name.strip()]


def _own() -> list[Role]:
    """Return the roles in use of the person acting."""
    someone = deeds.actor()
    if not isinstance(someone, Account):
        return []
    query = Role.select().join(AccountRole).where((AccountRole.account == someone) & Role.active)
    return list(query.order_by(Role.id))


def _beside() -> list[tuple[str, ...]]:
    """Return the keys as rows, down the first pair of columns, then down the next."""
    deep = -(-len(KEYS) // _SIDE_BY_SIDE)
    rows = [KEYS[number::deep] for number in range(deep)]
    blank = ("", "")
    return [sum((*row, *[blank] * (_SIDE_BY_SIDE - len(row))), start=()) for row in rows]
