"""撤销: set-offs can be taken back, and void lines that nobody ever paid may go with their roster.

Frozen, as 0001 is.
"""

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, Model

from models import sqlite


def up(migrator, db):
    """Make the table of reversals; let void lines without money be deleted."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class SetOff(Table):
        pass

    class SetOffReversal(Table):
        set_off = ForeignKeyField(SetOff, backref="+", unique=True)
        reason = CharField(max_length=80)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    db.create_tables([SetOffReversal])
    sqlite.guard_append_only(db, "set_off_reversal")
    sqlite.guard_anew(
        db, "bill",
        ["month", "unit_id", "item_id", "part", "kind", "source", "amount", "due", "run", "batch_id", "payer_id",
         "liable_id", "quantity", "price", "extra", "days", "month_days", "segments"],
        may_go="OLD.paid = 0 AND (OLD.kind = 'OPENING' OR OLD.live = 0)",
    )  # fmt: skip
