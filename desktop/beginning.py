"""开始: what a person sees where no office was ever opened at this computer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop import firststart
from models.months import Month
from models.office.accounts import Account
from ui import dialogs
from ui.gate import Waiting
from ui.jobs import Job, Jobs
from ui.wizard import Choice, Wizard

_WORDS = "这台电脑还没有打开过管理处。请选一种方式开始："
_DEMO_UNITS, _DEMO_MONTHS = 300, 14
_DEMO_SEED = 1


class Beginning(QObject):
    """The choice, the wizard of a new office, and the making of a demo."""

    begun = Signal()
    """The choice was made; its dialog is no longer needed."""
    given_up = Signal()
    founded = Signal(object)
    """An office was made; carries the account of its administrator."""
    demo_built = Signal(object, str)
    """A demo office was made: its path, and who may sign in there."""

    def __init__(
        self,
        jobs: Jobs,
        opened: Callable[[Path, str], Account],
        print_first: Callable[[Month, Any], Path],
    ) -> None:
        """Make it.

        Args:
            jobs: where the slow parts run.
            opened: opens a database that was just made and signs its administrator in.
            print_first: prints the first payment notice.
        """
        super().__init__()
        self._jobs, self._opened, self._print_first = jobs, opened, print_first
        self._account: Account | None = None
        self.notice: Path | None = None
        """The first notice that was printed, if one was."""
        self.wizard: Wizard | None = None
        self._choice: Choice | None = None

    def choice(self, choose: Callable[[], Any], restore: Callable[[], Any]) -> Choice:
        """Return the dialog that offers how to begin.

        Args:
            choose: lets the person choose a database.
            restore: lets the person choose a backup.
        """
        ways = firststart.ways(self.found, choose, restore, self.build_demo)
        self._choice = Choice("欢迎使用物业管理", _WORDS, ways)
        return self._choice

    def found(self) -> None:
        """Lead from nothing to the first printed bill."""
        self.begun.emit()
        steps = firststart.steps(self._open, self._print)
        self.wizard = Wizard(self._jobs, "新建管理处", steps)
        self.wizard.completed.connect(self._over)
        self.wizard.left.connect(lambda _: self._over())
        self.wizard.show()

    def _open(self, path: Path, password: str) -> None:
        self._account = self._opened(path, password)

    def _print(self, month: Month, unit: Any) -> Path:
        self.notice = self._print_first(month, unit)
        return self.notice

    def _over(self) -> None:
        if self._account is not None:
            self.founded.emit(self._account)
        else:
            self.given_up.emit()

    def build_demo(self) -> None:
        """Make a demo office in the usual folder."""
        from desktop.demo import build_demo
        from desktop.demo.staff import PASSWORD

        folder = firststart.usual_folder()
        path = firststart.free(folder, "演示小区")
        waiting = Waiting("看演示", "正在建立虚构的小区和账目，约需半分钟。", "取消", self._choice)

        def work(job: Job) -> Any:
            folder.mkdir(parents=True, exist_ok=True)
            return build_demo(path, _DEMO_UNITS, _DEMO_MONTHS, _DEMO_SEED, job.progress)

        def done(users: Any) -> None:
            waiting.hide()
            named = "、".join(f"{one.login}（{one.role}）" for one in users)
            self.demo_built.emit(path, f"演示账号：{named}。口令都是 {PASSWORD}。")

        def failed(problem: Exception) -> None:
            waiting.hide()
            dialogs.tell_problem(self._choice, problem)

        waiting.follow(self._jobs.start("建立演示数据", waiting, work, done, failed))
        waiting.open()
