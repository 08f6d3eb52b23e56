"""导入: workbooks of others become records, with a dry run first and a finding for all that is amiss.

Modules register what their records are known by (`kind`) and which sheets they read
(`template_sheet`, `peer_sheet`); this package knows none of them by name.
"""

from models.imports.drafts import Kind, Ref, Roster, kind
from models.imports.findings import Finding, Severity
from models.imports.layouts import LAYOUTS, PEER, TEMPLATE, Layout, peer_sheet, sheet_of, template_sheet
from models.imports.lines import Column, Line
from models.imports.mapping import Given, SheetMap, given, pasted
from models.imports.plan import ImportRefused, Plan, asked, errors_workbook, judged, plan, planned, write
from models.imports.repair import repair_workbook
from models.imports.templates import write_template

__all__ = [
    "LAYOUTS",
    "PEER",
    "TEMPLATE",
    "Column",
    "Finding",
    "Given",
    "ImportRefused",
    "Kind",
    "Layout",
    "Line",
    "Plan",
    "Ref",
    "Roster",
    "Severity",
    "SheetMap",
    "asked",
    "errors_workbook",
    "given",
    "judged",
    "kind",
    "pasted",
    "peer_sheet",
    "plan",
    "planned",
    "repair_workbook",
    "sheet_of",
    "template_sheet",
    "write",
    "write_template",
]
