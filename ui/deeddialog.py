"""办理: one deed done from the window: asked for, checked, done away from the window, and said."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from models.attachments import read_file, with_files
from models.base import Record
from models.deeds import DEEDS, Deed
from models.errors import BadInput
from models.fields import NoteField
from models.inputs import Input
from models.office import chains
from models.rows import RowsField
from models.text import few
from models.undo import Undo
from ui import dialogs, drafts, theme
from ui.chosen import DRY_RUN, apply_for, asked_of, must_apply, perform, perform_remembering, told, trial_of
from ui.enclosing import Enclosures, may_enclose
from ui.form import Form, defaults_of
from ui.keys import AND_NEW, AND_PRINT, SAVE, PressesOnEnter, Standstill, bind, head
from ui.lineinputs import Input as Typed
from ui.services import Services
from ui.several import do_each
from ui.words import Elided, Plain, Words

APPLY = "office.request_approval"
WHY = Input("approval_note", NoteField(null=True, verbose_name="申请说明"), required=False)
WHY.field.name = WHY.name
WIDTH, WITH_ROWS, WIDE, WIDEST = 520, 680, 860, 1180
_ROW, _MANY = 4, 6
"""Columns of a row that a form of common width has room for, and a wide one."""
_SLOW = 300
"""Milliseconds after which a form says that it is still at work."""


class DeedDialog(PressesOnEnter, QDialog):
    """The form of one deed."""

    made = Signal(object)
    """The deed is done; tells what it returned."""
    COLUMNS = 0
    """How many columns of fields; 0 goes by their number."""

    def __init__(
        self,
        services: Services,
        deed: Deed,
        records: Sequence[Record] = (),
        *,
        values: dict[str, Any] | None = None,
        then: Callable[[Any], Any] | None = None,
        prints: Callable[[Any], Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Make it.

        Args:
            services: of the window.
            deed: what is done.
            records: what it is done to.
            values: what is known beforehand, by the names of the inputs.
            then: is told what the deed returned.
            prints: prints the paper of what the deed returned.
            parent: as Qt means it.
        """
        super().__init__(parent)
        self.services, self.deed, self.records = services, deed, list(records)
        self.trial = trial_of(deed)
        self.applies = must_apply(deed)
        """Whether the form files an application, since a chain of approvals stands before the deed."""
        if self.applies:
            then = prints = None  # nothing is made yet that could be printed or gone on with
        self._values, self._then, self._prints = values or {}, then, prints
        self._next: Callable[[Any], Any] = self._close
        self._touched = False
        """Whether a draft of this form is kept."""
        self._still = Standstill(self, self._follow)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(deed.title)
        asked = [*asked_of(deed, self.records), *([WHY] if self.applies else [])]
        self.form = Form(asked, columns=self.COLUMNS, new=True)
        self._begin_form()
        self.form.finished.connect(lambda: self.save.setFocus(Qt.FocusReason.TabFocusReason))
        self.form.told.connect(self._grow)
        self.form.new_wanted.connect(self._make_new)
        self._lay_out()
        if then is None:  # what is to follow cannot be kept with a draft
            self._keep_draft()
        self._bind_keys()
        QTimer.singleShot(0, self.form, self.form.focus_first)

    def _begin_form(self) -> None:
        self.form.put({**defaults_of(self.deed.inputs), **self._current(), **self._values})

    def _bind_keys(self) -> None:
        head(self, f"表单：{self.deed.title}")
        bind(self, self.save.click, *SAVE, words=self.save.text())
        if self.repeats():
            bind(self, self.more.click, *AND_NEW, words=self.more.text())
        if self._prints is not None:
            bind(self, self.print.click, AND_PRINT, words=self.print.text())

    @property
    def _several(self) -> bool:
        """Whether each of several records is applied for by itself."""
        return self.applies and self.deed.on_record and len(self.records) > 1

    def repeats(self) -> bool:
        """Whether another one may be entered right after this one."""
        return not (self.records or self._then or self.applies) and self.deed.makes is not None

    def _lay_out(self) -> None:
        fields = [cell.asked.field for cell in self.form.cells.values()]
        rows = max((len(field.inputs) for field in fields if isinstance(field, RowsField)), default=0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(_heading(self.deed, self.records, self.applies))
        area = QScrollArea(widgetResizable=True)
        area.setWidget(self.form)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(area, 1)
        self._area = area
        self.note = Words()
        self.note.hide()
        self.enclosed = Enclosures(self)
        self.enclosed.setVisible(
            may_enclose(DEEDS[APPLY] if self.applies else self.deed) and not self._several
        )
        self.enclosed.refused.connect(lambda words: self._say(words, "danger"))
        layout.addWidget(self.enclosed)
        layout.addWidget(self.note)
        self.body = layout
        foot = self._foot()
        layout.addLayout(foot)
        least = WIDE if self.form.columns > 1 or rows > _ROW else WITH_ROWS if rows else WIDTH
        least = self._lettered(least) if rows else least
        least = max(least, min(WIDEST, self._room())) if rows > _MANY else least
        self.setMinimumWidth(max(least, foot.minimumSize().width() + 48))  # large letters want more
        self._grow()

    def _lettered(self, width: int) -> int:
        """Return how wide a form of rows must be for letters of this size, within the window."""
        wanted = round(width * max(1, theme.appearance.points / theme.STANDARD))
        return max(width, min(wanted, self._room()))

    def _room(self) -> int:
        """Return how wide it may be within the window."""
        around = self.parentWidget()
        room = around.window().width() if around is not None else self.screen().availableGeometry().width()
        return int(room) - 48

    def _make_new(self, field: Typed, deed: Deed) -> None:
        """Make a record that a field is to name, by its own form, and name it."""

        def take(made: Any) -> None:
            if isinstance(made, Record):
                field.put(made)
                field.edited.emit()
            field.setFocus(Qt.FocusReason.OtherFocusReason)

        do(self.services, deed, [], self, then=take)

    def _keep_draft(self) -> None:
        """Let what is typed outlive a crash, until it is saved or thrown away."""
        key, memory = drafts.key_of(self.deed, self.records), self.services.memory
        if len(self.records) > drafts.MOST:
            return
        told = functools.partial(drafts.told, self.deed, self.records)

        def keep() -> None:
            self._touched = True
            memory.later(key, self, lambda: told(self.form.kept()))

        self.form.edited.connect(keep)
        self.finished.connect(lambda _: self._drop_draft())

    def _drop_draft(self) -> None:
        """Forget what was typed, now that it is saved or thrown away."""
        if self._touched:  # else it is an older one, kept for later, that lies there
            self._touched = False
            memory = self.services.memory
            memory.put(drafts.key_of(self.deed, self.records), None)
            memory.flush()

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        must = any(cell.asked.required for cell in self.form.cells.values())
        notes = any(isinstance(cell.asked.field, NoteField) for cell in self.form.cells.values())
        hint = Elided(f"{'• 必填　' if must else ''}Enter 下一栏{'，多行栏用 Tab' if notes else ''}")
        hint.setProperty("role", "caption")
        self.cancel = self._button("取消", self.reject, "Esc")
        verb = DEEDS[APPLY].title if self.applies else self.deed.title
        self.save = self._button(verb, lambda: self.submit(self._close), "Ctrl+Enter")
        theme.mark(self.save, primary=True, danger=self.deed.danger)
        self.acts = [self.save]
        """What is out of use while the deed is at work."""
        if self._prints is not None:
            self.print = self._button(
                f"{self.deed.title}并打印", lambda: self.submit(self._close_and_print), AND_PRINT
            )
            self.acts.insert(0, self.print)
        if self.repeats():
            self.more = self._button("保存并新增", lambda: self.submit(self._begin_next), "Ctrl+Shift+Enter")
            self.acts.insert(0, self.more)
        if self.trial is not None:
            self.test = self._button("试算", self.try_it, "先看会怎样，不写入")
            self.acts.insert(0, self.test)
        foot.addWidget(hint, 1)
        for button in (*self.acts[:-1], self.cancel, self.save):
            foot.addWidget(button)
        return foot

    def _button(self, words: str, act: Callable[[], Any], key: str) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setToolTip(key)
        button.clicked.connect(lambda: act())
        return button

    def _grow(self) -> None:
        """Be as high as the form wants, within the screen."""
        screen = self.screen().availableGeometry().height() if self.screen() else 768
        self._area.setMinimumHeight(min(self.form.sizeHint().height() + 4, int(screen * 0.62)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay on the screen with the buttons, however high it grew."""
        super().resizeEvent(event)
        room, frame = self.screen().availableGeometry(), self.frameGeometry()
        if self.isVisible() and frame.bottom() > room.bottom():
            self.move(frame.left(), max(room.top(), room.bottom() - frame.height()))

    def _current(self) -> dict[str, Any]:
        """Return what the record holds now, for a deed that edits it."""
        if not self.deed.on_record or not self.records:
            return {}
        fields = self.records[0].fields()
        return {
            one.name: getattr(self.records[0], one.name)
            for one in self.deed.inputs
            if one.name in fields and one.field is fields[one.name]
        }

    def submit(self, then: Callable[[Any], Any] | None = None) -> None:
        """Check all fields and do the deed.

        Args:
            then: is told what the deed returned; closes the form unless it is given.
        """
        if self._still.busy or not self.form.check():
            self._grow()
            return
        self._next = then or self._close
        values = self.form.values()
        asked = self.deed, self.records, values
        files, applies = list(self.enclosed.files), self.applies
        note = values.pop(WHY.name, None)

        def work() -> tuple[Any, list[Undo]]:
            if not (files or applies):
                return perform_remembering(*asked)
            do_it = (
                functools.partial(apply_for, *asked, note) if applies else functools.partial(perform, *asked)
            )
            return (with_files(do_it, [read_file(file) for file in files]) if files else do_it()), []

        self._begin()
        self.services.run(self.deed.title, self, work, self._done, self._refused)

    def try_it(self) -> None:
        """Let the deed say what it would do; nothing is written."""
        trial = self.trial
        if trial is None or self._still.busy or not self.form.check():
            return
        values = self.form.values()
        if trial is self.deed:
            values[DRY_RUN] = True
        self._begin()
        self.services.run(
            "试算", self, lambda: perform(trial, self.records, values), self._tried, self._refused
        )

    def _tried(self, result: Any) -> None:
        self._still.end()
        self._say(
            result.summary() if hasattr(result, "summary") else str(result), getattr(result, "tone", "info")
        )
        self._grow()

    def dirty(self) -> bool:
        """Whether something was typed, or files were chosen."""
        return self.form.dirty() or bool(self.enclosed.files)

    def reject(self) -> None:
        """Ask before throwing away what was typed."""
        if self._still.busy:
            return
        if not self.dirty():
            super().reject()
            return
        words = "已填写的内容还没有保存。"
        give_up = super().reject
        dialogs.ask(self, self.deed.title, words, "放弃填写", give_up, tone="danger", refuse="继续填写")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Do as Esc does."""
        if self.isVisible() and (self._still.busy or self.dirty()):
            event.ignore()
            self.reject()
        else:
            super().closeEvent(event)

    def _begin(self) -> None:
        self._still.begin()
        self.note.hide()
        QTimer.singleShot(_SLOW, self, self._say_still)

    def _follow(self) -> None:
        for thing in (self.form, self.enclosed, *self.acts):
            thing.setEnabled(not self._still.busy)

    def _say_still(self) -> None:
        if self._still.busy:
            self._say(f"正在{self.deed.title}…", "plain")

    def _say(self, sentence: str, tone: str) -> None:
        self.note.say(sentence, tone)

    def _refused(self, problem: Exception) -> None:
        self._still.end()
        self.note.hide()
        if not (isinstance(problem, BadInput) and self.form.complain(problem)):
            self._say(dialogs.sentence_of(problem), "danger")
        self._grow()

    def _done(self, done: tuple[Any, list[Undo]]) -> None:
        result, undos = done
        did, records = (DEEDS[APPLY], []) if self.applies else (self.deed, self.records)
        self.services.say(told(did, records, result), undos)
        self.made.emit(result)
        self._next(result)

    def _close(self, result: Any) -> None:
        self._still.busy = False
        self.accept()
        if self._then is not None:
            self._then(result)

    def _close_and_print(self, result: Any) -> None:
        self._close(result)
        if self._prints is not None:
            self._prints(result)

    def _begin_next(self, result: Any) -> None:
        """Empty the form for another one."""
        self._still.end()
        self.form.clear()
        self.enclosed.clear()
        self._begin_form()
        self._drop_draft()  # last, for emptying counts as typing
        self._say(f"{told(self.deed, self.records, result)}　请填下一个。", "ok")
        self._grow()
        self.form.focus_first()


def _heading(deed: Deed, records: Sequence[Record], applies: bool) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    title = Plain(deed.title)
    title.setProperty("role", "title")
    column.addWidget(title)
    if records:
        names = few([record.described() for record in records], "条", most=4)
        subject = Words(f"{records[0].noun()}　{names}")
        subject.setProperty("role", "secondary")
        column.addWidget(subject)
    question = f"要先审批：{chains.told(deed.name)}。批准后自动办理。" if applies else deed.question
    if question:
        asked = Words(question)
        asked.setProperty("note", "warning" if deed.danger else "info")
        column.addSpacing(4)
        column.addWidget(asked)
    return box


def resume(services: Services, draft: drafts.Draft, parent: QWidget) -> DeedDialog:
    """Open the form of a draft as it was left."""
    dialog = DeedDialog(services, draft.deed, draft.records, parent=parent)
    dialog.form.restore(draft.values)
    dialog.open()
    return dialog


def do(
    services: Services,
    deed: Deed,
    records: Sequence[Record],
    parent: QWidget,
    *,
    values: dict[str, Any] | None = None,
    then: Callable[[Any], Any] | None = None,
    prints: Callable[[Any], Any] | None = None,
) -> QDialog:
    """Let a person do a deed on the chosen records: by its form, or by one question.

    Several records are done one after the other, each on its own; who refuses is named.
    """
    if asked_of(deed, records) or must_apply(deed):
        dialog: QDialog = DeedDialog(
            services, deed, records, values=values, then=then, prints=prints, parent=parent
        )
        dialog.open()
        return dialog
    names = "、".join(record.described() for record in records[:6]) + ("等" if len(records) > 6 else "")
    count = f"（{len(records)} 条）" if len(records) > 1 else ""
    sentence = "\n".join(
        filter(None, [f"{deed.title}：{names}{count}" if names else "", deed.question or ""])
    )
    return dialogs.ask(
        parent,
        deed.title,
        sentence or f"{deed.title}？",
        deed.title,
        lambda: do_each(services, deed, records, parent, then),
        tone="danger" if deed.danger else "info",
    )
