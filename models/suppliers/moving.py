"""资格变动: watched, suspended, restored, dropped; how a supplier is terminated is in `ending`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from models.clock import now
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fields import DayField
from models.inputs import Asked
from models.suppliers.ending.terminations import running
from models.suppliers.kinds import SupplierState as S
from models.suppliers.register import AskedReason, AskedSupplier, StepKind, Supplier, note_step
from models.suppliers.rights import DECIDE


def _refuse_notified(supplier: Supplier) -> None:
    """Refuse to let whom a notice of termination was sent to go on delivering."""
    notice = running(supplier)
    if notice is not None:
        raise RuleBroken(f"{supplier.name} 的 {notice.number} 在办理终止。要恢复的请先“撤回终止”。")


@deed("suppliers.watch", "限期整改", DECIDE, question="整改期间只续供，不增加新订单，要采购的走名录外采购。")
def watch(
    supplier: AskedSupplier,
    reason: AskedReason,
    due: Annotated[date, Asked(DayField(verbose_name="整改期限"))],
) -> Supplier:
    """Put a supplier under watch until a day.

    Raises:
        RuleBroken: it is no qualified or suspended supplier, or is being terminated.
        BadInput: the day has passed.
    """
    if due < now().date():
        raise BadInput(f"整改期限 {due} 已经过了。请填今天或以后的日期。", "due")
    _refuse_notified(supplier)
    supplier.move_to(S.WATCHED)
    note_step(supplier, StepKind.WATCHED, reason, due=due)
    return supplier


@deed("suppliers.suspend", "暂停供货", DECIDE, danger=True, question="暂停后不能再向它下订单。")
def suspend(supplier: AskedSupplier, reason: AskedReason) -> Supplier:
    """Order nothing more of a supplier for the time being.

    Raises:
        RuleBroken: it is neither qualified nor watched.
    """
    supplier.move_to(S.SUSPENDED)
    note_step(supplier, StepKind.SUSPENDED, reason)
    return supplier


@deed("suppliers.restore", "恢复合格", DECIDE)
def restore(supplier: AskedSupplier, reason: AskedReason) -> Supplier:
    """Let a watched or suspended supplier be qualified again, saying what was verified.

    Raises:
        RuleBroken: it is neither watched nor suspended, or is being terminated.
    """
    if supplier.state is S.CANDIDATE:
        raise RuleBroken(f"{supplier.name} 还没有准入，请先做准入评审。")
    _refuse_notified(supplier)
    supplier.move_to(S.QUALIFIED)
    note_step(supplier, StepKind.RESTORED, reason)
    return supplier


@deed("suppliers.drop_candidate", "不录用", DECIDE, danger=True, question="档案冻结，以后要重新建档。")
def drop_candidate(supplier: AskedSupplier, reason: AskedReason) -> Supplier:
    """Close the file of a candidate who is not admitted.

    Raises:
        RuleBroken: it is no candidate.
    """
    supplier.move_to(S.DROPPED)
    note_step(supplier, StepKind.DROPPED, reason)
    return supplier
