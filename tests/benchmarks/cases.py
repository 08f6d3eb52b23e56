"""受理样本: an office with 200,000 complaints and repairs of ten years, some 600 of them open."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from models.base import insert_rows
from models.complaints.cases import Call, ServiceCase
from models.complaints.kinds import Problem, Sort

CASES = 200_000
_OPEN, _APART = 600, 40
"""The last so many are open; every so many-th was withdrawn."""
_COLUMNS = (
    *(
        "number",
        "sort",
        "call",
        "received_at",
        "unit",
        "building",
        "area",
        "problem",
        "place",
        "kind",
        "matter",
    ),
    *("grade", "content", "first_due", "first_measure", "due_at", "due_measure", "state", "live", "first_at"),
    *(
        "finished_at",
        "again_of",
        "visit_due",
        "visited_at",
        "mark",
        "closed_at",
        "first_closed_at",
        "reopened",
    ),
)
_MARKS = ("VERY_GOOD", "GOOD", "GOOD", "FAIR", "BAD")


def add(units: int) -> None:
    """Write the calls and the cases into an open office with so many units."""
    chance, now = random.Random(5), datetime.now().replace(microsecond=0)
    first = now - timedelta(days=3650)
    step = (now - first) / CASES
    moments = [first + number * step for number in range(CASES)]
    calls = ((_text(at), "PHONE", "OWNER", 1 + chance.randrange(units), f"业主{n % 997}", _text(at), "王敏")
             for n, at in enumerate(moments))  # fmt: skip
    insert_rows(Call, ("at", "channel", "caller_kind", "unit", "name", "made_at", "made_by"), calls)
    problems = list(Problem.select().order_by(Problem.id))
    insert_rows(ServiceCase, _COLUMNS, _cases(moments, problems, units, chance))


def _cases(
    moments: list[datetime], problems: list[Problem], units: int, chance: random.Random
) -> Iterator[tuple[Any, ...]]:
    counts = dict.fromkeys(Sort, 0)
    for number, at in enumerate(moments):
        problem = problems[chance.randrange(len(problems))]
        counts[problem.sort] += 1
        prefix = "TS" if problem.sort is Sort.COMPLAINT else "BX"
        due, first = at + timedelta(days=3), at + timedelta(hours=24)
        head = (
            f"{prefix}-{at:%Y%m}-{counts[problem.sort]:07d}", problem.sort.name, number + 1, _text(at),
            1 + chance.randrange(units), 1 + chance.randrange(50), None, problem.id, problem.place.name,
            problem.kind.name, problem.name, problem.grade.name, "业主来电反映，请尽快处理", _text(first),
            "HOURS", _text(due), "WORKDAYS",
        )  # fmt: skip
        yield (*head, *_course(number, at, chance))


def _course(number: int, at: datetime, chance: random.Random) -> tuple[Any, ...]:
    """What became of a case, from `state` on."""
    if number >= CASES - _OPEN:
        return ("RECEIVED", 1, *[None] * 8, 0)
    done = at + timedelta(hours=chance.randint(1, 90))
    if number % _APART == 0:
        return ("WITHDRAWN", 0, *[None] * 6, _text(done), None, 0)
    visited = done + timedelta(days=chance.randint(1, 5))
    again = number if number % 30 == 1 else None  # the id of the one before
    return (
        "CLOSED", 0, _text(at + timedelta(hours=1)), _text(done), again, f"{done:%Y-%m-%d}",
        _text(visited), _MARKS[chance.randrange(5)], _text(visited), _text(visited), 0,
    )  # fmt: skip


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def copied(source: Path, path: Path) -> None:
    """Begin with a copy of an office."""
    shutil.copyfile(source, path)


SCAN_RATES = """
    SELECT count(*), sum(state = 'WITHDRAWN'),
     sum(state <> 'WITHDRAWN' AND
         (finished_at <= :at OR due_at <= :at AND state NOT IN ('WAITING', 'QUOTED'))),
     sum(state <> 'WITHDRAWN' AND finished_at <= :at),
     sum(state <> 'WITHDRAWN' AND finished_at <= :at AND finished_at <= due_at),
     sum(state <> 'WITHDRAWN' AND finished_at <= :at AND visited_at <= :at),
     sum(state <> 'WITHDRAWN' AND finished_at <= :at AND again_of_id IS NOT NULL)
    FROM service_case WHERE sort = :sort AND received_at BETWEEN :first AND :last
"""
"""The counts that the rates ask for, as somebody would write them by hand."""
