"""值班与签阅页面: what is to be read, the day's logs, who works when."""

from __future__ import annotations

from models.conditions import Condition, Test
from models.office import logs as _logs  # noqa: F401 - its deeds and lists are named below
from models.office.roster.lists import rostering
from models.office.roster.rosters import RosterState
from models.office.roster.shifts import ROSTER
from models.office.signoffs import Paper, SignOff, SignOffState
from models.workdays import SEE
from ui import keys
from ui.acts import Act, in_states
from ui.entering import EntryPage
from ui.entrygrid import SAME
from ui.page import Page, PageView
from ui.panel import Custom
from ui.services import Services

HINT = (
    f"从 1 日起一天一个字，循环到月底，例如 早早中中夜夜休休 或 11223300　"
    f"{SAME} 照已排的或接上月　{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的"
)
_PAGES = {Paper.COMPLAINT: "complaints", Paper.INSPECTION: "inspection_lines", Paper.LOG: "duty_logs"}


def _rostering(services: Services) -> EntryPage:
    """Return the page on which rotations are typed."""
    return EntryPage(services, rostering, HINT, period="本月")


def _open(view: PageView) -> None:
    """Open the paper of the selected row."""
    one = view.records()[0]
    assert isinstance(one, SignOff)
    view.services.open(_PAGES[one.kind], asked=(Condition("number", Test.HAS, one.number),))


PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="sign_offs",
        row_deeds=(
            in_states("office.read", SignOffState.UNREAD),
            in_states("office.pass_on", SignOffState.UNREAD, SignOffState.READ),
            in_states("office.answer_sign_off", SignOffState.PASSED),
            Act("查看原件", SEE, _open, asks=False),
        ),
        filters=("period", "state"),
        empty="没有待签阅的。登记的投诉、巡查记录和管理日志，都送到这里。",
    ),
    Page(
        listing="duty_logs",
        deeds=("office.write_log",),
        row_deeds=("office.edit_log",),
        papers=("OF-15",),
        filters=("period",),
        empty="还没有管理日志。点“写日志”，值班、投诉报修数和巡查由系统填好。",
    ),
    Page(
        listing="duties",
        deeds=("office.swap_shifts",),
        papers=("OF-01",),
        filters=("period",),
        period="本月",
        empty="这个月还没有排班。在“排班”里填写。",
    ),
    Custom(rostering.name, rostering.title, ROSTER, _rostering),
    Page(
        listing="rosters",
        row_deeds=(
            in_states("office.approve_roster", RosterState.DRAFT),
            in_states("office.reopen_roster", RosterState.APPROVED),
        ),
        papers=("OF-01",),
        filters=("period", "state"),
        empty="还没有值班表。在“排班”里填写。",
    ),
    Page(listing="shift_swaps", filters=("period",), empty="没有人调过班。"),
)
SETTINGS: tuple[Page | Custom, ...] = (
    Page(
        listing="work_shifts",
        deeds=("office.add_work_shift",),
        row_deeds=("office.edit_work_shift", "office.retire_work_shift", "office.restore_work_shift"),
        filters=(),
        empty="没有班次代码，请先新增。",
    ),
    Page(
        listing="roster_rules",
        row_deeds=("office.edit_roster_rules",),
        filters=(),
        empty="排班规则不见了，请从备份恢复。",
    ),
)
