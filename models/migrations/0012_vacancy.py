"""空置减免: empty houses whose fees are reduced, and what each of their lines was reduced by.

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
    """Make the tables; what was approved and what was reduced never changes."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Table):
        pass

    class FeeItem(Table):
        pass

    class Bill(Table):
        pass

    class Adjustment(Table):
        pass

    def whole(name):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')])

    class Vacancy(Table):
        number = CharField(max_length=40, unique=True)
        unit = ForeignKeyField(Unit, backref="+")
        applied = DateField()
        since = DateField()
        proof = CharField(max_length=200)
        basis = CharField(max_length=120)
        percent = whole("percent")
        waits = IntegerField()
        effective = DateField()
        every = IntegerField()
        review = DateField()
        item = ForeignKeyField(FeeItem, backref="+", null=True)
        reviewed = DateField(null=True)
        finding = CharField(max_length=200, null=True)
        ended = DateField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class VacancyCut(Table):
        vacancy = ForeignKeyField(Vacancy, backref="+")
        bill = ForeignKeyField(Bill, backref="+", index=False)
        adjustment = ForeignKeyField(Adjustment, backref="+")
        first = DateField()
        days = IntegerField()
        last = DateField()
        amount = whole("amount")

        class Meta:
            indexes = ((("bill", "first"), True),)

    db.create_tables([Vacancy, VacancyCut])
    sqlite.guard_columns(
        db, "vacancy",
        ["number", "unit_id", "applied", "since", "proof", "basis", "percent", "waits", "effective", "every",
         "item_id", "made_at", "made_by"],
    )  # fmt: skip
    sqlite.guard_append_only(db, "vacancy_cut")
