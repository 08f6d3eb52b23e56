"""人员: owners, tenants, family and companies, and what binds them to units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, NamedTuple, Self

from models import pinyin, text
from models.base import Dated, Record, journal
from models.deeds import deed
from models.errors import NotFound, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    DerivedField,
    FlagField,
    IdentityField,
    LineField,
    LinkField,
    NoteField,
    PhoneField,
    ShareField,
    SinceField,
)
from models.inputs import Asked, edits_of
from models.owners.dated import (
    ONE_DAY,
    AskedEnd,
    AskedStart,
    close,
    drop_rest,
    holds,
    overlap,
    split,
    turning_days,
)
from models.owners.estate import Unit
from models.owners.leaving import AskedDespite, refuse_open
from models.owners.retiring import check_retiring, objects_to_retiring
from models.owners.rights import EDIT, REVEAL


class PersonKind(Enum):
    """A natural person or a company."""

    PERSON = "个人"
    COMPANY = "单位"


class Gender(Enum):
    """As the roster says; missing where nobody asked."""

    MALE = "男"
    FEMALE = "女"


class Revealed(NamedTuple):
    """What is masked everywhere else, in full."""

    phone: str | None
    identity: str | None


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
    active = FlagField(default=True, verbose_name="在用")
    search = DerivedField(max_length=300, default="", verbose_name="检索")

    key_field = "number"

    class Meta:
        title = "人员"

    def label(self) -> str:
        """Return the name."""
        return str(self.name)

    def derive(self) -> None:
        """Keep what the search looks in: name, pinyin, initials, phone."""
        self.search = search_text(self.name, self.phone)

    @deed(
        "owners.edit_person",
        "修改人员",
        EDIT,
        inputs=edits_of(
            lambda: Person,
            *("name", "kind", "gender", "phone", "identity", "contact", "address", "note", "number"),
        ),
        undo="owners.edit_person",
    )
    def edit(self, **values: Any) -> Self:
        """Change what is known of the person."""
        return self.change(**values)

    @deed("owners.retire_person", "停用人员", EDIT, danger=True, undo="owners.restore_person")
    def retire(self) -> Self:
        """Take a person out of use; the name stays on old papers."""
        check_retiring(self)
        return self.change(active=False)

    @deed("owners.restore_person", "恢复人员", EDIT, undo="owners.retire_person")
    def restore(self) -> Self:
        """Put a person into use again."""
        return self.change(active=True)

    @deed("owners.reveal", "显示电话证件", REVEAL)
    def reveal(self) -> Revealed:
        """Return phone and identity number in full; the audit trail says who looked, not what was seen."""
        journal().note(revealed=f"{self.number} {self.name}")
        return Revealed(self.phone, self.identity)


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

    @deed("owners.end_ownership", "结束产权", EDIT)
    def end(self, until: AskedEnd = None, despite: AskedDespite = False) -> Self:
        """Let a person own the unit up to a day; the next joint owner becomes 主要联系人.

        Raises:
            RuleBroken: he owes something, or something of his is held.
        """
        last, was = until or date.today(), self.until
        refuse_open(self.unit, [self.person], last, despite=despite)
        close(self, last)
        drop_rest(self, was, "unit", "person")
        settle_owners(self.unit, last)
        return self

    @deed("owners.set_primary", "设为主要联系人", EDIT)
    def make_primary(self, since: AskedStart = None) -> Self:
        """Let notices name this owner from a day on; whoever was named before steps back."""
        day = max(since or date.today(), self.since)
        if not holds(self, day):
            raise RuleBroken(f"{self.label()} 的产权已在 {self.until} 结束。请选现在的业主。")
        named = split(self, day, primary=True)
        settle_owners(self.unit, day, self.person)
        return named

    @deed("owners.set_share", "设定份额", EDIT, undo="owners.set_share")
    def set_share(
        self, share: Annotated[Decimal | None, Asked(ShareField(null=True, verbose_name="份额(%)"))]
    ) -> Self:
        """Correct the share that this owner holds."""
        self.change(share=share)
        settle_owners(self.unit, self.since)
        return self


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

    @deed("owners.end_occupancy", "结束使用", EDIT)
    def end(self, until: AskedEnd = None, despite: AskedDespite = False) -> Self:
        """Let a person use the unit up to a day.

        Raises:
            RuleBroken: he owes something, or something of his is held.
        """
        was = self.until
        refuse_open(self.unit, [self.person], until or date.today(), despite=despite)
        close(self, until or date.today())
        drop_rest(self, was, "unit", "person", "kind")
        return self

    @deed("owners.set_payer", "设定由其交费", EDIT)
    def set_pays(
        self,
        pays: Annotated[bool, Asked(FlagField(verbose_name="由其交费"))],
        since: AskedStart = None,
    ) -> Self:
        """Say from a day on whether this user pays for the unit; only one user does at a time."""
        day = max(since or date.today(), self.since)
        if not holds(self, day):
            raise RuleBroken(f"{self.label()} 已在 {self.until} 结束。请选现在的使用人。")
        told = split(self, day, pays=pays)
        if pays:
            let_one_pay(told)
        return told


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

    @classmethod
    def find(cls, key: str | int) -> Self:
        """Return the newest row of a plate.

        Raises:
            NotFound: nobody entered such a plate.
        """
        plate = text.narrow(str(key)).upper()
        for row in cls.select().where(cls.plate == plate).order_by(cls.since.desc()).limit(1):
            return row
        raise NotFound(f"没有车牌“{key}”的车辆。请核对后再输入。")

    def derive(self) -> None:
        """Write letters of the plate large."""
        self.plate = self.plate.upper()

    def label(self) -> str:
        """Return the plate."""
        return str(self.plate)

    @deed(
        "owners.edit_vehicle",
        "修改车辆",
        EDIT,
        inputs=edits_of(lambda: Vehicle, "person", "space", "kind", "brand", "colour"),
        undo="owners.edit_vehicle",
    )
    def edit(self, **values: Any) -> Self:
        """Change whose it is, its space or what it looks like."""
        return self.change(**values)

    @deed("owners.end_vehicle", "注销车辆", EDIT)
    def end(self, until: AskedEnd = None) -> Self:
        """Let a vehicle be known up to a day."""
        return close(self, until or date.today())


def owners_on(unit: Unit, day: date) -> list[Ownership]:
    """Return the ownership rows that hold on a day, the main contact first."""
    rows = (
        Ownership.select(Ownership, Person).join(Person).where((Ownership.unit == unit) & Ownership.on(day))
    )
    return list(rows.order_by(Ownership.primary.desc(), Ownership.id))


def settle_owners(unit: Unit, since: date, named: Person | None = None) -> None:
    """See to it that from a day on exactly one owner is 主要联系人 and the shares fit into 100 %.

    Args:
        unit: whose owners.
        since: the day from which something changed.
        named: who shall be the main contact wherever he owns; else whoever is, else the first.

    Raises:
        RuleBroken: the shares of one day add up to more than 100 %.
    """
    for day in turning_days(Ownership.select().where(Ownership.unit == unit), since):
        owners = owners_on(unit, day)
        _check_shares(unit, day, owners)
        _name_one(owners, day, named)


def _check_shares(unit: Unit, day: date, owners: list[Ownership]) -> None:
    total = sum((row.share for row in owners if row.share is not None), start=Decimal(0))
    if total > 100:
        shown = SinceField().show(day)
        raise RuleBroken(f"{unit.code} 各业主的份额在 {shown} 合计 {total}%，超过 100%。请改小份额。")


def _name_one(owners: list[Ownership], day: date, named: Person | None) -> None:
    if not owners:
        return
    chosen = next((row for row in owners if named is not None and row.person == named), owners[0])
    for row in owners:
        if row.primary != (row is chosen):
            split(row, day, primary=row is chosen)


def let_one_pay(payer: Occupancy) -> None:
    """Let nobody else who uses the unit pay for it while this user does."""
    others = Occupancy.select().where(
        (Occupancy.unit == payer.unit) & (Occupancy.id != payer.id) & (Occupancy.pays == True)
    )
    for row in others:
        if overlap(row, payer.since, payer.until):
            meanwhile = split(row, max(row.since, payer.since), pays=False)
            if payer.until is not None and (meanwhile.until is None or meanwhile.until > payer.until):
                split(meanwhile, payer.until + ONE_DAY, pays=True)


@objects_to_retiring(Person)
def _owns_or_uses(person: Person) -> str | None:
    today = date.today()
    held = [
        row.unit.code
        for record in (Ownership, Occupancy)
        for row in record.select().where((record.person == person) & record.on(today))
    ]
    if not held:
        return None
    return f"{person.name} 现在还是 {'、'.join(held[:3])} 的业主或使用人。请先结束其产权或使用。"
