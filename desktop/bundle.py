"""诊断包: by which a helper can judge a fault: versions, machine and logs, nobody's data."""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import os
import platform
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop.faults import log_file
from desktop.settings import APP
from models.errors import RuleBroken
from models.text import system_reason

_TAIL = 400_000
_LIBRARIES = ("PySide6-Essentials", "peewee", "reportlab", "qtawesome", "XlsxWriter", "python-calamine")
_MESSAGE = re.compile(r"\s*[\w.]*(Error|Exception|Broken|Input|Found|Denied|Refused|Stale|Warning)\b.*:")
"""Lines that bear the message of what was raised, where a name may stand."""
_HANZI = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_DIGITS = re.compile(r"\d{5,}")


def save_bundle(target: Path) -> None:
    """Write a zip by which a helper can judge a fault: versions, machine, logs; nobody's data.

    Raises:
        RuleBroken: the target cannot be written.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("facts.json", json.dumps(_facts(), ensure_ascii=False, indent=1))
            for log in (log_file(), log_file().with_name("crash.log")):
                if log.is_file():
                    tail = log.read_text(encoding="utf-8", errors="replace")[-_TAIL:]
                    out.writestr(log.name, "\n".join(map(scrubbed, tail.splitlines())))
        os.replace(part, target)
    except OSError as problem:
        with contextlib.suppress(OSError):
            part.unlink()
        raise RuleBroken(f"写不了 {target}：{system_reason(problem)}。请换一个位置。") from None


def scrubbed(line: str) -> str:
    """Return a line of the log without what may name somebody: Chinese words of a message, long numbers."""
    if _MESSAGE.match(line):
        line = _HANZI.sub("…", line)
    return _DIGITS.sub("#", line)


def _facts() -> dict[str, Any]:
    return {
        "program": _version(APP),
        "python": platform.python_version(),
        "system": platform.platform(),
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "platform": os.environ.get("QT_QPA_PLATFORM", ""),
        "input": os.environ.get("QT_IM_MODULE", ""),
        "at": f"{datetime.now():%Y-%m-%d %H:%M}",
    }


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
