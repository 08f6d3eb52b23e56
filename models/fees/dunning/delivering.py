"""登记送达: how each letter was handed over, one by one or on a sheet; a wrong entry is withdrawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from models import text
from models.clock import now
from models.deeds import actor, deed, refuse, within_scope
from models.entries import Line, Sheet, entry
from models.errors import BadInput, RuleBroken
from models.fees.bills import OPEN, Bill
from models.fees.dunning.disputes import disputed
from models.fees.dunning.legal import case_of
from models.fees.dunning.letters import (
    Arrival,
    DunningLetter,
    DunningLine,
    LetterDelivery,
    LetterState,
    Way,
    same_household,
    waiting_on,
)
from models.fees.rights import DUN
from models.fees.within import within
from models.fields import ChoiceField, CodeField, DayField, LineField, LinkField, MomentField, MoneyField
from models.inputs import Asked, Input
from models.listings import Filters, Shown
from models.office.guards import refuse_guard, refuse_guard_acting
from models.office.staff import Staff
from models.owners.estate import Unit
from models.rows import RowRefused, RowsField

_BETWEEN = re.compile(r"[、,，;；/\s]+")
ROWS = "rows"

AskedBy = Annotated[Staff | None, Asked(LinkField(Staff, null=True, verbose_name="送达人"), "不填为本人")]
AskedAt = Annotated[datetime | None, Asked(MomentField(null=True, verbose_name="送达时间"), "不填为现在")]


def _fields() -> list[Input]:
    return [
        Input("way", ChoiceField(Way, verbose_name="送达方式"), required=True),
        Input("signed_by", LineField(max_length=40, null=True, verbose_name="签收人"), required=False),
        Input("tracking", CodeField(max_length=40, null=True, verbose_name="EMS单号"), required=False),
        Input("witnesses", LineField(max_length=60, null=True, verbose_name="见证人"), required=False),
        Input("outcome", ChoiceField(Arrival, null=True, verbose_name="送达结果"), required=False),
        Input("note", LineField(max_length=120, null=True, verbose_name="备注"), required=False),
    ]


def _row_inputs() -> list[Input]:
    letter = Input("letter", LinkField(DunningLetter, verbose_name="催缴单号"), required=True)
    return [letter, *_fields()]


@deed("fees.deliver", "登记送达", DUN)
def deliver(
    letter: Annotated[DunningLetter, Asked(LinkField(DunningLetter, verbose_name="催缴单号"))],
    way: Annotated[Way, Asked(ChoiceField(Way, verbose_name="送达方式"))],
    signed_by: Annotated[
        str | None, Asked(LineField(max_length=40, null=True, verbose_name="签收人"))
    ] = None,
    tracking: Annotated[
        str | None, Asked(CodeField(max_length=40, null=True, verbose_name="EMS单号"))
    ] = None,
    witnesses: Annotated[
        str | None,
        Asked(LineField(max_length=60, null=True, verbose_name="见证人"), "留置要填两位"),
    ] = None,
    outcome: Annotated[Arrival, Asked(ChoiceField(Arrival, verbose_name="送达结果"))] = Arrival.DELIVERED,
    at: AskedAt = None,
    by: AskedBy = None,
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))] = None,
) -> LetterDelivery:
    """Note how a letter was handed over, or that it could not be.

    Raises:
        RuleBroken: the letter is void, the day does not fit, a guard handed it over, or what proves the
            way is missing.
    """
    values = {"signed_by": signed_by, "tracking": tracking, "witnesses": witnesses, "note": note}
    return put(letter, way, outcome, at or now(), _who(by), values)


@dataclass(frozen=True)
class Handed:
    """What a sheet of deliveries came to."""

    made: tuple[LetterDelivery, ...]

    def done(self) -> str:
        """Return 已登记 12 张催缴单的送达."""
        return f"已登记 {len(self.made)} 张催缴单的送达"

    def summary(self) -> str:
        """Return how many arrived, and what still lacks a proof."""
        arrived = sum(one.outcome is Arrival.DELIVERED for one in self.made)
        lacks = f"；其中 {arrived} 张还要在“送达”里添加凭据（签收单、EMS 回执、照片、截图），才能中断时效"
        return f"{len(self.made)} 张{lacks if arrived else ''}。"


@deed("fees.deliver_list", "成批登记送达", DUN)
def deliver_list(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_row_inputs, verbose_name="送达"))],
    at: AskedAt = None,
    by: AskedBy = None,
) -> Handed:
    """Note how letters were handed over, all of them or none.

    Raises:
        RowRefused: one cannot be; says which row and why.
    """
    who, moment, made = _who(by), at or now(), []
    for number, row in enumerate(rows):
        letter = row["letter"]
        if not within_scope(letter, actor(), DUN):
            refuse("fees.deliver_list", f"{letter.number} 不在您负责的范围内，不能登记送达。")
        values = {name: row.get(name) for name in ("signed_by", "tracking", "witnesses", "note")}
        try:
            made.append(put(letter, row["way"], row.get("outcome") or Arrival.DELIVERED, moment, who, values))
        except RuleBroken as problem:
            column = getattr(problem, "field", None)
            raise RowRefused(str(problem), ROWS, number, column) from problem
    return Handed(tuple(made))


def _who(by: Staff | None) -> Staff:
    """Return who handed a letter over, who is acting where nobody is named.

    Raises:
        BadInput: nobody is.
        RuleBroken: it is a guard.
    """
    refuse_guard_acting("登记催缴送达")
    mine = Staff.get_or_none(Staff.id == getattr(actor(), "staff_id", None))
    found = by or mine
    if found is None:
        raise BadInput("没有填送达人。请填是谁送的。", "by")
    refuse_guard(found, "送达催缴单")
    return found


def put(
    letter: DunningLetter, way: Way, outcome: Arrival, at: datetime, by: Staff, values: Mapping[str, Any]
) -> LetterDelivery:
    """Enter one delivery.

    Raises:
        RuleBroken: the letter is void, what it asks for is disputed, the day does not fit, or what proves the
            way is missing.
    """
    if letter.state is LetterState.VOID:
        raise RuleBroken(f"{letter.number} 已作废，不能登记送达。")
    if at > now():
        raise BadInput(f"送达时间 {at:%Y-%m-%d %H:%M} 还没有到。请改时间。", "at")
    if at.date() < letter.on:
        raise BadInput(f"送达时间 {at:%Y-%m-%d} 早于开单日 {letter.on}。请改时间。", "at")
    if at.date() >= date.today() and (told := disputed_line(letter)):
        raise RuleBroken(f"{told} 有异议，还没有处理完，{letter.number} 不能送达。请先处理异议。")
    _check_way(letter, way, outcome, values)
    return LetterDelivery.add(
        letter=letter, way=way, outcome=outcome, at=at, by=by, made_at=now(), made_by=actor().name, **values
    )


def disputed_line(letter: DunningLetter) -> str:
    """Return a line of a letter that is disputed by now, in words; nothing where none is."""
    query = DunningLine.select(DunningLine, Bill).join(Bill).where(DunningLine.letter == letter)
    found = query.where(OPEN & disputed()).first()
    return "" if found is None else str(found.bill.label())


def _check_way(letter: DunningLetter, way: Way, outcome: Arrival, values: Mapping[str, Any]) -> None:
    problem = wrong_way(way, outcome, values)
    if problem is not None:
        raise BadInput(f"{letter.number} {problem[1]}", problem[0])


def wrong_way(way: Way, outcome: Arrival, values: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return (column, sentence) of what a way of delivery still needs; None where it has all."""
    if way is Way.MAIL and not values.get("tracking"):
        return "tracking", "邮寄要填 EMS 单号。"
    if way is not Way.MAIL and values.get("tracking"):
        return "tracking", f"{way.value}没有 EMS 单号。请把送达方式改为邮寄，或清空单号。"
    if outcome is Arrival.FAILED:
        return None
    if way is Way.HAND and not values.get("signed_by"):
        return "signed_by", "面交要填签收人；拒绝签收的，送达方式填留置并写两位见证人。"
    if way is Way.LEFT and len(_people(values.get("witnesses"))) < 2:
        return "witnesses", "留置送达要写两位见证人，用顿号隔开。"
    return None


def _people(words: str | None) -> set[str]:
    return set(filter(None, _BETWEEN.split(words or "")))


@deed(
    "fees.withdraw_delivery",
    "撤回送达",
    DUN,
    danger=True,
    question="撤回后这一张重新等待送达。",
)
def withdraw_delivery(
    delivery: Annotated[LetterDelivery, Asked(LinkField(LetterDelivery, verbose_name="送达"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="撤回原因"))],
) -> LetterDelivery:
    """Let a delivery that was entered wrongly count no more; it stays to be seen.

    Raises:
        RuleBroken: it is withdrawn already, or a later letter or a case at law stands on it.
    """
    if not delivery.live:
        raise RuleBroken(f"{delivery.label()} 已经撤回过。")
    letter = delivery.letter
    later = DunningLetter.select().where(same_household(letter) & (DunningLetter.id > letter.id)).first()
    if later is not None:
        raise RuleBroken(
            f"{later.number} 是在 {letter.number} 送达以后开的，不能撤回送达。请先处理 {later.number}。"
        )
    if case_of(letter) is not None:
        raise RuleBroken(f"{letter.number} 已移交法务，送达是证据，不能撤回。")
    return delivery.change(live=False, withdrawn=reason)


# -- the sheet -------------------------------------------------------------------------------------


@entry(
    "delivering", "登记送达", "fees.deliver_list", ROWS,
    ("way", "signed_by", "tracking", "witnesses", "outcome", "note"), "building",
)  # fmt: skip
def delivering(filters: Filters) -> Sheet:
    """Every letter whose delivery is not entered, by house."""
    query = DunningLetter.select(DunningLetter, Unit).join(Unit)
    query = query.where(waiting_on(), *within(DunningLetter.unit, building=filters.building, right=DUN))
    return Sheet(
        told=(
            Shown("number", CodeField(verbose_name="催缴单号", max_length=40)),
            Shown("unit", CodeField(verbose_name="房号", max_length=40)),
            Shown("addressee", LineField(verbose_name="致", max_length=140)),
            Shown("total", MoneyField(verbose_name="合计")),
            Shown("deadline", DayField(verbose_name="缴费期限")),
        ),
        lines=[
            Line(
                one.number,
                (one.number, one.unit.code, one.addressee, one.total, one.deadline),
                {"letter": one.id},
            )
            for one in query.order_by(Unit.sort_key, DunningLetter.id)
        ],
        judge=_judge,
        follows=_follows,
        same=lambda typed: text.narrow(typed).upper(),
    )


def _judge(line: Line, row: Mapping[str, Any]) -> str:
    """Return what is still missing in a row."""
    way = row.get("way")
    if way is None:
        return "没有填送达方式"
    problem = wrong_way(way, row.get("outcome") or Arrival.DELIVERED, row)
    return problem[1].rstrip("。") if problem is not None else ""


def _follows(line: Line, row: Mapping[str, Any]) -> str:
    """Return what a delivery means for the limitation."""
    if row.get("outcome") is Arrival.FAILED:
        return "未送达，时效不中断"
    return "添加凭据后时效中断"
