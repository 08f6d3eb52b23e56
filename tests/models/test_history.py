from pathlib import Path

from desktop.modules import load
from models.attachments import attach, read_file
from models.audit import AuditEntry, AuditTouch
from models.base import db
from models.history import history_of, strange_touches
from models.owners.entry import add_person
from models.owners.people import Person
from models.owners.tenure import add_ownership as own
from tests.estate import Estate

load()


def titles(record: object) -> list[str]:
    return [event.title for event in history_of(record)]  # type: ignore[arg-type]


def test_a_person_knows_what_was_done_to_him_newest_first(estate: Estate) -> None:
    person = add_person(name="王桂芳")
    person.edit(phone="13812345678")
    assert titles(person) == ["修改人员", "新增人员"]
    changed = history_of(person)[0]
    assert changed.who == "管理员" and "电话" in changed.told and "13812345678" not in changed.told


def test_a_house_knows_of_its_owners_and_files(estate: Estate, tmp_path: Path) -> None:
    unit, person = estate.house("101", owner=None), add_person(name="李强")
    own(unit, person)
    paper = tmp_path / "合同.txt"
    paper.write_text("合同", encoding="utf-8")
    one = attach("Unit", unit.id, read_file(paper))
    one.detach()
    assert titles(unit)[:3] == ["移除附件", "添加附件", "登记产权"]
    assert "登记产权" in titles(person)


def test_what_was_refused_or_done_to_others_is_not_told(estate: Estate) -> None:
    one, other = add_person(name="甲"), add_person(name="乙")
    other.edit(note="x")
    assert titles(one) == ["新增人员"]


def test_payments_are_told_only_to_those_who_see_payments(estate: Estate) -> None:
    from decimal import Decimal

    from models import deeds
    from models.deeds import DEEDS
    from models.fees.cashier import receive
    from models.office.accounts import Account
    from tests.estate import writing

    unit = estate.house("101")
    receive(unit, Decimal("50.00"))
    assert "收款" in titles(unit)
    DEEDS["office.add_staff"].call(None, {"number": "0002", "name": "资料"})
    DEEDS["office.add_account"].call(None, {"login": "files", "staff": "0002", "role": "资料员"})
    account = Account.find("files")
    with writing():
        account.change(must_change=False)
    with deeds.acting(account):
        assert "收款" not in titles(unit)


def test_every_touch_belongs_to_an_entry(estate: Estate) -> None:
    add_person(name="甲")
    assert list(strange_touches()) == []
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    db.execute_sql(
        "INSERT INTO audit_touch (entry, kind, record, row_version) VALUES (?, 'Person', 1, 1)",
        (last.id + 5,),
    )
    assert len(list(strange_touches())) == 1


def test_the_migration_notes_entries_that_were_there_before(estate: Estate) -> None:
    from importlib import import_module

    person = add_person(name="甲")
    own(estate.house("102", owner=None), person)
    noted = set(AuditTouch.select(AuditTouch.entry, AuditTouch.kind, AuditTouch.record).tuples())
    db.execute_sql("DELETE FROM audit_touch")
    import_module("models.migrations.0003_cards")._note_so_far(db)
    again = set(AuditTouch.select(AuditTouch.entry, AuditTouch.kind, AuditTouch.record).tuples())
    assert again == noted and Person.__name__ in {kind for _, kind, _ in again}
