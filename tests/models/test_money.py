"""金额: what is typed is read exactly or refused; amounts split, round and read in words by forms.md B2."""

from __future__ import annotations

import ast
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import money
from models.errors import BadInput, RuleBroken

FEN = st.integers(-money.FEN_CAP, money.FEN_CAP)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0", "0.00"), ("0.01", "0.01"), ("1", "1.00"), ("12.5", "12.50"), ("12.50", "12.50"),
        ("99999999.99", "99999999.99"), ("100000000000", "100000000000.00"), ("007", "7.00"),
        ("１２３．４５", "123.45"), ("1,234.50", "1234.50"), ("１，２３４．５", "1234.50"),
        ("1 234 567.8", "1234567.80"), ("1,234,567", "1234567.00"), ("￥12", "12.00"), ("¥ 12", "12.00"),
        ("12元", "12.00"), ("￥1,234.50 元", "1234.50"), ("　12　", "12.00"), (" 12\t", "12.00"),
        ("12。5", "12.50"),
        (".5", "0.50"), ("5.", "5.00"), ("12.500", "12.50"), ("-0", "0.00"),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_type_it(typed: str, expected: str) -> None:
    assert str(money.parse_decimal(typed, 2, what="金额")) == expected


@pytest.mark.parametrize("typed", ["-3", "-￥3", "￥-3", "−3", "－３", "- 3"])
def test_a_negative_number_is_read_where_it_is_allowed(typed: str) -> None:
    assert money.parse_decimal(typed, 2, what="调整金额", signed=True) == Decimal("-3.00")


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("", "没有填写"), ("   ", "没有填写"), ("　", "没有填写"), ("1e9", "不是一个数"),
        ("1E+9", "不是一个数"),
        ("12,34", "不是一个数"), ("1,2345", "不是一个数"), ("1,234,56", "不是一个数"), (",123", "不是一个数"),
        ("1,234 567", "不是一个数"), ("12 34", "不是一个数"), ("1.2.3", "不是一个数"), ("NaN", "不是一个数"),
        ("Infinity", "不是一个数"), ("0x10", "不是一个数"), ("1_000", "不是一个数"), ("10²", "不是一个数"),
        ("①", "不是一个数"), ("٣", "不是一个数"), ("一百", "不是一个数"), ("--1", "不是一个数"),
        ("+1", "不是一个数"),
        (".", "不是一个数"), ("¥", "不是一个数"), ("元", "不是一个数"), ("=1+1", "不是一个数"),
        ("12.345", "小数位太多"), ("0.001", "小数位太多"), ("-1", "负数"), ("-0.01", "负数"),
        ("100000000000.01", "太大"), (str(2**63), "太大"), ("9" * 5000, "太大"), ("1" + "0" * 30, "太大"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_a_sentence(typed: str, word: str) -> None:
    with pytest.raises(BadInput) as refused:
        money.parse_decimal(typed, 2, what="收款金额")
    assert str(refused.value).startswith("收款金额")
    assert word in str(refused.value)
    assert len(str(refused.value)) < 80


def test_a_whole_number_field_names_its_own_limit() -> None:
    with pytest.raises(BadInput, match="只能填整数"):
        money.parse_decimal("1.5", 0, what="户数")
    assert str(money.parse_decimal("15", 0, what="户数")) == "15"


@given(FEN)
@settings(max_examples=300)
def test_every_amount_survives_being_shown_and_typed_again(fen: int) -> None:
    for shown in (money.yuan(fen), money.thousands(fen), f"￥{money.thousands(money.from_scaled(fen, 2))}元"):
        read = money.parse_decimal(shown, 2, what="金额", signed=True)
        assert money.to_scaled(read, 2) == fen


@given(st.decimals(min_value=0, max_value=Decimal("999.9999"), places=4))
def test_a_unit_price_keeps_its_four_decimals(price: Decimal) -> None:
    assert money.from_scaled(money.to_scaled(price, 4), 4) == price


@pytest.mark.parametrize(
    "value", ["NaN", "Infinity", "sNaN", "1e30", "0.001", "1e-9999", "1.00000000000000000000000000000001"]
)
def test_a_decimal_that_does_not_fit_is_refused_and_never_rounded(value: str) -> None:
    with pytest.raises(BadInput):
        money.to_scaled(Decimal(value), 2, what="单价")


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(5, 2, 3), (-5, 2, -3), (5, -2, -3), (-5, -2, 3), (4, 3, 1), (-4, 3, -1), (1, 3, 0), (-1, 3, 0)],
)
def test_a_half_rounds_away_from_zero(numerator: int, denominator: int, expected: int) -> None:
    assert money.divide_half_up(numerator, denominator) == expected


def test_the_first_bill_of_the_peer_office_rounds_once() -> None:
    month = 9456 * 13000 + 20 * 100 * 10_000  # scaled by 10^-6 yuan: (94.56 ㎡ × 1.3) + 20
    assert money.divide_half_up(month * 21, 30 * 10_000) == 10_005
    assert money.divide_half_up(month, 10_000) == 14_293


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**12))
def test_division_is_within_half_of_the_true_value(numerator: int, denominator: int) -> None:
    rest = numerator - money.divide_half_up(numerator, denominator) * denominator
    assert 2 * abs(rest) <= denominator


def test_division_by_zero_is_our_own_bug() -> None:
    with pytest.raises(ZeroDivisionError):
        money.divide_half_up(1, 0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (123450, "1,234.50"), (-123450, "-1,234.50"), (5, "0.05"), (-5, "-0.05"), (0, "0.00"),
        (Decimal("1234.5"), "1,234.50"), (Decimal("1E+3"), "1,000.00"), (Decimal("1.3000"), "1.3000"),
        (Decimal("-1234567.89"), "-1,234,567.89"),
    ],
)  # fmt: skip
def test_amounts_are_shown_with_thousands(value: Decimal | int, expected: str) -> None:
    assert money.thousands(value) == expected


CAPITALS = [
    # forms.md B2.4
    ("1409.50", "壹仟肆佰零玖元伍角"), ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
    ("107000.53", "壹拾万柒仟元零伍角叁分"), ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"), ("0.05", "伍分"), ("10.00", "壹拾元整"), ("20003.00", "贰万零叁元整"),
    ("10.50", "壹拾元零伍角"),
    # cents alone
    ("0.01", "壹分"), ("0.10", "壹角"), ("0.11", "壹角壹分"), ("0.99", "玖角玖分"), ("0.50", "伍角"),
    # ones and tens
    ("1.00", "壹元整"), ("1.01", "壹元零壹分"), ("1.10", "壹元壹角"), ("1.11", "壹元壹角壹分"),
    ("9.90", "玖元玖角"), ("10.01", "壹拾元零壹分"), ("10.05", "壹拾元零伍分"), ("10.11", "壹拾元零壹角壹分"),
    ("11.00", "壹拾壹元整"), ("20.00", "贰拾元整"), ("99.99", "玖拾玖元玖角玖分"),
    # hundreds and thousands
    ("100.00", "壹佰元整"), ("100.50", "壹佰元零伍角"), ("101.00", "壹佰零壹元整"),
    ("110.00", "壹佰壹拾元整"),
    ("111.00", "壹佰壹拾壹元整"), ("1000.00", "壹仟元整"), ("1000.01", "壹仟元零壹分"),
    ("1001.00", "壹仟零壹元整"),
    ("1005.00", "壹仟零伍元整"), ("1010.00", "壹仟零壹拾元整"), ("1100.00", "壹仟壹佰元整"),
    ("1110.10", "壹仟壹佰壹拾元零壹角"), ("5555.55", "伍仟伍佰伍拾伍元伍角伍分"),
    # ten thousands
    ("10000.00", "壹万元整"), ("10000.10", "壹万元零壹角"), ("10001.10", "壹万零壹元壹角"),
    ("10010.00", "壹万零壹拾元整"),
    ("10100.00", "壹万零壹佰元整"), ("11000.00", "壹万壹仟元整"), ("100000.00", "壹拾万元整"),
    ("100100.00", "壹拾万零壹佰元整"), ("1000000.00", "壹佰万元整"), ("1010000.01", "壹佰零壹万元零壹分"),
    ("1010101.01", "壹佰零壹万零壹佰零壹元零壹分"), ("10000001.00", "壹仟万零壹元整"),
    ("10001000.00", "壹仟万壹仟元整"),
    ("99999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    # hundred millions
    ("100000000.00", "壹亿元整"), ("100000001.00", "壹亿零壹元整"), ("100001000.00", "壹亿零壹仟元整"),
    ("100010000.00", "壹亿零壹万元整"), ("110000000.00", "壹亿壹仟万元整"), ("100000000.01", "壹亿元零壹分"),
    ("1020304050.60", "壹拾亿贰仟零叁拾万肆仟零伍拾元零陆角"), ("100000000000.00", "壹仟亿元整"),
    # negative
    ("-0.05", "负伍分"), ("-10.50", "负壹拾元零伍角"), ("-1409.50", "负壹仟肆佰零玖元伍角"),
]  # fmt: skip


@pytest.mark.parametrize(("amount", "words"), CAPITALS)
def test_capitals_follow_the_table(amount: str, words: str) -> None:
    assert money.capitals(money.to_scaled(Decimal(amount), 2)) == words


def test_no_paper_is_written_for_zero_or_beyond_the_cap() -> None:
    with pytest.raises(RuleBroken, match="不出票"):
        money.capitals(0)
    with pytest.raises(BadInput, match="太大"):
        money.capitals(money.FEN_CAP + 1)


def _read_capitals(words: str) -> int:
    """Read capitals back by another way than they were written."""
    sign = -1 if words.startswith("负") else 1
    units = {"拾": 1_000, "佰": 10_000, "仟": 100_000}
    total = group = digit = 0
    for sign_of in words.lstrip("负"):
        if sign_of in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign_of)
        elif sign_of in units:
            group, digit = group + digit * units[sign_of], 0
        elif sign_of in "亿万元":
            total += (group + digit * 100) * {"亿": 10**8, "万": 10**4, "元": 1}[sign_of]
            group = digit = 0
        elif sign_of in "角分":
            total, digit = total + digit * {"角": 10, "分": 1}[sign_of], 0
    return sign * total


@given(FEN.filter(bool))
@settings(max_examples=500)
def test_capitals_can_be_read_back_to_the_same_fen(fen: int) -> None:
    words = money.capitals(fen)
    assert _read_capitals(words) == fen
    assert "零零" not in words
    assert words.endswith("整") == (fen % 100 == 0)


def test_three_households_share_a_hundred_yuan_by_largest_remainder() -> None:
    assert money.split_largest_remainder(10_000, [1, 1, 1]) == [3_334, 3_333, 3_333]
    assert money.split_largest_remainder(100, [1, 5, 2]) == [13, 62, 25]
    assert money.split_largest_remainder(-10_000, [1, 1, 1]) == [-3_334, -3_333, -3_333]
    assert money.split_largest_remainder(5, [0, 3, 0, 3]) == [0, 3, 0, 2]


@given(FEN, st.lists(st.integers(0, 10**9), min_size=1, max_size=60).filter(any))
@settings(max_examples=300)
def test_parts_always_add_up_and_stay_within_a_fen_of_their_share(total: int, weights: list[int]) -> None:
    parts = money.split_largest_remainder(total, weights)
    base = sum(weights)
    assert sum(parts) == total
    assert all(abs(part * base - total * weight) < base for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [5, -1]])
def test_nothing_is_split_over_nothing(weights: list[int]) -> None:
    with pytest.raises(RuleBroken, match="分摊"):
        money.split_largest_remainder(100, weights)


def test_no_float_is_made_and_no_true_division_is_done_in_the_source() -> None:
    tree = ast.parse(Path(money.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.Name) and node.id == "float")
        assert not isinstance(node, ast.Div)
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
