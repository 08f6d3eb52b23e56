"""公共收益与维修资金: what common parts earn, and what the fund is drawn for; entries never change.

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

KINDS = ("电梯广告", "公共车位", "场地出租", "自动售货与快递柜", "通信基站", "其他")


def up(migrator, db):
    """Make the tables, with the kinds and the terms to begin with."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def whole(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class CommonKind(Table):
        name = CharField(max_length=20, unique=True)
        active = BooleanField()

    class CommonTerms(Table):
        every = CharField(max_length=24)
        days = IntegerField()

    class CommonContract(Table):
        number = CharField(max_length=40, unique=True)
        kind = ForeignKeyField(CommonKind, backref="+")
        subject = CharField(max_length=60)
        party = CharField(max_length=60)
        paper = CharField(max_length=40, null=True)
        first = DateField()
        last = DateField()
        amount = whole("amount")
        note = CharField(max_length=120, null=True)
        ended = DateField(null=True)
        end_reason = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class CommonDue(Table):
        contract = ForeignKeyField(CommonContract, backref="+")
        due = DateField(index=True)
        amount = whole("amount")

        class Meta:
            indexes = ((("contract", "due"), True),)

    class CommonEntry(Table):
        number = CharField(max_length=40, unique=True)
        on = DateField(index=True)
        flow = CharField(max_length=24)
        kind = ForeignKeyField(CommonKind, backref="+", null=True)
        amount = whole("amount")
        contract = ForeignKeyField(CommonContract, backref="+", null=True)
        party = CharField(max_length=60, null=True)
        basis = CharField(max_length=120, null=True)
        voucher = CharField(max_length=40, null=True)
        note = CharField(max_length=120, null=True)
        reverses = ForeignKeyField("self", backref="+", null=True, unique=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class CommonNotice(Table):
        number = CharField(max_length=40, unique=True)
        first = DateField()
        last = DateField(index=True)
        since = DateField()
        until = DateField()
        place = CharField(max_length=80)
        opening = whole("opening")
        income = whole("income")
        cost = whole("cost")
        moved = whole("moved")
        closing = whole("closing")
        withdrawn = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Building(Table):
        pass

    class Entrance(Table):
        pass

    class FundProject(Table):
        number = CharField(max_length=40, unique=True)
        name = CharField(max_length=60)
        building = ForeignKeyField(Building, backref="+", null=True)
        entrance = ForeignKeyField(Entrance, backref="+", null=True)
        place = CharField(max_length=80)
        need = CharField(max_length=200)
        estimate = whole("estimate")
        urgent = BooleanField()
        urgency = CharField(max_length=120, null=True)
        units = IntegerField()
        owners = IntegerField()
        area = whole("area")
        state = CharField(max_length=24)
        contractor = CharField(max_length=60, null=True)
        permit = CharField(max_length=60, null=True)
        approved_on = DateField(null=True)
        approved = whole("approved", null=True)
        accepted_on = DateField(null=True)
        acceptance = CharField(max_length=120, null=True)
        settled = whole("settled", null=True)
        closed_on = DateField(null=True)
        withdrawn = CharField(max_length=120, null=True)
        made_on = DateField(index=True)
        made_by = CharField(max_length=60)

    class FundPart(Table):
        project = ForeignKeyField(FundProject, backref="+")
        name = CharField(max_length=40)
        units = IntegerField()
        area = whole("area")

    class FundVote(Table):
        project = ForeignKeyField(FundProject, backref="+")
        on = DateField()
        owners_all = IntegerField()
        area_all = whole("area_all")
        owners_in = IntegerField()
        area_in = whole("area_in")
        owners_for = IntegerField()
        area_for = whole("area_for")
        passed = BooleanField()
        note = CharField(max_length=120, null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class FundDraw(Table):
        project = ForeignKeyField(FundProject, backref="+")
        on = DateField(index=True)
        amount = whole("amount")
        voucher = CharField(max_length=40)
        receiver = CharField(max_length=60, null=True)
        note = CharField(max_length=120, null=True)
        reverses = ForeignKeyField("self", backref="+", null=True, unique=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    db.create_tables([CommonKind, CommonTerms, CommonContract, CommonDue, CommonEntry, CommonNotice])
    db.create_tables([FundProject, FundPart, FundVote, FundDraw])
    for name in KINDS:
        db.execute_sql("INSERT INTO common_kind (name, active, row_version) VALUES (?, 1, 1)", (name,))
    db.execute_sql("INSERT INTO common_terms (every, days, row_version) VALUES ('HALF', 30, 1)")
    sqlite.guard_append_only(db, "common_entry")
    sqlite.guard_append_only(db, "common_due")
    sqlite.guard_columns(
        db, "common_contract",
        ["number", "kind_id", "subject", "party", "first", "last", "amount", "made_at", "made_by"],
    )  # fmt: skip
    sqlite.guard_columns(
        db, "common_notice",
        ["number", "first", "last", "since", "until", "place", "opening", "income", "cost", "moved", "closing",
         "made_at", "made_by"],
    )  # fmt: skip
    sqlite.guard_columns(
        db, "fund_project",
        ["number", "name", "building_id", "entrance_id", "place", "need", "estimate", "urgent", "urgency", "units",
         "owners", "area", "made_on", "made_by"],
    )  # fmt: skip
    sqlite.guard_append_only(db, "fund_part")
    sqlite.guard_append_only(db, "fund_vote")
    sqlite.guard_append_only(db, "fund_draw")
    _let(db, "fees.commons", "fees.bill")


def _let(db, right, *holding):
    """Give a new right to the roles that hold one of these."""
    named = ", ".join(f"'{one}'" for one in holding)
    db.execute_sql(
        f"INSERT INTO role_right (role_id, \"right\", row_version) SELECT DISTINCT role_id, '{right}', 1 "
        f'FROM role_right WHERE "right" IN ({named}) AND role_id NOT IN '
        f"(SELECT role_id FROM role_right WHERE \"right\" = '{right}')"
    )
