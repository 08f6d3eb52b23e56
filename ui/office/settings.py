"""本处设置: what papers say of the office, on one page."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from models.deeds import DEEDS
from models.errors import BadInput
from models.office.profile import Profile, profile
from models.undo import Undo, remembering
from ui import deeddialog, dialogs, keys, theme
from ui.form import Form
from ui.handing import BeginsAt
from ui.keys import SAVE, bind, head
from ui.services import Services
from ui.words import Plain, Words

_WIDTH = 900
_QR = 132


class SettingsPage(BeginsAt, QWidget):
    """The page 本处设置."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services, self.deed = services, DEEDS["office.edit_profile"]
        self._busy = False
        self.form = Form(self.deed.inputs)
        self.form.setMaximumWidth(_WIDTH)
        self.begins_at = next(iter(self.form.cells.values())).input
        self._lay_out()
        self.form.edited.connect(self._follow)
        self.form.finished.connect(lambda: self.save.setFocus(Qt.FocusReason.TabFocusReason))
        head(self, "本页：本处设置")
        bind(self, self.submit, *SAVE, words="保存设置")
        bind(self, self._ask_back, "Esc", words="放弃改动")
        bind(self, self._set_edition, keys.DEEDS[0], words="设定表号版次")
        services.changed.connect(self._changed)

    def _lay_out(self) -> None:
        self.save = QPushButton("保存设置")
        self.save.setToolTip("Ctrl+Enter")
        theme.mark(self.save, primary=True)
        self.save.clicked.connect(self.submit)
        self.undo = QPushButton("还原")
        self.undo.setToolTip("Esc")
        self.undo.clicked.connect(self.reload)
        edition = QPushButton("设定表号版次…")
        edition.setToolTip(keys.DEEDS[0])
        edition.clicked.connect(self._set_edition)
        top = QHBoxLayout()
        top.setSpacing(8)
        for button in (self.save, self.undo, edition):
            top.addWidget(button)
        top.addStretch()
        self.note = Words()
        self.note.hide()
        self.code = Plain()
        self.code.setAccessibleName("收款码")
        self.code_words = Plain("收款码")
        self.code_words.setProperty("role", "caption")
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._sheet())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.note)
        layout.addWidget(area, 1)

    def _sheet(self) -> QWidget:
        """Lay out the form with the payee's code beside it."""
        sheet: QWidget = theme.named(QWidget(), "sheet")
        inner = QHBoxLayout(sheet)
        inner.setContentsMargins(0, 8, 12, 8)
        inner.setSpacing(24)
        inner.addWidget(self.form, 1)
        beside = QVBoxLayout()
        beside.setSpacing(8)
        beside.addWidget(self.code)
        beside.addWidget(self.code_words)
        beside.addStretch()
        inner.addLayout(beside)
        inner.addStretch()
        return sheet

    def showEvent(self, event: QShowEvent) -> None:
        """Read the settings, unless something is being typed."""
        super().showEvent(event)
        if not self.form.dirty():
            self.reload()

    def reload(self) -> None:
        """Show what is stored."""
        self.services.run("读取设置", self, profile, self._show)

    def _ask_back(self) -> None:
        """Ask before throwing away what was typed."""
        if self.form.dirty():
            sentence = "改动还没有保存。"
            dialogs.ask(self, "本处设置", sentence, "放弃改动", self.reload, tone="danger", refuse="继续填写")

    def _set_edition(self) -> None:
        deeddialog.do(self.services, DEEDS["office.set_edition"], [], self)

    def submit(self) -> None:
        """Save what was typed."""
        if self._busy or not self.form.check() or not self.form.dirty():
            return
        values = self.form.values()
        self._busy = True
        self._follow()

        def work() -> tuple[Profile, Undo | None]:
            return remembering(self.deed, profile(), values, lambda: self.deed(**values))

        self.services.run("保存设置", self, work, self._saved, self._refused)

    def _show(self, stored: Profile) -> None:
        self.form.clear()
        self.form.put({name: getattr(stored, name) for name in self.form.cells})
        picture = QPixmap()
        picture.loadFromData(bytes(stored.payee_qr or b""))
        if not picture.isNull():
            self.code.setPixmap(
                picture.scaled(
                    _QR, _QR, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            )
        self.code.setVisible(not picture.isNull())
        self.code_words.setVisible(not picture.isNull())
        self.note.hide()
        self._follow()

    def _saved(self, saved: tuple[Profile, Undo | None]) -> None:
        stored, undo = saved
        self._busy = False
        self.services.say("已保存本处设置。", [undo] if undo is not None else [])
        self._show(stored)

    def _refused(self, problem: Exception) -> None:
        self._busy = False
        self._follow()
        if not (isinstance(problem, BadInput) and self.form.complain(problem)):
            self.note.setText(dialogs.sentence_of(problem))
            theme.mark(self.note, note="danger")
            self.note.show()

    def _changed(self, touched: Any) -> None:
        if "Profile" in touched and self.isVisible() and not self.form.dirty():
            self.reload()

    def _follow(self) -> None:
        changed = self.form.dirty() and not self._busy
        self.save.setEnabled(changed)
        self.save.setToolTip("Ctrl+Enter" if changed else "没有改动")
        self.undo.setEnabled(changed)
