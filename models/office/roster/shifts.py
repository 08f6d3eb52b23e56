"""班次与排班规则: what a letter of the roster means, and what a roster must keep to (OF-01)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from models import deeds
from models.base import Record
from models.deeds import deed
from models.errors import BadInput
from models.fields import CountField, FlagField, HourField, LineField, QuantityField
from models.inputs import edits_of, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.workdays import SEE

ROSTER = deeds.right("office.roster", "排班和调班")
APPROVE = deeds.right("office.approve_roster", "批准值班表")

_SHIFT = ("sign", "digit", "name", "works", "begins", "hours")


class WorkShift(Record):
    """班次代码: one letter of the roster: 早, 中, 夜, 休, 假."""

    sign = LineField(max_length=1, unique=True, verbose_name="代码")
    digit = CountField(low=0, high=9, unique=True, verbose_name="数字键")
    name = LineField(max_length=20, verbose_name="班次名称")
    works = FlagField(default=True, verbose_name="上班")
    begins = HourField(null=True, verbose_name="上班时刻")
    hours = QuantityField(default=0, verbose_name="工时(小时)")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "sign"

    class Meta:
        title = "班次代码"

    def label(self) -> str:
        """Return 早 08:00 8 小时."""
        return f"{self.sign} {self.begins or ''} {self.name}".replace("  ", " ")

    def span(self, day: date) -> tuple[datetime, datetime] | None:
        """Return from when to when somebody works who has it on a day; None where he rests."""
        if not self.works or self.begins is None:
            return None
        start = datetime.combine(day, time.fromisoformat(self.begins))
        return start, start + timedelta(minutes=int(self.hours * 60))

    @deed(
        "office.edit_work_shift", "修改班次代码", ROSTER, inputs=edits_of(lambda: WorkShift, *_SHIFT),
        undo="office.edit_work_shift",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change what it means; rosters that use it mean that too.

        Raises:
            BadInput: somebody works it, and it is not said from when and how long.
        """
        self.change(**values)
        _check(self)
        return self

    @deed("office.retire_work_shift", "停用班次代码", ROSTER, undo="office.restore_work_shift")
    def retire(self) -> Self:
        """Offer it no more."""
        return self.change(active=False)

    @deed("office.restore_work_shift", "启用班次代码", ROSTER, undo="office.retire_work_shift")
    def restore(self) -> Self:
        """Offer it again."""
        return self.change(active=True)


@deed("office.add_work_shift", "新增班次代码", ROSTER, inputs=inputs_from(lambda: WorkShift, *_SHIFT))
def add_work_shift(**values: Any) -> WorkShift:
    """Add a letter of the roster.

    Raises:
        BadInput: somebody works it, and it is not said from when and how long.
    """
    made = WorkShift.add(**values)
    _check(made)
    return made


def _check(shift: WorkShift) -> None:
    if shift.sign.isdecimal():
        raise BadInput(f"代码不能用数字“{shift.sign}”，数字是按键。请用一个字。", "sign")
    if shift.works and (shift.begins is None or not shift.hours):
        missing = "上班时刻" if shift.begins is None else "工时"
        raise BadInput(
            f"{shift.sign} 要上班，还没有填{missing}。不上班的请把“上班”改为否。",
            "begins" if shift.begins is None else "hours",
        )


class RosterRules(Record):
    """排班规则: one row; what a roster must keep to (forms.md OF-01: custom, editable)."""

    most_days = CountField(low=1, high=31, default=6, verbose_name="最多连续上班(天)")
    least_rest = CountField(low=0, high=24, default=11, verbose_name="两班之间至少休息(小时)")
    leaders = LineField(
        max_length=120,
        null=True,
        default="管理处主任、客服主管、安全主管、保安班长",
        verbose_name="负责人岗位",
    )

    class Meta:
        title = "排班规则"

    def label(self) -> str:
        """Return what it is: there is one."""
        return "排班规则"

    @deed(
        "office.edit_roster_rules", "修改排班规则", APPROVE,
        inputs=edits_of(lambda: RosterRules, "most_days", "least_rest", "leaders"),
        undo="office.edit_roster_rules",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change what the next rosters keep to."""
        return self.change(**values)


def rules() -> RosterRules:
    """Return the rules of the office."""
    found: RosterRules = RosterRules.select().order_by(RosterRules.id).first()
    return found


def shifts() -> list[WorkShift]:
    """Return the letters in use, by their digits."""
    return list(WorkShift.select().where(WorkShift.active).order_by(WorkShift.digit))


@listing("work_shifts", "班次代码", "office", SEE)
def work_shifts(filters: Filters) -> Listing:
    """The letters of the roster and what they mean."""
    names = ("sign", "digit", "name", "works", "begins", "hours", "active")
    columns = tuple(
        Shown(name, WorkShift.fields()[name], status=name == "active", total=False) for name in names
    )
    return Listing(
        WorkShift.select(), columns, id=WorkShift.id, order=("digit",), record=WorkShift,
        tones={"是": "ok", "否": "warning"},
    )  # fmt: skip


@listing("roster_rules", "排班规则", "office", SEE)
def roster_rules(filters: Filters) -> Listing:
    """The one row of rules."""
    columns = tuple(
        Shown(name, RosterRules.fields()[name], total=False)
        for name in ("most_days", "least_rest", "leaders")
    )
    return Listing(RosterRules.select(), columns, id=RosterRules.id, record=RosterRules)
