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
    return [Finding(name, sentence) for name, function in INVARIANTS.items() for sentence in function()]
