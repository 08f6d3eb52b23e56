"""登录: the door of the window, and the change of one's own password."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from models import deeds
from models.errors import Cancelled
from models.office import signin
from models.office.accounts import Account
from ui import dialogs, theme
from ui.jobs import Jobs
from ui.keys import is_enter
from ui.words import Plain, Words


class DoorDialog(QDialog):
    """What the two dialogs at the door share: fields, a sentence beside them, one verb."""

    def __init__(self, jobs: Jobs, title: str, verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self._busy = False
        self.setProperty("help_topic", "signin")
        self.setWindowTitle(title)
        self.fields = QGridLayout()
        self.fields.setHorizontalSpacing(12)
        self.fields.setVerticalSpacing(8)
        self.fields.setColumnStretch(1, 1)
        self.problem = Words()
        self.problem.setProperty("note", "danger")
        self.problem.setMinimumWidth(340)
        self.problem.hide()
        self.go = QPushButton(verb)
        self.go.setAutoDefault(False)
        theme.mark(self.go, primary=True)
        self.go.clicked.connect(self.submit)
        self.leave = QPushButton("取消")
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self.reject)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(8)
        self.foot.addStretch()
        self.foot.addWidget(self.leave)
        self.foot.addWidget(self.go)
        self.lines: list[QLineEdit] = []

    def line(self, label: str, *, secret: bool = False, hint: str = "") -> QLineEdit:
        """Add a field."""
        made = QLineEdit(placeholderText=hint)
        made.setMinimumWidth(240)
        if secret:
            made.setEchoMode(QLineEdit.EchoMode.Password)
        made.setAccessibleName(label)
        made.textEdited.connect(lambda _: self.problem.hide())
        made.installEventFilter(self)
        words = Plain(label)
        words.setProperty("role", "label")
        words.setBuddy(made)
        row = len(self.lines)
        self.fields.addWidget(words, row, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.fields.addWidget(made, row, 1)
        self.lines.append(made)
        return made

    def submit(self) -> None:
        """Try it."""
        raise NotImplementedError

    def try_it(self, title: str, work: Any, done: Any) -> None:
        """Do the slow part away from the window; the fields wait."""
        if self._busy:
            return
        self._set_busy(True)
        self.jobs.start(title, self, lambda _: work(), done, self._refused, shown=False)

    def complain(self, sentence: str, line: QLineEdit | None = None) -> None:
        """Show a sentence beside the fields."""
        self.problem.setText(sentence)
        self.problem.show()
        self.adjustSize()
        (line or self.lines[-1]).setFocus()
        (line or self.lines[-1]).selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter walk to the next empty field, or try when all are filled."""
        if isinstance(watched, QLineEdit) and is_enter(event):
            later = self.lines[self.lines.index(watched) + 1 :]
            empty = next((line for line in later if not line.text()), None)
            empty.setFocus() if empty else self.submit()
            return True
        return super().eventFilter(watched, event)

    def _refused(self, problem: Exception) -> None:
        self._set_busy(False)
        self.complain(dialogs.sentence_of(problem))

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        for widget in (*self.lines, self.go):
            widget.setEnabled(not busy)


class SignInDialog(DoorDialog):
    """Login and password; emits the account that was let in."""

    admitted = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        office: str,
        login: str = "",
        warnings: Sequence[str] = (),
        parent: QWidget | None = None,
        *,
        keep: bool = False,
    ) -> None:
        """Make it.

        Args:
            jobs: where the password is checked.
            office: name of the office.
            login: what the sign-in begins with.
            warnings: sentences on the database.
            parent: as Qt means it.
            keep: the window is locked: only this login comes in, others by 换人登录.
        """
        super().__init__(
            jobs, f"{'已锁定' if keep else '登录'} · {office}", "解锁" if keep else "登录", parent
        )
        self.keep, self._left = keep, False
        self.before: Callable[[], None] = lambda: None
        """Waited for, away from the window, before anybody is let in; what it raises is said."""
        self.login = self.line("登录名")
        self.password = self.line("口令", secret=True)
        self.login.setText(login)
        self.login.setReadOnly(keep)
        self.leave.setText("换人登录" if keep else "退出")
        if keep:
            self.leave.clicked.disconnect()
        self._lay_out(office, warnings)
        (self.password if login else self.login).setFocus()

    def _lay_out(self, office: str, warnings: Sequence[str]) -> None:
        sign = Plain()
        size = QSize(theme.measures().font * 2, theme.measures().font * 2)
        sign.setPixmap(theme.app_icon().pixmap(size))
        name = Words(office)
        name.setProperty("role", "title")
        caption = Plain("已锁定，请输入口令继续" if self.keep else "物业管理桌面程序")
        caption.setProperty("role", "secondary")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(name)
        words.addWidget(caption)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(sign)
        head.addLayout(words, 1)
        card: QFrame = theme.named(QFrame(), "card")
        body = QVBoxLayout(card)
        body.setContentsMargins(24, 24, 24, 16)
        body.setSpacing(16)
        body.addLayout(head)
        for sentence in warnings:
            told = Words(sentence)
            told.setProperty("note", "warning")
            body.addWidget(told)
        body.addLayout(self.fields)
        body.addWidget(self.problem)
        body.addLayout(self.foot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.addWidget(card)
        self.setFixedWidth(460)

    def reject(self) -> None:
        """Leave by Esc, unless the window is locked."""
        if not self.keep:
            self._left = True
            super().reject()

    def submit(self) -> None:
        """Try to sign in."""
        login, password = self.login.text().strip(), self.password.text()
        if not login:
            self.complain("请输入登录名。", self.login)
        elif not password:
            self.complain("请输入口令。", self.password)
        else:

            def enter() -> Account:
                self.before()
                if self._left:  # nobody stands at the door any more
                    raise Cancelled("没有登录。")
                return signin.sign_in(login, password, platform.node())

            self.try_it("登录", enter, self._let_in)

    def _let_in(self, account: Account) -> None:
        self._set_busy(False)
        deeds.sign_in_as(account)
        if not account.must_change:
            self.admitted.emit(account)
            return
        change = PasswordDialog(self.jobs, account, forced=True, old=self.password.text(), parent=self)
        change.changed.connect(lambda: self.admitted.emit(account))
        change.rejected.connect(self._start_over)
        change.open()

    def _start_over(self) -> None:
        deeds.sign_in_as(None)
        self.password.clear()
        self.complain("要先改口令才能进入。请重新登录。", self.password)


class PasswordDialog(DoorDialog):
    """Change one's own password; forced at the first sign-in and after a reset."""

    changed = Signal()

    def __init__(
        self,
        jobs: Jobs,
        account: Account,
        *,
        forced: bool = False,
        old: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(jobs, "修改口令", "修改口令", parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.account = account
        self.old = self.line("原口令", secret=True)
        self.old.setText(old)
        self.new = self.line("新口令", secret=True, hint="至少 8 个字")
        self.again = self.line("再输入一次", secret=True)
        heading = Plain("修改口令")
        heading.setProperty("role", "title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(heading)
        if forced:
            told = Words("首次登录或口令被重置后，要先改成自己的口令。")
            told.setProperty("note", "info")
            layout.addWidget(told)
        layout.addLayout(self.fields)
        layout.addWidget(self.problem)
        layout.addLayout(self.foot)
        self.setFixedWidth(440)
        (self.new if old else self.old).setFocus()

    def submit(self) -> None:
        """Try to change it."""
        if self.new.text() != self.again.text():
            self.complain("两次输入的新口令不一样。请重新输入。", self.again)
            return
        old, new = self.old.text(), self.new.text()
        self.try_it(
            "修改口令",
            lambda: signin.change_password(self.account, old, new, platform.node()),
            lambda _: self._done(),
        )

    def _done(self) -> None:
        self._set_busy(False)
        self.changed.emit()
        self.accept()
