"""停用: what keeps a record in use while it is needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.base import Record
from models.errors import RuleBroken

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
