"""What comes late bears just what the contract agrees: never too much, never on itself, never twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import db
from models.deeds import DEEDS
from models.errors import BadInput, RuleBroken
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.fees.items import Basis, Category, FeeItem
from models.fees.late import Days, Step, _capped, _frame, _in_parts, late_by_unit, late_of
from models.fees.late_terms import (
    SCALE,
    CountsFrom,
    Judgement,
    LateTerms,
    add_late_terms,
    late_terms,
    try_add_late_terms,
)
from models.months import Month
from models.owners.estate import Unit
from tests.estate import Estate, writing

OCTOBER = Month(2025, 10)
DUE, PAID = date(2025, 10, 31), date(2025, 11, 23)
CLAUSE = "合同第八条第二款"
FEN = Decimal("0.01")


@pytest.fixture
def house(estate: Estate) -> Unit:
    return owing(estate)


def owing(estate: Estate) -> Unit:
    """Make a house that owes 1234.56, due on the last day of October 2025."""
    unit = estate.house("101")
    item = estate.item(basis=Basis.FIXED, price="0", extra="1234.56", since=OCTOBER.first, due_day=31)
    estate.give(unit, item, until=OCTOBER.last)
    bill(OCTOBER)
    return unit


def agree(daily: str | None = "0.5", since: date = date(2025, 1, 1), **more: object) -> LateTerms:
    """Agree on a rate."""
    if daily is not None:
        more["daily"] = Decimal(daily)
    return add_late_terms(clause=CLAUSE, since=since, **more)


def on(day: date) -> Decimal:
    """Return what all lines bear as of a day, in 元."""
    return sum((late.fen for late in late_of(day)), start=0) * FEN


# -- the rule book's figures -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "bears"),
    [
        ({"daily": "0.5"}, "14.20"),
        ({"daily": "3"}, "85.18"),
        ({"daily": None, "yearly": Decimal("3.0"), "multiple": Decimal("1.3")}, "3.03"),
    ],
)
def test_the_examples_of_the_rule_book_come_out(house: Unit, terms: dict[str, object], bears: str) -> None:
    """forms.md B3.4: 1234.56 due on 31 October, paid on 23 November, 23 days."""
    agree(**terms)  # type: ignore[arg-type]
    assert on(PAID) == Decimal(bears)
    receive(house, Decimal("1234.56"), on=PAID)
    (late,) = late_of(PAID + timedelta(days=90))
    assert (late.fen * FEN, late.days, late.owed) == (Decimal(bears), 23, 0)


def test_nothing_is_computed_without_terms(house: Unit) -> None:
    assert list(late_of(PAID)) == []
    assert FeeItem.select().where(FeeItem.category == Category.LATE).count() == 0


def test_what_is_paid_on_the_due_day_is_in_time(house: Unit) -> None:
    agree()
    assert (on(DUE), on(DUE + timedelta(days=1))) == (0, Decimal("0.62"))
    receive(house, Decimal("1234.56"), on=DUE)
    assert on(PAID) == 0


def test_days_of_grace_bear_nothing_when_it_is_paid_within_them(house: Unit) -> None:
    agree(grace=10)
    assert (on(date(2025, 11, 10)), on(PAID)) == (0, Decimal("14.20"))
    receive(house, Decimal("1000.00"), on=date(2025, 11, 10))
    assert on(PAID) == (Decimal("234.56") * 23 * Decimal("0.0005")).quantize(FEN)


def test_days_may_be_counted_from_the_end_of_the_grace(house: Unit) -> None:
    agree(grace=10, counts_from=CountsFrom.GRACE)
    assert on(PAID) == (Decimal("1234.56") * 13 * Decimal("0.0005")).quantize(FEN) == Decimal("8.02")


def test_each_day_bears_what_was_open_on_it(house: Unit) -> None:
    """10 days on all, 8 on what 1000.00 left, 5 more on what 34.56 left."""
    agree("1")
    receive(house, Decimal("1000.00"), on=date(2025, 11, 10))
    receive(house, Decimal("34.56"), on=date(2025, 11, 18))
    (late,) = late_of(PAID)
    assert [(days.number, fen) for days, fen in late.pieces] == [(10, 123456), (8, 23456), (5, 20000)]
    assert late.fen * FEN == Decimal("15.22")  # 12.3456 + 1.87648 + 1.00, rounded once
    assert on(date(2025, 11, 18)) == Decimal("14.22")
    assert on(date(2025, 11, 10)) == Decimal("12.35"), "as of a day, what was paid later was open"


def test_a_day_bears_the_rate_that_holds_on_it(house: Unit) -> None:
    agree("0.5")
    agree("0.2", since=date(2025, 11, 11))
    whole = Decimal("1234.56") * (10 * Decimal("0.0005") + 13 * Decimal("0.0002"))
    assert on(PAID) == whole.quantize(FEN)
    assert LateTerms.get(LateTerms.since == date(2025, 1, 1)).until == date(2025, 11, 10)


def test_terms_of_an_item_go_before_those_of_all(house: Unit) -> None:
    agree("0.5")
    item = FeeItem.get(FeeItem.name == "物业费")
    agree("0", item=item, since=date(2025, 11, 1), until=date(2025, 11, 13))
    assert on(PAID) == (Decimal("1234.56") * 10 * Decimal("0.0005")).quantize(FEN)


def test_days_before_the_agreement_and_after_its_end_bear_nothing(house: Unit) -> None:
    agree("1", since=date(2025, 11, 6), until=date(2025, 11, 15))
    assert on(date(2026, 5, 1)) == Decimal("12.35")


def test_it_never_passes_its_cap(house: Unit) -> None:
    terms = agree("3")
    assert on(date(2035, 1, 1)) == Decimal("1234.56"), "the principal, unless less is agreed"
    terms.edit(cap=Decimal("5"))
    assert on(date(2035, 1, 1)) == Decimal("61.73")
    assert on(PAID) == Decimal("61.73")


def test_what_is_collected_for_others_bears_nothing(house: Unit, estate: Estate) -> None:
    water = estate.item("代收水费", basis=Basis.FIXED, extra="50.00", since=OCTOBER.first, collected=True)
    estate.give(house, water)
    bill(OCTOBER)
    agree()
    assert on(PAID) == Decimal("14.20")
    with pytest.raises(RuleBroken, match="代收项目，不计违约金"):
        agree(item=water)


def test_each_line_is_rounded_on_its_own(estate: Estate) -> None:
    """Three lines of 10.00 at 0.5‰ for one day: 0.005 each, half up to 0.01, not 0.02 in all."""
    for number in range(3):
        unit = estate.house(str(number))
        item = estate.item(f"费{number}", basis=Basis.FIXED, extra="10.00", since=OCTOBER.first, due_day=31)
        estate.give(unit, item, until=OCTOBER.last)
    bill(OCTOBER)
    agree()
    assert on(DUE + timedelta(days=1)) == Decimal("0.03")
    assert set(late_by_unit(DUE + timedelta(days=1)).values()) == {1}


def adjust(line: Bill, fen: int, day: date) -> None:
    """Settle a part of a line by neither receipt nor set-off, as a reduction does, or take money off it."""
    with writing():
        db.execute_sql(
            'INSERT INTO allocation (bill_id, "on", amount, live, row_version) VALUES (?, ?, ?, 1, 1)',
            (line.id, day.isoformat(), fen),
        )
        db.execute_sql("UPDATE bill SET paid = paid + ? WHERE id = ?", (fen, line.id))


def test_what_was_reduced_was_never_owed(house: Unit) -> None:
    agree("1")
    adjust(Bill.get(), 23456, PAID)
    assert on(PAID) == Decimal("23.00")


def test_money_that_gave_way_to_a_reduction_was_never_owed_either(house: Unit) -> None:
    """All was paid late, then 234.56 of it was reduced and went back to the balance."""
    agree("1")
    receive(house, Decimal("1234.56"), on=PAID)
    adjust(Bill.get(), -23456, date(2025, 12, 1))
    adjust(Bill.get(), 23456, date(2025, 12, 1))
    assert on(date(2026, 3, 1)) == Decimal("23.00")


# -- what may be agreed ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("daily", "judged", "said"),
    [
        ("0.5", Judgement.FINE, ""),
        ("0.5001", Judgement.STRANGE, "偏高"),
        ("1", Judgement.STRANGE, "偏高"),
        ("1.0001", Judgement.TOO_HIGH, "可能被调减"),
    ],
)
def test_a_high_rate_is_entered_with_a_warning(
    office: object, daily: str, judged: Judgement, said: str
) -> None:
    assert said in try_add_late_terms(clause=CLAUSE, daily=Decimal(daily)).summary()
    assert LateTerms.select().count() == 0
    made = agree(daily)
    assert (made.judgement, said in made.summary()) == (judged, True)
    (row,) = late_terms().rows()
    assert late_terms().plain(row)["judgement"] == judged.value


def test_a_change_is_tried_before_it_is_made(office: object) -> None:
    made = agree("0.3")
    tried = DEEDS["fees.try_edit_late_terms"].call(str(made.id), {"daily": "5"})
    assert "可能被调减" in tried.summary() and tried.tone == "danger"
    yearly = DEEDS["fees.try_edit_late_terms"].call(str(made.id), {"yearly": "3"})
    assert yearly.rate == "年 3% × 1 ÷ 365"
    assert LateTerms.get().daily == Decimal("0.3")


def test_a_yearly_rate_is_judged_by_the_day(office: object) -> None:
    made = agree(None, yearly=Decimal("24"))
    assert (made.judgement, made.rate) == (Judgement.STRANGE, "年 24% × 1 ÷ 365")
    (row,) = late_terms().rows()
    assert late_terms().plain(row)["judgement"] == "偏高"


def test_terms_want_a_clause_and_one_rate(house: Unit) -> None:
    add = DEEDS["fees.add_late_terms"].call
    with pytest.raises(BadInput, match="没有填合同条款"):
        add(None, {"daily": "0.5"})
    with pytest.raises(BadInput, match="没有填日率，也没有填年利率"):
        add(None, {"clause": CLAUSE})
    with pytest.raises(BadInput, match="只能填一个"):
        add(None, {"clause": CLAUSE, "daily": "0.5", "yearly": "3"})
    for wrong in ("1e3", "0.00001", "NaN", "-1", "1.2.3", "12,34"):
        with pytest.raises(BadInput, match="日率"):
            add(None, {"clause": CLAUSE, "daily": wrong})
    assert LateTerms.select().count() == 0
    assert add(None, {"clause": CLAUSE, "daily": "０.５"}).daily == Decimal("0.5")


def test_terms_that_overlap_are_refused(house: Unit) -> None:
    agree("0.5", since=date(2025, 6, 1))
    with pytest.raises(RuleBroken, match="时间重叠"):
        agree("0.3", since=date(2025, 1, 1))
    earlier = agree("0.3", since=date(2025, 1, 1), until=date(2025, 5, 31))
    with pytest.raises(RuleBroken, match="时间重叠"):
        earlier.edit(until=date(2025, 7, 1))
    assert agree("0.4", since=date(2025, 8, 1)).until is None


# -- by whatever numbers ---------------------------------------------------------------------------

DAYS = st.integers(1, 400)


@settings(max_examples=2000, deadline=None)
@given(
    amount=st.integers(1, 10**9),
    parts=st.lists(st.tuples(DAYS, st.integers(1, 10**9)), max_size=5),
    daily=st.integers(0, 30_000),
    grace=st.integers(0, 40),
    from_due=st.booleans(),
    cap=st.integers(1, 10_000),
    until=DAYS,
    cut=DAYS,
)
def test_a_line_bears_the_sum_of_its_days(
    amount: int,
    parts: list[tuple[int, int]],
    daily: int,
    grace: int,
    from_due: bool,
    cap: int,
    until: int,
    cut: int,
) -> None:
    """Day by day with fractions, as nobody would compute it; and cut in two it never passes the cap."""
    due, left, payments = 1_000, amount, []
    for day, fen in sorted(parts):
        fen = min(fen, left)
        left -= fen
        payments += [(due + day, fen)] if fen else []
    step = Step(0, 10**6, daily * (SCALE // 10**7), grace, from_due, cap, 1)

    def bears(last: int, ended: int = 0, charged: int = 0) -> tuple[int, tuple[Days, ...]]:
        frame = _frame(due, (step,), due + last, ended)
        if frame is None:
            return 0, ()
        parts, owed, cut, _ = _in_parts(frame, left, payments, due + last)
        assert owed >= left
        return (max(_capped(parts, amount, cut, charged), 0) if parts else 0), cut

    whole, _ = bears(until)
    in_time = sum(fen for day, fen in payments if day <= due + grace)
    total = Decimal(0)
    for day in range(1 if from_due else grace + 1, until + 1) if until > grace else ():
        open_then = amount - max(in_time, sum(fen for paid, fen in payments if paid < due + day))
        total += Decimal(open_then) * daily / 10**7
    exact = total.quantize(Decimal(1), "ROUND_HALF_UP")
    most = (Decimal(amount) * cap / 10_000).quantize(Decimal(1), "ROUND_HALF_UP")
    assert whole == min(exact, most)
    first, days = bears(min(cut, until))
    if not first:
        return
    rest, later = bears(until, days[-1].last, first)
    assert first + rest <= most
    assert abs(first + rest - min(exact, most)) <= 1
    assert not rest or later[0].first > days[-1].last


def test_an_item_in_use_as_late_payment_stays_one(house: Unit) -> None:
    agree()
    late = FeeItem.get(FeeItem.category == Category.LATE)
    assert (late.name, late.code) == ("违约金", "WYJ")
    item = FeeItem.get(FeeItem.name == "物业费")
    with pytest.raises(RuleBroken, match="不能再改“类别”"):
        item.edit(category=Category.LATE)
    assert Bill.select().count() == 1
