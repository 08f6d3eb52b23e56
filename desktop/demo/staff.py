"""演示的员工: who works in the demo office, who may sign in as what, who looks after which building."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from desktop.demo.calendar import Calendar
from models import deeds
from models.base import Journal, journalling
from models.fields import BEGINNING
from models.office import signin
from models.office.accounts import Account, Role, add_account
from models.office.founding import FOUND
from models.office.profile import edit_profile, profile
from models.office.staff import Department, Post, Staff, add_staff
from models.owners.caretaking import CareKind, assign_caretaker
from models.owners.estate import Building

OFFICE = "枫林雅苑物业服务中心"
PASSWORD = "yanshi-8866"
"""Of everybody in the demo."""

_ADMINISTRATOR = "系统管理员、负责人"
_PAYEE = "演示数据：此码不能付款"


class DemoUser(NamedTuple):
    """Somebody who may sign in."""

    login: str
    role: str
    password: str


class _Post(NamedTuple):
    """Somebody who works here: `login` and `role` where he may sign in."""

    name: str
    department: str
    post: str
    login: str | None = None
    role: str | None = None


_STAFF = (
    _Post("何志远", "管理处", "管理处主任", "manager", "管理处主任"),
    _Post("苏慧敏", "客户服务部", "客服主管", "supervisor", "客服主管"),
    _Post("方小雨", "客户服务部", "客服管理员", "caretaker", "客服管理员"),
    _Post("贺兰", "客户服务部", "客服管理员"),
    _Post("王敏", "客户服务部", "收款员", "cashier", "收款员"),
    _Post("丁洁", "客户服务部", "收款员", "cashier2", "收款员"),
    _Post("沈国平", "财务部", "会计", "accountant", "会计"),
    _Post("单长河", "秩序维护部", "保安班长", "guard", "保安班长"),
    _Post("卢建军", "秩序维护部", "巡逻员"),
    _Post("魏铁生", "工程部", "维修工", "repairer", "维修工"),
    _Post("石磊", "工程部", "维修工"),
    _Post("孟广平", "管理处", "总经理", "general", "总经理"),
    _Post("严正东", "管理处", "常务副总经理", "deputy", "常务副总经理"),
    _Post("高原", "物配中心", "物配中心", "buyer", "物配中心"),
    _Post("曹桂芝", "食堂", "食堂仓库管理员", "storekeeper", "食堂仓库管理员"),
    _Post("于静", "品质管理部", "品质管理员", "quality", "品质管理员"),
)


@dataclass
class Crew:
    """The accounts by which the demo is kept.

    Args:
        admin: who founded the office.
        accounts: every other account by its login.
        staff: everybody by name.
        since: the day from which they look after their buildings.
    """

    admin: Account
    accounts: dict[str, Account]
    staff: dict[str, Staff]
    since: date

    @property
    def accountant(self) -> Account:
        """Who keeps items and bills, and voids receipts."""
        return self.accounts["accountant"]

    @property
    def supervisor(self) -> Account:
        """Who keeps the owner files."""
        return self.accounts["supervisor"]

    @property
    def cashiers(self) -> list[Account]:
        """Those who take money."""
        return [self.accounts["cashier"], self.accounts["cashier2"]]

    @property
    def users(self) -> list[DemoUser]:
        """Everybody who may sign in."""
        others = [DemoUser(one.login, one.role, PASSWORD) for one in _STAFF if one.login and one.role]
        return [DemoUser("admin", _ADMINISTRATOR, PASSWORD), *others]

    def take_charge(self, buildings: Sequence[Building]) -> None:
        """Let caretakers and collectors look after the buildings in turn."""
        hands = {
            CareKind.CARETAKER: ("方小雨", "贺兰"),
            CareKind.COLLECTOR: tuple(account.name for account in self.cashiers),
        }
        for kind, names in hands.items():
            for index, building in enumerate(buildings):
                mine = self.staff[names[index % len(names)]]
                assign_caretaker(mine, building=building, kind=kind, since=self.since)


def hire(calendar: Calendar) -> Crew:
    """Take everybody on, with accounts whose passwords need not be changed, and fill in the settings."""
    admin = Account.find("admin")
    crew = Crew(admin, {}, {}, BEGINNING)
    with deeds.acting(admin):
        edit_profile(**_settings())
        for index, one in enumerate(_STAFF, start=2):
            crew.staff[one.name] = add_staff(
                number=f"{index:04d}", name=one.name, department=Department.find(one.department),
                post=Post.find(one.post), phone=f"1540000{index:04d}",
                joined=calendar.first.plus(-6 - index).day(index),
            )  # fmt: skip
            if one.login and one.role:
                crew.accounts[one.login] = _admit(one.login, crew.staff[one.name], one.role)
    return crew


def _admit(login: str, staff: Staff, role: str) -> Account:
    issued = add_account(login, staff, Role.find(role))
    signin.change_password(issued.account, issued.password, PASSWORD)
    return Account.find(login)


def _settings() -> dict[str, object]:
    return {
        "company": "枫林物业服务有限公司",
        "telephone": "0871-5550100",
        "address": "枫林路 88 号枫林雅苑 1 栋首层",
        "window_hours": "每日 8:30–12:00，14:00–18:00",
        "bank": "演示银行枫林支行",
        "account_name": "枫林物业服务有限公司",
        "bank_account": "6200000000000000000",
        "payee_qr": payee_picture(),
        "seal_place": "物业服务中心（盖章）",
    }


def set_up(crew: Crew) -> None:
    """Mark the office as a demo: from here on its papers say 演示."""
    with deeds.acting(crew.admin), deeds.transaction(), journalling(Journal()) as notes:
        profile().change(demo=True)
        deeds.record(FOUND, OFFICE, {"changes": notes.changes})


def payee_picture() -> bytes:
    """Return the picture of a QR code that says it is none to pay by, as PNG."""
    from reports.paper.qr import modules

    return png(modules(_PAYEE), scale=6)


def png(rows: Sequence[str], scale: int) -> bytes:
    """Return rows of 0 and 1 as a black and white PNG with a white margin of four modules."""
    side = len(rows) + 8
    blank = "0" * side
    whole = [blank] * 4 + [f"0000{row}0000" for row in rows] + [blank] * 4
    lines = [bytes(0 if bit == "1" else 255 for bit in row for _ in range(scale)) for row in whole]
    pixels = b"".join(b"\0" + line for line in lines for _ in range(scale))
    size = struct.pack(">IIBBBBB", side * scale, side * scale, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", size), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
