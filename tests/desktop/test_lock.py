"""The lock, on the whole window with the real door."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop import lock, settings
from tests.desktop.conftest import PASSWORD, enter
from ui.asking import AskDialog

Pump = Callable[[Callable[[], Any]], None]


@pytest.fixture
def entered(program: Any, pump: Pump) -> Any:
    program.start()
    enter(program, pump)
    return program


def unlock(program: Any, pump: Pump, password: str = PASSWORD) -> None:
    program.lock.door.password.setText(password)
    program.lock.door.submit()
    pump(lambda: program.lock.door is None or program.lock.door.problem.isVisible())


def test_a_locked_window_hides_itself_and_its_dialogs_and_shows_them_again(entered: Any, pump: Pump) -> None:
    asking = AskDialog("打印", [], "打印", entered.window)
    asking.open()
    entered.lock.close()
    assert not entered.window.isVisible() and not asking.isVisible()
    assert entered.lock.door.isVisible()
    unlock(entered, pump)
    assert entered.window.isVisible() and asking.isVisible()
    assert asking.result() == 0
    asking.reject()


def test_only_the_right_password_opens_and_escape_does_not(entered: Any, pump: Pump) -> None:
    entered.lock.close()
    unlock(entered, pump, "wrong wrong 1")
    assert entered.lock.door.isVisible() and not entered.window.isVisible()
    QTest.keyClick(entered.lock.door, Qt.Key.Key_Escape)
    assert entered.lock.door.isVisible()
    assert entered.lock.door.login.isReadOnly()
    entered.lock.door.problem.hide()
    unlock(entered, pump)
    assert entered.window.isVisible()


def test_nothing_comes_up_over_a_locked_window_and_nothing_is_lost(entered: Any, pump: Pump) -> None:
    from ui import dialogs

    entered.lock.close()
    told = dialogs.tell(entered.window, "打印", "王桂芳 的收据已生成。")
    pump(lambda: not told.isVisible())
    assert entered.lock.door.isVisible()
    unlock(entered, pump)
    assert told.isVisible() and entered.window.isVisible()
    told.accept()


def test_it_locks_after_the_minutes_without_a_hand(entered: Any, pump: Pump) -> None:
    now = [0.0]
    entered.lock._clock = lambda: now[0]
    entered.lock._touched = 0.0
    now[0] = lock.USUAL * 60 - 1
    entered.lock.look()
    assert entered.lock.door is None
    QTest.keyClick(entered.window, Qt.Key.Key_Shift)
    now[0] += 2
    entered.lock.look()
    assert entered.lock.door is None
    now[0] += lock.USUAL * 60
    entered.lock.look()
    assert entered.lock.door is not None


def test_nothing_locks_by_itself_where_the_person_chose_so(entered: Any) -> None:
    lock.choose(0)
    entered.lock._clock = lambda: 1e9
    entered.lock.look()
    assert entered.lock.door is None


@pytest.mark.parametrize("value", ["x", -5, 10**9, 7, None])
def test_minutes_that_nobody_can_choose_are_the_usual_ones(value: Any) -> None:
    settings.put("lock_minutes", value)
    assert lock.minutes() == lock.USUAL


def test_somebody_else_signs_in_at_a_locked_window(entered: Any, pump: Pump) -> None:
    entered.lock.close()
    entered.lock.door.leave.click()
    pump(lambda: entered.door is not None and entered.door.isVisible())
    assert entered.window is None and entered.lock is None


def test_a_locked_window_with_work_under_way_is_not_left(entered: Any, pump: Pump) -> None:
    import time

    def slow(job: Any) -> None:
        while not job.cancelled():
            time.sleep(0.01)

    services = entered.window.services
    job = services.jobs.start("打印通知单", entered.window, slow, lambda _: None)
    entered.lock.close()
    entered.lock.door.leave.click()
    assert "任务" in entered.lock.door.problem.text() and entered.window is not None
    job.cancel()
    services.jobs.settle()
