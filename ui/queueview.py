"""打印队列面: what is on its way to printers, to be held, gone on with, tried again or taken off."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui import theme
from ui.printqueue import Entry, State
from ui.words import Plain, Words

if TYPE_CHECKING:
    from ui.services import Services

_TONES = {State.FAILED: "danger", State.DROPPED: "warning", State.DONE: "ok"}


class QueueView(QDialog):
    """The queue on the screen, in a window of its own that is in nobody's way."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services, self.queue = services, services.prints
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("help_topic", "printing")
        self.setWindowTitle("打印队列")
        theme.fit(self, 620, 400)
        self.area = QScrollArea(widgetResizable=True)
        self.area.setAccessibleName("打印队列")
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hold = self._button("暂停", self.queue.turn_pause)
        self.again = self._button("重试没打完的", self._retry_all)
        self.tidy = self._button("清除已打完的", self.queue.forget_done)
        self.look = self._button("都改回先预览", self._look_first)
        self.look.setToolTip("不再直接打印，以后先显示预览")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.look)
        foot.addStretch()
        for button in (self.tidy, self.again, self.hold):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self.area, 1)
        layout.addLayout(foot)
        self._rows: list[tuple[Entry, Plain, QProgressBar, QPushButton]] = []
        self.queue.changed.connect(self.follow)
        self.follow()

    def _button(self, words: str, act: Any) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act())
        return button

    def follow(self) -> None:
        """Show how things stand."""
        if [row[0] for row in self._rows] != self.queue.entries or not self._rows:
            self._build()
        for entry, words, bar, button in self._rows:
            words.setText(entry.told())
            theme.mark(words, tone=_TONES.get(entry.state, ""))
            bar.setVisible(not entry.over)
            bar.setValue(entry.done)
            button.setText("取消" if not entry.over else "重试")
            button.setVisible(not entry.over or bool(entry.left))
        current = self.queue.current()
        self.hold.setEnabled(current is not None)
        self.hold.setText("继续" if current is not None and current.state is State.HELD else "暂停")
        self.again.setEnabled(bool(self.queue.failed()))
        self.tidy.setEnabled(any(one.state is State.DONE for one in self.queue.entries))
        self.look.setVisible(bool(self._direct()))

    def _build(self) -> None:
        inside = theme.named(QWidget(), "sheet")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        self._rows = [self._row(entry, column) for entry in self.queue.entries]
        if not self._rows:
            empty = Words("没有在打印的。打印的表单会排在这里，一份接一份送到打印机。")
            empty.setProperty("role", "secondary")
            column.addWidget(empty)
        column.addStretch()
        self.area.setWidget(inside)

    def _row(self, entry: Entry, column: QVBoxLayout) -> tuple[Entry, Plain, QProgressBar, QPushButton]:
        title = Plain(f"{entry.title}　{entry.printer.printerName()}")
        words = Words()
        bar = QProgressBar(textVisible=False)
        bar.setRange(0, len(entry.pages))
        button = self._button("取消", partial(self._act, entry))
        button.setAccessibleName(f"{entry.title}：取消或重试")
        line = QHBoxLayout()
        line.setSpacing(12)
        text = QVBoxLayout()
        text.setSpacing(2)
        for widget in (title, words, bar):
            text.addWidget(widget)
        line.addLayout(text, 1)
        line.addWidget(button, alignment=Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)
        return entry, words, bar, button

    def _act(self, entry: Entry) -> None:
        if entry.over:
            self.queue.retry(entry)
            self._rows = []
            self.follow()
        else:
            self.queue.drop(entry)

    def _retry_all(self) -> None:
        for entry in self.queue.failed():
            self.queue.retry(entry)
        self._rows = []
        self.follow()

    def _direct(self) -> list[str]:
        return self.services.memory.names("direct.")

    def _look_first(self) -> None:
        for name in self._direct():
            self.services.memory.put(name, None)
        self.follow()


def show_queue(services: Services, parent: QWidget | None = None) -> QueueView:
    """Show the queue of a window; the one that is open already comes to the front."""
    queue = services.prints
    if queue.view is None or not isValid(queue.view):
        queue.view = QueueView(services, parent.window() if parent is not None else None)
    view: QueueView = queue.view
    view.show()
    view.raise_()
    view.activateWindow()
    return view
