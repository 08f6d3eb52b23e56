"""供方样本: 300 suppliers, 60,000 deliveries of last year, some late or in part bad, with evaluations."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from models.base import insert_rows
from models.suppliers.goods import GoodsKind, add_goods
from models.suppliers.kinds import Category
from models.suppliers.orders import OrderLine, PurchaseOrder
from models.suppliers.receipts import GoodsReceipt, ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.scoring.criteria import criteria_of
from models.suppliers.scoring.evaluations import Evaluation, EvaluationLine, EvaluationMark

SUPPLIERS, LOTS, GOODS = 300, 60_000, 200
YEAR = date.today().year - 1
_FIRST, _LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
_AT = f"{YEAR}-06-01 09:00:00"

BARE = """
WITH lots AS (
  SELECT r.supplier_id AS supplier, COUNT(*) AS lots, SUM(l.rejected = 0) AS good, SUM(l.amount) AS amount,
    SUM(CASE WHEN COALESCE(o.quoted, o.before) IS NULL THEN 0 ELSE l.accepted * o.price END) AS paid,
    SUM(l.accepted * COALESCE(o.quoted, o.before)) AS reference
  FROM receipt_line l JOIN goods_receipt r ON r.id = l.receipt_id JOIN order_line o ON o.id = l.order_line_id
  WHERE r.arrived_on BETWEEN :first AND :last GROUP BY r.supplier_id),
due AS (
  SELECT p.supplier_id AS supplier, COUNT(*) AS due, SUM(COALESCE(o.arrived_on <= p.due, 0)) AS in_time
  FROM order_line o JOIN purchase_order p ON p.id = o.order_id
  WHERE p.due BETWEEN :first AND :last AND p.state <> 'CANCELLED' GROUP BY p.supplier_id),
marks AS (
  SELECT e.supplier_id AS supplier, AVG(m.mark) AS mark FROM evaluation_mark m
  JOIN evaluation_line l ON l.id = m.line_id JOIN evaluation e ON e.id = l.evaluation_id
  GROUP BY e.supplier_id)
SELECT s.id, lots.lots, lots.good, due.due, due.in_time,
  40.0 * lots.good / lots.lots + 25.0 * due.in_time / due.due
  + 15 * MAX(0, MIN(1, 1 - 5.0 * (lots.paid - lots.reference) / lots.reference)) + marks.mark / 1000 + 10
FROM supplier s JOIN lots ON lots.supplier = s.id JOIN due ON due.supplier = s.id
JOIN marks ON marks.supplier = s.id ORDER BY s.id
"""
"""What a person who knows SQL would write for the same: each supplier's figures and its score."""


def add() -> None:
    """Write suppliers, orders, receipts and evaluations into an open office."""
    chance = random.Random(11)
    kind = GoodsKind.find("粮油")
    for number in range(GOODS):
        add_goods(name=f"物品{number:03d}", unit="kg", kind=kind)
    insert_rows(Supplier, _SUPPLIER, _suppliers())
    deliveries = list(_deliveries(chance))
    insert_rows(PurchaseOrder, _ORDER, (one[0] for one in deliveries))
    insert_rows(OrderLine, _LINE, (one[1] for one in deliveries))
    insert_rows(GoodsReceipt, _RECEIPT, (one[2] for one in deliveries))
    insert_rows(ReceiptLine, _LOT, (one[3] for one in deliveries))
    _evaluate(chance)


_SUPPLIER = (
    *("number", "name", "category", "contact", "phone", "address", "state", "admitted_on", "made_at"),
    *("made_by", "search"),
)
_ORDER = ("number", "supplier", "ordered_on", "due", "state", "made_at", "made_by")
_LINE = (
    *("order", "code", "goods", "quantity", "price", "amount", "before", "delivered", "accepted"),
    "arrived_on",
)
_RECEIPT = ("number", "order", "supplier", "arrived_on", "made_at", "made_by")
_LOT = (
    *("receipt", "code", "order_line", "goods", "delivered", "accepted", "rejected", "conceded"),
    *("returned", "price", "amount"),
)


def _suppliers() -> Iterator[tuple[Any, ...]]:
    for number in range(1, SUPPLIERS + 1):
        name = f"供方{number:03d}"
        yield (
            f"GD-{YEAR - 1}-{number:03d}", name, "FOOD", "联系人", "13800001234", "长江路", "QUALIFIED",
            f"{YEAR - 1}-01-01", _AT, "高原", name,
        )  # fmt: skip


def _deliveries(chance: random.Random) -> Iterator[tuple[tuple[Any, ...], ...]]:
    """Yield the row of an order, of its line, of a receipt and of its lot for each delivery."""
    for number in range(1, LOTS + 1):
        supplier = 1 + number % SUPPLIERS
        day = _FIRST + timedelta(days=chance.randrange(355))
        due = day + timedelta(days=chance.randint(1, 5))
        came = due + timedelta(days=chance.choice((0, 0, 0, 0, 2)))
        quantity, price = chance.randint(5, 50) * 1000, chance.randint(10_000, 500_000)
        bad = chance.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 1000))
        before = price * chance.randint(95, 105) // 100
        amount, good = quantity * price // 100_000, quantity - bad
        text = f"{number:06d}"
        goods = 1 + chance.randrange(GOODS)
        yield (
            (f"DD-{text}", supplier, f"{day}", f"{due}", "DONE", _AT, "高原"),
            (number, f"DD-{text}/1", goods, quantity, price, amount, before, quantity, quantity, f"{came}"),
            (f"RK-{text}", number, supplier, f"{came}", _AT, "曹桂芝"),
            (number, f"RK-{text}/1", number, goods, quantity, good, bad, 0, 0, price, amount),
        )  # fmt: skip


def _evaluate(chance: random.Random) -> None:
    criteria = criteria_of(Category.FOOD)
    rows = (
        (f"GYP-{number:04d}", number, str(YEAR), f"{_FIRST}", f"{_LAST}", "OPEN", _AT, "高原")
        for number in range(1, SUPPLIERS + 1)
    )
    columns = ("number", "supplier", "span", "first", "last", "state", "made_at", "made_by")
    made = insert_rows(Evaluation, columns, rows)
    lines = (
        (one, position, each.name, each.measure.name, each.weight)
        for one in made
        for position, each in enumerate(criteria, start=1)
    )
    names = ("evaluation", "position", "name", "measure", "weight")
    ids = insert_rows(EvaluationLine, names, lines)
    judged = next(place for place, each in enumerate(criteria) if each.measure.name == "JUDGED")
    marks = (
        (ids[judged + len(criteria) * place], account, f"评委{account}", chance.randint(60, 100) * 100, _AT)
        for place in range(SUPPLIERS)
        for account in (1, 2, 3)
    )
    insert_rows(EvaluationMark, ("line", "account", "who", "mark", "made_at"), marks)
