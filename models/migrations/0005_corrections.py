"""更正: a line may name the line that it corrects; what it names is never changed.

Frozen, as 0001 is.
"""

from models import sqlite


def up(migrator, db):
    """Let lines name the one that they correct."""
    db.execute_sql('ALTER TABLE "bill" ADD COLUMN "corrects_id" INTEGER REFERENCES "bill" ("id")')
    db.execute_sql('CREATE INDEX "bill_corrects" ON "bill" ("corrects_id") WHERE ("corrects_id" IS NOT NULL)')
    sqlite.guard_anew(
        db, "bill",
        ["month", "unit_id", "item_id", "part", "kind", "source", "amount", "due", "run", "batch_id", "payer_id",
         "liable_id", "quantity", "price", "extra", "days", "month_days", "segments", "corrects_id"],
        may_go="OLD.paid = 0 AND (OLD.kind = 'OPENING' OR OLD.live = 0)",
    )  # fmt: skip
