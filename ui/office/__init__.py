"""综合办公: the pages of the office itself: staff, accounts, settings, storage, records."""

from __future__ import annotations

from models.store.rights import BACKUP
from ui.office.storage import StoragePage
from ui.page import Page
from ui.panel import Custom, Panel


class OfficePanel(Panel):
    """综合办公."""

    name = "office"
    title = "综合办公"
    icon = "ph.briefcase"
    pages = (
        Page(
            listing="accounts",
            deeds=("office.add_account",),
            row_deeds=(
                "office.give_role",
                "office.take_role",
                "office.reset_password",
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
        Page(listing="health", filters=(), empty="没有发现缺漏。"),
        Page(listing="batches", filters=("state",), empty="还没有批次。"),
        Page(
            listing="workdays",
            deeds=("office.set_day", "office.clear_day", "office.confirm_year"),
            filters=("period",),
        ),
        Custom("backups", "备份与恢复", BACKUP, StoragePage),
        Page(listing="audit", filters=("period", "state")),
        Page(listing="sign_ins", filters=("period",)),
    )


PANEL = OfficePanel
