"""No word of any page or dialog is cut off, from the smallest letters to the largest, at 1366 x 768."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QLabel,
    QTabBar,
    QWidget,
)

from tests.estate import opened
from tests.ui import places
from ui import theme

Settle = Callable[[], None]
SIZES = (9.0, 10.5, 16.0)


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Path]:
    with opened(furnished, tmp_path / "office.db") as path:
        yield path


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, _dressed: None) -> Iterator[None]:
    theme.apply(points=request.param)
    yield
    theme.apply(points=theme.STANDARD)


def cut(root: QWidget) -> list[str]:
    """Return every label, button and tab that has less room than its words want."""
    return [told for one in root.findChildren(QWidget) if one.isVisible() for told in _cut(one)]


def _cut(one: QWidget) -> Iterator[str]:
    if isinstance(one, QTabBar):
        for at in range(one.count()):
            if one.isTabVisible(at) and one.tabRect(at).width() < one.fontMetrics().horizontalAdvance(
                one.tabText(at)
            ):
                yield f"tab {one.tabText(at)!r}"
    elif isinstance(one, QLabel | QAbstractButton) and one.text() and not one.property("elides"):
        wanted = _wanted(one)
        if wanted.width() > one.width() or wanted.height() > one.height():
            yield f"{one.text()[:40]!r} wants {wanted.toTuple()}, has {one.size().toTuple()} in {_where(one)}"
        elif _outside(one):
            yield f"{one.text()[:40]!r} lies outside {_where(one)}"


def _wanted(one: Any) -> QSize:
    if isinstance(one, QLabel) and one.wordWrap():
        return QSize(0, one.heightForWidth(one.width()))
    return one.sizeHint()


def _outside(one: QWidget) -> bool:
    """Whether a part of it lies outside what it stands in, where nothing scrolls there."""
    room, above = one.rect(), one.parentWidget()
    while above is not None and not above.isWindow():
        at = room.translated(one.mapTo(above, one.rect().topLeft()))
        area = above.parentWidget()
        if isinstance(area, QAbstractScrollArea):
            never = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            return never and not (at.left() >= 0 and at.right() <= above.rect().right())
        if not above.rect().contains(at):
            return True
        above = area
    return False


def _where(one: QWidget) -> str:
    names, above = [], one.parentWidget()
    while above is not None and len(names) < 3:
        names.append(f"{type(above).__name__}#{above.objectName()}")
        above = above.parentWidget()
    return "<".join(names)


def test_no_word_of_any_form_is_cut(sized: None, services: Any, settle: Settle) -> None:
    found = []
    for deed in places.asking():
        dialog = places.form_of(services, deed)
        places.come_up(dialog, settle)
        found += [f"{deed.name}: {one}" for one in cut(dialog)]
        places.put_away(dialog, settle)
    assert not found, "\n".join(found)


def test_no_word_of_any_other_dialog_is_cut(sized: None, window: Any, settle: Settle, tmp_path: Path) -> None:
    found = [
        f"{name}: {one}" for name, dialog in places.others(window, settle, tmp_path) for one in cut(dialog)
    ]
    assert not found, "\n".join(found)
