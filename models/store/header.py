"""文件头: what the first bytes of a database and of its rollback journal say, without SQLite.

The gate looks here first, because opening a file with SQLite may already write to it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from models.store import files

MAGIC = b"SQLite format 3\x00"
SIZE = 100
_JOURNAL_MAGIC = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"


@dataclass(frozen=True)
class Header:
    """The fields of a database header that the gate judges by."""

    page_size: int
    wal: bool
    change_counter: int
    page_count: int
    user_version: int
    application_id: int

    @classmethod
    def parse(cls, raw: bytes) -> Header | None:
        """Read a header, or None where it is not one of a database."""
        if len(raw) < SIZE or not raw.startswith(MAGIC):
            return None
        size = struct.unpack_from(">H", raw, 16)[0]
        size = 65536 if size == 1 else size
        if size < 512 or size & (size - 1):
            return None
        counter, count = struct.unpack_from(">II", raw, 24)
        version = struct.unpack_from(">i", raw, 60)[0]
        mark = struct.unpack_from(">i", raw, 68)[0]
        return cls(size, raw[18] == 2 or raw[19] == 2, counter, count, version, mark)


def read(path: Path) -> bytes:
    """Return the first bytes of a database file."""
    with files.reading(path) as descriptor:
        return files.read_at(descriptor, 0, SIZE)


def journal_belongs(journal: Path, header: Header) -> bool:
    """Tell whether a hot rollback journal was written for the database with this header.

    The journal keeps the old content of the pages that were being changed. Either page 1 is still the old
    one, and then the journal's count of pages is the database's, or page 1 stands in the journal with
    the change counter as it was before or is now.
    """
    with journal.open("rb") as file:
        start = file.read(28)
        if len(start) < 28 or not start.startswith(_JOURNAL_MAGIC):
            return True  # SQLite ignores such a journal
        pages, sector, page_size = struct.unpack_from(">III", start, 16)
        if page_size != header.page_size:
            return False
        old = Header.parse(_first_page(file.fileno(), sector, page_size))
    if old is None:
        return bool(pages == header.page_count)
    return header.application_id == old.application_id and header.change_counter in (
        old.change_counter,
        old.change_counter + 1,
    )


def _first_page(descriptor: int, sector: int, page_size: int) -> bytes:
    offset = sector
    while len(number := files.read_at(descriptor, offset, 4)) == 4:
        if number == b"\x00\x00\x00\x01":
            return files.read_at(descriptor, offset + 4, SIZE)
        offset += 4 + page_size + 4
    return b""
