"""库存物品的导入: our sheets 库存物品 and 期初库存, and the list of goods of another system.

An item is known by its number, what was in stock at first by its item, dates, maker's lot and price: the
same workbook brings nothing twice. Once an item was moved, what more is there of it is found by a count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from models.base import Journal, db, journal
from models.canteen.books import closed_until, refuse_closed_or_counted
from models.canteen.items import StockItem
from models.canteen.lots import Dates, StockLot
from models.canteen.moves import MoveKind, StockMove, opened_by
from models.canteen.opening import OPENINGS, told_moved
from models.canteen.rights import DECIDE, KEEP
from models.clock import now, past_day
from models.deeds import actor, require
from models.errors import RuleBroken
from models.fields import DayField, FlagField, PriceField, StockField
from models.imports import LAYOUTS, Column, Layout, Line, Ref, Roster, kind, sheet_of
from models.imports.findings import parted
from models.suppliers.goods import Goods, GoodsKind, searched, worth

BATCH = "canteen.items"
"""Kind of batch."""
OURS = Layout("库存物品", [], 1, "canteen.import_items", "canteen")
PEER_ITEMS = Layout("HC小区物业管理系统物品", [], 1, "canteen.import_items")
LAYOUTS += [OURS, PEER_ITEMS]
_OPENING = StockMove.kind == MoveKind.OPENING


@sheet_of(
    OURS,
    "库存物品",
    (
        Column("code", StockItem.code, required=True, hint="没有编号的，顺着编 WP001、WP002……"),
        Column("name", Goods.name, required=True),
        Column("spec", Goods.spec),
        Column("kind", Goods.kind, required=True, hint="“供方评价”里已有的物品类别"),
        Column("bought_in", Goods.unit, heading="采购单位", required=True, hint="按什么买，例如 袋"),
        Column("unit", StockItem.unit, hint="按什么领，例如 kg；没有填就是采购单位"),
        Column("per", StockItem.per, hint="1 采购单位是多少领用单位，例如 25；没有填就是 1"),
        Column("storage", StockItem.storage, hint="没有填就是常温"),
        Column("place", StockItem.place),
        Column("barcode", StockItem.barcode),
        Column("shelf", StockItem.shelf, hint="与单位一起填，例如 12、月；不会过期的都不填"),
        Column("shelf_unit", StockItem.shelf_unit),
        Column("least", StockItem.least, hint="按领用单位"),
        Column("two_from", StockItem.two_from, hint="一次领这么多，就要两个人"),
    ),
    order=10,
    about="食堂和仓库记账的物品，一种一行。",
)
def read_items(lines: list[Line], roster: Roster) -> None:
    """Read what is kept in stock."""
    if lines:
        require(KEEP)
    for line in lines:
        if not line.failed and (line["shelf"] is None) != (line["shelf_unit"] is None):
            line.error("shelf", "保质期的数字和单位没有一起填", "请一起填，例如 12、月；没有保质期的都不填。")
        _add_item(line, roster, **{name: line[name] for name in _KEPT})


_KEPT = ("per", "storage", "place", "barcode", "shelf", "shelf_unit", "least", "two_from")


@sheet_of(
    OURS,
    "期初库存",
    (
        Column("code", StockItem.code, required=True),
        Column("quantity", StockField(verbose_name="数量"), required=True, hint="按领用单位"),
        Column("price", PriceField(verbose_name="单价"), required=True, hint="每领用单位多少元"),
        Column("made_on", StockLot.made_on),
        Column("expires_on", StockLot.expires_on, hint="没有填就照生产日期和保质期算"),
        Column("maker", StockLot.maker),
        Column("day", DayField(verbose_name="期初日期"), hint="没有填就是导入的那天"),
    ),
    order=20,
    about="启用本系统时仓库里有的，一批一行；同一种有几批的写几行。",
)
def read_openings(lines: list[Line], roster: Roster) -> None:
    """Read what was in stock at first."""
    if lines:
        require(KEEP)
    opened = _Opened(roster)
    for line in lines:
        if line["quantity"] == 0:
            line.error("quantity", "数量是零", "请填数量，或删去这一行。")
        opened.add(line)


@sheet_of(
    PEER_ITEMS,
    "物品信息",
    (
        Column("name", Goods.name, required=True),
        Column("code", StockItem.code, heading="物品编号", required=True),
        Column("price", PriceField(verbose_name="单价")),
        Column("quantity", StockField(verbose_name="库存")),
        Column("bought_in", Goods.unit, heading="单位", required=True),
        Column("least", StockItem.least, heading="告警库存"),
        Column("kind", Goods.kind, heading="物品类型", required=True),
        Column("fixed", FlagField(verbose_name="是否固定物品")),
    ),
    order=10,
    ignored=("序号",),
)
def read_peer_items(lines: list[Line], roster: Roster) -> None:
    """Read the peer's goods with what is there of each; its heading stands below a title."""
    if lines:
        require(KEEP)
    for line in lines:
        if line["fixed"]:
            line.note("fixed", "固定物品也作库存物品导入", "不按数量领用的，请删去这一行。")
        _add_item(line, roster, least=line["least"] or None)
    opened = _Opened(roster)
    for line in lines:
        if line["quantity"]:
            if line["price"] is None:
                line.error("price", "有库存而没有填单价", "请填单价，库存才能计价。")
            opened.add(line)


# -- what they have in common ------------------------------------------------------------------------


def _add_item(line: Line, roster: Roster, **kept: Any) -> None:
    """Draft the goods that are bought, and what is kept of them."""
    code, bought_in = line["code"], line["bought_in"]
    kinds = roster.notes.setdefault("kinds", {one.name: one for one in GoodsKind.select()})
    found = kinds.get(line["kind"])
    if line["kind"] is not None and (found is None or not found.active):
        line.error("kind", "没有这个物品类别", "请填已有的，或先在“供方评价”的“物品类别”里新增。")
    twins = roster.notes.setdefault("twins", _named_goods())
    twin = twins.setdefault((line["name"], line["spec"]), code)
    if twin != code and None not in (twin, code):
        line.error("name", f"与 {twin} 同名同规格", "请用同一个编号，或在规格里写明区别。")
    roster.add(
        Goods, line, code=code, name=line["name"], spec=line["spec"], unit=bought_in,
        kind=None if found is None else found.id,
    )  # fmt: skip
    roster.add(
        StockItem, line, code=code, goods=Ref(Goods, code, "code"), unit=line["unit"] or bought_in, **kept
    )
    items = roster.notes.setdefault("items", {})
    items[code] = StockItem(
        code=code, goods=Goods(name=line["name"] or "", spec=line["spec"]), shelf=kept.get("shelf"),
        shelf_unit=kept.get("shelf_unit"), unit=line["unit"] or bought_in,
    )  # fmt: skip


def _named_goods() -> dict[tuple[str, str | None], str]:
    """Return the numbers of goods that are bought, by name and specification."""
    query = Goods.select(Goods.name, Goods.spec, Goods.code).where(Goods.active == True)
    return {(name, spec): code for name, spec, code in db.execute(query)}


class _Opened:
    """What is said of the stock at first, held against what the store knows."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        known = {one.code: one for one in StockItem.select(StockItem, Goods).join(Goods)}
        self._items: dict[str, StockItem] = {**roster.notes.get("items", {}), **known}
        moved = StockMove.select(StockItem.code).join(StockItem).distinct()
        self._moved = {code for (code,) in db.execute(moved)}
        lots = StockLot.select(StockItem.code, *_TOLD).join(StockItem).where(_opening_lots())
        self._known = set(db.execute(lots))
        self._late = closed_until() is not None and not actor().may(DECIDE)

    def add(self, line: Line) -> None:
        """Draft a lot and the move that brought it."""
        code, on = line["code"], line["day"] or now().date()
        item = self._items.get(code)
        dates = None if item is None else Dates(item, line["made_on"], None, None, line["expires_on"])
        until = line["expires_on"] if dates is None else dates.expires_on
        told = (_iso(line["made_on"]), _iso(until), line["maker"], _scaled(line["price"]))
        if item is not None and dates is not None and (code, *told) not in self._known:
            self._check(line, item, dates, on)
        self._roster.add(
            StockLot, line, item=Ref(StockItem, code, "code"), made_on=line["made_on"], expires_on=until,
            maker=line["maker"], price=line["price"], arrived_on=line["day"],
            shelf=None if dates is None else dates.shelf,
            shelf_unit=None if dates is None else dates.unit,
        )  # fmt: skip
        amount = None if line["quantity"] is None or line["price"] is None else _worth(line)
        self._roster.add(
            StockMove, line, lot=Ref(StockLot, (Ref(StockItem, code), *told), "code"), kind=MoveKind.OPENING,
            item=Ref(StockItem, code, "code"), quantity=line["quantity"], amount=amount, own=amount,
            day=line["day"],
        )  # fmt: skip

    def _check(self, line: Line, item: StockItem, dates: Dates, on: date) -> None:
        """Say why a lot that the store does not know yet cannot be opened."""
        if line["code"] in self._moved:
            line.error("code", *parted(told_moved(item)))
        if self._late:
            line.error("code", "有月份已经结账，期初由主管或经理登记", "请他们导入，或只留“库存物品”一张表。")
        if item.active is False:
            line.error("code", f"{item.label()} 已停用", "请先“启用库存物品”。")
        problem, column = dates.wrong(item, on, old=True)
        if problem:
            line.error(column, *parted(f"{problem}。"))
        try:
            past_day(on, "期初日期", "day")
            refuse_closed_or_counted(on)
        except RuleBroken as refused:
            line.error("day", *parted(str(refused)))


def _worth(line: Line) -> Decimal:
    return worth(line["quantity"], line["price"])


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _scaled(price: Decimal | None) -> Any:
    return None if price is None else StockLot.price.db_value(price)


_TOLD = (StockLot.made_on, StockLot.expires_on, StockLot.maker, StockLot.price)


def _opening_lots() -> Any:
    return StockLot.id.in_(StockMove.select(StockMove.lot).where(_OPENING))


# -- what a row does not say -------------------------------------------------------------------------


@dataclass
class _Numbers:
    """The numbers that one import takes: one for each day on which it was there, a part for each lot."""

    running: Journal
    taken: dict[str, str] = field(default_factory=dict)
    lots: dict[str, int] = field(default_factory=dict)

    def slip(self, day: str) -> str:
        """Return the number of what was there on a day."""
        if day not in self.taken:
            self.taken[day] = OPENINGS.next(date.fromisoformat(day))
        return self.taken[day]

    def lot(self, day: str) -> str:
        """Return the next lot's."""
        self.lots[day] = self.lots.get(day, 0) + 1
        return f"{self.slip(day)}/{self.lots[day]}"


_memo: list[_Numbers] = []


def _numbers() -> _Numbers:
    running = journal()
    if not _memo or _memo[0].running is not running:
        _memo[:] = [_Numbers(running)]
    return _memo[0]


def _complete_goods(row: dict[str, Any]) -> None:
    row["stocked"] = True
    row["search"] = searched(row["name"])


def _complete_lot(row: dict[str, Any]) -> None:
    row["arrived_on"] = row["arrived_on"] or now().date().isoformat()
    row["code"] = _numbers().lot(row["arrived_on"])


def _complete_move(row: dict[str, Any]) -> None:
    row["day"] = row["day"] or now().date().isoformat()
    row["slip"], row["turn"] = _numbers().slip(row["day"]), 0
    row["made_at"], row["made_by"] = StockMove.made_at.db_value(now()), actor().name


def _kept(ids: range) -> None:
    """Say of goods that were bought already that they are kept in stock now."""
    items = StockItem.select(StockItem.goods).where(StockItem.id.between(ids.start, ids.stop - 1))
    for goods in Goods.select().where(Goods.id.in_(items), Goods.stocked == False):
        goods.change(stocked=True)


_AGAIN = "要改请撤销那一批，再导入。"

kind(Goods, "code", derive=_complete_goods, batch=BATCH, differs="要改请在“供方评价”的“物品”里改。")
kind(StockItem, "code", wrote=_kept, batch=BATCH, differs="要改请在“库存物品”里改。")
kind(
    StockLot, "item", "made_on", "expires_on", "maker", "price", among=_opening_lots, derive=_complete_lot,
    batch=BATCH, differs=_AGAIN,
)  # fmt: skip
kind(
    StockMove, "lot", among=lambda: _OPENING, derive=_complete_move, wrote=opened_by, total="amount",
    batch=BATCH, differs=_AGAIN,
)  # fmt: skip
