"""内容: what stands below the head of a sheet, from the first box to the signatures, as strips."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from reports.paper.boxes import BoxSetter
from reports.paper.cells import HANDWRITING
from reports.paper.chartstrip import chart_strips
from reports.paper.closing import NoteSetter, SignSetter, note_strips
from reports.paper.flow import Gap, Strip
from reports.paper.form import Boxes, Form, Plans, Row, Table, Total
from reports.paper.masthead import FULL, LEAD, Heading, Masthead
from reports.paper.planning import PlanSetter
from reports.paper.press import Press
from reports.paper.sheet import Sheet
from reports.paper.sizes import MM, Paper
from reports.paper.stub import StubSetter
from reports.paper.table import TableSetter

_LEAST_ROW = 6.5 * MM  # of a blank form
_TIGHT = 6.8 * MM  # its head and totals, where they would else not stay on one page
_FEWEST = 3  # empty rows of a blank form
_PART = 2.4 * MM  # between two tables

_Part = TableSetter | BoxSetter | PlanSetter


class Content:
    """Sets the content of a form's sheets on one paper, in one file."""

    def __init__(self, form: Form, paper: Paper, press: Press, masthead: Masthead) -> None:
        self._form = form
        self._press = press
        self._masthead = masthead
        self._width = paper.usable * MM
        self._height = (paper.height - paper.top - paper.bottom) * MM
        key = (form.code, form.title, paper.name)
        self._head = BoxSetter(form.head, self._width, press, (key, "head"))
        parts = [*([form.table] if form.columns else []), *form.more]
        self._parts = [self._setter(part, (key, index)) for index, part in enumerate(parts)]
        self._notes = NoteSetter(self._width, press.type)
        self._signs = SignSetter(form.signatures, self._width, press, (key, "signs", form.signatures))
        self._stub = StubSetter(form, form.stub, paper, press, masthead) if form.stub else None

    def fits(self, sheet: Sheet) -> bool:
        """Return whether every figure fits its column at 8 points, and every building one page."""
        tables = [part for part in self._parts if isinstance(part, TableSetter)]
        plans = [part for part in self._parts if isinstance(part, PlanSetter)]
        room = self._height - FULL - self._around(sheet)
        return all(table.fits([*_rows(table, sheet), *_totals(table, sheet)]) for table in tables) and all(
            part.fits(sheet.plans, room) for part in plans
        )

    def _around(self, sheet: Sheet) -> float:
        """Return how high what closes a sheet is."""
        strips = self._closing(sheet, Heading(self._form.code, ""))
        return sum(strip.height for strip in strips)

    def strips(self, sheet: Sheet, heading: Heading, room: float, largest: float = 99) -> list[Strip]:
        """Return the content top to bottom; what closes the sheet is kept together.

        Args:
            sheet: what is printed.
            heading: what stands above it.
            room: points of the first page, which an empty form fills.
            largest: points; no table is set in larger type.
        """
        if not sheet.blank:
            parts = [self._filled(part, sheet, largest, room) for part in self._parts]
            parts.append(chart_strips(sheet.charts, self._width, self._press))
            return self._whole(sheet, heading, self._head.strips(sheet.values), parts)
        strips: list[Strip] = []
        for height in (HANDWRITING, _TIGHT):
            head = self._head.blank_strips(height)
            around = sum(strip.height for strip in self._whole(sheet, heading, head, []))
            strips = self._whole(sheet, heading, head, self._blank_parts(sheet, room - around, height))
            if sum(strip.height for strip in strips) <= room:
                break
        return strips

    def _whole(
        self, sheet: Sheet, heading: Heading, head: Sequence[Strip], parts: Sequence[list[Strip]]
    ) -> list[Strip]:
        """Put the lead and the head before the parts, and behind them what closes the sheet."""
        opening: list[Strip] = []
        if heading.lead and not self._masthead.lead_fits(heading):
            opening += self._notes.strips([heading.lead], size=LEAD)
        opening += head
        closing = self._closing(sheet, heading)
        for strip in (*opening, *closing[:-1]):
            strip.keep = True
        body = _joined(parts)
        if body and closing:
            body[-1].keep = True
        return [*opening, *body, *closing]

    def _setter(self, part: Table | Boxes | Plans, key: Hashable) -> _Part:
        if isinstance(part, Plans):
            return PlanSetter(self._width, self._press)
        if isinstance(part, Boxes):
            return BoxSetter(part.fields, self._width, self._press, key)
        return TableSetter(part, self._width, self._press, key)

    def _filled(self, part: _Part, sheet: Sheet, largest: float, room: float) -> list[Strip]:
        if isinstance(part, PlanSetter):
            return part.strips(sheet.plans, room, room - self._around(sheet))
        if isinstance(part, BoxSetter):
            return part.strips(sheet.values)
        return part.strips(_rows(part, sheet), _totals(part, sheet), largest)

    def _blank_parts(self, sheet: Sheet, room: float, written: float) -> list[list[Strip]]:
        """Return the empty parts; tables without a fixed number of rows share the room that is left."""
        bare = [self._bare(part, sheet, room, written) for part in self._parts]
        room -= sum(strip.height for strips in bare for strip in strips) + _PART * (len(bare) - 1)
        tables = [part for part in self._parts if isinstance(part, TableSetter)]
        fixed = sum(table.table.fixed_rows for table in tables)
        open_tables = sum(1 for table in tables if not table.table.fixed_rows)
        least = fixed + _FEWEST * open_tables
        height = min(HANDWRITING, max(_LEAST_ROW, room / max(least, 1)))
        count = max(_FEWEST, int((room - fixed * height) / max(open_tables, 1) / height))
        counts = {table: table.table.fixed_rows or max(count, table.table.blank_rows) for table in tables}
        return [
            part.blank_strips(counts[part], height, written) if isinstance(part, TableSetter) else strips
            for part, strips in zip(self._parts, bare, strict=True)
        ]

    def _bare(self, part: _Part, sheet: Sheet, room: float, written: float) -> list[Strip]:
        """Return a part as it is empty, a table without rows."""
        if isinstance(part, PlanSetter):
            return part.strips(sheet.plans, room, room)
        return part.blank_strips(written) if isinstance(part, BoxSetter) else part.blank_strips(0, 0, written)

    def _closing(self, sheet: Sheet, heading: Heading) -> list[Strip]:
        paragraphs = [*sheet.notes, *self._form.notes]
        strips = note_strips(self._notes, paragraphs, sheet.picture, sheet.picture_label)
        strips += self._signs.strips(sheet.signed)
        if self._stub is not None:
            strips += self._stub.strips(sheet, heading)
        return strips


def _rows(table: TableSetter, sheet: Sheet) -> Sequence[Row | Total]:
    name = table.table.name
    return sheet.rows if name == "rows" else sheet.tables.get(name, ())


def _totals(table: TableSetter, sheet: Sheet) -> Sequence[Total]:
    return sheet.totals if table.table.name == "rows" else ()


def _joined(parts: Sequence[list[Strip]]) -> list[Strip]:
    strips: list[Strip] = []
    for part in parts:
        if strips and part:
            strips.append(Gap(_PART))
        strips += part
    return strips
