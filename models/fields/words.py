"""文字字段: lines, codes, notes, document numbers, telephones and identity numbers."""

from __future__ import annotations

from typing import Any

import peewee

from models import text
from models.errors import BadInput
from models.fields.kind import Kind


class LineField(Kind, peewee.CharField):
    """One line of text, at most `max_length` characters."""

    chars = 16

    def check(self, value: Any) -> str:
        """Refuse what is longer than the field."""
        value = str(value)
        if self.max_length and len(value) > self.max_length:
            raise BadInput(f"{self.label}最多 {self.max_length} 个字，现在有 {len(value)} 个。请缩短。")
        return value


class SecretField(LineField):
    """A password as it is typed; it is shown nowhere and kept in no draft."""

    withheld = True

    def show(self, value: Any) -> str:
        """Say whether there is one."""
        return "已填写" if value else ""


class NamedField(LineField):
    """A name out of a register, typed and shown by its title."""

    def options(self) -> dict[str, str]:
        """Return every name and its title."""
        raise NotImplementedError

    def parse(self, typed: str) -> str:
        """Read a title or a name."""
        return next((name for name, title in self.options().items() if typed in (name, title)), typed)

    def show(self, value: Any) -> str:
        """Return its title."""
        return "" if value is None else self.options().get(value, str(value))

    def plain(self, value: Any) -> Any:
        """Return the name itself."""
        return value

    def exact(self, value: Any) -> str:
        """Return the name itself."""
        return value or ""


class DerivedField(LineField):
    """Text made from other fields, by which rows are sorted or searched."""

    derived = True


class CodeField(LineField):
    """A code or number: full-width letters and digits become plain ones."""

    chars = 12

    def check(self, value: Any) -> str:
        """Narrow the characters, then check as a line."""
        return super().check(text.narrow(str(value)))


class NoteField(Kind, peewee.TextField):
    """Text of several lines, at most 2,000 characters."""

    multiline = True
    chars = 24

    def check(self, value: Any) -> str:
        """Refuse more than 2,000 characters."""
        if len(str(value)) > 2000:
            raise BadInput(f"{self.label}最多 2000 个字，现在有 {len(str(value))} 个。请缩短，其余放进附件。")
        return str(value)


class PhoneField(LineField):
    """A telephone number, kept as text, masked when shown (forms.md B7)."""

    secret = True
    chars = 14

    def __init__(self, max_length: int = 40, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def check(self, value: Any) -> str:
        """Refuse what cannot be dialled."""
        _refuse_masked(self.label, value)
        value = super().check(text.narrow(str(value)))
        problem = text.phone_problem(value)
        if problem:
            raise BadInput(f"{self.label}“{value}”{problem}")
        return value

    def show(self, value: Any) -> str:
        """Return 138****5678."""
        return "" if not value else text.mask_phone(value)

    def exact(self, value: Any) -> str:
        """Return all digits."""
        return value or ""


def _refuse_masked(label: str, value: Any) -> None:
    """Refuse a number of which a part was typed over its mask: the stars stand for unknown digits."""
    if "***" in str(value):
        raise BadInput(f"{label}里的 * 是遮住的数字，不能只改其中几位。请把整个号码重新输入。")


class OfficePhoneField(PhoneField):
    """The telephone number of a firm, shown whole: it is there to be called."""

    secret = False

    def show(self, value: Any) -> str:
        """Return all digits."""
        return value or ""


class IdentityField(LineField):
    """An identity document's number, kept as text, masked when shown (forms.md B7)."""

    secret = True
    chars = 20

    def __init__(self, max_length: int = 40, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def check(self, value: Any) -> str:
        """Refuse an 18-digit number whose check digit is wrong."""
        _refuse_masked(self.label, value)
        value = super().check(text.narrow(str(value)).upper())
        problem = text.identity_problem(value)
        if problem:
            raise BadInput(f"{self.label}“{text.mask_identity(value)}”{problem}")
        return value

    def show(self, value: Any) -> str:
        """Return 110***********1234."""
        return "" if not value else text.mask_identity(value)

    def exact(self, value: Any) -> str:
        """Return all characters."""
        return value or ""


class AccountNumberField(CodeField):
    """A bank account, kept as text; shown whole, since it is the office's own."""

    chars = 22


class BankCardField(AccountNumberField):
    """Somebody else's bank account, masked when shown but for its last 4 (forms.md B7)."""

    secret = True

    def check(self, value: Any) -> str:
        """Refuse a number typed over its mask."""
        _refuse_masked(self.label, value)
        return super().check(value)

    def show(self, value: Any) -> str:
        """Return ***************1234."""
        return "" if not value else text.mask_account(value)

    def exact(self, value: Any) -> str:
        """Return all characters."""
        return value or ""


class NumberField(Kind, peewee.CharField):
    """A document number such as SJ-2026-000123, taken from its series inside the deed."""

    chars = 18

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("unique", True)
        super().__init__(max_length=40, **kwargs)
