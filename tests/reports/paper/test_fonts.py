"""Fonts: ours alone, embedded; rare names found, copied and searched; what is missing is told."""

import shutil
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.paper import missing_glyphs, write_pdf
from reports.paper.fonts import BOLD, FALLBACK, REGULAR, font_of
from tests.reports.paper.samples import LETTERHEAD, PRINTED, notice, report

RARE = "䶮𠮷㛃𬭎㙍䲟𬢳𠱁𪟝𫄸"


def test_a_character_falls_back_to_the_font_that_has_it() -> None:
    assert font_of("王") == REGULAR
    assert font_of("王", bold=True) == BOLD
    assert font_of("𠮷") == font_of("𠮷", bold=True) == FALLBACK
    assert font_of("😀") is None


def test_what_no_font_has_is_told_before_printing() -> None:
    assert missing_glyphs([RARE, "王 桂\n芳", "张😀", "\u202e"]) == {"😀"}
    assert missing_glyphs([]) == set()


def test_a_missing_character_is_visible_on_paper_and_reported(tmp_path: Path) -> None:
    outcome = write_pdf(tmp_path / "a.pdf", [notice(values={"payer": "张😀"})], LETTERHEAD, PRINTED)
    assert outcome.missing == {"😀"}
    assert "张〓" in PdfReader(tmp_path / "a.pdf").pages[0].extract_text()


def test_only_our_fonts_are_used_and_all_are_embedded_in_part(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", [notice(4), report(1)], LETTERHEAD, PRINTED)
    fonts = [
        font.get_object()
        for page in PdfReader(tmp_path / "a.pdf").pages
        for font in page["/Resources"]["/Font"].values()
    ]
    names = {str(font["/BaseFont"]) for font in fonts}
    assert {name.split("+")[1] for name in names} == {REGULAR, BOLD, FALLBACK}
    assert all("+" in name for name in names)
    assert all("/FontFile2" in font["/FontDescriptor"] and "/ToUnicode" in font for font in fonts)


def test_rare_names_are_read_back_as_they_were_typed(tmp_path: Path) -> None:
    write_pdf(tmp_path / "a.pdf", [notice(values={"payer": RARE})], LETTERHEAD, PRINTED)
    assert RARE in PdfReader(tmp_path / "a.pdf").pages[0].extract_text()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed")
def test_other_programs_find_and_copy_rare_names_too(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    write_pdf(path, [notice(values={"payer": RARE})], LETTERHEAD, PRINTED)
    read = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True)
    assert RARE in read.stdout


@pytest.mark.skipif(not shutil.which("pdffonts"), reason="poppler-utils is not installed")
def test_no_font_of_the_reader_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    write_pdf(path, [notice(4)], LETTERHEAD, PRINTED)
    listed = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listed.splitlines()[2:]]
    assert rows and all(row[1:2] == ["TrueType"] and row[3:6] == ["yes"] * 3 for row in rows)
    assert "Helvetica" not in listed
