"""文件: raw reading, durable writing and renaming, with progress and cancel."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from models.errors import Cancelled, StorageRefused

if sys.platform != "win32":
    import fcntl

CHUNK = 4 << 20
SPARE = 4 << 20
"""Bytes that must stay free beside what a job writes."""

_ATTACHMENT = re.compile(r"[0-9a-f]{64}")

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


@dataclass
class Course:
    """How far a long job has come, and whether the person still wants it."""

    total: int
    progress: Progress | None = None
    cancelled: Callable[[], bool] | None = None
    done: int = 0

    def advance(self, count: int) -> None:
        """Count bytes done.

        Raises:
            Cancelled: the person asked to stop.
        """
        if self.cancelled is not None and self.cancelled():
            raise Cancelled("已取消，没有留下任何改动。")
        self.done += count
        if self.progress is not None:
            self.progress(min(self.done, self.total), self.total)

    def count(self, pieces: Iterator[memoryview]) -> Iterator[memoryview]:
        """Pass pieces on, counting them."""
        for piece in pieces:
            self.advance(len(piece))
            yield piece


_held: dict[tuple[int, int], int | None] = {}


def hold(path: Path) -> None:
    """Note that this process has the database open through SQLite."""
    if sys.platform != "win32":
        _held.setdefault(_identity(path), None)


def let_go(path: Path) -> None:
    """Note that this process has closed the database."""
    if sys.platform != "win32" and path.exists():
        parked = _held.pop(_identity(path), None)
        if parked is not None:
            os.close(parked)


@contextmanager
def reading(path: Path) -> Iterator[int]:
    """Yield a descriptor for raw reading of a file that may be open as a database.

    POSIX drops every lock a process holds on a file as soon as the process closes *any* descriptor
    of it, SQLite's locks too. While the database is open here the descriptor is therefore kept.
    """
    identity = _identity(path)
    parked = _held.get(identity)
    descriptor = parked if parked is not None else os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        yield descriptor
    finally:
        if identity in _held:
            _held[identity] = descriptor
        else:
            os.close(descriptor)


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def read_into(descriptor: int, view: memoryview, offset: int) -> int:
    """Fill a buffer from an offset; return how many bytes came.

    A kept descriptor is shared between threads, so its own position must not be relied on.
    """
    if sys.platform == "win32":
        os.lseek(descriptor, offset, os.SEEK_SET)
        found = os.read(descriptor, len(view))
        view[: len(found)] = found
        return len(found)
    return os.preadv(descriptor, [view], offset)


def read_at(descriptor: int, offset: int, count: int) -> bytes:
    """Return up to `count` bytes from an offset."""
    buffer = bytearray(count)
    return bytes(buffer[: read_into(descriptor, memoryview(buffer), offset)])


def chunks(descriptor: int, offset: int = 0, count: int | None = None) -> Iterator[memoryview]:
    """Yield a file, or `count` bytes of it, in pieces that share one buffer: use each at once."""
    view = memoryview(bytearray(CHUNK))
    left = sys.maxsize if count is None else count
    while left and (came := read_into(descriptor, view[: min(CHUNK, left)], offset)):
        yield view[:came]
        offset += came
        left -= came


def differ(one: int, one_offset: int, other: int, other_offset: int, size: int) -> bool:
    """Tell whether two files differ anywhere within `size` bytes from these offsets."""
    left, right = bytearray(CHUNK), bytearray(CHUNK)
    for at in range(0, size, CHUNK):
        count = min(CHUNK, size - at)
        if count < CHUNK:
            left, right = bytearray(count), bytearray(count)
        got = read_into(one, memoryview(left), one_offset + at)
        if got != count or read_into(other, memoryview(right), other_offset + at) != count or left != right:
            return True
    return False


def size_of(descriptor: int) -> int:
    """Return the size of an open file."""
    return os.fstat(descriptor).st_size


def make_private(path: Path) -> IO[bytes]:
    """Begin a new file that only its owner can read, marked as being written by this process.

    Raises:
        FileExistsError: it exists.
    """
    file = open(path, "x+b", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115
    claim(file.fileno())
    return file


def program_version() -> str:
    """Return the version of this program."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("property-console")
    except PackageNotFoundError:
        return "0"


def digest(path: Path, course: Course | None = None) -> str:
    """Return the SHA-256 of a file in hex."""
    found = hashlib.sha256()
    with reading(path) as descriptor:
        for piece in chunks(descriptor):
            found.update(piece)
            if course is not None:
                course.advance(len(piece))
    return found.hexdigest()


def sync(path: Path) -> None:
    """Force a file to the disk."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Force a folder's names to the disk, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # exFAT and some network disks cannot; the rename itself has been done
    finally:
        os.close(descriptor)


def rename(old: Path, new: Path) -> None:
    """Rename, waiting a second for a virus scanner that holds the file (Windows)."""
    if sys.platform == "win32":
        for _ in range(9):
            try:
                os.replace(old, new)
                return
            except PermissionError:
                time.sleep(0.1)
    os.replace(old, new)


def write_whole(path: Path, text: str) -> None:
    """Write a small text file so that a reader sees the old or the new one, never half."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    rename(part, path)
    sync_folder(path.parent)


def need_space(folder: Path, needed: int, work: str) -> None:
    """Refuse before beginning when the disk cannot take what will be written.

    Raises:
        StorageRefused: too little is free; says how much.
    """
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise StorageRefused(
            f"磁盘空间不足，不能{work}：{folder} 还剩 {megabytes(free)}，需要 {megabytes(needed + SPARE)}。"
            f"请腾出空间或换一个磁盘。"
        )


def megabytes(count: int) -> str:
    """Return a size as people read it."""
    return f"{count / 1_000_000:,.1f} MB"


def claim(descriptor: int) -> bool:
    """Mark a file as being written by a living process; False when another one is writing it.

    On Windows an open file cannot be deleted anyway, so nothing is needed there.
    """
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def remove_abandoned(parts: Iterator[Path]) -> list[Path]:
    """Delete half-written files whose writer is dead; return what went."""
    gone = []
    for part in parts:
        try:
            with part.open("rb") as file:
                if not claim(file.fileno()):
                    continue
            part.unlink()
            gone.append(part)
        except OSError:
            continue  # somebody else removed it, or it may not be touched
    return gone


def beside(path: Path, suffix: str) -> Path:
    """Return the path with something put after the whole name."""
    return path.with_name(path.name + suffix)


def literal(name: str) -> str:
    """Return a name so that `glob` takes it literally."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def attachments_of(path: Path) -> Path:
    """Return the folder in which the attachments of a database lie."""
    return beside(path, ".files")


def attachments(path: Path) -> Iterator[tuple[str, Path]]:
    """Yield name and file of each attachment of a database; the name is its SHA-256."""
    for kept in sorted(attachments_of(path).glob("[0-9a-f][0-9a-f]/*")):
        if _ATTACHMENT.fullmatch(kept.name) and kept.name.startswith(kept.parent.name) and kept.is_file():
            yield kept.name, kept
