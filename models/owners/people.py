"""人员: owners, tenants, family and companies, and what binds them to units."""

from __future__ import annotations

from datetime import date
from enum import Enum

from models import pinyin
from models.base import Dated, Record
from models.fields import (
    ChoiceField,
    CodeField,
    FlagField,
    IdentityField,
    LineField,
    LinkField,
    NoteField,
    PhoneField,
    ShareField,
)
from models.owners.estate import Unit


class PersonKind(Enum):
    """A natural person or a company."""

    PERSON = "个人"
    COMPANY = "单位"


class Gender(Enum):
    """As the roster says; missing where nobody asked."""

    MALE = "男"
    FEMALE = "女"


class Person(Record):
    """人员: one person or company; the key is 业主编号, never name, phone or ID."""

    number = CodeField(max_length=24, unique=True, verbose_name="业主编号")
    name = LineField(max_length=60, index=True, verbose_name="姓名")
    kind = ChoiceField(PersonKind, default=PersonKind.PERSON, verbose_name="类别")
    gender = ChoiceField(Gender, null=True, verbose_name="性别")
    phone = PhoneField(null=True, verbose_name="电话")
    identity = IdentityField(null=True, verbose_name="证件号码")
    contact = LineField(max_length=40, null=True, verbose_name="联系人")
    address = LineField(max_length=120, null=True, verbose_name="通讯地址")
    note = NoteField(null=True, verbose_name="备注")
    search = LineField(max_length=300, default="", verbose_name="检索")

    key_field = "number"

    class Meta:
        title = "人员"

    def label(self) -> str:
        """Return the name."""
        return str(self.name)

    def derive(self) -> None:
        """Keep what the search looks in: name, pinyin, initials, phone."""
        self.search = search_text(self.name, self.phone)


def search_text(name: str, phone: str | None) -> str:
    """Return what a search for a person looks in."""
    return f"{name} {pinyin.search_keys(name)} {phone or ''}".strip()[:300]


class Ownership(Dated):
    """产权: who owns a unit from when to when; joint owners hold shares."""

    unit = LinkField(Unit, backref="ownerships", verbose_name="房号")
    person = LinkField(Person, backref="ownerships", verbose_name="业主")
    share = ShareField(null=True, verbose_name="份额(%)")
    primary = FlagField(default=True, verbose_name="主要联系人")

    class Meta:
        title = "产权"
        indexes = ((("unit", "person", "since"), True),)

    def label(self) -> str:
        """Return 1-1-1011 王桂芳."""
        return f"{self.unit.code} {self.person.name}"


class OccupancyKind(Enum):
    """Why somebody uses a unit without owning it."""

    TENANT = "租户"
    FAMILY = "家庭成员"
    OTHER = "其他"


class Occupancy(Dated):
    """使用: who lives in or uses a unit without owning it; a tenant may be the one who pays."""

    unit = LinkField(Unit, backref="occupancies", verbose_name="房号")
    person = LinkField(Person, backref="occupancies", verbose_name="使用人")
    kind = ChoiceField(OccupancyKind, default=OccupancyKind.TENANT, verbose_name="关系")
    pays = FlagField(default=False, verbose_name="由其交费")

    class Meta:
        title = "使用"
        indexes = ((("unit", "person", "since"), True),)

    def label(self) -> str:
        """Return 1-1-1011 王桂芳 租户."""
        return f"{self.unit.code} {self.person.name} {self.kind.value}"


class VehicleKind(Enum):
    """As the roster of the peer system codes them (9901–9903)."""

    CAR = "小汽车"
    COACH = "客车"
    TRUCK = "货车"


class Vehicle(Dated):
    """车辆: a plate, whose it is, and the space it uses."""

    plate = CodeField(max_length=12, index=True, verbose_name="车牌号")
    person = LinkField(Person, null=True, backref="vehicles", verbose_name="车主")
    space = LinkField(Unit, null=True, backref="vehicles", verbose_name="车位")
    kind = ChoiceField(VehicleKind, default=VehicleKind.CAR, verbose_name="车型")
    brand = LineField(max_length=30, null=True, verbose_name="品牌")
    colour = LineField(max_length=12, null=True, verbose_name="颜色")

    key_field = "plate"

    class Meta:
        title = "车辆"
        indexes = ((("plate", "since"), True),)


def owners_on(unit: Unit, day: date) -> list[Ownership]:
    """Return the ownership rows that hold on a day, the main contact first."""
    rows = (
        Ownership.select(Ownership, Person).join(Person).where((Ownership.unit == unit) & Ownership.on(day))
    )
    return list(rows.order_by(Ownership.primary.desc(), Ownership.id))
