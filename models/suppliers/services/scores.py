"""外包月评 (SU-07): each month area by area, with facts; what is below the mark costs part of the fee.

Signed, a score never changes; it feeds the contractor's evaluation, its settlement, and, where two months in
a row are below the mark that the contract agrees on, its termination (forms.md B11).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from models.attachments import keeps_files
from models.base import Record, journal
from models.clock import now
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    LineField,
    LinkField,
    LinksField,
    MomentField,
    MoneyField,
    MonthField,
    NoteField,
    QuantityField,
)
from models.inputs import Asked, Input
from models.money import divide_half_up, from_scaled, to_scaled
from models.months import Month, Period
from models.office.approvals import pending_with, refuse_pending, running_approval
from models.office.chains import Step, approvable
from models.rows import RowRefused, RowsField
from models.search import finds_numbered
from models.suppliers.contracts import SupplyContract
from models.suppliers.ending.letters import write_letter
from models.suppliers.ending.open import still_open
from models.suppliers.ending.terminations import begin_termination, under_way
from models.suppliers.grades import band_of, shown
from models.suppliers.kinds import LISTED, Category
from models.suppliers.register import Supplier
from models.suppliers.rights import SUPERVISE, VIEW
from models.suppliers.services.areas import areas_of, supervised
from models.suppliers.services.inspections import ServiceInspection
from models.suppliers.services.programmes import numbered_by_kind
from models.suppliers.settling.deductions import note_deduction
from models.suppliers.settling.due import fee_of

ROWS = "rows"
MENDING = 15
"""Days that a contractor has to mend what a month's score says."""
_NONE = Decimal("0.00")


class ServiceState(Enum):
    """Where a month's score stands."""

    OPEN = "评分中"
    SIGNED = "已签"


class ServiceScore(Record):
    """外包月评: of one contract in one month, WB-202611-保洁; of a second of its kind, WB-202611-保洁-2."""

    number = CodeField(max_length=40, unique=True, verbose_name="月评单号")
    supplier = LinkField(Supplier, backref="service_scores", verbose_name="外包方")
    contract = LinkField(SupplyContract, backref="service_scores", verbose_name="合同号")
    category = ChoiceField(Category, verbose_name="类别")
    month = MonthField(index=True, verbose_name="月份")
    state = ChoiceField(ServiceState, default=ServiceState.OPEN, index=True, verbose_name="月评状态")
    inspected = CountField(default=0, verbose_name="检查次数")
    score = QuantityField(null=True, verbose_name="加权总分")
    grade = LineField(max_length=6, null=True, verbose_name="等级")
    deducted = MoneyField(null=True, verbose_name="应扣服务费")
    confirmed = LineField(max_length=40, null=True, verbose_name="外包方确认")
    words = NoteField(null=True, verbose_name="评语")
    signed_at = MomentField(null=True, verbose_name="签字时间")
    signed_by = LineField(max_length=60, null=True, verbose_name="签字人")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")
    made_at = MomentField(verbose_name="开始时间")
    made_by = LineField(max_length=60, verbose_name="经办人")
    scored_by = LineField(max_length=60, null=True, verbose_name="检查人")

    key_field = "number"
    moves = {ServiceState.OPEN: (ServiceState.SIGNED,)}

    class Meta:
        title = "外包月评"
        indexes = ((("contract", "month"), True),)

    def label(self) -> str:
        """Return 清新保洁 2026-11."""
        return f"{self.supplier.name} {self.month}"

    def described(self) -> str:
        """Return WB-202611-保洁 清新保洁，92.50 分."""
        told = "评分中" if self.score is None else f"{shown(self.score)} 分"
        return f"{self.number} {self.supplier.name}，{told}"


class ServiceScoreLine(Record):
    """外包月评得分: one area, what it is worth and what was taken off for what."""

    score = LinkField(ServiceScore, backref="lines", verbose_name="外包月评")
    code = CodeField(max_length=48, unique=True, verbose_name="月评明细号")
    position = CountField(verbose_name="序号")
    name = LineField(max_length=20, verbose_name="区域、项目")
    standard = LineField(max_length=80, verbose_name="标准")
    full = CountField(verbose_name="分值")
    rule = LineField(max_length=80, verbose_name="扣分标准")
    off = QuantityField(null=True, verbose_name="扣分")
    facts = LineField(max_length=120, null=True, verbose_name="事实")

    key_field = "code"

    class Meta:
        title = "外包月评得分"
        indexes = ((("score", "position"), True),)

    def label(self) -> str:
        """Return WB-202611-保洁 楼道."""
        return f"{self.score.number} {self.name}"


reaches_everybody(ServiceScore, ServiceScoreLine)
keeps_files(ServiceScore, VIEW)
finds_numbered(VIEW, "WB", ServiceScore, "service_scores", "外包月评", lambda one: one.supplier.name)

AskedScore = Annotated[ServiceScore, Asked(LinkField(ServiceScore, verbose_name="外包月评"))]


def unscored(month: Month) -> list[SupplyContract]:
    """Return the contracts of a month whose score was not begun and that have something to be scored by."""
    known = {one.contract_id for one in ServiceScore.select().where(ServiceScore.month == month)}
    return [one for one in supervised(month) if one.id not in known]


class Begun:
    """The scores that were begun."""

    def __init__(self, made: Sequence[ServiceScore]) -> None:
        self.made = made

    def done(self) -> str:
        """Return 已开始 3 家外包的月评."""
        return f"已开始 {len(self.made)} 家外包的月评"

    def summary(self) -> str:
        """Return their numbers."""
        return "、".join(str(one.number) for one in self.made) + "。到“外包评分”里逐项评分。"


@deed("suppliers.open_service_scores", "开始外包月评", SUPERVISE)
def open_service_scores(month: Annotated[Month, Asked(MonthField(verbose_name="月份"))]) -> Begun:
    """Begin to score every contractor of a month, by the areas of its kind as they are now.

    Raises:
        BadInput: the month has not begun.
        RuleBroken: there is nobody to be scored, or all were begun.
    """
    if month > Month.of(now().date()):
        raise BadInput(f"{month.chinese} 还没有到。请填本月或以前的月份。", "month")
    made = []
    for contract in unscored(month):
        supplier = contract.supplier
        one = ServiceScore.add(
            number=numbered_by_kind(ServiceScore, "WB", month, supplier), supplier=supplier,
            contract=contract, category=supplier.category, month=month, made_at=now(), made_by=actor().name,
        )  # fmt: skip
        for area in areas_of(supplier.category):
            ServiceScoreLine.add(
                score=one, code=f"{one.number}/{area.position}", position=area.position, name=area.name,
                standard=area.standard, full=area.full, rule=area.rule,
            )  # fmt: skip
        made.append(one)
    if not made:
        raise RuleBroken(
            f"{month.chinese} 没有还要月评的外包，或都已开始。新的请先“登记合同”、设置外包评价项目。"
        )
    journal().subject = made[0]
    return Begun(made)


def _inputs() -> list[Input]:
    return [
        Input("line", LinkField(ServiceScoreLine, verbose_name="评价项目"), required=True),
        Input("off", QuantityField(verbose_name="扣分"), required=True),
        Input("facts", LineField(max_length=120, null=True, verbose_name="事实").roomier(16), required=False),
    ]


class ServiceMarked:
    """What was scored."""

    def __init__(self, count: int) -> None:
        self.count = count

    def done(self) -> str:
        """Return 已评 6 项."""
        return f"已评 {self.count} 项"


@deed("suppliers.score_service", "外包评分", SUPERVISE)
def score_service(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="评分"))],
) -> ServiceMarked:
    """Take marks off areas, saying for what; given again, it takes the place of what was given before.

    Raises:
        RowRefused: a score is signed or being approved, more is taken off than an area is worth, or nothing
            says for what.
    """
    for number, row in enumerate(rows):
        problem = wrong(row["line"], row)
        if problem:
            raise RowRefused(f"{problem}。", ROWS, number, "off")
        row["line"].change(off=row["off"], facts=row.get("facts"))
    for score in {row["line"].score_id: row["line"].score for row in rows}.values():
        if score.scored_by != actor().name:
            score.change(scored_by=actor().name)
    journal().subject = rows[0]["line"].score
    return ServiceMarked(len(rows))


def wrong(line: ServiceScoreLine, row: Any) -> str:
    """Return why an area cannot be scored so; empty where it can."""
    score, off = line.score, row["off"]
    if score.state is ServiceState.SIGNED:
        return f"{score.label()} 的月评已签，分数不能再改"
    pending = pending_with("suppliers.sign_service_scores", "scores", score)
    if pending is not None:
        return f"{score.label()} 的月评正在审批（{pending.number}），要改的请先撤回，或请审批人驳回"
    if off > line.full:
        return f"分值 {line.full}，“{line.name}”不能扣 {shown(off)}"
    if off and not row.get("facts"):
        return f"请写事实，“{line.name}”扣了 {shown(off)} 分"
    return ""


@deed("suppliers.confirm_service", "登记外包方确认", SUPERVISE)
def confirm_service(
    score: AskedScore,
    confirmed: Annotated[str, Asked(LineField(max_length=40, verbose_name="外包方确认"))],
) -> ServiceScore:
    """Note who confirmed a month's score for the contractor, or that nobody would.

    Raises:
        RuleBroken: it is signed already, or being approved.
    """
    if score.state is ServiceState.SIGNED:
        raise RuleBroken(f"{score.label()} 的月评已签，不用再确认。")
    refuse_pending(pending_with("suppliers.sign_service_scores", "scores", score), f"{score.label()} 的月评")
    return score.change(confirmed=confirmed)


class ServiceSigned:
    """The scores that were signed, and what followed."""

    def __init__(self, signed: Sequence[ServiceScore], followed: Sequence[str]) -> None:
        self.signed, self.followed = signed, followed

    def done(self) -> str:
        """Return 已签 3 家外包的月评."""
        return f"已签 {len(self.signed)} 家外包的月评"

    def summary(self) -> str:
        """Return what followed from the scores."""
        return "；".join(self.followed) + "。" if self.followed else "没有要扣费的。"


@deed(
    "suppliers.sign_service_scores", "签外包月评", SUPERVISE,
    question="签字后分数不再变；低于合同分数线的扣服务费，下次结算时扣。",
)  # fmt: skip
def sign_service_scores(
    scores: Annotated[list[ServiceScore], Asked(LinksField(ServiceScore, verbose_name="外包月评"))],
    words: Annotated[str | None, Asked(NoteField(null=True, verbose_name="评语"))] = None,
) -> ServiceSigned:
    """Freeze scores; a low one costs part of the fee, two very low ones in a row begin a termination.

    Raises:
        RuleBroken: a month is not over, a score is signed already, has areas without marks, or the
            contractor's confirmation is not noted.
    """
    followed, approval = list[str](), running_approval()
    for one in sorted(scores, key=lambda score: score.month):
        _refuse_unready(one)
        total = _total(one)
        deducted = _cut(one.contract, one.month, total)
        one.move_to(
            ServiceState.SIGNED, score=total, grade=band_of(total).grade, deducted=deducted, words=words,
            inspected=inspections_of(one), signed_at=now(), signed_by=actor().name,
            approval=str(approval.number) if approval else None,
        )  # fmt: skip
        followed += _follow(one)
    journal().subject = scores[0]
    return ServiceSigned(scores, followed)


def _refuse_unready(score: ServiceScore) -> None:
    if score.state is ServiceState.SIGNED:
        raise RuleBroken(f"{score.label()} 的月评已签，分数不能再改。")
    if min(score.month.last, score.contract.last) >= now().date():
        raise RuleBroken(f"{score.label()} 还没有过完，过完才能签。")
    missing = [line.name for line in score.lines.order_by(ServiceScoreLine.position) if line.off is None]
    if missing:
        raise RuleBroken(f"{score.label()} 的“{'、'.join(missing)}”还没有评分，不能签。不扣的填 0。")
    if score.confirmed is None:
        raise RuleBroken(f"{score.label()} 还没有外包方确认。请先“登记外包方确认”，不肯签的写“拒签”。")


def _total(score: ServiceScore) -> Decimal:
    return sum((line.full - (line.off or _NONE) for line in score.lines), _NONE)


def inspections_of(score: ServiceScore) -> int:
    """Return on how many rounds a contractor was inspected in the month of a score."""
    within = ServiceInspection.at.between(*Period.of_month(score.month).moments)
    rounds = ServiceInspection.select(ServiceInspection.at).distinct()
    return rounds.where((ServiceInspection.supplier == score.supplier) & within).count()


def _cut(contract: SupplyContract, month: Month, total: Decimal) -> Decimal:
    """Return in 元 what a score costs of a month's fee, as the contract agrees; at the most all of it."""
    if contract.pass_mark is None or contract.cut is None or total >= contract.pass_mark:
        return _NONE
    fee = fee_of(contract, month)
    points = to_scaled(contract.pass_mark - total, 2) * to_scaled(contract.cut, 2)
    return min(fee, from_scaled(divide_half_up(to_scaled(fee, 2) * points, 10**6), 2))


def _follow(score: ServiceScore) -> Iterator[str]:
    """Let follow what a signed score says: a deduction with a letter, or the draft of a termination."""
    contract, supplier = score.contract, score.supplier
    told = f"{score.month.chinese}外包月评 {shown(score.score)} 分（{score.number}）"
    if score.deducted:
        words = f"{told}，低于 {contract.pass_mark} 分"
        day = min(score.month.last, contract.last)
        note_deduction(supplier, score.deducted, words, day, str(score.number))
        yield f"{supplier.name} 扣服务费 {score.deducted} 元"
    if contract.pass_mark is not None and score.score < contract.pass_mark and supplier.state in LISTED:
        due = now().date() + timedelta(days=MENDING)
        demand = "请查明原因，在期限内整改，并书面答复整改结果；下月月评时验证。"
        letter = write_letter(supplier, f"{told}：{facts_told(score)}"[:1000], demand, due, str(score.number))
        yield f"{supplier.name} 发整改通知 {letter.number}"
    other = _beside(score)
    if other is not None and supplier.state in LISTED and under_way(supplier) is None:
        both = sorted((score, other), key=lambda one: one.month)
        facts = "，".join(
            f"{one.month.chinese}外包月评 {shown(one.score)} 分（{one.number}）" for one in both
        )
        clause = f"合同 {contract.number}：连续两个月月评低于 {contract.end_mark} 分的，终止合同"
        notice = begin_termination(supplier, f"{facts}，连续两个月低于 {contract.end_mark} 分", clause)
        yield f"{supplier.name} 启动终止 {notice.number}"


def _beside(score: ServiceScore) -> ServiceScore | None:
    """Return the signed score of the month before or after, where both are below the mark that ends it.

    It is that of the same contract, or of the one that it renews.
    """
    mark = score.contract.end_mark
    if mark is None or score.score is None or score.score >= mark:
        return None
    near = ServiceScore.month.in_((score.month.plus(-1), score.month.plus(1)))
    low = (ServiceScore.state == ServiceState.SIGNED) & (ServiceScore.score < Decimal(mark))
    mine = (ServiceScore.supplier == score.supplier) & near & low
    return next((one for one in ServiceScore.select().where(mine) if _follows(one, score)), None)


def _follows(one: ServiceScore, other: ServiceScore) -> bool:
    """Whether two scores are of one contract, or of two of which one begins when the other is over."""
    first, second = sorted((one, other), key=lambda score: score.month)
    return first.contract_id == second.contract_id or first.contract.last < second.contract.since


def facts_told(score: ServiceScore) -> str:
    """Return what marks were taken off for: 楼道 −3 扶手积灰；垃圾房 −5 未清."""
    lines = score.lines.order_by(ServiceScoreLine.position)
    return "；".join(f"{one.name} −{shown(one.off)} {one.facts}" for one in lines if one.off)


@still_open
def scores_open(supplier: Supplier, day: date) -> Iterator[str]:
    """Months whose score was begun and is not signed: it may still cost part of the fee."""
    mine = (ServiceScore.supplier == supplier) & (ServiceScore.state == ServiceState.OPEN)
    told = "、".join(str(one.number) for one in ServiceScore.select().where(mine).order_by(ServiceScore.id))
    if told:
        yield f"外包月评 {told} 没有签"


def _cuts(values: Mapping[str, Any]) -> Decimal:
    """Return what scores that are applied for cost of the fees together."""
    return sum((_cut(one.contract, one.month, _total(one)) for one in values["scores"]), _NONE)


approvable(
    "suppliers.sign_service_scores", default=(Step("管理处主任", "主任"),), on=True, amount=_cuts,
)  # fmt: skip
