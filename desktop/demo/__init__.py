"""演示: a whole office full of invented people, houses, bills and payments, made through the real deeds.

The same seed gives the same figures: chance is one `random.Random(seed)` that is asked in one fixed order,
and every day follows from `today` (the ledger ends with its month), never from the clock. What is entered
bears a moment of its own day, as far as that has come. Nobody in it exists: telephone numbers begin with 154,
which no one has been given, identity numbers with 99, where no region lies.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from desktop import modules
from desktop.demo import roster
from desktop.demo.agreements import agree
from desktop.demo.aiming import Aims
from desktop.demo.approving import go_through_approvals
from desktop.demo.banking import bank
from desktop.demo.budgeting import Budgeting
from desktop.demo.calendar import Calendar
from desktop.demo.chasing import Chasing
from desktop.demo.commonincome import CommonParts
from desktop.demo.contacting import Contacting
from desktop.demo.dealing import invent
from desktop.demo.emptying import stand_empty
from desktop.demo.estate import Estate
from desktop.demo.happening import Happenings
from desktop.demo.keeping import Keeping
from desktop.demo.ledger import Ledger
from desktop.demo.papers import file_papers
from desktop.demo.purchasing import Purchasing
from desktop.demo.serving import Serving
from desktop.demo.sharing import Commons
from desktop.demo.staff import OFFICE, PASSWORD, Crew, DemoUser, hire, set_up
from desktop.demo.surveying import Surveying
from models import deeds, store
from models.errors import BadInput, StorageRefused
from models.office.founding import found_office
from models.sqlite import SIDECARS
from models.store.files import beside, rename, sync_folder

__all__ = ["DemoUser", "build_demo"]

Progress = Callable[[int, int], None]
_EVENING = 600
"""Minutes after the office opens; on the last day nothing is closed."""
MOST_UNITS, MOST_MONTHS = 20_000, 120


def build_demo(
    path: Path,
    units: int = 1000,
    months: int = 24,
    seed: int = 1,
    progress: Progress | None = None,
    today: date | None = None,
) -> list[DemoUser]:
    """Make a demo office and return who may sign in; the office is closed afterwards.

    Args:
        path: where; nothing may be there yet, and nothing is until the office is whole.
        units: houses, shops, parking spaces and storerooms together, 1 to 20,000.
        months: length of the ledger up to the month of `today`, 1 to 120.
        seed: another seed gives other figures.
        progress: called with steps done and steps in all.
        today: the day on which the demo stands, not after the real one.

    Raises:
        BadInput: a number is out of bounds, or `today` lies ahead.
        StorageRefused: the file exists or cannot be made; none is left behind.
    """
    today = today or date.today()
    _check(units, months, today)
    modules.load()
    if os.path.lexists(path):
        raise StorageRefused(f"文件已经存在，不会覆盖：{path}。请换一个文件名。")
    with _whole_or_nothing(path) as part:
        calendar = Calendar(today, months)
        with calendar.at(calendar.first.day(1), -60):
            found_office(part, OFFICE, PASSWORD)
            with store.open_office(part):
                return _fill(units, random.Random(seed), calendar, progress or (lambda *_: None))


def _check(units: int, months: int, today: date) -> None:
    if not 1 <= units <= MOST_UNITS:
        raise BadInput(f"演示数据可有 1 至 {MOST_UNITS:,} 套，不能是 {units}。请改套数。", "units")
    if not 1 <= months <= MOST_MONTHS:
        raise BadInput(f"演示数据可有 1 至 {MOST_MONTHS} 个月，不能是 {months}。请改月数。", "months")
    if today > date.today():
        raise BadInput(f"{today} 还没有到，不能作为演示数据的今天。请改日期。", "today")


def _fill(units: int, chance: random.Random, calendar: Calendar, progress: Progress) -> list[DemoUser]:
    """Fill an open, empty office step by step."""
    steps = len(calendar.months) + 3
    progress(0, steps)
    crew = hire(calendar)
    progress(1, steps)
    with deeds.transaction():
        invented = invent(units, chance, calendar)
        roster.enter(invented, crew, calendar)
        commons = Commons(invented, crew, calendar)
    progress(2, steps)
    ledger = Ledger(invented, crew, calendar, chance)
    chasing = Chasing(crew, calendar)
    parts, aims = CommonParts(invented, crew, calendar), Aims(crew, calendar)
    planners = _planners(invented, crew, calendar)
    for done, month in enumerate(calendar.months, start=3):
        with deeds.transaction():
            for planner in planners:
                planner.plan(month)
            aims.begin(month)
            commons.share(month)
            ledger.keep(month)
            chasing.keep(month)
            parts.keep(month)
            aims.end(month)
        progress(done, steps)
    with calendar.at(calendar.today, _EVENING):
        agree(invented, crew, calendar)
        stand_empty(invented, crew, calendar)
        bank(invented, crew, calendar)
    with calendar.at(calendar.today, 24 * 60):  # after all else; the clock never stands ahead of now
        set_up(crew)
        with deeds.acting(crew.supervisor):
            file_papers(crew.supervisor)
        go_through_approvals(crew, calendar)
    progress(steps, steps)
    return crew.users


def _planners(invented: Estate, crew: Crew, calendar: Calendar) -> list[Any]:
    """Return those who plan what happens by itself in a month, before anything else of it is done."""
    happenings = Happenings(calendar)
    serving = Serving(invented, crew, calendar, happenings)
    return [
        Budgeting(crew, calendar, happenings),
        Purchasing(crew, calendar, happenings),
        Keeping(crew, calendar, happenings),
        serving,
        Contacting(invented, crew, calendar, happenings, serving.go_on),
        Surveying(crew, calendar, happenings),
    ]


@contextmanager
def _whole_or_nothing(path: Path) -> Iterator[Path]:
    """Yield where to build; what was built gets its name at the end, what was broken off goes."""
    part = beside(path, f".{os.getpid()}.part")
    try:
        yield part
        if os.path.lexists(path):
            raise StorageRefused(f"文件已经存在，不会覆盖：{path}。请换一个文件名。")
        rename(part, path)
        sync_folder(path.parent)
    finally:
        for left in (part, *(beside(part, suffix) for suffix in (*SIDECARS, ".lock"))):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)
