"""OW-18 楼栋矩阵图: the houses of a building floor by floor, lettered by a question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.clock import now
from models.money import thousands
from models.months import chinese_day
from models.owners.housemap import HouseMap, MappedHouse, Tally, house_map, questions
from models.owners.housemap import Plan as MappedPlan
from models.owners.rights import VIEW
from reports.paper import (
    A3_LANDSCAPE,
    A4_LANDSCAPE,
    Field,
    Form,
    LegendEntry,
    Mark,
    Plan,
    PlanBay,
    PlanLine,
    Plans,
    Sheet,
    declare,
)
from reports.papers import PaperRequest, paper

HOW_TO_READ = (
    "格内是室号和代号，代号的含义见各栋图例；灰底只为醒目，以代号为准。"
    "临街商铺列在所在楼层下面，储藏间、车位列在最下面。"
)

FORM = declare(
    Form(
        code="OW-18",
        title="楼栋矩阵图",
        module="owners",
        paper=A4_LANDSCAPE,
        lead=(Field("question", "查看"), Field("at", "截至"), Field("where", "范围")),
        more=(Plans(),),
        notes=(("说明", HOW_TO_READ),),
        signatures=("制图", "审核"),
        wide=A3_LANDSCAPE,
        qr=False,
        number_rule="LD-YYYYMMDD",
        retention="R1",
    )
)

_SHADES = {"danger": 3, "warning": 2, "info": 1}
"""How dark the cell of an answer is; what is as it should be stays white."""


def _blank(request: PaperRequest) -> Iterator[Sheet]:
    """Make the map of the numbers, the letters to be written in by hand; an empty grid without houses."""
    found = _read(request)
    plans = [_plan(found, plan, told=False) for plan in found.plans]
    yield Sheet(FORM, plans=plans, blank=True)


@paper("OW-18", VIEW, "building", "question", blank=_blank)
def map_of_houses(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the answer of every house as of now, one building or all of them."""
    found = _read(request)
    if not found.plans:
        return
    at = now()
    many = len(found.plans) > 1
    yield Sheet(
        FORM,
        number=f"LD-{at:%Y%m%d}",
        values={
            "question": found.question.title,
            "at": f"{chinese_day(at.date())} {at:%H:%M}",
            "where": f"全部 {len(found.plans)} 栋" if many else found.plans[0].name,
        },
        plans=[_plan(found, plan, told=True) for plan in found.plans],
        notes=[("合计", _total(found))] if many else [],
        signed={"制图": request.printed_by},
    )


def _read(request: PaperRequest) -> HouseMap:
    return house_map(request.question or questions()[0], request.building)


def _plan(found: HouseMap, plan: MappedPlan, *, told: bool) -> Plan:
    tally = found.tally(plan.houses)
    return Plan(
        plan.name,
        [PlanBay(bay.title, bay.first, bay.width) for bay in plan.bays],
        [PlanLine(line.label, [_mark(house, told) for house in line.cells]) for line in plan.lines],
        beside=f"共 {len(plan.houses):,}",
        legend=[_entry(one, told) for one in tally if one.houses or not told],
    )


def _mark(house: MappedHouse | None, told: bool) -> Mark | None:
    if house is None:
        return None
    answer = house.told.answer
    return Mark(house.short, answer.sign, _SHADES.get(answer.tone, 0)) if told else Mark(house.short)


def _entry(tally: Tally, told: bool) -> LegendEntry:
    answer = tally.answer
    words = f"{answer.words} {_counted(tally)}" if told else answer.words
    return LegendEntry(answer.sign, words, _SHADES.get(answer.tone, 0) if told else 0)


def _counted(tally: Tally) -> str:
    amount: Any = tally.amount
    return f"{tally.houses:,}（{thousands(amount)} 元）" if amount else f"{tally.houses:,}"


def _total(found: HouseMap) -> str:
    told = "，".join(f"{one.answer.words} {_counted(one)}" for one in found.tally() if one.houses)
    return f"{len(found.plans)} 栋共 {len(found.houses):,}：{told}。"
