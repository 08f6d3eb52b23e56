"""文字: what people type, made clean, comparable, sortable and, where it is personal, masked.

`clean` is for every text that is stored, `narrow` for codes and numbers. Masks follow
forms.md B7; the keys at the end make house numbers sort and match as people read them.
"""

from __future__ import annotations

import errno
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from operator import mul

_BREAKS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# NFKC is not used: it would read "10²" as 102 and "①" as 1, which are other values.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: "¥"}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-")

_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS = "10X98765432"
_CREDIT_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_OTHER_DOCUMENT = re.compile(r"[0-9A-Z()\-/\u4e00-\u9fff]{4,30}")

_PHONE = re.compile(
    r"(?:\+?86-?)?1[3-9][0-9]-?[0-9]{4}-?[0-9]{4}"  # mobile
    r"|(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(?:(?:-|转|EXT\.?)[0-9]{1,6})?"  # landline, with extension
    r"|[48]00-?[0-9]{3}-?[0-9]{4}|[48]00[0-9]-?[0-9]{3}-?[0-9]{3}"
    r"|1[0-2][0-9]{1,3}|9[56][0-9]{3,6}"  # service numbers
    r"|\+[1-9][0-9]{6,14}"  # abroad
)
_PHONE_BREAKS = re.compile(r"[,;/、|]+")
_MOBILE_OR_DIGITS = re.compile(r"(?<!\d)1\d{2}[ -]?\d{4}[ -]?\d{4}(?!\d)|\d(?:[ -]?\d)*")

_SYSTEM_SAYS = {
    errno.EACCES: "没有权限，或正被别的程序打开",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "磁盘只读",
    errno.ENOENT: "文件夹或文件不存在",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EISDIR: "那是文件夹",
    errno.EEXIST: "同名的文件已经存在",
    errno.ENAMETOOLONG: "名字太长",
    errno.ELOOP: "链接绕成了圈",
    errno.EIO: "磁盘读写出错",
}

_NUMERALS = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_CHINESE_NUMBER = re.compile("[〇零一二两三四五六七八九十百]+(?=号楼|栋|幢|座|单元|层|楼|期|区|室|号)")
_HOUSE_WORDS = (
    (re.compile("(?:号楼|栋|幢|座|号|#)-*(?=.)"), "-"),
    (re.compile("(?:单元|门|梯)-*(?=.)"), "-"),
    (re.compile("(?:室|房|号|户)$"), ""),
)
_APART = re.compile(r"(?<=\d)[ .]+(?=\d)")
_HOUSE_PARTED = "(?: ?(?:号楼|[栋幢座#号]|单元|[门梯])-*| ?- ?) ?"
_HOUSE_IN_TEXT = re.compile(
    rf"(?<![0-9A-Z])[0-9A-Z]{{1,4}}(?:{_HOUSE_PARTED}[0-9A-Z]{{1,5}}){{1,3}}(?![0-9A-Z]| ?[-年月日])"
    r"|(?<![0-9A-Z.])\d{1,3}(?:\.\d{1,5}){2}(?![0-9A-Z.]| ?[年月日])"
    r"|(?<![0-9A-Z.])\d{1,3} \d{1,2} \d{2,5}(?![0-9A-Z.]| ?[年月日])"
)
_NO_BUILDING = re.compile("[0-9A-Z]+ ?[单门梯]")
"""An entrance of nobody knows which building."""
_HOUSE = re.compile("[0-9A-Z]+(?:-[0-9A-Z]+){1,3}")


def clean(text: str, multiline: bool = False) -> str:
    r"""Return text fit to be stored: NFC, trimmed, without control or invisible characters.

    Line breaks of every kind become "\n", or a blank where only one line is wanted.
    """
    if not text.isprintable():
        text = _BREAKS.sub("\n" if multiline else " ", text).replace("\t", " ")
        text = "".join(mark for mark in text if mark == "\n" or not _is_unwanted(mark))
        text = "\n".join(line.rstrip() for line in text.split("\n"))
    return unicodedata.normalize("NFC", text).strip()


def narrow(text: str) -> str:
    """Return a code or number cleaned, full-width forms made narrow, blanks of any width made one."""
    if text.isascii() and text.isalnum():
        return text
    return " ".join(clean(text).translate(_NARROW).split())


def mask_phone(text: str) -> str:
    """Hide a mobile but its first 3 and last 4 digits, any other number but its last 4."""
    return _MOBILE_OR_DIGITS.sub(_mask_one_phone, text)


def mask_identity(text: str) -> str:
    """Hide an identity number but its first 3 and last 4; of other documents only the end stays."""
    if len(text) in (15, 18):
        return text[:3] + "*" * (len(text) - 7) + text[-4:]
    return _keep_end(text, 4 if len(text) > 8 else 2)


def mask_plate(text: str) -> str:
    """Hide the last 3 of a plate, for papers hung up in public."""
    return text[:-3] + "*" * min(3, len(text))


def mask_account(text: str) -> str:
    """Hide a bank account but its last 4."""
    return _keep_end(text, 4)


def identity_problem(text: str, today: date | None = None) -> str | None:
    """Say what is wrong with an identity number, or None; passports and other papers pass.

    Checked are the 18-digit number (GB 11643: birth date, check digit), the old one of 15
    digits, and a company's 18-place credit code (GB 32100) where it looks like neither.
    """
    number = narrow(text).replace(" ", "").upper()
    if re.fullmatch("[0-9]{17}[0-9X]", number):
        return _citizen_problem(number, today or date.today())
    if re.fullmatch("[0-9]{15}", number):
        return None if _birth("19" + number[6:12]) else "15 位身份证号的出生日期不存在，请核对。"
    if re.fullmatch("[0-9]{14}|[0-9]{16,}X?", number):
        return f"身份证号应为 18 位，现在是 {len(number)} 位，请核对。"
    if number and not _OTHER_DOCUMENT.fullmatch(number):
        return "证件号里有不该有的字，请核对。"
    return None


def phone_problem(text: str) -> str | None:
    """Say what is wrong with a telephone number or several (parted by 、 , ; /), or None."""
    for number in _PHONE_BREAKS.split(narrow(text).translate(_DASHES).upper()):
        plain = re.sub("[ ()]", "", number)
        if plain and not _PHONE.fullmatch(plain):
            return _phone_hint(plain)
    return None


def natural_key(code: str) -> str:
    """Return a key that sorts codes as people count: "1-2-101" < "1-10-101", "C2" < "C0010".

    Every run of digits is written without leading zeros behind its length, so that plain text
    order (an index) is the order of the numbers, however long they are.
    """
    plain = _CHINESE_NUMBER.sub(_count, narrow(code)).translate(_DASHES).upper()
    return re.sub("[0-9]+", _length_first, plain)


def brief(text: str, most: int) -> str:
    """Return text, or so much of its beginning as fits, with dots behind it."""
    return text if len(text) <= most else f"{text[:most]}…"


def few(names: Sequence[str], unit: str, most: int = 3) -> str:
    """Return 1-1-101、1-1-102、1-1-103 等 7 户: the first names, and how many where there are more."""
    more = f" 等 {len(names):,} {unit}" if len(names) > most else ""
    return "、".join(names[:most]) + more


def like_literal(text: str) -> str:
    r"""Escape text so that LIKE … ESCAPE '\' takes it letter by letter."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def house_number(text: str) -> str | None:
    """Return a house number in its one form, "1-1-1011" or without a unit "1-1011"; None if it is none.

    "1栋1单元1011室", "1#1-1011", "一号楼一单元1011" and "１－１－１０１１" are all 1-1-1011.
    """
    plain = _CHINESE_NUMBER.sub(_count, narrow(text)).translate(_DASHES).upper().replace(" ", "")
    for word, mark in _HOUSE_WORDS:
        plain = word.sub(mark, plain)
    if not _HOUSE.fullmatch(plain) or not re.search("[0-9]", plain.rpartition("-")[2]):
        return None
    *places, room = plain.split("-")
    return "-".join([*(place.lstrip("0") or "0" for place in places), room])


def house_numbers(text: str) -> list[str]:
    """Return every house number in running text, each once in its one form, in their order.

    "1-1-1011物业费", "交1栋1单元1011、1#1-1012室", "1.1.1011" and "1 1 1011" hold some, "1-3月" and
    "2026年11-12月" none. Whether there are such houses is for the caller to ask.
    """
    plain = _CHINESE_NUMBER.sub(_count, narrow(text)).translate(_DASHES).upper()
    hits = (hit[0] for hit in _HOUSE_IN_TEXT.finditer(plain))
    found = [house_number(_APART.sub("-", hit)) for hit in hits if not _NO_BUILDING.match(hit)]
    return list(dict.fromkeys(number for number in found if number is not None))


def system_reason(error: OSError) -> str:
    """Say in Chinese why the system refused a file; in its own words where we have none."""
    return _SYSTEM_SAYS.get(error.errno or 0) or error.strerror or str(error)


def _is_unwanted(mark: str) -> bool:
    """Tell controls, surrogates, invisible and bidi marks, and code points that are no characters."""
    code = ord(mark)
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or code == 0x034F:
        return True
    return unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _keep_end(text: str, shown: int) -> str:
    if len(text) <= shown:
        return "*" * len(text)
    return "*" * (len(text) - shown) + text[-shown:]


def _mask_one_phone(found: re.Match[str]) -> str:
    number = found[0]
    places = [place for place, mark in enumerate(number) if mark.isdigit()]
    if len(places) == 11 and unicodedata.digit(number[0]) == 1:
        hidden = places[3:-4]
    else:
        hidden = places[:-4] if len(places) > 4 else places
    return "".join("*" if place in hidden else mark for place, mark in enumerate(number))


def _citizen_problem(number: str, today: date) -> str | None:
    born = _birth(number[6:14])
    total = sum(map(mul, _IDENTITY_WEIGHTS, map(int, number[:17])))
    right = _IDENTITY_CHECKS[total % 11] == number[17]
    if born and right and born <= today:
        return None
    if _is_credit_code(number):
        return None
    if born is None or born > today:
        return f"身份证号里的出生日期 {number[6:14]} 不对，请核对。"
    return "身份证号的校验码不对，可能打错了一位，请核对。"


def _birth(digits: str) -> date | None:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return born if born.year >= 1850 else None


def _is_credit_code(number: str) -> bool:
    """Check an enterprise's credit code: without letters it looks like an identity number."""
    if number[0] != "9" or any(mark not in _CREDIT_DIGITS for mark in number):
        return False
    values = [_CREDIT_DIGITS.index(mark) for mark in number]
    total = sum(weight * value for weight, value in zip(_CREDIT_WEIGHTS, values[:17], strict=True))
    return (31 - total % 31) % 31 == values[17]


def _phone_hint(plain: str) -> str:
    if re.fullmatch("1[3-9][0-9]+", plain):
        return f"手机号应为 11 位，现在是 {len(plain)} 位，请核对。"
    return "电话号码不对：请填 11 位手机号，或区号-座机号；几个号码之间用顿号隔开。"


def _count(found: re.Match[str]) -> str:
    """Turn 十二 into 12 and 一〇一 into 101."""
    word = found[0]
    if not re.search("[十百]", word):
        return "".join(str(_NUMERALS[mark]) for mark in word)
    total = digit = 0
    for mark in word:
        if mark in _NUMERALS:
            digit = _NUMERALS[mark]
        else:
            total += (digit or 1) * (10 if mark == "十" else 100)
            digit = 0
    return str(total + digit)


def _length_first(found: re.Match[str]) -> str:
    digits = found[0].lstrip("0") or "0"
    return f"{len(digits):02d}{digits}"
