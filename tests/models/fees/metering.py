"""Meters that are read month by month, for the tests of meters."""

from datetime import date
from decimal import Decimal
from typing import Any

from models.base import db
from models.fees.billing import bill
from models.fees.bills import Bill, BillKind
from models.fees.items import Basis, FeeItem
from models.fees.meters import Meter, add_meter
from models.fees.readings import Reading, live_readings
from models.fees.taking import enter_reading
from models.months import Month
from models.owners.estate import Unit
from tests.estate import Estate

START = Month(2024, 1)


def water(estate: Estate, price: str = "3.5000", **more: Any) -> FeeItem:
    """Make an item that is charged by readings."""
    return estate.item("水费", price=price, basis=Basis.METER, since=date(2023, 1, 1), collected=True, **more)


def meter(unit: Unit | None, item: FeeItem | None, number: str = "0012345", **more: Any) -> Meter:
    """Make a meter of a house."""
    return add_meter(number=number, unit=unit, item=item, **more)


def read(of: Meter, *values: str | None, first: Month = START) -> list[Reading]:
    """Read a meter month by month; None is a month that was missed."""
    return [
        enter_reading(of, Decimal(value), first.plus(at))
        for at, value in enumerate(values)
        if value is not None
    ]


def charged(month: Month) -> list[Bill]:
    """Run a month and return the lines by readings that it made."""
    batch = bill(month)
    if batch is None:
        return []
    return list(
        Bill.select().where((Bill.batch == batch) & (Bill.kind == BillKind.METERED)).order_by(Bill.id)
    )


def usages(of: Meter) -> list[str]:
    """Return what the readings that hold come to."""
    return [str(one.usage) for one in live_readings(of)]


def owed_usage(of: Meter) -> Decimal:
    """Return what a meter and those before it counted, less what lines charged that still stand."""
    whole = (of.origin or of).id
    used = (
        "SELECT SUM(usage) FROM reading WHERE live AND NOT base "
        "AND meter_id IN (SELECT id FROM meter WHERE ? IN (id, origin_id))"
    )
    billed = (
        "SELECT SUM(usage) FROM metered JOIN bill ON bill.id = bill_id WHERE live AND meter_id = ? "
        "AND bill.id NOT IN (SELECT corrects_id FROM bill WHERE kind = 'REVERSAL' AND live)"
    )
    counted, charged_for = (db.execute_sql(text, (whole,)).fetchone()[0] or 0 for text in (used, billed))
    return Decimal(counted - charged_for) / 100
