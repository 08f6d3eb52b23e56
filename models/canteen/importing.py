"""导入库存物品: a list of goods with what is in stock of them comes in as one batch, and goes out as one."""

from __future__ import annotations

from typing import Annotated, Any

from models import imports
from models.base import db
from models.batches import AskedBatch, Batch, BatchSpan, mark_undone, remove_rows, undone_by
from models.canteen.books import refuse_closed_or_counted
from models.canteen.item_sheets import BATCH
from models.canteen.items import StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import StockMove, refuse_moved, sum_up
from models.canteen.opening import refuse_late
from models.canteen.rights import KEEP
from models.deeds import deed
from models.fields import FlagField, LineField
from models.imports import Plan
from models.inputs import Asked
from models.suppliers.goods import Goods


@deed("canteen.import_items", "导入库存物品", KEEP)
def import_items(
    path: Annotated[Any, Asked(LineField(max_length=1000, verbose_name="文件"))],
    skip_errors: Annotated[bool, Asked(FlagField(default=False, verbose_name="跳过有错的行"))] = False,
) -> Plan:
    """Import goods that are kept in stock and what is there of them: our sheets, or the peer's list.

    Args:
        path: the workbook, or the `Plan` of it, which saves reading it again.
        skip_errors: whether rows that cannot be imported are left out instead.

    Returns:
        The plan as it was carried out, with the batch it made; none where nothing was new.

    Raises:
        ImportRefused: it holds errors, which are not to be skipped.
        RuleBroken: it brings records of other kinds too, which ask for another right.
        PermissionDenied: it opens stock after a month's books were closed (`models.canteen.opening`).
    """
    plan = imports.asked(path, Goods, StockItem, StockLot, StockMove, alone="库存物品和期初库存")
    if StockMove in plan.counts and plan.counts[StockMove].new:
        refuse_late()
    return imports.write(plan, "库存物品", skip_errors)


@undone_by(BATCH, "库存物品")
@deed(
    "canteen.undo_import", "撤销导入库存物品", KEEP, danger=True,
    question="这一批导入的物品和期初库存将全部删去。",
)  # fmt: skip
def undo_import(batch: AskedBatch) -> Batch:
    """Take back goods and what was there of them, while nothing of these was moved.

    Raises:
        RuleBroken: something was moved, or changed, or its books are closed; it is no such batch, or undone.
    """
    mark_undone(batch, undo_import)
    items, moves = _made(batch, StockItem), _made(batch, StockMove)
    for move in StockMove.select(StockMove.day).where(moves).distinct():
        refuse_closed_or_counted(move.day)
    touched = items | StockItem.id.in_(StockMove.select(StockMove.item).where(moves))
    touched_ids = [id for (id,) in db.execute(StockItem.select(StockItem.id).where(touched))]
    refuse_moved(StockMove.item.in_(touched_ids) & ~moves, "不能整批撤销")
    bought = StockItem.select(StockItem.goods).where(items)
    for goods in Goods.select().where(Goods.id.in_(bought) & ~_made(batch, Goods)):
        goods.change(stocked=False)
    remove_rows(batch)
    sum_up(touched_ids)
    return batch


def _made(batch: Batch, record: Any) -> Any:
    """Return the condition of the rows of a kind that a batch made."""
    spans = BatchSpan.select().where(BatchSpan.batch == batch, BatchSpan.table == record.__name__)
    wanted = record.id < 0
    for span in spans:
        wanted |= record.id.between(span.first, span.last)
    return wanted
