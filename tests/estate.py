"""An estate small enough to compute by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from models import deeds
from models.base import Journal, journalling
from models.fees.items import Assignment, Basis, FeeItem, Rate
from models.fields import BEGINNING
from models.owners.estate import AreaBasis, Building, Community, Entrance, Unit, UnitArea, UnitKind
from models.owners.people import Ownership, Person


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
