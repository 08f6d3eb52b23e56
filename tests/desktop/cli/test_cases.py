"""A call from the command line: taken, answered, listed, printed; refusals are sentences with exit code 3."""

from pathlib import Path

import pytest

from tests.desktop.conftest import Console

CALL = ("do", "complaints.take_call", "unit=1-1-101")


def taken(console: Console, path: Path, matters: str = "T16|态度不好") -> None:
    done = console(*CALL, f"matters={matters}", "--db", path)
    assert done.code == 0, done.err


def test_a_call_of_two_matters_is_taken_and_listed(console: Console, path: Path) -> None:
    taken(console, path, "T16|态度不好\nB03|龙头漏水")
    rows = console("list", "cases", "--json", "--db", path).json
    assert [(row["sort"], row["unit"], row["matter"], row["caller"]) for row in rows] == [
        ("投诉", "1-1-101", "服务态度差", "王桂芳"),
        ("报修", "1-1-101", "龙头洁具损坏", "王桂芳"),
    ]
    assert (
        console("list", "complaints", "--unit", "1-1-101", "--json", "--db", path).json[0]["state"]
        == "已登记"
    )
    assert console("list", "repairs", "--state", "已派工", "--json", "--db", path).json == []


def test_a_complaint_is_brought_on_and_its_steps_are_told(console: Console, path: Path) -> None:
    taken(console, path)
    number = console("list", "complaints", "--json", "--db", path).json[0]["number"]
    for words in (
        ("complaints.assign", f"cases={number}", "handler=0002"),
        ("complaints.answer", number, "answer=已解释"),
        ("complaints.review", f"cases={number}"),
    ):
        done = console("do", *words, "--db", path)
        assert done.code == 0, done.err
    steps = console("list", "case_steps", "--case", number, "--json", "--db", path).json
    assert {step["step"] for step in steps} == {"登记", "派单", "开始处理", "答复业主", "审核通过"}
    assert (
        console("list", "visit_tasks", "--case", number, "--json", "--db", path).json[0]["handler"] == "钱进"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("complaints.close", "cases={}"), "还没有派单"),
        (("complaints.answer", "{}", "answer=x"), "请先派单"),
        (("complaints.dispatch", "cases={}", "worker=0002"), "是投诉，不是报修"),
        (("complaints.start", "{}", "at=2199-01-01 08:00"), "还没有到"),
        (("complaints.answer", "TS-209901-001", "answer=x"), "没有受理单"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_nothing_is_written(
    console: Console, path: Path, words: tuple[str, ...], told: str
) -> None:
    taken(console, path)
    number = console("list", "complaints", "--json", "--db", path).json[0]["number"]
    before = console("list", "cases", "--json", "--db", path).out
    refused = console("do", *(word.format(number) for word in words), "--db", path)
    assert refused.code == 3 and told in refused.err
    assert console("list", "cases", "--json", "--db", path).out == before


def test_the_papers_of_a_call_are_printed(console: Console, path: Path, tmp_path: Path) -> None:
    taken(console, path, "T16|态度不好\nB03|龙头漏水")
    for code in ("CS-02", "CS-03"):
        listed = "complaints" if code == "CS-02" else "repairs"
        number = console("list", listed, "--json", "--db", path).json[0]["number"]
        out = tmp_path / f"{code}.pdf"
        assert console("print", code, "--number", number, "--out", out, "--db", path).code == 0
    month = console("list", "complaints", "--json", "--db", path).json[0]["received_at"][:7]
    assert console("print", "CS-01", "--period", month, "--out", tmp_path / "1.pdf", "--db", path).code == 0
