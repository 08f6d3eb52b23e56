"""最近打开: the records a person opened last, and those he pinned; kept for the next day."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QObject, Signal

from models.search import Hit
from ui.memory import Memory

MOST, MOST_PINNED = 20, 20
_RECENT, _PINNED = "recent", "pinned"


class Recent(QObject):
    """What was opened last, newest first, and what is pinned."""

    changed = Signal()

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory

    def opened(self) -> list[Hit]:
        """Return what was opened last and is not pinned."""
        pinned = {_key(one) for one in self.pinned()}
        return [one for one in self._read(_RECENT) if _key(one) not in pinned]

    def pinned(self) -> list[Hit]:
        """Return what is pinned, in the order of pinning."""
        return self._read(_PINNED)

    def note(self, hit: Hit) -> None:
        """Remember that something was opened."""
        others = [one for one in self._read(_RECENT) if _key(one) != _key(hit)]
        self._write(_RECENT, [hit, *others][:MOST])

    def is_pinned(self, hit: Hit) -> bool:
        """Whether it is pinned."""
        return _key(hit) in {_key(one) for one in self.pinned()}

    def turn_pin(self, hit: Hit) -> None:
        """Pin it, or take the pin out."""
        pinned = self.pinned()
        left = [one for one in pinned if _key(one) != _key(hit)]
        self._write(_PINNED, left if len(left) < len(pinned) else [*pinned, hit][-MOST_PINNED:])

    def _read(self, name: str) -> list[Hit]:
        told: list[Any] = self._memory.get(name, [])
        return [hit for hit in map(_hit, told) if hit is not None]

    def _write(self, name: str, hits: list[Hit]) -> None:
        kept = [{**asdict(one), "filters": None, "rank": None} for one in hits if one.id is not None]
        self._memory.put(name, [{k: v for k, v in one.items() if v is not None} for one in kept])
        self.changed.emit()


def _key(hit: Hit) -> tuple[str, Any]:
    return hit.listing, hit.id


def _hit(told: Any) -> Hit | None:
    """Return a record that was kept; None where it is none."""
    if not isinstance(told, dict) or not isinstance(told.get("id"), int | str):
        return None
    if isinstance(told["id"], int) and not 0 < told["id"] < 1 << 63:
        return None
    words = [told.get(name, "") for name in ("listing", "title", "beside", "kind")]
    if not all(isinstance(one, str) for one in words) or not words[0]:
        return None
    listing, title, beside, kind = words
    return Hit(listing, told["id"], title[:120], beside[:120], kind[:20])
