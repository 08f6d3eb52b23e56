"""演示的食堂仓库: what is kept in stock, taken in as it comes, and issued for three lunches a week."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from desktop.demo.calendar import Calendar
from desktop.demo.happening import Happenings
from desktop.demo.staff import Crew
from models import clock, deeds
from models.canteen.issues import GoodsIssue, Meal, Purpose
from models.canteen.issuing import back_to_stock, issue
from models.canteen.items import StockItem, Storage, stock_goods
from models.canteen.lots import StockLot, free_of, good_lots
from models.canteen.receiving import Proof, receive
from models.canteen.returning import awaited, take_replacement
from models.canteen.shelf import ShelfUnit
from models.months import Month
from models.office.staff import Department, Staff, add_staff
from models.suppliers.goods import Goods

D, M = ShelfUnit.DAYS, ShelfUnit.MONTHS


class Kept(NamedTuple):
    """How a ware is kept: in what it is issued, how long, how much at least, how much a lunch takes."""

    name: str
    unit: str
    per: int
    storage: Storage
    shelf: tuple[int, ShelfUnit]
    least: int
    lunch: str
    two_from: int | None = None
    barcode: str | None = None


KEPT = (
    Kept("大米", "kg", 25, Storage.DRY, (12, M), 75, "44", 60),
    Kept("面粉", "kg", 25, Storage.DRY, (9, M), 25, "8.6", 50),
    Kept("大豆油", "L", 20, Storage.DRY, (18, M), 20, "5.2", 20),
    Kept("食盐", "包", 1, Storage.DRY, (36, M), 6, "1.3", None, "6923450605127"),
    Kept("生抽", "瓶", 1, Storage.DRY, (18, M), 4, "0.6", None, "6902265114369"),
    Kept("大白菜", "kg", 1, Storage.COOL, (6, D), 0, "34.3"),
    Kept("土豆", "kg", 1, Storage.DRY, (20, D), 15, "22.4"),
    Kept("西红柿", "kg", 1, Storage.COOL, (7, D), 0, "18.8"),
    Kept("豆腐", "kg", 1, Storage.COOL, (3, D), 0, "21.6"),
    Kept("猪后腿肉", "kg", 1, Storage.FROZEN, (60, D), 10, "14.8", 40),
    Kept("鸡胸肉", "kg", 1, Storage.FROZEN, (90, D), 8, "4.9", 40),
    Kept("鸡蛋", "kg", 1, Storage.COOL, (25, D), 5, "6.3"),
    Kept("草鱼", "kg", 1, Storage.COOL, (2, D), 0, "17.4"),
)
_OF = {one.name: one for one in KEPT}
_LUNCHES = (0, 2, 4)
_HEADS = (78, 96)
COOKS = (("C101", "佟大勺"), ("C102", "祝小满"))


class Storing:
    """Keeps the store: takes in what food comes, and issues it for lunch."""

    def __init__(self, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._plan = crew, calendar, happenings.plan
        self._chance = random.Random(97)

    def plan(self, month: Month) -> None:
        """Plan a month: what is kept at first, and its lunches."""
        if month == self._calendar.first:
            self._plan(_at(month.day(2), 10, 30), self._keep)
        for day in range(1, month.days + 1):
            if month.day(day).weekday() in _LUNCHES:
                self._plan(_at(month.day(day), 10, 45), self._cook)

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    def _keep(self) -> None:
        with self._by("manager"):
            for number, name in COOKS:
                add_staff(number=number, name=name, department=Department.find("食堂"))
        with self._by("storekeeper"):
            for one in KEPT:
                shelf, unit = one.shelf
                stock_goods(
                    goods=Goods.find(one.name), unit=one.unit, per=Decimal(one.per), storage=one.storage,
                    shelf=shelf, shelf_unit=unit, least=Decimal(one.least) if one.least else None,
                    two_from=None if one.two_from is None else Decimal(one.two_from), barcode=one.barcode,
                    place=f"{one.storage.value[:2]}-{KEPT.index(one) + 1:02d}",
                )  # fmt: skip

    def receive(self, rows: list[dict[str, Any]], note: str | None) -> None:
        """Take in what came, made a few days ago, with its certificates."""
        today = clock.now().date()
        for row in rows:
            one = _OF[row["line"].goods.name]
            fresh = one.shelf[1] is D and one.shelf[0] < 30
            row["made_on"] = today - timedelta(days=0 if fresh else self._chance.randint(3, 30))
        meat = any("肉" in row["line"].goods.name for row in rows)
        with self._by("storekeeper"):
            receive(
                rows, note_number=note, deliverer=self._chance.choice(("小郑", "老邱", "阿贵")),
                proof=Proof.BOTH if meat else Proof.CERTIFICATE, temperature=Decimal(4),
                frozen=Decimal(-19) if meat else None,
            )  # fmt: skip

    def _cook(self) -> None:
        """Issue what a lunch takes of what is there; now and then some of it comes back."""
        heads = self._chance.randint(*_HEADS)
        rows = [row for one in KEPT if (row := self._row(one, heads))]
        if not rows:
            return
        with self._by("storekeeper"):
            made = issue(
                rows, Department.find("食堂"), Staff.find(COOKS[0][0]), Purpose.MEAL, meal=Meal.LUNCH,
                heads=heads, witness=Staff.find(COOKS[1][0]) if _needs_two(rows) else None,
            )  # fmt: skip
        if self._chance.randrange(9) == 0:
            self._plan(_at(clock.now().date(), 13, 30), partial(self._bring_back, str(made.number)))
        self._take_replacements()

    def _row(self, one: Kept, heads: int) -> dict[str, Any] | None:
        item, today = StockItem.find(one.name), clock.now().date()
        lots = good_lots(item, today)
        there = free_of(lots)
        wanted = (Decimal(one.lunch) * heads / 87).quantize(
            Decimal("0.1" if one.unit in ("kg", "L") else "1")
        )
        wanted = max(wanted, _ends_soon(lots, today))
        return {"item": item, "quantity": min(wanted, there)} if wanted and there else None

    def _bring_back(self, number: str) -> None:
        line = GoodsIssue.find(number).lines.first()
        back = (line.quantity / 10).quantize(Decimal("0.1"))
        if back:
            with self._by("storekeeper"):
                back_to_stock(line, back, "就餐人数比报的少")

    def _take_replacements(self) -> None:
        """Take in what suppliers brought for what they took back."""
        for one in awaited():
            with self._by("storekeeper"):
                take_replacement(one, made_on=clock.now().date())


def _ends_soon(lots: Sequence[StockLot], today: date) -> Decimal:
    """Return how much must be used before the next lunch."""
    soon = today + timedelta(days=2)
    return free_of([lot for lot in lots if lot.expires_on is not None and lot.expires_on <= soon])


def _needs_two(rows: Sequence[dict[str, Any]]) -> bool:
    return any(row["item"].two_from is not None and row["quantity"] >= row["item"].two_from for row in rows)


def _at(day: date, hour: int, minutes: int = 0) -> datetime:
    return datetime.combine(day, time(hour)) + timedelta(minutes=minutes)
