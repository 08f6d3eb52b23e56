"""表格: rows that wrap and grow, subtotals of page and group, totals, what stays empty."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from decimal import Decimal

from reports.paper.cells import (
    HANDWRITING,
    PAD,
    RowStrip,
    StampStrip,
    TextCell,
    row_height,
    step_down,
    unbroken,
    wrapped,
)
from reports.paper.closing import CaptionStrip
from reports.paper.columns import Columns, HeadingStrip
from reports.paper.flow import Strip, Tally
from reports.paper.form import Column, Row, Table, Total, open_total
from reports.paper.ink import SMALLEST, Align
from reports.paper.press import Press
from reports.paper.values import EMPTY, RIGHT, Value

_HEADING = 10.5  # points at most
_STRONG = 2.0  # points more height for a bold row

CARRIED = "承前页"
"""Opens a page on which a running balance goes on."""


class _DataRow(RowStrip):
    """A row of data, remembered for the page subtotal."""

    row: Row = ()

    def split(self, room: float) -> tuple[Strip, Strip] | None:
        """Cut a long row; its first part is what the subtotal counts."""
        parts = super().split(room)
        if parts is not None and isinstance(parts[0], _DataRow):
            parts[0].row = self.row
        return parts


class TableSetter:
    """Sets one table as declared, at one width, in one file."""

    def __init__(self, table: Table, width: float, press: Press, key: Hashable) -> None:
        self.table = table
        self._kit = press.type
        self._size = table.size or _usual_size(len(table.columns))
        self._grid = Columns(table.columns, width, self._size, press.type)
        heading = HeadingStrip(self._grid, min(self._size, _HEADING), press.type)
        self.heading = StampStrip(press, (key, width), heading)
        self.heading.keep = True
        self._opening: list[Strip] = [self.heading]
        if table.caption:
            self._opening = [CaptionStrip(table.caption, press.type), self.heading]

    def strips(
        self, rows: Sequence[Row | Total], totals: Sequence[Total] = (), largest: float = 99
    ) -> list[Strip]:
        """Return heading, rows, what stays empty, and totals; no type is larger than `largest`."""
        texts = [None if isinstance(row, Total) else self._grid.written(row) for row in rows]
        size = min(largest, self._fitting_size([text for text in texts if text is not None]))
        tally = self._tally(size)
        body: list[Strip] = []
        for row, text in zip(rows, texts, strict=True):
            body.append(
                self._total(row, size) if isinstance(row, Total) else self._row(row, text or [], size)
            )
            body[-1].heading, body[-1].tally = self.heading, tally
        closing: list[Strip] = [self._total(total, size) for total in totals]
        ended = bool(closing or self.table.min_rows or (rows and isinstance(rows[-1], Total)))
        if len(rows) < self.table.min_rows or not ended:
            closing.insert(0, self._rest(self.table.min_rows - len(rows), size))
        above = [strip for strip, row in zip(body, rows[1:], strict=False) if isinstance(row, Total)]
        heads = [strip for strip, row in zip(body, rows, strict=True) if isinstance(row, Total) and row.opens]
        for strip in (*above, *heads, *body[-1:], *closing[:-1]):
            strip.keep = True
        whole = [*self._opening, *body, *closing]
        for strip in whole[:-1] if self.table.together else ():
            strip.keep = True
        return whole

    def fits(self, rows: Sequence[Row | Total]) -> bool:
        """Return whether every figure fits its column at 8 points."""
        cells = [row.values if isinstance(row, Total) else row for row in rows]
        texts = [self._grid.written(values) for values in cells if values]
        return all(
            self._kit.width(text[i], SMALLEST) <= self._grid.rooms[i]
            for i in self._grid.unbroken
            for text in texts
        )

    def blank_strips(self, count: int, height: float, totals_height: float) -> list[Strip]:
        """Return heading, `count` empty rows and the totals of a blank form, each so many points high."""
        rows: list[Strip] = [RowStrip([], self._size, height) for _ in range(count)]
        for row in rows:
            row.uprights, row.heading = self._grid.uprights, self.heading
        totals = self.blank_totals(totals_height)
        for strip in (*rows[-1:], *totals[:-1]):
            strip.keep = True
        return [*self._opening, *rows, *totals]

    def blank_totals(self, height: float) -> list[Strip]:
        """Return the totals of a blank form, to be written in; 合计 where columns are summed."""
        columns = self.table.columns
        summed = [number for number, column in enumerate(columns) if column.summed]
        usual = (open_total("合计", len(columns), summed),) if summed else ()
        return [self._total(total, self._size, height) for total in self.table.totals or usual]

    def _fitting_size(self, texts: Sequence[Sequence[str]]) -> float:
        """Return the one size at which every figure of the table fits, 8 points at least."""
        size, kit = self._size, self._kit
        for i in self._grid.unbroken:
            widest = max((kit.set(text[i], self._size).width for text in texts), default=0.0)
            size = min(size, step_down(self._size, widest, self._grid.rooms[i]))
        return size

    def _row(self, row: Row, texts: Sequence[str], size: float) -> RowStrip:
        grid, kit = self._grid, self._kit
        cells = []
        for i, text in enumerate(texts):
            if i in grid.unbroken:
                cells.append(unbroken(kit, text, grid.spans[i], size, align=grid.aligns[i]))
            else:
                align: Align = "center" if text == EMPTY else grid.aligns[i]
                cells.append(wrapped(kit, text, grid.spans[i], size, align=align))
        strip = _DataRow(cells, size, HANDWRITING if grid.by_hand else 0.0)
        strip.uprights, strip.row = grid.uprights, row
        return strip

    def _total(self, total: Total, size: float, blank: float = 0.0) -> RowStrip:
        """Set a bold row: the label, the text beside it, the values in their columns.

        Args:
            total: what is set.
            size: points.
            blank: height of a row without values, to be written in; 0 sets the values.
        """
        grid, kit = self._grid, self._kit
        first = next((i for i, v in enumerate(total.values) if v is not None), len(grid))
        first = max(first, 1)
        end = self._label_end(total, first, size)
        label, text = total.label, total.text
        if end == first and text:
            label, text = f"{label}　{text}", ""
        align: Align = "left" if end == first and total.text else "center"
        cells = [wrapped(kit, label, (0, grid.edges[end]), size, bold=True, align=align)]
        if text:
            cells.append(wrapped(kit, text, (grid.edges[end], grid.edges[first]), size, bold=True))
        if not blank:
            cells += self._values(total.values, first, size)
        strip = RowStrip(cells, size, max(blank, row_height(size) + _STRONG))
        edges = {end, *range(first, len(grid))} if total.values else {end}
        strip.uprights = tuple(grid.edges[i] for i in sorted(edges) if i < len(grid))
        strip.tints = ((0.0, grid.edges[end]),)
        return strip

    def _label_end(self, total: Total, first: int, size: float) -> int:
        """Return the column at which the label's cell ends: where it has room, or where values begin."""
        if total.values and not total.text:
            return first
        need = self._kit.width(total.label, size, bold=True) + 2 * PAD
        return next((i for i in range(1, first) if self._grid.edges[i] >= need), first)

    def _values(self, values: Row, first: int, size: float) -> list[TextCell]:
        """Set the values of a bold row in the one size, and weight, at which all of them fit."""
        grid, kit = self._grid, self._kit
        texts = {i: grid.write(i, values[i]) for i in range(first, len(values))}
        shown = {i: text for i, text in texts.items() if text != EMPTY or grid.columns[i].kind in RIGHT}
        bold = all(kit.width(text, SMALLEST, bold=True) <= grid.rooms[i] for i, text in shown.items())
        for i, text in shown.items():
            size = min(size, step_down(size, kit.width(text, size, bold), grid.rooms[i]))
        return [
            unbroken(kit, text, grid.spans[i], size, bold=bold, align=grid.aligns[i])
            for i, text in shown.items()
        ]

    def _rest(self, count: int, size: float) -> RowStrip:
        """Set the area that stays empty, so that nothing can be written into it later."""
        span = (0.0, self._grid.width)
        cell = wrapped(self._kit, "以下空白", span, SMALLEST, align="center")
        strip = RowStrip([cell], size, row_height(size) * max(count, 1))
        strip.heading = self.heading
        return strip

    def _tally(self, size: float) -> Tally | None:
        if not self.table.page_subtotal:
            return None

        def make(strips: Sequence[Strip]) -> Strip:
            rows = [strip.row for strip in strips if isinstance(strip, _DataRow) and strip.row]
            sums = [_told(column, [row[i] for row in rows]) for i, column in enumerate(self._grid.columns)]
            return self._total(Total(self.table.page_subtotal, sums), size)

        def onward(strips: Sequence[Strip]) -> Strip:
            rows = [strip.row for strip in strips if isinstance(strip, _DataRow) and strip.row]
            last = [rows[-1][i] if column.carried else None for i, column in enumerate(self._grid.columns)]
            return self._total(Total(CARRIED, last), size)

        carries = any(column.carried for column in self.table.columns)
        return Tally(row_height(size) + _STRONG, make, onward if carries else None)


def _usual_size(columns: int) -> float:
    if columns <= 8:
        return 10.5
    return 9.5 if columns <= 12 else 9.0


def _told(column: Column, values: Sequence[Value]) -> Value:
    """Return what a page subtotal says of a column."""
    if column.carried:
        return values[-1] if values else None
    return _sum(values) if column.summed else None


def _sum(values: Sequence[Value]) -> Decimal | None:
    """Add up what is a figure; None where nothing is."""
    figures = [Decimal(value) for value in values if isinstance(value, (Decimal, int))]
    return sum(figures, Decimal(0)) if figures else None
