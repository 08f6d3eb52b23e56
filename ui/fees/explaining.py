"""解释: how the selected charges, debts or balances came about, to be read, copied and printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from models.fees.explain import explain
from models.fees.explain_money import arrears_of, balance_of
from models.fees.explanation import Explanation, figure_of
from models.fees.rights import VIEW
from models.months import Period
from ui import papers, theme
from ui.acts import Act
from ui.helpreader import style
from ui.keys import PressesOnEnter, bind, head
from ui.page import PageView
from ui.services import Services
from ui.words import Plain, Words

PAPER, TITLE = "FE-19", "计费说明"
MOST = 50
"""Rows that are explained at once; of more it is said that they are too many."""
_BESIDE = "padding: 2px 12px 2px 0"


class ExplainDialog(PressesOnEnter, QDialog):
    """Explanations below each other, read away from the window's thread."""

    def __init__(
        self,
        services: Services,
        parent: QWidget,
        read: Callable[[], list[Explanation]],
        asked: dict[str, Any],
    ) -> None:
        """Begin to read.

        Args:
            services: of the window.
            parent: from where it was asked.
            read: what is explained, asked as the person acting.
            asked: by what the paper of the same is printed.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._services, self._asked = services, asked
        self.found: list[Explanation] = []
        self.setWindowTitle("解释")
        self.setProperty("help_topic", "explaining")
        theme.fit(self, 820, 680)
        self._lay_out()
        head(self, "解释")
        bind(self, self.print_paper, "Ctrl+P", words="打印计费说明")
        bind(self, self.copy_all, "Ctrl+Shift+C", words="复制全部")
        self._set_ready()
        services.run("解释", self, read, self._show, self._refused)

    def _lay_out(self) -> None:
        self.told = Words("正在计算…")
        self.view = QTextBrowser()
        self.view.setAccessibleName("解释正文")
        self.view.setTabChangesFocus(True)
        self.view.setOpenLinks(False)
        self.view.document().setDefaultStyleSheet(style())
        self.copy, self.print, self.close_it = (
            _button(words, key, act)
            for words, key, act in (
                ("复制全部", "Ctrl+Shift+C", self.copy_all),
                ("打印", "Ctrl+P", self.print_paper),
                ("关闭", "Esc", self.reject),
            )
        )
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.copy)
        foot.addStretch()
        foot.addWidget(self.print)
        foot.addWidget(self.close_it)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        title = Plain("解释")
        title.setProperty("role", "title")
        layout.addWidget(title)
        layout.addWidget(self.told)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)

    def _show(self, found: list[Explanation]) -> None:
        self.found = found
        wrong = [one.title for one in found if not one.proven]
        if wrong:
            self.told.say(f"重新计算的结果与账面不符：{'、'.join(wrong)}。请告诉会计核对。", "danger")
        else:
            self.told.setText("程序重新计算过，结果与账面一致。")
        self.view.setHtml("".join(map(html_of, found)))
        self._set_ready()
        self.view.setFocus()

    def _refused(self, problem: Exception) -> None:
        self.told.say(str(problem), "warning")

    def _set_ready(self) -> None:
        for button in (self.copy, self.print):
            button.setEnabled(bool(self.found))

    def copy_all(self) -> None:
        """Copy every explanation as text that a table takes column by column."""
        if self.found:
            QApplication.clipboard().setText("\n\n".join(one.text() for one in self.found))
            self._services.say("已复制解释。")

    def print_paper(self) -> None:
        """Print the same on paper."""
        if self.found:
            papers.print_paper(self._services, self, PAPER, TITLE, self._asked)


def _button(words: str, key: str, act: Callable[[], Any]) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.setToolTip(key)
    button.clicked.connect(act)
    return button


def html_of(one: Explanation) -> str:
    """Return an explanation as a table: what, how, how much; nothing in it is markup of others."""
    now = theme.tokens()
    rows = [f"<h2>{escape(one.title)}　{one.amount:,.2f} 元</h2><table width='100%' cellspacing='0'>"]
    for chapter in one.chapters:
        rows.append(
            f"<tr><td colspan='3' style='padding: 8px 0 2px 0; color: {now.accent}'>"
            f"{escape(chapter.title)}</td></tr>"
        )
        for line in chapter.lines:
            rows.append(
                f"<tr><td width='130' style='{_BESIDE}; color: {now.secondary}'>{escape(line.label)}</td>"
                f"<td style='{_BESIDE}'>{escape(line.words)}</td>"
                f"<td width='110' align='right' style='padding: 2px 0'>{escape(figure_of(line))}</td></tr>"
            )
    return "".join([*rows, "</table>"])


def show(
    services: Services, parent: QWidget, read: Callable[[], list[Explanation]], asked: dict[str, Any]
) -> ExplainDialog:
    """Open the dialog."""
    dialog = ExplainDialog(services, parent, read, asked)
    dialog.open()
    return dialog


def explain_line(services: Services, parent: QWidget, line: Any) -> ExplainDialog:
    """Explain a bill line."""
    return explain_lines(services, parent, [line])


def explain_lines(services: Services, parent: QWidget, lines: Sequence[Any]) -> ExplainDialog:
    """Explain bill lines."""
    numbers = "、".join(str(line.id) for line in lines)
    return show(services, parent, lambda: [explain(line) for line in lines], {"number": numbers})


def _of_bills(view: PageView) -> Any:
    return explain_lines(view.services, view, view.records())


def _of_debts(view: PageView) -> Any:
    unit: Any = view.records()[0]
    day = view.row.given().on
    asked = {"unit": unit} if day is None else {"unit": unit, "period": Period.parse(day.isoformat())}
    return show(view.services, view, lambda: [arrears_of(unit, day)], asked)


def _of_balance(view: PageView) -> Any:
    entry: Any = view.records()[0]
    unit, payer = entry.unit, entry.payer
    return show(view.services, view, lambda: [balance_of(unit, payer)], {"unit": unit})


def _not_too_many(view: PageView) -> str:
    return f"一次最多解释 {MOST} 行" if view.table.grid.selected_count() > MOST else ""


EXPLAIN_BILLS = Act("解释", VIEW, _of_bills, many=True, asks=False, fits=_not_too_many)
EXPLAIN_DEBTS = Act("解释", VIEW, _of_debts, asks=False)
EXPLAIN_BALANCE = Act("解释", VIEW, _of_balance, asks=False)
