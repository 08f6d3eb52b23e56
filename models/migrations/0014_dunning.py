"""催缴: rules, letters and their lines, deliveries, promises, disputes, who chases, cases at law.

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

RULES = {
    "before": 3, "first_after": 7, "first_days": 7, "second_after": 30, "second_days": 10,
    "formal_after": 60, "formal_days": 15, "apart": 7, "least": 0,
}  # fmt: skip
GRANTED = {
    "fees.dun": ("管理处主任", "客服主管", "客服管理员"),
    "fees.dun_lead": ("管理处主任", "客服主管"),
    "fees.dun_rules": ("管理处主任", "会计"),
    "fees.message": ("管理处主任", "客服主管", "客服管理员"),
}


def whole(column):
    """Keep text and fractions out of a column of whole numbers."""
    return Check(f'"{column}" = CAST("{column}" AS BIGINT)')


def money(column):
    """Return a column of whole fen, none of them negative."""
    return BigIntegerField(constraints=[whole(column)])


def up(migrator, db):
    """Make the tables and the one row of rules; what was issued never changes."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Table):
        pass

    class Person(Table):
        pass

    class Staff(Table):
        pass

    class FeeItem(Table):
        pass

    class Bill(Table):
        pass

    class Batch(Table):
        pass

    class DunningRules(Table):
        before = IntegerField()
        first_after = IntegerField()
        first_days = IntegerField()
        second_after = IntegerField()
        second_days = IntegerField()
        formal_after = IntegerField()
        formal_days = IntegerField()
        apart = IntegerField()
        least = money("least")
        contract = CharField(max_length=80, null=True)
        signed = DateField(null=True)
        clause = CharField(max_length=80, null=True)
        services = TextField(null=True)
        objection = CharField(max_length=120, null=True)
        contact = CharField(max_length=80, null=True)

    class DunningLetter(Table):
        number = CharField(max_length=40, unique=True)
        stage = CharField(max_length=24)
        unit = ForeignKeyField(Unit, backref="+")
        payer = ForeignKeyField(Person, backref="+", null=True, index=False)
        addressee = CharField(max_length=140)
        on = DateField()
        days = IntegerField()
        deadline = DateField()
        oldest = DateField()
        principal = money("principal")
        late = money("late")
        facts = TextField()
        batch = ForeignKeyField(Batch, backref="+", null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        state = CharField(max_length=24)
        void_reason = CharField(max_length=80, null=True)
        voided_at = DateTimeField(null=True)
        voided_by = CharField(max_length=60, null=True)

    class DunningLine(Table):
        letter = ForeignKeyField(DunningLetter, backref="+")
        bill = ForeignKeyField(Bill, backref="+")
        amount = money("amount")
        late = money("late")
        days = IntegerField()

    class LetterDelivery(Table):
        letter = ForeignKeyField(DunningLetter, backref="+")
        way = CharField(max_length=24)
        at = DateTimeField()
        outcome = CharField(max_length=24)
        by = ForeignKeyField(Staff, backref="+")
        signed_by = CharField(max_length=40, null=True)
        tracking = CharField(max_length=40, null=True)
        witnesses = CharField(max_length=60, null=True)
        note = CharField(max_length=120, null=True)
        live = BooleanField()
        withdrawn = CharField(max_length=80, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class PaymentPromise(Table):
        unit = ForeignKeyField(Unit, backref="+")
        payer = ForeignKeyField(Person, backref="+", null=True, index=False)
        on = DateField()
        written = BooleanField()
        note = CharField(max_length=120, null=True)
        ended = DateField(null=True)
        end_reason = CharField(max_length=80, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Instalment(Table):
        promise = ForeignKeyField(PaymentPromise, backref="+")
        position = IntegerField()
        day = DateField()
        amount = money("amount")

        class Meta:
            indexes = ((("promise", "position"), True),)

    class BillDispute(Table):
        unit = ForeignKeyField(Unit, backref="+")
        item = ForeignKeyField(FeeItem, backref="+", null=True, index=False)
        since = DateField()
        reason = CharField(max_length=200)
        resolved = DateField(null=True)
        finding = TextField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Chase(Table):
        since = DateField()
        until = DateField(null=True)
        unit = ForeignKeyField(Unit, backref="+")
        staff = ForeignKeyField(Staff, backref="+")

    class LegalCase(Table):
        letter = ForeignKeyField(DunningLetter, backref="+", unique=True)
        on = DateField()
        lawyer = CharField(max_length=60)
        note = TextField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class NoticeDelivery(Table):
        unit = ForeignKeyField(Unit, backref="+")
        month = IntegerField()
        number = CharField(max_length=60)
        way = CharField(max_length=24)
        at = DateTimeField()
        by = ForeignKeyField(Staff, backref="+")
        signed_by = CharField(max_length=40, null=True)
        note = CharField(max_length=120, null=True)
        live = BooleanField()
        withdrawn = CharField(max_length=80, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    NoticeDelivery.add_index(
        NoticeDelivery.index(
            NoticeDelivery.month, NoticeDelivery.unit, unique=True,
            where=NoticeDelivery.live == True, name="notice_handed_once",
        )
    )  # fmt: skip
    db.create_tables(
        [
            DunningRules, DunningLetter, DunningLine, LetterDelivery, PaymentPromise, Instalment, BillDispute,
            Chase, LegalCase, NoticeDelivery,
        ]
    )  # fmt: skip
    names = ", ".join(f'"{name}"' for name in RULES)
    values = ", ".join(str(value) for value in RULES.values())
    db.execute_sql(f'INSERT INTO "dunning_rules" (row_version, {names}) VALUES (1, {values})')
    guard(db)
    grant(db)


def guard(db):
    """Guard what was issued and what proves it."""
    sqlite.guard_columns(
        db, "dunning_letter",
        ["number", "stage", "unit_id", "payer_id", "addressee", "on", "days", "deadline", "oldest",
         "principal", "late", "facts", "batch_id", "made_at", "made_by"],
    )  # fmt: skip
    sqlite.guard_append_only(db, "dunning_line")
    sqlite.guard_columns(
        db, "letter_delivery",
        ["letter_id", "way", "at", "outcome", "by_id", "signed_by", "tracking", "witnesses", "note", "made_at",
         "made_by"],
    )  # fmt: skip
    sqlite.guard_columns(
        db, "payment_promise", ["unit_id", "payer_id", "on", "written", "made_at", "made_by"]
    )
    sqlite.guard_append_only(db, "instalment")
    sqlite.guard_columns(db, "bill_dispute", ["unit_id", "item_id", "since", "reason", "made_at", "made_by"])
    sqlite.guard_append_only(db, "legal_case")
    sqlite.guard_columns(
        db, "notice_delivery",
        ["unit_id", "month", "number", "way", "at", "by_id", "signed_by", "note", "made_at", "made_by"],
    )  # fmt: skip


def grant(db):
    """Give the new rights to the ready-made roles whose work they are."""
    for right, roles in GRANTED.items():
        named = ", ".join(f"'{role}'" for role in roles)
        db.execute_sql(
            f"INSERT INTO role_right (role_id, \"right\", row_version) SELECT id, '{right}', 1 FROM role "
            f"WHERE name IN ({named})"
        )
