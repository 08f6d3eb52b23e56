"""日期字段: days, moments and months."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, cast

import peewee

from models import text
from models.errors import BadInput
from models.fields.kind import Kind
from models.months import Month, parse_day


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
        """Read 2026-11-23 18:02, the day in any way people write it, and 18:02 alone as today's."""
        day, _, hour = text.narrow(typed).strip().rpartition(" ")
        for shape in ("%H:%M", "%H:%M:%S"):
            try:
                found = datetime.strptime(hour, shape).time()
                return datetime.combine(parse_day(day) if day.strip() else date.today(), found)
            except (ValueError, BadInput):
                continue
        raise BadInput(
            f"{self.label}“{typed}”不是时刻。请按 2026-11-23 18:02 的样子填写，只写 18:02 是今天。"
        )

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


class HourField(Kind, peewee.CharField):
    """A time of day, kept and shown as 08:00."""

    chars = 6

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=5, **kwargs)

    def parse(self, typed: str) -> str:
        """Read 8:00, 0800, 8 and 8点."""
        told = text.narrow(typed).strip().removesuffix("点").replace(".", ":")
        shapes = ("%H:%M", "%H") if len(told) <= len("08") or ":" in told else ("%H%M",)
        for shape in shapes:
            try:
                return datetime.strptime(told, shape).strftime("%H:%M")
            except ValueError:
                continue
        raise BadInput(f"{self.label}“{typed}”不是钟点。请按 08:00 的样子填写。")

    def check(self, value: Any) -> str:
        """Refuse what is no time of day."""
        return self.parse(str(value))


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
