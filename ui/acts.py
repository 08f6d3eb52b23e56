"""办法: what a page's buttons do: a deed by its form, or something written by hand."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.deeds import DEEDS
from models.fields import LinksField
from ui import deeddialog
from ui.permits import may

if TYPE_CHECKING:
    from ui.page import PageView

NO_ROW = "请先在名单中选一行"
ONE_ROW = "一次只能办一行，请只选一行"


@dataclass(frozen=True)
class Act:
    """One button of a page.

    Args:
        title: the verb of the office.
        right: who may.
        run: does it, given the page.
        many: whether it takes several rows at once.
        fits: why it does not fit the selected rows; empty when it does.
        asks: whether a form or question follows.
        danger: whether it takes something away.
    """

    title: str
    right: str
    run: Callable[[PageView], Any]
    many: bool = False
    fits: Callable[[PageView], str] = lambda view: ""
    asks: bool = True
    danger: bool = False

    @property
    def words(self) -> str:
        """What the button says."""
        return f"{self.title}…" if self.asks else self.title

    def permitted(self) -> bool:
        """Whether the person acting may."""
        return bool(may(self.right))

    def hindrance(self, view: PageView) -> str:
        """Return why it cannot be done on the selected rows."""
        count = view.table.grid.selected_count()
        if count == 0:
            return NO_ROW
        if count > 1 and not self.many:
            return ONE_ROW
        return self.fits(view)


Then = Callable[["PageView", Any], Any]


def of_deed(name: str, *, of_rows: bool, then: Then | None = None) -> Act:
    """Return the button of a deed.

    Args:
        name: of the deed.
        of_rows: whether it is done to the selected rows.
        then: called with the page and what the deed returned.
    """
    deed = DEEDS[name]

    def run(view: PageView) -> Any:
        records = view.records() if of_rows else []
        after = functools.partial(then, view) if then is not None else None
        return deeddialog.do(view.services, deed, records, view, then=after)

    def fits(view: PageView) -> str:
        several = view.table.grid.selected_count() > 1
        return ONE_ROW if several and not _takes_many(name, view) else ""

    return Act(deed.title, deed.right, run, many=True, fits=fits, danger=deed.danger)


def _takes_many(name: str, view: PageView) -> bool:
    """Whether a deed takes several rows as one answer, or asks for nothing else and can be done to each."""
    kind, deed = view.record, DEEDS[name]
    if kind is None:
        return False
    method = deeddialog.is_method(deed)
    if any(isinstance(one.field, LinksField) and _names(one.field, kind) for one in deed.inputs):
        return True
    return not [one for one in deed.inputs if method or not _names(one.field, kind)]


def _names(asked: Any, kind: type) -> bool:
    model = getattr(asked, "rel_model", None)
    return model is not None and issubclass(kind, model)
