"""封账: sealed months, and the reports that were issued of a month.

Frozen, as 0001 is.
"""

from peewee import (
    CharField,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from models import sqlite


def up(migrator, db):
    """Make the tables; what was sealed and issued never changes."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Content(Table):
        pass

    class Seal(Table):
        number = CharField(max_length=20, unique=True)
        month = IntegerField(index=True)
        edition = IntegerField()
        last_bill = IntegerField()
        sealed_at = DateTimeField()
        sealed_by = CharField(max_length=60)
        reopened_at = DateTimeField(null=True)
        reopened_by = CharField(max_length=60, null=True)
        reason = CharField(max_length=120, null=True)

    class ReportEdition(Table):
        number = CharField(max_length=40, unique=True)
        form = CharField(max_length=12)
        title = CharField(max_length=60)
        month = IntegerField(index=True)
        edition = IntegerField()
        cutoff = DateField()
        figures = TextField()
        rows = IntegerField()
        pages = IntegerField()
        content = ForeignKeyField(Content, backref="+")
        seal = ForeignKeyField(Seal, backref="+", null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    db.create_tables([Seal, ReportEdition])
    sqlite.guard_columns(db, "seal", ["number", "month", "edition", "last_bill", "sealed_at", "sealed_by"])
    sqlite.guard_once(db, "seal", ["reopened_at", "reopened_by", "reason"])
    sqlite.guard_append_only(db, "report_edition")
    grant(db)


def grant(db):
    """Give the new rights to the roles whose work they are, once each."""
    for right in ("fees.seal", "fees.reopen"):
        db.execute_sql(
            'INSERT INTO role_right (role_id, "right", row_version) SELECT DISTINCT role_id, '
            f"'{right}', 1 FROM role_right WHERE \"right\" = 'fees.bill'"
        )
