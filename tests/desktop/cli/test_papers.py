from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.desktop.conftest import Console


def _text(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def test_the_forms_of_fees_are_listed_without_an_office(console: Console) -> None:
    told = console("forms", "--json")
    assert told.code == 0
    codes = {one["code"] for one in told.json}
    assert {"FE-01", "FE-02", "FE-03", "FE-06", "FE-07", "FE-08", "FE-11"} <= codes
    assert set(told.json[0]) == {"code", "title", "module", "paper"}
    assert "交费通知单" in console("forms").out


def test_notices_receipts_rates_and_arrears_print(console: Console, path: Path, tmp_path: Path) -> None:
    console("bill", "2020-06", "--db", path)
    receipt = console("pay", "1-1-101", "100", "--on", "2020-07-01", "--db", path, "--json").json["receipt"]
    for words, wanted in (
        (("FE-02", "--period", "2020-06"), "交费通知单"),
        (("FE-06", "--number", receipt), "壹佰元整"),
        (("FE-07", "--period", "2020-06"), "收缴率"),
        (("FE-08", "--period", "2020-12-31"), "欠费"),
        (("FE-11", "--period", "2020-07-01"), receipt),
    ):
        out = tmp_path / f"{words[0]}.pdf"
        done = console("print", *words, "--out", out, "--db", path, "--json")
        assert done.code == 0, done.err
        assert done.json["sheets"] >= 1 and done.json["pages"] == len(PdfReader(out).pages)
        assert wanted in _text(out)


def test_a_blank_form_prints(console: Console, path: Path, tmp_path: Path) -> None:
    out = tmp_path / "空白.pdf"
    assert console("print", "FE-02", "--blank", "--out", out, "--db", path).code == 0
    assert "交费通知单" in _text(out)


def test_neither_the_office_nor_the_workbook_that_is_read_is_written_over(
    console: Console, path: Path, tmp_path: Path
) -> None:
    book = tmp_path / "模板.xlsx"
    assert console("template", "owners", "--out", book).code == 0
    kept = book.read_bytes()
    for words in (
        ("print", "FE-02", "--blank", "--out", path),
        ("export", "units", "--out", path),
        ("template", "owners", "--out", path),
        ("import", book, "--dry-run", "--errors", path),
        ("import", book, "--dry-run", "--errors", book),
    ):
        refused = console(*words, "--db", path)
        assert refused.code == 3, words
    assert book.read_bytes() == kept
    assert console("check", "--db", path).code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("FE-99",), "没有表单"),
        (("FE-02", "--period", "2020-13"), "不是期间"),
        (("FE-02", "--period", "1999-01"), "没有可打印的"),
        (("FE-06", "--number", "SJ-1999-000001"), "没有收据"),
        (("FE-07", "--number", "1"), "没有报表存档"),
        (("FE-02", "--unit", "9-9-9"), "没有房号"),
    ],
)
def test_a_paper_that_cannot_be_is_refused_and_leaves_no_file(
    console: Console, path: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    refused = console("print", *words, "--out", tmp_path / "x.pdf", "--db", path, "--json")
    assert (refused.code, refused.out) == (3, "") and told in refused.err
    assert list(tmp_path.glob("x.pdf*")) == []


def test_printing_needs_the_right(console: Console, path: Path, tmp_path: Path) -> None:
    console("do", "office.take_role", "cash", "role=收款员", "--db", path)
    refused = console(
        "print", "FE-02", "--period", "2020-06", "--out", tmp_path / "x.pdf", "--db", path, "--user", "cash"
    )
    assert refused.code == 4 and not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize("words", ["print FE-02 --period 2020-06", "export bills", "template owners"])
def test_a_folder_in_place_of_a_file_is_refused_in_words(
    console: Console, path: Path, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    console("bill", "2020-06", "--db", path)
    monkeypatch.chdir(tmp_path)
    done = console(*words.split(), "--out", ".", "--db", path)
    assert (done.code, "是文件夹" in done.err) == (3, True)
