"""离开: what is still open when somebody gives a house up, as the modules that know tell it.

A house changes hands, an owner or a tenant leaves: money, deposits and keys that are open are named first.
The office may go on all the same; it then did so knowingly, and the audit trail says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Annotated

from models.base import Record, journal
from models.errors import RuleBroken
from models.fields import FlagField
from models.inputs import Asked
from models.owners.estate import Unit

Tells = Callable[[Unit, Sequence[Record], date], Iterable[str]]
"""Yields what is open, as 欠费 300.00 元, of these people on a unit when they leave on a day."""

_TELLS: list[Tells] = []

AskedDespite = Annotated[
    bool, Asked(FlagField(default=False, verbose_name="未清也办理"), "不勾选：有未清就不办理")
]


def tells_open(tells: Tells) -> Tells:
    """Register what tells of open matters."""
    _TELLS.append(tells)
    return tells


def refuse_open(unit: Unit, leavers: Sequence[Record], on: date, *, despite: bool) -> None:
    """Refuse to let people leave while something is open, unless that is wanted.

    Raises:
        RuleBroken: something is; says what and how to go on.
    """
    found = [told for tells in _TELLS for told in tells(unit, leavers, on)] if leavers else []
    if not found:
        return
    if despite:
        journal().note(open="；".join(found))
        return
    names = "、".join(person.label() for person in leavers)
    raise RuleBroken(
        f"{unit.code} {names}还有未清：{'；'.join(found)}。请先结清，或勾选“未清也办理”：旧欠仍归原来的人。"
    )
