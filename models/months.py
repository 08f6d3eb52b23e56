"""月份与期间: calendar months, and the periods that lists and papers are asked for."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.errors import BadInput


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One calendar month; no tuple, which a query would take for several values."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read "2020-06", "2020-6", "202006" or "2020年6月".

        Raises:
            BadInput: anything else, or a year outside 1900–2199.
        """
        match = re.fullmatch(r"(\d{4})(?:[-/.年]?)(\d{1,2})月?", text.strip())
        if not match or not 1 <= int(match[2]) <= 12 or not 1900 <= int(match[1]) <= 2199:
            raise BadInput(f"“{text}”不是月份。请按 2026-11 的样子填写。")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month that holds a day."""
        return cls(day.year, day.month)

    @classmethod
    def from_number(cls, number: int) -> Month:
        """Return the month stored as YYYYMM."""
        return cls(*divmod(number, 100))

    @property
    def number(self) -> int:
        """YYYYMM, as it is stored."""
        return self.year * 100 + self.month

    @property
    def days(self) -> int:
        """Days of this month."""
        return calendar.monthrange(self.year, self.month)[1]

    @property
    def first(self) -> date:
        """First day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Last day."""
        return date(self.year, self.month, self.days)

    def plus(self, months: int) -> Month:
        """Return the month so many months later (earlier when negative)."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def minus(self, other: Month) -> int:
        """Return how many months lie from other to this one."""
        return (self.year - other.year) * 12 + self.month - other.month

    def day(self, day: int) -> date:
        """Return a day of this month; past its end, the last one."""
        return date(self.year, self.month, min(day, self.days))

    def __str__(self) -> str:
        """Return "2020-06"."""
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def chinese(self) -> str:
        """Return "2020年6月", as papers print it."""
        return f"{self.year}年{self.month}月"


@dataclass(frozen=True)
class Period:
    """A stretch of days that was asked for by a name such as 2026-11 or 2026Q3."""

    name: str
    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read YYYY-MM-DD, YYYY-MM, YYYYQn, YYYYHn or YYYY, or two of them with 至 or ~ between.

        Raises:
            BadInput: anything else, or the first lies after the last.
        """
        text = text.strip().upper()
        start, between, end = text.replace("~", "至").partition("至")
        if between and "至" not in end:
            return cls._from_to(cls.parse(start), cls.parse(end))
        for pattern, build in _PERIODS:
            match = re.fullmatch(pattern, text)
            if match:
                try:
                    return build(text, *(int(part) for part in match.groups()))
                except ValueError:
                    break
        examples = "2026-11-23、2026-11、2026Q4、2026H2、2026 或 2026-03至2026-08"
        raise BadInput(f"“{text}”不是期间。可写 {examples}。")

    @classmethod
    def of_month(cls, month: Month) -> Period:
        """Return the period that is one month."""
        return cls(str(month), month.first, month.last)

    @classmethod
    def quarter_of(cls, day: date) -> Period:
        """Return the quarter in which a day lies, 2026Q4."""
        return cls.parse(f"{day.year}Q{(day.month + 2) // 3}")

    @classmethod
    def half_of(cls, day: date) -> Period:
        """Return the half year in which a day lies, 2026H2."""
        return cls.parse(f"{day.year}H{(day.month + 5) // 6}")

    @classmethod
    def _from_to(cls, start: Period, end: Period) -> Period:
        if start.first > end.last:
            raise BadInput(f"期间“{start.name}至{end.name}”的起在止之后。请对调。")
        return cls(f"{start.name}至{end.name}", start.first, end.last)

    @property
    def month(self) -> Month:
        """The month of its last day."""
        return Month.of(self.last)

    @property
    def months(self) -> tuple[Month, Month]:
        """First and last month it touches."""
        return Month.of(self.first), Month.of(self.last)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its first moment and its last one, to the second as moments are kept."""
        return (
            datetime.combine(self.first, datetime.min.time()),
            datetime.combine(self.last, datetime.max.time().replace(microsecond=0)),
        )

    def require_month(self) -> Month:
        """Return the month, when the period is just one.

        Raises:
            BadInput: the period is longer or shorter than a month.
        """
        month = Month.of(self.first)
        if (self.first, self.last) != (month.first, month.last):
            raise BadInput(f"这里要一个月份，例如 {month}；“{self.name}”不是一个月。")
        return month


def _span(name: str, year: int, month: int, length: int) -> Period:
    first = Month(year, month)
    return Period(name, first.first, first.plus(length - 1).last)


_PERIODS = (
    (r"(\d{4})-(\d{1,2})-(\d{1,2})", lambda name, y, m, d: Period(name, date(y, m, d), date(y, m, d))),
    (r"(\d{4})-(\d{1,2})", lambda name, y, m: _span(name, y, m, 1)),
    (r"(\d{4})Q([1-4])", lambda name, y, q: _span(name, y, 3 * q - 2, 3)),
    (r"(\d{4})H([12])", lambda name, y, h: _span(name, y, 6 * h - 5, 6)),
    (r"(\d{4})", lambda name, y: _span(name, y, 1, 12)),
)


RELATIVE_DAYS = {"今天": 0, "昨天": -1, "明天": 1}
"""What people type for a day near today; a file must name the day itself."""


def parse_day(text: str, today: date | None = None) -> date:
    """Read a day: 2026-11-23, 20261123, 2026年11月23日, 11.23 (this year), 今天.

    Raises:
        BadInput: no such day.
    """
    today = today or date.today()
    text = text.strip()
    if text in RELATIVE_DAYS:
        return today + timedelta(days=RELATIVE_DAYS[text])
    match = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text) or re.fullmatch(
        r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?", text
    )
    try:
        if match:
            found = date(int(match[1] or today.year), int(match[2]), int(match[3]))
            if 1900 <= found.year <= 2199:
                return found
    except ValueError:
        pass
    raise BadInput(f"“{text}”不是日期。请按 2026-11-23 的样子填写。")


def chinese_day(day: date) -> str:
    """Return "2026年11月23日", as papers print it (forms.md A0.4)."""
    return f"{day.year}年{day.month}月{day.day}日"
