"""询价: inquiries and the quotes in them.

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


def up(migrator, db):
    """Make the tables, and guard what was asked."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class Goods(Table):
        pass

    class Supplier(Table):
        pass

    class Inquiry(Table):
        number = CharField(max_length=40, unique=True)
        title = CharField(max_length=40)
        asked_on = DateField()
        until = DateField()
        state = CharField(max_length=24)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        maker = IntegerField(null=True)
        words = TextField(null=True)
        said_at = DateTimeField(null=True)
        said_by = CharField(max_length=60, null=True)

    class Quote(Table):
        inquiry = ForeignKeyField(Inquiry, backref="+")
        goods = ForeignKeyField(Goods, backref="+")
        supplier = ForeignKeyField(Supplier, backref="+")
        price = whole("price")
        days = IntegerField(null=True)
        quality = CharField(max_length=60, null=True)
        recommended = BooleanField()
        why = CharField(max_length=80, null=True)

        class Meta:
            indexes = ((("inquiry", "goods", "supplier"), True),)

    db.create_tables([Inquiry, Quote])
    asked = ["number", "title", "asked_on", "until", "made_at", "made_by", "maker"]
    sqlite.guard_columns(db, "inquiry", asked)
    sqlite.guard_once(db, "inquiry", ["words", "said_at", "said_by"])
    sqlite.guard_columns(db, "quote", ["inquiry_id", "goods_id", "supplier_id", "price", "days", "quality"])
