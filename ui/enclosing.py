"""随附: files that are attached to a record in the same breath in which it is made or changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from models import attachments
from models.attachments import ATTACH, LARGEST
from models.deeds import Deed
from models.errors import RuleBroken
from models.text import system_reason
from ui import theme
from ui.flow import Flow
from ui.permits import may

_LETTERS = 12
"""Room for the name of a file, in Chinese characters."""


def may_enclose(deed: Deed) -> bool:
    """Whether the record that a deed makes or changes may have files, and the person may attach them."""
    made = deed.makes
    return made is not None and may(ATTACH) and attachments.may_keep_files(made)


class Enclosures(QWidget):
    """The files chosen so far; each is taken off again by a click."""

    refused = Signal(str)
    """A file that cannot be attached was chosen; says why."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.files: list[Path] = []
        self._row = Flow(self)
        self.add = QPushButton("附件…")
        self.add.setAutoDefault(False)
        self.add.setToolTip(f"随这张单子一起存；也可以把文件拖到这里，每个不超过 {LARGEST >> 20} MB")
        theme.mark(self.add, quiet=True)
        theme.dress(self.add, "ph.paperclip", lambda now: now.secondary)
        self.add.clicked.connect(self.choose)
        self._row.addWidget(self.add)
        self._shown: list[QPushButton] = []
        self.setAcceptDrops(True)

    def choose(self) -> None:
        """Let the person choose files."""
        chosen, _ = QFileDialog.getOpenFileNames(self, "附件", str(Path.home()))
        self.take([Path(one) for one in chosen])

    def take(self, files: Sequence[Path]) -> None:
        """Add files that are not too large; what else they are is looked at when they are saved."""
        for file in files:
            try:
                attachments.check_size(file.name, file.stat().st_size)
            except OSError as problem:
                self.refused.emit(f"读不到“{file.name}”：{system_reason(problem)}。请核对后再选。")
            except RuleBroken as problem:
                self.refused.emit(str(problem))
            else:
                self.files += [file] if file not in self.files else []
        self._show()

    def drop(self, file: Path) -> None:
        """Take a file off again."""
        if file not in self.files:  # its button was pressed twice
            return
        self.files.remove(file)
        self._show()

    def clear(self) -> None:
        """Take all of them off."""
        self.files = []
        self._show()

    def _show(self) -> None:
        for old in self._shown:
            old.hide()  # Qt lets it be pressed until it is gone
            old.deleteLater()
            self._row.removeWidget(old)
        room = theme.measures().font * _LETTERS
        self._shown = []
        for file in self.files:
            name = theme.metrics().elidedText(file.name, Qt.TextElideMode.ElideMiddle, room)
            button = QPushButton(f"{name}　✕")
            button.setAutoDefault(False)
            button.setToolTip(f"{file}\n点一下去掉")
            button.setAccessibleName(f"去掉附件 {file.name}")
            button.clicked.connect(lambda _=False, file=file: self.drop(file))
            self._row.addWidget(button)
            self._shown.append(button)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that this width needs."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumHeight(self._row.heightForWidth(max(self.width(), self.add.sizeHint().width())))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        event.acceptProposedAction()
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])
