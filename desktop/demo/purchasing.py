"""演示的采购: suppliers are admitted along the chain, keep their papers, and are ordered from monthly."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from desktop.demo.buying import Buying
from desktop.demo.calendar import Calendar
from desktop.demo.contracting import Contracting
from desktop.demo.ending import Ending
from desktop.demo.happening import Happenings
from desktop.demo.scoring import Scoring
from desktop.demo.settling import Settling
from desktop.demo.staff import Crew
from desktop.demo.trading import CANDIDATE, PAPERS, TRADERS, WARES, Trader
from models import clock, deeds
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.suppliers.admission import Finding, items, review
from models.suppliers.contracts import add_contract
from models.suppliers.goods import GoodsKind, add_goods
from models.suppliers.kinds import OF_PERSONS, LicenceKind
from models.suppliers.licences import add_licence, to_renew
from models.suppliers.register import Supplier, add_supplier

_APPROVERS = ("manager", "quality", "deputy")


class Purchasing:
    """Plans what the office buys, and of whom."""

    def __init__(self, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._plan = crew, calendar, happenings.plan
        self._chance = random.Random(53)
        self._codes = iter(range(1, 100))
        self._buying = Buying(crew, calendar, happenings)
        self._scoring = Scoring(crew, calendar, happenings)
        self._settling = Settling(crew, calendar, happenings)
        self._ending = Ending(crew, calendar, happenings)
        self._contracting = Contracting(crew, calendar, happenings)

    def plan(self, month: Month) -> None:
        """Plan a month: the suppliers at first, their papers as they lapse."""
        if month == self._calendar.first:
            self._plan(_at(month.day(2), 10), self._stock_up)
            for place, trader in enumerate(TRADERS):
                self._plan(_at(month.day(3 + place // 6), 9, 20 * (place % 6)), self._admits(trader))
        if month == self._calendar.now:
            self._plan(_at(month.day(1), 10, 5), self._looks_at(CANDIDATE))
        self._plan(_at(month.day(25), 10, 30), lambda: self._renew(month.last + timedelta(days=20)))
        self._buying.plan(month)
        self._scoring.plan(month)
        self._settling.plan(month)
        self._ending.plan(month)
        self._contracting.plan(month)

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    def _stock_up(self) -> None:
        with self._by("buyer"):
            for name, spec, unit, kind, _ in WARES:
                add_goods(name=name, spec=spec, unit=unit, kind=GoodsKind.find(kind))

    def _admits(self, trader: Trader) -> Any:
        def admit() -> None:
            supplier = self._open(trader)
            with self._by("buyer"):
                asked = request("suppliers.admit", {"supplier": supplier})
            for login in _APPROVERS:
                with self._by(login):
                    Approval.find(asked.number).approve()

        return admit

    def _looks_at(self, trader: Trader) -> Any:
        return lambda: self._open(trader) and None

    def _open(self, trader: Trader) -> Supplier:
        """Open a file, with papers, review and contract."""
        number, today = next(self._codes), clock.now().date()
        with self._by("buyer"):
            supplier = add_supplier(
                [GoodsKind.find(name) for name in trader.scope], name=trader.name, category=trader.category,
                contact=trader.contact, phone=f"1540001{number:04d}", address=f"枫林路 {100 + 7 * number} 号",
            )  # fmt: skip
            for kind, months in PAPERS[trader.category]:
                holder = trader.contact if kind in OF_PERSONS else None
                self._show(supplier, kind, months, holder)
            marks = [
                {"name": one.name, "mark": Decimal(mark)}
                for one, mark in zip(items(), trader.marks, strict=True)
            ]
            review(
                supplier, marks, sample=Finding.GOOD, sample_words="与报价样品一致", site=Finding.GOOD,
                site_on=today, site_words="场地整洁，原件已核对", reviewers="高原、于静、何志远",
            )  # fmt: skip
            if trader.monthly is not None:
                self._contract(supplier, trader.monthly, number, today)
        return supplier

    def _contract(self, supplier: Supplier, monthly: int, number: int, today: date) -> None:
        since = today.replace(day=1)
        until = Month.of(today).plus(35).last
        add_contract(
            supplier, since, until, Decimal(monthly), number=f"FW-{since:%Y}-{number:02d}",
            title=f"{supplier.scope()[0].name}合同", pass_mark=80, cut=Decimal(1), end_mark=70,
            terms="按月评价，低于 80 分每低一分扣 1%，连续两个月低于 70 分可终止合同；次月 10 日前结算",
        )  # fmt: skip

    def _show(self, supplier: Supplier, kind: LicenceKind, months: int | None, holder: str | None) -> None:
        today = clock.now().date()
        until = Month.of(today).plus(months).day(today.day) if months else None
        code = f"{kind.name[:2]}{today:%Y}{self._chance.randint(1000, 9999)}"
        add_licence(supplier, kind, until, code, holder)

    def _renew(self, until: date) -> None:
        """Renew what lapses soon; one paper was forgotten and stops orders."""
        months = {kind: length for papers in PAPERS.values() for kind, length in papers}
        with self._by("buyer"):
            for one in to_renew(until):
                forgotten = until > self._calendar.today and one.kind in OF_PERSONS
                if not (forgotten and one.supplier.name == TRADERS[3].name):
                    self._show(one.supplier, one.kind, months[one.kind], one.holder)


def _at(day: date, hour: int, minutes: int = 0) -> datetime:
    return datetime.combine(day, time(hour)) + timedelta(minutes=minutes)
