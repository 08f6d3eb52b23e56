"""图表: a chart on the screen: the drawing that paper has too, its bars opening the lines behind them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from models.charts import Chart, Opens, charts_of, drawn_from, follow
from models.listings import Filters
from ui import theme
from ui.flow import Tiles
from ui.services import Services
from ui.words import Words, plain_tip

LOW = 40.0
"""Height on the screen in millimetres of paper; what is beside a list must leave it room."""
_CANNOT = "图表不能按现在的筛选来画。清除按列的筛选、查找的字或状态后再看。"
_STILL = 120
"""Milliseconds after which a chart whose width changed is drawn anew."""
_ZOOM = 0.065
"""Pixels for a point of a drawing, by the height of the base letters: its words are captions."""


def inks() -> Any:
    """Return the colours of charts in the appearance in force."""
    from reports.paper.chart import Inks  # what draws them is loaded after the first paint

    now = theme.tokens()
    return Inks(now.surface, now.line, now.text, (now.accent, now.selected, now.text))


class ChartView(QWidget):
    """One chart; arrows go from category to category, Enter or a click opens its lines."""

    opened = Signal(object)

    def __init__(self, chart: Chart, opens: Callable[[Opens], bool], parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            chart: what is drawn.
            opens: whether the person may open these lines.
            parent: as Qt means it.
        """
        super().__init__(parent)
        self.chart = replace(chart, height=LOW)
        self._opens = [
            one is not None and opens(one) for one in map(chart.opened_by, range(len(chart.categories)))
        ]
        self.at = 0
        self._hovered = -1
        self._pressed = -1
        self._soon = QTimer(self, singleShot=True, interval=_STILL)
        self._soon.timeout.connect(self._redraw)
        self._drawn: tuple[int, QSvgRenderer, float, float] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if any(self._opens) else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(chart.title)
        theme.appearance.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        """Be drawn anew in the colours and letters in force."""
        self._drawn = None
        self.setFixedHeight(round(self.chart.height * 72 / 25.4 * self.zoom()))
        self._tell()
        self.update()

    def zoom(self) -> float:
        """Return logical pixels for a point of the drawing."""
        return theme.measures().font * _ZOOM

    # -- drawing -------------------------------------------------------------------------------

    def paintEvent(self, _: Any) -> None:
        """Draw the chart over the category that is pointed at or has the keyboard."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hovered >= 0 and self._opens[self._hovered]:
            painter.fillRect(self.place(self._hovered), QColor(theme.tokens().hover))
        self._renderer().render(painter, QRectF(self.rect()))
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.tokens().accent), 2))
            painter.drawRoundedRect(self.place(self.at).adjusted(1, 1, -1, -1), 4, 4)

    def _renderer(self) -> QSvgRenderer:
        """Return the drawing; while the width changes the last one, drawn anew once it stands still."""
        if self._drawn is None:
            from reports.paper.chart import slots, svg

            width = self.width() / self.zoom()
            made = QSvgRenderer(QByteArray(svg(self.chart, width, inks()).encode()), self)
            left, wide = slots(self.chart, width)
            self._drawn = self.width(), made, left * self.zoom(), wide * self.zoom()
        elif self._drawn[0] != self.width():
            self._soon.start()
        return self._drawn[1]

    def _redraw(self) -> None:
        self._drawn = None
        self.update()

    def place(self, at: int) -> QRectF:
        """Return where a category is drawn."""
        self._renderer()
        assert self._drawn is not None
        drawn, _, left, wide = self._drawn
        stretch = self.width() / max(1, drawn)
        return QRectF((left + at * wide) * stretch, 0, wide * stretch, self.height())

    def category_at(self, point: QPointF) -> int:
        """Return the number of the category at a point; -1 beside them."""
        found = (at for at in range(len(self.chart.categories)) if self.place(at).contains(point))
        return next(found, -1)

    # -- opening -------------------------------------------------------------------------------

    def open(self, at: int) -> None:
        """Open the lines of a category, if there are any to open."""
        opens = self.chart.opened_by(at) if 0 <= at < len(self._opens) and self._opens[at] else None
        if opens is not None:
            self.opened.emit(opens)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what was pressed."""
        left = event.button() is Qt.MouseButton.LeftButton
        self._pressed = self.category_at(event.position()) if left else -1

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open what was clicked."""
        at, self._pressed = self._pressed, -1
        if event.button() is Qt.MouseButton.LeftButton and self.category_at(event.position()) == at:
            self.open(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        self._hover(self.category_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the mouse."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, at: int) -> None:
        if at != self._hovered:
            self._hovered = at
            opens = at >= 0 and self._opens[at]
            self.setCursor(Qt.CursorShape.PointingHandCursor if opens else Qt.CursorShape.ArrowCursor)
            self.update()

    def event(self, event: QEvent) -> bool:
        """Tell the figures of the category under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            at = self.category_at(QPointF(event.pos()))
            if at >= 0:
                QToolTip.showText(event.globalPos(), plain_tip(self.told(at)), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to another category, or open this one."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step:
            self.at = min(max(self.at + step, 0), len(self.chart.categories) - 1)
            self._tell()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.open(self.at)
        else:
            super().keyPressEvent(event)

    def told(self, at: int) -> str:
        """Return a category in words."""
        lines = f"（点开看{self.chart.opens_of()}明细）" if self._opens[at] else ""
        return f"{self.chart.told(at)}{lines}"

    def _tell(self) -> None:
        """Let a screen reader say the category that has the keyboard."""
        self.setAccessibleDescription(self.told(self.at))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def focusInEvent(self, event: Any) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: Any) -> None:
        """Show that it left."""
        super().focusOutEvent(event)
        self.update()


class Charts(QWidget):
    """The charts of a list, or all that the person may see, two beside one another."""

    drawn = Signal()
    """Other charts stand here; whoever holds them says after what Tab comes to them."""

    def __init__(self, services: Services, listing: str = "", parent: QWidget | None = None) -> None:
        """Make it.

        Args:
            services: of the window.
            listing: name of the list; empty for all charts.
            parent: as Qt means it.
        """
        super().__init__(parent)
        self._services, self._listing = services, listing
        self._asked = 0
        self.views: list[ChartView] = []
        self._found: list[Chart] = []
        self._known: Any = None
        """By what the charts on show are narrowed, and their day; None where they are to be read."""
        services.changed.connect(self._heard)
        self._tiles = Tiles(lambda: theme.measures().font * 20, 2, 16)
        self.setLayout(self._tiles)
        self.hide()

    def _heard(self, touched: frozenset[str]) -> None:
        """Have what was drawn from these records read when it is asked for next."""
        if drawn_from(touched, self._listing):
            self.forget()

    def read(self, filters: Filters | None = None, *, asked: bool = False) -> None:
        """Ask for the charts, unless they are here already; those on show stay until others are.

        Args:
            filters: by which the list is narrowed.
            asked: whether it is narrowed by more than filters, which no chart can follow.
        """
        wanted = (filters, asked, date.today())
        if self._known == wanted:
            return
        self._known = wanted
        self._asked += 1
        number = self._asked
        if asked or (filters is not None and not follow(self._listing, filters)):
            self._show([])
            self._tiles.addWidget(Words(_CANNOT, role="secondary"))
            self.show()
            self.drawn.emit()
            return

        def ask() -> list[Chart]:
            importlib.import_module("reports.paper.chart")  # draws them; not to be loaded by who paints
            return charts_of(self._listing, filters)

        self._services.run(
            "读取图表", self, ask, lambda found: self._show(found) if number == self._asked else None
        )

    def wanted_height(self, width: int) -> int:
        """Return how high the charts are at a width."""
        return self._tiles.heightForWidth(width)

    def forget(self) -> None:
        """Have the charts read when they are asked for next."""
        self._known = None

    def put_away(self) -> None:
        """Show none; what is being read is of no use any more."""
        self._asked += 1
        self.forget()
        self.hide()

    def _show(self, found: list[Chart]) -> None:
        if found and found == self._found:
            self.show()
            return
        self._found = found
        held = next((one for one in self.views if one.hasFocus()), None)
        while item := self._tiles.takeAt(0):
            item.widget().hide()
            item.widget().deleteLater()
        shown = [self._of(chart) for chart in found]
        self.views = [one for one in shown if isinstance(one, ChartView)]
        for widget in shown:
            self._tiles.addWidget(widget)
        self.setVisible(bool(shown))
        self.drawn.emit()
        same = (one for one in self.views if held is not None and one.chart.title == held.chart.title)
        if held is not None and (again := next(same, None)) is not None:
            again.at = held.at
            again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _of(self, chart: Chart) -> QWidget:
        """Return what shows a chart, or says why there is nothing to draw."""
        if chart.empty:
            return Words(f"{chart.title}　{chart.nothing}", role="secondary")
        view = ChartView(chart, lambda opens: self._services.knows(opens.page))
        view.opened.connect(self._services.open_lines)
        return view
