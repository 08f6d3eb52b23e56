"""值守: the one place in which every event of the program is seen; who wants some of them registers.

Each event passes through Python once. A filter for each purpose would let every one of the thousands
of events with which a window is built through several of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from shiboken6 import isValid

Kind = QEvent.Type
Look = Callable[[QObject, QEvent, Kind], bool]
"""Sees an event of the kinds it asked for; True swallows it."""


class Watch(QObject):
    """Installed on the application; hands events to those who asked for their kind."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._looks: dict[Kind, list[Look]] = {}

    def ask(self, kinds: Iterable[Kind], look: Look) -> Callable[[], None]:
        """Let somebody see all events of some kinds; return what ends that."""
        wanted = list(kinds)
        for kind in wanted:
            self._looks.setdefault(kind, []).append(look)

        def end() -> None:
            for kind in wanted:
                self._looks[kind].remove(look)

        return end

    @contextmanager
    def resting(self) -> Iterator[None]:
        """See nothing within the block: a third of the time in which a window is built goes by here.

        For what happens in one go: whatever a person does meanwhile is seen afterwards.
        """
        app = self.parent()
        app.removeEventFilter(self)
        try:
            yield
        finally:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hand an event on."""
        kind = event.type()
        looks = self._looks.get(kind)
        return looks is not None and any(look(watched, event, kind) for look in tuple(looks))


_made: list[Watch] = []
"""The one of this program; to look for it among the application's children takes longer than to make it."""


def watch() -> Watch:
    """Return the one of this program, installed with the first question for it."""
    app = QCoreApplication.instance()
    assert app is not None
    if not _made or not isValid(_made[0]):
        _made[:] = [Watch(app)]
        app.installEventFilter(_made[0])
    return _made[0]
