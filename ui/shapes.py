"""样子: what a list is made of, found out once: asking some lists means computing all their rows."""

from __future__ import annotations

from dataclasses import dataclass

from models.base import Record
from models.errors import OfficeError
from models.fields import ChoiceField
from models.listings import LISTS, AnyListing, Listed, Listing, Shown
from ui.permits import may


@dataclass(frozen=True)
class Shape:
    """The columns of a list, the kind of record its rows open, whether words can be found in it.

    `stored` tells whether the database makes it, and no program that may leave rows out.
    """

    columns: tuple[Shown, ...]
    record: type[Record] | None
    findable: bool
    stored: bool

    def states(self) -> list[str]:
        """Return the labels of the states that it can be narrowed to."""
        for column in self.columns:
            if column.status and isinstance(column.field, ChoiceField):
                return [str(member.value) for member in column.field.members]
        return []

    def key_column(self, record: type[Record]) -> int | None:
        """Return which column holds the key of a kind of record."""
        for at, column in enumerate(self.columns):
            if getattr(column.field, "model", None) is record and column.field.name == record.key_field:
                return at
        return None


_known: dict[str, Shape] = {}


def shape_of(listed: Listed) -> Shape:
    """Return the shape of a list.

    Raises:
        PermissionDenied: the person acting may not see it, and nobody asked before.
    """
    if listed.name not in _known:
        made: AnyListing = listed()
        _known[listed.name] = Shape(
            made.columns, made.record, bool(made.search_in), isinstance(made, Listing)
        )
    return _known[listed.name]


def learn_all() -> None:
    """Find out the shape of every list that the person may see; for a worker, right after the start."""
    for listed in tuple(LISTS.values()):
        if may(listed.right):
            try:
                shape_of(listed)
            except OfficeError:  # the page itself will tell, if anybody opens it
                continue
