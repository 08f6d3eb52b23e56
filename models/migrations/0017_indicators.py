"""财务指标: targets, costs of months, and what was delivered for appraisal; none of it ever changes.

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
    TextField,
)

from models import sqlite


def up(migrator, db):
    """Make the tables, and let the roles in that finance and management have."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Building(Table):
        pass

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class Target(Table):
        indicator = CharField(max_length=24)
        year = IntegerField()
        building = ForeignKeyField(Building, backref="+", null=True)
        figure = whole("figure")
        split = CharField(max_length=24)
        reason = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class MonthTarget(Table):
        target = ForeignKeyField(Target, backref="+")
        month = IntegerField()
        figure = whole("figure")

        class Meta:
            indexes = ((("target", "month"), True),)

    class MonthCost(Table):
        month = IntegerField(index=True)
        kind = CharField(max_length=24)
        amount = whole("amount")
        note = CharField(max_length=80, null=True)
        reason = CharField(max_length=80, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class DeliveryTerms(Table):
        day = IntegerField()

    class Delivery(Table):
        number = CharField(max_length=40, unique=True)
        kind = CharField(max_length=24)
        last = IntegerField(index=True)
        version = IntegerField()
        on = DateField()
        due = DateField()
        aims = IntegerField()
        receivers = CharField(max_length=80)
        note = TextField(null=True)
        reason = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

        class Meta:
            indexes = ((("kind", "last", "version"), True),)

    class DeliveryRow(Table):
        delivery = ForeignKeyField(Delivery, backref="+")
        indicator = CharField(max_length=24)
        year = whole("year", null=True)
        quarter = whole("quarter", null=True)
        month = whole("month", null=True)
        actual = whole("actual", null=True)
        done = whole("done", null=True)
        total = whole("total", null=True)
        total_done = whole("total_done", null=True)
        against = whole("against", null=True)
        note = CharField(max_length=120, null=True)

    made = [Target, MonthTarget, MonthCost, Delivery, DeliveryRow]
    db.create_tables([*made, DeliveryTerms])
    db.execute_sql("INSERT INTO delivery_terms (day, row_version) VALUES (10, 1)")
    for one in made:
        sqlite.guard_append_only(db, one._meta.table_name)
    _let(db, "appraisals.keep", "fees.bill")
    _let(db, "appraisals.view", "fees.bill")
    for role in ("总经理", "常务副总经理", "绩效专员"):
        db.execute_sql(
            "INSERT INTO role_right (role_id, \"right\", row_version) SELECT id, 'appraisals.view', 1 "
            "FROM role WHERE name = ? AND id NOT IN "
            "(SELECT role_id FROM role_right WHERE \"right\" = 'appraisals.view')",
            (role,),
        )


def _let(db, right, *holding):
    """Give a new right to the roles that hold one of these."""
    named = ", ".join(f"'{one}'" for one in holding)
    db.execute_sql(
        f"INSERT INTO role_right (role_id, \"right\", row_version) SELECT DISTINCT role_id, '{right}', 1 "
        f'FROM role_right WHERE "right" IN ({named}) AND role_id NOT IN '
        f"(SELECT role_id FROM role_right WHERE \"right\" = '{right}')"
    )
