"""公共分摊: a common cost of a month is shared among houses, tried first, undone as one.

The pool comes from an invoice or from the readings of a common meter, typed or as they were taken, without
what must not be shared (forms.md B1.3). A plan is shared once a month, and no house bears an item of a
month twice (B1.10).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from models.base import db, insert_rows, journal
from models.batches import AskedBatch, mark_undone, start, undone_by
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees.billing import NOBODY, due_on
from models.fees.bills import Bill, BillKind
from models.fees.gaps import reversed_lines
from models.fees.meters import Meter, MeterKind
from models.fees.rights import SHARE
from models.fees.settle import voidable
from models.fees.share_math import MILLION, Left, Portion, Weighing, divide, weigh
from models.fees.share_meters import shown_by, used_by_houses
from models.fees.share_plans import (
    ShareBase,
    SharePlan,
    base_text,
    check_agreed,
    scope_text,
)
from models.fees.share_pool import Exclusion, Pool, asked_exclusions, pool_of, pool_of_meter
from models.fees.shares import COSTS, CostState, ReadingField, Share, SharedCost, source_of
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MoneyField,
    MonthField,
    PriceField,
)
from models.inputs import Input
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.months import Month
from models.owners.estate import Unit
from models.owners.payees import payers_by_id
from models.rows import RowRefused, RowsField
from models.text import few

SHARING = "sharing"
"""The kind of batch that one run makes."""


Rows = list[dict[str, Any]] | None


@dataclass(frozen=True)
class Sharing:
    """What sharing a cost comes to, before it is written."""

    plan: SharePlan
    month: Month
    pool: Pool
    weighing: Weighing
    portions: Sequence[Portion]
    base: int

    @cached_property
    def total(self) -> Decimal:
        """Sum of all shares in 元."""
        return from_scaled(sum(one.amount for one in self.portions), 2)

    @property
    def left(self) -> list[Left]:
        """Houses within the scope that bear nothing, those of which something is lacking first."""
        return [*self.weighing.lacking, *self.weighing.left]

    def summary(self) -> str:
        """Return the trial in words: what is shared, whether it adds up, who is left out."""
        pool = self.pool.amount
        told = f"{self.plan.name} {self.month}：总额 {thousands(pool)} 元，{len(self.portions):,} 户分摊，"
        told += f"各户合计 {thousands(self.total)} 元，差额 {thousands(pool - self.total)} 元。"
        if self.weighing.lacking:
            told += f"{_lacking(self.weighing.lacking)}，补齐后才能分摊。"
        return told + (f"另有 {len(self.weighing.left):,} 户不分摊。" if self.weighing.left else "")

    def details(self) -> dict[str, Any]:
        """Return the trial house by house, for machines."""
        return {
            "amount": self.pool.amount,
            "total": self.total,
            "shares": [
                {
                    "unit": one.code,
                    "quantity": from_scaled(one.quantity, 2),
                    "coefficient": from_scaled(one.coefficient, 4),
                    "exact": from_scaled(one.exact, 6),
                    "rest": from_scaled(one.rest, 2),
                    "amount": from_scaled(one.amount, 2),
                }
                for one in self.portions
            ],
            "lacking": [one._asdict() for one in self.weighing.lacking],
            "left_out": [one._asdict() for one in self.weighing.left],
        }


def _usages() -> list[Input]:
    return [
        Input("unit", LinkField(Unit, verbose_name="房号"), required=True),
        Input("quantity", ReadingField(verbose_name="用量"), required=True),
    ]


def _input(name: str, field: Any, without: str = "", *, required: bool = False) -> Input:
    field.name = name
    return Input(name, field, required, without=without)


_METERED, _BY_HAND = "按抄表时填", "不填则手写"


def _asked() -> list[Input]:
    """Return what sharing asks for, in an order that puts both tables of rows side by side in its form."""
    return [
        _input("plan", LinkField(SharePlan, verbose_name="分摊方案"), required=True),
        _input("month", MonthField(verbose_name="所属月份"), required=True),
        _input("amount", MoneyField(null=True, verbose_name="发票金额"), "不填则按抄表"),
        _input("meter", LinkField(Meter, null=True, verbose_name="公共表"), "不填则手填读数"),
        _input("previous", ReadingField(null=True, verbose_name="上期读数"), _METERED),
        _input("current", ReadingField(null=True, verbose_name="本期读数"), _METERED),
        _input("price", PriceField(null=True, verbose_name="单价"), _METERED),
        _input("exclusions", RowsField(asked_exclusions, null=True, verbose_name="剔除项")),
        _input("multiplier", CountField(1, 100_000, null=True, verbose_name="倍率"), "不填为 1"),
        _input("source", LineField(max_length=60, null=True, verbose_name="发票号/表号")),
        _input("due", DayField(null=True, verbose_name="缴费截止日"), "不填为最近的截止日"),
        _input("shown_from", DayField(null=True, verbose_name="公示起"), _BY_HAND),
        _input("shown_until", DayField(null=True, verbose_name="公示止"), _BY_HAND),
        _input("note", LineField(max_length=120, null=True, verbose_name="备注")),
        _input("by_meters", ChoiceField(MeterKind, null=True, verbose_name="各户用量取自"), "不填则逐户填"),
        _input("usages", RowsField(_usages, null=True, verbose_name="各户用量"), "按用量分摊时填"),
    ]


@deed("fees.try_share", "试分摊", SHARE, inputs=_asked)
def try_share(
    plan: SharePlan,
    month: Month,
    meter: Meter | None = None,
    by_meters: MeterKind | None = None,
    usages: Rows = None,
    **given: Any,
) -> Sharing:
    """Say what each house would bear, and who bears nothing and why; writes nothing."""
    told = {name: value for name, value in given.items() if name not in _TOLD}
    return _shared(plan, month, _pool(month, meter, told), _used(plan, month, usages or [], by_meters))


@deed(
    "fees.share",
    "分摊",
    SHARE,
    inputs=_asked,
    question="分摊后各户账单即生效；同一方案一个月只分摊一次，错了可整批撤销。",
)
def share(
    plan: SharePlan,
    month: Month,
    meter: Meter | None = None,
    by_meters: MeterKind | None = None,
    usages: Rows = None,
    due: date | None = None,
    source: str | None = None,
    shown_from: date | None = None,
    shown_until: date | None = None,
    note: str | None = None,
    **pool: Any,
) -> SharedCost:
    """Share a common cost of a month and ask the houses for their shares.

    Args:
        plan: by which rule.
        month: whose cost it is.
        meter: the common meter whose usage of the month is shared.
        by_meters: of which kind are the meters that tell what each house used, where no usages are given.
        usages: what each house used, where the plan goes by that.
        due: the last day to pay; the next due day of the item where it is not given.
        source: number of the invoice or of the meter.
        shown_from: from when the notice is put up.
        shown_until: until when.
        note: what else the notice says.
        **pool: as `pool_of` takes it.

    Raises:
        BadInput: the pool is not told, or told twice.
        RuleBroken: the meter was not read, nothing is to be shared, something is lacking, or it was shared
            already.
    """
    if shown_from and shown_until and shown_from > shown_until:
        raise BadInput(f"公示止日 {shown_until} 早于起日 {shown_from}。请核对。", "shown_until")
    used = _used(plan, month, usages or [], by_meters)
    sharing = _shared(plan, month, _pool(month, meter, pool), used)
    if sharing.weighing.lacking:
        raise RuleBroken(
            f"{_lacking(sharing.weighing.lacking)}，它们的份额会摊到别户头上。请先补齐，再分摊。"
        )
    _refuse_twice(sharing)
    source = "，".join(filter(None, (meter.number if meter else None, source))) or None
    shown = {"source": source, "shown_from": shown_from, "shown_until": shown_until, "note": note}
    return _write(sharing, due or _due_day(plan, month), shown)


_TOLD = ("due", "source", "shown_from", "shown_until", "note")
"""What a trial is given without asking for it."""


@undone_by(SHARING, "公共分摊")
@deed(
    "fees.undo_sharing", "撤销分摊", SHARE, danger=True,
    question="这一批分摊账单将全部作废，分摊单留号作废，可重新分摊。",
)  # fmt: skip
def undo_sharing(batch: AskedBatch) -> SharedCost:
    """Void every line of a shared cost, while nothing of it is paid; its document stays, void.

    Raises:
        RuleBroken: something is paid, the batch is none of shares, or it is undone already.
    """
    mark_undone(batch, undo_sharing)
    voided = Bill.update(live=False).where(voidable(batch)).execute()
    journal().touch(Bill)
    journal().note(voided=voided)
    cost: SharedCost = SharedCost.get(SharedCost.batch == batch)
    return cost.move_to(CostState.VOID)


# -- computing -------------------------------------------------------------------------------------


def _pool(month: Month, meter: Meter | None, told: dict[str, Any]) -> Pool:
    return pool_of(**told) if meter is None else pool_of_meter(shown_by(meter, month), **told)


def _shared(plan: SharePlan, month: Month, pool: Pool, used: dict[int, int]) -> Sharing:
    _check_plan(plan, month)
    weighing = weigh(plan, month, used)
    if not weighing.counted:
        reasons = _lacking(weighing.lacking) if weighing.lacking else "范围内没有要分摊的房屋"
        raise RuleBroken(f"{plan.name} 无法分摊：{reasons}。请核对方案的范围、系数和各户资料。")
    divided = divide(plan, weighing.counted, to_scaled(pool.amount, 2))
    return Sharing(plan, month, pool, weighing, divided.portions, divided.base)


def _check_plan(plan: SharePlan, month: Month) -> None:
    if not plan.active or not plan.item.active:
        raise RuleBroken(f"分摊方案“{plan.name}”或它的收费项目已停用，不能分摊。请恢复，或另选方案。")
    if month > Month.of(date.today()):
        raise BadInput(f"{month} 还没有到，不能分摊。请核对月份。", "month")
    check_agreed(plan, plan.agreed)


def _used(
    plan: SharePlan, month: Month, rows: Sequence[Mapping[str, Any]], kind: MeterKind | None
) -> dict[int, int]:
    """Return what each house (id) used, in hundredths: as typed, or else by its own meters of a kind."""
    asked = "usages" if rows else "by_meters"
    if (rows or kind) and ShareBase.USAGE not in (plan.base, *(part.base for part in plan.parts)):
        raise BadInput(f"{plan.name} 不按用量分摊，不用填各户用量。", asked)
    if rows and kind:
        raise BadInput("各户用量要么逐户填，要么取自各户的表。请只填一种。", "by_meters")
    if kind is not None:
        return used_by_houses(kind, month)
    found: dict[int, int] = {}
    for number, row in enumerate(rows):
        if row["unit"].id in found:
            raise RowRefused(f"{row['unit'].code} 填了两次用量。请留一行。", "usages", number, "unit")
        found[row["unit"].id] = to_scaled(row["quantity"], 2)
    return found


def _lacking(lacking: Sequence[Left]) -> str:
    """Return 1-1-101 没有面积、1-1-102 没有面积 等 5 户."""
    return few([f"{one.code} {one.reason}" for one in lacking], "户")


def _refuse_twice(sharing: Sharing) -> None:
    """Refuse what was charged already: the plan, or the item to one of the houses (forms.md B1.10)."""
    plan, month = sharing.plan, sharing.month
    live = (SharedCost.state == CostState.SHARED) & (SharedCost.month == month)
    before = SharedCost.get_or_none(live & (SharedCost.plan == plan))
    if before is not None:
        raise RuleBroken(f"{plan.name} {month} 已分摊过（{before.number}）。要重新分摊，请先撤销它。")
    mine = {one.unit for one in sharing.portions}
    same = (Bill.live == True) & (Bill.month == month) & (Bill.item == plan.item) & (Bill.amount > 0)
    same &= ~reversed_lines()
    query = Bill.select(Bill.unit, Unit.code).join(Unit).where(same).order_by(Unit.sort_key)
    twice = [code for unit, code in db.execute(query) if unit in mine]
    if twice:
        raise RuleBroken(
            f"{twice[0]} 等 {len(twice):,} 户 {month} 已有{plan.item.name}的账单，不能重复收取。"
            "请核对方案的范围，或先撤销前一次分摊、出账。"
        )


def _due_day(plan: SharePlan, month: Month) -> date:
    """Return the next day on which the item falls due, not before that of its month."""
    today = now().date()
    asked = max(month, Month.of(today))
    day = due_on(asked, plan.item.due_day)
    return day if day >= today else due_on(asked.plus(1), plan.item.due_day)


# -- writing ---------------------------------------------------------------------------------------

_SHARE = ("cost", "unit", "quantity", "coefficient", "exact", "rest", "amount")
_BILL = (
    "month",
    "unit",
    "item",
    "part",
    "kind",
    "source",
    "amount",
    "paid",
    "live",
    "due",
    "run",
    "batch",
    "payer",
    "liable",
)


def _write(sharing: Sharing, due: date, shown: dict[str, Any]) -> SharedCost:
    plan, month, pool = sharing.plan, sharing.month, sharing.pool
    number = COSTS.next(month.first)
    batch = start(SHARING, f"{month} {plan.name} {number}", number=number)
    fen = to_scaled(pool.amount, 2)
    figures = {name: value for name, value in vars(pool).items() if name != "exclusions"}
    cost = SharedCost.add(
        number=number, month=month, plan=plan, kind=plan.kind, scope=_short(scope_text(plan)), base=plan.base,
        mix=base_text(plan) if plan.base is ShareBase.MIX else None, agreed=plan.agreed,
        exclusions=[_told(one) for one in pool.exclusions] or None,
        total_base=from_scaled(sharing.base, 6),
        unit_share=from_scaled(divide_half_up(fen * 10_000 * MILLION, sharing.base), 6),
        units=len(sharing.portions), adjusted=from_scaled(sum(one.rest for one in sharing.portions), 2),
        left_out=[list(one) for one in sharing.left] or None, run=Month.of(due), batch=batch,
        made_at=now(), made_by=actor().name, **figures, **shown,
    )  # fmt: skip
    insert_rows(Share, _SHARE, _shares(cost.id, sharing.portions))
    made = insert_rows(Bill, _BILL, _lines(sharing, cost, due))
    journal().note(number=number, lines=len(made), amount=str(pool.amount))
    batch.change(count=len(made), amount=pool.amount)
    return cost


def _short(words: str) -> str:
    most = SharedCost.scope.max_length
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _told(one: Exclusion) -> list[str | None]:
    return [one.name, *(None if value is None else f"{value:.2f}" for value in (one.quantity, one.amount))]


def _shares(cost: int, portions: Sequence[Portion]) -> Iterator[tuple[Any, ...]]:
    for one in portions:
        yield cost, one.unit, one.quantity, one.coefficient, one.exact, one.rest, one.amount


def _lines(sharing: Sharing, cost: SharedCost, due: date) -> Iterator[tuple[Any, ...]]:
    """Yield the stored values of each line; a share of nothing asks for nothing."""
    payers = payers_by_id(sharing.month.first)
    if any(one.unit not in payers for one in sharing.portions):
        payers = payers_by_id(sharing.month.last) | payers
    month, item, kind = sharing.month.number, sharing.plan.item_id, BillKind.SHARED.name
    day, run, batch, number = due.isoformat(), Month.of(due).number, cost.batch_id, cost.number
    for one in sharing.portions:
        if one.amount:
            source = source_of(number, one.unit)
            payer = payers.get(one.unit, NOBODY)
            yield month, one.unit, item, 0, kind, source, one.amount, 0, 1, day, run, batch, *payer
