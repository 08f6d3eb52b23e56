"""卡片: which records an audit entry is about; files attached to records, kept by what they hold.

Frozen, as 0001 is.
"""

import json

from peewee import BlobField, BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField, Model

from models import sqlite

_LINKS = {
    "unit": "Unit", "person": "Person", "payer": "Person", "liable": "Person", "item": "FeeItem",
    "building": "Building", "entrance": "Entrance", "community": "Community", "space": "Unit",
    "account": "Account", "staff": "Staff", "role": "Role", "department": "Department", "post": "Post",
}  # fmt: skip


def up(migrator, db):
    """Make the tables, and note of each entry so far which records it is about."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class AuditTouch(Table):
        entry = IntegerField()
        kind = CharField(max_length=40)
        record = IntegerField()

        class Meta:
            indexes = ((("kind", "record", "entry"), True),)

    class Content(Table):
        digest = CharField(max_length=64, unique=True)
        size = IntegerField()
        data = BlobField()

    class Attachment(Table):
        kind = CharField(max_length=40)
        record = IntegerField()
        name = CharField(max_length=120)
        type = CharField(max_length=24)
        content = ForeignKeyField(Content, backref="+")
        note = CharField(max_length=120, null=True)
        added_at = DateTimeField()
        added_by = CharField(max_length=60)
        active = BooleanField()

        class Meta:
            indexes = ((("kind", "record"), False),)

    db.create_tables([AuditTouch, Content, Attachment])
    sqlite.guard_append_only(db, "content")
    db.execute_sql(
        "INSERT INTO role_right (role_id, \"right\", row_version) SELECT DISTINCT role_id, 'records.attach', 1 "
        "FROM role_right WHERE \"right\" IN ('owners.edit', 'fees.receive', 'fees.opening')"
    )
    _note_so_far(db)


def _note_so_far(db):
    entries = db.execute_sql("SELECT id, facts FROM audit_entry").fetchall()
    rows = [(entry, *about, 1) for entry, facts in entries for about in sorted(_about(facts))]
    marks = ", ".join([db.param] * 4)
    db.connection().executemany(
        f"INSERT INTO audit_touch (entry, kind, record, row_version) VALUES ({marks})", rows
    )


def _about(facts):
    found = set()
    for change in json.loads(facts or "{}").get("changes", ()):
        kind = change.get("add") or change.get("change") or change.get("remove")
        if kind and isinstance(change.get("id"), int):
            found.add((kind, change["id"]))
            for values in (change.get("from", {}), change.get("to", {})):
                found |= {
                    (_LINKS[name], id)
                    for name, id in values.items()
                    if name in _LINKS and isinstance(id, int)
                }
    return found
