"""演示的催缴: letters of every step in the last months, handed over; promises, a dispute, a case at law.

It has a chance of its own, so that nothing else of the demo depends on it.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from desktop.demo.agreements import CLAUSE
from desktop.demo.calendar import Calendar
from desktop.demo.staff import Crew
from models import deeds
from models.attachments import attach, read_file
from models.errors import RuleBroken
from models.fees import cashier, closings
from models.fees.dunning.assessing import assess
from models.fees.dunning.chasing import assign_chaser
from models.fees.dunning.delivering import deliver
from models.fees.dunning.disputes import dispute
from models.fees.dunning.issuing import dun, dun_formal
from models.fees.dunning.legal import ripe
from models.fees.dunning.letters import DunningLetter, Way, waiting
from models.fees.dunning.notice_delivering import NoticeWay, hand_notices, handing_notices
from models.fees.dunning.owers import chosen_ower
from models.fees.dunning.promises import owed_by, promise
from models.fees.dunning.rules import Stage, rules
from models.fees.payments import Method
from models.fees.shifts import cash_of, close_shift, open_shifts
from models.listings import Filters
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.owners.estate import Building, Unit

_MONTHS = 5
"""For so many of the last months letters are written; in the first of them in one building alone."""
_EVENING = 560
"""Minutes after the office opens: when the day is closed."""
_SERVICES = "本公司按合同提供保洁、绿化、秩序维护和公共设施日常养护，每季度公示服务情况。"
_OBJECTION = "服务中心客服主管苏慧敏，0871-5550100，或者书面提出"


class Chasing:
    """Writes to those who owe, at the end of each month."""

    def __init__(self, crew: Crew, calendar: Calendar) -> None:
        self._crew, self._calendar, self._chance = crew, calendar, random.Random(7)
        self._keeps: tuple[Unit, Decimal] | None = None
        """Who keeps what he promised, and how much that is."""
        """Who promised last month, and pays this month."""

    def keep(self, month: Month) -> None:
        """Write on the last day of a month, or today, and hand over what was written."""
        back = self._calendar.now.minus(month)
        if back >= _MONTHS:
            return
        day = self._calendar.day(month, month.days)
        with self._calendar.at(day, _EVENING):
            self._prepare(back == min(_MONTHS, self._calendar.length) - 1)
            self._pay(day)
            self._hold(day, back)
            self._write(day, Building.find("1") if back == _MONTHS - 1 else None)
            self._hand_over_letters(today=back == 0)
            if back == 0:
                self._to_the_lawyer(day)
                self._hand_out_notices()

    def _prepare(self, first: bool) -> None:
        """Say on which contract the letters rest."""
        if first:
            with deeds.acting(self._crew.accountant):
                rules().edit(
                    contract="前期物业服务合同", signed=date(2015, 5, 18),
                    clause=CLAUSE.removeprefix("前期物业服务合同"),
                    services=_SERVICES, objection=_OBJECTION, least=Decimal("20.00"),
                )  # fmt: skip

    def _hold(self, day: date, back: int) -> None:
        """Let some promise to pay, of whom one does, and one dispute what he is charged."""
        if back not in (1, 2):
            return
        debtors = self._debtors(day)
        with deeds.acting(self._crew.supervisor), contextlib.suppress(RuleBroken):
            if back == 2 and len(debtors) > 2:
                for unit in debtors[:2]:
                    owed = owed_by(unit, chosen_ower(unit, None), day)
                    rows = [{"day": self._calendar.now.plus(-1).day(28), "amount": owed}]
                    promise(unit, rows, written=True, on=day, note="来电后到窗口签的")
                    self._keeps = self._keeps or (unit, owed)
            if back == 1 and len(debtors) > 3:
                dispute(debtors[-1], "认为公共照明费按户分摊不合理", since=day)
                assign_chaser(debtors[-2:], self._crew.staff["方小雨"], day)

    def _debtors(self, day: date) -> list[Unit]:
        """Return houses of one debtor each that are on the ladder."""
        found = [one for one in assess(day) if one.owing and one.payer and one.stage and one.last]
        owing = [one.unit for one in found]
        return Unit.those(sorted(unit for unit in set(owing) if owing.count(unit) == 1))

    def _pay(self, day: date) -> None:
        """Let the one who keeps his word pay what he promised."""
        if self._keeps is None:
            return
        (unit, promised), self._keeps = self._keeps, None
        with deeds.acting(self._crew.cashiers[0]):
            cashier.receive(unit, promised, Method.CASH, on=day)
            if day < self._calendar.today:
                for shift in open_shifts():
                    close_shift(shift, cash_of(shift))
                closings.close_day(day)

    def _write(self, day: date, building: Building | None) -> None:
        with deeds.acting(self._crew.supervisor):
            for make in (dun, dun_formal):
                with contextlib.suppress(RuleBroken):  # a small demo has nobody for one of them
                    make(on=day, building=building)

    def _hand_over_letters(self, *, today: bool) -> None:
        """Hand over what waits; today some are still on the way."""
        for number, letter in enumerate(waiting()):
            if today and number % 3 == 0:
                continue
            with deeds.acting(self._crew.supervisor):
                self._deliver(letter, number)

    def _deliver(self, letter: DunningLetter, number: int) -> None:
        by = self._crew.staff["方小雨" if number % 2 else "贺兰"]
        if letter.stage is Stage.FORMAL:
            tracking = f"EY{self._chance.randrange(10**9):09d}CN"
            deliver(letter, Way.MAIL, tracking=tracking, by=by, note="面单注“物业费催告函”")
        elif number % 4 == 3:
            deliver(letter, Way.LEFT, witnesses="居委会周洁、邻居赵平", by=by)
        elif number % 4 == 2:
            deliver(letter, Way.BOX, by=by)
        else:
            made = deliver(letter, Way.HAND, signed_by="本人", by=by)
            with tempfile.TemporaryDirectory() as folder:
                proof = Path(folder, "签收照片.txt")
                proof.write_text("签收照片（演示）\n", encoding="utf-8")
                attach("LetterDelivery", made.id, read_file(proof), note="签收")

    def _to_the_lawyer(self, day: date) -> None:
        for letter in DunningLetter.those(sorted(ripe(day))[:1]):
            given = {
                "letter": letter, "lawyer": "云川律师事务所 李律师", "purpose": "起诉追收物业费",
                "given": "物业服务合同、三次催缴单、送达凭据、欠费明细",
            }  # fmt: skip
            with deeds.acting(self._crew.supervisor):
                asked = request("fees.hand_over", given)
            with deeds.acting(self._crew.accounts["manager"]):
                Approval.find(asked.number).approve()

    def _hand_out_notices(self) -> None:
        """Enter how two thirds of the month's notices of the first building were handed out."""
        ways = (NoticeWay.BOX, NoticeWay.WECHAT, NoticeWay.HAND)
        with deeds.acting(self._crew.supervisor), contextlib.suppress(RuleBroken):
            lines = handing_notices.sheet(Filters(building=Building.find("1"))).lines
            rows = [
                {
                    "unit": Unit.find(line.key), "month": line.fixed["month"], "way": ways[number % 3],
                    "signed_by": "本人" if number % 3 == 2 else None,
                }
                for number, line in enumerate(lines[: max(1, len(lines) * 2 // 3)])
            ]  # fmt: skip
            if rows:
                hand_notices(rows, by=self._crew.staff["方小雨"])
