"""回收: Python's garbage is collected in the window's thread alone.

Left to itself the collector runs in whichever thread makes the next object. In a worker it may
destroy a widget that hung in a cycle; Qt then waits there for Python's lock while it holds one of
its own that the window waits for, and both stand still for ever. While work is under way only the
youngest are collected, and often: a round over what a batch of 5,000 notices holds takes 150 ms.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

EVERY, AT_WORK = 1_000, 100
"""Milliseconds between two looks, and while work is under way, which makes ten times as much."""


class Collector(QObject):
    """Takes the automatic collector's place, from the window's thread."""

    def __init__(self, parent: QObject, at_work: Callable[[], bool]) -> None:
        """Make it.

        Args:
            parent: as Qt means it.
            at_work: whether some job is under way.
        """
        super().__init__(parent)
        self._at_work = at_work
        self._limits = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect what has grown past its limit, the oldest only while nothing is under way."""
        young, middle, old = gc.get_count()
        working = self._at_work()
        if young > self._limits[0] and (working or middle <= self._limits[1]):
            gc.collect(0)
        elif not working and old > self._limits[2]:
            gc.collect()
        elif not working and middle > self._limits[1]:
            gc.collect(1)
        wanted = AT_WORK if working else EVERY
        if self._timer.interval() != wanted:
            self._timer.setInterval(wanted)
