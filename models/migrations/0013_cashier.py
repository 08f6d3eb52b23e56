"""收银: shifts and what went through their drawers, receipt books, invoices, cash handed over.

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
    """Make the tables; what was counted, handed out and registered never changes afterwards."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Account(Table):
        pass

    class Staff(Table):
        pass

    class Payment(Table):
        pass

    class Receipt(Table):
        pass

    def whole(name, **kwargs):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **kwargs)

    class Shift(Table):
        number = CharField(max_length=40, unique=True)
        account = ForeignKeyField(Account, backref="+", null=True)
        cashier = CharField(max_length=60)
        day = DateField(index=True)
        opened_at = DateTimeField()
        opening = whole("opening")
        prior = ForeignKeyField("self", backref="+", null=True, unique=True)
        opening_note = CharField(max_length=120, null=True)
        closed_at = DateTimeField(null=True)
        closed_by = CharField(max_length=60, null=True)
        expected = whole("expected", null=True)
        counted = whole("counted", null=True)
        banked = whole("banked", null=True)
        successor = ForeignKeyField(Staff, backref="+", null=True)
        note = CharField(max_length=120, null=True)

    class TillEntry(Table):
        shift = ForeignKeyField(Shift, backref="+")
        at = DateTimeField()
        on = DateField(index=True)
        kind = CharField(max_length=24)
        method = CharField(max_length=24)
        amount = whole("amount")
        source = CharField(max_length=60)
        payment = ForeignKeyField(Payment, backref="+", null=True)

    class ReceiptBook(Table):
        number = CharField(max_length=40, unique=True)
        on = DateField()
        year = IntegerField()
        first = IntegerField()
        last = IntegerField()
        holder = ForeignKeyField(Staff, backref="+")
        note = CharField(max_length=120, null=True)
        made_by = CharField(max_length=60)
        written_off = DateField(null=True)
        written_off_by = CharField(max_length=60, null=True)
        returned = IntegerField()
        finding = CharField(max_length=120, null=True)

    class Invoice(Table):
        number = CharField(max_length=20, unique=True)
        on = DateField(index=True)
        buyer = CharField(max_length=60)
        amount = whole("amount")
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        red_number = CharField(max_length=20, null=True, unique=True)
        red_on = DateField(null=True)
        reason = CharField(max_length=80, null=True)

    class InvoicedReceipt(Table):
        invoice = ForeignKeyField(Invoice, backref="+")
        receipt = ForeignKeyField(Receipt, backref="+")

    db.create_tables([Shift, TillEntry, ReceiptBook, Invoice, InvoicedReceipt])
    sqlite.guard_columns(
        db, "shift",
        ["number", "account_id", "cashier", "day", "opened_at", "opening", "prior_id", "opening_note"],
    )  # fmt: skip
    sqlite.guard_once(
        db, "shift", ["closed_at", "closed_by", "expected", "counted", "banked", "successor_id", "note"]
    )
    sqlite.guard_append_only(db, "till_entry")
    sqlite.guard_columns(
        db, "receipt_book", ["number", "on", "year", "first", "last", "holder_id", "note", "made_by"]
    )
    sqlite.guard_once(db, "receipt_book", ["written_off", "written_off_by", "finding"])
    sqlite.guard_once(db, "invoice", ["red_number", "red_on", "reason"])
    sqlite.guard_columns(db, "invoice", ["number", "on", "buyer", "amount", "made_at", "made_by"])
    sqlite.guard_append_only(db, "invoiced_receipt")
    db.execute_sql(
        'ALTER TABLE "payment" ADD COLUMN "given" INTEGER CHECK ("given" = CAST("given" AS BIGINT))'
    )
    for kind in ("update", "delete"):
        db.execute_sql(f'DROP TRIGGER "payment_no_{kind}"')
    sqlite.guard_columns(
        db, "payment",
        ["on", "payer_id", "payer_name", "method", "reference", "amount", "made_at", "made_by", "given"],
    )  # fmt: skip
    grant(db)


def grant(db):
    """Give the new rights to the roles whose work they are, once each."""
    for right, held in (("fees.books", "fees.bill"), ("fees.invoice", "fees.receive")):
        db.execute_sql(
            'INSERT INTO role_right (role_id, "right", row_version) SELECT DISTINCT role_id, '
            f"'{right}', 1 FROM role_right WHERE \"right\" = '{held}'"
        )
    db.execute_sql(
        "INSERT INTO role_right (role_id, \"right\", row_version) SELECT DISTINCT role_id, 'fees.invoice', 1 "
        "FROM role_right WHERE \"right\" = 'fees.bill' AND role_id NOT IN "
        "(SELECT role_id FROM role_right WHERE \"right\" = 'fees.invoice')"
    )
