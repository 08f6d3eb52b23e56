"""输入: what a deed asks for: from its annotations, or from the fields of a record."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from models.base import Record


@dataclass(frozen=True)
class Input:
    """One value that a deed asks for."""

    name: str
    field: Any
    required: bool
    default: Any = None
    blank: bool = False
    """Whether it may be left out though the work must be told so (as None)."""
    without: str = ""
    """What leaving it out means, as a form shows it in the empty field: 不填为今天."""

    @property
    def label(self) -> str:
        """The label of its field."""
        return str(self.field.label)


class Asked:
    """Says in an annotation by which field an input is read: `Annotated[date, Asked(DayField(…))]`.

    Args:
        field: which reads and labels it.
        without: what leaving it out means, where that is not plain.
    """

    def __init__(self, field: Any, without: str = "") -> None:
        self.field, self.without = field, without


def inputs_of(work: Callable[..., Any]) -> Iterator[Input]:
    """Yield what the annotations of a deed's work ask for, in their order."""
    hints = typing.get_type_hints(work, include_extras=True)
    for name, parameter in inspect.signature(work).parameters.items():
        extras = getattr(hints.get(name), "__metadata__", ())
        asked = next((extra for extra in extras if isinstance(extra, Asked)), None)
        if asked is None:
            continue
        field = asked.field
        if getattr(field, "name", None) is None:
            field.name = name
        missing = parameter.default is inspect.Parameter.empty
        default = None if missing else parameter.default
        blank = missing and field.null
        yield Input(name, field, missing and not field.null, default, blank, asked.without)


def inputs_from(record: Callable[[], type[Record]], *names: str, **without: str) -> Callable[[], list[Input]]:
    """Return inputs that are fields of a record, for deeds that enter or edit it.

    Args:
        record: whose fields.
        names: of the fields.
        without: of those that may be left out though the record needs them, what that means.
    """

    def build() -> list[Input]:
        fields = record().fields()
        return [
            Input(
                name,
                fields[name],
                required=not fields[name].null and fields[name].default is None and name not in without,
                default=None if name in without else fields[name].default,
                without=without.get(name, ""),
            )
            for name in names
        ]

    return build


def edits_of(record: Callable[[], type[Record]], *names: str) -> Callable[[], list[Input]]:
    """Return inputs that are fields of a record, none of them demanded: what is not given stays."""
    build = inputs_from(record, *names)
    return lambda: [replace(one, required=False) for one in build()]
