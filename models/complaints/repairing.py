"""维修: dispatched by trade, arrived, quoted where it is paid for, done, accepted (forms.md A11)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from models.clock import now
from models.complaints.cases import CaseState, Mark, Nature, ServiceCase
from models.complaints.closing import AskedAt, AskedCase, AskedCases, AskedReason, close_now, refuse_before
from models.complaints.complaining import refuse_left
from models.complaints.kinds import Sort
from models.complaints.materials import AskedMaterials, keep, taken
from models.complaints.rights import HANDLE, LEAD, REPAIR
from models.complaints.steps import Step, note
from models.complaints.terms import rules
from models.complaints.trades import refuse_other_trade, trades_of
from models.complaints.visits import is_drawn, plan_visit
from models.complaints.waiting import pause, run_again
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fees.charging import charge_work
from models.fees.rights import CHARGE
from models.fees.services import Service, ServiceSlip, SlipState
from models.fields import ChoiceField, LineField, LinkField, MoneyField, NoteField
from models.inputs import Asked
from models.money import thousands
from models.office.roster.rosters import RosterDay, on_day, resting
from models.office.staff import Staff

AskedLabour = Annotated[Decimal | None, Asked(MoneyField(null=True, verbose_name="人工费"), "没有的不填")]


def _repair(case: ServiceCase) -> ServiceCase:
    case.require(Sort.REPAIR)
    return case


@deed("complaints.dispatch", "派工", LEAD)
def dispatch(
    cases: AskedCases,
    worker: Annotated[Staff, Asked(LinkField(Staff, verbose_name="维修人"))],
    words: Annotated[str | None, Asked(LineField(max_length=200, null=True, verbose_name="要求"))] = None,
) -> None:
    """Send somebody of the trade to repairs that were taken.

    Raises:
        RuleBroken: one is dispatched already, or he has left, is of other trades or rests by the roster.
    """
    refuse_left(worker)
    for case in cases:
        _repair(case).require_in(CaseState.RECEIVED, why="已经派过工。要换人请用“转派”。")
        refuse_other_trade(worker, case)
        _refuse_resting(worker, case)
        at = now()
        case.move_to(CaseState.DISPATCHED, handler=worker, department=worker.department, dispatched_at=at)
        note(case, Step.ASSIGNED, words, at=at, staff=worker)


def _refuse_resting(worker: Staff, case: ServiceCase) -> None:
    day = (case.appointed_from or now()).date()
    sign = resting(worker, day)
    if sign:
        there = "、".join(one.staff.name for one in on_day(day) if one.shift.works and _of_trade(one, case))
        instead = f"当班的有 {there}。" if there else ""
        raise RuleBroken(
            f"值班表上 {worker.name} {day:%m-%d} 是“{sign}”。{instead}请另选一位，或先在值班表里调班。"
        )


def _of_trade(one: RosterDay, case: ServiceCase) -> bool:
    return case.kind in trades_of(one.staff)


@deed("complaints.arrive", "登记到场", REPAIR)
def arrive(case: AskedCase, at: AskedAt = None) -> ServiceCase:
    """Note that the worker is there.

    Raises:
        RuleBroken: nobody was sent, or he is there already.
        BadInput: the time lies ahead, or before it was received.
    """
    when = refuse_before(_repair(case), at, "到场", None)
    case.require_in(CaseState.DISPATCHED, why="没有派工在路上，不能登记到场。")
    case.move_to(CaseState.ARRIVED, arrived_at=when, first_at=case.first_at or when)
    note(case, Step.ARRIVED, at=when)
    return case


@deed("complaints.quote", "报价", REPAIR)
def quote(
    case: AskedCase,
    materials: AskedMaterials = None,
    labour: AskedLabour = None,
    words: Annotated[str | None, Asked(LineField(max_length=200, null=True, verbose_name="说明"))] = None,
) -> ServiceCase:
    """Say what paid work will cost; nothing is done, and the clock stands, until the owner agreed.

    Raises:
        RuleBroken: nobody is there, or it is not in a household.
        BadInput: it comes to nothing.
    """
    if _repair(case).unit is None:
        raise RuleBroken(f"{case.number} 在公共部位，不向业主收费，不用报价。")
    case.require_in(CaseState.ARRIVED, why="到场以后才能报价。")
    at = now()
    pause(case, CaseState.QUOTED, at, "报价待业主确认")
    total = keep(case, materials or []) + (labour or 0)
    if total <= 0:
        raise BadInput("报价合计为零。请填材料或人工费；无偿的不用报价。", "labour")
    case.change(nature=Nature.PAID, labour=labour or Decimal(0), quoted=total, agreed_at=None, agreed_by=None)
    note(case, Step.QUOTED, f"{thousands(total)} 元{'，' + words if words else ''}", at=at)
    return case


@deed("complaints.agree", "业主确认报价", REPAIR)
def agree(
    case: AskedCase,
    agreed_by: Annotated[str, Asked(LineField(max_length=40, verbose_name="报价确认人"))],
    at: AskedAt = None,
) -> ServiceCase:
    """Note that the owner agreed to the price, in writing on CS-03, before the work begins.

    Raises:
        RuleBroken: no price waits for it.
        BadInput: the time lies ahead, or before the price was told.
    """
    _repair(case).require_in(CaseState.QUOTED, why="没有待确认的报价。")
    when = run_again(case, at, CaseState.ARRIVED)
    case.change(agreed_at=when, agreed_by=agreed_by)
    note(case, Step.AGREED, f"{agreed_by} 确认 {thousands(case.quoted)} 元", at=when)
    return case


@deed(
    "complaints.decline",
    "业主不同意报价",
    REPAIR,
    danger=True,
    question="这张报修单就此结束，不计入各项比率。",
)
def decline(case: AskedCase, reason: AskedReason) -> ServiceCase:
    """Note that the owner does not want it at that price: the repair is withdrawn.

    Raises:
        RuleBroken: no price waits for it.
    """
    _repair(case).require_in(CaseState.QUOTED, why="没有待确认的报价。")
    at = now()
    run_again(case, at, CaseState.ARRIVED)
    case.move_to(CaseState.WITHDRAWN, closed_at=at)
    note(case, Step.DECLINED, reason, at=at)
    return case


@deed("complaints.finish", "登记完工", REPAIR)
def finish(
    case: AskedCase,
    measures: Annotated[str, Asked(NoteField(verbose_name="处理措施"))],
    nature: Annotated[Nature, Asked(ChoiceField(Nature, verbose_name="收费性质"))] = Nature.FREE,
    materials: AskedMaterials = None,
    labour: AskedLabour = None,
    at: AskedAt = None,
) -> ServiceCase:
    """Note that the work is done, with what it took; paid work costs no more than was agreed.

    Where nothing of materials and labour is typed, they are those of the quotation; what is free then took
    what was given out for it.

    Raises:
        RuleBroken: nobody is there, or paid work was not agreed on, or costs more than that.
        BadInput: the time lies ahead, or before the arrival.
    """
    _repair(case)
    when = refuse_before(case, at, "完工", case.arrived_at)
    if charged(case) is not None:  # done anew: what was charged stays
        keep(case, materials or [])
        cost = {}
    else:
        used = materials or (taken(case) if nature is not Nature.PAID else [])
        cost = {"nature": nature, **_cost(case, nature, used, labour)}
    case.move_to(CaseState.FINISHED, measures=measures, finished_at=when, **cost)
    note(case, Step.FINISHED, measures, at=when)
    return case


def _cost(
    case: ServiceCase, nature: Nature, materials: Sequence[dict[str, Any]], labour: Decimal | None
) -> dict[str, Any]:
    """Return labour and cost to the owner; what is free or under warranty costs him nothing."""
    if nature is not Nature.PAID:
        keep(case, materials)
        return {"labour": labour, "cost": Decimal(0)}
    if case.agreed_at is None:
        raise RuleBroken(f"{case.number} 是有偿维修，业主还没有确认报价。请先报价并取得确认，再施工。")
    if not materials and labour is None:
        return {"cost": case.quoted}
    total = keep(case, materials) + (labour or 0)
    if total > case.quoted:
        raise RuleBroken(
            f"材料和人工共 {thousands(total)} 元，超过业主确认的 {thousands(case.quoted)} 元。"
            "请按确认的收，或重新报价。"
        )
    return {"labour": labour or Decimal(0), "cost": total}


@deed("complaints.accept", "登记验收", HANDLE)
def accept(
    case: AskedCase,
    accepted_by: Annotated[str, Asked(LineField(max_length=40, verbose_name="验收人"))],
    mark: Annotated[Mark | None, Asked(ChoiceField(Mark, null=True, verbose_name="满意度"))] = None,
    at: AskedAt = None,
) -> ServiceCase:
    """Note who accepted the work; it is visited back where it is drawn, and closed otherwise.

    Raises:
        RuleBroken: it is not done.
        BadInput: the time lies ahead, or before it was done.
    """
    when = refuse_before(_repair(case), at, "验收", case.finished_at)
    case.require_in(CaseState.FINISHED, why="还没有完工。请先登记完工。")
    case.change(accepted_at=when, accepted_by=accepted_by, mark=mark)
    note(case, Step.ACCEPTED, f"{accepted_by}{'　' + mark.value if mark else ''}", at=when)
    if is_drawn(case):
        case.move_to(CaseState.VISITING)
        plan_visit(case, rules().visit_repair)
    else:
        close_now(case, when, "未抽中回访")
    return case


@deed("complaints.reject", "验收不合格", HANDLE, danger=True)
def reject(case: AskedCase, reason: AskedReason) -> ServiceCase:
    """Send the work back to whoever did it; it is done when it is accepted, not before.

    Raises:
        RuleBroken: it is not done.
    """
    _repair(case).require_in(CaseState.FINISHED, why="没有待验收的活。")
    case.move_to(CaseState.DISPATCHED, finished_at=None, arrived_at=None)
    note(case, Step.RETURNED, reason, staff=case.handler)
    return case


@deed("complaints.charge", "转收费", CHARGE)
def charge(
    case: AskedCase, service: Annotated[Service, Asked(LinkField(Service, verbose_name="特服项目"))]
) -> ServiceSlip:
    """Charge paid work on its house, once: a slip of 特服 in fees with one line.

    Raises:
        RuleBroken: it is not paid work that is done, or is charged already.
    """
    if _repair(case).finished_at is None or case.nature is not Nature.PAID or case.unit is None:
        raise RuleBroken(f"{case.number} 不是已完工的有偿维修，没有可收的费用。")
    if charged(case) is not None:
        raise RuleBroken(f"{case.number} 已开 {case.charge}，不再收第二次。要改先作废那张特服单。")
    slip = charge_work(
        unit=case.unit, service=service, name=f"维修 {case.matter}"[:40], amount=case.cost,
        note=f"报修单 {case.number}",
    )  # fmt: skip
    case.change(charge=slip.number)
    note(case, Step.CHARGED, f"{slip.number} {thousands(slip.amount)} 元")
    found: ServiceSlip = slip
    return found


def charged(case: ServiceCase) -> ServiceSlip | None:
    """Return the slip that charges a repair; None where there is none, or it is void."""
    if case.charge is None:
        return None
    holds = (ServiceSlip.number == case.charge) & (ServiceSlip.state == SlipState.ISSUED)
    found: ServiceSlip | None = ServiceSlip.get_or_none(holds)
    return found


@deed("complaints.link_again", "关联返修", LEAD)
def link_again(
    case: AskedCase,
    earlier: Annotated[
        ServiceCase | None, Asked(LinkField(ServiceCase, null=True, verbose_name="重复自"), "不填为不是返修")
    ],
) -> ServiceCase:
    """Say which earlier case this one repeats, or that it repeats none.

    Raises:
        BadInput: the other one is of another sort, or not earlier.
    """
    if earlier is not None and (earlier.sort is not case.sort or earlier.id >= case.id):
        raise BadInput(f"{earlier.number} 不是同一性质的较早的单。请核对单号。", "earlier")
    case.change(again_of=earlier)
    note(case, Step.CORRECTED, f"返修自 {earlier.number}" if earlier else "不是返修")
    return case
