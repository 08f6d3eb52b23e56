"""错误: what may go wrong on purpose, each with a sentence for the person at the desk.

A sentence says what is wrong, where, and what to do. Anything that is not one of these is our
own bug: it is logged with its traceback and ends with exit code 1.
"""

from __future__ import annotations

import re

_LONG_QUOTE = re.compile(r"“([^”]{50})[^”]{20,}([^”]{40})”")
"""What was typed and is quoted back; pasted by mistake, it would fill the screen. A path keeps its name."""


class OfficeError(Exception):
    """Base of all that is told to the user in plain words; never raised itself."""

    exit_code = 1

    def __init__(self, sentence: str = "") -> None:
        super().__init__(_LONG_QUOTE.sub(r"“\1…\2”", sentence))


class RuleBroken(OfficeError):
    """A rule of the office or bad input refused it; nothing was written (exit 3)."""

    exit_code = 3


class BadInput(RuleBroken):
    """One value that cannot be what its field means.

    Args:
        sentence: what is wrong and what to do, in Chinese.
        field: name of the field, so that a form can show the sentence beside it.
    """

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NotFound(RuleBroken):
    """What was named does not exist (exit 3)."""


class NeedsApproval(RuleBroken):
    """A chain of approvals stands before it; it is to be applied for (exit 3).

    Args:
        sentence: says so, in Chinese.
        deed: name of the deed that is to be applied for.
        values: what is known of its inputs.
    """

    def __init__(self, sentence: str, deed: str = "", values: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.deed, self.values = deed, values or {}


class Stale(RuleBroken):
    """Somebody else changed the record since it was read (exit 3)."""


class PermissionDenied(OfficeError):
    """The person acting lacks the right; an audit row says so (exit 4)."""

    exit_code = 4
    act: str | None = None
    """Name of the deed or list that was refused."""


class SignInRefused(PermissionDenied):
    """Wrong password, unknown, retired or locked account (exit 4)."""


class StorageRefused(OfficeError):
    """The database file or a backup cannot be used (exit 5)."""

    exit_code = 5


class Busy(StorageRefused):
    """Another program holds the database (exit 5)."""


class Cancelled(OfficeError):
    """The person cancelled a long job; nothing was written (exit 3)."""

    exit_code = 3
