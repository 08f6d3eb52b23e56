"""审批: chains, deputies, applications with their steps and what was decided on them, permits.

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
)  # fmt: skip

from models import sqlite


def whole(column):
    """Keep text and fractions out of a column of whole numbers."""
    return Check(f'"{column}" = CAST("{column}" AS BIGINT)')


def up(migrator, db):
    """Make the tables, guard what was applied for and decided, and let every role apply."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Role(Table):
        pass

    class Account(Table):
        pass

    class Chain(Table):
        deed = CharField(max_length=60, unique=True)
        on = BooleanField()

    class ChainStep(Table):
        chain = ForeignKeyField(Chain, backref="+")
        position = IntegerField()
        role = ForeignKeyField(Role, backref="+")
        title = CharField(max_length=20, null=True)
        above = BigIntegerField(null=True, constraints=[whole("above")])

        class Meta:
            indexes = ((("chain", "position"), True),)

    class Deputy(Table):
        since = DateField()
        until = DateField(null=True)
        account = ForeignKeyField(Account, backref="+")
        deputy = ForeignKeyField(Account, backref="+")

    class Approval(Table):
        number = CharField(max_length=40, unique=True)
        what = CharField(max_length=60)
        about = CharField(max_length=200)
        amount = BigIntegerField(null=True, constraints=[whole("amount")])
        given = TextField()
        record = IntegerField(null=True)
        version = IntegerField(null=True)
        applicant = ForeignKeyField(Account, backref="+")
        who = CharField(max_length=60)
        made_at = DateTimeField()
        note = TextField(null=True)
        state = CharField(max_length=24)
        waiting = ForeignKeyField(Role, null=True, backref="+")
        done_at = DateTimeField(null=True)
        result = CharField(max_length=200, null=True)

        class Meta:
            indexes = ((("state", "waiting"), False),)

    class ApprovalStep(Table):
        approval = ForeignKeyField(Approval, backref="+")
        position = IntegerField()
        role = ForeignKeyField(Role, backref="+")
        title = CharField(max_length=40)

        class Meta:
            indexes = ((("approval", "position"), True),)

    class Decision(Table):
        step = ForeignKeyField(ApprovalStep, unique=True, backref="+")
        account = ForeignKeyField(Account, backref="+")
        who = CharField(max_length=60)
        on_behalf_of = ForeignKeyField(Account, null=True, backref="+")
        verdict = CharField(max_length=24)
        opinion = CharField(max_length=200, null=True)
        at = DateTimeField()

    class Permit(Table):
        account = ForeignKeyField(Account, backref="+")
        what = CharField(max_length=60)
        until = DateField()
        approval = CharField(max_length=40)
        used_at = DateTimeField(null=True)

    db.create_tables([Chain, ChainStep, Deputy, Approval, ApprovalStep, Decision, Permit])
    sqlite.guard_columns(
        db, "approval",
        ["number", "what", "about", "amount", "given", "record", "version", "applicant_id", "who", "made_at",
         "note"],
    )  # fmt: skip
    sqlite.guard_columns(db, "permit", ["account_id", "what", "until", "approval"])
    sqlite.guard_append_only(db, "approval_step")
    sqlite.guard_append_only(db, "decision")
    db.execute_sql(
        "INSERT INTO role_right (role_id, \"right\", row_version) SELECT DISTINCT role_id, 'office.approvals', 1 "
        "FROM role_right WHERE \"right\" = 'office.workdays_view'"
    )
