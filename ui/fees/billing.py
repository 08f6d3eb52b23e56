"""出账: what the run of a month would make is shown with its reasons before anything is posted."""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from models import deeds
from models.deeds import DEEDS
from models.fees import billing
from models.fees.rights import BILL
from models.fees.trial import Trial
from models.fields import CountField, LineField, MoneyField, MonthField
from models.listings import RowListing, Shown
from models.money import thousands
from models.months import Month, Period
from ui import dialogs, papers, theme
from ui.chosen import apply_for, must_apply
from ui.form import Form
from ui.keys import AND_PRINT, SAVE, PressesOnEnter, Standstill, bind, head
from ui.services import Services
from ui.table import Table
from ui.words import Plain, Words


def by_item(trial: Trial) -> RowListing:
    """Return what would be made, by item and month."""
    columns = (
        Shown("item", LineField(verbose_name="收费项目")),
        Shown("month", MonthField(verbose_name="所属月份")),
        Shown("lines", CountField(verbose_name="笔数"), total=True),
        Shown("amount", MoneyField(verbose_name="金额")),
    )
    return RowListing(columns, enumerate(trial.by_item()))


def skipped(trial: Trial) -> RowListing:
    """Return who gets no line, and why."""
    columns = (
        Shown("unit", LineField(verbose_name="房号")),
        Shown("item", LineField(verbose_name="收费项目")),
        Shown("reason", LineField(verbose_name="原因")),
    )
    return RowListing(columns, enumerate(tuple(one) for one in trial.skipped))


def missing(trial: Trial) -> RowListing:
    """Return what was never billed before this month."""
    columns = (
        Shown("unit", LineField(verbose_name="房号")),
        Shown("item", LineField(verbose_name="收费项目")),
        Shown("span", LineField(verbose_name="没有出过的月份")),
        Shown("months", CountField(verbose_name="月数"), total=False),
    )
    rows = ((one.unit, one.item, one.span, len(one.months)) for one in trial.missing)
    return RowListing(columns, enumerate(rows))


class BillingDialog(PressesOnEnter, QDialog):
    """Month, 试算, 出账."""

    def __init__(self, services: Services, parent: QWidget, month: Month | None = None) -> None:
        super().__init__(parent)
        self._page = parent
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.services, self.deed = services, DEEDS["fees.bill"]
        self.applies = must_apply(self.deed)
        """Whether the run is applied for, since a chain of approvals stands before it."""
        self.trial: Trial | None = None
        self._month: Month | None = None
        """Whose notices are to be printed once it is billed."""
        self._still = Standstill(self, self._follow)
        self.setWindowTitle("出账")
        theme.fit(self, 820, 600)
        self.form = Form(self.deed.inputs)
        self.form.put({"month": month or Month.of(date.today()), "catch_up": False})
        self._lay_out()
        self.form.edited.connect(self._forget)
        self.form.finished.connect(self.try_it)
        head(self, "出账")
        bind(self, self._go_on, *SAVE, words=f"试算，再{self._verb}")
        if not self.applies:  # there is nothing to print before it is approved
            bind(self, lambda: self.bill(prints=True), AND_PRINT, words="出账并打印通知单")
        self._forget()
        self.form.focus_first()

    def _lay_out(self) -> None:
        heading = Plain("出账")
        heading.setProperty("role", "title")
        self.test = QPushButton("试算")
        self.test.setAutoDefault(False)
        self.test.clicked.connect(self.try_it)
        top = QHBoxLayout()
        top.setSpacing(16)
        self.form.setFixedWidth(theme.measures().font * 19)
        top.addWidget(self.form)
        top.addWidget(self.test, alignment=Qt.AlignmentFlag.AlignTop)
        top.addStretch()
        self.told = Words()
        self.bar: QTabBar = theme.named(QTabBar(drawBase=False, expanding=False), "pages")
        self.bar.setAccessibleName("试算结果")
        self.stack = QStackedWidget()
        self.tables = [Table(self.services) for _ in range(3)]
        for words, table in zip(("将出账", "不出账", "以前漏出"), self.tables, strict=True):
            self.bar.addTab(words)
            self.stack.addWidget(table)
        self.bar.currentChanged.connect(self.stack.setCurrentIndex)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addLayout(top)
        layout.addWidget(self.told)
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)
        layout.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        self.cancel = QPushButton("取消")
        self.cancel.setAutoDefault(False)
        self.cancel.clicked.connect(self.reject)
        self.post = QPushButton(self._verb)
        self.post.setAutoDefault(False)
        self.post.setToolTip("Ctrl+Enter")
        theme.mark(self.post, primary=True)
        self.post.clicked.connect(lambda: self.bill())
        self.print = QPushButton("出账并打印通知单")
        self.print.setAutoDefault(False)
        self.print.setToolTip(AND_PRINT)
        self.print.clicked.connect(lambda: self.bill(prints=True))
        self.print.setHidden(self.applies)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch()
        for button in (self.cancel, self.print, self.post):
            foot.addWidget(button)
        return foot

    # -- trying --------------------------------------------------------------------------------

    def try_it(self) -> None:
        """Compute what the run would make; nothing is written."""
        if self._still.busy or not self.form.check():
            return
        values = self.form.values()
        self._begin("正在试算…")

        def work() -> Trial:
            deeds.require(BILL)
            return billing.dry_run(values["month"], bool(values.get("catch_up")))

        self.services.run("试算", self, work, self._tried, self._refused)

    def _tried(self, trial: Trial) -> None:
        self.trial = trial
        self._still.end()
        self._say(told(trial), "info" if trial.lines else "warning")
        sentences = ("没有要出的账单。", "没有跳过任何房屋。", "以前的月份都出过。")
        for table, make, sentence in zip(self.tables, (by_item, skipped, missing), sentences, strict=True):
            table.show_empty(sentence)
            table.show_list(functools.partial(make, trial))
        counts = (len(trial.lines), len(trial.skipped), len(trial.missing))
        for number, (words, count) in enumerate(zip(("将出账", "不出账", "以前漏出"), counts, strict=True)):
            self.bar.setTabText(number, f"{words} {count:,}")
        self._follow()
        (self.post if trial.lines else self.test).setFocus(Qt.FocusReason.OtherFocusReason)

    def _forget(self) -> None:
        """Whatever was computed no longer answers what is asked now."""
        self.trial = None
        self._say("先试算：看清各项目笔数、金额和不出账的原因，再出账。试算不写入。", "plain")
        for table in self.tables:
            table.show_empty("还没有试算。", "", None)
            table.show_list(lambda: RowListing((), ()))
        self._follow()

    # -- posting -------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self.trial is None:
            self.try_it()
        else:
            self.bill()

    def bill(self, *, prints: bool = False) -> None:
        """Post what was shown.

        Args:
            prints: whether the notices of that month are printed then.
        """
        if self._still.busy or self.trial is None or not self.trial.lines:
            return
        values = self.form.values()
        self._begin(f"正在{self._verb}…")
        self._month = values["month"] if prints else None
        if self.applies:
            self.services.run(
                self._verb, self, lambda: apply_for(self.deed, [], values, None), self._applied, self._refused
            )
        else:
            self.services.run("出账", self, lambda: self.deed(**values), self._billed, self._refused)

    @property
    def _verb(self) -> str:
        return "申请出账" if self.applies else "出账"

    def _applied(self, approval: Any) -> None:
        self._still.end()
        self.services.say(f"已申请出账：{approval.number}，批准后自动出账。", ())
        self.accept()

    def _billed(self, batch: Any) -> None:
        self._still.end()
        if batch is None:
            self.services.say("没有要出的账单，没有写入。")
        else:
            self.services.say(
                f"{batch.title}完成：{batch.count:,} 笔，{thousands(batch.amount)} 元，批次 {batch.id}。"
                f"{billing.set_off_told(batch)}",
                (),
            )
        self.accept()
        if batch is not None and self._month is not None:
            period = Period.of_month(self._month)
            papers.print_paper(self.services, self._page, "FE-02", "交费通知单", {"period": period})

    def reject(self) -> None:
        """Stay while at work."""
        if not self._still.busy:
            super().reject()

    def _refused(self, problem: Exception) -> None:
        self._still.end()
        self._say(dialogs.sentence_of(problem), "danger")

    def _begin(self, words: str) -> None:
        self._still.begin()
        self._say(words, "plain")

    def _follow(self) -> None:
        self.form.setEnabled(not self._still.busy)
        ready = self.trial is not None and bool(self.trial.lines) and not self._still.busy
        self.test.setEnabled(not self._still.busy)
        for button in (self.post, self.print):
            button.setEnabled(ready)
        self.post.setText(
            f"{self._verb} {self.trial.units:,} 户共 {thousands(self.trial.amount)} 元"
            if self.trial is not None and ready
            else self._verb
        )

    def _say(self, sentence: str, tone: str) -> None:
        self.told.say(sentence, tone)


def told(trial: Trial) -> str:
    """Return a trial in one sentence that names the consequence."""
    if not trial.lines:
        sentence = f"{trial.month} 没有要出的账单。"
    else:
        count = f"{trial.units:,} 户 {len(trial.lines):,} 笔"
        sentence = f"{trial.month} 将出账 {count}，共 {thousands(trial.amount)} 元。"
    if trial.already:
        sentence += f"已出过的 {trial.already:,} 笔不重复。"
    if trial.missing:
        sentence += f"有 {len(trial.missing):,} 项以前的月份没有出过，要补出请勾选“补出以前月份”再试算。"
    return sentence
