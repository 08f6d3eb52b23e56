"""异议的付款人: a dispute is of whoever owes, where a house was sold.

The table is made anew, for one edition before the first release had made the column within 0014. Frozen, as
0001 is.
"""

from models import sqlite

KEPT = (
    "id",
    "row_version",
    "unit_id",
    "item_id",
    "since",
    "reason",
    "resolved",
    "finding",
    "made_at",
    "made_by",
)


def up(migrator, db):
    """Keep every row and its payer, where one is known."""
    known = any(column.name == "payer_id" for column in db.get_columns("bill_dispute"))
    db.execute_sql(
        'CREATE TABLE "bill_dispute_anew" ("id" INTEGER NOT NULL PRIMARY KEY, "row_version" INTEGER NOT NULL, '
        '"unit_id" INTEGER NOT NULL REFERENCES "unit" ("id"), "payer_id" INTEGER REFERENCES "person" ("id"), '
        '"item_id" INTEGER REFERENCES "fee_item" ("id"), "since" DATE NOT NULL, "reason" VARCHAR(200) NOT NULL, '
        '"resolved" DATE, "finding" TEXT, "made_at" DATETIME NOT NULL, "made_by" VARCHAR(60) NOT NULL)'
    )
    columns = ", ".join(f'"{name}"' for name in KEPT)
    payer = '"payer_id"' if known else "NULL"
    db.execute_sql(
        f'INSERT INTO "bill_dispute_anew" ({columns}, "payer_id") SELECT {columns}, {payer} FROM "bill_dispute"'
    )
    db.execute_sql('DROP TABLE "bill_dispute"')
    db.execute_sql('ALTER TABLE "bill_dispute_anew" RENAME TO "bill_dispute"')
    db.execute_sql('CREATE INDEX "bill_dispute_unit_id" ON "bill_dispute" ("unit_id")')
    sqlite.guard_columns(
        db, "bill_dispute", ["unit_id", "payer_id", "item_id", "since", "reason", "made_at", "made_by"]
    )
