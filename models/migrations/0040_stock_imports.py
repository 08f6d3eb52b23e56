"""导入库存物品: what was in stock at first may go with the list that brought it, while nothing moved since.

Who keeps the store looks at batches, to take back what came wrong, and exports its lists.

Frozen, as 0001 is.
"""

from models import sqlite


def up(migrator, db):
    """Let such moves be deleted, and lots that nothing moved; grant the rights."""
    lot = ["code", "item_id", "supplier_id", "received_id", "replaces_id", "arrived_on", "price", "bought"]
    sqlite.guard_anew(
        db, "stock_lot", lot, may_go="NOT EXISTS (SELECT 1 FROM stock_move m WHERE m.lot_id = OLD.id)"
    )
    moved = ["item_id", "lot_id", "day", "turn", "kind", "quantity", "own", "origin", "slip"]
    sqlite.guard_anew(
        db, "stock_move", [*moved, "made_at", "made_by"],
        may_go="OLD.kind = 'OPENING' "
        "AND OLD.day > COALESCE((SELECT MAX(c.until) FROM stock_close c), '0001-01-01') "
        "AND NOT EXISTS (SELECT 1 FROM stock_move m WHERE m.item_id = OLD.item_id AND m.kind <> 'OPENING')",
    )  # fmt: skip
    for right in ("batches.view", "lists.export"):
        db.execute_sql(
            'INSERT INTO role_right (role_id, "right", row_version) SELECT id, ?, 1 FROM role '
            'WHERE name = ? AND id NOT IN (SELECT role_id FROM role_right WHERE "right" = ?)',
            (right, "食堂仓库管理员", right),
        )
