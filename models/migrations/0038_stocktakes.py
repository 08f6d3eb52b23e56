"""食堂盘点: counts with their lines, and the closed months.

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

RIGHTS = {"canteen.count": ("管理处主任", "客服主管", "食堂仓库管理员", "会计")}


def up(migrator, db):
    """Make the tables, and let nothing be moved in closed books."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class StockLot(Table):
        pass

    class StockMove(Table):
        pass

    class StockClose(Table):
        month = IntegerField(unique=True)
        first = DateField(null=True)
        until = DateField(unique=True)
        number = CharField(max_length=20)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Stocktake(Table):
        number = CharField(max_length=16, unique=True)
        month = IntegerField(index=True)
        day = DateField()
        counter = CharField(max_length=40)
        witness = CharField(max_length=40)
        state = CharField(max_length=24, index=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        approved_at = DateTimeField(null=True)
        approval = CharField(max_length=20, null=True)
        why = CharField(max_length=120, null=True)

    class StocktakeLine(Table):
        stocktake = ForeignKeyField(Stocktake, backref="+")
        lot = ForeignKeyField(StockLot, backref="+")
        code = CharField(max_length=44, unique=True)
        book = whole("book")
        price = whole("price")
        counted = whole("counted", null=True)
        recounted = whole("recounted", null=True)
        cause = CharField(max_length=80, null=True)
        opinion = CharField(max_length=80, null=True)
        move = ForeignKeyField(StockMove, backref="+", null=True)

        class Meta:
            indexes = ((("stocktake", "lot"), True),)

    db.create_tables([StockClose, Stocktake, StocktakeLine])
    sqlite.guard_append_only(db, "stock_close")
    sqlite.guard_columns(
        db, "stocktake", ["number", "month", "day", "counter", "witness", "made_at", "made_by"]
    )
    sqlite.guard_once(db, "stocktake", ["approved_at", "approval", "why"])
    sqlite.guard_columns(db, "stocktake_line", ["stocktake_id", "lot_id", "code", "book", "price"])
    sqlite.guard_once(db, "stocktake_line", ["counted", "recounted", "cause", "opinion", "move_id"])
    sqlite.guard_closed(db, "stock_move", "day", ["amount", "difference"], "stock_close", "until")
    grant(db)


def grant(db):
    """Give the new right to the roles whose work it is."""
    for right, roles in RIGHTS.items():
        for role in roles:
            db.execute_sql(
                'INSERT INTO role_right (role_id, "right", row_version) SELECT id, ?, 1 FROM role WHERE name = ?',
                (right, role),
            )
