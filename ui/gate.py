"""打不开: what a person sees when a database cannot be opened, and what can be done then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui import dialogs, theme
from ui.jobs import Job
from ui.keys import PressesOnEnter
from ui.words import Plain, Words

DATABASES = "数据库 (*.db);;全部文件 (*)"
BACKUPS = "备份文件 (*.pcbak);;全部文件 (*)"


class GateDialog(PressesOnEnter, QDialog):
    """Why the gate stays shut, and a button for each remedy."""

    def __init__(
        self,
        title: str,
        sentence: str,
        remedies: Sequence[tuple[str, Callable[[], Any]]],
        tone: str = "warning",
    ) -> None:
        super().__init__()
        self.setWindowTitle(title)
        self.setMinimumWidth(560)
        heading = Plain(title)
        heading.setProperty("role", "title")
        told = Words(sentence)
        told.setProperty("note", tone)
        told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch()
        self.buttons: dict[str, QPushButton] = {}
        for number, (words, act) in enumerate(remedies):
            button = QPushButton(words)
            button.setAutoDefault(False)
            if number == 0:
                theme.mark(button, primary=True)
            button.clicked.connect(lambda _=False, act=act: act())
            self.buttons[words] = button
            foot.insertWidget(1, button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(heading)
        layout.addWidget(told)
        layout.addLayout(foot)
        next(iter(self.buttons.values())).setFocus()


class Waiting(QDialog):
    """Work that the window itself waits for: a sentence, how far it is, and a way out."""

    def __init__(self, title: str, sentence: str, way_out: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(440)
        self.sentence = Words(sentence)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setRange(0, 0)
        self.out = QPushButton(way_out)
        self.out.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.out)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(self.sentence)
        layout.addWidget(self.bar)
        layout.addLayout(foot)
        self._job: Job | None = None

    def follow(self, job: Job) -> None:
        """Show how far a job is; the button cancels it."""
        self._job = job
        job.progressed.connect(self._told)
        self.out.clicked.connect(job.cancel)

    def was_skipped(self) -> bool:
        """Whether the person took the way out."""
        return self._job is not None and self._job.cancelled()

    def reject(self) -> None:
        """Take Esc for the way out."""
        if self._job is not None:
            self._job.cancel()

    def _told(self, done: Any, total: Any) -> None:
        self.bar.setRange(0, 1000)
        self.bar.setValue(int(done * 1000 / total) if total else 0)


def choose_database(parent: QWidget | None, near: Path) -> Path | None:
    """Let a person choose a database file."""
    chosen, _ = QFileDialog.getOpenFileName(parent, "选择数据库", str(near), DATABASES)
    return Path(chosen) if chosen else None


def choose_backup(parent: QWidget | None, near: Path) -> Path | None:
    """Let a person choose a backup file."""
    chosen, _ = QFileDialog.getOpenFileName(parent, "选择备份文件", str(near), BACKUPS)
    return Path(chosen) if chosen else None


def ask_password(
    parent: QWidget | None, sentence: str, verb: str, then: Callable[[str], Any]
) -> dialogs.Question:
    """Ask for the password of a backup."""
    question = dialogs.Question(parent, "备份密码", sentence, verb)
    line = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
    line.setAccessibleName("备份密码")
    question.body.insertWidget(1, line)
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.accepted.connect(lambda: then(line.text()))
    question.open()
    line.setFocus()
    return question
