"""纸面: the paper that every form and report of the office is printed on.

A form is declared once (`Form`, `Column`, `Field` …), filled as plain data (`Sheet`), and printed
with `write_pdf`. Nothing here knows a record, and no text is ever read as markup.
"""

from reports.paper.batch import Outcome, write_pdf
from reports.paper.fonts import missing_glyphs
from reports.paper.form import (
    FORMS,
    Boxes,
    Column,
    Field,
    Form,
    Note,
    Plans,
    Sign,
    Stub,
    Table,
    Total,
    declare,
    open_total,
)
from reports.paper.plan import LegendEntry, Mark, Plan, PlanBay, PlanLine
from reports.paper.report import Chapter, Listing, Para, Report
from reports.paper.sheet import Letterhead, Printed, Sheet, blank
from reports.paper.sizes import A3_LANDSCAPE, A4, A4_LANDSCAPE, A5_LANDSCAPE, RECEIPT, Paper

__all__ = [
    "A3_LANDSCAPE",
    "A4",
    "A4_LANDSCAPE",
    "A5_LANDSCAPE",
    "FORMS",
    "RECEIPT",
    "Boxes",
    "Chapter",
    "Column",
    "Field",
    "Form",
    "LegendEntry",
    "Letterhead",
    "Listing",
    "Mark",
    "Note",
    "Outcome",
    "Paper",
    "Para",
    "Plan",
    "PlanBay",
    "PlanLine",
    "Plans",
    "Printed",
    "Report",
    "Sheet",
    "Sign",
    "Stub",
    "Table",
    "Total",
    "blank",
    "declare",
    "missing_glyphs",
    "open_total",
    "write_pdf",
]
