"""命令: how a command is declared, and how what was typed becomes one.

`--db`, `--user` and `--json` stand before or after the command. Values are read as text and
checked by the models, so that a wrong month is refused with a sentence (exit 3); only the shape of
the command line itself is a matter of usage (exit 2).
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from models.errors import OfficeError
from models.text import clean

PROG = "property-console"
_PATHS = ("db", "path", "file", "folder", "out", "errors", "repair", "map", "guess")

Run = Callable[[argparse.Namespace], "int | None"]


class Usage(OfficeError):
    """The command line itself is wrong (exit 2)."""

    exit_code = 2


@dataclass(frozen=True)
class Argument:
    """One argument of a command, as argparse takes it."""

    names: tuple[str, ...]
    options: dict[str, Any]


@dataclass(frozen=True)
class Command:
    """One command: its name, its line of help, its arguments, its work."""

    name: str
    help: str
    arguments: tuple[Argument, ...]
    run: Run


COMMANDS: dict[str, Command] = {}
"""Every command by its name."""


def arg(*names: str, **options: Any) -> Argument:
    """Return an argument; positional ones are required unless they say otherwise."""
    return Argument(names, options)


def command(name: str, help: str, *arguments: Argument) -> Callable[[Run], Run]:
    """Register a function as a command."""

    def decorate(run: Run) -> Run:
        COMMANDS[name] = Command(name, help, arguments, run)
        return run

    return decorate


ENDS = """结束代码：
  0  完成
  1  程序自身的差错（日志文件的位置会写在屏幕上）
  2  命令写得不对
  3  被规定或不对的内容拒绝，没有写入任何数据
  4  没有权限，或登录不成（口令不对、没有账号、账号已停用或锁定）
  5  数据库或备份不能用（正被占用、已损坏、磁盘已满等）

口令取自环境变量 PROPERTY_CONSOLE_PASSWORD，备份密码取自 PROPERTY_CONSOLE_BACKUP_PASSWORD；
没有设置时会询问。加 --json 时，标准输出只有 JSON，提示和警告都在标准错误中。"""

_COMMON = (
    arg("--db", metavar="PATH", help="数据库文件；不写则用上次用过的"),
    arg("--user", metavar="NAME", help="登录名；不写则用 admin"),
    arg("--json", action="store_true", help="结果以 JSON 输出"),
)


_WINDOW = (
    arg("--reset-layout", action="store_true", help="打开窗口时恢复默认布局"),
    arg("--safe-mode", action="store_true", help="打开窗口时不用个人的布局、列和外观，也不记下改动"),
)
"""What only the window understands."""


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks Chinese."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options |= {"formatter_class": _Help, "add_help": False, "allow_abbrev": False}
        super().__init__(*args, **options)
        self._positionals.title = "要写明的"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        """Say in Chinese what is wrong with the command line, and end with 2."""
        self.exit(2, f"{self.prog}：{_in_chinese(message)}\n{self.format_usage()}用 --help 看说明。\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help with a Chinese heading."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: Any = None) -> None:
        """Begin with 用法."""
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


_SAID = (
    (r"the following arguments are required: (.*)", r"没有写 \1。"),
    (r"unrecognized arguments: (.*)", r"不认识 \1。"),
    (r"argument COMMAND: invalid choice: ('.*?') .*", r"没有命令 \1。"),
    (r"argument (.*): expected one argument", r"\1 后面要写一个值。"),
    (r"argument (.*): 是空的：(.*)", r"\1 是空的：\2。"),
    (r"argument (.*): ignored explicit argument (.*)", r"\1 后面不带值（写了 \2）。"),
)


def _in_chinese(message: str) -> str:
    for pattern, told in _SAID:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return found.expand(told)
    return message


def filled(typed: str) -> str:
    """Take a value that must not be empty: an empty one would silently mean the default."""
    if not typed.strip():
        raise argparse.ArgumentTypeError("是空的：请填写，或不写这一项")
    return typed


def parse(argv: Sequence[str], version: str) -> argparse.Namespace:
    """Read the command line; `command` is None where the window is wanted.

    Raises:
        SystemExit: help or version was asked for (0), or the line is wrong (2).
    """
    parser = _parser(version)
    defaults = {"db": None, "user": None, "json": False, "command": None}
    defaults |= {"reset_layout": False, "safe_mode": False}
    given, rest = parser.parse_known_args(list(argv), argparse.Namespace(**defaults))
    if rest and hasattr(given, "words") and not any(word.startswith("-") for word in rest):
        # argparse closes a list of words at the first option; what follows belongs to it still.
        given.words += rest
    elif rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    for name, value in vars(given).items():
        setattr(given, name, _cleaned(name, value))
    return given


def parse_window(argv: Sequence[str]) -> argparse.Namespace | None:
    """Read a command line that opens the window; None where it may be anything else.

    No command need be loaded for that, so that the window comes sooner.
    """
    known = {name for one in (*_COMMON, *_WINDOW) for name in one.names}
    valued = {name for one in _COMMON for name in one.names if "action" not in one.options}
    words = iter(argv)
    for word in words:
        if word not in known or (word in valued and next(words, "-").startswith("-")):
            return None
    return parse(argv, PROG)


def _cleaned(name: str, value: Any) -> Any:
    """Rid what was typed of bytes that are no text; names of files stay as they are."""
    if isinstance(value, list):
        return [_cleaned(name, one) for one in value]
    return clean(value, multiline=True) if isinstance(value, str) and name not in _PATHS else value


def _parser(version: str) -> Parser:
    parser = Parser(
        prog=PROG,
        description="物业管理桌面程序。不写命令时打开窗口；下面的命令都不打开窗口，窗口开着时也可以使用。",
        epilog=ENDS,
    )
    _declare(parser, _COMMON)
    for option in _WINDOW:
        parser.add_argument(*option.names, **option.options)
    parser.add_argument("--version", action="version", version=version, help="显示版本")
    if not COMMANDS:
        return parser
    chosen = parser.add_subparsers(dest="command", metavar="COMMAND", title="命令", prog=PROG)
    for one in COMMANDS.values():
        sub = chosen.add_parser(one.name, help=one.help, description=one.help, epilog=ENDS)
        _declare(sub, one.arguments)
        _declare(sub, _COMMON)
    return parser


def _declare(parser: Parser, arguments: Sequence[Argument]) -> None:
    for one in arguments:
        # The common options may stand before the command: an absent one must not wipe those out.
        quiet: dict[str, Any] = {"default": argparse.SUPPRESS} if one in _COMMON else {}
        parser.add_argument(*one.names, **one.options, **quiet)
