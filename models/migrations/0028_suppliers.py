"""供方: kinds of goods, goods, suppliers with their papers, contracts, reviews and steps.

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

KINDS = (
    *(("粮油", "FOOD", "食堂食材"), ("蔬菜", "FOOD", "食堂食材"), ("肉禽蛋", "FOOD", "食堂食材")),
    *(("水产", "FOOD", "食堂食材"), ("调味品", "FOOD", "食堂食材"), ("豆制品", "FOOD", "食堂食材")),
    *(("水暖", "MATERIALS", "维修材料"), ("电工", "MATERIALS", "维修材料")),
    *(("五金", "MATERIALS", "维修材料"), ("油漆涂料", "MATERIALS", "维修材料")),
    *(("文具", "OFFICE", "办公用品"), ("打印耗材", "OFFICE", "办公用品")),
    *(("清洁用品", "OFFICE", "清洁用品"), ("劳保用品", "OFFICE", "劳保用品")),
    *(("保洁服务", "CLEANING", "外包服务费"), ("绿化养护", "GREENING", "外包服务费")),
    *(("消杀服务", "PESTS", "外包服务费"), ("电梯维保", "UPKEEP", "外包服务费")),
    *(("消防维保", "UPKEEP", "外包服务费"), ("机电维保", "UPKEEP", "外包服务费")),
)
PAPERS = (
    *(("FOOD", "BUSINESS"), ("FOOD", "FOOD"), ("MATERIALS", "BUSINESS"), ("OFFICE", "BUSINESS")),
    *(("CLEANING", "BUSINESS"), ("CLEANING", "INSURANCE"), ("GREENING", "BUSINESS")),
    *(("PESTS", "BUSINESS"), ("PESTS", "CAPACITY"), ("UPKEEP", "BUSINESS"), ("UPKEEP", "CAPACITY")),
)
ITEMS = (
    *(("资质与信誉", 20), ("质量保证", 25), ("价格与账期", 20), ("交付能力", 15), ("服务响应", 10)),
    ("样品与现场", 10),
)
BUYS = ("物配中心",)
RIGHTS = {
    "suppliers.view": (
        *("总经理", "管理者代表", "常务副总经理", "管理处主任", "客服主管", "客服管理员", "会计"),
        *("食堂仓库管理员", "物配中心", "采购员", "品质管理员", "质量内审员"),
    ),
    "suppliers.keep": ("物配中心", "采购员"),
    "suppliers.decide": BUYS,
    "suppliers.rules": (*BUYS, "管理处主任"),
    "records.attach": ("物配中心", "采购员"),
    "lists.export": BUYS,
}


def up(migrator, db):
    """Make the tables, with what they hold on the first day, and let those see them whose work it is."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class BudgetAccount(Table):
        pass

    class GoodsKind(Table):
        position = IntegerField(unique=True)
        name = CharField(max_length=20, unique=True)
        category = CharField(max_length=24)
        account = ForeignKeyField(BudgetAccount, backref="+", null=True)
        active = BooleanField()

    class Goods(Table):
        name = CharField(max_length=40)
        spec = CharField(max_length=40, null=True)
        unit = CharField(max_length=8)
        kind = ForeignKeyField(GoodsKind, backref="+")
        code = CharField(max_length=20, unique=True)
        active = BooleanField()
        search = CharField(max_length=200)

    class Supplier(Table):
        number = CharField(max_length=40, unique=True)
        name = CharField(max_length=60, index=True)
        category = CharField(max_length=24)
        credit_code = CharField(max_length=40, index=True, null=True)
        contact = CharField(max_length=30)
        phone = CharField(max_length=40)
        address = CharField(max_length=120)
        bank = CharField(max_length=60, null=True)
        account = CharField(max_length=40, null=True)
        note = TextField(null=True)
        state = CharField(max_length=24, index=True)
        admitted_on = DateField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        search = CharField(max_length=300)

    class SupplyScope(Table):
        supplier = ForeignKeyField(Supplier, backref="+")
        kind = ForeignKeyField(GoodsKind, backref="+")

        class Meta:
            indexes = ((("supplier", "kind"), True),)

    class SupplierStep(Table):
        supplier = ForeignKeyField(Supplier, backref="+")
        day = DateField()
        step = CharField(max_length=24)
        state = CharField(max_length=24)
        words = TextField(null=True)
        due = DateField(null=True)
        source = CharField(max_length=40, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class LicenceRule(Table):
        category = CharField(max_length=24)
        kind = CharField(max_length=24)

        class Meta:
            indexes = ((("category", "kind"), True),)

    class Licence(Table):
        supplier = ForeignKeyField(Supplier, backref="+")
        kind = CharField(max_length=24)
        holder = CharField(max_length=30, null=True)
        code = CharField(max_length=40, null=True)
        until = DateField(index=True, null=True)
        active = BooleanField()
        ended_on = DateField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class SupplyContract(Table):
        number = CharField(max_length=40, unique=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        title = CharField(max_length=60)
        since = DateField()
        until = DateField()
        monthly = whole("monthly", null=True)
        terms = TextField(null=True)
        ended_on = DateField(null=True)
        why = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class AdmissionItem(Table):
        position = IntegerField()
        name = CharField(max_length=30, unique=True)
        full = IntegerField()

    class Admission(Table):
        supplier = ForeignKeyField(Supplier, backref="+")
        day = DateField()
        sample = CharField(max_length=24)
        sample_words = CharField(max_length=120, null=True)
        site = CharField(max_length=24)
        site_on = DateField(null=True)
        site_words = TextField(null=True)
        reviewers = CharField(max_length=80)
        score = whole("score")
        approval = CharField(max_length=20, null=True)
        admitted_on = DateField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class AdmissionMark(Table):
        admission = ForeignKeyField(Admission, backref="+")
        name = CharField(max_length=30)
        full = IntegerField()
        mark = whole("mark")

    db.create_tables(
        [
            GoodsKind,
            Goods,
            Supplier,
            SupplyScope,
            SupplierStep,
            LicenceRule,
            Licence,
            SupplyContract,
            AdmissionItem,
            Admission,
            AdmissionMark,
        ]
    )
    sqlite.guard_columns(db, "supplier", ["number", "category", "made_at", "made_by"])
    sqlite.guard_once(db, "supplier", ["admitted_on"])
    sqlite.guard_append_only(db, "supplier_step")
    sqlite.guard_append_only(db, "admission_mark")
    fixed = ["supplier_id", "kind", "holder", "code", "until", "made_at", "made_by"]
    sqlite.guard_columns(db, "licence", fixed)
    sqlite.guard_columns(
        db,
        "supply_contract",
        ["number", "supplier_id", "title", "since", "until", "monthly", "terms", "made_at", "made_by"],
    )
    sqlite.guard_once(db, "supply_contract", ["ended_on", "why"])
    found = ["supplier_id", "day", "sample", "sample_words", "site", "site_on", "site_words", "reviewers"]
    sqlite.guard_columns(db, "admission", [*found, "score", "made_at", "made_by"])
    sqlite.guard_once(db, "admission", ["approval", "admitted_on"])
    fill(db)
    grant(db)


def fill(db):
    """Write what an office begins with."""
    for position, (name, category, account) in enumerate(KINDS, start=1):
        db.execute_sql(
            "INSERT INTO goods_kind (position, name, category, account_id, active, row_version) "
            "VALUES (?, ?, ?, (SELECT id FROM budget_account WHERE name = ?), 1, 1)",
            (position * 10, name, category, account),
        )
    for row in PAPERS:
        db.execute_sql("INSERT INTO licence_rule (category, kind, row_version) VALUES (?, ?, 1)", row)
    for position, (name, full) in enumerate(ITEMS, start=1):
        db.execute_sql(
            'INSERT INTO admission_item (position, name, "full", row_version) VALUES (?, ?, ?, 1)',
            (position, name, full),
        )


def grant(db):
    """Give the new rights to the roles whose work they are, once each."""
    for right, roles in RIGHTS.items():
        for role in roles:
            db.execute_sql(
                'INSERT INTO role_right (role_id, "right", row_version) '
                "SELECT id, ?, 1 FROM role WHERE name = ? AND NOT EXISTS "
                '(SELECT 1 FROM role_right other WHERE other.role_id = role.id AND other."right" = ?)',
                (right, role, right),
            )
