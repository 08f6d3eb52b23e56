"""值班、日志、签阅、巡查、家访、恳谈会、接待来信、提案、调解、事项申请 and what they promise.

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

SHIFTS = (
    ("早", 1, "早班", 1, "07:00", 800),
    ("中", 2, "中班", 1, "15:00", 800),
    ("夜", 3, "夜班", 1, "23:00", 800),
    ("白", 4, "长白班", 1, "08:30", 800),
    ("休", 0, "休息", 0, None, 0),
    ("假", 9, "请假", 0, None, 0),
)
LEADERS = "管理处主任、客服主管、安全主管、保安班长"
LEADING = ("客服主管", "管理处主任")
RIGHTS = {
    "office.roster": (*LEADING, "安全主管", "保安班长"),
    "office.approve_roster": ("管理处主任", "安全主管"),
    "office.read": LEADING,
    "office.log": (*LEADING, "客服管理员", "安全主管", "保安班长", "物业管理部经理"),
}


def up(migrator, db):
    """Make the tables, with the shifts and rules of the first day; give the rights out."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class Unit(Table):
        pass

    class Building(Table):
        pass

    class Staff(Table):
        pass

    class Post(Table):
        pass

    class Department(Table):
        pass

    class Problem(Table):
        pass

    class ServiceCase(Table):
        pass

    class SignOff(Table):
        kind = CharField(max_length=24)
        number = CharField(max_length=60, unique=True)
        day = DateField()
        told = CharField(max_length=200)
        made_by = CharField(max_length=60)
        state = CharField(max_length=24)
        read_at = DateTimeField(null=True)
        read_by = CharField(max_length=60, null=True)
        words = TextField(null=True)
        staff = ForeignKeyField(Staff, backref="+", null=True)
        due = DateField(null=True)
        answer = TextField(null=True)
        answered_at = DateTimeField(null=True)
        answered_by = CharField(max_length=60, null=True)

        class Meta:
            indexes = ((("state", "day"), False),)

    class DutyLog(Table):
        number = CharField(max_length=60, unique=True)
        day = DateField(index=True)
        post = ForeignKeyField(Post, backref="+")
        weather = CharField(max_length=40, null=True)
        on_duty = CharField(max_length=200, null=True)
        work = TextField()
        calls = CharField(max_length=200, null=True)
        rounds = TextField(null=True)
        incidents = TextField(null=True)
        left_open = TextField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

        class Meta:
            indexes = ((("day", "post"), True),)

    class WorkShift(Table):
        sign = CharField(max_length=1, unique=True)
        digit = IntegerField(unique=True)
        name = CharField(max_length=20)
        works = BooleanField()
        begins = CharField(max_length=5, null=True)
        hours = whole("hours")
        active = BooleanField()

    class RosterRules(Table):
        most_days = IntegerField()
        least_rest = IntegerField()
        leaders = CharField(max_length=120, null=True)

    class Roster(Table):
        number = CharField(max_length=60, unique=True)
        month = IntegerField()
        department = ForeignKeyField(Department, backref="+")
        state = CharField(max_length=24)
        made_at = DateTimeField()
        made_by = CharField(max_length=200)
        approved_at = DateTimeField(null=True)
        approved_by = CharField(max_length=60, null=True)

        class Meta:
            indexes = ((("month", "department"), True),)

    class RosterDay(Table):
        roster = ForeignKeyField(Roster, backref="+")
        staff = ForeignKeyField(Staff, backref="+")
        day = DateField(index=True)
        shift = ForeignKeyField(WorkShift, backref="+")

        class Meta:
            indexes = ((("staff", "day"), True),)

    class ShiftSwap(Table):
        roster = ForeignKeyField(Roster, backref="+")
        day = DateField()
        staff = ForeignKeyField(Staff, backref="+")
        stand_in = ForeignKeyField(Staff, backref="+")
        was = CharField(max_length=2)
        instead = CharField(max_length=2)
        reason = CharField(max_length=120)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class InspectionPoint(Table):
        building = ForeignKeyField(Building, backref="+", null=True)
        name = CharField(max_length=40)
        item = CharField(max_length=24)
        standard = CharField(max_length=60)
        problem = ForeignKeyField(Problem, backref="+")
        active = BooleanField()

        class Meta:
            indexes = ((("name", "item"), True),)

    class Inspection(Table):
        number = CharField(max_length=40, unique=True)
        at = DateTimeField(index=True)
        inspector = CharField(max_length=60)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class InspectionLine(Table):
        inspection = ForeignKeyField(Inspection, backref="+")
        point = ForeignKeyField(InspectionPoint, backref="+")
        building = ForeignKeyField(Building, backref="+", null=True)
        place = CharField(max_length=40)
        item = CharField(max_length=24)
        standard = CharField(max_length=60)
        found = CharField(max_length=24)
        words = CharField(max_length=200, null=True)
        due = DateField(null=True)
        case = ForeignKeyField(ServiceCase, backref="+", null=True)

    class Commitment(Table):
        origin = CharField(max_length=24)
        source = CharField(max_length=40, index=True)
        unit = ForeignKeyField(Unit, backref="+", null=True)
        words = TextField()
        staff = ForeignKeyField(Staff, backref="+")
        promised_on = DateField()
        due = DateField()
        state = CharField(max_length=24)
        put_off = IntegerField()
        why = CharField(max_length=200, null=True)
        done_on = DateField(null=True)
        result = TextField(null=True)
        told_on = DateField(null=True)
        told_by = CharField(max_length=60, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

        class Meta:
            indexes = ((("state", "due"), False),)

    class Care(Table):
        unit = ForeignKeyField(Unit, backref="+")
        who = CharField(max_length=40)
        why = CharField(max_length=60)
        agreed_on = DateField()
        ended_on = DateField(null=True)
        made_by = CharField(max_length=60)

    class HomeVisit(Table):
        number = CharField(max_length=40, unique=True)
        unit = ForeignKeyField(Unit, backref="+")
        kind = CharField(max_length=24)
        due = DateField()
        visitor = ForeignKeyField(Staff, backref="+")
        second = ForeignKeyField(Staff, backref="+")
        state = CharField(max_length=24)
        absent = IntegerField()
        visited_at = DateTimeField(index=True, null=True)
        met = CharField(max_length=40, null=True)
        topics = TextField(null=True)
        words = TextField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

        class Meta:
            indexes = ((("state", "due"), False), (("unit", "visited_at"), False))

    class HomeRemark(Table):
        visit = ForeignKeyField(HomeVisit, backref="+")
        kind = CharField(max_length=24)
        words = CharField(max_length=300)
        answer = CharField(max_length=300, null=True)
        commitment = ForeignKeyField(Commitment, backref="+", index=False, null=True)

    class Forum(Table):
        number = CharField(max_length=40, unique=True)
        title = CharField(max_length=60)
        at = DateTimeField()
        place = CharField(max_length=60)
        agenda = TextField()
        state = CharField(max_length=24)
        chair = CharField(max_length=40, null=True)
        recorder = CharField(max_length=40, null=True)
        owners = TextField(null=True)
        committee = CharField(max_length=120, null=True)
        community = CharField(max_length=120, null=True)
        office = CharField(max_length=120, null=True)
        sent_to = CharField(max_length=120, null=True)
        words = TextField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class ForumSpeech(Table):
        forum = ForeignKeyField(Forum, backref="+")
        unit = ForeignKeyField(Unit, backref="+", null=True)
        name = CharField(max_length=40, null=True)
        words = CharField(max_length=300)
        answer = CharField(max_length=300, null=True)

    class Reception(Table):
        number = CharField(max_length=40, unique=True)
        at = DateTimeField(index=True)
        manner = CharField(max_length=24)
        unit = ForeignKeyField(Unit, backref="+", null=True)
        organisation = CharField(max_length=60, null=True)
        name = CharField(max_length=40, null=True)
        words = TextField()
        result = TextField(null=True)
        commitment = ForeignKeyField(Commitment, backref="+", null=True)
        case = ForeignKeyField(ServiceCase, backref="+", null=True)
        note = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Proposal(Table):
        number = CharField(max_length=40, unique=True)
        day = DateField(index=True)
        unit = ForeignKeyField(Unit, backref="+", null=True)
        source = CharField(max_length=60, null=True)
        words = TextField()
        kind = CharField(max_length=24)
        state = CharField(max_length=24)
        reason = TextField(null=True)
        department = ForeignKeyField(Department, backref="+", null=True, index=False)
        commitment = ForeignKeyField(Commitment, backref="+", null=True)
        decided_at = DateTimeField(null=True)
        told_on = DateField(null=True)
        told_by = CharField(max_length=60, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Mediation(Table):
        number = CharField(max_length=40, unique=True)
        at = DateTimeField(index=True)
        kind = CharField(max_length=24)
        unit = ForeignKeyField(Unit, backref="+")
        name = CharField(max_length=40)
        other_unit = ForeignKeyField(Unit, backref="+", null=True)
        other_name = CharField(max_length=40)
        facts = TextField()
        claims = TextField(null=True)
        other_claims = TextField(null=True)
        evidence = CharField(max_length=120, null=True)
        case = ForeignKeyField(ServiceCase, backref="+", null=True)
        state = CharField(max_length=24)
        course = TextField(null=True)
        agreement = TextField(null=True)
        advice = TextField(null=True)
        mediator = ForeignKeyField(Staff, backref="+", null=True)
        witness = CharField(max_length=60, null=True)
        ended_at = DateTimeField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class OwnerRequest(Table):
        number = CharField(max_length=40, unique=True)
        at = DateTimeField(index=True)
        unit = ForeignKeyField(Unit, backref="+")
        applicant = CharField(max_length=40)
        kind = CharField(max_length=24)
        words = TextField()
        enclosures = CharField(max_length=120, null=True)
        commitment = ForeignKeyField(Commitment, backref="+")
        fee = whole("fee", null=True)
        confirmed_by = CharField(max_length=40, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    made = [
        *(SignOff, DutyLog, WorkShift, RosterRules, Roster, RosterDay, ShiftSwap),
        *(InspectionPoint, Inspection, InspectionLine, Commitment, Care, HomeVisit, HomeRemark),
        *(Forum, ForumSpeech, Reception, Proposal, Mediation, OwnerRequest),
    ]
    db.create_tables(made)
    for one in (ShiftSwap, Inspection, InspectionLine, HomeRemark, ForumSpeech, Reception):
        sqlite.guard_append_only(db, one._meta.table_name)
    sqlite.guard_columns(db, "sign_off", ["kind", "number", "day"])
    sqlite.guard_columns(db, "duty_log", ["number", "day", "post_id", "made_by"])
    sqlite.guard_columns(db, "commitment", ["origin", "source", "words", "promised_on", "made_at", "made_by"])
    sqlite.guard_once(db, "commitment", ["done_on", "result", "told_on"])
    sqlite.guard_columns(db, "mediation", ["number", "kind", "unit_id", "name", "facts"])
    sqlite.guard_columns(db, "proposal", ["number", "day", "words"])
    sqlite.guard_columns(db, "owner_request", ["number", "unit_id", "words", "commitment_id"])
    seed(db)


def seed(db):
    """Enter what the first day needs, and the rights of the roles there are."""
    for row in SHIFTS:
        db.execute_sql(
            "INSERT INTO work_shift (sign, digit, name, works, begins, hours, active, row_version) "
            "VALUES (?, ?, ?, ?, ?, ?, 1, 1)",
            row,
        )
    db.execute_sql(
        "INSERT INTO roster_rules (most_days, least_rest, leaders, row_version) VALUES (6, 11, ?, 1)",
        (LEADERS,),
    )
    for right, roles in RIGHTS.items():
        for role in roles:
            db.execute_sql(
                'INSERT INTO role_right (role_id, "right", row_version) '
                "SELECT id, ?, 1 FROM role WHERE name = ?",
                (right, role),
            )
