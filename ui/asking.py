"""询问: a small form that only asks, for what is done without a deed (printing, choosing a month)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from models.errors import BadInput
from models.inputs import Input
from ui import dialogs, theme
from ui.form import Form
from ui.keys import SAVE, PressesOnEnter, bind, head
from ui.words import Plain


class AskDialog(PressesOnEnter, QDialog):
    """A title, some fields, and one verb."""

    answered = Signal(object)

    def __init__(self, title: str, inputs: Sequence[Input], verb: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        heading = Plain(title)
        heading.setProperty("role", "title")
        self.form = Form(inputs)
        self.go = QPushButton(verb)
        self.go.setAutoDefault(False)
        self.go.setToolTip("Ctrl+Enter")
        theme.mark(self.go, primary=True)
        self.go.clicked.connect(self.submit)
        cancel = QPushButton("取消")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch()
        foot.addWidget(cancel)
        foot.addWidget(self.go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(heading)
        layout.addWidget(self.form)
        layout.addLayout(foot)
        self.form.finished.connect(self.submit)
        head(self, title)
        bind(self, self.submit, *SAVE, words=verb)
        QTimer.singleShot(0, self.form, self.form.focus_first)

    def refuse(self, problem: BadInput) -> None:
        """Show why what was answered before would not do, beside its field."""

        def show() -> None:
            if not self.form.complain(problem):
                dialogs.tell_problem(self, problem)

        QTimer.singleShot(0, self, show)  # after the first field was given the keyboard

    def submit(self) -> None:
        """Check and answer."""
        if self.form.check():
            values = self.form.values()
            self.accept()
            self.answered.emit(values)
