"""日历: a month to choose a day from, in our own colours: weekends are not red, red is what is wrong."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QTableView, QToolButton, QVBoxLayout, QWidget

from ui import theme


class Calendar(QWidget):
    """Pops up beside a day's field; a click or Enter chooses."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, day: date) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.month = QCalendarWidget(self)
        self.month.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        self.month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.month.setSelectedDate(QDate(day.year, day.month, day.day))
        self.month.clicked.connect(self._take)
        self.month.activated.connect(self._take)
        size = theme.measures().font
        self.month.setMinimumSize(QSize(size * 15, size * 13))
        for view in self.month.findChildren(QTableView):
            view.setAccessibleName("日历")
        self._dress()
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.month)

    def popup(self, at: QPoint) -> None:
        """Show it at a place on the screen."""
        self.move(at)
        self.show()
        self.month.setFocus()

    def _dress(self) -> None:
        now = theme.tokens()
        for name, icon in (("prevmonth", "ph.caret-left"), ("nextmonth", "ph.caret-right")):
            button = self.month.findChild(QToolButton, f"qt_calendar_{name}")
            if isinstance(button, QToolButton):
                button.setIcon(theme.icon(icon, now.secondary))
        weekend, heading = QTextCharFormat(), QTextCharFormat()
        weekend.setForeground(QColor(now.secondary))
        heading.setForeground(QColor(now.secondary))
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.month.setWeekdayTextFormat(day, weekend)
        self.month.setHeaderTextFormat(heading)

    def _take(self, day: QDate) -> None:
        self.chosen.emit(date(day.year(), day.month(), day.day()))
        self.close()
