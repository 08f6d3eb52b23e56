"""公共收益公示: what a period's notice says, that it was published, and which one is due.

The notice proves itself: opening + income - cost - what went out = closing. It names kinds, amounts, and
contracts by their number and subject; it names nobody (forms.md B7, B12.7).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, NamedTuple

from peewee import fn

from models.base import db
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees.commons.contracts import CommonContract
from models.fees.commons.kinds import CommonKind, CommonTerms, common_terms
from models.fees.commons.ledger import (
    OUT,
    PUBLISHED,
    CommonEntry,
    CommonNotice,
    Flow,
    balance_before,
    movements,
)
from models.fees.rights import COMMONS
from models.fields import DayField, LineField, LinkField, MonthField
from models.inputs import Asked
from models.money import from_scaled
from models.months import Month

OTHER = "没有合同的"
_ONE_DAY = timedelta(days=1)


class Span(NamedTuple):
    """Whole months from one to another."""

    first: Month
    last: Month

    @property
    def days(self) -> tuple[date, date]:
        """Its first and last day."""
        return self.first.first, self.last.last

    @property
    def before(self) -> Span:
        """The same months a year earlier."""
        return Span(self.first.plus(-12), self.last.plus(-12))

    @property
    def code(self) -> str:
        """2026, 2026H1, 2026Q2, 202605, or 202605202608 for months that are none of these."""
        length, year = self.last.minus(self.first) + 1, self.first.year
        if length == 12 and self.first.month == 1:
            return str(year)
        for months, letter in ((6, "H"), (3, "Q")):
            if length == months and self.first.month % months == 1:
                return f"{year}{letter}{self.last.month // months}"
        return str(self.first.number) + (str(self.last.number) if length > 1 else "")

    @property
    def chinese(self) -> str:
        """2026年上半年, 2026年第2季度, 2026年, or the months."""
        names = {"H1": "上半年", "H2": "下半年", **{f"Q{n}": f"第{n}季度" for n in range(1, 5)}}
        tail = names.get(self.code[4:])
        if tail is not None:
            return f"{self.first.year}年{tail}"
        if len(self.code) == 4:
            return f"{self.first.year}年"
        months = (self.first.chinese, self.last.chinese)
        return months[0] if self.first == self.last else "至".join(months)


@dataclass(frozen=True)
class NoticeLine:
    """One line of a notice, in fen, with the same months a year earlier."""

    kind: str
    about: str
    fen: int
    before: int


@dataclass(frozen=True)
class CommonStatement:
    """What the notice of a span says, in fen; `before` the same a year earlier."""

    span: Span
    opening: int
    income: Sequence[NoticeLine]
    costs: Sequence[NoticeLine]
    out: Sequence[NoticeLine]
    opening_before: int

    @property
    def sums(self) -> tuple[int, int, int]:
        """Income, cost, and what went out."""
        return _sum(self.income), _sum(self.costs), _sum(self.out)

    @property
    def sums_before(self) -> tuple[int, int, int]:
        """The same a year earlier."""
        told = [sum(line.before for line in lines) for lines in (self.income, self.costs, self.out)]
        return told[0], told[1], told[2]

    @property
    def closing(self) -> int:
        """What is left at the end."""
        income, cost, out = self.sums
        return self.opening + income - cost - out

    @property
    def closing_before(self) -> int:
        """What was left a year earlier."""
        income, cost, out = self.sums_before
        return self.opening_before + income - cost - out


def _sum(lines: Sequence[NoticeLine]) -> int:
    return sum(line.fen for line in lines)


_Key = tuple[Flow, int | None, int | None]


def statement_of(span: Span) -> CommonStatement:
    """Return what the notice of a span says."""
    now_sums, then_sums = _moved(span), _moved(span.before)
    kinds = {kind.id: kind.name for kind in CommonKind.select()}
    order = list(kinds)
    contracts = {one.id: f"{one.number} {one.subject}" for one in CommonContract.select()}
    bases = _bases(span)
    keys = sorted(
        now_sums.keys() | then_sums.keys(),
        key=lambda key: (order.index(key[1]) if key[1] in kinds else -1, key[2] is None, key[2] or 0),
    )

    def lines(*flows: Flow) -> list[NoticeLine]:
        return [
            NoticeLine(kinds.get(kind or 0, flow.value), contracts.get(contract or 0, bases.get(flow, "")),
                       now_sums[flow, kind, contract], then_sums[flow, kind, contract])
            for flow, kind, contract in keys
            if flow in flows
        ]  # fmt: skip

    return CommonStatement(
        span, balance_before(span.days[0]), lines(Flow.INCOME), lines(Flow.COST), lines(*OUT),
        balance_before(span.before.days[0]),
    )  # fmt: skip


def _bases(span: Span) -> dict[Flow, str]:
    """Return by which decisions money went out; of income that it came without a contract."""
    decided = CommonEntry.flow.in_(OUT) & CommonEntry.reverses.is_null() & CommonEntry.on.between(*span.days)
    told: dict[Flow, dict[str, None]] = {}
    for entry in CommonEntry.select().where(decided).order_by(CommonEntry.on, CommonEntry.id):
        told.setdefault(entry.flow, {})[entry.basis] = None
    return {Flow.INCOME: OTHER, **{flow: "；".join(words) for flow, words in told.items()}}


def _moved(span: Span) -> Counter[_Key]:
    """Return in fen what moved; cost is told by its kind alone."""
    found: Counter[_Key] = Counter()
    for flow, kind, contract, fen in movements(*span.days):
        found[flow, kind, contract if flow is Flow.INCOME else None] += fen
    return found


# -- publishing ------------------------------------------------------------------------------------


@deed("fees.publish_commons", "登记公示", COMMONS)
def publish_commons(
    place: Annotated[str, Asked(LineField(max_length=80, verbose_name="公示地点"))],
    first: Annotated[
        Month | None, Asked(MonthField(null=True, verbose_name="起始月份"), "不填为最早没公示的一期")
    ] = None,
    last: Annotated[
        Month | None, Asked(MonthField(null=True, verbose_name="截止月份"), "不填按公示周期")
    ] = None,
    since: Annotated[date | None, Asked(DayField(null=True, verbose_name="公示起"), "不填为今天")] = None,
    until: Annotated[date | None, Asked(DayField(null=True, verbose_name="公示止"), "不填为 30 天")] = None,
) -> CommonNotice:
    """Note that the notice of a period hangs; the days up to its last are closed from then on.

    Raises:
        RuleBroken: nothing is due, the period is not over, or it was published already.
        BadInput: the days are in the wrong order.
    """
    span = _wanted(first, last)
    since = since or now().date()
    until = until or since + timedelta(days=30)
    _check(span, since, until)
    told = statement_of(span)
    income, cost, out = (from_scaled(fen, 2) for fen in told.sums)
    return CommonNotice.add(
        number=number_of(span), first=span.days[0], last=span.days[1], since=since, until=until, place=place,
        opening=from_scaled(told.opening, 2), income=income, cost=cost, moved=out,
        closing=from_scaled(told.closing, 2), made_at=now(), made_by=actor().name,
    )  # fmt: skip


def _wanted(first: Month | None, last: Month | None) -> Span:
    if first is None:
        due = next(iter(spans_due(now().date())), None)
        if due is None:
            raise RuleBroken("没有到期未公示的一期。要公示别的期间，请填起始月份和截止月份。")
        return due if last is None else Span(due.first, last)
    span = Span(first, last or first.plus(common_terms().every.months - 1))
    if span.last < first:
        raise BadInput(f"截止月份 {span.last} 早于起始月份 {first}。请对调。", "last")
    return span


def _check(span: Span, since: date, until: date) -> None:
    if span.days[1] >= now().date():
        raise RuleBroken(f"{span.last} 还没有过完，不能公示。请等月底以后。")
    if since <= span.days[1]:
        raise BadInput(f"公示起 {since} 要在期间止 {span.days[1]} 以后。请改日期。", "since")
    if until < since:
        raise BadInput(f"公示止 {until} 早于公示起 {since}。请改日期。", "until")
    over = PUBLISHED & (CommonNotice.first <= span.days[1]) & (CommonNotice.last >= span.days[0])
    known = CommonNotice.select().where(over).first()
    if known is not None:
        raise RuleBroken(f"{span.chinese}与 {known.number} 公示的期间重叠。要更正的，先撤回它。")


def number_of(span: Span) -> str:
    """Return GYGS-2026H1, and GYGS-2026H1-2 for the second one of the same months."""
    number = f"GYGS-{span.code}"
    of_span = (CommonNotice.first == span.days[0]) & (CommonNotice.last == span.days[1])
    times = CommonNotice.select().where(of_span).count()
    return f"{number}-{times + 1}" if times else number


@deed(
    "fees.withdraw_commons_notice",
    "撤回公示",
    COMMONS,
    danger=True,
    question="撤回后这段日子可以再记账；更正后要重新公示。",
)
def withdraw_commons_notice(
    notice: Annotated[CommonNotice, Asked(LinkField(CommonNotice, verbose_name="公共收益公示"))],
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="撤回原因"))],
) -> CommonNotice:
    """Take a notice down that says something wrong; it stays in the list with the reason.

    Raises:
        RuleBroken: it was withdrawn already, or a later one hangs that builds on its closing balance.
    """
    if notice.withdrawn is not None:
        raise RuleBroken(f"{notice.number} 已经撤回，不必再做。")
    later = CommonNotice.select().where(PUBLISHED & (CommonNotice.last > notice.last)).first()
    if later is not None:
        raise RuleBroken(f"{later.number} 的期初结余接着 {notice.number}。请先撤回 {later.number}。")
    return notice.change(withdrawn=reason)


# -- what is due -----------------------------------------------------------------------------------


def spans_due(day: date, terms: CommonTerms | None = None) -> list[Span]:
    """Return the periods that are over and of which some month was never published, oldest first."""
    begun = next(iter(db.execute(CommonEntry.select(fn.MIN(CommonEntry.on)))))[0]
    if begun is None:
        return []
    months = (terms or common_terms()).every.months
    told = _told_months()
    first = Month(int(str(begun)[:4]), 1)
    found = []
    while (span := Span(first, first.plus(months - 1))).days[1] < day:
        if span.last >= Month.of(date.fromisoformat(str(begun))) and not _covers(span) <= told:
            found.append(span)
        first = first.plus(months)
    return found


def due_by(span: Span) -> date:
    """Return the day by which the notice of a span must hang."""
    return span.days[1] + common_terms().days * _ONE_DAY


def _covers(span: Span) -> set[Month]:
    return {span.first.plus(number) for number in range(span.last.minus(span.first) + 1)}


def _told_months() -> set[Month]:
    found: set[Month] = set()
    for notice in CommonNotice.select().where(PUBLISHED):
        found |= _covers(Span(Month.of(notice.first), Month.of(notice.last)))
    return found
