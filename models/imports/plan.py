"""导入计划: what an import would do, told before it is done, and the doing itself."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from peewee import fn

from models import batches, workbook
from models.audit import AuditEntry
from models.base import Record, insert_rows, journal
from models.batches import Batch
from models.errors import RuleBroken
from models.imports.drafts import Roster
from models.imports.findings import Finding, Severity
from models.imports.layouts import TEMPLATE, Layout, draft
from models.imports.lines import Sheet
from models.imports.mapping import Given, SheetMap, mapped, unread
from models.imports.resolve import Count, Resolver, Table
from models.workbook import ColumnOut, ReadingProcess, SheetOut

_MOST_PASSES = 20
MAPPED = "按对应关系读取"


@dataclass
class Plan:
    """What a workbook brings, found out without writing anything.

    Args:
        path: the workbook; its name alone where something else says what shall be there.
        layout: title of the layout that was recognised.
        findings: everything somebody should look at, in the order of the sheets.
        counts: by kind of record, what is new, known alike, or known otherwise and left alone.
    """

    path: Path
    layout: str
    findings: list[Finding]
    counts: dict[type[Record], Count]
    roster: Roster = field(repr=False)
    tables: dict[type[Record], Table] = field(repr=False)
    as_of: int = field(repr=False)
    """Number of the audit entry up to which the office was known."""
    batches: list[Batch] = field(default_factory=list)
    """What was made when it was carried out, none where nothing was new."""

    @property
    def errors(self) -> list[Finding]:
        """The findings that keep their rows from being imported."""
        return [one for one in self.findings if one.severity is Severity.ERROR]

    @property
    def notes(self) -> list[Finding]:
        """The findings that are only told."""
        return [one for one in self.findings if one.severity is Severity.NOTE]

    @property
    def new(self) -> int:
        """Number of records that would be made."""
        return sum(count.new for count in self.counts.values())

    @property
    def same(self) -> int:
        """Number of records that the office has just so."""
        return sum(count.same for count in self.counts.values())

    @property
    def left(self) -> int:
        """Number of records that the office has otherwise, and that are left alone."""
        return sum(count.left for count in self.counts.values())

    def told(self) -> list[str]:
        """Return one line for each kind: 房屋：新增 9，相同 0，未改动 0."""
        sums = self.sums()
        return [
            f"{record.noun()}：新增 {count.new}，相同 {count.same}，未改动 {count.left}"
            + (f"；新增合计 {sums[record]:,.2f} 元" if record in sums else "")
            for record, count in self.counts.items()
        ]

    def sums(self) -> dict[type[Record], Decimal]:
        """Return the money that new rows bring, in 元, of the kinds that have a total."""
        return {record: _sum(self.tables[record]) for record in self.counts if self.tables[record].kind.total}

    def summary(self) -> str:
        """Return it all in one sentence."""
        parts = [f"新增 {self.new} 条，相同 {self.same} 条"]
        if self.left:
            parts.append(f"与已登记的不同而未改动 {self.left} 条")
        parts.append(f"提示 {len(self.notes)} 处，错误 {len(self.errors)} 处")
        return f"{self.path.name}（{self.layout}）：" + "；".join(parts) + "。"

    def current(self) -> Plan:
        """Return this plan, made anew where anything was done in the office since."""
        return self if self.as_of == _last_entry() else planned(self.path, self.layout, self.roster)


class ImportRefused(RuleBroken):
    """The workbook holds errors and nothing was imported; `plan` lists them."""

    def __init__(self, sentence: str, refused: Plan) -> None:
        super().__init__(sentence)
        self.plan = refused


def plan(path: Path, process: ReadingProcess | None = None) -> Plan:
    """Read a workbook and say what importing it would do; nothing is written.

    Args:
        path: the workbook.
        process: a reading process that was started early, while the file was being chosen.

    Raises:
        BadInput: it cannot be read, or its layout is not known.
    """
    return judged(Given(path, workbook.read(path) if process is None else process.read(path)))


def asked(path: Any, *records: type[Record], alone: str = "") -> Plan:
    """Return the plan that a deed was given, as things stand now, or that of the workbook it was given.

    Args:
        path: the `Plan`, or the path of a workbook.
        records: the only kinds that the deed may bring; any where none are named.
        alone: what a workbook for the deed holds, as its refusal says.

    Raises:
        BadInput: the workbook cannot be read, or its layout is not known.
        RuleBroken: it brings records of other kinds, which ask for another right.
    """
    found = path.current() if isinstance(path, Plan) else plan(Path(path))
    others = [one.noun() for one, count in found.counts.items() if count.new and one not in records]
    if records and others:
        raise RuleBroken(f"这个工作簿还有新的{'、'.join(others)}。请用“导入档案”整本导入，或只留{alone}。")
    return found


def judged(found: Given, maps: Sequence[SheetMap] = (), wanted: Layout = TEMPLATE) -> Plan:
    """Say what importing something would do that was read already; nothing is written.

    Args:
        found: what was read.
        maps: how it is to be read where its layout is nobody's.
        wanted: the layout that is asked for, where it is none that is known by itself.

    Raises:
        BadInput: its layout is not known, or not as the maps say.
    """
    with _uncollected():
        layout, roster = draft(mapped(found.sheets, maps) if maps else found.sheets, wanted)
        roster.findings += unread(found.sheets, maps) if maps else []
        return planned(found.path, MAPPED if maps else layout.title, roster)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector from walking over a growing heap of rows, none of which is garbage yet."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def planned(path: Path, layout: str, roster: Roster) -> Plan:
    """Hold a roster against the office, until no further row falls because of one that fell before."""
    as_of = _last_entry()
    for _ in range(_MOST_PASSES):
        resolver = Resolver(roster)
        if not resolver.run():
            break
    found = [one for sheet in roster.sheets for one in [*sheet.findings, *_of_lines(sheet)]]
    order = {sheet.title: number for number, sheet in enumerate(roster.sheets)}
    findings = sorted([*found, *resolver.notes], key=lambda one: (order.get(one.sheet, -1), one.row))
    counts = {record: table.count for record, table in resolver.tables.items() if record in roster.drafts}
    return Plan(path, layout, [*roster.findings, *findings], counts, roster, resolver.tables, as_of)


def _last_entry() -> int:
    """Return the number of the last audit entry: every change is a deed, and every deed leaves one."""
    return int(AuditEntry.select(fn.COALESCE(fn.MAX(AuditEntry.id), 0)).scalar())


def _of_lines(sheet: Sheet) -> Iterator[Finding]:
    for line in sheet.lines:
        yield from line.findings


def write(found: Plan, title: str, skip_errors: bool = False, batch: str = "") -> Plan:
    """Write what a plan brings, inside the deed that is running; return the plan with its batches.

    Args:
        found: the plan, as things stand now.
        title: what is done, before the name in the title of the batch.
        skip_errors: whether rows that cannot be imported are left out.
        batch: kind of the batch, where it is not that of each kind of record.

    Raises:
        ImportRefused: it holds errors, which were not to be skipped.
    """
    if found.errors and not skip_errors:
        first = found.errors[0].sentence()
        sentence = f"工作簿有 {len(found.errors)} 处错误，没有导入任何内容。第一处：{first}"
        raise ImportRefused(sentence, found)
    made: dict[str, Batch] = {}
    with _uncollected():
        for record, table in found.tables.items():
            if table.rows:
                kind = batch or table.kind.batch
                if kind not in made:
                    made[kind] = batches.start(kind, f"{title} {found.path.name}"[:120])
                _insert(record, table, made[kind])
    if made:
        counts = {record.noun(): count.new for record, count in found.counts.items() if count.new}
        journal().note(file=found.path.name, layout=found.layout, new=counts)
    found.batches = [
        batch.change(count=batch.count, facts=_totals(found, kind)) for kind, batch in made.items()
    ]
    return found


def _sum(table: Table) -> Decimal:
    kind, name = table.record.fields(), table.kind.total
    return Decimal(kind[name].python_value(sum(row[name] for row in table.rows)))


def _totals(found: Plan, kind: str) -> dict[str, Any] | None:
    """Return what a batch keeps of the money it brought: by kind of record, how many and how much."""
    told = {
        record.noun(): {"count": found.counts[record].new, "amount": str(total)}
        for record, total in found.sums().items()
        if found.tables[record].kind.batch == kind
    }
    return {"totals": told} if told else None


def _insert(record: type[Record], table: Table, batch: Batch) -> None:
    more = {"batch": batch.id} if "batch" in table.names else {}
    ids = insert_rows(record, table.names, table.stored(**more))
    if (ids.start, len(ids)) != (table.first, len(table.rows)):
        raise RuntimeError(f"{record.__name__}: ids {ids} are not those laid out from {table.first}")
    batch.cover(record, ids.start, ids.stop - 1)
    batch.count += len(ids)
    if table.kind.wrote is not None:
        table.kind.wrote(ids)


def errors_workbook(found: Plan, out: Path) -> None:
    """Write every finding of a plan into a workbook, one a row.

    Raises:
        RuleBroken: it would be written over the workbook that was read, or cannot be written.
    """
    if out.exists() and found.path.exists() and out.samefile(found.path):
        raise RuleBroken(f"检查结果不能写在要导入的工作簿“{out}”上。请换一个文件名。")
    columns = (
        ColumnOut("级别", width=6),
        ColumnOut("工作表", width=14),
        ColumnOut("行", "number", 6),
        ColumnOut("列", width=6),
        ColumnOut("单元格", width=8),
        ColumnOut("内容", width=24),
        ColumnOut("原因", width=50),
        ColumnOut("处理办法", width=50),
    )
    rows = (
        (one.severity.value, one.sheet, one.row, one.column, one.cell, one.value, one.reason, one.remedy)
        for one in found.findings
    )
    workbook.write(out, [SheetOut("导入检查", columns, rows)])
