"""控制台: from a database to a signed-in person at a window, and back out in good order."""

from __future__ import annotations

import platform
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from desktop import look, making, modules, settings
from desktop.instance import Instance, call
from desktop.lock import Lock
from desktop.preparing import Looking, Preparing, try_reading
from desktop.start import Start
from models import audit, deeds, store
from models.errors import OfficeError
from models.office import signin
from models.office.accounts import Account
from models.office.profile import profile
from models.store import GateRefused, Office, Remedy, Why
from models.store.cipher import is_encrypted
from ui import dialogs, theme
from ui.gate import GateDialog, Waiting, ask_password, choose_backup, choose_database
from ui.jobs import Job, Jobs
from ui.memory import Memory
from ui.signin import PasswordDialog, SignInDialog
from ui.watch import watch

if TYPE_CHECKING:
    from desktop.beginning import Beginning
    from ui.services import Services
    from ui.window import MainWindow

_MINUTE, _SOON = 60_000, 50


class Console(QObject):
    """One run of the program: at most one open office, at most one window."""

    def __init__(self, app: QApplication, start: Start, claim: Instance | None = None) -> None:
        super().__init__(app)
        self._app, self._start, self._claim = app, start, claim or Instance(app)
        self._path, self._login = start.path, start.login
        self._claim.called.connect(self._come_forward)
        self._office: Office | None = None
        self._jobs = Jobs(dialogs.tell_problem)
        self.door: SignInDialog | None = None
        self.gate: QDialog | None = None
        self.window: MainWindow | None = None
        self.lock: Lock | None = None
        self.beginning: Beginning | None = None
        self._words = ""
        self._preparing = Preparing()
        self._clock = QTimer(self, interval=_MINUTE)
        self._clock.timeout.connect(self._each_minute)

    # -- opening -------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the office and ask who is there; what hinders it is told with its remedies."""
        if self._path is None:
            self._welcome()
            return
        try:
            self._office = store.open_office(self._path, later=True)
            try_reading(self._office)
        except OfficeError as refusal:
            self._close_office()
            self._refuse(refusal)
            return
        self._path = self._office.path
        if not self._claim.claim(self._path) and call(self._path):
            # Another process has a window on it, in front now: two would undo each other's settings.
            QTimer.singleShot(0, self, self._quit)
            return
        settings.remember_office(self._path)
        self._ask_who([*self._office.warnings, *filter(None, [self._words])])
        self._words = ""

    def _refuse(self, refusal: Exception) -> None:
        """Say why the office cannot be opened, and what can be done."""
        remedies = [Remedy.CHOOSE, Remedy.LEAVE]
        if isinstance(refusal, GateRefused):
            remedies = list(refusal.remedies)
        self._show_gate("数据库没有打开", dialogs.sentence_of(refusal), remedies, "warning")

    def _look_through(self, office: Office) -> None:
        """Read the file through while the person types; nobody is let in before it is found sound."""

        def unsound(refusal: Exception) -> None:
            if self._office is office:
                if self.door is not None:
                    self.door.hide()
                self._close_office()
                self._refuse(refusal)

        looking = Looking(office.look_through)
        self._sound = looking.wait
        self._jobs.start("检查数据库", self, lambda _: looking.look(), lambda _: None, unsound, shown=False)

    # -- the first start -----------------------------------------------------------------------

    def _welcome(self) -> None:
        """Offer how to begin where no office was ever opened."""
        modules.load()
        from desktop.beginning import Beginning

        self.beginning = Beginning(self._jobs, self._founded, making.print_first)
        self.gate = self.beginning.choice(self._choose_database, self._choose_backup)
        self.gate.rejected.connect(self._quit)
        self.beginning.begun.connect(self._leave_gate)
        self.beginning.given_up.connect(self._welcome)
        self.beginning.founded.connect(self._enter_new)
        self.beginning.demo_built.connect(self._show_demo)
        self.gate.show()

    def _founded(self, path: Path, password: str) -> Account:
        """Open the office that was just made, with its administrator at work."""
        self._office = store.open_office(path)
        self._path = self._office.path
        self._claim.claim(self._path)
        settings.remember_office(self._path)
        account = signin.sign_in("admin", password, platform.node())
        deeds.sign_in_as(account)
        return account

    def _show_demo(self, path: Path, words: str) -> None:
        """Let somebody sign in at the demo office that was made."""
        self._leave_gate()
        self._path, self._login, self._words = path, "manager", words
        self.start()

    def _ask_who(self, warnings: list[str]) -> None:
        deeds.sign_in_as(None)
        assert self._office is not None
        self.door = SignInDialog(self._jobs, str(profile().office), self._login, warnings)
        if self._office.unread:
            self._look_through(self._office)
            self.door.before = self._sound
        self.door.admitted.connect(self._enter)
        self.door.rejected.connect(self._quit)
        self.door.show()
        QTimer.singleShot(_SOON, self.door, self._prepare)  # the door is painted first

    def _prepare(self) -> None:
        """Load what the window needs while the person types; last the icons, which only this thread may."""
        self._preparing.begin()
        if self._preparing.over():
            theme.load_fonts(rare=True)
            theme.icon("ph.squares-four")
        else:
            QTimer.singleShot(_SOON, self, self._prepare)

    def _enter(self, account: Account) -> None:
        assert self._office is not None and self._path is not None
        self._preparing.wait()
        from ui.window import Command

        self._login = account.login
        if self.door is not None:
            self.door.hide()
        memory = self._memory_of(account)
        look.dress(memory)
        services = making.make_services(self._path, self._office, memory)
        self.lock = Lock(self._app, self._jobs, account, str(profile().office))
        self.lock.left.connect(self._leave_locked)
        self.lock.closing.connect(memory.flush)
        commands = [
            Command("修改口令…", lambda: self._change_password(account)),
            Command("锁定", self.lock.close, "Ctrl+L"),
            Command("空闲锁定", fill=making.fill_lock_menu),
        ]
        with watch().resting():
            self.window = making.make_window(services, account, self._path, commands)
            self.window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._wire(self.window, services)
            if self.window.remembered:
                self.window.show()
            else:  # open all day, and on a small screen its frame would hide the status bar
                self.window.showMaximized()
        self._tell_backup()
        self._clock.start()
        QTimer.singleShot(5000, self.window, self._each_minute)

    def _enter_new(self, account: Account) -> None:
        """Enter the office that was just made, its first notice on top."""
        from ui import papers

        self._enter(account)
        notice = self.beginning.notice if self.beginning is not None else None
        if notice is not None and self.window is not None:
            papers.show(self.window.services, self.window, notice, "交费通知单", "FE-02")

    def _memory_of(self, account: Account) -> Memory:
        """Return what this person set up for himself at this office."""
        if self._start.safe_mode:
            return Memory()
        memory = Memory(settings.shelf_of(audit.origin(), account.id))
        if self._start.reset_layout:
            from ui.docks import KEPT

            memory.forget(KEPT)
        return memory

    def _come_forward(self) -> None:
        """Show the window to somebody who started the program again."""
        behind = self.lock.door if self.lock is not None else None
        wizard = self.beginning.wizard if self.beginning is not None else None
        shown = behind or self.window or self.door or self.gate or wizard
        if shown is not None:
            shown.setWindowState(shown.windowState() & ~Qt.WindowState.WindowMinimized)
            shown.raise_()
            shown.activateWindow()

    def _wire(self, window: MainWindow, services: Services) -> None:
        window.signed_out.connect(self._change_person)
        window.leaving.connect(self._farewell)
        if not self._start.safe_mode:
            window.appearance_chosen.connect(partial(look.remember, services.memory))
        services.restore_asked.connect(self._restore_here)
        services.jobs.ended.connect(self._job_ended)

    def _change_password(self, account: Account) -> None:
        dialog = PasswordDialog(self._jobs, account, parent=self.window)
        dialog.changed.connect(self._password_changed)
        dialog.open()

    def _password_changed(self) -> None:
        if self.window is not None:
            self.window.services.say("口令已修改。")

    # -- backups -------------------------------------------------------------------------------

    def _each_minute(self) -> None:
        if self.window is None:
            return
        services = self.window.services
        if services.jobs.running():
            return
        keeper: Any = services.keeper

        def work(job: Job) -> Any:
            if not keeper.due(datetime.now()):
                return None
            return keeper.by_itself(Why.DAILY, job.tell, job.cancelled)

        services.jobs.start("定时备份", self.window, work, self._daily_done, self._daily_failed, shown=False)

    def _daily_done(self, made: Any) -> None:
        if made is not None and self.window is not None:
            self.window.services.say(f"已定时备份并验证：{made.path.name}")
            self._tell_backup()

    def _daily_failed(self, problem: Exception) -> None:
        if self.window is not None:
            self.window.services.say(f"定时备份没有完成：{dialogs.sentence_of(problem)}")

    def _job_ended(self, job: Job) -> None:
        if job.shown:  # telling is a job itself, an unshown one
            self._tell_backup()

    def _tell_backup(self) -> None:
        if self.window is None:
            return
        window = self.window
        window.services.run("备份情况", window, window.services.keeper.last, window.status.show_backup)

    # -- leaving -------------------------------------------------------------------------------

    def _leave_locked(self) -> None:
        """Let somebody else sign in at a locked window, unless work of the other goes on."""
        assert self.lock is not None and self.lock.door is not None and self.window is not None
        services = self.window.services
        if services.jobs.running() or services.printing():
            self.lock.door.complain(
                "还有任务没有做完，现在不能换人登录。请稍后再试，或由本人解锁后取消任务。"
            )
        else:
            self._change_person()

    def _change_person(self) -> None:
        self._drop_window()
        self._login = ""
        self._ask_who([])

    def _farewell(self) -> None:
        """Back up before leaving, unless nothing changed or the person skips it."""
        assert self.window is not None
        keeper: Any = self.window.services.keeper
        if not keeper.on_exit():
            self._quit()
            return
        waiting = Waiting("退出", "正在备份，完成后退出。", "跳过备份", self.window)
        job = self._jobs.start(
            "退出前备份",
            waiting,
            lambda job: keeper.by_itself(Why.EXIT, job.progress, job.cancelled),
            lambda _: self._quit(),
            lambda problem: self._exit_backup_failed(problem, waiting),
        )
        waiting.follow(job)
        QTimer.singleShot(300, waiting, waiting.open)

    def _exit_backup_failed(self, problem: Exception, waiting: Waiting) -> None:
        if waiting.was_skipped():
            self._quit()
            return
        waiting.hide()
        sentence = f"退出前的备份没有完成：{dialogs.sentence_of(problem)}"
        dialogs.ask(self.window, "退出", sentence, "不备份，退出", self._quit, tone="warning")

    def _drop_window(self) -> None:
        self._clock.stop()
        if self.lock is not None:
            self.lock.drop()
            self.lock = None
        if self.window is not None:
            self.window.services.close()
            self.window.shut()
            self.window = None

    def _close_office(self) -> None:
        self._drop_window()
        if self._office is not None:
            self._office.close()
            self._office = None

    def _quit(self) -> None:
        self._close_office()
        self._jobs.close()
        self._claim.release()
        self._app.quit()

    # -- remedies ------------------------------------------------------------------------------

    def _show_gate(self, title: str, sentence: str, remedies: list[Remedy], tone: str) -> None:
        acts = {
            Remedy.RESTORE: self._choose_backup,
            Remedy.CHOOSE: self._choose_database,
            Remedy.DIAGNOSE: self._diagnose,
            Remedy.LEAVE: self._quit,
        }
        self.gate = GateDialog(title, sentence, [(one.value, acts[one]) for one in remedies], tone)
        self.gate.rejected.connect(self._quit)
        self.gate.show()

    def _choose_database(self) -> None:
        chosen = choose_database(self.gate, self._near())
        if chosen is not None:
            self._leave_gate()
            self._path = chosen
            self.start()

    def _choose_backup(self) -> None:
        file = choose_backup(self.gate, self._near())
        if file is None:
            return
        to = self._path
        if to is None:
            chosen, _ = QFileDialog.getSaveFileName(
                self.gate, "恢复到哪个文件", str(self._near() / "office.db")
            )
            if not chosen:
                return
            to = Path(chosen)
        self.restore(file, to)

    def _diagnose(self) -> None:
        assert self._path is not None
        suggested = str(self._near() / "diagnosis.zip")
        chosen, _ = QFileDialog.getSaveFileName(self.gate, "另存诊断包", suggested, "诊断包 (*.zip)")
        if not chosen:
            return
        try:
            store.save_diagnosis(self._path, Path(chosen), dialogs.log_path())
            dialogs.tell(
                self.gate, "另存诊断包", f"已存到 {chosen}。里面没有任何人的资料，可以发给维护人员。", "ok"
            )
        except OfficeError as refusal:
            dialogs.tell(self.gate, "另存诊断包", str(refusal), "warning")

    def _leave_gate(self) -> None:
        if self.gate is not None:
            self.gate.rejected.disconnect(self._quit)
            self.gate.close()
            self.gate = None

    def _near(self) -> Path:
        return self._path.parent if self._path is not None else Path.home()

    # -- restoring -----------------------------------------------------------------------------

    def _restore_here(self, file: Path, password: str | None) -> None:
        """Restore from the window: the office is closed first, and opened again after."""
        assert self._path is not None
        to = self._path
        self._close_office()
        self.restore(file, to, password)

    def restore(self, file: Path, to: Path, password: str | None = None) -> None:
        """Put a backup in the place of a database and open it."""
        if password is None and _is_encrypted(file):
            ask_password(
                self.gate, f"备份 {file.name} 有密码。", "恢复", lambda word: self.restore(file, to, word)
            )
            return
        waiting = Waiting("恢复", f"正在从 {file.name} 恢复…", "取消")
        job = self._jobs.start(
            "恢复",
            waiting,
            lambda job: store.restore(
                file, to, password=password, progress=job.tell, cancelled=job.cancelled
            ),
            lambda done: self._restored(done, waiting),
            lambda problem: self._not_restored(problem, to, waiting),
        )
        waiting.follow(job)
        waiting.show()

    def _restored(self, done: Any, waiting: Waiting) -> None:
        waiting.hide()
        self._leave_gate()
        self._path = done.path
        made_at = f"{done.manifest.made_at.astimezone():%Y-%m-%d %H:%M}"
        aside = f"原来的数据库改名留存为 {done.set_aside.name}。" if done.set_aside else ""
        self.start()
        if self.door is not None:
            dialogs.tell(self.door, "恢复", f"已恢复到 {made_at} 的样子。{aside}", "ok")

    def _not_restored(self, problem: Exception, to: Path, waiting: Waiting) -> None:
        waiting.hide()
        if self.gate is None and to.exists():
            self._path = to
            self.start()
        owner = self.door or self.gate
        dialogs.tell(owner, "恢复", f"没有恢复：{dialogs.sentence_of(problem)}", "warning")


def _is_encrypted(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return is_encrypted(opened.read(64))
    except OSError:
        return False
