"""空置申请: an empty house whose fees are reduced, how long, by which proof; approved (forms.md B4.5).

That a house is empty reduces nothing by itself. What is approved here takes effect after the months agreed,
holds up to the day of its review and, once reviewed, up to the next; what it takes off a month's lines,
`vacancy_cuts` makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Annotated, Any, Self

from models.base import Record
from models.clock import now
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fees.adjusting import PROPOSALS, STEPS
from models.fees.bills import Bill, BillKind
from models.fees.items import Category, FeeItem
from models.fees.line_days import ONE_DAY, own_weights
from models.fees.payments import Adjustment, AdjustmentKind
from models.fees.proposing import NONE, Correction, Proposal
from models.fees.rights import ADJUST
from models.fields import (
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
    ShareField,
)
from models.inputs import Asked, inputs_from
from models.months import Month
from models.office.approvals import number_for
from models.office.chains import Values, approvable
from models.owners.estate import Unit
from models.owners.payees import payers_on
from models.owners.people import Person
from models.series import Series

VACANCIES = Series("KZ", "空置申请")
ALL = "全部自有项目"
SOON = timedelta(days=7)
"""So long before a review somebody is reminded of it; one that is made then counts as made on its day."""
_ENTERED = (
    *("unit", "since", "proof", "basis", "percent"),
    *("waits", "effective", "every", "item", "applied"),
)


class VacancyState(Enum):
    """Follows from its days; never stored."""

    WAITING = "等待中"
    RUNNING = "生效"
    DUE = "待复核"
    OVER = "已恢复"


class Vacancy(Record):
    """空置申请: from when a house is empty, by how much and from when its fees are reduced."""

    number = NumberField(verbose_name="空置单号")
    unit = LinkField(Unit, backref="vacancies", verbose_name="房号")
    applied = DayField(verbose_name="申请日期")
    since = DayField(verbose_name="空置起算日")
    proof = LineField(max_length=200, verbose_name="空置证明")
    basis = LineField(max_length=120, verbose_name="依据")
    percent = ShareField(verbose_name="减免(%)")
    waits = CountField(high=36, default=6, verbose_name="等待月数")
    effective = DayField(verbose_name="生效日期")
    every = CountField(low=1, high=24, default=6, verbose_name="复核周期(月)")
    review = DayField(verbose_name="复核日期")
    item = LinkField(FeeItem, null=True, backref="vacancies", verbose_name="收费项目")
    reviewed = DayField(null=True, verbose_name="最近复核")
    finding = LineField(max_length=200, null=True, verbose_name="复核情况")
    ended = DayField(null=True, verbose_name="恢复收费日")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"

    class Meta:
        title = "空置申请"

    def described(self) -> str:
        """Return KZ-202611-001 1-1-1011 减免 40.00%，2027-02-01 起."""
        return f"{self.number} {self.unit.code} 减免 {self.percent}%，{self.effective} 起"

    @property
    def told(self) -> str:
        """In one line what FE-10 says of it."""
        what = self.item.name if self.item else ALL
        return (
            f"{self.since} 起空置，满 {self.waits} 个月，自 {self.effective} 起{what}减免 {self.percent}%，"
            f"每 {self.every} 个月复核；证明：{self.proof}"
        )

    def state_on(self, day: date) -> VacancyState:
        """Return how it stands on a day."""
        if self.ended is not None and self.ended <= day:
            return VacancyState.OVER
        if self.effective > day:
            return VacancyState.WAITING
        return VacancyState.DUE if self.review <= day else VacancyState.RUNNING

    @deed("fees.review_vacancy", "复核空置", ADJUST, question="复核后继续减免到下次复核日期的前一天。")
    def check_again(
        self,
        finding: Annotated[str, Asked(LineField(max_length=200, verbose_name="复核情况"))],
        review: Annotated[
            date | None, Asked(DayField(null=True, verbose_name="下次复核"), "不填按复核周期")
        ] = None,
        on: Annotated[date | None, Asked(DayField(null=True, verbose_name="复核日"), "不填为今天")] = None,
    ) -> Self:
        """Let the reduction go on up to the next review, since the house is empty still.

        Raises:
            RuleBroken: it has ended, or the next review does not lie after this one.
        """
        on = on or date.today()
        self._refuse_ended()
        if on > date.today():
            raise RuleBroken(f"{on} 还没有到，不能登记复核。请核对日期。")
        latest = max(on, self.review)
        following = review or Month.of(on + SOON).plus(self.every).first
        if following <= latest:
            raise RuleBroken(f"下次复核要在 {latest} 以后，不能是 {following}。请改日期。")
        return self.change(reviewed=on, finding=finding, review=following)

    @deed("fees.end_vacancy", "恢复收费", ADJUST, question="从这一天起全额收费；以前的天数照旧减免。")
    def end(
        self,
        on: Annotated[
            date | None, Asked(DayField(null=True, verbose_name="恢复收费日"), "不填为今天")
        ] = None,
    ) -> Self:
        """Charge in full from a day on; one that lies ahead still may be changed.

        Raises:
            RuleBroken: it has ended, the house was not empty before, later days are reduced already, or by
                another vacancy.
        """
        on = on or date.today()
        self._refuse_ended()
        if on < self.since:
            raise RuleBroken(f"恢复收费日 {on} 早于空置起算日 {self.since}。请改日期。")
        self._refuse_next(on)
        for cut in VacancyCut.select().where(VacancyCut.vacancy == self).order_by(VacancyCut.id.desc()):
            if cut.reaches(on):
                raise RuleBroken(
                    f"{cut.bill.label()} 已由 {cut.adjustment.number} 减免到 {on} 以后。"
                    "请先在“账单”里红冲这笔账单、重新出账，再恢复收费。"
                )
        return self.change(ended=on)

    def _refuse_ended(self) -> None:
        if self.ended is not None and self.ended <= date.today():
            raise RuleBroken(f"{self.number} 已于 {self.ended} 恢复收费。再空置的请另行申请。")

    def _refuse_next(self, end: date) -> None:
        others = _of_same_item(self.unit, self.item) & (Vacancy.id != self.id) & _lasts(self.effective)
        other = Vacancy.select().where(others & (Vacancy.effective < end)).first()
        if other is not None:
            raise RuleBroken(
                f"{self.unit.code} 自 {other.effective} 起按 {other.number} 减免，"
                f"{self.number} 不能晚于这一天恢复收费。请改日期。"
            )


class VacancyCut(Record):
    """空置减免记录: what one line was reduced by, for which of its days; no day is reduced twice.

    One whose document is a transfer took nothing off anew: it says what was off already of the days that
    the line charges to the new owner.
    """

    vacancy = LinkField(Vacancy, backref="cuts", verbose_name="空置单号")
    bill = LinkField(Bill, index=False, backref="vacancy_cuts", verbose_name="账单")
    adjustment = LinkField(Adjustment, backref="vacancy_cuts", verbose_name="调整单")
    first = DayField(verbose_name="减免自")
    days = CountField(verbose_name="减免天数")
    last = DayField(verbose_name="减免至")
    amount = MoneyField(verbose_name="减免金额")

    class Meta:
        title = "空置减免记录"
        indexes = ((("bill", "first"), True),)

    def label(self) -> str:
        """Return JM-202611-001 1-1-1011 物业费 2026-11."""
        return f"{self.adjustment.number} {self.bill.label()}"

    def among(self, weights: dict[date, int]) -> dict[date, int]:
        """Return those of the days of its line that it reduced."""
        return {day: weight for day, weight in weights.items() if self.first <= day <= self.last}

    def reaches(self, day: date) -> bool:
        """Whether it reduced that day or a later one that its line still charges."""
        gone = Bill.select().where((Bill.corrects == self.bill_id) & (Bill.kind == BillKind.REVERSAL))
        if self.last < day or gone.exists():
            return False
        return max(self.among(own_weights(self.bill)), default=date.min) >= day


def cuts_on(lines: Sequence[Bill]) -> dict[int, list[VacancyCut]]:
    """Return by the line's id what vacancies took off each, in turn."""
    found: dict[int, list[VacancyCut]] = {line.id: [] for line in lines}
    for cut in VacancyCut.select().where(VacancyCut.bill.in_(list(found))).order_by(VacancyCut.id):
        found[cut.bill_id].append(cut)
    return found


reaches_everybody(FeeItem)


def _inputs() -> Any:
    return inputs_from(
        lambda: Vacancy,
        *_ENTERED,
        effective="不填为等满的次月1日",
        item="不填为全部自有项目",
        applied="不填为今天",
    )


@deed("fees.grant_vacancy", "登记空置减免", ADJUST, inputs=_inputs())
def grant_vacancy(**values: Any) -> Vacancy:
    """Agree to reduce the fees of an empty house; nothing is reduced before it has waited.

    Raises:
        BadInput: a day lies ahead or before another that it must follow.
        RuleBroken: the item is collected for others, or another reduction for vacancy is in the way.
    """
    wanted = proposed(**values)
    named = {name: getattr(wanted, name) for name in (*_ENTERED, "review")}
    return Vacancy.add(
        number=number_for("fees.grant_vacancy", date.today()), made_at=now(), made_by=actor().name, **named
    )


def proposed(**values: Any) -> Vacancy:
    """Return what would be agreed to, complete and checked, but not kept.

    Raises:
        BadInput: a day lies ahead or before another that it must follow.
        RuleBroken: the item is collected for others, or another reduction for vacancy is in the way.
    """
    made = _complete(values)
    if made.applied > date.today():
        raise BadInput(f"申请日期 {made.applied} 还没有到。请改日期。", "applied")
    if made.since > made.applied:
        raise BadInput(f"空置起算日 {made.since} 晚于申请日期 {made.applied}。请改日期。", "since")
    earliest = waited(made.since, made.waits)
    if made.effective < earliest:
        raise BadInput(f"空置满 {made.waits} 个月，最早 {earliest} 生效。请改生效日期，或不填。", "effective")
    if made.item is not None and (made.item.collected or made.item.category is Category.LATE):
        raise RuleBroken(f"{made.item.name}是代收项目或违约金，空置不打折。请另选项目，或不填收费项目。")
    _refuse_overlap(made)
    return made


def _complete(values: Values) -> Vacancy:
    """Return what is applied for with the days that follow from what was left out."""
    given = {name: value for name, value in values.items() if value is not None}
    made = Vacancy(**{"applied": date.today(), **given})
    made.effective = made.effective or waited(made.since, made.waits)
    made.review = Month.of(made.effective).plus(made.every).first
    return made


def waited(since: date, months: int) -> date:
    """Return the first day of the month after so many whole months, the first of which begins on a day."""
    last = Month.of(since).plus(months).day(since.day) - ONE_DAY
    return Month.of(last).plus(1).first


def _refuse_overlap(made: Vacancy) -> None:
    other = Vacancy.select().where(_of_same_item(made.unit, made.item) & _lasts(made.effective)).first()
    if other is not None:
        raise RuleBroken(
            f"{made.unit.code} 已有空置减免 {other.number}，{made.effective} 还没有恢复收费。"
            "请先恢复收费，或复核它。"
        )


def _of_same_item(unit: Unit, item: FeeItem | None) -> Any:
    mine = Vacancy.unit == unit
    return mine if item is None else mine & (Vacancy.item.is_null() | (Vacancy.item == item))


def _lasts(beyond: date) -> Any:
    return Vacancy.ended.is_null() | (Vacancy.ended > beyond)


def proposal_of(vacancy: Vacancy) -> Proposal:
    """Return what FE-10 says of a vacancy: what is agreed, and what it took off lines so far."""
    cuts = [] if vacancy.id is None else list(taken_off().where(VacancyCut.vacancy == vacancy))
    payer = payers_on(vacancy.unit, vacancy.applied).payer_id
    return Proposal(
        AdjustmentKind.VACANCY, vacancy.unit, Person.get_or_none(Person.id == payer),
        -sum((cut.amount for cut in cuts), start=NONE), vacancy.told, vacancy.basis,
        tuple(Correction(cut.bill, cut.amount) for cut in cuts),
    )  # fmt: skip


def taken_off() -> Any:
    """Return the query of what documents took off lines; a transfer tells what was off already."""
    taken = Adjustment.kind == AdjustmentKind.VACANCY
    return VacancyCut.select().join(Adjustment).switch(VacancyCut).where(taken).order_by(VacancyCut.id)


def vacancy_behind(made: Adjustment) -> Vacancy | None:
    """Return the vacancy by whose approval a document was made."""
    cut = taken_off().where(VacancyCut.adjustment == made).first()
    return None if cut is None else cut.vacancy


def _about(values: Values) -> str:
    made = proposed(**values)
    return f"{made.unit.code} {made.told}"


_WITHIN_OFFICE = tuple(step for step in STEPS if step.above is None)
"""Its sum is not known beforehand, so that the limit of the company would always or never be met."""

PROPOSALS["fees.grant_vacancy"] = lambda **values: proposal_of(_complete(values))
approvable("fees.grant_vacancy", default=_WITHIN_OFFICE, series=VACANCIES, on=True, about=_about)
approvable("fees.review_vacancy", default=_WITHIN_OFFICE)
