"""第一版: every table of the first edition, frozen as it was.

Models move on; this script does not. The guards at the end let nobody, not even ourselves,
change what was issued (forms.md B4.6) or what the audit trail says.
"""

from peewee import (
    BigIntegerField,
    BlobField,
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
    """Make every table of the first edition."""

    class Table(Model):
        row_version = IntegerField()

        class Meta:
            database = db
            legacy_table_names = False

    class Department(Table):
        name = CharField(max_length=40, unique=True)
        active = BooleanField()

    class Post(Table):
        name = CharField(max_length=40, unique=True)
        aliases = CharField(max_length=120, null=True)
        reports_to = CharField(max_length=80, null=True)
        active = BooleanField()

    class Staff(Table):
        number = CharField(max_length=16, unique=True)
        name = CharField(max_length=40)
        department = ForeignKeyField(Department, backref="+", null=True)
        post = ForeignKeyField(Post, backref="+", null=True)
        phone = CharField(max_length=40, null=True)
        joined = DateField(null=True)
        left = DateField(null=True)

    class Account(Table):
        login = CharField(max_length=24, unique=True)
        staff = ForeignKeyField(Staff, backref="+")
        password = CharField(max_length=200)
        must_change = BooleanField()
        active = BooleanField()
        failures = IntegerField()
        locked_until = DateTimeField(null=True)

    class Role(Table):
        name = CharField(max_length=40, unique=True)
        reach = CharField(max_length=24)
        active = BooleanField()

    class AccountRole(Table):
        account = ForeignKeyField(Account, backref="+")
        role = ForeignKeyField(Role, backref="+")

        class Meta:
            indexes = ((("account", "role"), True),)

    class Community(Table):
        name = CharField(max_length=60, unique=True)
        address = CharField(max_length=120, null=True)
        active = BooleanField()

    class Building(Table):
        community = ForeignKeyField(Community, backref="+")
        code = CharField(max_length=16, unique=True)
        name = CharField(max_length=40)
        active = BooleanField()
        sort_key = CharField(max_length=80, index=True)

    class Entrance(Table):
        building = ForeignKeyField(Building, backref="+")
        code = CharField(max_length=16)
        floors = IntegerField(null=True)
        lift = CharField(max_length=2, null=True)
        active = BooleanField()

        class Meta:
            indexes = ((("building", "code"), True),)

    class Unit(Table):
        kind = CharField(max_length=24)
        code = CharField(max_length=40, unique=True)
        building = ForeignKeyField(Building, backref="+", null=True)
        entrance = ForeignKeyField(Entrance, backref="+", null=True)
        room = CharField(max_length=16)
        floor = IntegerField(null=True)
        layout = CharField(max_length=20, null=True)
        usage = CharField(max_length=20, null=True)
        state = CharField(max_length=24)
        handed_over = DateField(null=True)
        note = TextField(null=True)
        sort_key = CharField(max_length=120, index=True)

    class FeeItem(Table):
        code = CharField(max_length=16, unique=True)
        name = CharField(max_length=40, unique=True)
        category = CharField(max_length=24)
        basis = CharField(max_length=24)
        cycle = IntegerField()
        due_day = IntegerField(null=True)
        collected = BooleanField()
        start_rule = CharField(max_length=24)
        since = DateField()
        until = DateField(null=True)
        active = BooleanField()

    class Batch(Table):
        kind = CharField(max_length=24)
        title = CharField(max_length=120)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        count = IntegerField()
        amount = BigIntegerField(null=True, constraints=[whole("amount")])
        state = CharField(max_length=24)
        facts = TextField(null=True)

    class Person(Table):
        number = CharField(max_length=24, unique=True)
        name = CharField(max_length=60, index=True)
        kind = CharField(max_length=24)
        gender = CharField(max_length=24, null=True)
        phone = CharField(max_length=40, null=True)
        identity = CharField(max_length=40, null=True)
        contact = CharField(max_length=40, null=True)
        address = CharField(max_length=120, null=True)
        note = TextField(null=True)
        active = BooleanField()
        search = CharField(max_length=300)

    class Bill(Table):
        month = IntegerField()
        unit = ForeignKeyField(Unit, index=False, backref="+")
        item = ForeignKeyField(FeeItem, index=False, backref="+")
        part = IntegerField()
        kind = CharField(max_length=24)
        source = CharField(max_length=40, null=True)
        amount = BigIntegerField(constraints=[whole("amount")])
        paid = BigIntegerField(constraints=[whole("paid")])
        live = BooleanField()
        due = DateField()
        run = IntegerField(null=True)
        batch = ForeignKeyField(Batch, index=False, backref="+", null=True)
        payer = ForeignKeyField(Person, index=False, backref="+", null=True)
        liable = ForeignKeyField(Person, index=False, backref="+", null=True)
        quantity = BigIntegerField(null=True, constraints=[whole("quantity")])
        price = BigIntegerField(null=True, constraints=[whole("price")])
        extra = BigIntegerField(null=True, constraints=[whole("extra")])
        days = IntegerField(null=True)
        month_days = IntegerField(null=True)
        segments = TextField(null=True)

    class Payment(Table):
        on = DateField(index=True)
        payer = ForeignKeyField(Person, backref="+", null=True)
        payer_name = CharField(max_length=60, null=True)
        method = CharField(max_length=24)
        reference = CharField(max_length=60, null=True)
        amount = BigIntegerField(constraints=[whole("amount")])
        voided = BigIntegerField(constraints=[whole("voided")])
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        note = CharField(max_length=120, null=True)

    class Receipt(Table):
        number = CharField(max_length=40, unique=True)
        payment = ForeignKeyField(Payment, backref="+")
        unit = ForeignKeyField(Unit, backref="+")
        on = DateField(index=True)
        payer_name = CharField(max_length=60, null=True)
        amount = BigIntegerField(constraints=[whole("amount")])
        balance = BigIntegerField(constraints=[whole("balance")])
        prints = IntegerField()
        state = CharField(max_length=24)
        void_reason = CharField(max_length=80, null=True)
        voided_at = DateTimeField(null=True)
        voided_by = CharField(max_length=60, null=True)

    class SetOff(Table):
        number = CharField(max_length=40, unique=True)
        unit = ForeignKeyField(Unit, backref="+")
        payer = ForeignKeyField(Person, backref="+", null=True)
        on = DateField()
        amount = BigIntegerField(constraints=[whole("amount")])
        made_by = CharField(max_length=60)

    class Allocation(Table):
        bill = ForeignKeyField(Bill, backref="+")
        receipt = ForeignKeyField(Receipt, backref="+", null=True)
        set_off = ForeignKeyField(SetOff, backref="+", null=True)
        on = DateField(index=True)
        amount = BigIntegerField(constraints=[whole("amount")])
        live = BooleanField()

    class Assignment(Table):
        since = DateField()
        until = DateField(null=True)
        unit = ForeignKeyField(Unit, backref="+")
        item = ForeignKeyField(FeeItem, backref="+")
        batch = ForeignKeyField(Batch, backref="+", null=True)

        class Meta:
            indexes = ((("unit", "item", "since"), True),)

    class AuditEntry(Table):
        at = DateTimeField()
        account = IntegerField(null=True)
        who = CharField(max_length=60)
        deed = CharField(max_length=60, index=True)
        outcome = CharField(max_length=24)
        subject = CharField(max_length=120, null=True)
        facts = TextField()
        previous = CharField(max_length=64)
        digest = CharField(max_length=64)

    class BalanceEntry(Table):
        unit = ForeignKeyField(Unit, backref="+")
        payer = ForeignKeyField(Person, backref="+", null=True)
        on = DateField()
        kind = CharField(max_length=24)
        amount = BigIntegerField(constraints=[whole("amount")])
        receipt = ForeignKeyField(Receipt, backref="+", null=True)
        set_off = ForeignKeyField(SetOff, backref="+", null=True)
        source = CharField(max_length=40, unique=True, null=True)
        batch = ForeignKeyField(Batch, backref="+", null=True)

    class BatchSpan(Table):
        batch = ForeignKeyField(Batch, backref="+")
        table = CharField(max_length=40)
        first = IntegerField()
        last = IntegerField()

    class CalendarYear(Table):
        year = IntegerField(unique=True)

    class Caretaking(Table):
        since = DateField()
        until = DateField(null=True)
        building = ForeignKeyField(Building, backref="+", null=True)
        unit = ForeignKeyField(Unit, backref="+", null=True)
        staff = ForeignKeyField(Staff, backref="+")
        kind = CharField(max_length=24)

    class Counter(Table):
        prefix = CharField(max_length=12)
        span = CharField(max_length=8)
        last = IntegerField()

        class Meta:
            indexes = ((("prefix", "span"), True),)

    class DayClosing(Table):
        day = DateField(unique=True)
        made_at = DateTimeField()
        made_by = CharField(max_length=60)
        receipts = IntegerField()
        voids = IntegerField()
        amount = BigIntegerField(constraints=[whole("amount")])

    class FormEdition(Table):
        code = CharField(max_length=12, unique=True)
        number = CharField(max_length=30)
        edition = CharField(max_length=12)

    class Occupancy(Table):
        since = DateField()
        until = DateField(null=True)
        unit = ForeignKeyField(Unit, backref="+")
        person = ForeignKeyField(Person, backref="+")
        kind = CharField(max_length=24)
        pays = BooleanField()

        class Meta:
            indexes = ((("unit", "person", "since"), True),)

    class Ownership(Table):
        since = DateField()
        until = DateField(null=True)
        unit = ForeignKeyField(Unit, backref="+")
        person = ForeignKeyField(Person, backref="+")
        share = BigIntegerField(null=True, constraints=[whole("share")])
        primary = BooleanField()

        class Meta:
            indexes = ((("unit", "person", "since"), True),)

    class Profile(Table):
        company = CharField(max_length=80, null=True)
        office = CharField(max_length=60)
        telephone = CharField(max_length=40, null=True)
        address = CharField(max_length=120, null=True)
        window_hours = CharField(max_length=60, null=True)
        bank = CharField(max_length=60, null=True)
        account_name = CharField(max_length=80, null=True)
        bank_account = CharField(max_length=40, null=True)
        payee_qr = BlobField(null=True)
        seal_place = CharField(max_length=40, null=True)
        objection_days = IntegerField()
        due_day = IntegerField()
        due_on_workday = BooleanField()
        demo = BooleanField()

    class Rate(Table):
        item = ForeignKeyField(FeeItem, backref="+")
        since = DateField()
        price = BigIntegerField(constraints=[whole("price")])
        extra = BigIntegerField(constraints=[whole("extra")])

        class Meta:
            indexes = ((("item", "since"), True),)

    class ReceiptRow(Table):
        receipt = ForeignKeyField(Receipt, backref="+")
        position = IntegerField()
        item = CharField(max_length=60)
        span = CharField(max_length=60, null=True)
        quantity = CharField(max_length=20, null=True)
        price = CharField(max_length=20, null=True)
        amount = BigIntegerField(constraints=[whole("amount")])

        class Meta:
            indexes = ((("receipt", "position"), True),)

    class RoleRight(Table):
        role = ForeignKeyField(Role, backref="+")
        right = CharField(max_length=40)

        class Meta:
            indexes = ((("role", "right"), True),)

    class SignIn(Table):
        at = DateTimeField(index=True)
        login = CharField(max_length=24)
        admitted = BooleanField()
        reason = CharField(max_length=40)
        machine = CharField(max_length=60, null=True)

    class SpecialDay(Table):
        day = DateField(unique=True)
        kind = CharField(max_length=24)
        name = CharField(max_length=40, null=True)

    class UnitArea(Table):
        since = DateField()
        until = DateField(null=True)
        unit = ForeignKeyField(Unit, backref="+")
        built = BigIntegerField(null=True, constraints=[whole("built")])
        inner = BigIntegerField(null=True, constraints=[whole("inner")])
        billing = BigIntegerField(constraints=[whole("billing")])
        basis = CharField(max_length=24)

        class Meta:
            indexes = ((("unit", "since"), True),)

    class Vehicle(Table):
        since = DateField()
        until = DateField(null=True)
        plate = CharField(max_length=12, index=True)
        person = ForeignKeyField(Person, backref="+", null=True)
        space = ForeignKeyField(Unit, backref="+", null=True)
        kind = CharField(max_length=24)
        brand = CharField(max_length=30, null=True)
        colour = CharField(max_length=12, null=True)

        class Meta:
            indexes = ((("plate", "since"), True),)

    live, wanting = Bill.live == True, Bill.paid < Bill.amount
    OPEN = live & wanting
    Bill.add_index(
        Bill.index(
            Bill.month,
            Bill.unit,
            Bill.item,
            Bill.part,
            unique=True,
            where=(Bill.live == True) & Bill.source.is_null(),
            name="bill_once",
        )
    )
    Bill.add_index(Bill.index(Bill.source, unique=True, where=Bill.source.is_null(False), name="bill_source"))
    Bill.add_index(
        Bill.index(
            Bill.due, Bill.unit, Bill.month, Bill.amount, Bill.paid, Bill.live, where=OPEN, name="bill_open"
        )
    )
    Bill.add_index(Bill.index(Bill.month, Bill.item, Bill.live, Bill.amount, Bill.paid, name="bill_rates"))
    Bill.add_index(Bill.index(Bill.batch, name="bill_batch"))
    db.create_tables(
        [
            Department,
            Post,
            Staff,
            Account,
            Role,
            AccountRole,
            Community,
            Building,
            Entrance,
            Unit,
            FeeItem,
            Batch,
            Person,
            Bill,
            Payment,
            Receipt,
            SetOff,
            Allocation,
            Assignment,
            AuditEntry,
            BalanceEntry,
            BatchSpan,
            CalendarYear,
            Caretaking,
            Counter,
            DayClosing,
            FormEdition,
            Occupancy,
            Ownership,
            Profile,
            Rate,
            ReceiptRow,
            RoleRight,
            SignIn,
            SpecialDay,
            UnitArea,
            Vehicle,
        ]
    )
    guard(db)


def guard(db):
    """Let the database itself refuse to change what was issued."""
    sqlite.guard_append_only(db, "audit_entry")
    sqlite.guard_columns(
        db, "bill",
        ["month", "unit_id", "item_id", "part", "kind", "source", "amount", "due", "run", "batch_id", "payer_id",
         "liable_id", "quantity", "price", "extra", "days", "month_days", "segments"],
        may_go="OLD.kind = 'OPENING' AND OLD.paid = 0",
    )  # fmt: skip
    sqlite.guard_columns(
        db, "receipt", ["number", "payment_id", "unit_id", "on", "payer_name", "amount", "balance"]
    )
    sqlite.guard_append_only(db, "receipt_row")
    sqlite.guard_columns(db, "allocation", ["bill_id", "receipt_id", "set_off_id", "on", "amount"])
    sqlite.guard_append_only(db, "day_closing")
    sqlite.guard_columns(
        db, "payment", ["on", "payer_id", "payer_name", "method", "reference", "amount", "made_at", "made_by"]
    )
    sqlite.guard_append_only(db, "set_off")
    sqlite.guard_columns(
        db, "balance_entry",
        ["unit_id", "payer_id", "on", "kind", "amount", "receipt_id", "set_off_id", "source", "batch_id"],
        may_go="OLD.kind = 'OPENING'",
    )  # fmt: skip
