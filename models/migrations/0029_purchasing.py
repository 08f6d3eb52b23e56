"""采购: plans, orders with their lines and chases, what came of them, and what went back.

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

RIGHTS = {
    "suppliers.plan": ("管理处主任", "客服主管", "食堂仓库管理员", "物配中心", "采购员"),
    "suppliers.buy": ("物配中心", "采购员"),
    "suppliers.receive": ("管理处主任", "客服主管", "食堂仓库管理员"),
    "suppliers.consent": ("管理处主任",),
}


def up(migrator, db):
    """Make the tables, and let those use them whose work it is."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class Department(Table):
        pass

    class Goods(Table):
        pass

    class Supplier(Table):
        pass

    class BudgetAccount(Table):
        pass

    class PurchasePlan(Table):
        number = CharField(max_length=40, unique=True)
        month = IntegerField(index=True)
        department = ForeignKeyField(Department, backref="+")
        state = CharField(max_length=24)
        note = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        approved_at = DateTimeField(null=True)
        approval = CharField(max_length=20, null=True)
        closed_on = DateField(null=True)

    class PlanLine(Table):
        plan = ForeignKeyField(PurchasePlan, backref="+")
        position = IntegerField()
        goods = ForeignKeyField(Goods, backref="+")
        stock = whole("stock", null=True)
        quantity = whole("quantity")
        price = whole("price")
        amount = whole("amount")
        needed_on = DateField()
        supplier = ForeignKeyField(Supplier, backref="+", null=True)
        account = ForeignKeyField(BudgetAccount, backref="+")
        over = CharField(max_length=80, null=True)
        approved = whole("approved", null=True)
        released = whole("released")
        cut = CharField(max_length=80, null=True)

        class Meta:
            indexes = ((("plan", "position"), True),)

    class PurchaseOrder(Table):
        number = CharField(max_length=40, unique=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        ordered_on = DateField(index=True)
        due = DateField(index=True)
        state = CharField(max_length=24, index=True)
        outside = TextField(null=True)
        note = CharField(max_length=120, null=True)
        ended_on = DateField(null=True)
        why = TextField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        buyer = IntegerField(null=True)

    class OrderLine(Table):
        order = ForeignKeyField(PurchaseOrder, backref="+")
        code = CharField(max_length=24, unique=True)
        goods = ForeignKeyField(Goods, backref="+")
        quantity = whole("quantity")
        price = whole("price")
        amount = whole("amount")
        plan_line = ForeignKeyField(PlanLine, backref="+", null=True)
        before = whole("before", null=True)
        quoted = whole("quoted", null=True)
        delivered = whole("delivered")
        accepted = whole("accepted")
        arrived_on = DateField(null=True)

    class OrderChase(Table):
        order = ForeignKeyField(PurchaseOrder, backref="+")
        at = DateTimeField()
        whom = CharField(max_length=30)
        answer = CharField(max_length=120)
        promised = DateField(null=True)
        made_by = CharField(max_length=60)

    class GoodsReceipt(Table):
        number = CharField(max_length=40, unique=True)
        order = ForeignKeyField(PurchaseOrder, backref="+")
        supplier = ForeignKeyField(Supplier, backref="+")
        arrived_on = DateField(index=True)
        note_number = CharField(max_length=40, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

        class Meta:
            indexes = ((("supplier", "arrived_on"), False),)

    class ReceiptLine(Table):
        receipt = ForeignKeyField(GoodsReceipt, backref="+")
        code = CharField(max_length=24, unique=True)
        order_line = ForeignKeyField(OrderLine, backref="+")
        goods = ForeignKeyField(Goods, backref="+")
        delivered = whole("delivered")
        accepted = whole("accepted")
        rejected = whole("rejected")
        defect = CharField(max_length=24, null=True)
        words = CharField(max_length=80, null=True)
        price = whole("price")
        amount = whole("amount")
        conceded = whole("conceded")
        returned = whole("returned")

    class GoodsReturn(Table):
        number = CharField(max_length=40, unique=True)
        lot = ForeignKeyField(ReceiptLine, backref="+")
        supplier = ForeignKeyField(Supplier, backref="+")
        quantity = whole("quantity")
        amount = whole("amount")
        accepted_before = whole("accepted_before")
        defect = CharField(max_length=24)
        words = CharField(max_length=80, null=True)
        state = CharField(max_length=24, index=True)
        found_on = DateField(index=True)
        handling = CharField(max_length=24, null=True)
        consented_at = DateTimeField(null=True)
        consented_by = CharField(max_length=60, null=True)
        due = DateField(null=True)
        done_on = DateField(null=True)
        result = CharField(max_length=80, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    db.create_tables(
        [PurchasePlan, PlanLine, PurchaseOrder, OrderLine, OrderChase, GoodsReceipt, ReceiptLine, GoodsReturn]
    )
    guard(db)
    grant(db)


def guard(db):
    """Guard what was approved, ordered and received."""
    sqlite.guard_columns(db, "purchase_plan", ["number", "month", "department_id", "made_at", "made_by"])
    sqlite.guard_once(db, "purchase_plan", ["approved_at", "approval", "closed_on"])
    asked = ["plan_id", "position", "goods_id", "quantity", "price", "amount", "needed_on", "account_id"]
    draft = "(SELECT state FROM purchase_plan WHERE id = OLD.plan_id) = 'DRAFT'"
    sqlite.guard_columns(db, "plan_line", asked, may_go=draft)
    ordered = ["number", "supplier_id", "ordered_on", "due", "outside", "made_at", "made_by", "buyer"]
    sqlite.guard_columns(db, "purchase_order", ordered)
    sqlite.guard_once(db, "purchase_order", ["ended_on", "why"])
    line = ["order_id", "code", "goods_id", "quantity", "price", "amount", "plan_line_id", "before"]
    sqlite.guard_columns(db, "order_line", [*line, "quoted"])
    sqlite.guard_once(db, "order_line", ["arrived_on"])
    for table in ("order_chase", "goods_receipt"):
        sqlite.guard_append_only(db, table)
    lot = ["receipt_id", "code", "order_line_id", "goods_id", "delivered", "accepted", "rejected", "defect"]
    sqlite.guard_columns(db, "receipt_line", [*lot, "words", "price", "amount"])
    back = ["number", "lot_id", "supplier_id", "quantity", "amount", "accepted_before", "defect", "found_on"]
    sqlite.guard_columns(db, "goods_return", [*back, "made_at", "made_by"])
    sqlite.guard_once(db, "goods_return", ["handling", "consented_at", "consented_by", "done_on", "result"])


def grant(db):
    """Give the new rights to the roles whose work they are."""
    for right, roles in RIGHTS.items():
        for role in roles:
            db.execute_sql(
                'INSERT INTO role_right (role_id, "right", row_version) SELECT id, ?, 1 FROM role WHERE name = ?',
                (right, role),
            )
