"""锁定: hides everything after a while without a hand on keyboard or mouse, until the same person is back.

Work under way goes on; what was being typed stays where it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop import settings
from models.office.accounts import Account
from ui.helpkey import SHUT
from ui.jobs import Jobs
from ui.signin import SignInDialog
from ui.watch import Kind, watch

CHOICES = (0, 5, 10, 15, 30, 60)
"""Minutes a person may choose; 0 never locks."""
USUAL = 10
_SETTING = "lock_minutes"
_LOOK_EVERY = 5_000
_TOUCHES = (
    QEvent.Type.KeyPress,
    QEvent.Type.InputMethod,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
)


def minutes() -> int:
    """Return after how many minutes the window is locked; 0 for never."""
    chosen = settings.get(_SETTING, USUAL)
    return chosen if chosen in CHOICES else USUAL


def choose(minutes: int) -> None:
    """Change it, for this computer."""
    settings.put(_SETTING, minutes)


class Lock(QObject):
    """The lock of one signed-in person's window."""

    closing = Signal()
    """Everything is about to be hidden: what is to be remembered of it must be written now."""
    left = Signal()
    """Somebody else wants to sign in."""

    def __init__(
        self,
        app: QApplication,
        jobs: Jobs,
        account: Account,
        office: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(app)
        self._jobs, self._account, self._office = jobs, account, office
        self._clock = clock
        self._touched = clock()
        self._hidden: list[QWidget] = []
        self.door: SignInDialog | None = None
        self._timer = QTimer(self, interval=_LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self._unwatch = watch().ask((*_TOUCHES, QEvent.Type.Show), self._look_at)

    def _look_at(self, watched: QObject, event: QEvent, kind: Kind) -> bool:
        """Notice a hand; while locked, let nothing come up but the door: a job may end and want to tell."""
        if kind in _TOUCHES:
            self._touched = self._clock()
        elif kind is QEvent.Type.Show and self._is_in_the_way(watched):
            assert isinstance(watched, QWidget)
            self._hidden.append(watched)
            QTimer.singleShot(0, watched, watched.hide)
            watched.setWindowOpacity(0)
        return False

    def _is_in_the_way(self, shown: QObject) -> bool:
        """Whether something that shows itself must not be seen now."""
        locked = self.door is not None and isinstance(shown, QWidget) and shown.isWindow()
        return locked and not self._at_the_door(shown)  # type: ignore[arg-type]

    def _at_the_door(self, window: QWidget | None) -> bool:
        """Whether a window is the door, or stands before it."""
        while window is not None and window is not self.door:
            window = window.parentWidget()
        return window is not None

    def look(self) -> None:
        """Lock when nobody was here for long enough."""
        wanted = minutes()
        if wanted and self._clock() - self._touched >= wanted * 60:
            self.close()

    def close(self) -> None:
        """Hide everything behind the door."""
        if self.door is not None:
            return
        self.closing.emit()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        self._hidden = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.isWindow()]
        self._front = QApplication.activeWindow()
        for one in self._hidden:
            one.hide()
        self.door = SignInDialog(self._jobs, self._office, self._account.login, keep=True)
        self.door.setProperty(SHUT, True)
        self.door.admitted.connect(self._open)
        self.door.leave.clicked.connect(self.left)
        self.door.show()
        self.door.activateWindow()

    def drop(self) -> None:
        """Take the lock away: the person leaves."""
        self._timer.stop()
        self._unwatch()
        self._shut_door()
        self.deleteLater()

    def _open(self, _: Any) -> None:
        """Show everything as it was."""
        self._touched = self._clock()
        self._shut_door()
        hidden, self._hidden = self._hidden, []
        there = [one for one in dict.fromkeys(hidden) if isValid(one)]
        for one in there:
            one.setWindowOpacity(1)
            one.show()
        if there:
            (self._front if self._front is not None and self._front in there else there[-1]).activateWindow()

    def _shut_door(self) -> None:
        if self.door is not None:
            self.door.hide()
            self.door.deleteLater()
            self.door = None
