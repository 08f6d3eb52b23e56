"""条件: what a person asks of one column of a list: 未收 ≥ 500.00, 电话 为空, 付款人 含 王.

A condition is three short texts, so that it can be kept, told and typed; what it means to a column
follows from the column's field.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from typing import Any

import peewee

from models import text
from models.errors import BadInput
from models.fields import ChoiceField, FlagField, LinkField, MonthField, accept
from models.fields.days import DayField
from models.fields.kind import Kind


class Test(Enum):
    """What is asked, in the words of a chip."""

    __test__ = False

    HAS = "含"
    LACKS = "不含"
    IS = "是"
    IS_NOT = "不是"
    LEAST = "≥"
    MOST = "≤"
    EQUALS = "＝"
    BLANK = "为空"
    FILLED = "不为空"

    @property
    def bare(self) -> bool:
        """Whether it needs no value."""
        return self in (Test.BLANK, Test.FILLED)


_ORDERED = (Test.LEAST, Test.MOST, Test.EQUALS, Test.BLANK, Test.FILLED)
_CHOSEN = (Test.IS, Test.IS_NOT, Test.BLANK, Test.FILLED)
_WORDS = (Test.HAS, Test.LACKS, Test.IS, Test.IS_NOT, Test.BLANK, Test.FILLED)


@dataclass(frozen=True)
class Condition:
    """One question to one column.

    Args:
        column: name of the column.
        test: what is asked.
        value: as people type it; empty where the test needs none.
    """

    column: str
    test: Test
    value: str = ""

    def plain(self) -> dict[str, str]:
        """Return it for keeping."""
        return {"column": self.column, "test": self.test.name, "value": self.value}

    @classmethod
    def of(cls, told: Any) -> Condition | None:
        """Return a condition that was kept; None where it is none."""
        try:
            return cls(str(told["column"]), Test[told["test"]], str(told.get("value", "")))
        except (KeyError, TypeError, AttributeError):
            return None


def askable(field: Any) -> tuple[Test, ...]:
    """Return what may be asked of a kind of field.

    A masked number can only be asked whether it is there: asking for its digits one by one would
    tell them (forms.md B7).
    """
    if field.secret:
        return (Test.BLANK, Test.FILLED)
    if field.excel in ("money", "number", "day", "moment") or isinstance(field, MonthField):
        return _ORDERED
    if isinstance(field, ChoiceField) or field.excel == "flag" or hasattr(field, "options"):
        return _CHOSEN
    return _WORDS if reads_as_stored(field) else (Test.BLANK, Test.FILLED)


def reads_as_stored(field: Any) -> bool:
    """Whether people read in a column just what the database holds in it."""
    return isinstance(field, LinkField) or type(field).show is Kind.show


def said(column: Any, asked: Condition) -> str:
    """Return how a chip says it, the value as the list shows it.

    Raises:
        BadInput: the value cannot be one of this column.
    """
    if isinstance(column.field, FlagField) and asked.test is Test.IS:
        return f"{column.heading}：{_shown(column.field, _value(column.field, asked))}"
    shown = "" if asked.test.bare else f" {_shown(column.field, _value(column.field, asked))}"
    return f"{column.heading} {asked.test.value}{shown}"


def in_sql(column: Any, asked: Condition) -> Any:
    """Return the condition as the database tests it.

    Raises:
        BadInput: the column cannot be asked this, or the value cannot be one of it.
    """
    kind, where = column.field, column.expression
    _allow(column, asked.test)
    if not hasattr(where, "is_null"):  # a query within the query
        where = peewee.fn.COALESCE(where, None)
    empty = where.is_null() if _has_no_text(kind) else where.is_null() | (where == _raw(""))
    if asked.test.bare:
        return empty if asked.test is Test.BLANK else ~empty
    value = _value(kind, asked)
    if asked.test in (Test.HAS, Test.LACKS):
        found = functools.reduce(operator.or_, (where.contains(word) for word in _spellings(value)))
        return found if asked.test is Test.HAS else ~found | where.is_null()
    if kind.excel == "moment":
        return _SPANS[asked.test](where, *(_raw(kind.db_value(end)) for end in _span(value)))
    return _COMPARES[asked.test](where, _raw(kind.db_value(value)))


def holds(column: Any, asked: Condition) -> Callable[[Any], bool]:
    """Return the condition as a test of one value, for rows that Python made.

    Raises:
        BadInput: as for `in_sql`.
    """
    kind = column.field
    _allow(column, asked.test)
    if asked.test.bare:
        return lambda given: (given in (None, "")) == (asked.test is Test.BLANK)
    value = _value(kind, asked)
    if asked.test in (Test.HAS, Test.LACKS):
        words = _spellings(value.lower())
        return lambda given: (
            any(word in kind.show(given).lower() for word in words) == (asked.test is Test.HAS)
        )
    if kind.excel == "moment":
        return lambda given: given is not None and _SPANS[asked.test](given, *_span(value))
    return lambda given: (
        _COMPARES[asked.test](given, value) if given is not None else asked.test is Test.IS_NOT
    )


_COMPARES: dict[Test, Callable[[Any, Any], Any]] = {
    Test.IS: lambda where, value: where == value,
    Test.EQUALS: lambda where, value: where == value,
    Test.IS_NOT: lambda where, value: _other(where, value),
    Test.LEAST: lambda where, value: where >= value,
    Test.MOST: lambda where, value: where <= value,
}
_SPANS: dict[Test, Callable[[Any, Any, Any], Any]] = {
    Test.LEAST: lambda where, first, _: where >= first,
    Test.MOST: lambda where, _, last: where <= last,
    Test.EQUALS: lambda where, first, last: (where >= first) & (where <= last),
}


def _other(where: Any, value: Any) -> Any:
    """Return that it is another value; nothing at all is another one too."""
    differs = where != value
    return differs if isinstance(differs, bool) else differs | where.is_null()


def _allow(column: Any, test: Test) -> None:
    if test not in askable(column.field):
        raise BadInput(f"“{column.heading}”不能按“{test.value}”筛选。")


def _value(kind: Any, asked: Condition) -> Any:
    """Return what was typed as the column's own kind of value; a moment is asked by its day."""
    typed = text.clean(asked.value).strip()
    if not typed:
        raise BadInput("没有填要比较的内容。")
    if kind.excel == "flag":
        return _flag(kind, typed)
    if kind.excel == "moment":
        return accept(_named(DayField(null=True, verbose_name=kind.label)), typed)
    if isinstance(kind, LinkField) or askable(kind) is _WORDS:
        return typed
    try:
        return accept(kind, typed.removesuffix("%"))
    except OverflowError:
        raise BadInput(f"{kind.label}“{typed}”太大了。请核对后再填。") from None


def _spellings(words: str) -> list[str]:
    """Return words as typed and with full-width letters made narrow: either may be what stands there."""
    return list(dict.fromkeys((words, text.narrow(words))))


def _flag(kind: Any, typed: str) -> bool:
    for value in (True, False):
        if typed == kind.show(value):
            return value
    raise BadInput(f"{kind.label}只能是“{kind.show(True)}”或“{kind.show(False)}”。")


def _named(made: Any) -> Any:
    made.name = "value"
    return made


def _shown(kind: Any, value: Any) -> str:
    return str(value) if isinstance(value, str) or kind.excel == "moment" else str(kind.show(value))


def _span(day: Any) -> tuple[datetime, datetime]:
    first = datetime.combine(day, time())
    return first, first + timedelta(days=1) - timedelta(seconds=1)


def _raw(value: Any) -> Any:
    return peewee.Value(value, converter=False)


def _has_no_text(kind: Any) -> bool:
    return askable(kind) is _ORDERED or kind.excel == "flag"
