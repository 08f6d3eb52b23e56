"""后台任务: whatever takes longer than a tenth of a second, with progress and cancel.

A job runs in a worker thread with a database connection of its own and as the person who started
it; what it found comes back to the window's thread. The window never waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from typing import Any

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QObject, Qt, Signal
from shiboken6 import isValid

from models.base import db
from models.errors import Cancelled

Work = Callable[["Job"], Any]
_counting = threading.Lock()
_at_work = 0
SPEAK_EVERY = 0.05
"""Seconds between two words of progress; more would only keep the window busy."""


def at_work() -> bool:
    """Whether any job is under way in this process."""
    return _at_work > 0


@contextmanager
def _counted() -> Iterator[None]:
    global _at_work
    with _counting:
        _at_work += 1
    try:
        yield
    finally:
        with _counting:
            _at_work -= 1


class Job(QObject):
    """One piece of work under way."""

    progressed = Signal(object, object)

    def __init__(self, title: str, owner: QObject, work: Work, shown: bool, parent: QObject) -> None:
        super().__init__(parent)
        self.title, self.owner, self.shown = title, owner, shown
        self.done_so_far, self.in_all = 0, 0
        self._work = work
        self._stop = threading.Event()
        self._spoke = 0.0
        self._done: Callable[[Any], None] | None = None
        self._failed: Callable[[Exception], None] | None = None

    def cancel(self) -> None:
        """Ask the work to stop; it does so at its next step and writes nothing."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Whether the person asked to stop."""
        return self._stop.is_set()

    def progress(self, done: int, total: int) -> None:
        """Say how far it is; called by the work, in its own thread.

        Raises:
            Cancelled: the person asked to stop.
        """
        if self._stop.is_set():
            raise Cancelled("已取消，没有写入。")
        self.tell(done, total)

    def tell(self, done: int, total: int) -> None:
        """Say how far it is, for work that stops between its steps by itself."""
        self.done_so_far, self.in_all = done, total
        if done >= total or time.monotonic() - self._spoke > SPEAK_EVERY:
            self._spoke = time.monotonic()
            self.progressed.emit(done, total)

    def perform(self) -> tuple[Any, Exception | None]:
        """Do the work and return what it found or what it raised; called in the worker thread."""
        try:
            # A restore runs while no office is open.
            with _counted(), nullcontext() if db.deferred else db.connection_context():
                return self._work(self), None
        except Exception as problem:
            return None, problem

    def then(self, done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        """Say what happens in the window when it is over."""
        self._done, self._failed = done, failed

    def deliver(self, result: Any, problem: Exception | None) -> None:
        """Tell whoever asked; called in the window's thread, once."""
        done, failed = self._done, self._failed
        self._work, self._done, self._failed = _nothing, None, None  # they hold pages and what was read
        if not isValid(self.owner):
            return
        if problem is not None:
            assert failed is not None
            failed(problem)
        elif done is not None:
            done(result)


class Jobs(QObject):
    """All the work under way in this window."""

    began = Signal(object)
    ended = Signal(object)
    _came = Signal(object, object, object)

    def __init__(self, failed: Callable[[QObject, Exception], None]) -> None:
        """Make it.

        Args:
            failed: what to do with a failure that nobody else takes.
        """
        super().__init__()
        self._failed = failed
        self._running: list[Job] = []
        self._closed = False
        self._pool = ThreadPoolExecutor(3, thread_name_prefix="job")
        # Reading has workers of its own: long jobs must not keep a list or a card waiting.
        self._readers = ThreadPoolExecutor(3, thread_name_prefix="read")
        self._came.connect(self._over, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        title: str,
        owner: QObject,
        work: Work,
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
        *,
        shown: bool = True,
    ) -> Job:
        """Begin some work.

        Args:
            title: what the status bar calls it.
            owner: the widget that asked; when it is gone, nobody is told the result.
            work: called with the job in another thread.
            done: called here with what it returned.
            failed: called here with what it raised.
            shown: whether it stands in the status bar and holds up closing.
        """
        job = Job(title, owner, work, shown, self)
        if self._closed:
            return job
        job.then(done, failed or (lambda problem: self._failed(owner, problem)))
        self._running.append(job)
        self.began.emit(job)
        pool = self._pool if shown else self._readers
        pool.submit(copy_context().run, self._perform, job)
        return job

    def running(self) -> list[Job]:
        """Return the work under way that the person knows of."""
        return [job for job in self._running if job.shown]

    def busy(self) -> bool:
        """Whether anything at all is under way, reading included."""
        return bool(self._running)

    def settle(self, seconds: float = 30) -> None:
        """Let the window go on until nothing is under way (before a restore, in pictures and tests)."""
        end = QDeadlineTimer(int(seconds * 1000))
        while self._running and not end.hasExpired():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)

    def close(self) -> None:
        """Ask everything to stop, take nothing new and tell nobody any more."""
        self._closed = True
        for job in self._running:
            job.cancel()
            job.then(lambda _: None, lambda _: None)
        for pool in (self._pool, self._readers):
            pool.shutdown(wait=True, cancel_futures=True)

    def _perform(self, job: Job) -> None:
        # Said by what outlives the worker: the job may be gone before this returns.
        self._came.emit(job, *job.perform())

    def _over(self, job: Job, result: Any, problem: Exception | None) -> None:
        if job in self._running:
            self._running.remove(job)
            self.ended.emit(job)
        try:
            job.deliver(result, problem)
        finally:
            job.deleteLater()  # here, for the worker may be the last to let go of it


def _nothing(_: Job) -> None:
    """Do no work: what a job that is over holds."""
