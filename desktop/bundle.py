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
_HEAD = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ [A-Z]+ ")
"""Begins what we wrote into the log ourselves: no names, but perhaps a path."""
_PLACE = re.compile(r'[\s|]*File "|[\s|+-]*Traceback |[\s|]*[~^]+$')
_RAISED = re.compile(r"[\s|]*[\w.]+(?=:|$)")
_HOME = re.compile(r"(?i)([/\\](?:home|users)[/\\])[^/\\\"']+")
_HANZI = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_NUMBER = re.compile(r"\d(?:[- ]?\d){10,}")
"""As long as a telephone's; the number by which a fault is told is shorter."""
_DIGITS = re.compile(r"\d(?:[- ]?\d){4,}")


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
    """Return a line of the log without what may name somebody.

    Of what was raised, its kind alone is kept: the message may be about anybody, over many lines.
    """
    line = _HOME.sub(r"\1…", line)
    head = _HEAD.match(line)
    if head is not None:
        return head.group() + _NUMBER.sub("#", line[head.end() :])
    if _PLACE.match(line) or line.startswith("    "):
        return _DIGITS.sub("#", _HANZI.sub("…", line))
    raised = _RAISED.match(line)
    return f"{raised.group()}…" if raised and raised.group().isascii() else "…"


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
