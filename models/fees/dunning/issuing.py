"""发催缴单: the letters that are due on a day, all at once or for one household, and their taking back.

The first two are everyday work; the demand of 民法典 944 is a deed of its own, so that the office can let
its director approve it (forms.md B4.1, B4.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

from models.base import insert_rows, journal
from models.batches import AskedBatch, Batch, mark_undone, start, undone_by
from models.clock import now
from models.deeds import actor, deed, refuse, within_scope
from models.errors import BadInput, RuleBroken
from models.fees.bills import Bill
from models.fees.dunning.assessing import Standing, assess
from models.fees.dunning.letters import (
    SERIES,
    DunningLetter,
    DunningLine,
    LetterDelivery,
    LetterState,
)
from models.fees.dunning.owers import AskedPayer, owers
from models.fees.dunning.rules import Stage
from models.fees.dunning.standings import DunningTrial
from models.fees.dunning.writing import Draft, drafts
from models.fees.rights import DUN, DUN_LEAD, UNDO, VIEW
from models.fees.within import within
from models.fields import DayField, LinkField
from models.inputs import Asked
from models.money import from_scaled
from models.office.approvals import running_approval
from models.office.chains import Step, approvable
from models.office.guards import refuse_guard_acting
from models.owners.estate import Building, Unit
from models.owners.payees import NOBODY

KIND = "dunning"
LETTERS = (Stage.FIRST, Stage.SECOND)
_LETTER = (
    *("number", "stage", "unit", "payer", "addressee", "on", "days", "deadline", "oldest", "principal"),
    *("late", "facts", "batch", "made_at", "made_by", "state"),
)
_LINE = ("letter", "bill", "amount", "late", "days")

AskedOn = Annotated[date | None, Asked(DayField(null=True, verbose_name="开单日"), "不填为今天")]
AskedBuilding = Annotated[
    Building | None, Asked(LinkField(Building, null=True, verbose_name="楼栋"), "不填为全部")
]
AskedUnit = Annotated[Unit | None, Asked(LinkField(Unit, null=True, verbose_name="房号"), "不填为全部")]


@deed("fees.try_dun", "试看催缴", DUN)
def try_dun(on: AskedOn = None, building: AskedBuilding = None) -> DunningTrial:
    """Say who would get which letter and why, and who would not; writes nothing."""
    return _trial(on, LETTERS, within(Bill.unit, building=building, right=DUN))


@deed("fees.dun", "开催缴单", DUN, question="每户一张，列出全部到期未交的费用。开出后内容不再改。")
def dun(on: AskedOn = None, building: AskedBuilding = None) -> Batch:
    """Make all first and second letters that are due on a day, one a household.

    Raises:
        RuleBroken: none is due, the day lies ahead, or a guard asks.
    """
    refuse_guard_acting("催缴")
    return _issue(_trial(on, LETTERS, within(Bill.unit, building=building, right=DUN)))


@deed("fees.try_dun_formal", "试看催告函", DUN_LEAD)
def try_dun_formal(
    on: AskedOn = None, building: AskedBuilding = None, unit: AskedUnit = None
) -> DunningTrial:
    """Say who would get the formal demand, and who would not; writes nothing."""
    reach = within(Bill.unit, building=building, unit=unit, right=DUN_LEAD)
    return _trial(on, (Stage.FORMAL,), reach)


@deed("fees.dun_formal", "发催告函", DUN_LEAD, question="两次催缴后仍未交的，发催告函。开出后内容不再改。")
def dun_formal(on: AskedOn = None, building: AskedBuilding = None, unit: AskedUnit = None) -> Batch:
    """Make the formal demands that are due on a day, one a household.

    Raises:
        RuleBroken: none is due, the day lies ahead, or a guard asks.
    """
    refuse_guard_acting("催缴")
    reach = within(Bill.unit, building=building, unit=unit, right=DUN_LEAD)
    trial = _trial(on, (Stage.FORMAL,), reach)
    if unit is not None and not trial.due:
        raise RuleBroken(_refusal(unit, trial.found))
    return _issue(trial)


approvable("fees.dun_formal", default=(Step("管理处主任", "主任"),))


@deed("fees.dun_unit", "单户催缴", DUN)
def dun_unit(
    unit: Annotated[Unit, Asked(LinkField(Unit, verbose_name="房号"))],
    payer: AskedPayer = None,
    on: AskedOn = None,
) -> DunningLetter:
    """Make the letter that comes next for one household.

    Raises:
        RuleBroken: it owes nothing, disputes it, promised to pay, or its next letter is not due.
        BadInput: several owe for the house and none is named.
    """
    refuse_guard_acting("催缴")
    trial = _trial(on, LETTERS, within(Bill.unit, unit=unit, right=DUN))
    mine = [one for one in trial.found if payer is None or one.payer == payer.id]
    if len(mine) > 1:
        names = "、".join(f"{one.name}({one.number})" if one else NOBODY for one in owers(unit))
        raise BadInput(f"{unit.code} 有几位付款人欠费：{names}。请填付款人的编号。", "payer")
    due = [one for one in mine if one.due and one.stage in LETTERS]
    if not due:
        raise RuleBroken(_refusal(unit, mine))
    (letter,) = _write(drafts(trial.day, due, [Bill.unit == unit]), trial.day, None)
    return DunningLetter.get_by_id(letter)


def _refusal(unit: Unit, found: Sequence[Standing]) -> str:
    """Return why a household gets no letter now."""
    if not found:
        return f"{unit.code} 没有过了截止日还没交的费用，不用催缴。"
    one = found[0]
    if one.due:
        return f"{unit.code} 的下一步是{one.stage.value if one.stage else ''}，请用“发催告函”。"
    return f"{unit.code} 现在不能催缴：{one.why}。"


def _trial(on: date | None, stages: Sequence[Stage], conditions: Sequence[Any]) -> DunningTrial:
    day = on or date.today()
    if day > date.today():
        raise BadInput(f"开单日 {day} 还没有到。请改日期，或不填。", "on")
    order = {unit: at for at, unit in enumerate(_in_order())}
    found = sorted(assess(day, *conditions), key=lambda one: (order[one.unit], one.payer or 0))
    return DunningTrial(day, stages, found)


def _in_order() -> list[int]:
    return [unit.id for unit in Unit.select(Unit.id).order_by(Unit.sort_key)]


def _issue(trial: DunningTrial) -> Batch:
    due = trial.due
    if not due:
        raise RuleBroken(trial.summary())
    batch = start(KIND, f"{trial.day} {'、'.join(stage.value for stage in _stages(due))}")
    approval = running_approval()
    made = drafts(trial.day, due, ())
    _write(made, trial.day, batch, approval.number if approval is not None else None)
    amount = from_scaled(sum(one.principal for one in made), 2)
    return batch.change(count=len(made), amount=amount)


def _stages(due: Sequence[Standing]) -> list[Stage]:
    return [stage for stage in Stage if any(one.stage is stage for one in due)]


def _write(made: Sequence[Draft], day: date, batch: Batch | None, approval: str | None = None) -> range:
    """Write letters with their numbers and lines; return their ids."""
    numbers = {
        stage: iter(SERIES[stage].take(day, sum(one.stage is stage for one in made)))
        for stage in Stage
        if any(one.stage is stage for one in made)
    }
    stamp, name = now().isoformat(" ", "seconds"), actor().name
    rows = [
        (
            next(numbers[one.stage]), one.stage.name, one.unit, one.payer, one.addressee, day.isoformat(),
            one.days, one.deadline.isoformat(), one.oldest.isoformat(), one.principal, one.late,
            one.facts_with(approval), batch.id if batch is not None else None, stamp, name,
            LetterState.ISSUED.name,
        )
        for one in made
    ]  # fmt: skip
    ids = insert_rows(DunningLetter, _LETTER, rows)
    lines = (
        (letter, line.bill, line.amount, line.late, line.days)
        for letter, one in zip(ids, made, strict=True)
        for line in one.lines
    )
    insert_rows(DunningLine, _LINE, lines)
    total = from_scaled(sum(one.principal + one.late for one in made), 2)
    journal().note(letters=len(made), first=rows[0][0], last=rows[-1][0], amount=str(total))
    return ids


@undone_by(KIND, "催缴")
@deed("fees.undo_dunning", "撤销催缴", UNDO, danger=True, question="这一批催缴单将全部作废，单号保留。")
def undo_dunning(batch: AskedBatch) -> Batch:
    """Void all letters of a batch while none of them was handed over.

    Raises:
        RuleBroken: a delivery is entered, a guard acts, or the batch is undone already.
        PermissionDenied: a letter lies beyond the reach of the person acting.
    """
    refuse_guard_acting("撤销催缴")
    mine = (DunningLetter.batch == batch) & (DunningLetter.state == LetterState.ISSUED)
    if beyond := [one for one in DunningLetter.select().where(mine) if not within_scope(one, actor(), VIEW)]:
        refuse("fees.undo_dunning", f"{beyond[0].number} 不在您负责的范围内，这一批不能撤销。")
    mark_undone(batch, undo_dunning)
    handed = LetterDelivery.select(LetterDelivery.letter).where(LetterDelivery.live == True)
    one = DunningLetter.select().where(mine & DunningLetter.id.in_(handed)).first()
    if one is not None:
        raise RuleBroken(
            f"批次 {batch.label()} 中的 {one.number} 已登记送达，不能整批撤销。"
            "没有送达的可以在“催缴单”里逐张作废。"
        )
    values = {
        "state": LetterState.VOID,
        "void_reason": "撤销批次",
        "voided_at": now(),
        "voided_by": actor().name,
    }
    voided = DunningLetter.update(values).where(mine).execute()
    journal().touch(DunningLetter)
    journal().note(voided=voided)
    return batch
