import getpass
import sys
from collections.abc import Callable

import pytest

from desktop.cli import secrets
from models.errors import RuleBroken, SignInRefused, StorageRefused

Type = Callable[..., None]


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Type:
    """Return what puts somebody at a terminal who types these passwords, one after the other."""

    def sit_down(*typed: str) -> None:
        coming = iter(typed)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(getpass, "getpass", lambda question, stream: next(coming))

    return sit_down


def test_the_environment_is_asked_before_the_person(monkeypatch: pytest.MonkeyPatch, type_in: Type) -> None:
    type_in()
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", "from outside")
    monkeypatch.setenv("PROPERTY_CONSOLE_BACKUP_PASSWORD", "from there")
    assert secrets.sign_in_password("ann") == secrets.new_password("ann") == "from outside"
    assert secrets.backup_password() == secrets.password_to_back_up(False) == "from there"


def test_the_person_is_asked_where_the_environment_is_silent(type_in: Type) -> None:
    type_in("typed")
    assert secrets.sign_in_password("ann") == "typed"


def test_a_new_password_is_typed_twice(type_in: Type) -> None:
    type_in("one", "one")
    assert secrets.new_password("admin") == "one"
    type_in("one", "two")
    with pytest.raises(RuleBroken, match="不一样"):
        secrets.next_password("admin")


def test_a_backup_is_made_without_a_password_unless_one_is_wanted(type_in: Type) -> None:
    type_in("one", "one")
    assert secrets.password_to_back_up(ask=False) is None
    assert secrets.password_to_back_up(ask=True) == "one"


def test_where_nobody_can_be_asked_the_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    for ask, refusal in (
        (lambda: secrets.sign_in_password("ann"), SignInRefused),
        (lambda: secrets.new_password("ann"), RuleBroken),
        (lambda: secrets.next_password("ann"), RuleBroken),
        (secrets.backup_password, StorageRefused),
        (lambda: secrets.password_to_back_up(ask=True), RuleBroken),
    ):
        with pytest.raises(refusal, match="PROPERTY_CONSOLE_"):
            ask()


def test_an_end_of_input_is_no_password(monkeypatch: pytest.MonkeyPatch, type_in: Type) -> None:
    def ends(question: str, stream: object) -> str:
        raise EOFError

    type_in()
    monkeypatch.setattr(getpass, "getpass", ends)
    with pytest.raises(SignInRefused):
        secrets.sign_in_password("ann")
