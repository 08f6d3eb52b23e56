"""公共分摊: plans, what was shared by them, and what each house bears; what was issued stays as it is.

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
)  # fmt: skip

from models import sqlite


def whole(column):
    """Keep text and fractions out of a column of whole numbers."""
    return [Check(f'"{column}" = CAST("{column}" AS BIGINT)')]


def scaled(column, null=False):
    """Return a column of scaled whole numbers."""
    return BigIntegerField(null=null, constraints=whole(column))


def up(migrator, db):
    """Make the tables, let who bills share too, and guard the documents."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class FeeItem(Table):
        pass

    class Building(Table):
        pass

    class Entrance(Table):
        pass

    class Unit(Table):
        pass

    class Batch(Table):
        pass

    class SharePlan(Table):
        name = CharField(max_length=40, unique=True)
        kind = CharField(max_length=24)
        item = ForeignKeyField(FeeItem, backref="+")
        from_floor = IntegerField(null=True)
        base = CharField(max_length=24)
        vacant = IntegerField()
        unsold = IntegerField()
        agreed = CharField(max_length=120, null=True)
        active = BooleanField()

    class ShareScope(Table):
        plan = ForeignKeyField(SharePlan, backref="+")
        building = ForeignKeyField(Building, backref="+", null=True)
        entrance = ForeignKeyField(Entrance, backref="+", null=True)

    class ShareWeight(Table):
        plan = ForeignKeyField(SharePlan, backref="+")
        kind = CharField(max_length=24, null=True)
        floor = IntegerField(null=True)
        coefficient = scaled("coefficient")

    class SharePart(Table):
        plan = ForeignKeyField(SharePlan, backref="+")
        base = CharField(max_length=24)
        percent = IntegerField()

    class SharedCost(Table):
        number = CharField(max_length=24, unique=True)
        month = IntegerField()
        plan = ForeignKeyField(SharePlan, backref="+")
        kind = CharField(max_length=24)
        scope = CharField(max_length=400)
        base = CharField(max_length=24)
        mix = CharField(max_length=80, null=True)
        agreed = CharField(max_length=120, null=True)
        source = CharField(max_length=60, null=True)
        previous = scaled("previous", null=True)
        current = scaled("current", null=True)
        multiplier = IntegerField(null=True)
        used = scaled("used", null=True)
        excluded_used = scaled("excluded_used", null=True)
        price = scaled("price", null=True)
        excluded = scaled("excluded")
        exclusions = TextField(null=True)
        amount = scaled("amount")
        total_base = scaled("total_base")
        unit_share = scaled("unit_share")
        units = IntegerField()
        adjusted = scaled("adjusted")
        left_out = TextField(null=True)
        shown_from = DateField(null=True)
        shown_until = DateField(null=True)
        note = CharField(max_length=120, null=True)
        run = IntegerField()
        batch = ForeignKeyField(Batch, backref="+", unique=True)
        state = CharField(max_length=24)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Share(Table):
        cost = ForeignKeyField(SharedCost, backref="+", index=False)
        unit = ForeignKeyField(Unit, backref="+")
        quantity = scaled("quantity")
        coefficient = scaled("coefficient")
        exact = scaled("exact")
        rest = scaled("rest")
        amount = scaled("amount")

        class Meta:
            indexes = ((("cost", "unit"), True),)

    db.create_tables([SharePlan, ShareScope, ShareWeight, SharePart, SharedCost, Share])
    db.execute_sql(
        'CREATE UNIQUE INDEX "shared_cost_once" ON "shared_cost" ("plan_id", "month") '
        "WHERE (\"state\" = 'SHARED')"
    )
    db.execute_sql(
        'INSERT INTO role_right (role_id, "right", row_version) '
        "SELECT DISTINCT role_id, 'fees.share', 1 FROM role_right WHERE \"right\" = 'fees.bill'"
    )
    _guard(db, SharedCost)


def _guard(db, cost):
    """Let nobody change what was issued, nor the rules by which it was shared."""
    frozen = [field.column_name for field in cost._meta.sorted_fields]
    moving = ("id", "row_version", "state")
    sqlite.guard_columns(db, "shared_cost", [name for name in frozen if name not in moving])
    sqlite.guard_append_only(db, "share")
    sqlite.guard_columns(db, "share_plan", ["kind", "item_id", "from_floor", "base", "vacant", "unsold"])
    for table in ("share_scope", "share_weight", "share_part"):
        sqlite.guard_append_only(db, table)
