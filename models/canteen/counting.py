"""盘点的办理: begun, counted, counted once more where it differs, approved; or called off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any

from models.base import insert_rows, journal
from models.canteen.books import StockClose, adjusting, closed_until, span_to
from models.canteen.counts import StocktakeLine
from models.canteen.items import FREE, StockItem
from models.canteen.lots import AskedLot, StockLot
from models.canteen.moves import MoveKind, post, unit_price
from models.canteen.rights import COUNT, DECIDE, STORE
from models.canteen.stocktakes import AskedCount, CountState, Stocktake, running
from models.clock import now
from models.deeds import actor, deed, require
from models.entries import Strange
from models.errors import BadInput, RuleBroken
from models.fields import LineField, LinkField, MonthField, StockField
from models.inputs import Asked, Input
from models.money import to_scaled
from models.months import Month
from models.office.accounts import Account, AccountRole, RoleRight
from models.office.approvals import decided_last, pending_with, refuse_pending, running_approval
from models.office.chains import Step, approvable
from models.office.staff import Staff
from models.rows import RowRefused, RowsField
from models.suppliers.goods import Goods, trimmed, worth
from models.text import few

ROWS = "rows"
FROM_DAY, AFTER = 25, 5
"""A month is counted from its 25th on, and a few days after its end at the latest."""


@deed(
    "canteen.begin_count",
    "开始盘点",
    COUNT,
    question="盘点期间库存冻结，不能收发；批准后今天及以前结账，没有批完的报损次日再批。",
)
def begin_count(
    counter: Annotated[Staff, Asked(LinkField(Staff, verbose_name="盘点人"))],
    witness: Annotated[Staff, Asked(LinkField(Staff, verbose_name="监盘人"))],
    month: Annotated[
        Month | None, Asked(MonthField(null=True, verbose_name="月份"), "不填为本月，月初几天为上月")
    ] = None,
) -> Stocktake:
    """Begin to count: the books stand still, and every lot that should be there becomes a line.

    Raises:
        RuleBroken: a count is going on, the month is closed, or nothing is in stock.
        BadInput: it is too early or too late in the month, or who witnesses counts, or keeps the store.
    """
    going = running()
    if going is not None:
        raise RuleBroken(f"{going.number} 还在进行，请先批准或取消。")
    today = now().date()
    wanted = month or _month_of(today)
    _check_month(wanted, today)
    _check_people(counter, witness)
    lots = list(
        StockLot.select(StockLot, StockItem, Goods).join(StockItem).join(Goods).where(StockLot.stock > 0)
        .order_by(StockItem.place.asc(nulls="last"), StockItem.code, StockLot.expires_on, StockLot.id)
    )  # fmt: skip
    if not lots:
        raise RuleBroken("库里没有东西，不用盘点。")
    number = _number(wanted)
    made = Stocktake.add(
        number=number, month=wanted, day=today, counter=counter.name, witness=witness.name, made_at=now(),
        made_by=actor().name,
    )  # fmt: skip
    insert_rows(
        StocktakeLine,
        ("stocktake", "lot", "code", "book", "price"),
        [
            (
                made.id, lot.id, f"{number}/{place}", to_scaled(lot.stock, 3),
                to_scaled(unit_price(lot.item.value, lot.item.stock), 4),
            )
            for place, lot in enumerate(lots, start=1)
        ],
    )  # fmt: skip
    journal().touch(StocktakeLine)
    journal().note(lines=len(lots))
    journal().subject = made
    return made


def _month_of(today: date) -> Month:
    return Month.of(today).plus(-1) if today.day <= AFTER else Month.of(today)


def _number(month: Month) -> str:
    """Return how the count of a month is called; one after another that was called off is PD-202611-2."""
    count = Stocktake.select().where(Stocktake.month == month).count()
    return f"PD-{month.first:%Y%m}" + (f"-{count + 1}" if count else "")


def _check_month(month: Month, today: date) -> None:
    if StockClose.get_or_none(StockClose.month == month) is not None:
        raise RuleBroken(f"{month} 已经盘点结账了。")
    first, last = month.day(FROM_DAY), month.last + timedelta(days=AFTER)
    if not first <= today <= last:
        raise BadInput(f"{month} 的盘点在 {first} 到 {last} 之间做，今天是 {today}。", "month")
    until = closed_until()
    if until is not None and today <= until:
        raise RuleBroken(f"{until} 已结账，今天不能再盘点。请明天盘。")


def _check_people(counter: Staff, witness: Staff) -> None:
    if counter.id == witness.id:
        raise BadInput(f"盘点人和监盘人不能是同一人（{witness.name}）。", "witness")
    if _keeps(witness):
        raise BadInput(f"{witness.name} 是仓库管理员，不能监盘。请财务或别的部门的人监盘。", "witness")


def _keeps(staff: Staff) -> bool:
    """Whether somebody keeps the store: an account of his has a role with just that right."""
    return _may_store(Account.staff == staff)


def _may_store(whose: Any) -> bool:
    """Whether one of the accounts that meet a condition has a role with just the right of storing."""
    mine = Account.select(Account.id).where(whose)
    query = AccountRole.select().join(RoleRight, on=(RoleRight.role == AccountRole.role))
    return bool(query.where(AccountRole.account.in_(mine) & (RoleRight.right == STORE)).exists())


# -- counting --------------------------------------------------------------------------------------


def _counted_inputs() -> list[Input]:
    return [
        Input("line", LinkField(StocktakeLine, verbose_name="盘点明细"), required=True),
        Input("counted", StockField(verbose_name="实盘"), required=True),
    ]


class Counted:
    """What was typed of a count, and what is still to be counted."""

    def __init__(self, stocktake: Stocktake, typed: int) -> None:
        self.stocktake, self.typed = stocktake, typed

    def done(self) -> str:
        """Return 已录入实盘 12 批."""
        return f"已录入 {self.typed} 批"

    def summary(self) -> str:
        """Return how many are left, or how many differ."""
        lines = list(self.stocktake.lines)
        left = sum(one.counted is None for one in lines)
        if left:
            return f"{self.stocktake.number} 还有 {left} 批没有盘。"
        differ = sum(one.counted != one.book and one.recounted is None for one in lines)
        return f"{self.stocktake.number} 全部盘完，" + (
            f"{differ} 批与账不符，请复盘。" if differ else "可以批准。"
        )


@deed("canteen.enter_counts", "录入实盘", COUNT)
def enter_counts(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_counted_inputs, verbose_name="实盘"))],
) -> Counted:
    """Type what was counted, all of it or a part; once all is counted, what differs is known.

    Raises:
        RowRefused: a lot stands twice, was counted already, or is of another count.
    """
    stocktake = _going(rows, CountState.COUNTING)
    for number, row in enumerate(rows):
        line: StocktakeLine = row["line"]
        if line.counted is not None:
            told = f"{line.lot.code} 已录过实盘。与账不符的在“复盘”里再数一次。"
            raise RowRefused(told, ROWS, number, "counted")
        line.change(counted=row["counted"])
    lines = list(stocktake.lines)
    if all(one.counted is not None for one in lines):
        differs = any(one.counted != one.book for one in lines)
        stocktake.move_to(CountState.CHECKING if differs else CountState.READY)
    journal().subject = stocktake
    return Counted(stocktake, len(rows))


def _going(rows: Sequence[Mapping[str, Any]], state: CountState) -> Stocktake:
    """Return the count of which all rows are, where it stands so.

    Raises:
        RowRefused: a lot stands twice, or is of another count.
        RuleBroken: the count stands otherwise.
    """
    stocktake: Stocktake = rows[0]["line"].stocktake
    seen = set()
    for number, row in enumerate(rows):
        line: StocktakeLine = row["line"]
        if line.stocktake_id != stocktake.id or line.id in seen:
            raise RowRefused(f"{line.label()} 录了两次，或不是这次盘点的。", ROWS, number, "line")
        seen.add(line.id)
    if stocktake.state is not state:
        raise RuleBroken(f"{stocktake.number} 现在是“{stocktake.state.value}”，不能这样录入。")
    return stocktake


def _recounted_inputs() -> list[Input]:
    return [
        Input("line", LinkField(StocktakeLine, verbose_name="盘点明细"), required=True),
        Input("recounted", StockField(verbose_name="复盘"), required=True),
        Input("cause", LineField(max_length=80, null=True, verbose_name="差异原因"), required=False),
        Input("opinion", LineField(max_length=80, null=True, verbose_name="处理意见"), required=False),
    ]


@deed("canteen.recount", "录入复盘", COUNT)
def recount(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_recounted_inputs, verbose_name="复盘"))],
) -> Counted:
    """Type the second count of what differs, and why it does; once all of it is there, it may be approved.

    Raises:
        RowRefused: a lot does not differ, no cause is given though it still does, or more of it waits to go
            back to its supplier.
        RuleBroken: not everything was counted yet.
    """
    stocktake = _going(rows, CountState.CHECKING)
    for number, row in enumerate(rows):
        line: StocktakeLine = row["line"]
        if line.counted == line.book:
            raise RowRefused(f"{line.lot.code} 与账相符，不用复盘。", ROWS, number, "line")
        problem = unexplained(line, row) or _below_held(line.lot, row["recounted"])
        if problem:
            raise RowRefused(f"{problem}。", ROWS, number, getattr(problem, "column", "") or "recounted")
        line.change(recounted=row["recounted"], cause=row.get("cause"), opinion=row.get("opinion"))
    differing = [one for one in stocktake.lines if one.counted != one.book]
    if all(one.recounted is not None for one in differing):
        stocktake.move_to(CountState.READY)
    journal().subject = stocktake
    return Counted(stocktake, len(rows))


def _below_held(lot: StockLot, found: Decimal) -> str:
    """Return why so much cannot be all there is of a lot: more waits to go back; empty where it can."""
    if found >= lot.held:
        return ""
    told = f"批次 {lot.code} 有 {lot.item.told(lot.held)} 待退，实盘不能少于它"
    return f"{told}。请经理“不同意退换”，或取消盘点、办结退换后再盘"


def unexplained(line: StocktakeLine, row: Mapping[str, Any]) -> str:
    """Return why a second count cannot be taken so; empty where it can."""
    if row.get("recounted") is None:
        return "没有填复盘数"
    if row["recounted"] != line.book and not row.get("cause"):
        return Strange.at("cause", "复盘仍与账不符，请写差异原因")
    return ""


@deed("canteen.count_found", "加盘一批", COUNT)
def count_found(stocktake: AskedCount, lot: AskedLot) -> StocktakeLine:
    """Add a lot of which the books know nothing any more, though some of it was found.

    Raises:
        RuleBroken: the count is past that, or the lot is counted anyway.
    """
    if stocktake.state is not CountState.COUNTING:
        raise RuleBroken(f"{stocktake.number} {stocktake.state.value}，不能再加。")
    if StocktakeLine.get_or_none((StocktakeLine.stocktake == stocktake) & (StocktakeLine.lot == lot)):
        raise RuleBroken(f"批次 {lot.code} 已经在盘点表里。")
    lot = StockLot.get_by_id(lot.id)  # what a form read of it may be older than the books
    place = stocktake.lines.count() + 1
    price = unit_price(lot.item.value, lot.item.stock) if lot.item.stock else lot.price
    return StocktakeLine.add(
        stocktake=stocktake, lot=lot, code=f"{stocktake.number}/{place}", book=lot.stock, price=price
    )


@deed("canteen.cancel_count", "取消盘点", COUNT, danger=True, question="取消后库存解冻，已录的实盘作废。")
def cancel_count(
    stocktake: AskedCount, reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="取消原因"))]
) -> Stocktake:
    """Call a count off; the books go on. Once something was counted, who counts does not decide that.

    Raises:
        RuleBroken: it is over, or being approved.
        PermissionDenied: something was counted, and the person acting does not decide on the store.
    """
    if any(line.counted is not None for line in stocktake.lines):
        require(DECIDE)
    refuse_pending(pending_with("canteen.approve_count", "stocktake", stocktake), f"盘点 {stocktake.number}")
    return stocktake.move_to(CountState.CANCELLED, why=reason)


@deed(
    "canteen.approve_count", "批准盘点", COUNT,
    question="批准后盈亏记账，这个月结账：盘点日及以前的单据不能再登记。",
)  # fmt: skip
def approve_count(stocktake: AskedCount) -> Stocktake:
    """Book what was found more or less, close the month and let the books go on.

    What is more is booked before what is less, so that both are worth the average of the frozen books.

    Raises:
        RuleBroken: it is not counted through, or over, or less of a lot was found than waits to go back;
            where no chain of approvals stands before it, who counts or keeps the store approves it himself.
    """
    approval = running_approval()
    if approval is None:
        _refuse_own(stocktake)
    if stocktake.state is not CountState.READY:
        raise RuleBroken(f"{stocktake.number} {stocktake.state.value}，还不能批准。")
    with adjusting():
        for line in sorted(stocktake.lines, key=lambda one: (one.found < one.book, one.id)):
            _book(stocktake, line)
    StockClose.add(
        month=stocktake.month, first=span_to(stocktake.day).first, until=stocktake.day,
        number=stocktake.number, made_at=now(),
        made_by=actor().name if approval is None else decided_last(approval) or approval.who,
    )  # fmt: skip
    return stocktake.move_to(
        CountState.DONE, approved_at=now(), approval=str(approval.number) if approval else None
    )


def _refuse_own(stocktake: Stocktake) -> None:
    require(DECIDE)
    if actor().name == stocktake.counter or _may_store(Account.id == actor().account_id):
        raise RuleBroken(f"盘点 {stocktake.number} 不能由盘点人或仓管员自己批准。请主管或经理批准。")


def _book(stocktake: Stocktake, line: StocktakeLine) -> None:
    assert line.found is not None
    more = line.found - line.book
    if not more:
        return
    kind = MoveKind.GAIN if more > 0 else MoveKind.LOSS
    lot, size = StockLot.get_by_id(line.lot_id), abs(more)
    if problem := _below_held(lot, line.found):
        raise RuleBroken(f"{problem}。")
    own = worth(size, lot.price) if more > 0 else None
    move = post(lot, kind, size, stocktake.day, stocktake.number, worth=own, words=line.cause)
    line.change(move=move)


def gain_of(line: StocktakeLine) -> Decimal | None:
    """Return in 元, signed, what a line comes to: as booked, before at the price of the frozen books.

    None until it is counted.
    """
    if line.found is None:
        return None
    if line.move is not None:
        booked: Decimal = line.move.amount
        return booked
    more = line.found - line.book
    amount = worth(abs(more), line.price)
    return amount if more >= 0 else -amount


def _total(values: Mapping[str, Any]) -> Decimal:
    """Return in 元 what is gained and lost, both as positive amounts."""
    found = (gain_of(line) or Decimal("0.00") for line in values["stocktake"].lines)
    return sum((abs(one) for one in found), Decimal("0.00"))


def _about(values: Mapping[str, Any]) -> str:
    """Return what is approved: which lots differ, by how much, and what that comes to."""
    stocktake: Stocktake = values["stocktake"]
    lines = [(one, gain_of(one) or FREE) for one in stocktake.lines if one.found != one.book]
    told = [
        f"{one.lot.item.label()} {trimmed(one.found - one.book)} {one.lot.item.unit}（{gain:,.2f} 元）"
        for one, gain in sorted(lines, key=lambda pair: -abs(pair[1]))
    ]
    whole = sum((gain for _, gain in lines), FREE)
    differ = f"{len(lines)} 批不符，净额 {whole:,.2f} 元：{few(told, '批', 4)}" if lines else "全部相符"
    return f"{stocktake.described()}；{differ}"


approvable(
    "canteen.approve_count",
    default=(Step("会计", "财务"), Step("管理处主任", "服务中心经理")),
    on=True,
    amount=_total,
    about=_about,
)
