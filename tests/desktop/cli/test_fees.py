from datetime import date
from pathlib import Path

import pytest

from tests.desktop.conftest import Console, digest


def test_a_month_is_billed_once(console: Console, path: Path) -> None:
    first = console("bill", "2020-06", "--db", path, "--json").json
    assert (first["lines"], first["amount"], first["units"]) == (2, "234.65", 2)
    again = console("--db", path, "--json", "bill", "2020-06")
    assert (again.code, again.json["lines"], again.json["amount"]) == (0, 0, "0.00")
    said = console("bill", "2020-06", "--db", path)
    assert said.code == 0 and "没有要出的账单" in said.out


def test_a_dry_run_says_the_reason_and_writes_no_line(console: Console, path: Path) -> None:
    tried = console("bill", "2020-06", "--dry-run", "--db", path, "--json").json
    assert (tried["lines"], tried["amount"], tried["batch"]) == (2, "234.65", None)
    assert [one["unit"] for one in tried["skipped"]] == ["1-1-103"]
    assert all(one["reason"] for one in tried["skipped"])
    assert console("list", "bills", "--db", path, "--json").json == []


def test_months_that_were_left_out_are_named_and_made_only_when_asked(console: Console, path: Path) -> None:
    tried = console("bill", "2020-03", "--dry-run", "--db", path, "--json").json
    assert {"unit": "1-1-101", "item": "物业费", "months": ["2020-01", "2020-02"]} in tried["missing"]
    assert "--catch-up" in console("bill", "2020-03", "--dry-run", "--db", path).out
    assert console("bill", "2020-03", "--catch-up", "--db", path, "--json").json["lines"] == 6


@pytest.mark.parametrize("month", ["2020-13", "六月", "2020", "2020-06-01", "１"])
def test_what_is_no_month_is_refused(console: Console, path: Path, month: str) -> None:
    refused = console("bill", month, "--db", path)
    assert refused.code == 3 and "不是月份" in refused.err
    assert console("list", "bills", "--db", path, "--json").json == []


def test_billing_needs_the_right_and_leaves_a_trace(console: Console, path: Path) -> None:
    refused = console("bill", "2020-06", "--db", path, "--user", "cash")
    assert refused.code == 4 and "出账" in refused.err
    assert console("list", "bills", "--db", path, "--json").json == []
    refusals = console("list", "audit", "--db", path, "--json").json
    assert any(row["outcome"] == "拒绝" for row in refusals)


def test_money_is_taken_and_the_receipts_are_named(console: Console, path: Path) -> None:
    console("bill", "2020-06", "--db", path)
    paid = console("pay", "1-1-101", "100", "--method", "微信", "--on", "2020-07-01", "--db", path, "--json")
    assert paid.code == 0
    assert paid.json["receipt"] == "SJ-2020-000001" and paid.json["receipts"] == ["SJ-2020-000001"]
    assert (paid.json["amount"], paid.json["on"], paid.json["payer"]) == ("100.00", "2020-07-01", "王桂芳")
    bill = console("list", "bills", "--unit", "1-1-101", "--db", path, "--json").json[0]
    assert (bill["amount"], bill["paid"]) == ("130.00", "100.00")


def test_a_cashier_may_take_money(console: Console, path: Path) -> None:
    assert console("pay", "1-1-101", "1,000.50", "--db", path, "--user", "cash").code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("9-9-999", "100"), "没有房号"),
        (("1-1-101", "abc"), "不是一个数"),
        (("1-1-101", "0"), "大于零"),
        (("1-1-101", "-5"), "收款金额"),
        (("1-1-101", "1.005"), "收款金额"),
        (("1-1-101", "1e30"), "收款金额"),
        (("1-1-101", "100", "--method", "贝壳"), "没有“贝壳”"),
        (("1-1-101", "100", "--on", "2020-02-30"), "不是日期"),
        (("1-1-101", "100", "--on", "2199-01-01"), "还没有到"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(
    console: Console, path: Path, words: tuple[str, ...], told: str
) -> None:
    refused = console("pay", *words, "--db", path)
    assert (refused.code, refused.out) == (3, "") and told in refused.err
    assert console("list", "payments", "--db", path, "--json").json == []


def test_a_closed_day_takes_no_more_money(console: Console, path: Path) -> None:
    console("pay", "1-1-101", "100", "--on", "2020-07-01", "--db", path)
    closed = console("close-day", "2020-07-01", "--db", path, "--json")
    assert closed.code == 0 and closed.json["amount"] == "100.00" and closed.json["receipts"] == 1
    refused = console("pay", "1-1-101", "100", "--on", "2020-07-01", "--db", path)
    assert refused.code == 3 and "已日结" in refused.err
    assert console("close-day", "2020-07-01", "--db", path).code == 3
    assert console("close-day", "昨天吧", "--db", path).code == 3


def test_today_is_the_day_of_a_payment_without_one(console: Console, path: Path) -> None:
    paid = console("pay", "1-1-101", "5", "--db", path, "--json").json
    assert paid["on"] == date.today().isoformat()


def test_nothing_is_written_by_a_refusal_of_usage(console: Console, path: Path) -> None:
    before = digest(path)
    assert console("pay", "1-1-101", "--db", path).code == 2
    assert digest(path) == before


def test_a_charge_is_explained_by_house_and_month_or_by_number(console: Console, path: Path) -> None:
    console("bill", "2020-06", "--db", path)
    found = console("explain", "1-1-101", "--month", "2020-06", "--db", path, "--json").json
    assert [(one["title"], one["proven"]) for one in found] == [("1-1-101 物业费 2020-06", True)]
    assert [chapter["title"] for chapter in found[0]["chapters"]][:2] == ["怎样算出", "依据"]
    number = found[0]["number"]
    said = console("explain", "--number", number, "--db", path)
    assert said.code == 0 and "【怎样算出】" in said.out and "㎡ × 1.30 元" in said.out
    whole = console("explain", "1-1-101", "--db", path, "--json").json
    assert whole[0]["title"].startswith("1-1-101 欠费") and whole[1]["number"] == number


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((), 2, "房号"),
        (("1-1-101", "--number", "1"), 2, "写一样"),
        (("9-9-9",), 3, "没有房号"),
        (("1-1-101", "--month", "2011-01"), 3, "没有账单"),
        (("1-1-101", "--month", "六月"), 3, "不是期间"),
        (("--number", "x"), 3, "没有账单"),
    ],
)
def test_what_cannot_be_explained_is_refused(
    console: Console, path: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    refused = console("explain", *words, "--db", path)
    assert (refused.code, refused.out) == (code, "") and told in refused.err
