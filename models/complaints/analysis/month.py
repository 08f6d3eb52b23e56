"""月报的数字: what CS-13 tells of a month, chapter by chapter, beside the month and the year before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from peewee import SQL, fn

from models.attachments import Attachment
from models.base import db
from models.complaints.analysis.parts import Bars, Grid, Heading, Part, Words, bars
from models.complaints.cases import Mark, ServiceCase
from models.complaints.contact.commitments import Commitment, CommitmentState
from models.complaints.contact.forums import Forum, ForumState
from models.complaints.contact.home_plans import coverage, households
from models.complaints.contact.homes import HomeRemark, HomeVisit
from models.complaints.kinds import Kind, Sort
from models.complaints.rates import MEASURES, per_thousand, until
from models.complaints.tallies import FORMULAS, Tally, share, tallies, tally
from models.complaints.visits import ReturnVisit
from models.fees.rates import rates_of
from models.fields import RateField
from models.months import Month, Period
from models.owners.estate import Unit, UnitKind, UnitState

_RATE = RateField()
_TREND = 6
_NAMED = 3
"""Kinds that a paragraph names."""


class MonthFigures:
    """The figures of one month, each counted once.

    Args:
        month: which one.
    """

    def __init__(self, month: Month) -> None:
        self.month, self.period = month, Period.of_month(month)
        at = until(self.period)
        self.now = {sort: tally(sort, self.period, at, marks=True) for sort in Sort}
        self.before = {sort: self._of(sort, month.plus(-1)) for sort in Sort}
        self.year_before = {sort: self._of(sort, month.plus(-12)) for sort in Sort}
        self.kinds = {
            sort: tallies(sort, self.period, at, ServiceCase.kind, lambda query: query) for sort in Sort
        }

    def _of(self, sort: Sort, month: Month) -> Tally:
        period = Period.of_month(month)
        return tally(sort, period, until(period), marks=True)

    def ranked(self, sort: Sort) -> list[tuple[str, Tally]]:
        """Return the kinds of a sort, the most frequent first."""
        told = [(Kind[kind].value, found) for kind, found in self.kinds[sort].items()]
        return sorted(told, key=lambda one: (-one[1].received, one[0]))

    def late(self, sort: Sort) -> int:
        """How many were not done within their promised time."""
        return self.now[sort].due - self.now[sort].on_time


def chapters(figures: MonthFigures) -> list[Part]:
    """Return the chapters that are figures; the words of the office come after them."""
    makers = (_estate, _complaints, _repairs, _visits, _fees, _homes, _files)
    return [part for make in makers for part in make(figures)]


# -- chapters --------------------------------------------------------------------------------------


def _estate(figures: MonthFigures) -> Iterator[Part]:
    houses = Unit.select().where((Unit.kind == UnitKind.HOUSE) & (Unit.state != UnitState.RETIRED)).count()
    lived = households().count()
    yield Heading("一、概况")
    yield Words(f"住宅 {houses:,} 户，在住 {lived:,} 户，入住率 {_rate(share(lived, houses))}。")


def _complaints(figures: MonthFigures) -> Iterator[Part]:
    found = figures.now[Sort.COMPLAINT]
    lived = households().count()
    often = per_thousand(found.counted, lived)
    yield Heading("二、投诉")
    yield Words(
        f"受理 {found.received} 件，有效 {found.counted} 件（撤回 {found.withdrawn}、不成立 "
        f"{found.unfounded} 不计），超时 {figures.late(Sort.COMPLAINT)} 件，重开 {found.reopened} 件；"
        f"有效投诉率 {'—' if often is None else f'{often:.1f}‰'}。"
    )
    yield _rates(figures, Sort.COMPLAINT)
    yield from _by_kind(figures, Sort.COMPLAINT)


def _repairs(figures: MonthFigures) -> Iterator[Part]:
    found = figures.now[Sort.REPAIR]
    yield Heading("三、报修")
    yield Words(
        f"受理 {found.received} 件，已完工 {found.done} 件，超时 {figures.late(Sort.REPAIR)} 件，"
        f"返修 {found.again} 件。"
    )
    yield _rates(figures, Sort.REPAIR)
    yield from _by_kind(figures, Sort.REPAIR)
    yield Words(f"口径：{FORMULAS}满意率＝没有不满意的÷有评价的（有过一次不满意的算不满意）。")


def _rates(figures: MonthFigures, sort: Sort) -> Grid:
    """Every rate of a sort with its numbers, beside the month and the year before."""
    rows: list[tuple[str, ...]] = [_counts(figures, sort)]
    for one in MEASURES:
        if sort in one.sorts:
            now, before, year = (kept[sort] for kept in (figures.now, figures.before, figures.year_before))
            told = f"{getattr(now, one.part)}÷{getattr(now, one.whole)}"
            rates = [one.rate(each) for each in (now, before, year)]
            rows.append((one.name, _rate(rates[0]), told, _rate(rates[1]), _change(rates[0], rates[1]),
                         _rate(rates[2]), _change(rates[0], rates[2])))  # fmt: skip
    heads = ("指标", "本月", "算式", "上月", "环比（百分点）", "上年同月", "同比（百分点）")
    return Grid(heads, (28, 22, 26, 22, 26, 22, 26), tuple(rows))


def _counts(figures: MonthFigures, sort: Sort) -> tuple[str, ...]:
    now, before, year = (kept[sort].received for kept in (figures.now, figures.before, figures.year_before))
    return ("受理件数", str(now), "—", str(before), f"{now - before:+d} 件", str(year), f"{now - year:+d} 件")


def _by_kind(figures: MonthFigures, sort: Sort) -> Iterator[Part]:
    ranked = figures.ranked(sort)
    if not ranked:
        return
    rows = tuple(
        (name, str(one.received), _rate(share(one.received, figures.now[sort].received)), str(one.done),
         _rate(one.timely))
        for name, one in ranked
    )  # fmt: skip
    head = "类别" if sort is Sort.COMPLAINT else "工种"
    yield Grid((head, "受理", "占比", "已办结", "及时率"), (44, 30, 32, 32, 34), rows)
    names = [name for name, _ in ranked]
    yield bars(f"{sort.value}按{head}（件）", names, [("受理", [one.received for _, one in ranked])])
    yield _trend(figures.month, sort)


def _trend(month: Month, sort: Sort) -> Bars:
    months = [month.plus(at - _TREND + 1) for at in range(_TREND)]
    counts = [
        ServiceCase.select()
        .where((ServiceCase.sort == sort) & ServiceCase.received_at.between(*Period.of_month(one).moments))
        .count()
        for one in months
    ]
    names = [f"{one.month}月" for one in months]
    return bars(f"近{_TREND}个月{sort.value}（件）", names, [("受理", counts)])


def _visits(figures: MonthFigures) -> Iterator[Part]:
    within = ReturnVisit.at.between(*figures.period.moments)
    query = ReturnVisit.select(ReturnVisit.mark, fn.COUNT(SQL("1"))).where(
        within & (ReturnVisit.reached == True)
    )
    marks = Counter(
        {Mark[mark]: count for mark, count in db.execute(query.group_by(ReturnVisit.mark)) if mark}
    )
    missed = ReturnVisit.select().where(within & (ReturnVisit.reached == False)).count()
    voted = sum(marks.values())
    pleased = sum(count for mark, count in marks.items() if not mark.bad)
    yield Heading("四、回访与满意率")
    yield Words(
        f"本月回访接通 {voted} 次，未接通 {missed} 次；按次计的满意率 {_rate(share(pleased, voted))}"
        "（很满意、满意、基本满意的次数÷有评价的次数）。"
    )
    cells = tuple(f"{marks[mark]}（{_rate(share(marks[mark], voted))}）" for mark in Mark)
    yield Grid(tuple(mark.value for mark in Mark), (34,) * len(Mark), (cells,))


def _fees(figures: MonthFigures) -> Iterator[Part]:
    whole = rates_of(figures.month, min(figures.month.last, until(figures.period).date())).total
    rates = whole.rates()
    yield Heading("五、收费")
    yield Words(
        f"当期净应收 {_yuan(whole.net)} 元，实收 {_yuan(whole.received)} 元，当期收缴率 "
        f"{_RATE.show(rates['current'])}；期初欠费 {_yuan(whole.opening)} 元，清欠 "
        f"{_yuan(whole.recovered)} 元，清欠率 {_RATE.show(rates['recovery'])}。"
    )


def _homes(figures: MonthFigures) -> Iterator[Part]:
    year = Period.parse(str(figures.month.year))
    found = coverage(Period("", year.first, figures.month.last))
    lived, seen = sum(one.households for one in found), sum(one.visited for one in found)
    within = figures.period.moments
    visits = HomeVisit.select().where(HomeVisit.visited_at.between(*within)).count()
    remarks = HomeRemark.select().join(HomeVisit).where(HomeVisit.visited_at.between(*within)).count()
    held = Forum.select().where((Forum.state == ForumState.HELD) & Forum.at.between(*within)).count()
    due = Commitment.due.between(figures.period.first, figures.period.last)
    due &= Commitment.state != CommitmentState.DROPPED
    promised = Commitment.select().where(due).count()
    kept = Commitment.select().where(due & (Commitment.done_on <= Commitment.due)).count()
    yield Heading("六、家访与恳谈")
    yield Words(
        f"本月家访 {visits} 户，记下意见 {remarks} 条；今年累计访到 {seen} 户，覆盖率 "
        f"{_rate(share(seen, lived))}。恳谈会 {held} 次。本月到期的承诺事项 {promised} 件，"
        f"按期办结 {kept} 件，兑现率 {_rate(share(kept, promised))}。"
    )


def _files(figures: MonthFigures) -> Iterator[Part]:
    count = Attachment.select().where(Attachment.added_at.between(*figures.period.moments)).count()
    yield Heading("七、档案")
    yield Words(f"本月归入档案的电子附件 {count} 份。")


# -- the words that the figures suggest ------------------------------------------------------------


def problems_of(figures: MonthFigures) -> str:
    """Return what the figures suggest about problems; the office writes on from there."""
    told = []
    for sort in Sort:
        ranked = figures.ranked(sort)[:_NAMED]
        if ranked:
            names = "、".join(f"{name} {one.received} 件" for name, one in ranked)
            told.append(f"{sort.value}集中在{names}。")
        if figures.late(sort):
            told.append(f"{sort.value}有 {figures.late(sort)} 件超过承诺时限。")
        if figures.now[sort].again:
            again = "返修" if sort is Sort.REPAIR else "重复投诉"
            told.append(f"{again} {figures.now[sort].again} 件。")
        if figures.now[sort].reopened:
            told.append(f"{sort.value}重开 {figures.now[sort].reopened} 件。")
    return "\n".join(told) or "本月各项指标正常。"


def focus_of(figures: MonthFigures) -> str:
    """Return what the figures suggest for the month to come."""
    next_month = figures.month.plus(1)
    undone = sum(one.counted - one.done for one in figures.now.values())
    due = Commitment.due.between(next_month.first, next_month.last)
    count = Commitment.select().where(due & (Commitment.state == CommitmentState.OPEN)).count()
    told = [f"办结本月受理未完的 {undone} 件。"] if undone else []
    if count:
        told.append(f"兑现 {next_month.chinese}到期的承诺事项 {count} 件。")
    return "\n".join(told) or "保持现有服务水平。"


def _rate(rate: Decimal | None) -> str:
    return "—" if rate is None else f"{rate * 100:.1f}%"


def _change(now: Decimal | None, before: Decimal | None) -> str:
    return "—" if now is None or before is None else f"{(now - before) * 100:+.1f}"


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) / 100:,.2f}"
