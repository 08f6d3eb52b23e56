"""口令: how passwords are judged, kept and compared (argon2id; ASVS 5.0, 6.2).

A password is taken as typed, blanks and all, in Unicode's composed form, so that the same keys
give the same password on every machine. Length is asked for, kinds of characters are not.
"""

from __future__ import annotations

import base64
import functools
import json
import re
import secrets
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from models.errors import BadInput
from resources import find

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 8, 128
_ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)
_EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"


class Cost(NamedTuple):
    """What one comparison costs: passes, KiB of memory, lanes."""

    time: int
    memory: int
    lanes: int = 1


EARNEST = Cost(3, 65536)
COST = EARNEST
"""What is asked for; tests lower it by a fixture."""
FLOOR = Cost(2, 19456)
"""The least that is still safe, for a PC that cannot spare the memory."""


def _hasher(cost: Cost) -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=cost.time, memory_cost=cost.memory, parallelism=cost.lanes)


def composed(password: str) -> str:
    """Return a password in the one form in which it is hashed."""
    return unicodedata.normalize("NFC", password)


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    from argon2.exceptions import HashingError

    try:
        return _hasher(COST).hash(composed(password))
    except (HashingError, MemoryError):
        return _hasher(FLOOR).hash(composed(password))


def matches(kept: str, password: str) -> bool:
    """Whether this is the password of which `kept` is kept."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher(COST).verify(kept, composed(password))
    except (VerificationError, InvalidHashError):
        return False


def is_dated(kept: str) -> bool:
    """Whether a password was kept at less than what is asked for now."""
    from argon2 import extract_parameters

    found = extract_parameters(kept)
    return found.time_cost < COST.time or found.memory_cost < COST.memory


def _decoy(cost: Cost) -> str:
    """Return what looks like the keep of a password; nothing is hashed, so that it costs no time."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"$argon2id$v=19$m={cost.memory},t={cost.time},p={cost.lanes}${salt}${digest}"


def compare_with_nothing(password: str) -> None:
    """Take as long as a comparison takes, so that an unknown login cannot be told by the time."""
    matches(_decoy(COST), password)


def one_time() -> str:
    """Return a new password to be used once: four groups of four, nothing that reads two ways."""
    groups = ("".join(secrets.choice(_EASY_TO_READ) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def check(password: str, *, login: str = "", office: str = "", name: str = "") -> None:
    """Refuse a password that others would guess.

    Raises:
        BadInput: it is too short, too long, a common one, or the name of something here.
    """
    problem = _problem(composed(password), {login, office, name} - {""})
    if problem:
        raise BadInput(problem, "password")


def _problem(password: str, names: set[str]) -> str | None:
    if len(password) < SHORTEST:
        return (
            f"口令至少 {SHORTEST} 个字，现在有 {len(password)} 个。请用长一些的，例如几个不相干的词连在一起。"
        )
    if len(password) > LONGEST:
        return f"口令最多 {LONGEST} 个字，现在有 {len(password)} 个。请缩短。"
    if _told(password) in {_told(name) for name in names}:
        return "口令不能与登录名、姓名或管理处名称相同。请换一个。"
    if is_common(password):
        return "这个口令太常见，容易被人猜中。请换一个，例如几个不相干的词连在一起。"
    return None


def _told(text: str) -> str:
    """Return what remains when case, blanks and digits at the end are not minded."""
    return re.sub(r"[\s\d]+$", "", text.casefold()) or text


def is_common(password: str) -> bool:
    """Whether many people use it: on our list, one block again and again, or a run of keys."""
    plain = password.casefold()
    if plain in _common() or plain.rstrip("0123456789!@#.") in _common():
        return True
    return bool(re.fullmatch(r"(.{1,4})\1+", plain)) or _is_run(plain)


def _is_run(plain: str) -> bool:
    """Whether it walks along the keyboard, the alphabet or the digits, either way, at most twice."""
    halves = {plain, plain[: len(plain) // 2], plain[len(plain) // 2 :]}
    runs = {half for half in halves if any(half in way * 2 for row in _ROWS for way in (row, row[::-1]))}
    return plain in runs or len(runs) == 2


@functools.cache
def _common() -> frozenset[str]:
    return frozenset(json.loads(find("common_passwords.json").read_text(encoding="utf-8")))
