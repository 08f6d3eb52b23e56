"""An opening is a batch: told with its totals, signed against the old books, undone while nothing is paid."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models import batches
from models.audit import AuditEntry
from models.batches import Batch, State
from models.checks import run_invariants
from models.deeds import DEEDS
from models.errors import BadInput, RuleBroken
from models.fees import invariants, settle  # noqa: F401 - invariants are registered by being imported
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, set_off, void_receipt
from models.fees.dunning.issuing import dun
from models.fees.dunning.letters import DunningLine
from models.fees.opening import Totals, import_opening, sign_opening, totals, undo_opening
from models.fees.payments import BalanceEntry
from models.imports.plan import ImportRefused
from models.listings import Filters, listed
from models.months import Month
from models.owners import imports  # noqa: F401 - the sheets of the owner files
from models.owners.estate import Unit
from models.owners.imports import undo_import
from models.owners.people import Person
from tests.estate import Estate
from tests.models.fees.opening_books import book

OWED = [("1-1-101", None, "1", "2025-05", "30.00", None), ("1-1-101", None, "1", "2025-06", "12.50", None)]
HELD = [("1-1-101", "1", "20.00")]


@pytest.fixture
def opened(estate: Estate, tmp_path: Path) -> Batch:
    """A house that owed 42.50 for two months and had 20.00 prepaid."""
    estate.house("101")
    estate.item()
    return import_opening(book(tmp_path, OWED, HELD))


def sound() -> bool:
    return run_invariants() == []


def test_a_batch_keeps_its_totals(opened: Batch) -> None:
    assert (opened.kind, opened.count) == ("opening", 3)
    assert opened.facts["totals"] == {
        "账单": {"count": 2, "amount": "42.50"},
        "预存流水": {"count": 1, "amount": "20.00"},
    }
    assert totals(opened) == Totals(2, Decimal("42.50"), 1, Decimal("20.00"))
    assert sound()


def test_what_a_letter_asked_for_stays_void_when_an_opening_is_taken_back(opened: Batch) -> None:
    letters = dun(on=date.today())
    assert letters.count
    undo_opening(Batch.find(opened.id))
    named = Bill.select().where(Bill.id.in_(DunningLine.select(DunningLine.bill)))
    assert named.count() and {line.live for line in named} == {False}
    assert sound()


def test_an_accountant_imports_openings_alone(estate: Estate, tmp_path: Path) -> None:
    estate.house("101")
    estate.item()
    path = book(tmp_path, OWED, 业主=(("业主编号", "姓名"), [("77", "新人")]))
    with pytest.raises(RuleBroken, match="还有新的人员"):
        import_opening(path)
    assert (Bill.select().count(), Person.get_or_none(Person.number == "77")) == (0, None)
    known = book(tmp_path, OWED, 业主=(("业主编号", "姓名"), [("1", "王桂芳")]))
    assert DEEDS["fees.import_opening"].call(None, {"path": str(known)}).count == 2


def test_errors_keep_all_out_unless_they_are_skipped(estate: Estate, tmp_path: Path) -> None:
    estate.house("101")
    estate.item()
    path = book(tmp_path, [*OWED, ("1-1-999", None, "1", "2025-05", "30.00", None)])
    with pytest.raises(ImportRefused, match="1 处错误"):
        import_opening(path)
    assert Bill.select().count() == 0
    assert import_opening(path, skip_errors=True).count == 2


def test_a_workbook_that_is_not_there_is_said_to_be(office: object, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        import_opening(tmp_path / "none.xlsx")


def test_openings_are_paid_and_set_off_like_any_line(opened: Batch) -> None:
    unit = Unit.find("1-1-101")
    assert set_off(unit).amount == Decimal("20.00")
    receive(unit, Decimal("22.50"))
    assert [str(line.owed) for line in Bill.select()] == ["0.00", "0.00"]
    assert settle.balance(unit, Person.find("1")) == 0
    assert sound()


def test_an_opening_is_signed_when_both_totals_are_those_of_the_old_books(opened: Batch) -> None:
    call = DEEDS["fees.sign_opening"].call
    for wrong in ({"arrears": "42.51", "prepaid": "20"}, {"arrears": "42.50", "prepaid": "0"}):
        with pytest.raises(RuleBroken, match=r"相差 (-0\.01|20\.00) 元"):
            call(str(opened.id), wrong)
    call(str(opened.id), {"arrears": "42.50", "prepaid": "20"})
    facts = Batch.find(opened.id).facts
    assert (facts["signed_by"], facts["arrears"], facts["prepaid"]) == ("管理员", "42.50", "20.00")
    assert facts["totals"]["账单"]["count"] == 2
    with pytest.raises(RuleBroken, match="已签认"):
        sign_opening(Batch.find(opened.id), Decimal("42.50"), Decimal("20.00"))


def test_an_undone_opening_is_not_signed(opened: Batch) -> None:
    undo_opening(opened)
    with pytest.raises(RuleBroken, match="已撤销"):
        sign_opening(Batch.find(opened.id), Decimal("0"), Decimal("0"))


def test_an_opening_is_undone_and_imported_anew(opened: Batch, tmp_path: Path) -> None:
    batches.undo(Batch.find(opened.id))
    assert Batch.find(opened.id).state is State.UNDONE
    assert (Bill.select().count(), BalanceEntry.select().count()) == (0, 0)
    assert totals(opened) == Totals(0, Decimal("0.00"), 0, Decimal("0.00"))
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).first().facts["removed"] == 3
    again = import_opening(book(tmp_path, OWED, HELD))
    assert totals(again) == Totals(2, Decimal("42.50"), 1, Decimal("20.00"))
    assert sound()
    with pytest.raises(RuleBroken, match="已经撤销过"):
        undo_opening(Batch.find(opened.id))


def test_what_is_paid_keeps_an_opening_until_its_receipt_is_void(opened: Batch) -> None:
    receipt = receive(Unit.find("1-1-101"), Decimal("1.00")).receipts.get()
    with pytest.raises(RuleBroken, match="已有 1 笔收了款"):
        undo_opening(Batch.find(opened.id))
    void_receipt(receipt, "收错户")
    undo_opening(Batch.find(opened.id))
    assert sound()


def test_a_balance_that_was_used_keeps_an_opening(opened: Batch, estate: Estate, tmp_path: Path) -> None:
    other = estate.house("102", owner="李明")
    held = import_opening(book(tmp_path, held=[("1-1-102", "2", "20.00")]))
    estate.give(other, Bill.item.rel_model.get(), date(2025, 7, 1))
    bill(Month(2025, 7))
    set_off(other, amount=Decimal("5.00"))
    with pytest.raises(RuleBroken, match=r"1-1-102 李明 的期初预存已经抵扣过，余额只有 15\.00 元"):
        undo_opening(held)
    assert settle.balance(other, Person.find("2")) == Decimal("15.00")
    receive(other, Decimal("200.00"))
    undo_opening(Batch.find(held.id))
    assert sound()


def test_other_batches_are_neither_signed_nor_undone_here(estate: Estate) -> None:
    estate.give(estate.house("101"), estate.item())
    run = bill(Month(2025, 7))
    with pytest.raises(RuleBroken, match="不是期初"):
        sign_opening(run, Decimal(0), Decimal(0))
    for undo in (undo_opening, undo_import):
        with pytest.raises(RuleBroken, match="是出账，不能这样撤销"):
            undo(run)
    assert Bill.select().where(Bill.live == True).count() == 1


def test_the_list_of_openings_tells_totals_and_who_signed(opened: Batch, tmp_path: Path) -> None:
    sign_opening(opened, Decimal("42.50"), Decimal("20.00"))
    undone = import_opening(book(tmp_path, [("1-1-101", None, "1", "2025-04", "1", None)]))
    undo_opening(undone)
    rows = [listed("openings")().plain(row) for row in listed("openings")().rows()]
    told = [
        (row["batch"], row["lines"], row["arrears"], row["prepaid"], row["signed_by"], row["state"])
        for row in rows
    ]
    assert told == [
        (undone.id, 0, "0.00", "0.00", None, "已撤销"),
        (opened.id, 2, "42.50", "20.00", "管理员", "有效"),
    ]
    assert listed("openings")(Filters(state="有效")).count() == 1
    assert listed("openings")().totals()[1]["arrears"] == Decimal("42.50")
