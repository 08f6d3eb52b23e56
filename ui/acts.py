"""办法: what a page's buttons do: a deed by its form, or something written by hand."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from models.base import Record
from models.deeds import DEEDS, Deed
from models.fields import LinksField
from ui import deeddialog, keys
from ui.permits import may

if TYPE_CHECKING:
    from ui.page import Page, PageView

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
        edits: whether it changes what the row says; then F2 does it.
        key: its own; without one it has the next of `keys.DEEDS`.
    """

    title: str
    right: str
    run: Callable[[PageView], Any]
    many: bool = False
    fits: Callable[[PageView], str] = lambda view: ""
    asks: bool = True
    danger: bool = False
    edits: bool = False
    key: str = ""

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


Knows = Callable[[Any], dict[str, Any]]


def of_deed(
    name: str, *, of_rows: bool, then: Then | None = None, prints: Then | None = None,
    knows: Knows | None = None,
) -> Act:  # fmt: skip
    """Return the button of a deed.

    Args:
        name: of the deed.
        of_rows: whether it is done to the selected rows.
        then: called with the page and what the deed returned.
        prints: prints its paper, called likewise; its form has a further button for that.
        knows: says what its form begins with, of the one record it is done to.
    """
    deed = DEEDS[name]

    def run(view: PageView) -> Any:
        records = view.records() if of_rows else []
        after, printing = (
            functools.partial(one, view) if one is not None else None for one in (then, prints)
        )
        known = knows(records[0]) if knows is not None and len(records) == 1 else None
        dialog = deeddialog.do(view.services, deed, records, view, values=known, then=after, prints=printing)
        if isinstance(dialog, deeddialog.DeedDialog) and not of_rows:
            dialog.made.connect(view.expect)
        return dialog

    def fits(view: PageView) -> str:
        several = view.table.grid.selected_count() > 1
        return ONE_ROW if several and not _takes_many(name, view) else ""

    edits = of_rows and _edits(deed)
    return Act(deed.title, deed.right, run, many=True, fits=fits, danger=deed.danger, edits=edits)


def only_in(*states: Enum) -> Callable[[PageView], str]:
    """Return what says why the selected rows do not stand where something can be done with them."""

    def hindrance(view: PageView) -> str:
        listing = view.table.grid.rows.listing
        assert listing is not None
        found = {listing.plain(row)["state"] for row in view.table.grid.selected()}
        strange = sorted(found - {state.value for state in states})
        return f"{'、'.join(strange)}的不能这样办" if strange else ""

    return hindrance


def in_states(name: str, *states: Enum, knows: Knows | None = None) -> Act:
    """Return the button of a deed on selected rows that fits just these states, and says so in others."""
    act, where = of_deed(name, of_rows=True, knows=knows), only_in(*states)
    return replace(act, fits=lambda view: act.fits(view) or where(view))


def _edits(deed: Deed) -> bool:
    """Whether a deed changes fields of its record, so that its form begins with what they hold."""
    fields = deed.record.fields() if deed.on_record and deed.record is not None else {}
    return any(fields.get(one.name) is one.field for one in deed.inputs)


def permitted(acts: Sequence[str | Act], *, of_rows: bool) -> list[Act]:
    """Return the buttons of a page that the person acting may press; a deed by its name."""
    made = [of_deed(act, of_rows=of_rows) if isinstance(act, str) else act for act in acts]
    return [act for act in made if act.permitted()]


def keys_of(acts: Sequence[Act]) -> list[str]:
    """Return the key of each: its own, or the next of those that all pages have."""
    free = iter(keys.DEEDS)
    return [act.key or next(free, "") for act in acts]


def keyed(page: Page, record: type[Record] | None) -> Iterator[tuple[str, Act]]:
    """Yield what the person acting may do on a page, each with its key, as `ui.buttons` binds them."""
    rows = permitted((*page.row_deeds, *offered(record, page.row_deeds)), of_rows=True)
    acts = [*permitted(page.deeds, of_rows=False), *rows]
    yield from zip(keys_of(acts), acts, strict=True)


_offered: list[tuple[type[Record], Act]] = []


def offer(record: type[Record], act: Act) -> None:
    """Let a button stand on every page that lists records of a kind, whatever module the page is of."""
    _offered.append((record, act))


def offered(record: type[Record] | None, own: Sequence[str | Act]) -> list[Act]:
    """Return what other modules offer on records of a kind, but for what the page has anyway."""
    return [act for kind, act in _offered if kind is record and act not in own]


def _takes_many(name: str, view: PageView) -> bool:
    """Whether a deed takes several rows as one answer, or asks for nothing else and can be done to each."""
    kind, deed = view.record, DEEDS[name]
    if kind is None:
        return False
    method = deed.on_record
    if any(isinstance(one.field, LinksField) and _names(one.field, kind) for one in deed.inputs):
        return True
    return not [one for one in deed.inputs if method or not _names(one.field, kind)]


def _names(asked: Any, kind: type) -> bool:
    model = getattr(asked, "rel_model", None)
    return model is not None and issubclass(kind, model)
