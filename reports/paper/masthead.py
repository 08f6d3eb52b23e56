"""表头与页脚: letterhead, title, number and QR code above; who printed and the page below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.paper.form import Field, label_text
from reports.paper.ink import Ink
from reports.paper.press import Press
from reports.paper.sheet import Letterhead, Printed
from reports.paper.sizes import MM
from reports.paper.values import Value, long_date, writer

_SMALL = 9.0  # points: company and form number
_TITLE = 16.0
_NUMBER = 10.0
LEAD = 10.5
_FOOT = 8.0
_QR = 16 * MM
_UPPER = 5 * MM  # the letterhead line
_LOWER = 10.6 * MM  # from there down to the line of the number
_BESIDE = 3 * MM  # between the QR code and what stands beside it

FOOT = 3.2 * MM  # from the end of the content down to the footer
FULL = _UPPER + _QR + 2.2 * MM
SHORT = _UPPER + 8.5 * MM
_RULE = "＿" * 9  # to write on
_NUMBER_RULE = "＿" * 14


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above one sheet; an empty number where there is none, or none yet."""

    code: str
    title: str
    number: str = ""
    lead: str = ""
    qr: bool = True
    blank: bool = False

    @property
    def coded(self) -> bool:
        """Return whether a QR code is printed."""
        return self.qr and bool(self.number) and not self.blank

    @property
    def shown_number(self) -> str:
        """Return the words of the number, or a line to write it on."""
        number = _NUMBER_RULE if self.blank else self.number
        return f"编号　{number}" if number else ""


def lead_words(fields: Sequence[Field], values: Mapping[str, Value], blank: bool) -> str:
    """Return the words of the line beside the number."""
    parts = []
    for field in fields:
        text = _RULE if blank else writer(field.kind, field.places)(values.get(field.name))
        parts.append(f"{label_text(field.label)}　{text}")
    return "　　".join(parts)


class Masthead:
    """Draws what stands above and below the content, at one width, in one file."""

    def __init__(self, press: Press, letterhead: Letterhead, printed: Printed, width: float) -> None:
        self._press = press
        self._letterhead = letterhead
        self._printed = printed
        self._width = width

    def draw(self, ink: Ink, heading: Heading, y: float = 0.0) -> None:
        """Draw the head of a first page, `FULL` points high, with its top at `y`."""
        key = ("head", heading.code, heading.title, self._width)
        ink.stamp(self._press.stamp(key, lambda fresh: self._fixed(fresh, heading)), 0, y)
        base = y + _UPPER + _LOWER
        if heading.coded:
            ink.qr(0, y + _UPPER, _QR, f"PC:{heading.code}:{heading.number}")
        if heading.shown_number:
            limit = self._width * 0.45
            ink.text(self._width, base, heading.shown_number, _NUMBER, align="right", limit=limit)
        if heading.lead and self.lead_fits(heading):
            ink.text(self._indent(heading), base, heading.lead, LEAD)

    def draw_short(self, ink: Ink, heading: Heading) -> None:
        """Draw the head of a following page, `SHORT` points high."""
        key = ("short", heading.code, heading.title, self._width)
        ink.stamp(self._press.stamp(key, lambda fresh: self._fixed_short(fresh, heading)))
        limit = self._width * 0.3  # on the left: which copy it is stands on the right
        ink.text(0, _UPPER + 1.6 * MM, heading.shown_number, _NUMBER, limit=limit)

    def draw_copy(self, ink: Ink, name: str, y: float = 0.0) -> None:
        """Draw which copy this is, below the form number."""
        ink.text(self._width, y + _UPPER + 0.6 * MM, name, _NUMBER, bold=True, align="right")

    def lead_fits(self, heading: Heading) -> bool:
        """Return whether the lead stands on one line beside the number."""
        number = min(self._press.type.width(heading.shown_number, _NUMBER), self._width * 0.45)
        room = self._width - self._indent(heading) - number - (5 * MM if number else 0)
        return self._press.type.width(heading.lead, LEAD) <= room

    @staticmethod
    def _indent(heading: Heading) -> float:
        return _QR + _BESIDE if heading.coded else 0.0

    def draw_foot(self, ink: Ink, y: float, page: int, pages: int) -> None:
        """Draw the footer with its top at `y`: who printed, when, and the page."""
        ink.stamp(self._press.stamp(("foot", self._width), self._fixed_foot), 0, y)
        words = f"第 {page} 页　共 {pages} 页"
        ink.text(self._width, y, words, _FOOT, align="right", grey=True)

    def _fixed(self, ink: Ink, heading: Heading) -> None:
        self._letterhead_line(ink, heading.code)
        office, title = self._letterhead.office, heading.title
        room = self._width - 2 * (_QR + _BESIDE)
        together = f"{office}　{title}" if office else title
        middle = self._width / 2
        if self._press.type.width(together, _TITLE, bold=True) <= room:
            ink.text(middle, _UPPER + 1.2 * MM, together, _TITLE, bold=True, align="center")
        else:
            ink.text(middle, _UPPER + 0.2 * MM, office, 10, bold=True, align="center", limit=room)
            ink.text(middle, _UPPER + 4.6 * MM, title, 15, bold=True, align="center", limit=room)

    def _fixed_short(self, ink: Ink, heading: Heading) -> None:
        self._letterhead_line(ink, heading.code)
        words = f"{heading.title}（续）"
        ink.text(
            self._width / 2, _UPPER + 1.2 * MM, words, 12, bold=True, align="center", limit=self._width * 0.36
        )

    def _letterhead_line(self, ink: Ink, code: str) -> None:
        form = self._letterhead.form_number(code)
        used = ink.text(self._width, 0, form, _SMALL, align="right", grey=True, limit=self._width * 0.4)
        room = self._width - used - 5 * MM
        company, telephone = self._letterhead.company, self._letterhead.telephone
        longer = f"{company}　电话 {telephone}"
        if telephone and self._press.type.width(longer, _SMALL) <= room:
            company = longer
        ink.text(0, 0, company, _SMALL, grey=True, limit=room)

    def _fixed_foot(self, ink: Ink) -> None:
        at = self._printed.at
        when = f"{long_date(at)} {at.hour:02d}:{at.minute:02d}"
        ink.text(0, 0, f"打印　{when}　{self._printed.by}", _FOOT, grey=True, limit=self._width * 0.6)
