"""物品需求计划: plans of what departments need, with their lines.

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
    """Make the tables, and guard what was asked for."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class Department(Table):
        pass

    class StockItem(Table):
        pass

    class Supplier(Table):
        pass

    class Demand(Table):
        number = CharField(max_length=40, unique=True)
        department = ForeignKeyField(Department, backref="+")
        first = DateField(index=True)
        last = DateField()
        state = CharField(max_length=24, index=True)
        purchases = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        approved_at = DateTimeField(null=True)
        approval = CharField(max_length=20, null=True)

    class DemandLine(Table):
        demand = ForeignKeyField(Demand, backref="+")
        position = IntegerField()
        item = ForeignKeyField(StockItem, backref="+")
        stock = whole("stock")
        coming = whole("coming")
        need = whole("need")
        needed_on = DateField()
        planned = whole("planned")
        price = whole("price")
        amount = whole("amount")
        supplier = ForeignKeyField(Supplier, backref="+", null=True)
        purpose = CharField(max_length=40, null=True)
        approved = whole("approved", null=True)

        class Meta:
            indexes = ((("demand", "position"), True),)

    db.create_tables([Demand, DemandLine])
    sqlite.guard_columns(db, "demand", ["number", "department_id", "first", "last", "made_at", "made_by"])
    sqlite.guard_once(db, "demand", ["approved_at", "approval", "purchases"])
    line = ["demand_id", "position", "item_id", "stock", "coming", "need", "needed_on", "planned", "price"]
    sqlite.guard_columns(db, "demand_line", [*line, "amount", "supplier_id", "purpose"])
    sqlite.guard_once(db, "demand_line", ["approved"])
