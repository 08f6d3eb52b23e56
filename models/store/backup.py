"""备份: copy the office into one verified file while it is open and being written to."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from models import sqlite
from models.errors import StorageRefused
from models.store import contents, files, header, listing
from models.store.container import DATABASE, Container, Writer, member_of
from models.store.contents import Contents
from models.store.files import Course, Progress
from models.store.header import Header
from models.store.latch import WAIT
from models.store.listing import SUFFIX, Entry
from models.store.manifest import Attachment, Manifest, Why
from models.store.refusals import BROKEN, busy, database_reason, is_busy, sqlite_name, telling


@dataclass(frozen=True)
class _Order:
    """What is to be backed up, and how."""

    path: Path
    made_at: datetime
    why: Why
    office: str
    password: str | None
    course: Course


_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s\x00-\x1f.]+')


def backup(
    path: Path,
    folder: Path,
    why: Why,
    *,
    office: str | None = None,
    password: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    now: datetime | None = None,
) -> Entry:
    """Back a database up into a folder, read it back, and only then give it its name.

    Nobody can commit while it is copied and checked (about 2 s a GB); reading goes on.

    Args:
        path: the database; it may be open, here or elsewhere.
        folder: where the file goes; made if missing.
        why: stands in the name and rules how long the backup is kept.
        office: name of the office, if not as the database says.
        password: encrypts the backup.
        progress: called with bytes done and in all.
        cancelled: asked between pieces.
        now: when it is made.

    Raises:
        StorageRefused: no space or right, or a damaged database: it must not push out good backups.
        Cancelled: the person stopped it.
    """
    path = Path(os.path.realpath(path))
    with telling("备份", path):
        folder.mkdir(parents=True, exist_ok=True)
        listing.tidy(folder)
        size = path.stat().st_size + sum(kept.stat().st_size for _, kept in files.attachments(path))
        files.need_space(folder, size, "备份")
        moment = (now or datetime.now()).astimezone().replace(microsecond=0)
        course = Course(2 * size, progress, cancelled)
        order = _Order(path, moment, why, office or contents.office_name(path), password, course)
        return listing.entry(_carried_out(order, folder))


def _carried_out(order: _Order, folder: Path) -> Path:
    """Make the file under a passing name; it gets its own when it is whole."""
    if order.password == "":
        raise StorageRefused("备份密码不能为空。请输入密码，或选择不加密。")
    target, file = _reserve(folder, f"{_plain(order.office)}-{order.made_at:%Y%m%d-%H%M%S}-{order.why.value}")
    with _unless_finished(file):
        _make(order, file, target)
    files.sync_folder(folder)
    return target


def unchanged(path: Path, folder: Path) -> bool:
    """Tell whether the newest verified backup in a folder holds exactly this database."""
    last = listing.last_state(folder)
    if last is None:
        return False
    with telling("比较", path):
        found = Header.parse(header.read(path))
        if found is None or found.change_counter != last[0]:
            return False
        with _snapshot(path):
            return files.digest(path) == last[1]


def _plain(office: str) -> str:
    return _NOT_IN_NAMES.sub("", office)[:40] or "office"


def _reserve(folder: Path, stem: str) -> tuple[Path, IO[bytes]]:
    """Begin a file whose final name nobody has and nobody else is about to take."""
    number = 1
    while True:
        target = folder / f"{stem}{f'-{number}' if number > 1 else ''}{SUFFIX}"
        part = files.beside(target, ".part")
        number += 1
        try:
            file = files.make_private(part)
        except FileExistsError:
            continue
        if not target.exists():
            return target, file
        file.close()
        part.unlink()


@contextmanager
def _unless_finished(file: IO[bytes]) -> Iterator[None]:
    """Leave no half-written file behind, whatever stops the work."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # a full disk refuses the rest of the buffer once more
            file.close()
        Path(file.name).unlink(missing_ok=True)
        raise


@contextmanager
def _snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """Hold off commits while the file is read."""
    held = sqlite.connect(path)
    try:
        sqlite.begin_shared(held, WAIT)
        yield held
    except sqlite3.OperationalError as error:
        if is_busy(error):
            raise busy(path) from error
        if sqlite_name(error).startswith("SQLITE_READONLY"):
            raise StorageRefused(
                f"数据库上次没有正常退出，还没有复原：{path}。请先打开一次，再备份。"
            ) from error
        raise
    finally:
        held.close()


@contextmanager
def _second(held: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """Give a second connection, so that two checks run at once, or the first where it cannot be had.

    It must not wait: a writer who waits for the first to let go lets nobody else in.
    """
    other = sqlite.connect(path, timeout=0)
    try:
        sqlite.begin_shared(other, 0)
    except sqlite3.OperationalError:
        other.close()
        other = held
    try:
        yield other
    finally:
        other.close()


def _make(order: _Order, file: IO[bytes], target: Path) -> None:
    """Write the file, read it back, note it as verified, and give it its name."""
    part = Path(file.name)
    manifest = _write(order, file)
    with Container(part, order.password) as made:
        made.prove(order.course, besides="" if order.password else DATABASE)
    listing.note_verified(part, manifest, target.name)
    file.close()
    files.rename(part, target)


def _write(order: _Order, file: IO[bytes]) -> Manifest:
    with files.reading(order.path) as raw:
        found = _ours(order.path, files.read_at(raw, 0, header.SIZE))
        facts = listing.open_facts(order.made_at, order.why, order.office, found.user_version)
        with Writer(file, order.password, facts) as writer:
            found, size, sha256, inside = _copy(order, raw, writer, file)
            # Listed after the rows were copied: whatever a row refers to is there by now.
            attached = {
                name: _attach(writer, name, kept, order) for name, kept in files.attachments(order.path)
            }
            manifest = Manifest(
                made_at=order.made_at, why=order.why, office=order.office, program=files.program_version(),
                schema=inside.schema, size=size, sha256=sha256, rows=inside.rows,
                change_counter=found.change_counter, audit=inside.audit, attachments=attached,
            )  # fmt: skip
            writer.finish(manifest)
    return manifest


def _copy(order: _Order, raw: int, writer: Writer, file: IO[bytes]) -> tuple[Header, int, str, Contents]:
    """Copy the database while it is checked; return header, size, digest and contents."""
    with _snapshot(order.path) as held, _second(held, order.path) as other, ThreadPoolExecutor(2) as pool:
        found = _ours(order.path, files.read_at(raw, 0, header.SIZE))
        judged = [pool.submit(_look, contents.page_faults, held), pool.submit(_look, _inside, other)]
        size = files.size_of(raw)
        sha256 = writer.add(DATABASE, size, order.course.count(files.chunks(raw, 0, size)))
        if not order.password:
            _compare(order, raw, writer, file, size)
        return found, size, sha256, _judged(order.path, *(look.result() for look in judged))


def _compare(order: _Order, raw: int, writer: Writer, file: IO[bytes], size: int) -> None:
    """Read the copy back while the original is still held and its check still runs."""
    writer.sync()
    if files.differ(raw, 0, file.fileno(), writer.content_start, size):
        raise StorageRefused(f"写入的备份与数据库不一致：{file.name}。磁盘可能有故障，请换一个磁盘。")
    order.course.advance(size)


def _attach(writer: Writer, name: str, kept: Path, order: _Order) -> Attachment:
    with kept.open("rb") as file:
        size = files.size_of(file.fileno())
        pieces = order.course.count(files.chunks(file.fileno(), 0, size))
        return Attachment(size, writer.add(member_of(name), size, pieces))


def _ours(path: Path, raw: bytes) -> Header:
    found = Header.parse(raw)
    if found is None or found.application_id != sqlite.APPLICATION_ID:
        raise StorageRefused(f"不是本软件的数据库，没有备份：{path}。")
    if found.wal:
        raise StorageRefused(f"数据库被别的软件改成了不能直接复制的方式：{path}。请先打开一次，再备份。")
    return found


def _inside(source: sqlite3.Connection) -> Contents | str:
    return contents.orphans(source) or contents.read(source)


def _look(look: Callable[[sqlite3.Connection], Contents | str], source: sqlite3.Connection) -> Contents | str:
    try:
        return look(source)
    except BROKEN as error:
        return database_reason(error)


def _judged(path: Path, pages: Contents | str, inside: Contents | str) -> Contents:
    fault = pages or inside
    if isinstance(fault, Contents):
        return fault
    raise StorageRefused(
        f"数据库已损坏（{fault}），没有备份，以免坏的备份顶掉好的：{path}。请从以前的备份恢复。"
    )
