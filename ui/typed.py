"""录入的一行: what was typed into one line of an entry sheet, how it reads, and what is said of it."""

from __future__ import annotations

from typing import Any

from models.entries import Line


def seen(line: Line) -> str:
    """Return what a line fixes, so that two can be compared though one was kept in a file."""
    return str(sorted((name, str(value)) for name, value in line.fixed.items()))


class Typed:
    """One line with what was typed into it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.words: dict[str, str] = {}
        self.values: dict[str, Any] = {}
        self.problems: dict[str, str] = {}
        self.refused = ""
        """Column whose problem is what a strict sheet says of the line, once it was to be handed on."""
        self.strange = ""
        self.follows = ""
        self.seen = seen(line)
        """What the line said when it was typed in or confirmed."""

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.words)

    @property
    def wrong(self) -> bool:
        """Whether it cannot be handed on."""
        return bool(self.problems)

    @property
    def notable(self) -> bool:
        """Whether what is said of it wants a look, and is not just what follows from it."""
        return self.wrong or bool(self.strange)
