"""加密: a backup under a password, AES-256-GCM in pieces, the key by argon2id.

Layout: magic, length of the header (4 bytes), header (JSON: salt, cost, the open facts), check (16 bytes),
then pieces of 1 MiB each followed by its tag. Each piece is bound to the header, to its number and to
being the last or not, so that pieces cannot be changed, reordered, dropped, added or cut off.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import struct
import unicodedata
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from models.errors import StorageRefused

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"PCBAK-AES256GCM-1\n"
PIECE = 1 << 20
TAG = 16
COST = {"time": 3, "memory": 65536, "lanes": 1}
"""argon2id: passes, KiB, lanes (reliability.md 1); a reader takes them from the header."""
_LARGEST_COST = {"time": 16, "memory": 1 << 20, "lanes": 16}
_LARGEST_HEADER = 1 << 16
_CHECK_NONCE = b"\xff" * 12


def is_encrypted(start: bytes) -> bool:
    """Tell from the first bytes of a file."""
    return start.startswith(MAGIC)


def _key(password: str, salt: bytes, cost: dict[str, int]) -> bytes:
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    # Full-width digits of an input method and composed accents are the same password to a person.
    secret = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    try:
        return hash_secret_raw(secret, salt, cost["time"], cost["memory"], cost["lanes"], 32, Type.ID)
    except HashingError as error:
        raise _damaged() from error


def _lock(password: str, header: dict[str, Any]) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(_key(password, bytes.fromhex(header["salt"]), header["cost"]))


def _nonce(number: int, last: bool) -> bytes:
    return struct.pack(">3xBQ", last, number)


class Encrypting:
    """A sink that encrypts what is written to it, in order; `finish` writes the last piece."""

    def __init__(self, sink: IO[bytes], password: str, facts: dict[str, Any]) -> None:
        header = {"salt": os.urandom(16).hex(), "cost": COST, "facts": facts}
        text = json.dumps(header, ensure_ascii=False).encode()
        prefix = MAGIC + struct.pack(">I", len(text)) + text
        self._sink = sink
        self._bound = hashlib.sha256(prefix).digest()
        self._lock = _lock(password, header)
        self._waiting = bytearray()
        self._number = 0
        sink.write(prefix + self._lock.encrypt(_CHECK_NONCE, b"", self._bound))

    def write(self, data: ReadableBuffer) -> int:
        """Take bytes; whole pieces go out as soon as it is sure that they are not the last."""
        taken = memoryview(data)
        self._waiting += taken
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return taken.nbytes

    def finish(self) -> None:
        """Write the last piece; nothing may follow."""
        self._put(bytes(self._waiting), last=True)

    def _put(self, piece: bytes, last: bool) -> None:
        self._sink.write(self._lock.encrypt(_nonce(self._number, last), piece, self._bound))
        self._number += 1


@dataclass(frozen=True)
class Envelope:
    """The header of an encrypted backup, readable without the password but not yet proven."""

    header: dict[str, Any]
    bound: bytes
    check: bytes
    start: int
    """Where the pieces begin."""

    @classmethod
    def read(cls, source: IO[bytes]) -> Envelope:
        """Read the header.

        Raises:
            StorageRefused: it is damaged, or asks for an absurd amount of work.
        """
        source.seek(0)
        begin = source.read(len(MAGIC) + 4)
        if not begin.startswith(MAGIC) or len(begin) < len(MAGIC) + 4:
            raise _damaged()
        length = struct.unpack(">I", begin[-4:])[0]
        if length > _LARGEST_HEADER:
            raise _damaged()
        text = source.read(length)
        check = source.read(TAG)
        return cls(_checked(text), hashlib.sha256(begin + text).digest(), check, source.tell())


def _checked(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(text)
        bytes.fromhex(header["salt"])
        cost = header["cost"]
        fair = all(1 <= int(cost[name]) <= most for name, most in _LARGEST_COST.items())
        if not fair or len(header["salt"]) != 32 or not isinstance(header["facts"], dict):
            raise ValueError(cost)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _damaged() from error
    return dict(header)


class Decrypting(io.RawIOBase):
    """A readable, seekable view of the plain bytes in an encrypted backup."""

    def __init__(self, source: IO[bytes], password: str) -> None:
        self._source = source
        self._envelope = envelope = Envelope.read(source)
        self._lock = self._opened(password, envelope)
        body = source.seek(0, os.SEEK_END) - envelope.start
        self._count, rest = divmod(body, PIECE + TAG)
        if rest:
            self._count += 1
        self._size = body - self._count * TAG
        self._at = 0
        self._piece: tuple[int, bytes] = (-1, b"")
        if self._count < 1 or 0 < rest < TAG:
            raise _damaged()
        self._load(self._count - 1)

    @staticmethod
    def _opened(password: str, envelope: Envelope) -> AESGCM:
        from cryptography.exceptions import InvalidTag

        lock = _lock(password, envelope.header)
        try:
            lock.decrypt(_CHECK_NONCE, envelope.check, envelope.bound)
        except (InvalidTag, ValueError) as error:
            raise StorageRefused("备份的密码不对（或文件开头已损坏）。请核对密码后再试。") from error
        return lock

    def _load(self, number: int) -> bytes:
        from cryptography.exceptions import InvalidTag

        if self._piece[0] == number:
            return self._piece[1]
        self._source.seek(self._envelope.start + number * (PIECE + TAG))
        sealed = self._source.read(PIECE + TAG)
        try:
            plain = self._lock.decrypt(
                _nonce(number, number == self._count - 1), sealed, self._envelope.bound
            )
        except (InvalidTag, ValueError) as error:
            raise _damaged() from error
        self._piece = (number, plain)
        return plain

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move as a file does."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("negative seek position")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Return the position in the plain bytes."""
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer from one piece.

        Raises:
            StorageRefused: the piece was tampered with or is damaged.
        """
        if self._at >= self._size:
            return 0
        number, offset = divmod(self._at, PIECE)
        view = memoryview(buffer).cast("B")
        plain = memoryview(self._load(number))[offset : offset + len(view)]
        view[: len(plain)] = plain
        self._at += len(plain)
        return len(plain)


def _damaged() -> StorageRefused:
    return StorageRefused("加密的备份已损坏或被截断。请换一个备份文件。")
