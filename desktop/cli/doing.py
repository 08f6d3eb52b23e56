"""操作: `deeds`, `do` and `undo`: every deed of the office by its name, made from the registry.

What a form of the window asks for is asked for here as `field=value`, read and checked by the same
fields, under the same rights.
"""

from __future__ import annotations

import json
import re
from argparse import Namespace
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from desktop import modules
from desktop.cli import output
from desktop.cli.command import Usage, arg, command
from desktop.cli.session import signed_in
from models import batches
from models.base import Record
from models.deeds import DEEDS, RIGHTS, Deed
from models.errors import BadInput, NotFound
from models.inputs import Input
from models.text import system_reason

_FIELD = re.compile(r"([a-z_][a-z0-9_]*)=(.*)", re.DOTALL)
_LARGEST_FILE = 4 << 20


@command(
    "deeds", "列出全部操作：名称、权限、要填的栏目", arg("name", metavar="DEED", nargs="?", help="只看这一个")
)
def show(args: Namespace) -> None:
    """Print what can be done, and what each deed asks for."""
    modules.load()
    known = [deed_named(args.name)] if args.name else [DEEDS[name] for name in sorted(DEEDS)]
    if args.json:
        output.as_json_array(map(described, known))
        return
    for one in known:
        output.say(f"{one.name}  {one.title}  （权限：{RIGHTS[one.right]}）")
        if one.record is not None:
            output.say(f"    KEY  {one.record.noun()}：{_key_label(one)}")
        for asked in one.inputs:
            output.say(f"    {asked.name}=…  {_in_words(asked)}")


def deed_named(name: str) -> Deed:
    """Return a deed by its name.

    Raises:
        NotFound: there is none.
    """
    modules.load()
    if name not in DEEDS:
        like = [known for known in sorted(DEEDS) if known.split(".")[0] == name.split(".")[0]]
        told = f"这一类有：{'、'.join(like)}。" if like else "用 deeds 命令看全部操作。"
        raise NotFound(f"没有操作“{name}”。{told}")
    return DEEDS[name]


def described(deed: Deed) -> dict[str, Any]:
    """Return what `deeds --json` says of one."""
    return {
        "name": deed.name,
        "title": deed.title,
        "right": deed.right,
        "record": None if deed.record is None else deed.record.__name__,
        "key": None if deed.record is None else _key_label(deed),
        "danger": deed.danger,
        "inputs": [
            {
                "name": asked.name,
                "label": asked.label,
                "kind": type(asked.field).__name__.removesuffix("Field").lower(),
                "required": asked.required,
                "without": asked.without or None,
                "choices": _choices(asked),
            }
            for asked in deed.inputs
        ],
    }


@command(
    "do",
    "做一个操作，例如 do fees.receive 1-1-1011 amount=100",
    arg("name", metavar="DEED", help="操作名称，见 deeds 命令"),
    arg("words", metavar="[KEY] field=value", nargs="*", help="针对的记录，和要填的栏目"),
    arg("--file", metavar="JSON", help="从 JSON 文件读入栏目（一个对象）；命令行上写的优先"),
)
def do(args: Namespace) -> None:
    """Do a deed with values read by its fields, and print what it made as JSON."""
    deed = deed_named(args.name)
    key, typed = split_words(args.words)
    given = {**(values_in(Path(args.file)) if args.file else {}), **typed}
    with signed_in(args):
        made = deed.call(key, given)
        told = made.details() if hasattr(made, "details") else {}
        output.as_json({"summary": made.summary(), **told} if hasattr(made, "summary") else made)
        if isinstance(made, Record) and made.aside():
            output.warn(made.aside())


def split_words(words: list[str]) -> tuple[str | None, dict[str, str]]:
    """Tell the key from the fields among the words that follow a deed's name.

    Raises:
        Usage: two keys, or one field twice.
    """
    key: str | None = None
    given: dict[str, str] = {}
    for word in words:
        found = _FIELD.fullmatch(word)
        if found is None and key is None:
            key = word
        elif found is None:
            raise Usage(f"“{word}”不是 field=value。含空格的值请加引号。")
        elif found[1] in given:
            raise Usage(f"{found[1]} 写了两次。请只写一次。")
        else:
            given[found[1]] = found[2]
    return key, given


def values_in(path: Path) -> dict[str, Any]:
    """Read fields from a JSON file; numbers become text, so that each field reads them exactly.

    Raises:
        BadInput: no such file, or it holds no JSON object.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise BadInput(f"文件太大：{path}（最多 4 MB）。请分几次做。")
        told = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        raise BadInput(f"读不了文件 {path}（{system_reason(error)}）。请核对文件名。") from None
    except (ValueError, RecursionError):
        raise BadInput(f'{path} 不是 JSON 文件。请写成一个对象，例如 {{"amount": "100.00"}}。') from None
    if not isinstance(told, dict):
        raise BadInput(f'{path} 里应是一个 JSON 对象，例如 {{"amount": "100.00"}}。')
    return {name: _as_typed(value) for name, value in told.items()}


def _as_typed(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | Decimal):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, list):
        return [_as_typed(one) for one in value]
    if isinstance(value, dict):
        return {name: _as_typed(one) for name, one in value.items()}
    return value


@command(
    "undo", "整批撤销一个批次（还没有别的业务建立在它上面时）", arg("batch", metavar="BATCH", help="批次编号")
)
def undo(args: Namespace) -> None:
    """Undo what one run made."""
    with signed_in(args):
        batch = batches.Batch.find(args.batch)
        batches.undo(batch)
        if args.json:
            output.as_json(batches.Batch.find(args.batch))
        else:
            output.say(f"已撤销批次 {batch.label()}。")


def _key_label(deed: Deed) -> str:
    assert deed.record is not None
    return str(deed.record.fields()[deed.record.key_field].label)


def _in_words(asked: Input) -> str:
    choices = _choices(asked)
    told = [asked.label, "必填" if asked.required else asked.without or "可不填"]
    return "  ".join([*told, f"可填：{'、'.join(choices)}"] if choices else told)


def _choices(asked: Input) -> list[str] | None:
    enumeration: type[Enum] | None = getattr(asked.field, "enumeration", None)
    return None if enumeration is None else [str(member.value) for member in enumeration]
