"""帮助正文: one topic on the screen: its words in the appearance in force, its pictures, its links."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QByteArray, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QColor, QImage, QPainter, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser

from resources import find
from ui import theme
from ui.helptopics import Topic

ROLE_PAPER = "OF-22"
"""The one paper that a topic prints."""
_LATE = 120
"""Milliseconds after which pictures follow the width of the window."""
_PRINTS = re.compile(r'<p><a href="print:[^"]*">.*?</a></p>')


def style() -> str:
    """Return how topics look in the appearance in force."""
    now, points = theme.tokens(), theme.appearance.points
    return (
        f"body {{ color: {now.text}; font-size: {points}pt; line-height: 125%; }}"
        f"h1 {{ font-size: {points + 5}pt; margin-top: 4px; margin-bottom: 6px; }}"
        f"h2 {{ font-size: {points + 1.5}pt; margin-top: 16px; margin-bottom: 4px; }}"
        "p { margin-top: 4px; margin-bottom: 6px; }"
        "ul, ol { margin-top: 0; margin-bottom: 4px; }"
        "li { margin-top: 2px; margin-bottom: 3px; }"
        f"code {{ font-family: '{theme.FAMILIES[0]}'; background-color: {now.hover}; color: {now.text}; }}"
        f"a {{ color: {now.accent}; text-decoration: none; }}"
        ".shot { line-height: 100%; }"
        f".related {{ color: {now.secondary}; margin-top: 18px; }}"
    )


class Reader(QTextBrowser):
    """Shows one topic: its words, its pictures as wide as there is room, links to other topics.

    Args:
        known: returns a topic by its name.
        opened: told of a link that leads out of the help: its kind and its target.
        offers: whether such a link leads anywhere for this person.
    """

    def __init__(
        self,
        known: Callable[[str], Topic | None],
        opened: Callable[[str, str], Any],
        offers: Callable[[str, str], bool],
    ) -> None:
        super().__init__()
        self._known = known
        self._opened, self._offers = opened, offers
        self._placed = 0
        """Where the topic began; the person has moved where it is elsewhere now."""
        self.setAccessibleName("帮助正文")
        self.setOpenLinks(False)
        # Always there: else pictures would be drawn too wide before it comes.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.document().setDocumentMargin(14)
        self.anchorClicked.connect(self.follow)
        self._soon = QTimer(self, singleShot=True, interval=_LATE)
        self._soon.timeout.connect(self.draw_anew)
        theme.appearance.changed.connect(self.draw_anew)

    def find_words(self, words: str) -> None:
        """Mark the first place of the topic on show where these words stand."""
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.find(words)

    def topic(self) -> str:
        """Return the name of the topic on show."""
        return self.source().path()

    def show_topic(self, name: str, anchor: str = "") -> None:
        """Show a topic from its top, or from the heading of a deed."""
        url = QUrl(f"topic:{name}")
        if anchor:
            url.setFragment(anchor)
        self.document().setDefaultStyleSheet(style())
        self.setSource(url, QTextDocument.ResourceType.HtmlResource)
        self._placed = self.verticalScrollBar().value()

    def follow(self, url: QUrl) -> None:
        """Show the topic of a link; anything else but a page or a paper of ours leads nowhere."""
        if url.scheme() == "topic":
            self.show_topic(url.path(), url.fragment())
        elif url.scheme() in ("page", "print"):
            self._opened(url.scheme(), url.path())

    def draw_anew(self) -> None:
        """Show the same place in the appearance and the width in force now."""
        bar = self.verticalScrollBar()
        moved = bar.value() != self._placed
        top = self.cursorForPosition(QPoint(0, 0)).position()
        self.document().setDefaultStyleSheet(style())
        self.reload()
        if moved:
            cursor = self.textCursor()
            cursor.setPosition(min(top, max(0, self.document().characterCount() - 1)))
            bar.setValue(bar.value() + self.cursorRect(cursor).top())
        else:
            self._placed = bar.value()

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Return a topic or a picture of ours; nothing else is ever loaded."""
        url = QUrl(name)
        if url.scheme() == "topic":
            return QByteArray(self._page(url.path()).encode())
        if url.scheme() == "picture":
            return self._picture(url.path())
        return None

    def _page(self, name: str) -> str:
        """Return a topic as it is shown, with the way to its page below the title."""
        topic = self._known(name)
        if topic is None:
            return "<h1>没有这个题目</h1><p>帮助里没有这一页的说明。请从左边的目录里选，或在上面找。</p>"
        body = topic.body
        if not self._offers("print", ROLE_PAPER):
            body = _PRINTS.sub("", body)
        if self._offers("page", name):
            link = f'</h1><p><a href="page:{name}">打开“{topic.title}”页</a></p>'
            body = body.replace("</h1>", link, 1)
        return f'<meta charset="utf-8"><body>{body}</body>'

    def _picture(self, name: str) -> QImage:
        """Return a picture no wider than the window, with a hairline around it."""
        ratio = self.devicePixelRatioF()
        drawn = QImage(str(find(f"help/pictures/{name}.png"))).convertToFormat(QImage.Format.Format_RGB32)
        margin = 2 * self.document().documentMargin() + 4
        room = int((self.viewport().width() - margin) * ratio)
        if drawn.width() > room > 0:
            drawn = drawn.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        painter = QPainter(drawn)
        painter.setPen(QColor(theme.tokens().edge))
        painter.drawRect(0, 0, drawn.width() - 1, drawn.height() - 1)
        painter.end()
        drawn.setDevicePixelRatio(ratio)
        return drawn

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the pictures follow the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._soon.start()
