"""审批的按钮: what fits the selected application, and the forms of the selected chain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from models.deeds import DEEDS
from models.office import chains
from ui import deeddialog
from ui.acts import Act, of_deed
from ui.page import PageView


def deciding(name: str) -> Act:
    """Return the button of a deed that decides on the selected application."""
    return replace(of_deed(name, of_rows=True), fits=_not_mine)


def _not_mine(view: PageView) -> str:
    if view.table.grid.selected_count() > 1:
        return "一次只能办一行，请只选一行"
    return "" if _told(view)["mine"] else "不等您审批：看“状态”和“等待”"


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
    listing, rows = view.table.grid.rows.listing, view.table.grid.selected()
    assert listing is not None
    return listing.plain(rows[0])
