"""打印: from a form's code and what is asked for to a PDF file; glue between reports and whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop import modules
from models import deeds
from models.base import Record
from models.errors import NotFound
from models.fees.editions import ReportEdition, kept
from models.outputs import PDF, write_whole

if TYPE_CHECKING:
    from reports.paper import Outcome
    from reports.papers import Document, Filled, PaperRequest

PRINTED = deeds.act("papers.print", "打印")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Printout:
    """What was printed.

    Args:
        path: the PDF.
        sheets: how many forms, such as notices or receipts.
        pages: pages of the file.
        remarks: what the person should know, each one sentence.
        starts: the first page of each form, counted from 0.
        count: counts forms that went out, by their numbers from 0; None where nothing is counted, or was.
    """

    path: Path
    sheets: int
    pages: int
    remarks: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    count: Callable[[Sequence[int]], None] | None = None

    def counting(self) -> Callable[[int, int], None]:
        """Return what counts the forms of one print of which any page went out, each of them once."""
        counted: set[int] = set()
        bounds = list(pairwise((*self.starts, self.pages)))

        def went_out(first: int, end: int) -> None:
            gone = [at for at, (begin, stop) in enumerate(bounds) if begin < end and first < stop]
            new = [at for at in gone if at not in counted]
            if self.count is not None and new:
                self.count(new)
                counted.update(new)

        return went_out


def forms() -> list[dict[str, Any]]:
    """Return code, title, module and paper of every form, by code."""
    modules.load_papers()
    from reports.paper import FORMS
    from reports.papers import described

    return [described(FORMS[code]) for code in sorted(FORMS)]


def print_form(
    code: str,
    *,
    out: Path,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    counts: bool = True,
    **asked: Any,
) -> Printout:
    """Print a form, filled in or blank, into one PDF file.

    Args:
        code: the form's code, as FE-02.
        out: the PDF; an older one is replaced only by a whole new one.
        progress: called with sheets done and in all, 0 where unknown.
        cancelled: asked before every sheet.
        counts: whether the file itself counts as a print; else whoever sends it out counts.
        asked: `period`, `unit`, `building`, `person`, `number`, `question` and `blank`, as they stand in
            `reports.papers.PaperRequest`.

    Raises:
        PermissionDenied: the person acting may not print it.
        NotFound: no such form, or there is nothing to print.
        BadInput: the form cannot be asked for so.
        Cancelled: `cancelled` said so; no file is left.
        NeedsApproval: so many rows that tell of people want a permit.
    """
    again = kept(code, asked.get("number"))
    if again is not None:
        return _again(again, out)
    modules.load_papers()
    from reports import papers

    request = papers.PaperRequest(code, printed_by=deeds.actor().name, **asked)
    form = papers.form_of(code)
    filled = papers.fill(request)
    count = filled.printed
    permitted: dict[str, str] = {}

    def whole(sheets: int) -> None:
        if filled.tally is not None:
            permitted.update(filled.tally.use())
        if counts and count is not None:
            count(range(sheets))

    done = _write(filled, out, form.title, request.printed_by, progress, cancelled, whole)
    if not request.blank:
        _leave_trace(request, f"{form.code} {form.title}", done.documents, permitted)
    remarks = (*filled.remarks, *_faults(done))
    return Printout(out, done.documents, done.pages, remarks, done.starts, None if counts else count)


def _again(edition: ReportEdition, out: Path) -> Printout:
    """Write the very file of a report that was issued before."""
    data = edition.data()
    write_whole(out, PDF, lambda part: part.write_bytes(data))
    with deeds.transaction():
        deeds.record(PRINTED, f"{edition.form} {edition.title}", {"number": edition.number, "sheets": 1})
    return Printout(out, 1, edition.pages)


def _write(
    filled: Filled,
    out: Path,
    title: str,
    person: str,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
    whole: Callable[[int], None],
) -> Outcome:
    from reports.paper import Printed, write_pdf
    from reports.papers import letterhead

    return write_pdf(
        out,
        _some(filled, title),
        letterhead(),
        Printed(person, datetime.now()),
        title=title,
        progress=progress,
        cancelled=cancelled,
        total=filled.total,
        whole=whole,
    )


def _leave_trace(request: PaperRequest, title: str, sheets: int, permitted: dict[str, str]) -> None:
    """Note who printed what (forms.md A0.5)."""
    asked = {name: _told(getattr(request, name)) for name in request.given()}
    with deeds.transaction():
        deeds.record(PRINTED, title, {**asked, "sheets": sheets, **permitted})


def _told(asked: Any) -> str:
    return str(asked.key()) if isinstance(asked, Record) else str(getattr(asked, "name", asked))


def _some(filled: Filled, title: str) -> Iterator[Document]:
    """Yield the sheets; refuse before any file is begun when there are none."""
    coming = iter(filled)
    first = next(coming, None)
    if first is None:
        raise NotFound(" ".join([f"没有可打印的《{title}》。请核对期间、房号和单号。", *filled.remarks]))
    return chain([first], coming)


def _faults(done: Outcome) -> Iterator[str]:
    if done.missing:
        yield f"这些字没有字体，印成了〓：{'、'.join(sorted(done.missing))}。请核对后手工补写。"
    if done.squeezed:
        told = "；".join(f"{code} {words}" for code, words in sorted(done.squeezed)[:5])
        yield f"这些内容太宽，超出了格子：{told}。"
