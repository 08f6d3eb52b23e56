"""文字: text is cleaned at the door, personal numbers are checked and masked, codes sort as people count."""

from __future__ import annotations

import sqlite3
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import text

NAMES = ["张䶮", "㐂田", "𠮷野", "李喆", "赵堃", "王·买买提", "José", "한지민", "🀄发财", "شركة", "长" * 40]


@pytest.mark.parametrize("name", NAMES)
def test_rare_names_are_kept_as_they_are(name: str) -> None:
    assert text.clean(name) == name
    assert text.narrow(name) == name


@pytest.mark.parametrize(
    "code", [*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF, 0x1FFFE, 0xFDD0, 0xD800, 0xDFFF]
)
def test_control_characters_noncharacters_and_surrogates_never_get_in(code: int) -> None:
    cleaned = text.clean(f"张{chr(code)}三")
    assert cleaned in ("张三", "张 三")
    cleaned.encode("utf-8")
    assert text.clean(f"张{chr(code)}三", multiline=True) in ("张三", "张 三", "张\n三")


@pytest.mark.parametrize(
    "code", [0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x200E, 0x202E, 0x2066, 0x2069, 0xE0041]
)
def test_invisible_and_bidi_marks_are_removed(code: int) -> None:
    assert text.clean(f"a{chr(code)}b") == "ab"


def test_combining_marks_are_composed() -> None:
    assert text.clean("Jose\u0301") == "José"


@pytest.mark.parametrize("mark", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_line_breaks_are_one_kind_or_a_blank(mark: str) -> None:
    assert text.clean(f"一 {mark}二", multiline=True) == "一\n二"
    assert text.clean(f"一{mark}二") == "一 二"


def test_the_ends_are_trimmed_and_full_width_is_kept_in_prose() -> None:
    assert text.clean("　 电话：１２３ \n") == "电话：１２３"


@given(st.text(st.characters()))
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    for multiline in (False, True):
        once = text.clean(typed, multiline)
        assert text.clean(once, multiline) == once
        assert not any(unicodedata.category(mark) in ("Cs", "Cf") for mark in once)
        once.encode("utf-8")


def test_a_field_of_a_million_characters_is_cleaned() -> None:
    assert text.clean("张\x00" * 500_000) == "张" * 500_000


def test_codes_and_numbers_are_made_narrow_without_changing_their_value() -> None:
    assert text.narrow("　１－２０３　Ａ座\u00a0\u3000二 ") == "1-203 A座 二"
    assert text.narrow("10²") == "10²"
    assert text.narrow("①号") == "①号"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812345678", "138****5678"), ("138 1234 5678", "138 **** 5678"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("0571-88889999", "****-****9999"), ("88889999", "****9999"), ("+8613812345678", "+*********5678"),
        ("13812345678、13987654321", "138****5678、139****4321"),
        ("13812345678 13987654321", "138****5678 139****4321"),
        ("8001", "****"), ("", ""), ("无", "无"),
    ],
)  # fmt: skip
def test_phones_are_masked(number: str, masked: str) -> None:
    assert text.mask_phone(number) == masked


@given(st.text(st.sampled_from("0123456789-+ 、转")))
def test_a_masked_phone_never_shows_more_than_seven_digits_of_a_number(number: str) -> None:
    masked = text.mask_phone(number)
    assert len(masked) == len(number)
    runs = "".join(mark if mark.isdigit() or mark == "*" else " " for mark in masked.replace("-", "")).split()
    assert all(run.isdigit() is False or len(run) <= 4 for run in runs)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("11010519491231002X", "110***********002X"), ("110105491231002", "110********1002"),
        ("E12345678", "*****5678"), ("H1234567", "******67"), ("", ""),
    ],
)  # fmt: skip
def test_identity_numbers_are_masked(number: str, masked: str) -> None:
    assert text.mask_identity(number) == masked


def test_plates_and_accounts_are_masked() -> None:
    assert text.mask_plate("浙A12345") == "浙A12***"
    assert text.mask_plate("浙AD12345") == "浙AD12***"
    assert text.mask_plate("A") == "*"
    assert text.mask_account("6222021234567890123") == "*" * 15 + "0123"
    assert text.mask_account("0123") == "****"


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "number",
    [
        "", "11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X", "440524188001010014", "110105491231002", "E12345678", "H12345678",
        "军字第123456号", "91350100M000100Y43", "911301002360000011", "12345678",
    ],
)  # fmt: skip
def test_true_identity_numbers_and_other_papers_pass(number: str) -> None:
    assert text.identity_problem(number, TODAY) is None


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("110105194912310021", "校验码"), ("110105194912310020", "校验码"),
        ("11010519491331002X", "出生日期"),
        ("11010520300230002X", "出生日期"), ("111111111111111111", "出生日期"),
        ("110105491331002", "出生日期"),
        ("1101051949123100", "18 位，现在是 16 位"), ("1101051949123100211", "现在是 19 位"),
        ("11010519491231", "现在是 14 位"), ("张三", "不该有的字"), ("=cmd|calc", "不该有的字"),
    ],
)  # fmt: skip
def test_false_identity_numbers_are_told_apart(number: str, word: str) -> None:
    problem = text.identity_problem(number, TODAY)
    assert problem is not None
    assert word in problem


def test_a_birth_date_yet_to_come_is_no_birth_date() -> None:
    number = "11010520271231" + "002"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11]
    assert text.identity_problem(number + check, date(2028, 1, 1)) is None
    assert "出生日期" in (text.identity_problem(number + check, TODAY) or "")


@pytest.mark.parametrize(
    "number",
    [
        "", "13812345678", "138 1234 5678", "138-1234-5678", "１３８１２３４５６７８", "+8613812345678",
        "0571-88889999", "(0571)88889999", "057188889999", "88889999", "8888999", "0571-88889999-801",
        "88889999转12",
        "400-123-4567", "4001234567", "12345", "110", "95588", "+85212345678", "13812345678、0571-88889999",
        "13812345678/13912345678",
    ],
)  # fmt: skip
def test_true_telephone_numbers_pass(number: str) -> None:
    assert text.phone_problem(number) is None


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("1381234567", "现在是 10 位"), ("138123456789", "现在是 12 位"), ("12812345678", "电话号码不对"),
        ("张三", "电话号码不对"), ("1.38E+10", "电话号码不对"), ("13812345678、139", "现在是 3 位"),
        ("0", "电话号码不对"),
    ],
)  # fmt: skip
def test_false_telephone_numbers_are_told(number: str, word: str) -> None:
    assert word in (text.phone_problem(number) or "")


@pytest.mark.parametrize(
    "codes",
    [
        ["1-2-101", "1-2-1001", "1-10-101", "2-1-101", "10-1-101"], ["C0002", "C0010", "C0100", "D0001"],
        ["一号楼", "2号楼", "三号楼", "十号楼", "十二号楼", "二十号楼", "一百零一号楼"],
        ["1栋", "2栋", "10栋"],
        ["A", "A1", "A2", "A10", "B1"], ["9", "99999999999999999999", "100000000000000000000"],
    ],
)  # fmt: skip
def test_codes_sort_as_people_count_even_in_the_database(codes: list[str]) -> None:
    assert sorted(reversed(codes), key=text.natural_key) == codes
    database = sqlite3.connect(":memory:")
    database.execute("create table unit (code, sort_key)")
    rows = [(code, text.natural_key(code)) for code in reversed(codes)]
    database.executemany("insert into unit values (?, ?)", rows)
    assert [code for (code,) in database.execute("select code from unit order by sort_key")] == codes
    database.close()


@given(
    st.lists(st.integers(0, 10**30), min_size=1, max_size=4),
    st.lists(st.integers(0, 10**30), min_size=1, max_size=4),
)
def test_natural_order_of_numbered_parts_is_the_order_of_the_numbers(
    left: list[int], right: list[int]
) -> None:
    keys = [text.natural_key("-".join(map(str, parts))) for parts in (left, right)]
    assert (keys[0] < keys[1]) == (left < right)


def test_leading_zeros_and_width_do_not_change_the_key() -> None:
    assert text.natural_key("C0002") == text.natural_key("c2") == text.natural_key("Ｃ０2")


@pytest.mark.parametrize("typed", ["50%", "a_b", "c\\d", "%", "_", "\\", "'; drop table unit --"])
def test_searched_text_is_taken_letter_by_letter(typed: str) -> None:
    database = sqlite3.connect(":memory:")
    pattern = f"%{text.like_literal(typed)}%"
    values = [f"前{typed}后", "axb", "50x", "c/d", "别的"]
    found = [
        value
        for value in values
        if database.execute(r"select ? like ? escape '\'", (value, pattern)).fetchone()[0]
    ]
    assert found == [f"前{typed}后"]
    database.close()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1栋1单元1011", "1-1-1011"), ("1栋1单元1011室", "1-1-1011"), ("1-1-1011", "1-1-1011"),
        ("1栋1011", "1-1011"),
        ("１－１－１０１１", "1-1-1011"), ("1#1-1011", "1-1-1011"), ("1幢1单元1011户", "1-1-1011"),
        ("1号楼1单元1011", "1-1-1011"), ("一号楼一单元1011", "1-1-1011"), ("十二栋二单元301", "12-2-301"),
        ("01-01-1011", "1-1-1011"), ("1 - 1 - 1011", "1-1-1011"), ("1—1—1011", "1-1-1011"),
        ("12号301室", "12-301"),
        ("a座1单元501a", "A-1-501A"), ("1栋-1单元-1011", "1-1-1011"), ("2-3-1-1011", "2-3-1-1011"),
        ("1-B1-02", "1-B1-02"),
    ],
)  # fmt: skip
def test_a_house_number_has_one_form(typed: str, number: str) -> None:
    assert text.house_number(typed) == number
    assert text.house_number(number) == number


@pytest.mark.parametrize(
    "typed", ["", "1011", "C0002", "张三", "1栋", "1-1-", "-1-1", "1--1", "A-B", "1-2-3-4-5", "1.1.101"]
)
def test_what_is_no_house_number_is_none(typed: str) -> None:
    assert text.house_number(typed) is None


def test_a_few_names_stand_for_many() -> None:
    assert text.few([], "户") == "" and text.few(["甲", "乙", "丙"], "户") == "甲、乙、丙"
    assert text.few(["甲", "乙", "丙", "丁"], "户") == "甲、乙、丙 等 4 户"
    assert text.few(["甲", "乙"], "份", most=1) == "甲 等 2 份"
    assert text.few(["甲"] * 1200, "户", most=1) == "甲 等 1,200 户"


def test_what_is_brief_stays() -> None:
    assert (text.brief("甲乙", 2), text.brief("甲乙丙", 2), text.brief("", 2)) == ("甲乙", "甲乙…", "")
