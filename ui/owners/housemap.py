"""楼栋矩阵: every building floor by floor, coloured and lettered by a question; a house is a click away."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from models.listings import Filters
from models.owners import housemap
from models.owners.estate import Building
from models.owners.housemap import HouseMap, MappedHouse
from ui import papers, theme
from ui.handing import BeginsAt
from ui.keys import CHOICES, DEEDS, NEXT, PREVIOUS, REFRESH, bind, follow_by_tab, head, to_choices
from ui.owners.legend import Legend
from ui.owners.matrix import Matrix
from ui.services import Services
from ui.words import Plain

NAME, TITLE = "house_map", "楼栋矩阵"
_PAPER, _PAPER_TITLE = "OW-18", "楼栋矩阵图"
_QUESTION, _BUILDING = "house_map.question", "house_map.building"
_HOUSES = "units"
_MOST_KEYS = 9
_NO_HOUSE = "这里按楼层画出每一栋的房屋。请先导入或登记房屋。"
_NO_ANSWER = "您负责的范围内没有这一问要看的房屋。请换一问，或换一栋。"
_BY_KEY = Qt.FocusReason.ShortcutFocusReason


class HouseMapPage(BeginsAt, QWidget):
    """The page 楼栋矩阵."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.shown: HouseMap | None = None
        self._of: Building | None = None
        """Which building is shown; None for all."""
        self._stale, self._asked = True, 0
        self._soon = QTimer(self, singleShot=True, interval=150)
        self._soon.timeout.connect(self.reload)
        self.matrix = Matrix(told_of)
        self.legend = Legend()
        self._lay_out()
        self._wire()
        self.begins_at: QWidget = self.matrix

    def _lay_out(self) -> None:
        self.area = QScrollArea()
        self.area.setWidget(theme.named(self.matrix, "sheet"))
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setCornerWidget(QWidget())
        self.area.viewport().installEventFilter(self)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.area)
        self.stack.addWidget(self._empty())
        self.foot = Plain()
        self.foot.setProperty("role", "secondary")
        self.foot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(self._head())
        layout.addWidget(self.legend)
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.foot)

    def _head(self) -> QHBoxLayout:
        self.question, self.building = _box("按什么着色"), _box("楼栋")
        self.question.setToolTip("按什么着色 (F6，Ctrl+1 … Ctrl+9)")
        self.back = _step("ph.caret-left", "上一栋", PREVIOUS)
        self.on = _step("ph.caret-right", "下一栋", NEXT)
        self.count = Plain()
        self.count.setProperty("role", "secondary")
        self.printing = QPushButton("打印")
        theme.mark(self.printing, menu=True)
        theme.dress(self.printing, "ph.printer")
        self.printing.setToolTip("Ctrl+P")
        self.printing.setMenu(self._printing_menu())
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (self.question, self.back, self.building, self.on):
            head.addWidget(widget)
        head.addSpacing(8)
        head.addWidget(self.count)
        head.addStretch()
        head.addWidget(self.printing)
        return head

    def _empty(self) -> QWidget:
        words = self.empty_words = Plain(_NO_HOUSE)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words.setProperty("role", "secondary")
        self.first_step = QPushButton("到房屋名单导入或登记")
        theme.mark(self.first_step, primary=True)
        self.first_step.clicked.connect(lambda: self.services.open(_HOUSES))
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(words)
        column.addWidget(self.first_step, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)
        return empty

    def _printing_menu(self) -> QMenu:
        menu = QMenu(self)
        self.print_shown = menu.addAction("打印现在看到的…")
        self.print_shown.triggered.connect(lambda: self.print_map())
        self.print_blank = menu.addAction("打印空白图，供手填…")
        self.print_blank.triggered.connect(lambda: self.print_map(blank=True))
        return menu

    def _wire(self) -> None:
        self.question.activated.connect(lambda _: self._chosen())
        self.building.activated.connect(lambda _: self._chosen())
        self.back.clicked.connect(lambda: self.step(-1))
        self.on.clicked.connect(lambda: self.step(1))
        self.legend.chosen.connect(self.matrix.light)
        self.matrix.freed.connect(self.legend.free)
        self.matrix.opened.connect(self.open_house)
        self.matrix.told.connect(self._tell)
        self.matrix.moved.connect(self._follow)
        self.services.changed.connect(self._announced)
        self._bind_keys()

    def _bind_keys(self) -> None:
        head(self, f"本页：{TITLE}")
        bind(self, self.reload, REFRESH, words="重新读取")
        bind(self, self.printing.showMenu, "Ctrl+P", words="打印")
        bind(self, lambda: self.question.setFocus(_BY_KEY), "F6", words="选按什么着色")
        bind(self, lambda: to_choices(self, self.matrix), CHOICES, words="列出可选的；别处回到房屋")
        bind(self, lambda: self.step(-1), PREVIOUS, words="上一栋")
        bind(self, lambda: self.step(1), NEXT, words="下一栋")
        for number, key in enumerate(DEEDS[:_MOST_KEYS]):
            bind(self, partial(self._ask, number), key, words=f"按第 {number + 1} 问着色")

    # -- what is asked -------------------------------------------------------------------------

    def narrow(self, filters: Filters) -> None:
        """Show the building by which the page was asked for, if any."""
        if filters.building is not None:
            self._go_to(filters.building.code)

    def step(self, step: int) -> None:
        """Show the next building or the one before; all of them stand before the first."""
        if self.building.count():
            self.building.setCurrentIndex((self.building.currentIndex() + step) % self.building.count())
            self._chosen()

    def _ask(self, number: int) -> None:
        if number < self.question.count():
            self.question.setCurrentIndex(number)
            self._chosen()

    def _chosen(self) -> None:
        self.services.memory.put(_QUESTION, self.question.currentData())
        self._go_to(self.building.currentData() or "")

    def _go_to(self, code: str) -> None:
        self.services.memory.put(_BUILDING, code)
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when shown after a change."""
        super().showEvent(event)
        if self._stale:
            self.reload()

    def reload(self) -> None:
        """Read the map that is chosen anew; what is shown stays until it is there."""
        self._stale = False
        self._asked += 1
        number = self._asked
        name, code = self.services.memory.get(_QUESTION, ""), self.services.memory.get(_BUILDING, "")
        self.services.run(TITLE, self, lambda: (number, *_read(name, code)), self._arrived)

    def _announced(self, *_: Any) -> None:
        self._stale = True
        if self.isVisible():
            self._soon.start()

    # -- what is shown -------------------------------------------------------------------------

    def _arrived(self, result: Any) -> None:
        number, questions, buildings, of, shown = result
        if number != self._asked:
            return
        other = self.shown is None or [one.id for one in self.shown.plans] != [one.id for one in shown.plans]
        self.shown, self._of = shown, of
        chosen = self.services.memory.get(_BUILDING, "")
        _fill(self.question, [(one.title, one.name) for one in questions], shown.question.name)
        _fill(self.building, [("全部楼栋", ""), *((name, code) for code, name in buildings)], chosen)
        self.legend.show_tally(shown.tally())
        follow_by_tab(self.printing, *self.legend.entries, self.matrix)
        self.matrix.fit(self.area.viewport().size())
        self.matrix.show_map(shown)
        if other:
            self._begin_anew()
        houses = len(shown.houses)
        self.stack.setCurrentIndex(0 if houses else 1)
        self.begins_at = self.matrix if houses else self.first_step
        self.count.setText(f"{len(shown.plans):,} 栋　共 {houses:,}" if houses else "")
        self.empty_words.setText(_NO_ANSWER if buildings else _NO_HOUSE)
        self.first_step.setVisible(not buildings)
        for choosing in (self.question, self.back, self.building, self.on):
            choosing.setVisible(bool(buildings) or bool(houses))
        for told in (self.printing, self.legend, self.foot):
            told.setVisible(bool(houses))

    def _tell(self, house: MappedHouse | None) -> None:
        words = told_of(house) if house else "用方向键或鼠标看一套房屋，按 Enter 打开它的卡片。"
        self.foot.setText(words)
        self.foot.setToolTip(words)

    def _begin_anew(self) -> None:
        """Show other buildings from the first on, or where the house with the keyboard is."""
        self.area.horizontalScrollBar().setValue(0)
        self.area.verticalScrollBar().setValue(0)
        spot = self.matrix.current()
        if spot is not None:
            self._follow(spot.place)

    def _follow(self, place: QRect) -> None:
        """Keep the house with the keyboard in sight, and a little around it."""
        self.area.ensureVisible(place.center().x(), place.center().y(), 2 * place.width(), 3 * place.height())

    def open_house(self, house: MappedHouse) -> None:
        """Open a house's card."""
        self.services.show(_HOUSES, house.id, house.code)

    def print_map(self, *, blank: bool = False) -> None:
        """Print what is shown, or the same houses without letters."""
        if self.shown is None:
            return
        values: dict[str, Any] = {"question": self.shown.question.name, "blank": blank}
        if self._of is not None:
            values["building"] = self._of
        title = f"{_PAPER_TITLE} {self.shown.question.title}"  # another question is another file
        papers.print_paper(self.services, self, _PAPER, title, values)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lay the buildings out anew when there is more or less room."""
        if event.type() is QEvent.Type.Resize:
            self.matrix.fit(self.area.viewport().size())
        return super().eventFilter(watched, event)


def told_of(house: MappedHouse) -> str:
    """Return what is said of a house in one line."""
    owner = f"业主 {house.owner}" if house.owner else "没有登记业主"
    told = house.told
    return "　".join(filter(None, [house.code, owner, f"{told.answer.sign} {told.answer.words}", told.words]))


def _read(name: str, code: str) -> tuple[Any, ...]:
    """Return questions, buildings and the map; what was chosen and is gone counts as not chosen."""
    questions, buildings = housemap.questions(), housemap.mapped_buildings()
    asked = next((one for one in questions if one.name == name), questions[0])
    building = Building.find(code) if code in [known for known, _ in buildings] else None
    return questions, buildings, building, housemap.house_map(asked, building)


def _fill(box: QComboBox, options: list[tuple[str, str]], chosen: str) -> None:
    """Offer these, without saying that anything was chosen."""
    if [(box.itemText(n), box.itemData(n)) for n in range(box.count())] != options:
        box.clear()
        for title, data in options:
            box.addItem(title, data)
    box.setCurrentIndex(max(0, box.findData(chosen)))


def _box(name: str) -> QComboBox:
    box = QComboBox(maxVisibleItems=18)
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setMaximumWidth(theme.measures().font * 11)
    return box


def _step(icon: str, words: str, key: str) -> QPushButton:
    button = QPushButton()
    theme.mark(button, square=True)
    theme.dress(button, icon)
    button.setAccessibleName(words)
    button.setToolTip(f"{words} ({key})")
    return button
