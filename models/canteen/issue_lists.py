"""出库名单: slips, their lines, and what meals cost a head."""

from __future__ import annotations

from typing import Any

from peewee import Case, fn

from models.canteen.issues import GoodsIssue, IssueLine
from models.canteen.items import StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import StockMove
from models.canteen.rights import VIEW
from models.canteen.stock_lists import price_per
from models.fields import CountField, MoneyField, PriceField
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Department
from models.suppliers.goods import Goods


def _cost(*mine: Any) -> Any:
    """Return what slips cost in fen, less what came back."""
    return StockMove.select(fn.COALESCE(0 - fn.SUM(StockMove.amount), 0)).where(*mine)


@listing("stock_issues", "出库单", "canteen", VIEW, "period", "case", "state")
def stock_issues(filters: Filters) -> Listing:
    """Slips, newest first, with what they cost. `state` is the purpose."""
    query = GoodsIssue.select().join(Department)
    query = filters.narrow(query, period=GoodsIssue.day, case=GoodsIssue.case, state=GoodsIssue.purpose)
    lines = IssueLine.select(fn.COUNT(IssueLine.id)).where(IssueLine.issue == GoodsIssue.id)
    columns = (
        Shown("number", GoodsIssue.number),
        Shown("day", GoodsIssue.day),
        Shown("department", GoodsIssue.department, Department.name),
        Shown("purpose", GoodsIssue.purpose, status=True),
        Shown("meal", GoodsIssue.meal),
        Shown("heads", GoodsIssue.heads, total=False),
        Shown("lines", CountField(verbose_name="项数"), lines, total=False),
        Shown("amount", MoneyField(verbose_name="金额"), _cost(StockMove.slip == GoodsIssue.number)),
        Shown("taker", GoodsIssue.taker),
        Shown("witness", GoodsIssue.witness),
        Shown("made_by", GoodsIssue.made_by),
        Shown("note", GoodsIssue.note, hidden=True),
    )
    return Listing(
        query, columns, id=GoodsIssue.id, order=("-day", "-number"), record=GoodsIssue,
        search=(GoodsIssue.number, Department.name, GoodsIssue.taker, GoodsIssue.note),
    )  # fmt: skip


@listing("issue_lines", "出库明细", "canteen", VIEW, "stock", "period", "case", "state")
def issue_lines(filters: Filters) -> Listing:
    """What was issued, lot by lot, newest first. `state` is the purpose."""
    query = IssueLine.select().join(GoodsIssue).join(Department).switch(IssueLine).join(StockItem).join(Goods)
    query = query.switch(IssueLine).join(StockLot).switch(IssueLine).join(StockMove)
    query = filters.narrow(
        query, stock=IssueLine.item, period=GoodsIssue.day, case=GoodsIssue.case, state=GoodsIssue.purpose
    )
    columns = (
        Shown("code", IssueLine.code, sort=IssueLine.id),
        Shown("day", GoodsIssue.day),
        Shown("department", GoodsIssue.department, Department.name),
        Shown("name", Goods.name),
        Shown("spec", Goods.spec),
        Shown("quantity", IssueLine.quantity, total=False),
        Shown("unit", StockItem.unit),
        Shown("back", IssueLine.back, total=False),
        Shown(
            "price",
            PriceField(verbose_name="单价"),
            price_per(StockMove.amount, StockMove.quantity),
            total=False,
        ),
        Shown("amount", MoneyField(verbose_name="金额"), 0 - StockMove.amount),
        Shown("lot", StockLot.code, label="批次"),
        Shown("skipped", IssueLine.skipped),
        Shown("purpose", GoodsIssue.purpose, status=True),
        Shown("asked", IssueLine.asked, total=False, hidden=True),
        Shown("taker", GoodsIssue.taker, hidden=True),
    )
    return Listing(
        query, columns, id=IssueLine.id, order=("-day", "-code"), record=IssueLine,
        search=(IssueLine.code, Goods.search, Department.name, GoodsIssue.taker),
    )  # fmt: skip


def _heads() -> Any:
    """Return how many a slip says ate, nothing where another of the meal and department says it already."""
    other = GoodsIssue.alias()
    same = (other.day == GoodsIssue.day) & (other.meal == GoodsIssue.meal)
    same &= other.department == GoodsIssue.department
    more = (other.heads > GoodsIssue.heads) | ((other.heads == GoodsIssue.heads) & (other.id > GoodsIssue.id))
    return Case(None, ((fn.EXISTS(other.select().where(same & more)), 0),), GoodsIssue.heads)


@listing("meal_costs", "供餐成本", "canteen", VIEW, "period")
def meal_costs(filters: Filters) -> Listing:
    """What each meal cost, and what that is a head of all who ate: issues less what came back."""
    cost = fn.SUM(_cost(StockMove.slip == GoodsIssue.number))
    heads = fn.SUM(_heads())
    query = (
        GoodsIssue.select().where(GoodsIssue.meal.is_null(False)).group_by(GoodsIssue.day, GoodsIssue.meal)
    )
    query = filters.narrow(query, period=GoodsIssue.day)
    columns = (
        Shown("day", GoodsIssue.day),
        Shown("meal", GoodsIssue.meal),
        Shown("slips", CountField(verbose_name="出库单数"), fn.COUNT(GoodsIssue.id)),
        Shown("heads", CountField(verbose_name="就餐人数"), heads),
        Shown("amount", MoneyField(verbose_name="食材金额"), cost),
        Shown("each", MoneyField(verbose_name="人均成本"), (cost * 2 + heads) / (2 * heads), total=False),
    )
    return Listing(
        query, columns, id=fn.MIN(GoodsIssue.id), order=("-day", "meal"), record=None, grouped=True
    )  # fmt: skip
