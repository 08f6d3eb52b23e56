"""单张: what is written on one form, and the letterhead and the footer it is printed with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from models.charts import Chart
from reports.paper.form import Form, Note, Row, Total
from reports.paper.plan import Plan
from reports.paper.values import Value


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who prints: the company in full, the office, and the controlled form numbers by code."""

    company: str
    office: str = ""
    telephone: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)

    def form_number(self, code: str) -> str:
        """Return the controlled number and edition of a form, by default `JL-<code> A/0`."""
        return self.numbers.get(code) or f"JL-{code} A/0"


@dataclass(frozen=True, slots=True)
class Printed:
    """Who printed a paper, and when; every footer says so."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form filled in, as plain data.

    Args:
        form: what it is written on.
        number: the document's own number; text and QR code.
        values: what `Field`s hold, by their names.
        rows: of the main table; a `Total` among them is a subtotal.
        totals: kept together with the signatures on the last page.
        tables: rows of the tables in `Form.more`, by their names.
        charts: below the tables; those that hold nothing are left out.
        plans: buildings, where the form shows them.
        notes: paragraphs, before the form's own.
        signed: names to print into signature cells, by the cells' labels.
        watermark: 草稿, 作废, 补打第 1 次, 演示; empty for none.
        title: instead of the form's title.
        picture: an image file printed beside the notes, as the payee's payment code.
        picture_label: small words below the picture.
        blank: print it empty, ruled for writing by hand.
    """

    form: Form
    number: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    rows: Sequence[Row | Total] = ()
    totals: Sequence[Total] = ()
    tables: Mapping[str, Sequence[Row | Total]] = field(default_factory=dict)
    charts: Sequence[Chart] = ()
    plans: Sequence[Plan] = ()
    notes: Sequence[Note] = ()
    signed: Mapping[str, str] = field(default_factory=dict)
    watermark: str = ""
    title: str = ""
    picture: Path | None = None
    picture_label: str = ""
    blank: bool = False


def blank(form: Form, title: str = "") -> Sheet:
    """Return the form to be filled in by hand."""
    return Sheet(form, title=title, blank=True)
