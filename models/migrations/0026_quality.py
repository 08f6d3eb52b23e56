"""服务质量: targets, and the reviews of the quarters with their figures and remedies.

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

TARGETS = (
    ("HANDLING", 10000, 0),
    ("TIMELY", 9500, 0),
    ("VISITING", 10000, 0),
    ("ARRIVAL", 9500, 0),
    ("FINISHING", 9500, 0),
    ("AGAIN", 300, 1),
    ("PLEASED", 9000, 0),
    ("OFTEN", 1000, 1),
)
"""Figure, target in hundredths, and whether it is the most that may be (duty c01.c.03: 100 %)."""


def up(migrator, db):
    """Make the tables, with the targets of the first day."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    def scaled(name, **more):
        return BigIntegerField(constraints=[Check(f'"{name}" = CAST("{name}" AS BIGINT)')], **more)

    class Commitment(Table):
        pass

    class QualityTarget(Table):
        figure = CharField(max_length=24, unique=True)
        target = scaled("target")
        at_most = BooleanField()

    class QualityReview(Table):
        number = CharField(max_length=20, unique=True)
        first = DateField()
        last = DateField()
        state = CharField(max_length=24)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        signed_at = DateTimeField(null=True)
        signed_by = CharField(max_length=60, null=True)

    class QualityLine(Table):
        review = ForeignKeyField(QualityReview, backref="+")
        figure = CharField(max_length=24)
        target = scaled("target")
        at_most = BooleanField()
        actual = scaled("actual", null=True)
        part = IntegerField()
        whole = IntegerField()
        cause = TextField(null=True)
        commitment = ForeignKeyField(Commitment, backref="+", null=True)
        helped = TextField(null=True)
        verified_on = DateField(null=True)
        verified_by = CharField(max_length=60, null=True)

        class Meta:
            indexes = ((("review", "figure"), True),)

    db.create_tables([QualityTarget, QualityReview, QualityLine])
    sqlite.guard_columns(db, "quality_review", ["number", "first", "last", "made_at", "made_by"])
    sqlite.guard_once(db, "quality_review", ["signed_at", "signed_by"])
    sqlite.guard_columns(db, "quality_line", ["review_id", "figure", "target", "at_most"])
    sqlite.guard_once(db, "quality_line", ["helped", "verified_on", "verified_by"])
    for row in TARGETS:
        db.execute_sql(
            "INSERT INTO quality_target (figure, target, at_most, row_version) VALUES (?, ?, ?, 1)", row
        )
