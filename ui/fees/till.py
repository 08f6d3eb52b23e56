"""收银台: the cashier's page: whose house, what is open, how much comes in, and the receipts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from models.deeds import DEEDS
from models.errors import BadInput
from models.fees import settle
from models.fees.account import Account, Moved, beside
from models.fees.cashier import told_of_reference
from models.fields import LinkField
from models.listings import Filters
from models.money import thousands
from models.owners.estate import Unit
from ui import dialogs, theme
from ui.fees.drawer import Drawer
from ui.fees.lines import LinesView
from ui.fees.taken import LastTaken, told_of
from ui.fees.tillform import TillForm
from ui.handing import BeginsAt
from ui.keys import AND_NEW, AND_PRINT, NEXT, PREVIOUS, REFRESH, SAVE, Standstill, bind, head, is_enter
from ui.keys import DEEDS as DEEDS_KEYS
from ui.links import LinkEdit
from ui.scrolling import AsTall
from ui.services import Services
from ui.takebuttons import TakeButtons
from ui.words import Elided, Plain, Words

_KEPT = "till"


class Till(BeginsAt, QWidget):
    """The page 收银台."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.deed = DEEDS["fees.receive"]
        self.account: Account | None = None
        self.last = LastTaken(services)
        self.drawer = Drawer(services)
        self._asked = 0
        self._typed = False
        self._left_over = Decimal(0)
        """What of the amount would become a balance."""
        self._left = _typed_before(services)
        """What was typed for a payment that was not taken when the program ended."""
        self._still = Standstill(self, self._follow)
        self.house = LinkEdit(LinkField(Unit, verbose_name="房号"))
        self.house.setPlaceholderText("房号，如 1-1-1011、1栋1单元1011，或业主姓名")
        self.house.setAccessibleName("房号")
        self.view = LinesView()
        self.form = TillForm()
        self.begins_at = self.house
        self._lay_out()
        self._wire()
        self._show_nothing()

    # -- building ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(self._head())
        left.addWidget(self.view, 1)
        self.foot = Plain()
        self.foot.setContentsMargins(12, 0, 12, 0)
        left.addWidget(self.foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(left, 1)
        row.addWidget(theme.named(QFrame(), "upright"))
        row.addLayout(self._right())
        theme.appearance.changed.connect(self._resize)
        self._resize()

    def _right(self) -> QVBoxLayout:
        """Lay out the form, and below it what takes the money, in sight however large the letters are."""
        self.told = Words()
        self.told.setProperty("note", "plain")
        self.form.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.side = AsTall(self.form, spacing=12)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self.drawer)
        right.addWidget(self.side)
        right.addWidget(self.told)  # in sight: it says what goes back of the cash
        right.addLayout(self._buttons())
        right.addWidget(self.last)
        right.addStretch()
        return right

    def _resize(self) -> None:
        font = theme.measures().font
        self.house.setMinimumWidth(font * 8)
        self.house.setMaximumWidth(font * 17)
        self.side.setMinimumHeight(font * 2)  # two docks above each other fit a small screen
        for part in (self.side, self.told, self.last):
            part.setFixedWidth(font * 16)
        self.form.cells["amount"].input.widget.setFont(theme.font(3, bold=True))

    def _head(self) -> QHBoxLayout:
        self.who = Plain()
        self.who.setProperty("role", "section")
        self.sums = Elided()
        self.sums.setProperty("role", "secondary")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.house, 2)
        row.addWidget(self.who)
        row.addWidget(self.sums, 3)
        return row

    def _buttons(self) -> QHBoxLayout:
        row = TakeButtons("收款并打印", "只收款", lambda prints: self.submit(prints=prints), self.start_over)
        self.take, self.only, self.clear = row.take, row.only, row.clear
        return row

    def _wire(self) -> None:
        self.house.chosen.connect(self.look_up)
        self.house.textEdited.connect(lambda _: self._show_nothing())
        self.house.installEventFilter(self)
        self.view.lines.ticked_changed.connect(self._ticked)
        self.form.cells["amount"].input.edited.connect(self._amount_typed)
        self.form.edited.connect(self._recount)
        self.form.edited.connect(self._keep)
        self.form.finished.connect(lambda: self.take.setFocus(Qt.FocusReason.TabFocusReason))
        self.take.installEventFilter(self)
        units = self.form.cells["units"].input
        units.left.connect(self._others_changed)
        self.services.changed.connect(self._stale)
        self._bind_keys()

    def _bind_keys(self) -> None:
        head(self, "本页：收银台")
        bind(self, lambda: self.submit(prints=True), *SAVE, AND_PRINT, words="收款并打印")
        bind(self, lambda: self.submit(prints=False), *AND_NEW, words="只收款")
        bind(self, self.last.print_receipts, "Ctrl+P", words="打印刚才收的收据")
        bind(self, self.drawer.turn, DEEDS_KEYS[0], words="开班，或结班")
        bind(self, self.start_over, "Esc", words="清空，回到房号")
        bind(self, self.look_up, REFRESH, words="重新读取欠费")
        bind(self, lambda: self._step(-1), PREVIOUS, words="上一户")
        bind(self, lambda: self._step(1), NEXT, words="下一户")

    def eventFilter(self, watched: Any, event: Any) -> bool:
        """Let Enter look the house up, and press the button that has the keyboard."""
        if is_enter(event):
            if watched is self.house:
                self.house.settle()
                self.look_up()
                return True
            if watched is self.take:
                self.submit(prints=True)
                return True
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        """Bring back the payment that was not taken when the program ended."""
        super().showEvent(event)
        self.drawer.read()
        kept: dict[str, Any] = self.services.memory.get(_KEPT, {})
        if self._left and self.account is None:
            self.house.setText(str(kept.get("house")))
            self.look_up("上次这一笔没有收完，已恢复填过的内容。请核对后再收。")

    def _keep(self) -> None:
        """Let what is typed outlive a crash, until it is taken or emptied."""

        def kept() -> Any:
            if self.account is None or not self.form.dirty():
                return None
            return {"house": self.account.unit.code, "values": self.form.kept()}

        self.services.memory.later(_KEPT, self, kept)

    # -- looking up ----------------------------------------------------------------------------

    def narrow(self, filters: Filters) -> None:
        """Show the unit that was chosen elsewhere."""
        if filters.unit is not None:
            self._show_nothing()
            self.house.put(filters.unit)
            self.look_up()

    def look_up(self, words: str = "", *, quiet: bool = False) -> None:
        """Read what the house owes.

        Args:
            words: what to say with it.
            quiet: whether the keyboard stays where it is.
        """
        typed = self.house.key().strip()
        if not typed:
            return
        others = self.form.others()
        on = self.form.day()
        self._asked += 1
        number = self._asked

        def read() -> Account:
            return Account(Unit.find(typed), others, on)

        def found(account: Account) -> None:
            if number == self._asked:
                self._found(account, words, quiet)

        def not_found(problem: Exception) -> None:
            if number == self._asked:
                self._not_found(problem)

        self.services.run("读取欠费", self, read, found, not_found)

    def _step(self, way: int) -> None:
        """Go to the next house, or the one before, unless a payment is being typed."""
        if self.account is None or self._still.busy:
            return
        if self._typed:
            self._say("这一笔还没有收。先收款，或按 Esc 清空，再看别的房屋。", "warning")
            return
        unit = self.account.unit

        def found(beside: Unit | None) -> None:
            if beside is None:
                self._say("前面没有房屋了。" if way < 0 else "后面没有房屋了。", "plain")
            else:
                self.narrow(Filters(unit=beside))

        self.services.run("读取", self, lambda: beside(unit, way), found)

    def start_over(self) -> None:
        """Empty the page for the next person."""
        self.house.put(None)
        self._show_nothing()
        self._left = {}
        self.services.memory.put(_KEPT, None)
        self.house.setFocus(Qt.FocusReason.OtherFocusReason)

    def _found(self, account: Account, words: str, quiet: bool) -> None:
        same = self.account is not None and self.account.unit == account.unit
        ticked = self.view.lines.ticked if same else set()
        self.account = account
        self.house.put(account.unit)
        theme.mark(self.house, wrong=False)
        several = f" 等 {len(account.others) + 1} 套" if account.others else ""
        self.who.setText(f"{account.payee.address_line}{several}")
        balance = f"　预存 {thousands(account.balance)}" if account.balance else ""
        self.sums.setText(f"未收 {thousands(account.owed)}（{len(account.lines)} 笔）{balance}")
        self.view.show_lines(account.lines, ticked)
        self.form.setEnabled(True)
        left, self._left = self._left, {}
        if left:
            self.form.restore(left)
            self._typed = bool(left.get("amount"))
        self._ticked()
        if words:
            self._say(words, "warning")
        if not quiet:
            self.form.cells["amount"].input.setFocus(Qt.FocusReason.TabFocusReason)

    def _not_found(self, problem: Exception) -> None:
        self._show_nothing()
        theme.mark(self.house, wrong=True)
        self._say(dialogs.sentence_of(problem), "danger")
        self.house.setFocus(Qt.FocusReason.OtherFocusReason)
        self.house.selectAll()

    def _show_nothing(self) -> None:
        self.account = None
        self._asked += 1  # what is being read is of no use any more
        self._typed = False
        self.who.clear()
        self.sums.clear()
        self.view.show_lines([])
        self.form.begin()
        self.form.setEnabled(False)
        theme.mark(self.house, wrong=False)
        self.foot.setText("先输入房号，回车查出未收的账单。")
        theme.mark(self.foot, role="secondary")
        self._say("不勾选时从最早的账单收起，多收的转为预存。", "plain")
        self._follow()

    def _stale(self, touched: Any) -> None:
        if {"Shift", "TillEntry"} & set(touched):
            self.drawer.read()
        if self.account is not None and not self._still.busy and "Bill" in touched and self.isVisible():
            self.look_up(quiet=True)

    # -- counting ------------------------------------------------------------------------------

    def _ticked(self) -> None:
        """Offer what the ticked lines want, unless an amount was typed."""
        lines = self.view.lines
        owed = self.account.owed if self.account else Decimal(0)
        words = f"{len(lines.lines)} 笔　未收 {thousands(owed)}"
        if lines.ticked:
            words += f"　已勾选 {len(lines.ticked)} 笔 {thousands(lines.owed())}"
        elif lines.lines:
            words += "　不勾选时从最早的收起"
        self.foot.setText(words if lines.lines else "没有未收的账单；收到的钱转为预存。")
        theme.mark(self.foot, role="")
        if not self._typed:
            self.form.cells["amount"].input.put(lines.owed() or None)
        self._recount()

    def _amount_typed(self) -> None:
        """Remember that the amount is the cashier's own; emptied, it is offered again."""
        self._typed = not self.form.cells["amount"].is_blank()

    def _recount(self) -> None:
        """Show where the money goes."""
        if self.account is None:
            return
        amount = self.form.amount()
        parts, left = settle.spread(amount or Decimal(0), self.view.lines.chosen())
        self.view.lines.spread({part.bill.id: part.amount for part in parts})
        quiet = bool(amount) and not left
        self._left_over = left
        told = told_of(len(parts), self.view.lines.owed(), amount, left, self.form.handed())
        self._say(told, "plain" if quiet else "warning")
        self._follow()

    def _others_changed(self) -> None:
        right = self.form.cells["units"].check()
        if right and self.account is not None and self._others_differ(self.account):
            self.look_up(quiet=True)

    def _others_differ(self, account: Account) -> bool:
        return {unit.code for unit in self.form.others()} != {unit.code for unit in account.others}

    # -- taking --------------------------------------------------------------------------------

    def submit(self, *, prints: bool) -> None:
        """Take the money and print its receipts, after asking where something is strange about it."""
        if self.account is None or self._still.busy or not self.form.check():
            return
        if self._others_differ(self.account):
            self.look_up("一并缴费房号变了，已重新读取，还没有收款。请核对后再收。")
            return
        self._recount()
        account, reference = self.account, self.form.values().get("reference")
        if not reference:
            self._ask("", account, prints)
            return

        def looked_up(known: str) -> None:
            if self.account is account and not self._still.busy:
                self._ask(known, account, prints)

        self.services.run("核对流水号", self, lambda: told_of_reference(reference), looked_up)

    def _ask(self, known: str, account: Account, prints: bool) -> None:
        """Ask about a reference that is known and about a sum that is strangely much; else just take it."""
        doubts = [f"{known}同一笔钱不要收两次。"] if known else []
        if settle.looks_too_much(self.view.lines.owed(), self._left_over):
            doubts.append(f"{account.unit.code} {self.told.text()}\n金额对吗？")
        if doubts:
            sentence = "\n".join(doubts)
            dialogs.ask(self, "收款", sentence, "收款", lambda: self._take(prints), tone="warning")
        else:
            self._take(prints)

    def _take(self, prints: bool) -> None:
        """Take the money by the deed."""
        if self.account is None:
            return
        values = {name: value for name, value in self.form.values().items() if value not in (None, [])}
        lines = self.view.lines
        if lines.ticked:
            values["bills"] = lines.chosen()
        account = self.account
        self._still.begin()

        def work() -> tuple[Decimal, list[str], Decimal]:
            account.check_unmoved()
            payment = self.deed(account.unit, **values)
            numbers = sorted(receipt.number for receipt in payment.receipts)
            return payment.amount, numbers, payment.change_given

        self.services.run(
            "收款", self, work, lambda done: self._taken(account, *done, prints=prints), self._refused
        )

    def _taken(
        self, account: Account, amount: Decimal, numbers: list[str], change: Decimal, *, prints: bool
    ) -> None:
        self._still.end()
        unit = account.unit
        self.last.tell(unit.code, amount, numbers, change)
        self.services.say(f"已收 {unit.code} {thousands(amount)} 元，收据 {'、'.join(numbers)}", ())
        if self.account is not None and self.account.unit == unit:  # else the next house is typed already
            self.start_over()
        if prints:
            self.last.print_receipts()

    def _refused(self, problem: Exception) -> None:
        self._still.end()
        if isinstance(problem, Moved):
            self.look_up(str(problem))
        elif not (isinstance(problem, BadInput) and self.form.complain(problem)):
            self._say(dialogs.sentence_of(problem), "danger")

    def _follow(self) -> None:
        ready = self.account is not None and not self._still.busy
        for button in (self.take, self.only):
            button.setEnabled(ready)

    def _say(self, sentence: str, tone: str) -> None:
        self.told.say(sentence, tone)


def _typed_before(services: Services) -> dict[str, str]:
    """Return what was kept of a payment that was not taken; nothing where garbage was."""
    kept: dict[str, Any] = services.memory.get(_KEPT, {})
    values = kept.get("values")
    if not isinstance(values, dict) or not isinstance(kept.get("house"), str):
        return {}
    return {str(name): told for name, told in values.items() if isinstance(told, str)}
