"""评价后果: what follows from a grade: watched, blocked, written to, terminated; a second bad one goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from models.clock import now
from models.suppliers.ending.letters import write_letter
from models.suppliers.ending.terminations import Termination, begin_termination, under_way
from models.suppliers.grades import LADDER, Band, Consequence, shown
from models.suppliers.kinds import LISTED, SupplierState
from models.suppliers.moving import suspend, watch
from models.suppliers.register import Supplier
from models.suppliers.scoring.evaluations import Evaluation, EvaluationState

MENDING = 30
"""Days that a supplier has to mend what its grade says."""
_CLAUSE = "合格供方评价办法：评价不合格、一票否决或连续不合格的，终止供货资格"


def consequence_of(evaluation: Evaluation, band: Band | None) -> Consequence | None:
    """Return what follows from a grade; where the period before was bad too, the next step of the ladder."""
    if band is None or band.consequence not in LADDER:
        return band.consequence if band is not None else None
    before = _before(evaluation)
    if before is None or before.consequence not in LADDER:
        return band.consequence
    further = min(LADDER.index(before.consequence) + 1, len(LADDER) - 1)
    return LADDER[max(LADDER.index(band.consequence), further)]


def _before(evaluation: Evaluation) -> Evaluation | None:
    """Return the signed evaluation of the quarter before a quarter, or of the year before a year."""
    mine = (Evaluation.supplier == evaluation.supplier) & (Evaluation.state == EvaluationState.SIGNED)
    ended = Evaluation.select().where(mine & (Evaluation.last == evaluation.first - timedelta(days=1)))
    return next((one for one in ended if len(one.span) == len(evaluation.span)), None)


def follow(evaluation: Evaluation, band: Band | None) -> list[str]:
    """Let follow what a signed evaluation says, and tell it; only the latest one of a supplier moves it.

    Args:
        evaluation: signed just now.
        band: its grade; None where it was not scored.
    """
    later = (Evaluation.supplier == evaluation.supplier) & (Evaluation.last > evaluation.last)
    newer = Evaluation.select().where(later & (Evaluation.state == EvaluationState.SIGNED)).exists()
    if band is None or newer:
        return []
    supplier = Supplier.get_by_id(evaluation.supplier_id)
    done = [*_written(evaluation, band, supplier), *_moved(evaluation, band, supplier)]
    return [f"{supplier.name} {'、'.join(done)}"] if done else []


def _written(evaluation: Evaluation, band: Band, supplier: Supplier) -> Iterator[str]:
    if band.letter and supplier.state in LISTED:
        demand = "请查明原因，在期限内整改，并书面答复整改结果；期满我方验证。"
        due = now().date() + timedelta(days=MENDING)
        letter = write_letter(supplier, _why(evaluation, band), demand, due, str(evaluation.number))
        yield f"发整改通知 {letter.number}"


def _moved(evaluation: Evaluation, band: Band, supplier: Supplier) -> Iterator[str]:
    consequence, why = evaluation.consequence, _why(evaluation, band)
    if consequence is Consequence.WATCH and supplier.state is SupplierState.QUALIFIED:
        watch(supplier, why, now().date() + timedelta(days=MENDING))
        yield "限期整改"
    open_ones = (SupplierState.QUALIFIED, SupplierState.WATCHED)
    if consequence in (Consequence.BLOCK, Consequence.END) and supplier.state in open_ones:
        suspend(supplier, why)
        yield "暂停供货"
    if consequence is Consequence.END and supplier.state in LISTED and under_way(supplier) is None:
        notice: Termination = begin_termination(supplier, why, _CLAUSE)
        yield f"启动终止 {notice.number}"


def _why(evaluation: Evaluation, band: Band) -> str:
    again = "，与上一期连续不合格" if evaluation.consequence is not band.consequence else ""
    score = "没有到货，不评分" if evaluation.score is None else f"{shown(evaluation.score)} 分"
    told = f"{evaluation.span} 评价 {score}，{band.grade} 级{again}"
    return (f"{told}；一票否决：{evaluation.veto}" if evaluation.veto else told)[:1000]
