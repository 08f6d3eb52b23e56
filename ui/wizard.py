"""向导: a few steps one after the other, each a small form whose work is done before the next is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from models.errors import BadInput
from models.inputs import Input
from ui import dialogs, theme
from ui.form import Form
from ui.jobs import Job, Jobs
from ui.keys import SAVE, PressesOnEnter, bind, head
from ui.words import Plain, Words

Values = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One step.

    Args:
        title: in the list at the left and above the form.
        words: what it is for, in a sentence or two.
        inputs: what it asks for.
        verb: what its button says.
        work: does it, away from the window; given the checked values and the job.
        told: what is said of the result while the next step is shown.
        values: what the fields hold at first; asked when the step is shown.
        trial: says what `work` would do, nothing being written; None for no such button.
        done: called in the window with the result, before the next step.
        skip: what the button says that leaves the step out; empty where it cannot be.
    """

    title: str
    words: str
    inputs: Callable[[], Sequence[Input]]
    verb: str
    work: Callable[[Values, Job], Any]
    told: Callable[[Any], str] = lambda result: ""
    values: Callable[[], Values] = dict
    trial: Callable[[Values, Job], str] | None = None
    done: Callable[[Any], Any] = lambda result: None
    skip: str = ""


class Wizard(PressesOnEnter, QDialog):
    """The steps; what is done stays done when somebody stops half-way."""

    completed = Signal()
    left = Signal(int)
    """The person stopped; how many steps were done or left out."""

    def __init__(self, jobs: Jobs, title: str, steps: Sequence[Step], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs, self.steps = jobs, list(steps)
        self.at, self._busy = 0, False
        self._job: Job | None = None
        self._over = False
        self.setWindowTitle(title)
        self.setMinimumSize(820, 540)
        self._lay_out(title)
        head(self, title)
        bind(self, self.submit, *SAVE, words="办这一步")
        self._show_step()

    def _lay_out(self, title: str) -> None:
        heading = Plain(title)
        heading.setProperty("role", "title")
        side: QFrame = theme.named(QFrame(), "card")
        self._list = QVBoxLayout(side)
        self._list.setContentsMargins(16, 16, 24, 16)
        self._list.setSpacing(12)
        self._list.addWidget(heading)
        self._list.addSpacing(4)
        self._marks = [Plain() for _ in self.steps]
        for mark in self._marks:
            self._list.addWidget(mark)
        self._list.addStretch()
        self.stack = QStackedWidget()
        self.note = Words()
        self.note.hide()
        self.leave = self._button("以后再做", self.reject)
        self.skip = self._button("", self.pass_over)
        self.test = self._button("试算", self.try_it)
        self.go = self._button("", self.submit)
        self.go.setToolTip("Ctrl+Enter")
        theme.mark(self.go, primary=True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.leave)
        foot.addStretch()
        for button in (self.skip, self.test, self.go):
            foot.addWidget(button)
        right = QVBoxLayout()
        right.setContentsMargins(12, 8, 8, 4)
        right.setSpacing(12)
        right.addWidget(self.stack, 1)
        right.addWidget(self.note)
        right.addLayout(foot)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(side)
        layout.addLayout(right, 1)

    def _button(self, words: str, act: Callable[[], Any]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act())
        return button

    # -- showing -------------------------------------------------------------------------------

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self.steps[self.at]

    def _show_step(self, told: str = "") -> None:
        for number, (mark, step) in enumerate(zip(self._marks, self.steps, strict=True)):
            sign = "✓" if number < self.at else str(number + 1)
            mark.setText(f"{sign}　{step.title}")
            theme.mark(mark, role="section" if number == self.at else "secondary")
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        heading = Plain(self.step.title)
        heading.setProperty("role", "title")
        words = Words(self.step.words)
        words.setProperty("role", "secondary")
        self.form = Form(self.step.inputs(), columns=1)
        self.form.put(self.step.values())
        self.form.finished.connect(lambda: self.go.setFocus(Qt.FocusReason.TabFocusReason))
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.form)
        for widget in (heading, words):
            column.addWidget(widget)
        column.addWidget(area, 1)
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        self._say(told, "ok")
        self._follow()
        self.form.focus_first()

    def _follow(self) -> None:
        step = self.step
        self.go.setText(step.verb)
        self.skip.setText(step.skip)
        self.skip.setVisible(bool(step.skip))
        self.test.setVisible(step.trial is not None)
        self.leave.setText("取消" if self._busy else "以后再做" if self.at else "返回")
        for thing in (self.form, self.go, self.skip, self.test):
            thing.setEnabled(not self._busy)

    def _say(self, words: str, tone: str) -> None:
        self.note.say(words, tone)

    # -- doing ---------------------------------------------------------------------------------

    def submit(self) -> None:
        """Check the fields and do the step."""
        self._start(self.step.work, self._done)

    def try_it(self) -> None:
        """Say what the step would do."""
        if self.step.trial is not None:
            self._start(self.step.trial, self._tried)

    def _start(self, work: Callable[[Values, Job], Any], then: Callable[[Any], None]) -> None:
        if self._busy or not self.form.check():
            return
        values = self.form.values()
        self._busy = True
        self._follow()
        self._say("请稍候…", "plain")
        self._job = self._jobs.start(
            self.step.title, self, partial(work, values), then, self._refused, shown=False
        )

    def _tried(self, words: Any) -> None:
        self._busy = False
        self._follow()
        self._say(str(words), "info")
        self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def _done(self, result: Any) -> None:
        self._busy = False
        step = self.step
        try:
            step.done(result)
        except Exception as problem:
            self._refused(problem)
            return
        self._go_on(step.told(result))

    def pass_over(self) -> None:
        """Leave the step out."""
        self._go_on("")

    def _go_on(self, told: str) -> None:
        if self.at + 1 == len(self.steps):
            self._over = True
            self.completed.emit()
            self.accept()
            return
        self.at += 1
        self._show_step(told)

    def _refused(self, problem: Exception) -> None:
        self._busy = False
        self._follow()
        self._say("", "")
        if not (isinstance(problem, BadInput) and self.form.complain(problem)):
            self._say(dialogs.sentence_of(problem), "danger")

    def reject(self) -> None:
        """Stop: the work under way first, else the wizard."""
        if self._busy and self._job is not None:
            self._job.cancel()
        elif not self._over:
            self._over = True
            self.left.emit(self.at)
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Do as Esc does."""
        if self._busy:
            event.ignore()
            self.reject()
        else:
            self.reject()
            super().closeEvent(event)


class Choice(PressesOnEnter, QDialog):
    """A few ways to go on, each with a sentence."""

    def __init__(
        self, title: str, words: str, ways: Sequence[tuple[str, str, str, Callable[[], Any]]]
    ) -> None:
        """Make it.

        Args:
            title: of the dialog.
            words: a sentence below it.
            ways: icon, verb, sentence and act of each.
        """
        super().__init__()
        self.setWindowTitle(title)
        self.setMinimumWidth(620)
        heading = Plain(title)
        heading.setProperty("role", "title")
        told = Words(words)
        told.setProperty("role", "secondary")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(told)
        layout.addSpacing(4)
        self.buttons: dict[str, QPushButton] = {}
        for number, (icon, verb, sentence, act) in enumerate(ways):
            button = QPushButton(verb)
            button.setAutoDefault(False)
            button.setMinimumWidth(theme.measures().font * 8)
            first = number == 0
            theme.dress(button, icon, _on_accent if first else _as_text)
            theme.mark(button, primary=first)
            button.clicked.connect(lambda _=False, act=act: act())
            self.buttons[verb] = button
            row = QHBoxLayout()
            row.setSpacing(16)
            row.addWidget(button)
            row.addWidget(Words(sentence), 1)
            layout.addLayout(row)
        next(iter(self.buttons.values())).setFocus()


def _on_accent(now: theme.Tokens) -> str:
    return now.on_accent


def _as_text(now: theme.Tokens) -> str:
    return now.text
