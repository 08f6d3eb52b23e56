"""记忆: what one person set up for himself at this computer: layout, columns, filters, what he opened last.

It is kept on every change, half a second late, so that neither a crash nor a cut of power loses
more than the last movement of the mouse. Whatever stands in it was perhaps written by another
version or by nobody we know: whoever asks says what the answer must look like.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

T = TypeVar("T")
LATE = 300
"""Milliseconds to gather changes before they are written."""


class Shelf(Protocol):
    """Where it is kept (desktop.settings)."""

    def read(self) -> dict[str, Any]:
        """Return everything."""

    def write(self, told: dict[str, Any]) -> None:
        """Keep all this."""


class Nowhere:
    """A shelf that keeps nothing: for pictures, tests and the safe mode."""

    def read(self) -> dict[str, Any]:
        """Return nothing."""
        return {}

    def write(self, told: dict[str, Any]) -> None:
        """Forget it."""


class Memory(QObject):
    """Values by name; what is put is written a moment later."""

    def __init__(self, shelf: Shelf | None = None) -> None:
        super().__init__()
        self._shelf: Shelf = shelf or Nowhere()
        self._told = self._shelf.read()
        self._makers: dict[str, tuple[QObject, Callable[[], Any]]] = {}
        self._dirty = False
        self._soon = QTimer(self, singleShot=True, interval=LATE)
        self._soon.timeout.connect(self.flush)

    def get(self, name: str, default: T) -> T:
        """Return a value; the default where it is missing or of another type."""
        found = self._told.get(name, default)
        return found if isinstance(found, type(default)) else default

    def names(self, prefix: str) -> list[str]:
        """Return the names that begin so and have a value."""
        return sorted(name for name in self._told if name.startswith(prefix))

    def put(self, name: str, value: Any) -> None:
        """Remember a value that JSON knows; None forgets it."""
        self._makers.pop(name, None)
        self._set(name, value)
        self._touch()

    def later(self, name: str, owner: QObject, make: Callable[[], Any]) -> None:
        """Remember what `make` returns when it is written: for what changes many times a second.

        Args:
            name: as for `put`.
            owner: whose state it is; when that is gone, nothing is changed.
            make: asked at the time of writing.
        """
        self._makers[name] = (owner, make)
        self._touch()

    def forget(self, prefix: str) -> None:
        """Forget every value whose name begins so, at once."""
        for name in [name for name in {*self._told, *self._makers} if name.startswith(prefix)]:
            self.put(name, None)
        self.flush()

    def flush(self) -> None:
        """Write now what is not written yet."""
        if not self._dirty:
            return
        self._dirty = False
        self._soon.stop()
        makers, self._makers = self._makers, {}
        for name, (owner, make) in makers.items():
            if isValid(owner):
                self._set(name, make())
        self._shelf.write(self._told)

    def _set(self, name: str, value: Any) -> None:
        if value is None:
            self._told.pop(name, None)
        else:
            self._told[name] = value

    def _touch(self) -> None:
        self._dirty = True
        if not self._soon.isActive():
            self._soon.start()
