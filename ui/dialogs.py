"""提示: questions that name the consequence, refusals in one sentence, and our own faults."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from models.errors import Cancelled, OfficeError
from ui import theme
from ui.words import Plain, Words

log = logging.getLogger(__name__)


class Question(QDialog):
    """A sentence and at most two answers, each a verb of the office."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        sentence: str,
        verb: str,
        *,
        tone: str = "info",
        refuse: str = "取消",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        self.sentence = Words(sentence)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.yes = QPushButton(verb)
        self.yes.setDefault(True)
        theme.mark(self.yes, primary=True, danger=tone == "danger" and bool(refuse))
        self.yes.clicked.connect(self.accept)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch()
        if refuse:
            self.no = QPushButton(refuse)
            self.no.clicked.connect(self.reject)
            self.buttons.addWidget(self.no)
        self.buttons.addWidget(self.yes)
        self._lay_out(tone)
        # Enter says the verb, unless it takes something away.
        (self.no if refuse and tone == "danger" else self.yes).setFocus()

    def _lay_out(self, tone: str) -> None:
        sign = Plain()
        size = theme.measures().icon + 8
        name = {"danger": "ph.warning-circle", "warning": "ph.warning", "ok": "ph.check-circle"}
        drawn = theme.icon(name.get(tone, "ph.question" if hasattr(self, "no") else "ph.info"))
        if tone in ("danger", "warning", "ok"):
            drawn = theme.icon(name[tone], theme.tokens().tone(tone).ink)
        sign.setPixmap(drawn.pixmap(QSize(size, size)))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(sign, alignment=Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.sentence, 1, Qt.AlignmentFlag.AlignTop)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 24, 24, 16)
        self.body.setSpacing(16)
        self.body.addLayout(row)
        self.body.addStretch()
        self.body.addLayout(self.buttons)


def ask(
    parent: QWidget | None,
    title: str,
    sentence: str,
    verb: str,
    then: Callable[[], Any],
    *,
    tone: str = "info",
    refuse: str = "取消",
) -> Question:
    """Ask before doing something; `then` is called when the person says the verb."""
    question = Question(parent, title, sentence, verb, tone=tone, refuse=refuse)
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.accepted.connect(lambda: then())
    question.open()
    return question


def tell(parent: QWidget | None, title: str, sentence: str, tone: str = "info") -> Question:
    """Tell something that needs to be read."""
    told = Question(parent, title, sentence, "知道了", tone=tone, refuse="")
    told.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    told.open()
    return told


def tell_problem(owner: QObject | None, problem: Exception) -> None:
    """Tell a refusal in its own words; anything else is our bug and is logged."""
    parent = owner if isinstance(owner, QWidget) else QApplication.activeWindow()
    if isinstance(problem, Cancelled):
        return
    if isinstance(problem, OfficeError):
        tell(parent, "没有完成", str(problem), "warning")
    else:
        report_bug(parent, problem)


def sentence_of(problem: Exception) -> str:
    """Return what a person is told of a problem; a bug is logged and told by its number."""
    if isinstance(problem, OfficeError):
        return str(problem)
    return f"程序出错（编号 {log_bug(problem)}），没有保存。请把编号告诉维护人员。"


def log_bug(problem: BaseException) -> str:
    """Write a bug into the log with its traceback; return the number it can be found by."""
    number = f"{datetime.now():%m%d-%H%M%S}"
    log.error("bug %s", number, exc_info=problem)
    return number


_bundle: list[Callable[[Path], None]] = []
_shown: list[Question] = []


def offer_bundle(save: Callable[[Path], None]) -> None:
    """Offer a diagnosis beside each fault; `save` writes it to a file."""
    _bundle[:] = [save]


def can_bundle() -> bool:
    """Whether somebody offers a diagnosis."""
    return bool(_bundle)


def report_bug(parent: QWidget | None, problem: BaseException) -> Question:
    """Say that the program has a fault, by which number, and where the log is; the program lives on.

    While one is on show, further ones are only logged: a fault that comes back every second must not
    bury the window.
    """
    number, path = log_bug(problem), log_path()
    if _shown and isValid(_shown[0]) and _shown[0].isVisible():
        return _shown[0]
    where = f"\n记录在：{path}" if path else ""
    sentence = f"程序出错，刚才这一步没有完成，其他内容不受影响。\n编号 {number}{where}"
    shown = Question(parent, "程序出错", sentence, "知道了", tone="danger", refuse="")
    ways: list[tuple[str, Callable[[], Any]]] = [
        ("复制", lambda: QApplication.clipboard().setText(f"{number} {problem!r} {path or ''}"))
    ]
    if path:
        ways.append(("打开日志目录", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))))
    if _bundle:
        ways.append(("导出诊断包…", lambda: save_bundle(shown)))
    for words, act in ways:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False, act=act: act())
        shown.buttons.insertWidget(shown.buttons.count() - 1, button)
    shown.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _shown[:] = [shown]
    shown.open()
    return shown


def save_bundle(parent: QWidget) -> None:
    """Save what a helper needs to judge a fault, where the person wants it."""
    suggested = str(Path.home() / f"诊断包-{datetime.now():%Y%m%d-%H%M}.zip")
    chosen, _ = QFileDialog.getSaveFileName(parent, "导出诊断包", suggested, "诊断包 (*.zip)")
    if not chosen:
        return
    place = Path(chosen).with_suffix(".zip")
    try:
        _bundle[0](place)
    except OfficeError as refusal:
        tell(parent, "导出诊断包", str(refusal), "warning")
        return
    tell(parent, "导出诊断包", f"已存到 {place}。里面没有任何人的资料，可以发给维护人员。", "ok")


def log_path() -> Path | None:
    """Return the file that the program logs to, if it does."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.FileHandler):
            return Path(handler.baseFilename)
    return None
