"""Text: what is taken out before printing, and where lines break."""

import pytest

from reports.paper.text import break_lines, clean


def width(text: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in text)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("王\x00桂\x07芳\x9f", "王桂芳"),
        ("a\tb\xa0c", "a b c"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("\u202e倒着写\u2066", "倒着写"),
        ("葛\U000e0101", "葛"),
        ("\ufeff\ufffe\uffff\ud800好", "好"),
        ("cafe\u0301", "café"),
        ("零\u200b宽", "零宽"),
    ],
)
def test_what_cannot_be_printed_is_left_out(typed: str, printed: str) -> None:
    assert clean(typed) == printed


def test_lines_are_no_wider_than_the_room() -> None:
    text = "计费面积（产权证）× 单价 × 1 个月，见公示 FT-202611-003，共 12,345.67 元。" * 5
    lines = break_lines(text, 20, width)
    assert all(width(line) <= 20 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_closing_marks_never_begin_a_line_and_opening_marks_never_end_one() -> None:
    for room in range(6, 20):
        lines = break_lines("甲乙（丙丁），戊己：“庚辛”。壬癸！子丑（寅卯）、辰巳", room, width)
        assert not any(line[0] in "，。）：”！、" for line in lines)
        assert not any(line[-1] in "（“" for line in lines)


@pytest.mark.parametrize("word", ["FT-202611-003", "12,345.67", "2026年", "412.30元"])
def test_words_and_figures_stay_whole(word: str) -> None:
    lines = break_lines(f"一二三四五{word}六七八九十", 8, width)
    assert any(word in line for line in lines)


def test_a_word_wider_than_the_room_is_cut_rather_than_left_out() -> None:
    lines = break_lines("x" * 100, 10, width)
    assert [len(line) for line in lines] == [20] * 5


def test_line_feeds_of_the_writer_stay() -> None:
    assert break_lines("一\n\n二", 10, width) == ["一", "", "二"]
