"""综合办公表单: the papers of the office itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models import deeds, desk, workdays
from reports import approvals as _approvals  # noqa: F401 - its form belongs to this module
from reports import budget as _budget  # noqa: F401 - and this one
from reports import duty as _duty  # noqa: F401 - and these ones
from reports import roles as _roles  # noqa: F401 - so does this one's
from reports.paper import A4, Column, Field, Form, Sheet, Table, declare
from reports.papers import PaperRequest, paper

FORM = declare(
    Form(
        code="OF-21",
        title="今日事项",
        module="office",
        paper=A4,
        lead=(Field("day", "日期", kind="date"), Field("whose", "经办人")),
        columns=(
            Column("序号", 12, "center"),
            Column("类别", 22, "center"),
            Column("事项", 78),
            Column("数量", 18, "number"),
            Column("办理情况", 50, by_hand=True),
        ),
        blank_rows=10,
        more=(
            Table(
                (Column("关键数字", 60), Column("现在", 60), Column("对照", 60)),
                name="figures",
                caption="关键数字",
                together=True,
            ),
        ),
        signatures=("经办", "主管"),
        qr=False,
        number_rule="SX-YYYYMMDD",
        retention="R1",
    )
)


@paper("OF-21", workdays.SEE, "period")  # whoever signs in has a desk, and every role sees the calendar
def todays_work(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in what the person acting is reminded of, and his key figures, as of today or a day."""
    day = request.period.last if request.period else date.today()
    reminders, figures = desk.reminders_on(day), desk.figures_on(day)
    yield Sheet(
        FORM,
        number=f"SX-{day:%Y%m%d}",
        values={"day": day, "whose": deeds.actor().name},
        rows=[
            (number, desk.GRAVITY[one.tone], one.title, one.count, "")
            for number, one in enumerate(reminders, start=1)
        ],
        tables={"figures": [(one.title, one.value, one.beside) for one in figures]},
        notes=[] if reminders else [("说明", "今天没有要办的事。")],
        signed={"经办": request.printed_by},
    )
