"""综合办公: the pages of the office itself: staff, accounts, settings, storage, records."""

from __future__ import annotations

from itertools import chain
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from models import batches, deeds
from models.base import RECORDS
from models.batches import Batch
from models.deeds import DEEDS
from models.errors import NotFound
from models.health import SEE as SEE_HEALTH
from models.office import accounts as _accounts  # noqa: F401 - its deeds are named below
from models.office import approval_lists as _approvals  # noqa: F401 - so are these lists and deeds
from models.office.profile import EDIT as EDIT_PROFILE
from models.store.rights import BACKUP
from ui import deeddialog, dialogs
from ui.acts import Act, of_deed
from ui.office import budget, duty
from ui.office.approving import AGAIN, deciding, of_chain, withdrawing
from ui.office.settings import SettingsPage
from ui.office.storage import StoragePage
from ui.page import Page, PageView
from ui.panel import Custom, Panel
from ui.permits import may

SETTINGS = "settings"


def _undo(view: PageView) -> Any:
    """Undo the selected batch by the deed of its kind."""
    batch = view.records()[0]
    assert isinstance(batch, Batch)
    deed: Any = batches.UNDO[batch.kind]
    return deeddialog.do(view.services, deed, [batch], view)


def _undo_hindrance(view: PageView) -> str:
    batch = view.records()[0]
    assert isinstance(batch, Batch)
    if batch.state is batches.State.UNDONE:
        return "这一批已经撤销过"
    deed: Any = batches.UNDO.get(batch.kind)
    if deed is None:
        return "这种批次不能整批撤销"
    return "" if may(deed.right) else f"您没有“{deeds.RIGHTS[deed.right]}”的权限"


def _mend(view: PageView) -> Any:
    """Open the deed that mends the selected gap."""
    listing, rows = view.table.grid.rows.listing, view.table.grid.selected()
    assert listing is not None
    told = listing.plain(rows[0])
    deed = DEEDS[told["deed"]]
    if deed.name == "office.edit_profile":
        view.services.open(SETTINGS)
        return None
    try:
        record = RECORDS[told["record"]].those([int(told["id"])])[0]
    except NotFound as gone:
        return dialogs.tell(view, "处理", str(gone), "warning")
    return deeddialog.do(view.services, deed, [record], view)


def _show_password(view: PageView, issued: Any) -> None:
    """Show a password that serves once; it is kept nowhere."""
    told = dialogs.tell(view, "一次性口令", str(issued), "warning")
    copy = QPushButton("复制口令")
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(issued.password))
    told.buttons.insertWidget(1, copy)


APPROVING = (
    Page(
        listing="approvals",
        row_deeds=(
            deciding("office.approve"),
            deciding("office.reject"),
            withdrawing(),
            AGAIN,
        ),
        papers=("OF-23",),
        empty="还没有审批单。要先审批的事，在它自己的表单里申请。",
    ),
    Page(
        listing="deputies",
        deeds=("office.set_deputy",),
        row_deeds=("office.end_deputy",),
        filters=(),
        empty="没有人请别人代理审批。",
    ),
    Page(
        listing="chains",
        row_deeds=tuple(map(of_chain, ("office.set_chain", "office.start_chain", "office.stop_chain"))),
        filters=(),
    ),
)
PEOPLE = (
    Page(
        listing="accounts",
        deeds=(of_deed("office.add_account", of_rows=False, then=_show_password),),
        row_deeds=(
            "office.give_role",
            "office.take_role",
            of_deed("office.reset_password", of_rows=True, then=_show_password),
            "office.rename_account",
            "office.retire_account",
            "office.restore_account",
        ),
        filters=(),
    ),
    Page(
        listing="roles",
        deeds=("office.add_role",),
        row_deeds=(
            "office.grant_right",
            "office.revoke_right",
            "office.edit_role",
            "office.retire_role",
            "office.restore_role",
        ),
        papers=("OF-22",),
        number="name",
        filters=(),
    ),
    Page(
        listing="staff",
        deeds=("office.add_staff",),
        row_deeds=("office.edit_staff", "office.end_staff", "office.return_staff"),
        filters=(),
    ),
    Page(
        listing="departments",
        deeds=("office.add_department",),
        row_deeds=("office.rename_department", "office.retire_department", "office.restore_department"),
        filters=(),
    ),
    Page(
        listing="posts",
        deeds=("office.add_post",),
        row_deeds=("office.edit_post", "office.retire_post", "office.restore_post"),
        filters=(),
    ),
)
SETTING_UP = (
    Custom(SETTINGS, "本处设置", EDIT_PROFILE, SettingsPage),
    Page(
        listing="workdays",
        deeds=("office.set_day", "office.clear_day", "office.confirm_year"),
        filters=("period",),
    ),
    Custom("backups", "备份与恢复", BACKUP, StoragePage),
)
KEPT = (
    Page(
        listing="health",
        row_deeds=(Act("处理", SEE_HEALTH, _mend),),
        filters=(),
        empty="没有发现缺漏。",
    ),
    Page(
        listing="batches",
        row_deeds=(Act("撤销", batches.SEE, _undo, fits=_undo_hindrance, danger=True),),
        filters=("state",),
        empty="还没有批次。",
    ),
    Page(listing="audit", filters=("period", "state")),
    Page(listing="sign_ins", filters=("period",)),
)


class OfficePanel(Panel):
    """综合办公."""

    name = "office"
    title = "综合办公"
    icon = "ph.briefcase"
    groups = {
        "值班与签阅": duty.PAGES,
        "审批": APPROVING,
        "预算": budget.PAGES,
        "人员": PEOPLE,
        "设置": (*SETTING_UP, *duty.SETTINGS),
        "数据": KEPT,
    }
    pages = tuple(chain.from_iterable(groups.values()))


PANEL = OfficePanel
