"""审批的按钮: what fits the selected application, and the forms of the selected chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from models.base import Record
from models.deeds import DEEDS, RIGHTS, Deed
from models.errors import OfficeError
from models.fields import LinkField, LinksField
from models.office import chains
from models.office.approvals import Approval, State
from models.office.deputies import APPROVALS
from ui import deeddialog, dialogs
from ui.acts import Act, of_deed
from ui.page import PageView
from ui.permits import may


def deciding(name: str) -> Act:
    """Return the button of a deed that decides on the selected application."""
    return replace(of_deed(name, of_rows=True), fits=_not_mine)


def _not_mine(view: PageView) -> str:
    if view.table.grid.selected_count() > 1:
        return "一次只能办一行，请只选一行"
    return "" if _told(view)["mine"] else "不等您审批：看“状态”和“等待”"


def withdrawing() -> Act:
    """Return the button by which one's own applications are given up."""
    return replace(of_deed("office.withdraw_approval", of_rows=True), fits=_not_pending)


def _not_pending(view: PageView) -> str:
    for told in _all_told(view):
        if told["state"] != State.PENDING.value:
            return f"{told['number']} {told['state']}，不能撤回"
        if not told["own"]:
            return f"{told['number']} 是 {told['who']} 申请的，只能由本人撤回"
    return ""


def _again(view: PageView) -> Any:
    """Open the form of what was applied for, filled in as it was, on what it was about."""
    approval = view.records()[0]
    assert isinstance(approval, Approval)
    deed = DEEDS[approval.what]
    try:
        record, values = approval.applied_for()
    except OfficeError as gone:
        words = f"{gone}\n原来的内容已不能照填，请从头申请。"
        return dialogs.tell(view, AGAIN.title, words, "warning")
    records = _chosen(deed, values) if record is None else [record]
    given = {**values, deeddialog.WHY.name: approval.note}
    return deeddialog.do(view.services, deed, records, view, values=given, then=lambda _: None)


def _chosen(deed: Deed, values: dict[str, Any]) -> Sequence[Record]:
    """Return the records among the values that nobody types: they were chosen in a list."""
    for one in deed.inputs:
        value = values.get(one.name)
        if value and isinstance(one.field, LinkField | LinksField) and one.field.rel_model.key_field == "id":
            return value if isinstance(one.field, LinksField) else [value]
    return []


def _not_again(view: PageView) -> str:
    told = _told(view)
    if not told["own"]:
        return f"{told['number']} 是 {told['who']} 申请的，只能由本人重新申请"
    if told["state"] not in (State.REJECTED.value, State.WITHDRAWN.value):
        return f"{told['number']} {told['state']}，驳回或撤回了的才能重新申请"
    approval = view.records()[0]
    assert isinstance(approval, Approval)
    right = DEEDS[approval.what].right
    return "" if may(right) else f"您没有“{RIGHTS[right]}”的权限"


AGAIN = Act("照此重新申请", APPROVALS, _again, fits=_not_again)


def of_chain(name: str) -> Act:
    """Return the button of a deed that is done to the selected chain."""
    deed = DEEDS[name]

    def run(view: PageView) -> Any:
        which = _told(view)["name"]
        given = {"deed": which, **({"steps": chains.rows_of(which)} if name == "office.set_chain" else {})}
        return deeddialog.do(view.services, deed, [], view, values=given, then=lambda _: None)

    def fits(view: PageView) -> str:
        on = _told(view)["on"] == "启用"
        wanted = {"office.start_chain": False, "office.stop_chain": True}.get(name, on)
        return "" if wanted == on else f"这件事的审批已经{'启用' if on else '停用'}"

    return Act(deed.title, deed.right, run, fits=fits, danger=deed.danger)


def _told(view: PageView) -> dict[str, Any]:
    """Return the selected row as machines read it."""
    return _all_told(view)[0]


def _all_told(view: PageView) -> list[dict[str, Any]]:
    """Return all selected rows as machines read them."""
    listing = view.table.grid.rows.listing
    assert listing is not None
    return [listing.plain(row) for row in view.table.grid.selected()]
