"""巡览: every page, light and dark, as pictures, and every form as PDF, drawn without a screen."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from desktop import modules, printing
from models import deeds
from models.conditions import Condition, Test
from models.entries import ENTRIES
from models.errors import NotFound, OfficeError, PermissionDenied, RuleBroken
from models.listings import LISTS, Filters
from models.months import Month, Period
from models.office.accounts import Account
from models.office.profile import profile
from models.owners.estate import Unit

SIZES = {"1366x768": (1366, 768), "1920x1080": (1920, 1080)}
SCHEMES = ("light", "dark")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Drawn:
    """What a tour drew."""

    pictures: list[Path]
    papers: list[Path]


def tour(out: Path, path: Path, say: Say = lambda sentence: None, sizes: Iterable[str] = SIZES) -> Drawn:
    """Draw the sign-in, the desk, every page and the main dialogs, then every form.

    The office is open and the person acting is an account, whose rights decide what is seen. Nothing is
    written: what is drawn does not count as printed.

    Args:
        out: folder for the files; made when missing, files of the same names are replaced.
        path: the database, as the window names it.
        say: told what is being drawn.
        sizes: names of the sizes of the window, each in both appearances.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    modules.load_papers()
    pictures = list(_pictures(out, path, say, sizes))
    papers = list(_papers(out / "forms", say))
    return Drawn(pictures, papers)


# -- pictures ----------------------------------------------------------------------------------


def _pictures(out: Path, path: Path, say: Say, sizes: Iterable[str]) -> Iterator[Path]:
    from desktop.app import start_qt
    from ui import theme

    start_qt()
    for scheme in SCHEMES:
        for size in sizes:
            folder = out / f"{scheme}-{size}"
            folder.mkdir(parents=True, exist_ok=True)
            say(f"画 {folder.name}")
            theme.apply(theme.Scheme[scheme.upper()])
            yield from Walk(folder, path, SIZES[size]).draw()


class Walk:
    """One walk through the window at one size and in one appearance."""

    def __init__(self, folder: Path, path: Path, size: tuple[int, int]) -> None:
        from desktop.making import make_services, make_window

        account: Any = deeds.actor()
        assert isinstance(account, Account)
        self.folder, self.size = folder, size
        self.services = make_services(path)
        self.window = make_window(self.services, account, path)
        self.window.resize(*size)

    def draw(self) -> Iterator[Path]:
        """Draw everything and close the window."""
        yield self._sign_in()
        self.window.show()
        self.window.status.show_backup(self.services.keeper.last())
        yield self._shot("desk")
        for panel in self.window.panels.values():
            for page in panel.shown:
                widget = self.window.open(page.listing)
                self._settle()
                self._select_first(widget)
                yield self._shot(f"{panel.name}-{page.listing}")
        yield from self._pieces()
        yield from self._dialogs()
        self.services.close()
        self.window.shut()
        self.window.deleteLater()
        self._sweep()

    def _pieces(self) -> Iterator[Path]:
        """Draw what every page shares: the search, the columns, a question to a column, a card, a split."""
        self.window.search.setText("1-1")
        self.window.search._look()
        yield self._shot("search")
        self.window.search.results.hide()
        self.window.search.clear()
        view: Any = self.window.open("units")
        self._settle()
        if view is not None:
            yield from self._of_list(view)
        self._split()
        self._settle()
        yield self._shot("split")
        self.window.docks.reset()
        yield from self._first_start()
        yield from self._entries()
        yield from self._mapping()
        yield from self._printing()

    def _entries(self) -> Iterator[Path]:
        """Draw a sheet with right, strange and wrong lines, for each that there is."""
        for entry in ENTRIES.values():
            page: Any = self.window.open(entry.name)
            self._settle()
            if page is None:
                continue
            first = page.rows.first_typed()
            for row, words in enumerate(("100", "", "x", "=")[: len(page.rows.lines)]):
                at = page.rows.index(row, first)
                page.rows.setData(at, page.rows.offered(at) if words == "=" else words)
            yield self._shot(f"entry-{entry.name}")
            page.rows.clear()

    def _mapping(self) -> Iterator[Path]:
        """Draw how the columns of a strange table are matched."""
        from models.imports import pasted

        dialog = self._open_dialog("units", "导入")
        if dialog is None:
            return
        dialog._read(
            pasted([["业主一览表"], ["房间号", "户主", "电话"], ["9-9-901", "王桂芳", "13812345678"]])
        )
        self._settle()
        yield self._save(dialog, "dialog-mapping")
        self._drop(dialog)

    def _printing(self) -> Iterator[Path]:
        """Draw a paper before it goes out, and the queue."""
        from ui.preview import Paper, Preview
        from ui.queueview import show_queue

        paper = _paper(self.folder / "preview.pdf", "FE-02", list(_wishes()))
        shown = Preview(self.services, Paper(paper, "交费通知单", "FE-02", remarks=("另有 3 户不欠费。",)))
        queue = show_queue(self.services, self.window)
        for name, dialog in (("dialog-preview", shown), ("dialog-queue", queue)):
            dialog.show()
            self._settle()
            self._wait(500)  # pages are drawn in a thread of Qt's own
            yield self._save(dialog, name)
            dialog.close()
        self._settle()
        paper.unlink()

    def _wait(self, milliseconds: int) -> None:
        from PySide6.QtCore import QEventLoop, QTimer

        pause = QEventLoop()
        QTimer.singleShot(milliseconds, pause.quit)
        pause.exec()

    def _sweep(self) -> None:
        """Let go of what was drawn before its database is closed."""
        from PySide6.QtCore import QCoreApplication, QEvent

        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _split(self) -> None:
        from PySide6.QtCore import Qt

        self.window.docks.split(Qt.Orientation.Horizontal)

    def _of_list(self, view: Any) -> Iterator[Path]:
        self._select_first(view)
        view.show_card(True)
        view.card.reload()
        yield self._shot("card")
        for at in range(1, view.card.bar.count()):
            view.card.bar.setCurrentIndex(at)
            yield self._shot(f"card-{at}")
        view.show_card(False)
        chooser = view.table.choose_columns(view.tools.columns)
        if chooser is not None:
            self._settle()
            yield self._save(chooser, "dialog-columns")
            chooser.close()
        asking = view.narrowing.ask_column("area", view)
        self._settle()
        yield self._save(asking, "dialog-ask-column")
        asking.reject()
        view.narrowing.ask(Condition("area", Test.LEAST, "100"))
        yield self._shot("chips")
        view.narrowing.clear_all()

    def _first_start(self) -> Iterator[Path]:
        from desktop import firststart
        from ui.wizard import Choice, Wizard

        ways = firststart.ways(*[lambda: None] * 4)
        steps = firststart.steps(lambda path, word: None, lambda month, unit: self.folder)
        choice = Choice("欢迎使用物业管理", "这台电脑还没有打开过管理处。请选一种方式开始：", ways)
        wizard = Wizard(self.services.jobs, "新建管理处", steps)
        for name, dialog in (("dialog-welcome", choice), ("dialog-wizard", wizard)):
            dialog.show()
            self._settle()
            yield self._save(dialog, name)
        for number in range(1, len(steps)):
            wizard.pass_over()
            self._settle()
            yield self._save(wizard, f"dialog-wizard-{number}")
        for dialog in (choice, wizard):
            dialog.hide()
            dialog.deleteLater()

    def _sign_in(self) -> Path:
        from ui.signin import SignInDialog

        door = SignInDialog(self.services.jobs, str(profile().office), "admin")
        door.complain("登录名或口令不对。请核对后再输入；连续 5 次不对，要等一会儿才能再试。")
        door.show()
        self._settle()
        place = self._save(door, "sign-in")
        door.hide()
        door.deleteLater()
        return place

    def _dialogs(self) -> Iterator[Path]:
        """Draw a unit at the till and its statement, a trial run, forms, an explanation and a question."""
        yield from self._till()
        for listing, title in _DIALOGS:
            dialog = self._open_dialog(listing, title)
            if dialog is not None:
                yield self._save(dialog, f"dialog-{listing}-{title}")
                self._drop(dialog)

    def _open_dialog(self, listing: str, title: str) -> Any:
        view: Any = self.window.open(listing)
        self._settle()
        self._select_first(view)
        acts = [act for act in (*view.deeds, *view.row_deeds) if act.title == title] if view else []
        if not acts or (acts[0] in view.row_deeds and acts[0].hindrance(view)):
            return None
        dialog = acts[0].run(view)
        self._settle()
        if (listing, title) == ("bills", "出账"):
            self._try_next_month(dialog)
        return dialog

    def _try_next_month(self, dialog: Any) -> None:
        """Try a month that nobody billed yet."""
        dialog.form.put({"month": Month.of(date.today()).plus(1)})
        dialog.try_it()
        self._settle()

    def _till(self) -> Iterator[Path]:
        owing = self.window.open("arrears")
        till = self.window.open("till")
        self._settle()
        if till is None or owing is None:
            return
        rows = getattr(owing, "table").grid.rows.rows  # noqa: B009 - a page of any kind
        if rows:
            getattr(till, "house").setText(str(rows[0].values[0]))  # noqa: B009
            getattr(till, "look_up")()  # noqa: B009
            yield self._shot("fees-till-open")
            whose = Filters(unit=Unit.find(rows[0].values[0]), period=Period.parse(f"{date.today():%Y}"))
            self.window.open("statement", whose)
            yield self._shot("fees-statement-open")

    def _select_first(self, widget: Any) -> None:
        grid = getattr(getattr(widget, "table", None), "grid", None)
        if grid is not None and grid.rows.rowCount():
            grid.selectRow(0)
            self._wait(60)  # its card is read a moment later

    def _shot(self, name: str) -> Path:
        self._settle()
        return self._save(self.window, name)

    def _save(self, widget: Any, name: str) -> Path:
        place = self.folder / f"{name}.png"
        if not widget.grab().save(str(place)):
            raise RuleBroken(f"写不了图片 {place}。请确认文件夹可以写入。")
        return place

    def _drop(self, dialog: Any) -> None:
        if hasattr(dialog, "form"):
            dialog.form.settle()
        dialog.reject()
        self._settle()

    def _settle(self) -> None:
        from PySide6.QtCore import QCoreApplication

        for _ in range(4):
            self.services.jobs.settle()
            QCoreApplication.processEvents()


_DIALOGS = (
    ("units", "新增房屋"),
    ("units", "登记产权"),
    ("units", "过户"),
    ("units", "导入"),
    ("people", "修改人员"),
    ("bills", "出账"),
    ("bills", "解释"),
    ("closings", "日结"),
    ("items", "定价"),
    ("receipts", "作废收据"),
    ("accounts", "开账号"),
    ("units", "停用房屋"),
)
"""Pages and the buttons whose forms are drawn."""


# -- papers ------------------------------------------------------------------------------------


def _papers(folder: Path, say: Say) -> Iterator[Path]:
    """Draw every form, filled in where the office holds something for it, else blank."""
    folder.mkdir(parents=True, exist_ok=True)
    wishes = list(_wishes())
    for form in printing.forms():
        say(f"印 {form['code']} {form['title']}")
        try:
            yield _paper(folder / f"{form['code']}.pdf", form["code"], wishes)
        except PermissionDenied:
            say(f"{form['code']} 没有权限打印，略过。")


def _paper(out: Path, code: str, wishes: list[dict[str, Any]]) -> Path:
    from reports.papers import PAPERS

    takes = PAPERS[code].takes if code in PAPERS else ()
    for wish in wishes:
        if set(wish) <= set(takes):
            try:
                return printing.print_form(code, out=out, counts=False, **wish).path
            except OfficeError:  # nothing of that kind: the next wish, at last a blank one
                continue
    return printing.print_form(code, out=out, blank=True).path


def _wishes() -> Iterator[dict[str, Any]]:
    """Yield what forms may be asked for by, the narrowest first."""
    receipt, month = _newest("receipts"), _newest("bills")
    if receipt is not None:
        yield {"number": receipt["number"]}
    if month is not None:
        yield {"period": Period.parse(month["run"] or month["month"])}
    if receipt is not None:
        yield {"period": Period.parse(receipt["on"])}
    yield {"period": Period.parse(f"{date.today():%Y-%m}")}
    if month is not None:
        year = str(month["run"] or month["month"])[:4]
        yield {"unit": Unit.find(month["unit"]), "period": Period.parse(year)}
    yield {}


def _newest(name: str) -> dict[str, Any] | None:
    try:
        made = LISTS[name]()
    except (OfficeError, NotFound):
        return None
    rows = made.window(size=1)
    return made.plain(rows[0]) if rows else None
