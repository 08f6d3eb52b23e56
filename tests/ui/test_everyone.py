"""人人可用: what takes the keyboard has a name, Tab goes round all as it is seen, no colour stands alone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QTabBar, QWidget

from desktop.making import make_window
from models.deeds import DEEDS, acting
from tests.estate import opened
from tests.test_rights import worker
from tests.ui import places
from ui import theme
from ui.desk import Clickable
from ui.entrygrid import EntryGrid
from ui.helpreader import Reader

Settle = Callable[[], None]
MOST_STEPS = 400


@pytest.fixture
def office(furnished: Path, tmp_path: Path) -> Iterator[Path]:
    with opened(furnished, tmp_path / "office.db") as path:
        yield path


def focusable(root: QWidget) -> list[QWidget]:
    """Return what can take the keyboard now."""
    found = [root, *root.findChildren(QWidget)]
    return [one for one in found if one.window() is root.window() and _takes(one)]


def _takes(one: QWidget) -> bool:
    return one.isVisible() and one.isEnabled() and one.focusPolicy() != Qt.FocusPolicy.NoFocus


def named(one: QWidget) -> str:
    """Return what a screen reader says of a widget."""
    told = QAccessible.queryAccessibleInterface(one)
    return told.text(QAccessible.Text.Name) if told is not None else ""


def nameless(root: QWidget) -> list[str]:
    return [f"{told(one)}" for one in focusable(root) if one.focusProxy() is None and not named(one).strip()]


def told(one: QWidget) -> str:
    parents, at = [], one
    while at is not None and len(parents) < 4:
        parents.append(f"{type(at).__name__}#{at.objectName()}")
        at = at.parentWidget()
    return f"{named(one)!r} {'<'.join(parents)}"


def tabbed(root: QWidget) -> list[QWidget]:
    """Return what Tab comes by, from where the keyboard is until it is there again."""
    seen: list[QWidget] = []
    for _ in range(MOST_STEPS):
        now = QApplication.focusWidget()
        assert now is not None
        whole = _whole(now)
        if whole not in seen:
            seen.append(whole)
        elif whole is seen[0] and (len(seen) > 1 or not isinstance(whole, EntryGrid | Reader)):
            return seen
        if not seen[0].focusPolicy() & Qt.FocusPolicy.TabFocus:
            seen.clear()  # the page itself, to which only a click leads
        QTest.keyClick(now, Qt.Key.Key_Tab)
        QCoreApplication.processEvents()
    return []


def _whole(now: QWidget) -> QWidget:
    """Return the table of a cell that is being typed into, whose line goes with each step."""
    above: QWidget | None = now
    while above is not None and not isinstance(above, EntryGrid):
        above = above.parentWidget()
    return above or now


def missed(root: QWidget, seen: list[QWidget]) -> list[str]:
    """Return what Tab passes over."""
    wanted = [one for one in focusable(root) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return [told(one) for one in wanted if one.focusProxy() is None and _whole(one) not in seen]


def out_of_order(seen: list[QWidget]) -> list[str]:
    """Return pairs of which the later one stands left of the earlier in its row, or above it."""
    top = seen[0].window()
    for area in top.findChildren(QScrollArea):  # Tab scrolled to what it came by
        area.verticalScrollBar().setValue(0)
    places = [QRect(one.mapTo(top, one.rect().topLeft()), one.size()) for one in seen]
    start = min(range(len(seen)), key=lambda at: (places[at].top() // 8, places[at].left()))
    turned = [*range(start, len(seen)), *range(start)]
    return [
        f"{told(seen[earlier])} {places[earlier]} before {told(seen[later])} {places[later]}"
        for number, earlier in enumerate(turned)
        for later in turned[number + 1 :]
        if _stands_before(places[later], places[earlier])
    ]


def _stands_before(one: QRect, other: QRect) -> bool:
    in_row = one.top() < other.bottom() and other.top() < one.bottom()
    in_column = one.left() < other.right() and other.left() < one.right()
    return (in_row and one.right() <= other.left()) or (in_column and one.bottom() <= other.top())


def faults(root: QWidget) -> list[str]:
    """Return everything that is wrong with a window for those without mouse or eyes."""
    found = [f"no name: {one}" for one in nameless(root)]
    if QApplication.focusWidget() is None:
        root.window().focusNextChild()
    seen = tabbed(root)
    if not seen:
        return [*found, f"Tab does not come round from {told(QApplication.focusWidget() or root)}"]
    found += [f"Tab passes over {one}" for one in missed(root, seen)]
    return found + [f"out of order: {one}" for one in out_of_order(seen)] + doubled(root)


def doubled(root: QWidget) -> list[str]:
    """Return mnemonics that stand for two things of a window."""
    words = [one.text() for one in root.findChildren(QAbstractButton) if one.isVisible()]
    words += [one.text() for one in root.findChildren(QLabel) if one.isVisible() and one.buddy()]
    for bar in root.findChildren(QTabBar):
        words += [bar.tabText(at) for at in range(bar.count())] if bar.isVisible() else []
    letters = [letter.lower() for text in words for letter in re.findall("&([^&])", text.replace("&&", ""))]
    return [f"two mnemonics {letter}" for letter in letters if letters.count(letter) > 1]


@pytest.mark.parametrize("name", [deed.name for deed in places.asking()])
def test_a_form_is_for_everyone(name: str, services: Any, settle: Settle) -> None:
    dialog = places.form_of(services, DEEDS[name])
    places.come_up(dialog, settle)
    found = faults(dialog)
    places.put_away(dialog, settle)
    assert not found, "\n".join(found)


def test_every_other_dialog_is_for_everyone(window: Any, settle: Settle, tmp_path: Path) -> None:
    found = [
        f"{name}: {one}" for name, dialog in places.others(window, settle, tmp_path) for one in faults(dialog)
    ]
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_every_page_of_a_cashier_is_for_everyone(services: Any, office: Path, settle: Settle) -> None:
    cashier = worker("小李", "收款员")
    with acting(cashier):
        window = make_window(services, cashier, office)
        window.resize(1366, 768)
        places.come_up(window, settle)
        found = [f"{place}: {one}" for place, _ in places.pages(window, settle) for one in faults(window)]
        window.shut()
        window.deleteLater()
    assert not found, "\n".join(found)


def test_no_colour_of_the_desk_stands_alone(window: Any, settle: Settle) -> None:
    reminders = window.desk.findChildren(Clickable, "reminder")
    assert reminders
    for reminder in reminders:
        labels = reminder.findChildren(QLabel)
        assert any(not one.pixmap().isNull() for one in labels)
        assert any(one.text() for one in labels)


@pytest.mark.parametrize("now", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_every_tone_has_a_sign_of_its_own(now: theme.Tokens) -> None:
    assert set(theme.TONE_ICONS) == set(now.tones)
    assert len(set(theme.TONE_ICONS.values())) == len(theme.TONE_ICONS)
