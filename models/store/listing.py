"""备份清单: the backups in a folder, which of them were verified, and which may go.

What was verified is noted in `.verified.json` beside them by name, size and time of writing, so that
a file that was exchanged or touched since loses its mark. Nothing else depends on that note.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from models.errors import StorageRefused
from models.store import cipher, files
from models.store.container import Container
from models.store.manifest import AuditHead, Manifest, Why
from models.store.refusals import telling

SUFFIX = ".pcbak"
_NOTES = ".verified.json"
_KEEP_ALL = timedelta(days=2)
_KEEP_EACH = 12


@dataclass(frozen=True)
class Entry:
    """One backup file, as a list shows it."""

    path: Path
    size: int
    made_at: datetime
    why: Why | None = None
    office: str = ""
    schema: int = 0
    encrypted: bool = False
    verified_at: datetime | None = None
    """When all of it was last read and found whole; None if never."""
    problem: str = ""
    """Why it cannot be used, in Chinese; "" when nothing is known against it."""
    audit: AuditHead | None = None
    """Last link of its audit chain, by which its office is known under another name too; an encrypted one
    does not tell."""

    @property
    def protected(self) -> bool:
        """Tell whether only a person may delete it."""
        return self.why in (None, Why.MANUAL, Why.MIGRATE, Why.RESTORE)


def list_backups(folder: Path) -> list[Entry]:
    """Return the backups in a folder, newest first; an unreadable one carries its problem."""
    with telling("读取备份文件夹", folder):
        found = [path for path in folder.glob(f"*{SUFFIX}") if path.is_file()] if folder.is_dir() else []
    notes = _notes(folder)
    return sorted((_entry(path, notes) for path in found), key=_newest_first)


def entry(path: Path) -> Entry:
    """Return one backup file as a list shows it.

    Raises:
        StorageRefused: it is not there any more, or cannot be read at all.
    """
    with telling("读取备份", path):
        return _entry(path, _notes(path.parent))


def _newest_first(entry: Entry) -> tuple[float, str]:
    return -entry.made_at.timestamp(), entry.path.name


def _entry(path: Path, notes: dict[str, dict[str, Any]]) -> Entry:
    found = path.stat()
    written = datetime.fromtimestamp(found.st_mtime, UTC)
    try:
        with telling("读取备份", path):
            facts = _facts(path)
    except StorageRefused as error:
        return Entry(path, found.st_size, written, problem=str(error))
    note = notes.get(path.name, {})
    same = (note.get("size"), note.get("written")) == (found.st_size, found.st_mtime_ns)
    verified = datetime.fromisoformat(note["verified"]) if same else None
    return Entry(path, found.st_size, verified_at=verified, **facts)


def _facts(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        if cipher.is_encrypted(file.read(64)):
            return {"encrypted": True} | read_open_facts(cipher.Envelope.read(file).header["facts"])
    with Container(path) as found:
        told = found.manifest
        return {
            "made_at": told.made_at,
            "why": told.why,
            "office": told.office,
            "schema": told.schema,
            "audit": told.audit,
        }


def open_facts(made_at: datetime, why: Why, office: str, schema: int) -> dict[str, Any]:
    """Put together what an encrypted backup tells without its password."""
    return {"made_at": made_at.isoformat(), "why": why.value, "office": office, "schema": schema}


def read_open_facts(told: dict[str, Any]) -> dict[str, Any]:
    """Read them back.

    Raises:
        StorageRefused: they are not such facts.
    """
    try:
        made = datetime.fromisoformat(told["made_at"]).astimezone()
        return {
            "made_at": made,
            "why": Why(told["why"]),
            "office": str(told["office"]),
            "schema": int(told["schema"]),
        }
    except (ValueError, TypeError, KeyError, OverflowError, OSError) as error:
        raise StorageRefused("备份文件的开头已损坏。请换一个备份文件。") from error


def _notes(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        told = json.loads((folder / _NOTES).read_text("utf-8"))
        for note in told.values():
            datetime.fromisoformat(note["verified"])
        return dict(told)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def note_verified(path: Path, manifest: Manifest, name: str | None = None) -> None:
    """Note that a backup was read through and found whole; a folder that cannot be written stays as it is.

    Args:
        path: the file.
        manifest: what it holds.
        name: the name it is about to get, if not the one it has.
    """
    found = path.stat()
    notes = {kept: note for kept, note in _notes(path.parent).items() if (path.parent / kept).exists()}
    notes[name or path.name] = {
        "size": found.st_size,
        "written": found.st_mtime_ns,
        "verified": datetime.now().astimezone().isoformat(timespec="seconds"),
        "sha256": manifest.sha256,
        "changes": manifest.change_counter,
    }
    with contextlib.suppress(OSError):
        files.write_whole(path.parent / _NOTES, json.dumps(notes, ensure_ascii=False, indent=1))


def last_state(folder: Path) -> tuple[int, str] | None:
    """Return change counter and SHA-256 of the database in the newest verified backup."""
    newest = next((entry for entry in list_backups(folder) if entry.verified_at), None)
    note = _notes(folder).get(newest.path.name) if newest else None
    return (int(note["changes"]), str(note["sha256"])) if note else None


def outdated(entries: Iterable[Entry], now: datetime) -> list[Entry]:
    """Return the backups that may go: of those verified and made by the program itself.

    All of the last two days stay, and whatever claims to come from the future; the newest verified one; of
    the rest the newest of each of the last twelve days, weeks and months that have any.
    """
    known = sorted((entry for entry in entries if entry.verified_at), key=_newest_first)
    ours = [entry for entry in known if not entry.protected and entry.made_at <= now]
    keep = {entry.path for entry in known[:1]}
    periods: tuple[Callable[[datetime], Any], ...] = (
        lambda made: made.date(),
        lambda made: made.isocalendar()[:2],
        lambda made: (made.year, made.month),
    )
    for period in periods:
        newest: dict[Any, Path] = {}
        for entry in ours:
            newest.setdefault(period(entry.made_at), entry.path)
        keep |= set(list(newest.values())[:_KEEP_EACH])
    return [entry for entry in ours if entry.made_at < now - _KEEP_ALL and entry.path not in keep]


def tidy(folder: Path) -> list[Path]:
    """Delete what killed backups left half-written; return what went."""
    parts = [*folder.glob(f"*{SUFFIX}.part"), *folder.glob(f"{_NOTES}.*.part")]
    return files.remove_abandoned(part for part in parts if part.is_file())


def thin_out(folder: Path, own: Callable[[Entry], bool], now: datetime | None = None) -> list[Path]:
    """Delete half-written backups, and outdated ones of one office; return what went.

    Args:
        folder: where they lie; another office's may lie there too.
        own: tells whether one is of this office.
        now: the time; of this moment without it.
    """
    gone = tidy(folder)
    for old in outdated(filter(own, list_backups(folder)), now or datetime.now().astimezone()):
        with contextlib.suppress(OSError):
            old.path.unlink()
            gone.append(old.path)
    return gone
