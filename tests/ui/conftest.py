"""What tests of the window stand on: real widgets, drawn nowhere, on a real office."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop import modules
from models.office.accounts import Account
from tests.estate import Estate, furnish, opened

PASSWORD = "correct horse 8"


@pytest.fixture(scope="session", autouse=True)
def _dressed(qapp: QApplication) -> None:
    """Dress the application as the program does, Chinese buttons and all."""
    from desktop.app import start_qt
    from ui import theme

    modules.load()
    start_qt()
    theme.apply(theme.Scheme.LIGHT, theme.STANDARD)


def _key_click(on: QWidget, key: Any, *more: Any, **named: Any) -> None:
    QTest.keyPress(on, key, *more, **named)
    if isValid(on):
        QTest.keyRelease(on, key, *more, **named)


def _mouse_click(on: QWidget, button: Any, *more: Any, **named: Any) -> None:
    QTest.mousePress(on, button, *more, **named)
    if isValid(on):
        QTest.mouseRelease(on, button, *more, **named)


# What a Python override raises in the press is lost where Qt goes on to the release within one call.
QTest.keyClick, QTest.mouseClick = staticmethod(_key_click), staticmethod(_mouse_click)


@dataclass
class Printer:
    """Stands where the printing glue stands and notes what was asked for."""

    folder: Path
    asked: list[dict[str, Any]]

    def __call__(self, code: str, **wish: Any) -> Any:
        """Note it."""
        for name in ("progress", "cancelled", "counts"):
            wish.pop(name, None)
        self.asked.append({"code": code, **wish})
        told = {"path": wish["out"], "sheets": 1, "pages": 1, "remarks": (), "count": None}
        return type("Printout", (), told)()


@pytest.fixture
def printer(tmp_path: Path) -> Printer:
    """Return what prints."""
    return Printer(tmp_path, [])


@pytest.fixture(scope="session")
def furnished(empty_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one office with one of each kind of record, to be copied by the tests that walk everywhere."""
    folder = tmp_path_factory.mktemp("furnished")
    with opened(empty_office, folder / "furnished.db") as path:
        furnish(Estate(), folder)
    return path


@pytest.fixture
def services(office: Path, printer: Printer) -> Iterator[Any]:
    """Return the shared services of a window on a fresh office."""
    from desktop.schedule import Keeper
    from ui.services import Outlets, Services

    made = Services(Outlets(modules.load_papers, printer, lambda: printer.folder), Keeper(office))
    yield made
    made.close()
    _sweep()


@pytest.fixture
def settle(services: Any) -> Callable[[], None]:
    """Return what lets everything under way come to its end, timers of a quarter second included."""

    def wait() -> None:
        rounds = 0
        while rounds < 4 or services.jobs.busy():
            services.jobs.settle()
            QCoreApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            rounds += 1

    return wait


@pytest.fixture
def window(services: Any, office: Path, settle: Callable[[], None]) -> Iterator[Any]:
    """Return the window of the administrator."""
    from desktop.making import make_window

    made = make_window(services, Account.find("admin"), office)
    made.resize(1366, 768)
    made.show()
    settle()
    QTest.qWaitForWindowActive(made)
    made.activateWindow()
    QTest.qWaitForWindowActive(made)
    yield made
    made.shut()
    made.deleteLater()


def pause(milliseconds: int) -> None:
    """Let the window go on for a while; workers too, whom QTest.qWait would let starve."""
    end = time.monotonic() + milliseconds / 1000
    while time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.003)


def begin_sheet(window: Any, settle: Callable[[], None], name: str) -> Any:
    """Open the page of an entry sheet, with the keyboard in its first cell."""
    page = window.open(name)
    settle()
    page.grid.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    return page


def commit(line: QWidget, words: str) -> None:
    """Type words as an input method hands them over."""
    event = QInputMethodEvent("", [])
    event.setCommitString(words)
    QApplication.sendEvent(line, event)


def front(kind: type[QWidget]) -> Any:
    """Return the dialog of a kind that is open."""
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, kind) and one.isVisible())


def _sweep() -> None:
    """Close what a failed test left open."""
    for left in QApplication.topLevelWidgets():
        if hasattr(left, "shut"):
            left.shut()
        left.hide()
        left.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
