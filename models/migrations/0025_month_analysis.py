"""月度分析: the reports of the months.

Frozen, as 0001 is.
"""

from peewee import CharField, DateField, DateTimeField, IntegerField, Model, TextField

from models import sqlite


def up(migrator, db):
    """Make the table; what was signed stays."""

    class MonthAnalysis(Model):
        row_version = IntegerField()
        number = CharField(max_length=20, unique=True)
        month = IntegerField(unique=True)
        state = CharField(max_length=24)
        decoration = TextField(null=True)
        problems = TextField()
        focus = TextField()
        remark = TextField(null=True)
        content = TextField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        signed_at = DateTimeField(null=True)
        signed_by = CharField(max_length=60, null=True)
        project_on = DateField(null=True)
        company_on = DateField(null=True)

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([MonthAnalysis])
    sqlite.guard_columns(db, "month_analysis", ["number", "month", "made_at", "made_by"])
    sqlite.guard_once(db, "month_analysis", ["content", "signed_at", "signed_by", "project_on", "company_on"])
