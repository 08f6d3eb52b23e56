"""滚动: an area as tall as what stands in it while there is room, which scrolls where there is none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui import theme


class AsTall(QScrollArea):
    """Widgets below each other, of a set width; Qt's own area does not ask how tall wrapped words are."""

    def __init__(self, *widgets: QWidget, spacing: int) -> None:
        super().__init__(widgetResizable=True)
        sheet = theme.named(QWidget(), "sheet")
        self._column = QVBoxLayout(sheet)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(spacing)
        for widget in widgets:
            self._column.addWidget(widget)
        self._column.addStretch()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        self.setWidget(sheet)

    def sizeHint(self) -> QSize:
        """As tall as what is in it is at this width."""
        frame = self.height() - self.viewport().height()
        tall = self._column.totalSizeHint().height()
        if self._column.hasHeightForWidth():
            tall = self._column.totalHeightForWidth(self.viewport().width())
        return QSize(self.width(), tall + frame)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for other room when what is in it changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
