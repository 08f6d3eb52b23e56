"""所到之处: every page and dialog of the window, found by itself, so that those of a later module are too."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop import firststart, printing
from models.deeds import DEEDS, Deed
from models.office.accounts import Account
from models.owners.estate import Unit
from tests.estate import some
from tests.ui.conftest import pause
from ui import dialogs, gate
from ui.calendar import Calendar
from ui.chosen import asked_of
from ui.deeddialog import DeedDialog
from ui.entrygrid import EntryGrid
from ui.page import PageView
from ui.preview import Paper, Preview
from ui.queueview import show_queue
from ui.signin import PasswordDialog, SignInDialog
from ui.wizard import Choice, Wizard

Settle = Callable[[], None]


def asking() -> list[Deed]:
    """Return every deed whose form asks for something."""
    return [deed for deed in DEEDS.values() if asked_of(deed, [])]


def form_of(services: Any, deed: Deed, parent: QWidget | None = None) -> DeedDialog:
    """Return the form of a deed, on a record where one is needed."""
    records = [some(deed.record)] if deed.on_record and deed.record is not None else []
    return DeedDialog(services, deed, records, parent=parent)


def come_up(shown: QWidget, settle: Settle) -> None:
    """Bring a dialog to the front."""
    shown.show()
    settle()
    shown.activateWindow()
    QTest.qWaitForWindowActive(shown)


def put_away(shown: QWidget, settle: Settle) -> None:
    """Close a dialog, whatever was typed in it."""
    for form in [shown.form] if hasattr(shown, "form") else []:
        form.settle()
    shown.hide()
    shown.deleteLater()
    settle()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def pages(window: Any, settle: Settle) -> Iterator[tuple[str, QWidget]]:
    """Yield the desk and every page of every module, each in front, with rows and a card where there are."""
    window.docks.raise_dock("desk")
    pause(250)  # it gathers announcements before it reads anew
    settle()
    yield "desk", window.desk
    for panel in window.panels.values():
        for page in panel.shown:
            made = window.open(page.listing)
            settle()
            _fill(page.listing, made, settle)
            yield f"{panel.name}.{page.listing}", made


def _fill(listing: str, page: Any, settle: Settle) -> None:
    """Let a page show what it can: a card, a house at the till, a cell that is typed into."""
    if isinstance(page, PageView):
        page.show_card(True)
        if page.table.grid.rows.rows:
            page.table.grid.selectRow(0)
        settle()
        if page.card is not None:
            page.card.reload()
    elif listing == "till":
        page.house.setText(some(Unit).key())
        page.look_up()
    settle()
    begin_cells(page)


def begin_cells(page: QWidget) -> None:
    """Let the cells of a page be typed into, if it has any."""
    for grid in page.findChildren(EntryGrid):
        if grid.isVisible() and grid.rows.rowCount():
            grid.setFocus()
            grid.resume()


def raised_by(page: QWidget, settle: Settle) -> Iterator[tuple[str, QWidget]]:
    """Yield every dialog that a button of a page opens, the first row being selected."""
    if not isinstance(page, PageView):
        return
    for act in (*page.deeds, *page.row_deeds):
        if act in page.row_deeds and act.hindrance(page):
            continue
        before = set(_open())
        act.run(page)
        settle()
        for dialog in [one for one in _open() if one not in before]:
            yield act.title, dialog
            put_away(dialog, settle)


def _open() -> list[QWidget]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]


def others(window: Any, settle: Settle, folder: Path) -> Iterator[tuple[str, QWidget]]:
    """Yield the dialogs that no page's button opens: the door, the wizards, previews, questions."""
    services, account = window.services, Account.find("admin")
    paper = folder / "paper.pdf"
    printing.print_form("FE-02", out=paper, blank=True)
    steps = firststart.steps(lambda path, word: None, lambda month, unit: folder)
    units = window.open("units")
    settle()
    makers: dict[str, Callable[[], QWidget]] = {
        "sign in": lambda: SignInDialog(services.jobs, "测试小区", "admin"),
        "locked": lambda: SignInDialog(services.jobs, "测试小区", "admin", keep=True),
        "password": lambda: PasswordDialog(services.jobs, account, forced=True),
        "welcome": lambda: Choice("欢迎", "请选一种方式开始：", firststart.ways(*[lambda: None] * 4)),
        "gate": lambda: gate.GateDialog("打不开", "数据库打不开。请换一个。", [("换一个", lambda: None)]),
        "waiting": lambda: gate.Waiting("备份", "正在备份…", "跳过"),
        "backup password": lambda: gate.ask_password(window, "请输入备份密码。", "打开", lambda _: None),
        "question": lambda: dialogs.Question(window, "撤销", "撤销这一批？", "撤销", tone="danger"),
        "keys": window.show_keys,
        "help": lambda: window.show_help("bills"),
        "preview": lambda: Preview(services, Paper(paper, "交费通知单", "FE-02"), window),
        "queue": lambda: show_queue(services, window),
        "ask column": lambda: units.narrowing.ask_column("area", units),
        "name filter": lambda: units.narrowing.ask_name(units),
        "columns": lambda: units.table.choose_columns(units.tools.columns),
        "calendar": lambda: Calendar(window, date.today()),
    }
    for number in range(len(steps)):
        makers[f"wizard {number}"] = lambda number=number: _wizard(services, steps, number)
    for name, make in makers.items():
        made = make()
        come_up(made, settle)
        yield name, made
        put_away(made, settle)


def _wizard(services: Any, steps: Any, number: int) -> Wizard:
    made = Wizard(services.jobs, "新建管理处", steps)
    for _ in range(number):
        made.pass_over()
    return made
