"""事务: one write at a time, storage faults told in words, and what is announced after a commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import peewee

from models.base import db
from models.errors import Busy, StorageRefused


@contextmanager
def transaction() -> Iterator[None]:
    """Open one IMMEDIATE transaction, telling storage faults in words.

    Raises:
        Busy: another program holds the database longer than five seconds.
        StorageRefused: the disk is full or cannot be written.
    """
    try:
        with db.atomic("IMMEDIATE") if not db.in_transaction() else db.atomic():
            yield
    except peewee.OperationalError as fault:
        raise _in_words(fault) from fault


def _in_words(fault: BaseException) -> Exception:
    """Tell what went wrong at first: after a full disk SQLite rolls back, and peewee's own rollback fails."""
    chain: list[Exception] = []
    behind: BaseException | None = fault
    while isinstance(behind, Exception):
        chain.append(behind)
        behind = behind.__context__
    told = [storage_fault(one) for one in chain]
    return next((word for word in told if isinstance(word, StorageRefused)), chain[0])


def storage_fault(fault: Exception) -> Exception:
    """Return a driver's fault in words; the fault itself where it is none of storage."""
    told = str(fault)
    if "locked" in told or "busy" in told:
        return Busy("数据库正被占用，等了 5 秒仍不能写入。请稍候再试，或关闭另一处打开的程序。")
    if "full" in told or "disk I/O" in told:
        return StorageRefused("磁盘空间不足或不能写入，刚才的操作没有保存。请腾出空间后再试。")
    if "readonly" in told:
        return StorageRefused("数据库文件是只读的，不能保存。请检查文件和文件夹的权限。")
    return fault


Listener = Callable[[frozenset[str]], None]
_listeners: list[Listener] = []


def on_change(listener: Listener) -> Callable[[], None]:
    """Call the listener after each commit with the names of the records touched; returns how to stop."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def announce(touched: frozenset[str]) -> None:
    """Tell every listener what was written."""
    for listener in tuple(_listeners):
        listener(touched)
