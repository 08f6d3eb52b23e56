"""检索: one line of words that finds anything: a house, a person, a plate, a receipt, a scanned code.

A module registers with `@finds` what looks for its records; each is asked for a few, so that the
answer comes between two keys. What is masked on the screen is masked here too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from models import deeds, text

LONGEST = 120
"""Letters of what is looked for; more was pasted by mistake, and no name or number is so long."""
MOST = 12
"""Hits of one kind that are offered."""
SURE, LIKELY, PERHAPS = 0, 1, 2
"""How well a hit fits: it is what was typed, it begins so, it holds it somewhere."""
_SCANNED = re.compile(r"PC:(?P<code>[A-Z]{2}-\d+):(?P<number>.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Hit:
    """One record that was found.

    Args:
        listing: the list whose page shows it.
        id: of the record in that list; None where the list is opened narrowed by `filters` instead.
        title: how people call it.
        beside: what helps to tell it from others.
        kind: what kind of thing it is.
        rank: SURE, LIKELY or PERHAPS.
        filters: keyword arguments of `listings.Filters`.
    """

    listing: str
    id: Any
    title: str
    beside: str = ""
    kind: str = ""
    rank: int = PERHAPS
    filters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sought:
    """What was typed.

    Args:
        words: cleaned, narrowed, as typed; a scanned code gives its document number.
        code: of the form whose code was scanned; empty otherwise.
    """

    words: str
    code: str = ""

    @property
    def digits(self) -> bool:
        """Whether it is digits alone."""
        return self.words.isdecimal()


Finder = Callable[[Sought], Iterable[Hit]]
_finders: list[tuple[str, Finder]] = []


def finds(right: str) -> Callable[[Finder], Finder]:
    """Register what finds records for those who hold a right."""

    def decorate(finder: Finder) -> Finder:
        _finders.append((right, finder))
        return finder

    return decorate


def finds_numbered(
    right: str, prefix: str, record: Any, listing: str, kind: str, told: Callable[[Any], str],
    within: Callable[[], Sequence[Any]] = tuple, row: Callable[[Any], int | None] = lambda one: one.id,
) -> None:  # fmt: skip
    """Register what finds documents by their numbers, as the QR codes on them hold these.

    Args:
        right: who may see them.
        prefix: of their numbers.
        record: the kind of record, with a `number`.
        listing: whose page shows it.
        kind: what people call it.
        told: what helps to tell one from others.
        within: what one must meet to lie within reach of the person acting.
        row: id of its row in that list, where the list is of something else.
    """

    @finds(right)
    def by_number(wanted: Sought) -> Iterable[Hit]:
        words = wanted.words.upper()
        if not words.startswith(f"{prefix}-"):
            return
        query = record.select().where(record.number.startswith(words), *within())
        for one in query.order_by(record.number).limit(MOST):
            best = SURE if one.number == words else LIKELY
            yield Hit(listing, row(one), one.number, told(one), kind, best)


def sought(typed: str) -> Sought:
    """Return what was typed or scanned, ready to be looked for."""
    words = text.narrow(text.clean(typed)).strip()
    scanned = _SCANNED.fullmatch(words)
    return Sought(scanned["number"].strip(), scanned["code"].upper()) if scanned else Sought(words)


def find(typed: str) -> list[Hit]:
    """Return what the person acting may see of what was typed, the best first."""
    wanted = sought(typed)
    if not wanted.words or len(wanted.words) > LONGEST:
        return []
    may = deeds.held()
    found = [hit for right, finder in _finders if may(right) for hit in finder(wanted)]
    return sorted(found, key=lambda hit: hit.rank)


def rank(shown: str, words: str) -> int:
    """Return how well a text fits what was typed."""
    shown, words = shown.casefold(), words.casefold()
    return SURE if shown == words else LIKELY if shown.startswith(words) else PERHAPS
