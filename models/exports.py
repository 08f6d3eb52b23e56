"""导出: a list as a workbook or a .csv, all its rows and columns; every export stands in the audit trail.

What is masked on the screen is masked here too (forms.md B7).
"""

from __future__ import annotations

import functools
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

from models import deeds, workbook
from models.errors import Cancelled, NeedsApproval
from models.fields import BEGINNING, ChoiceField, Kind, MonthField
from models.listings import AnyListing, Listed, Row, Shown
from models.office.permits import Tally, tells_of_people
from models.office.profile import profile
from models.workbook import ColumnOut, SheetOut, Written
from models.workbook.csvs import Encoding

EXPORT = deeds.right("lists.export", "导出名单")
EXPORTED = deeds.act("lists.export", "导出")

Progress = Callable[[int, int], None]
_IN_MEMORY = 60_000
_AT_ONCE = 2_000
_MONTHS = 1_200
_AS_THEY_ARE = ("money", "number", "moment", "flag")
"""Kinds of cell that take the value itself."""


def export(
    found: AnyListing,
    listed: Listed,
    path: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    columns: Sequence[str] | None = None,
    encoding: Encoding = Encoding.GB18030,
) -> Written:
    """Write all rows of a list into a workbook, or into a .csv where the name ends so.

    Args:
        found: the list, narrowed and sorted as the person sees it.
        listed: its entry in the register, which gives title and name.
        path: the .xlsx or .csv; an older one is replaced only by a whole new one.
        progress: called with rows done and rows in all.
        cancelled: asked now and then.
        columns: names of those that are wanted, in their order; all where None.
        encoding: of a .csv.

    Raises:
        PermissionDenied: the person acting may not export.
        NotFound: the list has no such column.
        Cancelled: `cancelled` said so; no file is left.
        NeedsApproval: so many rows that tell of people want a permit.
        RuleBroken: the place cannot be written to.
    """
    deeds.require(EXPORT)
    tally = Tally(f"list:{listed.name}")
    total = found.count() if progress is not None else 0

    def going_on(done: int) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled("已取消导出，没有生成文件。")
        if progress is not None:
            progress(done, total)

    going_on(0)
    chosen = [found.column(name) for name in columns] if columns is not None else list(found.columns)
    if tally.limited and tells_of_people(one.heading for one in chosen):
        tally.add(found.count())
    heads, rows = [_column(one) for one in chosen], cells(found, chosen)
    if path.suffix.lower() == ".csv":
        written = workbook.write_csv(path, heads, rows, encoding, going_on)
    else:
        sheet = SheetOut(listed.title, heads, rows)
        written = workbook.write(path, [sheet], footer=_footer(listed), progress=going_on)
    told = {"list": listed.name, "rows": written.rows, "sha256": written.sha256}
    try:
        with deeds.transaction():
            deeds.record(EXPORTED, listed.title, {**told, **tally.use()})
    except NeedsApproval:  # another export used the permit up meanwhile
        path.unlink(missing_ok=True)
        raise
    return written


def cells(found: AnyListing, chosen: Sequence[Shown] | None = None) -> Iterator[list[Any]]:
    """Yield each row as a workbook takes it: amounts and days as such, everything else as it is read.

    Args:
        found: the list.
        chosen: its columns that are wanted, in their order; all where None.
    """
    wanted = found.columns if chosen is None else chosen
    makers = [(found.columns.index(column), _maker(column)) for column in wanted]
    for row in at_once(found.rows()):
        yield [
            row.values[at] if make is None or row.values[at] is None else make(row.values[at])
            for at, make in makers
        ]


def at_once(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows that were all read before the first is given out.

    While a list is being read, nobody can commit; whoever works on the rows (a workbook of a
    million lines, a person who reads page after page) must not take that long over it.
    """
    coming = iter(rows)
    first = list(islice(coming, _IN_MEMORY))
    with tempfile.TemporaryFile(prefix="rows-") as spool:
        while some := list(islice(coming, _AT_ONCE)):
            pickle.dump([(row.id, row.values) for row in some], spool, pickle.HIGHEST_PROTOCOL)
        end = spool.tell()
        spool.seek(0)
        yield from first
        while spool.tell() < end:
            for id, values in pickle.load(spool):
                yield Row(id, values)


def _column(column: Shown) -> ColumnOut:
    field = column.field
    return ColumnOut(column.heading, field.excel, places=getattr(field, "places", None))


def _maker(column: Shown) -> Callable[[Any], Any] | None:
    """Return what turns a value into a cell; None where the value itself will do."""
    field = column.field
    if field.excel in _AS_THEY_ARE:
        return None
    if field.excel == "day":
        return lambda day: field.show(day) if day == BEGINNING else day
    if isinstance(field, ChoiceField):
        return attrgetter("value")
    if isinstance(field, MonthField):
        return functools.lru_cache(_MONTHS)(str)
    return None if type(field).show is Kind.show else field.show


def _footer(listed: Listed) -> str:
    now = datetime.now()
    return f"{profile().office}  {listed.title}  {deeds.actor().name} {now:%Y-%m-%d %H:%M} 导出"
