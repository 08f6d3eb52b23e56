"""受理台: one screen for one call: who it is, what he reports, and what he should be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from models.complaints.cases import OFFICIAL, Call
from models.complaints.hints import Hint, hints_for
from models.complaints.intake import NAMELESS
from models.complaints.kinds import Problem, Sort
from models.complaints.reach import printable
from models.deeds import DEEDS
from models.errors import BadInput, OfficeError
from models.listings import Filters
from models.owners.estate import Unit
from ui import dialogs, papers, theme
from ui.form import Form, defaults_of
from ui.handing import BeginsAt
from ui.keys import AND_NEW, AND_PRINT, REFRESH, SAVE, Standstill, bind, head
from ui.scrolling import AsTall
from ui.services import Services
from ui.takebuttons import TakeButtons
from ui.words import Plain, Words

NAME, TITLE = "intake", "受理台"
_KEPT = "intake"
_CALLER = ("unit", "caller_kind", "name", "phone", "channel", "at", "outage", "order_number", "order_due")
_SETTLE = 250
"""Milliseconds of stillness before hints are read anew."""
BESIDE_FROM = 48
"""Width of the page in letters from which the hints stand beside the form."""
_ANY = 16_777_215
_PAPERS = {Sort.COMPLAINT: ("CS-02", "投诉处理单"), Sort.REPAIR: ("CS-03", "报修单")}


class CallerForm(Form):
    """Who calls; Enter goes from the house straight on to what is reported, Tab through the rest."""

    def walk(self, watched: QObject) -> None:
        """Leave the form once the house is known: the files know its owner."""
        house = self.cells["unit"]
        house.input.settle()
        if watched is not house.input.widget or house.is_blank():
            super().walk(watched)
        elif house.check():
            self.finished.emit()


class Intake(BeginsAt, QWidget):
    """The page 受理台."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services, self.deed = services, DEEDS["complaints.take_call"]
        asked = {one.name: one for one in self.deed.inputs}
        self.caller = CallerForm([asked[name] for name in _CALLER], typed=("unit",), columns=2)
        self.matters = Form([asked["matters"]], bare=True)
        self.forms = (self.caller, self.matters)
        self.last: list[tuple[Sort, str]] = []
        self._asked = 0
        self._left = _typed_before(services)
        """What was typed of a call that was not taken when the program ended."""
        self._still = Standstill(self, self._follow)
        self._soon = QTimer(self, singleShot=True, interval=_SETTLE)
        self._soon.timeout.connect(self.look_up)
        self.begins_at = self.caller.cells["unit"].input.widget
        self._lay_out()
        self._wire()
        self._begin()

    # -- building ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        caption = Plain("受理事项（一件事一行，一个电话可以报几件；填完房号按 Enter 到这里）")
        caption.setProperty("role", "section")
        sheet = theme.named(QWidget(), "sheet")
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for part in (self.caller, caption, self.matters):
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea(
            widgetResizable=True
        )  # sentences under the fields want more than a small screen has
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(sheet)
        self.told = Words()
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(area, 1)
        left.addWidget(self.told)
        left.addLayout(self._buttons())
        self.upright = theme.named(QFrame(), "upright")
        self.row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.row.setContentsMargins(16, 12, 16, 12)
        self.row.setSpacing(16)
        self.row.addLayout(left, 1)
        self.row.addWidget(self.upright)
        self.row.addLayout(self._right())
        theme.appearance.changed.connect(self._resize)
        self._resize()

    def _right(self) -> QVBoxLayout:
        """Lay out what is to be known: what callers are told first, repeats, and what is open."""
        caption = Plain("告知与提示")
        caption.setProperty("role", "section")
        self.hints = [Words() for _ in range(12)]
        self.side = AsTall(*self.hints, spacing=8)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(caption)
        right.addWidget(self.side)
        right.addStretch(1)
        return right

    def _buttons(self) -> QHBoxLayout:
        row = TakeButtons("登记并打印", "只登记", lambda prints: self.submit(prints=prints), self.start_over)
        self.take, self.only, self.clear = row.take, row.only, row.clear
        return row

    def _resize(self) -> None:
        font = theme.measures().font
        beside = self.width() >= font * BESIDE_FROM
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self.row.setDirection(way)
        self.upright.setVisible(beside)
        self.side.setMinimumWidth(font * 17 if beside else 0)
        self.side.setMaximumWidth(font * 17 if beside else _ANY)
        self.side.setMinimumHeight(font * 4)
        self.side.setMaximumHeight(_ANY if beside else font * 6)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the hints below where both do not fit beside each other."""
        super().resizeEvent(event)
        self._resize()

    def _wire(self) -> None:
        for form in self.forms:
            form.edited.connect(self._edited)
        self.caller.finished.connect(lambda: self.matters.focus_first())
        self.matters.finished.connect(lambda: self.take.setFocus(Qt.FocusReason.TabFocusReason))
        house: Any = self.caller.cells["unit"].input
        house.left.connect(self._soon.start)
        house.edit.chosen.connect(self.caller.finished)
        self.services.changed.connect(self._stale)
        head(self, f"本页：{TITLE}")
        bind(self, lambda: self.submit(prints=True), *SAVE, AND_PRINT, words="登记并打印")
        bind(self, lambda: self.submit(prints=False), *AND_NEW, words="只登记")
        bind(self, self.print_last, "Ctrl+P", words="打印刚才登记的单")
        bind(self, self.start_over, "Esc", words="清空，接下一个电话")
        bind(self, self.look_up, REFRESH, words="重新读取提示")

    def _begin(self) -> None:
        for form in self.forms:
            form.clear()
        self.caller.put(defaults_of(self.deed.inputs))
        self._adapt()
        self._say("", "")
        self._show([])
        self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Bring back the call that was not taken when the program ended."""
        super().showEvent(event)
        left, self._left = self._left, {}
        if left:
            for form in self.forms:
                form.restore(left)
            self._adapt()
            self._say("上次这个电话没有登记完，已恢复填过的内容。请核对后再登记。", "warning")
        self._soon.start()

    def narrow(self, filters: Filters) -> None:
        """Begin a call from the unit that was chosen elsewhere."""
        if filters.unit is not None:
            self.start_over()
            self.caller.put({"unit": filters.unit})
            self.matters.focus_first()
            self.look_up()

    # -- hints ---------------------------------------------------------------------------------

    def _edited(self) -> None:
        self._adapt()
        self._soon.start()

        def kept() -> Any:
            told = {name: words for form in self.forms for name, words in form.kept().items()}
            return told or None

        self.services.memory.later(_KEPT, self, kept)

    def _adapt(self) -> None:
        """Put out of use what does not belong to this kind of call."""
        channel, kind = self._value("channel"), self._value("caller_kind")
        for name in ("order_number", "order_due"):
            self._use(name, channel in OFFICIAL)
        for name in ("name", "phone"):
            self._use(name, kind not in NAMELESS)

    def _use(self, name: str, wanted: bool) -> None:
        cell = self.caller.cells[name]
        if not wanted and not cell.is_blank():
            cell.input.put(None)
        cell.input.widget.setEnabled(wanted)

    def _value(self, name: str) -> Any:
        try:
            return self.caller.cells[name].value()
        except OfficeError:
            return None

    def _unit(self) -> Unit | None:
        found = self._value("unit")
        return found if isinstance(found, Unit) else None

    def _problems(self) -> list[Problem]:
        """The problems that are typed so far, as far as they can be read."""
        found = []
        for row in self.matters.cells["matters"].input.given() or ():
            try:
                found.append(Problem.find(row.get("problem") or ""))
            except OfficeError:
                continue
        return found

    def look_up(self) -> None:
        """Read what is to be known of the house and of what is reported."""
        self._asked += 1
        number, unit = self._asked, self._unit()
        rows = self._problems()

        def found(hints: Sequence[Hint]) -> None:
            if number == self._asked:
                self._show(hints)

        self.services.run("读取提示", self, lambda: hints_for(unit, rows), found)

    def _show(self, hints: Sequence[Hint]) -> None:
        nothing = [Hint("没有停供通报。填房号后，这里显示业主、在办的单和近期同样的事。", "plain")]
        shown = [*(hints or nothing)][: len(self.hints)]
        for place, label in enumerate(self.hints):
            hint = shown[place] if place < len(shown) else None
            label.say(hint.words if hint else "", hint.tone if hint else "")

    def _stale(self, touched: Any) -> None:
        if {"ServiceCase", "Outage"} & set(touched) and self.isVisible():
            self._soon.start()

    # -- taking --------------------------------------------------------------------------------

    def submit(self, *, prints: bool) -> None:
        """Take the call, and print the slips of its cases."""
        if self._still.busy or not all([form.check() for form in self.forms]):
            return
        values = {name: value for form in self.forms for name, value in form.values().items()}
        self._still.begin()

        def work() -> tuple[list[tuple[Sort, str]], list[str]]:
            call: Call = self.deed(**values)
            return list(printable(call)), [case.number for case in call.cases]

        self.services.run(
            "受理", self, work, lambda made: self._taken(made[0], made[1], prints), self._refused
        )

    def _taken(self, slips: list[tuple[Sort, str]], made: list[str], prints: bool) -> None:
        self._still.end()
        self.last = slips
        numbers = "、".join(made)
        self.start_over()
        self._say(f"已登记 {numbers}。{'Ctrl+P 再打印。' if slips else '已转客服办理。'}", "ok")
        self.services.say(f"已受理 {numbers}", ())
        if prints:
            self.print_last()

    def print_last(self) -> None:
        """Print the slips of the call that was taken last."""
        for sort, (code, title) in _PAPERS.items():
            numbers = [number for one, number in self.last if one is sort]
            if numbers:
                papers.print_paper(self.services, self, code, title, {"number": "、".join(numbers)})

    def start_over(self) -> None:
        """Empty the page for the next call."""
        self._begin()
        self._left = {}
        self.services.memory.put(_KEPT, None)
        self.begins_at.setFocus(Qt.FocusReason.OtherFocusReason)

    def _refused(self, problem: Exception) -> None:
        self._still.end()
        told = isinstance(problem, BadInput) and any(form.complain(problem) for form in self.forms)
        if not told:
            self._say(dialogs.sentence_of(problem), "danger")

    def _follow(self) -> None:
        for button in (self.take, self.only, self.clear):
            button.setEnabled(not self._still.busy)

    def _say(self, sentence: str, tone: str) -> None:
        self.told.say(sentence, tone)


def _typed_before(services: Services) -> dict[str, str]:
    """Return what was kept of a call that was not taken; nothing where garbage was."""
    kept: Any = services.memory.get(_KEPT, {})
    if not isinstance(kept, dict):
        return {}
    return {str(name): told for name, told in kept.items() if isinstance(told, str)}
