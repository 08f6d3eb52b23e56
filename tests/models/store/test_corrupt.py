"""Fuzz tests of the gate: whatever is in the file, no crash, no hang, nothing written (R20, R22)."""

import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models.errors import StorageRefused
from models.store import check, open_office

N = int(os.environ.get("CORRUPT_FILES", "200"))
SEED = int(os.environ.get("CORRUPT_SEED", str(random.randrange(1 << 32))))
PAGE = 4096
Tell = Callable[[Path], object]


def told(path: Path) -> bool:
    """Open a file; return whether gate or check found something wrong."""
    began = time.monotonic()
    try:
        with open_office(path) as office:
            found = bool(check(office))
    except StorageRefused as refused:
        found = bool(str(refused))
    assert time.monotonic() - began < 10
    return found


def test_a_random_page_is_always_noticed(ledger: Path, tmp_path: Path, shape: Tell) -> None:
    print(f"CORRUPT_SEED={SEED}")
    chance = random.Random(SEED)
    good, folder = ledger.read_bytes(), tmp_path / "bad"
    folder.mkdir()
    path = folder / "bad.db"
    for _ in range(N):
        at = chance.randrange(len(good) // PAGE) * PAGE
        spoilt = chance.choice([chance.randbytes(PAGE), bytes(PAGE)])
        path.write_bytes(good[:at] + spoilt + good[at + PAGE :])
        before = shape(folder)
        assert told(path), f"page {at // PAGE}, CORRUPT_SEED={SEED}"
        assert shape(folder) == before
    print(f"corrupt={N} unnoticed=0")


def test_rotten_bits_never_crash(ledger: Path, tmp_path: Path, shape: Tell) -> None:
    chance = random.Random(SEED + 1)
    good, folder = ledger.read_bytes(), tmp_path / "bad"
    folder.mkdir()
    path, noticed = folder / "bad.db", 0
    for _ in range(N):
        rotten = bytearray(good)
        if chance.random() < 0.5:
            rotten[chance.randrange(len(good))] ^= 1 << chance.randrange(8)
        else:
            at = chance.randrange(len(good) - 16)
            rotten[at : at + 16] = chance.randbytes(16)
        path.write_bytes(rotten)
        before = shape(folder)
        noticed += told(path)
        assert shape(folder) == before
    print(f"rotten={N} noticed={noticed} CORRUPT_SEED={SEED}")


def test_a_cut_file_is_always_noticed(ledger: Path, tmp_path: Path, shape: Tell) -> None:
    good, folder = ledger.read_bytes(), tmp_path / "bad"
    folder.mkdir()
    path = folder / "bad.db"
    cuts = {0, 1, 16, 99, 100, PAGE // 2, len(good) - 1}
    for page in range(1, len(good) // PAGE):
        cuts |= {page * PAGE, page * PAGE - 1, page * PAGE + PAGE // 2}
    for cut in sorted(cuts):
        path.write_bytes(good[:cut])
        before = shape(folder)
        assert told(path), f"cut at {cut}"
        assert shape(folder) == before


@pytest.mark.parametrize("tail", [b"\0", bytes(PAGE), b"appended"])
def test_a_lengthened_file_does_no_harm(ledger: Path, tmp_path: Path, tail: bytes, shape: Tell) -> None:
    path = Path(shutil.copyfile(ledger, tmp_path / "long.db"))
    path.write_bytes(path.read_bytes() + tail)
    before = path.read_bytes()
    told(path)
    assert path.read_bytes() == before
