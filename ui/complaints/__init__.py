"""投诉报修: the pages of calls, complaints, repairs and visits back, by what people come for."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import Any

from models.complaints import (  # noqa: F401 - their deeds and lists are named below
    complaining,
    ending,
    lists,
    materials,
    outage_lists,
    repairing,
    trades,
    visit_lists,
    waiting,
)
from models.complaints.cases import CaseState, ServiceCase
from models.complaints.kinds import Sort
from models.complaints.outages import OutageState
from models.complaints.rights import REGISTER, VIEW
from models.listings import Filters
from models.owners.estate import Unit
from ui import keys, papers
from ui.acts import Act, in_states, offer
from ui.complaints import contact, rates, rounds, surveys
from ui.complaints.intake import NAME, TITLE, Intake
from ui.page import Page, PageView
from ui.panel import Custom, Panel

_PAPERS = {Sort.COMPLAINT: ("CS-02", "投诉处理单"), Sort.REPAIR: ("CS-03", "报修单")}
S = CaseState
_WORKED_ON = (S.ASSIGNED, S.WORKING, S.DISPATCHED, S.ARRIVED)
_UNDONE = (S.RECEIVED, *_WORKED_ON, S.WAITING)


def _print(view: PageView) -> None:
    """Print the selected cases, each sort on its own form."""
    cases = [one for one in view.records() if isinstance(one, ServiceCase)]
    for sort, (code, title) in _PAPERS.items():
        numbers = sorted(one.number for one in cases if one.sort is sort)
        if numbers:
            papers.print_paper(view.services, view, code, title, {"number": "、".join(numbers)})


def _to_intake(view: PageView) -> None:
    """Open the intake, on the house of the selected row if one is selected."""
    rows = view.table.grid.selected()
    unit = Unit.those([rows[0].id])[0] if rows and view.record is Unit else None
    view.services.open(NAME, Filters(unit=unit))


TAKE = Act("受理", REGISTER, _to_intake, asks=False)
PRINT_CASES = Act("打印处理单", VIEW, _print, many=True, asks=False, key=keys.AND_PRINT)
offer(Unit, replace(TAKE, title="受理投诉报修"))

_BOTH: tuple[str | Act, ...] = (
    in_states("complaints.wait", S.WORKING, S.DISPATCHED, S.ARRIVED),
    in_states("complaints.resume", S.WAITING),
    in_states("complaints.transfer", *_WORKED_ON),
    in_states("complaints.withdraw", *_UNDONE, S.QUOTED),
    in_states("complaints.reopen", S.VISITING, S.VISITED, S.CLOSED, S.WITHDRAWN, S.UNFOUNDED),
    "complaints.note",
)
_OPEN: tuple[str | Act, ...] = (
    "complaints.note",
    in_states("complaints.grade", *_UNDONE[:-1]),
    in_states("complaints.transfer", *_WORKED_ON),
    in_states("complaints.wait", S.WORKING, S.DISPATCHED, S.ARRIVED),
    in_states("complaints.resume", S.WAITING),
    "complaints.join_outage",
    "complaints.link_again",
    "complaints.correct",
    "complaints.report",
    "complaints.direct",
)
_COMPLAINT: tuple[str | Act, ...] = (
    in_states("complaints.assign", S.RECEIVED),
    in_states("complaints.start", S.ASSIGNED),
    in_states("complaints.answer", S.ASSIGNED, S.WORKING),
    in_states("complaints.review", S.REVIEW),
    in_states("complaints.return", S.REVIEW),
    in_states("complaints.close", S.VISITED),
    "complaints.stop_violation",
    "complaints.report",
    "complaints.direct",
    in_states("complaints.dismiss", *_UNDONE, S.REVIEW),
)


def _given_out(case: ServiceCase) -> dict[str, Any]:
    """Begin with what the store gave out for a repair, where no quotation says what it takes."""
    return {} if case.quoted is not None else {"materials": materials.taken(case)}


_REPAIR: tuple[str | Act, ...] = (
    in_states("complaints.dispatch", S.RECEIVED),
    in_states("complaints.arrive", S.DISPATCHED),
    in_states("complaints.quote", S.ARRIVED),
    in_states("complaints.agree", S.QUOTED),
    in_states("complaints.decline", S.QUOTED),
    in_states("complaints.finish", S.ARRIVED, knows=_given_out),
    in_states("complaints.accept", S.FINISHED),
    in_states("complaints.reject", S.FINISHED),
    in_states("complaints.charge", S.FINISHED, S.VISITING, S.CLOSED),
)

DESK: tuple[Page | Custom, ...] = (
    Custom(NAME, TITLE, REGISTER, Intake),
    Page(
        listing="cases",
        deeds=(TAKE,),
        row_deeds=(*_OPEN, PRINT_CASES),
        papers=("CS-02", "CS-03"),
        filters=("unit", "building", "state"),
        empty="没有在办的投诉和报修。接到电话，点“受理”登记。",
    ),
    Page(
        listing="complaints",
        deeds=(TAKE,),
        row_deeds=(*_COMPLAINT, *_BOTH, PRINT_CASES),
        papers=("CS-01", "CS-02"),
        filters=("period", "building", "state"),
        empty="还没有投诉。接到投诉，点“受理”登记。",
    ),
    Page(
        listing="repairs",
        deeds=(TAKE,),
        row_deeds=(*_REPAIR, *_BOTH, PRINT_CASES),
        papers=("CS-03", "CS-04"),
        filters=("period", "building", "state"),
        empty="还没有报修。接到报修，点“受理”登记。",
    ),
    Page(
        listing="visit_tasks",
        row_deeds=("complaints.visit", "complaints.miss", "complaints.give_up_visit"),
        papers=("CS-05",),
        filters=("building",),
        empty="没有要回访的。投诉审核通过、维修验收以后，要回访的列在这里。",
    ),
    Page(
        listing="return_visits",
        papers=("CS-05",),
        filters=("period", "unit"),
        empty="还没有回访过。在“待回访”里登记。",
    ),
)
RECORDS: tuple[Page | Custom, ...] = (
    Page(
        listing="case_steps",
        filters=("period", "unit", "state"),
        empty="还没有办理过程。",
    ),
    Page(
        listing="case_pauses",
        filters=("unit",),
        empty="没有暂停过计时。等业主的时候，时限停住，列在这里。",
    ),
    Page(
        listing="repair_materials",
        filters=("period", "unit"),
        empty="还没有登记过维修材料。",
    ),
)
OUTAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="outages",
        deeds=("complaints.add_outage",),
        row_deeds=(in_states("complaints.end_outage", OutageState.OPEN),),
        filters=("period", "building", "state"),
        empty="没有停供通报。停水停电、电梯停运时先登记，来电都并到它下面，恢复后一并关闭。",
    ),
)
SETTINGS: tuple[Page | Custom, ...] = (
    Page(
        listing="problems",
        deeds=("complaints.add_problem",),
        row_deeds=("complaints.edit_problem", "complaints.retire_problem", "complaints.restore_problem"),
        filters=("state",),
        empty="没有受理事项，请先新增。",
    ),
    Page(
        listing="service_terms",
        row_deeds=("complaints.edit_terms",),
        filters=("state",),
        empty="办理时限不见了，请从备份恢复。",
    ),
    Page(
        listing="case_rules",
        row_deeds=("complaints.edit_rules",),
        filters=(),
        empty="受理规则不见了，请从备份恢复。",
    ),
    Page(
        listing="repairers",
        deeds=("complaints.add_trade",),
        row_deeds=("complaints.add_trade", "complaints.drop_trade"),
        filters=(),
        empty="还没有登记维修工种。登记以后，派工时按工种核对。",
    ),
    rounds.POINTS,
    surveys.TOPICS,
    rates.TARGETS,
)


class ComplaintsPanel(Panel):
    """投诉报修."""

    name = "complaints"
    title = "投诉报修"
    icon = "ph.chat-circle-text"
    groups = {
        "受理与办理": DESK,
        "停供通报": OUTAGES,
        "日常巡查": rounds.PAGES,
        "业主联系": contact.PAGES,
        "顾客调查": surveys.PAGES,
        "服务统计": rates.PAGES,
        "记录": RECORDS,
        "设置": SETTINGS,
    }
    pages = tuple(chain.from_iterable(groups.values()))


PANEL = ComplaintsPanel
