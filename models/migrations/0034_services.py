"""外包服务: by what contractors are scored, their programmes, inspections and monthly scores.

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

AREAS = {
    "CLEANING": (
        ("楼道", "地面、扶手、窗台无积灰、无垃圾", 25, "一处不洁扣 1 分，当天未清扫一层扣 2 分"),
        ("电梯", "轿厢、门槽清洁，面板无手印", 15, "一台不洁扣 1 分"),
        ("大堂", "地面光亮，玻璃、信报箱干净", 15, "一处不洁扣 1 分"),
        ("垃圾房", "日产日清，无溢出、无异味", 15, "溢出一次扣 3 分，有异味扣 1 分"),
        ("外围", "道路、绿地无垃圾，排水口不堵", 15, "一处垃圾扣 1 分，堵一处扣 2 分"),
        ("车库", "地面无积水、油污，标识清楚", 15, "一处扣 1 分"),
    ),
    "GREENING": (
        ("修剪", "乔灌木、绿篱按季修剪整齐", 20, "一处超期未修扣 2 分"),
        ("浇灌", "不缺水、不积水", 20, "一片萎蔫扣 2 分"),
        ("病虫害", "及时防治，叶片受害不超过一成", 20, "一处成片受害扣 3 分"),
        ("缺株", "缺株、死株七天内补植", 15, "缺一株扣 1 分"),
        ("杂草", "草坪、花坛无明显杂草", 15, "一片扣 1 分"),
        ("清运", "修剪物当天清运", 10, "隔夜堆放一处扣 2 分"),
    ),
    "PESTS": (
        ("投药点", "按图布点，药盒完好、有标识", 25, "缺一处扣 2 分"),
        ("密度", "鼠、蟑、蚊、蝇密度在控制线内", 30, "一项超标扣 6 分"),
        ("药品三证", "登记证、批准文号、合格证齐全", 20, "缺一证扣 10 分"),
        ("告知", "作业前一天张贴告知", 10, "漏贴一处扣 2 分"),
        ("安全", "防护、警示、回收符合要求", 15, "一处不符扣 3 分"),
    ),
}
RIGHTS = {"suppliers.services": ("管理处主任", "客服主管", "客服管理员")}


def up(migrator, db):
    """Make the tables with the first standards; contracts get the marks that cost part of the fee."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class Supplier(Table):
        pass

    class SupplyContract(Table):
        pass

    class ServiceArea(Table):
        category = CharField(max_length=24)
        position = IntegerField()
        name = CharField(max_length=20)
        standard = CharField(max_length=80)
        full = IntegerField()
        rule = CharField(max_length=80)

        class Meta:
            indexes = ((("category", "name"), True),)

    class ServiceProgramme(Table):
        number = CharField(max_length=40, unique=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        category = CharField(max_length=24)
        month = IntegerField(index=True)
        state = CharField(max_length=24, index=True)
        whole = CharField(max_length=24, null=True)
        frequent = CharField(max_length=24, null=True)
        safe = CharField(max_length=24, null=True)
        clean = CharField(max_length=24, null=True)
        told = CharField(max_length=24, null=True)
        advice = TextField(null=True)
        reviewed_at = DateTimeField(null=True)
        approval = CharField(max_length=20, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class ProgrammeLine(Table):
        programme = ForeignKeyField(ServiceProgramme, backref="+")
        position = IntegerField()
        area = CharField(max_length=40)
        frequency = CharField(max_length=40)
        staff = IntegerField(null=True)
        material = CharField(max_length=60, null=True)
        note = CharField(max_length=80, null=True)

        class Meta:
            indexes = ((("programme", "position"), True),)

    class ServiceInspection(Table):
        number = CharField(max_length=40, unique=True)
        at = DateTimeField(index=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        category = CharField(max_length=24)
        area = CharField(max_length=40)
        expected = IntegerField(null=True)
        actual = IntegerField(null=True)
        problem = CharField(max_length=120, null=True)
        demand = CharField(max_length=120, null=True)
        due = DateField(null=True)
        state = CharField(max_length=24, index=True)
        recheck = CharField(max_length=24, null=True)
        rechecked_on = DateField(null=True)
        failed = IntegerField()
        leader = CharField(max_length=30, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

        class Meta:
            indexes = ((("supplier", "at"), False),)

    class ServiceScore(Table):
        number = CharField(max_length=40, unique=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        contract = ForeignKeyField(SupplyContract, backref="+")
        category = CharField(max_length=24)
        month = IntegerField(index=True)
        state = CharField(max_length=24, index=True)
        inspected = IntegerField()
        score = whole("score", null=True)
        grade = CharField(max_length=6, null=True)
        deducted = whole("deducted", null=True)
        confirmed = CharField(max_length=40, null=True)
        words = TextField(null=True)
        signed_at = DateTimeField(null=True)
        signed_by = CharField(max_length=60, null=True)
        approval = CharField(max_length=20, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        scored_by = CharField(max_length=60, null=True)

        class Meta:
            indexes = ((("contract", "month"), True),)

    class ServiceScoreLine(Table):
        score = ForeignKeyField(ServiceScore, backref="+")
        code = CharField(max_length=48, unique=True)
        position = IntegerField()
        name = CharField(max_length=20)
        standard = CharField(max_length=80)
        full = IntegerField()
        rule = CharField(max_length=80)
        off = whole("off", null=True)
        facts = CharField(max_length=120, null=True)

        class Meta:
            indexes = ((("score", "position"), True),)

    db.create_tables(
        [ServiceArea, ServiceProgramme, ProgrammeLine, ServiceInspection, ServiceScore, ServiceScoreLine]
    )
    passed = "OLD.state = 'PASSED'"
    sqlite.guard_columns(
        db, "service_programme", ["number", "supplier_id", "category", "month", "made_at", "made_by"]
    )
    sqlite.guard_when(db, "service_programme", passed)
    of_line = "(SELECT state FROM service_programme WHERE id = OLD.programme_id) = 'PASSED'"
    sqlite.guard_when(db, "programme_line", of_line)
    seen = ["number", "at", "supplier_id", "category", "area", "expected", "actual", "problem", "demand"]
    sqlite.guard_columns(db, "service_inspection", [*seen, "leader", "made_at", "made_by"])
    sqlite.guard_columns(
        db, "service_score",
        ["number", "supplier_id", "contract_id", "category", "month", "made_at", "made_by"],
    )  # fmt: skip
    sqlite.guard_when(db, "service_score", "OLD.state = 'SIGNED'")
    of_score = "(SELECT state FROM service_score WHERE id = OLD.score_id) = 'SIGNED'"
    sqlite.guard_when(db, "service_score_line", of_score)
    db.execute_sql('ALTER TABLE "supply_contract" ADD COLUMN "pass_mark" INTEGER')
    db.execute_sql(
        'ALTER TABLE "supply_contract" ADD COLUMN "cut" INTEGER CHECK ("cut" = CAST("cut" AS BIGINT))'
    )
    db.execute_sql('ALTER TABLE "supply_contract" ADD COLUMN "end_mark" INTEGER')
    fill(db)
    grant(db)


def fill(db):
    """Write what an office begins with; what was judged of service is measured by its months from now on."""
    for category, rows in AREAS.items():
        for position, row in enumerate(rows, start=1):
            db.execute_sql(
                'INSERT INTO service_area (category, position, name, standard, "full", rule, row_version) '
                "VALUES (?, ?, ?, ?, ?, ?, 1)",
                (category, position, *row),
            )
        db.execute_sql(
            "UPDATE criterion SET measure = 'SERVICE' WHERE category = ? AND name = '服务质量' "
            "AND measure = 'JUDGED'",
            (category,),
        )


def grant(db):
    """Give the new right to the roles whose work it is."""
    for right, roles in RIGHTS.items():
        for role in roles:
            db.execute_sql(
                'INSERT INTO role_right (role_id, "right", row_version) SELECT id, ?, 1 FROM role WHERE name = ?',
                (right, role),
            )
