"""主窗口: the navigator, the docks, the status line, and the wires between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QDesktopServices, QKeySequence
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QToolBar,
    QToolButton,
    QWidget,
)
from shiboken6 import isValid

from models import deeds
from models.conditions import Condition
from models.listings import Filters
from models.search import Hit
from ui import deeddialog, dialogs, drafts, keys, keytable, search, shapes, theme
from ui.desk import Desk
from ui.docks import Docks
from ui.keys import PressesOnEnter
from ui.keytable import KeyTable
from ui.panel import Panel, title_of
from ui.permits import may
from ui.recent import Recent
from ui.search import SearchLine, page_hit
from ui.services import Services
from ui.status import UNDO, Status
from ui.theme import POINTS, Scheme
from ui.words import Plain

if TYPE_CHECKING:
    from ui.help import HelpWindow

DESK = "desk"
_SETTLED = 400
"""Milliseconds after which the window has shown itself."""


@dataclass(frozen=True)
class About:
    """What the window says of itself."""

    office: str
    path: Path
    role: str
    demo: bool = False


@dataclass(frozen=True)
class Command:
    """A further line of the person's menu.

    Args:
        words: what it says; with "…" where a form follows.
        act: what it does.
        key: its shortcut.
        fill: the line is a menu instead, which this fills each time it opens.
    """

    words: str
    act: Callable[[], Any] = lambda: None
    key: str = ""
    fill: Callable[[QMenu], Any] | None = None


class MainWindow(PressesOnEnter, QMainWindow):
    """One signed-in person at one office."""

    signed_out = Signal()
    leaving = Signal()
    appearance_chosen = Signal(str, float)

    def __init__(
        self,
        services: Services,
        panels: Sequence[type[Panel]],
        about: About,
        commands: Sequence[Command] = (),
    ) -> None:
        """Make the window.

        Args:
            services: made by whoever starts the program.
            panels: one of each module, in order.
            about: the office and the person.
            commands: further lines of the person's menu.
        """
        super().__init__()
        self.services, self.about = services, about
        self._leaving = False
        self._help: HelpWindow | None = None
        self._found_pages: list[Hit] = []
        self.setObjectName("window")
        self.setWindowTitle(f"{about.office} · 物业管理")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        person = " ".join(filter(None, [deeds.actor().name, about.role]))
        self.status = Status(services, person, about.office, str(about.path), self)
        self.setStatusBar(self.status)
        self.docks = Docks(self, services.memory)
        self._add_header(commands)
        self._add_docks([panel for panel in panels if panel.permitted()])
        self._wire()
        self.resize(1366, 768)
        self.remembered = self.docks.restore()
        """Whether the window knows where on the screen it was."""
        QTimer.singleShot(_SETTLED, self, self._learn)

    def _learn(self) -> None:
        """Find out what the lists are made of, and how pages sound, while the person looks at the desk."""
        named = [
            (page.listing, title_of(page), panel.title)
            for panel in self.panels.values()
            for page in panel.shown
        ]

        def learn() -> list[Hit]:
            shapes.learn_all()
            return [page_hit(*one) for one in named]

        self.services.run("准备名单", self, learn, self._learnt)

    def _learnt(self, pages: list[Hit]) -> None:
        self._found_pages = pages
        self.offer_drafts()

    def offer_drafts(self) -> dialogs.Question | None:
        """Offer what was neither saved nor thrown away when the program last ended."""
        memory = self.services.memory
        left = [one for one in drafts.left(memory) if may(one.deed.right)]
        if not left or QApplication.activeModalWidget() is not None:
            return None
        lines = "\n".join(one.described() for one in left[:8])
        question = dialogs.Question(
            self, "没有保存的内容", f"上次有没保存的内容：\n{lines}", "继续填写", refuse="以后再说"
        )
        drop = QPushButton("丢弃")
        drop.setAutoDefault(False)
        drop.clicked.connect(lambda: drafts.drop(memory, left))
        drop.clicked.connect(question.reject)
        question.buttons.insertWidget(1, drop)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.accepted.connect(lambda: [deeddialog.resume(self.services, one, self) for one in left])
        question.open()
        return question

    def _pages(self) -> list[Hit]:
        return self._found_pages

    # -- building ------------------------------------------------------------------------------

    def _add_header(self, commands: Sequence[Command]) -> None:
        header = self.header = theme.named(QToolBar("标题", self, movable=False, floatable=False), "header")
        office = Plain(self.about.office)
        office.setProperty("role", "section")
        office.setContentsMargins(16, 0, 0, 0)
        self.person = QPushButton(
            f"{deeds.actor().name} · {self.about.role}" if self.about.role else deeds.actor().name
        )
        theme.mark(self.person, quiet=True, menu=True)
        theme.dress(self.person, "ph.user-circle")
        self.person.setMenu(self._person_menu(commands))
        self.recent = Recent(self.services.memory)
        self.search = SearchLine(self.services, self.recent, self._pages)
        # A row of our own: a tool bar hides what it has no room for, where a shorter line would do.
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(0)
        row.addWidget(office)
        if self.about.demo:
            row.addWidget(_demo_mark())
        row.addSpacing(24)
        row.addWidget(self.search, 5)
        row.addStretch(1)
        row.addWidget(self.person)
        header.addWidget(inside)
        header.setFixedHeight(theme.measures().control + 15)
        header.layout().setContentsMargins(0, 0, 0, 0)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, header)

    def _person_menu(self, commands: Sequence[Command]) -> QMenu:
        menu = QMenu(self)
        menu.addMenu(self._look_menu())
        menu.addMenu(self._size_menu())
        _filled_when_shown(menu, "布局", self.docks.fill)
        menu.addSeparator()
        for command in commands:
            if command.fill is not None:
                _filled_when_shown(menu, command.words, command.fill)
            else:
                menu.addAction(command.words, command.act).setShortcut(QKeySequence(command.key))
        menu.addAction("帮助\tF1", lambda: self.show_help())
        menu.addAction("快捷键…", self.show_keys).setShortcut(QKeySequence("Ctrl+/"))
        menu.addAction("打开数据目录", self._open_folder)
        menu.addAction("导出诊断包…", lambda: dialogs.save_bundle(self)).setVisible(dialogs.can_bundle())
        menu.addSeparator()
        menu.addAction("换人登录", self.sign_out)
        menu.addAction("退出", self.close).setShortcut(QKeySequence("Ctrl+Q"))
        return menu

    def show_keys(self) -> KeyTable:
        """Show what can be done by keys, here and on every page."""
        shown = KeyTable(self._keys(), self)
        shown.show()
        return shown

    def _keys(self) -> keytable.Sections:
        return {**keytable.in_force(self), **keytable.of_pages(self.panels)}

    def show_help(self, topic: str = "", deed: str = "") -> HelpWindow:
        """Show a topic of the help, that of the page in front where none is named."""
        from ui.help import HelpWindow  # nobody needs it in the first second

        if self._help is None or not isValid(self._help):
            panels = list(self.panels.values())
            self._help = HelpWindow(self.services.memory, panels, self.services, self.open, self._keys)
        front = self.panels.get(self.docks.current)
        here = front.front() if front is not None else DESK
        self._help.show_topic(topic or here, deed)
        return self._help

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.about.path.parent)))

    def _look_menu(self) -> QMenu:
        menu = QMenu("外观", self)
        self.looks = QActionGroup(menu)
        for scheme in Scheme:
            action = menu.addAction(scheme.value)
            action.setCheckable(True)
            action.setChecked(scheme is theme.appearance.scheme)
            action.triggered.connect(lambda _=False, scheme=scheme: self._dress(scheme, None))
            self.looks.addAction(action)
        return menu

    def _size_menu(self) -> QMenu:
        menu = QMenu("字号", self)
        self.sizes = QActionGroup(menu)
        for words, points in POINTS.items():
            action = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(points == theme.appearance.points)
            action.triggered.connect(lambda _=False, points=points: self._dress(None, points))
            self.sizes.addAction(action)
        return menu

    def _grow(self, step: int) -> None:
        """Take the next larger or smaller letters; 0 takes the standard ones."""
        sizes = list(POINTS.values())
        nearest = min(sizes, key=lambda size: abs(size - theme.appearance.points))
        at = min(len(sizes) - 1, max(0, sizes.index(nearest) + step))
        self._dress(None, sizes[at] if step else theme.STANDARD)
        self.sizes.actions()[sizes.index(theme.appearance.points)].setChecked(True)

    def _dress(self, scheme: Scheme | None, points: float | None) -> None:
        theme.apply(scheme, points)
        self.appearance_chosen.emit(theme.appearance.scheme.name, theme.appearance.points)

    def _add_docks(self, panels: Sequence[type[Panel]]) -> None:
        self.navigator: QToolBar = theme.named(
            QToolBar("导航", self, movable=False, floatable=False), "navigator"
        )
        self.navigator.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.navigator.setIconSize(QSize(theme.measures().icon + 3, theme.measures().icon + 3))
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.navigator)
        self._entries = QActionGroup(self)
        self.services.titles = {panel.name: panel.title for panel in panels}
        self.panels = {panel.name: panel(self.services) for panel in panels}
        self.services.knows = lambda listing: self._panel_of(listing) is not None
        self.desk = Desk(self.services, self.recent)
        self.desk.setProperty("help_topic", DESK)
        self.docks.add(DESK, "工作台", self.desk)
        self._add_entry(DESK, "工作台", "ph.squares-four", 1)
        for number, (name, panel) in enumerate(self.panels.items(), start=2):
            self.docks.add(name, panel.title, panel)
            self._add_entry(name, panel.title, panel.icon, number)
        buttons = [self.navigator.widgetForAction(action) for action in self._entries.actions()]
        self.docks.lead_in(self.search, self.person, *buttons)
        self._fit_navigator()

    def _add_entry(self, name: str, title: str, icon: str, number: int) -> None:
        action = QAction(title, self)
        action.setCheckable(True)
        action.setData(name)
        action.setShortcut(QKeySequence(f"Alt+{number}"))
        action.setToolTip(f"{title} (Alt+{number})")
        action.triggered.connect(lambda: self.docks.raise_dock(name))
        theme.dress(action, icon, lambda now: now.secondary, on="accent")
        self._entries.addAction(action)
        self.navigator.addAction(action)
        button = self.navigator.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _wire(self) -> None:
        """Connect every signal between rooms, in one place."""
        self.services.asked_for.connect(self.open)
        theme.appearance.changed.connect(self._resized)
        self.docks.entered.connect(self._entered)
        self.docks.shown.connect(self._build)
        self.docks.keyboard_due.connect(self._give_keyboard)
        self.search.left.connect(lambda: self._give_keyboard(self.docks.current))
        commands: tuple[tuple[Callable[[], Any], str, tuple[str, ...]], ...] = (
            (self.search.call, "检索房屋、人员、车牌、单据和页面", search.KEYS),
            (lambda: self.docks.turn(1), "下一个打开的模块", ("Ctrl+Tab",)),
            (lambda: self.docks.turn(-1), "上一个打开的模块", ("Ctrl+Shift+Tab",)),
            (lambda: self._grow(1), "字大一号", ("Ctrl+=", "Ctrl++")),
            (lambda: self._grow(-1), "字小一号", ("Ctrl+-",)),
            (lambda: self._grow(0), "标准字号", ("Ctrl+0",)),
            (self.status.undo.take_back, "撤销刚才的改动（十秒之内）", (UNDO,)),
            *((act, f"当前模块{words}", (key,)) for words, key, act in self.docks.commands() if key),
        )
        for act, words, own in commands:
            keys.bind(self, act, *own, words=words, anywhere=True)

    # -- docks ---------------------------------------------------------------------------------

    def open(
        self,
        listing: str,
        filters: Filters | None = None,
        only: tuple[Any, str] | None = None,
        asked: Sequence[Condition] = (),
    ) -> QWidget | None:
        """Open the page of a list, wherever it lives.

        Args:
            listing: its name.
            filters: by which it is narrowed.
            only: the one row that is wanted: its id and what it is called.
            asked: questions to its columns.
        """
        panel = self._panel_of(listing)
        if panel is None:
            return None
        self.docks.raise_dock(panel.name)
        return panel.open(listing, filters or Filters(), only, asked)

    def _panel_of(self, listing: str) -> Panel | None:
        found = (panel for panel in self.panels.values() if panel.number_of(listing) is not None)
        return next(found, None)

    def _entered(self, name: str) -> None:
        for action in self._entries.actions():
            if action.data() == name:
                action.setChecked(True)

    def _build(self, name: str) -> None:
        if name in self.panels:
            self.panels[name].build()

    def _give_keyboard(self, name: str) -> None:
        (self.panels.get(name) or self.desk).setFocus(Qt.FocusReason.OtherFocusReason)

    def _resized(self) -> None:
        self.header.setFixedHeight(theme.measures().control + 15)
        self.navigator.setIconSize(QSize(theme.measures().icon + 3, theme.measures().icon + 3))
        self._fit_navigator()

    def _fit_navigator(self) -> None:
        """Give each entry the room that the longest title wants."""
        margins = self.navigator.layout()
        assert margins is not None
        margins.setContentsMargins(4, 4, 4, 4)  # a new style would take them away
        buttons = [self.navigator.widgetForAction(action) for action in self.navigator.actions()]
        wide = max(button.sizeHint().width() for button in buttons)
        for button in buttons:
            button.setFixedWidth(wide)

    # -- leaving -------------------------------------------------------------------------------

    def sign_out(self) -> None:
        """Let somebody else sign in."""
        self._leave("换人登录", self.signed_out.emit)

    def event(self, event: QEvent) -> bool:
        """Keep to itself that a dialog stands before it, or does no more.

        Qt would tell every widget of every page, which none of them wants to know: twice for each dialog, and
        with all pages open for a twentieth of a second each time.
        """
        if event.type() in (QEvent.Type.WindowBlocked, QEvent.Type.WindowUnblocked):
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hand over to whoever started the window, after asking when work is still under way."""
        if self._leaving:
            super().closeEvent(event)
            return
        event.ignore()
        self._leave("退出", self.leaving.emit)

    def shut(self) -> None:
        """Close without asking."""
        self._leaving = True
        if self._help is not None and isValid(self._help):
            self._help.close()
        self.close()

    def _leave(self, verb: str, then: Callable[[], Any]) -> None:
        titles = [job.title for job in self.services.jobs.running()]
        titles += ["打印队列"] if self.services.printing() else []
        if not titles:
            then()
            return
        names = "、".join(titles)
        dialogs.ask(
            self,
            verb,
            f"“{names}”还没有做完。{verb}会取消它，没做完的部分不会写入。",
            f"取消任务并{verb}",
            then,
            tone="danger",
        )


def _filled_when_shown(menu: QMenu, words: str, fill: Callable[[QMenu], Any]) -> None:
    """Add a menu whose lines are made anew each time it opens."""
    inner = menu.addMenu(words)

    def show() -> None:
        inner.clear()
        fill(inner)

    inner.aboutToShow.connect(show)


def _demo_mark() -> QWidget:
    """Return the sign that nothing here is real."""
    mark = Plain("演示数据")
    mark.setProperty("note", "warning")
    mark.setToolTip("这是演示用的数据库，里面的人和账都是虚构的。")
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(12, 0, 0, 0)
    row.addWidget(mark, alignment=Qt.AlignmentFlag.AlignVCenter)
    return box
