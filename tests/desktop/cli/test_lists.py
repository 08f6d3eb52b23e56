from pathlib import Path

import pytest

from desktop.cli import output
from models.listings import LISTS
from tests.desktop.conftest import Console


def test_an_empty_option_is_not_taken_for_none(console: Console, path: Path) -> None:
    for words in (
        ("list", "bills", "--state", ""),
        ("batches", "--state", ""),
        ("pay", "1-1-101", "1", "--on", ""),
        ("backup", ""),
    ):
        refused = console(*words, "--db", path)
        assert (refused.code, refused.out) == (2, "")
        assert "是空的：请填写，或不写这一项。" in refused.err and "argument" not in refused.err


def test_a_list_is_a_table_with_its_totals(console: Console, path: Path) -> None:
    console("bill", "2020-06", "--db", path)
    told = console("list", "bills", "--db", path).out.splitlines()
    assert told[-1].startswith("共 2 行") and "234.65" in told[-1]
    assert "应收" in told[0] and len({output.width(line) for line in told[1:3]}) == 1


def test_an_empty_list_is_brackets(console: Console, path: Path) -> None:
    assert console("list", "bills", "--json", "--db", path).out == "[]\n"


def test_bills_have_the_words_that_machines_look_for(console: Console, path: Path) -> None:
    console("bill", "2020-06", "--db", path)
    first = console("list", "bills", "--json", "--db", path).json[0]
    wanted = {"unit": "1-1-101", "item": "物业费", "month": "2020-06", "amount": "130.00", "paid": "0.00"}
    assert {name: first[name] for name in wanted} == wanted


def test_filters_narrow_a_list(console: Console, path: Path) -> None:
    console("bill", "2020-06", "--db", path)
    console("bill", "2020-07", "--db", path)

    def units(*words: str) -> list[str]:
        return [row["unit"] for row in console("list", "bills", "--json", *words, "--db", path).json]

    assert len(units()) == 4
    assert units("--period", "2020-07") == ["1-1-101", "1-1-102"]
    assert units("--unit", "1栋1单元101") == ["1-1-101", "1-1-101"]
    assert len(units("--building", "1", "--item", "1", "--period", "2020Q3")) == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nonsense",), "没有名单“nonsense”"),
        (("bills", "--period", "2020-13"), "不是期间"),
        (("bills", "--unit", "9-9-9"), "没有房号"),
        (("bills", "--building", "9"), "楼栋"),
        (("bills", "--item", "9"), "收费项目"),
        (("bills", "--state", "没有的"), "没有状态"),
        (("health", "--unit", "1-1-101"), "不能按 unit 筛选"),
        (("receipts", "--on", "哪天"), "不是日期"),
        (("bills", "--unit", ""), "没有房号"),
    ],
)
def test_a_list_that_cannot_be_is_refused(
    console: Console, path: Path, words: tuple[str, ...], told: str
) -> None:
    refused = console("list", *words, "--db", path, "--json")
    assert (refused.code, refused.out) == (3, "") and told in refused.err


def test_a_list_needs_the_right(console: Console, path: Path) -> None:
    refused = console("list", "audit", "--db", path, "--user", "cash")
    assert (refused.code, refused.out) == (4, "")


def test_without_a_name_the_lists_are_named_and_no_office_is_opened(console: Console) -> None:
    told = console("list", "--json")
    assert told.code == 0 and {one["name"] for one in told.json} == set(LISTS)
    assert "账单" in console("list").out


def test_every_list_can_be_read_both_ways(console: Console, path: Path) -> None:
    console("bill", "2020-06", "--db", path)
    console("pay", "1-1-101", "200", "--db", path)
    for name in sorted(LISTS):
        told = console("list", name, "--json", "--db", path)
        assert told.code == 0, (name, told.err)
        assert isinstance(told.json, list), name
        shown = console("list", name, "--db", path)
        assert shown.code == 0 and "共 " in shown.out.splitlines()[-1], name
