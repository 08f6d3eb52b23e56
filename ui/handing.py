"""交接焦点: a page that hands the keyboard to the place where its work begins."""

from __future__ import annotations

from typing import cast

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget


class BeginsAt:
    """What a page takes on beside Qt's own class.

    Qt's focus proxy would do, but Tab would then come to the page itself and pass over what stands before.
    """

    begins_at: QWidget

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keyboard on."""
        super().focusInEvent(event)  # type: ignore[misc]
        if cast(QWidget, self).hasFocus():
            self.begins_at.setFocus(event.reason())
