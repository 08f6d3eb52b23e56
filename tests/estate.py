"""An estate small enough to compute by hand."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

from models import deeds, sqlite
from models.attachments import attach, read_file
from models.base import Journal, Record, db, journalling
from models.fees.billing import bill
from models.fees.cashier import receive, set_off
from models.fees.charging import charge_service
from models.fees.depositing import deduct_deposit, take_deposit
from models.fees.deposits import DepositKind
from models.fees.items import Assignment, Basis, Category, FeeItem, Rate
from models.fees.pricelist import set_deposit_terms
from models.fees.services import add_service
from models.fields import BEGINNING
from models.months import Month
from models.office.accounts import Account
from models.office.staff import Staff
from models.owners.caretaking import Caretaking
from models.owners.estate import AreaBasis, Building, Community, Entrance, Unit, UnitArea, UnitKind
from models.owners.people import Occupancy, Ownership, Person, Vehicle


@contextmanager
def writing() -> Iterator[None]:
    """Write records as a deed would, without one."""
    with deeds.transaction(), journalling(Journal()):
        yield


class Estate:
    """Makes what a test wants of houses, people, items and prices."""

    def __init__(self) -> None:
        with writing():
            community = Community.add(name="测试小区")
            self.building = Building.add(community=community, code="1", name="1栋")
            self.entrance = Entrance.add(building=self.building, code="1", floors=33)
        self.people = 0

    def house(
        self,
        room: str,
        area: str | None = "100.00",
        owner: str | None = "王桂芳",
        kind: UnitKind = UnitKind.HOUSE,
    ) -> Unit:
        """Make a house with its area and owner from the beginning."""
        with writing():
            unit = Unit.add(
                kind=kind, code=f"1-1-{room}", building=self.building, entrance=self.entrance, room=room
            )
            if area:
                UnitArea.add(unit=unit, billing=Decimal(area), basis=AreaBasis.DEED)
            if owner:
                Ownership.add(unit=unit, person=self.person(owner))
        return unit

    def person(self, name: str) -> Person:
        """Make a person."""
        self.people += 1
        return Person.add(number=str(self.people), name=name)

    def item(
        self,
        name: str = "物业费",
        price: str = "1.0000",
        extra: str = "0.00",
        basis: Basis = Basis.AREA,
        since: date = BEGINNING,
        **more: object,
    ) -> FeeItem:
        """Make an item with one price from its start."""
        with writing():
            item = FeeItem.add(
                code=str(FeeItem.select().count() + 1), name=name, basis=basis, since=since, **more
            )
            Rate.add(item=item, since=since, price=Decimal(price), extra=Decimal(extra))
        return item

    def rate(self, item: FeeItem, since: date, price: str, extra: str = "0.00") -> Rate:
        """Set a later price."""
        with writing():
            return Rate.add(item=item, since=since, price=Decimal(price), extra=Decimal(extra))

    def give(
        self, unit: Unit, item: FeeItem, since: date = BEGINNING, until: date | None = None
    ) -> Assignment:
        """Let a unit pay an item."""
        with writing():
            return Assignment.add(unit=unit, item=item, since=since, until=until)


def some(record: type[Record]) -> Record:
    """Return one record of a kind."""
    found = record.select().order_by(record.id).first()
    assert found is not None, f"the office of this test has no {record.__name__}: add one to `furnish`"
    return found


def furnish(estate: Estate, folder: Path) -> None:
    """Make one of each kind of record, so that everything can be done to something."""
    unit = estate.house("101")
    estate.give(unit, estate.item())
    with writing():
        tenant = estate.person("李租客")
        Occupancy.add(unit=unit, person=tenant)
        Vehicle.add(plate="京A12345", person=tenant)
        Caretaking.add(building=estate.building, staff=some(Staff))
    bill(Month.of(date.today()))
    receive(unit, Decimal("150.00"))
    bill(Month.of(date.today()).plus(1))
    set_off(unit)
    one_off = estate.item("特约服务费", basis=Basis.FIXED, category=Category.SERVICE)
    charge_service(unit, add_service(code="T1", name="疏通", measure="次", price=Decimal(50), item=one_off))
    set_deposit_terms(DepositKind.KEY, Decimal("50.00"))
    deduct_deposit(take_deposit(unit, Decimal("500.00"), agreed="装修协议 5"), "清运垃圾", Decimal("20.00"))
    paper = folder / "身份证.txt"
    paper.write_text("复印件", encoding="utf-8")
    attach("Unit", unit.id, read_file(paper))


@contextmanager
def opened(source: Path, path: Path) -> Iterator[Path]:
    """Open a copy of an office, with its administrator acting (login admin)."""
    shutil.copyfile(source, path)
    sqlite.init(db, path)
    db.connect(reuse_if_open=True)
    with deeds.acting(Account.find("admin")):
        yield path
    db.close()
