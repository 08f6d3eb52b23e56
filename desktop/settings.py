"""个人设置: what this computer remembers of its user, apart from any office.

One small JSON file in the user's own folder. Whatever is wrong with it, the program starts: a
value that cannot be read is as good as none.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import Any

import platformdirs

APP = "property-console"
_LAST = "office"


def folder() -> Path:
    """Return where the settings are kept."""
    return platformdirs.user_config_path(APP, appauthor=False)


def get(name: str, default: Any = None) -> Any:
    """Return a remembered value; the default where it is missing or of another type."""
    found = _read().get(name, default)
    return found if default is None or isinstance(found, type(default)) else default


def put(name: str, value: Any) -> None:
    """Remember a value that JSON knows; None forgets it.

    A folder that cannot be written is no reason to stop anybody's work: nothing is remembered then.
    """
    told = _read()
    if value is None:
        told.pop(name, None)
    else:
        told[name] = value
    with contextlib.suppress(OSError):
        _write(told)


def last_office() -> Path | None:
    """Return the database that was used last."""
    found = get(_LAST, "")
    return Path(found) if found and "\0" not in found else None


def remember_office(path: Path) -> None:
    """Remember the database in use, so that the next start opens it."""
    put(_LAST, os.path.abspath(path))


def _file() -> Path:
    return folder() / "settings.json"


def _read() -> dict[str, Any]:
    try:
        told = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _write(told: dict[str, Any]) -> None:
    _file().parent.mkdir(parents=True, exist_ok=True)
    part = _file().with_name(f"settings.json.{os.getpid()}.part")
    part.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")
    os.replace(part, _file())
