"""外包页面: what contractors plan, how they are inspected, and how each month is scored."""

from __future__ import annotations

from typing import Any

from models.deeds import DEEDS
from models.suppliers.kinds import Category
from models.suppliers.rights import RULES, SUPERVISE
from models.suppliers.services import lists
from models.suppliers.services.areas import ServiceArea, areas_of
from models.suppliers.services.inspections import InspectionState, ServiceInspection, round_of
from models.suppliers.services.programmes import ProgrammeState, ServiceProgramme, rows_of
from models.suppliers.services.scores import ServiceState
from ui import deeddialog, keys
from ui.acts import Act, in_states, only_in
from ui.entering import EntryPage
from ui.entrygrid import SAME
from ui.page import Page, PageView
from ui.panel import Custom
from ui.services import Services

_REDO, _SUBMIT, _INSPECT, _AREAS = (
    f"suppliers.{name}"
    for name in ("redo_programme", "submit_programme", "inspect_service", "set_service_areas")
)
HINT = (
    f"不扣分填 0　扣分要写事实　监察发现列在旁边　Enter 下一行　{SAME} 照监察和评过的填　"
    f"{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏评的"
)


def _scoring(services: Services) -> EntryPage:
    """Return the page on which the areas of contractors are scored."""
    return EntryPage(services, lists.service_scoring, HINT, period="全部月份")


def _redo(view: PageView) -> Any:
    """Open the lines of the selected programme to be written anew."""
    one = view.records()[0]
    assert isinstance(one, ServiceProgramme)
    return deeddialog.do(view.services, DEEDS[_REDO], [one], view, values={"rows": rows_of(one)})


def _again(view: PageView) -> Any:
    """Open a new programme for the month after the selected one, with its lines."""
    one = view.records()[0]
    assert isinstance(one, ServiceProgramme)
    given = {"supplier": one.supplier, "month": one.month.plus(1), "rows": rows_of(one)}
    return deeddialog.do(view.services, DEEDS[_SUBMIT], [], view, values=given)


def _inspect_again(view: PageView) -> Any:
    """Open a new round through the areas of the selected one."""
    one = view.records()[0]
    assert isinstance(one, ServiceInspection)
    given = {"supplier": one.supplier, "rows": round_of(one), "leader": one.leader}
    return deeddialog.do(view.services, DEEDS[_INSPECT], [], view, values=given)


def _set_areas(view: PageView) -> Any:
    """Open the areas of the selected row's kind, with those that are in use."""
    selected = view.records()
    category = (
        selected[0].category if selected and isinstance(selected[0], ServiceArea) else Category.CLEANING
    )
    names = ("name", "standard", "full", "rule")
    rows = [{name: getattr(one, name) for name in names} for one in areas_of(category)]
    given = {"category": category, "rows": rows}
    return deeddialog.do(view.services, DEEDS[_AREAS], [], view, values=given)


REDO = Act(
    DEEDS[_REDO].title, SUPERVISE, _redo, fits=only_in(ProgrammeState.DRAFT, ProgrammeState.RETURNED),
    edits=True,
)  # fmt: skip
AGAIN = Act("照此登记下月", SUPERVISE, _again)
ROUND = Act("照此再巡一圈", SUPERVISE, _inspect_again)
SET_AREAS = Act(DEEDS[_AREAS].title, RULES, _set_areas)

PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="service_programmes",
        deeds=("suppliers.submit_programme",),
        row_deeds=(in_states("suppliers.review_programme", ProgrammeState.DRAFT), REDO, AGAIN),
        papers=("SU-10",),
        filters=("period", "supplier", "state"),
        empty="还没有外包计划方案。外包方交来的，点“登记方案”，再审核。",
    ),
    Page(
        listing="service_inspections",
        deeds=("suppliers.inspect_service",),
        row_deeds=(in_states("suppliers.recheck_service", InspectionState.OPEN), ROUND),
        papers=("SU-08",),
        filters=("period", "supplier", "state"),
        empty="还没有监察记录。巡看一圈，点“登记监察”，一个区域一行。",
    ),
    Page(
        listing="service_scores",
        deeds=("suppliers.open_service_scores",),
        row_deeds=(
            in_states("suppliers.confirm_service", ServiceState.OPEN),
            in_states("suppliers.sign_service_scores", ServiceState.OPEN),
        ),
        papers=("SU-07",),
        filters=("period", "supplier", "state"),
        empty="还没有外包月评。一个月过完，点“开始外包月评”。",
    ),
    Custom(lists.service_scoring.name, lists.service_scoring.title, SUPERVISE, _scoring),
    Page(
        listing="service_score_lines",
        filters=("period", "supplier", "state"),
        empty="还没有外包月评。",
    ),
)
SETTINGS: tuple[Page | Custom, ...] = (
    Page(
        listing="service_areas",
        deeds=(SET_AREAS,),
        filters=("state",),
        empty="没有外包评价项目，请先设置。",
    ),
)
