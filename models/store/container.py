"""备份文件: one zip of stored members, so that any zip program can open it in an emergency.

The members are `database.db`, `files/ab/<sha-256>` and last `manifest.json`, which holds the digests of the
others. The zip comment is the seal: the SHA-256 of every byte that is not content of another member,
with the seal itself read as zeros. So each byte of the file stands under one digest or another.
Under a password the whole zip goes through `cipher`, which needs no seal.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

from models.errors import StorageRefused
from models.store import cipher, files
from models.store.files import Course
from models.store.manifest import Manifest

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

DATABASE = "database.db"
MANIFEST = "manifest.json"
_ATTACHMENT = re.compile(r"files/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_NO_SEAL = b"0" * 64
_LARGEST_MANIFEST = 64 << 20
_LOCAL_HEADER = 30
_UNREADABLE = (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, OverflowError, RuntimeError)
"""What Python's zip reader raises over a hostile file."""


def begins_backup(start: bytes) -> bool:
    """Tell by its first hundred bytes whether a file is one of our backups."""
    first = start[_LOCAL_HEADER : _LOCAL_HEADER + len(DATABASE)]
    return cipher.is_encrypted(start) or (start.startswith(b"PK\x03\x04") and first == DATABASE.encode())


def member_of(attachment: str) -> str:
    """Return the name under which an attachment is stored."""
    return f"files/{attachment[:2]}/{attachment}"


class _Outlet:
    """Where the zip goes: counts towards the seal unless it is content of a member."""

    def __init__(self, sink: IO[bytes] | cipher.Encrypting) -> None:
        self._sink = sink
        self.seal = hashlib.sha256()
        self.content = False
        self.count = 0
        self.abandoned = False

    def write(self, data: ReadableBuffer) -> int:
        if self.abandoned:
            return memoryview(data).nbytes
        if not self.content:
            self.seal.update(data)
        written = self._sink.write(data)
        self.count += written
        return written

    def flush(self) -> None:
        """Do nothing: the file is flushed when it matters."""

    def close(self) -> None:
        """Do nothing: whoever opened the file closes it."""


class Writer:
    """Writes a backup in one pass, inside `with`; `finish` with the manifest ends it."""

    def __init__(self, file: IO[bytes], password: str | None, facts: dict[str, Any]) -> None:
        self._file = file
        self._encrypting = cipher.Encrypting(file, password, facts) if password is not None else None
        self._outlet = _Outlet(self._encrypting or file)
        self._zip = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_STORED)
        self._zip.comment = _NO_SEAL
        self.content_start = 0
        """Where the content of the last member begins, if the file is not encrypted."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A zip that was broken off would otherwise still write its end, whenever it is collected.
        self._outlet.abandoned = True
        self._zip.close()

    def add(self, name: str, size: int, pieces: Iterator[memoryview]) -> str:
        """Store one member of a known size and return its SHA-256."""
        found = hashlib.sha256()
        with self._zip.open(_info(name, size), "w") as out:
            self._outlet.content = True
            self.content_start = self._outlet.count
            for piece in pieces:
                found.update(piece)
                out.write(piece)
            self._outlet.content = False
        return found.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and the seal."""
        text = manifest.to_json().encode()
        with self._zip.open(_info(MANIFEST, len(text)), "w") as out:
            out.write(text)
        self._zip.close()
        if self._encrypting is not None:
            self._encrypting.finish()
        else:
            self._file.seek(-len(_NO_SEAL), os.SEEK_END)
            self._file.write(self._outlet.seal.hexdigest().encode())
        self.sync()

    def sync(self) -> None:
        """Force what was written so far to the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())


def _info(name: str, size: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.file_size = size
    made.create_system = 3
    made.external_attr = (stat.S_IFREG | 0o600) << 16
    return made


@dataclass(frozen=True)
class _Region:
    """Where the content of a member lies."""

    start: int
    size: int


class Container:
    """An existing backup, opened and checked for its shape; its content is not yet proven.

    Raises:
        StorageRefused: it is no backup of ours, damaged, hostile, or under another password.
    """

    def __init__(self, path: Path, password: str | None = None) -> None:
        self.path = path
        self._file = path.open("rb")
        try:
            self.encrypted = cipher.is_encrypted(self._file.read(64))
            self._source = self._opened(password)
            with zipfile.ZipFile(self._source) as found:
                self._regions = self._layout(found)
            self.manifest = self._manifest()
            if not self.encrypted and found.comment != self._seal():
                raise _damaged(path)
        except _UNREADABLE as error:
            self._file.close()
            raise _damaged(path) from error
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _opened(self, password: str | None) -> IO[bytes]:
        if not self.encrypted:
            return self._file
        if password is None:
            raise StorageRefused(f"备份有密码：{self.path}。请给出密码。")
        return io.BufferedReader(cipher.Decrypting(self._file, password), cipher.PIECE)

    def _layout(self, found: zipfile.ZipFile) -> dict[str, _Region]:
        """Return where each member lies, having refused every trick of a zip file."""
        if MANIFEST not in found.namelist():
            raise _damaged(self.path)  # a workbook, say; what it holds is no matter
        regions: dict[str, _Region] = {}
        end = 0
        for info in sorted(found.infolist(), key=lambda info: info.header_offset):
            if info.filename in regions or not _harmless(info):
                raise StorageRefused(
                    f"备份里有不该有的内容（{info.filename[:80]!r}）：{self.path}。请勿使用它。"
                )
            if info.header_offset < 0:
                raise _damaged(self.path)
            start = self._content_start(info)
            if info.header_offset < end or (info.header_offset > 0) != bool(regions):
                raise _damaged(self.path)
            end = start + info.file_size
            regions[info.filename] = _Region(start, info.file_size)
        if end > found.start_dir:
            raise _damaged(self.path)
        return regions

    def _content_start(self, info: zipfile.ZipInfo) -> int:
        self._source.seek(info.header_offset)
        header = self._source.read(_LOCAL_HEADER)
        name, extra = struct.unpack_from("<HH", header, 26)
        if self._source.read(name) != info.filename.encode():
            raise _damaged(self.path)
        return info.header_offset + _LOCAL_HEADER + int(name) + int(extra)

    def _manifest(self) -> Manifest:
        region = self._regions.get(MANIFEST)
        if region is None or region.size > _LARGEST_MANIFEST:
            raise _damaged(self.path)
        self._source.seek(region.start)
        told = Manifest.from_json(self._source.read(region.size))
        expected = {DATABASE: told.size} | {
            member_of(name): kept.size for name, kept in told.attachments.items()
        }
        if expected != {name: region.size for name, region in self._regions.items() if name != MANIFEST}:
            raise _damaged(self.path)
        return told

    def _seal(self) -> bytes:
        """Compute the seal: every byte but the contents of members, the seal itself as zeros."""
        found, at = hashlib.sha256(), 0
        end = self._source.seek(0, os.SEEK_END) - len(_NO_SEAL)
        for name, region in self._regions.items():
            if name != MANIFEST:
                found.update(self._bytes(at, region.start))
                at = region.start + region.size
        found.update(self._bytes(at, end) + _NO_SEAL)
        return found.hexdigest().encode()

    def _bytes(self, start: int, end: int) -> bytes:
        self._source.seek(start)
        return self._source.read(max(0, end - start))

    def pieces(self, name: str) -> Iterator[memoryview]:
        """Yield the content of a member; use each piece before asking for the next."""
        region = self._regions[name]
        if not self.encrypted:
            yield from files.chunks(self._file.fileno(), region.start, region.size)
            return
        self._source.seek(region.start)
        left, buffer = region.size, memoryview(bytearray(files.CHUNK))
        while left and (came := self._source.readinto(buffer[: min(left, files.CHUNK)])):  # type: ignore[attr-defined]
            yield buffer[:came]
            left -= came

    @property
    def size(self) -> int:
        """Bytes of all members but the manifest."""
        return self.manifest.size + sum(kept.size for kept in self.manifest.attachments.values())

    def extract(self, name: str, target: Path, course: Course) -> None:
        """Write a member to a new file that only its owner can read; its digest is not yet proven."""
        with files.make_private(target) as file:
            for piece in course.count(self.pieces(name)):
                file.write(piece)

    def digests(self) -> Iterator[tuple[str, str]]:
        """Yield each member but the manifest, with the SHA-256 it must have."""
        yield DATABASE, self.manifest.sha256
        for name, kept in self.manifest.attachments.items():
            yield member_of(name), kept.sha256

    def prove(self, course: Course | None = None, besides: str = "") -> None:
        """Read everything again, besides a member proven already, and hold it against the manifest.

        Raises:
            StorageRefused: a member is not what was stored.
        """
        for name, expected in self.digests():
            if name == besides:
                continue
            found = hashlib.sha256()
            for piece in self.pieces(name):
                found.update(piece)
                if course is not None:
                    course.advance(len(piece))
            if found.hexdigest() != expected:
                raise _damaged(self.path)


def _harmless(info: zipfile.ZipInfo) -> bool:
    """Tell whether a member can be one of ours: known name, stored plainly, an ordinary file."""
    known = info.filename in (DATABASE, MANIFEST) or _ATTACHMENT.fullmatch(info.filename)
    plain = info.compress_type == zipfile.ZIP_STORED and info.file_size == info.compress_size
    mode = info.external_attr >> 16
    return bool(known) and plain and not info.flag_bits & 1 and stat.S_ISREG(mode)


def _damaged(path: Path) -> StorageRefused:
    return StorageRefused(f"这不是完好的备份文件：{path}。它已损坏、不完整，或者不是备份。请换一个备份文件。")
