"""抄表: meters, readings, what lines charged of them, tiers of prices and the least that is charged.

Frozen, as 0001 is.
"""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    Model,
)

from models import sqlite


def whole(column):
    """Keep text and fractions out of a column of whole numbers."""
    return Check(f'"{column}" = CAST("{column}" AS BIGINT)')


def up(migrator, db):
    """Make the tables; whoever sets prices may keep meters, and whoever looks after houses may read them."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Unit(Table):
        pass

    class Building(Table):
        pass

    class Entrance(Table):
        pass

    class FeeItem(Table):
        pass

    class Rate(Table):
        pass

    class Batch(Table):
        pass

    class Bill(Table):
        pass

    class RateTier(Table):
        rate = ForeignKeyField(Rate, backref="+", index=False)
        over = BigIntegerField(constraints=[whole("over")])
        price = BigIntegerField(constraints=[whole("price")])

        class Meta:
            indexes = ((("rate", "over"), True),)

    class Meter(Table):
        number = CharField(max_length=24, unique=True)
        kind = CharField(max_length=24)
        unit = ForeignKeyField(Unit, backref="+", null=True)
        building = ForeignKeyField(Building, backref="+", null=True, index=False)
        entrance = ForeignKeyField(Entrance, backref="+", null=True, index=False)
        place = CharField(max_length=40, null=True)
        multiplier = IntegerField()
        digits = IntegerField()
        route = CharField(max_length=20, null=True)
        position = IntegerField()
        item = ForeignKeyField(FeeItem, backref="+", null=True)
        since = DateField()
        until = DateField(null=True)
        active = BooleanField()
        replaces = ForeignKeyField("self", backref="+", null=True)
        origin = ForeignKeyField("self", backref="+", null=True)

    class Reading(Table):
        meter = ForeignKeyField(Meter, backref="+", index=False)
        month = IntegerField()
        day = DateField()
        value = BigIntegerField(constraints=[whole("value")])
        kind = CharField(max_length=24)
        rolled = BooleanField()
        base = BooleanField()
        previous = BigIntegerField(null=True, constraints=[whole("previous")])
        usage = BigIntegerField(constraints=[whole("usage")])
        months = IntegerField()
        deviation = BigIntegerField(null=True, constraints=[whole("deviation")])
        note = CharField(max_length=80, null=True)
        made_by = CharField(max_length=60)
        live = BooleanField()
        corrects = ForeignKeyField("self", backref="+", null=True, index=False)
        batch = ForeignKeyField(Batch, backref="+", null=True)

        class Meta:
            indexes = ()

    Reading.add_index(
        Reading.index(
            *(Reading.meter, Reading.month, Reading.base),
            unique=True,
            where=Reading.live == True,
            name="reading_once",
        )
    )
    Reading.add_index(Reading.index(Reading.month, Reading.meter, name="reading_month"))

    class Metered(Table):
        bill = ForeignKeyField(Bill, backref="+", index=False, on_delete="CASCADE")
        meter = ForeignKeyField(Meter, backref="+", index=False)
        month = IntegerField()
        usage = BigIntegerField(constraints=[whole("usage")])

        class Meta:
            indexes = ((("bill", "month"), True),)

    Metered.add_index(Metered.index(Metered.meter, Metered.month, name="metered_month"))

    db.create_tables([RateTier, Meter, Reading, Metered])
    db.execute_sql(
        'ALTER TABLE "fee_item" ADD COLUMN "minimum" INTEGER CHECK ("minimum" = CAST("minimum" AS BIGINT))'
    )
    sqlite.guard_columns(
        db, "reading",
        ["meter_id", "month", "day", "value", "kind", "rolled", "base", "note", "made_by", "corrects_id", "batch_id"],
        may_go="OLD.live = 0",
    )  # fmt: skip
    sqlite.guard_columns(
        db, "metered", ["bill_id", "meter_id", "month", "usage"],
        may_go="(SELECT live FROM bill WHERE id = OLD.bill_id) IS NOT 1",
    )  # fmt: skip
    for held, given in (
        ("fees.items", "fees.meters"),
        ("fees.items", "fees.read"),
        ("owners.edit", "fees.read"),
    ):
        db.execute_sql(
            'INSERT INTO role_right (role_id, "right", row_version) SELECT DISTINCT one.role_id, ?, 1 '
            'FROM role_right one WHERE one."right" = ? AND NOT EXISTS (SELECT 1 FROM role_right other '
            'WHERE other.role_id = one.role_id AND other."right" = ?)',
            (given, held, given),
        )
