"""筛选: the row of fields by which a page narrows its list."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from models import text
from models.base import RECORDS
from models.errors import OfficeError
from models.fields import DayField, LinkField, accept
from models.listings import NARROWED_BY, Filters, Listed
from models.months import Period, parse_day
from ui import theme
from ui.flow import Flow
from ui.lineinputs import DayInput, step_month
from ui.links import LinkEdit, brief, records_of
from ui.shapes import shape_of

_SETTLE = 250
"""Milliseconds of stillness before a typed filter is used."""
_LABELS = {"building": "全部楼栋", "item": "全部项目"}
_TYPED = {"unit": "房号", "person": "业主编号"}


class Filter(QObject):
    """One field of the row: its widget, and what it adds to the filters."""

    changed = Signal()

    def __init__(
        self, name: str, widget: QWidget, read: Callable[[], Any], put: Callable[[Any], None]
    ) -> None:
        super().__init__(widget)
        self.name, self.widget, self.read, self.put = name, widget, read, put


class FilterRow(QWidget):
    """All filters of one page, and the quick find."""

    changed = Signal()

    def __init__(
        self, listed: Listed | None, names: tuple[str, ...], findable: bool, period: str = "全部月份"
    ) -> None:
        super().__init__()
        self.filters: dict[str, Filter] = {}
        self._beside: dict[str, Any] = {}
        """By what else the list is narrowed, from elsewhere: there is no field for it, only its chip."""
        self._no_period = period
        self._settled = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settled.timeout.connect(self.changed)
        self._row = Flow(self)
        for name in names:
            self._add(name, listed)
        self.finder = _Finder(placeholderText="在名单中找…", clearButtonEnabled=True)
        self.finder.setToolTip("按房号、姓名、拼音首字母或单号找 (Ctrl+F)")
        self.finder.setAccessibleName("在名单中找")
        self.finder.setFixedWidth(max(150, theme.measures().font * 8))
        self.finder.textChanged.connect(lambda _: self._settled.start())
        if not findable:
            self.finder.hide()
        self._row.addWidget(self.finder)

    def wanted_width(self) -> int:
        """Return the width at which everything stands in one line."""
        shown = [item for item in self._row.items() if not item.isEmpty()]
        return sum(item.sizeHint().width() for item in shown) + self._row.spacing() * max(0, len(shown) - 1)

    def add(self, widget: QWidget) -> None:
        """Add something at the end of the row."""
        self._row.addWidget(widget)

    def words(self) -> str:
        """Return what is looked for."""
        return text.narrow(self.finder.text()).strip()

    def given(self) -> Filters:
        """Return the filters that are set; what cannot be read yet is marked and left out."""
        values = {}
        for one in self.filters.values():
            try:
                values[one.name] = one.read()
                theme.mark(one.widget, wrong=False)
            except OfficeError as problem:
                theme.mark(one.widget, wrong=True)
                one.widget.setToolTip(str(problem))
        values = {name: value for name, value in values.items() if value not in (None, "")}
        return Filters(**self._beside, **values)

    def put(self, filters: Filters) -> None:
        """Set the filters to just these, without words to find."""
        for one in self.filters.values():
            one.put(getattr(filters, one.name))
        given = filters.given()
        self._beside = {name: getattr(filters, name) for name in given if name not in self.filters}
        self.finder.clear()
        self._settled.stop()

    def said(self) -> list[tuple[str, str]]:
        """Return by what the list is narrowed, as (name, words)."""
        told = [(name, _said(name, value)) for name, value in self._given().items()]
        return [*told, *([("words", f"找 {self.words()}")] if self.words() else [])]

    def drop(self, name: str) -> None:
        """Take one filter away."""
        if name == "words":
            self.finder.clear()
        elif name in self._beside:
            del self._beside[name]
        else:
            self.filters[name].put(None)
        self.changed.emit()

    def kept(self) -> dict[str, str]:
        """Return the filters as text, by name."""
        return {name: _kept(value) for name, value in self._given().items()}

    def restore(self, filters: dict[str, str], words: str) -> None:
        """Set the filters to what was kept; what is gone meanwhile is left out."""
        values = {}
        for name, told in filters.items():
            with contextlib.suppress(OfficeError):
                if name in self.filters:
                    values[name] = _READ.get(name, str)(told)
                elif name in NARROWED_BY:
                    values[name] = RECORDS[NARROWED_BY[name]].find(told)
                elif name == "on":
                    values[name] = parse_day(told)
        self.put(Filters(**values))
        self.finder.setText(words)
        self._settled.stop()

    def _given(self) -> dict[str, Any]:
        given = self.given()
        names = (*self.filters, *self._beside)
        return {name: getattr(given, name) for name in names if name in given.given()}

    def any_set(self) -> bool:
        """Whether the list is narrowed at all."""
        return bool(self.words()) or bool(self.given().given())

    def clear(self) -> None:
        """Narrow the list by nothing."""
        self.put(Filters())
        self.changed.emit()

    def _add(self, name: str, listed: Listed | None) -> None:
        made = self._make(name, listed)
        if made is not None:
            self.filters[name] = made
            self._row.addWidget(made.widget)

    def _make(self, name: str, listed: Listed | None) -> Filter | None:
        if name == "period":
            return self._period()
        if name == "state":
            return self._state(listed)
        if name == "on":
            return self._day()
        if name == "void":
            return self._void()
        return self._record(name)

    def _period(self) -> Filter:
        line = PeriodEdit(self._no_period)
        line.textChanged.connect(lambda _: self._settled.start())
        return Filter(
            "period",
            line,
            lambda: Period.parse(text.narrow(line.text())) if line.text().strip() else None,
            lambda period: line.setText(period.name if period else ""),
        )

    def _state(self, listed: Listed | None) -> Filter | None:
        labels = shape_of(listed).states() if listed is not None else []
        return self._box("state", "全部状态", [(label, label) for label in labels]) if labels else None

    def _day(self) -> Filter:
        day = DayInput(DayField(null=True, verbose_name="截至日期"))
        day.line.setPlaceholderText("截至今天")
        day.setFixedWidth(theme.measures().font * 8)
        day.line.setAccessibleName("截至日期")
        day.edited.connect(self._settled.start)
        return Filter("on", day, lambda: accept(day.field, day.line.text()), day.put)

    def _void(self) -> Filter:
        box = QCheckBox("含作废")
        box.toggled.connect(lambda _: self.changed.emit())
        return Filter("void", box, box.isChecked, lambda value: box.setChecked(bool(value)))

    def _record(self, name: str) -> Filter | None:
        record = RECORDS[NARROWED_BY[name]]
        few = records_of(record, 200) if name in _LABELS else None
        if few is not None:
            options = [(brief(label), key) for label, key in few]
            return self._box(name, _LABELS[name], options, lambda key: record.find(key))
        field = LinkField(record, null=True, verbose_name=_TYPED.get(name, record.noun()))
        edit = LinkEdit(field)
        edit.setPlaceholderText(_TYPED.get(name, record.noun()))
        edit.setAccessibleName(field.label)
        edit.setFixedWidth(theme.measures().font * 8)
        edit.setClearButtonEnabled(True)
        edit.editingFinished.connect(self._settled.start)
        edit.editingFinished.connect(lambda: edit.home(False))  # else only the end of a long name is seen
        edit.chosen.connect(self._settled.start)
        edit.textChanged.connect(lambda typed: None if typed else self._settled.start())
        return Filter(name, edit, lambda: accept(field, edit.key()), lambda value: edit.put(value or ""))

    def _box(
        self, name: str, all_label: str, options: list[tuple[str, str]], read: Callable[[str], Any] = str
    ) -> Filter:
        box = QComboBox(maxVisibleItems=18)
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.addItem(all_label, None)
        for label, key in options:
            box.addItem(label, key)
        box.setAccessibleName(all_label.removeprefix("全部"))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setMaximumWidth(theme.measures().font * 9)
        box.currentIndexChanged.connect(lambda _: self.changed.emit())
        return Filter(
            name,
            box,
            lambda: read(box.currentData()) if box.currentData() else None,
            lambda value: box.setCurrentIndex(max(0, box.findData(_key(value)))),
        )


class _Finder(QLineEdit):
    """The quick find; Esc empties it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty it by Esc."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class PeriodEdit(QLineEdit):
    """A month, quarter, half or year; up and down go a month on and back."""

    def __init__(self, without: str) -> None:
        super().__init__(placeholderText=without, clearButtonEnabled=True)
        self.setAccessibleName("期间")
        self.setToolTip("可输入 2026-11、2026Q4、2026H2 或 2026；按 ↑ ↓ 换月")
        self.setFixedWidth(theme.measures().font * 8)
        self.editingFinished.connect(lambda: self.home(False))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by the arrow keys."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step:
            self.setText(step_month(self.text(), step))
        else:
            super().keyPressEvent(event)


def without(filters: Filters, takes: tuple[str, ...]) -> Filters:
    """Return filters with only those that a list takes."""
    return Filters(
        **{one.name: getattr(filters, one.name) for one in dataclasses.fields(filters) if one.name in takes}
    )


def _said(name: str, value: Any) -> str:
    """Return the words of a chip."""
    if name == "on":
        return f"截至 {value.isoformat()}"
    if name == "void":
        return "含作废"
    return str(
        value.name if isinstance(value, Period) else value.label() if hasattr(value, "label") else value
    )


def _kept(value: Any) -> str:
    """Return a filter as text."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value.name if isinstance(value, Period) else _key(value))


_READ: dict[str, Callable[[str], Any]] = {"period": Period.parse, "on": parse_day, "void": bool}
"""How the text of a filter is read back; others are keys."""


def _key(value: Any) -> Any:
    return value.key() if hasattr(value, "key") else value
