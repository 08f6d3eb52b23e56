"""Tests of the latch: who is in there, and whether the last one left in order."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from models.errors import Busy
from models.store.latch import Latch


def entered(path: Path) -> Latch:
    latch = Latch(path)
    latch.enter()
    latch.settle()
    return latch


def test_many_may_be_in_there_and_none_of_them_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    first, second = entered(path), entered(path)
    assert not first.alone
    assert not second.alone
    alone = Latch(path)
    with pytest.raises(Busy):
        alone.enter_alone(wait=0)
    first.leave()
    second.leave()
    last = Latch(path)
    last.enter_alone(wait=0)
    assert not last.unclean
    last.leave()


def test_while_one_is_alone_nobody_enters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.store.latch.WAIT", 0.05)
    alone = Latch(tmp_path / "a.db")
    alone.enter_alone()
    late = Latch(tmp_path / "a.db")
    with pytest.raises(Busy):
        late.enter()
    alone.leave()


def test_who_comes_while_another_is_opening_waits_for_it(tmp_path: Path) -> None:
    opening = Latch(tmp_path / "a.db")
    opening.enter()
    assert opening.alone
    threading.Timer(0.2, opening.settle).start()
    second = Latch(tmp_path / "a.db")
    second.enter()
    assert not second.alone
    assert not second.unclean
    second.leave()
    opening.leave()


def test_only_the_death_of_the_last_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    staying = entered(path)
    child = os.fork()
    if child == 0:
        entered(path)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    staying.leave()
    found = Latch(path)
    found.enter()
    assert not found.unclean
    found.leave(clean=False)


def test_a_death_is_seen_until_somebody_leaves_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    child = os.fork()
    if child == 0:
        entered(path)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    for _ in range(2):
        refused = Latch(path)
        refused.enter()
        assert refused.unclean
        refused.leave(clean=False)
    entered(path).leave()
    after = Latch(path)
    after.enter()
    assert not after.unclean
    after.leave()


def test_a_spoilt_lock_file_is_made_anew_and_counts_as_left_open(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    (tmp_path / "a.db.lock").write_bytes(b"garbage" * 2000)
    latch = Latch(path)
    latch.enter()
    assert latch.unclean
    latch.leave()


def test_many_starts_at_once_see_no_death(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    wrong: list[str] = []

    def start() -> None:
        for _ in range(5):
            latch = Latch(path)
            latch.enter()
            if latch.unclean:
                wrong.append("unclean")
            time.sleep(0.001)
            latch.settle()
            latch.leave()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
