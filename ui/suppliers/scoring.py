"""评价页面: what the slips say, complaints, evaluations and marks, and by what is scored."""

from __future__ import annotations

from typing import Any

from models.deeds import DEEDS
from models.suppliers.grades import bands
from models.suppliers.kinds import Category
from models.suppliers.rights import RULES, SCORE
from models.suppliers.scoring import complaints, lists, signing  # noqa: F401 - their deeds are named below
from models.suppliers.scoring.complaints import ComplaintState
from models.suppliers.scoring.criteria import Criterion, criteria_of
from models.suppliers.scoring.evaluations import EvaluationState
from ui import deeddialog, keys
from ui.acts import Act, in_states
from ui.entering import EntryPage
from ui.entrygrid import SAME
from ui.page import Page, PageView
from ui.panel import Custom
from ui.services import Services

_CRITERIA, _BANDS = "suppliers.set_criteria", "suppliers.set_bands"
HINT = (
    f"每项 0 到 100 分　旁边是单据算出的实绩　Enter 下一行　{SAME} 照我打过的填　"
    f"{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的"
)


def _marking(services: Services) -> EntryPage:
    """Return the page on which an assessor gives his marks."""
    return EntryPage(services, lists.marking, HINT, period="全部评价期")


def _set_criteria(view: PageView) -> Any:
    """Open the criteria of the selected row's kind, with those that are in use."""
    selected = view.records()
    category = selected[0].category if selected and isinstance(selected[0], Criterion) else Category.FOOD
    rows = [{"name": one.name, "measure": one.measure, "weight": one.weight} for one in criteria_of(category)]
    given = {"category": category, "rows": rows}
    return deeddialog.do(view.services, DEEDS[_CRITERIA], [], view, values=given)


def _set_bands(view: PageView) -> Any:
    """Open the grades with those that are in use."""
    names = ("grade", "low", "high", "consequence", "letter")
    rows = [{name: getattr(one, name) for name in names} for one in bands()]
    return deeddialog.do(view.services, DEEDS[_BANDS], [], view, values={"rows": rows})


SET_CRITERIA = Act(DEEDS[_CRITERIA].title, RULES, _set_criteria)
SET_BANDS = Act(DEEDS[_BANDS].title, RULES, _set_bands)

PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="evaluations",
        deeds=("suppliers.open_evaluations",),
        row_deeds=(
            in_states("suppliers.sign_evaluations", EvaluationState.OPEN),
            in_states("suppliers.veto", EvaluationState.OPEN),
        ),
        papers=("SU-02",),
        filters=("period", "supplier", "state"),
        empty="还没有评价。一个季度过完以后，点“开始评价”。",
    ),
    Custom(lists.marking.name, lists.marking.title, SCORE, _marking),
    Page(
        listing="supplier_facts",
        filters=("period", "supplier"),
        period="今年",
        empty="名录里还没有供方。",
    ),
    Page(
        listing="evaluation_lines",
        filters=("period", "supplier", "state"),
        empty="还没有评价。",
    ),
    Page(
        listing="evaluation_marks",
        filters=("supplier",),
        empty="还没有人打过分。",
    ),
    Page(
        listing="supplier_complaints",
        deeds=("suppliers.complain",),
        row_deeds=(in_states("suppliers.settle_complaint", ComplaintState.OPEN),),
        filters=("period", "supplier", "state"),
        empty="没有对供方的投诉。",
    ),
)
SETTINGS: tuple[Page | Custom, ...] = (
    Page(
        listing="criteria",
        deeds=(SET_CRITERIA,),
        filters=("state",),
        empty="没有评价项目，请先设置。",
    ),
    Page(
        listing="bands",
        deeds=(SET_BANDS,),
        filters=(),
        empty="没有等级，请先设置。",
    ),
)
