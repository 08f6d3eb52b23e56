import pytest

from ui import theme
from ui.theme import DARK, LIGHT, Tokens

SCHEMES = pytest.mark.parametrize("now", [LIGHT, DARK], ids=["light", "dark"])
READABLE = 4.5
"""What WCAG 2 asks of ordinary words."""


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
