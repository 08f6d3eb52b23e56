"""导入: a workbook is read and judged first; every finding is shown before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from models.deeds import Deed
from models.errors import RuleBroken
from models.fields import CountField, LineField
from models.imports import (
    TEMPLATE,
    Given,
    Layout,
    Plan,
    Severity,
    SheetMap,
    errors_workbook,
    given,
    pasted,
    repair_workbook,
    write_template,
)
from models.imports.mapping import fingerprint, guess, read_maps, told
from models.listings import RowListing, Shown
from ui import dialogs, theme
from ui.copiedtable import table_of
from ui.form import Form
from ui.keys import SAVE, PressesOnEnter, Standstill, bind, head, is_enter
from ui.mapping import MappingView
from ui.services import Services
from ui.table import Table
from ui.words import Plain, Words

WORKBOOKS = "Excel 工作簿 (*.xlsx)"
READABLE = "Excel 工作簿或 CSV (*.xlsx *.csv)"
_OWN = ("path", "skip_errors")
"""Inputs of an importing deed that the dialog itself answers."""


def findings(plan: Plan) -> RowListing:
    """Return the findings of a plan as a list, errors marked."""
    columns = (
        Shown("severity", LineField(verbose_name="级别"), status=True),
        Shown("sheet", LineField(verbose_name="工作表")),
        Shown("row", CountField(verbose_name="行"), total=False),
        Shown("column", LineField(verbose_name="列")),
        Shown("value", LineField(verbose_name="内容")),
        Shown("reason", LineField(verbose_name="原因")),
        Shown("remedy", LineField(verbose_name="处理办法")),
    )
    rows = (
        (one.severity.value, one.sheet, one.row, one.column, one.value, one.reason, one.remedy)
        for one in plan.findings
    )
    tones = {Severity.NOTE.value: "info", Severity.ERROR.value: "danger"}
    return RowListing(columns, enumerate(rows), tones=tones)


class ImportDialog(PressesOnEnter, QDialog):
    """Choose a workbook or paste a table, say what is what, read what it would bring, import it."""

    def __init__(
        self,
        services: Services,
        deed: Deed,
        judge: Callable[..., Plan],
        parent: QWidget | None = None,
        layout: Layout = TEMPLATE,
    ) -> None:
        """Make it.

        Args:
            services: of the window.
            deed: imports; takes `path`, which may be a plan, and `skip_errors`. What else it asks for
                stands above.
            judge: says what a workbook, read as the maps say, would bring; writes nothing. It is given what
                else the deed asks for by name.
            parent: as Qt means it.
            layout: what is read; where it is none that is known by itself, columns are guessed first.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.services, self.deed, self._judge = services, deed, judge
        self.layout_read = layout
        self._maps: Sequence[SheetMap] = ()
        self.plan: Plan | None = None
        self.given: Given | None = None
        self._still = Standstill(self, self._follow)
        self.setProperty("help_topic", "importing")
        self.setWindowTitle(deed.title)
        theme.fit(self, 980, 620)
        self._lay_out()
        head(self, deed.title)
        bind(self, self.go_on, *SAVE, words="检查，再导入")
        self._say(
            "选择工作簿或粘贴表格后先检查：逐条列出提示和错误，此时不写入。再次导入同一个文件不会重复。",
            "plain",
        )
        self.table.show_empty("还没有选择工作簿。", "选择工作簿", self.choose)
        self.table.show_list(lambda: RowListing((), ()))
        self._follow()

    def _lay_out(self) -> None:
        heading = Plain(self.deed.title)
        heading.setProperty("role", "title")
        self.line = QLineEdit(placeholderText="工作簿 .xlsx 或 .csv")
        self.line.setAccessibleName("工作簿")
        self.line.installEventFilter(self)
        self.browse = self._button("选择工作簿…", self.choose)
        self.clip = self._button("粘贴", self.paste)
        self.clip.setToolTip("从 Excel 或 WPS 复制带列名的区域，再按这里 (Ctrl+V)")
        bind(self, self.paste, "Ctrl+V", words="粘贴表格")
        self.template = self._button("下载空白模板…", self.save_template)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.line, 1)
        for button in (self.browse, self.clip, self.template):
            top.addWidget(button)
        self.told = Words()
        self.table = Table(self.services)
        self.mapping = MappingView(layout=self.layout_read)
        self.form = Form([one for one in self.deed.inputs if one.name not in _OWN], columns=2)
        self.form.setVisible(bool(self.form.cells))
        self.form.edited.connect(self._asked_anew)
        self.mapping.changed.connect(self._follow)
        self.pages = QStackedLayout()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.mapping)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(self.form)
        layout.addLayout(top)
        layout.addWidget(self.told)
        layout.addLayout(self.pages, 1)
        layout.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self.skip = QCheckBox("跳过有错的行，导入其余的")
        self.skip.toggled.connect(lambda _: self._follow())
        self.save = self._button("另存检查结果…", self.save_findings)
        self.mend = self._button("另存订正表…", self.save_repair)
        self.mend.setToolTip("只含有错的行和原因，改好后可以直接再导入")
        self.match = self._button("对应列…", self.ask_mapping)
        self.match.setToolTip("说明这个工作簿的表和列对应本系统的哪些")
        self.cancel = self._button("取消", self.reject)
        self.go = self._button("导入", self.go_on)
        self.go.setToolTip("Ctrl+Enter")
        theme.mark(self.go, primary=True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.skip)
        foot.addStretch()
        for button in (self.match, self.save, self.mend, self.cancel, self.go):
            foot.addWidget(button)
        return foot

    def _button(self, words: str, act: Any) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: act())
        return button

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Let Enter in the line read the workbook."""
        if watched is self.line and is_enter(event):
            self.read(Path(self.line.text().strip()))
            return True
        return super().eventFilter(watched, event)

    # -- reading -------------------------------------------------------------------------------

    def choose(self) -> None:
        """Let the person choose a workbook."""
        chosen, _ = QFileDialog.getOpenFileName(self, "选择工作簿", self.line.text(), READABLE)
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> None:
        """Read a workbook and judge it; nothing is written."""
        if self._still.busy or not str(path).strip("."):
            return
        self.line.setText(str(path))
        self.plan = self.given = None
        self._begin(f"正在检查 {path.name}…")
        self.services.run("读取工作簿", self, lambda: given(path), self._read, self._refused)

    def paste(self) -> None:
        """Read the table in the clipboard."""
        if self._still.busy:
            return
        self.plan = self.given = None
        self.line.clear()
        try:
            self._read(pasted(table_of(QGuiApplication.clipboard().text(), blanks=True)))
        except RuleBroken as problem:
            self._refused(problem)

    def _read(self, found: Given) -> None:
        """Judge what was read; where nobody knows its layout, ask first."""
        self._still.end()
        self.given = found
        wanted = self.layout_read
        maps = self._remembered(found)
        if not maps and wanted is not TEMPLATE and not found.known(wanted):
            maps = guess(found.sheets, wanted)
        if maps or found.known(wanted):
            self._check(maps)
        else:
            self.ask_mapping()

    def _asked_anew(self) -> None:
        """What was checked holds no more once something else is asked for."""
        if self.plan is not None:
            self.plan = None
            self._say("改过了，请再检查。", "info")
        self._follow()

    def ask_mapping(self) -> None:
        """Let the person say which sheet and column is which of ours."""
        assert self.given is not None
        kept = self._remembered(self.given)
        self.mapping.show_given(self.given, kept)
        self.plan = None
        self.pages.setCurrentWidget(self.mapping)
        self._say("请说明这些列对应本系统的哪些列；下次列名相同的表不再问。", "info")
        self._follow()

    def _check(self, maps: Sequence[SheetMap]) -> None:
        found, self._maps = self.given, maps
        assert found is not None
        self.pages.setCurrentWidget(self.table)
        if not self.form.check():
            self._say("请先填上面的必填项，再检查。", "warning")
            self._follow()
            return
        more = self.form.values()
        self._begin(f"正在检查 {found.path.name}…")
        self.services.run(
            "检查工作簿", self, lambda: self._judge(found, maps, **more), self._planned, self._refused
        )

    def _remembered(self, found: Given) -> list[SheetMap]:
        """Return how a workbook of this make was matched last; a single sheet may be called otherwise now."""
        maps = read_maps(self.services.memory.get(self._kept_as(found), list[Any]()), self.layout_read)
        if len(found.sheets) == 1:
            return [replace(one, sheet=found.sheets[0].name) for one in maps]
        return maps

    def _kept_as(self, found: Given) -> str:
        return f"import.{fingerprint(found.sheets)}"

    def _planned(self, plan: Plan) -> None:
        self.plan = plan
        self._still.end()
        self.pages.setCurrentWidget(self.table)
        tone = "danger" if plan.errors else ("info" if plan.new else "warning")
        self._say("\n".join([plan.summary(), "　".join(plan.told())]), tone)
        self.table.show_empty("没有发现问题，可以导入。" if plan.new else "工作簿里的内容都已登记过。")
        self.table.show_list(lambda: findings(plan))
        self._follow()
        if self.go.isEnabled():
            self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- doing ---------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Check what was said of the columns, or import what was planned."""
        if not self.go.isEnabled():
            return
        if self.pages.currentWidget() is self.mapping and self.given is not None:
            maps = self.mapping.maps()
            self.services.memory.put(self._kept_as(self.given), told(maps))
            self._check(maps)
        elif self.plan is None:
            self._check(self._maps)
        else:
            self.carry_out()

    def carry_out(self) -> None:
        """Import what was planned, as one batch."""
        if self.plan is None:
            return
        plan, given = self.plan, {"skip_errors": self.skip.isChecked(), **self.form.values()}
        self._begin("正在导入…")
        self.services.run(
            "导入",
            self,
            lambda: self.deed(path=plan, **given),
            lambda done: self._done(plan, done),
            self._refused,
        )

    def save_findings(self) -> None:
        """Write every finding into a workbook."""
        self._save_beside("检查结果", errors_workbook)

    def save_repair(self) -> None:
        """Write the rows with errors into a workbook that can be put right and imported."""
        self._save_beside("订正", repair_workbook)

    def _save_beside(self, what: str, write: Callable[[Plan, Path], Any]) -> None:
        assert self.plan is not None
        plan = self.plan
        suggested = str(plan.path.with_name(f"{plan.path.stem}-{what}.xlsx"))
        chosen, _ = QFileDialog.getSaveFileName(self, f"另存{what}", suggested, WORKBOOKS)
        if chosen:
            self._write(chosen, lambda: write(plan, Path(chosen)))

    def save_template(self) -> None:
        """Write the template of our own into a workbook."""
        name = "业主档案" if self.layout_read is TEMPLATE else self.layout_read.title
        suggested = str(self.services.outlets.folder() / f"{name}模板.xlsx")
        chosen, _ = QFileDialog.getSaveFileName(self, "下载空白模板", suggested, WORKBOOKS)
        if chosen:
            self._write(chosen, lambda: write_template(Path(chosen), self.layout_read))

    def reject(self) -> None:
        """Stay while at work."""
        if not self._still.busy:
            super().reject()

    def _write(self, chosen: str, work: Any) -> None:
        self.services.run("另存", self, work, lambda _: self.services.say(f"已存到 {chosen}"), self._refused)

    def _done(self, plan: Plan, done: Any) -> None:
        self._still.end()
        numbers = "、".join(str(batch.id) for batch in plan.batches)
        said = f"已{self.deed.title} {plan.new:,} 条{f'，批次 {numbers}' if numbers else ''}。"
        said = f"已{self.deed.title}。{done.summary()}" if hasattr(done, "summary") else said
        self.services.say(said)
        if plan.errors:
            self.plan = plan
            dialogs.ask(
                self,
                self.deed.title,
                f"{said}\n有 {len({(one.sheet, one.row) for one in plan.errors})} 行有错没有导入。"
                "可以另存成订正表，改好后再导入；要撤销本次导入，请到“综合办公”的“批次”里。",
                "另存订正表…",
                self.save_repair,
                refuse="不用了",
            ).finished.connect(lambda _: self.accept())
        else:
            self.accept()

    def _refused(self, problem: Exception) -> None:
        self._still.end()
        if self.given is None:
            self.pages.setCurrentWidget(self.table)
        self._say(dialogs.sentence_of(problem), "danger")

    def _begin(self, words: str) -> None:
        self._still.begin()
        self._say(words, "plain")

    def _follow(self) -> None:
        plan, busy = self.plan, self._still.busy
        asking = self.pages.currentWidget() is self.mapping
        self.skip.setVisible(plan is not None and bool(plan.errors))
        self.save.setVisible(plan is not None and bool(plan.findings))
        self.mend.setVisible(plan is not None and bool(plan.errors))
        self.match.setVisible(self.given is not None and not asking)
        if asking:
            lacks = self.mapping.missing()
            self.go.setText("检查")
            self.go.setToolTip(lacks or "Ctrl+Enter")
            ready = not lacks
        elif plan is None and self.given is not None:
            self.go.setText("检查")
            self.go.setToolTip("Ctrl+Enter")
            ready = True
        else:
            ready = plan is not None and plan.new > 0 and (not plan.errors or self.skip.isChecked())
            self.go.setText(f"导入 {plan.new:,} 条" if plan is not None and plan.new else "导入")
            self.go.setToolTip("Ctrl+Enter")
        self.go.setEnabled(ready and not busy)
        for widget in (self.form, self.line, self.browse, self.clip, self.template, self.skip, self.save,
                       self.mend, self.match, self.mapping):  # fmt: skip
            widget.setEnabled(not busy)

    def _say(self, sentence: str, tone: str) -> None:
        self.told.say(sentence, tone)
