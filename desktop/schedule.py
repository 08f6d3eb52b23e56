"""备份时机: when and where this computer backs the office up: on exit, daily, or by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from desktop import settings
from models import audit, deeds, store
from models.checks import Finding
from models.office.profile import profile
from models.store import Entry, Office, Progress, Why
from models.store.rights import BACKUP, CHECK

DAILY_AT = "12:30"
"""Once a day at lunch, when the window is quiet; missed ones are made up as soon as it is open."""
_FOLDERS, _DAILY, _ON_EXIT = "backup_folders", "backup_daily", "backup_on_exit"


class Keeper:
    """Backs one database up; what it goes by is remembered on this computer."""

    def __init__(self, path: Path, office: Office | None = None) -> None:
        """Make it.

        Args:
            path: the database.
            office: it, opened; without it nothing can be checked.
        """
        self.path, self._office = path, office

    def folder(self) -> Path:
        """Return where backups go; the folder `backups` beside the database unless another was chosen."""
        chosen = settings.get(_FOLDERS, {}).get(str(self.path))
        return Path(chosen) if chosen else self.path.parent / "backups"

    def choose_folder(self, folder: Path) -> None:
        """Let backups go to another folder."""
        settings.put(_FOLDERS, {**settings.get(_FOLDERS, {}), str(self.path): str(folder)})

    def daily_at(self) -> str:
        """Return the time of the daily backup as HH:MM; empty for none."""
        return str(settings.get(_DAILY, DAILY_AT))

    def set_daily(self, at: str) -> None:
        """Change the time of the daily backup; empty for none."""
        settings.put(_DAILY, at)

    def on_exit(self) -> bool:
        """Whether a backup is made when the window is closed."""
        return bool(settings.get(_ON_EXIT, True))

    def set_on_exit(self, wanted: bool) -> None:
        """Change that."""
        settings.put(_ON_EXIT, wanted)

    def backups(self) -> list[Entry]:
        """Return the backups there are, newest first."""
        return store.list_backups(self.folder())

    def last(self) -> datetime | None:
        """Return when the last usable backup of this office was made; others may share the folder."""
        return next((one.made_at for one in self.backups() if not one.problem and self.owns(one)), None)

    def office(self) -> str:
        """Return the name of the office, as its backups bear it."""
        return str(profile().office)

    def owns(self, entry: Entry) -> bool:
        """Tell whether a backup is of this office: by its name, or by a link that is in our audit chain."""
        if entry.office == self.office():
            return True
        head = entry.audit
        return head is not None and audit.holds(head.number, head.digest)

    def by_hand(
        self, password: str | None, progress: Progress | None, cancelled: Callable[[], bool] | None
    ) -> Entry:
        """Back up because a person asks for it.

        Raises:
            PermissionDenied: the person may not.
        """
        deeds.require(BACKUP)
        return self._make(Why.MANUAL, password, progress, cancelled)

    def by_itself(
        self, why: Why, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
    ) -> Entry | None:
        """Back up without being asked, unless nothing changed since the last one; thin the old ones out."""
        if store.unchanged(self.path, self.folder()):
            return None
        made = self._make(why, None, progress, cancelled)
        store.thin_out(self.folder(), self.owns)
        return made

    def check(self) -> list[Finding] | None:
        """Judge storage, chain and sums; None where the office is not open here.

        Raises:
            PermissionDenied: the person may not.
        """
        deeds.require(CHECK)
        return None if self._office is None else store.check(self._office)

    def due(self, now: datetime) -> bool:
        """Whether the daily backup should be made now."""
        return is_due(self.daily_at(), self.last(), now)

    def _make(self, why: Why, password: str | None, progress: Any, cancelled: Any) -> Entry:
        return store.backup(
            self.path,
            self.folder(),
            why,
            office=self.office(),
            password=password,
            progress=progress,
            cancelled=cancelled,
        )


def is_due(at: str, last: datetime | None, now: datetime) -> bool:
    """Whether a daily backup is due.

    Args:
        at: the time of day as HH:MM; empty for never.
        last: when the last backup was made.
        now: local time without a zone.
    """
    try:
        moment = datetime.combine(now.date(), time.fromisoformat(at))
    except ValueError:
        return False
    if last is not None and last.tzinfo is not None:
        last = last.astimezone().replace(tzinfo=None)
    latest = moment if now >= moment else moment - timedelta(days=1)
    return last is None or last < latest
