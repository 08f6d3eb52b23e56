"""A small real office file to break, back up and restore: real migrations plus rows of our own to count."""

import contextlib
import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from models.store import create_office

Shape = dict[str, tuple[int, str]]


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "office.db"
    create_office(path)
    with contextlib.closing(sqlite3.connect(path)) as source:
        source.executescript(
            "CREATE TABLE test_house(id INTEGER PRIMARY KEY, code TEXT);"
            "CREATE TABLE test_line(id INTEGER PRIMARY KEY, house INTEGER REFERENCES test_house, words TEXT);"
        )
        with source:
            source.executemany("INSERT INTO test_house VALUES(?,?)", [(n, f"1-1-{n}") for n in range(200)])
            source.executemany(
                "INSERT INTO test_line VALUES(?,?,?)", [(n, n % 200, f"第{n}行" * 20) for n in range(3000)]
            )
    return path


@pytest.fixture
def ledger(_template: Path, tmp_path: Path) -> Path:
    """An office file with some hundred pages, in a folder of its own."""
    folder = tmp_path / "office"
    folder.mkdir()
    return Path(shutil.copyfile(_template, folder / "office.db"))


@pytest.fixture
def attach() -> Callable[[Path, bytes], Path]:
    """Put an attachment beside a database, under its digest."""

    def put(path: Path, content: bytes) -> Path:
        name = hashlib.sha256(content).hexdigest()
        kept = path.with_name(path.name + ".files") / name[:2] / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(content)
        return kept

    return put


@pytest.fixture
def shape() -> Callable[[Path], Shape]:
    """Tell size and digest of every file in a folder but lock files, to see that nothing was written."""

    def tell(folder: Path) -> Shape:
        return {
            str(path.relative_to(folder)): (
                path.stat().st_mtime_ns,
                hashlib.sha256(path.read_bytes()).hexdigest(),
            )
            for path in folder.rglob("*")
            if path.is_file() and not path.name.endswith(".lock")
        }

    return tell


@pytest.fixture
def write() -> Callable[[Path, str], None]:
    """Commit one more row to a database, past the program."""

    def put(path: Path, words: str) -> None:
        with contextlib.closing(sqlite3.connect(path)) as source, source:
            source.execute("INSERT INTO test_line(house, words) VALUES(1, ?)", (words,))

    return put


@pytest.fixture
def lines() -> Callable[[Path], int]:
    """Count the rows of the table that tests write to."""

    def count(path: Path) -> int:
        with contextlib.closing(sqlite3.connect(path)) as source:
            return int(source.execute("SELECT count(*) FROM test_line").fetchone()[0])

    return count
