"""金额: whole fen inside, Decimal outside; what is typed, split, rounded and written in words.

No float touches money: an amount is an int of fen, a price or quantity an int scaled by its
decimals, and what a person types or reads is a Decimal or text (forms.md B2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation

from models.errors import BadInput, RuleBroken
from models.text import brief

FEN_CAP = 10**13
"""Largest amount the office may enter: a hundred thousand million yuan, far inside 64 bits."""

_YUAN_CAP = Decimal(FEN_CAP // 100)
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation])

# Not NFKC: that would read "10²" as 102 and "①" as 1. Only forms of the same character count.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ", 0x00A0: " ", 0x2009: " ", 0x202F: " ", 0xFFE5: "¥", 0x3002: ".", 0xFF61: ".",
    0x2212: "-", 0x2013: "-",
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<sign>-?) *¥? *(?P<late>-?)"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]*)"
    r"(?:\.(?P<part>[0-9]*))? *元?"
)

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def parse_decimal(text: str, places: int, *, what: str, signed: bool = False) -> Decimal:
    """Read a number as people type it, with exactly `places` decimals in the result.

    Full-width digits, thousands separators in their right places, ￥, ¥, 元 and spaces are
    understood; `what` names the value in the sentence of refusal.

    Raises:
        BadInput: it is no number, too large, too fine, or negative where it may not be.
    """
    plain = text.translate(_NARROW).strip()
    if not plain:
        raise BadInput(f"{what}没有填写，请填一个数。")
    found = _NUMBER.fullmatch(plain)
    if found is None or not _has_digit(found) or (found["sign"] and found["late"]):
        raise BadInput(f"{what}“{_short(text)}”不是一个数，请只填数字，例如 1234.50。")
    part = (found["part"] or "").rstrip("0")
    if len(part) > places:
        raise BadInput(_too_fine(what, _short(text), places))
    whole = re.sub("[ ,]", "", found["whole"]).lstrip("0") or "0"
    if len(whole) > len(str(FEN_CAP)):
        raise BadInput(_too_large(what))
    value = from_scaled(int(whole + part.ljust(places, "0")), places)
    if value > _YUAN_CAP:
        raise BadInput(_too_large(what))
    if value and (found["sign"] or found["late"]):
        if not signed:
            raise BadInput(f"{what}“{_short(text)}”是负数，这里只能填零或正数。")
        return -value
    return value


def to_scaled(value: Decimal, places: int, *, what: str = "数值") -> int:
    """Return a Decimal as an int of 10^-places; never rounds.

    Raises:
        BadInput: it is not finite, finer than `places`, or beyond the cap.
    """
    if not value.is_finite():
        raise BadInput(f"{what}不是一个数，请重新填写。")
    if abs(value) > _YUAN_CAP:
        raise BadInput(_too_large(what))
    try:
        return int(value.quantize(Decimal((0, (1,), -places)), context=_EXACT).scaleb(places, _EXACT))
    except (Inexact, InvalidOperation):
        raise BadInput(_too_fine(what, _short(str(value)), places)) from None


def from_scaled(number: int, places: int) -> Decimal:
    """Return an int of 10^-places as a Decimal that shows all its places."""
    return Decimal(number).scaleb(-places, _EXACT)


def divide_half_up(numerator: int, denominator: int) -> int:
    """Divide two ints and round once, half away from zero (forms.md B2.1).

    Raises:
        ZeroDivisionError: the denominator is zero.
    """
    size = abs(denominator)
    rounded = (2 * abs(numerator) + size) // (2 * size)
    return rounded if (numerator < 0) == (denominator < 0) else -rounded


def yuan(fen: int) -> str:
    """Return fen as plain yuan text with two decimals: 123450 → "1234.50"."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def thousands(value: Decimal | int) -> str:
    """Show an amount with thousands separators; an int is fen, a Decimal keeps its decimals, two or more."""
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        if not isinstance(exponent, int) or exponent > -2:
            value = value.quantize(Decimal("0.01"), context=_EXACT)
        return f"{value:,f}"
    whole, rest = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{whole:,}.{rest:02d}"


def capitals(fen: int) -> str:
    """Write an amount in 人民币大写, without the prefix 人民币 (forms.md B2.4).

    Raises:
        RuleBroken: the amount is zero, for which no paper is issued.
        BadInput: the amount is beyond the cap.
    """
    if fen == 0:
        raise RuleBroken("金额为零，不出票据，请核对金额。")
    if abs(fen) > FEN_CAP:
        raise BadInput(_too_large("金额"))
    whole, rest = divmod(abs(fen), 100)
    return ("负" if fen < 0 else "") + _whole_words(whole) + _part_words(whole, *divmod(rest, 10))


def split_largest_remainder(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weights so that the parts add up to it (forms.md B2.2).

    Each part is cut to the fen; the fen left over go to the largest remainders, ties in the
    order given (that of the house numbers). A negative total mirrors the positive one.

    Raises:
        RuleBroken: a weight is negative, or all of them are zero.
    """
    base = sum(weights)
    if base <= 0 or min(weights) < 0:
        raise RuleBroken("分摊基数合计为零或有负数，无法分摊，请先核对各户的面积、用量或系数。")
    shares = [divmod(abs(total_fen) * weight, base) for weight in weights]
    parts = [part for part, _ in shares]
    largest = sorted(range(len(shares)), key=lambda place: -shares[place][1])
    for place in largest[: abs(total_fen) - sum(parts)]:
        parts[place] += 1
    return parts if total_fen >= 0 else [-part for part in parts]


def _whole_words(whole: int) -> str:
    """Write the yuan, up to 亿; empty when there are none."""
    words = ""
    gap = False
    for index in (2, 1, 0):
        group = whole // 10_000**index % 10_000
        if group == 0:
            gap = bool(words)
            continue
        # A missing 仟 is read as 零; a full one after 拾万 is not (107000 → 壹拾万柒仟).
        if words and (gap or group < 1_000):
            words += "零"
        words += _group_words(group) + _GROUPS[index]
        gap = False
    return words + "元" if words else ""


def _group_words(group: int) -> str:
    """Write one group of four digits (1–9999), inner zeros as one 零."""
    words = ""
    gap = False
    for index in (3, 2, 1, 0):
        digit = group // 10**index % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[index]
        gap = False
    return words


def _part_words(whole: int, jiao: int, fen: int) -> str:
    """Write jiao and fen after the yuan; 整 only when there are neither."""
    if jiao == 0 and fen == 0:
        return "整"
    words = "零" if whole and (jiao == 0 or whole % 10 == 0) else ""
    if jiao:
        words += _DIGITS[jiao] + "角"
    return words + (_DIGITS[fen] + "分" if fen else "")


def _has_digit(found: re.Match[str]) -> bool:
    return bool(found["whole"] or found["part"])


def _short(text: str) -> str:
    return brief(text, 24)


def _too_large(what: str) -> str:
    return f"{what}太大，最多 {thousands(FEN_CAP)}，请核对是否多打了数字。"


def _too_fine(what: str, text: str, places: int) -> str:
    most = f"最多 {places} 位小数" if places else "只能填整数"
    return f"{what}“{text}”的小数位太多，{most}，请改好再填。"
