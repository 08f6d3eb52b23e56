"""矩阵的格: how one house is drawn, and the inks of the appearance in force."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from models.owners.housemap import Answer, MappedHouse
from ui import theme
from ui.theme import Tokens

PAD = 6
LEFT, BETWEEN, RIGHT = 6, 3, 4
"""Room before a house's number, between that and its letter, and behind."""
_BAND = 3
_ROUND = 4


@dataclass(frozen=True)
class Ink:
    """Colours and fonts, looked up once for a whole map."""

    tokens: Tokens
    title: QFont
    bold: QFont
    small: QFont
    text: QColor
    secondary: QColor
    faint: QColor
    ring: QPen
    quiet_ring: QPen

    @classmethod
    def now(cls) -> Ink:
        """Return those in force."""
        now = theme.tokens()
        return cls(
            now,
            theme.font(1, bold=True),
            theme.font(-0.5, bold=True),
            theme.font(-1),
            QColor(now.text),
            QColor(now.secondary),
            QColor(now.disabled),
            QPen(QColor(now.accent), 2),
            QPen(QColor(now.edge), 2),
        )


def draw_cell(
    painter: QPainter, place: QRect, house: MappedHouse, ink: Ink, *, dim: bool, under: bool
) -> None:
    """Draw a house: its number on the left, its letter on the right.

    Args:
        painter: of the map.
        place: where.
        house: which.
        ink: in force.
        dim: it steps back, for another answer stands out.
        under: the mouse is over it.
    """
    draw_ground(painter, place, house.told.answer, ink, dim=dim, under=under)
    room = place.adjusted(LEFT, 0, -RIGHT, 0)
    painter.setFont(ink.small)
    painter.setPen(ink.faint if dim else ink.text)
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, house.short)
    draw_sign(painter, room, house.told.answer, ink, dim=dim)


def draw_ground(
    painter: QPainter, place: QRect, answer: Answer, ink: Ink, *, dim: bool, under: bool = False
) -> None:
    """Draw the ground of an answer, a band of its ink at the left edge."""
    tone = ink.tokens.tone(answer.tone)
    painter.setPen(QPen(QColor(tone.ink), 1) if under else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ink.tokens.window if dim else tone.ground))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if not dim:
        painter.fillRect(place.left(), place.top() + 2, _BAND, place.height() - 4, QColor(tone.ink))


def draw_sign(painter: QPainter, room: QRect, answer: Answer, ink: Ink, *, dim: bool) -> None:
    """Draw the letter of an answer at the right edge."""
    painter.setFont(ink.bold)
    painter.setPen(ink.faint if dim else QColor(ink.tokens.tone(answer.tone).ink))
    painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, answer.sign)
