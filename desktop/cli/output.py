"""输出: what commands print: tables by the width Chinese takes, or JSON and nothing else.

Results go to stdout, everything else (warnings, progress, refusals) to stderr, so that the
output of `--json` can always be read by a machine.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from itertools import chain, islice
from pathlib import Path
from typing import Any

from models.base import Record
from models.months import Month, Period

_MEASURED = 500
"""Rows read ahead to find how wide the columns must be; later ones may be wider."""


def say(sentence: str) -> None:
    """Print a line of the result."""
    print(sentence)


def warn(sentence: str) -> None:
    """Print a line that is no part of the result."""
    print(sentence, file=sys.stderr, flush=True)


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes; a Chinese character takes two."""
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> int:
    """Print a table as its rows come and return how many there were.

    Args:
        headings: one for each column.
        rows: cells as people read them; line breaks become spaces.
        right: numbers of the columns that are aligned to the right.
    """
    coming = ([" ".join(cell.split()) for cell in row] for row in rows)
    known = list(islice(coming, _MEASURED))
    widths = [max(map(width, column)) for column in zip(headings, *known, strict=True)]
    aligned = set(right)
    count = 0
    _line(headings, widths, aligned)
    for row in chain(known, coming):
        _line(row, widths, aligned)
        count += 1
    return count


def _line(cells: Sequence[str], widths: Sequence[int], right: set[int]) -> None:
    padded = []
    for at, (cell, wide) in enumerate(zip(cells, widths, strict=True)):
        blank = " " * (wide - width(cell))
        padded.append(blank + cell if at in right else cell + blank)
    print("  ".join(padded).rstrip())


def as_json(value: Any) -> None:
    """Print one value as JSON."""
    print(json.dumps(plain(value), ensure_ascii=False, indent=1))


def as_json_array(values: Iterable[Any]) -> None:
    """Print an array as its values come, one on a line; `[]` when there are none."""
    written = False
    for value in values:
        print(",\n" if written else "[\n", json.dumps(plain(value), ensure_ascii=False), sep="", end="")
        written = True
    print("\n]" if written else "[]")


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: amounts as strings with two decimals, None where missing."""
    if value is None or (isinstance(value, str | bool | int) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Record):
        return record(value)
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type | Period | Month):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if hasattr(value, "_asdict") and not isinstance(value, Month):
        return {name: plain(one) for name, one in value._asdict().items()}
    if isinstance(value, Iterable) and not isinstance(value, Month | bytes):
        return [plain(one) for one in value]
    return _simple(value)


def _simple(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:.2f}" if -value.as_tuple().exponent <= 2 else f"{value:f}"  # type: ignore[operator]
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, Path | Month):
        return str(value)
    return getattr(value, "name", None) or str(value)


def record(value: Record) -> dict[str, Any]:
    """Return a record as JSON: secrets masked, other records by their keys."""
    told = {}
    for name, field in value.fields().items():
        if field.derived or field.withheld:
            continue
        held = getattr(value, name)
        told[name] = held.key() if isinstance(held, Record) else field.plain(held)
    return told


class Progress:
    """Shows how far a job has come, on a terminal only; a call takes done and all."""

    def __init__(self, doing: str) -> None:
        self.doing = doing
        self._shown = ""

    def __call__(self, done: int, total: int) -> None:
        """Redraw the line when the percentage changed."""
        line = f"{self.doing} {100 * done // total}%" if total else self.doing
        if line != self._shown and sys.stderr.isatty():
            print(f"\r{line}", end="", file=sys.stderr, flush=True)
            self._shown = line

    def __enter__(self) -> Progress:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Wipe the line out."""
        if self._shown:
            print(f"\r{' ' * width(self._shown)}\r", end="", file=sys.stderr, flush=True)
