"""许可: what the person may do, remembered for some seconds so that building a page asks little.

Only for what is shown: each deed and each list asks anew for itself.
"""

from __future__ import annotations

import time

from models import deeds
from models.office.accounts import Account

LASTS = 20.0
"""Seconds after which the rights are asked for again."""

_known: dict[int | None, tuple[float, set[str] | None]] = {}


def may(right: str) -> bool:
    """Whether the person acting holds a right, as of a few seconds ago."""
    person = deeds.actor()
    asked, held = _known.get(person.account_id, (0.0, None))
    now = time.monotonic()
    if not asked or now - asked > LASTS:
        held = person.held() if isinstance(person, Account) else None
        _known[person.account_id] = (now, held)
    return bool(person.may(right)) if held is None else right in held or deeds.EVERY in held


def forget() -> None:
    """Ask anew from here on: somebody else sits here, another office is open, or rights were changed."""
    _known.clear()
