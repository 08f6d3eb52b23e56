"""重开: a closed day can be opened again, and what was handed over to a lawyer be taken back.

Frozen, as 0001 is.
"""

from models import sqlite


def up(migrator, db):
    """Add what is noted when it happens; what was noted before still never changes."""
    for table, column, length in (
        ("day_closing", "reopened_by", 60),
        ("day_closing", "reason", 120),
        ("legal_case", "ended_by", 60),
        ("legal_case", "reason", 120),
    ):
        db.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN "{column}" VARCHAR({length})')
    db.execute_sql('ALTER TABLE "day_closing" ADD COLUMN "reopened_at" DATETIME')
    db.execute_sql('ALTER TABLE "legal_case" ADD COLUMN "ended_on" DATE')
    db.execute_sql(
        'ALTER TABLE "legal_case" ADD COLUMN "purpose" VARCHAR(60) NOT NULL DEFAULT \'追收物业费\''
    )
    db.execute_sql('ALTER TABLE "legal_case" ADD COLUMN "given" VARCHAR(200) NOT NULL DEFAULT \'见移交说明\'')
    db.execute_sql('DROP INDEX "day_closing_day"')
    db.execute_sql('DROP INDEX "legal_case_letter_id"')
    db.execute_sql(
        'CREATE UNIQUE INDEX "day_closing_once" ON "day_closing" ("day") WHERE ("reopened_at" IS NULL)'
    )
    db.execute_sql(
        'CREATE UNIQUE INDEX "legal_case_once" ON "legal_case" ("letter_id") WHERE ("ended_on" IS NULL)'
    )
    db.execute_sql('CREATE INDEX "legal_case_letter_id" ON "legal_case" ("letter_id")')
    guard(db)


def guard(db):
    """Guard both anew."""
    for table, columns, later in (
        (
            "day_closing",
            ["day", "made_at", "made_by", "receipts", "voids", "amount", "deposits", "refunds"],
            ["reopened_at", "reopened_by", "reason"],
        ),
        (
            "legal_case",
            ["letter_id", "on", "lawyer", "purpose", "given", "note", "made_at", "made_by"],
            ["ended_on", "ended_by", "reason"],
        ),
    ):
        db.execute_sql(f'DROP TRIGGER "{table}_no_update"')
        db.execute_sql(f'DROP TRIGGER "{table}_no_delete"')
        sqlite.guard_columns(db, table, columns)
        sqlite.guard_once(db, table, later)
