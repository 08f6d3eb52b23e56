"""帮助图片: the pictures of the help, kept from a walk through a demo office in the light appearance.

A picture shows what is found again on the screen: the page without the frame of the window, in few
colours, so that all of them together take little room.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop import modules
from desktop.tour import Walk
from models.errors import RuleBroken

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPixmap

SIZE = (1080, 640)
"""Of the window: small enough that its words can still be read in the width of a help window."""
COLOURS = 160

_NAMES = {
    "sign-in": "signin",
    "desk": "desk",
    "search": "search",
    "card": "card",
    "chips": "chips",
    "split": "split",
    "fees-till-open": "till",
    "fees-statement-open": "statement",
    "entry-collecting": "collecting",
    "dialog-columns": "columns",
    "dialog-units-登记产权": "form",
    "dialog-units-过户": "transfer",
    "dialog-bills-出账": "billing",
    "dialog-bills-解释": "explaining",
    "dialog-closings-日结": "closing",
    "dialog-receipts-作废收据": "void",
    "dialog-mapping": "mapping",
    "dialog-preview": "preview",
    "dialog-queue": "queue",
}
"""What the walk calls its pictures, and what the topics call them; pages are called by their lists."""
_WHOLE = {"search", "split"}
"""Pictures that need the frame of the window."""

Say = Callable[[str], None]


def draw(out: Path, path: Path, say: Say = lambda sentence: None) -> list[Path]:
    """Draw all pictures of the help into a folder; files of the same names are replaced.

    Args:
        out: the folder.
        path: the database, which is open.
        say: told what is being drawn.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    modules.load_papers()
    from desktop.app import start_qt
    from ui import theme

    start_qt()
    theme.apply(theme.Scheme.LIGHT, theme.STANDARD)
    walk = _Helper(out, path, say)
    for _ in walk.draw():
        pass
    return walk.kept


class _Helper(Walk):
    """A walk that keeps only what topics show."""

    def __init__(self, folder: Path, path: Path, say: Say) -> None:
        super().__init__(folder, path, SIZE)
        self.kept: list[Path] = []
        self._say = say

    def _save(self, widget: Any, name: str) -> Path:
        wanted = self._topic(name)
        if wanted is None:
            return self.folder
        if wanted == "backups":  # where they lie on this computer is nobody's business
            self._front().stack.currentWidget().place.setText("备份到 D:\\物业备份")
        place = self.folder / f"{wanted}.png"
        self._say(f"画 {place.name}")
        shot = widget.grab() if wanted in _WHOLE or widget is not self.window else self._page()
        if not reduced(shot.toImage()).save(str(place), quality=0):
            raise RuleBroken(f"写不了图片 {place}。请确认文件夹可以写入。")
        if place not in self.kept:  # else a page as it opens, drawn once more with something in it
            self.kept.append(place)
        return place

    def _topic(self, name: str) -> str | None:
        """Return what a topic calls a picture of the walk; None where none shows it."""
        panels = self.window.panels.values()
        pages = {f"{panel.name}-{page.listing}" for panel in panels for page in panel.shown}
        return name.split("-", 1)[1] if name in pages else _NAMES.get(name)

    def _front(self) -> Any:
        """Return the module in front, or the desk."""
        return self.window.panels.get(self.window.docks.current, self.window.desk)

    def _page(self) -> QPixmap:
        """Return what is in front without the frame of the window."""
        from PySide6.QtCore import QPoint, QRect

        front = self._front()
        shot: QPixmap = self.window.grab(QRect(front.mapTo(self.window, QPoint(0, 0)), front.size()))
        return shot


def reduced(image: QImage) -> QImage:
    """Return a picture of the screen in its most frequent colours; letters keep their edges."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage

    whole = image.convertToFormat(QImage.Format.Format_RGB32)
    counted = Counter(memoryview(whole.constBits()).cast("I"))
    table = [colour | 0xFF000000 for colour, _ in counted.most_common(COLOURS)]
    return whole.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.AvoidDither)
