"""银行与代扣: accounts, and the rows of their statements, which stay as the bank wrote them.

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
    """Make the tables; what a statement says never changes, only where it stands."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Table):
        pass

    class Batch(Table):
        pass

    class Payment(Table):
        pass

    class BankAccount(Table):
        name = CharField(max_length=40, unique=True)
        method = CharField(max_length=24)
        bank = CharField(max_length=60, null=True)
        number = CharField(max_length=40, null=True)
        active = BooleanField()

    class BankRow(Table):
        batch = ForeignKeyField(Batch, backref="+")
        account = ForeignKeyField(BankAccount, backref="+")
        method = CharField(max_length=24)
        on = DateField(index=True)
        time = CharField(max_length=8, null=True)
        amount = BigIntegerField(constraints=[whole("amount")])
        name = CharField(max_length=60, null=True)
        remark = CharField(max_length=200, null=True)
        reference = CharField(max_length=60, null=True)
        fingerprint = CharField(max_length=64, unique=True, null=True)
        state = CharField(max_length=24, index=True)
        suggested = ForeignKeyField(Unit, backref="+", index=False, null=True)
        unit = ForeignKeyField(Unit, backref="+", null=True)
        payment = ForeignKeyField(Payment, backref="+", unique=True, null=True)
        told = CharField(max_length=200, null=True)
        settled_at = DateTimeField(null=True)
        settled_by = CharField(max_length=60, null=True)

    db.create_tables([BankAccount, BankRow])
    sqlite.guard_columns(
        db, "bank_row",
        ["batch_id", "account_id", "method", "on", "time", "amount", "name", "remark", "reference"],
    )  # fmt: skip
    _let(db, "fees.bank", "fees.opening")


def _let(db, right, *holding):
    """Give a new right to the roles that hold one of these."""
    named = ", ".join(f"'{one}'" for one in holding)
    db.execute_sql(
        f"INSERT INTO role_right (role_id, \"right\", row_version) SELECT DISTINCT role_id, '{right}', 1 "
        f'FROM role_right WHERE "right" IN ({named}) AND role_id NOT IN '
        f"(SELECT role_id FROM role_right WHERE \"right\" = '{right}')"
    )
