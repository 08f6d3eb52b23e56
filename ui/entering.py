"""录入页: a sheet filled in fast: which lines, what they have in common, the grid, what is still missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from models.entries import Entry, Filling, Sheet
from models.errors import BadInput
from models.listings import Filters
from models.rows import RowRefused
from models.text import few
from ui import dialogs, theme
from ui.cells import PADDING
from ui.chosen import done_of
from ui.entrygrid import SAME, EntryGrid
from ui.entryrows import EntryRows
from ui.filters import FilterRow, without
from ui.form import Form, defaults_of
from ui.handing import BeginsAt
from ui.inputs import ChoiceInput
from ui.keys import AND_PRINT, NEXT, PREVIOUS, REFRESH, SAVE, Standstill, bind, head, is_enter
from ui.page import LEAST_HEIGHT
from ui.services import Services
from ui.words import Plain, Words

_NAMED = 6
_ON_A_LINE = 4
"""Inputs for all rows that stand beside the filters; more have two lines of their own."""
_LATE = 100
"""Milliseconds after which lines that came while a cell was being typed are looked at again."""
_NO_SELECTION = QItemSelectionModel.SelectionFlag.NoUpdate
_HINT = (
    f"Enter 下一行　{SAME} 照未收填　{PREVIOUS} {NEXT} 上一个、下一个漏录的　"
    "可从 Excel 复制两列（房号、金额）粘贴"
)
_CHANGED = f"{{}} 录入后变了。请用 {NEXT} 找到它，核对后按 Enter。"


class EntryPage(BeginsAt, QWidget):
    """The page of one sheet.

    Args:
        services: of the window.
        entry: which sheet.
        hint: how it is filled, in one line.
        after: verb and deed of what is offered once the rows are taken, such as printing them.
        period: what the period's field says while it is empty.
    """

    def __init__(
        self,
        services: Services,
        entry: Entry,
        hint: str = _HINT,
        after: tuple[str, Callable[[QWidget, Any], Any]] | None = None,
        period: str = "全部月份",
    ) -> None:
        super().__init__()
        self.services, self.entry, self._after = services, entry, after
        self._key = f"entry.{entry.name}"
        self._asked, self._stale, self._first = 0, True, True
        self._done: Any = None
        self._praise = ""
        """What was just done, until the lines are read anew."""
        self._passing = False
        """Whether what is told is of the line that has the keyboard."""
        self._complained = False
        """Whether it is said that some rows are wrong."""
        self._warned = False
        """Whether it is said why these lines cannot be filled in."""
        self._still = Standstill(self, self._follow)
        self.rows = EntryRows(entry.field, entry.typed, self)
        self.grid = EntryGrid(self.rows)
        self.filters = FilterRow(None, entry.takes, findable=False, period=period)
        common = [one for one in entry.deed.inputs if one.name != entry.rows]
        self._lines = 1 if len(common) <= _ON_A_LINE else 2
        self.form = Form(common, columns=max(1, -(-len(common) // self._lines)))
        for cell in self.form.cells.values():
            if isinstance(cell.input, ChoiceInput):
                cell.input.fit()
        self.form.put(defaults_of(common))
        self._soon = QTimer(self, singleShot=True, interval=120)
        self._soon.timeout.connect(self.read)
        self._parked: tuple[Sheet, bool] | None = None
        self._again = QTimer(self, singleShot=True, interval=_LATE)
        self._again.timeout.connect(self._unpark)
        self.begins_at = self.grid
        self._lay_out(hint)
        self._wire()
        self._count()

    def minimumSizeHint(self) -> QSize:
        """Ask for little, as every page does: what is told comes and goes."""
        least = super().minimumSizeHint()
        return QSize(least.width(), min(least.height(), LEAST_HEIGHT))

    # -- building ------------------------------------------------------------------------------

    def _lay_out(self, hint: str) -> None:
        head = QHBoxLayout() if self._lines == 1 else QVBoxLayout()
        head.setSpacing(16 if self._lines == 1 else 8)
        head.addWidget(self.filters, 1)
        self.form.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        head.addWidget(self.form)
        said = Plain(hint)
        said.setProperty("role", "caption")
        said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.told = Words()
        self.told.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(said)
        layout.addWidget(self.grid, 1)
        layout.addWidget(self.told)
        layout.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self.counts = Plain()
        self.counts.setContentsMargins(PADDING, 0, PADDING, 0)
        self.counts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.again = QPushButton(self._after[0] if self._after else "")
        self.again.setToolTip("Ctrl+P")
        self.again.clicked.connect(lambda: self._after and self._after[1](self, self._done))
        self.again.hide()
        self.next = QPushButton("下一个漏录的")
        self.next.setToolTip(NEXT)
        self.next.clicked.connect(lambda: self.go_on())
        self.empty = QPushButton("清空")
        self.empty.clicked.connect(self.clear)
        self.take = QPushButton(self.entry.title)
        self.take.setToolTip("Ctrl+Enter" + (f"；{AND_PRINT} 接着{self._after[0]}" if self._after else ""))
        theme.mark(self.take, primary=True)
        self.take.clicked.connect(lambda: self.submit())
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.counts, 1)
        for button in (self.again, self.next, self.empty, self.take):
            foot.addWidget(button)
        return foot

    def _wire(self) -> None:
        self.rows.counted.connect(self._count)
        self.grid.selectionModel().currentChanged.connect(lambda at, _: self._tell_of(at.row()))
        self.grid.told.connect(self.told.say)
        self.grid.walked_out.connect(lambda: self.take.setFocus(Qt.FocusReason.TabFocusReason))
        self.filters.changed.connect(self.read)
        self.form.finished.connect(lambda: self.grid.setFocus(Qt.FocusReason.TabFocusReason))
        self.take.installEventFilter(self)
        self.services.changed.connect(self._changed)
        head(self, f"本页：{self.entry.title}")
        bind(self, self.submit, *SAVE, words=self.entry.title)
        bind(self, lambda: self.go_on(1), NEXT, words="下一个漏录或填错的")
        bind(self, lambda: self.go_on(-1), PREVIOUS, words="上一个漏录或填错的")
        bind(self, self.read, REFRESH, words="重新读取")
        if self._after is not None:
            bind(
                self,
                lambda: self.submit(prints=True),
                AND_PRINT,
                words=f"{self.entry.title}并{self._after[0]}",
            )
            bind(self, self._print_again, "Ctrl+P", words=self._after[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter press the button that has the keyboard."""
        if watched is self.take and is_enter(event):
            self.submit()
            return True
        return super().eventFilter(watched, event)

    # -- reading -------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Read what changed while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self.read()

    def _changed(self, _: Any) -> None:
        self._stale = True
        if self.isVisible() and not self._still.busy:
            self._soon.start()

    def narrow(self, filters: Filters) -> None:
        """Show the lines that are wanted from elsewhere; where none are named, the choice stays."""
        wanted = without(filters, self.entry.takes)
        if wanted.given():
            self.filters.put(wanted)
            self.read()

    def read(self) -> None:
        """Read the lines anew; what was typed stays."""
        self._stale, self._parked = False, None
        self._asked += 1
        number, filters = self._asked, self.filters.given()
        narrowed = bool(filters.given())
        self.services.run(
            "读取",
            self,
            lambda: self.entry.sheet(filters),
            lambda sheet: self._arrived(sheet, narrowed) if number == self._asked else None,
        )

    def _arrived(self, sheet: Sheet, narrowed: bool) -> None:
        """Show the lines, though not under the hands of who types a cell or is asked about them."""
        if self._still.busy or self.grid.typing() or not self._at_work():
            self._parked = (sheet, narrowed)
            self._again.start()
            return
        self._parked = None
        self._show(sheet, narrowed)

    def _at_work(self) -> bool:
        """Whether nothing is asked in front of this page."""
        return QApplication.activeModalWidget() in (None, self.window())

    def _unpark(self) -> None:
        if self._parked is not None:
            self._arrived(*self._parked)

    def _show(self, sheet: Sheet, narrowed: bool) -> None:
        typing = self.grid.hasFocus() or self.grid.isAncestorOf(self.window().focusWidget())
        key = self._line_key()
        self.grid.settle()
        left = self.rows.show(sheet, narrowed=narrowed)
        if self._first:
            self._first = False
            self._restore()
        elif left.gone:
            self.told.say(
                f"{_named(left.gone)} 已不在名单里，可能刚刚处理过；为它录的内容已去掉。", "warning"
            )
        elif left.moved:
            self.told.say(_CHANGED.format(_named(left.moved)), "warning")
        if self._praise:  # what was just done is told before what the sheet says now
            self.told.say("\n".join(filter(None, (self._praise, sheet.warns))), "ok")
        elif sheet.warns or self._warned:
            self.told.say(sheet.warns, "warning")
        self._warned, self._praise = bool(sheet.warns), ""
        self._back_to(key, typing)

    def _line_key(self) -> tuple[str, int]:
        index = self.grid.currentIndex()
        return (self.rows.lines[index.row()].line.key, index.column()) if index.isValid() else ("", 0)

    def _back_to(self, key: tuple[str, int], typing: bool) -> None:
        """Stand on the same line as before, wherever it is now."""
        at = next((at for at, one in enumerate(self.rows.lines) if one.line.key == key[0]), None)
        if at is None and key[0]:
            self.grid.rest()  # what is typed on blindly must not go to another line
            return
        at = at or 0
        index = self.rows.index(at, key[1] or self.rows.first_typed())
        if typing:
            self.grid.go_to(index)
        elif index.isValid():
            self.grid.selectionModel().setCurrentIndex(index, _NO_SELECTION)

    def _restore(self) -> None:
        """Type again what was not saved when the program ended."""
        kept: dict[str, Any] = self.services.memory.get(self._key, {})
        right = {key: words for key, words in kept.items() if isinstance(words, dict)}
        if right:
            gone, moved = self.rows.restore(right)
            self.told.say(
                f"已恢复上次没有保存的 {self.rows.filled()} 行。"
                + (f"{_named(gone)} 已不在名单里。" if gone else "")
                + (_CHANGED.format(_named(moved)) if moved else ""),
                "info",
            )

    # -- counting ------------------------------------------------------------------------------

    def _count(self) -> None:
        rows = self.rows
        missed, wrong = len(rows.missed()), len(rows.wrong())
        words = f"已录 {rows.filled():,} / {len(rows.lines):,}　漏 {missed:,}"
        words += f"　有误 {wrong:,}" if wrong else ""
        words += "".join(f"　{label}合计 {shown}" for label, shown in rows.sums().items())
        if not rows.lines and rows.sheet is not None:
            words = "没有要录的。"
        if self._complained and not wrong:
            self.told.say("")
            self._complained = False
        if self._passing:
            self._tell_of(self.grid.currentIndex().row())
        self.counts.setText(words)
        self.counts.setToolTip(words)
        self.next.setEnabled(bool(missed or wrong))
        self._follow()
        if not self._first:  # else what was kept would be forgotten before it is read
            self.services.memory.later(self._key, self, lambda: self.rows.kept() or None)

    def _follow(self) -> None:
        busy = self._still.busy
        filled = self.rows.filled() > 0
        for button in (self.take, self.empty):
            button.setEnabled(filled and not busy)
        for thing in (self.grid, self.form, self.filters):
            thing.setEnabled(not busy)

    def _print_again(self) -> None:
        if self.again.isVisible():
            self.again.click()

    def go_on(self, way: int = 1) -> None:
        """Go to the next line that was missed or is wrong, or back to the one before."""
        if not self.grid.next_open(way):
            self.told.say("没有漏录的，也没有填错的。", "info")
            self._passing = True

    def _tell_of(self, row: int) -> None:
        """Say in full what a line's last cell has no room for, unless something else is told."""
        if self.told.text() and not self._passing:
            return
        cut = 0 <= row < len(self.rows.lines) and self.rows.lines[row].notable and self.grid.cuts_remark(row)
        if cut:
            tone = "danger" if self.rows.lines[row].wrong else "warning"
            self.told.say(f"第 {row + 1} 行：{self.rows.remark(row)}", tone)
        elif self._passing:
            self.told.say("")
        self._passing = cut

    def clear(self) -> None:
        """Ask before throwing away what was typed."""
        number = self.rows.filled()
        if number:
            dialogs.ask(
                self, self.entry.title, f"已录的 {number} 行还没有保存。", "清空", self._empty, tone="danger"
            )

    def _empty(self) -> None:
        self.rows.clear()
        self.told.say("")
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- handing on ----------------------------------------------------------------------------

    def submit(self, *, prints: bool = False) -> None:
        """Check every line and ask, naming what is missing, before the deed takes them all.

        Args:
            prints: whether what is offered afterwards is done at once.
        """
        self.grid.settle()
        if prints and not self.rows.filled():
            self._print_again()
        if self._still.busy or not self.rows.filled() or not self.form.check():
            return
        if self.rows.check():
            self._complained = True
            self._go_to_wrong()
            first = self.rows.wrong()[0]
            told = f"有 {len(self.rows.wrong())} 行不对，原因写在行末。都还没有保存。"
            self.told.say(f"{told}\n第 {first + 1} 行：{self.rows.remark(first)}", "danger")
            self._passing = True
            return
        if self._lacks():
            return
        sums = "".join(f"，{label}合计 {shown}" for label, shown in self.rows.sums().items())
        sentence = f"{self.entry.title} {self.rows.filled():,} 行{sums}。"
        missed = [self.rows.lines[at].line.key for at in self.rows.missed()]
        if self.rows.strange():
            sentence += f"\n其中 {self.rows.strange()} 行有提示，写在行末。"
        if missed:
            sentence += f"\n中间漏了 {len(missed)} 行：{_named(missed)}，这次不办。"
        if self.rows.below():
            sentence += f"\n后面还有 {self.rows.below():,} 行没有录，这次不办。"
        verb = f"{self.entry.title}并{self._after[0]}" if prints and self._after else self.entry.title
        dialogs.ask(self, self.entry.title, sentence, verb, lambda: self._hand_on(prints))

    def _lacks(self) -> bool:
        """Say which lines are empty of a sheet that wants them all, and go to the first."""
        missed = self.rows.missed()
        if not missed or self.rows.sheet is None or self.rows.sheet.filling is not Filling.WHOLE:
            return False
        self.told.say(
            f"还有 {len(missed)} 行没有录：{_named([self.rows.lines[at].line.key for at in missed])}。",
            "danger",
        )
        self._passing = True
        self.grid.go_to(self.rows.index(missed[0], self.rows.first_typed()))
        return True

    def _go_to_wrong(self) -> None:
        """Put the keyboard into the first cell that is wrong."""
        self.grid.go_to(self.rows.wrong_cell(self.rows.wrong()[0]))

    def _hand_on(self, prints: bool) -> None:
        rows, values = self.rows.given(), self.form.values()
        self.told.say("")
        self._still.begin()

        def work() -> Any:
            return self.entry.deed(**{self.entry.rows: self.entry.field.check(rows)}, **values)

        self.services.jobs.start(
            self.entry.title, self, lambda _: work(), lambda done: self._taken(done, prints), self._refused
        )

    def _taken(self, result: Any, prints: bool) -> None:
        self._still.end()
        self._done, self._passing = result, False
        self.rows.clear()
        self.services.memory.put(self._key, None)
        self.services.memory.flush()  # else a crash now would offer them again
        told = result.summary() if hasattr(result, "summary") else ""
        self._praise = f"{done_of(self.entry.deed, result)}。{told}"
        self.told.say(self._praise, "ok")
        self.services.say("", ())  # what was offered before is not the last thing done
        self.again.setVisible(self._after is not None)
        (self.again if self._after is not None else self.grid).setFocus(Qt.FocusReason.OtherFocusReason)
        if prints:
            self.again.click()
        self.read()

    def _refused(self, problem: Exception) -> None:
        self._still.end()
        if isinstance(problem, RowRefused):
            row = self.rows.number_of(problem.row)
            typed = [one.name for one in self.rows.inputs]
            self.rows.refuse(row, problem.column if problem.column in typed else None, problem.sentence)
            self.grid.go_to(self.rows.wrong_cell(row))
            self._complained = True
            self.told.say(f"第 {row + 1} 行：{problem.sentence}\n一行都没有保存。", "danger")
        elif not (isinstance(problem, BadInput) and self.form.complain(problem)):
            self.told.say(f"{dialogs.sentence_of(problem)}\n一行都没有保存。", "danger")


def _named(keys: list[str]) -> str:
    return few(keys, "行", _NAMED)
