"""打印与导出: the forms that a page prints, and its list as a workbook."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from models import exports
from models.deeds import DEEDS
from models.errors import BadInput, NeedsApproval
from models.fields import FlagField, LineField, LinkField
from models.inputs import Input
from models.listings import AnyListing
from models.months import Month, Period
from models.owners.estate import Building, Unit
from models.owners.people import Person
from ui import deeddialog, dialogs, theme
from ui.asking import AskDialog
from ui.keys import bind
from ui.permits import may
from ui.services import Services

if TYPE_CHECKING:
    from ui.page import PageView

EXPORT = "lists.export"


class PeriodField(LineField):
    """A month, day, quarter, half or year, as papers are asked for."""

    def parse(self, typed: str) -> Any:
        """Read 2026-11 and its like."""
        return Period.parse(typed)

    def check(self, value: Any) -> Any:
        """Take it as it is."""
        return value

    def show(self, value: Any) -> str:
        """Return its name."""
        return "" if value is None else str(value.name)


def buttons(view: PageView) -> list[QPushButton]:
    """Return the buttons for printing and exporting that a page has."""
    made = []
    if view.page.papers:
        menu = QMenu(view)
        menu.aboutToShow.connect(lambda: offer(view, menu))
        button = QPushButton("打印")
        button.setMenu(menu)
        theme.mark(button, menu=True)
        theme.dress(button, "ph.printer")
        button.setToolTip("Ctrl+P")
        bind(view, button.showMenu, "Ctrl+P", words="打印")
        made.append(button)
    if may(EXPORT):
        button = QPushButton("导出")
        theme.dress(button, "ph.export")
        button.setToolTip("把当前筛选的全部行存为 Excel 工作簿 (Ctrl+E)")
        button.clicked.connect(lambda: ask_export(view))
        bind(view, lambda: ask_export(view), "Ctrl+E", words="导出名单")
        made.append(button)
    return made


def offer(view: PageView, menu: QMenu) -> None:
    """Fill the menu with the forms of a page; the library that draws them is loaded the first time."""
    if menu.actions():
        return
    menu.addAction("正在载入表单…").setEnabled(False)

    def loaded(_: Any) -> None:
        from reports.paper import FORMS

        menu.clear()
        for code in view.page.papers:
            action = menu.addAction(f"{FORMS[code].title}　{code}…")
            action.triggered.connect(lambda _=False, code=code: ask_paper(view, code))

    view.services.run("载入表单", view, view.services.outlets.load_papers, loaded)


def ask_paper(
    view: PageView, code: str, given: dict[str, Any] | None = None, problem: BadInput | None = None
) -> AskDialog:
    """Ask for which month, unit or number a form is printed.

    Args:
        view: the page, whose filters and selected row answer what they can.
        code: of the form.
        given: what was answered before, when that was refused.
        problem: why it was.
    """
    from reports.paper import FORMS
    from reports.papers import PAPERS

    maker = PAPERS.get(code)
    takes = maker.takes if maker else ()
    inputs = [asked for asked in _inputs() if asked.name in takes]
    blank = Input("blank", FlagField(default=False, verbose_name="空白表"), required=False, default=False)
    title = f"打印{FORMS[code].title}"
    dialog = AskDialog(title, [*inputs, blank], "打印", view)
    dialog.form.put(_known(view, takes) if given is None else given)

    def print_it(values: dict[str, Any]) -> None:
        print_paper(view.services, view, code, FORMS[code].title, values, failed=partial(refused, values))

    def refused(values: dict[str, Any], problem: Exception) -> None:
        if isinstance(problem, BadInput):
            ask_paper(view, code, values, problem)
        else:
            tell(view, problem)

    dialog.answered.connect(print_it)
    dialog.open()
    if problem is not None:
        dialog.refuse(problem)
    return dialog


def print_paper(
    services: Services,
    owner: QWidget,
    code: str,
    title: str,
    values: dict[str, Any],
    failed: Callable[[Exception], None] | None = None,
) -> None:
    """Print a form into the folder of prints and show it."""
    named = [values.get("period"), values.get("unit"), values.get("building")]
    named += [values.get("person"), values.get("number")]
    words = shortened(" ".join(_words(one) for one in named if one))
    name = " ".join(filter(None, [code, title, words, "空白" if values.get("blank") else ""]))
    path = services.outlets.folder() / f"{name.replace('/', '-')}.pdf"

    def work(job: Any) -> Any:
        done = services.outlets.print_form(
            code, out=path, progress=job.progress, cancelled=job.cancelled, counts=False, **values
        )
        return done, _put_aside(done.path) if done.count is not None else done.path

    def done(result: Any) -> None:
        printed, place = result
        where = f"：{place}" if printed.count is None else ""
        services.say(f"已生成 {printed.sheets} 张（{printed.pages} 页）{where}")
        count = printed.counting if printed.count is not None else None
        show(services, owner, place, title, code, count, tuple(printed.remarks))

    services.jobs.start(f"打印{title}", owner, work, done, failed)


def show(
    services: Services,
    owner: QWidget,
    path: Path,
    title: str,
    code: str,
    counting: Callable[[], Callable[[int, int], Any]] | None = None,
    remarks: tuple[str, ...] = (),
) -> QWidget:
    """Show a printed paper, from where it goes to a printer; or send it there, as the person chose.

    Args:
        services: of the window.
        owner: who asked.
        path: the PDF.
        title: what people call it.
        code: of its form.
        counting: makes what counts the pages of one print that went out; None where nothing is counted.
        remarks: what the person should know of it.
    """
    from ui.preview import Paper, Preview, direct_printer, send
    from ui.queueview import show_queue

    paper = Paper(path, title, code, counting, remarks)
    printer = direct_printer(services.memory, code)
    if printer is not None and not remarks:  # what is to be known is seen before it goes out
        send(services, paper, printer)
        return show_queue(services, owner)
    shown = Preview(services, paper, owner.window())
    shown.show()
    return shown


def _put_aside(path: Path) -> Path:
    """Move a paper whose prints are counted to where nobody prints it uncounted, until the program ends."""
    place = Path(tempfile.mkdtemp(dir=_aside.name)) / path.name
    shutil.move(path, place)
    return place


_aside = tempfile.TemporaryDirectory(prefix="property-console-", ignore_cleanup_errors=True)


def ask_export(view: PageView, only: Sequence[Any] = ()) -> None:
    """Ask where to, and write all rows of the list as it is narrowed now, or those with these ids only."""
    suggested = str(view.services.outlets.folder() / f"{view.listed.title} {date.today()}.xlsx")
    kinds = "Excel 工作簿 (*.xlsx);;CSV 国标码 (*.csv)"
    chosen, kind = QFileDialog.getSaveFileName(view, "导出", suggested, kinds)
    if chosen:
        export(view, _as_named(Path(chosen), kind), only)


def _as_named(path: Path, kind: str) -> Path:
    """Return a path with the ending that was typed, or else that of the kind that was chosen."""
    if path.suffix.lower() in (".csv", ".xlsx"):
        return path
    return path.with_name(path.name + (".csv" if "csv" in kind else ".xlsx"))


def export(view: PageView, path: Path, only: Sequence[Any] = ()) -> None:
    """Write all rows of the list as it is narrowed now, or those with these ids only, as the name ends."""
    services, listed, make = view.services, view.listed, view.made
    order, columns = view.table.order(), view.table.columns()

    def work(job: Any) -> Any:
        made: AnyListing = make()
        made = made.sorted(*order) if order else made
        made = made.only(*only) if only else made
        return exports.export(made, listed, path, job.progress, job.cancelled, columns or None)

    said = partial(services.say, f"已导出：{path}")
    services.jobs.start(f"导出{listed.title}", view, work, lambda _: said(), partial(tell, view))


def tell(view: PageView, problem: Exception) -> None:
    """Say why something was neither printed nor exported; what must be applied for is a click away."""
    if isinstance(problem, NeedsApproval):
        apply = partial(
            deeddialog.do, view.services, DEEDS[problem.deed], [], view, values=dict(problem.values)
        )
        dialogs.ask(view, "要先审批", str(problem), "申请审批", apply)
    else:
        dialogs.tell_problem(view, problem)


def _inputs() -> list[Input]:
    fields: dict[str, Any] = {
        "period": PeriodField(null=True, max_length=30, verbose_name="期间"),
        "unit": LinkField(Unit, null=True, verbose_name="房号"),
        "building": LinkField(Building, null=True, verbose_name="楼栋"),
        "person": LinkField(Person, null=True, verbose_name="业主"),
        "number": LineField(null=True, max_length=40, verbose_name="单号"),
    }
    for name, field in fields.items():
        field.name = name
    return [Input(name, field, required=False) for name, field in fields.items()]


def _known(view: PageView, takes: tuple[str, ...]) -> dict[str, Any]:
    """Return what the page's filters and the selected row answer already."""
    filters = view.row.given()
    known: dict[str, Any] = {
        "period": filters.period,
        "unit": filters.unit,
        "building": filters.building,
        "person": filters.person,
    }
    rows = view.table.grid.selected()
    if len(rows) == 1 and view.table.grid.rows.listing is not None:
        plain = view.table.grid.rows.listing.plain(rows[0])
        known["number"] = plain.get(view.page.number)
        if not known["number"]:
            known["unit"] = known["unit"] or plain.get("unit")
            known["period"] = known["period"] or _period_of(plain.get("month") or plain.get("day"))
    return {name: value for name, value in known.items() if name in takes and value}


def _period_of(month: str | None) -> Period | None:
    """Return the month of a row; this one for a line that was billed ahead, whose notice it stands in."""
    if month is None or len(month) > len("2026-11"):  # a day that was closed
        return None if month is None else Period.parse(month)
    return Period.parse(str(min(Month.parse(month), Month.of(date.today()))))


def shortened(words: str, most: int = 60) -> str:
    """Return words as part of a file's name: many numbers would be longer than a name may be."""
    first, *others = words.split("、")
    return f"{first} 等 {len(others) + 1} 份" if len(words) > most else words


def _words(one: Any) -> str:
    if isinstance(one, Period):
        return one.name
    return str(one.key()) if hasattr(one, "key") else str(one)
