"""对应列: which sheet and column of a strange workbook is which of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from models.fields import LineField
from models.imports import TEMPLATE, Column, Given, Layout, SheetMap
from models.imports.lines import HEAD_ROWS
from models.imports.mapping import guess, head_of, headings, match, samples, targets
from ui import theme
from ui.inputs import ChoiceInput
from ui.words import Plain

NOWHERE = "（不导入）"
_SAMPLE = 22
"""Letters of what is shown of their values."""


class MappingView(QWidget):
    """Our sheets at the left; at the right where the chosen one is in the workbook, column by column."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, layout: Layout = TEMPLATE) -> None:
        super().__init__(parent)
        self._layout = layout
        self._given: Given | None = None
        self._maps: dict[str, SheetMap] = {}
        self._columns: dict[str, list[Column]] = {}
        self.sheets: QListWidget = theme.named(QListWidget(), "choices")
        self.sheets.setAccessibleName("本系统的表")
        self.sheets.currentItemChanged.connect(lambda *_: self._show_sheet())
        self._side = QVBoxLayout()
        self._side.setSpacing(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.sheets)
        row.addLayout(self._side, 1)
        self._panel: QWidget | None = None
        theme.appearance.changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        self.sheets.setFixedWidth(theme.measures().font * 10)

    def show_given(self, given: Given, maps: Sequence[SheetMap]) -> None:
        """Show how a workbook is read now; guess where nobody has said so yet."""
        self._given, self._columns = given, targets(self._layout)
        self._maps = {one.title: one for one in maps or guess(given.sheets, self._layout)}
        self.sheets.blockSignals(True)
        self.sheets.clear()
        for title in self._columns:
            self.sheets.addItem(QListWidgetItem(title))
        self.sheets.blockSignals(False)
        self._tell()
        first = next((at for at, title in enumerate(self._columns) if title in self._maps), 0)
        self.sheets.setCurrentRow(first)
        self._show_sheet()

    def maps(self) -> list[SheetMap]:
        """Return the sheets that are to be read, and how."""
        return [self._maps[title] for title in self._columns if title in self._maps]

    def missing(self) -> str:
        """Return what must still be said before it can be read; empty when nothing is."""
        for one in self.maps():
            needed = [c.title for c in self._columns[one.title] if c.needed and c.title not in one.columns]
            if needed:
                return f"“{one.title}”还没有对应必填的{'、'.join(needed)}。"
        return "" if self._maps else "还没有对应任何一张表。请在左边选一张表，说明它来自哪里。"

    # -- one sheet -----------------------------------------------------------------------------

    def _title(self) -> str:
        return list(self._columns)[max(0, self.sheets.currentRow())]

    def _show_sheet(self) -> None:
        if self._given is None:
            return
        if self._panel is not None:
            self._side.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = QWidget()
        column = QVBoxLayout(self._panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._source())
        column.addWidget(self._matches(), 1)
        self._side.addWidget(self._panel)

    def _source(self) -> QHBoxLayout:
        """Return the line that says from which of their sheets it comes, and where its headings stand."""
        assert self._given is not None
        one = self._maps.get(self._title())
        names = [(sheet.name, sheet.name) for sheet in self._given.sheets if sheet.rows]
        source = ChoiceInput(LineField(verbose_name="来自"), names, blank=NOWHERE)
        source.put(one.sheet if one else None)
        source.widget.setAccessibleName(f"{self._title()}来自")
        source.edited.connect(lambda: self._take_sheet(source.given()))
        head = QSpinBox(minimum=1, maximum=HEAD_ROWS, value=one.head if one else 1)
        head.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        head.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        head.setAccessibleName("列名在第几行")
        head.setEnabled(one is not None)
        head.setMinimumWidth(theme.measures().font * 4)
        head.valueChanged.connect(self._take_head)
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (Plain(f"“{self._title()}”来自"), source, Plain("列名在第"), head, Plain("行")):
            line.addWidget(widget)
        line.addStretch(1)
        return line

    def _matches(self) -> QScrollArea:
        """Return our columns, each with the one of theirs, and what stands there."""
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = theme.named(QWidget(), "sheet")
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(2, 1)
        one = self._maps.get(self._title())
        sheet = self._sheet(one.sheet) if one else None
        if one is not None and sheet is not None:
            theirs = [(heading, heading) for heading in headings(sheet, one.head)]
            for row, column in enumerate(self._columns[self._title()]):
                self._add_match(grid, row, column, theirs, one)
        grid.setRowStretch(grid.rowCount(), 1)
        area.setWidget(inside)
        return area

    def _add_match(
        self, grid: QGridLayout, row: int, column: Column, theirs: list[tuple[str, str]], one: SheetMap
    ) -> None:
        label = Plain(f"{column.title}{'（必填）' if column.needed else ''}")
        label.setProperty("role", "label")
        label.setToolTip(column.hint)
        chosen = ChoiceInput(column.field, theirs, blank=NOWHERE)
        chosen.put(one.columns.get(column.title))
        chosen.widget.setAccessibleName(f"{column.title}对应")
        label.setBuddy(chosen.widget)
        sample = Plain()
        sample.setProperty("role", "secondary")

        def take() -> None:
            self._take_column(column.title, chosen.given())
            sample.setText(self._sample(column.title))

        chosen.edited.connect(take)
        sample.setText(self._sample(column.title))
        for at, widget in enumerate((label, chosen, sample)):
            grid.addWidget(widget, row, at)

    def _sample(self, ours: str) -> str:
        one = self._maps[self._title()]
        sheet, theirs = self._sheet(one.sheet), one.columns.get(ours)
        if sheet is None or theirs is None:
            return ""
        shown = "、".join(samples(sheet, one.head, theirs))
        return f"例：{shown[:_SAMPLE]}{'…' if len(shown) > _SAMPLE else ''}" if shown else "（空列）"

    # -- saying so -----------------------------------------------------------------------------

    def _take_sheet(self, name: str | None) -> None:
        sheet = self._sheet(name) if name else None
        if sheet is None:
            self._maps.pop(self._title(), None)
        else:
            head = head_of(sheet, self._layout)
            found = match(self._columns[self._title()], headings(sheet, head))
            self._maps[self._title()] = SheetMap(self._title(), sheet.name, head, found)
        self._tell()
        self._show_sheet()

    def _take_head(self, head: int) -> None:
        one = self._maps[self._title()]
        sheet = self._sheet(one.sheet)
        if sheet is not None:
            found = match(self._columns[one.title], headings(sheet, head))
            self._maps[one.title] = replace(one, head=head, columns=found)
            self._tell()
            self._replace_matches()

    def _take_column(self, ours: str, theirs: Any) -> None:
        one = self._maps[self._title()]
        columns = {**one.columns, ours: theirs} if theirs else dict(one.columns)
        if not theirs:
            columns.pop(ours, None)
        self._maps[one.title] = replace(one, columns=columns)
        self._tell()

    def _replace_matches(self) -> None:
        """Show other headings below the line that is being typed in."""
        assert self._panel is not None
        layout = self._panel.layout()
        assert isinstance(layout, QVBoxLayout)
        old = layout.takeAt(1).widget()
        old.hide()
        old.deleteLater()
        layout.addWidget(self._matches(), 1)

    def _sheet(self, name: str) -> Any:
        assert self._given is not None
        return next((sheet for sheet in self._given.sheets if sheet.name == name), None)

    def _tell(self) -> None:
        """Say beside each of our sheets how many columns are read for it."""
        for at, title in enumerate(self._columns):
            one = self._maps.get(title)
            self.sheets.item(at).setText(f"{title}　{len(one.columns)} 列" if one else title)
        self.changed.emit()
