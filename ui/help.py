"""帮助: the window that shows the topics of the help; F1 opens it wherever one is.

It stands beside the program's window as one of its own, so that a form one is filling in does not close
it off, and both can be read together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui import helptopics, keys, papers, theme
from ui.helpreader import ROLE_PAPER, Reader
from ui.helptopics import GENERAL, topics
from ui.keys import is_enter
from ui.memory import Memory
from ui.words import Words

if TYPE_CHECKING:
    from ui.keytable import Sections
    from ui.panel import Panel
    from ui.services import Services

TOPIC = "help_topic"
"""Property of a widget that names the topic of what is within it."""
FIRST = "cashier"
"""What is shown where one is nowhere that has a topic of its own."""
_SIZE = "help.size"
_STANDARD = (1000, 680)
_NOTHING = "没有找到。换几个字再试，例如按钮上的字。"
_NAME, _FOUND = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


class FoundCells(QStyledItemDelegate):
    """Draws what was found: the topic's title, and below it the words around."""

    def sizeHint(self, option: Any, index: Index) -> QSize:
        """Be as high as a title and two lines."""
        return QSize(10, theme.metrics().lineSpacing() * 3 + 14)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one."""
        now, (title, excerpt) = theme.tokens(), index.data(_FOUND)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(now.selected))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(now.hover))
        room = option.rect.adjusted(8, 6, -8, -6)
        painter.setFont(theme.font(bold=True))
        painter.setPen(QColor(now.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignTop, title)
        room.setTop(room.top() + theme.metrics().lineSpacing())
        painter.setFont(theme.font(-1))
        painter.setPen(QColor(now.secondary))
        painter.drawText(room, int(Qt.TextFlag.TextWordWrap), excerpt)


class HelpWindow(QWidget):
    """Contents and search on the left, a topic on the right.

    Args:
        memory: keeps its size.
        panels: the modules that the person may see; without any, topics of no page alone are offered.
        services: of the window that can open pages and print; None at the door.
        open_page: opens the page of a list.
        sections: the keys that there are, asked anew whenever the help is opened.
    """

    def __init__(
        self,
        memory: Memory | None = None,
        panels: Sequence[Panel] = (),
        services: Services | None = None,
        open_page: Callable[[str], Any] | None = None,
        sections: Callable[[], Sections] = lambda: keys.typed,
    ) -> None:
        super().__init__()
        self._memory, self._services, self._open_page = memory or Memory(), services, open_page
        self.groups = [("一般", list(GENERAL))]
        self.groups += [(panel.title, helptopics.of_pages(panel.shown)) for panel in panels]
        self.names = [name for _, names in self.groups for name in names]
        self._sections, self._topics = sections, dict(topics())
        self._pages = {name for _, names in self.groups[1:] for name in names}
        self.setObjectName("window")
        self.setWindowTitle("帮助")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()
        self._fill()
        self._wire()
        size: list[Any] = self._memory.get(_SIZE, [])
        good = len(size) == 2 and all(type(one) is int and one > 0 for one in size)
        theme.fit(self, *(size if good else _STANDARD))

    # -- building ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.reader = Reader(lambda name: self._topics.get(name), self._lead_out, self._leads)
        main = QWidget()
        body = QVBoxLayout(main)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(8)
        body.addLayout(self._head())
        body.addWidget(self.reader, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        split.addWidget(self._side())
        split.addWidget(main)
        split.setStretchFactor(1, 1)
        split.setSizes([theme.measures().font * 12, 700])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(split)
        keys.follow_by_tab(self.line, self.tree, self.hits, self.back, self.forward, self.role, self.reader)

    def _side(self) -> QWidget:
        """Lay out the line of the search, and below it the contents or what was found."""
        self.line = QLineEdit(placeholderText="在帮助里找… (Ctrl+F)", clearButtonEnabled=True)
        self.line.setAccessibleName("在帮助里找")
        self.line.setToolTip("在全部帮助里找，几个词用空格隔开 (Ctrl+F)")
        self.tree: QTreeWidget = theme.named(QTreeWidget(), "choices")
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName("帮助目录")
        self.tree.setIndentation(theme.measures().font // 2)
        self.hits: QListWidget = theme.named(QListWidget(), "choices")
        self.hits.setAccessibleName("找到的题目")
        self.hits.setItemDelegate(FoundCells(self.hits))
        self.hits.setMouseTracking(True)
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.none = Words(_NOTHING, role="secondary")
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.left = QStackedWidget()
        for one in (self.tree, self.hits, self.none):
            self.left.addWidget(one)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.line)
        column.addWidget(self.left, 1)
        return side

    def _head(self) -> QHBoxLayout:
        self.back = _button("后退", "ph.arrow-left", "Alt+←")
        self.forward = _button("前进", "ph.arrow-right", "Alt+→")
        self.role = QPushButton("打印岗位速查表")
        theme.dress(self.role, "ph.printer")
        self.role.setToolTip(f"一张纸：您的岗位看什么、办什么、印什么，加上常用键（{ROLE_PAPER}）")
        self.role.setVisible(self._services is not None)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self.forward)
        head.addStretch()
        head.addWidget(self.role)
        return head

    def _fill(self) -> None:
        self._heads: list[QTreeWidgetItem] = []
        self._items: dict[str, QTreeWidgetItem] = {}
        for title, names in self.groups:
            head = QTreeWidgetItem(self.tree, [title])
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.setFont(0, theme.font(bold=True))
            self._heads.append(head)
            for name in names:
                self._items[name] = QTreeWidgetItem(head, [topics()[name].title])
                self._items[name].setData(0, _NAME, name)
        self.tree.expandAll()

    def _wire(self) -> None:
        self.line.textChanged.connect(self._look)
        self.line.installEventFilter(self)
        self.hits.installEventFilter(self)
        self.tree.currentItemChanged.connect(lambda item, _: self._chosen(item and item.data(0, _NAME)))
        self.hits.currentItemChanged.connect(lambda item, _: self._chosen(item and item.data(_NAME)))
        self.hits.itemClicked.connect(lambda item: self._chosen(item.data(_NAME)))
        self.reader.sourceChanged.connect(lambda url: self._mark(url.path()))
        self.back.clicked.connect(self.reader.backward)
        self.forward.clicked.connect(self.reader.forward)
        self.reader.backwardAvailable.connect(self.back.setEnabled)
        self.reader.forwardAvailable.connect(self.forward.setEnabled)
        self.role.clicked.connect(lambda: self._lead_out("print", ROLE_PAPER))
        theme.appearance.changed.connect(self._resized)
        keys.head(self, "帮助")
        for act, key, words in (
            (self.reader.backward, "Alt+Left", "后退"),
            (self.reader.forward, "Alt+Right", "前进"),
            (self.look_for, "Ctrl+F", "在帮助里找"),
            (self.leave, "Esc", "结束查找；关闭"),
        ):
            keys.bind(self, act, key, words=words)
        self.back.setEnabled(False)
        self.forward.setEnabled(False)

    def _resized(self) -> None:
        for head in self._heads:
            head.setFont(0, theme.font(bold=True))
        self.hits.doItemsLayout()

    # -- reading -------------------------------------------------------------------------------

    def show_topic(self, name: str, anchor: str = "") -> None:
        """Show a topic, in front of everything else of the program."""
        self.show()
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if name == helptopics.KEYS:
            self._gather_keys()
        self.reader.show_topic(name, anchor)
        self.reader.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_help(self, name: str, anchor: str = "") -> None:
        """Stay where one is: F1 was pressed in the help itself."""
        self.show_topic(name or self.reader.topic(), anchor)

    def _gather_keys(self) -> None:
        """Let the topic of the keys hold those that there are now."""
        self._topics[helptopics.KEYS] = helptopics.with_keys(self._sections())

    def look_for(self) -> None:
        """Put the keyboard into the line of the search."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def leave(self) -> None:
        """End the search; without one, close."""
        if self.line.text():
            self.line.clear()
            self.reader.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.close()

    def _look(self, words: str) -> None:
        self._gather_keys()
        found = helptopics.search(words, [self._topics[name] for name in self.names])
        self.hits.blockSignals(True)
        self.hits.clear()
        for one in found:
            item = QListWidgetItem(f"{one.topic.title}　{one.excerpt}")
            item.setData(_NAME, one.topic.name)
            item.setData(_FOUND, (one.topic.title, one.excerpt))
            self.hits.addItem(item)
        self.hits.blockSignals(False)
        shown = self.hits if found else self.none
        self.left.setCurrentWidget(shown if words.strip() else self.tree)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lead from the line into what was found, and from there to the words."""
        if watched is self.line and self._walks_down(event) and self.hits.count():
            self.hits.setFocus(Qt.FocusReason.TabFocusReason)
            self.hits.setCurrentRow(0)
            return True
        if watched is self.hits and is_enter(event):
            self.reader.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return super().eventFilter(watched, event)

    def _walks_down(self, event: QEvent) -> bool:
        down = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down
        return is_enter(event) or (down and event.type() is QEvent.Type.KeyPress)

    def _chosen(self, name: str | None) -> None:
        if name == helptopics.KEYS:
            self._gather_keys()
        if name and name != self.reader.topic():
            self.reader.show_topic(name)
        if name and self.line.text().strip():
            self.reader.find_words(self.line.text().split()[0])

    def _mark(self, name: str) -> None:
        """Let the contents show which topic is open; the reader itself knows it a moment later."""
        item = self._items.get(name)
        self.tree.blockSignals(True)
        if item is None:
            self.tree.clearSelection()
        else:
            self.tree.setCurrentItem(item)
            self.tree.scrollToItem(item)
        self.tree.blockSignals(False)

    def _leads(self, kind: str, target: str) -> bool:
        """Whether a link out of the help leads anywhere for this person."""
        if kind == "page":
            return self._open_page is not None and target in self._pages
        return kind == "print" and target == ROLE_PAPER and self._services is not None

    def _lead_out(self, kind: str, target: str) -> None:
        """Open the page, or print the paper, that a link names."""
        if not self._leads(kind, target):
            return
        if kind == "page" and self._open_page is not None:
            self._open_page(target)
        elif self._services is not None:
            papers.print_paper(self._services, self, target, topics()["role"].title, {})

    def sizeHint(self) -> QSize:
        """Ask for the size that it begins with."""
        return QSize(*_STANDARD)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the size."""
        self._memory.put(_SIZE, [self.width(), self.height()])
        super().closeEvent(event)


def _button(words: str, icon: str, key: str) -> QPushButton:
    button = QPushButton()
    button.setToolTip(f"{words} ({key})")
    button.setAccessibleName(words)
    theme.mark(button, square=True)
    theme.dress(button, icon)
    return button


# -- F1 ----------------------------------------------------------------------------------------


def place_of(widget: QWidget | None) -> tuple[str, str]:
    """Return the topic and the deed of the place where a widget stands; empty where it has none.

    Whoever has a topic says so by the property `help_topic`. A form names its deed: the topic of the
    page it came from gives way to another that explains the deed, where it does not itself.
    """
    deed, form = "", None
    while widget is not None:
        if widget.isWindow() and not deed:  # pages too have a deed, and are shown from their top
            deed, form = getattr(getattr(widget, "deed", None), "name", ""), widget
        topic = widget.property(TOPIC)
        if topic:
            explained = topic if widget is form else helptopics.topic_of_deed(deed, topic) or topic
            known = topics().get(explained)
            return explained, deed if known is not None and deed in known.anchors else ""
        widget = widget.parentWidget()
    return helptopics.topic_of_deed(deed), deed


_alone: list[HelpWindow] = []
"""The one that was opened where there is no window of the program yet, such as at the door."""


def call(widget: QWidget | None) -> HelpWindow:
    """Open the help for the place where a widget stands, in the help of the window it belongs to."""
    topic, deed = place_of(widget)
    while widget is not None and not hasattr(widget, "show_help"):
        widget = widget.parentWidget()
    if widget is not None:
        shown: HelpWindow = getattr(widget, "show_help")(topic, deed)  # noqa: B009 - a window of any kind
        return shown
    if not _alone or not isValid(_alone[0]):
        _alone[:] = [HelpWindow()]
    _alone[0].show_topic(topic or FIRST, deed)
    return _alone[0]
