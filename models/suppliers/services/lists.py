"""外包名单: programmes, inspections, monthly scores, the sheet on which they are scored; desk and checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from peewee import Case, fn

from models.base import db
from models.cards import lines
from models.checks import invariant
from models.conditions import Condition, Test
from models.desk import Reminder, reminds
from models.entries import Line, Sheet, entry
from models.fields import CountField, FlagField, LineField, QuantityField
from models.listings import Filters, Listing, Shown, listing
from models.months import Month, Period
from models.office.approvals import pending_number
from models.suppliers.contracts import SupplyContract
from models.suppliers.grades import shown
from models.suppliers.register import Supplier
from models.suppliers.rights import SUPERVISE, VIEW
from models.suppliers.services.areas import supervised
from models.suppliers.services.inspections import InspectionState, ServiceInspection
from models.suppliers.services.programmes import (
    POINTS,
    ProgrammeLine,
    ProgrammeState,
    ServiceProgramme,
    unreviewed,
)
from models.suppliers.services.scores import (
    ROWS,
    ServiceScore,
    ServiceScoreLine,
    ServiceState,
    unscored,
    wrong,
)

_NAMED = 3
_REVIEWED, _SCORED, _LOOKED = 5, 5, 7
"""Day of a month by which its programmes are reviewed and the month before is scored; days between rounds."""
_PROGRAMME_TONES = {
    ProgrammeState.DRAFT.value: "warning",
    ProgrammeState.PASSED.value: "ok",
    ProgrammeState.RETURNED.value: "danger",
}
_INSPECTION_TONES = {
    InspectionState.FINE.value: "ok",
    InspectionState.OPEN.value: "warning",
    InspectionState.DONE.value: "ok",
}
_SCORE_TONES = {ServiceState.OPEN.value: "warning", ServiceState.SIGNED.value: "ok"}


@listing("service_programmes", "外包计划方案", "suppliers", VIEW, "period", "supplier", "state")
def service_programmes(filters: Filters) -> Listing:
    """What contractors plan, newest month first."""
    query = filters.narrow(
        ServiceProgramme.select().join(Supplier),
        supplier=ServiceProgramme.supplier,
        period=ServiceProgramme.month,
        state=ServiceProgramme.state,
    )
    lines = ProgrammeLine.select(fn.COUNT(ProgrammeLine.id)).where(
        ProgrammeLine.programme == ServiceProgramme.id
    )
    pending = pending_number("suppliers.review_programme", ServiceProgramme.id)
    columns = (
        Shown("number", ServiceProgramme.number),
        Shown("supplier", ServiceProgramme.supplier, Supplier.name),
        Shown("category", ServiceProgramme.category),
        Shown("month", ServiceProgramme.month),
        Shown("lines", CountField(verbose_name="要点数"), lines, total=False),
        Shown("state", ServiceProgramme.state, status=True),
        Shown("pending", LineField(max_length=20, verbose_name="审批中"), pending),
        Shown("advice", ServiceProgramme.advice),
        Shown("reviewed_at", ServiceProgramme.reviewed_at),
        Shown("made_by", ServiceProgramme.made_by),
        *(Shown(name, getattr(ServiceProgramme, name), hidden=True) for name in POINTS),
    )
    return Listing(
        query, columns, id=ServiceProgramme.id, order=("-month", "number"), record=ServiceProgramme,
        search=(ServiceProgramme.number, Supplier.search), tones=_PROGRAMME_TONES,
    )  # fmt: skip


@listing("service_inspections", "外包作业监察", "suppliers", VIEW, "period", "supplier", "state")
def service_inspections(filters: Filters) -> Listing:
    """Rounds of inspection, area by area, newest first."""
    query = ServiceInspection.select().join(Supplier)
    query = filters.narrow(
        query, supplier=ServiceInspection.supplier, period=ServiceInspection.at, state=ServiceInspection.state
    )
    few = ServiceInspection.actual < ServiceInspection.expected
    columns = (
        Shown("number", ServiceInspection.number),
        Shown("at", ServiceInspection.at),
        Shown("supplier", ServiceInspection.supplier, Supplier.name),
        Shown("category", ServiceInspection.category),
        Shown("area", ServiceInspection.area),
        Shown("state", ServiceInspection.state, status=True),
        Shown("problem", ServiceInspection.problem),
        Shown("demand", ServiceInspection.demand),
        Shown("due", ServiceInspection.due),
        Shown("expected", ServiceInspection.expected, total=False),
        Shown("actual", ServiceInspection.actual, total=False),
        Shown("few", FlagField(verbose_name="缺岗"), Case(None, ((few, 1),), 0)),
        Shown("recheck", ServiceInspection.recheck),
        Shown("rechecked_on", ServiceInspection.rechecked_on),
        Shown("failed", ServiceInspection.failed, hidden=True),
        Shown("leader", ServiceInspection.leader),
        Shown("made_by", ServiceInspection.made_by),
    )
    return Listing(
        query, columns, id=ServiceInspection.id, order=("-at", "-number"), record=ServiceInspection,
        search=(ServiceInspection.number, Supplier.search, ServiceInspection.area, ServiceInspection.problem),
        tones=_INSPECTION_TONES,
    )  # fmt: skip


@listing("service_scores", "外包月评", "suppliers", VIEW, "period", "supplier", "state")
def service_scores(filters: Filters) -> Listing:
    """Scores of months, newest first; of open ones what they come to so far."""
    query = ServiceScore.select().join(Supplier).switch(ServiceScore).join(SupplyContract)
    query = filters.narrow(
        query, supplier=ServiceScore.supplier, period=ServiceScore.month, state=ServiceScore.state
    )
    mine = ServiceScoreLine.score == ServiceScore.id
    off = ServiceScoreLine.select(fn.COALESCE(fn.SUM(ServiceScoreLine.off), 0)).where(mine)
    left = ServiceScoreLine.select(fn.COUNT(ServiceScoreLine.id)).where(mine & ServiceScoreLine.off.is_null())
    columns = (
        Shown("number", ServiceScore.number),
        Shown("supplier", ServiceScore.supplier, Supplier.name),
        Shown("month", ServiceScore.month),
        Shown("state", ServiceScore.state, status=True),
        Shown("left", CountField(verbose_name="未评项"), left, total=False),
        Shown("off", QuantityField(verbose_name="已扣分"), off, total=False),
        Shown("score", ServiceScore.score, total=False),
        Shown("grade", ServiceScore.grade),
        Shown("deducted", ServiceScore.deducted),
        Shown("confirmed", ServiceScore.confirmed),
        Shown("contract", ServiceScore.contract, SupplyContract.number),
        Shown("inspected", ServiceScore.inspected, hidden=True),
        Shown("signed_by", ServiceScore.signed_by),
        Shown("words", ServiceScore.words, hidden=True),
    )
    return Listing(
        query, columns, id=ServiceScore.id, order=("-month", "number"), record=ServiceScore,
        search=(ServiceScore.number, Supplier.search), tones=_SCORE_TONES,
    )  # fmt: skip


@listing("service_score_lines", "外包月评得分", "suppliers", VIEW, "period", "supplier", "state")
def service_score_lines(filters: Filters) -> Listing:
    """What was taken off in each area, newest month first. `state` is the month's."""
    query = ServiceScoreLine.select().join(ServiceScore).join(Supplier)
    query = filters.narrow(
        query, supplier=ServiceScore.supplier, period=ServiceScore.month, state=ServiceScore.state
    )
    given = ServiceScoreLine.full * 100 - ServiceScoreLine.off
    columns = (
        Shown("score", ServiceScoreLine.score, ServiceScore.number),
        Shown("supplier", ServiceScore.supplier, Supplier.name),
        Shown("month", ServiceScore.month),
        Shown("position", ServiceScoreLine.position, total=False),
        Shown("name", ServiceScoreLine.name),
        Shown("full", ServiceScoreLine.full, total=False),
        Shown("off", ServiceScoreLine.off, total=False),
        Shown("given", QuantityField(verbose_name="得分"), given, total=False),
        Shown("facts", ServiceScoreLine.facts),
        Shown("state", ServiceScore.state, status=True),
    )
    return Listing(
        query, columns, id=ServiceScoreLine.id, order=("-month", "score", "position"),
        record=ServiceScoreLine, search=(ServiceScore.number, Supplier.search, ServiceScoreLine.name),
        tones=_SCORE_TONES,
    )  # fmt: skip


@entry("service_scoring", "外包评分", "suppliers.score_service", ROWS, ("off", "facts"), "period", "supplier")
def service_scoring(filters: Filters) -> Sheet:
    """Every area of the months that are not signed, with the problems that inspections found there."""
    query = (
        ServiceScoreLine.select(ServiceScoreLine, ServiceScore, Supplier).join(ServiceScore).join(Supplier)
    )
    query = query.where(ServiceScore.state == ServiceState.OPEN)
    query = filters.narrow(query, supplier=ServiceScore.supplier, period=ServiceScore.month)
    found = list(query.order_by(ServiceScore.month, ServiceScore.number, ServiceScoreLine.position))
    problems = _problems(found)
    rows = []
    for one in found:
        seen = "；".join(problems.get(one.id, ()))
        told = (one.code, one.name, one.full, one.rule, seen, one.off)
        offered = {"off": one.off if one.off is not None else Decimal(0), "facts": one.facts or seen[:120]}
        offered = offered if offered["facts"] else {"off": offered["off"]}
        rows.append(Line(one.code, told, {"line": one}, offered))
    return Sheet(
        told=(
            Shown("code", LineField(max_length=48, verbose_name="月评明细号")),
            Shown("name", LineField(max_length=20, verbose_name="区域、项目")),
            Shown("full", CountField(verbose_name="分值")),
            Shown("rule", LineField(max_length=80, verbose_name="扣分标准")),
            Shown("seen", LineField(max_length=200, verbose_name="监察发现")),
            Shown("known", QuantityField(verbose_name="评过")),
        ),
        lines=rows,
        judge=lambda line, row: "没有填扣分" if row.get("off") is None else wrong(line.fixed["line"], row),
        strict="off",
        warns="" if rows else "没有要评分的。在“外包月评”里“开始外包月评”以后，各项列在这里。",
    )


def _problems(lines: Sequence[ServiceScoreLine]) -> dict[int, list[str]]:
    """Return by the id of an area what inspections of its month found wrong there, in the order of the days.

    What was found where none of the areas is named stands at the first one.
    """
    if not lines:
        return {}
    months = [line.score.month for line in lines]
    moments = (min(months).first, max(months).last + timedelta(days=1))
    within = (ServiceInspection.at >= moments[0]) & (ServiceInspection.at < moments[1])
    query = ServiceInspection.select().where(ServiceInspection.problem.is_null(False) & within)
    found: dict[int, list[str]] = {}
    for one in query.order_by(ServiceInspection.at, ServiceInspection.id):
        of_month = (one.supplier_id, Month.of(one.at.date()))
        mine = [line for line in lines if (line.score.supplier_id, line.score.month) == of_month]
        named = [line for line in mine if line.name in one.area or one.area in line.name]
        for line in (named or mine)[:1]:
            where = "" if line.name == one.area else f"{one.area} "
            found.setdefault(line.id, []).append(f"{one.at:%m-%d} {where}{one.problem}")
    return found


@lines(ServiceProgramme, VIEW)
def lines_of_programme(programme: ServiceProgramme) -> Iterator[tuple[str, str]]:
    """Tell what is done where, how often, by how many, with what."""
    for one in programme.lines.order_by(ProgrammeLine.position):
        staff = f"{one.staff} 人" if one.staff is not None else None
        yield one.area, "，".join(filter(None, (one.frequency, staff, one.material, one.note)))


@lines(ServiceScore, VIEW)
def lines_of_score(score: ServiceScore) -> Iterator[tuple[str, str]]:
    """Tell what was taken off in each area, and for what."""
    for one in score.lines.order_by(ServiceScoreLine.position):
        told = "没有评" if one.off is None else f"{shown(one.full - one.off)} / {one.full}"
        yield one.name, f"{told} {one.facts}" if one.facts else told


# -- the desk --------------------------------------------------------------------------------------


def _names(contracts: Sequence[SupplyContract]) -> str:
    """Return whose they are, three names at the most."""
    names = list(dict.fromkeys(str(one.supplier.name) for one in contracts))
    more = f" 等 {len(names)} 家外包" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


@reminds(SUPERVISE)
def programmes_missing(day: date) -> Iterator[Reminder]:
    """Remind of contractors whose programme of the month was not reviewed by the fifth."""
    missing = unreviewed(Month.of(day)) if day.day >= _REVIEWED else []
    if missing:
        title = f"{_names(missing)} 本月的计划方案还没有审核"
        yield Reminder(title, "warning", "service_programmes", {"period": Period.of_month(Month.of(day))})


@reminds(SUPERVISE)
def inspections_due(day: date) -> Iterator[Reminder]:
    """Remind of what was to be mended by now, and of contractors whom nobody inspected for a week."""
    over = (ServiceInspection.state == InspectionState.OPEN) & (ServiceInspection.due < day)
    count = ServiceInspection.select().where(over).count()
    if count:
        filters = {"state": InspectionState.OPEN.value}
        asked = (Condition("due", Test.MOST, (day - timedelta(days=1)).isoformat()),)
        yield Reminder("外包整改到期，请复查", "danger", "service_inspections", filters, count, asked)
    since = day - timedelta(days=_LOOKED)
    seen = {
        one.supplier_id
        for one in ServiceInspection.select(ServiceInspection.supplier)
        .where(ServiceInspection.at >= since)
        .distinct()
    }
    at_work = [one for one in supervised(Month.of(day)) if one.since <= since and one.last >= day]
    missing = [one for one in at_work if one.supplier_id not in seen]
    if missing:
        title = f"{_names(missing)} {_LOOKED} 天没有监察"
        yield Reminder(title, "warning", "service_inspections", {})


@reminds(SUPERVISE)
def scores_due(day: date) -> Iterator[Reminder]:
    """Remind from the first on of the month before to be begun, and from the fifth on of it to be signed."""
    month = Month.of(day).plus(-1)
    missing = unscored(month)
    if missing:
        title = f"{_names(missing)} {month.chinese}的月评还没有开始"
        yield Reminder(title, "warning", "service_scores", {})
    waiting = (ServiceScore.state == ServiceState.OPEN) & (ServiceScore.month <= month)
    count = ServiceScore.select().where(waiting).count() if day.day >= _SCORED else 0
    if count:
        filters = {"state": ServiceState.OPEN.value}
        asked = (Condition("month", Test.MOST, str(month)),)
        yield Reminder("外包月评还没有签完", "danger", "service_scores", filters, count, asked)


# -- what must hold --------------------------------------------------------------------------------


@invariant("外包月评")
def service_scores_add_up() -> Iterator[str]:
    """What was signed is what its areas add up to."""
    got = ServiceScoreLine.select(fn.SUM(ServiceScoreLine.full * 100 - ServiceScoreLine.off))
    mine = got.where(ServiceScoreLine.score == ServiceScore.id)
    wrong_ones = ServiceScore.select(ServiceScore.number).where(
        (ServiceScore.state == ServiceState.SIGNED) & (ServiceScore.score != mine)
    )
    for (number,) in db.execute(wrong_ones):
        yield f"外包月评 {number} 的总分与各项得分不符"
