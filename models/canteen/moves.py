"""库存流水: every move of goods in or out of stock, and what it is worth by moving average.

Goods of one item are worth what came for them, less what went: an issue takes its share of what all of it is
worth, to the fen, and the last of it takes the rest, so that quantity and money come to nothing together. In
the course of a day what comes at a price of its own counts before what goes, whoever is typed first; a slip
of an earlier day is worked in where it belongs, and what follows is valued anew.

A return to the supplier leaves at the price of its own lot, as it is credited; where the stock is not worth
that much it leaves at the average, and `difference` keeps what is gained or lost by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from peewee import fn

from models.base import Record, db, journal
from models.canteen.books import refuse_closed_or_counted
from models.canteen.items import FREE, StockItem
from models.canteen.lots import StockLot
from models.clock import now
from models.deeds import actor, reaches_everybody
from models.errors import RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    StockField,
)
from models.money import divide_half_up, from_scaled, to_scaled


class MoveKind(Enum):
    """What goods came for, or went for."""

    OPENING = "期初"
    RECEIPT = "验收入库"
    REPLACED = "换货入库"
    ISSUE = "领用出库"
    BACK = "退库"
    RETURN = "退货出库"
    WRITTEN_OFF = "报损"
    GAIN = "盘盈"
    LOSS = "盘亏"


PRICED = (MoveKind.OPENING, MoveKind.RECEIPT, MoveKind.REPLACED)
"""Those that bring a price of their own; on their day they come first."""
INWARD = (*PRICED, MoveKind.BACK, MoveKind.GAIN)


class StockMove(Record):
    """库存流水: so much of a lot that came (+) or went (−) on a day; only its worth may change later."""

    item = LinkField(StockItem, backref="moves", verbose_name="物品")
    lot = LinkField(StockLot, backref="moves", verbose_name="批次")
    day = DayField(index=True, verbose_name="日期")
    turn = CountField(verbose_name="当日次序")
    kind = ChoiceField(MoveKind, verbose_name="收发类别")
    quantity = StockField(signed=True, verbose_name="数量")
    amount = MoneyField(signed=True, verbose_name="金额")
    own = MoneyField(null=True, verbose_name="本批金额")
    difference = MoneyField(signed=True, default=FREE, verbose_name="退货差价")
    origin = CountField(null=True, verbose_name="原出库流水")
    slip = CodeField(max_length=24, index=True, verbose_name="单号")
    words = LineField(max_length=80, null=True, verbose_name="说明")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="登记人")

    class Meta:
        title = "库存流水"
        indexes = ((("item", "day", "turn"), False), (("origin",), False))

    def label(self) -> str:
        """Return CK-202611-001 领用出库."""
        return f"{self.slip} {self.kind.value}"


reaches_everybody(StockMove)


def post(
    lot: StockLot, kind: MoveKind, quantity: Decimal, day: date, slip: str, *,
    worth: Decimal | None = None, origin: StockMove | None = None, words: str | None = None,
) -> StockMove:  # fmt: skip
    """Move goods and value them; for deeds, once these know that they may.

    Args:
        lot: of which; read anew, what is told of it elsewhere may be old.
        kind: for what.
        quantity: how much, never negative; the kind says in which direction.
        day: on which day.
        slip: number of the document.
        worth: in 元 what came, or what is credited for what goes back, at the price of the lot.
        origin: the issue that goods come back of.
        words: why, where somebody said so.

    Raises:
        RuleBroken: its books are closed, a count is going on, the item is kept no more, or at some time from
            that day on there would be less than nothing of the lot, or less than waits to go back of it.
    """
    refuse_closed_or_counted(day)
    lot = StockLot.get_by_id(lot.id)
    item = StockItem.get_by_id(lot.item_id)
    signed = quantity if kind in INWARD else -quantity
    if signed < 0:
        _refuse_lack(lot, item, quantity, day)
        if quantity > lot.stock - lot.held:
            raise RuleBroken(f"批次 {lot.code} 有 {item.told(lot.held)} 待退，请减少数量，或先办结退换。")
    elif not item.active:
        raise RuleBroken(f"{item.label()} 已停用，不能再入库。请先“启用库存物品”。")
    made = StockMove.add(
        item=item, lot=lot, day=day, turn=0 if kind in PRICED else 1, kind=kind, quantity=signed, amount=FREE,
        own=worth, origin=None if origin is None else origin.id, slip=slip, words=words,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip
    lot.change(stock=lot.stock + signed)
    value = _valued_anew(item, made)
    item.change(stock=item.stock + signed, value=value)
    return StockMove.get_by_id(made.id)


def opened_by(ids: range) -> None:
    """Count in what an import wrote of the stock at first: rows of `MoveKind.OPENING`, ids run together.

    Raises:
        RuleBroken: books are closed, a count is going on, or an item was moved otherwise.
    """
    mine = StockMove.id.between(ids.start, ids.stop - 1)
    for (day,) in db.execute(StockMove.select(StockMove.day).where(mine).distinct()):
        refuse_closed_or_counted(date.fromisoformat(str(day)))
    items = StockMove.select(StockMove.item).where(mine)
    refuse_moved(StockMove.item.in_(items) & ~mine, "不能再登记期初")
    lots = StockMove.select(StockMove.lot).where(mine)
    _sum_up(StockLot, StockMove.lot, lots, stock=StockMove.quantity)
    sum_up(items)


def refuse_moved(others: Any, consequence: str) -> None:
    """Refuse something because of a move that meets a condition, where there is one."""
    found = StockMove.select().where(others).order_by(StockMove.id).first()
    if found is not None:
        raise RuleBroken(
            f"{found.item.label()} 已有收发（{found.slip}），{consequence}。请在盘点时记盘盈或盘亏。"
        )


def sum_up(items: Any) -> None:
    """Set what there is of items, told by their ids, to what their moves come to; for deeds."""
    _sum_up(StockItem, StockMove.item, items, stock=StockMove.quantity, value=StockMove.amount)


def _sum_up(record: type[Record], link: Any, ids: Any, **sums: Any) -> None:
    found = {
        name: StockMove.select(fn.COALESCE(fn.SUM(column), 0)).where(link == record.id)
        for name, column in sums.items()
    }
    record.update(**found).where(record.id.in_(ids)).execute()
    journal().touch(record)


def _refuse_lack(lot: StockLot, item: StockItem, quantity: Decimal, day: date) -> None:
    """Refuse what would take more of a lot than there was on that day, or is left for what went later."""
    least = lowest_from(lot, day)
    if quantity > least:
        since = "" if day >= now().date() else f"从 {day} 起最少时"
        raise RuleBroken(
            f"批次 {lot.code} {item.label()} {since}只有 {item.told(least)}，"
            f"不能出 {item.told(quantity)}。请减少数量，或核对日期。"
        )


def lowest_from(lot: StockLot, day: date) -> Decimal:
    """Return the least that there was of a lot after all that happened on a day, then or later."""
    query = StockMove.select(StockMove.day, StockMove.quantity).where(StockMove.lot == lot)
    there, least = 0, None
    for moved_on, quantity in db.execute(query.order_by(StockMove.day, StockMove.turn, StockMove.id)):
        if str(moved_on) > day.isoformat():
            least = there if least is None else min(least, there)
        there += int(quantity)
    return from_scaled(there if least is None else min(least, there), 3)


# -- what it is worth ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """What valuing needs of a move, in thousandths and fen."""

    id: int
    kind: MoveKind
    quantity: int
    own: int | None
    origin: int | None
    amount: int
    difference: int


@dataclass
class Issued:
    """An issue of which goods come back: how much it was, and of that how much is back already."""

    quantity: int
    fen: int
    back: int = 0

    def come_back(self, quantity: int) -> int:
        """Return what comes back is worth: its share of the issue, so that all of it makes up the whole."""
        before, self.back = self.back, self.back + quantity
        return divide_half_up(self.fen * self.back, self.quantity) - divide_half_up(
            self.fen * before, self.quantity
        )


@dataclass
class Pool:
    """How much there is of an item, in thousandths, and what it is worth, in fen."""

    quantity: int = 0
    fen: int = 0
    issues: dict[int, Issued] = field(default_factory=dict)
    """Those that goods come back of, by the number of the move."""

    def count_in(self, move: Moved) -> tuple[int, int]:
        """Count a move in; return its signed worth, and what that differs from the price of its lot."""
        fen, difference = self._worth(move)
        self.quantity += move.quantity
        self.fen += fen
        if move.id in self.issues:
            self.issues[move.id].fen = -fen
        return fen, difference

    def _worth(self, move: Moved) -> tuple[int, int]:
        own, size = move.own or 0, abs(move.quantity)
        if move.kind in PRICED:
            return own, 0
        if move.kind is MoveKind.BACK and move.origin is not None:
            return self.issues[move.origin].come_back(size), 0
        if move.kind is MoveKind.GAIN:
            return (self._share(size) if self.quantity else own), 0
        share = self.fen if size >= self.quantity else self._share(size)
        if move.kind is not MoveKind.RETURN:
            return -share, 0
        taken = own if size < self.quantity and own < self.fen else share
        return -taken, own - taken

    def _share(self, size: int) -> int:
        return divide_half_up(self.fen * size, self.quantity)


def _valued_anew(item: StockItem, made: StockMove) -> Decimal:
    """Value a new move, and all others of its item where it is not the last; return what there is, in 元.

    Args:
        item: as it was before the move.
        made: the move.
    """
    if _followed(made):
        pool, moves = Pool(), in_order(item)
        pool.issues = _issues(moves, StockMove.id < 0)
    else:
        pool = Pool(to_scaled(item.stock, 3), to_scaled(item.value, 2))
        moves = in_order(item, StockMove.id == made.id)
        pool.issues = _issues(moves, StockMove.id < made.id)
    changed = 0
    for move in moves:
        told = pool.count_in(move)
        if told != (move.amount, move.difference):
            changed += move.id != made.id
            amount, difference = (from_scaled(one, 2) for one in told)
            StockMove.update(amount=amount, difference=difference).where(StockMove.id == move.id).execute()
    if changed:
        journal().note(revalued=changed)
    return from_scaled(pool.fen, 2)


def _followed(made: StockMove) -> bool:
    """Whether another move of its item comes after it."""
    same_day = (StockMove.day == made.day) & (StockMove.turn > made.turn)
    later = (StockMove.item == made.item_id) & ((StockMove.day > made.day) | same_day)
    return bool(StockMove.select().where(later).exists())


def in_order(item: StockItem, *conditions: Any) -> list[Moved]:
    """Return the moves of an item that meet conditions, in the order in which they are valued."""
    query = StockMove.select(*_COLUMNS).where(StockMove.item == item, *conditions)
    found = db.execute(query.order_by(StockMove.day, StockMove.turn, StockMove.id))
    return [Moved(id, MoveKind[kind], *rest) for id, kind, *rest in found]


_COLUMNS = (
    StockMove.id, StockMove.kind, StockMove.quantity, StockMove.own, StockMove.origin, StockMove.amount,
    StockMove.difference,
)  # fmt: skip


def _issues(moves: Iterable[Moved], before: Any) -> dict[int, Issued]:
    """Return the issues that goods come back of in these moves, and how much was back by earlier ones."""
    wanted = {move.origin for move in moves if move.origin is not None}
    if not wanted:
        return {}
    query = StockMove.select(StockMove.id, StockMove.quantity, StockMove.amount)
    found = {
        id: Issued(-quantity, -fen) for id, quantity, fen in db.execute(query.where(StockMove.id.in_(wanted)))
    }
    backs = StockMove.select(StockMove.origin, fn.SUM(StockMove.quantity))
    for origin, quantity in db.execute(
        backs.where(StockMove.origin.in_(wanted), before).group_by(StockMove.origin)
    ):
        found[origin].back = int(quantity)
    return found


def value_of(item: StockItem) -> tuple[Pool, list[tuple[Moved, tuple[int, int]]]]:
    """Value an item from its first move on: what there is, and each move with what it should be worth."""
    moves = in_order(item)
    pool = Pool(issues=_issues(moves, StockMove.id < 0))
    return pool, [(move, pool.count_in(move)) for move in moves]


def share_of(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Return in 元 what a part is worth of what is worth an amount; nothing of nothing."""
    if not whole:
        return FREE
    return from_scaled(divide_half_up(to_scaled(amount, 2) * to_scaled(part, 3), to_scaled(whole, 3)), 2)


def unit_price(amount: Decimal, quantity: Decimal) -> Decimal:
    """Return in 元 an amount by a quantity, to four decimals; nothing by nothing."""
    if not quantity:
        return Decimal("0.0000")
    return from_scaled(divide_half_up(to_scaled(amount, 2) * 10**5, to_scaled(quantity, 3)), 4)
