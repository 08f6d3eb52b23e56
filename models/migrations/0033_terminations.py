"""整改与终止: letters to suppliers, notices of termination; which grades write a letter, which one terminates.

Frozen, as 0001 is.
"""

from peewee import CharField, DateField, DateTimeField, ForeignKeyField, IntegerField, Model, TextField

from models import sqlite


def up(migrator, db):
    """Make the tables and guard what was sent; a grade that suspended by default now begins to terminate."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Supplier(Table):
        pass

    class SupplierLetter(Table):
        number = CharField(max_length=40, unique=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        day = DateField(index=True)
        facts = TextField()
        demand = TextField()
        due = DateField()
        source = CharField(max_length=40, null=True)
        state = CharField(max_length=24, index=True)
        result = TextField(null=True)
        judged_on = DateField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    class Termination(Table):
        number = CharField(max_length=40, unique=True)
        supplier = ForeignKeyField(Supplier, backref="+")
        facts = TextField()
        clause = TextField()
        kind = CharField(max_length=24)
        readmit_on = DateField(null=True)
        object_until = DateField()
        effective_on = DateField()
        settling = TextField(null=True)
        state = CharField(max_length=24, index=True)
        warned = TextField(null=True)
        open_then = TextField(null=True)
        issued_on = DateField(null=True)
        approval = CharField(max_length=20, null=True)
        delivered_on = DateField(null=True)
        way = CharField(max_length=60, null=True)
        objection = TextField(null=True)
        objected_on = DateField(null=True)
        answer = TextField(null=True)
        ended_on = DateField(null=True)
        why = TextField(null=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)

    db.create_tables([SupplierLetter, Termination])
    fixed = ["number", "supplier_id", "day", "facts", "demand", "due", "source", "made_at", "made_by"]
    sqlite.guard_columns(db, "supplier_letter", fixed)
    sqlite.guard_once(db, "supplier_letter", ["result", "judged_on"])
    sqlite.guard_columns(db, "termination", ["number", "supplier_id", "made_at", "made_by"])
    sent = ["warned", "open_then", "issued_on", "approval", "delivered_on", "way"]
    said = ["objection", "objected_on", "answer", "ended_on", "why"]
    sqlite.guard_once(db, "termination", [*sent, *said])
    told = ("facts", "clause", "kind", "readmit_on", "object_until", "effective_on", "settling")
    differ = " OR ".join(f'OLD."{name}" IS NOT NEW."{name}" COLLATE BINARY' for name in told)
    db.execute_sql(
        "CREATE TRIGGER termination_sent BEFORE UPDATE ON termination "
        f"WHEN OLD.state <> 'DRAFT' AND ({differ}) "
        "BEGIN SELECT RAISE(ABORT, 'termination: a notice that was sent stays'); END"
    )
    db.execute_sql('ALTER TABLE "band" ADD COLUMN "letter" INTEGER NOT NULL DEFAULT 0')
    db.execute_sql("UPDATE band SET letter = 1 WHERE grade = 'C' AND low = 6000 AND consequence = 'WATCH'")
    db.execute_sql(
        "UPDATE band SET consequence = 'END' WHERE grade = 'D' AND low = 0 AND high = 6000 "
        "AND consequence = 'BLOCK'"
    )
