"""外包作业监察 (SU-08): who was at work where, what was wrong, what is to be mended by when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Annotated, Any

from models.attachments import keeps_files
from models.base import Record, journal
from models.clock import now, past, past_day
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    NumberField,
)
from models.inputs import Asked, Input
from models.months import Month
from models.rows import RowRefused, RowsField
from models.search import finds_numbered
from models.series import Series
from models.suppliers.contracts import working
from models.suppliers.kinds import Category
from models.suppliers.register import AskedSupplier, Supplier
from models.suppliers.rights import SUPERVISE, VIEW

INSPECTIONS = Series("JC", "外包作业监察")
ROWS = "rows"
DAYS = 3
"""Within which something is to be mended, unless something else is agreed."""


class InspectionState(Enum):
    """Whether something is to be mended."""

    FINE = "无问题"
    OPEN = "待整改"
    DONE = "已整改"


class Recheck(Enum):
    """What was found when somebody looked again."""

    GOOD = "合格"
    BAD = "不合格"


class ServiceInspection(Record):
    """外包作业监察: one area, looked at once."""

    number = NumberField(verbose_name="监察号")
    at = MomentField(index=True, verbose_name="监察时间")
    supplier = LinkField(Supplier, backref="inspections", verbose_name="外包方")
    category = ChoiceField(Category, verbose_name="类别")
    area = LineField(max_length=40, verbose_name="区域")
    expected = CountField(null=True, verbose_name="应到(人)")
    actual = CountField(null=True, verbose_name="实到(人)")
    problem = LineField(max_length=120, null=True, verbose_name="问题").roomier(14)
    demand = LineField(max_length=120, null=True, verbose_name="整改要求")
    due = DayField(null=True, verbose_name="整改期限")
    state = ChoiceField(InspectionState, index=True, verbose_name="整改状态")
    recheck = ChoiceField(Recheck, null=True, verbose_name="复查")
    rechecked_on = DayField(null=True, verbose_name="复查日期")
    failed = CountField(default=0, verbose_name="复查不合格次数")
    leader = LineField(max_length=30, null=True, verbose_name="外包班长")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="检查人")

    key_field = "number"
    moves = {InspectionState.OPEN: (InspectionState.DONE,)}

    class Meta:
        title = "外包作业监察"
        indexes = ((("supplier", "at"), False),)

    def described(self) -> str:
        """Return JC-202611-001 清新保洁 楼道：扶手积灰."""
        return f"{self.number} {self.supplier.name} {self.area}：{self.problem or self.state.value}"


reaches_everybody(ServiceInspection)
keeps_files(ServiceInspection, VIEW)
finds_numbered(
    VIEW, "JC", ServiceInspection, "service_inspections", "外包作业监察", lambda one: one.described()
)

AskedInspection = Annotated[
    ServiceInspection, Asked(LinkField(ServiceInspection, verbose_name="外包作业监察"))
]


def _inputs() -> list[Input]:
    return [
        Input("area", LineField(max_length=40, verbose_name="区域").roomier(10), required=True),
        Input("expected", CountField(null=True, verbose_name="应到(人)"), required=False),
        Input("actual", CountField(null=True, verbose_name="实到(人)"), required=False),
        Input(
            "problem", LineField(max_length=120, null=True, verbose_name="问题").roomier(16), required=False
        ),
        Input(
            "demand", LineField(max_length=120, null=True, verbose_name="整改要求").roomier(14),
            required=False,
        ),
        Input(
            "due", DayField(null=True, verbose_name="整改期限"), required=False, without="不填为三天后"
        ),
    ]  # fmt: skip


def round_of(inspection: ServiceInspection) -> list[dict[str, Any]]:
    """Return the areas of the round that an inspection belongs to, as `inspect_service` takes them anew."""
    same = (ServiceInspection.supplier == inspection.supplier) & (ServiceInspection.at == inspection.at)
    return [
        {
            "area": one.area, "expected": one.expected, "actual": one.expected, "problem": None,
            "demand": None, "due": None,
        }
        for one in ServiceInspection.select().where(same).order_by(ServiceInspection.id)
    ]  # fmt: skip


class Inspected:
    """What was inspected in one round."""

    def __init__(self, made: Sequence[ServiceInspection]) -> None:
        self.made = made

    def done(self) -> str:
        """Return 已登记 4 个区域的监察."""
        return f"已登记 {len(self.made)} 个区域的监察"

    def summary(self) -> str:
        """Return how many things are to be mended."""
        count = sum(one.state is InspectionState.OPEN for one in self.made)
        return f"{count} 处待整改。" if count else "没有问题。"


@deed("suppliers.inspect_service", "登记监察", SUPERVISE)
def inspect_service(
    supplier: AskedSupplier,
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="区域"))],
    leader: Annotated[
        str | None, Asked(LineField(max_length=30, null=True, verbose_name="外包班长"), "不在场的不填")
    ] = None,
    at: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="监察时间"), "不填为现在")
    ] = None,
) -> Inspected:
    """Note a round: area by area who was there and what was wrong.

    Raises:
        RuleBroken: the supplier does not work here by the month.
        RowRefused: something is wrong and nothing says what to do, or the other way round, or its day has
            passed.
        BadInput: the moment lies ahead.
    """
    moment = past(at, "监察时间")
    if not any(one.supplier_id == supplier.id for one in working(Month.of(moment.date()))):
        told = f"{supplier.name} 在 {Month.of(moment.date()).chinese} 没有按月付费的外包合同"
        raise RuleBroken(f"{told}。请先“登记合同”，填月服务费。")
    for number, row in enumerate(rows):
        _check(row, number, moment.date())
    made = [_add(supplier, row, leader, moment) for row in rows]
    journal().subject = made[0]
    return Inspected(made)


def _check(row: Mapping[str, Any], number: int, day: date) -> None:
    if row["problem"] and not row["demand"]:
        raise RowRefused("有问题的要写整改要求。", ROWS, number, "demand")
    if not row["problem"] and (row["demand"] or row["due"]):
        raise RowRefused("没有写问题，却有整改要求或期限。请写明问题。", ROWS, number, "problem")
    if row["due"] is not None and row["due"] < day:
        raise RowRefused(f"整改期限 {row['due']} 早于监察日期 {day}。", ROWS, number, "due")
    if (row["expected"] is None) is not (row["actual"] is None):
        raise RowRefused("应到和实到要一起填，或都不填。", ROWS, number, "actual")


def _add(
    supplier: Supplier, row: Mapping[str, Any], leader: str | None, moment: datetime
) -> ServiceInspection:
    wrong = bool(row["problem"])
    due = (row["due"] or moment.date() + timedelta(days=DAYS)) if wrong else None
    return ServiceInspection.add(
        number=INSPECTIONS.next(now().date()), at=moment, supplier=supplier, category=supplier.category,
        state=InspectionState.OPEN if wrong else InspectionState.FINE, leader=leader, made_at=now(),
        made_by=actor().name, **{**row, "due": due},
    )  # fmt: skip


@deed("suppliers.recheck_service", "复查", SUPERVISE)
def recheck_service(
    inspection: AskedInspection,
    recheck: Annotated[Recheck, Asked(ChoiceField(Recheck, verbose_name="复查"))],
    due: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="新的期限"), "不合格时填，不填为三天后")
    ] = None,
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="复查日期"), "不填为今天")] = None,
) -> ServiceInspection:
    """Note whether something was mended; what was not has to be by another day.

    Raises:
        RuleBroken: nothing of it is to be mended.
        BadInput: a day lies ahead or has passed that may not.
    """
    if inspection.state is not InspectionState.OPEN:
        raise RuleBroken(f"{inspection.number} {inspection.state.value}，不用复查。")
    on = past_day(day, "复查日期", "day")
    if on < inspection.at.date():
        raise BadInput(f"复查日期 {on} 早于监察日期 {inspection.at:%Y-%m-%d}。", "day")
    if recheck is Recheck.GOOD:
        return inspection.move_to(InspectionState.DONE, recheck=recheck, rechecked_on=on)
    again = due or on + timedelta(days=DAYS)
    if again < on:
        raise BadInput(f"新的期限 {again} 早于复查日期 {on}。", "due")
    return inspection.change(recheck=recheck, rechecked_on=on, due=again, failed=inspection.failed + 1)
