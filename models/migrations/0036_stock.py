"""食堂仓库: items, lots, moves, what was looked at on receiving, and issue slips.

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
)

from models import sqlite

RIGHTS = {
    "canteen.view": (
        *("总经理", "常务副总经理", "管理处主任", "客服主管", "食堂仓库管理员", "物配中心", "采购员"),
        *("会计", "品质管理员"),
    ),
    "canteen.keep": ("管理处主任", "客服主管", "食堂仓库管理员"),
    "canteen.store": ("食堂仓库管理员",),
    "canteen.decide": ("管理处主任", "客服主管"),
    "canteen.rules": ("管理处主任",),
    "records.attach": ("食堂仓库管理员",),
}


def up(migrator, db):
    """Make the tables, guard what was moved, and let those use them whose work it is."""
    db.execute_sql('ALTER TABLE "goods" ADD COLUMN "stocked" INTEGER NOT NULL DEFAULT 0')

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

    class ReceiptLine(Table):
        pass

    class GoodsReceipt(Table):
        pass

    class GoodsReturn(Table):
        pass

    class Department(Table):
        pass

    class ServiceCase(Table):
        pass

    class StockItem(Table):
        goods = ForeignKeyField(Goods, backref="+", unique=True)
        code = CharField(max_length=20, unique=True)
        unit = CharField(max_length=8)
        per = whole("per")
        storage = CharField(max_length=24)
        place = CharField(max_length=30, null=True)
        barcode = CharField(max_length=40, null=True, unique=True)
        shelf = IntegerField(null=True)
        shelf_unit = CharField(max_length=24, null=True)
        least = whole("least", null=True)
        two_from = whole("two_from", null=True)
        stock = whole("stock")
        value = whole("value")
        active = BooleanField()

    class StockLot(Table):
        code = CharField(max_length=24, unique=True)
        item = ForeignKeyField(StockItem, backref="+")
        supplier = ForeignKeyField(Supplier, backref="+", null=True)
        received = ForeignKeyField(ReceiptLine, backref="+", null=True, unique=True)
        replaces = ForeignKeyField(GoodsReturn, backref="+", null=True)
        maker = CharField(max_length=40, null=True)
        made_on = DateField(null=True)
        shelf = IntegerField(null=True)
        shelf_unit = CharField(max_length=24, null=True)
        expires_on = DateField(null=True, index=True)
        arrived_on = DateField(index=True)
        price = whole("price")
        bought = whole("bought")
        stock = whole("stock")
        held = whole("held")
        apart = BooleanField()

        class Meta:
            indexes = ((("item", "expires_on"), False),)

    class StockMove(Table):
        item = ForeignKeyField(StockItem, backref="+")
        lot = ForeignKeyField(StockLot, backref="+")
        day = DateField(index=True)
        turn = IntegerField()
        kind = CharField(max_length=24)
        quantity = whole("quantity")
        amount = whole("amount")
        own = whole("own", null=True)
        difference = whole("difference")
        origin = IntegerField(null=True)
        slip = CharField(max_length=24, index=True)
        words = CharField(max_length=80, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

        class Meta:
            indexes = ((("item", "day", "turn"), False), (("origin",), False))

    class StoreReceipt(Table):
        receipt = ForeignKeyField(GoodsReceipt, backref="+", unique=True)
        deliverer = CharField(max_length=30, null=True)
        signed = BooleanField()
        proof = CharField(max_length=24)
        temperature = whole("temperature", null=True)

    class GoodsIssue(Table):
        number = CharField(max_length=40, unique=True)
        day = DateField(index=True)
        department = ForeignKeyField(Department, backref="+")
        purpose = CharField(max_length=24)
        meal = CharField(max_length=24, null=True)
        heads = IntegerField(null=True)
        case = ForeignKeyField(ServiceCase, backref="+", null=True)
        taker = CharField(max_length=40)
        witness = CharField(max_length=40, null=True)
        note = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class IssueLine(Table):
        issue = ForeignKeyField(GoodsIssue, backref="+")
        code = CharField(max_length=24, unique=True)
        item = ForeignKeyField(StockItem, backref="+")
        lot = ForeignKeyField(StockLot, backref="+")
        move = ForeignKeyField(StockMove, backref="+", unique=True)
        asked = whole("asked")
        quantity = whole("quantity")
        left = whole("left")
        skipped = CharField(max_length=80, null=True)
        back = whole("back")

    db.create_tables([StockItem, StockLot, StockMove, StoreReceipt, GoodsIssue, IssueLine])
    _guard(db)
    grant(db)


def _guard(db):
    lot = ["code", "item_id", "supplier_id", "received_id", "replaces_id", "arrived_on", "price", "bought"]
    sqlite.guard_columns(db, "stock_lot", lot)
    moved = ["item_id", "lot_id", "day", "turn", "kind", "quantity", "own", "origin", "slip"]
    sqlite.guard_columns(db, "stock_move", [*moved, "made_at", "made_by"])
    sqlite.guard_append_only(db, "store_receipt")
    sqlite.guard_append_only(db, "goods_issue")
    line = ["issue_id", "code", "item_id", "lot_id", "move_id", "asked", "quantity", "left", "skipped"]
    sqlite.guard_columns(db, "issue_line", line)


def grant(db):
    """Give the new rights to the roles whose work they are."""
    for right, roles in RIGHTS.items():
        for role in roles:
            db.execute_sql(
                'INSERT INTO role_right (role_id, "right", row_version) SELECT id, ?, 1 FROM role '
                'WHERE name = ? AND id NOT IN (SELECT role_id FROM role_right WHERE "right" = ?)',
                (right, role, right),
            )
