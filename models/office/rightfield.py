"""权限栏: a named right as people choose it."""

from __future__ import annotations

from typing import Any

from models.deeds import EVERY, RIGHTS
from models.errors import BadInput
from models.fields import NamedField


class RightField(NamedField):
    """A named right, typed and shown by its title or its name; kept by its name."""

    chars = 20

    def options(self) -> dict[str, str]:
        """Return every right that a role can hold, by name."""
        return {EVERY: "全部权限", **RIGHTS}

    def check(self, value: Any) -> str:
        """Refuse what is no right.

        Raises:
            BadInput: no right has this title or name.
        """
        name = self.parse(value)
        if name in self.options():
            return name
        raise BadInput(f"没有权限“{value}”。请从“权限”名单中选，例如“{next(iter(RIGHTS.values()))}”。")
