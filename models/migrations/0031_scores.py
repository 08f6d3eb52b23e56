"""供方评价: criteria and grades, complaints, evaluations with their lines and marks.

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

GOODS = ("FOOD", "MATERIALS", "OFFICE")
SERVICES = ("CLEANING", "GREENING", "PESTS", "UPKEEP")
OF_GOODS = (
    ("质量合格率", "QUALITY", 40),
    ("交付准时", "ON_TIME", 25),
    ("价格", "PRICE", 15),
    ("服务响应", "JUDGED", 10),
    ("证照合规", "PAPERS", 10),
)
OF_SERVICES = (
    ("服务质量", "JUDGED", 60),
    ("响应与整改", "JUDGED", 20),
    ("投诉", "COMPLAINTS", 10),
    ("证照合规", "PAPERS", 10),
)
BANDS = (
    ("A", 9000, 10000, "PREFER"),
    ("B", 8000, 9000, "KEEP"),
    ("C", 6000, 8000, "WATCH"),
    ("D", 0, 6000, "BLOCK"),
)
SCORES = ("管理处主任", "客服主管", "会计", "食堂仓库管理员", "物配中心", "品质管理员")


def up(migrator, db):
    """Make the tables, with what they hold on the first day (SU-02, forms.md B11)."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class Supplier(Table):
        pass

    class Criterion(Table):
        category = CharField(max_length=24)
        position = IntegerField()
        name = CharField(max_length=20)
        measure = CharField(max_length=24)
        weight = IntegerField()

        class Meta:
            indexes = ((("category", "name"), True),)

    class Band(Table):
        grade = CharField(max_length=2, unique=True)
        low = whole("low")
        high = whole("high")
        consequence = CharField(max_length=24)

    class SupplierComplaint(Table):
        number = CharField(max_length=40, unique=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        day = DateField(index=True)
        words = TextField()
        state = CharField(max_length=24)
        result = TextField(null=True)
        done_on = DateField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Evaluation(Table):
        number = CharField(max_length=40, unique=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        span = CharField(max_length=8, index=True)
        first = DateField()
        last = DateField()
        state = CharField(max_length=24)
        score = whole("score", null=True)
        grade = CharField(max_length=6, null=True)
        consequence = CharField(max_length=24, null=True)
        veto = TextField(null=True)
        words = TextField(null=True)
        lots = IntegerField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        signed_at = DateTimeField(null=True)
        signed_by = CharField(max_length=60, null=True)
        approval = CharField(max_length=20, null=True)

        class Meta:
            indexes = ((("supplier", "span"), True),)

    class EvaluationLine(Table):
        evaluation = ForeignKeyField(Evaluation, backref="+")
        position = IntegerField()
        name = CharField(max_length=20)
        measure = CharField(max_length=24)
        weight = IntegerField()
        figure = CharField(max_length=120, null=True)
        value = whole("value", null=True)
        points = whole("points", null=True)

        class Meta:
            indexes = ((("evaluation", "position"), True),)

    class EvaluationMark(Table):
        line = ForeignKeyField(EvaluationLine, backref="+")
        account = IntegerField(null=True)
        who = CharField(max_length=60)
        mark = whole("mark")
        words = CharField(max_length=80, null=True)
        made_at = DateTimeField()

        class Meta:
            indexes = ((("line", "account"), True),)

    db.create_tables([Criterion, Band, SupplierComplaint, Evaluation, EvaluationLine, EvaluationMark])
    fixed = ["number", "supplier_id", "day", "words", "made_at", "made_by"]
    sqlite.guard_columns(db, "supplier_complaint", fixed)
    sqlite.guard_once(db, "supplier_complaint", ["result", "done_on"])
    sqlite.guard_columns(
        db, "evaluation", ["number", "supplier_id", "span", "first", "last", "made_at", "made_by"]
    )
    signed = ["score", "grade", "consequence", "words", "lots", "signed_at", "signed_by", "approval"]
    sqlite.guard_once(db, "evaluation", signed)
    sqlite.guard_when(db, "evaluation", "OLD.state = 'SIGNED'")
    of_line = "(SELECT state FROM evaluation WHERE id = OLD.evaluation_id) = 'SIGNED'"
    sqlite.guard_when(db, "evaluation_line", of_line)
    of_mark = (
        "(SELECT e.state FROM evaluation e JOIN evaluation_line l ON l.evaluation_id = e.id "
        "WHERE l.id = OLD.line_id) = 'SIGNED'"
    )
    sqlite.guard_when(db, "evaluation_mark", of_mark)
    fill(db)
    grant(db)


def fill(db):
    """Write what an office begins with."""
    for categories, rows in ((GOODS, OF_GOODS), (SERVICES, OF_SERVICES)):
        for category in categories:
            for position, row in enumerate(rows, start=1):
                db.execute_sql(
                    "INSERT INTO criterion (category, position, name, measure, weight, row_version) "
                    "VALUES (?, ?, ?, ?, ?, 1)",
                    (category, position, *row),
                )
    for row in BANDS:
        db.execute_sql(
            "INSERT INTO band (grade, low, high, consequence, row_version) VALUES (?, ?, ?, ?, 1)",
            row,
        )


def grant(db):
    """Let those mark suppliers who use what they deliver."""
    for role in SCORES:
        db.execute_sql(
            'INSERT INTO role_right (role_id, "right", row_version) '
            "SELECT id, 'suppliers.score', 1 FROM role WHERE name = ?",
            (role,),
        )
