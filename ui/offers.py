"""可选名单: the list below a line from which what is typed may be taken."""

from __future__ import annotations

from PySide6.QtWidgets import QListView


class Offers(QListView):
    """The popup of a completer, styled as such."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("completer")
        self.ensurePolished()  # else its rows lie as high as they were before they had their style
