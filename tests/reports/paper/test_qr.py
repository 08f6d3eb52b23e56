"""QR codes: the right modules, and what a scanner reads from the printed page."""

import shutil
import subprocess
from pathlib import Path

import pytest
from reportlab.graphics.barcode.qr import QrCodeWidget

from reports.paper import write_pdf
from reports.paper.qr import _data_words, _symbol, modules, runs
from tests.reports.paper.samples import LETTERHEAD, PRINTED, notice

VALUES = ["PC:FE-02:JF-202611-3-1-1204", "A", "PC:FE-06:SJ-2026-000123", "x" * 60, "y" * 100]


@pytest.mark.parametrize("value", VALUES)
def test_the_modules_are_those_of_an_independent_encoder(value: str) -> None:
    widget = QrCodeWidget(value, barLevel="M")
    widget.qr.make()
    size = widget.qr.getModuleCount()
    expected = tuple(
        "".join("1" if widget.qr.isDark(y, x) else "0" for x in range(size)) for y in range(size)
    )
    version, words = _data_words(value)
    symbol = _symbol(version)
    drawn = symbol.drawn(words)
    masked = [symbol.rows(drawn ^ mask) for mask in symbol.masks]
    assert expected in masked
    assert modules(value) in masked


def test_the_mask_chosen_has_the_least_penalty() -> None:
    version, words = _data_words("PC:FE-02:JF-202611-3-1-1204")
    symbol = _symbol(version)
    drawn = symbol.drawn(words)
    assert symbol.penalty(symbol.best(drawn)) == min(symbol.penalty(drawn ^ m) for m in symbol.masks)


def test_runs_cover_exactly_the_dark_modules() -> None:
    rows = modules("PC:FE-02:1")
    painted = [["0"] * len(rows) for _ in rows]
    for row, left, length in runs("PC:FE-02:1"):
        assert set(painted[row][left : left + length]) == {"0"}
        painted[row][left : left + length] = "1" * length
    assert tuple("".join(row) for row in painted) == rows


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        modules("x" * 500)


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler-utils is not installed")
def test_the_printed_code_shows_its_modules(tmp_path: Path) -> None:
    from PIL import Image

    write_pdf(tmp_path / "a.pdf", [notice()], LETTERHEAD, PRINTED)
    subprocess.run(
        ["pdftoppm", "-r", "254", "-gray", "-png", "-singlefile", tmp_path / "a.pdf", tmp_path / "a"],
        check=True,
    )
    rows = modules("PC:FE-02:JF-202611-3-1-1000")
    step = 160 / len(rows)  # pixels: ten to a millimetre, sixteen millimetres
    with Image.open(tmp_path / "a.png") as picture:
        page = picture.convert("L")
        seen = tuple(
            "".join(
                "1"
                if page.getpixel((int(250 + (x + 0.5) * step), int(250 + (y + 0.5) * step))) < 128
                else "0"
                for x in range(len(rows))
            )
            for y in range(len(rows))
        )
    assert seen == rows


@pytest.mark.skipif(
    not (shutil.which("zbarimg") and shutil.which("pdftoppm")), reason="zbar-tools is not installed"
)
@pytest.mark.parametrize("number", ["JF-202611-3-1-1204", "JF-202611-3栋1单元1204", "SJ-2026-000001"])
def test_a_scanner_reads_the_number_from_a_page_of_ordinary_resolution(tmp_path: Path, number: str) -> None:
    write_pdf(tmp_path / "a.pdf", [notice(number=number)], LETTERHEAD, PRINTED)
    subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-singlefile", tmp_path / "a.pdf", tmp_path / "a"], check=True
    )
    read = subprocess.run(["zbarimg", "-q", "--raw", tmp_path / "a.png"], capture_output=True, text=True)
    assert set(read.stdout.split()) == {f"PC:FE-02:{number}"}
