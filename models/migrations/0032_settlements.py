"""供方结算: deductions, settlements with their lines, payments.

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

RIGHTS = {"suppliers.settle": ("物配中心", "采购员"), "suppliers.pay": ("会计",)}


def up(migrator, db):
    """Make the tables, and guard what was settled and paid."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class Supplier(Table):
        pass

    class SupplyContract(Table):
        pass

    class BudgetAccount(Table):
        pass

    class ReceiptLine(Table):
        pass

    class SupplierDeduction(Table):
        number = CharField(max_length=40, unique=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        day = DateField(index=True)
        amount = whole("amount")
        words = CharField(max_length=120)
        source = CharField(max_length=40, null=True)
        account = ForeignKeyField(BudgetAccount, backref="+", null=True)
        state = CharField(max_length=24, index=True)
        settlement = CharField(max_length=40, null=True)
        why = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Settlement(Table):
        number = CharField(max_length=40, unique=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        until = DateField(index=True)
        invoice = CharField(max_length=60, null=True)
        bank = CharField(max_length=60, null=True)
        payee = CharField(max_length=40, null=True)
        goods = whole("goods")
        services = whole("services")
        deducted = whole("deducted")
        total = whole("total")
        paid = whole("paid")
        state = CharField(max_length=24, index=True)
        note = CharField(max_length=120, null=True)
        why = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        approved_at = DateTimeField(null=True)
        approval = CharField(max_length=20, null=True)

    class SettlementLine(Table):
        settlement = ForeignKeyField(Settlement, backref="+")
        position = IntegerField()
        lot = ForeignKeyField(ReceiptLine, backref="+", null=True)
        contract = ForeignKeyField(SupplyContract, backref="+", null=True)
        month = IntegerField(null=True)
        deduction = ForeignKeyField(SupplierDeduction, backref="+", null=True)
        words = CharField(max_length=160)
        quantity = whole("quantity", null=True)
        price = whole("price", null=True)
        amount = whole("amount")
        account = ForeignKeyField(BudgetAccount, backref="+", null=True)

        class Meta:
            indexes = ((("settlement", "position"), True),)

    class SupplierPayment(Table):
        number = CharField(max_length=40, unique=True)
        settlement = ForeignKeyField(Settlement, backref="+")
        supplier = ForeignKeyField(Supplier, backref="+")
        day = DateField(index=True)
        amount = whole("amount")
        way = CharField(max_length=24)
        reference = CharField(max_length=60, null=True)
        state = CharField(max_length=24)
        cancelled_on = DateField(null=True)
        why = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    db.create_tables([SupplierDeduction, Settlement, SettlementLine, SupplierPayment])
    fixed = ["number", "supplier_id", "day", "amount", "words", "source", "account_id", "made_at", "made_by"]
    sqlite.guard_columns(db, "supplier_deduction", fixed)
    sums = ["goods", "services", "deducted", "total"]
    sqlite.guard_columns(
        db, "settlement", ["number", "supplier_id", "until", "bank", "payee", *sums, "made_at", "made_by"]
    )
    sqlite.guard_once(db, "settlement", ["approved_at", "approval", "why"])
    sqlite.guard_append_only(db, "settlement_line")
    paid = ["number", "settlement_id", "supplier_id", "day", "amount", "way", "reference"]
    sqlite.guard_columns(db, "supplier_payment", [*paid, "made_at", "made_by"])
    sqlite.guard_once(db, "supplier_payment", ["cancelled_on", "why"])
    grant(db)


def grant(db):
    """Give the new rights to the roles whose work they are."""
    for right, roles in RIGHTS.items():
        for role in roles:
            db.execute_sql(
                'INSERT INTO role_right (role_id, "right", row_version) SELECT id, ?, 1 FROM role WHERE name = ?',
                (right, role),
            )
