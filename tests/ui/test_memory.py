from typing import Any

import pytest

from ui.memory import Memory


class Shelf:
    """A shelf in the hand."""

    def __init__(self, **told: Any) -> None:
        self.told, self.written = told, 0

    def read(self) -> dict[str, Any]:
        return dict(self.told)

    def write(self, told: dict[str, Any]) -> None:
        self.told, self.written = dict(told), self.written + 1


def test_changes_are_gathered_and_written_by_themselves(qtbot: Any) -> None:
    shelf = Shelf(old=1)
    memory = Memory(shelf)
    for width in range(50):
        memory.put("width", width)
    assert shelf.written == 0
    qtbot.waitUntil(lambda: shelf.written == 1, timeout=3000)
    assert shelf.told == {"old": 1, "width": 49}


def test_what_is_asked_for_late_is_read_when_it_is_written() -> None:
    shelf = Shelf()
    memory = Memory(shelf)
    at = [1]
    memory.later("at", memory, lambda: at[0])
    at[0] = 2
    memory.flush()
    assert shelf.told == {"at": 2}
    memory.flush()
    assert shelf.written == 1


def test_a_value_is_known_at_once_and_forgotten_by_none() -> None:
    memory = Memory(Shelf())
    memory.put("a", [1])
    assert memory.get("a", []) == [1]
    memory.put("a", None)
    assert memory.get("a", []) == []


@pytest.mark.parametrize("value", [7, "x", None, [1], {"a": 1}])
def test_a_value_of_another_type_gives_way_to_the_default(value: Any) -> None:
    memory = Memory(Shelf(here=value))
    assert memory.get("here", 1.5) == 1.5


def test_all_of_a_kind_is_forgotten_at_once() -> None:
    shelf = Shelf(**{"columns.bills": [1], "columns.units": [2], "layout": {}})
    Memory(shelf).forget("columns.")
    assert shelf.told == {"layout": {}}
