"""预算: accounts, budgets with their lines, and what was reserved and spent.

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

ACCOUNTS = (
    *(("物业费收入", "INCOME"), ("停车费收入", "INCOME"), ("特约服务收入", "INCOME"), ("其他收入", "INCOME")),
    *(("人工成本", "EXPENSE"), ("能耗", "EXPENSE"), ("维修材料", "EXPENSE"), ("外包服务费", "EXPENSE")),
    *(("食堂食材", "EXPENSE"), ("办公用品", "EXPENSE"), ("清洁用品", "EXPENSE"), ("劳保用品", "EXPENSE")),
    *(("培训与活动", "EXPENSE"), ("税费", "EXPENSE"), ("其他支出", "EXPENSE")),
)
SEES = ("总经理", "常务副总经理", "管理处主任", "会计", "物配中心")
KEEPS = ("管理处主任", "会计")


def up(migrator, db):
    """Make the tables, with the accounts of the first day, and let those see them whose work it is."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class BudgetAccount(Table):
        position = IntegerField(unique=True)
        name = CharField(max_length=30, unique=True)
        side = CharField(max_length=24)
        active = BooleanField()

    class Budget(Table):
        number = CharField(max_length=20, unique=True)
        year = IntegerField()
        quarter = IntegerField(null=True)
        state = CharField(max_length=24)
        reason = CharField(max_length=200, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        approved_at = DateTimeField(null=True)
        approval = CharField(max_length=20, null=True)

    class BudgetLine(Table):
        budget = ForeignKeyField(Budget, backref="+")
        account = ForeignKeyField(BudgetAccount, backref="+")
        first = whole("first")
        second = whole("second")
        third = whole("third")
        fourth = whole("fourth")
        note = CharField(max_length=80, null=True)

        class Meta:
            indexes = ((("budget", "account"), True),)

    class BudgetEntry(Table):
        account = ForeignKeyField(BudgetAccount, backref="+")
        day = DateField(index=True)
        kind = CharField(max_length=24)
        amount = whole("amount")
        source = CharField(max_length=40, index=True, null=True)
        words = CharField(max_length=80, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    db.create_tables([BudgetAccount, Budget, BudgetLine, BudgetEntry])
    sqlite.guard_columns(db, "budget", ["number", "year", "quarter", "made_at", "made_by"])
    sqlite.guard_once(db, "budget", ["approved_at", "approval"])
    approved = "(SELECT state FROM budget WHERE id = OLD.budget_id) = 'APPROVED'"
    sqlite.guard_when(db, "budget_line", approved)
    sqlite.guard_append_only(db, "budget_entry")
    for position, (name, side) in enumerate(ACCOUNTS, start=1):
        db.execute_sql(
            "INSERT INTO budget_account (position, name, side, active, row_version) VALUES (?, ?, ?, 1, 1)",
            (position * 10, name, side),
        )
    for right, roles in (("office.budget_view", SEES), ("office.budget", KEEPS)):
        for role in roles:
            db.execute_sql(
                'INSERT INTO role_right (role_id, "right", row_version) '
                "SELECT id, ?, 1 FROM role WHERE name = ?",
                (right, role),
            )
