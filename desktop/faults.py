"""故障: our own bugs, written with their traceback to a log file and told in one sentence."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import platformdirs

from desktop.settings import APP

_LARGEST = 1 << 20
_KEPT = 3


def log_file() -> Path:
    """Return where faults are logged."""
    return platformdirs.user_log_path(APP, appauthor=False) / "console.log"


def record(fault: BaseException, doing: str) -> Path | None:
    """Log a fault with its traceback; return the file, None where none could be written.

    Values of variables are not logged, so that no phone or password stands in the log.

    Args:
        fault: what was raised.
        doing: what the program was doing, in a few words without personal data.
    """
    place = log_file()
    try:
        _append(place, fault, doing)
    except OSError:
        return None
    return place


def sentence(place: Path | None) -> str:
    """Return what the person is told of a fault."""
    told = "程序出了差错，这一步没有完成；没做完的操作不会留下一半的数据。"
    if place is None:
        return f"{told}日志也写不进 {log_file()}，请检查磁盘空间和文件夹权限，再告诉技术支持。"
    return f"{told}请把日志文件发给技术支持：{place}"


def _append(place: Path, fault: BaseException, doing: str) -> None:
    import logging.handlers

    place.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(
        place, maxBytes=_LARGEST, backupCount=_KEPT, encoding="utf-8"
    )
    try:
        with contextlib.suppress(OSError):
            os.chmod(place, 0o600)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        raised = (type(fault), fault, fault.__traceback__)
        handler.emit(logging.LogRecord(APP, logging.ERROR, "", 0, doing, None, raised))
    finally:
        handler.close()
