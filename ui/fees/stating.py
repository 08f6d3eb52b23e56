"""对账单: what its rows open: the document that each of them is, and how a charge came about."""

from __future__ import annotations

from typing import Any

from models.fees.bills import Bill
from models.fees.rights import VIEW
from ui.acts import Act
from ui.fees.explaining import explain_lines
from ui.page import PageView

_PAGES = {"Bill": "bills", "Receipt": "receipts", "SetOff": "set_offs"}
"""Pages that show a document, by the kind of record that a row's id begins with."""


def _named(view: PageView) -> list[tuple[str, int]]:
    """Return (kind of record, id) of each selected row that is a document."""
    found = []
    for row in view.table.grid.selected():
        kind, _, rest = str(row.id).partition(":")
        if kind in _PAGES:
            found.append((kind, int(rest.partition(":")[0])))
    return found


def _open(view: PageView) -> None:
    """Open the document of the selected row on its own page."""
    ((kind, id),) = _named(view)
    listing = view.table.grid.rows.listing
    label = listing.plain(view.table.grid.selected()[0])["number"] if listing is not None else ""
    view.services.show(_PAGES[kind], id, label)


def _explain(view: PageView) -> Any:
    return explain_lines(view.services, view, Bill.those([id for _, id in _named(view)]))


def _is_document(view: PageView) -> str:
    return "" if _named(view) else "这一行没有单据"


def _are_charges(view: PageView) -> str:
    named = _named(view)
    charges = named and len(named) == view.table.grid.selected_count()
    return "" if charges and {kind for kind, _ in named} == {"Bill"} else "只有账单可以解释"


OPEN_DOCUMENT = Act("打开单据", VIEW, _open, asks=False, fits=_is_document)
EXPLAIN_CHARGES = Act("解释", VIEW, _explain, many=True, asks=False, fits=_are_charges)
