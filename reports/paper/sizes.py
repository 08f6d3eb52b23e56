"""纸张: the sheets of paper the office prints on, with their margins (forms.md A0.2)."""

from __future__ import annotations

from dataclasses import dataclass

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Paper:
    """One size of paper; every measure is in millimetres."""

    name: str
    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float

    @property
    def usable(self) -> float:
        """Return the width between the margins, in millimetres."""
        return self.width - self.left - self.right


A4 = Paper("A4", 210, 297, top=20, bottom=18, left=25, right=15)
A4_LANDSCAPE = Paper("A4横", 297, 210, top=20, bottom=18, left=25, right=15)
A3_LANDSCAPE = Paper("A3横", 420, 297, top=20, bottom=18, left=25, right=15)
A5_LANDSCAPE = Paper("A5横", 210, 148, top=12, bottom=12, left=15, right=13)
RECEIPT = Paper("收据241×140", 241, 140, top=8, bottom=11, left=10, right=10)
