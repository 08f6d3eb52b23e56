"""Tests of encryption: round trip, wrong password, and every way of tampering with the pieces."""

import io
import struct

import pytest

from models.errors import StorageRefused
from models.store import cipher

FACTS = {"office": "某小区"}


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cipher, "COST", {"time": 1, "memory": 8, "lanes": 1})


def sealed(plain: bytes, password: str = "correct horse") -> bytes:
    sink = io.BytesIO()
    out = cipher.Encrypting(sink, password, FACTS)
    for at in range(0, len(plain), 700_001):
        out.write(plain[at : at + 700_001])
    out.finish()
    return sink.getvalue()


def opened(content: bytes, password: str = "correct horse") -> bytes:
    return io.BufferedReader(cipher.Decrypting(io.BytesIO(content), password)).read()


def plain_of(size: int) -> bytes:
    return bytes(n * 7 % 251 for n in range(1000)) * (size // 1000 + 1)


@pytest.mark.parametrize("size", [1, cipher.PIECE - 1, cipher.PIECE, cipher.PIECE + 1, 3 * cipher.PIECE])
def test_what_goes_in_comes_out(size: int) -> None:
    plain = plain_of(size)[:size]
    content = sealed(plain)
    assert plain[:100] not in content or size < 100
    assert opened(content) == plain


def test_any_place_can_be_read() -> None:
    plain = plain_of(3 * cipher.PIECE)
    view = io.BufferedReader(cipher.Decrypting(io.BytesIO(sealed(plain)), "correct horse"))
    for at in (0, cipher.PIECE - 3, 2 * cipher.PIECE + 5, 17):
        view.seek(at)
        assert view.read(10) == plain[at : at + 10]
    assert view.seek(-4, io.SEEK_END) == len(plain) - 4
    assert view.read() == plain[-4:]


def test_the_same_content_never_looks_the_same() -> None:
    assert sealed(b"x" * 100)[-100:] != sealed(b"x" * 100)[-100:]


def test_a_wrong_password_is_told() -> None:
    with pytest.raises(StorageRefused, match="密码不对"):
        opened(sealed(b"x"), "battery staple")


def test_full_width_letters_are_the_same_password() -> None:
    assert opened(sealed(b"x", "ａｂｃ１２３"), "abc123") == b"x"


def test_the_open_facts_need_no_password() -> None:
    assert cipher.Envelope.read(io.BytesIO(sealed(b"x"))).header["facts"] == FACTS


def _body(content: bytes) -> int:
    return cipher.Envelope.read(io.BytesIO(content)).start


def test_every_flipped_bit_is_noticed() -> None:
    content = sealed(b"some rows of an office")
    for at in range(len(content)):
        bad = bytearray(content)
        bad[at] ^= 4
        with pytest.raises(StorageRefused):
            opened(bytes(bad))


def test_every_cut_is_noticed() -> None:
    content = sealed(plain_of(2 * cipher.PIECE)[: 2 * cipher.PIECE + 30])
    start, whole = _body(content), cipher.PIECE + cipher.TAG
    for cut in (0, 10, start - 1, start, start + 15, start + whole, start + 2 * whole, len(content) - 1):
        with pytest.raises(StorageRefused):
            opened(content[:cut])


def test_pieces_cannot_be_swapped_dropped_doubled_or_added() -> None:
    content = sealed(plain_of(3 * cipher.PIECE)[: 3 * cipher.PIECE])
    start, whole = _body(content), cipher.PIECE + cipher.TAG
    head, one, two, three = (
        content[:start],
        *(content[start + n * whole : start + (n + 1) * whole] for n in range(3)),
    )
    for pieces in (
        two + one + three,
        one + three,
        one + two,
        one + one + two + three,
        one + two + three + three,
    ):
        with pytest.raises(StorageRefused):
            opened(head + pieces)


def test_pieces_of_another_file_under_the_same_password_do_not_fit() -> None:
    one, other = sealed(b"a" * 50), sealed(b"b" * 50)
    with pytest.raises(StorageRefused):
        opened(one[: _body(one)] + other[_body(other) :])


@pytest.mark.parametrize(
    "cost", [{"time": 1, "memory": 1 << 30, "lanes": 1}, {"time": 1}, {"time": 0, "memory": 8, "lanes": 1}]
)
def test_a_header_that_asks_for_absurd_work_is_refused(
    cost: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    text = json.dumps({"salt": "00" * 16, "cost": cost, "facts": {}}).encode()
    content = cipher.MAGIC + struct.pack(">I", len(text)) + text + bytes(64)
    with pytest.raises(StorageRefused, match="损坏"):
        opened(content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\3\4",
        cipher.MAGIC,
        cipher.MAGIC + b"\xff\xff\xff\xff",
        cipher.MAGIC + b"\0\0\0\2[]" + bytes(90),
    ],
)
def test_garbage_is_refused(content: bytes) -> None:
    with pytest.raises(StorageRefused):
        opened(content)
