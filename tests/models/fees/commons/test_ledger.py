"""公共收益: every fen is told once, what is published stays true, and none of it is in a rate of ours."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import peewee
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.attachments import attach, read_file
from models.base import db
from models.checks import run_invariants
from models.deeds import DEEDS
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.fees import invariants  # noqa: F401 - registered by being imported
from models.fees.bills import Bill
from models.fees.commons import checks, lists  # noqa: F401 - so are these
from models.fees.commons.contracts import CommonContract, add_common_contract
from models.fees.commons.kinds import CommonKind, Every, add_common_kind, set_common_terms
from models.fees.commons.ledger import (
    CommonEntry,
    CommonNotice,
    Flow,
    add_common_cost,
    add_common_income,
    balance_before,
    reverse_common_entry,
    transfer_commons,
)
from models.fees.commons.notices import (
    Span,
    publish_commons,
    spans_due,
    statement_of,
    withdraw_commons_notice,
)
from models.fees.payments import Payment, Receipt
from models.fees.rates import rates_of
from models.listings import LISTS, Filters
from models.months import Month
from models.rows import RowRefused
from models.search import find
from tests.estate import Estate

TODAY = date.today()
YEAR = TODAY.year - 1
DAY = date(YEAR, 3, 5)
LIFT, PARKING = "电梯广告", "公共车位"


def yuan(amount: str) -> Decimal:
    return Decimal(amount)


def earn(amount: str, on: date = DAY, kind: str = LIFT, **more: Any) -> CommonEntry:
    return add_common_income(yuan(amount), kind=CommonKind.find(kind), party="启明广告", on=on, **more)


def spend(amount: str, on: date = DAY, kind: str = LIFT) -> CommonEntry:
    return add_common_cost(yuan(amount), CommonKind.find(kind), "合同第5条", "PZ-12", on=on)


def move(amount: str, on: date = DAY, flow: Flow = Flow.TO_FUND) -> CommonEntry:
    return transfer_commons(flow, yuan(amount), "业主大会决议 2 号", "PZ-13", on=on)


def let(first: date = date(YEAR, 1, 1), last: date = date(YEAR, 12, 31), **more: Any) -> CommonContract:
    terms: dict[str, Any] = {"each": yuan("500.00"), "every": 3, **more}
    return add_common_contract(CommonKind.find(LIFT), "1至3栋电梯轿厢", "启明广告", first, last, **terms)


# -- entries ---------------------------------------------------------------------------------------


def test_income_less_cost_less_what_went_out_is_the_balance(office: Path) -> None:
    made = earn("1000.00")
    assert made.number == f"GY-{YEAR}03-001"
    assert (spend("120.50").number, move("500.00").number) == (f"GY-{YEAR}03-002", f"GY-{YEAR}03-003")
    assert balance_before(DAY + timedelta(days=1)) == 37_950
    assert LISTS["common_entries"](Filters()).totals()[1] == {
        "income": yuan("1000.00"), "out": yuan("620.50"), "net": yuan("379.50"),
    }  # fmt: skip
    assert run_invariants() == []


def test_it_is_in_no_bill_receipt_payment_or_rate(estate: Estate) -> None:
    earn("1000.00")
    assert {one.select().count() for one in (Bill, Payment, Receipt)} == {0}
    assert rates_of(Month.of(DAY)).total.received == 0


@pytest.mark.parametrize("amount", ["0.00", "0"])
def test_nothing_is_no_entry(office: Path, amount: str) -> None:
    with pytest.raises(BadInput, match="大于零"):
        earn(amount)
    assert CommonEntry.select().count() == 0


def test_income_needs_a_kind_or_a_contract_and_somebody_who_paid(office: Path) -> None:
    with pytest.raises(BadInput, match="收益种类"):
        add_common_income(yuan("1.00"), party="启明")
    with pytest.raises(BadInput, match="对方单位"):
        add_common_income(yuan("1.00"), kind=CommonKind.find(LIFT))
    contract = let()
    made = add_common_income(yuan("500.00"), contract=contract, on=DAY)
    assert (made.kind.name, made.party, made.contract) == (LIFT, "启明广告", contract)
    with pytest.raises(BadInput, match="收益种类是“电梯广告”"):
        add_common_income(yuan("1.00"), kind=CommonKind.find(PARKING), contract=contract)


def test_a_cost_needs_its_basis_and_voucher(office: Path) -> None:
    given = {"amount": "5", "kind": LIFT, "basis": "合同第5条", "voucher": "PZ-1"}
    for lacking in ("basis", "voucher"):
        with pytest.raises(BadInput, match="没有填"):
            DEEDS["fees.add_common_cost"].call(None, {k: v for k, v in given.items() if k != lacking})
    assert DEEDS["fees.add_common_cost"].call(None, given).amount == 5


def test_a_cost_above_the_income_of_its_kind_is_kept_and_warned_about(office: Path) -> None:
    earn("100.00", on=TODAY)
    assert "请核对" not in spend("100.00", on=TODAY).summary()
    assert "成本 100.01 元，大于收入 100.00 元" in spend("0.01", on=TODAY).summary()
    assert [one.title for one in reminders_on(TODAY) if "成本大于收入" in one.title] == [
        "今年公共收益成本大于收入：电梯广告"
    ]
    row = next(iter(LISTS["common_kinds"](Filters()).rows()))
    assert row.values[:5] == (LIFT, yuan("100.00"), yuan("100.01"), yuan("-0.01"), "成本大于收入")


def test_no_more_goes_out_than_there_is_on_that_day_and_on_every_day_since(office: Path) -> None:
    earn("100.00", on=DAY)
    move("70.00", on=DAY + timedelta(days=10))
    earn("50.00", on=DAY + timedelta(days=20))
    with pytest.raises(BadInput, match=r"结余只有 30\.00 元"):
        move("30.01", on=DAY + timedelta(days=5))
    with pytest.raises(BadInput, match=r"结余只有 0\.00 元"):
        move("0.01", on=DAY - timedelta(days=1))
    move("30.00", on=DAY + timedelta(days=5))
    move("50.00", on=DAY + timedelta(days=20), flow=Flow.TO_OWNERS)
    with pytest.raises(BadInput, match="没有“合理成本”"):
        DEEDS["fees.transfer_commons"].call(
            None, {"flow": "合理成本", "amount": "1", "basis": "x", "voucher": "y"}
        )


def test_a_mistake_is_reversed_once_and_stays(office: Path) -> None:
    wrong = earn("300.00")
    back = reverse_common_entry(wrong, "记错对方", on=DAY + timedelta(days=3))
    assert (back.amount, back.flow, back.kind) == (yuan("-300.00"), Flow.INCOME, wrong.kind)
    assert back.reverses == wrong
    assert balance_before(TODAY) == 0
    with pytest.raises(RuleBroken, match="已经冲正过"):
        reverse_common_entry(wrong, "再来")
    with pytest.raises(RuleBroken, match="本身是冲正"):
        reverse_common_entry(back, "再来")
    with pytest.raises(RuleBroken, match="早于"):
        reverse_common_entry(earn("1.00"), "早", on=DAY - timedelta(days=1))
    assert run_invariants() == []


@pytest.mark.parametrize("sql", ["UPDATE common_entry SET amount = 1", "DELETE FROM common_entry"])
def test_the_database_itself_lets_no_entry_change(office: Path, sql: str) -> None:
    earn("1.00")
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql(sql)


def test_a_day_ahead_is_refused(office: Path) -> None:
    with pytest.raises(RuleBroken, match="还没有到"):
        earn("1.00", on=TODAY + timedelta(days=1))


def test_kinds_are_the_offices_own_and_one_out_of_use_takes_no_more(office: Path) -> None:
    made = add_common_kind("游泳池")
    made.edit(active=False)
    with pytest.raises(RuleBroken, match="已停用"):
        earn("1.00", kind="游泳池")
    with pytest.raises(BadInput, match="不能写手机号"):
        add_common_kind("张三13812345678")
    with pytest.raises(BadInput, match="已有别的"):
        add_common_kind(LIFT)


def test_what_will_be_published_holds_no_telephone_number(office: Path) -> None:
    with pytest.raises(BadInput, match="会公示"):
        spend_by("电话13812345678")
    with pytest.raises(BadInput, match="会公示"):
        let().dues and add_common_contract(
            CommonKind.find(LIFT), "找11010519491231002X", "某", DAY, DAY, each=yuan("1.00")
        )


def spend_by(basis: str) -> CommonEntry:
    return add_common_cost(yuan("1.00"), CommonKind.find(LIFT), basis, "PZ-1", on=DAY)


# -- contracts -------------------------------------------------------------------------------------


def states(day: date = TODAY) -> list[str]:
    shown = LISTS["common_dues"](Filters(on=day))
    return [shown.shown(row)[-1] for row in shown.rows()]


def test_a_contract_has_its_instalments_and_money_settles_the_first_due_first(office: Path) -> None:
    contract = let()
    assert contract.number.startswith("GYH-") and contract.amount == yuan("2000.00")
    assert [one.due for one in contract.dues] == [date(YEAR, month, 1) for month in (1, 4, 7, 10)]
    add_common_income(yuan("700.00"), contract=contract, on=date(YEAR, 4, 2))
    assert states(date(YEAR, 5, 1)) == ["已收", "到期未收", "未到期", "未到期"]
    assert states(date(YEAR, 3, 1)) == ["已收", "收了一部分", "未到期", "未到期"]
    told = [one.title for one in reminders_on(date(YEAR, 5, 1))]
    assert "1 期公共收益到期未收，共 300.00 元" in told
    told = [one.title for one in reminders_on(date(YEAR, 6, 26))]
    assert "1 期公共收益 7 天内到期" in told
    row = next(iter(LISTS["common_contracts"](Filters(on=date(YEAR, 5, 1))).rows()))
    assert row.values[7:10] == (yuan("1000.00"), yuan("700.00"), yuan("300.00"))


def test_money_that_was_reversed_is_missing_again(office: Path) -> None:
    contract = let()
    made = add_common_income(yuan("500.00"), contract=contract, on=DAY)
    assert states()[0] == "已收"
    reverse_common_entry(made, "退票")
    assert states()[0] == "到期未收"


def test_instalments_may_be_typed_row_by_row(office: Path) -> None:
    rows = [{"due": DAY, "amount": yuan("10.00")}, {"due": date(YEAR, 1, 2), "amount": yuan("20.00")}]
    contract = let(each=None, every=None, dues=rows)
    assert [(one.due, one.amount) for one in contract.dues] == [(date(YEAR, 1, 2), 20), (DAY, 10)]
    assert contract.amount == 30
    with pytest.raises(RowRefused, match="第 2 行：应收日期"):
        let(each=None, every=None, dues=[rows[0], rows[0]])
    with pytest.raises(BadInput, match="留下一种"):
        let(dues=rows)
    with pytest.raises(BadInput, match="没有填每期金额"):
        let(each=None, every=None)
    with pytest.raises(BadInput, match="早于合同起"):
        let(first=DAY, last=DAY - timedelta(days=1))
    assert len(list(let(every=None).dues)) == 1


def test_a_contract_that_ended_early_asks_for_no_more(office: Path) -> None:
    contract = let()
    contract.end(ended=date(YEAR, 5, 31), end_reason="对方停业")
    assert states() == ["到期未收", "到期未收", "终止后不收", "终止后不收"]
    assert LISTS["common_contracts"](Filters(state="已终止")).count() == 1
    assert LISTS["common_contracts"](Filters()).totals()[1]["missing"] == yuan("1000.00")
    with pytest.raises(RuleBroken, match="已于"):
        contract.end(ended=date(YEAR, 6, 30), end_reason="再来")
    with pytest.raises(BadInput, match="到期的合同不用终止"):
        let().end(ended=date(YEAR, 12, 31), end_reason="到期")


def test_contracts_that_end_soon_are_told(office: Path) -> None:
    let(last=TODAY + timedelta(days=60), first=TODAY, every=None)
    let(last=TODAY + timedelta(days=61), first=TODAY, every=None)
    (told,) = [one for one in reminders_on(TODAY) if "合同 60 天内到期" in one.title]
    found = LISTS["common_contracts"](Filters(**told.filters)).meeting(*told.asked)
    assert told.count == found.count() == 1


def test_what_a_reminder_opens_is_what_it_counts(office: Path) -> None:
    let()
    let(first=TODAY + timedelta(days=7), last=TODAY + timedelta(days=40), every=None)
    for told in reminders_on(TODAY):
        if told.page == "common_dues":
            assert LISTS["common_dues"](Filters(**told.filters)).meeting(*told.asked).count() == told.count


# -- notices ---------------------------------------------------------------------------------------

HALF = Span(Month(YEAR, 1), Month(YEAR, 6))


def test_a_statement_tells_each_kind_and_contract_and_proves_itself(office: Path) -> None:
    earn("80.00", on=date(YEAR - 1, 2, 1))
    contract = let()
    add_common_income(yuan("500.00"), contract=contract, on=DAY)
    earn("20.00")
    earn("33.00", kind=PARKING)
    spend("12.00")
    move("100.00")
    told = statement_of(HALF)
    assert (told.opening, told.sums, told.closing) == (8_000, (55_300, 1_200, 10_000), 52_100)
    assert [(one.kind, one.about, one.fen, one.before) for one in told.income] == [
        (LIFT, f"{contract.number} 1至3栋电梯轿厢", 50_000, 0),
        (LIFT, "没有合同的", 2_000, 8_000),
        (PARKING, "没有合同的", 3_300, 0),
    ]
    assert (told.opening_before, told.closing_before) == (0, 8_000)


def test_what_was_published_closes_its_days(office: Path) -> None:
    made = earn("100.00")
    notice = publish_commons("大堂", since=date(YEAR, 7, 10), until=date(YEAR, 8, 10))
    assert (notice.number, notice.closing) == (f"GYGS-{YEAR}H1", yuan("100.00"))
    with pytest.raises(RuleBroken, match=f"已公示到 {YEAR}-06-30"):
        earn("1.00", on=date(YEAR, 6, 30))
    with pytest.raises(RuleBroken, match="已公示到"):
        reverse_common_entry(made, "错", on=date(YEAR, 6, 1))
    reverse_common_entry(made, "错", on=date(YEAR, 7, 1))
    assert run_invariants() == []
    assert statement_of(HALF).closing == 10_000


def test_a_notice_that_was_wrong_is_withdrawn_and_published_anew(office: Path) -> None:
    earn("100.00")
    notice = publish_commons("大堂")
    withdraw_commons_notice(notice, "漏了一笔")
    earn("5.00")
    again = publish_commons("大堂")
    assert (again.number, again.closing) == (f"GYGS-{YEAR}H1-2", yuan("105.00"))
    with pytest.raises(RuleBroken, match="已经撤回"):
        withdraw_commons_notice(notice, "再来")
    later = publish_commons("大堂")
    assert later.number == f"GYGS-{YEAR}H2" and later.opening == yuan("105.00")
    with pytest.raises(RuleBroken, match="请先撤回"):
        withdraw_commons_notice(again, "错")
    assert LISTS["common_notices"](Filters()).count() == 3
    assert run_invariants() == []


def test_a_notice_waits_for_the_end_of_its_period_and_comes_once(office: Path) -> None:
    with pytest.raises(RuleBroken, match="没有到期未公示"):
        publish_commons("大堂")
    earn("1.00")
    with pytest.raises(RuleBroken, match="还没有过完"):
        publish_commons("大堂", Month.of(TODAY), Month.of(TODAY))
    with pytest.raises(BadInput, match="以后"):
        publish_commons("大堂", since=date(YEAR, 6, 30))
    with pytest.raises(BadInput, match="早于公示起"):
        publish_commons("大堂", since=TODAY, until=TODAY - timedelta(days=1))
    with pytest.raises(BadInput, match="请对调"):
        publish_commons("大堂", Month(YEAR, 6), Month(YEAR, 1))
    publish_commons("大堂", Month(YEAR, 1), Month(YEAR, 6))
    with pytest.raises(RuleBroken, match="重叠"):
        publish_commons("大堂", Month(YEAR, 1), Month(YEAR, 6))


def test_a_notice_that_is_due_and_one_without_a_picture_are_told(office: Path, tmp_path: Path) -> None:
    earn("1.00")

    def told(day: date) -> list[tuple[str, str]]:
        return [(one.tone, one.title) for one in reminders_on(day) if one.page == "common_notices"]

    first = f"{YEAR}年上半年公共收益还没有公示，应在 {YEAR}-07-30 前公示"
    assert told(date(YEAR, 6, 30)) == []
    assert told(date(YEAR, 7, 1)) == [("warning", first)]
    assert told(date(YEAR, 7, 31)) == [("danger", first)]
    notice = publish_commons("大堂")
    assert told(date(YEAR, 7, 31)) == [("info", "1 次公共收益公示没有照片")]
    photo = tmp_path / "照片.txt"
    photo.write_text("照片", encoding="utf-8")
    attach("CommonNotice", notice.id, read_file(photo))
    assert told(date(YEAR, 7, 31)) == []


def test_two_quarters_cover_their_half(office: Path) -> None:
    earn("1.00")
    publish_commons("大堂", Month(YEAR, 1), Month(YEAR, 3))
    assert spans_due(date(YEAR, 7, 1)) == [HALF]
    publish_commons("大堂", Month(YEAR, 4), Month(YEAR, 6))
    assert spans_due(date(YEAR, 7, 1)) == []
    set_common_terms(every=Every.QUARTER, days=10)
    assert [one.code for one in spans_due(date(YEAR + 1, 1, 1))] == [f"{YEAR}Q3", f"{YEAR}Q4"]


@pytest.mark.parametrize(
    ("first", "last", "code", "chinese"),
    [
        ((2026, 1), (2026, 12), "2026", "2026年"),
        ((2026, 7), (2026, 12), "2026H2", "2026年下半年"),
        ((2026, 4), (2026, 6), "2026Q2", "2026年第2季度"),
        ((2026, 5), (2026, 5), "202605", "2026年5月"),
        ((2025, 11), (2026, 1), "202511202601", "2025年11月至2026年1月"),
        ((2026, 2), (2026, 7), "202602202607", "2026年2月至2026年7月"),
    ],
)
def test_a_span_is_called_as_people_call_it(first: Any, last: Any, code: str, chinese: str) -> None:
    span = Span(Month(*first), Month(*last))
    assert (span.code, span.chinese) == (code, chinese)


def test_each_number_is_found(office: Path) -> None:
    contract = let()
    entry = add_common_income(yuan("1.00"), contract=contract, on=DAY)
    notice = publish_commons("大堂")
    for one in (contract, entry, notice):
        assert [hit.title for hit in find(one.number)] == [one.number]
    assert [hit.title for hit in find(f"PC:FE-20:{notice.number}")] == [notice.number]


# -- whatever happens, the ledger proves -----------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["earn", "spend", "move", "reverse", "publish", "withdraw"]),
        st.integers(1, 50_000),
        st.dates(date(YEAR, 1, 1), date(YEAR, 12, 31)),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_opening_and_in_less_out_is_closing_whatever_happens(office: Path, steps: list[Any]) -> None:
    with db.atomic() as undone:
        made: list[CommonEntry] = []
        for verb, fen, day in steps:
            with suppress(RuleBroken, BadInput):
                made += step(verb, str(Decimal(fen) / 100), day, made)
        plain = [(one.on, one.amount if one.flow is Flow.INCOME else -one.amount) for one in made]
        for month in range(1, 13):
            told = statement_of(Span(Month(YEAR, month), Month(YEAR, month)))
            before = sum((yuan for on, yuan in plain if on < date(YEAR, month, 1)), start=Decimal(0))
            within = sum((yuan for on, yuan in plain if on.month == month), start=Decimal(0))
            income, cost, out = told.sums
            assert told.opening == before * 100
            assert told.closing == told.opening + income - cost - out == (before + within) * 100
        assert run_invariants() == []
        undone.rollback()


def step(verb: str, amount: str, day: date, made: list[CommonEntry]) -> list[CommonEntry]:
    if verb == "publish":
        publish_commons("大堂", Month.of(day), Month.of(day))
        return []
    if verb == "withdraw":
        for notice in CommonNotice.select().order_by(CommonNotice.last.desc()).limit(1):
            withdraw_commons_notice(notice, "错")
        return []
    if verb == "reverse":
        return [reverse_common_entry(made[int(amount[-1]) % len(made)], "错", on=day)] if made else []
    return [{"earn": earn, "spend": spend, "move": move}[verb](amount, on=day)]
