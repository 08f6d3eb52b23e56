"""拼音: a name is found by the surname's reading and by the wrong one, and costs no more than the library."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import pinyin


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("曾国藩", "zengguofan", "zgf"), ("单雄信", "shanxiongxin", "sxx"), ("仇英", "qiuying", "qy"),
        ("查良镛", "zhaliangyong", "zly"), ("翟志刚", "zhaizhigang", "zzg"), ("区志航", "ouzhihang", "ozh"),
        ("解缙", "xiejin", "xj"), ("任我行", "renwoxing", "rwx"), ("盖叫天", "gejiaotian", "gjt"),
        ("朴树", "piaoshu", "ps"), ("尉迟恭", "yuchigong", "ycg"), ("万俟卨", "moqixie", "mqx"),
        ("欧阳修", "ouyangxiu", "oyx"), ("单于明", "chanyuming", "cym"), ("王芳", "wangfang", "wf"),
        ("吕布", "lvbu", "lb"), ("张", "zhang", "z"), ("张䶮", "zhangyan", "zy"),
        ("𠮷野家", "𠮷yejia", "𠮷yj"),
        ("A1物业", "a1wuye", "a1wy"), ("买买提·艾力", "maimaitiaili", "mmtal"),
        ("重庆物业", "chongqingwuye", "cqwy"),
        ("", "", ""), ("·", "", ""),
    ],
)  # fmt: skip
def test_a_name_reads_as_people_say_it(name: str, full: str, initials: str) -> None:
    assert pinyin.readings(name) == pinyin.Reading(full, initials)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("曾国藩", ["zgf", "cgf", "zengguofan", "cengguofan"]),
        ("单于明", ["cym", "sym", "dym", "shanyuming"]),
        ("翟志刚", ["zhai", "dizhi"]), ("盖叫天", ["ge", "gai"]), ("尉迟恭", ["yuchi", "weichi"]),
        ("重耳", ["chonger", "zhonger"]), ("重庆物业", ["cqwy", "zqwy"]), ("王芳", ["wangfang", "wf"]),
    ],
)  # fmt: skip
def test_a_name_is_found_by_the_right_and_the_wrong_reading(name: str, typed: list[str]) -> None:
    keys = pinyin.search_keys(name)
    assert all(part in keys for part in typed)
    assert len(keys.split()) == len(set(keys.split()))


def test_every_surname_of_the_table_is_found_by_each_of_its_readings() -> None:
    table = pinyin._surnames()
    assert len(table) >= 100
    for surname, ways in table.items():
        keys = pinyin.search_keys(surname + "文华").split()
        for way in ways:
            assert len(way) == len(surname)
            assert "".join(way) + "wenhua" in keys


def test_a_plain_name_has_two_keys_and_nothing_has_none() -> None:
    assert pinyin.search_keys("王芳") == "wangfang wf"
    assert pinyin.search_keys("") == ""
    assert pinyin.search_keys("· -") == ""


HANZI = st.sampled_from("王李张刘建国强重庆银行长乐家和平安大小明文华中心得意了不起𠮷䶮A1 ·")


@given(st.text(HANZI, max_size=14))
def test_the_quick_way_reads_exactly_as_the_library(name: str) -> None:
    from pypinyin import lazy_pinyin

    assert pinyin._syllables(name) == lazy_pinyin(name, errors=list)  # type: ignore[arg-type]


def test_the_library_is_not_loaded_until_a_name_is_read() -> None:
    program = "import sys, models.pinyin; sys.exit('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0
