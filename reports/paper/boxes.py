"""填写栏: boxed fields, label cells tinted, value cells that grow with what is written in them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from reports.paper.cells import HANDWRITING, PAD, RowStrip, StampStrip, row_height, unbroken, wrapped
from reports.paper.flow import Strip
from reports.paper.form import Field, label_text
from reports.paper.ink import Ink
from reports.paper.press import Press
from reports.paper.sizes import MM
from reports.paper.values import UNBROKEN, Value, writer

SIZE = 10.5  # points
_TWELFTHS = 12
_WRITTEN = 7 * MM  # a line of handwriting in a larger box


@dataclass(frozen=True, slots=True)
class _Box:
    """One field where it stands: left edge, end of the label, right edge, in points."""

    field: Field
    left: float
    middle: float
    right: float
    write: Callable[[Value], str]


class BoxSetter:
    """Sets the lines of boxed fields of a form, at one width, in one file."""

    def __init__(self, fields: Sequence[Field], width: float, press: Press, key: Hashable) -> None:
        self._press = press
        self._key = (key, width)
        self._lines = _arranged(fields, width, press)

    def strips(self, values: Mapping[str, Value]) -> list[Strip]:
        """Return the lines with their values."""
        return [self._filled(index, line, values) for index, line in enumerate(self._lines)]

    def blank_strips(self, height: float = HANDWRITING) -> list[Strip]:
        """Return the lines to be written on by hand, so high at least."""
        return [self._blank(line, height) for line in self._lines]

    def _filled(self, index: int, line: Sequence[_Box], values: Mapping[str, Value]) -> Strip:
        kit = self._press.type
        cells = []
        for box in line:
            text = box.write(values.get(box.field.name))
            put = unbroken if box.field.kind in UNBROKEN else wrapped
            cells.append(put(kit, text, (box.middle, box.right), SIZE))
        least = max(row_height(SIZE, box.field.lines) for box in line)
        strip = RowStrip(cells, SIZE, least)
        return _Labelled(strip, line, self._press, (self._key, index), least)

    def _blank(self, line: Sequence[_Box], height: float) -> Strip:
        kit = self._press.type
        cells = []
        for box in line:
            if box.field.choices:
                ticks = " ".join(f"□{choice}" for choice in box.field.choices)
                cells.append(wrapped(kit, ticks, (box.middle, box.right), SIZE))
        least = max(height, max(box.field.lines for box in line) * _WRITTEN)
        return _Labelled(RowStrip(cells, SIZE, least), line, self._press, (self._key, "blank"), 0.0)


class _Labels(Strip):
    """The tinted label cells of one line of boxes."""

    def __init__(self, line: Sequence[_Box], press: Press, height: float) -> None:
        super().__init__(height)
        self._line = line
        self._cells = [
            wrapped(press.type, label_text(box.field.label), (box.left, box.middle), SIZE, align="center")
            for box in line
        ]

    def draw(self, ink: Ink, y: float) -> None:
        for box, cell in zip(self._line, self._cells, strict=True):
            ink.tint(box.left, y, box.middle - box.left, self.height)
            cell.draw(ink, y, self.height)


class _Labelled(Strip):
    """A line of boxes; its labels are stamped while the line has its usual height."""

    framed = True

    def __init__(
        self, values: RowStrip, line: Sequence[_Box], press: Press, key: Hashable, usual: float
    ) -> None:
        super().__init__(values.height)
        self.uprights = tuple(sorted({box.middle for box in line} | {box.left for box in line if box.left}))
        self._values = values
        self._parts = line, press, key, usual
        labels: Strip = _Labels(line, press, values.height)
        if abs(values.height - usual) < 0.01:
            labels = StampStrip(press, key, labels)
        self._labels = labels

    def draw(self, ink: Ink, y: float) -> None:
        self._labels.draw(ink, y)
        self._values.draw(ink, y)

    def split(self, room: float) -> tuple[Strip, Strip] | None:
        parts = self._values.split(room)
        if parts is None or not all(isinstance(part, RowStrip) for part in parts):
            return None
        head, tail = (_Labelled(part, *self._parts) for part in parts if isinstance(part, RowStrip))
        tail.keep = self.keep
        return head, tail


def _arranged(fields: Sequence[Field], width: float, press: Press) -> list[list[_Box]]:
    """Put fields on lines by their twelfths; labels that stand below one another end together."""
    lines: list[list[tuple[Field, int]]] = [[]]
    used = 0
    for field in fields:
        if used + field.span > _TWELFTHS:
            lines.append([])
            used = 0
        lines[-1].append((field, used))
        used += field.span
    needs: dict[int, float] = {}
    for line in lines:
        for field, start in line:
            need = press.type.width(label_text(field.label), SIZE) + 3.6 * PAD
            room = field.span * width / _TWELFTHS * 0.45
            needs[start] = max(needs.get(start, 0.0), min(need, room))
    return [_boxes(line, needs, width) for line in lines if line]


def _boxes(line: Sequence[tuple[Field, int]], needs: Mapping[int, float], width: float) -> list[_Box]:
    ends = [start for _, start in line[1:]] + [_TWELFTHS]
    return [
        _Box(
            field,
            start * width / _TWELFTHS,
            start * width / _TWELFTHS + needs[start],
            end * width / _TWELFTHS,
            writer(field.kind, field.places),
        )
        for (field, start), end in zip(line, ends, strict=True)
    ]
