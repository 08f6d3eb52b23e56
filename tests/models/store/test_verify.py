"""Tests of verifying: what is inside is taken out and examined, whatever the manifest claims."""

import contextlib
import dataclasses
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import Cancelled, StorageRefused
from models.store import Why, backup, contents, files, list_backups, migrate, verify
from models.store.container import DATABASE, Writer
from models.store.manifest import Manifest

Change = Callable[[sqlite3.Connection], object]


def forged(ledger: Path, folder: Path, change: Change | None = None, **claims: object) -> Path:
    """Write a sealed backup whose manifest describes the office before `change`, or claims otherwise."""
    with contextlib.closing(sqlite3.connect(ledger)) as source:
        inside = contents.read(source)
        if change is not None:
            change(source)
            source.commit()
    told = Manifest(
        made_at=datetime.now(UTC), why=Why.MANUAL, office="x", program="1", schema=inside.schema,
        size=ledger.stat().st_size, sha256=files.digest(ledger), rows=inside.rows, change_counter=1,
        audit=inside.audit,
    )  # fmt: skip
    path = folder / "forged.pcbak"
    with path.open("w+b") as file, files.reading(ledger) as raw, Writer(file, None, {}) as writer:
        writer.add(DATABASE, told.size, files.chunks(raw))
        writer.finish(dataclasses.replace(told, **claims))  # type: ignore[arg-type]
    return path


def test_a_true_backup_is_verified_and_marked(ledger: Path, tmp_path: Path) -> None:
    path = forged(ledger, tmp_path)
    assert list_backups(tmp_path)[0].verified_at is None
    report = verify(path)
    assert not report.encrypted
    assert list_backups(tmp_path)[0].verified_at is not None


def _orphan(source: sqlite3.Connection) -> object:
    return source.execute("UPDATE test_line SET house=777 WHERE id=5")


def _one_row_less(source: sqlite3.Connection) -> object:
    return source.execute("DELETE FROM test_line WHERE id=5")


def _foreign(source: sqlite3.Connection) -> object:
    return source.execute("PRAGMA application_id=0")


def _newer(source: sqlite3.Connection) -> object:
    return source.execute(f"PRAGMA user_version={migrate.latest() + 1}")


@pytest.mark.parametrize(
    ("change", "words"),
    [(_orphan, "指向不存在"), (_one_row_less, "行数"), (_foreign, "不是本软件"), (_newer, "请升级软件")],
)
def test_what_does_not_hold_inside_is_refused(
    ledger: Path, tmp_path: Path, change: Change, words: str
) -> None:
    with pytest.raises(StorageRefused, match=words):
        verify(forged(ledger, tmp_path, change))


def test_a_broken_page_under_a_right_digest_is_refused(ledger: Path, tmp_path: Path) -> None:
    def spoil(source: sqlite3.Connection) -> None:
        with ledger.open("r+b") as file:
            file.seek(40 * 4096)
            file.write(b"\xff" * 4096)

    with pytest.raises(StorageRefused, match="不能用"):
        verify(forged(ledger, tmp_path, spoil))


def test_another_digest_is_refused(ledger: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageRefused, match="内容与备份时不同"):
        verify(forged(ledger, tmp_path, sha256="0" * 64))


def test_another_audit_head_is_refused(ledger: Path, tmp_path: Path) -> None:
    from models.store.manifest import AuditHead

    with pytest.raises(StorageRefused, match="审计记录与清单不符"):
        verify(forged(ledger, tmp_path, audit=AuditHead(3, "0" * 64)))


def test_a_damaged_backup_loses_its_mark(ledger: Path, tmp_path: Path) -> None:
    made = backup(ledger, tmp_path, Why.MANUAL)
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(StorageRefused):
        verify(made.path)
    assert list_backups(tmp_path)[0].verified_at is None


def test_verifying_leaves_nothing_behind(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup(ledger, tmp_path, Why.MANUAL)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    verify(made.path)
    with pytest.raises(Cancelled):
        verify(made.path, cancelled=lambda: True)
    assert list(scratch.iterdir()) == []
