"""预备: what the window needs is loaded while the person types the password, not before the door is seen."""

from __future__ import annotations

import importlib
import threading

from desktop import modules


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
