"""OF-01 值班表 and OF-15 管理日志: who works when, and what happened at a post on a day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.errors import BadInput
from models.months import Month
from models.office.logs import LOG, DutyLog
from models.office.roster.lists import Person, matrix, uncovered
from models.office.roster.rosters import Roster, RosterState, ShiftSwap
from models.office.roster.shifts import rules, shifts
from models.office.signoffs import sign_off_of
from models.workdays import SEE
from reports.numbered import by_number
from reports.paper import A4, A4_LANDSCAPE, Column, Field, Form, Sheet, Table, declare
from reports.paper.values import plain
from reports.papers import PaperRequest, paper

ROSTER = declare(
    Form(
        code="OF-01",
        title="值班表",
        module="office",
        paper=A4_LANDSCAPE,
        lead=(Field("month", Roster.month), Field("department", Roster.department)),
        columns=(
            Column("员工姓名", 18),
            Column("岗位", 16),
            *(Column(str(day), 6.5, "center", by_hand=True) for day in range(1, 32)),
            Column("班次", 11, "number"),
            Column("工时", 10.5, "number"),
        ),
        size=8,
        more=(
            Table(
                (
                    Column(ShiftSwap.day, 22, "day", by_hand=True),
                    Column(ShiftSwap.staff, 22, by_hand=True),
                    Column("原班次", 16, "center", by_hand=True),
                    Column(ShiftSwap.stand_in, 22, by_hand=True),
                    Column("原班次", 16, "center", by_hand=True),
                    Column(ShiftSwap.reason, 90, by_hand=True),
                    Column(ShiftSwap.made_by, 22, by_hand=True),
                ),
                name="swaps",
                caption="调班登记",
                min_rows=2,
            ),
        ),
        signatures=("编制", "批准"),
        number_rule="ZB-YYYYMM-部",
        retention="R1",
    )
)

DIARY = declare(
    Form(
        code="OF-15",
        title="管理日志",
        module="office",
        paper=A4,
        lead=(Field("day", DutyLog.day, kind="date"), Field("post", DutyLog.post)),
        head=(
            Field("weather", DutyLog.weather, span=6),
            Field("on_duty", DutyLog.on_duty, span=6),
            Field("work", DutyLog.work, span=12, lines=8),
            Field("calls", DutyLog.calls, span=12),
            Field("rounds", DutyLog.rounds, span=12, lines=3),
            Field("incidents", DutyLog.incidents, span=12, lines=4),
            Field("left_open", DutyLog.left_open, span=12, lines=4),
            Field("direction", "上级批示", span=12, lines=3),
        ),
        signatures=("记录", "审阅（每日）"),
        number_rule="GLRZ-YYYYMMDD-岗",
        retention="R1",
    )
)


@paper("OF-01", SEE, "period", "number")
def rosters(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the rosters of a month, one sheet a department, or one by its number."""
    for roster in _wanted(request):
        people = matrix(roster.month, roster.department)
        draft = roster.state is RosterState.DRAFT
        yield Sheet(
            ROSTER,
            number=roster.number,
            values={"month": roster.month.chinese, "department": roster.department.name},
            rows=[_row(roster.month, one) for one in people],
            tables={"swaps": _swaps(roster)},
            notes=_notes(roster.month, people),
            signed={"编制": roster.made_by} | ({"批准": roster.approved_by} if roster.approved_by else {}),
            watermark="草稿" if draft else "",
        )


def _wanted(request: PaperRequest) -> list[Roster]:
    if request.number is not None:
        return list(by_number(Roster, request.number, SEE))
    if request.period is None:
        raise BadInput("请写明月份，例如 2026-11。", "period")
    month = request.period.require_month()
    return list(Roster.select().where(Roster.month == month).order_by(Roster.department))


def _row(month: Month, one: Person) -> tuple[Any, ...]:
    post = one.staff.post.name if one.staff.post else None
    signs = [one.signs.get(day) if day <= month.days else "／" for day in range(1, 32)]
    return (one.staff.name, post, *signs, one.worked, plain(one.hours))


def _swaps(roster: Roster) -> list[tuple[Any, ...]]:
    return [
        (one.day, one.staff.name, one.was, one.stand_in.name, one.instead, one.reason, one.made_by)
        for one in roster.swaps.order_by(ShiftSwap.day)
    ]


def _notes(month: Month, people: list[Person]) -> list[tuple[str, str]]:
    told = "　".join(f"{one.sign} {one.name}{' ' + one.begins if one.begins else ''}" for one in shifts())
    held = rules()
    kept = f"连续上班不超过 {held.most_days} 天，两班之间休息不少于 {held.least_rest} 小时。"
    lacking = uncovered(month, people)
    notes = [("班次", told), ("规则", kept)]
    return [*notes, ("没有负责人的班", "、".join(lacking))] if lacking else notes


@paper("OF-15", LOG, "number", "period")
def logs(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the pages of a period, or one by its number."""
    if request.number is not None:
        found = list(by_number(DutyLog, request.number, LOG))
    elif request.period is None:
        raise BadInput("请写明日志号或日期，例如 2026-11-23。", "period")
    else:
        within = DutyLog.day.between(request.period.first, request.period.last)
        found = list(DutyLog.select().where(within).order_by(DutyLog.day, DutyLog.number))
    names = ("day", "weather", "on_duty", "work", "calls", "rounds", "incidents", "left_open")
    for log in found:
        read = sign_off_of(log.number)
        values = {name: getattr(log, name) for name in names}
        yield Sheet(
            DIARY,
            number=log.number,
            values=values | {"post": log.post.name, "direction": read.words if read else None},
            signed={"记录": log.made_by}
            | ({"审阅（每日）": read.read_by} if read is not None and read.read_by else {}),
        )
