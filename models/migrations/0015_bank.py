"""银行与代扣: statements, direct debit, what a former system was paid, and the accountant's subjects.

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
    TextField,
)

from models import sqlite

SUBJECTS = (
    ("CASH", "1001", "库存现金"),
    ("BANK", "1002", "银行存款"),
    ("PHONE", "1012", "其他货币资金"),
    ("RECEIVABLE", "1122", "应收账款"),
    ("PREPAID", "2203", "预收账款"),
    ("DEPOSIT", "2241", "其他应付款—押金"),
    ("COLLECTED", "2241", "其他应付款—代收"),
    ("REVENUE", "6001", "主营业务收入"),
    ("LATE", "6301", "营业外收入—违约金"),
    ("FORFEIT", "6301", "营业外收入—押金扣款"),
)
"""Of the enterprise accounting standards (企业会计准则应用指南)."""


def whole(column):
    """Keep text and fractions out of a column of whole numbers."""
    return Check(f'"{column}" = CAST("{column}" AS BIGINT)')


def up(migrator, db):
    """Make the tables; what a statement says and what was sent to a bank never changes."""

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

    class Person(Table):
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

    class DebitMandate(Table):
        since = DateField()
        until = DateField(null=True)
        unit = ForeignKeyField(Unit, backref="+")
        payer = ForeignKeyField(Person, backref="+")
        bank = CharField(max_length=60)
        account_name = CharField(max_length=60)
        account = CharField(max_length=40)
        agreement = CharField(max_length=40, unique=True)
        limit = BigIntegerField(constraints=[whole("limit")], null=True)

    class DebitLayout(Table):
        name = CharField(max_length=40, unique=True)
        format = CharField(max_length=24)
        columns = TextField()
        active = BooleanField()

    class DebitBatch(Table):
        number = CharField(max_length=40, unique=True)
        account = ForeignKeyField(BankAccount, backref="+")
        layout = ForeignKeyField(DebitLayout, backref="+", null=True)
        on = DateField(index=True)
        count = IntegerField()
        amount = BigIntegerField(constraints=[whole("amount")])
        state = CharField(max_length=24)
        sent_at = DateTimeField(null=True)
        reason = CharField(max_length=80, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class DebitRow(Table):
        batch = ForeignKeyField(DebitBatch, backref="+", index=False)
        position = IntegerField()
        mandate = ForeignKeyField(DebitMandate, backref="+")
        unit = ForeignKeyField(Unit, backref="+")
        payer = ForeignKeyField(Person, backref="+")
        bank = CharField(max_length=60)
        account_name = CharField(max_length=60)
        account = CharField(max_length=40)
        agreement = CharField(max_length=40)
        amount = BigIntegerField(constraints=[whole("amount")])
        lines = TextField()

        class Meta:
            indexes = ((("batch", "position"), True),)

    class DebitAnswer(Table):
        row = ForeignKeyField(DebitRow, backref="+", unique=True)
        batch = ForeignKeyField(Batch, backref="+")
        outcome = CharField(max_length=24)
        reason = CharField(max_length=80, null=True)
        on = DateField()
        reference = CharField(max_length=60, null=True)
        payment = ForeignKeyField(Payment, backref="+", unique=True, null=True)
        told = CharField(max_length=120, null=True)

    class FormerPayment(Table):
        batch = ForeignKeyField(Batch, backref="+")
        unit = ForeignKeyField(Unit, backref="+")
        item = CharField(max_length=40)
        first = DateField(null=True)
        last = DateField(null=True)
        paid_on = DateField(index=True)
        charged = BigIntegerField(constraints=[whole("charged")], null=True)
        paid = BigIntegerField(constraints=[whole("paid")])
        cashier = CharField(max_length=40, null=True)
        receipt = CharField(max_length=40, null=True)
        note = CharField(max_length=200, null=True)

    class Subject(Table):
        use = CharField(max_length=24, unique=True)
        code = CharField(max_length=20)
        name = CharField(max_length=40)

    db.create_tables([BankAccount, BankRow, DebitMandate, DebitLayout, DebitBatch, DebitRow, DebitAnswer])
    db.create_tables([FormerPayment, Subject])
    for use, code, name in SUBJECTS:
        db.execute_sql(
            'INSERT INTO subject ("use", code, name, row_version) VALUES (?, ?, ?, 1)', (use, code, name)
        )
    sqlite.guard_append_only(db, "debit_row")
    sqlite.guard_columns(
        db, "debit_batch", ["number", "account_id", "on", "count", "amount", "made_at", "made_by"]
    )
    sqlite.guard_columns(db, "debit_mandate", ["unit_id", "payer_id", "agreement", "since"])
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
