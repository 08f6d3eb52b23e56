"""储存质量异常 (CA-08): what went bad in the store is set apart at once, and told to the supervisor.

He says what becomes of it: no more use, back to the supplier, written off, tested, or free again. What is set
apart is not issued until then (duty c04.a.08).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Annotated

from peewee import fn

from models.attachments import keeps_files
from models.base import Record
from models.canteen.items import LEAST
from models.canteen.lots import AskedLot, StockLot
from models.canteen.moves import MoveKind, StockMove
from models.canteen.rights import DECIDE, STORE, VIEW
from models.clock import now, past
from models.deeds import actor, deed, reaches_everybody
from models.errors import RuleBroken
from models.fields import (
    ChoiceField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    NumberField,
    StockField,
)
from models.inputs import Asked
from models.money import from_scaled
from models.search import finds_numbered
from models.series import Series

PROBLEMS = Series("YCB", "储存质量异常报告单", digits=2)


class Abnormal(Enum):
    """What was seen."""

    MOULD = "霉变"
    SMELL = "异味"
    SWOLLEN = "胀包"
    PESTS = "虫害"
    BROKEN = "破损"
    WARM = "断电升温"


class Verdict(Enum):
    """What the supervisor says is to be done."""

    STOP = "停用"
    RETURN = "退供"
    WRITE_OFF = "报损"
    TEST = "送检"
    RELEASE = "放行"


class ProblemState(Enum):
    """Where a report stands."""

    REPORTED = "待主管处理"
    DECIDED = "处理中"
    CLOSED = "已办结"


class StockProblem(Record):
    """储存质量异常报告单: one lot in which something was wrong."""

    number = NumberField(verbose_name="报告单号")
    lot = LinkField(StockLot, backref="problems", verbose_name="批次")
    found_at = MomentField(index=True, verbose_name="发现时间")
    abnormal = ChoiceField(Abnormal, verbose_name="异常")
    quantity = StockField(low=LEAST, verbose_name="异常数量")
    cause = LineField(max_length=120, null=True, verbose_name="原因")
    state = ChoiceField(ProblemState, default=ProblemState.REPORTED, index=True, verbose_name="处理状态")
    verdict = ChoiceField(Verdict, null=True, verbose_name="主管意见")
    opinion = LineField(max_length=120, null=True, verbose_name="意见说明")
    decided_at = MomentField(null=True, verbose_name="处理时间")
    decided_by = LineField(max_length=60, null=True, verbose_name="主管")
    result = LineField(max_length=120, null=True, verbose_name="处理结果")
    closed_on = DayField(null=True, verbose_name="办结日期")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="报告人")

    key_field = "number"
    moves = {
        ProblemState.REPORTED: (ProblemState.DECIDED, ProblemState.CLOSED),
        ProblemState.DECIDED: (ProblemState.DECIDED, ProblemState.CLOSED),
    }

    class Meta:
        title = "储存质量异常报告单"

    def described(self) -> str:
        """Return YCB-202611-01 大米 25kg/袋 2 kg 霉变."""
        item = self.lot.item
        return f"{self.number} {item.label()} {item.told(self.quantity)} {self.abnormal.value}"


reaches_everybody(StockProblem)
keeps_files(StockProblem, VIEW)
finds_numbered(VIEW, "YCB", StockProblem, "stock_problems", "储存异常", lambda one: one.lot.label())

AskedProblem = Annotated[StockProblem, Asked(LinkField(StockProblem, verbose_name="报告单"))]
_OPEN = (ProblemState.REPORTED, ProblemState.DECIDED)


@deed("canteen.report_problem", "报告异常", STORE, question="整批马上隔离，不能领用，直到主管处理。")
def report_problem(
    lot: AskedLot,
    abnormal: Annotated[Abnormal, Asked(ChoiceField(Abnormal, verbose_name="异常"))],
    quantity: Annotated[
        Decimal | None, Asked(StockField(low=LEAST, null=True, verbose_name="异常数量"), "不填为全部")
    ] = None,
    cause: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="原因"))] = None,
    found_at: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="发现时间"), "不填为现在")
    ] = None,
) -> StockProblem:
    """Report that something in a lot is wrong; all of the lot is set apart until it is decided.

    Raises:
        RuleBroken: nothing of the lot is there, less than that, or it is reported already.
        BadInput: the moment lies ahead.
    """
    bad = lot.stock if quantity is None else quantity
    if not lot.stock or bad > lot.stock:
        raise RuleBroken(f"批次 {lot.code} 结存 {lot.item.told(lot.stock)}，请核对异常数量。")
    known = StockProblem.select().where((StockProblem.lot == lot) & StockProblem.state.in_(_OPEN)).first()
    if known is not None:
        raise RuleBroken(f"批次 {lot.code} 已报告（{known.number}），还没有办结。")
    lot.change(apart=True)
    return StockProblem.add(
        number=PROBLEMS.next(now().date()), lot=lot, found_at=past(found_at, "发现时间", "found_at"),
        abnormal=abnormal, quantity=bad, cause=cause, made_at=now(), made_by=actor().name,
    )  # fmt: skip


@deed("canteen.decide_problem", "处理异常", DECIDE)
def decide_problem(
    problem: AskedProblem,
    verdict: Annotated[Verdict, Asked(ChoiceField(Verdict, verbose_name="主管意见"))],
    opinion: Annotated[
        str | None, Asked(LineField(max_length=120, null=True, verbose_name="意见说明"))
    ] = None,
) -> StockProblem:
    """Say what becomes of a lot; what is free again may be issued at once.

    Raises:
        RuleBroken: it is closed already, or the lot that is to be free has expired.
    """
    told = {"verdict": verdict, "opinion": opinion, "decided_at": now(), "decided_by": actor().name}
    if verdict is not Verdict.RELEASE:
        return problem.move_to(ProblemState.DECIDED, **told)
    lot = StockLot.get_by_id(problem.lot_id)
    if lot.expired(now().date()):
        raise RuleBroken(f"批次 {lot.code} 已在 {lot.expires_on} 过期，不能放行。请选报损。")
    lot.change(apart=False)
    return problem.move_to(ProblemState.CLOSED, **told, result=verdict.value, closed_on=now().date())


@deed("canteen.close_problem", "办结异常", STORE)
def close_problem(
    problem: AskedProblem,
    result: Annotated[str, Asked(LineField(max_length=120, verbose_name="处理结果"))],
    release: Annotated[
        bool, Asked(FlagField(default=False, verbose_name="余下的放行"), "剩下的好货可以再领用的勾选")
    ] = False,
) -> StockProblem:
    """Note what was done with a lot; what is left of it is free again only where that is said.

    That is only where what was bad went back or was written off, as the supervisor said; what he stopped, or
    sent to be tested, he alone lets go.

    Raises:
        RuleBroken: the supervisor has not decided yet, something is left that is not to be free, or the rest
            is not to be free: it has expired, or what was bad is still among it.
    """
    if problem.state is ProblemState.REPORTED:
        raise RuleBroken(f"{problem.number} 主管还没有处理，不能办结。")
    lot = StockLot.get_by_id(problem.lot_id)
    if lot.stock and not release:
        left = lot.item.told(lot.stock)
        raise RuleBroken(f"批次 {lot.code} 还有 {left} 隔离着。请先退货或报损，余下的是好货就勾选放行。")
    if lot.stock and (problem_left := _not_free(problem, lot)):
        raise RuleBroken(f"批次 {lot.code} {problem_left}")
    lot.change(apart=False)
    return problem.move_to(ProblemState.CLOSED, result=result, closed_on=now().date())


def _not_free(problem: StockProblem, lot: StockLot) -> str:
    """Return why what is left of a lot is not free again; empty where it is."""
    if lot.expired(now().date()):
        return f"已在 {lot.expires_on} 过期，余下的不能放行。请报损。"
    if problem.verdict not in (Verdict.RETURN, Verdict.WRITE_OFF):
        return f"的意见是“{problem.verdict.value}”，余下的要放行请主管改“处理异常”。"
    went = StockMove.kind.in_((MoveKind.RETURN, MoveKind.WRITTEN_OFF))
    mine = (StockMove.lot == lot) & went & (StockMove.made_at >= problem.made_at)
    gone = from_scaled(-int(StockMove.select(fn.SUM(StockMove.quantity)).where(mine).scalar() or 0), 3)
    if gone >= problem.quantity:
        return ""
    told = lot.item.told
    return f"异常的 {told(problem.quantity)} 只退走或报损了 {told(gone)}，余下的不能放行。"
