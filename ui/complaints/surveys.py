"""顾客调查页面: surveys, their sheets, the grid in which they are typed, and what they say."""

from __future__ import annotations

from models.complaints.rights import VISIT
from models.complaints.surveys import lists  # noqa: F401 - its lists are named below
from models.complaints.surveys.sheets import SheetState, SurveyState
from models.complaints.surveys.typing_in import surveying
from ui import keys
from ui.acts import in_states
from ui.entering import EntryPage
from ui.entrygrid import SAME
from ui.page import Page
from ui.panel import Custom
from ui.services import Services

HINT = (
    f"按表上的顺序一项一个数字：5 很满意 … 1 很不满意 0 不了解　{SAME} 全填4　"
    f"{keys.PREVIOUS} {keys.NEXT} 上一张、下一张漏录的"
)


def _surveying(services: Services) -> EntryPage:
    """Return the page on which returned sheets are typed."""
    return EntryPage(services, surveying, HINT)


PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="surveys",
        deeds=("complaints.start_survey",),
        row_deeds=(
            in_states("complaints.improve", SurveyState.OPEN, SurveyState.CLOSED),
            in_states("complaints.close_survey", SurveyState.OPEN),
        ),
        papers=("CS-06", "CS-07"),
        filters=(),
        empty="还没有顾客意见调查。每半年一次，点“开始调查”抽取住户并编号。",
    ),
    Page(
        listing="survey_sheets",
        row_deeds=(
            in_states("complaints.deliver_sheets", SheetState.DRAWN),
            in_states("complaints.lose_sheet", SheetState.DRAWN, SheetState.OUT),
            in_states("complaints.correct_sheet", SheetState.RETURNED),
            in_states("complaints.void_sheet", SheetState.OUT, SheetState.RETURNED),
        ),
        papers=("CS-06",),
        filters=("unit", "building", "state"),
        empty="还没有调查表。在“顾客调查”里开始一次调查。",
    ),
    Custom(surveying.name, surveying.title, VISIT, _surveying),
    Page(
        listing="survey_results",
        papers=("CS-07",),
        filters=("period",),
        period="最近一次",
        charts=True,
        empty="还没有录入过调查表。",
    ),
    Page(
        listing="survey_buildings",
        papers=("CS-07",),
        filters=("period",),
        period="最近一次",
        empty="还没有录入过调查表。",
    ),
)
TOPICS = Page(
    listing="survey_topics",
    deeds=("complaints.add_topic",),
    row_deeds=("complaints.edit_topic", "complaints.retire_topic", "complaints.restore_topic"),
    filters=(),
    empty="没有调查项目，请先新增。",
)
