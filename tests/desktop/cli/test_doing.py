import json
from pathlib import Path

import pytest

from desktop.cli.command import Usage
from desktop.cli.doing import split_words, values_in
from models.deeds import DEEDS
from models.errors import BadInput
from tests.desktop.conftest import Console


def test_every_deed_is_named_with_what_it_asks_for(console: Console) -> None:
    told = console("deeds", "--json")
    assert told.code == 0 and [one["name"] for one in told.json] == sorted(DEEDS)
    receive = next(one for one in told.json if one["name"] == "fees.receive")
    assert receive["record"] == "Unit" and receive["title"] == "收款"
    amount = next(one for one in receive["inputs"] if one["name"] == "amount")
    assert (amount["label"], amount["kind"], amount["required"]) == ("收款金额", "money", True)
    method = next(one for one in receive["inputs"] if one["name"] == "method")
    assert "微信" in method["choices"]


def test_one_deed_is_explained_in_words(console: Console) -> None:
    told = console("deeds", "fees.receive").out
    assert told.startswith("fees.receive  收款") and "amount=…  收款金额  必填" in told


def test_a_deed_is_done_by_key_and_fields_and_shown_as_json(console: Console, path: Path) -> None:
    done = console("do", "fees.receive", "1-1-101", "amount=12.50", "method=转账", "--db", path)
    assert done.code == 0
    assert (done.json["amount"], done.json["method"], done.json["payer"]) == ("12.50", "转账", "1")


def test_fields_come_from_a_file_and_the_command_line_overrides_it(
    console: Console, path: Path, tmp_path: Path
) -> None:
    file = tmp_path / "收款.json"
    file.write_text(json.dumps({"amount": 99.10, "method": "微信", "reference": None}), encoding="utf-8")
    done = console("do", "fees.receive", "--file", file, "1-1-101", "method=现金", "--db", path)
    assert (done.json["amount"], done.json["method"]) == ("99.10", "现金")


def test_a_personal_number_is_masked_in_the_answer(console: Console, path: Path) -> None:
    words = ("number=P9", "name=张三", "phone=13812345678")
    done = console("do", "owners.add_person", *words, "--db", path)
    assert done.json["phone"] == "138****5678"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("fees.nothing",), "没有操作"),
        (("fees.receive",), "房号"),
        (("fees.receive", "1-1-101"), "没有填收款金额"),
        (("fees.receive", "1-1-101", "amount=1", "colour=red"), "没有这些栏目：colour"),
        (("fees.receive", "9-9-9", "amount=1"), "没有房号"),
        (("fees.close_day", "2020-07-01"), "不用写"),
        (("fees.close_day", "day="), "没有填"),
    ],
)
def test_a_deed_that_cannot_be_is_refused(
    console: Console, path: Path, words: tuple[str, ...], told: str
) -> None:
    refused = console("do", *words, "--db", path)
    assert (refused.code, refused.out) == (3, "") and told in refused.err


def test_a_deed_asks_for_the_right(console: Console, path: Path) -> None:
    refused = console("do", "office.add_staff", "number=9", "name=x", "--db", path, "--user", "cash")
    assert refused.code == 4


def test_words_are_a_key_and_fields() -> None:
    assert split_words(["1-1-101", "a=1", "b=x=y\nz", "c="]) == (
        "1-1-101",
        {"a": "1", "b": "x=y\nz", "c": ""},
    )
    assert split_words([]) == (None, {})


@pytest.mark.parametrize("words", [["a", "b"], ["a=1", "a=2"], ["a=1", "x y", "z"]])
def test_words_that_are_neither_are_wrong_use(words: list[str]) -> None:
    with pytest.raises(Usage):
        split_words(words)


def test_numbers_of_a_file_keep_every_digit(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text('{"a": 90071992547409.93, "b": 1e3, "c": true, "d": [1, null], "e": "x", "f": {"g": 0}}')
    assert values_in(file) == {
        "a": "90071992547409.93", "b": "1000", "c": "是", "d": ["1", None], "e": "x", "f": {"g": "0"},
    }  # fmt: skip


@pytest.mark.parametrize("content", ["", "[1]", "{", "\udcff", "[" * 100_000, '"x"'])
def test_what_is_no_object_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput):
        values_in(file)
    with pytest.raises(BadInput):
        values_in(tmp_path / "none.json")


def test_a_run_is_undone_as_one_batch(console: Console, path: Path) -> None:
    batch = console("bill", "2020-06", "--db", path, "--json").json["batch"]
    listed = console("batches", "--db", path, "--json").json
    assert [(one["id"], one["state"], one["amount"]) for one in listed] == [(batch, "有效", "234.65")]
    undone = console("undo", batch, "--db", path, "--json")
    assert undone.code == 0 and undone.json["state"] == "已撤销"
    assert console("list", "bills", "--db", path, "--json").json == []
    assert len(console("list", "bills", "--void", "--db", path, "--json").json) == 2
    assert console("undo", batch, "--db", path).code == 3
    assert console("bill", "2020-06", "--db", path, "--json").json["lines"] == 2


@pytest.mark.parametrize("batch", ["99", "abc", "-1"])
def test_a_batch_that_is_not_there_cannot_be_undone(console: Console, path: Path, batch: str) -> None:
    assert console("undo", batch, "--db", path).code == 3


def test_what_is_paid_cannot_be_undone(console: Console, path: Path) -> None:
    batch = console("bill", "2020-06", "--db", path, "--json").json["batch"]
    console("pay", "1-1-101", "1", "--db", path)
    refused = console("undo", batch, "--db", path)
    assert refused.code == 3 and "收了款" in refused.err
    assert len(console("list", "bills", "--db", path, "--json").json) == 2


def test_several_records_may_stand_in_a_file_by_their_keys(
    console: Console, path: Path, tmp_path: Path
) -> None:
    console("bill", "2020-06", "--db", path)
    number = console("list", "bills", "--db", path, "--json").json[0]["id"]
    wish = tmp_path / "wish.json"
    for bills, code, words in (
        ([number], 0, ""),
        ([999_999], 3, "没有账单"),
        ([None], 3, "不对"),
        ({}, 3, "逗号"),
    ):
        wish.write_text(json.dumps({"amount": "1.00", "bills": bills}), encoding="utf-8")
        done = console("do", "fees.receive", "1-1-101", "--file", wish, "--db", path)
        assert (done.code, words in done.err) == (code, True), done.err
    wish.write_text(json.dumps({"amount": "1.00", "unit": 999_999}), encoding="utf-8")
    assert console("do", "fees.receive", "--file", wish, "--db", path).code == 3
