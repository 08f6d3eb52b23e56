"""代扣版式: which columns the file for a bank has, in which order, how they are headed and written."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

from models import workbook
from models.base import Record
from models.deeds import deed, reaches_everybody
from models.errors import BadInput
from models.fees.rights import BANK, VIEW
from models.fields import ChoiceField, FactsField, FlagField, LineField
from models.inputs import Asked, Input
from models.listings import Filters, Listing, Shown, listing
from models.rows import RowsField
from models.workbook import ColumnOut, SheetOut, Written
from models.workbook.csvs import Encoding


class Content(Enum):
    """What a column of the file may hold."""

    POSITION = "序号"
    AGREEMENT = "协议号"
    ACCOUNT_NAME = "账户名"
    ACCOUNT = "账号"
    BANK = "开户行"
    AMOUNT = "金额"
    UNIT = "房号"
    PAYER = "付款人"
    NOTE = "摘要"
    NUMBER = "批次号"
    DAY = "日期"


class FileFormat(Enum):
    """How the file is written."""

    XLSX = "Excel 工作簿"
    GB18030 = "CSV 国标码"
    UTF8 = "CSV UTF-8"

    @property
    def suffix(self) -> str:
        """Ending of its name."""
        return ".xlsx" if self is FileFormat.XLSX else ".csv"


STANDARD = tuple(Content)
"""Columns where no layout is chosen."""


def _columns() -> list[Input]:
    return [
        Input("content", ChoiceField(Content, verbose_name="内容"), required=True),
        Input("heading", LineField(max_length=30, null=True, verbose_name="列名"), required=False,
              without="不填同内容"),
    ]  # fmt: skip


AskedColumns = Annotated[
    list[dict[str, Any]] | None, Asked(RowsField(_columns, null=True, verbose_name="各列"), "不填为全部列")
]


class DebitLayout(Record):
    """代扣版式: what one bank wants to find in the file."""

    name = LineField(max_length=40, unique=True, verbose_name="版式名称")
    format = ChoiceField(FileFormat, default=FileFormat.XLSX, verbose_name="文件格式")
    columns = FactsField(verbose_name="各列")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "代扣版式"

    def headings(self) -> list[tuple[Content, str]]:
        """Return what each column holds and how it is headed."""
        return [(Content[one["content"]], one["heading"]) for one in self.columns]

    @deed("fees.edit_debit_layout", "修改版式", BANK)
    def edit(
        self,
        name: Annotated[
            str | None, Asked(LineField(max_length=40, null=True, verbose_name="版式名称"))
        ] = None,
        format: Annotated[
            FileFormat | None, Asked(ChoiceField(FileFormat, null=True, verbose_name="文件格式"))
        ] = None,
        columns: Annotated[
            list[dict[str, Any]] | None,
            Asked(RowsField(_columns, null=True, verbose_name="各列"), "不填不改"),
        ] = None,
        active: Annotated[bool | None, Asked(FlagField(null=True, verbose_name="在用"))] = None,
    ) -> DebitLayout:
        """Change how the next files are written."""
        given = {"name": name, "format": format, "active": active}
        values = {key: value for key, value in given.items() if value is not None}
        return self.change(**values, **({"columns": _kept(columns)} if columns else {}))


reaches_everybody(DebitLayout)


@deed("fees.add_debit_layout", "新增版式", BANK)
def add_debit_layout(
    name: Annotated[str, Asked(LineField(max_length=40, verbose_name="版式名称"))],
    format: Annotated[
        FileFormat, Asked(ChoiceField(FileFormat, default=FileFormat.XLSX, verbose_name="文件格式"))
    ] = FileFormat.XLSX,
    columns: AskedColumns = None,
) -> DebitLayout:
    """Enter how a bank wants its file.

    Raises:
        BadInput: a heading stands twice, or neither account nor agreement is told.
    """
    return DebitLayout.add(name=name, format=format, columns=_kept(columns or ()))


def _kept(rows: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
    """Return columns as they are stored: all of them where none is named."""
    rows = rows or [{"content": content} for content in STANDARD]
    kept = [
        {"content": row["content"].name, "heading": row.get("heading") or row["content"].value}
        for row in rows
    ]
    headings = [one["heading"] for one in kept]
    if len(set(headings)) != len(headings):
        raise BadInput("有两列的列名相同，银行和本系统都分不清。请改列名。", "columns")
    told = {one["content"] for one in kept}
    if Content.AMOUNT.name not in told or not told & {Content.ACCOUNT.name, Content.AGREEMENT.name}:
        raise BadInput("版式里要有金额，和账号或协议号。请补上。", "columns")
    return kept


def write_file(
    path: Path, layout: DebitLayout | None, rows: Sequence[dict[Content, Any]], title: str
) -> Written:
    """Write what is to be fetched, as a layout says; all columns as a workbook where there is none.

    Raises:
        BadInput: the name does not end as the format does.
        RuleBroken: the place cannot be written to.
    """
    format = layout.format if layout is not None else FileFormat.XLSX
    headings = layout.headings() if layout is not None else [(one, one.value) for one in STANDARD]
    if path.suffix.lower() != format.suffix:
        raise BadInput(f"这个版式写成 {format.value}，文件名要以 {format.suffix} 结尾。请改文件名。", "path")
    columns = [ColumnOut(head, "money" if what is Content.AMOUNT else "text") for what, head in headings]
    lines = [
        [row[what] if what is Content.AMOUNT else str(row[what]) for what, _ in headings] for row in rows
    ]
    if format is FileFormat.XLSX:
        return workbook.write(path, [SheetOut(title, columns, lines)])
    return workbook.write_csv(path, columns, lines, Encoding[format.name])


@listing("debit_layouts", "代扣版式", "fees", VIEW)
def debit_layouts(filters: Filters) -> Listing:
    """How files for banks are written."""
    columns = (
        Shown("name", DebitLayout.name),
        Shown("format", DebitLayout.format),
        Shown("columns", DebitLayout.columns),
        Shown("active", DebitLayout.active),
    )
    return Listing(
        DebitLayout.select(), columns, id=DebitLayout.id, order=("-active", "name"), record=DebitLayout,
        search=(DebitLayout.name,),
    )  # fmt: skip
