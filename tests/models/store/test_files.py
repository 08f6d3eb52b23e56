"""Tests of raw reading and durable writing."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import Cancelled, StorageRefused
from models.store import files
from models.store.files import Course

_CAN_WRITE = (
    "import sqlite3, sys\n"
    "source = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)\n"
    "try: source.execute('BEGIN IMMEDIATE'); print('free')\n"
    "except sqlite3.OperationalError: print('locked')"
)


def _others_see(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", _CAN_WRITE, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_raw_reading_beside_an_open_database_keeps_its_locks(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    source = sqlite3.connect(path, isolation_level=None)
    source.execute("CREATE TABLE t(a)")
    files.hold(path)
    source.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        assert len(files.digest(path)) == 64
        with files.reading(path) as descriptor:
            files.read_at(descriptor, 0, 16)
    assert _others_see(path) == "locked"
    source.execute("ROLLBACK")
    source.close()
    files.let_go(path)
    assert _others_see(path) == "free"


def test_the_kept_descriptor_is_closed_with_the_database(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"x")
    files.hold(path)
    with files.reading(path) as first:
        pass
    with files.reading(path) as second:
        assert second == first
    files.let_go(path)
    with pytest.raises(OSError):
        os.fstat(first)


def test_two_readers_of_one_descriptor_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(bytes(range(256)) * 100_000)
    files.hold(path)
    with files.reading(path) as descriptor:
        pieces = files.chunks(descriptor)
        found = b""
        for piece in pieces:
            found += piece
            files.read_at(descriptor, 0, 100)
    files.let_go(path)
    assert found == path.read_bytes()


def test_a_part_of_a_file_is_read_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"0123456789")
    with files.reading(path) as descriptor:
        assert b"".join(bytes(piece) for piece in files.chunks(descriptor, 3, 4)) == b"3456"
        assert b"".join(bytes(piece) for piece in files.chunks(descriptor, 8, 9)) == b"89"


@pytest.mark.parametrize(("left", "right", "differs"), [(b"abc", b"abc", False), (b"abc", b"abd", True),
                                                        (b"abc", b"ab", True)])  # fmt: skip
def test_two_files_are_told_apart(tmp_path: Path, left: bytes, right: bytes, differs: bool) -> None:
    (tmp_path / "l").write_bytes(b"--" + left)
    (tmp_path / "r").write_bytes(b"-" + right)
    with files.reading(tmp_path / "l") as one, files.reading(tmp_path / "r") as other:
        assert files.differ(one, 2, other, 1, 3) is differs


def test_a_small_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for text in ("一", "二"):
        files.write_whole(path, text)
        assert path.read_text("utf-8") == text
    assert list(tmp_path.iterdir()) == [path]


def test_too_little_space_is_told_before_beginning(tmp_path: Path) -> None:
    with pytest.raises(StorageRefused, match="磁盘空间不足，不能备份"):
        files.need_space(tmp_path, 1 << 60, "备份")


def test_only_what_nobody_is_writing_is_abandoned(tmp_path: Path) -> None:
    dead = tmp_path / "dead.part"
    dead.touch()
    with files.make_private(tmp_path / "alive.part"):
        assert files.remove_abandoned(tmp_path.glob("*.part")) == [dead]
    assert [left.name for left in tmp_path.iterdir()] == ["alive.part"]


def test_a_course_counts_and_can_be_left() -> None:
    seen: list[tuple[int, int]] = []
    stop = [False]
    course = Course(10, lambda done, total: seen.append((done, total)), lambda: stop[0])
    course.advance(4)
    course.advance(8)
    assert seen == [(4, 10), (10, 10)]
    stop[0] = True
    with pytest.raises(Cancelled):
        course.advance(1)
