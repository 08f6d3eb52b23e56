"""表单: how a form is declared, once, and the registry of all that are (forms.md A0, A10).

A `Form` is the paper itself: code, title, paper, labels, columns, signature block, copies. What is
written on it is a `Sheet` (sheet.py). The same declaration prints blank, filled and watermarked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.paper.sizes import Paper
from reports.paper.values import Kind, Value

Label = object  # a str, or a model's field: anything with a `verbose_name`
Note = str | tuple[str, str]  # a paragraph, or its bold opening words and the rest


def label_text(label: Label) -> str:
    """Return the words of a label: itself, or the `verbose_name` of the field it is.

    Raises:
        TypeError: neither text nor anything with a verbose_name.
    """
    words = label if isinstance(label, str) else getattr(label, "verbose_name", None)
    if not isinstance(words, str):
        raise TypeError(f"a label is text or a field with a verbose_name, not {label!r}")
    return words


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value outside the table, given to the sheet by `name`.

    Args:
        name: key in `Sheet.values`.
        label: text or model field.
        span: share of the line in twelfths (4 puts three on a line); boxed fields only.
        kind: how a value that is not text is written.
        lines: lines of writing the cell holds at least; boxed fields only.
        places: decimals of a number; None prints those it has.
        choices: printed with boxes to tick where the form is blank.
    """

    name: str
    label: Label
    span: int = 4
    kind: Kind = "text"
    lines: int = 1
    places: int | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Args:
        label: text or model field.
        width: millimetres; the columns of a table are scaled together to the width of the paper.
        kind: how values are written and aligned; figures, dates and codes never wrap.
        group: neighbouring columns of one group share a heading above theirs.
        places: decimals of a number; None prints those it has.
        summed: the page subtotal adds this column up.
        carried: its last value, a running balance, stands in the page subtotal and opens the next page.
        by_hand: filled in with a pen: empty cells stay empty, and the rows are high enough to write in.
    """

    label: Label
    width: float
    kind: Kind = "text"
    group: str = ""
    places: int | None = None
    summed: bool = False
    carried: bool = False
    by_hand: bool = False


Row = Sequence[Value]


@dataclass(frozen=True, slots=True)
class Total:
    """A bold row: a subtotal among the rows, or a total below them.

    Args:
        label: what is added up.
        values: one for each column; the label spans the columns before the first value. None at
            all makes a line of label and text alone.
        text: words beside the label, as the amount in capitals.
        opens: begins a group of rows and stays with the one below it.
    """

    label: str
    values: Row = ()
    text: str = ""
    opens: bool = False


def open_total(label: str, columns: int, at: Sequence[int] = (), text: str = "") -> Total:
    """Return a total of a blank form, to be written into the columns with these numbers."""
    cells = tuple("" if number >= min(at, default=columns) else None for number in range(columns))
    return Total(label, cells if at else (), text)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of rows; the main one of a form, or one of those below it.

    Args:
        columns: left to right.
        name: key in `Sheet.tables`.
        caption: bold words above.
        min_rows: the table is at least so long; what stays empty says 以下空白.
        blank_rows: rows that an empty form has at least, though what follows goes to the next page.
        page_subtotal: label of the row that closes every page; empty for none.
        totals: the totals of a blank form.
        size: type size in points; None chooses by the number of columns.
        together: a short table that is never broken over two pages.
    """

    columns: tuple[Column, ...]
    name: str = "rows"
    caption: str = ""
    min_rows: int = 0
    blank_rows: int = 0
    page_subtotal: str = ""
    totals: tuple[Total, ...] = ()
    size: float | None = None
    together: bool = False

    @property
    def fixed_rows(self) -> int:
        """Rows of an empty form where their number does not follow from the room that is left; else 0."""
        return max(self.min_rows, self.blank_rows) if self.min_rows else 0


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxed fields below the table: label cells with a tint, value cells that grow."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Plans:
    """Buildings floor by floor, those of `Sheet.plans`."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A cell to be signed or sealed in; `width` and `height` of the empty part in millimetres."""

    label: str
    width: float = 22
    height: float = 10


@dataclass(frozen=True, slots=True)
class Stub:
    """A short slip below the tear line, with some of the form's values and its own signatures."""

    label: str
    fields: tuple[Field, ...]
    signatures: tuple[str | Sign, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form of the office as it is declared, once.

    Args:
        code: the form's code, as FE-02.
        title: what stands on it in bold.
        module: the module it belongs to, as `fees`.
        paper: what it is printed on.
        lead: values on the line beside the number (致 …, 期间 …).
        head: boxed values above the table.
        columns: the main table; with min_rows, blank_rows, page_subtotal, totals and size as in `Table`.
        more: tables, boxed fields and plans below the main table.
        notes: fixed paragraphs below, as the definition of a rate.
        signatures: cells to be signed, in their order.
        copies: the copies of one sheet; text names a whole copy, a `Stub` a short slip.
        stacked: copies stand on one page and are torn apart; otherwise each has a page of its own.
        wide: a larger paper, taken where a figure does not fit at 8 pt.
        qr: the number is printed as a QR code too.
        number_rule: how numbers are made, as SJ-YYYY-NNNNNN.
        retention: how long it is kept, as R10 (forms.md A0.7).
    """

    code: str
    title: str
    module: str
    paper: Paper
    lead: tuple[Field, ...] = ()
    head: tuple[Field, ...] = ()
    columns: tuple[Column, ...] = ()
    min_rows: int = 0
    blank_rows: int = 0
    page_subtotal: str = ""
    totals: tuple[Total, ...] = ()
    size: float | None = None
    more: tuple[Table | Boxes | Plans, ...] = ()
    notes: tuple[Note, ...] = ()
    signatures: tuple[str | Sign, ...] = ()
    copies: tuple[str | Stub, ...] = ()
    stacked: bool = False
    wide: Paper | None = None
    qr: bool = True
    number_rule: str = ""
    retention: str = ""

    @property
    def table(self) -> Table:
        """Return the main table."""
        return Table(
            self.columns,
            min_rows=self.min_rows,
            blank_rows=self.blank_rows,
            page_subtotal=self.page_subtotal,
            totals=self.totals,
            size=self.size,
        )

    @property
    def stub(self) -> Stub | None:
        """Return the slip below the tear line, if the form has one."""
        return next((copy for copy in self.copies if isinstance(copy, Stub)), None)

    @property
    def whole_copies(self) -> tuple[str, ...]:
        """Return the names of the whole copies; one without a name where none is declared."""
        return tuple(copy for copy in self.copies if isinstance(copy, str)) or ("",)

    @property
    def names(self) -> frozenset[str]:
        """Return the names that `Sheet.values` may hold."""
        boxes = [part for part in self.more if isinstance(part, Boxes)]
        groups = [self.lead, self.head, *(part.fields for part in boxes)]
        if self.stub is not None:
            groups.append(self.stub.fields)
        return frozenset(field.name for group in groups for field in group)


FORMS: dict[str, Form] = {}


def declare(form: Form) -> Form:
    """Enter a form in the registry and return it.

    Raises:
        ValueError: another form has that code already.
    """
    if FORMS.setdefault(form.code, form) is not form:
        raise ValueError(f"form {form.code} is declared twice")
    return form
