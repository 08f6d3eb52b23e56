import base64
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMainWindow, QTabBar, QWidget

from desktop import settings
from tests.ui.conftest import pause
from ui.docks import KEPT, Docks
from ui.memory import Memory

Settle = Callable[[], None]
Make = Callable[[Any], Docks]


@pytest.fixture
def make(qtbot: Any) -> Iterator[Make]:
    made: list[QMainWindow] = []

    def build(shelf: Any = None) -> Docks:
        window = QMainWindow()
        window.setObjectName("window")
        docks = Docks(window, Memory(shelf))
        for name in ("desk", "owners", "fees", "office"):
            docks.add(name, name.title(), QWidget())
        window.resize(760, 500)  # the screen that nobody sees has 800 × 600
        docks.restore()
        window.show()
        pause(20)
        made.append(window)
        return docks

    yield build
    for window in made:
        window.close()
        window.deleteLater()


def shelf() -> settings.Shelf:
    return settings.shelf_of("青枫苑", 1)


def told(docks: Docks) -> dict[str, Any]:
    docks._memory.flush()
    return dict(shelf().read()[KEPT])


def test_at_first_only_the_desk_is_open(make: Make) -> None:
    docks = make(None)
    assert list(docks.open()) == ["desk"]
    assert docks.current == "desk"


def test_what_is_split_floats_and_is_closed_comes_back_at_the_next_start(make: Make) -> None:
    docks = make(shelf())
    docks.raise_dock("owners")
    docks.raise_dock("fees")
    docks.split(Qt.Orientation.Horizontal)
    docks.raise_dock("office")
    docks.float_dock()
    docks.raise_dock("fees")
    pause(20)
    wide = docks.all["fees"].width()
    docks._memory.flush()  # nobody closes it in good order

    again = make(shelf())
    assert set(again.open()) == {"desk", "owners", "fees", "office"}
    assert again.all["office"].isFloating()
    assert again.window.tabifiedDockWidgets(again.all["fees"]) == []
    assert again.current == "fees"
    assert abs(again.all["fees"].width() - wide) <= 2
    again.raise_dock("owners")
    again.close()
    again._memory.flush()
    assert "owners" not in set(make(shelf()).open())


def test_a_layout_is_kept_by_itself_soon_after_a_change(make: Make, qtbot: Any) -> None:
    docks = make(shelf())
    docks.raise_dock("fees")
    qtbot.waitUntil(lambda: KEPT in shelf().read(), timeout=3000)
    before = told(docks)
    docks.window.resize(700, 400)
    qtbot.waitUntil(lambda: told(docks) != before, timeout=3000)


def test_a_window_that_is_locked_away_rests(make: Make) -> None:
    docks = make({})
    docks.raise_dock("fees")
    pause(50)
    entered: list[str] = []
    docks.entered.connect(entered.append)
    docks.window.hide()
    pause(100)
    assert not entered and docks.current == "fees"
    docks.window.show()
    pause(50)
    assert docks.current == "fees" and len(entered) <= 1


def test_the_default_layout_is_one_verb_away(make: Make) -> None:
    docks = make(None)
    docks.raise_dock("fees")
    docks.split(Qt.Orientation.Vertical)
    docks.raise_dock("owners")
    docks.float_dock()
    docks.reset()
    pause(20)
    assert list(docks.open()) == ["desk"]
    docks.raise_dock("fees")
    pause(20)
    assert docks.all["desk"] in docks.window.tabifiedDockWidgets(docks.all["fees"])


def test_a_floating_dock_is_taken_back_to_the_tabs(make: Make) -> None:
    docks = make(None)
    docks.raise_dock("fees")
    docks.float_dock()
    assert docks.all["fees"].isFloating()
    docks.float_dock()
    pause(20)
    assert not docks.all["fees"].isFloating()
    assert docks.all["desk"] in docks.window.tabifiedDockWidgets(docks.all["fees"])


def test_a_dock_beside_others_bears_its_name_and_a_way_back(make: Make) -> None:
    docks = make(None)
    docks.raise_dock("fees")
    docks.split(Qt.Orientation.Horizontal)
    pause(20)
    title = docks.all["fees"].titleBarWidget()
    assert title.findChild(QLabel).text() == "Fees"
    docks.gather()
    pause(20)
    assert docks.all["fees"].titleBarWidget().findChild(QLabel) is None


def test_the_desk_has_no_cross_and_cannot_be_closed(make: Make) -> None:
    docks = make(None)
    docks.raise_dock("fees")
    pause(20)
    (bar,) = docks._bars()
    crosses = {
        bar.tabText(at): bar.tabButton(at, QTabBar.ButtonPosition.RightSide) for at in range(bar.count())
    }
    assert crosses["Desk"] is None and crosses["Fees"] is not None
    docks.raise_dock("desk")
    docks.close()
    assert "desk" in docks.open()


def test_the_middle_button_closes_a_tab(make: Make) -> None:
    docks = make(None)
    docks.raise_dock("fees")
    pause(20)
    (bar,) = docks._bars()
    at = next(at for at in range(bar.count()) if bar.tabText(at) == "Fees")
    QTest.mouseClick(bar, Qt.MouseButton.MiddleButton, pos=bar.tabRect(at).center())
    assert list(docks.open()) == ["desk"]


def test_the_keyboard_tells_which_dock_one_is_in(make: Make) -> None:
    docks = make(None)
    docks.raise_dock("fees")
    docks.split(Qt.Orientation.Horizontal)
    docks.window.activateWindow()
    pause(20)
    body = docks.all["desk"].widget()
    body.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    body.setFocus()
    pause(20)
    assert docks.current == "desk"


def hostile() -> list[Any]:
    good = base64.b64encode(b"\0\0\0\xff garbage").decode()
    return [
        [],
        "layout",
        {"version": 1},
        {"version": 1, "state": 7, "sum": None, "geometry": []},
        {"version": 1, "state": "***", "sum": "", "geometry": "***", "front": {}},
        {"version": 1, "state": good, "sum": "0" * 64, "geometry": good, "front": "nobody"},
        {"version": 99, "state": good, "geometry": good, "front": "fees"},
    ]


@pytest.mark.parametrize("layout", hostile(), ids=range(len(hostile())))
def test_a_layout_that_is_none_gives_way_to_the_default(make: Make, layout: Any) -> None:
    shelf().write({KEPT: layout})
    docks = make(shelf())
    assert list(docks.open()) == ["desk"]
    assert docks.all["desk"].isVisible()


@pytest.mark.parametrize("front", [[], {}, 7, None])
def test_a_layout_whose_front_is_none_of_the_docks_is_shown_all_the_same(make: Make, front: Any) -> None:
    first = make(shelf())
    first.raise_dock("fees")
    shelf().write({KEPT: {**first._told(), "front": front}})
    assert "fees" in list(make(shelf()).open())


def test_a_layout_that_was_tampered_with_is_not_believed(make: Make) -> None:
    docks = make(shelf())
    docks.raise_dock("fees")
    good = told(docks)
    dice = random.Random(7)
    for _ in range(12):
        state = bytearray(base64.b64decode(good["state"]))
        for _ in range(4):
            state[dice.randrange(len(state))] = dice.randrange(256)
        shelf().write({KEPT: {**good, "state": base64.b64encode(bytes(state)).decode()}})
        assert list(make(shelf()).open()) == ["desk"]


def test_a_window_whose_screen_was_unplugged_comes_back_onto_one(make: Make) -> None:
    docks = make(shelf())
    docks.raise_dock("fees")
    docks.float_dock()
    docks.all["fees"].move(QPoint(9000, 9000))
    docks.window.move(QPoint(-7000, 200))
    pause(20)
    docks._memory.flush()
    again = make(shelf())
    for window in (again.window, again.all["fees"]):
        room = window.screen().availableGeometry()
        part = room.intersected(window.frameGeometry())
        whole = window.frameGeometry()
        assert part.width() * part.height() >= 0.8 * whole.width() * whole.height()


def test_a_layout_survives_the_death_of_its_process(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = """
import os, signal, sys, time
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from PySide6.QtTest import QTest
from desktop import settings
from ui.docks import Docks
from ui.memory import Memory
app = QApplication([])
window = QMainWindow()
docks = Docks(window, Memory(settings.shelf_of("x", 1)))
for name in ("desk", "fees"):
    docks.add(name, name, QWidget())
docks.restore()
window.show()
QTest.qWait(20)
if sys.argv[1] == "first":
    docks.raise_dock("fees")
    QTest.qWait(600)
    os.kill(os.getpid(), signal.SIGKILL)
print(sorted(docks.open()))
"""
    run = [sys.executable, "-c", code]
    assert subprocess.run([*run, "first"], capture_output=True).returncode == -9
    ended = subprocess.run([*run, "second"], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "['desk', 'fees']"
