"""A house that owes for January 2026, and those who chase it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from models.clock import standing_at
from models.fees.billing import bill
from models.fees.dunning.delivering import deliver
from models.fees.dunning.issuing import dun, dun_formal, dun_unit
from models.fees.dunning.letters import DunningLetter, LetterDelivery, Way
from models.fees.dunning.rules import rules
from models.fees.items import FeeItem
from models.months import Month
from models.office.staff import Department, Post, Staff
from models.owners.estate import Unit
from tests.estate import Estate, writing

JANUARY = Month(2026, 1)
DUE = date(2026, 1, 25)
FIRST, SECOND, FORMAL = date(2026, 2, 2), date(2026, 2, 24), date(2026, 3, 26)
"""Due + 7 is a Sunday and moves to Monday; due + 30 is the first day after the Spring Festival."""


def owing(estate: Estate, room: str = "101", owner: str | None = "王桂芳", months: int = 1) -> Unit:
    """Make a house that is charged 100.00 a month from January 2026 on; the bills are to be run."""
    unit = estate.house(room, owner=owner)
    item = FeeItem.get_or_none(FeeItem.name == "物业费") or estate.item(since=JANUARY.first)
    estate.give(unit, item, JANUARY.first, JANUARY.plus(months - 1).last)
    return unit


def run(months: int = 1) -> None:
    """Run the bills of the first months of 2026, and say on which contract they rest."""
    rules().edit(contract="前期物业服务合同", clause="第十二条", signed=date(2019, 6, 1))
    for later in range(months):
        bill(JANUARY.plus(later))


def worker(name: str = "方小雨", department: str = "客户服务部", post: str = "客服管理员") -> Staff:
    """Make somebody who works here."""
    known = Staff.get_or_none(Staff.name == name)
    if known is not None:
        return known
    with writing():
        return Staff.add(
            number=f"w{Staff.select().count()}", name=name,
            department=Department.find(department), post=Post.find(post),
        )  # fmt: skip


def handed(letter: DunningLetter, on: date, way: Way = Way.HAND, **more: Any) -> LetterDelivery:
    """Hand a letter over at noon of a day, today a moment ago where it is morning yet."""
    given: dict[str, Any] = {"by": worker(), "at": min(datetime.combine(on, time(12)), datetime.now())}
    given |= {"signed_by": "本人"} if way is Way.HAND else {}
    given |= {"tracking": f"EMS{letter.id:09d}"} if way is Way.MAIL else {}
    given |= {"witnesses": "张三、李四"} if way is Way.LEFT else {}
    with standing_at(datetime.combine(max(on, date(2026, 11, 1)), time(20))):
        return deliver(letter, way, **{**given, **more})


def letters() -> list[DunningLetter]:
    """Return all letters in their order."""
    return list(DunningLetter.select().order_by(DunningLetter.id))


def climb(unit: Unit, steps: int = 3, way: Way = Way.MAIL) -> list[DunningLetter]:
    """Send the first letters of the ladder to a house, each handed over on its day."""
    made = []
    for day in (FIRST, SECOND, FORMAL)[:steps]:
        if day is FORMAL:
            dun_formal(on=day, unit=unit)
        else:
            dun_unit(unit, on=day)
        made.append(letters()[-1])
        handed(made[-1], day, way)
    return made


def sent(day: date) -> list[str]:
    """Send what is due on a day, and return the numbers."""
    before = DunningLetter.select().count()
    dun(on=day)
    return [one.number for one in letters()[before:]]
