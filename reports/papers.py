"""出表: which form is filled in from what, by whose right, on which letterhead.

A module declares its forms (`reports.paper.Form`) and, beside each, a function marked `@paper` that
fills it in. Screen and command line ask for a form by its code and know nothing else of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from models import deeds
from models.errors import BadInput, NotFound
from models.months import Period
from models.office.permits import FORMS as TELLING
from models.office.permits import Tally, tells_of_people
from models.office.profile import editions, profile
from models.owners.estate import Building, Unit
from models.owners.people import Person
from reports.paper import FORMS, Form, Letterhead, Note, Report, Sheet, blank
from reports.paper.form import label_text

Document = Sheet | Report
ASKED = ("period", "unit", "building", "person", "number", "question")
"""What a form may be asked for by."""

_LABELS = {
    "period": "期间", "unit": "房号", "building": "楼栋", "person": "业主", "number": "单号",
    "question": "问题",
}  # fmt: skip


@dataclass(frozen=True)
class PaperRequest:
    """One wish for a form.

    Args:
        code: the form's code, as FE-02.
        period: the month, day or year it is for.
        unit: for one unit only.
        building: for one building only.
        person: for one payer only.
        number: of one document only.
        question: what a map of houses is coloured by.
        printed_by: who asks, as footers name the person.
        blank: empty, to be filled in by hand.
    """

    code: str
    period: Period | None = None
    unit: Unit | None = None
    building: Building | None = None
    person: Person | None = None
    number: str | None = None
    question: str | None = None
    printed_by: str = ""
    blank: bool = False

    def given(self) -> list[str]:
        """Return the names of what the form is asked for by."""
        return [name for name in ASKED if getattr(self, name) is not None]


@dataclass(frozen=True)
class Filled:
    """The sheets of one request.

    Args:
        sheets: taken one at a time; may be a generator.
        total: how many there will be, for the progress; 0 where unknown.
        remarks: sentences to say once all sheets are drawn, such as who got none; may grow meanwhile.
        printed: counts what went out, by the numbers of the sheets from 0; None where nothing is counted.
        tally: counts rows that tell of people as the sheets are taken; None where none do.
    """

    sheets: Iterable[Document]
    total: int = 0
    remarks: Sequence[str] = ()
    printed: Callable[[Sequence[int]], None] | None = None
    tally: Tally | None = None

    def __iter__(self) -> Iterator[Document]:
        """Yield the sheets."""
        return iter(self.sheets)


Builder = Callable[[PaperRequest], "Filled | Iterable[Document]"]


@dataclass(frozen=True)
class PaperMaker:
    """How one form is filled in."""

    code: str
    right: str
    takes: tuple[str, ...]
    build: Builder
    blank_notes: Callable[[], Sequence[Note]]
    blank: Builder | None = None
    """Makes the empty form, where it says more than the form itself, as the numbers of the houses."""


PAPERS: dict[str, PaperMaker] = {}
"""What fills in each form, by the form's code."""


def paper(
    code: str,
    right: str,
    *takes: str,
    blank_notes: Callable[[], Sequence[Note]] = tuple,
    blank: Builder | None = None,
) -> Callable[[Builder], Builder]:
    """Register a function as what fills in a form.

    Args:
        code: of a form in `FORMS`.
        right: who may print it.
        takes: which of `ASKED` it understands; all of them where none is named.
        blank_notes: what the office prints below an empty one, as how to pay.
        blank: makes the empty one; by default it is the bare form.
    """

    def decorate(build: Builder) -> Builder:
        if code in PAPERS:
            raise ValueError(f"form {code} is filled in twice")
        if code in FORMS and (
            tells_of_people(_rows_tell(FORMS[code])) or tells_of_people(_head_tells(FORMS[code]))
        ):
            TELLING[code] = FORMS[code].title
        PAPERS[code] = PaperMaker(code, right, takes or ASKED, build, blank_notes, blank)
        return build

    return decorate


def form_of(code: str) -> Form:
    """Return a form by its code.

    Raises:
        NotFound: there is none.
    """
    found = FORMS.get(code.strip().upper())
    if found is None:
        raise NotFound(f"没有表单“{code}”。可用：{'、'.join(sorted(FORMS))}。")
    return found


def fill(request: PaperRequest) -> Filled:
    """Return the sheets that were asked for.

    Raises:
        PermissionDenied: the person acting may not print this form.
        NotFound: no form has this code.
        BadInput: the form cannot be asked for so.
    """
    form = form_of(request.code)
    maker = PAPERS.get(form.code)
    if maker is not None:
        deeds.require(maker.right)
    if request.blank and maker is not None and maker.blank is not None:
        _refuse_strange(form, maker, request)
        return Filled(list(maker.blank(request)))
    if request.blank:
        return Filled([replace(blank(form), notes=maker.blank_notes() if maker else ())], 1)
    if maker is None:
        raise BadInput(f"《{form.title}》目前只能打印空白表。请加 --blank。")
    _refuse_strange(form, maker, request)
    made = maker.build(replace(request, code=form.code))
    filled = _tallied(form, made if isinstance(made, Filled) else Filled(made))
    return replace(filled, sheets=_marked(filled)) if profile().demo else filled


def _tallied(form: Form, filled: Filled) -> Filled:
    """Return the sheets so that those which tell of people are counted, row by row or sheet by sheet."""
    if form.code not in TELLING:
        return filled
    tally, rows = Tally(f"form:{form.code}"), tells_of_people(_rows_tell(form))

    def counted() -> Iterator[Document]:
        for sheet in filled.sheets:
            tally.add(len(sheet.rows) if rows and isinstance(sheet, Sheet) else 1)
            yield sheet

    return replace(filled, sheets=counted(), tally=tally)


def _rows_tell(form: Form) -> Iterator[str]:
    """Yield the headings of the main table."""
    return (label_text(column.label) for column in form.columns)


def _head_tells(form: Form) -> Iterator[str]:
    """Yield what stands beside the values above the table."""
    return (label_text(field.label) for field in (*form.lead, *form.head))


def letterhead() -> Letterhead:
    """Return what the office's papers bear on top, with the controlled numbers of its forms."""
    office = profile()
    numbers = {code: f"{number} {edition}" for code, (number, edition) in editions().items()}
    return Letterhead(office.company or "", office.office, office.telephone or "", numbers)


def _refuse_strange(form: Form, maker: PaperMaker, request: PaperRequest) -> None:
    strange = [name for name in request.given() if name not in maker.takes]
    if strange:
        known = "、".join(_LABELS[name] for name in maker.takes)
        told = "、".join(_LABELS[name] for name in strange)
        raise BadInput(f"《{form.title}》不能按{told}打印。可以按：{known}。", strange[0])


def _marked(sheets: Iterable[Document]) -> Iterator[Document]:
    """Mark the papers of a demo office, so that none is taken for a real one."""
    for sheet in sheets:
        yield replace(sheet, watermark=f"演示　{sheet.watermark}".strip())


def described(form: Form) -> dict[str, Any]:
    """Return what a list of forms says of one."""
    return {"code": form.code, "title": form.title, "module": form.module, "paper": form.paper.name}
