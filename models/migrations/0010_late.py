"""违约金与预存: terms of late payment and the days charged or waived; which run set a balance off.

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


def up(migrator, db):
    """Make the tables; let the index of open lines tell the item; give the rights to who bills."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class FeeItem(Table):
        pass

    class Staff(Table):
        pass

    class Bill(Table):
        pass

    def whole(name, **kwargs):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **kwargs)

    class Unit(Table):
        pass

    class Person(Table):
        pass

    class Payment(Table):
        pass

    class PrepayOffer(Table):
        name = CharField(max_length=40, unique=True)
        months = IntegerField()
        free = IntegerField(null=True)
        percent = whole("percent", null=True)
        item = ForeignKeyField(FeeItem, backref="+", null=True)
        basis = CharField(max_length=120)
        contract_end = DateField(null=True)
        active = BooleanField()

    class PrepayPlan(Table):
        number = CharField(max_length=40, unique=True)
        unit = ForeignKeyField(Unit, backref="+")
        payer = ForeignKeyField(Person, backref="+", null=True)
        offer = ForeignKeyField(PrepayOffer, backref="+")
        first = IntegerField()
        last = IntegerField()
        kept = IntegerField()
        parts = IntegerField()
        amount = whole("amount")
        payment = ForeignKeyField(Payment, backref="+")
        ended = CharField(max_length=80, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class LateTerms(Table):
        since = DateField()
        until = DateField(null=True)
        item = ForeignKeyField(FeeItem, backref="+", null=True)
        clause = CharField(max_length=80)
        daily = whole("daily", null=True)
        yearly = whole("yearly", null=True)
        multiple = whole("multiple")
        grace = IntegerField()
        counts_from = CharField(max_length=24)
        cap = whole("cap")

    class LateSpan(Table):
        bill = ForeignKeyField(Bill, backref="+")
        since = DateField()
        until = DateField()
        amount = whole("amount")
        charge = ForeignKeyField(Bill, backref="+", null=True)
        reason = CharField(max_length=80, null=True)
        approver = ForeignKeyField(Staff, backref="+", null=True)
        live = BooleanField()
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    db.create_tables([LateTerms, LateSpan, PrepayOffer, PrepayPlan])
    sqlite.guard_columns(
        db, "prepay_plan",
        ["number", "unit_id", "payer_id", "offer_id", "first", "kept", "parts", "amount", "payment_id", "made_at",
         "made_by"],
    )  # fmt: skip
    sqlite.guard_columns(
        db, "late_span",
        ["bill_id", "since", "until", "amount", "charge_id", "reason", "approver_id", "made_at", "made_by"],
        may_go="OLD.live = 0",
    )  # fmt: skip
    db.execute_sql("DROP INDEX bill_open")
    db.execute_sql(
        'CREATE INDEX "bill_open" ON "bill" '
        '("due", "unit_id", "payer_id", "month", "item_id", "amount", "paid", "live") '
        'WHERE (("live" = 1) AND ("paid" < "amount"))'
    )
    db.execute_sql('ALTER TABLE "set_off" ADD COLUMN "batch_id" INTEGER REFERENCES "batch" ("id")')
    db.execute_sql('CREATE INDEX "set_off_batch_id" ON "set_off" ("batch_id")')
    db.execute_sql('ALTER TABLE "profile" ADD COLUMN "auto_set_off" INTEGER NOT NULL DEFAULT 0')
    _grant(db, "fees.late", "fees.bill")
    _grant(db, "fees.waive_late", "fees.bill", "owners.edit")


def _grant(db, new, *held):
    """Give a new right to the roles that hold all of these."""
    having = " AND ".join(f"SUM(\"right\" = '{right}') > 0" for right in held)
    db.execute_sql(
        f"INSERT INTO role_right (role_id, \"right\", row_version) SELECT role_id, '{new}', 1 "
        f"FROM role_right GROUP BY role_id HAVING {having}"
    )
