"""存档: the month's reports as files to be kept, told which edition they are."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from models import deeds
from models.clock import now
from models.fees.editions import Drawn
from models.months import Month, Period
from reports.paper import Printed, Sheet, write_pdf
from reports.papers import PaperRequest, fill, form_of, letterhead

NOTHING = "本月没有应列的内容。"


def drawn(code: str, month: Month, remark: str) -> Drawn:
    """Draw a form of a month; one that has nothing to tell says so.

    Args:
        code: of the form.
        month: for which.
        remark: which edition it is, printed before the form's own notes; empty for the first.
    """
    form, person = form_of(code), deeds.actor().name
    request = PaperRequest(code, period=Period.of_month(month), printed_by=person)
    notes = (("版次", remark),) if remark else ()
    told = [one for one in fill(request) if isinstance(one, Sheet)]
    told = told or [Sheet(form, notes=[(month.chinese, NOTHING)])]
    sheets = [replace(sheet, notes=(*notes, *sheet.notes)) for sheet in told]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{code}.pdf"
        done = write_pdf(path, sheets, letterhead(), Printed(person, now()), title=form.title)
        return Drawn(form.title, done.pages, path.read_bytes())
