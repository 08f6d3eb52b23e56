"""Tests of the list of backups and of which may go (R30)."""

import os
import shutil
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models.errors import StorageRefused
from models.store import Entry, Why, backup, entry, files, list_backups, thin_out
from models.store.listing import outdated, tidy

Told = tuple[float, str] | tuple[float, str, bool]
NOW = datetime(2026, 11, 23, 18, 0).astimezone()


def entries(*told: Told) -> list[Entry]:
    """Make entries from (days ago, why, verified)."""
    made = []
    for number, (days, why, *rest) in enumerate(told):
        at = NOW - timedelta(days=days)
        sound = not rest or rest[0]
        made.append(Entry(Path(f"{number}"), 1, at, Why(why), verified_at=at if sound else None))
    return made


def gone(*told: Told) -> list[int]:
    return sorted(int(entry.path.name) for entry in outdated(entries(*told), NOW))


# NOW is a Monday. Of each table the numbers of the rows that go.
TABLE: list[tuple[str, list[Told], list[int]]] = [
    ("nothing", [], []),
    ("one", [(400, "exit")], []),
    (
        "all of the last two days",
        [(0, "exit"), (0.1, "exit"), (0.2, "daily"), (1.9, "exit"), (1.95, "exit")],
        [],
    ),
    ("the newest of an older day", [(0, "exit"), (5.0, "exit"), (5.1, "exit"), (5.2, "exit")], [2, 3]),
    ("two in one second", [(0, "exit"), (5, "exit"), (5, "exit")], [2]),
    ("days of one week", [(0, "exit"), (8, "daily"), (9, "daily"), (10, "daily")], []),
    (
        "manual ones always",
        [(0, "exit"), (5.0, "exit"), (5.1, "manual"), (900, "manual"), (901, "manual")],
        [],
    ),
    ("before a migration always", [(0, "exit"), (5.0, "exit"), (5.1, "premigrate"), (900, "premigrate")], []),
    ("before a restore always", [(0, "exit"), (5.0, "exit"), (5.1, "prerestore")], []),
    ("before an import not", [(0, "exit"), (5.0, "exit"), (5.1, "import")], [2]),
    ("before a closing not", [(0, "exit"), (5.0, "exit"), (5.1, "close")], [2]),
    ("the newest verified always", [(900, "exit"), (900.1, "exit")], [1]),
    ("the newest verified though a newer is not", [(0, "exit", False), (900, "exit"), (900.1, "exit")], [2]),
    ("never one that was not verified", [(0, "exit"), (900, "exit", False), (900.1, "exit", False)], []),
    ("an unverified one is nobody's stand-in", [(0, "exit"), (5.0, "exit", False), (5.1, "exit")], []),
    ("from the future", [(-400, "exit"), (-399.9, "exit"), (-1, "exit"), (0, "exit")], []),
    ("clock set back by two years", [(-730, "exit"), (-730.1, "exit"), (-720, "daily")], []),
    ("clock set forward by a year", [(365, "exit"), (365.1, "exit"), (365.2, "manual"), (366, "exit")], [1]),
    ("a future one is the newest", [(-400, "exit"), (500, "exit"), (500.1, "exit")], [2]),
    ("two days to the second", [(0, "exit"), (2.0, "exit"), (2.001, "exit"), (2.002, "exit")], [2, 3]),
    ("manual ones do not stand in for others", [(0, "exit"), (5.1, "exit"), (5.0, "manual")], []),
]


@pytest.mark.parametrize(("name", "told", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_which_may_go(name: str, told: list[Told], expected: list[int]) -> None:
    assert gone(*told) == expected


@pytest.mark.parametrize("order", range(20))
def test_the_order_of_the_list_does_not_matter(order: int) -> None:
    import random

    chance = random.Random(order)
    made = entries(*[(day / 3 + 0.01, "exit") for day in range(600)])
    expected = {entry.path for entry in outdated(made, NOW)}
    chance.shuffle(made)
    assert {entry.path for entry in outdated(made, NOW)} == expected


def test_years_of_daily_backups_shrink_to_a_few() -> None:
    made = entries(*[(day + 0.01, "exit") for day in range(1500)])
    drop = outdated(made, NOW)
    stay = [entry for entry in made if entry not in drop]
    ages = [(NOW - entry.made_at).days for entry in stay]
    assert ages[:12] == list(range(12))
    assert len({entry.made_at.strftime("%Y-%m") for entry in stay}) in (12, 13)
    assert 320 < ages[-1] < 400
    assert len(stay) < 12 * 3 + 3
    assert outdated(stay, NOW) == []


def test_thinning_day_by_day_keeps_every_month() -> None:
    made: list[Entry] = []
    for day in range(500):
        now = NOW + timedelta(days=day)
        made.append(Entry(Path(str(day)), 1, now, Why.DAILY, verified_at=now))
        drop = outdated(made, now)
        made = [entry for entry in made if entry not in drop]
    months = {entry.made_at.strftime("%Y-%m") for entry in made}
    assert len(months) >= 12
    assert len(made) < 12 * 3 + 3


def test_the_list_shows_what_is_verified_and_what_is_not(ledger: Path, tmp_path: Path) -> None:
    made = backup(ledger, tmp_path, Why.EXIT, now=NOW)
    locked = backup(ledger, tmp_path, Why.MANUAL, now=NOW - timedelta(days=1), password="x")
    copied = Path(shutil.copyfile(made.path, tmp_path / "copied.pcbak"))
    os.utime(copied, (time.time() - 50, time.time() - 50))
    (tmp_path / "broken.pcbak").write_bytes(b"half")
    (tmp_path / "half.pcbak.part").write_bytes(b"half")
    (tmp_path / "folder.pcbak").mkdir()
    found = {entry.path.name: entry for entry in list_backups(tmp_path)}
    assert set(found) == {made.path.name, locked.path.name, "copied.pcbak", "broken.pcbak"}
    assert found[made.path.name] == made
    assert found[locked.path.name].encrypted
    assert found[locked.path.name].why is Why.MANUAL
    assert found[locked.path.name].verified_at is not None
    assert found["copied.pcbak"].verified_at is None
    assert found["copied.pcbak"].office == "office"
    assert "请换一个备份文件" in found["broken.pcbak"].problem
    assert found["broken.pcbak"].protected


def test_an_exchanged_file_loses_its_mark(ledger: Path, tmp_path: Path) -> None:
    made = backup(ledger, tmp_path, Why.EXIT)
    content = made.path.read_bytes()
    made.path.unlink()
    made.path.write_bytes(content)
    assert list_backups(tmp_path)[0].verified_at is None


def test_spoilt_notes_only_cost_the_marks(ledger: Path, tmp_path: Path) -> None:
    backup(ledger, tmp_path, Why.EXIT)
    for text in ("", "[]", '{"a": 1}', '{"a": {"verified": "x"}}', "\0"):
        (tmp_path / ".verified.json").write_text(text)
        assert [entry.verified_at for entry in list_backups(tmp_path)] == [None]


def test_a_missing_folder_has_no_backups(tmp_path: Path) -> None:
    assert list_backups(tmp_path / "gone") == []
    assert thin_out(tmp_path / "gone", lambda one: True) == []


def test_thinning_deletes_files_and_what_was_left_half_written(ledger: Path, tmp_path: Path) -> None:
    backup(ledger, tmp_path, Why.EXIT, now=NOW)
    kept = backup(ledger, tmp_path, Why.EXIT, now=NOW - timedelta(days=5))
    old = backup(ledger, tmp_path, Why.EXIT, now=NOW - timedelta(days=5.1))
    manual = backup(ledger, tmp_path, Why.MANUAL, now=NOW - timedelta(days=800))
    (tmp_path / "dead.pcbak.part").touch()
    assert set(thin_out(tmp_path, lambda one: one.office == "另一处", NOW)) == {tmp_path / "dead.pcbak.part"}
    (tmp_path / "dead.pcbak.part").touch()
    assert set(thin_out(tmp_path, lambda one: one.office == "office", NOW)) == {
        old.path,
        tmp_path / "dead.pcbak.part",
    }
    assert {kept.path, manual.path} < {entry.path for entry in list_backups(tmp_path)}


def test_a_backup_in_the_making_is_not_tidied_away(tmp_path: Path) -> None:
    with files.make_private(tmp_path / "live.pcbak.part"):
        assert tidy(tmp_path) == []
    assert tidy(tmp_path) == [tmp_path / "live.pcbak.part"]


def test_restoring_thins_nothing_out(ledger: Path, tmp_path: Path, shape: Callable[[Path], object]) -> None:
    from models.store import restore

    for days in (0, 5, 5.1, 900):
        made = backup(ledger, tmp_path / "kept", Why.EXIT, now=NOW - timedelta(days=days))
    before = shape(tmp_path / "kept")
    restore(made.path, ledger)
    assert shape(tmp_path / "kept") == before


def test_a_backup_that_was_unplugged_meanwhile_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(StorageRefused, match="读取备份"):
        entry(tmp_path / "gone.pcbak")
