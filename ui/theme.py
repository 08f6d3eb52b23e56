"""外观: the colours, sizes, font and icons of every screen, light and dark, in one place."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from resources import find
from ui import sheet
from ui.watch import watch

RARE = "HanaMinB"
"""Draws names with rare hanzi; it is large and loaded while the person types the password."""
FONTS = {
    "Noto Sans SC": ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf"),
    RARE: ("fonts/HanaMinB.ttf",),
}
FAMILIES = list(FONTS)
POINTS = {"小": 9.0, "标准": 10.5, "大": 12.0, "特大": 14.0, "最大": 16.0}
STANDARD = 10.5


class Scheme(Enum):
    """Which of the two appearances is used."""

    SYSTEM = "跟随系统"
    LIGHT = "浅色"
    DARK = "深色"


@dataclass(frozen=True)
class Tone:
    """A colour for words and the soft ground behind them."""

    ink: str
    ground: str


@dataclass(frozen=True)
class Tokens:
    """One appearance: every colour that a screen may use."""

    dark: bool
    window: str
    surface: str
    raised: str
    line: str
    edge: str
    """Borders of what can be typed into or pressed; stronger than the hairlines."""
    thread: str
    """Between the rows of a table; fainter than the hairlines."""
    text: str
    secondary: str
    disabled: str
    accent: str
    on_accent: str
    accent_hover: str
    selected: str
    hover: str
    tones: dict[str, Tone]

    def tone(self, name: str | None) -> Tone:
        """Return the tone of a name (ok, info, warning, danger), a neutral one for any other."""
        return self.tones.get(name or "", self.tones["plain"])


LIGHT = Tokens(
    dark=False,
    window="#F5F6F8",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#E3E6EB",
    edge="#BAC2CE",
    thread="#EEF0F4",
    text="#1D2430",
    secondary="#566072",
    disabled="#8A93A3",
    accent="#2457C5",
    on_accent="#FFFFFF",
    accent_hover="#1E4AAB",
    selected="#E6EEFC",
    hover="#EEF1F6",
    tones={
        "danger": Tone("#B3261E", "#FDECEA"),
        "warning": Tone("#8A4B00", "#FFF2DF"),
        "ok": Tone("#176B41", "#E6F4EC"),
        "info": Tone("#2457C5", "#E6EEFC"),
        "plain": Tone("#566072", "#EEF1F6"),
    },
)
DARK = Tokens(
    dark=True,
    window="#15181D",
    surface="#1C2026",
    raised="#242A32",
    line="#323A45",
    edge="#4C5665",
    thread="#262C34",
    text="#E6E9EE",
    secondary="#A3ADBB",
    disabled="#6F7A89",
    accent="#8AB0FF",
    on_accent="#15181D",
    accent_hover="#A6C3FF",
    selected="#2A3A5C",
    hover="#272D36",
    tones={
        "danger": Tone("#F4A19B", "#3A2323"),
        "warning": Tone("#F2BD73", "#3A2F1E"),
        "ok": Tone("#8FD6AB", "#1E3227"),
        "info": Tone("#8AB0FF", "#22304D"),
        "plain": Tone("#A3ADBB", "#272D36"),
    },
)

TONE_ICONS = {
    "danger": "ph.warning-circle",
    "warning": "ph.clock",
    "ok": "ph.check-circle",
    "info": "ph.circle-half",
    "plain": "ph.circle",
}


@dataclass(frozen=True)
class Measures:
    """Sizes in logical pixels that follow from the font."""

    font: int
    row: int
    control: int
    icon: int


class _Appearance(QObject):
    """What is in force now, and the word that it changed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tokens = LIGHT
        self.scheme = Scheme.SYSTEM
        self.points = STANDARD
        self.measures = Measures(20, 29, 31, 18)
        self.plain: QFont | None = None
        self.metrics: QFontMetrics | None = None
        self.fonts: set[str] = set()
        """Families of our own that Qt was told of."""


appearance = _Appearance()


def tokens() -> Tokens:
    """Return the colours in force."""
    return appearance.tokens


def measures() -> Measures:
    """Return the sizes in force."""
    return appearance.measures


def metrics() -> QFontMetrics:
    """Return how wide words of the base font are."""
    if appearance.metrics is None:
        appearance.metrics = QFontMetrics(font())
    return appearance.metrics


def plain_font() -> QFont:
    """Return the base font, made once for those who draw cell after cell; not to be changed."""
    if appearance.plain is None:
        appearance.plain = font()
    return appearance.plain


def load_fonts(*, rare: bool = False) -> None:
    """Make our own fonts known, so that no font of the machine is needed; the large one only when asked."""
    for family, files in FONTS.items():
        # Asking Qt which families it knows would let it look at every font of the machine.
        if family not in appearance.fonts and (rare or family != RARE):
            appearance.fonts.add(family)
            for name in files:
                QFontDatabase.addApplicationFont(str(find(name)))


def font(points: float = 0, *, bold: bool = False) -> QFont:
    """Return our font, so many points larger (or smaller) than the base."""
    made = QFont(FAMILIES)
    made.setPointSizeF(appearance.points + points)
    made.setBold(bold)
    return made


def apply(scheme: Scheme | None = None, points: float | None = None) -> None:
    """Dress the whole program; what is not given stays as it is."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    load_fonts()
    appearance.scheme = scheme or appearance.scheme
    appearance.points = points or appearance.points
    appearance.tokens = DARK if _is_dark(appearance.scheme) else LIGHT
    appearance.plain = font()
    appearance.metrics = QFontMetrics(appearance.plain)
    height = appearance.metrics.height()
    appearance.measures = Measures(height, round(height * 1.45), round(height * 1.55), round(height * 0.9))
    with watch().resting():  # every widget of the program is told of each of these
        if not app.styleSheet():  # the first time
            app.setStyle("Fusion")
        app.setFont(font())
        app.setPalette(_palette(appearance.tokens))
        app.setStyleSheet(sheet.sheet(appearance.tokens, appearance.measures, appearance.points))
    _redress()
    appearance.changed.emit()


def follow_system() -> None:
    """Change with the desktop while the scheme is 跟随系统."""
    hints = QGuiApplication.styleHints()

    def follow(_: Any) -> None:
        if appearance.scheme is Scheme.SYSTEM:
            apply()

    hints.colorSchemeChanged.connect(follow)


def _is_dark(scheme: Scheme) -> bool:
    if scheme is Scheme.SYSTEM:
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return scheme is Scheme.DARK


def _palette(now: Tokens) -> QPalette:
    role = QPalette.ColorRole
    made = QPalette()
    pairs = {
        role.Window: now.window, role.WindowText: now.text, role.Base: now.surface,
        role.AlternateBase: now.window, role.Text: now.text, role.Button: now.surface,
        role.ButtonText: now.text, role.ToolTipBase: now.raised, role.ToolTipText: now.text,
        role.Highlight: now.accent, role.HighlightedText: now.on_accent, role.Link: now.accent,
        role.PlaceholderText: now.secondary, role.BrightText: now.tone("danger").ink, role.Mid: now.line,
        role.Light: now.surface, role.Midlight: now.line, role.Dark: now.edge, role.Shadow: now.edge,
    }  # fmt: skip
    for which, colour in pairs.items():
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(now.disabled))
    return made


# -- icons -------------------------------------------------------------------------------------

_dressed: weakref.WeakKeyDictionary[QObject, Callable[[Any], None]] = weakref.WeakKeyDictionary()


def icon(name: str, colour: str | None = None) -> QIcon:
    """Return an icon of our family (Phosphor) in a colour; the text's own without one."""
    import qtawesome

    drawn = qtawesome.icon(name, color=colour or tokens().text, color_disabled=tokens().disabled)
    assert isinstance(drawn, QIcon)
    return drawn


def app_icon() -> QIcon:
    """Return the sign of the program; a picture of its own, for the family of icons takes long to load."""
    return QIcon(str(find(f"icons/app-{'dark' if tokens().dark else 'light'}.svg")))


def dress(
    thing: Any, name: str, colour: Callable[[Tokens], str] = lambda now: now.text, on: str | None = None
) -> None:
    """Give a button or an action an icon that follows the appearance.

    Args:
        thing: what has `setIcon`.
        name: the icon's name, such as `ph.printer`.
        colour: which of the tokens it is drawn in.
        on: colour of the icon while it is checked, as a token's name.
    """

    def put(thing: Any) -> None:
        import qtawesome

        now = tokens()
        checked = getattr(now, on) if on else colour(now)
        thing.setIcon(qtawesome.icon(name, color=colour(now), color_on=checked, color_disabled=now.disabled))

    put(thing)
    _dressed[thing] = put


def _redress() -> None:
    for thing, put in list(_dressed.items()):
        try:
            put(thing)
        except RuntimeError:  # Qt deleted it already
            del _dressed[thing]


def named(thing: Any, name: str) -> Any:
    """Give a widget the name by which the style sheet and saved layouts know it."""
    thing.setObjectName(name)
    return thing


def fit(window: QWidget, width: int, height: int) -> None:
    """Make a window so large, within the screen that it comes up on."""
    room = (window.screen() or QGuiApplication.primaryScreen()).availableGeometry()
    window.resize(min(width, room.width() - 16), min(height, room.height() - 48))


def mark(widget: QWidget, **properties: Any) -> None:
    """Set properties that the style sheet looks at, and let it look again."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 counts it (1 to 21)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    made = QColor(colour)
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (made.redF(), made.greenF(), made.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
