"""列与行: what a list shows: its columns, and one row of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Shown:
    """One column of a list.

    Args:
        name: what machines call it (JSON keys, sorting).
        field: a bound field, or an unbound one for computed values; gives label and format.
        value: the SQL expression; the bound field itself where none is given.
        sort: what to sort by where that differs from the value (house numbers).
        label: where the field's own label does not fit this list.
        hidden: kept out of the screen at first (still in JSON and in Excel).
        total: whether the foot of the list sums it; fields that sum do.
        tells: whether it helps to tell the record from others where one is offered by its key.
    """

    name: str
    field: Any
    value: Any = None
    sort: Any = None
    label: str = ""
    hidden: bool = False
    total: bool | None = None
    status: bool = False
    tells: bool = False

    @property
    def expression(self) -> Any:
        """The SQL expression of its value."""
        return self.field if self.value is None else self.value

    @property
    def heading(self) -> str:
        """Its heading."""
        return self.label or self.field.label

    @property
    def summed(self) -> bool:
        """Whether the foot sums it."""
        return self.field.sums if self.total is None else self.total


@dataclass(frozen=True)
class Row:
    """One row: the id of its record and the values in the order of the columns."""

    id: Any
    values: tuple[Any, ...]
    cursor: Any = None
