"""库存样本: 2,000 items with 300,000 moves of three years: ten receipts of each, and issues."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from models.base import insert_rows
from models.canteen.items import StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import StockMove
from models.suppliers.goods import Goods, GoodsKind

ITEMS, RECEIPTS, ISSUES = 2_000, 10, 140
SPAN = 1_080
_FIRST = date.today() - timedelta(days=SPAN)
_AT = f"{_FIRST} 09:00:00"
_WHOLE, _PART = 500_000, 35_000
"""Thousandths that a receipt brings, and an issue takes."""

BARE = """
SELECT i.code, SUM(CASE WHEN m.day < :first THEN m.quantity ELSE 0 END),
  SUM(CASE WHEN m.day < :first THEN m.amount ELSE 0 END),
  SUM(CASE WHEN m.day >= :first AND m.quantity > 0 THEN m.quantity ELSE 0 END),
  SUM(CASE WHEN m.day >= :first AND m.quantity > 0 THEN m.amount ELSE 0 END),
  -SUM(CASE WHEN m.day >= :first AND m.quantity <= 0 THEN m.quantity ELSE 0 END),
  -SUM(CASE WHEN m.day >= :first AND m.quantity <= 0 THEN m.amount ELSE 0 END),
  SUM(m.quantity), SUM(m.amount)
FROM stock_move m JOIN stock_item i ON i.id = m.item_id WHERE m.day <= :last
GROUP BY m.item_id ORDER BY i.code
"""
"""What a person who knows SQL would write for the same."""

_GOODS = ("name", "unit", "kind", "code", "active", "stocked", "search")
_ITEM = ("goods", "code", "unit", "per", "storage", "least", "stock", "value", "active")
_LOT = ("code", "item", "arrived_on", "expires_on", "price", "bought", "stock", "held", "apart")
_MOVE = (
    *("item", "lot", "day", "turn", "kind", "quantity", "amount", "own", "difference", "slip"),
    *("made_at", "made_by"),
)


def add() -> None:
    """Write items, lots and moves into an open office; each is worth what its moves say."""
    chance = random.Random(17)
    kind = GoodsKind.find("粮油").id
    prices = [chance.randint(1, 80) * 10_000 for _ in range(ITEMS)]
    goods = insert_rows(
        Goods,
        _GOODS,
        ((f"物品{n:04d}", "kg", kind, f"KC{n:04d}", 1, 1, f"物品{n:04d}") for n in range(ITEMS)),
    )
    left = RECEIPTS * _WHOLE - ISSUES * _PART
    items = insert_rows(
        StockItem,
        _ITEM,
        (
            (id, f"KC{n:04d}", "kg", 1000, "DRY", 150_000 if n % 4 == 0 else None, left,
             left * prices[n] // 100_000, 1)
            for n, id in enumerate(goods)
        ),
    )  # fmt: skip
    lots = insert_rows(StockLot, _LOT, _lots(items, prices))
    insert_rows(StockMove, _MOVE, _moves(items, lots, prices))


def _lots(items: Sequence[int], prices: list[int]) -> Iterator[tuple[Any, ...]]:
    left = RECEIPTS * _WHOLE - ISSUES * _PART
    for place, item in enumerate(items):
        for number in range(RECEIPTS):
            day = _FIRST + timedelta(days=number * (SPAN // RECEIPTS))
            stock = left if number == RECEIPTS - 1 else 0
            until = day + timedelta(days=1500)
            yield (f"RK-{place:04d}-{number}", item, f"{day}", f"{until}", prices[place], 0, stock, 0, 0)


def _moves(items: Sequence[int], lots: Sequence[int], prices: list[int]) -> Iterator[tuple[Any, ...]]:
    """Yield receipts, and issues of the first lot of which something is left."""
    for place, item in enumerate(items):
        price, mine = prices[place], lots[place * RECEIPTS : (place + 1) * RECEIPTS]
        for number, lot in enumerate(mine):
            day, worth = _FIRST + timedelta(days=number * (SPAN // RECEIPTS)), _WHOLE * price // 100_000
            slip = f"RK-{place:04d}-{number}"
            yield (item, lot, f"{day}", 0, "RECEIPT", _WHOLE, worth, worth, 0, slip, _AT, "曹桂芝")
        for number in range(ISSUES):
            day = _FIRST + timedelta(days=(number + 1) * SPAN // ISSUES)
            lot = mine[min(RECEIPTS - 1, (number + 1) * _PART // _WHOLE)]
            worth = _PART * price // 100_000
            yield (item, lot, f"{day}", 1, "ISSUE", -_PART, -worth, None, 0, f"CK-{number}", _AT, "曹桂芝")
