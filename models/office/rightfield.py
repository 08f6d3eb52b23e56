"""权限栏: a named right as people choose it."""

from __future__ import annotations

from typing import Any

from models.deeds import RIGHTS
from models.errors import BadInput
from models.fields import LineField
from models.office.ready_made import EVERY


class RightField(LineField):
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
        for name, title in self.options().items():
            if value in (name, title):
                return name
        raise BadInput(f"没有权限“{value}”。请从“权限”名单中选，例如“{next(iter(RIGHTS.values()))}”。")

    def show(self, value: Any) -> str:
        """Return its title."""
        return "" if value is None else self.options().get(value, str(value))

    def plain(self, value: Any) -> Any:
        """Return its name."""
        return value

    def exact(self, value: Any) -> str:
        """Return its name."""
        return value or ""
