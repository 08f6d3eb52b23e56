"""投诉报修: calls, cases and their steps, terms and rules, outages, materials, visits back.

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

HOUR, DAY, MINUTE = "HOURS", "WORKDAYS", "MINUTES"
TERMS = (
    ("COMPLAINT", "URGENT", 30, MINUTE, 24, HOUR, "到场控制30分钟，24小时内答复"),
    ("COMPLAINT", "GRAVE", 24, HOUR, 7, DAY, "24小时给方案，7日书面答复"),
    ("COMPLAINT", "ORDINARY", 24, HOUR, 3, DAY, "24小时回复，3日办结"),
    ("REPAIR", "EMERGENCY", 30, MINUTE, 24, HOUR, "急修30分钟到场"),
    ("REPAIR", "ORDINARY", 24, HOUR, 3, DAY, None),
    ("REPAIR", "APPOINTED", 1, HOUR, 1, DAY, "按预约时间，1小时内到场"),
)
PROBLEMS = (
    ("T01", "COMPLAINT", "SERVICE", "FEES", "收费标准有异议", "ORDINARY"),
    ("T02", "COMPLAINT", "SERVICE", "FEES", "账单金额有误", "ORDINARY"),
    ("T03", "COMPLAINT", "SERVICE", "UPKEEP", "维修不及时", "ORDINARY"),
    ("T04", "COMPLAINT", "SERVICE", "UPKEEP", "维修质量差", "ORDINARY"),
    ("T05", "COMPLAINT", "COMMON", "SECURITY", "外来人员管理", "ORDINARY"),
    ("T06", "COMPLAINT", "HOME", "SECURITY", "户内失窃", "URGENT"),
    ("T07", "COMPLAINT", "COMMON", "CLEANING", "楼道不洁", "ORDINARY"),
    ("T08", "COMPLAINT", "COMMON", "CLEANING", "垃圾清运不及时", "ORDINARY"),
    ("T09", "COMPLAINT", "COMMON", "GREENING", "绿化养护差", "ORDINARY"),
    ("T10", "COMPLAINT", "COMMON", "PARKING", "占用通道停车", "ORDINARY"),
    ("T11", "COMPLAINT", "SERVICE", "PARKING", "车位被占", "ORDINARY"),
    ("T12", "COMPLAINT", "HOME", "DECORATION", "装修噪声", "ORDINARY"),
    ("T13", "COMPLAINT", "COMMON", "DECORATION", "装修垃圾乱堆", "ORDINARY"),
    ("T14", "COMPLAINT", "HOME", "NEIGHBOURS", "邻里噪声", "ORDINARY"),
    ("T15", "COMPLAINT", "HOME", "NEIGHBOURS", "楼上漏水", "URGENT"),
    ("T16", "COMPLAINT", "SERVICE", "MANNERS", "服务态度差", "ORDINARY"),
    ("T17", "COMPLAINT", "COMMON", "FACILITIES", "电梯困人", "URGENT"),
    ("T18", "COMPLAINT", "COMMON", "FACILITIES", "消防设施损坏", "URGENT"),
    ("T19", "COMPLAINT", "COMMON", "FACILITIES", "公共设施损坏", "ORDINARY"),
    ("T20", "COMPLAINT", "SERVICE", "OTHER", "其他投诉", "ORDINARY"),
    ("B01", "REPAIR", "HOME", "WATER", "水管漏水", "EMERGENCY"),
    ("B02", "REPAIR", "HOME", "WATER", "下水堵塞", "ORDINARY"),
    ("B03", "REPAIR", "HOME", "WATER", "龙头洁具损坏", "ORDINARY"),
    ("B04", "REPAIR", "HOME", "POWER", "户内停电跳闸", "EMERGENCY"),
    ("B05", "REPAIR", "HOME", "POWER", "灯具插座损坏", "ORDINARY"),
    ("B06", "REPAIR", "HOME", "STRUCTURE", "墙面渗水", "ORDINARY"),
    ("B07", "REPAIR", "HOME", "DOORS", "门窗五金损坏", "ORDINARY"),
    ("B08", "REPAIR", "HOME", "WEAK", "对讲门铃故障", "ORDINARY"),
    ("B09", "REPAIR", "COMMON", "WATER", "公共水管漏水", "EMERGENCY"),
    ("B10", "REPAIR", "COMMON", "POWER", "公共照明不亮", "ORDINARY"),
    ("B11", "REPAIR", "COMMON", "STRUCTURE", "外墙屋面渗漏", "ORDINARY"),
    ("B12", "REPAIR", "COMMON", "STRUCTURE", "道路地面破损", "ORDINARY"),
    ("B13", "REPAIR", "COMMON", "DOORS", "单元门损坏", "ORDINARY"),
    ("B14", "REPAIR", "COMMON", "WEAK", "门禁监控故障", "ORDINARY"),
    ("B15", "REPAIR", "COMMON", "LIFT", "电梯故障", "EMERGENCY"),
    ("B16", "REPAIR", "COMMON", "FIRE", "消防设备故障", "EMERGENCY"),
    ("B17", "REPAIR", "COMMON", "OTHER", "健身设施损坏", "ORDINARY"),
    ("B18", "REPAIR", "HOME", "OTHER", "其他户内维修", "ORDINARY"),
    ("B19", "REPAIR", "COMMON", "OTHER", "其他公共维修", "ORDINARY"),
)
FRONT = ("客服主管", "客服管理员", "管理处主任")
RIGHTS = {
    "complaints.view": (
        *FRONT, "总经理", "常务副总经理", "物业管理部经理", "品质管理员", "安全主管", "保安班长", "维修工",
        "质量内审员",
    ),
    "complaints.register": (*FRONT, "安全主管", "保安班长", "巡逻员"),
    "complaints.handle": (*FRONT, "安全主管"),
    "complaints.repair": ("客服主管", "客服管理员", "管理处主任", "维修工"),
    "complaints.lead": ("客服主管", "管理处主任"),
    "complaints.direct": ("管理处主任",),
    "complaints.visit": FRONT,
    "complaints.rules": ("客服主管", "管理处主任"),
}  # fmt: skip


def up(migrator, db):
    """Make the tables, with the terms, rules and problems of the first day; give the rights out."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class Building(Table):
        pass

    class Unit(Table):
        pass

    class Person(Table):
        pass

    class Department(Table):
        pass

    class Staff(Table):
        pass

    class Problem(Table):
        code = CharField(max_length=16, unique=True)
        sort = CharField(max_length=24)
        place = CharField(max_length=24)
        kind = CharField(max_length=24)
        name = CharField(max_length=30)
        grade = CharField(max_length=24)
        department = ForeignKeyField(Department, backref="+", null=True)
        active = BooleanField()

        class Meta:
            indexes = ((("sort", "place", "kind", "name"), True),)

    class ServiceTerms(Table):
        sort = CharField(max_length=24)
        grade = CharField(max_length=24)
        first_amount = IntegerField()
        first_measure = CharField(max_length=24)
        due_amount = IntegerField()
        due_measure = CharField(max_length=24)
        basis = CharField(max_length=120, null=True)

        class Meta:
            indexes = ((("sort", "grade"), True),)

    class CaseRules(Table):
        closes = IntegerField()
        repeat_days = IntegerField()
        grave_after = IntegerField()
        visit_complaint = IntegerField()
        visit_repair = IntegerField()
        repair_share = IntegerField()
        attempts = IntegerField()
        first_step = CharField(max_length=30)
        second_step = CharField(max_length=30)
        third_step = CharField(max_length=30)
        third_after = IntegerField()

    class Outage(Table):
        number = CharField(max_length=40, unique=True)
        kind = CharField(max_length=24)
        since = DateTimeField()
        expected = DateTimeField(null=True)
        words = TextField()
        cause = CharField(max_length=120, null=True)
        ended_at = DateTimeField(null=True)
        result = TextField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class OutageBuilding(Table):
        outage = ForeignKeyField(Outage, backref="+")
        building = ForeignKeyField(Building, backref="+")

        class Meta:
            indexes = ((("outage", "building"), True),)

    class Call(Table):
        at = DateTimeField(index=True)
        channel = CharField(max_length=24)
        caller_kind = CharField(max_length=24)
        unit = ForeignKeyField(Unit, backref="+", null=True)
        person = ForeignKeyField(Person, backref="+", null=True)
        name = CharField(max_length=40, null=True)
        phone = CharField(max_length=40, null=True)
        order_number = CharField(max_length=40, null=True)
        order_due = DateTimeField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class ServiceCase(Table):
        number = CharField(max_length=40, unique=True)
        sort = CharField(max_length=24)
        call = ForeignKeyField(Call, backref="+")
        received_at = DateTimeField()
        unit = ForeignKeyField(Unit, backref="+", null=True)
        building = ForeignKeyField(Building, backref="+", null=True)
        area = CharField(max_length=60, null=True)
        problem = ForeignKeyField(Problem, backref="+")
        place = CharField(max_length=24)
        kind = CharField(max_length=24)
        matter = CharField(max_length=30)
        grade = CharField(max_length=24)
        content = TextField()
        demand = TextField(null=True)
        again_of = ForeignKeyField("self", backref="+", null=True)
        outage = ForeignKeyField(Outage, backref="+", null=True)
        first_due = DateTimeField()
        first_measure = CharField(max_length=24)
        due_at = DateTimeField()
        due_measure = CharField(max_length=24)
        state = CharField(max_length=24)
        live = BooleanField()
        department = ForeignKeyField(Department, backref="+", null=True, index=False)
        handler = ForeignKeyField(Staff, backref="+", null=True)
        reported_at = DateTimeField(null=True)
        directed_at = DateTimeField(null=True)
        direction = TextField(null=True)
        violation = TextField(null=True)
        stopped_at = DateTimeField(null=True)
        first_at = DateTimeField(null=True)
        finding = TextField(null=True)
        cause = CharField(max_length=24, null=True)
        reason = TextField(null=True)
        measures = TextField(null=True)
        answer = TextField(null=True)
        answered_way = CharField(max_length=24, null=True)
        opinion = CharField(max_length=24, null=True)
        prevention = TextField(null=True)
        finished_at = DateTimeField(null=True)
        reviewed_by = CharField(max_length=60, null=True)
        appointed_from = DateTimeField(null=True)
        appointed_to = DateTimeField(null=True)
        dispatched_at = DateTimeField(null=True)
        arrived_at = DateTimeField(null=True)
        nature = CharField(max_length=24, null=True)
        labour = whole("labour", null=True)
        quoted = whole("quoted", null=True)
        cost = whole("cost", null=True)
        agreed_at = DateTimeField(null=True)
        agreed_by = CharField(max_length=40, null=True)
        accepted_at = DateTimeField(null=True)
        accepted_by = CharField(max_length=40, null=True)
        charge = CharField(max_length=40, null=True)
        visit_due = DateField(null=True)
        visited_at = DateTimeField(null=True)
        mark = CharField(max_length=24, null=True)
        quality = CharField(max_length=24, null=True)
        closed_at = DateTimeField(null=True)
        first_closed_at = DateTimeField(null=True)
        reopened = IntegerField()

        class Meta:
            indexes = ((("live", "due_at"), False), (("sort", "received_at"), False))

    class CaseStep(Table):
        case = ForeignKeyField(ServiceCase, backref="+")
        at = DateTimeField()
        step = CharField(max_length=24)
        words = TextField(null=True)
        staff = ForeignKeyField(Staff, backref="+", null=True, index=False)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class CasePause(Table):
        case = ForeignKeyField(ServiceCase, backref="+")
        since = DateTimeField()
        until = DateTimeField(null=True)
        why = CharField(max_length=120)

    class RepairMaterial(Table):
        case = ForeignKeyField(ServiceCase, backref="+")
        round = IntegerField()
        position = IntegerField()
        name = CharField(max_length=40)
        spec = CharField(max_length=30, null=True)
        measure = CharField(max_length=8)
        quantity = whole("quantity")
        price = whole("price")
        amount = whole("amount")

        class Meta:
            indexes = ((("case", "round", "position"), True),)

    class StaffTrade(Table):
        staff = ForeignKeyField(Staff, backref="+")
        trade = CharField(max_length=24)

        class Meta:
            indexes = ((("staff", "trade"), True),)

    class VisitTask(Table):
        source = CharField(max_length=24)
        case = ForeignKeyField(ServiceCase, backref="+", null=True)
        unit = ForeignKeyField(Unit, backref="+", null=True, index=False)
        about = CharField(max_length=80)
        due = DateField()
        state = CharField(max_length=24)
        attempts = IntegerField()

        class Meta:
            indexes = ((("state", "due"), False),)

    class ReturnVisit(Table):
        number = CharField(max_length=40, unique=True)
        task = ForeignKeyField(VisitTask, backref="+")
        at = DateTimeField(index=True)
        way = CharField(max_length=24)
        reached = BooleanField()
        met = CharField(max_length=40, null=True)
        words = TextField(null=True)
        mark = CharField(max_length=24, null=True)
        quality = CharField(max_length=24, null=True)
        advice = TextField(null=True)
        again = CharField(max_length=40, null=True)
        visitor = ForeignKeyField(Staff, backref="+", index=False)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    made = [
        *(Problem, ServiceTerms, CaseRules, Outage, OutageBuilding, Call, ServiceCase, CaseStep, CasePause),
        *(RepairMaterial, StaffTrade, VisitTask, ReturnVisit),
    ]
    db.create_tables(made)
    for one in (CaseStep, RepairMaterial, ReturnVisit, OutageBuilding):
        sqlite.guard_append_only(db, one._meta.table_name)
    sqlite.guard_columns(db, "call", ["at", "channel", "made_at", "made_by"])
    sqlite.guard_columns(db, "service_case", ["number", "sort", "call_id", "received_at", "problem_id"])
    sqlite.guard_once(db, "service_case", ["first_closed_at"])
    sqlite.guard_columns(db, "outage", ["number", "kind", "since", "made_at", "made_by"])
    sqlite.guard_once(db, "outage", ["ended_at", "result"])
    seed(db)


def seed(db):
    """Enter what the first day needs, and the rights of the roles there are."""
    for row in TERMS:
        db.execute_sql(
            "INSERT INTO service_terms (sort, grade, first_amount, first_measure, due_amount, due_measure, "
            "basis, row_version) VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
            row,
        )
    db.execute_sql(
        "INSERT INTO case_rules (closes, repeat_days, grave_after, visit_complaint, visit_repair, "
        "repair_share, attempts, first_step, second_step, third_step, third_after, row_version) "
        "VALUES (18, 30, 3, 3, 7, 100, 3, '客服主管', '管理处主任', '公司客户部经理', 3, 1)"
    )
    for row in PROBLEMS:
        db.execute_sql(
            "INSERT INTO problem (code, sort, place, kind, name, grade, active, row_version) "
            "VALUES (?, ?, ?, ?, ?, ?, 1, 1)",
            row,
        )
    for right, roles in RIGHTS.items():
        for role in roles:
            db.execute_sql(
                'INSERT INTO role_right (role_id, "right", row_version) '
                "SELECT id, ?, 1 FROM role WHERE name = ?",
                (right, role),
            )
