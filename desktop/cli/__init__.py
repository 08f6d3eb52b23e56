"""命令行: every command of `property-console`; those that draw nothing import no Qt."""

from __future__ import annotations

import importlib

_FILES = ("offices", "workbooks", "fees", "papers", "lists", "doing", "pictures")
"""Where the commands stand, in the order in which the help names them."""


def load() -> None:
    """Import what declares the commands."""
    for name in _FILES:
        importlib.import_module(f"{__name__}.{name}")
