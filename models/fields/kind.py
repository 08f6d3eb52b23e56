"""字段种类: what every kind of field can do beside storing, and how a given value is accepted."""

from __future__ import annotations

from enum import Enum
from typing import Any

from models import text
from models.errors import BadInput


class Kind:
    """What every field of ours can do beside storing; mixed into a peewee field."""

    align = "left"
    sums = False
    """Whether adding values of this kind means something."""
    excel = "text"
    """Column kind for models.workbook: text, money, number, day, moment, flag."""
    chars = 12
    """Width a list gives it, in Latin characters."""
    roomy = False
    """Whether a grid keeps its room where it is short of it, since its words are what the row is about."""
    multiline = False
    secret = False
    """Whether `show` and `plain` mask the value (personal data, forms.md B7)."""
    derived = False
    """Whether the value follows from others, for sorting and searching; nobody is told it."""
    withheld = False
    """Whether the audit trail keeps only a fingerprint of the value (passwords)."""

    verbose_name: str | None
    null: bool
    name: str

    @property
    def label(self) -> str:
        """The Chinese label; falls back to the field's name."""
        return self.verbose_name or getattr(self, "name", "") or ""

    def roomier(self, chars: int) -> Any:
        """Return it with so much room in a list or a grid, kept where room is short."""
        self.chars, self.roomy = chars, True
        return self

    def parse(self, typed: str) -> Any:
        """Turn cleaned text into the value; BadInput says why not."""
        return typed

    def check(self, value: Any) -> Any:
        """Return the value in its own type, or raise BadInput."""
        return value

    def show(self, value: Any) -> str:
        """Return the value as people read it; an empty string where there is none."""
        return "" if value is None else str(value)

    def plain(self, value: Any) -> Any:
        """Return the value for JSON: strings for amounts and days, None where missing."""
        return None if value is None else self.show(value)

    def exact(self, value: Any) -> str:
        """Return the text that `parse` would read back, nothing masked."""
        return self.show(value)


def accept(field: Any, given: Any) -> Any:
    """Return what was given (text or value) as the field's checked value.

    Raises:
        BadInput: it cannot be; `field` of the error names where.
    """
    try:
        if isinstance(given, str) and not isinstance(given, Enum):
            given = text.clean(given, multiline=field.multiline).strip()
            given = None if given == "" else field.parse(given)
        if given is None:
            return _missing(field)
        return field.check(given)
    except BadInput as problem:
        problem.field = problem.field or getattr(field, "name", None)
        raise


def _missing(field: Any) -> Any:
    if field.default is not None:
        return field.default() if callable(field.default) else field.default
    if field.null:
        return None
    raise BadInput(f"没有填{field.label}。请填写后再保存。")
