"""批量收费设置: which units an item is given to or taken from is listed before it is done."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from models.deeds import DEEDS
from models.fees.plans import Plan
from models.fields import LineField, SinceField
from models.listings import RowListing, Shown
from ui.deeddialog import DeedDialog
from ui.services import Services
from ui.table import Table

_GIVEN, _ENDED, _LEFT = "设置", "结束", "不办"
_HEIGHT = 220


def listed(plan: Plan) -> RowListing:
    """Return a plan unit by unit: what begins, what ends, who is left out and why."""
    columns = (
        Shown("unit", LineField(verbose_name="房号")),
        Shown("what", LineField(verbose_name="办理"), status=True),
        Shown("since", SinceField(null=True, verbose_name="起")),
        Shown("until", SinceField(null=True, verbose_name="止")),
        Shown("remark", LineField(verbose_name="说明")),
    )
    rows: list[tuple[Any, ...]] = [(one.unit, _GIVEN, one.since, one.until, "") for one in plan.gifts]
    rows += [(one.unit, _ENDED, one.since, one.until, one.remark) for one in plan.endings]
    rows += [(one.unit, _LEFT, None, None, one.reason) for one in plan.skipped]
    tones = {_GIVEN: "ok", _ENDED: "info", _LEFT: "warning"}
    return RowListing(columns, enumerate(rows), tones=tones)


class AssignDialog(DeedDialog):
    """One of the deeds that change what many units pay, with its trial as a list."""

    COLUMNS = 2

    def __init__(self, services: Services, name: str, parent: QWidget | None = None) -> None:
        super().__init__(services, DEEDS[name], parent=parent)
        self.table = Table(services)
        self.table.setFixedHeight(_HEIGHT)
        self.table.hide()
        self.body.insertWidget(self.body.indexOf(self.note) + 1, self.table)
        self.form.edited.connect(self._forget)

    def _tried(self, result: Any) -> None:
        self._still.end()
        self._say(told(result), "info" if result.units else "warning")
        self.table.show()
        self.table.show_list(lambda: listed(result))
        self.save.setText(f"{self.deed.title} {result.units:,} 套" if result.units else self.deed.title)
        self._grow()

    def repeats(self) -> bool:
        """Say that the trial below belongs to one change."""
        return False

    def _forget(self) -> None:
        self.save.setText(self.deed.title)
        self.table.hide()
        self.note.hide()


def told(plan: Plan) -> str:
    """Return a plan in words."""
    reasons = "，".join(f"{reason} {count} 套" for reason, count in plan.by_reason())
    done = f"将办理 {plan.units:,} 套" if plan.units else "没有可以办理的房屋"
    return f"{plan.title}：{done}{f'；不办：{reasons}' if reasons else ''}。"
