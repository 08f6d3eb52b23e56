"""按单号打印: documents by their numbers, within the reach of who asks, with room for a pen on them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from models.base import Record
from models.deeds import actor, refuse, within_scope
from models.errors import BadInput
from models.filters import Filters
from reports.paper import Boxes, Form
from reports.paper.values import Value
from reports.papers import PaperRequest

PEN = "\u3000"
"""Room to write in, where a dash would stand."""
_BETWEEN = re.compile(r"[,，、;；\s]+")


def numbers_in(told: str) -> list[str]:
    """Return the numbers in what was typed, in their order, each once."""
    return list(dict.fromkeys(filter(None, _BETWEEN.split(told.upper()))))


def by_number(record: type[Record], numbers: str, right: str) -> Iterator[Any]:
    """Yield records by their numbers, in the order in which they are named, each once.

    Raises:
        NotFound: there is none of a number.
        PermissionDenied: one lies beyond the reach of the person acting.
    """
    for number in numbers_in(numbers):
        found = record.find(number)
        if not within_scope(found, actor(), right):
            refuse(right, f"{number} 不在您负责的范围内，不能打印。")
        yield found


def asked_for(
    request: PaperRequest, record: Any, right: str, day: Any, told: str, *conditions: Any
) -> list[Any]:
    """Return the documents that a request names by their numbers, else those of its period, by their numbers.

    Args:
        request: what was asked for.
        record: the kind of document, with a `number`.
        right: by which it is printed.
        day: field by whose day or moment a document falls into a period.
        told: what is to be named, with an example, where neither is.
        conditions: what those of a period must meet besides.

    Raises:
        BadInput: neither numbers nor a period are given.
        NotFound: there is none of a number.
    """
    if request.number is not None:
        return list(by_number(record, request.number, right))
    if request.period is None:
        raise BadInput(f"请写明{told}。", "period")
    query = Filters(period=request.period).narrow(record.select(), period=day)
    return list((query.where(*conditions) if conditions else query).order_by(record.number))


def penned(form: Form, values: Mapping[str, Value]) -> dict[str, Value]:
    """Leave room for a pen in what is not known yet; boxes to tick with it where there are choices."""
    boxes = [part for part in form.more if isinstance(part, Boxes)]
    ticks = {
        field.name: " ".join(f"□{choice}" for choice in field.choices)
        for fields in (form.head, *(part.fields for part in boxes))
        for field in fields
    }
    return {name: (ticks.get(name) or PEN) if value is None else value for name, value in values.items()}
