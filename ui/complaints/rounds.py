"""日常巡查页面: the sheet in which a round is typed, the rounds, and what was found."""

from __future__ import annotations

from models.complaints.rights import REGISTER
from models.complaints.rounds import lists  # noqa: F401 - its lists are named below
from models.complaints.rounds.inspecting import inspecting
from ui import keys
from ui.entering import EntryPage
from ui.entrygrid import SAME
from ui.page import Page
from ui.panel import Custom
from ui.services import Services

HINT = (
    f"Enter 下一行　{SAME} 填“正常”　{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的　"
    "结果填 1 正常、2 异常、3 当场整改；异常的生成报修单"
)


def _inspecting(services: Services) -> EntryPage:
    """Return the page on which a round is typed."""
    return EntryPage(services, inspecting, HINT)


PAGES: tuple[Page | Custom, ...] = (
    Custom(inspecting.name, inspecting.title, REGISTER, _inspecting),
    Page(
        listing="inspections",
        papers=("OW-16",),
        filters=("period",),
        empty="还没有巡查记录。在“巡查录入”里登记，异常的自动生成报修单。",
    ),
    Page(
        listing="inspection_lines",
        filters=("period", "building", "state"),
        empty="还没有巡查过。",
    ),
)
POINTS = Page(
    listing="inspection_points",
    deeds=("complaints.make_points", "complaints.add_point"),
    row_deeds=("complaints.edit_point", "complaints.retire_point", "complaints.restore_point"),
    papers=("OW-16",),
    filters=("building",),
    empty="还没有巡查点。点“按楼栋生成巡查点”，每栋的门禁、照明、电梯等一次生成。",
)
