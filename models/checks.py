"""检查: what must hold in the books, registered by the modules that know it.

SQLite's own check misses more than half of all single-bit rot (reliability.md 0.1): what makes a sum
wrong is only seen by adding up again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Invariant = Callable[[], Iterable[str]]
"""Yields a Chinese sentence for each place where something does not hold, nothing when all is well."""

INVARIANTS: dict[str, Invariant] = {}
"""Every registered invariant by its Chinese name, in the order of registration."""


@dataclass(frozen=True)
class Finding:
    """Something that does not hold: which check found it, and what it says."""

    check: str
    sentence: str


def invariant(name: str) -> Callable[[Invariant], Invariant]:
    """Register a function as an invariant under a Chinese name, such as 账单合计.

    Raises:
        ValueError: another function has that name.
    """

    def register(function: Invariant) -> Invariant:
        if INVARIANTS.setdefault(name, function) is not function:
            raise ValueError(f"two invariants are called {name}")
        return function

    return register


def run_invariants() -> list[Finding]:
    """Run every registered invariant and return what they found."""
    return [finding for name, function in INVARIANTS.items() for finding in _run(name, function)]


def _run(name: str, function: Invariant) -> list[Finding]:
    """Run one; what cannot even be read is a finding too, and the others still run."""
    try:
        return [Finding(name, sentence) for sentence in function()]
    except UnicodeDecodeError:
        raise  # a page that went bad, which storage tells better
    except (ValueError, TypeError, LookupError) as fault:
        told = f"有读不出的内容（{fault!r}），可能在程序之外被改动过。请与最近的备份核对"
        return [Finding(name, told)]
