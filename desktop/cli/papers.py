"""单据: `forms` and `print`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from desktop import modules, printing
from desktop.cli import output
from desktop.cli.command import arg, command
from desktop.cli.session import signed_in
from models.months import Period
from models.owners.estate import Building, Unit
from models.owners.people import Person


@command("forms", "列出可以打印的表单：表码、名称、模块、纸张")
def show(args: Namespace) -> None:
    """Print what can be printed."""
    known = printing.forms()
    if args.json:
        output.as_json_array(known)
        return
    rows = [(one["code"], one["title"], modules.title_of(one["module"]), one["paper"]) for one in known]
    output.table(("表码", "名称", "模块", "纸张"), rows)


@command(
    "print",
    "把一种表单打印成 PDF",
    arg("code", metavar="CODE", help="表码，例如 FE-02，见 forms 命令"),
    arg("--period", help="期间：2026-11-23、2026-11、2026Q4、2026H2 或 2026"),
    arg("--unit", help="只印这个房号"),
    arg("--building", help="只印这个楼栋"),
    arg("--person", help="只印这个业主编号"),
    arg("--number", help="只印这个单号（岗位速查表为角色名称）；收据和岗位速查表可写几个，用逗号隔开"),
    arg("--question", help="楼栋矩阵图按什么着色，例如 交费"),
    arg("--blank", action="store_true", help="空白表，供手写"),
    arg("--out", metavar="FILE.pdf", required=True, help="写到这个文件；已有的会被换掉"),
)
def print_paper(args: Namespace) -> None:
    """Print a form into a PDF file."""
    with signed_in(args), output.Progress("打印") as progress:
        done = printing.print_form(
            args.code,
            out=Path(args.out),
            period=Period.parse(args.period) if args.period is not None else None,
            unit=Unit.find(args.unit) if args.unit is not None else None,
            building=Building.find(args.building) if args.building is not None else None,
            person=Person.find(args.person) if args.person is not None else None,
            number=args.number,
            question=args.question,
            blank=args.blank,
            progress=progress,
        )
    for remark in done.remarks:
        output.warn(remark)
    if args.json:
        output.as_json(done)
    else:
        output.say(f"已打印 {done.sheets} 张（{done.pages} 页）到 {done.path}。")
