"""What was charged or waived is done with: never twice, never changed, undone from its end alone."""

import json
from datetime import date, timedelta
from decimal import Decimal

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import batches
from models.base import db
from models.checks import run_invariants
from models.deeds import DEEDS
from models.errors import RuleBroken
from models.fees import late_invariants  # noqa: F401 - registered by being imported
from models.fees.adjusting import reduce, reverse_bills
from models.fees.billing import bill, undo_billing
from models.fees.bills import Bill, BillKind
from models.fees.cashier import receive, void_receipt
from models.fees.explain import explain
from models.fees.items import Basis, FeeItem
from models.fees.late import LateSpan, late_of
from models.fees.late_charging import (
    charge_late,
    try_charge_late,
    undo_late,
    undo_waiver,
    waive_late,
)
from models.fees.late_facts import told
from models.fees.late_lists import late, late_spans
from models.fees.notices import NoticeRun
from models.fees.payments import Receipt, ReceiptState
from models.fees.rates import by_month_and_item, rates_of
from models.fees.schedule import schedule
from models.fees.settle import open_lines
from models.listings import LISTS, Filters
from models.months import Month
from models.office.accounts import Account
from models.office.staff import Staff
from models.owners.estate import Unit
from tests.estate import Estate, stop_chains, writing
from tests.models.fees.test_late import CLAUSE, DUE, FEN, OCTOBER, PAID, agree, owing
from tests.models.fees.world import rolled_back

NOVEMBER = date(2025, 11, 30)
SUM = Decimal("1234.56")


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house that owes 1234.56, due on the last day of October 2025; 0.5‰ a day are agreed."""
    unit = owing(estate)
    agree()
    return unit


def lines() -> list[Bill]:
    """Return the lines of 违约金 that hold."""
    return list(Bill.select().where((Bill.kind == BillKind.LATE) & (Bill.live == True)).order_by(Bill.id))


@pytest.fixture
def approver(office: object) -> Staff:
    with writing():
        return Staff.add(number="88", name="赵批准")


# -- charging --------------------------------------------------------------------------------------


def test_a_charge_is_a_line_that_says_where_it_comes_from(house: Unit) -> None:
    assert (
        try_charge_late(PAID).summary()
        == "将计收 1 户 1 笔欠费的违约金，共 14.20 元（计至 2025-11-23）。没有写入。"
    )
    batch = charge_late(PAID)
    (line,) = lines()
    assert (line.amount, line.month, line.due, line.unit, line.corrects) == (
        Decimal("14.20"), Month(2025, 11), PAID, house, None,
    )  # fmt: skip
    assert line.source == f"WY-202511-0001/{Bill.get(Bill.kind == BillKind.RECURRING).id}"
    assert (line.payer, line.liable) == (house.ownerships.get().person,) * 2
    assert told(line.segments) == f"2025年10月物业费 1,234.56 元 × 日 0.5‰ × 23 天（{CLAUSE}）"
    assert (batch.count, batch.amount, batch.title) == (
        1,
        Decimal("14.20"),
        "WY-202511-0001 违约金 计至 2025-11-23",
    )
    assert run_invariants() == []


def test_the_next_charge_goes_on_where_the_last_one_ended(house: Unit) -> None:
    charge_late(PAID)
    with pytest.raises(RuleBroken, match="没有未计收的违约金"):
        charge_late(PAID)
    with pytest.raises(RuleBroken, match="没有未计收的违约金"):
        charge_late(PAID - timedelta(days=5))
    receive(house, Decimal("1234.56"), bills=[Bill.get(Bill.kind == BillKind.RECURRING)], on=NOVEMBER)
    charge_late(date(2025, 12, 31))
    assert [line.amount for line in lines()] == [Decimal("14.20"), Decimal("4.32")]
    spans = LateSpan.select().order_by(LateSpan.id)
    assert [(span.since, span.until) for span in spans] == [
        (DUE + timedelta(days=1), PAID), (PAID + timedelta(days=1), NOVEMBER),
    ]  # fmt: skip
    with pytest.raises(RuleBroken, match="没有未计收的违约金"):
        charge_late(date(2026, 3, 1))
    assert run_invariants() == []


def test_it_is_never_on_itself(house: Unit) -> None:
    charge_late(PAID)
    charge_late(date(2026, 3, 31))
    charge_late(date(2026, 9, 30))
    assert {span.bill.kind for span in LateSpan.select()} == {BillKind.RECURRING}
    days = (date(2026, 9, 30) - DUE).days
    whole = sum(line.amount for line in lines())
    assert abs(whole - SUM * days * Decimal("0.0005")) < Decimal("0.02")


def test_what_was_charged_counts_towards_the_cap(house: Unit) -> None:
    with writing():
        db.execute_sql("UPDATE late_terms SET cap = 200")  # 2 %: 24.69
    charge_late(PAID)
    charge_late(date(2026, 3, 31))
    assert sum(line.amount for line in lines()) == Decimal("24.69")
    with pytest.raises(RuleBroken, match="没有未计收"):
        charge_late(date(2026, 9, 30))


def test_a_charge_is_frozen_whatever_is_agreed_later(house: Unit) -> None:
    charge_late(PAID)
    agree("0.1", since=date(2025, 11, 10))
    (line,) = lines()
    assert line.amount == Decimal("14.20")
    with pytest.raises(peewee.IntegrityError, match="never changed"), writing():
        db.execute_sql("UPDATE bill SET amount = 1 WHERE kind = 'LATE'")
    with pytest.raises(peewee.IntegrityError, match="never changed"), writing():
        db.execute_sql("UPDATE late_span SET until = '2025-11-01'")
    with pytest.raises(peewee.IntegrityError, match="never deleted"), writing():
        db.execute_sql("DELETE FROM late_span")


def test_nothing_is_charged_ahead_or_without_terms(house: Unit) -> None:
    with pytest.raises(RuleBroken, match="还没有到"):
        charge_late(date.today() + timedelta(days=1))
    with writing():
        db.execute_sql("DELETE FROM late_terms")
    with pytest.raises(RuleBroken, match="还没有违约金约定"):
        charge_late(PAID)


def test_a_charge_may_be_narrowed_to_a_building_or_a_house(house: Unit, estate: Estate) -> None:
    other = estate.house("102", owner="李明")
    estate.give(other, FeeItem.get(FeeItem.name == "物业费"), OCTOBER.first, OCTOBER.last)
    bill(OCTOBER)
    call = DEEDS["fees.charge_late"].call
    call(None, {"until": "2025-11-23", "unit": other.code})
    assert [line.unit for line in lines()] == [other]
    call(None, {"until": "2025-11-23", "building": "1"})
    assert [line.unit for line in lines()] == [other, house]
    assert run_invariants() == []


# -- undoing ---------------------------------------------------------------------------------------


def test_a_charge_is_undone_as_a_batch_and_may_be_made_anew(house: Unit) -> None:
    batch = charge_late(PAID)
    batches.undo(batch)
    assert (lines(), late_spans().totals()[0]) == ([], 1)
    charge_late(PAID)
    assert [line.amount for line in lines()] == [Decimal("14.20")]
    assert lines()[0].source.startswith("WY-202511-0002/")
    assert run_invariants() == []


def test_what_is_paid_or_stands_below_a_later_charge_is_not_undone(house: Unit) -> None:
    first, second = charge_late(PAID), charge_late(NOVEMBER)
    with pytest.raises(RuleBroken, match=f"请先撤销批次 {second.id} WY-202511-0002"):
        undo_late(first)
    payment = receive(house, Decimal("14.20"), bills=[lines()[1]], on=date(2025, 12, 1))
    with pytest.raises(RuleBroken, match="请先作废收据"):
        undo_late(second)
    void_receipt(payment.receipts.get(), "收错")
    undo_late(second)
    undo_late(first)
    assert lines() == []


def test_a_run_is_not_undone_while_late_payment_stands_on_it(house: Unit) -> None:
    run, charged = batches.Batch.get(), charge_late(PAID)
    with pytest.raises(RuleBroken, match=f"已计收违约金，不能整批撤销。请先撤销批次 {charged.id} WY"):
        undo_billing(run)
    undo_late(charged)
    undo_billing(run)
    assert list(late_of(PAID)) == []


# -- waiving ---------------------------------------------------------------------------------------


def test_a_charge_that_is_reversed_lets_its_days_count_again(house: Unit) -> None:
    stop_chains()
    charge_late(PAID)
    made = Bill.get(Bill.kind == BillKind.LATE)
    principal = LateSpan.get().bill
    with pytest.raises(RuleBroken, match=r"已计收违约金 .*请把它一并选上红冲"):
        reverse_bills([principal], "单价错", "标准")
    reverse_bills([made], "算错", "合同")
    assert not LateSpan.get().live
    charge_late(PAID)
    charges = Bill.select().where((Bill.kind == BillKind.LATE) & (Bill.live == True))
    assert [line.amount for line in charges] == [made.amount] * 2


def test_what_was_forgiven_after_it_was_charged_binds_its_principal_no_more(house: Unit) -> None:
    stop_chains()
    charge_late(PAID)
    principal, made = LateSpan.get().bill, Bill.get(Bill.kind == BillKind.LATE)
    reduce([made], "首次逾期", "约定", percent=Decimal("100"))
    reverse_bills([principal], "单价错", "标准")
    assert run_invariants() == []


def test_capped_charges_are_proven_whatever_was_taken_back_since(house: Unit) -> None:
    stop_chains()
    with writing():
        db.execute_sql("UPDATE late_terms SET cap = 200")  # 2 %: 24.69
    charge_late(PAID)
    charge_late(date(2026, 3, 31))
    first, second = lines()
    for made in (second, first):
        reverse_bills([made], "算错", "合同")
        assert [explain(one).proven for one in (first, second)] == [True, True]
    assert run_invariants() == []


def test_a_line_that_replaces_a_reversed_one_bears_nothing_for_the_days_before_it(house: Unit) -> None:
    stop_chains()
    charge_late(PAID)
    principal, made = LateSpan.get().bill, Bill.get(Bill.kind == BillKind.LATE)
    reverse_bills([principal, made], "单价错", "标准")
    bill(principal.month)
    new = Bill.get((Bill.kind == BillKind.CORRECTION) & (Bill.amount > 0))
    assert new.due >= date.today()
    with pytest.raises(RuleBroken, match="没有未计收的违约金"):
        charge_late(date.today())


def test_waived_days_are_never_computed_again(house: Unit, approver: Staff) -> None:
    principal = Bill.get()
    (span,) = waive_late([principal], reason="首次逾期", approver=approver, until=PAID)
    assert (span.amount, span.since, span.until) == (Decimal("14.20"), DUE + timedelta(days=1), PAID)
    assert list(late_of(PAID)) == []
    charge_late(NOVEMBER)
    assert [line.amount for line in lines()] == [Decimal("4.32")]
    (row,) = late_spans(Filters(state="已减免")).rows()
    shown = late_spans().plain(row)
    assert (shown["reason"], shown["approver"], shown["amount"]) == ("首次逾期", "赵批准", "14.20")
    with pytest.raises(RuleBroken, match="要从最后的撤起"):
        undo_waiver(span)
    assert run_invariants() == []


def test_a_waiver_is_taken_back_once(house: Unit, approver: Staff) -> None:
    (span,) = waive_late([Bill.get()], reason="首次逾期", approver=approver, until=PAID)
    undo_waiver(span)
    with pytest.raises(RuleBroken, match="已经撤销过"):
        undo_waiver(span)
    assert [late.fen for late in late_of(PAID)] == [1420]
    charge_late(PAID)
    with pytest.raises(RuleBroken, match="是已计收的违约金，不是减免"):
        undo_waiver(LateSpan.get(LateSpan.live == True))


def test_nobody_approves_his_own_waiver_and_nothing_is_waived_where_nothing_is_borne(
    house: Unit, approver: Staff
) -> None:
    with pytest.raises(RuleBroken, match="不能由经办人自己批准"):
        waive_late([Bill.get()], reason="熟人", approver=Account.find("admin").staff, until=PAID)
    with pytest.raises(RuleBroken, match="没有未计收的违约金"):
        waive_late([Bill.get()], reason="首次逾期", approver=approver, until=DUE)
    with pytest.raises(RuleBroken, match="还没有到"):
        waive_late([Bill.get()], "首次逾期", approver, date.today() + timedelta(days=1))


# -- where it is told ------------------------------------------------------------------------------


def test_rates_know_nothing_of_it(house: Unit, estate: Estate) -> None:
    november = Month(2025, 11)
    estate.give(house, estate.item("车位费", basis=Basis.FIXED, extra="100.00", since=november.first))
    bill(november)
    receive(house, Decimal("300.00"), on=date(2025, 11, 20))
    whole = [rates_of(month).total for month in (november, Month(2025, 12))]
    told_before = [
        by_month_and_item(OCTOBER, november),
        LISTS["arrears"](Filters(on=NOVEMBER)).totals()[1]["amount"],
    ]
    charge_late(PAID)
    receive(house, lines()[0].amount, bills=lines(), on=date(2025, 12, 10))
    assert [rates_of(month).total for month in (november, Month(2025, 12))] == whole
    assert [
        by_month_and_item(OCTOBER, november),
        LISTS["arrears"](Filters(on=NOVEMBER)).totals()[1]["amount"],
    ] == told_before


def test_principal_is_settled_before_it(house: Unit, estate: Estate) -> None:
    charge_late(PAID)
    estate.give(house, estate.item("车位费", basis=Basis.FIXED, extra="100.00", since=date(2025, 12, 1)))
    bill(Month(2025, 12))
    assert [line.item.name for line in open_lines([house])] == ["物业费", "车位费", "违约金"]
    receive(house, Decimal("1340.00"), on=date(2026, 1, 5))
    assert lines()[0].owed == Decimal("8.76") + 0
    receive(house, Decimal("20.00"), on=date(2026, 1, 5))
    assert lines()[0].owed == 0


def test_the_list_of_arrears_tells_it_beside_the_principal(house: Unit) -> None:
    def row(day: date) -> dict[str, object]:
        found = LISTS["arrears"](Filters(on=day))
        return found.plain(next(iter(found.rows())))

    assert (row(PAID)["amount"], row(PAID)["late"]) == ("1234.56", "14.20")
    charge_late(PAID)
    assert (row(PAID)["amount"], row(PAID)["late"]) == ("1234.56", "14.20"), "charged, no more"
    assert row(NOVEMBER)["late"] == "18.52"
    assert row(PAID - timedelta(days=13))["late"] == "6.17", "as of an earlier day"
    receive(house, SUM, bills=[Bill.get(Bill.kind == BillKind.RECURRING)], on=PAID)
    assert (row(NOVEMBER)["amount"], row(NOVEMBER)["months"], row(NOVEMBER)["late"]) == ("0.00", 0, "14.20")


def test_the_table_of_charges_has_it_in_its_own_column(house: Unit) -> None:
    charge_late(PAID)
    ((_, (row,)),) = schedule(Month(2025, 11))
    assert (row.current, row.past, row.late, row.payable) == (0, 123456, 1420, 124876)


def test_a_notice_says_how_it_came_about(house: Unit, estate: Estate) -> None:
    estate.give(house, estate.item("车位费", basis=Basis.FIXED, extra="100.00", since=date(2025, 11, 1)))
    bill(Month(2025, 11))
    charge_late(PAID)
    (notice,) = NoticeRun(Month(2025, 11))
    assert [(row.item, row.amount) for row in notice.current] == [
        ("车位费", 100),
        ("违约金", Decimal("14.20")),
    ]
    assert notice.current[1].basis == f"2025年10月物业费 1,234.56 元 × 日 0.5‰ × 23 天（{CLAUSE}）"
    assert notice.total == SUM + 100 + Decimal("14.20")
    assert notice.due == date(2025, 11, 25), "which is no day of the charge"
    charge_late(NOVEMBER)
    (notice,) = NoticeRun(Month(2025, 12))
    assert [(row.item, row.amount) for row in notice.past][-1] == ("往期欠费", Decimal("18.77"))


def test_the_trial_lists_each_line_as_of_a_day(house: Unit) -> None:
    found = late(Filters(on=PAID))
    (row,) = (found.plain(row) for row in found.rows())
    assert (row["unit"], row["payer"], row["item"], row["month"]) == (
        "1-1-101",
        "王桂芳",
        "物业费",
        "2025-10",
    )
    assert (row["since"], row["until"], row["days"], row["amount"]) == (
        "2025-11-01",
        "2025-11-23",
        23,
        "14.20",
    )
    assert row["rate"] == f"日 0.5‰（{CLAUSE}）"
    assert json.loads(json.dumps(row))["owed"] == "1234.56"


# -- whatever is done in whatever order ------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["charge", "charge", "charge", "pay", "pay", "waive", "undo", "void", "terms"]),
        st.integers(0, 25),
        st.integers(1, 90_000),
    ),
    min_size=1,
    max_size=14,
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_day_is_ever_charged_twice(
    house: Unit, approver: Staff, steps: list[tuple[str, int, int]]
) -> None:
    with rolled_back():
        day = DUE
        for doing, wait, fen in steps:
            day += timedelta(days=wait)
            try:
                with db.atomic():
                    step(doing, day, fen, house, approver)
            except RuleBroken:
                pass
            assert run_invariants() == []
        principal = Bill.get(Bill.kind == BillKind.RECURRING)
        charged = sum(line.amount for line in lines())
        assert charged <= principal.amount
        most = sum(
            (SUM * Decimal("0.001") for span in LateSpan.select().where(LateSpan.live == True)
             for _ in range((span.until - span.since).days + 1)), start=Decimal(0),
        )  # fmt: skip
        assert charged <= most + FEN * len(lines())


def step(doing: str, day: date, fen: int, house: Unit, approver: Staff) -> None:
    if doing == "charge":
        charge_late(day)
    elif doing == "pay":
        receive(house, fen * FEN, on=day)
    elif doing == "waive":
        waive_late([Bill.get(Bill.kind == BillKind.RECURRING)], "原因", approver, day)
    elif doing == "terms":
        agree("1" if fen % 2 else "0.3", since=day)
    elif doing == "void":
        found = (
            Receipt.select().where(Receipt.state == ReceiptState.ISSUED).order_by(Receipt.id.desc()).first()
        )
        if found:
            void_receipt(found, "收错")
    else:
        found = batches.Batch.select().where(batches.Batch.kind == "late").order_by(batches.Batch.id.desc())
        if found.exists():
            batches.undo(list(found)[fen % found.count()])


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE late_span SET since = '2025-11-20' WHERE id = 2", "天数重叠"),
        ("UPDATE late_span SET amount = amount + 1 WHERE id = 1", "与它的账单不符"),
        ("UPDATE late_span SET live = 0 WHERE id = 1", "与它的账单不符"),
        ("UPDATE batch SET amount = amount + 1 WHERE kind = 'late' AND id = 2", "账单却有 1 笔 14.20 元"),
    ],
)
def test_what_is_changed_behind_the_programs_back_is_named(house: Unit, sql: str, said: str) -> None:
    charge_late(PAID)
    charge_late(NOVEMBER)
    with writing():
        db.execute_sql("DROP TRIGGER late_span_no_update")
        db.execute_sql(sql)
    found = [one.sentence for one in run_invariants()]
    assert len(found) == 1 and said in found[0]
