"""许可: what the person may do, remembered for some seconds so that building a page asks little.

Only for what is shown: each deed and each list asks anew for itself.
"""

from __future__ import annotations

import time

from models import deeds

LASTS = 20.0
"""Seconds after which a right is asked for again."""

_known: dict[tuple[int | None, str], tuple[float, bool]] = {}


def may(right: str) -> bool:
    """Whether the person acting holds a right, as of a few seconds ago."""
    person = deeds.actor()
    key = (person.account_id, right)
    asked, held = _known.get(key, (0.0, False))
    now = time.monotonic()
    if not asked or now - asked > LASTS:
        held = bool(person.may(right))
        _known[key] = (now, held)
    return held


def forget() -> None:
    """Ask anew from here on: somebody else sits here, another office is open, or rights were changed."""
    _known.clear()
