"""回执: the short slip below the tear line, at the foot of the sheet's last page."""

from __future__ import annotations

from collections.abc import Sequence

from reports.paper.boxes import BoxSetter
from reports.paper.closing import NoteSetter, SignSetter, note_strips
from reports.paper.flow import Strip, draw_strips
from reports.paper.form import Form, Stub
from reports.paper.ink import Ink
from reports.paper.masthead import FULL, Heading, Masthead
from reports.paper.press import Press
from reports.paper.sheet import Sheet
from reports.paper.sizes import MM, Paper

ABOVE = 6 * MM  # from the content down to the tear line
BELOW = 8 * MM  # from the tear line down to the slip
_WORDS = "沿此线撕下"


def draw_tear(ink: Ink, paper: Paper, y: float) -> None:
    """Draw the line along which the paper is torn, from edge to edge."""
    left, right = (4 - paper.left) * MM, (paper.width - paper.left - 4) * MM
    ink.dashes(left, y, right)
    ink.text(left + 2 * MM, y - 10, _WORDS, 8, grey=True)


class StubStrip(Strip):
    """A slip that stands at the foot of its page."""

    bottom = True

    def __init__(self, setter: StubSetter, heading: Heading, strips: Sequence[Strip]) -> None:
        super().__init__(ABOVE + BELOW + FULL + sum(strip.height for strip in strips))
        self._setter = setter
        self._heading = heading
        self._strips = strips

    def draw(self, ink: Ink, y: float) -> None:
        """Draw tear line, head and content."""
        self._setter.draw(ink, self._heading, self._strips, y)


class StubSetter:
    """Sets the slips of one form, in one file."""

    def __init__(self, form: Form, stub: Stub, paper: Paper, press: Press, masthead: Masthead) -> None:
        key = (form.code, form.title, paper.name, "stub")
        self._stub = stub
        self._paper = paper
        self._masthead = masthead
        self._width = paper.usable * MM
        self._boxes = BoxSetter(stub.fields, self._width, press, key)
        self._notes = NoteSetter(self._width, press.type)
        self._signs = SignSetter(stub.signatures, self._width, press, (key, "signs"))

    def strips(self, sheet: Sheet, heading: Heading) -> list[Strip]:
        """Return the slip of a sheet, as the one strip it is."""
        boxes = self._boxes.blank_strips() if sheet.blank else self._boxes.strips(sheet.values)
        notes = note_strips(self._notes, self._stub.notes)
        return [StubStrip(self, heading, [*boxes, *notes, *self._signs.strips({})])]

    def draw(self, ink: Ink, heading: Heading, strips: Sequence[Strip], y: float) -> None:
        """Draw one slip with its top at `y`."""
        draw_tear(ink, self._paper, y + ABOVE)
        top = y + ABOVE + BELOW
        self._masthead.draw(ink, heading, top)
        self._masthead.draw_copy(ink, self._stub.label, top)
        draw_strips(ink, strips, self._width, top + FULL, 0)
