"""食堂保管: rules, problems, write-offs, weekly checks, expiry notices and food samples.

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


def up(migrator, db):
    """Make the tables, and guard what was found, told and written off."""

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

    class Department(Table):
        pass

    class StoreRules(Table):
        cool_most = whole("cool_most")
        frozen_most = whole("frozen_most")
        damp_most = IntegerField()
        sample_grams = IntegerField()
        sample_hours = IntegerField()

    class StockProblem(Table):
        number = CharField(max_length=40, unique=True)
        lot = ForeignKeyField(StockLot, backref="+")
        found_at = DateTimeField(index=True)
        abnormal = CharField(max_length=24)
        quantity = whole("quantity")
        cause = CharField(max_length=120, null=True)
        state = CharField(max_length=24, index=True)
        verdict = CharField(max_length=24, null=True)
        opinion = CharField(max_length=120, null=True)
        decided_at = DateTimeField(null=True)
        decided_by = CharField(max_length=60, null=True)
        result = CharField(max_length=120, null=True)
        closed_on = DateField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class WriteOff(Table):
        number = CharField(max_length=40, unique=True)
        day = DateField(index=True)
        disposal = CharField(max_length=24)
        witness = CharField(max_length=40)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class WriteOffLine(Table):
        write_off = ForeignKeyField(WriteOff, backref="+")
        lot = ForeignKeyField(StockLot, backref="+")
        move = ForeignKeyField(StockMove, backref="+", unique=True)
        quantity = whole("quantity")
        reason = CharField(max_length=24)
        words = CharField(max_length=80, null=True)

    class StoreCheck(Table):
        number = CharField(max_length=16, unique=True)
        week = DateField(unique=True)
        at = DateTimeField()
        room = whole("room")
        damp = IntegerField()
        cool = whole("cool")
        frozen = whole("frozen")
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class StoreCheckLine(Table):
        check = ForeignKeyField(StoreCheck, backref="+")
        point = CharField(max_length=24)
        passed = CharField(max_length=24)
        problem = CharField(max_length=120, null=True)
        handling = CharField(max_length=120, null=True)
        done_on = DateField(null=True)

        class Meta:
            indexes = ((("check", "point"), True),)

    class ExpiryNotice(Table):
        number = CharField(max_length=40, unique=True)
        day = DateField(index=True)
        department = ForeignKeyField(Department, backref="+")
        state = CharField(max_length=24, index=True)
        receiver = CharField(max_length=40, null=True)
        answered_on = DateField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class NoticeLine(Table):
        notice = ForeignKeyField(ExpiryNotice, backref="+")
        lot = ForeignKeyField(StockLot, backref="+")
        stock = whole("stock")
        wanted_by = DateField()
        taken = whole("taken", null=True)
        rest = CharField(max_length=24, null=True)

        class Meta:
            indexes = ((("notice", "lot"), True),)

    class FoodSample(Table):
        kept_at = DateTimeField(index=True)
        meal = CharField(max_length=24)
        dish = CharField(max_length=40)
        grams = IntegerField()
        fridge = whole("fridge")
        kept_by = CharField(max_length=60)
        destroyed_at = DateTimeField(null=True)
        destroyed_by = CharField(max_length=60, null=True)
        note = CharField(max_length=80, null=True)

    db.create_tables(
        [
            *(StoreRules, StockProblem, WriteOff, WriteOffLine, StoreCheck, StoreCheckLine),
            *(ExpiryNotice, NoticeLine, FoodSample),
        ]
    )
    StoreRules.insert(
        cool_most=80, frozen_most=-180, damp_most=70, sample_grams=125, sample_hours=48, row_version=1
    ).execute()
    made = ["made_at", "made_by"]
    sqlite.guard_columns(
        db, "stock_problem", ["number", "lot_id", "found_at", "abnormal", "quantity", "cause", *made]
    )
    sqlite.guard_once(db, "stock_problem", ["result", "closed_on"])
    sqlite.guard_append_only(db, "write_off")
    sqlite.guard_append_only(db, "write_off_line")
    sqlite.guard_append_only(db, "store_check")
    sqlite.guard_columns(db, "store_check_line", ["check_id", "point", "passed", "problem"])
    sqlite.guard_columns(db, "expiry_notice", ["number", "day", "department_id", *made])
    sqlite.guard_once(db, "expiry_notice", ["receiver", "answered_on"])
    sqlite.guard_columns(db, "notice_line", ["notice_id", "lot_id", "stock", "wanted_by"])
    sqlite.guard_once(db, "notice_line", ["taken", "rest"])
    kept = ["kept_at", "meal", "dish", "grams", "fridge", "kept_by", "note"]
    sqlite.guard_columns(db, "food_sample", kept)
    sqlite.guard_once(db, "food_sample", ["destroyed_at", "destroyed_by"])
