"""状态栏: who, which office, the last backup, what was just done, what a list counts, the work under way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QStatusBar,
    QWidget,
)

from models.undo import SECONDS, Undo, take_back_all
from ui import theme
from ui.jobs import Job
from ui.services import Services
from ui.watch import Kind, watch
from ui.words import Elided, Plain

LATE_DAYS = 3
"""After so many days without a backup the status bar turns to danger."""
UNDO = "Ctrl+Z"
_STAYS = 12_000
"""Milliseconds that a sentence stays."""


class Status(QStatusBar):
    """The line at the foot of the window."""

    def __init__(
        self, services: Services, person: str, office: str, place: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._services = services
        self._jobs: list[Job] = []
        self.person = Plain(person)
        self.person.setToolTip("登录的人和岗位")
        self.office = Plain(office)
        self.place = Plain("本机数据库")
        self.place.setToolTip(place)
        self.backup = Plain()
        self.undo = UndoButton(services)
        self.said = Elided()
        self.counted = Plain()
        self.counted.setProperty("role", "secondary")
        self._list: QWidget | None = None
        left = QWidget()
        row = QHBoxLayout(left)
        row.setContentsMargins(16, 0, 8, 0)
        row.setSpacing(16)
        for label in (self.person, self.office, self.place, self.backup):
            label.setProperty("role", "secondary")
            row.addWidget(label)
        row.addWidget(self.undo)
        row.addWidget(self.said, 1)
        row.addWidget(self.counted)
        self.addWidget(left, 1)
        self.addPermanentWidget(self._work())
        self._forget = QTimer(self, singleShot=True, interval=_STAYS)
        self._forget.timeout.connect(self.said.clear)
        self._failed = 0
        services.prints_changed.connect(self._show_prints)
        services.said.connect(self.say)
        services.counted.connect(self._count)
        services.jobs.began.connect(self._began)
        services.jobs.ended.connect(self._ended)

    def _work(self) -> QWidget:
        self.work = QWidget()
        row = QHBoxLayout(self.work)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        self.doing = Plain()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedWidth(150)
        self.stop = QPushButton("取消")
        theme.mark(self.stop, quiet=True)
        self.stop.clicked.connect(self._cancel)
        for widget in (self.doing, self.bar, self.stop):
            row.addWidget(widget)
        self.work.hide()
        self.prints = QPushButton()
        theme.mark(self.prints, quiet=True)
        self.prints.setToolTip("打开打印队列")
        self.prints.clicked.connect(self._open_queue)
        self.prints.hide()
        both = QWidget()
        beside = QHBoxLayout(both)
        beside.setSpacing(8)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.work)
        beside.addWidget(self.prints)
        return both

    def _open_queue(self) -> None:
        from ui.queueview import show_queue

        show_queue(self._services, self)

    def _show_prints(self) -> None:
        """Say what is on its way to printers; what did not go out whole is brought to the front once."""
        queue = self._services.prints
        current = queue.current()
        failed = [one for one in queue.entries if one.why and one.left]
        if current is not None:
            self.prints.setText(f"打印 {current.done + 1} / {len(current.pages)}")
        elif failed:
            self.prints.setText(f"{len(failed)} 份没打完")
        self.prints.setVisible(current is not None or bool(failed))
        if len(failed) > self._failed:
            self._open_queue()
        self._failed = len(failed)

    def _cancel(self) -> None:
        if self._jobs:
            self._jobs[-1].cancel()

    def say(self, sentence: str) -> None:
        """Show a sentence for some seconds."""
        self.said.setText(sentence)
        self._forget.start()

    def _count(self, table: QWidget, words: list[str], worked_in: bool) -> None:
        """Say what the list counts in which one works; another one beside it waits for the keyboard."""
        if not (worked_in or table is self._list or (words and self._list is None)):
            return
        self._list = table if words or worked_in else None
        self.counted.setToolTip("\n".join(words))
        shown, metrics = list(words), self.counted.fontMetrics()
        while len(shown) > 3 and metrics.horizontalAdvance("　".join(shown)) > self.width() // 3:
            del shown[2]  # the sum of the whole stands last and stays longest
        self.counted.setText("　".join(shown))

    def show_backup(self, made_at: datetime | None, now: Callable[[], datetime] = datetime.now) -> None:
        """Say when the last backup was made; in danger when that is long ago."""
        words, tone = told_backup(made_at, now())
        self.backup.setText(words)
        theme.mark(self.backup, role="" if tone else "secondary", tone=tone)

    def _began(self, job: Job) -> None:
        if job.shown:
            self._jobs.append(job)
            job.progressed.connect(self._told)
            self._show()

    def _ended(self, job: Job) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
            self._show()

    def _told(self, *_: Any) -> None:
        self._show()

    def _show(self) -> None:
        self.work.setVisible(bool(self._jobs))
        if not self._jobs:
            return
        job = self._jobs[-1]
        more = f"（还有 {len(self._jobs) - 1} 项）" if len(self._jobs) > 1 else ""
        known = job.in_all > 0
        counted = f" {job.done_so_far:,} / {job.in_all:,}" if known and job.in_all < 10_000_000 else ""
        self.doing.setText(f"{job.title}{counted}{more}")
        self.bar.setRange(0, 1000 if known else 0)
        if known:
            self.bar.setValue(int(job.done_so_far * 1000 / job.in_all))


class UndoButton(QPushButton):
    """撤销, for some seconds after something was done that can be taken back."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._undos: list[Undo] = []
        self._left = 0
        self._end: Callable[[], None] | None = None
        """Ends the watch over the key, while something is offered."""
        self._tick = QTimer(self, interval=1000)
        self._tick.timeout.connect(self._count_down)
        theme.mark(self, quiet=True)
        theme.dress(self, "ph.arrow-counter-clockwise", lambda now: now.accent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it goes away: the keyboard stays where one works
        self.clicked.connect(self.take_back)
        services.undoable.connect(self.offer)
        self.hide()

    def offer(self, undos: list[Undo]) -> None:
        """Offer to take back what was just done, and what was offered before no longer."""
        self._undos, self._left = undos, SECONDS
        self._show()
        self._tick.start()

    def _keep_key(self, watched: QObject, event: QEvent, _: Kind) -> bool:
        """Keep the key from a line that has nothing of its own to take back; Qt would let it have it."""
        wanted = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Undo)
        line = isinstance(watched, QLineEdit) and not watched.isUndoAvailable()
        area = isinstance(watched, QPlainTextEdit) and not watched.document().isUndoAvailable()
        return wanted and (line or area)

    def take_back(self) -> None:
        """Take it back, unless the time is over."""
        undos, self._undos = self._undos, []
        self._show()
        if undos:
            services = self._services
            services.run("撤销", self, lambda: take_back_all(undos), services.say)

    def _count_down(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._undos = []
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self._undos))
        if self._undos and self._end is None:
            self._end = watch().ask((QEvent.Type.ShortcutOverride,), self._keep_key)
        if not self._undos:
            self._tick.stop()
            if self._end is not None:
                self._end()
                self._end = None
            return
        first = self._undos[0]
        about = first.label if len(self._undos) == 1 else f"{len(self._undos)} 条"
        self.setText(f"撤销{first.title}（{self._left} 秒）")
        self.setAccessibleName(f"撤销{first.title} {about}")
        self.setToolTip(f"{first.title}：{about} ({UNDO})")


def told_backup(made_at: datetime | None, now: datetime) -> tuple[str, str]:
    """Return the words on the last backup, and their tone."""
    if made_at is None:
        return "还没有备份", "danger"
    made_at = made_at.astimezone().replace(tzinfo=None) if made_at.tzinfo else made_at
    days = (now.date() - made_at.date()).days
    when = {0: f"今天 {made_at:%H:%M}", 1: f"昨天 {made_at:%H:%M}"}.get(days, f"{days} 天前")
    return f"上次备份 {when}", "danger" if days > LATE_DAYS else ""
