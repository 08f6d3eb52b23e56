"""调整: reductions, reversals and refunds, what they settle and give back, and red receipts.

Frozen, as 0001 is.
"""

from peewee import (
    BigIntegerField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
)

from models import sqlite


def up(migrator, db):
    """Make the table, and let settlements, balances and receipts name it."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Table):
        pass

    class Person(Table):
        pass

    class Receipt(Table):
        pass

    class Adjustment(Table):
        number = CharField(max_length=40, unique=True)
        kind = CharField(max_length=24)
        unit = ForeignKeyField(Unit, backref="+")
        payer = ForeignKeyField(Person, backref="+", null=True)
        on = DateField(index=True)
        amount = BigIntegerField(constraints=[whole("amount")])
        receipt = ForeignKeyField(Receipt, backref="+", null=True)
        reason = CharField(max_length=200)
        basis = CharField(max_length=120, null=True)
        method = CharField(max_length=24, null=True)
        account = CharField(max_length=40, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    db.create_tables([Adjustment])
    sqlite.guard_append_only(db, "adjustment")
    for table in ("allocation", "balance_entry"):
        db.execute_sql(
            f'ALTER TABLE "{table}" ADD COLUMN "adjustment_id" INTEGER REFERENCES "adjustment" ("id")'
        )
    db.execute_sql('ALTER TABLE "receipt" ADD COLUMN "reverses_id" INTEGER REFERENCES "receipt" ("id")')
    db.execute_sql('CREATE UNIQUE INDEX "receipt_reverses_id" ON "receipt" ("reverses_id")')
    db.execute_sql(
        'CREATE INDEX "allocation_adjusted" ON "allocation" ("adjustment_id") '
        'WHERE ("adjustment_id" IS NOT NULL)'
    )
    db.execute_sql(
        'ALTER TABLE "day_closing" ADD COLUMN "refunds" INTEGER NOT NULL DEFAULT 0 '
        'CHECK ("refunds" = CAST("refunds" AS BIGINT))'
    )
    guard(db)
    grant(db)


def grant(db):
    """Give the new rights to the roles whose work they are, once each."""
    for right, held in (("fees.adjust", "fees.bill"), ("fees.refund", "fees.bill")):
        db.execute_sql(
            'INSERT INTO role_right (role_id, "right", row_version) SELECT DISTINCT role_id, '
            f"'{right}', 1 FROM role_right WHERE \"right\" = '{held}'"
        )
    db.execute_sql(
        "INSERT INTO role_right (role_id, \"right\", row_version) SELECT id, 'fees.adjust', 1 FROM role "
        "WHERE name IN ('客服主管', '客服管理员') AND id NOT IN "
        "(SELECT role_id FROM role_right WHERE \"right\" = 'fees.adjust')"
    )


def guard(db):
    """Guard what was issued anew, the new columns with it."""
    for table in ("allocation", "receipt"):
        db.execute_sql(f'DROP TRIGGER "{table}_no_update"')
        db.execute_sql(f'DROP TRIGGER "{table}_no_delete"')
    sqlite.guard_columns(
        db, "allocation", ["bill_id", "receipt_id", "set_off_id", "on", "amount", "adjustment_id"]
    )
    sqlite.guard_columns(
        db, "receipt",
        ["number", "payment_id", "unit_id", "on", "payer_name", "amount", "balance", "reverses_id"],
    )  # fmt: skip
    sqlite.guard_anew(
        db, "balance_entry",
        ["unit_id", "payer_id", "on", "kind", "amount", "receipt_id", "set_off_id", "source", "batch_id",
         "adjustment_id"],
        may_go="OLD.kind = 'OPENING'",
    )  # fmt: skip


def whole(name):
    """Keep a column to whole numbers, as 0001 does."""
    return Check(f'"{name}" = CAST("{name}" AS BIGINT)')
