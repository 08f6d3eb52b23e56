"""文字: what users typed, made fit for paper, and broken into lines the Chinese way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# Control characters, bidirectional and invisible marks, variation selectors, surrogates and
# non-characters: none of them has a glyph, some of them would turn a line around.
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\ufff0-\uffff\ud800-\udfff\U000e0000-\U000effff]"
    "|[\U0001fffe\U0001ffff\U0002fffe\U0002ffff\U0003fffe\U0003ffff]"
)
_SPACES = str.maketrans({"\t": " ", "\xa0": " ", "\u2007": " ", "\u202f": " "})
_WORD = re.compile(
    r"[0-9.,]+[年月日号栋幢层室元户次页份㎡℃%]"  # a figure stays with its unit
    r"|[0-9A-Za-z\u00c0-\u024f.,:;/@_%+\-–#*&=~'\"$?!]+|\s|.",
    re.DOTALL,
)
_NEVER_FIRST = frozenset("、。，．：；？！）】》〉」』〕”’％…—～·,.;:?!)]}%℃㎡³")
_NEVER_LAST = frozenset("（【《〈「『〔“‘([{¥￥№#")


def clean(text: str) -> str:
    """Return `text` in NFC without anything that cannot be printed; line feeds stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SPACES)
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text))


def break_lines(text: str, limit: float, width: Callable[[str], float]) -> list[str]:
    """Break `text` into lines no wider than `limit`, which is in the unit that `width` measures in.

    Words and figures stay whole where they can; closing marks never begin a line and opening
    marks never end one.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _break_paragraph(paragraph, limit, width)
    return lines


def _break_paragraph(text: str, limit: float, width: Callable[[str], float]) -> list[str]:
    lines: list[list[str]] = [[]]
    used = 0.0
    for token in _tokens(text, limit, width):
        breadth = width(token)
        if used + breadth > limit and lines[-1]:
            carried = _carried(lines[-1], token)
            lines.append(carried)
            used = sum(map(width, carried))
            if token.isspace():
                continue
        lines[-1].append(token)
        used += breadth
    return ["".join(line).rstrip() for line in lines]


def _tokens(text: str, limit: float, width: Callable[[str], float]) -> list[str]:
    """Cut into what may not be broken: words, figures, single Chinese characters."""
    tokens: list[str] = []
    for word in _WORD.findall(text):
        tokens += [word] if len(word) == 1 or width(word) <= limit else list(word)
    return tokens


def _carried(line: list[str], token: str) -> list[str]:
    """Take from the end of `line` what must stand on the next line together with `token`."""
    keep, first = len(line), token
    while keep > 1 and (first in _NEVER_FIRST or line[keep - 1] in _NEVER_LAST):
        keep -= 1
        first = line[keep]
    carried = line[keep:]
    del line[keep:]
    return carried
