"""公共分摊: what each house would bear is listed before a cost is shared; plans made anew from old ones."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from models.deeds import DEEDS
from models.fees.rights import ITEMS, SHARE, VIEW
from models.fees.share_plans import SharePlan, given_of
from models.fees.shares import CostState, Share, SharedCost
from models.fees.sharing import Sharing
from models.fields import LineField, MoneyField
from models.listings import RowListing, Shown
from models.money import from_scaled
from ui import keys, papers
from ui.acts import Act
from ui.deeddialog import WIDE, do
from ui.page import PageView
from ui.services import Services
from ui.trialdialog import TrialDialog

PAPER, TITLE = "FE-09", "公共能耗分摊计算表（公示）"

_SHARED, _LEFT, _LACKING = "分摊", "不分摊", "缺资料"


def listed(sharing: Sharing) -> RowListing:
    """Return a trial house by house: what it bears and how, who bears nothing and why."""
    columns = (
        Shown("unit", Share.unit),
        Shown("what", LineField(verbose_name="办理"), status=True),
        Shown("quantity", Share.quantity, total=False),
        Shown("coefficient", Share.coefficient, total=False),
        Shown("exact", Share.exact, total=False),
        Shown("rest", Share.rest),
        Shown("amount", MoneyField(verbose_name="实摊")),
        Shown("reason", LineField(verbose_name="原因")),
    )
    empty = (None,) * 5
    rows: list[tuple[Any, ...]] = [
        (one.code, _LACKING, *empty, one.reason) for one in sharing.weighing.lacking
    ]
    rows += [
        (
            one.code, _SHARED, from_scaled(one.quantity, 2), from_scaled(one.coefficient, 4),
            from_scaled(one.exact, 6), from_scaled(one.rest, 2), from_scaled(one.amount, 2), "",
        )
        for one in sharing.portions
    ]  # fmt: skip
    rows += [(one.code, _LEFT, *empty, one.reason) for one in sharing.weighing.left]
    tones = {_SHARED: "ok", _LEFT: "plain", _LACKING: "danger"}
    return RowListing(columns, enumerate(rows), tones=tones)


class ShareDialog(TrialDialog):
    """The form by which a cost is shared, with its trial as a list."""

    HEIGHT = 200
    _trying = False
    """Whether a trial stands below the form, which then leaves it the room."""

    def __init__(self, services: Services, view: PageView) -> None:
        plans = view.records() if view.record is SharePlan else []

        def prints(cost: SharedCost) -> None:
            print_notice(services, view, cost)

        super().__init__(services, DEEDS["fees.share"], plans, prints=prints, parent=view)
        wanted = self._lettered(WIDE + 120)  # for three columns of exclusions
        self.setMinimumWidth(max(self.minimumWidth(), wanted))

    def _tried(self, result: Any) -> None:
        self._trying = True
        self._grow()  # before the table shows, which would make the window higher first
        super()._tried(result)

    def tone(self, result: Sharing) -> str:
        """Warn where a house lacks what its share needs."""
        return "warning" if result.weighing.lacking else "info"

    def listed(self, result: Sharing) -> RowListing:
        """Return a trial house by house."""
        return listed(result)

    def _grow(self) -> None:
        """Be as high as the form wants; above a trial a third of the screen is enough."""
        super()._grow()
        if self._trying:
            third = self.screen().availableGeometry().height() // 3
            self._area.setMinimumHeight(min(self._area.minimumHeight(), third))

    def _forget(self) -> None:
        super()._forget()
        self._trying = False


def print_notice(services: Services, owner: QWidget, cost: SharedCost) -> None:
    """Print the notice of a shared cost."""
    papers.print_paper(services, owner, PAPER, TITLE, {"number": cost.number})


def _share(view: PageView) -> Any:
    dialog = ShareDialog(view.services, view)
    dialog.open()
    return dialog


def _undo(view: PageView) -> Any:
    cost = view.records()[0]
    return do(view.services, DEEDS["fees.undo_sharing"], [cost.batch], view)


def _undo_hindrance(view: PageView) -> str:
    return "" if view.records()[0].state is CostState.SHARED else "这一单已经作废"


def _like(view: PageView) -> Any:
    """Enter a plan that begins as the selected one is."""
    plan = view.records()[0]
    assert isinstance(plan, SharePlan)
    return do(view.services, DEEDS["fees.add_share_plan"], [], view, values=given_of(plan))


def _print(view: PageView) -> None:
    cost = view.records()[0]
    assert isinstance(cost, SharedCost)
    print_notice(view.services, view, cost)


SHARE_HERE = Act("分摊", SHARE, _share)
UNDO_SHARING = Act("撤销分摊", SHARE, _undo, fits=_undo_hindrance, danger=True)
ADD_LIKE = Act("照此新增", ITEMS, _like)
PRINT_NOTICE = Act("打印分摊表", VIEW, _print, asks=False, key=keys.AND_PRINT)
