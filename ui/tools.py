"""名单工具: what can be done to a list as such: narrow it, choose its columns, sort it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from models.conditions import askable
from ui import theme
from ui.columns import Arrangement
from ui.keys import bind

if TYPE_CHECKING:
    from ui.page import PageView

NARROW, COLUMNS, CHARTS = "F6", "Ctrl+F6", "Ctrl+G"


class Tools(QWidget):
    """The small buttons behind the filters of a page, and the menu of a heading."""

    def __init__(self, view: PageView) -> None:
        super().__init__()
        self._view = view
        self.narrow = _button("ph.funnel", "筛选", f"按列筛选、保存的筛选 ({NARROW})")
        self.columns = _button("ph.columns", "列", f"显示哪些列、列的次序 ({COLUMNS})")
        self.narrow.clicked.connect(self.show_narrowing)
        self.columns.clicked.connect(lambda: view.table.choose_columns(self.columns))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.narrow)
        row.addWidget(self.columns)
        if view.charts is not None:
            self.charts = _button("ph.chart-bar", "图表", f"显示或收起图表 ({CHARTS})")
            self.charts.clicked.connect(view.toggle_charts)
            row.addWidget(self.charts)
            bind(view, view.toggle_charts, CHARTS, words="显示或收起图表")
        bind(view, self.show_narrowing, NARROW, words="按列筛选、保存的筛选")
        bind(view, self.columns.click, COLUMNS, words="选择列")

    def show_narrowing(self) -> QMenu:
        """Offer questions to columns and the named filters."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._view.narrowing.fill(menu)
        menu.popup(self.narrow.mapToGlobal(self.narrow.rect().bottomLeft()))
        return menu

    def show_heading_menu(self, name: str, at: QPoint) -> QMenu:
        """Offer what can be done to one column."""
        menu = QMenu(self._view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_heading_menu(menu, name)
        menu.popup(at)
        return menu

    def fill_heading_menu(self, menu: QMenu, name: str) -> None:
        """Fill the menu of a heading."""
        table, narrowing = self._view.table, self._view.narrowing
        now, listing = table.grid.rows.arrangement, table.grid.rows.listing
        if name and listing is not None:
            menu.addAction("升序", lambda: table.sort_by(name))
            menu.addAction("降序", lambda: table.sort_by(f"-{name}"))
            if askable(listing.column(name).field):
                menu.addAction("按此列筛选…", lambda: narrowing.ask_column(name, self._view))
            menu.addSeparator()
            others = frozenset(table.columns()) - {name}
            hide = menu.addAction("隐藏此列", lambda: table.rearrange(replace(now, shown=others)))
            hide.setEnabled(bool(others))
        freeze = menu.addAction("冻结首列")
        freeze.setCheckable(True)
        freeze.setChecked(now.frozen)
        freeze.toggled.connect(lambda on: table.rearrange(replace(now, frozen=on)))
        menu.addAction("选择列…", lambda: table.choose_columns(self.columns))
        back = menu.addAction("恢复默认列", lambda: table.rearrange(Arrangement()))
        back.setEnabled(now != Arrangement())


def _button(icon: str, words: str, hint: str) -> QPushButton:
    button = QPushButton()
    theme.mark(button, quiet=True, square=True)
    theme.dress(button, icon, lambda now: now.secondary)
    button.setAccessibleName(words)
    button.setToolTip(hint)
    return button
