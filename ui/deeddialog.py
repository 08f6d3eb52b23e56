"""办理: one deed done from the window: asked for, checked, done away from the window, and said."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from models.attachments import read_file, with_files
from models.base import Record
from models.deeds import DEEDS, Deed
from models.errors import BadInput
from models.fields import LinkField, LinksField
from models.inputs import Input
from models.rows import RowsField
from ui import dialogs, drafts, theme
from ui.enclosing import Enclosures, may_enclose
from ui.form import Form, defaults_of
from ui.jobs import Job
from ui.keys import SAVE, PressesOnEnter, Standstill, bind
from ui.lineinputs import Input as Typed
from ui.services import Services
from ui.words import Plain, Words

WIDTH, WITH_ROWS, WIDE = 520, 680, 860
DRY_RUN = "dry_run"
"""An input of this name becomes the button 试算: the deed says what it would do."""
_SLOW = 300
"""Milliseconds after which a form says that it is still at work."""


def is_method(deed: Deed) -> bool:
    """Whether a deed is a verb of a record, rather than a function that names one as an input."""
    if deed.record is None:
        return False
    return not deed.inputs or getattr(deed.inputs[0].field, "rel_model", None) is not deed.record


def trial_of(deed: Deed) -> Deed | None:
    """Return what says beforehand what a deed would do: itself by an input, or its twin `try_…`."""
    if any(one.name == DRY_RUN for one in deed.inputs):
        return deed
    module, verb = deed.name.split(".")
    return DEEDS.get(f"{module}.try_{verb}")


def preset(deed: Deed, records: Sequence[Record]) -> dict[str, Any]:
    """Return the inputs of a deed that the chosen records answer already."""
    for asked in deed.inputs:
        kind = getattr(asked.field, "rel_model", None)
        if kind is None or not records or not isinstance(records[0], kind):
            continue
        if isinstance(asked.field, LinksField):
            needed = {one.name for one in deed.inputs if one.required}
            linked = {name: one for name, one in _linked(deed, records[0]).items() if name in needed}
            return {**linked, asked.name: list(records)}
        if isinstance(asked.field, LinkField):
            return {asked.name: records[0]}
    return _linked(deed, records[0]) if len(records) == 1 and not is_method(deed) else {}


def _linked(deed: Deed, record: Record) -> dict[str, Any]:
    """Return what a record links to by the names under which a deed asks: the unit and payer of a balance."""
    found = {}
    for asked in deed.inputs:
        mine = record.fields().get(asked.name)
        same = getattr(mine, "rel_model", None) is getattr(asked.field, "rel_model", False)
        if same and isinstance(asked.field, LinkField) and getattr(record, asked.name) is not None:
            found[asked.name] = getattr(record, asked.name)
    return found


def asked_of(deed: Deed, records: Sequence[Record]) -> list[Input]:
    """Return what a deed still asks for when these records are chosen."""
    known = {DRY_RUN} | (set() if is_method(deed) else set(preset(deed, records)))
    return [asked for asked in deed.inputs if asked.name not in known and not _is_chosen(asked)]


def _is_chosen(asked: Input) -> bool:
    """Whether an input is answered by the rows that are chosen in a list, or not at all."""
    field = asked.field
    return isinstance(field, LinksField) and not asked.required and field.rel_model.key_field == "id"


def perform(deed: Deed, records: Sequence[Record], values: dict[str, Any]) -> Any:
    """Do a deed with checked values on a record, or with it as one of its inputs."""
    if is_method(deed):
        return deed(records[0], **values)
    return deed(**{**preset(deed, records), **values})


def told(deed: Deed, records: Sequence[Record], result: Any) -> str:
    """Return what the status line says of a deed that was done."""
    if hasattr(result, "summary"):
        return f"已{deed.title}。{result.summary()}"
    about = records[0].label() if len(records) == 1 else ""
    if isinstance(result, Record):
        about = result.label()
    elif isinstance(result, tuple) and hasattr(result, "account"):
        about = result.account.label()
    return f"已{deed.title}{'：' if about else '。'}{about}"


class DeedDialog(PressesOnEnter, QDialog):
    """The form of one deed."""

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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.services, self.deed, self.records = services, deed, list(records)
        self.trial = trial_of(deed)
        self._then = then
        self._still = Standstill(self, self._follow)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(deed.title)
        self.form = Form(asked_of(deed, self.records), columns=self.COLUMNS, new=True)
        self.form.put({**defaults_of(deed.inputs), **self._current(), **(values or {})})
        self.form.finished.connect(lambda: self.save.setFocus(Qt.FocusReason.TabFocusReason))
        self.form.told.connect(self._grow)
        self.form.new_wanted.connect(self._make_new)
        self._lay_out()
        if then is None:  # what is to follow cannot be kept with a draft
            self._keep_draft()
        bind(self, self.submit, *SAVE)
        QTimer.singleShot(0, self.form, self.form.focus_first)

    def _lay_out(self) -> None:
        rows = any(isinstance(cell.asked.field, RowsField) for cell in self.form.cells.values())
        self.setMinimumWidth(WIDE if self.form.columns > 1 else WITH_ROWS if rows else WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(_heading(self.deed, self.records))
        area = QScrollArea(widgetResizable=True)
        area.setWidget(self.form)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(area, 1)
        self._area = area
        self.note = Words()
        self.note.hide()
        self.enclosed = Enclosures(self)
        self.enclosed.setVisible(may_enclose(self.deed))
        self.enclosed.refused.connect(lambda words: self._say(words, "danger"))
        layout.addWidget(self.enclosed)
        layout.addWidget(self.note)
        self.body = layout
        layout.addLayout(self._foot())
        self._grow()

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
        self._touched = False

        def keep() -> None:
            self._touched = True
            memory.later(key, self, lambda: told(self.form.kept()))

        def drop() -> None:
            if self._touched:  # else it is an older one, kept for later, that lies there
                memory.put(key, None)
                memory.flush()

        self.form.edited.connect(keep)
        self.finished.connect(lambda _: drop())

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(8)
        must = any(cell.asked.required for cell in self.form.cells.values())
        hint = Words(f"{'• 必填　　' if must else ''}Enter 下一栏　Ctrl+Enter 保存　Esc 取消")
        hint.setProperty("role", "caption")
        self.cancel = QPushButton("取消")
        self.cancel.setAutoDefault(False)
        self.cancel.setToolTip("Esc")
        self.cancel.clicked.connect(self.reject)
        self.save = QPushButton(self.deed.title)
        self.save.setAutoDefault(False)
        self.save.setToolTip("Ctrl+Enter")
        theme.mark(self.save, primary=True, danger=self.deed.danger)
        self.save.clicked.connect(self.submit)
        foot.addWidget(hint, 1)
        if self.trial is not None:
            self.test = QPushButton("试算")
            self.test.setAutoDefault(False)
            self.test.clicked.connect(self.try_it)
            foot.addWidget(self.test)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save)
        return foot

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
        if not is_method(self.deed) or not self.records:
            return {}
        fields = self.records[0].fields()
        return {
            one.name: getattr(self.records[0], one.name)
            for one in self.deed.inputs
            if one.name in fields and one.field is fields[one.name]
        }

    def submit(self) -> None:
        """Check all fields and do the deed."""
        if self._still.busy or not self.form.check():
            self._grow()
            return
        work = functools.partial(perform, self.deed, self.records, self.form.values())
        files = list(self.enclosed.files)
        self._begin()
        self.services.run(
            self.deed.title,
            self,
            lambda: with_files(work, [read_file(file) for file in files]),
            self._done,
            self._refused,
        )

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
        self._say(result.summary() if hasattr(result, "summary") else str(result), "info")
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
        dialogs.ask(
            self,
            self.deed.title,
            "已填写的内容还没有保存。",
            "放弃填写",
            super().reject,
            tone="danger",
            refuse="继续填写",
        )

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
        for thing in (self.form, self.enclosed, self.save):
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

    def _done(self, result: Any) -> None:
        self._still.busy = False
        self.services.say(told(self.deed, self.records, result))
        self.accept()
        if self._then is not None:
            self._then(result)


def _heading(deed: Deed, records: Sequence[Record]) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    title = Plain(deed.title)
    title.setProperty("role", "title")
    column.addWidget(title)
    if records:
        names = "、".join(record.described() for record in records[:4])
        more = f" 等 {len(records)} 条" if len(records) > 4 else ""
        subject = Words(f"{records[0].noun()}　{names}{more}")
        subject.setProperty("role", "secondary")
        column.addWidget(subject)
    if deed.question:
        asked = Words(deed.question)
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
) -> QDialog:
    """Let a person do a deed on the chosen records: by its form, or by one question.

    Several records are done one after the other, each on its own; who refuses is named.
    """
    if asked_of(deed, records):
        dialog: QDialog = DeedDialog(services, deed, records, values=values, then=then, parent=parent)
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
        lambda: _do_each(services, deed, records, parent, then),
        tone="danger" if deed.danger else "info",
    )


def _do_each(
    services: Services,
    deed: Deed,
    records: Sequence[Record],
    parent: QWidget,
    then: Callable[[Any], Any] | None,
) -> None:
    if len(records) > 1:
        services.jobs.start(
            deed.title,
            parent,
            lambda job: _one_by_one(job, deed, records),
            lambda result: _tell_each(services, deed, parent, *result),
        )
        return

    def done(result: Any) -> None:
        services.say(told(deed, records, result))
        if then is not None:
            then(result)

    services.run(deed.title, parent, lambda: perform(deed, records, {}), done)


def _one_by_one(job: Job, deed: Deed, records: Sequence[Record]) -> tuple[int, list[str]]:
    """Do a deed to each record in a transaction of its own; return how many, and who refused why."""
    done, refused = 0, []
    for number, record in enumerate(records, start=1):
        if job.cancelled():
            break
        try:
            perform(deed, [record], {})
            done += 1
        except Exception as problem:
            refused.append(f"{record.label()}：{dialogs.sentence_of(problem)}")
        job.tell(number, len(records))
    return done, refused


def _tell_each(services: Services, deed: Deed, parent: QWidget, done: int, refused: list[str]) -> None:
    services.say(f"已{deed.title} {done} 条{f'，未办 {len(refused)} 条' if refused else ''}。")
    if refused:
        dialogs.tell(parent, deed.title, "\n".join(refused[:12]), "warning")
