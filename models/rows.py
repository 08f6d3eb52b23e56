"""行: the rows of a document as one input: each has inputs of its own, and one that is wrong is named."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import peewee

from models.errors import BadInput, RuleBroken
from models.fields import accept
from models.fields.kind import Kind
from models.inputs import Input

BETWEEN = "|"
"""Stands between the columns of a row, where one is written as text."""


class RowRefused(BadInput):
    """A row that cannot be.

    Args:
        sentence: what is wrong and what to do, without the number of the row.
        rows: name of the input that holds the rows.
        row: which of those given, counted from 0.
        column: name of the input within the row, where one is to blame.
    """

    def __init__(self, sentence: str, rows: str, row: int, column: str | None = None) -> None:
        super().__init__(f"第 {row + 1} 行：{sentence}", rows)
        self.sentence, self.row, self.column = sentence, row, column


class RowsField(Kind, peewee.CharField):
    """Rows of a document; an input, never stored.

    Its value is a list of dictionaries, name of a column → checked value, without rows in which
    nothing stands. Written as text, a row is a line (or ends with a semicolon), and its columns
    stand in their order with `|` between.

    Args:
        inputs: makes the columns; asked once.
    """

    chars = 24
    multiline = True

    def __init__(self, inputs: Callable[[], Sequence[Input]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._inputs = inputs

    @functools.cached_property
    def inputs(self) -> list[Input]:
        """Its columns."""
        made = list(self._inputs())
        for one in made:
            if getattr(one.field, "name", None) is None:
                one.field.name = one.name
        return made

    def parse(self, typed: str) -> list[dict[str, Any]]:
        """Read the rows out of text."""
        lines = typed.replace("；", "\n").replace(";", "\n").split("\n")
        cells = [line.replace("｜", BETWEEN).split(BETWEEN) for line in lines]
        for number, row in enumerate(cells):
            if len(row) > len(self.inputs):
                labels = f" {BETWEEN} ".join(one.label for one in self.inputs)
                raise RowRefused(f"有 {len(row)} 格，只能有：{labels}。", self.name, number)
        names = [one.name for one in self.inputs]
        return [dict(zip(names, row, strict=False)) for row in cells]

    def check(self, value: Any) -> list[dict[str, Any]]:
        """Check every cell of every row; none at all is refused."""
        if not isinstance(value, list | tuple) or not all(isinstance(row, Mapping) for row in value):
            raise BadInput(f"{self.label}要一行一行填写。", self.name)
        found = [
            self.read(row, number)
            for number, row in enumerate(value)
            if any(cell not in (None, "") and str(cell).strip() for cell in row.values())
        ]
        if not found and not self.null:
            raise BadInput(f"{self.label}一行也没有填。请至少填一行。", self.name)
        return found

    def read(self, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        """Return one row's checked values; the columns left out have their defaults.

        Raises:
            RowRefused: a cell is missing or cannot be what its column means.
        """
        found = {}
        for one in self.inputs:
            given = row.get(one.name)
            try:
                if one.required and (given is None or (isinstance(given, str) and not given.strip())):
                    raise BadInput(f"没有填{one.label}。")
                found[one.name] = accept(one.field, given) if given not in (None, "") else one.default
            except RuleBroken as problem:
                raise RowRefused(str(problem), self.name, number, one.name) from None
        return found

    def show(self, value: Any) -> str:
        """Say how many there are."""
        return f"{len(value)} 行" if value else ""

    def exact(self, value: Any) -> str:
        """Return the rows as `parse` reads them."""
        return "\n".join(
            BETWEEN.join(
                "" if row.get(one.name) is None else one.field.exact(row[one.name]) for one in self.inputs
            )
            for row in value or ()
        )
