"""表尾: what stands below the table: notes, the payee's picture, the cells to be signed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from reports.paper.cells import LEADING, PAD, StampStrip, TextCell, unbroken
from reports.paper.flow import Gap, Strip
from reports.paper.form import Note, Sign
from reports.paper.ink import ASCENT, Ink, Picture
from reports.paper.press import Press
from reports.paper.sizes import MM
from reports.paper.typeset import Line, Typesetter

NOTE = 9.5  # points
_SIGN = 10.5  # points
_NAME = 8.0  # points
_NAME_LINE = 1.4 * _NAME
_PICTURE = 26 * MM
_CAPTION = 8.0  # points
SPACE = 1.8 * MM  # between two parts


class _NoteLine(Strip):
    """One line of a note, its opening words bold."""

    def __init__(self, opening: Line | None, line: Line, indent: float, last: bool) -> None:
        super().__init__(line.size * (LEADING + (0.25 if last else 0.1)))
        self._opening = opening
        self._line = line
        self._indent = indent

    def draw(self, ink: Ink, y: float) -> None:
        base = y + (ASCENT + 0.1) * self._line.size
        if self._opening is not None:
            ink.show(0, base, self._opening)
        ink.show(self._indent, base, self._line)


class CaptionStrip(Strip):
    """Bold words above a table."""

    keep = True

    def __init__(self, words: str, kit: Typesetter) -> None:
        super().__init__(_SIGN * 1.6)
        self._line = kit.set(words, _SIGN, bold=True)

    def draw(self, ink: Ink, y: float) -> None:
        """Draw the words."""
        ink.show(0, y + 1.15 * _SIGN, self._line)


class NoteSetter:
    """Sets notes at one width."""

    def __init__(self, width: float, kit: Typesetter) -> None:
        self.width = width
        self.kit = kit

    def strips(self, notes: Sequence[Note], width: float = 0.0, size: float = NOTE) -> list[Strip]:
        """Return the lines of the notes, each note kept on one page."""
        strips: list[Strip] = []
        for note in notes:
            lines = self._lines(note, width or self.width, size)
            for line in lines[:-1]:
                line.keep = True
            strips += lines
        return strips

    def _lines(self, note: Note, width: float, size: float) -> list[Strip]:
        words, text = note if isinstance(note, tuple) else ("", note)
        opening = self.kit.set(f"{words}　", size, bold=True) if words else None
        indent = opening.width if opening else 0.0
        if indent > width / 2:
            opening, indent, text = None, 0.0, f"{words}　{text}"
        lines = self.kit.broken(text, width - indent, size)
        last = len(lines) - 1
        return [_NoteLine(None if i else opening, line, indent, i == last) for i, line in enumerate(lines)]


class _PictureStrip(Strip):
    """Notes on the left and a picture with small words below it on the right."""

    def __init__(self, lines: Sequence[Strip], picture: Path, caption: Sequence[Line], width: float) -> None:
        text = sum(line.height for line in lines)
        super().__init__(max(text, _PICTURE + 1.3 * _CAPTION * len(caption) + 2))
        self._lines = lines
        self._picture = Picture(picture, width - _PICTURE, 0, _PICTURE, _PICTURE)
        self._caption = caption

    def draw(self, ink: Ink, y: float) -> None:
        ink.place(replace(self._picture, y=y))
        base = y + _PICTURE + 2 + ASCENT * _CAPTION
        for line in self._caption:
            ink.show(self._picture.x + _PICTURE / 2, base, line, "center")
            base += 1.3 * _CAPTION
        for strip in self._lines:
            strip.draw(ink, y)
            y += strip.height


def note_strips(
    setter: NoteSetter, notes: Sequence[Note], picture: Path | None = None, caption: str = ""
) -> list[Strip]:
    """Return the notes with the space above them, beside the picture if there is one."""
    if picture is not None:
        below = setter.kit.broken(caption, _PICTURE, _CAPTION) if caption else []
        lines = setter.strips(notes, setter.width - _PICTURE - 4 * MM)
        return [Gap(SPACE), _PictureStrip(lines, picture, below, setter.width)]
    lines = setter.strips(notes)
    return [Gap(SPACE), *lines] if lines else []


class _SignLine(Strip):
    """One line of cells to be signed: a tinted label and empty room beside it."""

    framed = True

    def __init__(self, signs: Sequence[Sign], needs: Sequence[float], width: float, kit: Typesetter) -> None:
        super().__init__(max(sign.height for sign in signs) * MM)
        spare = (width - sum(needs) - sum(sign.width * MM for sign in signs)) / len(signs)
        self._cells: list[tuple[float, float, TextCell]] = []
        uprights = []
        left = 0.0
        self.rooms: dict[str, tuple[float, float]] = {}
        for sign, need in zip(signs, needs, strict=True):
            right = left + need + sign.width * MM + spare
            self._cells.append(
                (left, need, unbroken(kit, sign.label, (left, left + need), _SIGN, align="center"))
            )
            self.rooms[sign.label] = (left + need, right)
            uprights += [left + need, right]
            left = right
        self.uprights = tuple(uprights[:-1])

    def draw(self, ink: Ink, y: float) -> None:
        for left, width, cell in self._cells:
            ink.tint(left, y, width, self.height)
            cell.draw(ink, y, self.height)


class _SignedLine(Strip):
    """A line of signature cells with names printed small at the foot of some, so that room to sign stays."""

    framed = True

    def __init__(self, stamp: StampStrip, names: Sequence[TextCell]) -> None:
        super().__init__(stamp.height)
        self.uprights = stamp.uprights
        self._stamp = stamp
        self._names = names

    def draw(self, ink: Ink, y: float) -> None:
        self._stamp.draw(ink, y)
        for name in self._names:
            name.draw(ink, y + self.height - _NAME_LINE, _NAME_LINE)


class SignSetter:
    """Sets the signature block of a form: every cell at least as large as declared."""

    def __init__(self, signs: Sequence[str | Sign], width: float, press: Press, key: Hashable) -> None:
        self._kit = press.type
        self._lines: list[tuple[_SignLine, StampStrip]] = []
        cells = [Sign(sign) if isinstance(sign, str) else sign for sign in signs]
        needs = [self._kit.width(sign.label, _SIGN) + 3.6 * PAD for sign in cells]
        for index, (start, end) in enumerate(_lines(cells, needs, width)):
            line = _SignLine(cells[start:end], needs[start:end], width, self._kit)
            self._lines.append((line, StampStrip(press, (key, index, width), line)))

    def strips(self, names: Mapping[str, str]) -> list[Strip]:
        """Return the block, all of it on one page, with the names that are given."""
        strips: list[Strip] = []
        for line, stamp in self._lines:
            printed = [
                unbroken(self._kit, names[label], room, _NAME, align="right")
                for label, room in line.rooms.items()
                if names.get(label)
            ]
            strips.append(_SignedLine(stamp, printed))
        for strip in strips[:-1]:
            strip.keep = True
        return [Gap(SPACE), *strips] if strips else []


def _lines(signs: Sequence[Sign], needs: Sequence[float], width: float) -> list[tuple[int, int]]:
    """Return start and end of each line: as few lines as hold all cells, evenly filled."""
    wide = [need + sign.width * MM for sign, need in zip(signs, needs, strict=True)]
    for count in range(1, len(signs) + 1):
        each = -(-len(signs) // count)
        spans = [(start, min(start + each, len(signs))) for start in range(0, len(signs), each)]
        if all(sum(wide[start:end]) <= width for start, end in spans):
            return spans
    return [(i, i + 1) for i in range(len(signs))]
