"""字段: the kinds of value an office writes down, each of which can be read, checked, stored and shown.

A field's `verbose_name` is the only place where its label stands. Every kind knows four forms of
its value: what a person types (`parse`), what a person reads (`show`), the plain string that
machines read (`plain`), and what the database keeps (peewee's `db_value`). Money and quantities
are scaled whole numbers inside, `Decimal` outside (reliability.md 0.8).
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, cast

import peewee

from models import money, text
from models.errors import BadInput
from models.months import Month, parse_day


class Kind:
    """What every field of ours can do beside storing; mixed into a peewee field."""

    align = "left"
    sums = False
    """Whether adding values of this kind means something."""
    excel = "text"
    """Column kind for models.workbook: text, money, number, day, moment, flag."""
    chars = 12
    """Width a list gives it, in Latin characters."""
    multiline = False
    secret = False
    """Whether `show` and `plain` mask the value (personal data, forms.md B7)."""
    withheld = False
    """Whether the audit trail keeps only a fingerprint of the value (passwords)."""

    verbose_name: str | None
    null: bool
    name: str

    @property
    def label(self) -> str:
        """The Chinese label; falls back to the field's name."""
        return self.verbose_name or getattr(self, "name", "") or ""

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
        problem.field = problem.field or field.name
        raise


def _missing(field: Any) -> Any:
    if field.default is not None:
        return field.default() if callable(field.default) else field.default
    if field.null:
        return None
    raise BadInput(f"没有填{field.label}。请填写后再保存。")


class IdField(Kind, peewee.AutoField):
    """The row's own number."""

    align = "right"
    excel = "number"
    chars = 6

    def parse(self, typed: str) -> int:
        """Read a whole number."""
        return int(money.parse_decimal(typed, 0, what=self.label))

    def plain(self, value: Any) -> Any:
        """Return the number itself."""
        return value


class LineField(Kind, peewee.CharField):
    """One line of text, at most `max_length` characters."""

    chars = 16

    def check(self, value: Any) -> str:
        """Refuse what is longer than the field."""
        value = str(value)
        if self.max_length and len(value) > self.max_length:
            raise BadInput(f"{self.label}最多 {self.max_length} 个字，现在有 {len(value)} 个。请缩短。")
        return value


class CodeField(LineField):
    """A code or number: full-width letters and digits become plain ones."""

    chars = 12

    def check(self, value: Any) -> str:
        """Narrow the characters, then check as a line."""
        return super().check(text.narrow(str(value)))


class NoteField(Kind, peewee.TextField):
    """Text of several lines, at most 2,000 characters."""

    multiline = True
    chars = 24

    def check(self, value: Any) -> str:
        """Refuse more than 2,000 characters."""
        if len(str(value)) > 2000:
            raise BadInput(f"{self.label}最多 2000 个字，现在有 {len(str(value))} 个。请缩短，其余放进附件。")
        return str(value)


class PhoneField(LineField):
    """A telephone number, kept as text, masked when shown (forms.md B7)."""

    secret = True
    chars = 14

    def __init__(self, max_length: int = 40, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def check(self, value: Any) -> str:
        """Refuse what cannot be dialled."""
        value = super().check(text.narrow(str(value)))
        problem = text.phone_problem(value)
        if problem:
            raise BadInput(f"{self.label}“{value}”{problem}")
        return value

    def show(self, value: Any) -> str:
        """Return 138****5678."""
        return "" if not value else text.mask_phone(value)

    def exact(self, value: Any) -> str:
        """Return all digits."""
        return value or ""


class IdentityField(LineField):
    """An identity document's number, kept as text, masked when shown (forms.md B7)."""

    secret = True
    chars = 20

    def __init__(self, max_length: int = 40, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def check(self, value: Any) -> str:
        """Refuse an 18-digit number whose check digit is wrong."""
        value = super().check(text.narrow(str(value)).upper())
        problem = text.identity_problem(value)
        if problem:
            raise BadInput(f"{self.label}“{text.mask_identity(value)}”{problem}")
        return value

    def show(self, value: Any) -> str:
        """Return 110***********1234."""
        return "" if not value else text.mask_identity(value)

    def exact(self, value: Any) -> str:
        """Return all characters."""
        return value or ""


class AccountNumberField(CodeField):
    """A bank account, kept as text; shown whole, since it is the office's own."""

    chars = 22


class FlagField(Kind, peewee.BooleanField):
    """Yes or no."""

    chars = 6
    align = "center"
    excel = "flag"
    _WORDS = {
        "是": True,
        "有": True,
        "1": True,
        "true": True,
        "yes": True,
        "y": True,
        "√": True,
        "否": False,
        "无": False,
        "0": False,
        "false": False,
        "no": False,
        "n": False,
        "×": False,
    }

    def parse(self, typed: str) -> bool:
        """Read 是/否 and their like."""
        found = self._WORDS.get(typed.lower())
        if found is None:
            raise BadInput(f"{self.label}只能填“是”或“否”，不能是“{typed}”。")
        return found

    def check(self, value: Any) -> bool:
        """Return it as a bool."""
        return bool(value)

    def show(self, value: Any) -> str:
        """Return 是 or 否."""
        return "" if value is None else ("是" if value else "否")

    def plain(self, value: Any) -> Any:
        """Return the bool itself."""
        return None if value is None else bool(value)


class CountField(Kind, peewee.IntegerField):
    """A whole number between two bounds (both included)."""

    align = "right"
    excel = "number"
    chars = 8

    def __init__(self, low: int = 0, high: int = 1_000_000_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high

    def parse(self, typed: str) -> int:
        """Read a whole number; thousands separators and full-width digits are understood."""
        return int(money.parse_decimal(typed, 0, what=self.label, signed=self.low < 0))

    def check(self, value: Any) -> int:
        """Refuse what lies outside the bounds."""
        if not self.low <= int(value) <= self.high:
            raise BadInput(f"{self.label}要在 {self.low} 到 {self.high} 之间，不能是 {value}。")
        return int(value)

    def plain(self, value: Any) -> Any:
        """Return the number itself."""
        return value


class ScaledField(Kind, peewee.BigIntegerField):
    """A decimal kept as a whole number of its smallest part; `places` decimals."""

    align = "right"
    excel = "number"
    chars = 10

    def __init__(
        self, places: int, *, low: Decimal | None = None, high: Decimal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.places, self.low, self.high = places, low, high
        self._unit = Decimal(1).scaleb(-places)

    def bind(self, model: Any, name: str, set_attribute: bool = True) -> None:
        """Add the CHECK that keeps text and fractions out of the column (reliability.md 0.8)."""
        super().bind(model, name, set_attribute)
        column = f'"{self.column_name}"'
        self.constraints = [*(self.constraints or []), peewee.Check(f"{column} = CAST({column} AS BIGINT)")]

    def db_value(self, value: Any) -> int | None:
        """Return the whole number that is stored."""
        if value is None:
            return None
        if not isinstance(value, Decimal | int) or isinstance(value, bool):
            raise TypeError(f"{self.name}: {value!r} is not a Decimal")
        return money.to_scaled(Decimal(value), self.places)

    def python_value(self, value: int | None) -> Decimal | None:
        """Return the stored number as a Decimal with all its places."""
        return None if value is None else money.from_scaled(value, self.places)

    def parse(self, typed: str) -> Decimal:
        """Read a number with at most this many decimals."""
        signed = self.low is None or self.low < 0
        return money.parse_decimal(typed, self.places, what=self.label, signed=signed)

    def check(self, value: Any) -> Decimal:
        """Refuse other types, too many decimals, and what lies outside the bounds."""
        if not isinstance(value, Decimal | int) or isinstance(value, bool) or not Decimal(value).is_finite():
            raise BadInput(f"{self.label}“{value}”不是数。请填数字，例如 12.50。")
        value = Decimal(value)
        if value != value.quantize(self._unit):
            raise BadInput(f"{self.label}最多 {self.places} 位小数，不能是 {value}。")
        if self.low is not None and value < self.low:
            raise BadInput(f"{self.label}不能小于 {self.low}，现在是 {value}。")
        if self.high is not None and value > self.high:
            raise BadInput(f"{self.label}不能大于 {self.high}，现在是 {value}。")
        return value.quantize(self._unit)

    def show(self, value: Any) -> str:
        """Return it with thousands separators and all its places."""
        return "" if value is None else f"{Decimal(value):,.{self.places}f}"

    def plain(self, value: Any) -> Any:
        """Return a plain string with all its places."""
        return None if value is None else f"{Decimal(value):.{self.places}f}"

    def exact(self, value: Any) -> str:
        """Return the plain string."""
        return self.plain(value) or ""


class MoneyField(ScaledField):
    """元 with two decimals, kept as whole fen; at most 10¹¹ 元."""

    sums = True
    excel = "money"
    chars = 12

    def __init__(self, *, signed: bool = False, **kwargs: Any) -> None:
        limit = Decimal(10) ** 11
        super().__init__(2, low=-limit if signed else Decimal(0), high=limit, **kwargs)


class AreaField(ScaledField):
    """㎡ with two decimals (forms.md B1.1)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2, low=Decimal("0.01"), high=Decimal("9999999.99"), **kwargs)


class PriceField(ScaledField):
    """A unit price in 元 with four decimals (forms.md B2.1)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(4, low=Decimal(0), high=Decimal("99999999"), **kwargs)

    def show(self, value: Any) -> str:
        """Drop trailing zeros beyond the second decimal: 1.30, 0.3325."""
        if value is None:
            return ""
        full = f"{Decimal(value):,.4f}"
        return full[:-2] + full[-2:].rstrip("0")


class ShareField(ScaledField):
    """A share in percent with two decimals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2, low=Decimal("0.01"), high=Decimal(100), **kwargs)


class RateField(ScaledField):
    """A computed percentage with one decimal; may pass 100."""

    chars = 8

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(1, **kwargs)

    def show(self, value: Any) -> str:
        """Return 85.0%, or — where the denominator was nothing (forms.md B5)."""
        return "—" if value is None else f"{Decimal(value):.1f}%"


class DayField(Kind, peewee.DateField):
    """A calendar day."""

    excel = "day"
    chars = 11

    def python_value(self, value: Any) -> date | None:
        """Return the day; quicker than trying formats."""
        return date.fromisoformat(value) if isinstance(value, str) else value

    def parse(self, typed: str) -> date:
        """Read the ways a day is typed (months.parse_day)."""
        return parse_day(text.narrow(typed))

    def check(self, value: Any) -> date:
        """Refuse other types."""
        if isinstance(value, datetime) or not isinstance(value, date):
            raise BadInput(f"{self.label}“{value}”不是日期。请按 2026-11-23 的样子填写。")
        return value

    def show(self, value: Any) -> str:
        """Return 2026-11-23."""
        return "" if value is None else value.isoformat()


BEGINNING = date(1900, 1, 1)
"""Stands in dated rows for "from the beginning": the source gave no date."""


class SinceField(DayField):
    """The day from which a dated row holds; BEGINNING where nobody gave one."""

    def parse(self, typed: str) -> date:
        """Read a day, or 起初."""
        return BEGINNING if typed == "起初" else super().parse(typed)

    def show(self, value: Any) -> str:
        """Return the day, or 起初."""
        return "起初" if value == BEGINNING else super().show(value)


class MomentField(Kind, peewee.DateTimeField):
    """A moment of local time, to the second."""

    excel = "moment"
    chars = 19

    def parse(self, typed: str) -> datetime:
        """Read 2026-11-23 18:02."""
        for shape in ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"):
            try:
                return datetime.strptime(text.narrow(typed), shape)
            except ValueError:
                continue
        raise BadInput(f"{self.label}“{typed}”不是时刻。请按 2026-11-23 18:02 的样子填写。")

    def python_value(self, value: Any) -> datetime | None:
        """Return the moment; quicker than trying formats."""
        return datetime.fromisoformat(value) if isinstance(value, str) else value

    def db_value(self, value: Any) -> Any:
        """Drop what is below a second, so that text in the file sorts as time."""
        cut = value.replace(microsecond=0) if isinstance(value, datetime) else value
        stored: Any = cast(Any, super()).db_value(cut)
        return stored

    def show(self, value: Any) -> str:
        """Return 2026-11-23 18:02."""
        return "" if value is None else value.strftime("%Y-%m-%d %H:%M")

    def plain(self, value: Any) -> Any:
        """Return ISO format to the second."""
        return None if value is None else value.isoformat(" ", "seconds")


class MonthField(Kind, peewee.IntegerField):
    """A calendar month, kept as YYYYMM."""

    chars = 9

    def parse(self, typed: str) -> Month:
        """Read 2026-11."""
        return Month.parse(text.narrow(typed))

    def check(self, value: Any) -> Month:
        """Refuse other types."""
        if not isinstance(value, Month):
            raise BadInput(f"{self.label}“{value}”不是月份。请按 2026-11 的样子填写。")
        return value

    def db_value(self, value: Any) -> int | None:
        """Return YYYYMM."""
        return value.number if isinstance(value, Month) else value

    def python_value(self, value: int | None) -> Month | None:
        """Return the Month."""
        return None if value is None else Month.from_number(value)


class ChoiceField(Kind, peewee.CharField):
    """One of an enumeration, kept by its name; the label is the enumeration's value."""

    chars = 8

    def __init__(self, enumeration: type[Enum], **kwargs: Any) -> None:
        super().__init__(max_length=24, **kwargs)
        self.enumeration = enumeration

    def parse(self, typed: str) -> Enum:
        """Read a label or a name."""
        for member in self.enumeration:
            if typed == member.value or typed.upper() == member.name:
                return member
        allowed = "、".join(str(member.value) for member in self.enumeration)
        raise BadInput(f"{self.label}没有“{typed}”。可填：{allowed}。")

    def check(self, value: Any) -> Enum:
        """Refuse what is not of the enumeration."""
        return value if isinstance(value, self.enumeration) else self.parse(str(value))

    def db_value(self, value: Any) -> str | None:
        """Return the member's name."""
        return value.name if isinstance(value, Enum) else value

    def python_value(self, value: str | None) -> Enum | None:
        """Return the member."""
        return None if value is None else self.enumeration[value]

    def show(self, value: Any) -> str:
        """Return the member's label."""
        return "" if value is None else str(value.value)


class LinkField(Kind, peewee.ForeignKeyField):
    """Another record, typed and shown by its key (`Record.find`, `Record.label`)."""

    chars = 14

    def parse(self, typed: str) -> Any:
        """Find the record by its key."""
        return self.rel_model.find(typed)

    def check(self, value: Any) -> Any:
        """Accept a record of the right kind, or its id."""
        if isinstance(value, self.rel_model):
            return value
        if isinstance(value, int):
            return self.rel_model.get_by_id(value)
        raise BadInput(f"{self.label}“{value}”不对。请从名单中选。")

    def show(self, value: Any) -> str:
        """Return the record's label."""
        return "" if value is None else (value if isinstance(value, str) else value.label())

    def exact(self, value: Any) -> str:
        """Return the record's key."""
        return "" if value is None else value.key()


class LinksField(Kind, peewee.CharField):
    """Several records of one kind, typed by their keys with commas between; an input, never stored."""

    chars = 24

    def __init__(self, rel_model: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rel_model = rel_model

    def parse(self, typed: str) -> list[Any]:
        """Find each record by its key."""
        keys = typed.replace("，", ",").replace("、", ",").split(",")
        return [self.rel_model.find(key.strip()) for key in keys if key.strip()]

    def check(self, value: Any) -> list[Any]:
        """Accept a list of records."""
        return list(value)

    def show(self, value: Any) -> str:
        """Return their labels."""
        return "、".join(one.label() for one in value or ())

    def exact(self, value: Any) -> str:
        """Return their keys."""
        return ",".join(one.key() for one in value or ())


class NumberField(Kind, peewee.CharField):
    """A document number such as SJ-2026-000123, taken from its series inside the deed."""

    chars = 18

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("unique", True)
        super().__init__(max_length=40, **kwargs)


class FactsField(Kind, peewee.TextField):
    """A small structure kept as JSON, for reading back, never for querying."""

    def db_value(self, value: Any) -> str | None:
        """Return canonical JSON."""
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def python_value(self, value: str | None) -> Any:
        """Return the structure."""
        return None if value is None else json.loads(value)


class PictureField(Kind, peewee.BlobField):
    """A small PNG or JPEG (at most 1 MiB)."""

    def check(self, value: Any) -> bytes:
        """Refuse what is not such a picture."""
        data = bytes(value)
        if len(data) > 1 << 20:
            raise BadInput(f"{self.label}不能超过 1 MB。请换一张小些的图片。")
        if not data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
            raise BadInput(f"{self.label}要是 PNG 或 JPEG 图片。")
        return data

    def parse(self, typed: str) -> bytes:
        """Read the picture from the file that was named."""
        from pathlib import Path

        try:
            return Path(typed).read_bytes()
        except OSError:
            raise BadInput(f"{self.label}：找不到文件“{typed}”。") from None

    def show(self, value: Any) -> str:
        """Say whether there is one."""
        return "" if value is None else "已设置"

    def exact(self, value: Any) -> str:
        """A picture has no text form."""
        return ""
