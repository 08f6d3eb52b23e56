"""会话: the office a command works on, opened through the gate, and the person who does it."""

from __future__ import annotations

import platform
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop import modules, settings
from desktop.cli import output, secrets
from desktop.cli.command import Usage
from models import deeds, store
from models.errors import SignInRefused, StorageRefused
from models.office.accounts import Account
from models.office.profile import profile
from models.office.signin import sign_in
from models.store import Office
from models.store.refusals import busy, is_busy, sqlite_name

DEFAULT_USER = "admin"
_STORAGE = (
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
    "SQLITE_IOERR",
    "SQLITE_FULL",
    "SQLITE_CANTOPEN",
    "SQLITE_READONLY",
)


def office_path(args: Namespace) -> Path:
    """Return the database that is meant: `--db`, else the last one used.

    Raises:
        Usage: neither is known.
    """
    if args.db is not None:
        return Path(args.db)
    found = settings.last_office()
    if found is None:
        raise Usage("没有指明数据库，也没有上次用过的。请加 --db PATH，或先用 new 新建。")
    return found


@contextmanager
def opened(args: Namespace) -> Iterator[Office]:
    """Open the office, telling what the gate warns of."""
    modules.load()
    with store.open_office(office_path(args)) as office, _faults_in_words(office.path):
        for sentence in office.warnings:
            output.warn(sentence)
        yield office


@contextmanager
def signed_in(args: Namespace) -> Iterator[Office]:
    """Open the office and let the person of `--user` act in it.

    Raises:
        SignInRefused: wrong password, or an account that may not sign in or must change its password.
    """
    with opened(args) as office, deeds.acting(admitted(args)):
        yield office


def admitted(args: Namespace, demo_too: bool = False) -> Account:
    """Return the account of `--user`, whose password is right.

    Args:
        args: the command line.
        demo_too: take anybody's word for it in a demo office, which holds invented data alone.

    Raises:
        SignInRefused: wrong password, or an account that may not sign in or must change its password.
    """
    login = args.user or DEFAULT_USER
    if demo_too and profile().demo:
        return Account.find(login)
    account = sign_in(login, secrets.sign_in_password(login), platform.node())
    if account.must_change:
        raise SignInRefused("这个口令只能用一次，须先改口令。请用 password 命令，或打开窗口登录后修改。")
    return account


@contextmanager
def _faults_in_words(path: Path) -> Iterator[None]:
    """Tell what SQLite reports while a list is read; deeds tell their own faults."""
    try:
        yield
    except Exception as fault:
        if is_busy(fault):
            raise busy(path) from fault
        if sqlite_name(fault).startswith(_STORAGE):
            raise StorageRefused(
                f"数据库读写出错（{fault}）：{path}。请检查磁盘；再次出现时请从备份恢复。"
            ) from fault
        raise
