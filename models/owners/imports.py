"""档案导入: a roster in a workbook comes in as one batch, and goes out as one while nothing builds on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from models import batches, imports
from models.batches import AskedBatch, undone_by
from models.deeds import deed, require
from models.fields import FlagField, LineField
from models.imports import Given, Plan, SheetMap, errors_workbook, write_template
from models.inputs import Asked
from models.owners import peer_sheets, template_sheets  # noqa: F401 - registered by being imported
from models.owners.rights import IMPORT
from models.workbook import ReadingProcess

KIND = "owners.import"

__all__ = ["Plan", "errors_workbook", "import_workbook", "judged", "plan", "undo_import", "write_template"]


def plan(path: Path, process: ReadingProcess | None = None) -> Plan:
    """Say what importing a workbook would do, with every finding; nothing is written.

    Args:
        path: the workbook.
        process: a reading process that was started early, while the file was being chosen.

    Raises:
        BadInput: it cannot be read, or its layout is not known.
        PermissionDenied: the person acting may not import.
    """
    require(IMPORT)
    return imports.plan(path, process)


def judged(found: Given, maps: Sequence[SheetMap] = ()) -> Plan:
    """Say what importing something would do that was read already.

    Raises:
        BadInput: its layout is not known, or not as the maps say.
        PermissionDenied: the person acting may not import.
    """
    require(IMPORT)
    return imports.judged(found, maps)


@deed(KIND, "导入档案", IMPORT)
def import_workbook(
    path: Annotated[Any, Asked(LineField(max_length=1000, verbose_name="文件"))],
    skip_errors: Annotated[bool, Asked(FlagField(default=False, verbose_name="跳过有错的行"))] = False,
) -> Plan:
    """Import a workbook, or one that was planned before: all of it, or nothing where it holds errors.

    Args:
        path: the workbook, or the `Plan` of it, which saves reading it again.
        skip_errors: whether rows that cannot be imported are left out instead.

    Returns:
        The plan as it was carried out, with the batches it made.

    Raises:
        ImportRefused: it holds errors, which are not to be skipped.
        BadInput: it cannot be read, or its layout is not known.
    """
    return imports.write(imports.asked(path), "导入", skip_errors)


@undone_by(KIND, "导入")
@deed(
    "owners.undo_import",
    "撤销导入",
    IMPORT,
    question="这一批建立的档案将全部删除。确定撤销吗？",
    danger=True,
)
def undo_import(batch: AskedBatch) -> int:
    """Take back everything that an import or the generator made; return how many records.

    Raises:
        RuleBroken: something of it was changed, something was built on it since, or it is another kind.
    """
    batches.mark_undone(batch, undo_import)
    return batches.remove_rows(batch)
