"""审批单 OF-23, printed into real PDFs and read back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from desktop import modules, printing
from models.deeds import acting
from models.errors import BadInput, PermissionDenied
from models.office.deputies import set_deputy
from reports.approvals import cells_of, sheet_of, signed_on
from tests.models.office.chain_world import People, apply, waiving
from tests.office_people import worker

modules.load_papers()


@pytest.fixture(autouse=True)
def waive() -> Iterator[list[tuple[str, str]]]:
    with waiving() as done:
        yield done


@pytest.fixture
def people(office: Any) -> People:
    return People()


def printed(path: Path, **asked: Any) -> str:
    printing.print_form("OF-23", out=path, **asked)
    return "".join(page.extract_text() for page in PdfReader(path).pages).replace(" ", "").replace("\n", "")


def test_it_says_what_was_applied_for_and_who_decided_what(people: People, tmp_path: Path) -> None:
    friend = worker("代班", "资料员")
    set_deputy(friend, account=people.manager)
    asked = apply(people.clerk, "-1234.50")
    with acting(friend):
        asked.approve("情况属实")
    with acting(people.clerk):
        told = printed(tmp_path / "a.pdf", number=asked.number)
    for words in (
        asked.number,
        "减免",
        "李会计",
        "-1,234.50",
        "负壹仟贰佰叁拾肆元伍角",
        "漏水",
        "待审批",
        "草稿",
    ):
        assert words in told, words
    assert "代班代王主任" in told and "情况属实" in told and "公司" in told
    with acting(people.chief):
        asked.approve()
        told = printed(tmp_path / "b.pdf", number=asked.number)
    assert "草稿" not in told and "已批准" in told and told.count("常副总") == 3


@pytest.mark.parametrize(("act", "mark"), [("reject", "驳回"), ("withdraw", "作废")])
def test_what_was_not_approved_says_so_across_the_paper(people: People, act: str, mark: str) -> None:
    asked = apply(people.clerk)
    with acting(people.manager if act == "reject" else people.clerk):
        asked.reject("不行") if act == "reject" else asked.withdraw()
    assert sheet_of(asked).watermark == mark


def test_other_papers_take_its_cells_and_what_stands_in_them(people: People) -> None:
    asked = apply(people.clerk, "-1000.00")
    with acting(people.manager):
        asked.approve()
    assert [one.label for one in cells_of(asked)] == ["申请", "主任", "公司"]
    assert all(one.width >= 20 and one.height >= 9 for one in cells_of(asked))
    signed = signed_on(asked)
    assert sorted(signed) == ["主任", "申请"] and signed["主任"].startswith("王主任 同意 20")


def test_two_chains_in_one_file_have_each_its_own_cells(people: People, tmp_path: Path) -> None:
    small, large = apply(people.clerk, "-1.00"), apply(people.clerk, "-1000.00")
    printing.print_form("OF-23", out=tmp_path / "x.pdf", number=f"{small.number}、{large.number}")
    first, second = (page.extract_text() for page in PdfReader(tmp_path / "x.pdf").pages)
    assert "公司" not in first and "公司" in second


def test_long_words_and_rare_characters_go_on_to_the_next_page(people: People, tmp_path: Path) -> None:
    asked = apply(
        people.clerk, note="䶮𠮷㛃" + "水管漏水，地板泡坏，按合同第三条减免。" * 100, name="㛃" * 40
    )
    done = printing.print_form("OF-23", out=tmp_path / "x.pdf", number=asked.number)
    assert done.pages >= 2 and not any("没有字体" in one for one in done.remarks)
    told = "".join(page.extract_text() for page in PdfReader(tmp_path / "x.pdf").pages)
    assert "䶮𠮷㛃" in told.replace("\n", "")


def test_an_empty_one_can_be_filled_in_by_hand(people: People, tmp_path: Path) -> None:
    told = printed(tmp_path / "x.pdf", blank=True)
    assert "审批单" in told and "人民币（大写）" in told and "批准" in told and "签" not in told


def test_it_is_printed_by_number_and_for_whom_it_concerns(people: People, tmp_path: Path) -> None:
    asked = apply(people.clerk)
    with pytest.raises(BadInput, match="请写明审批单号"):
        printing.print_form("OF-23", out=tmp_path / "x.pdf")
    with acting(worker("巡逻", "巡逻员")), pytest.raises(PermissionDenied, match="与您无关"):
        printing.print_form("OF-23", out=tmp_path / "x.pdf", number=asked.number)
