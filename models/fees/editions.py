"""报表存档: the month's reports as they were issued, by what they hold; a later difference is a new edition.

The file is kept as it was printed and comes out again byte for byte. What a report says is kept beside it
as figures, so that an edition is made only where they differ (forms.md B5: 更正版).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, NamedTuple

from peewee import JOIN, fn

from models import deeds
from models.attachments import Content
from models.base import Record
from models.clock import now
from models.deeds import TheOffice, actor, deed
from models.desk import Reminder, reminds
from models.errors import NotFound, PermissionDenied, RuleBroken
from models.fees.arrears import debts_by
from models.fees.bills import Bill
from models.fees.rates import Collected, rates_of
from models.fees.rights import SEAL, VIEW
from models.fees.seals import Seal, sealed_through
from models.fees.within import within
from models.fields import (
    CountField,
    DayField,
    FactsField,
    LineField,
    LinkField,
    MomentField,
    MonthField,
)
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.months import Month
from models.office.permits import Tally
from models.once import counted_once

AskedMonth = Annotated[Month, Asked(MonthField(verbose_name="月份"))]


class ReportEdition(Record):
    """报表存档: one report of a month as it was issued: the first, or a corrected one."""

    number = LineField(max_length=40, unique=True, verbose_name="存档号")
    form = LineField(max_length=12, verbose_name="表码")
    title = LineField(max_length=60, verbose_name="报表")
    month = MonthField(index=True, verbose_name="月份")
    edition = CountField(default=0, verbose_name="更正版")
    cutoff = DayField(verbose_name="截止日期")
    figures = FactsField(verbose_name="数字")
    rows = CountField(default=0, verbose_name="行数")
    pages = CountField(verbose_name="页数")
    content = LinkField(Content, backref="+", verbose_name="内容")
    seal = LinkField(Seal, null=True, backref="reports", verbose_name="封账号")
    made_at = MomentField(verbose_name="出具时间")
    made_by = LineField(max_length=60, verbose_name="出具人")

    key_field = "number"

    class Meta:
        title = "报表存档"

    def described(self) -> str:
        """Return SJL-202610-1 收缴率统计表 更正版 1."""
        return f"{self.number} {self.title} {self.told}"

    @property
    def told(self) -> str:
        """Say which edition it is."""
        return f"更正版 {self.edition}" if self.edition else "初版"

    def data(self) -> bytes:
        """Return the very file that was issued.

        Raises:
            RuleBroken: it is not what was kept.
            NeedsApproval: so many rows that tell of people want a permit.
        """
        data, digest = bytes(self.content.data), self.content.digest
        if hashlib.sha256(data).hexdigest() != digest:
            raise RuleBroken(f"存档 {self.number} 的内容与出具时不同，可能已损坏。请从备份中取回。")
        if self.form in _TELLING:
            tally = Tally(f"form:{self.form}")
            tally.add(int(self.rows))
            tally.use()
        return data


Figures = Callable[[Month, date], tuple[dict[str, Any], int]]


class Drawn(NamedTuple):
    """A report as a file."""

    title: str
    pages: int
    data: bytes


Draw = Callable[[str, Month, str], Drawn]
"""Draws a form of a month with a remark on which edition it is."""

_REPORTS: dict[str, Figures] = {}
"""Reports that are kept, by their form, with what they say and how many rows."""
_PREFIXES = {"FE-07": "SJL", "FE-08": "QF"}
_TELLING = {"FE-08"}
"""Those whose rows tell of people."""
_draw: list[Draw] = []


def drawn_by(draw: Draw) -> None:
    """Say what draws reports; the program does so once, for models know no paper."""
    _draw[:] = [draw]


def _kept(form: str) -> Callable[[Figures], Figures]:
    def decorate(figures: Figures) -> Figures:
        _REPORTS[form] = figures
        return figures

    return decorate


@_kept("FE-07")
def _rates(month: Month, cutoff: date) -> tuple[dict[str, Any], int]:
    table = rates_of(month, cutoff)
    groups = {str(key): _plain(group) for key, (_, group) in zip(table.keys, table.groups, strict=True)}
    return {"groups": groups, "others": _plain(table.collected_for_others)}, len(groups)


@_kept("FE-08")
def _debts(month: Month, cutoff: date) -> tuple[dict[str, Any], int]:
    found = debts_by(Filters(on=cutoff))
    return {str(unit): [debt.first_month, *debt.ages] for unit, debt in sorted(found.items())}, len(found)


def _plain(group: Collected) -> dict[str, int]:
    return {name: len(each) if isinstance(each, set) else each for name, each in asdict(group).items()}


@deed("fees.issue_reports", "出具月报", SEAL)
def issue_reports(month: AskedMonth) -> ReportEdition:
    """Issue the month's reports; where one says something else than before, it is a corrected edition.

    Raises:
        RuleBroken: the month is not over, it is sealed, or everything is as it was issued.
    """
    check_over(month)
    last = sealed_through()
    if last is not None and month <= last:
        raise RuleBroken(f"{month} 已封账，月报不再改。请在“报表存档”里重印。")
    made = issue(month)
    if not made:
        raise RuleBroken(f"{month} 的月报出具后没有变化，不必再出。要再印请在“报表存档”里重印。")
    return made[0]


def check_over(month: Month) -> None:
    """Refuse what only a month that is over allows.

    Raises:
        RuleBroken: it is not.
    """
    if month.last >= date.today():
        raise RuleBroken(f"{month} 还没有过完。请在下月办理。")


def issue(month: Month, seal: Seal | None = None) -> list[ReportEdition]:
    """Keep the month's reports where they say something new; return those that were made."""
    with counted_once():
        return [made for form in _REPORTS if (made := _issue(form, month, seal)) is not None]


def latest(form: str, month: Month) -> ReportEdition | None:
    """Return the last edition of a report of a month."""
    query = ReportEdition.select().where((ReportEdition.form == form) & (ReportEdition.month == month))
    found: ReportEdition | None = query.order_by(ReportEdition.edition.desc()).first()
    return found


def kept(form: str, number: str | None) -> ReportEdition | None:
    """Return the edition of a form that a number names; None where none is named or nothing is kept of it.

    Raises:
        NotFound: no edition has this number.
        PermissionDenied: it tells of all houses, and the person acting reaches some alone.
    """
    if number is None or form not in _REPORTS:
        return None
    found = ReportEdition.find(number)
    if found.form != form:
        raise NotFound(f"存档 {number} 是{found.title}（{found.form}），不是 {form}。请核对。")
    if within(Bill.unit):
        raise PermissionDenied("存档的报表是全部房屋的，您只负责其中一部分，不能重印。")
    return found


def figures_of(form: str, month: Month) -> tuple[dict[str, Any], int]:
    """Return what a report of a month would say now, of the whole office, and its rows."""
    with deeds.acting(TheOffice()):
        told, rows = _REPORTS[form](month, month.last)
    plain: dict[str, Any] = json.loads(json.dumps(told))
    return plain, rows


def _issue(form: str, month: Month, seal: Seal | None) -> ReportEdition | None:
    figures, rows = figures_of(form, month)
    before = latest(form, month)
    if before is not None and before.figures == figures:
        return None
    edition = 0 if before is None else before.edition + 1
    person = actor().name
    remark = f"更正版 {edition}，此前各版保留备查。" if edition else ""
    with deeds.acting(_Whole(person)):
        drawn = _draw[0](form, month, remark)
    digest = hashlib.sha256(drawn.data).hexdigest()
    content = Content.get_or_none(Content.digest == digest) or Content.add(
        digest=digest, size=len(drawn.data), data=drawn.data
    )
    number = f"{_PREFIXES[form]}-{month.number}"
    return ReportEdition.add(
        number=f"{number}-{edition}" if edition else number, form=form, title=drawn.title, month=month,
        edition=edition, cutoff=month.last, figures=figures, rows=rows, pages=drawn.pages, content=content,
        seal=seal, made_at=now(), made_by=person,
    )  # fmt: skip


class _Whole(TheOffice):
    """The office itself, under the name of who issues a report: it tells of all houses."""

    def __init__(self, name: str) -> None:
        self.name = name


def outdated(month: Month) -> list[str]:
    """Return the reports of a month that say something else by now than when they were issued last."""
    told = []
    for form in _REPORTS:
        before = latest(form, month)
        if before is not None and before.figures != figures_of(form, month)[0]:
            told.append(before.title)
    return told


@listing("report_editions", "报表存档", "fees", VIEW, "period")
def report_editions(filters: Filters) -> Listing:
    """Reports as they were issued, newest first."""
    query = ReportEdition.select().join(Seal, JOIN.LEFT_OUTER)
    query = filters.narrow(query, period=ReportEdition.month)
    columns = (
        Shown("number", ReportEdition.number),
        Shown("month", ReportEdition.month),
        Shown("form", ReportEdition.form),
        Shown("title", ReportEdition.title),
        Shown("edition", ReportEdition.edition),
        Shown("cutoff", ReportEdition.cutoff),
        Shown("seal", LineField(verbose_name="封账号"), fn.COALESCE(Seal.number, _sealed_with())),
        Shown("made_by", ReportEdition.made_by),
        Shown("made_at", ReportEdition.made_at),
    )
    return Listing(
        query, columns, id=ReportEdition.id, order=("-month", "form", "-edition"), record=ReportEdition,
        search=(ReportEdition.number, ReportEdition.title),
    )  # fmt: skip


def _sealed_with() -> Any:
    """Return the subquery of the first seal that found an edition to be the last one and true still."""
    by, newer = Seal.alias(), ReportEdition.alias()
    later = (newer.form == ReportEdition.form) & (newer.month == ReportEdition.month)
    later &= newer.edition > ReportEdition.edition
    later &= (newer.made_at <= by.sealed_at) | (newer.seal == by.id)
    mine = (by.month == ReportEdition.month) & (by.sealed_at >= ReportEdition.made_at)
    none_later = ~fn.EXISTS(newer.select(newer.id).where(later))
    return by.select(by.number).where(mine & none_later).order_by(by.edition).limit(1)


@reminds(SEAL)
def reports_outdated(day: date) -> Iterator[Reminder]:
    """Remind of issued reports of last month that a late entry made say something else."""
    month = Month.of(day).plus(-1)
    last = sealed_through()
    if last is not None and last >= month:
        return
    for title in outdated(month):
        yield Reminder(f"{month} {title}出具后有补录，请出更正版", "warning", "report_editions")
