"""字体: the fonts that ship draw every name and sign of an office, on screen and on paper."""

import pytest
from pytestqt.qtbot import QtBot
from reportlab.pdfbase.ttfonts import TTFont

from resources import find

REGULAR, BOLD, FALLBACK = "NotoSansSC-Regular", "NotoSansSC-Bold", "HanaMinB"
SIGNS = "（）《》【】〔〕“”‘’…—–·、。，：；！？￥¥㎡㎥°℃±×÷≤≥≠−○●◎□■△▲▼▶◀◆★☆✓←↑→↓①⑩⑳ⅠⅫ┌─┼│〇※№‰"
RARE = "䶮㛃㙍䲟𬭎𪟝𫄸"
FALLBACK_ONLY = "𠮷𬢳𠱁☐☑☒▾▸✕✗≒"


def face(name: str) -> dict[int, int]:
    """Return what ReportLab draws with this font: glyph by character."""
    glyphs: dict[int, int] = TTFont(name, str(find(f"fonts/{name}.ttf"))).face.charToGlyph
    return glyphs


def gbk() -> set[str]:
    """Return every character of GBK beyond ASCII."""
    pairs = (bytes((a, b)).decode("gbk", "ignore") for a in range(0x81, 0xFF) for b in range(0x40, 0xFF))
    return {pair for pair in pairs if len(pair) == 1 and ord(pair) > 0x7F}


@pytest.mark.parametrize("name", [REGULAR, BOLD])
def test_the_main_fonts_draw_gbk_the_signs_and_the_rare_names_of_the_standard(name: str) -> None:
    glyphs = face(name)
    wanted = (gbk() | set(SIGNS + RARE) | {chr(code) for code in range(0xFF01, 0xFF5F)}) - set(FALLBACK_ONLY)
    assert sorted(character for character in wanted if ord(character) not in glyphs) == []


def test_the_fallback_draws_what_the_main_font_lacks() -> None:
    main, fallback = face(REGULAR), face(FALLBACK)
    assert [character for character in FALLBACK_ONLY if ord(character) in main] == []
    assert [character for character in FALLBACK_ONLY if ord(character) not in fallback] == []


@pytest.mark.parametrize("name", [REGULAR, BOLD])
def test_digits_are_equally_wide_so_that_sums_align(name: str) -> None:
    font = TTFont(name, str(find(f"fonts/{name}.ttf")))
    assert len({font.stringWidth(digit, 10) for digit in "0123456789"}) == 1


@pytest.mark.parametrize(
    ("name", "family"), [(REGULAR, "Noto Sans SC"), (BOLD, "Noto Sans SC"), (FALLBACK, FALLBACK)]
)
def test_the_window_can_use_each_font(name: str, family: str, qtbot: QtBot) -> None:
    from PySide6.QtGui import QFontDatabase

    number = QFontDatabase.addApplicationFont(str(find(f"fonts/{name}.ttf")))
    assert QFontDatabase.applicationFontFamilies(number) == [family]


@pytest.mark.parametrize("name", ["NotoSansSC-LICENSE.txt", "HanaMinB-LICENSE.txt"])
def test_each_font_ships_with_its_licence(name: str) -> None:
    assert "icen" in find(f"fonts/{name}").read_text(encoding="utf-8")
