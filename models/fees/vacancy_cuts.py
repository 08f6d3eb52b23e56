"""计空置减免: what approved vacancies take off a month's lines, once each, as documents of their own (FE-10).

Only recurring lines of the office's own are reduced, by what is left of them, and by the days in effect
where a vacancy begins or ends within their month. A line that reaches the day of a review waits for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from peewee import fn

from models.base import db
from models.deeds import deed
from models.errors import RuleBroken
from models.fees.adjusting import correct, document
from models.fees.bills import Bill, BillKind
from models.fees.cashier import AskedDay, check_day
from models.fees.items import Category, FeeItem
from models.fees.payments import Adjustment, AdjustmentKind, Allocation
from models.fees.proposing import Correction, Proposal, left_on
from models.fees.rights import ADJUST
from models.fees.transferring import kept_segments
from models.fees.vacancies import ONE_DAY, Vacancy, VacancyCut, VacancyState
from models.fees.within import within
from models.fields import MonthField
from models.inputs import Asked
from models.money import divide_half_up, from_scaled, thousands, to_scaled
from models.months import Month

WHOLE = 10_000
"""100 % as shares are stored."""
_TOLD = 5
"""Vacancies that a trial names; more are counted."""
_BY_DAYS = (BillKind.RECURRING, BillKind.CORRECTION)
"""Kinds of line that are charged for the days of their month."""

AskedMonth = Annotated[Month | None, Asked(MonthField(null=True, verbose_name="所属月份"), "不填为本月")]


class Cut(NamedTuple):
    """So much of a line, in 元, for so many of its days, the last of which is named."""

    vacancy: Vacancy
    line: Bill
    days: int
    of_days: int
    last: date
    amount: Decimal


@dataclass(frozen=True)
class VacancyTrial:
    """What a month's reductions would be, and what is left out and why."""

    month: Month
    cuts: Sequence[Cut]
    left_out: Sequence[str]

    @property
    def amount(self) -> Decimal:
        """Sum in 元."""
        return sum((cut.amount for cut in self.cuts), start=Decimal(0))

    def summary(self) -> str:
        """Return 将减免 2 户 3 笔账单，共 120.00 元（2026-11）。没有写入。 and what is left out."""
        houses = len({cut.vacancy.unit_id for cut in self.cuts})
        count = f"{houses} 户 {len(self.cuts)} 笔账单，共 {thousands(self.amount)} 元"
        told = f"将减免 {count}（{self.month}）。没有写入。"
        more = len(self.left_out) - _TOLD
        left_out = "；".join([*self.left_out[:_TOLD], *([f"等 {len(self.left_out)} 项"] if more > 0 else [])])
        return (told if self.cuts else _nothing(self.month)) + (f"未减免：{left_out}。" if left_out else "")


@deed("fees.try_apply_vacancies", "试算空置减免", ADJUST)
def try_apply_vacancies(month: AskedMonth = None, on: AskedDay = None) -> VacancyTrial:
    """Say what a month's reductions would be; writes nothing."""
    return _trial(month or Month.of(date.today()))


@deed(
    "fees.apply_vacancies", "计空置减免", ADJUST,
    question="按已批准的空置申请，每户出一张减免单；多收的转为预存。同一笔账单只减一次。",
)  # fmt: skip
def apply_vacancies(month: AskedMonth = None, on: AskedDay = None) -> list[Adjustment]:
    """Make a document for each house whose lines of a month are to be reduced; they were approved already.

    Raises:
        RuleBroken: the day is closed, or nothing is to be reduced.
    """
    on = on or date.today()
    check_day(on)
    trial = _trial(month or Month.of(date.today()))
    if not trial.cuts:
        raise RuleBroken(trial.summary())
    together: dict[tuple[int, int | None], list[Cut]] = defaultdict(list)
    for cut in trial.cuts:
        together[cut.vacancy.id, cut.line.payer_id].append(cut)
    return [_make(cuts, on) for cuts in together.values()]


def _trial(month: Month) -> VacancyTrial:
    found = list(judged(Bill.month == month, *within(Bill.unit, right=ADJUST)))
    cuts = [one for one in found if isinstance(one, Cut)]
    left_out = [one for one in found if isinstance(one, str)]
    return VacancyTrial(month, cuts, list(dict.fromkeys([*left_out, *_waiting(month)])))


def _make(cuts: Sequence[Cut], on: date) -> Adjustment:
    """Make the document of one house, month and payer."""
    vacancy, line = cuts[0].vacancy, cuts[0].line
    taken = [Correction(cut.line, cut.amount) for cut in cuts]
    total = sum((cut.amount for cut in cuts), start=Decimal(0))
    wanted = Proposal(
        AdjustmentKind.VACANCY, line.unit, line.payer, -total, _reason(cuts), vacancy.basis, tuple(taken)
    )
    made = document(wanted, "fees.reduce", on)
    correct(made, taken, BillKind.REDUCTION)
    for cut in cuts:
        VacancyCut.add(
            vacancy=vacancy, bill=cut.line, adjustment=made, days=cut.days, last=cut.last, amount=cut.amount
        )
    return made


def _reason(cuts: Sequence[Cut]) -> str:
    vacancy, month = cuts[0].vacancy, cuts[0].line.month
    parts = dict.fromkeys(f"{one.days}/{one.of_days} 天" for one in cuts if one.days < one.of_days)
    days = f"（按 {'、'.join(parts)}）" if parts else ""
    return f"{vacancy.number}：{vacancy.since} 起空置，{month.chinese}减免 {vacancy.percent}%{days}"


def judged(*conditions: Any) -> Iterator[Cut | str]:
    """Yield what approved vacancies take off each line that none reduced yet, or why it must wait.

    Args:
        conditions: what the lines must meet.
    """
    pairs = list(db.execute(_unreduced().where(*conditions)))
    vacancies = {one.id: one for one in Vacancy.those([vacancy for vacancy, _ in pairs])}
    lines = {one.id: one for one in Bill.those([line for _, line in pairs])}
    rest = left_on(list(lines.values()))
    cut: set[int] = set()
    for vacancy, number in pairs:
        if rest[number] > 0 and number not in cut:
            found = _judge(vacancies[vacancy], lines[number], rest[number])
            if isinstance(found, Cut):
                cut.add(number)
            if found is not None:
                yield found


def _unreduced() -> Any:
    """Return the query of (vacancy, line) of own recurring lines in effect, never reduced for vacancy."""
    mine = (Adjustment.kind == AdjustmentKind.VACANCY) & (Bill.amount < 0)
    reduced = Bill.select(Bill.corrects).join(Allocation).join(Adjustment).where(mine)
    begins, ends = (_month(day) for day in (Vacancy.effective, fn.COALESCE(Vacancy.ended, "9999-12-31")))
    query = Bill.select(Vacancy.id, Bill.id).join(Vacancy, on=(Vacancy.unit == Bill.unit))
    query = query.switch(Bill).join(FeeItem).where(
        (Bill.live == True) & (Bill.amount > 0) & Bill.kind.in_(_BY_DAYS) & Bill.id.not_in(reduced)
        & Bill.quantity.is_null(False)  # else it is what a transfer handed over of a shared cost
        & (FeeItem.collected == False) & (FeeItem.category != Category.LATE)
        & Bill.month.cast("TEXT").between(begins, ends)
        & (Vacancy.item.is_null() | (Vacancy.item == Bill.item))
    )  # fmt: skip
    return query.order_by(Vacancy.number, Bill.due, Bill.id)


def _month(day: Any) -> Any:
    """Return the month of a stored day as YYYYMM, for the database."""
    return fn.SUBSTR(fn.REPLACE(day, "-", ""), 1, 6)


def _judge(vacancy: Vacancy, line: Bill, rest: Decimal) -> Cut | str | None:
    """Return what a vacancy takes off what is left of a line; None where it has no day in effect."""
    charged = charged_days(line)
    end = vacancy.ended or date.max
    days = [day for day in charged if vacancy.effective <= day < end]
    if not days:
        return None
    if days[-1] >= vacancy.review:
        return f"{vacancy.number} {vacancy.unit.code} 到 {vacancy.review} 要复核，还没有复核"
    amount = from_scaled(reduced(to_scaled(rest, 2), vacancy.percent, len(days), len(charged)), 2)
    return Cut(vacancy, line, len(days), len(charged), days[-1], amount) if amount > 0 else None


def reduced(fen: int, percent: Decimal, days: int, of_days: int) -> int:
    """Return the percentage of so many fen that falls on some days of all, half up (forms.md B2.1)."""
    return divide_half_up(fen * to_scaled(percent, 2) * days, WHOLE * of_days)


def charged_days(line: Bill, before: Bill | None = None) -> list[date]:
    """Return the days that a line charges: those handed over to a new owner stand in another line.

    Args:
        line: charged for the days of its month.
        before: a later line; what was handed over after it counts as the line's own.
    """
    handed = (Bill.corrects == line) & (Bill.live == True) & (Bill.amount > 0)
    if before is not None:
        handed &= Bill.id < before.id
    gone = {day for one in Bill.select().where(handed) for day in _charged(one)}
    return sorted(_charged(line) - gone)


def _charged(line: Bill) -> set[date]:
    return {one.first + ONE_DAY * number for one in kept_segments(line) for number in range(one.days)}


def _waiting(month: Month) -> Iterator[str]:
    """Yield the vacancies that take nothing off a month's lines because they wait for their day or a run."""
    mine = Bill.unit.in_(Vacancy.select(Vacancy.unit)) & Bill.kind.in_(_BY_DAYS)
    query = Bill.select(Bill.unit).where((Bill.month == month) & (Bill.live == True) & mine)
    charged = {unit for (unit,) in db.execute(query.distinct())}
    lasting = Vacancy.ended.is_null() | (Vacancy.ended > month.first)
    for one in Vacancy.select().where(lasting, *within(Vacancy.unit, right=ADJUST)).order_by(Vacancy.number):
        about = f"{one.number} {one.unit.code}"
        if one.state_on(month.last) is VacancyState.WAITING:
            yield f"{about} 等到 {one.effective} 生效"
        elif one.unit_id not in charged:
            yield f"{about} 还没有 {month} 的账单"


def _nothing(month: Month) -> str:
    return f"{month} 没有要计的空置减免，没有写入。"
