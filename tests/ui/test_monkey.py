"""猴子: keys, clicks and everything else a hand can do, at random, over the demo office; nothing may break.

The seed is printed. MONKEY_SEED sets another (`random` any), MONKEY_STEPS how long it goes on; by itself the
suite takes the same one each time, so that a change is blamed only for what it broke.
"""

import os
import random
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QDesktopServices, QInputMethodEvent, QWheelEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget
from shiboken6 import isValid

from desktop import modules
from desktop.demo import build_demo
from desktop.making import make_window
from desktop.schedule import Keeper
from models import deeds, store
from models.base import db
from models.office.accounts import Account
from models.owners.estate import Unit
from tests.ui.conftest import _sweep
from ui import dialogs, theme
from ui.services import Outlets, Services

SEED = "20261128"
STEPS = int(os.environ.get("MONKEY_STEPS", "3000"))
PLAIN, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
_NAMED = "Return Enter Escape Tab Backtab Space Up Down Left Right Home End PageUp PageDown Delete Backspace"
KEYS = [
    *(getattr(Qt.Key, f"Key_{name}") for name in _NAMED.split()),
    *(Qt.Key(Qt.Key.Key_F1 + number) for number in range(10)),
    *(Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Equal, Qt.Key.Key_Menu, Qt.Key.Key_Insert),
]
LETTERS = [
    *(getattr(Qt.Key, f"Key_{one}") for one in "ABCDEFGHIJKLMNOPRSTUVWXYZ123456789"),
    *(Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_PageDown, Qt.Key.Key_Backslash),
]
WAITS = "qt_calendar_monthbutton"
"""Opens a menu that Qt waits for before it hands back the click."""
WORDS = [
    *("1", "0", "-1", "100", "１２３．５", "12.345", "999999999999", "1-6,8", "-", ".", "%", " "),
    *("2026-11", "2026-11-28", "今天", "王", "张三", "微信", "x", "𠮷", "1栋", "正确的口令八个字"),
    *("<b>&", "13800000000", "=1+1", "'; drop"),
]


class Faults:
    """Everything that went wrong, wherever it was noticed."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def note(self, fault: BaseException, where: str) -> str:
        told = "".join(traceback.format_exception(fault))
        self.found.append(f"{where}: {told}")
        return "0000"

    def raised(self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        self.note(fault.with_traceback(trace), "raised")

    def qt(self, kind: QtMsgType, _: Any, words: str) -> None:
        if kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg):
            self.found.append(f"Qt: {words}")


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    made = Faults()
    monkeypatch.setattr(dialogs, "log_bug", lambda fault: made.note(fault, "bug"))
    monkeypatch.setattr(sys, "excepthook", made.raised)
    monkeypatch.setattr(sys, "unraisablehook", lambda told: made.note(told.exc_value, "unraisable"))
    monkeypatch.setattr(threading, "excepthook", lambda told: made.note(told.exc_value, "thread"))
    before = qInstallMessageHandler(made.qt)
    yield made
    qInstallMessageHandler(before)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Answer for the desktop: files are chosen or not, nothing is opened, nothing goes to a printer."""
    turns = iter(range(10**9))
    some = tmp_path / "文件.xlsx"
    some.write_bytes(b"no workbook")

    def one(*_: Any, **__: Any) -> tuple[str, str]:
        number = next(turns)
        return ("", str(some), str(tmp_path / f"{number}.pdf"))[number % 3], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", one)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", one)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([str(some)], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(tmp_path))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: True)
    monkeypatch.setattr(QPrintDialog, "exec", lambda dialog: QDialog.DialogCode.Rejected)


class Monkey:
    """Somebody who knows nothing and tries everything."""

    def __init__(self, window: Any, seed: int) -> None:
        self.window, self.chance = window, random.Random(seed)
        self.did: deque[str] = deque(maxlen=25)
        self.pages = [page.listing for panel in window.panels.values() for page in panel.shown]
        self.words = [*WORDS, *(unit.key() for unit in Unit.select().limit(4))]
        self.ways: list[tuple[int, Callable[[], None]]] = [
            (30, self.click), (14, self.press), (10, self.press_with), (16, self.type), (6, self.compose),
            (5, self.turn_wheel), (2, self.resize), (4, self.go), (3, self.wait),
        ]  # fmt: skip

    def act(self) -> None:
        ways = [way for _, way in self.ways]
        self.chance.choices(ways, [weight for weight, _ in self.ways])[0]()
        QCoreApplication.processEvents()

    def tops(self) -> list[QWidget]:
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if front is not None:
            return [front]
        return [one for one in QApplication.topLevelWidgets() if one.isVisible()]

    def at_keys(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        here = popup or QApplication.focusWidget() or self.chance.choice(self.tops() or [self.window])
        return here

    def note(self, what: str, on: QWidget, more: str = "") -> None:
        words = on.text() if hasattr(on, "text") and callable(on.text) else on.accessibleName()
        self.did.append(
            f"{what} {more} on {type(on).__name__} {str(words)[:30]!r} of {on.window().windowTitle()!r}"
        )

    def press(self) -> None:
        here, key = self.at_keys(), self.chance.choice(KEYS)
        held = self.chance.choice([PLAIN, PLAIN, PLAIN, SHIFT])
        self.note("press", here, f"{held.name} {key.name}")
        QTest.keyClick(here, key, held)

    def press_with(self) -> None:
        here, key = self.at_keys(), self.chance.choice(LETTERS)
        held = self.chance.choice([CTRL, CTRL, CTRL | SHIFT, ALT])
        self.note("press", here, f"{held.name} {key.name}")
        QTest.keyClick(here, key, held)

    def type(self) -> None:
        here, words = self.at_keys(), self.chance.choice(self.words)
        self.note("type", here, words)
        event = QInputMethodEvent("", [])
        event.setCommitString(words)
        QApplication.sendEvent(here, event)
        if self.chance.random() < 0.5:
            QTest.keyClick(self.at_keys(), self.chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Tab]))

    def compose(self) -> None:
        here = self.at_keys()
        self.note("compose", here)
        event = QInputMethodEvent(self.chance.choice(["zhang", "w", ""]), [])
        event.setCommitString(self.chance.choice(["", "", "张"]))
        QApplication.sendEvent(here, event)

    def under(self) -> QWidget | None:
        """Return what lies at some place of a window, as a mouse finds it."""
        tops = self.tops()
        if not tops:
            return None
        top = self.held = self.chance.choice(tops)  # or PySide lets what was found in it go with it
        at = QPoint(self.chance.randrange(max(1, top.width())), self.chance.randrange(max(1, top.height())))
        found = top.childAt(at) or top
        usable = isValid(found) and found.isEnabled() and found.objectName() != WAITS
        return found if usable else None

    def click(self) -> None:
        on = self.under()
        if on is None:
            return
        at = QPoint(self.chance.randrange(max(1, on.width())), self.chance.randrange(max(1, on.height())))
        button = self.chance.choice([Qt.MouseButton.LeftButton] * 8 + [Qt.MouseButton.RightButton])
        twice = self.chance.random() < 0.1
        self.note("double click" if twice else "click", on, f"{button.name} {at.toTuple()}")
        if twice:
            QTest.mouseDClick(on, button, PLAIN, at)
        else:
            QTest.mouseClick(on, button, PLAIN, at)

    def turn_wheel(self) -> None:
        on = self.under()
        if on is None:
            return
        self.note("wheel", on)
        middle, turned = on.rect().center(), QPoint(0, self.chance.choice([-240, -120, 120, 240]))
        event = QWheelEvent(
            QPointF(middle), QPointF(on.mapToGlobal(middle)), turned, turned, Qt.MouseButton.NoButton, PLAIN,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(on, event)

    def resize(self) -> None:
        self.did.append("resize")
        self.window.resize(self.chance.randrange(900, 1900), self.chance.randrange(600, 1100))

    def go(self) -> None:
        """Go to a page as from the desk; what is in front of the window first goes away by Esc."""
        for _ in range(6):
            front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
            if front is None:
                break
            QTest.keyClick(front, Qt.Key.Key_Escape)
            QCoreApplication.processEvents()
        page = self.chance.choice(self.pages)
        self.did.append(f"go to {page}")
        self.window.open(page)

    def wait(self) -> None:
        self.did.append("wait")
        self.window.services.jobs.settle(5)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def dress(self) -> None:
        self.did.append("dress")
        theme.apply(self.chance.choice(list(theme.Scheme)), self.chance.choice(list(theme.POINTS.values())))


@pytest.mark.slow
def test_nothing_breaks_whatever_a_hand_does(
    faults: Faults, outside: None, tmp_path: Path, printer: Any
) -> None:
    asked = os.environ.get("MONKEY_SEED", SEED)
    seed = random.randrange(10**6) if asked == "random" else int(asked)
    print(f"MONKEY_SEED={seed}", file=sys.__stderr__)  # a crash would take what is captured with it
    build_demo(tmp_path / "demo.db", units=24, months=2, seed=seed % 7)
    with store.open_office(tmp_path / "demo.db") as office, deeds.acting(Account.find("admin")):
        db.connect(reuse_if_open=True)
        services = Services(
            Outlets(modules.load_papers, printer, lambda: tmp_path), Keeper(tmp_path / "demo.db", office)
        )
        window = make_window(services, Account.find("admin"), tmp_path / "demo.db")
        window.show()
        QTest.qWaitForWindowActive(window)
        monkey = Monkey(window, seed)
        try:
            for step in range(STEPS):
                monkey.act()
                if step % 1000 == 500:
                    monkey.dress()  # takes long: not left to chance
                assert not faults.found, _told(seed, step, monkey, faults)
            services.jobs.settle()
        finally:
            window.shut()  # as the program does
            window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            _sweep()
            services.close()
            theme.apply(theme.Scheme.LIGHT, theme.STANDARD)
        assert not faults.found, _told(seed, STEPS, monkey, faults)
        assert store.check(office) == []


def _told(seed: int, step: int, monkey: Monkey, faults: Faults) -> str:
    return "\n".join([f"MONKEY_SEED={seed}, step {step}", *monkey.did, *faults.found])
