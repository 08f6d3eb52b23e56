"""维修资金办理: enter a use of the fund, its votes, its approval, what was drawn, its acceptance, its end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from models.base import journal
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees.commons.fund import PROJECTS, FundDraw, FundPart, FundProject, FundState, FundVote, drawn
from models.fees.commons.owners import concerned
from models.fees.rights import COMMONS
from models.fields import CountField, DayField, FlagField, LineField, LinkField, MoneyField, QuantityField
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.owners.estate import Building, Entrance

AskedProject = Annotated[FundProject, Asked(LinkField(FundProject, verbose_name="维修资金项目"))]
AskedDay = Annotated[date | None, Asked(DayField(null=True, verbose_name="日期"), "不填为今天")]


def _line(label: str, length: int = 120) -> Asked:
    return Asked(LineField(max_length=length, verbose_name=label))


def _may(label: str, length: int = 120, without: str = "") -> Asked:
    return Asked(LineField(max_length=length, null=True, verbose_name=label), without)


@deed("fees.add_fund_project", "登记维修资金项目", COMMONS)
def add_fund_project(
    name: Annotated[str, _line("项目名称", 60)],
    place: Annotated[str, _line("维修部位", 80)],
    need: Annotated[str, _line("维修原因", 200)],
    estimate: Annotated[Decimal, Asked(MoneyField(verbose_name="预算金额"))],
    building: Annotated[
        Building | None, Asked(LinkField(Building, null=True, verbose_name="楼栋"), "不填为全小区")
    ] = None,
    entrance: Annotated[
        Entrance | None, Asked(LinkField(Entrance, null=True, verbose_name="单元"), "不填为整栋")
    ] = None,
    urgent: Annotated[bool, Asked(FlagField(default=False, verbose_name="应急使用"))] = False,
    urgency: Annotated[str | None, _may("应急情形", 120, "应急使用的要填")] = None,
) -> FundProject:
    """Enter a use of the fund with who is concerned by it, as the files say today.

    Raises:
        BadInput: it costs nothing, the entrance is of another building, an emergency has no reason, or
            no unit is concerned.
    """
    if estimate <= 0:
        raise BadInput("预算金额要大于零。", "estimate")
    if entrance is not None and building is not None and entrance.building != building:
        raise BadInput(f"{entrance.label()}不在{building.name}。请核对楼栋和单元。", "entrance")
    if urgent and not urgency:
        raise BadInput("应急使用要写明应急情形，例如：屋面漏水、电梯停运危及安全。", "urgency")
    building = building or (entrance.building if entrance is not None else None)
    told = concerned(building, entrance)
    if not told.units:
        raise BadInput(
            "这个范围里没有登记面积的房屋，算不出由谁分担。请先在档案里登记房屋和面积。", "building"
        )
    today = now().date()
    made = FundProject.add(
        number=PROJECTS.next(today), name=name, building=building, entrance=entrance, place=place, need=need,
        estimate=estimate, urgent=urgent, urgency=urgency if urgent else None, units=told.units,
        owners=told.owners, area=told.area, made_on=today, made_by=actor().name,
    )  # fmt: skip
    for part in told.parts:
        name = made.where if entrance is not None else part.name
        FundPart.add(project=made, name=name, units=part.units, area=from_scaled(part.area, 2))
    return made


@deed("fees.record_fund_vote", "登记表决", COMMONS)
def record_fund_vote(
    project: AskedProject,
    owners_in: Annotated[int, Asked(CountField(verbose_name="参与人数"))],
    area_in: Annotated[Decimal, Asked(QuantityField(verbose_name="参与面积"))],
    owners_for: Annotated[int, Asked(CountField(verbose_name="同意人数"))],
    area_for: Annotated[Decimal, Asked(QuantityField(verbose_name="同意面积"))],
    on: AskedDay = None,
    owners_all: Annotated[
        int | None, Asked(CountField(null=True, verbose_name="应参与人数"), "不填按登记时的档案")
    ] = None,
    area_all: Annotated[
        Decimal | None, Asked(QuantityField(null=True, verbose_name="应参与面积"), "不填按登记时的档案")
    ] = None,
    note: Annotated[str | None, _may("表决方式与备注")] = None,
) -> FundVote:
    """Enter how the owners voted; whether it passes follows from the four conditions of 民法典 278.

    Raises:
        RuleBroken: the project waits for no vote, or the day lies ahead.
        BadInput: more agreed than took part, more took part than there are, or fewer are counted than the
            file knows and nothing says why.
    """
    if project.state not in (FundState.PLANNED, FundState.REFUSED):
        raise RuleBroken(f"{project.number} 现在是“{project.state.value}”，不用再表决。")
    day = _past(on)
    whole = (
        project.owners if owners_all is None else owners_all,
        Decimal(project.area) if area_all is None else area_all,
    )
    if (whole[0] < project.owners or whole[1] < project.area) and not note:
        raise BadInput(
            f"应参与的少于登记时的档案（{project.owners} 人、{project.area} ㎡）。请在备注写明依据。",
            "note",
        )
    for part, of, label, name in (
        (owners_in, whole[0], "参与人数", "owners_in"), (area_in, whole[1], "参与面积", "area_in"),
        (owners_for, owners_in, "同意人数", "owners_for"), (area_for, area_in, "同意面积", "area_for"),
    ):  # fmt: skip
        if part > of:
            raise BadInput(f"{label} {part} 多于 {of}。请核对。", name)
    counted = {
        "owners_all": whole[0], "area_all": whole[1], "owners_in": owners_in, "area_in": area_in,
        "owners_for": owners_for, "area_for": area_for,
    }  # fmt: skip
    passed = all(met for _, met in FundVote(**counted).conditions())
    if passed or project.state is FundState.PLANNED:
        project.move_to(FundState.VOTED if passed else FundState.REFUSED)
    journal().subject = project
    return FundVote.add(
        project=project, on=day, passed=passed, note=note, made_at=now(), made_by=actor().name, **counted
    )


@deed("fees.approve_fund", "登记批准", COMMONS)
def approve_fund(
    project: AskedProject,
    permit: Annotated[str, _line("批准文号", 60)],
    approved: Annotated[Decimal, Asked(MoneyField(verbose_name="批准金额"))],
    contractor: Annotated[str, _line("施工单位", 60)],
    on: AskedDay = None,
) -> FundProject:
    """Enter that the authority approved it, how much, and who does the work.

    Raises:
        RuleBroken: the owners did not agree and it is no emergency, or the day lies ahead.
        BadInput: nothing is approved, more than the owners voted for, or it was before the vote.
    """
    if project.state is FundState.PLANNED and not project.urgent:
        raise RuleBroken(f"{project.number} 还没有表决，也不是应急使用。请先登记表决。")
    if approved <= 0:
        raise BadInput("批准金额要大于零。", "approved")
    day = _past(on)
    vote = FundVote.select().where((FundVote.project == project) & (FundVote.passed == True)).first()
    if vote is not None and day < vote.on:
        raise BadInput(f"批准日期 {day} 早于表决日期 {vote.on}。请核对。", "on")
    if vote is not None and approved > project.estimate:
        raise BadInput(
            f"业主表决的预算是 {thousands(project.estimate)} 元，不能批准 {thousands(approved)} 元。"
            "请核对；确要增加的，撤销后按新的预算重新立项、表决。",
            "approved",
        )
    return project.move_to(
        FundState.APPROVED, permit=permit, approved=approved, contractor=contractor, approved_on=day
    )


@deed("fees.draw_fund", "登记支取", COMMONS)
def draw_fund(
    project: AskedProject,
    amount: Annotated[Decimal, Asked(MoneyField(verbose_name="支取金额"))],
    voucher: Annotated[str, _line("凭证号", 40)],
    receiver: Annotated[str | None, _may("收款单位", 60, "不填为施工单位")] = None,
    on: AskedDay = None,
    note: Annotated[str | None, _may("备注")] = None,
) -> FundDraw:
    """Enter what was drawn for a project, never more than was approved, or settled once it is accepted.

    Raises:
        RuleBroken: it is not approved, or is closed; the day lies ahead or before the approval.
        BadInput: it is nothing, or too much.
    """
    if project.state not in (FundState.APPROVED, FundState.ACCEPTED):
        raise RuleBroken(
            f"{project.number} 现在是“{project.state.value}”，不能支取。批准以后、结清以前才能支取。"
        )
    day = _past(on)
    if day < project.approved_on:
        raise RuleBroken(f"支取日期 {day} 早于批准日期 {project.approved_on}。请改日期。")
    if amount <= 0:
        raise BadInput("支取金额要大于零。记错了的，请冲正原来的一笔。", "amount")
    limit, label = _limit(project)
    left = limit - drawn(project)
    if amount > left:
        raise BadInput(
            f"要支取 {thousands(amount)} 元，{label} {thousands(limit)} 元只剩 {thousands(left)} 元。",
            "amount",
        )
    return _draw(project, day, amount, voucher, receiver or project.contractor, note)


def _limit(project: FundProject) -> tuple[Decimal, str]:
    if project.settled is not None:
        return project.settled, "结算金额"
    return project.approved, "批准金额"


def _draw(
    project: FundProject, day: date, amount: Decimal, voucher: str, receiver: str | None, note: str | None,
    reverses: FundDraw | None = None,
) -> FundDraw:  # fmt: skip
    project.renew()  # two people at once draw from what the other has seen
    journal().subject = project
    return FundDraw.add(
        project=project, on=day, amount=amount, voucher=voucher, receiver=receiver, note=note,
        reverses=reverses, made_at=now(), made_by=actor().name,
    )  # fmt: skip


@deed(
    "fees.reverse_fund_draw", "冲正支取", COMMONS, danger=True, question="记一笔相反的支取，原来的一笔保留。"
)
def reverse_fund_draw(
    draw: Annotated[FundDraw, Asked(LinkField(FundDraw, verbose_name="维修资金支取"))],
    reason: Annotated[str, _line("冲正原因")],
    on: AskedDay = None,
) -> FundDraw:
    """Take back what was entered by mistake, by an equal negative row.

    Raises:
        RuleBroken: it is reversed or reverses another, its project is closed, or the day is before it.
    """
    if draw.reverses is not None or FundDraw.get_or_none(FundDraw.reverses == draw):
        raise RuleBroken(f"{draw.label()} 已经冲正过，或本身是冲正。")
    if draw.project.state is FundState.CLOSED:
        raise RuleBroken(f"{draw.project.number} 已经结清，不能冲正。")
    day = _past(on)
    if day < draw.on:
        raise RuleBroken(f"冲正日期 {day} 早于支取日期 {draw.on}。请改日期。")
    return _draw(draw.project, day, -draw.amount, draw.voucher, draw.receiver, reason, draw)


@deed("fees.accept_fund", "登记验收", COMMONS)
def accept_fund(
    project: AskedProject,
    settled: Annotated[Decimal, Asked(MoneyField(verbose_name="结算金额"))],
    acceptance: Annotated[str, _line("验收情况")],
    on: AskedDay = None,
) -> FundProject:
    """Enter that the work was accepted, and what it came to.

    Raises:
        RuleBroken: it is not approved, or the day lies ahead or before the approval.
        BadInput: it came to more than was approved, or to less than was drawn.
    """
    day = _past(on)
    if project.state is FundState.APPROVED:
        if day < project.approved_on:
            raise RuleBroken(f"验收日期 {day} 早于批准日期 {project.approved_on}。请改日期。")
        if settled > project.approved:
            raise BadInput(
                f"结算 {thousands(settled)} 元超过批准的 {thousands(project.approved)} 元。超出的另行批准。",
                "settled",
            )
        if settled < drawn(project):
            raise BadInput(
                f"结算 {thousands(settled)} 元少于已支取的 {thousands(drawn(project))} 元。请先冲正或退回。",
                "settled",
            )
    return project.move_to(FundState.ACCEPTED, settled=settled, accepted_on=day, acceptance=acceptance)


@deed("fees.close_fund", "结清维修资金项目", COMMONS, question="结清后不能再支取或冲正。")
def close_fund(project: AskedProject, on: AskedDay = None) -> FundProject:
    """Close a project of which all that was settled is drawn.

    Raises:
        RuleBroken: it is not accepted, or something is still to be drawn.
    """
    left = (project.settled or Decimal(0)) - drawn(project)
    if project.state is FundState.ACCEPTED and left:
        raise RuleBroken(f"{project.number} 还有 {thousands(left)} 元没有支取。请先登记支取，再结清。")
    return project.move_to(FundState.CLOSED, closed_on=_past(on))


@deed("fees.withdraw_fund", "撤销维修资金项目", COMMONS, danger=True, question="单号保留，项目不再办理。")
def withdraw_fund(project: AskedProject, reason: Annotated[str, _line("撤销原因")]) -> FundProject:
    """Give a project up of which nothing was drawn.

    Raises:
        RuleBroken: something was drawn, or it is accepted, closed or withdrawn.
    """
    if drawn(project):
        raise RuleBroken(f"{project.number} 已支取 {thousands(drawn(project))} 元，不能撤销。请先冲正支取。")
    return project.move_to(FundState.WITHDRAWN, withdrawn=reason)


def _past(on: date | None) -> date:
    today = now().date()
    if on is not None and on > today:
        raise RuleBroken(f"{on} 还没有到，不能登记。请核对日期。")
    return on or today
