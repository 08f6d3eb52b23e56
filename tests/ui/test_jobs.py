import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from models import deeds
from models.errors import Cancelled, RuleBroken
from models.office.profile import profile
from ui.jobs import Job

Settle = Callable[[], None]


class Held:
    """Something large that a job reads."""


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
    working, seen = threading.Event(), threading.Event()
    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: seen.set() if working.is_set() else None)
    timer.start()

    def work(_: Job) -> bool:
        working.set()
        return seen.wait(60)  # the window must tick meanwhile, or nobody would ever see

    done: list[bool] = []
    owner = QObject()
    services.jobs.start("算", owner, work, done.append)
    settle()
    timer.stop()
    assert done == [True]


def test_a_job_that_is_over_is_let_go_with_all_it_held(services: Any, settle: Settle) -> None:
    owner, held = QObject(), Held()
    job = services.jobs.start("读取", owner, lambda _, held=held: held, lambda _, held=held: None)
    gone = weakref.ref(held)
    del held
    settle()
    assert not shiboken6.isValid(job)
    assert gone() is None


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


def test_garbage_is_never_collected_in_a_worker(services: Any, settle: Any) -> None:
    import gc

    assert not gc.isenabled()
    threads: list[str] = []

    def seen(phase: str, _: Any) -> None:
        threads.append(threading.current_thread().name)

    def work(job: Any) -> int:
        for _ in range(30_000):  # cycles enough for many rounds of the automatic collector
            one: list[Any] = []
            one.append(one)
        return 1

    gc.callbacks.append(seen)
    try:
        done: list[Any] = []
        services.jobs.start("甲", QObject(), work, done.append)
        settle()
    finally:
        gc.callbacks.remove(seen)
    assert [name for name in threads if name.startswith("job")] == []
