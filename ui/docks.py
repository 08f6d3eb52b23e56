"""停靠: the docks of the window: tabbed, beside each other, floating, and kept as the person left them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QCursor, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QTabBar,
    QTabWidget,
    QWidget,
)

from ui import theme
from ui.keys import follow_by_tab
from ui.memory import Memory
from ui.words import Plain

VERSION = 1
"""Of what is kept; a layout of another version is not believed."""
KEPT = "layout"
_SEEN = 0.8
"""Part of a window that must lie on some screen."""
AREA = Qt.DockWidgetArea.RightDockWidgetArea
_CHANGES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.WindowStateChange)


class Docks(QObject):
    """All docks of one window by name; the first one stays open."""

    entered = Signal(str)
    """The person came to this dock."""
    shown = Signal(str)
    """This dock can be seen now."""
    keyboard_due = Signal(str)
    """The keyboard belongs into this dock now."""

    def __init__(self, window: QMainWindow, memory: Memory) -> None:
        super().__init__(window)
        self.window, self._memory = window, memory
        self.all: dict[str, QDockWidget] = {}
        self._bodies: dict[str, QWidget] = {}
        self.current = ""
        self._seen: dict[str, bool] = {}
        self._due, self._front = "", ""
        self._lead: QWidget | None = None
        self._busy, self._begun = False, False
        window.setDockOptions(
            QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.GroupedDragging
        )
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.installEventFilter(self)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._settle)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    # -- adding ------------------------------------------------------------------------------

    def add(self, name: str, title: str, body: QWidget) -> QDockWidget:
        """Add a dock, hidden; the first one cannot be closed."""
        dock: QDockWidget = theme.named(QDockWidget(title, self.window), f"dock-{name}")
        features = QDockWidget.DockWidgetFeature
        closable = features.DockWidgetClosable if self.all else features.NoDockWidgetFeatures
        dock.setFeatures(features.DockWidgetMovable | features.DockWidgetFloatable | closable)
        dock.setWidget(_framed(body))
        dock.setTitleBarWidget(QWidget(dock))
        self.all[name], self._bodies[name] = dock, body
        self._seen[name] = False
        self._put_back(dock)
        dock.installEventFilter(self)
        dock.visibilityChanged.connect(lambda seen: self._visible(name, seen))
        for moved in (dock.topLevelChanged, dock.dockLocationChanged):
            moved.connect(lambda _: self._moved())
        return dock

    def _put_back(self, dock: QDockWidget) -> None:
        """Put a dock behind the first one, as a tab that is closed."""
        home = self.home
        dock.setFloating(False)
        self.window.addDockWidget(AREA, dock)
        if dock is not home:
            self.window.tabifyDockWidget(home, dock)
            dock.hide()

    @property
    def home(self) -> QDockWidget:
        """The dock that stays open."""
        return next(iter(self.all.values()))

    def lead_in(self, *widgets: QWidget) -> None:
        """Let Tab come by these, in this order, before the tabs and the docks: they were made in another."""
        follow_by_tab(*widgets)
        self._lead = widgets[-1]

    # -- doing -------------------------------------------------------------------------------

    def raise_dock(self, name: str) -> None:
        """Bring a dock to the front, opening it again where it was closed."""
        dock = self.all[name]
        self._bodies[name].show()
        dock.show()
        dock.raise_()
        if self._begun:
            (dock if dock.isFloating() else self.window).activateWindow()
        self._enter(name)
        self._due = name

    def close(self, name: str = "") -> None:
        """Close a dock, the one in front where none is named; the first one stays."""
        dock = self.all[name or self.current]
        if dock is not self.home:
            dock.close()
            if self.current == self._name_of(dock):
                self.raise_dock(next((other for other, seen in self._seen.items() if seen), self._first()))

    def turn(self, step: int) -> None:
        """Go to the next open dock, or back."""
        names = list(self.open())
        at = names.index(self.current) if self.current in names else 0
        self.raise_dock(names[(at + step) % len(names)])

    def open(self) -> Iterator[str]:
        """Yield the names of the docks that are open, in their order."""
        yield from (name for name, dock in self.all.items() if not dock.isHidden())

    def split(self, way: Qt.Orientation) -> None:
        """Put the dock in front beside (or below) all others."""
        dock = self.all[self.current]
        if len(list(self.open())) < 2:
            return
        dock.setFloating(False)
        self.window.removeDockWidget(dock)
        self.window.addDockWidget(AREA, dock, way)
        dock.show()
        beside = [one for one in self.all.values() if one is not dock and self._seen[self._name_of(one)]]
        if beside:
            room = self.window.width() if way is Qt.Orientation.Horizontal else self.window.height()
            self.window.resizeDocks([beside[0], dock], [room // 2, room // 2], way)
        self.raise_dock(self.current)

    def gather(self) -> None:
        """Make the dock in front a tab beside the first one again."""
        dock, name = self.all[self.current], self.current
        if dock is not self.home:
            self._put_back(dock)
            self.raise_dock(name)

    def float_dock(self) -> None:
        """Let the dock in front float in a window of its own, or take it back."""
        dock = self.all[self.current]
        if dock.isFloating():
            self.gather()
            return
        dock.setFloating(True)
        dock.resize(self.window.size() * 0.7)
        _onto_a_screen(dock)
        self.raise_dock(self.current)

    def reset(self) -> None:
        """Go back to how the window comes: the first dock alone, the others closed behind it."""
        self._busy = True
        for dock in self.all.values():
            dock.show()
            self._put_back(dock)
        self.home.show()
        self._busy = False
        self.raise_dock(self._first())
        self._keep()

    def _first(self) -> str:
        return next(iter(self.all))

    # -- keeping -----------------------------------------------------------------------------

    def restore(self) -> bool:
        """Put everything where the person left it; False where nothing usable was kept."""
        told: dict[str, Any] = self._memory.get(KEPT, {})
        state, geometry = _bytes(told.get("state")), _bytes(told.get("geometry"))
        good = told.get("version") == VERSION and told.get("sum") == _sum(state)
        known = good and self.window.restoreGeometry(QByteArray(geometry))
        self._busy = True
        good = good and self.window.restoreState(QByteArray(state), VERSION)
        self._busy = False
        if not good:
            if told:  # else it stands as it comes
                self.reset()
            else:
                self.home.show()
                self.raise_dock(self._first())
            return False
        _onto_a_screen(self.window)
        for dock in self.all.values():
            if dock.isFloating():
                _onto_a_screen(dock)
        self.home.show()
        front = str(told.get("front"))
        self._front = front if front in self.all and not self.all[front].isHidden() else self._first()
        self.raise_dock(self._front)
        return known

    def _keep(self) -> None:
        if not self._busy and self.window.isVisible():
            self._memory.later(KEPT, self.window, self._told)

    def _told(self) -> dict[str, Any]:
        state = bytes(self.window.saveState(VERSION).data())
        return {
            "version": VERSION,
            "state": base64.b64encode(state).decode(),
            "sum": _sum(state),
            "geometry": base64.b64encode(bytes(self.window.saveGeometry().data())).decode(),
            "front": self.current,
        }

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the window or a dock was moved, and what is done to a tab."""
        if isinstance(watched, QTabBar):
            return self._on_tab(watched, event)
        if event.type() in _CHANGES:
            self._keep()
        elif event.type() is QEvent.Type.Close and watched is self.window:
            self._memory.flush()
        return super().eventFilter(watched, event)

    # -- following ---------------------------------------------------------------------------

    def _visible(self, name: str, seen: bool) -> None:
        self._seen[name] = seen
        if seen:
            self._bodies[name].show()
        self._moved()

    def _enter(self, name: str) -> None:
        self.current = name
        self.entered.emit(name)
        self._moved()

    def _moved(self) -> None:
        self._soon.start()

    def _settle(self) -> None:
        """Dress what can be seen now, and build it.

        Later than the signals: while the window is being shown, every tabbed dock says for a moment
        that it is in front.
        """
        if self.window.isVisible() and not self._begun:
            self._begun = True
            self.raise_dock(self._front or self._first())
        self._dress_tabs()
        for name, dock in self.all.items():
            self._title(name, dock)
            if self._seen[name]:
                self.shown.emit(name)
        seen = [name for name, seen in self._seen.items() if seen]  # none while all is locked away
        if self._begun and not self._busy and seen and self.current not in seen:
            self._enter(seen[0])
        due, self._due = self._due, ""
        if due and self._begun:
            self.keyboard_due.emit(due)
        self._hide_unseen()
        self._keep()

    def _hide_unseen(self) -> None:
        """Hide what lies behind another tab: to Qt it is only off the screen, and Tab goes there."""
        if self._begun and not self._busy:
            for name, body in self._bodies.items():
                body.setVisible(self._seen[name])

    def _focus_moved(self, _: Any, now: QWidget | None) -> None:
        name = next((name for name, dock in self.all.items() if now and dock.isAncestorOf(now)), "")
        if name and name != self.current:
            self._enter(name)

    def _name_of(self, dock: QDockWidget) -> str:
        return next(name for name, one in self.all.items() if one is dock)

    # -- titles and tabs ---------------------------------------------------------------------

    def _title(self, name: str, dock: QDockWidget) -> None:
        """Show Qt's own title where the dock floats, one of ours where it stands alone, else none."""
        tabbed = [one for one in self.window.tabifiedDockWidgets(dock) if not one.isHidden()]
        alone = len(list(self.open())) > 1 and not tabbed
        kind = "floats" if dock.isFloating() else "alone" if alone else "none"
        if dock.property("titled") == kind:
            return
        dock.setProperty("titled", kind)
        own = self._own_title(name, dock) if kind == "alone" else QWidget(dock)
        dock.setTitleBarWidget(None if kind == "floats" else own)  # type: ignore[arg-type]

    def _own_title(self, name: str, dock: QDockWidget) -> QWidget:
        title: QWidget = theme.named(QWidget(dock), "dock-title")
        row = QHBoxLayout(title)
        row.setContentsMargins(24, 8, 8, 0)
        row.setSpacing(4)
        words = Plain(dock.windowTitle())
        words.setProperty("role", "section")
        row.addWidget(words, 1)
        for sign, hint, act in (
            ("ph.arrow-line-up-left", "并回标签 (Ctrl+Shift+M)", self.gather),
            ("ph.x", "关闭 (Ctrl+W)", self.close),
        ):
            if dock is self.home:
                break
            button = QPushButton()
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            theme.mark(button, quiet=True)
            theme.dress(button, sign, lambda now: now.secondary)
            button.setToolTip(hint)
            button.setAccessibleName(f"{hint.split(' ')[0]}{dock.windowTitle()}")
            button.clicked.connect(lambda _=False, act=act: self._do_to(name, act))
            row.addWidget(button)
        return title

    def _do_to(self, name: str, act: Callable[[], Any]) -> None:
        self._enter(name)
        act()

    def _bars(self) -> Iterator[QTabBar]:
        only = Qt.FindChildOption.FindDirectChildrenOnly
        yield from self.window.findChildren(QTabBar, options=only)

    def _dress_tabs(self) -> None:
        """Give Qt's own bars of dock tabs our words: no elision, no frame, a cross on what can be closed."""
        for bar in self._bars():
            if not bar.property("dressed"):
                bar.setProperty("dressed", True)
                bar.setDrawBase(False)
                bar.setElideMode(Qt.TextElideMode.ElideNone)
                bar.setExpanding(False)
                bar.setDocumentMode(True)
                bar.setTabsClosable(True)
                bar.setAccessibleName("打开的模块")
                bar.tabCloseRequested.connect(lambda at, bar=bar: self._do_to(self._at(bar, at), self.close))
                bar.currentChanged.connect(lambda at, bar=bar: self._turned(bar, at))
                bar.installEventFilter(self)
                if self._lead is not None:
                    QWidget.setTabOrder(self._lead, bar)
            several = bar.count() > 1  # Qt keeps one for a single dock somewhere off the screen
            bar.setFocusPolicy(Qt.FocusPolicy.TabFocus if several else Qt.FocusPolicy.NoFocus)
            for at in range(bar.count()):
                if bar.tabText(at) == self.home.windowTitle():
                    bar.setTabButton(at, QTabBar.ButtonPosition.RightSide, None)

    def _turned(self, bar: QTabBar, at: int) -> None:
        """Come to the dock whose tab the person took; Qt turns tabs by itself too, while docks move."""
        if at >= 0 and (bar.underMouse() or bar.hasFocus()):
            self._enter(self._at(bar, at))
            self._due = "" if bar.hasFocus() else self.current

    def _at(self, bar: QTabBar, at: int) -> str:
        words = bar.tabText(at)
        return next((name for name, dock in self.all.items() if dock.windowTitle() == words), self._first())

    def _on_tab(self, bar: QTabBar, event: QEvent) -> bool:
        """Close by the middle button, offer the rest by the right one."""
        if isinstance(event, QContextMenuEvent):
            at = bar.tabAt(event.pos())
            if at >= 0:
                self.raise_dock(self._at(bar, at))
                menu = QMenu(self.window)
                self.fill(menu)
                menu.popup(QCursor.pos())
                return True
        elif isinstance(event, QMouseEvent) and event.button() is Qt.MouseButton.MiddleButton:
            at = bar.tabAt(event.position().toPoint())
            if event.type() is QEvent.Type.MouseButtonRelease and at >= 0:
                self._do_to(self._at(bar, at), self.close)
            return True
        return False

    def fill(self, menu: QMenu) -> None:
        """Fill a menu with what can be done to the dock in front."""
        for words, key, act in self.commands():
            if words == "恢复默认布局":
                menu.addSeparator()
            menu.addAction(f"{words}\t{key}" if key else words, act)

    def commands(self) -> list[tuple[str, str, Callable[[], Any]]]:
        """Return what can be done to the dock in front: words, key, act."""
        return [
            ("放到右边", "Ctrl+\\", lambda: self.split(Qt.Orientation.Horizontal)),
            ("放到下边", "Ctrl+Shift+\\", lambda: self.split(Qt.Orientation.Vertical)),
            ("浮动 / 收回", "Ctrl+Shift+O", self.float_dock),
            ("并回标签", "Ctrl+Shift+M", self.gather),
            ("关闭", "Ctrl+W", self.close),
            ("恢复默认布局", "", self.reset),
        ]


def _framed(body: QWidget) -> QWidget:
    """Return the body on a card with a margin around it."""
    outer = QWidget()
    row = QHBoxLayout(outer)
    row.setContentsMargins(12, 0, 12, 12)
    card: QFrame = theme.named(QFrame(), "card")
    inner = QHBoxLayout(card)
    inner.setContentsMargins(1, 1, 1, 1)
    inner.addWidget(body)
    row.addWidget(card)
    return outer


def _onto_a_screen(window: QWidget) -> None:
    """Move a window back where most of it lies on no screen (one was unplugged)."""
    frame = window.frameGeometry()
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    seen = max((_area(screen.intersected(frame)) for screen in screens), default=0)
    if window.isMaximized() or not screens or seen >= _SEEN * _area(frame):
        return
    room = screens[0]
    window.resize(min(window.width(), room.width()), min(window.height(), room.height()))
    window.move(room.center() - window.rect().center())


def _area(rect: Any) -> int:
    return max(0, int(rect.width())) * max(0, int(rect.height()))


def _bytes(told: Any) -> bytes:
    try:
        return base64.b64decode(told, validate=True)
    except (TypeError, ValueError):
        return b""


def _sum(state: bytes) -> str:
    return hashlib.sha256(state).hexdigest()
