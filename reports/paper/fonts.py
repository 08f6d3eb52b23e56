"""字体: our own fonts, which of them draws a character, and what none of them can draw."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from reports.paper import tounicode as _mended  # noqa: F401  (mends ReportLab on import)
from reports.paper.text import clean
from resources import find

REGULAR = "NotoSansSC-Regular"
BOLD = "NotoSansSC-Bold"
FALLBACK = "HanaMinB"  # names outside Noto: all of CJK extensions B to F
GETA = "〓"  # the printer's sign for a missing type: visible, never a silent box

_faces: dict[str, Any] = {}
_loading = threading.Lock()


def face(name: str) -> Any:
    """Return the ReportLab font of that name, read from our resources at the first call."""
    found = _faces.get(name)
    if found is None:
        with _loading:
            found = _faces.get(name)
            if found is None:
                found = TTFont(name, str(find(f"fonts/{name}.ttf")))
                pdfmetrics.registerFont(found)
                _faces[name] = found
    return found


def font_of(char: str, bold: bool = False) -> str | None:
    """Return the name of the font that draws `char`, or None when none does."""
    code = ord(char)
    main = BOLD if bold else REGULAR
    if code in face(main).face.charToGlyph:
        return main
    if code in face(FALLBACK).face.charToGlyph:
        return FALLBACK
    return None


def missing_glyphs(texts: Iterable[str]) -> set[str]:
    """Return the characters of `texts` that no font of ours can draw."""
    chars = set().union(*(set(clean(text)) for text in texts)) - {"\n"}
    return {char for char in chars if font_of(char) is None}
