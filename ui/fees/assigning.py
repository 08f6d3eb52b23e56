"""批量收费设置: which units an item is given to or taken from is listed before it is done."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from models.deeds import DEEDS
from models.fees.plans import Plan
from models.fields import LineField, SinceField
from models.listings import RowListing, Shown
from ui.services import Services
from ui.trialdialog import TrialDialog

_GIVEN, _ENDED, _LEFT = "设置", "结束", "不办"


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


class AssignDialog(TrialDialog):
    """One of the deeds that change what many units pay, with its trial as a list."""

    def __init__(self, services: Services, name: str, parent: QWidget | None = None) -> None:
        super().__init__(services, DEEDS[name], parent=parent)

    def _tried(self, result: Any) -> None:
        super()._tried(result)
        self.save.setText(f"{self.deed.title} {result.units:,} 套" if result.units else self.deed.title)
        self._grow()

    def told(self, result: Plan) -> str:
        """Return a plan in words."""
        return told(result)

    def tone(self, result: Plan) -> str:
        """Warn where nothing can be done."""
        return "info" if result.units else "warning"

    def listed(self, result: Plan) -> RowListing:
        """Return a plan unit by unit."""
        return listed(result)

    def _forget(self) -> None:
        super()._forget()
        self.save.setText(self.deed.title)


def told(plan: Plan) -> str:
    """Return a plan in words."""
    reasons = "，".join(f"{reason} {count} 套" for reason, count in plan.by_reason())
    done = f"将办理 {plan.units:,} 套" if plan.units else "没有可以办理的房屋"
    return f"{plan.title}：{done}{f'；不办：{reasons}' if reasons else ''}。"
