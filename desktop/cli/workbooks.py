"""工作簿: `import` and `template`."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

from desktop.cli import output
from desktop.cli.command import arg, command
from desktop.cli.session import signed_in
from models.deeds import DEEDS, require
from models.errors import BadInput, NotFound, RuleBroken
from models.imports import (
    LAYOUTS,
    TEMPLATE,
    Finding,
    Given,
    Plan,
    SheetMap,
    errors_workbook,
    given,
    judged,
    repair_workbook,
    write_template,
)
from models.imports.layouts import recognise
from models.imports.mapping import guess, read_maps, told
from models.text import system_reason

_NAMED = 50
"""Findings that are named on the screen; --json and --errors name all."""
_REFUSED = BadInput.exit_code


@command(
    "import",
    "导入档案或库存物品：认出工作簿的版式，先检查，再整份写入",
    arg("file", metavar="FILE.xlsx", help="本系统模板，或 HC小区物业管理系统的资料表、物品表"),
    arg("--dry-run", action="store_true", help="只检查，不写入"),
    arg("--skip-errors", action="store_true", help="跳过有错误的行，导入其余的"),
    arg("--map", metavar="MAP.json", help="别处的工作簿：它的表和列对应本系统的哪些（见 --guess）"),
    arg("--guess", metavar="MAP.json", help="猜出对应关系写到这个文件，供核对修改后用于 --map；不导入"),
    arg("--errors", metavar="OUT.xlsx", help="把全部提示和错误写成工作簿"),
    arg("--repair", metavar="OUT.xlsx", help="把有错误的行连同原因写成订正表，改好后可以再导入"),
)
def bring_in(args: Namespace) -> int:
    """Import a workbook whole, or say what keeps it out."""
    with signed_in(args):
        book, maps = given(Path(args.file)), _maps(args.map)
        layout = TEMPLATE if maps or args.guess is not None else recognise(book.sheets)
        importing: Any = DEEDS[layout.deed]
        require(importing.right)
        if args.guess is not None:
            return _guess(book, Path(args.guess), args.json)
        found = judged(book, maps)
        if args.errors is not None:
            errors_workbook(found, Path(args.errors))
        if args.repair is not None and found.errors:
            repair_workbook(found, Path(args.repair))
        refused = bool(found.errors) and not args.skip_errors
        written = not (refused or args.dry_run)
        if written:
            found = importing(path=found, skip_errors=args.skip_errors)
    if args.json:
        output.as_json(_told(found, written))
    else:
        _say(found, args, written)
    return _REFUSED if refused else 0


def _guess(book: Given, out: Path, as_json: bool) -> int:
    """Write how a workbook may be meant, to be looked at and put right."""
    maps = told(guess(book.sheets))
    if out.exists():
        raise RuleBroken(f"“{out}”已经存在，不会覆盖它。请换一个文件名。")
    try:
        out.write_text(json.dumps(maps, ensure_ascii=False, indent=2), encoding="utf-8")
    except OSError as problem:
        raise RuleBroken(f"写不了“{out}”：{system_reason(problem)}。请换一个位置。") from None
    if as_json:
        output.as_json(maps)
    else:
        output.say(f"认出 {len(maps)} 张表，写到 {out}。核对后用 --map 导入。")
    return 0


def _maps(file: str | None) -> list[SheetMap]:
    if file is None:
        return []
    try:
        maps = read_maps(json.loads(Path(file).read_text(encoding="utf-8")))
    except OSError as problem:
        raise NotFound(f"读不到“{file}”：{system_reason(problem)}。请核对后再试。") from None
    except (ValueError, RecursionError):
        maps = []
    if not maps:
        raise BadInput(f"“{file}”里没有对应关系。请先用 --guess 写出一份，核对后再用。")
    return maps


def _told(found: Plan, written: bool) -> dict[str, Any]:
    return {
        "file": found.path,
        "layout": found.layout,
        "written": written,
        "new": found.new,
        "same": found.same,
        "left": found.left,
        "notes": len(found.notes),
        "errors": len(found.errors),
        "counts": [
            {"record": record.__name__, "noun": record.noun(), "new": count.new, "same": count.same,
             "left": count.left}
            for record, count in found.counts.items()
        ],
        "batches": [batch.id for batch in found.batches] if written else [],
        "findings": [_as_object(one) for one in found.findings],
    }  # fmt: skip


def _as_object(one: Finding) -> dict[str, Any]:
    return {
        "level": one.severity.value,
        "sheet": one.sheet,
        "row": one.row,
        "column": one.column or None,
        "value": one.value or None,
        "reason": one.reason,
        "remedy": one.remedy,
    }


def _say(found: Plan, args: Namespace, written: bool) -> None:
    for one in found.findings[:_NAMED]:
        output.say(one.sentence())
    if len(found.findings) > _NAMED:
        output.say(f"……其余 {len(found.findings) - _NAMED} 处用 --json 或 --errors 查看。")
    output.say(found.summary())
    for line in found.told():
        output.say(f"  {line}")
    if written:
        numbers = "、".join(str(batch.id) for batch in found.batches)
        output.say(f"已导入，批次 {numbers}。" if numbers else "没有新的内容，没有写入。")
    elif args.dry_run:
        output.say("只作检查，没有写入。")
    else:
        output.warn(
            f"有 {len(found.errors)} 处错误，没有导入任何内容。请照办法改正后再导入，或加 --skip-errors。"
        )


@command(
    "template",
    "写出空白的导入模板",
    arg("name", metavar="NAME", help="owners：房屋、人员、收费和期初；canteen：库存物品和期初库存"),
    arg("--out", metavar="F.xlsx", required=True, help="写到这个文件；已有的会被换掉"),
)
def template(args: Namespace) -> None:
    """Write the empty workbook that the import reads; no office is opened."""
    from desktop import modules

    modules.load()
    named = {layout.name: layout for layout in LAYOUTS if layout.name}
    if args.name not in named:
        raise NotFound(f"没有模板“{args.name}”。可用：{'、'.join(named)}。")
    done = write_template(Path(args.out), named[args.name])
    if args.json:
        output.as_json({"path": Path(args.out), "sha256": done.sha256})
    else:
        output.say(f"已写出导入模板：{args.out}。")
