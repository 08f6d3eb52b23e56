import pytest
from PySide6.QtCore import Qt

from ui.words import Elided, Plain, redden

SENTENCE = "已收 1-1-101 100.00 元　收据 SJ-2026-000001"


@pytest.fixture
def label(_dressed: None) -> Elided:
    made = Elided(SENTENCE)
    made.resize(made.fontMetrics().horizontalAdvance(SENTENCE) + 4, 30)
    return made


def test_a_sentence_with_room_is_shown_whole_and_without_a_tooltip(label: Elided) -> None:
    assert label.toolTip() == ""


def test_one_without_room_ends_in_dots_and_its_tooltip_has_the_parts(label: Elided) -> None:
    whole = label.grab().toImage()
    label.resize(120, 30)
    shown = label.grab().toImage()
    assert label.toolTip() == SENTENCE.replace("\u3000", "\n")
    assert label.text() == SENTENCE
    dots = label.fontMetrics().elidedText(SENTENCE, Qt.TextElideMode.ElideRight, 120)
    label.setText(dots)
    assert label.grab().toImage() == shown != whole.copy(0, 0, 120, 30)


@pytest.mark.parametrize(
    ("words", "tone"), [("-1,204.30", "danger"), ("-3.5%", None), ("1-1-101", None), ("-", None)]
)
def test_a_figure_below_nothing_is_in_the_colour_of_danger(words: str, tone: str | None) -> None:
    label = Plain(words)
    redden(label)
    assert label.property("tone") == tone
