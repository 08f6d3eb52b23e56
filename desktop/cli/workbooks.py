"""工作簿: `import` and `template`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from desktop.cli import output
from desktop.cli.command import arg, command
from desktop.cli.session import signed_in
from models.errors import BadInput, NotFound
from models.imports import Finding, Plan, errors_workbook, repair_workbook, write_template
from models.owners import imports

_NAMED = 50
"""Findings that are named on the screen; --json and --errors name all."""
_REFUSED = BadInput.exit_code


@command(
    "import",
    "导入档案：认出工作簿的版式，先检查，再整份写入",
    arg("file", metavar="FILE.xlsx", help="本系统模板，或 HC小区物业管理系统的资料表"),
    arg("--dry-run", action="store_true", help="只检查，不写入"),
    arg("--skip-errors", action="store_true", help="跳过有错误的行，导入其余的"),
    arg("--errors", metavar="OUT.xlsx", help="把全部提示和错误写成工作簿"),
    arg("--repair", metavar="OUT.xlsx", help="把有错误的行连同原因写成订正表，改好后可以再导入"),
)
def bring_in(args: Namespace) -> int:
    """Import a workbook whole, or say what keeps it out."""
    with signed_in(args):
        found = imports.plan(Path(args.file))
        if args.errors is not None:
            errors_workbook(found, Path(args.errors))
        if args.repair is not None and found.errors:
            repair_workbook(found, Path(args.repair))
        refused = bool(found.errors) and not args.skip_errors
        written = not (refused or args.dry_run)
        if written:
            found = imports.import_workbook(found, args.skip_errors)
    if args.json:
        output.as_json(_told(found, written))
    else:
        _say(found, args, written)
    return _REFUSED if refused else 0


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
    arg("name", metavar="NAME", help="owners：房屋、人员、收费和期初"),
    arg("--out", metavar="F.xlsx", required=True, help="写到这个文件；已有的会被换掉"),
)
def template(args: Namespace) -> None:
    """Write the empty workbook that the import reads; no office is opened."""
    from desktop import modules

    modules.load()
    if args.name != "owners":
        raise NotFound(f"没有模板“{args.name}”。可用：owners。")
    done = write_template(Path(args.out))
    if args.json:
        output.as_json({"path": Path(args.out), "sha256": done.sha256})
    else:
        output.say(f"已写出导入模板：{args.out}。")
