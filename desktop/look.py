"""外观: how a person wants the program to look, kept for him and, for the door, at this computer."""

from __future__ import annotations

from typing import Any

from desktop import settings
from ui import theme
from ui.memory import Memory
from ui.theme import POINTS, Scheme

_KEPT = "look"


def remember(memory: Memory, scheme: str, points: float) -> None:
    """Keep how the person wants it to look; the door looks as the last one wanted."""
    settings.put("scheme", scheme)
    settings.put("points", points)
    memory.put(_KEPT, {"scheme": scheme, "points": points})


def dress(memory: Memory) -> None:
    """Look as the person once wanted it; whatever is no such thing changes nothing."""
    kept: dict[str, Any] = memory.get(_KEPT, {})
    scheme, points = kept.get("scheme"), kept.get("points")
    known = Scheme.__members__.get(scheme) if isinstance(scheme, str) else None
    if known is not None and isinstance(points, int | float) and points in POINTS.values():
        theme.apply(known, float(points))
