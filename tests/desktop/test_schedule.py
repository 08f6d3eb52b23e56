from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop import modules
from desktop.schedule import Keeper, is_due
from models.deeds import DEEDS
from models.store import Why

NOON = datetime(2026, 11, 23, 13, 0)


@pytest.mark.parametrize(
    ("at", "last", "due"),
    [
        ("12:30", None, True),
        ("12:30", datetime(2026, 11, 23, 12, 31), False),
        ("12:30", datetime(2026, 11, 23, 12, 29), True),
        ("18:00", datetime(2026, 11, 22, 18, 1), False),
        ("18:00", datetime(2026, 11, 22, 17, 59), True),
        ("12:30", datetime(2026, 11, 1, 9, 0), True),
        ("", None, False),
        ("25:99", None, False),
    ],
)
def test_the_daily_backup_is_due_once_after_its_time_and_made_up_when_missed(
    at: str, last: datetime | None, due: bool
) -> None:
    assert is_due(at, last, NOON) is due


def test_a_moment_with_a_zone_is_compared_as_local_time() -> None:
    last = datetime(2026, 11, 23, 12, 31).astimezone().astimezone(UTC)
    assert is_due("12:30", last, NOON) is False


def test_nothing_is_backed_up_twice_while_nothing_changes(office: Path) -> None:
    keeper = Keeper(office)
    assert keeper.by_itself(Why.EXIT) is not None
    assert keeper.by_itself(Why.EXIT) is None
    modules.load()
    DEEDS["owners.add_community"].call(None, {"name": "青枫苑"})
    assert keeper.by_itself(Why.DAILY) is not None
    assert [one.why for one in keeper.backups()] == [Why.DAILY, Why.EXIT]


def test_a_chosen_folder_is_remembered_for_its_database(office: Path, tmp_path: Path) -> None:
    Keeper(office).choose_folder(tmp_path / "elsewhere")
    assert Keeper(office).folder() == tmp_path / "elsewhere"
    assert Keeper(tmp_path / "other.db").folder() == tmp_path / "backups"
