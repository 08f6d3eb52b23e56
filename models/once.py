"""一次: what is costly to count is counted once within a block, however often it is asked for there."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from models.deeds import actor

T = TypeVar("T")

_kept: ContextVar[dict[Any, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def counted_once() -> Iterator[None]:
    """Count the same thing once within the block, for the person acting.

    Nothing may be written meanwhile, and nobody may change what he is given.
    """
    outer = _kept.get()
    token = _kept.set({} if outer is None else outer)
    try:
        yield
    finally:
        _kept.reset(token)


def once(key: Hashable, count: Callable[[], T]) -> T:
    """Return what was counted by this key within the block; outside of one it is counted anew."""
    kept, asked = _kept.get(), (key, actor().account_id)
    if kept is None:
        return count()
    if asked not in kept:
        kept[asked] = count()
    found: T = kept[asked]
    return found
