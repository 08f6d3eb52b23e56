"""Every page, and every dialog that its buttons open, looked at in all ways at once.

Opening a page takes far longer than looking at it: whoever has a further question to all of them asks it in
this walk. Other dialogs and the forms of the deeds are looked at where each question is at home.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from models.listings import LISTS, WINDOW
from tests.estate import opened
from tests.ui import places
from tests.ui.conftest import pause
from tests.ui.test_clipped import cut
from tests.ui.test_composing_everywhere import fields_in, once, walk
from tests.ui.test_everyone import faults
from tests.ui.test_wheel import turned, turned_in
from ui import theme
from ui.deeddialog import DeedDialog
from ui.grid import Grid
from ui.page import PageView
from ui.rows import NEGATIVE, TONE

Settle = Callable[[], None]
LARGE = 16.0


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Path]:
    with opened(furnished, tmp_path / "office.db") as path:
        yield path


class Flashes(QObject):
    """Notes every window that shows itself while a page is built."""

    def __init__(self, qapp: Any) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._qapp = qapp

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False

    def pages(self, window: Any, settle: Settle) -> Iterator[tuple[str, QWidget]]:
        """Yield every page, listening until it is in front."""
        walked = places.pages(window, settle)
        while True:
            self._qapp.installEventFilter(self)
            found = next(walked, None)
            self._qapp.removeEventFilter(self)
            if found is None:
                return
            yield found


def unlike_its_list(page: QWidget) -> list[str]:
    """Return how a page of a list does not show the rows of its list."""
    if not isinstance(page, PageView):
        return []
    count = LISTS[page.page.listing]().count()
    shown = page.table.grid.rows.rowCount()
    whole = page.isVisible() and page.table.count == count and shown >= min(WINDOW, count)
    return [] if whole else [f"{count} rows, told {page.table.count}, shown {shown}"]


def colours_alone(page: QWidget) -> tuple[list[str], int]:
    """Return statuses without icon or word and negative numbers without a minus; how many there were."""
    found, toned = [], 0
    for grid in page.findChildren(Grid):
        rows = grid.rows
        for row in range(rows.rowCount()):
            for column in range(rows.columnCount()):
                cell = rows.index(row, column)
                tone, words = cell.data(TONE), str(cell.data() or "")
                toned += tone is not None
                if tone is not None and not (words and tone in theme.TONE_ICONS):
                    found.append(f"{tone} {words!r} is a colour alone")
                if cell.data(NEGATIVE) and not words.startswith("-"):
                    found.append(f"{words!r} has no minus")
    return found, toned


@pytest.mark.slow
def test_every_page_and_what_its_buttons_open_in_the_usual_letters(
    window: Any, services: Any, settle: Settle, qapp: Any
) -> None:
    """No word is cut, no colour alone, nothing nameless; nothing flashes, turns or acts by itself."""
    found, toned, wheels, walked, flashes = [], 0, 0, set[Any](), Flashes(qapp)
    for place, page in flashes.pages(window, settle):
        alone, count = colours_alone(page)
        toned, wheels = toned + count, wheels + len(turned_in(window))
        told = [*cut(window), *unlike_its_list(page), *alone, *faults(window), *turned("page", window)]
        for title, dialog in places.raised_by(page, settle):
            fields = [] if type(dialog) is DeedDialog else fields_in(dialog)  # others are walked by deed
            told += [f"{title}: {one}" for one in (*cut(dialog), *faults(dialog), *turned("it", dialog))]
            for field in [one for one in fields if once(dialog, one, walked)]:
                told += [f"{title}: {one}" for one in walk(field, services, settle)]
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        places.begin_cells(page)
        for field in [one for one in fields_in(page) if once(page, one, walked)]:
            told += walk(field, services, settle)
        settle()
        found += [f"{place}: {one}" for one in told]
    while not window._found_pages:  # it learns the lists a moment after it has come up
        pause(10)
    found += walk(window.search, services, settle)
    assert not found, "\n".join(found)
    assert not flashes.seen, "windows that a page showed while it was built"
    assert toned > 10 and wheels > 20 and len(walked) > 30
    least = window.minimumSizeHint()
    assert least.width() <= 1366 and least.height() <= 768, least


@pytest.mark.slow
def test_no_word_of_a_page_or_of_what_its_buttons_open_is_cut_in_large_letters(
    window: Any, settle: Settle, qapp: Any
) -> None:
    found, flashes = [], Flashes(qapp)
    try:
        theme.apply(theme.Scheme.DARK, LARGE)
        for place, page in flashes.pages(window, settle):
            found += [f"{place}: {one}" for one in cut(window)]
            for title, dialog in places.raised_by(page, settle):
                found += [f"{place} {title}: {one}" for one in cut(dialog)]
    finally:
        theme.apply(theme.Scheme.LIGHT, theme.STANDARD)
    assert not found, "\n".join(found)
    assert not flashes.seen, "windows that a page showed while it was built"
