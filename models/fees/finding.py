"""找单据: what the search line finds among receipts, notices, lines, statements and items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from models.base import db
from models.deeds import actor, within_scope
from models.errors import OfficeError
from models.fees import explanation
from models.fees.bills import Bill
from models.fees.items import FeeItem
from models.fees.payments import Receipt
from models.fees.rights import VIEW
from models.fees.within import within
from models.money import thousands
from models.months import Month, Period, parse_day
from models.owners.estate import Unit
from models.owners.people import Person
from models.search import LIKELY, MOST, PERHAPS, SURE, Hit, Sought, finds, rank

_NOTICE = re.compile(r"JF-(?P<month>\d{6})-(?P<unit>.+)", re.IGNORECASE)
_NUMBER = re.compile(r"SJ-\d|\d{4}-\d{3}")
_LEAST, _DIGITS = 3, 6
_LINE = re.compile(rf"{explanation.PREFIX}(\d{{1,15}})", re.IGNORECASE)
_EXPLAINED = re.compile(rf"{explanation.PREFIX}(.+)-\d{{8}}", re.IGNORECASE)
_STATEMENT = re.compile(r"DZ-(?P<first>\d{8})-(?P<last>\d{8})-(?P<whose>.+)", re.IGNORECASE)


@finds(VIEW)
def receipts(wanted: Sought) -> Iterator[Hit]:
    """Receipts by their number, or by its last digits in this year and the last."""
    words = wanted.words.upper()
    if words.isdecimal():
        if not _LEAST <= len(words) <= _DIGITS:
            return
        years = (date.today().year, date.today().year - 1)
        condition = Receipt.number.in_([f"SJ-{year}-{words:0>{_DIGITS}}" for year in years])
    elif _NUMBER.match(words):
        words = words if words.startswith("SJ-") else f"SJ-{words}"
        condition = (Receipt.number >= words) & (Receipt.number < words + "￿")
    else:
        return
    told = Receipt.select(Receipt.id, Receipt.number, Unit.code, Receipt.payer_name, Receipt.amount)
    query = told.join(Unit).where(condition, *within(Receipt.unit)).order_by(Receipt.number.desc())
    for id, number, house, payer, amount in db.execute(query.limit(MOST)):
        whole = words.startswith("SJ") or len(words) == _DIGITS
        best = SURE if number == words else LIKELY if whole else PERHAPS
        yield Hit("receipts", id, number, f"{house} · {payer} · {thousands(amount)}", "收据", best)


@finds(VIEW)
def notices(wanted: Sought) -> Iterator[Hit]:
    """The lines of a payment notice by the notice's number, as its QR code holds it."""
    found = _NOTICE.fullmatch(wanted.words)
    if found is None:
        return
    try:
        unit, month = Unit.find(found["unit"]), Month.parse(found["month"])
    except OfficeError:
        return
    if not within_scope(unit, actor(), VIEW):
        return
    filters = {"unit": unit, "period": Period.of_month(month)}
    yield Hit("bills", None, wanted.words.upper(), f"{unit.code} · {month} 的账单", "通知单", SURE, filters)


@finds(VIEW)
def lines(wanted: Sought) -> Iterator[Hit]:
    """A bill line by the number that FE-19 and statements give it: SM-12."""
    found = _LINE.fullmatch(wanted.words)
    line = Bill.get_or_none(Bill.id == int(found[1])) if found else None
    if line is not None and within_scope(line.unit, actor(), VIEW):
        yield Hit("bills", line.id, f"{explanation.PREFIX}{line.id}", line.label(), "账单", SURE)


@finds(VIEW)
def explanations(wanted: Sought) -> Iterator[Hit]:
    """The lines of a house by the number of its FE-19: SM-1-1-101-20261128."""
    found = _EXPLAINED.fullmatch(wanted.words)
    try:
        unit = Unit.find(found[1]) if found else None
    except OfficeError:
        return
    if unit is not None and within_scope(unit, actor(), VIEW):
        title = wanted.words.upper()
        yield Hit("bills", None, title, f"{unit.code} 的账单", "计费说明", SURE, {"unit": unit})


@finds(VIEW)
def statements(wanted: Sought) -> Iterator[Hit]:
    """A statement by its number, as its QR code holds it: DZ-20260101-20261231-1-1-101."""
    found = _STATEMENT.fullmatch(wanted.words)
    if found is None:
        return
    try:
        first, last = (parse_day(found[name]) for name in ("first", "last"))
        period = Period.parse(f"{first}至{last}")
        whose: dict[str, Any] = _whose(found["whose"])
    except OfficeError:
        return
    if all(within_scope(unit, actor(), VIEW) for unit in whose.values() if isinstance(unit, Unit)):
        filters = {**whose, "period": period}
        yield Hit("statement", None, wanted.words.upper(), f"{first} 至 {last}", "对账单", SURE, filters)


def _whose(key: str) -> dict[str, Any]:
    """Return the filter that names a house or, where there is none of that number, a person."""
    try:
        return {"unit": Unit.find(key)}
    except OfficeError:
        return {"person": Person.find(key)}


@finds(VIEW)
def items(wanted: Sought) -> Iterator[Hit]:
    """Fee items by a part of the name."""
    query = FeeItem.select(FeeItem.id, FeeItem.name).where(FeeItem.name.contains(wanted.words))
    for id, name in db.execute(query.limit(MOST)):
        yield Hit("items", id, name, "", "收费项目", rank(name, wanted.words))
