"""启动: how the window was asked for on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Start:
    """How the window is started.

    Args:
        path: the database; None where none was ever used.
        login: what the sign-in begins with.
        reset_layout: forget where the docks were.
        safe_mode: use nothing that the person set up, and remember nothing.
    """

    path: Path | None
    login: str = ""
    reset_layout: bool = False
    safe_mode: bool = False
