"""面板: one module's dock, which holds its pages; each is built when it is first shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from models.conditions import Condition
from models.listings import LISTS, Filters
from ui.keys import bind, head
from ui.page import Page, PageView
from ui.permits import may
from ui.services import Services

_FRONT = "page."


class Custom:
    """A page written by hand: its title, the right to see it, and what makes it."""

    def __init__(self, name: str, title: str, right: str, make: Callable[[Services], QWidget]) -> None:
        self.listing, self.title, self.right, self.make = name, title, right, make


class Tabs(QTabBar):
    """A bar of tabs that asks for its room again once it is styled: Qt keeps what unstyled tabs wanted."""

    styled = Signal()

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent, drawBase=False, expanding=False)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for its room again."""
        super().showEvent(event)
        self.updateGeometry()
        self.styled.emit()


class Pages(QStackedWidget):
    """The pages of a panel; they fill it, whatever height they would like at its width.

    Qt would work that out of every page that was ever opened, at each change of any of them.
    """

    def hasHeightForWidth(self) -> bool:
        """Its height is the panel's."""
        return False


class Panel(QWidget):
    """The pages of one module that the person may see."""

    name: ClassVar[str]
    title: ClassVar[str]
    icon: ClassVar[str]
    pages: ClassVar[tuple[Page | Custom, ...]]
    groups: ClassVar[dict[str, tuple[Page | Custom, ...]]] = {}
    """Where the pages are many: each group's title and its pages, which together are all of them."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.shown = self.permitted()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.title)
        self._built: dict[int, QWidget] = {}
        self._furnished = False

    def _furnish(self) -> None:
        """Make the bar of pages, when the panel is first seen."""
        if self._furnished:
            return
        self._furnished = True
        self.row = QHBoxLayout()
        self.row.setContentsMargins(8, 4, 8, 0)
        self.row.setSpacing(12)
        self.grouped = Tabs("groups", self)  # first, as Tab goes
        self.bar = Tabs("pages", self)
        self.bar.styled.connect(self._fit)
        self.bar.setAccessibleName(f"{self.title}的页面")
        self.stack = Pages()
        for page in self.shown:
            self.bar.addTab(title_of(page))
            self.stack.addWidget(QWidget())
        self._group_pages()
        self.bar.currentChanged.connect(self.turn_to)
        head(self, f"模块：{self.title}")
        bind(self, lambda: self._step(1), "Ctrl+PgDown", words="下一页")
        bind(self, lambda: self._step(-1), "Ctrl+PgUp", words="上一页")
        self.row.addWidget(self.grouped, 0, Qt.AlignmentFlag.AlignLeft)
        self.row.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self.row)
        layout.addWidget(self.stack, 1)

    def _group_pages(self) -> None:
        """Make the bar of groups; only the pages of the one in front have tabs."""
        self.grouped.setAccessibleName(f"{self.title}的分组")
        self._titles = [title for title in self.groups if any(self._in(title, page) for page in self.shown)]
        for title in self._titles:
            self.grouped.addTab(title)
        self.grouped.setHidden(len(self._titles) < 2)
        self._last: dict[str, int] = {}
        self.grouped.currentChanged.connect(self._turn_to_group)
        self._show_group(self.bar.currentIndex())
        if len(self._titles) > 1:
            bind(self, lambda: self._step_group(1), "Ctrl+Shift+PgDown", words="下一组页面")
            bind(self, lambda: self._step_group(-1), "Ctrl+Shift+PgUp", words="上一组页面")

    def _in(self, title: str, page: Page | Custom) -> bool:
        return page in self.groups[title]

    def _show_group(self, number: int) -> None:
        """Give tabs to the pages of the group that a page is in, and to no others."""
        if len(self._titles) < 2 or number < 0:
            return
        front = next(title for title in self._titles if self._in(title, self.shown[number]))
        self._last[front] = number
        self.grouped.blockSignals(True)
        self.grouped.setCurrentIndex(self._titles.index(front))
        self.grouped.blockSignals(False)
        self.bar.blockSignals(True)  # hiding the tab in front would turn to another
        for at, page in enumerate(self.shown):
            self.bar.setTabVisible(at, self._in(front, page))
        self.bar.setCurrentIndex(number)
        self.bar.blockSignals(False)
        self.bar.updateGeometry()  # hiding a tab does not
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Ask for no more height where the pages stand below their groups: a wider window has them beside."""
        hint = super().minimumSizeHint()
        if self._furnished and self.row.direction() is QBoxLayout.Direction.TopToBottom:
            hint.setHeight(hint.height() - self.bar.sizeHint().height())
        return hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the pages below their groups where both do not fit beside each other."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self._furnished or len(self._titles) < 2:
            return
        wanted = self.grouped.sizeHint().width() + self.bar.sizeHint().width() + 32
        beside = wanted <= self.width()
        self.row.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )
        self.row.setSpacing(12 if beside else 0)

    def _turn_to_group(self, at: int) -> None:
        """Show the page of a group that was in front of it the last time, its first one before."""
        title = self._titles[at]
        first = next(number for number, page in enumerate(self.shown) if self._in(title, page))
        self.turn_to(self._last.get(title, first))

    def _step_group(self, step: int) -> None:
        self.grouped.setCurrentIndex((self.grouped.currentIndex() + step) % len(self._titles))

    @classmethod
    def permitted(cls) -> list[Page | Custom]:
        """Return the pages that the person acting may see."""
        return [page for page in cls.pages if may(right_of(page))]

    def build(self) -> None:
        """Build the page in front, when its dock is: the one that was in front the last time."""
        self._furnish()
        if not self._built:
            kept = self.number_of(self.services.memory.get(f"{_FRONT}{self.name}", ""))
            self.bar.blockSignals(True)
            self.bar.setCurrentIndex(kept or 0)
            self.bar.blockSignals(False)
            self._show_group(kept or 0)
        if self.shown and self.bar.currentIndex() not in self._built:
            self.turn_to(self.bar.currentIndex())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keyboard to the page in front."""
        super().focusInEvent(event)
        self._furnish()
        front = self.stack.currentWidget()
        if front is not None:
            front.setFocus(Qt.FocusReason.OtherFocusReason)

    def turn_to(self, number: int) -> QWidget:
        """Show a page, building it the first time."""
        self._furnish()
        if number not in self._built:
            made = self._make(self.shown[number])
            made.setProperty("help_topic", self.shown[number].listing)
            self._built[number] = made
            self.stack.removeWidget(self.stack.widget(number))
            self.stack.insertWidget(number, made)
        self.stack.setCurrentIndex(number)
        self.services.memory.put(f"{_FRONT}{self.name}", self.shown[number].listing)
        self._show_group(number)
        if self.bar.currentIndex() != number:
            self.bar.setCurrentIndex(number)
        if not self.bar.hasFocus() and self.isVisible():
            self._built[number].setFocus(Qt.FocusReason.OtherFocusReason)
        return self._built[number]

    def front(self) -> str:
        """Return the name of the page in front; empty where none was built yet."""
        return self.shown[self.bar.currentIndex()].listing if self._built else ""

    def _step(self, step: int) -> None:
        """Go a page on or back."""
        self.bar.setCurrentIndex((self.bar.currentIndex() + step) % max(1, self.bar.count()))

    def number_of(self, listing: str) -> int | None:
        """Return which page shows a list."""
        for number, page in enumerate(self.shown):
            if page.listing == listing:
                return number
        return None

    def open(
        self,
        listing: str,
        filters: Filters,
        only: tuple[Any, str] | None = None,
        asked: Sequence[Condition] = (),
    ) -> QWidget:
        """Show the page of a list, narrowed by filters and questions to its columns, or to one row."""
        number = self.number_of(listing)
        assert number is not None
        made = self.turn_to(number)
        if isinstance(made, PageView):
            made.narrow(filters, only, asked)
        elif hasattr(made, "narrow"):
            made.narrow(filters)
        return made

    def _make(self, page: Page | Custom) -> QWidget:
        return page.make(self.services) if isinstance(page, Custom) else PageView(page, self.services)


def title_of(page: Page | Custom) -> str:
    """Return what the tab of a page says."""
    return page.title or LISTS[page.listing].title


def right_of(page: Page | Custom) -> str:
    """Return who may see a page."""
    return page.right if isinstance(page, Custom) else LISTS[page.listing].right
