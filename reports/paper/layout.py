"""版面: lays the sheets of one form out over their pages and copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.paper.content import Content
from reports.paper.flow import Flow, Strip, draw_strips
from reports.paper.form import Form, Table
from reports.paper.ink import Mark, Watermark
from reports.paper.masthead import FOOT, FULL, SHORT, Heading, Masthead, lead_words
from reports.paper.press import Press
from reports.paper.sheet import Letterhead, Printed, Sheet
from reports.paper.sizes import MM, Paper
from reports.paper.stub import StubStrip, draw_tear

_TEAR = 8 * MM  # on either side of a tear line between whole copies
_SIZES = (99.0, 10.0, 9.5, 9.0, 8.5, 8.0)  # points at most, tried in turn


@dataclass(frozen=True, slots=True)
class _Area:
    """Where a copy stands on its page, in points from the top of the paper."""

    top: float
    height: float


class Layout:
    """Draws sheets of one form on one paper; what they share is worked out once."""

    def __init__(
        self, form: Form, paper: Paper, press: Press, letterhead: Letterhead, printed: Printed
    ) -> None:
        self.form = form
        self.paper = paper
        self._press = press
        self._left = paper.left * MM
        self._width = paper.usable * MM
        self._masthead = Masthead(press, letterhead, printed, self._width)
        self._content = Content(form, paper, press, self._masthead)
        self._areas = _areas(form, paper)

    def fits(self, sheet: Sheet) -> bool:
        """Return whether every figure fits its column at 8 points."""
        return self._content.fits(sheet)

    def draw(self, sheet: Sheet, qr: bool = True) -> None:
        """Draw all pages and copies of one sheet.

        Raises:
            ValueError: the sheet holds a value or a table that the form does not have.
        """
        self._check(sheet)
        heading = self._heading(sheet, qr)
        room = self._areas[0].height
        pages = self._pages(sheet, heading, room)
        drawn = [self._page(sheet, heading, page, page is pages[0]) for page in pages]
        copies = list(self.form.whole_copies)
        for together in [copies] if len(self._areas) > 1 else [[copy] for copy in copies]:
            for index, marks in enumerate(drawn, 1):
                self._print(marks, together, index, len(drawn))

    def _pages(self, sheet: Sheet, heading: Heading, room: float) -> list[list[Strip]]:
        """Return the strips of each page; a form with copies takes smaller type to stay on one."""
        pages: list[list[Strip]] = []
        for largest in _SIZES if self.form.copies and not sheet.blank else _SIZES[:1]:
            strips = self._content.strips(sheet, heading, room - FULL, largest)
            tried = Flow(room - FULL, room - SHORT).fill(strips)
            pages = pages or tried
            if len(tried) == 1:
                return tried
        return pages

    def _check(self, sheet: Sheet) -> None:
        tables = {part.name for part in self.form.more if isinstance(part, Table)}
        unknown = (set(sheet.values) - self.form.names) | (set(sheet.tables) - tables)
        if unknown:
            raise ValueError(f"form {self.form.code} has no {', '.join(sorted(unknown))}")

    def _heading(self, sheet: Sheet, qr: bool) -> Heading:
        form = self.form
        lead = lead_words(form.lead, sheet.values, sheet.blank)
        title = sheet.title or form.title
        return Heading(form.code, title, sheet.number, lead, qr and form.qr, sheet.blank)

    def _page(self, sheet: Sheet, heading: Heading, strips: Sequence[Strip], first: bool) -> list[Mark]:
        """Draw what all copies of one page have in common."""
        ink = self._press.ink()
        height = self._areas[0].height
        if first:
            self._masthead.draw(ink, heading)
        else:
            self._masthead.draw_short(ink, heading)
        draw_strips(ink, strips, self._width, FULL if first else SHORT, height)
        stub = strips[-1].height if strips and isinstance(strips[-1], StubStrip) else 0.0
        if sheet.watermark:
            ends = [(0.0, height - stub), (height - stub, height)] if stub else [(0.0, height)]
            for top, bottom in ends:
                span = min(0.75 * self._width, 1.1 * (bottom - top))
                ink.place(Watermark(sheet.watermark, self._width / 2, (top + bottom) / 2, span))
        self._press.squeezed.update((self.form.code, text) for text in ink.squeezed)
        return ink.done()

    def _print(self, marks: Sequence[Mark], copies: Sequence[str], page: int, pages: int) -> None:
        """Print one page with the copies that stand on it."""
        self._press.begin(self.paper)
        over = self._press.ink()
        for area, copy in zip(self._areas, copies, strict=True):
            self._press.put(marks, self._left, area.top)
            if copy:
                self._masthead.draw_copy(over, copy, area.top)
        share = self.paper.height * MM / len(copies)
        for index in range(1, len(copies)):
            draw_tear(over, self.paper, index * share)
        self._masthead.draw_foot(over, (self.paper.height - self.paper.bottom) * MM + FOOT, page, pages)
        self._press.put(over.done(), self._left, 0)
        self._press.end()


def _areas(form: Form, paper: Paper) -> list[_Area]:
    """Return where the copies on one page stand; all are as high as the lowest of them."""
    copies = len(form.whole_copies) if form.stacked and form.stub is None else 1
    share = paper.height / copies * MM
    tops = [(index * share + _TEAR) if index else paper.top * MM for index in range(copies)]
    ends = [(index + 1) * share - _TEAR for index in range(copies - 1)]
    ends.append((paper.height - paper.bottom) * MM)
    height = min(end - top for top, end in zip(tops, ends, strict=True))
    return [_Area(top, height) for top in tops]
