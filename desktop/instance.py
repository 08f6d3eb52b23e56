"""单开: one window per office at this computer; a second start brings the first one to the front."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from desktop.settings import APP

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer

_PATIENCE = 1_000
"""Milliseconds that a second start waits for the first one to answer."""


_LATE = 100
"""Milliseconds until this one listens: less than another needs to start."""


class Instance(QObject):
    """The claim of this process on one office."""

    called = Signal()
    """Somebody started the program again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock: QLockFile | None = None
        self._server: QLocalServer | None = None
        self._held = self._address = ""

    def claim(self, path: Path | None) -> bool:
        """Claim an office instead of the one claimed before; False where another process has it.

        Args:
            path: its database; None for the program without an office.
        """
        folder = _folder()
        if folder is None:
            return True  # nowhere to leave a sign: better two windows than none
        name = _name(path)
        if name == self._held:
            return True
        lock = QLockFile(str(folder / f"{name}.lock"))
        lock.setStaleLockTime(0)  # only the death of its process frees it
        if not lock.tryLock(0):
            return lock.error() is not QLockFile.LockError.LockFailedError
        self.release()
        self._lock, self._held = lock, name
        self._address = _address(folder, path)
        QTimer.singleShot(_LATE, self, self._listen)  # the door is painted first
        return True

    def _listen(self) -> None:
        """Hear those who start the program again."""
        from PySide6.QtNetwork import QLocalServer

        if self._lock is None or self._server is not None:
            return
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        QLocalServer.removeServer(self._address)  # left by a process that was killed
        self._server.listen(self._address)
        self._server.newConnection.connect(self._answer)

    def release(self) -> None:
        """Give the claim up."""
        if self._server is not None:
            self._server.close()
        if self._lock is not None:
            self._lock.unlock()
        self._server = self._lock = None
        self._held = ""

    def _answer(self) -> None:
        assert self._server is not None
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.disconnected.connect(caller.deleteLater)
            caller.disconnectFromServer()
            self.called.emit()


def call(path: Path | None) -> bool:
    """Ask the process that has an office to show its window; whether it heard."""
    folder = _folder()
    if folder is None:
        return False
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(_address(folder, path))
    return bool(socket.waitForConnected(_PATIENCE))


def _folder() -> Path | None:
    """Return a folder of this user alone, None where none can be had."""
    with contextlib.suppress(OSError):
        folder = platformdirs.user_cache_path(APP, appauthor=False) / "run"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
    return None


def _name(path: Path | None) -> str:
    place = os.path.normcase(os.path.realpath(path)) if path is not None else ""
    return hashlib.sha256(place.encode(errors="surrogateescape")).hexdigest()[:16]


def _address(folder: Path, path: Path | None) -> str:
    """Return where the process listens: a pipe's name on Windows, a file elsewhere."""
    if sys.platform == "win32":
        return f"{APP}-{os.environ.get('USERNAME', '')}-{_name(path)}"
    return str(folder / _name(path))
