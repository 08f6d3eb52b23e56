"""需求页面: what is needed, what of it is to be bought, and into which purchase plans it went."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from models.canteen import demand_lists, demanding  # noqa: F401 - their lists and deeds are named below
from models.canteen.demands import Demand, DemandState
from models.suppliers.rights import PLAN
from ui import keys, papers
from ui.acts import in_states
from ui.entering import EntryPage
from ui.entrygrid import SAME
from ui.page import Page
from ui.panel import Custom
from ui.services import Services

HINT = (
    f"Enter 下一行　{SAME} 照一周用量加最低库存填　不需要的空着　后面提示要买多少　"
    f"{keys.PREVIOUS} {keys.NEXT} 上一个、下一个填错的"
)


def _demanding(services: Services) -> EntryPage:
    """Return the page on which is typed what is needed, and printed."""

    def prints(page: QWidget, done: Demand) -> None:
        papers.print_paper(services, page, "CA-01", "物品需求计划表", {"number": done.number})

    return EntryPage(services, demanding.demanding, HINT, after=("打印需求计划", prints))


PAGES: tuple[Page | Custom, ...] = (
    Custom(demanding.demanding.name, demanding.demanding.title, PLAN, _demanding),
    Page(
        listing="demands",
        row_deeds=(
            in_states("canteen.approve_demand", DemandState.DRAFT),
            in_states("canteen.consolidate", DemandState.APPROVED),
            in_states("canteen.withdraw_demand", DemandState.DRAFT, DemandState.APPROVED),
        ),
        papers=("CA-01",),
        filters=("period", "state"),
        empty="还没有需求计划。在“编制需求计划”里填要多少，系统算出要买多少。",
    ),
    Page(
        listing="demand_lines",
        papers=("CA-01",),
        filters=("period", "stock", "state"),
        empty="还没有需求明细。",
    ),
)
