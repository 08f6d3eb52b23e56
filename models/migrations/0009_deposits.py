"""押金与特服: deposits in a ledger of their own, services charged by slips; what was issued never changes.

Frozen, as 0001 is.
"""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
)

from models import sqlite


def whole(column):
    """Keep text and fractions out of a column of whole numbers."""
    return Check(f'"{column}" = CAST("{column}" AS BIGINT)')


def up(migrator, db):
    """Make the tables; closings tell what deposits came to, items on what ground they are charged."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Table):
        pass

    class Person(Table):
        pass

    class FeeItem(Table):
        pass

    class Deposit(Table):
        number = CharField(max_length=40, unique=True)
        kind = CharField(max_length=24)
        unit = ForeignKeyField(Unit, backref="+")
        payer = ForeignKeyField(Person, backref="+", null=True)
        payer_name = CharField(max_length=60)
        amount = BigIntegerField(constraints=[whole("amount")])
        on = DateField()
        agreed = CharField(max_length=120, null=True)
        refund_due = DateField(null=True)
        note = CharField(max_length=120, null=True)

    class DepositEntry(Table):
        number = CharField(max_length=40, unique=True, null=True)
        deposit = ForeignKeyField(Deposit, backref="+")
        on = DateField(index=True)
        kind = CharField(max_length=24)
        amount = BigIntegerField(constraints=[whole("amount")])
        reason = CharField(max_length=120, null=True)
        method = CharField(max_length=24, null=True)
        reference = CharField(max_length=60, null=True)
        receiver = CharField(max_length=60, null=True)
        account = CharField(max_length=40, null=True)
        reverses = ForeignKeyField("self", backref="+", unique=True, null=True)
        prints = IntegerField()
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Service(Table):
        code = CharField(max_length=16, unique=True)
        name = CharField(max_length=40, unique=True)
        measure = CharField(max_length=8)
        price = BigIntegerField(constraints=[whole("price")])
        item = ForeignKeyField(FeeItem, backref="+")
        agreed = CharField(max_length=120, null=True)
        active = BooleanField()

    class ServiceSlip(Table):
        number = CharField(max_length=40, unique=True)
        unit = ForeignKeyField(Unit, backref="+")
        service = ForeignKeyField(Service, backref="+")
        on = DateField(index=True)
        name = CharField(max_length=40)
        measure = CharField(max_length=8)
        quantity = BigIntegerField(constraints=[whole("quantity")])
        price = BigIntegerField(constraints=[whole("price")])
        amount = BigIntegerField(constraints=[whole("amount")])
        note = CharField(max_length=120, null=True)
        state = CharField(max_length=24)
        void_reason = CharField(max_length=80, null=True)
        voided_at = DateTimeField(null=True)
        voided_by = CharField(max_length=60, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class DepositTerms(Table):
        kind = CharField(max_length=24, unique=True)
        amount = BigIntegerField(constraints=[whole("amount")])
        agreed = CharField(max_length=120, null=True)
        refund = CharField(max_length=80, null=True)

    db.create_tables([Deposit, DepositEntry, DepositTerms, Service, ServiceSlip])
    sqlite.guard_columns(
        db, "service_slip",
        ["number", "unit_id", "service_id", "on", "name", "measure", "quantity", "price", "amount", "note",
         "made_at", "made_by"],
    )  # fmt: skip
    sqlite.guard_columns(
        db, "deposit", ["number", "kind", "unit_id", "payer_id", "payer_name", "amount", "on", "agreed"]
    )
    sqlite.guard_columns(
        db, "deposit_entry",
        ["number", "deposit_id", "on", "kind", "amount", "reason", "method", "reference", "receiver", "account",
         "reverses_id", "made_at", "made_by"],
    )  # fmt: skip
    db.execute_sql(
        'ALTER TABLE "day_closing" ADD COLUMN "deposits" INTEGER NOT NULL DEFAULT 0 '
        'CHECK ("deposits" = CAST("deposits" AS BIGINT))'
    )
    db.execute_sql('ALTER TABLE "fee_item" ADD COLUMN "agreed" VARCHAR(120)')
    db.execute_sql('ALTER TABLE "fee_item" ADD COLUMN "public" INTEGER NOT NULL DEFAULT 1')
    _let(db, "fees.deposits", "fees.void")
    _let(db, "fees.charge", "fees.bill", "owners.edit")


def _let(db, right, *holding):
    """Give a new right to the roles that hold one of these."""
    named = ", ".join(f"'{one}'" for one in holding)
    db.execute_sql(
        f"INSERT INTO role_right (role_id, \"right\", row_version) SELECT DISTINCT role_id, '{right}', 1 "
        f'FROM role_right WHERE "right" IN ({named}) AND role_id NOT IN '
        f"(SELECT role_id FROM role_right WHERE \"right\" = '{right}')"
    )
