"""通知单派发: how the payment notices of a month were handed out, entered from the signed list (FE-03).

A notice is never stuck on a door: it would tell a person's debt to everybody (forms.md B7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any

from peewee import Case

from models.base import Record
from models.clock import now
from models.deeds import actor, deed, refuse, within_scope
from models.entries import Line, Sheet, entry
from models.errors import BadInput, RuleBroken
from models.fees.notices import NoticeRun
from models.fees.rights import DUN, VIEW
from models.fees.within import within
from models.fields import (
    ChoiceField,
    CodeField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    MonthField,
)
from models.inputs import Asked, Input
from models.listings import Filters, Listing, Shown, choice, listing
from models.months import Month
from models.office.guards import refuse_guard
from models.office.staff import Staff
from models.owners.estate import Unit
from models.owners.search import HOUSE
from models.rows import RowRefused, RowsField

ROWS = "rows"


class NoticeWay(Enum):
    """How a notice is handed out; never 张贴."""

    HAND = "面交"
    BOX = "信箱"
    WECHAT = "微信"
    MAIL = "邮寄"


class NoticeDelivery(Record):
    """通知单派发: when and how the notice of a month was handed to a house, by whom."""

    unit = LinkField(Unit, backref="notice_deliveries", verbose_name="房号")
    month = MonthField(verbose_name="月份")
    number = CodeField(max_length=60, verbose_name="通知单号")
    way = ChoiceField(NoticeWay, verbose_name="派发方式")
    at = MomentField(verbose_name="派发时间")
    by = LinkField(Staff, backref="notice_deliveries", verbose_name="派发人")
    signed_by = LineField(max_length=40, null=True, verbose_name="签收人")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    live = FlagField(default=True, verbose_name="有效")
    withdrawn = LineField(max_length=80, null=True, verbose_name="撤回原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "通知单派发"

    def label(self) -> str:
        """Return JF-202611-1-1-1011 面交."""
        return f"{self.number} {self.way.value}"


NoticeDelivery.add_index(
    NoticeDelivery.index(
        NoticeDelivery.month, NoticeDelivery.unit, unique=True, where=NoticeDelivery.live == True,
        name="notice_handed_once",
    )
)  # fmt: skip


def _row_inputs() -> list[Input]:
    return [
        Input("unit", LinkField(Unit, verbose_name="房号"), required=True),
        Input("way", ChoiceField(NoticeWay, verbose_name="派发方式"), required=True),
        Input("signed_by", LineField(max_length=40, null=True, verbose_name="签收人"), required=False),
        Input("note", LineField(max_length=120, null=True, verbose_name="备注"), required=False),
        Input("month", MonthField(null=True, verbose_name="月份"), required=False),
    ]


@dataclass(frozen=True)
class Distributed:
    """What a sheet of handed notices came to."""

    made: tuple[NoticeDelivery, ...]

    def done(self) -> str:
        """Return 已登记 12 份通知单的派发."""
        return f"已登记 {len(self.made)} 份通知单的派发"

    def summary(self) -> str:
        """Return 12 份。."""
        return f"{len(self.made)} 份。"


@deed("fees.hand_notices", "成批登记派发", DUN)
def hand_notices(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_row_inputs, verbose_name="派发"))],
    at: Annotated[Any, Asked(MomentField(null=True, verbose_name="派发时间"), "不填为现在")] = None,
    by: Annotated[
        Staff | None, Asked(LinkField(Staff, null=True, verbose_name="派发人"), "不填为本人")
    ] = None,
) -> Distributed:
    """Note how the notices of a month, this one where a row names none, were handed out; all or none.

    Raises:
        BadInput: nobody is named who handed them out, or the time lies ahead.
        RowRefused: a house has no notice in that month, or it is entered already.
    """
    who = by or Staff.get_or_none(Staff.id == getattr(actor(), "staff_id", None))
    if who is None:
        raise BadInput("没有填派发人。请填是谁派发的。", "by")
    refuse_guard(who, "派发写有往期欠费的交费通知单")
    moment = at or now()
    if moment > now():
        raise BadInput(f"派发时间 {moment:%Y-%m-%d %H:%M} 还没有到。请改时间。", "at")
    numbers, made = _numbers(rows), []
    for place, row in enumerate(rows):
        unit, month = row["unit"], row.get("month") or Month.of(date.today())
        if not within_scope(unit, actor(), DUN):
            refuse("fees.hand_notices", f"{unit.code} 不在您负责的范围内，不能登记派发。")
        number = numbers.get((month, unit.id))
        problem = _problem(unit, month, number)
        if problem:
            raise RowRefused(problem, ROWS, place, "unit")
        values = {name: row.get(name) for name in ("way", "signed_by", "note")}
        made.append(
            NoticeDelivery.add(
                unit=unit, month=month, number=number, at=moment, by=who, made_at=now(),
                made_by=actor().name, **values,
            )
        )  # fmt: skip
    return Distributed(tuple(made))


def _numbers(rows: list[dict[str, Any]]) -> dict[tuple[Month, int], str]:
    """Return the numbers of the notices of these rows' houses and months."""
    months: dict[Month, list[int]] = {}
    for row in rows:
        months.setdefault(row.get("month") or Month.of(date.today()), []).append(row["unit"].id)
    return {
        (month, one.unit): one.number for month, units in months.items() for one in NoticeRun(month, units)
    }


def _problem(unit: Unit, month: Month, number: str | None) -> str:
    if number is None:
        return f"{unit.code} 没有 {month} 的交费通知单。请核对房号和月份。"
    known = handed(month).get(unit.id)
    return f"{number} 已登记{known.way.value}派发。登记错了的请先撤回。" if known is not None else ""


def handed(month: Month) -> dict[int, NoticeDelivery]:
    """Return how the notices of a month were handed out, by the house's id."""
    mine = (NoticeDelivery.month == month) & (NoticeDelivery.live == True)
    query = NoticeDelivery.select(NoticeDelivery, Staff).join(Staff).where(mine)
    return {one.unit_id: one for one in query}


@deed("fees.withdraw_notice", "撤回派发", DUN, danger=True, question="撤回后这一份重新等待派发。")
def withdraw_notice(
    delivery: Annotated[NoticeDelivery, Asked(LinkField(NoticeDelivery, verbose_name="通知单派发"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="撤回原因"))],
) -> NoticeDelivery:
    """Let an entry that was wrong count no more; it stays to be seen.

    Raises:
        RuleBroken: it is withdrawn already.
    """
    if not delivery.live:
        raise RuleBroken(f"{delivery.label()} 已经撤回过。")
    return delivery.change(live=False, withdrawn=reason)


@entry(
    "handing_notices", "登记派发", "fees.hand_notices", ROWS, ("way", "signed_by", "note"),
    "period", "building",
)  # fmt: skip
def handing_notices(filters: Filters) -> Sheet:
    """Every notice of a month, this one where none is chosen, whose delivery is not entered, by house."""
    month = filters.period.month if filters.period else Month.of(date.today())
    done = handed(month)
    units = [unit.id for unit in filters.building.units] if filters.building else None
    return Sheet(
        told=(
            Shown("unit", CodeField(verbose_name="房号", max_length=40)),
            Shown("payee", LineField(verbose_name="致", max_length=140)),
            Shown("number", CodeField(verbose_name="通知单号", max_length=60)),
            Shown("total", MoneyField(verbose_name="金额")),
        ),
        lines=[
            Line(
                one.code,
                (one.code, one.payee.address_line, one.number, one.total),
                {"unit": one.unit, "month": month},
            )
            for one in NoticeRun(month, units)
            if one.unit not in done
        ],
        judge=_judge,
        warns=f"{month} 还没有到。请在“期间”选以前的月份。" if month > Month.of(date.today()) else "",
    )


def _judge(line: Line, row: Mapping[str, Any]) -> str:
    return "" if row.get("way") else "没有填派发方式"


class NoticeState(Enum):
    """Follows from whether it counts; never stored."""

    HANDED = "已派发"
    WITHDRAWN = "已撤回"


@listing("notice_deliveries", "通知单派发", "fees", VIEW, "period", "unit", "building", "state")
def notice_deliveries(filters: Filters) -> Listing:
    """How notices were handed out, newest first; `period` by their months."""
    query = NoticeDelivery.select().join(Unit).switch(NoticeDelivery).join(Staff)
    counts = (NoticeDelivery.live == True, NoticeState.HANDED.name)
    state = Case(None, (counts,), NoticeState.WITHDRAWN.name)
    conditions = within(NoticeDelivery.unit, unit=filters.unit, building=filters.building)
    if filters.period:
        first, last = filters.period.months
        conditions.append(NoticeDelivery.month.between(first, last))
    if filters.state:
        conditions.append(choice(NoticeState, filters.state).name == state)
    for condition in conditions:
        query = query.where(condition)
    columns = (
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("month", NoticeDelivery.month),
        Shown("number", NoticeDelivery.number),
        Shown("way", NoticeDelivery.way),
        Shown("at", NoticeDelivery.at),
        Shown("by", Staff.name, label="派发人"),
        Shown("signed_by", NoticeDelivery.signed_by),
        Shown("state", ChoiceField(NoticeState, verbose_name="状态"), state, status=True),
        Shown("note", NoticeDelivery.note),
        Shown("withdrawn", NoticeDelivery.withdrawn, hidden=True),
        Shown("made_by", NoticeDelivery.made_by, hidden=True),
        Shown("made_at", NoticeDelivery.made_at, hidden=True),
        Shown("id", NoticeDelivery.id, hidden=True),
    )
    return Listing(
        query, columns, id=NoticeDelivery.id, order=("-id",), record=NoticeDelivery,
        search=(HOUSE, NoticeDelivery.number, NoticeDelivery.signed_by),
    )  # fmt: skip
