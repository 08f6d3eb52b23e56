"""报告: papers of many pages: chapters, paragraphs, tables and charts, signed at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.charts import Chart
from reports.paper.chartstrip import chart_strips
from reports.paper.closing import SPACE, SignSetter
from reports.paper.flow import Flow, Gap, Strip, draw_strips
from reports.paper.form import Form, Row, Table, Total
from reports.paper.ink import ASCENT, Ink, Watermark
from reports.paper.masthead import FOOT, FULL, SHORT, Heading, Masthead, lead_words
from reports.paper.press import Press
from reports.paper.sheet import Letterhead, Printed
from reports.paper.sizes import MM
from reports.paper.table import TableSetter
from reports.paper.typeset import Line
from reports.paper.values import Value

_BODY = 10.5  # points
_TITLES = (13.0, 11.5)
_LINE = 1.62  # of the size
_INDENT = "　　"  # two characters, as Chinese paragraphs begin


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter heading; level 2 is a section."""

    title: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph, its first line indented."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A table in a report, its data beside its declaration."""

    table: Table
    rows: Sequence[Row | Total]
    totals: Sequence[Total] = ()


Part = Chapter | Para | Listing | Chart


@dataclass(frozen=True, slots=True)
class Report:
    """A report to be printed, as plain data.

    Args:
        form: gives code, title, paper, lead and signatures.
        parts: in their order.
        number: the document's own number.
        values: of the form's lead.
        signed: names to print into signature cells.
        watermark: as of a sheet.
        title: instead of the form's title.
    """

    form: Form
    parts: Sequence[Part]
    number: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    signed: Mapping[str, str] = field(default_factory=dict)
    watermark: str = ""
    title: str = ""


class _TextLine(Strip):
    """One line of running text."""

    def __init__(self, line: Line, leading: float) -> None:
        super().__init__(line.size * leading)
        self._line = line

    def draw(self, ink: Ink, y: float) -> None:
        base = y + (self.height - self._line.size) / 2 + ASCENT * self._line.size
        ink.show(0, base, self._line)


class _Setter:
    """Turns the parts of one report into strips."""

    def __init__(self, report: Report, press: Press, width: float) -> None:
        self._report = report
        self._press = press
        self._width = width

    def strips(self) -> list[Strip]:
        """Return everything below the head; the last part and the signatures stay together."""
        strips: list[Strip] = []
        for index, part in enumerate(self._report.parts):
            strips += self._part(part, index)
        key = (self._report.form.code, "signs")
        signs = SignSetter(self._report.form.signatures, self._width, self._press, key)
        closing = signs.strips(self._report.signed)
        if strips and closing:
            strips[-1].keep = closing[0].keep = True
        return [*strips, *closing]

    def _part(self, part: Part, index: int) -> list[Strip]:
        if isinstance(part, Chapter):
            return self._chapter(part)
        if isinstance(part, Para):
            return self._paragraph(part)
        if isinstance(part, Chart):
            return chart_strips([part], self._width, self._press)
        key = (self._report.form.code, id(self._report), index)
        setter = TableSetter(part.table, self._width, self._press, key)
        return [Gap(SPACE), *setter.strips(part.rows, part.totals), Gap(2 * SPACE)]

    def _chapter(self, part: Chapter) -> list[Strip]:
        size = _TITLES[min(part.level, len(_TITLES)) - 1]
        lines = self._press.type.broken(part.title, self._width, size, bold=True)
        strips: list[Strip] = [_TextLine(line, _LINE) for line in lines]
        for strip in strips:
            strip.keep = True
        return [Gap(SPACE), *strips]

    def _paragraph(self, part: Para) -> list[Strip]:
        """Set a paragraph; no line of it stands alone on a page."""
        strips: list[Strip] = []
        for text in part.text.split("\n"):
            lines = self._press.type.broken(_INDENT + text, self._width, _BODY)
            group: list[Strip] = [_TextLine(line, _LINE) for line in lines]
            for strip in (*group[:-1][:1], *group[:-1][-1:]):
                strip.keep = True
            strips += group
        return strips


def draw_report(
    report: Report, press: Press, letterhead: Letterhead, printed: Printed, qr: bool = True
) -> None:
    """Draw all pages of a report."""
    form, paper = report.form, report.form.paper
    width, height = paper.usable * MM, (paper.height - paper.top - paper.bottom) * MM
    masthead = Masthead(press, letterhead, printed, width)
    lead = lead_words(form.lead, report.values, blank=False)
    heading = Heading(form.code, report.title or form.title, report.number, lead, qr and form.qr)
    pages = Flow(height - FULL, height - SHORT).fill(_Setter(report, press, width).strips())
    for index, strips in enumerate(pages, 1):
        ink = press.ink()
        (masthead.draw if index == 1 else masthead.draw_short)(ink, heading)
        draw_strips(ink, strips, width, FULL if index == 1 else SHORT, height)
        if report.watermark:
            ink.place(Watermark(report.watermark, width / 2, height / 2, 0.75 * width))
        masthead.draw_foot(ink, height + FOOT, index, len(pages))
        press.begin(paper)
        press.put(ink.done(), paper.left * MM, paper.top * MM)
        press.end()
        press.squeezed.update((form.code, text) for text in ink.squeezed)
