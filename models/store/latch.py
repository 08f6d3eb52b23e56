"""门闩: who has a database open, and whether the last one left in order.

An idle connection in TRUNCATE mode holds no lock at all, so a restore could not see an open window.
Everybody who opens the office therefore keeps a shared lock on a small file `<db>.lock` beside it, itself
a SQLite file because its locks work alike on all systems and fall when a process dies. Its user_version
is 1 while the office is open: found so by somebody who is alone, it tells of an unclean end.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from models import sqlite
from models.store import files
from models.store.refusals import busy, is_busy, telling

WAIT = 5.0
"""Seconds to wait for somebody who is just opening, migrating or restoring."""

_CLOSED, _OPEN = 0, 1


class Latch:
    """One party's hold on a database, from before it is looked at until it is closed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.alone = False
        self.unclean = False
        with telling("打开数据库", path):
            self._held = _connect(files.beside(path, ".lock"))

    def enter(self) -> None:
        """Take hold: alone if nobody else is there (then `unclean` is known), shared otherwise.

        Raises:
            Busy: somebody is alone in there and does not finish.
        """
        if not self._try_alone(0):
            self._share()
        elif self.unclean:
            self._look_again()

    def enter_alone(self, wait: float = WAIT) -> None:
        """Take hold alone, as a restore must.

        Raises:
            Busy: somebody has the database open.
        """
        if not self._try_alone(wait):
            self.leave()
            raise busy(self.path)

    def settle(self) -> None:
        """Say that the office is open now, and let others in."""
        if self.alone:
            sqlite.set_user_version(self._held, _OPEN)
            self._held.execute("COMMIT")
            self.alone = False
            self._share()

    def leave(self, clean: bool = True) -> None:
        """Let go; the last to leave in order notes it."""
        try:
            if clean and not self.alone and self._held.in_transaction:
                self._held.execute("COMMIT")
                self._try_alone(0)
            if clean and self.alone:
                sqlite.set_user_version(self._held, _CLOSED)
                self._held.execute("COMMIT")
        finally:
            self.alone = False
            self._held.close()

    def _look_again(self) -> None:
        """Step back once: somebody may have been between saying that it is open and sharing the lock."""
        self._held.execute("ROLLBACK")
        self.alone = False
        time.sleep(0.15)
        if not self._try_alone(0):
            self.unclean = False
            self._share()

    def _try_alone(self, wait: float) -> bool:
        try:
            sqlite.begin_exclusive(self._held, wait)
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
            return False
        self.alone = True
        self.unclean = sqlite.user_version(self._held) == _OPEN
        return True

    def _share(self) -> None:
        try:
            sqlite.begin_shared(self._held, WAIT)
        except sqlite3.OperationalError as error:
            self._held.close()
            if not is_busy(error):
                raise
            raise busy(self.path) from None


def _connect(path: Path) -> sqlite3.Connection:
    """Open the lock file; one that a power cut spoilt is made anew, and counts as left open."""
    made = sqlite.connect(path, "rwc", timeout=0)
    try:
        sqlite.user_version(made)
        return made
    except sqlite3.DatabaseError as error:
        if is_busy(error):
            return made
    made.close()
    path.unlink()
    made = sqlite.connect(path, "rwc", timeout=0)
    sqlite.set_user_version(made, _OPEN)
    return made
