"""恢复: put a backup in the place of the database, whatever state that is in, without losing either.

The new database is taken out, forced to the disk and examined under another name before anything is
touched. Then a journal `<db>.restore.json` says what is about to happen, the old database is renamed with all
that belongs to it, and the new one renamed in. Whoever comes after a crash finishes from the journal.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from models import sqlite
from models.errors import StorageRefused
from models.store import contents, files
from models.store.container import DATABASE, Container, member_of
from models.store.files import Course, Progress, attachments_of, beside
from models.store.latch import WAIT, Latch
from models.store.manifest import Manifest
from models.store.refusals import busy, is_busy, telling

_NEW = ".restore-new"
_JOURNAL = ".restore.json"
_ASIDE = ".set-aside-"

STEPS = (
    "begun",
    "extracted",
    "examined",
    "journal",
    "moved",
    "moved-journal",
    "moved-wal",
    "moved-shm",
    "moved-files",
    "placed-files",
    "placed",
    "finished",
)
"""Where RESTORE_CRASH_AT kills the process, for the tests of R04; in order."""


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    path: Path
    manifest: Manifest
    set_aside: Path | None
    """The database that was there before; None if none was."""


def restore(
    backup_file: Path,
    to_path: Path,
    *,
    password: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Restored:
    """Make a backup the database at a path; what is there now is set aside, never overwritten.

    Args:
        backup_file: judged by its contents, not its name.
        to_path: where the database shall be; nothing, a broken or a good one may be there.
        password: of an encrypted backup.
        progress: called with bytes done and in all.
        cancelled: asked until the point of no return.

    Raises:
        StorageRefused: the backup cannot be used; nothing was changed.
        Busy: somebody has the database open.
        Cancelled: the person stopped it; nothing was changed.
    """
    to_path = Path(os.path.realpath(to_path))
    with telling("恢复", backup_file), Container(backup_file, password) as found:
        course = Course(found.size + found.manifest.size, progress, cancelled)
        to_path.parent.mkdir(parents=True, exist_ok=True)
        if to_path.exists() and not to_path.is_file():
            raise StorageRefused(f"这不是文件，不能恢复到这里：{to_path}。请给出数据库的文件名。")
        latch = Latch(to_path)
        latch.enter_alone()
        done = False
        try:
            _tidy_up(to_path)
            _refuse_if_locked(to_path)
            aside = _swap(found, to_path, course)
            done = True
        finally:
            latch.leave(clean=done)
        return Restored(to_path, found.manifest, aside)


def finish(path: Path) -> None:
    """Finish, or take back, a restore that was interrupted; nothing if none was.

    Raises:
        StorageRefused: neither the new nor the old database is where it was left.
        Busy: the restore is still running.
    """
    if not _left_over(path):
        return
    with telling("继续上次没有完成的恢复", path):
        latch = Latch(path)
        latch.enter_alone()
        done = False
        try:
            _tidy_up(path)
            done = True
        finally:
            latch.leave(clean=done)


def _tidy_up(path: Path) -> None:
    """Bring a path to the old or the new database, and remove what was only half taken out."""
    journal, new = beside(path, _JOURNAL), beside(path, _NEW)
    if journal.exists():
        plan = _plan(journal)
        aside = path.with_name(plan.aside)
        if new.exists() and files.digest(new) == plan.sha256:
            _carry_out(path, aside, plan.has_files)
        elif not path.exists():
            _take_back(path, aside)
        journal.unlink()
        files.sync_folder(path.parent)
    _discard(path)


@dataclass(frozen=True)
class _Plan:
    """What the journal says: where the old goes, what the new one is."""

    aside: str
    sha256: str
    has_files: bool


def _plan(journal: Path) -> _Plan:
    try:
        told = json.loads(journal.read_text("utf-8"))
        return _Plan(Path(str(told["aside"])).name, str(told["sha256"]), bool(told["has_files"]))
    except (ValueError, TypeError, KeyError) as error:
        raise StorageRefused(
            f"上次恢复留下的记录读不懂：{journal}。请把它移到别处，再打开数据库或再恢复一次。"
        ) from error


def _left_over(path: Path) -> list[Path]:
    """Return everything a restore leaves while it is under way."""
    beginnings = (f"{path.name}{_NEW}", f"{path.name}{_JOURNAL}")
    return [left for start in beginnings for left in path.parent.glob(f"{files.literal(start)}*")]


def _discard(path: Path) -> None:
    """Remove what was taken out but is not to be placed."""
    for left in _left_over(path):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _refuse_if_locked(path: Path) -> None:
    """Refuse while another program holds a lock on the database, even one that knows no latch."""
    if not path.is_file() or any(beside(path, suffix).exists() for suffix in ("-wal", "-shm")):
        return  # looking at it with SQLite could change what is to be set aside
    try:
        _probe(path, "ro", sqlite.begin_shared)
        _probe(path, "rw", sqlite.begin_exclusive)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if is_busy(error):
            raise busy(path) from error
        # Broken, or waiting to be rolled back: either way nobody holds it.


def _probe(path: Path, mode: str, begin: Callable[[sqlite3.Connection, float], None]) -> None:
    held = sqlite.connect(path, mode)
    try:
        begin(held, WAIT)
        held.execute("ROLLBACK")
    finally:
        held.close()


def _swap(found: Container, path: Path, course: Course) -> Path | None:
    new = beside(path, _NEW)
    files.need_space(path.parent, found.size, "恢复")
    _step("begun")
    try:
        _take_out(found, new, course)
        if path.is_file():
            shutil.copymode(path, new)
    except BaseException:
        _discard(path)
        raise
    plan = _Plan(_unused(path).name, found.manifest.sha256, bool(found.manifest.attachments))
    files.write_whole(beside(path, _JOURNAL), json.dumps(asdict(plan), ensure_ascii=False))
    _step("journal")
    aside = path.with_name(plan.aside)
    _carry_out(path, aside, plan.has_files)
    beside(path, _JOURNAL).unlink()
    files.sync_folder(path.parent)
    _step("finished")
    return aside if aside.exists() else None


def _take_out(found: Container, new: Path, course: Course) -> None:
    """Write database and attachments under the new name, force them to the disk, examine them."""
    found.extract(DATABASE, new, course)
    folder = attachments_of(new)
    for name, kept in found.manifest.attachments.items():
        target = folder / name[:2] / name
        target.parent.mkdir(parents=True, exist_ok=True)
        found.extract(member_of(name), target, course)
        if files.digest(target) != kept.sha256:
            raise StorageRefused(f"备份里的附件已损坏：{found.path}。请换一个备份文件。")
        files.sync(target)
    for made in (*folder.glob("*"), *folder.parent.glob(files.literal(folder.name))):
        files.sync_folder(made)
    _step("extracted")
    with ThreadPoolExecutor(1) as pool:
        synced = pool.submit(files.sync, new)
        contents.examine(new, found.manifest, course)
        synced.result()
    _step("examined")


def _unused(path: Path) -> Path:
    """Return a name under which nothing was ever set aside."""
    stem = f"{path.name}{_ASIDE}{datetime.now():%Y%m%d-%H%M%S}"
    number = 1
    while True:
        name = path.with_name(f"{stem}{f'-{number}' if number > 1 else ''}")
        if not list(path.parent.glob(f"{files.literal(name.name)}*")):
            return name
        number += 1


def _carry_out(path: Path, aside: Path, has_files: bool) -> None:
    """Do all renames that are still to be done; may be called again after a crash at any of them.

    While the new database has its passing name, whatever stands under the real one is the old.
    """
    new = beside(path, _NEW)
    _move(path, aside)
    _step("moved")
    for suffix in sqlite.SIDECARS:
        _move(beside(path, suffix), beside(aside, suffix))
        _step(f"moved{suffix}")
    if not has_files or attachments_of(new).exists():
        _move(attachments_of(path), attachments_of(aside))
    _step("moved-files")
    if has_files:
        _move(attachments_of(new), attachments_of(path))
    _step("placed-files")
    files.sync_folder(path.parent)
    _move(new, path)
    files.sync_folder(path.parent)
    _step("placed")


def _take_back(path: Path, aside: Path) -> None:
    if not aside.exists():
        raise StorageRefused(
            f"上次的恢复没有完成，而新旧数据库都不在原处：{path}。请在同一文件夹里找名字含“set-aside”的文件，"
            f"或再从备份恢复一次。"
        )
    for suffix in (*sqlite.SIDECARS, ".files", ""):
        _move(beside(aside, suffix), beside(path, suffix))


def _move(old: Path, new: Path) -> None:
    """Rename if there is something to rename; nothing is ever renamed over."""
    if not os.path.lexists(old):
        return
    if os.path.lexists(new):
        raise StorageRefused(f"恢复没有完成：{new} 已经存在，不会覆盖。请把它移到别处，再打开一次。")
    files.rename(old, new)


def _step(name: str) -> None:
    if os.environ.get("RESTORE_CRASH_AT") == name:
        os.kill(os.getpid(), signal.SIGKILL)
