"""What a charge is, exactly, and what a run makes of it."""

from datetime import date
from decimal import Decimal

import pytest
from peewee import IntegrityError

from models.base import db
from models.batches import Batch
from models.errors import RuleBroken
from models.fees.billing import bill, dry_run, undo_billing
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.items import Basis
from models.months import Month
from models.owners.tenure import transfer
from tests.estate import Estate, writing

JUNE = Month(2020, 6)


def amounts() -> list[tuple[str, str, str]]:
    rows = Bill.select().where(Bill.live == True).order_by(Bill.month, Bill.id)
    return [(row.unit.room, str(row.month), str(row.amount)) for row in rows]


def test_a_first_month_is_charged_by_day_and_rounded_once(estate: Estate) -> None:
    item = estate.item(price="1.3000", extra="20.00", since=date(2020, 6, 10), cycle=6)
    estate.give(estate.house("1011", "94.56"), item, date(2020, 6, 10))
    bill(JUNE)
    assert [amount for _, _, amount in amounts()] == ["100.05"] + ["142.93"] * 5
    assert [month for _, month, _ in amounts()] == [f"2020-{month:02d}" for month in range(6, 12)]


def test_a_last_month_is_charged_by_day(estate: Estate) -> None:
    item = estate.item(price="1.0000")
    estate.give(estate.house("101", "30.00"), item, date(2020, 6, 1), date(2020, 6, 10))
    bill(JUNE)
    assert amounts() == [("101", "2020-06", "10.00")]
    assert bill(Month(2020, 7)) is None


def test_a_price_change_inside_a_month_makes_one_line_of_two_segments_rounded_once(estate: Estate) -> None:
    item = estate.item(price="1.0000")
    estate.rate(item, date(2020, 6, 16), "1.1000")
    estate.give(estate.house("101", "100.33"), item)
    bill(JUNE)
    # (100.33 × 15 + 110.363 × 15) ÷ 30 = 105.3465
    assert amounts() == [("101", "2020-06", "105.35")]
    line = Bill.get()
    assert [(first, last, price) for first, last, _, price, _ in line.segments] == [
        ("2020-06-01", "2020-06-15", 10000),
        ("2020-06-16", "2020-06-30", 11000),
    ]


def test_an_area_change_inside_a_month_cuts_it_too(estate: Estate) -> None:
    from models.owners.estate import UnitArea

    unit = estate.house("101", "100.00")
    with writing():
        UnitArea.add(unit=unit, since=date(2020, 6, 21), billing=Decimal("130.00"))
    estate.give(unit, estate.item(price="1.0000"))
    bill(JUNE)
    assert amounts() == [("101", "2020-06", "110.00")]
    bill(Month(2020, 7))
    assert amounts()[-1] == ("101", "2020-07", "130.00")


@pytest.mark.parametrize(
    ("basis", "price", "extra", "wanted"),
    [
        (Basis.FIXED, "0.0000", "35.50", "35.50"),
        (Basis.HOUSEHOLD, "12.3456", "0.00", "12.35"),
        (Basis.HOUSEHOLD, "0.0050", "0.00", "0.01"),
        (Basis.AREA, "0.0050", "0.00", "0.50"),
    ],
)
def test_every_basis_rounds_half_up(
    estate: Estate, basis: Basis, price: str, extra: str, wanted: str
) -> None:
    estate.give(estate.house("101"), estate.item(basis=basis, price=price, extra=extra))
    bill(JUNE)
    assert amounts() == [("101", "2020-06", wanted)]


def test_a_fixed_amount_is_prorated_like_any_other(estate: Estate) -> None:
    item = estate.item(basis=Basis.FIXED, price="0", extra="30.00")
    estate.give(estate.house("101"), item, date(2020, 6, 21))
    bill(JUNE)
    assert amounts() == [("101", "2020-06", "10.00")]


def test_a_second_run_makes_nothing_and_a_gap_is_filled(estate: Estate) -> None:
    item = estate.item()
    estate.give(estate.house("101"), item)
    first = bill(JUNE)
    assert first is not None and first.count == 1
    assert bill(JUNE) is None
    estate.give(estate.house("102"), item)
    second = bill(JUNE)
    assert second is not None and second.count == 1
    assert [room for room, _, _ in amounts()] == ["101", "102"]


def test_a_cycle_counts_from_the_month_in_which_the_item_begins_on_the_unit(estate: Estate) -> None:
    item = estate.item(cycle=3, since=date(2020, 1, 1))
    estate.give(estate.house("101"), item, date(2020, 6, 10))
    estate.give(estate.house("102"), item, date(2020, 7, 10))
    bill(JUNE)
    assert [month for _, month, _ in amounts()] == ["2020-06", "2020-07", "2020-08"]
    bill(Month(2020, 7))
    assert [month for room, month, _ in amounts() if room == "102"] == ["2020-07", "2020-08", "2020-09"]
    bill(Month(2020, 8))
    assert len(amounts()) == 6
    bill(Month(2020, 9))
    assert [month for room, month, _ in amounts() if room == "101"][3:] == ["2020-09", "2020-10", "2020-11"]


def test_a_run_in_the_middle_of_a_cycle_makes_the_rest_and_names_what_came_before(estate: Estate) -> None:
    item = estate.item(cycle=3, since=date(2020, 1, 1))
    estate.give(estate.house("101"), item, date(2020, 6, 1))
    trial = dry_run(Month(2020, 7))
    assert [(one.unit, one.span) for one in trial.missing] == [("1-1-101", "2020-06")]
    bill(Month(2020, 7))
    assert [month for _, month, _ in amounts()] == ["2020-07", "2020-08"]
    bill(Month(2020, 7), catch_up=True)
    assert sorted(month for _, month, _ in amounts()) == ["2020-06", "2020-07", "2020-08"]
    assert Bill.get(Bill.month == Month(2020, 6)).due == date(2020, 7, 25)
    assert dry_run(Month(2020, 8)).missing == []


def test_months_of_an_item_given_twice_are_missing_for_each_span(estate: Estate) -> None:
    unit, item = estate.house("101"), estate.item(since=date(2020, 1, 1))
    estate.give(unit, item, date(2020, 1, 1), date(2020, 2, 29))
    bill(Month(2020, 1))
    bill(Month(2020, 2))
    estate.give(unit, item, date(2020, 6, 1))
    assert [one.span for one in dry_run(Month(2020, 8)).missing] == ["2020-06 至 2020-07"]


def test_lines_fall_due_on_the_items_day_of_the_runs_month(estate: Estate) -> None:
    estate.give(estate.house("101"), estate.item(cycle=2, due_day=31, since=date(2020, 6, 1)))
    bill(JUNE)
    assert {row.due for row in Bill.select()} == {date(2020, 6, 30)}


def test_a_skipped_unit_has_its_reason(estate: Estate) -> None:
    item = estate.item(since=date(2020, 1, 1))
    late = estate.item("公共照明", since=date(2020, 1, 1))
    with_area, without = estate.house("101"), estate.house("102", area=None)
    estate.give(with_area, item)
    estate.give(without, item)
    from models.fees.items import Rate

    db.execute(Rate.delete().where(Rate.item == late))
    estate.give(with_area, late)
    trial = dry_run(JUNE)
    assert [(one.unit, one.item, one.reason) for one in trial.skipped] == [
        ("1-1-101", "公共照明", "2020-06-01 起没有单价"),
        ("1-1-102", "物业费", "没有计费面积"),
    ]
    assert (trial.units, trial.amount) == (1, Decimal("100.00"))
    assert Bill.select().count() == 0


def test_an_ownerless_unit_is_billed(estate: Estate) -> None:
    estate.give(estate.house("101", owner=None), estate.item())
    bill(JUNE)
    line = Bill.get()
    assert (line.payer, line.liable, line.amount) == (None, None, Decimal("100.00"))


def test_a_line_knows_who_paid_for_the_unit_in_its_month(estate: Estate) -> None:
    estate.give(estate.house("101", owner="单雅琴"), estate.item())
    bill(JUNE)
    assert Bill.get().payer.name == Bill.get().liable.name == "单雅琴"


def test_a_run_is_undone_as_a_batch_while_nothing_is_paid(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item())
    batch = bill(JUNE)
    undo_billing(batch)
    assert amounts() == []
    assert Bill.select().count() == 1
    again = bill(JUNE)
    receive(unit, Decimal("1.00"))
    with pytest.raises(RuleBroken, match="已有 1 笔收了款"):
        undo_billing(again)
    with pytest.raises(RuleBroken, match="已经撤销过"):
        undo_billing(Batch.get_by_id(batch.id))


def test_the_database_itself_refuses_to_change_a_line(estate: Estate) -> None:
    estate.give(estate.house("101"), estate.item())
    bill(JUNE)
    for sql in ("UPDATE bill SET amount = amount + 1", "UPDATE bill SET month = 202007", "DELETE FROM bill"):
        with pytest.raises(IntegrityError):
            db.execute_sql(sql)


def test_a_due_day_on_a_rest_day_moves_only_when_the_office_says_so(estate: Estate) -> None:
    from models.fees.billing import due_on
    from models.office.profile import profile

    assert due_on(Month(2026, 1), 25) == date(2026, 1, 25)  # a Sunday
    with writing():
        profile().change(due_on_workday=True)
    assert due_on(Month(2026, 1), 25) == date(2026, 1, 26)


def test_days_given_after_their_month_was_billed_are_named(estate: Estate) -> None:
    unit, item = estate.house("101", "30.00"), estate.item(price="1.0000")
    given = estate.give(unit, item, date(2020, 6, 1), date(2020, 6, 10))
    run = bill(JUNE)
    estate.give(unit, item, date(2020, 6, 21))
    trial = dry_run(JUNE)
    assert (trial.lines, trial.already) == ([], 1)
    assert [(one.unit, one.item, one.reason) for one in trial.skipped] == [
        (
            "1-1-101",
            "物业费",
            "2020-06 已按 10 天出账，还有 10 天没有计费：撤销该月出账或红冲其余账单后可重出",
        )
    ]
    undo_billing(run)
    bill(JUNE)
    assert amounts() == [("101", "2020-06", "20.00")]
    assert dry_run(JUNE).skipped == []
    with writing():
        given.change(until=date(2020, 6, 15))
    for catch_up in (False, True):  # who only goes on is told too
        assert "还有 5 天" in dry_run(Month(2020, 7), catch_up).skipped[0].reason


def test_an_item_ended_and_given_again_within_a_month_is_one_line_of_its_days(estate: Estate) -> None:
    unit, item = estate.house("101", "30.00"), estate.item(price="1.0000")
    estate.give(unit, item, date(2020, 6, 1), date(2020, 6, 10))
    estate.give(unit, item, date(2020, 6, 21))
    trial = dry_run(JUNE)
    assert (len(trial.lines), trial.amount) == (1, Decimal("20.00"))
    bill(JUNE)
    assert amounts() == [("101", "2020-06", "20.00")]
    assert [row[:2] for row in Bill.get().segments] == [
        ["2020-06-01", "2020-06-10"],
        ["2020-06-21", "2020-06-30"],
    ]
    assert bill(JUNE) is None


def test_a_month_that_cannot_be_charged_does_not_hold_up_the_others(estate: Estate) -> None:
    item = estate.item(price="0.0000", cycle=3, since=date(2020, 6, 1))
    estate.rate(item, date(2020, 7, 1), "2.0000")
    estate.give(estate.house("101"), item)
    trial = dry_run(JUNE)
    assert [one.reason for one in trial.skipped] == ["金额为零"]
    bill(JUNE)
    assert [month for _, month, _ in amounts()] == ["2020-07", "2020-08"]


def test_catching_up_passes_over_the_months_before_the_first_price(estate: Estate) -> None:
    item = estate.item(since=date(2020, 3, 1))
    estate.give(estate.house("101"), item, date(2020, 1, 1))
    from models.fees.items import FeeItem

    with writing():
        FeeItem.get().change(since=date(2020, 1, 1))
    bill(JUNE, catch_up=True)
    assert [month for _, month, _ in amounts()] == ["2020-03", "2020-04", "2020-05", "2020-06"]


def test_months_that_were_left_out_are_named_one_by_one(estate: Estate) -> None:
    estate.give(estate.house("101"), estate.item(since=date(2020, 1, 1)))
    for month in (1, 3, 4):
        bill(Month(2020, month))
    (missing,) = dry_run(Month(2020, 8)).missing
    assert missing.span == "2020-02、2020-05 至 2020-07"


def test_a_unit_that_pays_nothing_is_named_with_its_reason(estate: Estate) -> None:
    estate.house("109")
    assert [(one.unit, one.reason) for one in dry_run(JUNE).skipped] == [("1-1-109", "没有收费项目")]


def test_nothing_is_charged_further_ahead_than_a_year(estate: Estate) -> None:
    estate.give(estate.house("101"), estate.item())
    with pytest.raises(RuleBroken, match="太远"):
        bill(Month.of(date.today()).plus(13))


def test_an_item_without_a_known_start_is_missed_from_the_offices_first_run_on(estate: Estate) -> None:
    estate.give(estate.house("101"), estate.item())
    bill(Month(2020, 1))
    (missing,) = dry_run(Month(2020, 4)).missing
    assert missing.span == "2020-02 至 2020-03"
    bill(Month(2020, 4), catch_up=True)
    assert [month for _, month, _ in amounts()] == ["2020-01", "2020-02", "2020-03", "2020-04"]


def test_what_is_given_again_within_a_cycle_is_charged_with_it(estate: Estate) -> None:
    unit, item = estate.house("101"), estate.item(basis=Basis.FIXED, price="0", extra="300.00", cycle=3)
    estate.give(unit, item, date(2020, 1, 1), date(2020, 2, 10))
    estate.give(unit, item, date(2020, 2, 21))
    for run in ("2020-01", "2020-02"):
        bill(Month.parse(run))
    assert [amount for _, _, amount in amounts()] == ["300.00", "196.55", "300.00", "300.00"]  # 19 of 29 days


def test_catching_up_twice_makes_nothing_more(estate: Estate) -> None:
    item = estate.item()
    estate.give(estate.house("101"), item)
    estate.give(estate.house("102"), item, date(2020, 1, 15))
    bill(JUNE)
    assert bill(JUNE, catch_up=True).count == 5
    assert bill(JUNE, catch_up=True) is None
    assert dry_run(Month(2020, 7)).missing == []


def test_months_never_billed_are_named_though_others_were_billed_in_their_place(estate: Estate) -> None:
    unit, item = estate.house("101"), estate.item()
    given = estate.give(unit, item, date(2020, 1, 1))
    for month in range(1, 7):
        bill(Month(2020, month))
    with writing():
        given.change(until=date(2020, 3, 31))
    estate.give(unit, item, date(2020, 8, 1))
    (missing,) = dry_run(Month(2020, 9)).missing
    assert (missing.unit, missing.months) == ("1-1-101", (Month(2020, 8),))


def test_no_run_reaches_further_than_a_year_ahead(estate: Estate) -> None:
    now = Month.of(date.today())
    item = estate.item("年费", basis=Basis.FIXED, price="0", extra="1200.00", cycle=12)
    estate.give(estate.house("101"), item, now.plus(1).first)
    for attempt in (dry_run, bill):
        with pytest.raises(RuleBroken, match=f"预收最多 12 个月（到 {now.plus(12)}）"):
            attempt(now.plus(13))
    assert bill(now.plus(1)).count == 12
    estate.give(estate.house("102"), item, now.plus(3).first)
    with pytest.raises(RuleBroken, match=f"会收到 {now.plus(14)}"):
        dry_run(now.plus(3))


def test_lines_ahead_ask_whoever_is_known_to_hold_the_unit_then(estate: Estate) -> None:
    unit = estate.house("101")
    estate.give(unit, estate.item(cycle=3), date(2020, 1, 1))
    with writing():
        buyer = estate.person("李明")
    transfer(unit, buyer, date(2020, 2, 1), despite=True)
    bill(Month(2020, 1))
    assert [line.payer.name for line in Bill.select().order_by(Bill.month)] == ["王桂芳", "李明", "李明"]


def test_every_unit_that_pays_nothing_is_named_with_the_reason(estate: Estate) -> None:
    item = estate.item()
    estate.give(estate.house("101"), item, date(2020, 1, 1), date(2020, 3, 31))
    estate.give(estate.house("102"), item, date(2020, 9, 1))
    estate.house("103")
    both = estate.house("104")
    estate.give(both, item, date(2020, 1, 1), date(2020, 3, 31))
    estate.give(both, item, date(2020, 9, 1))
    assert [(one.unit, one.reason) for one in dry_run(JUNE).skipped] == [
        ("1-1-101", "收费已于 2020-03-31 结束"),
        ("1-1-102", "2020-09-01 起才收费"),
        ("1-1-103", "没有收费项目"),
        ("1-1-104", "本月没有生效的收费项目"),
    ]
