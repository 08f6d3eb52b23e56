"""口令: where passwords come from: the environment, else the person at the keyboard.

Never from the command line itself, which others on the machine can read.
"""

from __future__ import annotations

import getpass
import os
import sys

from models.errors import RuleBroken, SignInRefused, StorageRefused

PASSWORD = "PROPERTY_CONSOLE_PASSWORD"
NEW_PASSWORD = "PROPERTY_CONSOLE_NEW_PASSWORD"
BACKUP_PASSWORD = "PROPERTY_CONSOLE_BACKUP_PASSWORD"


def sign_in_password(login: str) -> str:
    """Return the password of an account.

    Raises:
        SignInRefused: the environment has none and nobody can be asked.
    """
    found = os.environ.get(PASSWORD) or _asked(f"{login} 的口令：")
    if not found:
        raise SignInRefused(f"没有给出 {login} 的口令。请设置环境变量 {PASSWORD}，或在终端中运行并输入。")
    return found


def new_password(login: str) -> str:
    """Return the password of an account that is about to be made, typed twice where it is asked.

    Raises:
        RuleBroken: none was given, or the two are not the same.
    """
    found = os.environ.get(PASSWORD) or _asked_twice(f"为 {login} 设定口令：")
    if not found:
        raise RuleBroken(f"没有给出 {login} 的口令。请设置环境变量 {PASSWORD}，或在终端中运行并输入。")
    return found


def next_password(login: str) -> str:
    """Return the password that an account is to have from now on.

    Raises:
        RuleBroken: none was given, or the two are not the same.
    """
    found = os.environ.get(NEW_PASSWORD) or _asked_twice(f"{login} 的新口令：")
    if not found:
        raise RuleBroken(f"没有给出新口令。请设置环境变量 {NEW_PASSWORD}，或在终端中运行并输入。")
    return found


def backup_password() -> str:
    """Return the password of an existing backup.

    Raises:
        StorageRefused: the environment has none and nobody can be asked.
    """
    found = os.environ.get(BACKUP_PASSWORD) or _asked("备份的密码：")
    if not found:
        raise StorageRefused(f"备份有密码。请设置环境变量 {BACKUP_PASSWORD}，或在终端中运行并输入。")
    return found


def password_to_back_up(ask: bool) -> str | None:
    """Return the password under which a backup is to be made; None for none.

    Args:
        ask: ask for one where the environment has none.

    Raises:
        RuleBroken: one was wanted and not given.
    """
    found = os.environ.get(BACKUP_PASSWORD) or (_asked_twice("备份的密码：") if ask else None)
    if ask and not found:
        raise RuleBroken(f"没有给出备份的密码。请设置环境变量 {BACKUP_PASSWORD}，或在终端中运行并输入。")
    return found


def _asked(question: str) -> str | None:
    """Ask at the terminal; None where there is none."""
    if sys.stdin is None or not sys.stdin.isatty():
        return None
    try:
        return getpass.getpass(question, stream=sys.stderr)
    except EOFError:
        return None


def _asked_twice(question: str) -> str | None:
    first = _asked(question)
    if first and _asked("再输入一次：") != first:
        raise RuleBroken("两次输入的口令不一样。请重新输入。")
    return first
