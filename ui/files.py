"""附件面: the files of a record: add by choosing or dropping, open after asking, save elsewhere, take off."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from models import attachments
from models.attachments import ATTACH, LARGEST, Attachment
from models.base import Record
from models.deeds import DEEDS
from models.errors import RuleBroken
from models.text import system_reason
from ui import deeddialog, dialogs, theme
from ui.permits import may
from ui.services import Services
from ui.words import Plain, Words

_opened = tempfile.TemporaryDirectory(prefix="property-console-", ignore_cleanup_errors=True)
"""Where files are written that a viewer of the system shows; gone when the program ends."""


class Files(QWidget):
    """The side of a card that holds its files."""

    def __init__(self, services: Services, record: Record) -> None:
        super().__init__()
        self._services, self._record = services, record
        self.setAcceptDrops(may(ATTACH))
        self.add = QPushButton("添加附件…")
        self.add.clicked.connect(self.choose)
        self.add.setVisible(may(ATTACH))
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.hint = Words()
        self.hint.setProperty("role", "caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.add, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(self._list)
        layout.addWidget(self.hint)
        layout.addStretch()
        self.reload()

    def is_of(self, record: Record) -> bool:
        """Whether these are the files of a record."""
        return type(record) is type(self._record) and record.id == self._record.id

    def reload(self) -> None:
        """Read which files there are."""
        self._services.run("读取附件", self, lambda: attachments.attached_to(self._record), self._show)

    def _show(self, files: list[Attachment]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            item.widget().deleteLater()
        for one in files:
            self._list.addWidget(self._row(one))
        limit = f"可以把文件拖到这里；每个不超过 {LARGEST >> 20} MB。"
        self.hint.setText(limit if may(ATTACH) else "" if files else "没有附件。")

    def _row(self, one: Attachment) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        name = QPushButton(
            theme.metrics().elidedText(one.name, Qt.TextElideMode.ElideMiddle, theme.measures().font * 11)
        )
        theme.mark(name, link=True)
        theme.dress(name, "ph.paperclip", lambda now: now.secondary)
        name.setToolTip(
            "\n".join(filter(None, [one.name, one.note, f"{one.added_by} {one.added_at:%Y-%m-%d %H:%M}"]))
        )
        name.clicked.connect(lambda: self.ask_to_open(one))
        size = Plain(told_size(one.size))
        size.setProperty("role", "caption")
        more = QPushButton()
        theme.mark(more, quiet=True, square=True)
        theme.dress(more, "ph.dots-three", lambda now: now.secondary)
        more.setAccessibleName(f"{one.name} 的操作")
        more.setToolTip("另存、移除")
        more.clicked.connect(lambda: self._menu(one).popup(more.mapToGlobal(more.rect().bottomLeft())))
        for widget in (name, size):
            line.addWidget(widget)
        line.addStretch()
        line.addWidget(more)
        return row

    def _menu(self, one: Attachment) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("打开…", lambda: self.ask_to_open(one))
        menu.addAction("另存为…", lambda: self.save(one))
        if may(ATTACH):
            deed = DEEDS["records.detach"]
            menu.addAction("移除…", lambda: deeddialog.do(self._services, deed, [one], self))
        return menu

    # -- adding --------------------------------------------------------------------------------

    def choose(self) -> None:
        """Let the person choose files."""
        chosen, _ = QFileDialog.getOpenFileNames(self, "添加附件", str(Path.home()))
        self.attach([Path(one) for one in chosen])

    def attach(self, files: list[Path]) -> None:
        """Attach files, one after the other; what is refused is told, the others stay."""
        if not files:
            return
        kind, record = type(self._record).__name__, self._record.id

        def work() -> list[str]:
            refused = []
            for file in files:
                try:
                    attachments.attach(kind, record, attachments.read_file(file))
                except RuleBroken as problem:
                    refused.append(str(problem))
            return refused

        self._services.run("添加附件", self, work, lambda refused: self._attached(len(files), refused))

    def _attached(self, count: int, refused: list[str]) -> None:
        self.reload()
        if count > len(refused):
            self._services.say(f"已添加 {count - len(refused)} 个附件。")
        if refused:
            dialogs.tell(self, "添加附件", "\n".join(refused[:8]), "warning")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what was dropped."""
        places = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.attach(places)

    # -- opening -------------------------------------------------------------------------------

    def ask_to_open(self, one: Attachment) -> dialogs.Question:
        """Ask before a program of the system shows a file."""
        sentence = f"用系统程序打开“{one.name}”。只打开来源可靠的文件；在那里的改动不会存回附件。"
        return dialogs.ask(self, "打开附件", sentence, "打开", lambda: self.open(one))

    def open(self, one: Attachment) -> None:
        """Write a file where nothing else is, and let the system show it."""
        folder = Path(tempfile.mkdtemp(dir=_opened.name))
        self._write(one, folder / one.name, lambda place: self._shown(place))

    def save(self, one: Attachment) -> None:
        """Save a file where the person wants it."""
        suggested = str(self._services.outlets.folder() / one.name)
        chosen, _ = QFileDialog.getSaveFileName(self, "另存为", suggested)
        if chosen:
            self._write(one, Path(chosen), lambda place: self._services.say(f"已另存：{place}"))

    def _write(self, one: Attachment, place: Path, then: Callable[[Path], Any]) -> None:
        def work() -> Path:
            data = one.data()
            part = place.with_name(f"{place.name}.part")
            try:
                part.write_bytes(data)
                os.replace(part, place)
            except OSError as problem:
                raise RuleBroken(f"写不了 {place}：{system_reason(problem)}。请换一个位置。") from None
            return place

        self._services.run("取出附件", self, work, then)

    def _shown(self, place: Path) -> None:
        place.chmod(0o400)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(place))):
            dialogs.tell(self, "打开附件", "这台电脑没有能打开它的程序。可以另存后在别处打开。", "warning")


def told_size(size: int) -> str:
    """Return a size as people read it."""
    return f"{size / 1_000_000:,.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1000)):,} KB"
