"""成本: what a month cost by a small set of kinds, as finance types it; what was corrected stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Annotated, Any

from peewee import Case, fn

from models.appraisals.rights import KEEP, VIEW
from models.attachments import keeps_files
from models.base import Record, db, journal
from models.clock import now
from models.deeds import actor, deed
from models.entries import Line, Sheet, entry
from models.errors import RuleBroken
from models.fields import ChoiceField, FlagField, LineField, MomentField, MoneyField, MonthField
from models.inputs import Asked, Input
from models.listings import Filters, Listing, Shown, listing
from models.money import from_scaled, thousands
from models.months import Month
from models.rows import RowRefused, RowsField

ROWS = "rows"


class CostKind(Enum):
    """What money is spent on."""

    STAFF = "人工成本"
    ENERGY = "能耗"
    UPKEEP = "维修保养"
    SERVICES = "保洁绿化秩序外包"
    OFFICE = "行政办公"
    TAXES = "税费"
    OTHER = "其他成本"


class MonthCost(Record):
    """月度成本: one kind of a month; the latest row of both holds, those before it stay."""

    month = MonthField(index=True, verbose_name="月份")
    kind = ChoiceField(CostKind, verbose_name="成本种类")
    amount = MoneyField(verbose_name="金额")
    note = LineField(max_length=80, null=True, verbose_name="备注")
    reason = LineField(max_length=80, null=True, verbose_name="更正原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "月度成本"

    def label(self) -> str:
        """Return 2026-11 能耗."""
        return f"{self.month} {self.kind.value}"

    def described(self) -> str:
        """Return 2026-11 能耗 3,200.00 元."""
        return f"{self.label()} {thousands(self.amount)} 元"


keeps_files(MonthCost, VIEW)

_LATEST = MonthCost.select(fn.MAX(MonthCost.id)).group_by(MonthCost.month, MonthCost.kind)
HOLDS = MonthCost.id.in_(_LATEST)
"""Of a row: whether no later one takes its place."""


def costs_of(first: Month, last: Month) -> dict[Month, int]:
    """Return in fen what each month cost; one of which nothing was typed is left out."""
    query = MonthCost.select(MonthCost.month, fn.SUM(MonthCost.amount))
    query = query.where(HOLDS & MonthCost.month.between(first, last)).group_by(MonthCost.month)
    return {Month.from_number(number): int(fen) for number, fen in db.execute(query)}


def _of_month(month: Month) -> dict[CostKind, MonthCost]:
    return {one.kind: one for one in MonthCost.select().where(HOLDS & (MonthCost.month == month))}


def _inputs() -> list[Input]:
    return [
        Input("month", MonthField(verbose_name="月份"), required=True),
        Input("kind", ChoiceField(CostKind, verbose_name="成本种类"), required=True),
        Input("amount", MoneyField(verbose_name="金额"), required=True),
        Input("note", LineField(max_length=80, null=True, verbose_name="备注"), required=False),
    ]


class Entered:
    """What was entered for a month."""

    def __init__(self, rows: list[MonthCost]) -> None:
        self.rows = rows

    def done(self) -> str:
        """Return 已录成本, for a deed whose title is what is done."""
        return f"已录入 {len(self.rows)} 种成本"

    def summary(self) -> str:
        """Return what the months of it cost now."""
        told = costs_of(*(of(one.month for one in self.rows) for of in (min, max)))
        return "".join(f"{month} 共 {thousands(from_scaled(fen, 2))} 元。" for month, fen in told.items())


@deed("appraisals.enter_costs", "成本录入", KEEP)
def enter_costs(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="成本"))],
    reason: Annotated[
        str | None, Asked(LineField(max_length=80, null=True, verbose_name="更正原因"), "改已录的才要填")
    ] = None,
) -> Entered:
    """Enter what kinds of a month cost; what was entered before and is another amount now is corrected.

    Raises:
        RowRefused: a row stands twice, or its month lies ahead; nothing is written.
        RuleBroken: an amount is corrected without a reason.
    """
    seen: set[tuple[Month, CostKind]] = set()
    made = []
    for number, row in enumerate(rows):
        key = row["month"], row["kind"]
        if key in seen:
            raise RowRefused(
                f"{row['month']} {row['kind'].value}填了两行。请合成一行。", ROWS, number, "kind"
            )
        if row["month"].first > now().date():
            raise RowRefused(f"{row['month']} 还没有到，不能录成本。", ROWS, number, "month")
        seen.add(key)
        before = _of_month(row["month"]).get(row["kind"])
        if before is not None and (before.amount, before.note) == (row["amount"], row["note"]):
            continue
        if before is not None and not reason:
            raise RuleBroken(f"{before.described()} 已经录过。要改的，请填更正原因。")
        made.append(_add(row, reason if before is not None else None))
    if not made:
        raise RuleBroken("金额和已录的一样，没有要改的。")
    journal().subject = made[0]
    return Entered(made)


def _add(row: Mapping[str, Any], reason: str | None) -> MonthCost:
    return MonthCost.add(**row, reason=reason, made_at=now(), made_by=actor().name)


@entry("costing", "成本录入", "appraisals.enter_costs", ROWS, ("amount", "note"), "period")
def costing(filters: Filters) -> Sheet:
    """Every kind of cost of a month, last month's and the one entered already beside it."""
    month = filters.period.month if filters.period else Month.of(date.today()).plus(-1)
    known, before = _of_month(month), _of_month(month.plus(-1))
    lines = []
    for kind in CostKind:
        mine, last = known.get(kind), before.get(kind)
        told = (kind.value, mine.amount if mine else None, last.amount if last else None)
        offered = {"amount": mine.amount, "note": mine.note} if mine else {}
        lines.append(Line(kind.value, told, {"month": month, "kind": kind}, offered))
    ahead = month.first > date.today()
    return Sheet(
        told=(
            Shown("kind", LineField(verbose_name="成本种类", max_length=24)),
            Shown("known", MoneyField(verbose_name=f"{month} 已录")),
            Shown("before", MoneyField(verbose_name="上月")),
        ),
        lines=[] if ahead else lines,
        judge=lambda line, row: "没有填金额" if row.get("amount") is None else "",
        warns=f"{month} 还没有到，不能录成本。请在“期间”选本月或以前的月份。" if ahead else "",
    )


@listing("month_costs", "月度成本", "appraisals", VIEW, "period", "state", "void")
def month_costs(filters: Filters) -> Listing:
    """What months cost, newest first; `void` shows what was corrected too."""
    query = MonthCost.select()
    if filters.period:
        first, last = filters.period.months
        query = query.where(MonthCost.month.between(first, last))
    query = filters.narrow(query, state=MonthCost.kind)
    if not filters.void:
        query = query.where(HOLDS)
    columns = (
        Shown("month", MonthCost.month),
        Shown("kind", MonthCost.kind, status=True),
        Shown(
            "amount", MonthCost.amount, Case(None, ((HOLDS, MonthCost.amount),), 0) if filters.void else None
        ),
        Shown("note", MonthCost.note),
        Shown("replaced", FlagField(verbose_name="已更正"), Case(None, ((HOLDS, 0),), 1)),
        Shown("entered", MoneyField(verbose_name="录入金额"), MonthCost.amount, total=False, hidden=True),
        Shown("reason", MonthCost.reason),
        Shown("made_by", MonthCost.made_by),
        Shown("made_at", MonthCost.made_at, hidden=True),
    )
    return Listing(query, columns, id=MonthCost.id, order=("-month", "kind"), record=MonthCost)
