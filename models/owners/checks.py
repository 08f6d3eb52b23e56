"""检查: what keeps a record from being entered twice, or retired while it is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.base import Record
from models.errors import BadInput, RuleBroken

Objection = Callable[[Any], str | None]
_objections: list[tuple[type[Record], Objection]] = []


def objects_to_retiring(record: type[Record]) -> Callable[[Objection], Objection]:
    """Register what may say, in a sentence, why a record of a kind cannot be retired yet."""

    def decorate(objection: Objection) -> Objection:
        _objections.append((record, objection))
        return objection

    return decorate


def check_retiring(subject: Record) -> None:
    """Refuse to retire what is still needed.

    Raises:
        RuleBroken: something refers to it; the sentence says what.
    """
    for record, objection in _objections:
        sentence = objection(subject) if isinstance(subject, record) else None
        if sentence:
            raise RuleBroken(sentence)


def check_free(record: type[Record], name: str, value: Any, mine: Record | None = None) -> None:
    """Refuse a value that another record of the kind holds already.

    Raises:
        BadInput: it does; the sentence names it.
    """
    field = record.fields()[name]
    other = record.get_or_none(field == value)
    if other is not None and (mine is None or other.id != mine.id):
        raise BadInput(
            f"{field.label}“{value}”已经有了：{other.label()}。请换一个，或修改原来的{record.noun()}。", name
        )
