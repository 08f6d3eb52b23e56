"""版式: which workbooks are recognised, and which sheets of them are read by whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from models.errors import BadInput
from models.imports.drafts import Roster
from models.imports.findings import Finding, Severity
from models.imports.lines import Column, Line, Sheet, head_among, heading_of
from models.workbook import SheetData

Read = Callable[[list[Line], Roster], None]


@dataclass(frozen=True)
class SheetReader:
    """Reads one sheet into drafts.

    Args:
        title: of the sheet.
        columns: what is read of it.
        read: makes the drafts.
        order: readers go by it, whatever the order of the sheets.
        about: what the sheet is for, told in the template.
        ignored: headings that are known and not read.
    """

    title: str
    columns: Sequence[Column]
    read: Read
    order: int
    about: str = ""
    ignored: Sequence[str] = ()


@dataclass(frozen=True)
class Layout:
    """One kind of workbook.

    Args:
        title: what people call it.
        readers: of its sheets.
        least: it is recognised where at least so many of them are there.
        deed: name of the deed that imports it.
        name: by which its template is asked for; empty where we give out none.
    """

    title: str
    readers: list[SheetReader]
    least: int
    deed: str = "owners.import"
    name: str = ""

    def titles(self) -> list[str]:
        """Return the titles of its sheets, in the order they are read."""
        ordered = sorted(self.readers, key=lambda one: one.order)
        return list(dict.fromkeys(reader.title for reader in ordered))


TEMPLATE = Layout("本系统模板", [], 1, name="owners")
PEER = Layout("HC小区物业管理系统资料表", [], 2)
LAYOUTS = [PEER, TEMPLATE]
"""Every layout, in the order in which they are tried; a module adds its own."""
NOTES = "填表说明"
"""The sheet of the template that explains the others."""


def template_sheet(
    title: str, columns: Sequence[Column], *, order: int, about: str = ""
) -> Callable[[Read], Read]:
    """Register what reads a sheet of our own template; several may read the same one."""
    return _reads(TEMPLATE, title, columns, order, about, ())


def peer_sheet(
    title: str, columns: Sequence[Column], *, order: int, ignored: Sequence[str] = ()
) -> Callable[[Read], Read]:
    """Register what reads a sheet of the workbook of HC小区物业管理系统."""
    return _reads(PEER, title, columns, order, "", ignored)


def sheet_of(
    layout: Layout, title: str, columns: Sequence[Column], *, order: int, about: str = "",
    ignored: Sequence[str] = (),
) -> Callable[[Read], Read]:  # fmt: skip
    """Register what reads a sheet of another layout, which is one of `LAYOUTS`."""
    return _reads(layout, title, columns, order, about, ignored)


def _reads(
    layout: Layout, title: str, columns: Sequence[Column], order: int, about: str, ignored: Sequence[str]
) -> Callable[[Read], Read]:
    def decorate(read: Read) -> Read:
        layout.readers.append(SheetReader(title, columns, read, order, about, ignored))
        return read

    return decorate


def recognise(sheets: list[SheetData], wanted: Layout = TEMPLATE) -> Layout:
    """Return the layout of a workbook by the titles of its sheets.

    Args:
        sheets: what was read.
        wanted: the one layout that is asked for; any of `LAYOUTS` where it is one of them.

    Raises:
        BadInput: it is none that we know.
    """
    titles = {_plain(sheet.name) for sheet in sheets}
    among = LAYOUTS if wanted in LAYOUTS else [wanted]
    known = [(len(titles & set(layout.titles())), layout) for layout in among]
    for found, layout in known:
        if found >= layout.least:
            return layout
    known_by = "、".join(wanted.titles())
    raise BadInput(
        f"认不出这个工作簿的版式：没有可以导入的工作表。请用模板填写（工作表：{known_by}），表名不要改动。"
    )


def draft(sheets: list[SheetData], wanted: Layout = TEMPLATE) -> tuple[Layout, Roster]:
    """Read a workbook into drafts, sheet by sheet in the order of its layout; see `recognise`.

    Raises:
        BadInput: nothing in it is known.
    """
    layout = recognise(sheets, wanted)
    roster = Roster()
    opened: dict[str, Sheet] = {}
    by_title = {_plain(sheet.name): sheet for sheet in sheets}
    for title in layout.titles():
        if title in by_title:
            readers = [reader for reader in layout.readers if reader.title == title]
            opened[title] = _opened(by_title[title], readers)
            roster.sheets.append(opened[title])
    _note_strangers(layout, by_title, roster)
    for reader in sorted(layout.readers, key=lambda one: one.order):
        if reader.title in opened:
            reader.read(opened[reader.title].lines, roster)
    return layout, roster


def _note_strangers(layout: Layout, by_title: dict[str, SheetData], roster: Roster) -> None:
    """Say which sheets hold something and are not read."""
    known = {*layout.titles(), NOTES}
    for title, sheet in by_title.items():
        if title not in known and sheet.rows:
            reason, remedy = (
                "没有导入这张工作表",
                f"需要导入时请把内容放到这些表里：{'、'.join(layout.titles())}。",
            )
            roster.findings.append(Finding(Severity.NOTE, sheet.name, 1, "", "", reason, remedy))


def _opened(data: SheetData, readers: list[SheetReader]) -> Sheet:
    columns = {column.name: column for reader in readers for column in reader.columns}
    head = head_among(data, {heading_of(column.title) for column in columns.values()})
    sheet = Sheet(replace(data, head=head or data.head), list(columns.values()))
    sheet.note_unread([heading for reader in readers for heading in reader.ignored])
    return sheet


def _plain(title: str) -> str:
    return "".join(title.split())
