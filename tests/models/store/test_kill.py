"""Tests of kill -9 at random moments and at every step of backup, restore and migration (R03, R04, R05).

KILLS sets how many (30 here, more by night), KILL_SEED repeats a run; both are printed.
"""

import hashlib
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from models import sqlite
from models.errors import OfficeError
from models.store import GateRefused, Reason, Why, backup, list_backups, migrate, open_office, restore, verify
from models.store.restore import STEPS

pytestmark = [
    pytest.mark.crash,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]

KILLS = int(os.environ.get("KILLS", "30"))
SEED = int(os.environ.get("KILL_SEED", str(random.randrange(1 << 32))))

Attach = Callable[[Path, bytes], Path]
Write = Callable[[Path, str], None]


def child_of(work: Callable[[], object], acked: Path) -> int:
    """Start a process that does the work, says so in a file, and ends."""
    child = os.fork()
    if child:
        return child
    try:
        work()
        acked.write_text("done")
    except OfficeError as error:
        acked.with_suffix(".refused").write_text(str(error))
    finally:
        os._exit(0)


def kill_at_random(chance: random.Random, span: float, work: Callable[[], object], acked: Path) -> bool:
    """Kill the work somewhere within its usual time; return whether it had said that it was done."""
    child = child_of(work, acked)
    time.sleep(chance.uniform(0, span * 1.2))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    refused = acked.with_suffix(".refused")
    assert not refused.exists(), refused.read_text()
    done = acked.exists()
    acked.unlink(missing_ok=True)
    return done


def usual_time(work: Callable[[], object], acked: Path) -> float:
    """Measure the work in a child of its own, best of three."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        os.waitpid(child_of(work, acked), 0)
        times.append(time.perf_counter() - began)
        assert acked.exists()
        acked.unlink()
    return min(times)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_killed_backup_leaves_no_bad_one(ledger: Path, tmp_path: Path, attach: Attach) -> None:
    attach(ledger, os.urandom(300_000))
    folder, acked = tmp_path / "backups", tmp_path / "acked"
    chance, said, done = random.Random(SEED), 0, 0

    def work() -> None:
        backup(ledger, folder, Why.EXIT)

    span = usual_time(work, acked)
    known = {path: digest(path) for path in folder.glob("*.pcbak")}
    for _ in range(KILLS):
        said += kill_at_random(chance, span, work, acked)
        found = {path: digest(path) for path in folder.glob("*.pcbak")}
        assert {path: found.get(path) for path in known} == known, f"KILL_SEED={SEED}"
        for path in set(found) - set(known):
            verify(path)
            done += 1
        assert all(entry.verified_at and not entry.problem for entry in list_backups(folder))
        known = found
    assert done >= said
    backup(ledger, folder, Why.EXIT)
    assert not list(folder.glob("*.part"))
    print(f"backup kills={KILLS} acked={said} lost=0 corrupt=0 KILL_SEED={SEED}")


@pytest.fixture
def two_states(ledger: Path, tmp_path: Path, attach: Attach, write: Write) -> tuple[Path, Path]:
    """A backup, and a database (with an attachment more) that went on since."""
    attach(ledger, os.urandom(200_000))
    made = backup(ledger, tmp_path / "backups", Why.MANUAL).path
    write(ledger, "after the backup")
    attach(ledger, os.urandom(100_000))
    return made, ledger


def fresh(old: Path, folder: Path) -> Path:
    """Put a copy of the old office, attachments included, into a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(old.parent, folder, ignore=shutil.ignore_patterns("*.lock"))
    return folder / old.name


def is_new(target: Path, old: str, new: str) -> bool:
    """Open after a crash; return whether the new database is there, having seen that all is in order."""
    open_office(target).close()
    found = digest(target)
    assert found in (old, new)
    attached = [path for path in target.with_name(target.name + ".files").rglob("*") if path.is_file()]
    assert len(attached) == (1 if found == new else 2)
    assert not list(target.parent.glob("*restore*"))
    aside = [path for path in target.parent.glob("*set-aside*") if path.is_file()]
    assert [digest(path) for path in aside] == ([old] if found == new else [])
    return found == new


def test_a_killed_restore_leaves_the_old_or_the_new(two_states: tuple[Path, Path], tmp_path: Path) -> None:
    made, ledger = two_states
    old, new = digest(ledger), verify(made).manifest.sha256
    acked, folder = tmp_path / "acked", tmp_path / "target"
    target = fresh(ledger, folder)
    span = usual_time(lambda: restore(made, target), acked)
    chance, said, news = random.Random(SEED + 1), 0, 0
    for _ in range(KILLS):
        target = fresh(ledger, folder)
        done = kill_at_random(chance, span, lambda target=target: restore(made, target), acked)
        there = is_new(target, old, new)
        assert there or not done, f"KILL_SEED={SEED}"
        said, news = said + done, news + there
    print(f"restore kills={KILLS} acked={said} new={news} old={KILLS - news} lost=0 KILL_SEED={SEED}")


def crash_at(step: str, made: Path, target: Path) -> None:
    child = os.fork()
    if child == 0:
        os.environ["RESTORE_CRASH_AT"] = step
        restore(made, target)
        os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


@pytest.mark.parametrize("step", STEPS)
def test_a_restore_killed_at_a_step_leaves_the_old_or_the_new(
    two_states: tuple[Path, Path], tmp_path: Path, step: str
) -> None:
    made, ledger = two_states
    old, new = digest(ledger), verify(made).manifest.sha256
    target = fresh(ledger, tmp_path / "target")
    crash_at(step, made, target)
    assert is_new(target, old, new) is (STEPS.index(step) >= STEPS.index("journal"))


@pytest.mark.parametrize("step", STEPS)
def test_a_restore_to_an_empty_place_killed_at_a_step_is_finished_or_never_was(
    two_states: tuple[Path, Path], tmp_path: Path, step: str
) -> None:
    made, target = two_states[0], tmp_path / "target" / "office.db"
    crash_at(step, made, target)
    if STEPS.index(step) >= STEPS.index("journal"):
        open_office(target).close()
        assert digest(target) == verify(made).manifest.sha256
        return
    with pytest.raises(GateRefused) as refused:
        open_office(target)
    assert refused.value.reason is Reason.MISSING
    restore(made, target)
    assert sorted(left.name for left in target.parent.iterdir()) == [
        "office.db", "office.db.files", "office.db.lock"
    ]  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_a_restore_over_a_broken_database_killed_at_a_step_can_be_done_again(
    two_states: tuple[Path, Path], tmp_path: Path, step: str
) -> None:
    made, ledger = two_states
    target = fresh(ledger, tmp_path / "target")
    target.write_bytes(b"broken" * 1000)
    crash_at(step, made, target)
    restore(made, target)
    open_office(target).close()
    assert digest(target) == verify(made).manifest.sha256
    broken = [path for path in target.parent.glob("*set-aside*") if path.is_file()]
    assert digest(ledger) not in [digest(path) for path in broken]
    assert b"broken" * 1000 in [path.read_bytes() for path in broken]


def test_a_killed_recovery_is_itself_recovered(two_states: tuple[Path, Path], tmp_path: Path) -> None:
    made, ledger = two_states
    old, new = digest(ledger), verify(made).manifest.sha256
    target = fresh(ledger, tmp_path / "target")
    for step in STEPS[3:-1]:
        child = os.fork()
        if child == 0:
            os.environ["RESTORE_CRASH_AT"] = step
            if step == "journal":
                restore(made, target)
            open_office(target)
            os._exit(0)
        assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert is_new(target, old, new)


def test_a_killed_migration_leaves_the_schema_before_or_after(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts, acked = tmp_path / "migrations", tmp_path / "acked"
    shutil.copytree(migrate.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    first = migrate.latest() + 1
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    for number in (first, first + 1):
        (scripts / f"{number:04d}_more.py").write_text(
            "def up(migrator, db):\n"
            f"    db.execute_sql('CREATE TABLE more{number}(a)')\n"
            f"    db.execute_sql('INSERT INTO more{number} SELECT words FROM test_line')\n"
        )
    target = fresh(ledger, tmp_path / "target")
    span = usual_time(lambda: open_office(target).close(), acked)
    chance, after = random.Random(SEED + 2), 0
    for _ in range(KILLS):
        target = fresh(ledger, tmp_path / "target")
        kill_at_random(chance, span * 3, lambda target=target: open_office(target).close(), acked)
        with sqlite.connect(target, "rw") as source:
            version, there = sqlite.user_version(source), sqlite.row_counts(source)
        source.close()
        assert version in (first - 1, first, first + 1), f"KILL_SEED={SEED}"
        wanted = [number for number in (first, first + 1) if number <= version]
        assert [number for number in (first, first + 1) if f"more{number}" in there] == wanted
        assert all(there[f"more{number}"] == 3000 for number in wanted)
        after += bool(wanted)
        with open_office(target):
            pass
        kept = [verify(entry.path).manifest.schema for entry in list_backups(target.parent / "backups")]
        assert first - 1 in kept
    print(f"migration kills={KILLS} after={after} before={KILLS - after} corrupt=0 KILL_SEED={SEED}")
