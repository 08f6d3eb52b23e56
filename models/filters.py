"""筛选: what a list may be narrowed by, and what each filter asks of a column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from models.errors import BadInput
from models.fields import ChoiceField, MomentField, MonthField
from models.months import Period


@dataclass(frozen=True)
class Filters:
    """What a list may be narrowed by; None is no filter. No list hides rows by default."""

    period: Period | None = None
    unit: Any = None
    building: Any = None
    person: Any = None
    item: Any = None
    case: Any = None
    supplier: Any = None
    stock: Any = None
    state: str | None = None
    on: date | None = None
    void: bool = False

    def narrow(self, query: Any, **columns: Any) -> Any:
        """Return a query with a condition for each filter that is set, on the column that answers for it.

        A period is asked of days, months or moments as the column holds them, a state by its label or name.

        Args:
            query: what to narrow.
            columns: name of a filter → field.

        Raises:
            BadInput: the column has no such state.
        """
        for name, column in columns.items():
            wanted = getattr(self, name)
            if wanted:
                query = query.where(_meets(column, wanted))
        return query

    def given(self) -> set[str]:
        """Return the names of the filters that are set."""
        return {name for name, value in self.__dict__.items() if value not in (None, False)}


def choice(enumeration: Any, state: str | None) -> Any:
    """Return the enumeration's member that a `--state` filter names, by label or name.

    Raises:
        BadInput: there is none.
    """
    for member in enumeration:
        if state is not None and (state == member.value or state.upper() == member.name):
            return member
    raise BadInput(f"没有状态“{state}”。可用：{'、'.join(member.value for member in enumeration)}。")


def _meets(column: Any, wanted: Any) -> Any:
    """Return the condition that a column answers to what a filter wants."""
    if isinstance(wanted, Period):
        if isinstance(column, MomentField):
            return column.between(*wanted.moments)
        return column.between(
            *(wanted.months if isinstance(column, MonthField) else (wanted.first, wanted.last))
        )
    return column == (choice(column.enumeration, wanted) if isinstance(column, ChoiceField) else wanted)
