"""关口: what may refuse a deed once the right is known to be there, and why a deed is done.

A deed done within another one meets no wall: the outer one has answered for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Wall = Callable[[Any], None]
"""Is given the deed, and raises what it refuses it with."""

_walls: list[Wall] = []
_within: ContextVar[bool] = ContextVar("within", default=False)
_facts: ContextVar[dict[str, Any] | None] = ContextVar("facts", default=None)


def wall(stop: Wall) -> Wall:
    """Register what may refuse a deed that no other deed does."""
    _walls.append(stop)
    return stop


def meet_walls(deed: Any) -> None:
    """Let every wall look at a deed, unless another deed does it."""
    if not _within.get():
        for stop in _walls:
            stop(deed)


@contextmanager
def within_deed() -> Iterator[None]:
    """Say that a deed is being done within the block."""
    with _held(_within, True):
        yield


@contextmanager
def under(**facts: Any) -> Iterator[None]:
    """Let every audit entry written within bear these facts, as the number of an approval."""
    with _held(_facts, facts):
        yield


def facts_under() -> dict[str, Any]:
    """Return the facts that every audit entry bears now."""
    return _facts.get() or {}


@contextmanager
def _held(variable: ContextVar[Any], value: Any) -> Iterator[None]:
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)
