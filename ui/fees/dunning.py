"""催缴: who would get which letter is listed before any is made; letters are printed from their rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from models.deeds import DEEDS
from models.errors import OfficeError
from models.fees.dunning.letters import DunningLetter
from models.fees.dunning.messages import Messages
from models.fees.dunning.rules import Stage
from models.fees.dunning.standings import DunningTrial, told_of_trial
from models.fees.rights import DUN, DUN_LEAD, MESSAGE, VIEW
from models.listings import RowListing
from models.owners.estate import Unit
from ui import dialogs, keys, papers
from ui.acts import Act
from ui.page import PageView
from ui.services import Services
from ui.trialdialog import TrialDialog

_TITLES = {"FE-04": "催缴通知单", "FE-05": "催告函"}


class DunDialog(TrialDialog):
    """One of the deeds that make letters, with who would get them and who would not."""

    def __init__(self, services: Services, name: str, parent: QWidget | None = None) -> None:
        super().__init__(services, DEEDS[name], parent=parent)

    def tone(self, result: DunningTrial) -> str:
        """Warn where nobody would get a letter."""
        return "info" if result.due else "warning"

    def listed(self, result: DunningTrial) -> RowListing:
        """Return a trial household by household."""
        return told_of_trial(result)


def _dun(name: str) -> Any:
    def run(view: PageView) -> Any:
        dialog = DunDialog(view.services, name, view)
        dialog.open()
        return dialog

    return run


def _print(view: PageView) -> None:
    """Print the selected letters, each on its own form."""
    letters = [one for one in view.records() if isinstance(one, DunningLetter)]
    for code, title in _TITLES.items():
        mine = [one.number for one in letters if (one.stage is Stage.FORMAL) == (code == "FE-05")]
        if mine:
            papers.print_paper(view.services, view, code, title, {"number": "、".join(sorted(mine))})


def _one_kind(view: PageView) -> str:
    """Return why the selected letters cannot be printed at once."""
    listing = view.table.grid.rows.listing
    assert listing is not None
    formal = Stage.FORMAL.value
    rows = map(listing.plain, view.table.grid.selected())
    stages = {row.get("stage", formal) == formal for row in rows}
    return "催缴通知单和催告函请分开打印" if len(stages) > 1 else ""


DUN_HERE = Act("开催缴单", DUN, _dun("fees.dun"))
DUN_FORMAL = Act("发催告函", DUN_LEAD, _dun("fees.dun_formal"))
PRINT_LETTERS = Act(
    "打印催缴单", VIEW, _print, many=True, asks=False, fits=_one_kind, key=keys.AND_PRINT
)  # fmt: skip


def _copy(view: PageView) -> None:
    """Put the texts of the selected houses on the clipboard."""
    ids = sorted({one.id if isinstance(one, Unit) else one.unit_id for one in view.records()})
    _put(view, lambda: DEEDS["fees.message"](Unit.those(ids)))


def _copy_due(view: PageView) -> None:
    """Put the texts of everybody whose bills fall due soon on the clipboard."""
    _put(view, lambda: DEEDS["fees.message_due"](view.row.given().building))


def _put(view: PageView, make: Callable[[], Messages]) -> None:
    try:
        made = make()
    except OfficeError as problem:
        dialogs.tell_problem(view, problem)
        return
    QGuiApplication.clipboard().setText(made.table())
    view.services.say(f"{made.done()}。已放到剪贴板，可以粘贴到微信或短信。")


COPY_TEXTS = Act("复制催缴文字", MESSAGE, _copy, many=True, asks=False)
COPY_DUE = Act("复制提醒文字", MESSAGE, _copy_due, asks=False)
