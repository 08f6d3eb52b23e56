"""个人设置: what this computer remembers: of its user apart from any office, and of each person at one.

Small JSON files in the user's own folder. Whatever is wrong with them, the program starts: a
value that cannot be read is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

import platformdirs

APP = "property-console"
_LAST = "office"
_LARGEST = 4 << 20
"""Bytes of a file that is read at all; what people set up needs some kilobytes."""

log = logging.getLogger(__name__)


class Shelf:
    """One file of remembered values, by name; replaced whole, so that no crash leaves a half of it."""

    def __init__(self, name: str) -> None:
        """Name the file, below the folder of settings."""
        self.name = name

    def read(self) -> dict[str, Any]:
        """Return everything; nothing where the file is missing or is no such file."""
        try:
            if self._file().stat().st_size > _LARGEST:
                raise ValueError("too large")
            told = json.loads(self._file().read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as problem:
            log.warning("%s is not read: %s", self.name, type(problem).__name__)
            return {}
        return told if isinstance(told, dict) else {}

    def write(self, told: dict[str, Any]) -> None:
        """Keep all this in the place of what was there.

        A folder that cannot be written is no reason to stop anybody's work: nothing is remembered then.
        """
        place = self._file()
        part = place.with_name(f"{place.name}.{os.getpid()}.part")
        with contextlib.suppress(OSError):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Drafts are in it: nobody else reads them. Escapes, for a path need not be text.
            made = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(made, "w", encoding="ascii") as file:
                json.dump(told, file, ensure_ascii=True, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, place)

    def _file(self) -> Path:
        return folder() / self.name


_general = Shelf("settings.json")


def folder() -> Path:
    """Return where the settings are kept."""
    return platformdirs.user_config_path(APP, appauthor=False)


def get(name: str, default: Any = None) -> Any:
    """Return a remembered value; the default where it is missing or of another type."""
    found = _general.read().get(name, default)
    return found if default is None or isinstance(found, type(default)) else default


def put(name: str, value: Any) -> None:
    """Remember a value that JSON knows; None forgets it."""
    told = _general.read()
    if value is None:
        told.pop(name, None)
    else:
        told[name] = value
    _general.write(told)


def shelf_of(office: str, account: int) -> Shelf:
    """Return where what a person set up for himself at an office is kept.

    Args:
        office: what tells the office from every other, whatever its file is called today.
        account: number of the person's account.
    """
    name = hashlib.sha256(f"{office}\n{account}".encode()).hexdigest()[:24]
    return Shelf(f"people/{name}.json")


def last_office() -> Path | None:
    """Return the database that was used last."""
    found = get(_LAST, "")
    try:
        os.fsencode(found)
    except UnicodeEncodeError:  # half a letter that no file is called by
        return None
    return Path(found) if found and "\0" not in found else None


def remember_office(path: Path) -> None:
    """Remember the database in use, so that the next start opens it."""
    put(_LAST, os.path.abspath(path))
