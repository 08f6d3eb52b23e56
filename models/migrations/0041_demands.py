"""需求的占用: how much of stock and orders other plans counted on when a plan was worked out.

Frozen goods are measured apart from cooled ones. Frozen, as 0001 is.
"""

from models import sqlite


def up(migrator, db):
    """Add the columns, guarded as the others are; plans of before counted on all there was."""
    check = 'CHECK ("others" = CAST("others" AS BIGINT))'
    db.execute_sql(f'ALTER TABLE "demand_line" ADD COLUMN "others" INTEGER NOT NULL DEFAULT 0 {check}')
    check = 'CHECK ("frozen" = CAST("frozen" AS BIGINT))'
    db.execute_sql(f'ALTER TABLE "store_receipt" ADD COLUMN "frozen" INTEGER {check}')
    line = ["demand_id", "position", "item_id", "stock", "coming", "others", "need", "needed_on", "planned"]
    sqlite.guard_anew(db, "demand_line", [*line, "price", "amount", "supplier_id", "purpose"], may_go="")
