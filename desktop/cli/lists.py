"""名单: `list`, `export` and `batches`, over every list that the office knows by name."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from desktop.cli import output
from desktop.cli.command import arg, command, filled
from desktop.cli.session import signed_in
from models.canteen.items import StockItem
from models.complaints.cases import ServiceCase
from models.exports import at_once, export
from models.fees.items import FeeItem
from models.listings import LISTS, AnyListing, Filters, choice, listed
from models.months import Period, parse_day
from models.owners.estate import Building, Unit
from models.owners.people import Person
from models.suppliers.register import Supplier
from models.workbook.csvs import Encoding

FILTERS = (
    arg("--period", help="期间：2026-11-23、2026-11、2026Q4、2026H2 或 2026"),
    arg("--unit", help="房号，例如 1-1-1011"),
    arg("--building", help="楼栋号"),
    arg("--person", help="业主编号"),
    arg("--item", help="收费项目编号"),
    arg("--case", help="受理单号，例如 TS-202611-001"),
    arg("--supplier", help="供方编号或名称"),
    arg("--stock", help="库存物品编号、条码或名称"),
    arg("--state", type=filled, help="状态"),
    arg("--on", metavar="DATE", help="某一天的情况，例如 2026-11-23"),
    arg("--void", action="store_true", help="连同作废的"),
)


def filters(args: Namespace) -> Filters:
    """Return the filters that were typed, each read by what it names.

    Raises:
        BadInput: a period or day that is none.
        NotFound: no such unit, building, person or item.
    """
    return Filters(
        period=Period.parse(args.period) if args.period is not None else None,
        unit=Unit.find(args.unit) if args.unit is not None else None,
        building=Building.find(args.building) if args.building is not None else None,
        person=Person.find(args.person) if args.person is not None else None,
        item=FeeItem.find(args.item) if args.item is not None else None,
        case=ServiceCase.find(args.case) if args.case is not None else None,
        supplier=Supplier.find(args.supplier) if args.supplier is not None else None,
        stock=StockItem.find(args.stock) if args.stock is not None else None,
        state=args.state,
        on=parse_day(args.on) if args.on is not None else None,
        void=args.void,
    )


@command(
    "list",
    "列出名单的全部行（不写名称则列出有哪些名单）",
    arg("name", metavar="NAME", nargs="?", help="名单：units、people、bills、payments、receipts、health 等"),
    *FILTERS,
)
def show(args: Namespace) -> None:
    """Print a list: every row, no hidden filter."""
    if args.name is None:
        _show_lists(args.json)
        return
    with signed_in(args):
        _print(listed(args.name)(filters(args)), args.json)


@command(
    "batches",
    "列出批次（导入、出账等），可用 undo 整批撤销",
    arg("--state", type=filled, help="有效 或 已撤销"),
)
def show_batches(args: Namespace) -> None:
    """Print the runs over many records."""
    with signed_in(args):
        _print(listed("batches")(Filters(state=args.state)), args.json)


@command(
    "export",
    "把名单的全部行导出成 Excel 工作簿或 CSV",
    arg("name", metavar="NAME", help="名单名称，见 list 命令"),
    *FILTERS,
    arg("--out", metavar="F.xlsx", required=True, help="写到这个 .xlsx 或 .csv；已有的会被换掉"),
    arg("--encoding", type=filled, help=".csv 的编码：GB18030 或 UTF-8；不写则为 GB18030"),
)
def export_list(args: Namespace) -> None:
    """Write a list into a workbook or a .csv."""
    path = Path(args.out)
    with signed_in(args), output.Progress("导出") as progress:
        known = listed(args.name)
        encoding = choice(Encoding, args.encoding or Encoding.GB18030.value)
        done = export(known(filters(args)), known, path, progress, encoding=encoding)
    if args.json:
        output.as_json({"path": path, "rows": done.rows, "sha256": done.sha256})
    else:
        output.say(f"已导出{known.title} {done.rows} 行到 {path}。")


def _show_lists(as_json: bool) -> None:
    from desktop import modules

    modules.load()
    known = sorted(LISTS.values(), key=lambda one: (one.module, one.name))
    if as_json:
        output.as_json_array(
            {"name": one.name, "title": one.title, "module": one.module, "filters": one.takes}
            for one in known
        )
        return
    rows = ((one.name, one.title, modules.title_of(one.module), " ".join(f"--{name}" for name in one.takes))
            for one in known)  # fmt: skip
    output.table(("名称", "名单", "模块", "可用的筛选"), rows)


def _print(found: AnyListing, as_json: bool) -> None:
    if as_json:
        output.as_json_array(found.plain(row) for row in at_once(found.rows()))
    else:
        _as_table(found)


def _as_table(found: AnyListing) -> None:
    shown = [at for at, column in enumerate(found.columns) if not column.hidden]
    headings = [found.columns[at].heading for at in shown]
    right = [place for place, at in enumerate(shown) if found.columns[at].field.align == "right"]
    count = output.table(headings, _cells(found, shown), right)
    sums = found.totals()[1] if count else {}
    told = [
        f"{found.column(name).heading} {found.column(name).field.show(sum)}" for name, sum in sums.items()
    ]
    output.say("  ".join([f"共 {count} 行", *told]))


def _cells(found: AnyListing, shown: list[int]) -> Iterator[list[str]]:
    for row in at_once(found.rows()):
        cells = found.shown(row)
        yield [cells[at] for at in shown]
