import re
from typing import Any

import pytest
from PySide6.QtGui import QFontMetrics

from tests.estate import Estate
from ui import sheet, theme
from ui.theme import DARK, LIGHT, Tokens

SCHEMES = pytest.mark.parametrize("now", [LIGHT, DARK], ids=["light", "dark"])
READABLE, SEEN = 4.5, 3
"""What WCAG 2 asks of ordinary words, and of what marks where the keyboard is."""


def worst(pairs: list[tuple[str, str]]) -> float:
    return min(theme.contrast(ink, ground) for ink, ground in pairs)


@SCHEMES
def test_words_can_be_read_on_every_ground(now: Tokens) -> None:
    grounds = (now.window, now.surface, now.raised, now.selected, now.hover)
    assert worst([(ink, ground) for ink in (now.text, now.secondary) for ground in grounds]) >= READABLE


@SCHEMES
def test_the_accent_can_be_read_and_read_upon(now: Tokens) -> None:
    pairs = [(now.accent, now.surface), (now.accent, now.window), (now.accent, now.selected)]
    assert worst([*pairs, (now.on_accent, now.accent), (now.on_accent, now.accent_hover)]) >= READABLE


@SCHEMES
def test_each_tone_can_be_read_on_its_own_ground_and_on_the_page(now: Tokens) -> None:
    own = [(tone.ink, tone.ground) for tone in now.tones.values()]
    page = [(tone.ink, ground) for tone in now.tones.values() for ground in (now.surface, now.window)]
    assert worst([*own, *page, (now.on_accent, now.tone("danger").ink)]) >= READABLE


def test_contrast_is_counted_as_wcag_counts_it() -> None:
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_a_tone_nobody_knows_is_the_neutral_one() -> None:
    assert LIGHT.tone("muted") == LIGHT.tones["plain"]


@pytest.mark.parametrize("name", [*theme.TONE_ICONS.values(), "ph.printer", "ph.export", "ph.user-circle"])
def test_every_icon_is_one_of_the_family(name: str) -> None:
    assert not theme.icon(name).isNull()


@pytest.mark.parametrize("scheme", list(theme.Scheme))
@pytest.mark.parametrize("points", theme.POINTS.values())
def test_rows_and_controls_grow_with_the_type(scheme: theme.Scheme, points: float) -> None:
    try:
        theme.apply(scheme, points)
        sizes = theme.measures()
        assert sizes.row > sizes.font and sizes.control > sizes.font
        assert theme.font().families()[0] == "Noto Sans SC"
    finally:
        theme.apply(theme.Scheme.LIGHT, theme.STANDARD)


def rules(now: Tokens) -> list[tuple[str, dict[str, str]]]:
    """Return what the style sheet says: selectors, and what they set."""
    words = sheet.sheet(now, theme.measures(), theme.STANDARD)
    found = []
    for selectors, said in re.findall(r"([^{}]+)\{([^{}]*)\}", words):
        pairs = (part.split(":", 1) for part in said.split(";") if ":" in part)
        found.append((" ".join(selectors.split()), {name.strip(): value.strip() for name, value in pairs}))
    return found


@SCHEMES
def test_all_words_of_the_style_sheet_can_be_read_on_their_ground(now: Tokens) -> None:
    """Words that may not be used are let off, as WCAG lets them off."""
    anywhere = (now.surface, now.window, now.raised)
    for selectors, said in rules(now):
        if "disabled" in selectors or "primary" in selectors:  # those are judged with the accent above
            continue
        for part in ("", "selection-"):
            ink = said.get(f"{part}color")
            ground = said.get(f"{part}background-color" if part else "background")
            grounds = [ground] if ground and ground.startswith("#") else anywhere
            assert ink is None or worst([(ink, one) for one in grounds]) >= READABLE, selectors


@SCHEMES
def test_the_ring_of_the_keyboard_stands_out_from_what_is_around_it(now: Tokens) -> None:
    rings = [now.accent, now.text]
    assert (
        worst([(ring, ground) for ring in rings for ground in (now.surface, now.window, now.raised)]) >= SEEN
    )


@pytest.mark.parametrize(
    "kind",
    [
        *("QPushButton", "QLineEdit", "QPlainTextEdit", "QComboBox", "QSpinBox", "QCheckBox", "QRadioButton"),
        *("QTextBrowser", "QTableView", "QListWidget#choices", "QTreeWidget#choices", "QFrame#reminder"),
        *("QFrame#figure", "QFrame#related", "QToolBar#navigator QToolButton"),
        *("QTabBar#pages::tab:selected", "QMainWindow > QTabBar::tab:selected", "QScrollArea"),
    ],
)
def test_every_kind_that_takes_the_keyboard_has_a_ring(kind: str) -> None:
    rung = [said for selectors, said in rules(LIGHT) if f"{kind}:focus" in re.split(r", *", selectors)]
    assert any(LIGHT.accent in " ".join(said.values()) for said in rung)


@pytest.mark.parametrize("bold", [False, True])
def test_all_figures_are_of_one_width(bold: bool) -> None:
    metrics = QFontMetrics(theme.font(bold=bold))
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


def test_nothing_moves_when_the_colours_change(window: Any, estate: Estate, settle: Any) -> None:
    def places() -> list[Any]:
        settle()
        return [window.navigator.geometry(), window.header.geometry()]

    before = places()
    try:
        theme.apply(theme.Scheme.DARK, theme.STANDARD)
        assert places() == before
    finally:
        theme.apply(theme.Scheme.LIGHT, theme.STANDARD)
    assert places() == before
