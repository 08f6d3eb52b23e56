"""计空置减免: what approved vacancies take off a month's lines, once each, as documents of their own (FE-10).

Only recurring lines of the office's own are reduced, by what is left of them, and by the days in effect
where a vacancy begins or ends within their month, each by what it costs. A line that reaches the day of a
review waits for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

from peewee import fn

from models.base import db
from models.deeds import deed
from models.errors import RuleBroken
from models.fees.adjusting import check_lines, correct, document
from models.fees.bills import Bill, BillKind
from models.fees.cashier import AskedDay, check_day
from models.fees.items import Category, FeeItem
from models.fees.line_days import ONE_DAY, own_weights, weights_of
from models.fees.payments import Adjustment, AdjustmentKind, Allocation
from models.fees.proposing import Correction, Proposal, left_on
from models.fees.rights import ADJUST, VIEW
from models.fees.transferring import NEW
from models.fees.vacancies import Vacancy, VacancyCut, VacancyState, cuts_on
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
    """So much of a line, in 元, for some of its days, which follow on each other."""

    vacancy: Vacancy
    line: Bill
    days: list[date]
    of_days: int
    amount: Decimal


@dataclass(frozen=True)
class VacancyTrial:
    """What a month's reductions would be, and what is left out and why."""

    month: Month
    cuts: Sequence[Cut]
    left_out: Sequence[str]
    earlier: Sequence[Month] = ()
    """Months before this one that were left out, where this one has nothing."""

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
        before = f"{'、'.join(map(str, self.earlier))} 还没有计，请改所属月份。" if self.earlier else ""
        told = told if self.cuts else f"{self.month} 没有要计的空置减免，没有写入。{before}"
        return told + (f"未减免：{left_out}。" if left_out else "")


class Reduced(list[Adjustment]):
    """The documents of a month, one for each house and payer."""

    def summary(self) -> str:
        """Return 出了 2 张减免单，共减 120.00 元。."""
        total = -sum((one.amount for one in self), start=Decimal(0))
        return f"出了 {len(self)} 张减免单，共减 {thousands(total)} 元。"


@deed("fees.try_apply_vacancies", "试算空置减免", ADJUST)
def try_apply_vacancies(month: AskedMonth = None, on: AskedDay = None) -> VacancyTrial:
    """Say what a month's reductions would be; writes nothing."""
    return _trial(month or Month.of(date.today()))


@deed(
    "fees.apply_vacancies", "计空置减免", ADJUST,
    question="按已批准的空置申请，每户出一张减免单；多收的转为预存。同一天只减一次。",
)  # fmt: skip
def apply_vacancies(month: AskedMonth = None, on: AskedDay = None) -> Reduced:
    """Make a document for each house whose lines of a month are to be reduced; they were approved already.

    Raises:
        BadInput: money was moved on one of the lines after the day.
        RuleBroken: the day is closed, or nothing is to be reduced.
    """
    on = on or date.today()
    check_day(on)
    trial = _trial(month or Month.of(date.today()))
    if not trial.cuts:
        raise RuleBroken(trial.summary())
    check_lines(on, [cut.line for cut in trial.cuts])
    together: dict[tuple[int, int | None], list[Cut]] = defaultdict(list)
    for cut in trial.cuts:
        together[cut.vacancy.id, cut.line.payer_id].append(cut)
    return Reduced(_make(cuts, on) for cuts in together.values())


def _trial(month: Month) -> VacancyTrial:
    found = list(judged(Bill.month == month, *within(Bill.unit, right=ADJUST)))
    cuts = [one for one in found if isinstance(one, Cut)]
    left_out = [one for one in found if isinstance(one, str)]
    earlier = (
        [] if cuts else sorted({one for months in lacking(date.today(), ADJUST).values() for one in months})
    )
    return VacancyTrial(month, cuts, list(dict.fromkeys([*left_out, *_waiting(month)])), earlier)


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
            vacancy=vacancy, bill=cut.line, adjustment=made, first=cut.days[0], last=cut.days[-1],
            days=len(cut.days), amount=cut.amount,
        )  # fmt: skip
    return made


def _reason(cuts: Sequence[Cut]) -> str:
    vacancy, month = cuts[0].vacancy, cuts[0].line.month
    parts = dict.fromkeys(f"{len(one.days)}/{one.of_days} 天" for one in cuts if len(one.days) < one.of_days)
    days = f"（按 {'、'.join(parts)}）" if parts else ""
    return f"{vacancy.number}：{vacancy.since} 起空置，{month.chinese}减免 {vacancy.percent}%{days}"


def judged(*conditions: Any) -> Iterator[Cut | str]:
    """Yield what approved vacancies take off the days of lines that none reduced yet, or why it must wait.

    Args:
        conditions: what the lines must meet.
    """
    pairs = list(db.execute(_meeting().where(*conditions)))
    vacancies = {one.id: one for one in Vacancy.those([vacancy for vacancy, _ in pairs])}
    lines = {one.id: one for one in Bill.those([line for _, line in pairs])}
    among = list(lines.values())
    rest, by_hand, cuts, back = left_on(among), _by_hand(among), cuts_on(among), added_back(among)
    for vacancy, number in pairs:
        if rest[number] <= 0 or number in by_hand:
            continue
        line = lines[number]
        found = _judge(vacancies[vacancy], line, rest[number], rest[number] + back[number], cuts[number])
        if isinstance(found, Cut):
            rest[number] -= found.amount
            back[number] += found.amount
        if found is not None:
            yield found


def _meeting() -> Any:
    """Return the query of (vacancy, line) of own recurring lines in effect of which days may be reduced."""
    begins, ends = (_month(day) for day in (Vacancy.effective, fn.COALESCE(Vacancy.ended, "9999-12-31")))
    query = Bill.select(Vacancy.id, Bill.id).join(Vacancy, on=(Vacancy.unit == Bill.unit))
    query = query.switch(Bill).join(FeeItem).where(
        (Bill.live == True) & (Bill.amount > 0) & Bill.kind.in_(_BY_DAYS)
        & Bill.quantity.is_null(False)  # else it is what a transfer handed over of a shared cost
        & (FeeItem.collected == False) & (FeeItem.category != Category.LATE)
        & Bill.month.cast("TEXT").between(begins, ends)
        & (Vacancy.item.is_null() | (Vacancy.item == Bill.item))
    )  # fmt: skip
    return query.order_by(Vacancy.number, Bill.due, Bill.id)


def _by_hand(lines: Sequence[Bill]) -> set[int]:
    """Return those lines (ids) that somebody reduced for vacancy, or did before a transfer made them."""
    of_rule = VacancyCut.select(VacancyCut.adjustment)
    mine = (Adjustment.kind == AdjustmentKind.VACANCY) & Adjustment.id.not_in(of_rule)
    old = {number for line in lines for number in (line.id, line.corrects_id) if number is not None}
    query = Bill.select(Bill.corrects, fn.MIN(Bill.id)).join(Allocation).join(Adjustment)
    query = query.where(mine & Bill.corrects.in_(sorted(old)) & (Bill.amount < 0)).group_by(Bill.corrects)
    since = dict(db.execute(query))
    return {
        line.id for line in lines
        if line.id in since
        or (str(line.source).endswith(NEW) and since.get(line.corrects_id, line.id) < line.id)
    }  # fmt: skip


def added_back(lines: Sequence[Bill], before: VacancyCut | None = None) -> dict[int, Decimal]:
    """Return by the line's id what vacancies took off the days that each charges itself, in 元.

    Args:
        lines: to be divided by their days as if they had been reduced by none.
        before: only what earlier ones took off.
    """
    earlier = [VacancyCut.id < before.id] if before is not None else []
    sums = dict.fromkeys((line.id for line in lines), 0)
    numbers, fen = list(sums), fn.SUM(VacancyCut.amount)
    taken = VacancyCut.select(VacancyCut.bill, fen).where(VacancyCut.bill.in_(numbers), *earlier)
    for number, amount in db.execute(taken.group_by(VacancyCut.bill)):
        sums[number] += amount
    passed_on = VacancyCut.select(Bill.corrects, fen).join(Bill).switch(VacancyCut).join(Adjustment).where(
        (Adjustment.kind == AdjustmentKind.TRANSFER) & Bill.corrects.in_(numbers), *earlier
    )  # fmt: skip
    for number, amount in db.execute(passed_on.group_by(Bill.corrects)):
        sums[number] -= amount
    return {number: from_scaled(amount, 2) for number, amount in sums.items()}


def _month(day: Any) -> Any:
    """Return the month of a stored day as YYYYMM, for the database."""
    return fn.SUBSTR(fn.REPLACE(day, "-", ""), 1, 6)


def _judge(
    vacancy: Vacancy, line: Bill, rest: Decimal, whole: Decimal, cuts: Sequence[VacancyCut]
) -> Cut | str | None:
    """Return what a vacancy takes off a line; None where no day in effect is left to be reduced.

    Args:
        vacancy: approved.
        line: charged for the days of its month.
        rest: what is left of it, in 元.
        whole: the same without any reduction for vacancy.
        cuts: those reductions.
    """
    reduced_already = {day for cut in cuts for day in cut.among(weights_of(line))}
    wanted = {day for day in weights_of(line) if vacancy.effective <= day < _end(vacancy)} - reduced_already
    own = own_weights(line) if wanted else {}
    days = [day for day in own if day in wanted]
    if not days:
        return None
    if days[-1] >= vacancy.review:
        return f"{vacancy.number} {vacancy.unit.code} 到 {vacancy.review} 要复核，还没有复核"
    amount = min(rest, share_of_days(whole, vacancy.percent, days, own))
    return Cut(vacancy, line, days, len(own), amount) if amount > 0 else None


def _end(vacancy: Vacancy) -> date:
    """Return from when on nothing is reduced: what is over is reviewed no more, so its review ends it too."""
    end = vacancy.ended or date.max
    return min(end, vacancy.review) if end <= date.today() else end


def share_of_days(whole: Decimal, percent: Decimal, days: Iterable[date], own: Mapping[date, int]) -> Decimal:
    """Return the percentage of so much, in 元, that falls on some days of all, half up (forms.md B2.1).

    Args:
        whole: of all days together.
        percent: to be taken off.
        days: those in effect.
        own: all days, by the weight that each has.
    """
    part = to_scaled(whole, 2) * to_scaled(percent, 2) * sum(own[day] for day in days)
    return from_scaled(divide_half_up(part, WHOLE * sum(own.values())), 2)


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


# -- months that were left out -----------------------------------------------------------------------


def lacking(day: date, right: str = VIEW) -> dict[int, list[Month]]:
    """Return by vacancy (id) the months before that of a day whose lines it could reduce still, in order.

    Bills are read only of months of which a vacancy did not reduce all days, as a rule of none: there are
    many.
    """
    mine = within(Vacancy.unit, right=right)
    done = _reduced_wholly()
    open_months = {
        (vacancy.unit_id, month.number)
        for vacancy in Vacancy.select().where(Vacancy.effective < Month.of(day).first, *mine)
        for month in _months(vacancy, Month.of(day))
        if not _covers(done.get((vacancy.id, month.number), []), vacancy, month)
    }
    if not open_months:
        return {}
    units, months = ({key[at] for key in open_months} for at in (0, 1))
    found: dict[int, set[Month]] = defaultdict(set)
    for one in judged(Bill.month.in_(sorted(months)), Bill.unit.in_(sorted(units))):
        if isinstance(one, Cut):
            found[one.vacancy.id].add(one.line.month)
    return {vacancy: sorted(found[vacancy]) for vacancy in found}


def _reduced_wholly() -> dict[tuple[int, int], list[tuple[str, str]]]:
    """Return by vacancy and month the days of lines that stand and charge all of their days still."""
    later = Bill.alias()
    corrected = later.corrects.is_null(False) & (later.live == True)
    changed = later.select(later.corrects).where(
        corrected & ((later.kind == BillKind.REVERSAL) | (later.amount > 0))
    )
    query = VacancyCut.select(VacancyCut.vacancy, Bill.month, VacancyCut.first, VacancyCut.last).join(Bill)
    found: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for vacancy, month, first, last in db.execute(query.where(Bill.id.not_in(changed))):
        found[vacancy, month].append((first, last))
    return found


def _covers(done: Sequence[tuple[str, str]], vacancy: Vacancy, month: Month) -> bool:
    """Whether the days of one line are all that a vacancy is in effect in a month."""
    first, end = max(vacancy.effective, month.first), min(_end(vacancy), month.plus(1).first)
    return any(one <= first.isoformat() and last >= (end - ONE_DAY).isoformat() for one, last in done)


def _months(vacancy: Vacancy, before: Month) -> Iterator[Month]:
    """Yield the months before one in which a vacancy is in effect and needs no review."""
    month, end = Month.of(vacancy.effective), min(_end(vacancy), vacancy.review)
    while month < before and month.first < end:
        yield month
        month = month.plus(1)
