"""备份与恢复: the backups there are, with a mark where one was verified; make, verify, restore."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from models import store
from models.fields import FlagField, LineField, MomentField
from models.listings import RowListing, Shown
from models.store import Entry
from models.store.rights import BACKUP, CHECK, RESTORE
from ui import dialogs, gate, keys, theme
from ui.handing import BeginsAt
from ui.permits import may
from ui.services import Services
from ui.table import Table
from ui.words import Elided

GOOD, UNPROVEN, BAD = "已验证", "未验证", "不能用"


def told_size(size: int) -> str:
    """Return a size as people read it."""
    return f"{size / 1_000_000:,.1f} MB"


def backups_list(entries: list[Entry]) -> RowListing:
    """Return the backups as a list."""
    columns = (
        Shown("made_at", MomentField(verbose_name="备份时间")),
        Shown("why", LineField(verbose_name="缘由")),
        Shown("office", LineField(verbose_name="管理处")),
        Shown("size", LineField(verbose_name="大小")),
        Shown("encrypted", FlagField(verbose_name="加密")),
        Shown("state", LineField(verbose_name="验证"), status=True),
        Shown("file", LineField(verbose_name="文件")),
    )
    columns[3].field.align = "right"
    rows = [(one.path, _row(one)) for one in entries]
    return RowListing(columns, rows, tones={GOOD: "ok", UNPROVEN: "warning", BAD: "danger"})


def _row(one: Entry) -> tuple[Any, ...]:
    made_at: datetime = one.made_at.astimezone().replace(tzinfo=None)
    state = BAD if one.problem else (GOOD if one.verified_at else UNPROVEN)
    why = one.why.label if one.why else ""
    return made_at, why, one.office, told_size(one.size), one.encrypted, state, one.path.name


class StoragePage(BeginsAt, QWidget):
    """The page 备份与恢复."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services, self.keeper = services, services.keeper
        self.entries: dict[Path, Entry] = {}
        self._keyed: list[QPushButton] = []
        """Buttons in the order of their keys."""
        keys.head(self, "本页：备份与恢复")
        keys.bind(self, self.reload, keys.REFRESH, words="重新读取")
        self.table = Table(services)
        self.table.show_empty("还没有备份。", "立即备份", self.back_up)
        self._lay_out()
        self.begins_at = self.make
        self.table.selection_changed.connect(self._follow)
        services.jobs.ended.connect(self._job_ended)

    def _lay_out(self) -> None:
        self.make = self._button("立即备份…", self.back_up, may(BACKUP))
        theme.mark(self.make, primary=True)
        self.prove = self._button("验证", self.verify, True)
        self.put_back = self._button("恢复…", self.restore, may(RESTORE))
        hint = "恢复放在别处的备份，例如 U 盘上的"
        elsewhere = self._button("从文件恢复…", self.restore_file, may(RESTORE), hint)
        folder = self._button("打开文件夹", self._open_folder, True)
        other = self._button("更换文件夹…", self._choose_folder, may(BACKUP))
        judge = self._button("检查数据库", self.check, may(CHECK), "检查存储、审计链和各项合计是否相符")
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.make, self.prove, self.put_back, elsewhere, folder, other, judge):
            row.addWidget(button)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addLayout(self._habits())
        layout.addWidget(self.table, 1)
        self._follow()

    def _habits(self) -> QHBoxLayout:
        """Lay out what is done by itself: on exit, daily, and where to."""
        self.on_exit = QCheckBox("退出时备份")
        self.on_exit.setChecked(self.keeper.on_exit())
        self.on_exit.toggled.connect(self.keeper.set_on_exit)
        self.daily = QCheckBox("每天定时备份")
        self.daily.setChecked(bool(self.keeper.daily_at()))
        self.at = QComboBox(maxVisibleItems=16)
        self.at.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.at.addItems([f"{half // 2:02d}:{half % 2 * 30:02d}" for half in range(48)])
        self.at.setAccessibleName("每天备份的时间")
        self.at.setCurrentText(self.keeper.daily_at() or "12:30")
        self.at.setEnabled(self.daily.isChecked())
        self.daily.toggled.connect(self._set_daily)
        self.at.currentTextChanged.connect(lambda _: self._set_daily())
        self.place = Elided()
        self.place.setProperty("role", "secondary")
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        allowed = may(BACKUP)
        for thing in (self.on_exit, self.daily, self.at):
            thing.setEnabled(allowed and thing.isEnabled())
        row = QHBoxLayout()
        row.setSpacing(12)
        for widget in (self.on_exit, self.daily, self.at):
            row.addWidget(widget)
        row.addWidget(self.place, 1)
        return row

    def _button(self, words: str, act: Any, may: bool, hint: str = "") -> QPushButton:
        button = QPushButton(words)
        button.clicked.connect(lambda: act())
        if not may:
            button.hide()
        else:
            key = keys.DEEDS[len(self._keyed)]
            self._keyed.append(button)
            keys.bind(self, button.click, key, words=words.rstrip("…"))
            button.setToolTip(f"{hint} ({key})" if hint else key)
        return button

    def showEvent(self, event: QShowEvent) -> None:
        """Look into the folder anew."""
        super().showEvent(event)
        self.reload()

    def _job_ended(self, job: Any) -> None:
        if job.shown and self.isVisible():
            self.reload()

    def reload(self) -> None:
        """List the backups."""
        folder = self.keeper.folder()
        self.place.setText(f"备份到 {folder}")
        self.place.setToolTip(str(folder))

        def make() -> RowListing:
            found = self.keeper.backups()
            self.entries = {one.path: one for one in found}
            return backups_list(found)

        self.table.show_list(make, again=True)

    # -- doing -------------------------------------------------------------------------------

    def back_up(self, why: str = "") -> None:
        """Ask whether it shall have a password, then make a backup; say why it is asked again."""
        question = dialogs.Question(
            self,
            "立即备份",
            f"{why}备份后立即验证。可以加密码；忘了密码，谁也恢复不了这个备份。",
            "备份",
            tone="warning" if why else "info",
        )
        first = QLineEdit(echoMode=QLineEdit.EchoMode.Password, placeholderText="密码（可不填）")
        again = QLineEdit(echoMode=QLineEdit.EchoMode.Password, placeholderText="再输入一次密码")
        for number, line in enumerate((first, again)):
            line.setAccessibleName(line.placeholderText())
            question.body.insertWidget(1 + number, line)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.accepted.connect(lambda: self._back_up(first.text(), again.text()))
        first.setFocus()
        question.open()

    def _back_up(self, password: str, again: str) -> None:
        if password != again:
            self.back_up("两次输入的密码不一样，没有备份，请再输入。\n")
            return
        self.services.jobs.start(
            "备份",
            self,
            lambda job: self.keeper.by_hand(password or None, job.progress, job.cancelled),
            lambda made: self.services.say(f"已备份并验证：{made.path.name}（{told_size(made.size)}）"),
        )

    def verify(self) -> None:
        """Prove that the chosen backup can be restored."""
        chosen = self._chosen()
        if chosen is None:
            return
        if chosen.encrypted:
            gate.ask_password(
                self, f"备份 {chosen.path.name} 有密码。", "验证", lambda word: self._verify(chosen, word)
            )
        else:
            self._verify(chosen, None)

    def _verify(self, chosen: Entry, password: str | None) -> None:
        def done(report: Any) -> None:
            rows = sum(report.manifest.rows.values())
            self.services.say(f"备份完好，可以恢复：{chosen.path.name}，共 {rows:,} 行")

        self.services.jobs.start(
            "验证备份",
            self,
            lambda job: store.verify(
                chosen.path, password=password, progress=job.progress, cancelled=job.cancelled
            ),
            done,
        )

    def restore(self) -> None:
        """Restore the backup that is chosen in the list."""
        chosen = self._chosen()
        if chosen is not None:
            self._ask_to_restore(chosen)

    def restore_file(self) -> None:
        """Restore a backup that lies elsewhere, such as on a stick."""
        file = gate.choose_backup(self, self.keeper.folder())
        if file is not None:
            self.services.run("读取备份", self, lambda: store.entry(file), self._ask_to_restore)

    def _ask_to_restore(self, chosen: Entry) -> None:
        """Name the consequence, then hand over to whoever opens and closes offices."""
        if chosen.problem:
            dialogs.tell(self, "恢复", chosen.problem, "warning")
            return
        made_at = f"{chosen.made_at.astimezone():%Y-%m-%d %H:%M}"
        office = self.keeper.office()
        strange = (
            ""
            if self.keeper.owns(chosen)
            else f"注意：这个备份是“{chosen.office}”的，不是“{office}”的，恢复后这里就是那一处的数据。\n"
        )
        sentence = (
            f"{strange}把“{chosen.office}”的数据恢复到 {made_at} 的样子。此后登记的内容不会在新的数据库里；"
            f"现在的数据库改名留存在原文件夹，不会删除。\n恢复时窗口会关闭，完成后要重新登录。"
        )
        if not chosen.encrypted:
            dialogs.ask(
                self,
                "恢复",
                sentence,
                "恢复",
                lambda: self.services.restore(chosen.path, None),
                tone="danger",
            )
            return
        gate.ask_password(
            self, f"{sentence}\n这个备份有密码：", "恢复", lambda word: self._unlock(chosen, word)
        )

    def _unlock(self, chosen: Entry, password: str) -> None:
        """Try the password before the window closes for the restore."""
        self.services.run(
            "核对备份密码",
            self,
            lambda: store.unlock(chosen.path, password),
            lambda _: self.services.restore(chosen.path, password),
        )

    def check(self) -> None:
        """Judge the database that is open."""

        def done(found: Any) -> None:
            if not found:
                self.services.say("数据库、审计链和各项合计都相符。")
                return
            sentences = [f"{one.check}：{one.sentence}" for one in found[:10]]
            dialogs.tell(self, f"发现 {len(found)} 处问题", "\n".join(sentences), "danger")

        self.services.jobs.start("检查数据库", self, lambda _: self.keeper.check(), done)

    def _chosen(self) -> Entry | None:
        rows = self.table.grid.selected()
        return self.entries.get(rows[0].id) if len(rows) == 1 else None

    def _follow(self) -> None:
        chosen = self._chosen()
        usable = chosen is not None and not chosen.problem
        for button in (self.prove, self.put_back):
            button.setEnabled(usable)
            key = keys.DEEDS[self._keyed.index(button)] if button in self._keyed else ""
            why = chosen.problem if chosen else "请先在名单中选一个备份"
            button.setToolTip(key if usable else f"{why} ({key})")

    def _set_daily(self, *_: Any) -> None:
        self.at.setEnabled(self.daily.isChecked())
        self.keeper.set_daily(self.at.currentText() if self.daily.isChecked() else "")

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.keeper.folder())))

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "备份到哪个文件夹", str(self.keeper.folder()))
        if chosen:
            self.keeper.choose_folder(Path(chosen))
            self.reload()
