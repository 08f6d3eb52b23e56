import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from models import deeds
from models.errors import Cancelled, RuleBroken
from models.office.profile import profile
from ui.jobs import Job

Settle = Callable[[], None]


def test_a_job_reads_the_office_in_another_thread_as_the_person_who_began_it(
    services: Any, settle: Settle
) -> None:
    told: list[Any] = []
    owner = QObject()
    services.jobs.start(
        "读取",
        owner,
        lambda _: (
            threading.current_thread() is threading.main_thread(),
            deeds.actor().name,
            profile().office,
        ),
        told.append,
    )
    settle()
    assert told == [(False, "管理员", "测试小区物业服务中心")]


def test_a_cancelled_job_stops_at_its_next_step_and_says_so(services: Any, settle: Settle) -> None:
    steps: list[int] = []
    failed: list[Exception] = []

    def work(job: Job) -> None:
        for number in range(1000):
            job.progress(number, 1000)
            steps.append(number)
            time.sleep(0.005)

    owner = QObject()
    job = services.jobs.start("打印", owner, work, steps.append, failed.append)
    job.progressed.connect(lambda done, total: job.cancel())
    settle()
    assert len(steps) < 1000
    assert isinstance(failed[0], Cancelled)
    assert services.jobs.running() == []


def test_the_window_goes_on_while_a_job_works(services: Any, settle: Settle) -> None:
    beats: list[float] = []
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: beats.append(time.monotonic()))
    timer.start()
    owner = QObject()
    services.jobs.start("算", owner, lambda _: time.sleep(0.4), lambda _: None)
    settle()
    timer.stop()
    gaps = [later - earlier for earlier, later in pairwise(beats)]
    assert len(beats) > 5
    assert max(gaps) < 0.3


def test_what_a_job_refuses_is_told_in_its_own_words(services: Any, settle: Settle, window: Any) -> None:
    from tests.ui.conftest import front
    from ui.dialogs import Question

    def refuse(job: Job) -> None:
        raise RuleBroken("这一步现在不能做。请先日结。")

    services.jobs.start("做", window, refuse, lambda _: None)
    settle()
    assert front(Question).sentence.text() == "这一步现在不能做。请先日结。"


def test_our_own_fault_gets_a_number_and_the_program_lives_on(
    services: Any, settle: Settle, window: Any, caplog: Any
) -> None:
    from tests.ui.conftest import front
    from ui.dialogs import Question

    services.jobs.start("做", window, lambda _: 1 / 0, lambda _: None)
    settle()
    told = front(Question).sentence.text()
    assert "编号" in told and "Traceback" not in told and "ZeroDivision" not in told
    assert "ZeroDivisionError" in caplog.text


def test_after_closing_nothing_begins_and_nobody_is_told(services: Any, settle: Settle) -> None:
    told: list[Any] = []
    owner = QObject()
    services.jobs.start("读取", owner, lambda _: time.sleep(0.05), told.append)
    services.close()
    services.jobs.start("读取", owner, lambda _: 1, told.append)
    settle()
    assert told == []


def test_nobody_is_told_once_the_widget_that_asked_is_gone(services: Any, settle: Settle) -> None:
    told: list[Any] = []
    owner = QWidget()
    services.jobs.start("读取", owner, lambda _: time.sleep(0.05), told.append)
    shiboken6.delete(owner)
    settle()
    assert told == []
