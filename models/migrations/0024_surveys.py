"""顾客意见调查: topics, surveys, their questions, sheets and answers.

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

TOPICS = (
    *("客户服务", "投诉处理", "维修", "安全秩序", "清洁", "绿化消杀", "设施", "停车", "收费透明"),
    *("社区文化", "总体"),
)


def up(migrator, db):
    """Make the tables, with the topics of the first day (CS-06)."""

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

    class SurveyTopic(Table):
        position = IntegerField(unique=True)
        name = CharField(max_length=30, unique=True)
        active = BooleanField()

    class Survey(Table):
        number = CharField(max_length=20, unique=True)
        title = CharField(max_length=60)
        first = DateField()
        last = DateField()
        households = IntegerField()
        target = whole("target")
        fair_counts = BooleanField()
        anonymous = BooleanField()
        state = CharField(max_length=24)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        closed_at = DateTimeField(null=True)
        closed_by = CharField(max_length=60, null=True)

    class SurveyQuestion(Table):
        survey = ForeignKeyField(Survey, backref="+")
        position = IntegerField()
        name = CharField(max_length=30)

        class Meta:
            indexes = ((("survey", "position"), True),)

    class SurveySheet(Table):
        number = CharField(max_length=24, unique=True)
        survey = ForeignKeyField(Survey, backref="+")
        unit = ForeignKeyField(Unit, backref="+", null=True)
        building = ForeignKeyField(Building, backref="+")
        state = CharField(max_length=24)
        delivered_on = DateField(null=True)
        returned_on = DateField(null=True)
        name = CharField(max_length=40, null=True)
        words = TextField(null=True)
        advice = TextField(null=True)
        why = CharField(max_length=200, null=True)
        typed_at = DateTimeField(null=True)
        typed_by = CharField(max_length=60, null=True)

        class Meta:
            indexes = ((("survey", "state"), False),)

    class SurveyAnswer(Table):
        sheet = ForeignKeyField(SurveySheet, backref="+")
        question = ForeignKeyField(SurveyQuestion, backref="+")
        mark = CharField(max_length=24, null=True)

        class Meta:
            indexes = ((("sheet", "question"), True),)

    db.execute_sql('ALTER TABLE "visit_task" ADD COLUMN "document" VARCHAR(40)')
    db.create_tables([SurveyTopic, Survey, SurveyQuestion, SurveySheet, SurveyAnswer])
    sqlite.guard_append_only(db, "survey_question")
    sqlite.guard_columns(
        db, "survey", ["number", "first", "households", "target", "fair_counts", "anonymous", "made_at"]
    )
    sqlite.guard_columns(db, "survey_sheet", ["number", "survey_id", "unit_id", "building_id"])
    sqlite.guard_columns(db, "survey_answer", ["sheet_id", "question_id"])
    sqlite.guard_once(db, "survey", ["closed_at", "closed_by"])
    for position, name in enumerate(TOPICS, start=1):
        db.execute_sql(
            "INSERT INTO survey_topic (position, name, active, row_version) VALUES (?, ?, 1, 1)",
            (position, name),
        )
