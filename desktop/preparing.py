"""预备: what the window needs is loaded while the person types the password, not before the door is seen."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable

from desktop import modules
from models.office.profile import profile
from models.store import Office


class Preparing:
    """Loads every model, the window and its pages in a thread of its own, once."""

    def __init__(self) -> None:
        self._thread = threading.Thread(target=_load, name="preparing", daemon=True)
        self._begun = False

    def begin(self) -> None:
        """Begin, if nobody did."""
        if not self._begun:
            self._begun = True
            self._thread.start()

    def over(self) -> bool:
        """Whether everything is there."""
        return self._begun and not self._thread.is_alive()

    def wait(self) -> None:
        """Return when everything is there."""
        self.begin()
        self._thread.join()


def _load() -> None:
    modules.load()
    for name in ("qtawesome", "ui.window", *(f"ui.{module.name}" for module in modules.MODULES)):
        importlib.import_module(name)


class Looking:
    """A look through a file in one thread, for whose end others wait."""

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look
        self._over = threading.Event()
        self._fault: Exception | None = None

    def look(self) -> None:
        """Look; what it raises is kept for those who wait."""
        try:
            self._look()
        except Exception as fault:
            self._fault = fault
            raise
        finally:
            self._over.set()

    def wait(self) -> None:
        """Return when it is over; raise what it raised."""
        self._over.wait()
        if self._fault is not None:
            raise self._fault


def try_reading(office: Office) -> None:
    """Read what the door shows; a file that fails there already is read through at once.

    Raises:
        GateRefused: it is broken inside.
    """
    try:
        profile()
    except Exception:
        office.look_through()
        raise
