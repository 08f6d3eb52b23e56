"""演示的公共收益与维修资金: what is let, what came in, one notice that hangs, two uses of the fund."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.staff import Crew
from models import deeds
from models.attachments import attach, read_file
from models.clock import now
from models.fees.commons.contracts import CommonContract, add_common_contract
from models.fees.commons.fund import FundProject
from models.fees.commons.funding import (
    accept_fund,
    add_fund_project,
    approve_fund,
    close_fund,
    draw_fund,
    record_fund_vote,
)
from models.fees.commons.kinds import CommonKind
from models.fees.commons.ledger import (
    Flow,
    add_common_cost,
    add_common_income,
    reverse_common_entry,
    transfer_commons,
)
from models.fees.commons.notices import publish_commons, spans_due
from models.months import Month
from models.owners.estate import Building


class _Let(NamedTuple):
    """A common part that is let: how often so much is due."""

    kind: str
    subject: str
    party: str
    each: int
    every: int


_LET = (
    _Let("电梯广告", "各栋电梯轿厢框架广告位", "启明传媒有限公司", 3600, 3),
    _Let("自动售货与快递柜", "南门岗亭旁快递柜一组", "速递柜科技有限公司", 1200, 6),
    _Let("通信基站", "1栋楼顶通信设备占用", "通信铁塔服务站", 6000, 12),
)
_EVENING = 590
"""Minutes after the office opens, when the day is closed."""
_PAID = 6
"""So many days after it was due an instalment comes."""


class CommonParts:
    """Keeps the books of the common parts: each month's entries are made on the evening of its last day."""

    def __init__(self, estate: Estate, crew: Crew, calendar: Calendar) -> None:
        self._building, self._crew, self._calendar = next(iter(estate.buildings())), crew, calendar
        self._contracts: list[CommonContract] = []
        self._projects: dict[str, FundProject] = {}
        self._published = False

    def keep(self, month: Month) -> None:
        """Let common parts in the first month; enter what came in, what it cost, a mistake, what went out."""
        number, calendar = month.minus(self._calendar.first), self._calendar
        with calendar.at(calendar.day(month, 31), _EVENING), deeds.acting(self._crew.accountant):
            if number == 0:
                self._contracts = [_agree(one, calendar) for one in _LET]
            self._receive(month)
            for every, at, day, work in _REGULARLY:
                if number % every == at and month.day(day) < calendar.today:
                    work(month.day(day))
            self._draw_on_the_fund(month)
            self._publish()

    def _receive(self, month: Month) -> None:
        for contract in self._contracts:
            for due in contract.dues:
                paid = due.due + timedelta(days=_PAID)
                if Month.of(paid) == month and month < self._calendar.now.plus(-1):
                    _receive(contract, due.amount, paid)

    def _publish(self) -> None:
        """Publish the first period that is over, with a picture of where it hangs."""
        if self._published or not spans_due(now().date()):
            return
        self._published = True
        notice = publish_commons("各楼栋大堂公告栏")
        with tempfile.TemporaryDirectory() as folder:
            photo = Path(folder, "公示照片说明.txt")
            photo.write_text("公示照片（演示）：1 栋大堂公告栏\n", encoding="utf-8")
            attach("CommonNotice", notice.id, read_file(photo))

    def _draw_on_the_fund(self, month: Month) -> None:
        """Enter two uses of the fund: a roof that the owners voted for, a lift that could not wait."""
        building = Building.find(self._building)
        if month == self._calendar.month(0.3):
            self._projects["roof"] = _agree_on_roof(building)
        if month == self._calendar.month(0.6):
            _finish_roof(self._projects["roof"])
        if month == self._calendar.month(0.8):
            _mend_lift(building)


def _agree(one: _Let, calendar: Calendar) -> CommonContract:
    first = calendar.first.day(3)
    last = calendar.now.plus(13).day(2) if one.every > 3 else calendar.now.plus(2).day(2)
    kind, each = CommonKind.find(one.kind), Decimal(one.each)
    return add_common_contract(kind, one.subject, one.party, first, last, each, one.every)


def _receive(contract: CommonContract, amount: Decimal, day: date) -> None:
    add_common_income(amount, contract=contract, on=day, voucher=f"JZ-{day:%m%d}")


def _spend(day: date) -> None:
    add_common_cost(
        Decimal("286.40"), CommonKind.find("电梯广告"), "广告框照明电费，按分表读数", f"PZ-{day:%m%d}", on=day
    )


def _let_the_square(day: date) -> None:
    square = CommonKind.find("场地出租")
    wrong = add_common_income(Decimal("8000.00"), kind=square, party="社区便民服务站", on=day)
    reverse_common_entry(wrong, "金额多打一个零", on=day)
    add_common_income(Decimal("800.00"), kind=square, party="社区便民服务站", on=day, note="广场两天")


def _put_into_the_fund(day: date) -> None:
    transfer_commons(
        Flow.TO_FUND, Decimal("5000.00"), f"业主大会 {day.year} 年第 1 号决议", f"ZZ-{day:%m%d}", on=day
    )


_REGULARLY = ((3, 1, 18, _spend), (6, 2, 20, _let_the_square), (12, 7, 25, _put_into_the_fund))
"""Every so many months, from which one on, on which day, what is done."""


def _agree_on_roof(building: Building) -> FundProject:
    roof = add_fund_project(
        "屋面防水翻新", "屋面及女儿墙", "防水层老化，顶层多户渗漏", Decimal("46000.00"), building
    )
    owners, area = roof.owners, roof.area
    record_fund_vote(roof, owners, area, owners - owners // 5, area, note="书面征求意见，公示七天")
    approve_fund(roof, f"房资〔{roof.made_on.year}〕37号", Decimal("45000.00"), "鲁班防水工程有限公司")
    draw_fund(roof, Decimal("20000.00"), "ZQ-0312", note="预付款")
    return roof


def _finish_roof(roof: FundProject) -> None:
    accept_fund(roof, Decimal("44300.00"), "闭水四十八小时无渗漏，业主代表参加")
    draw_fund(roof, Decimal("24300.00"), "ZQ-0620", note="尾款")
    close_fund(roof)


def _mend_lift(building: Building) -> None:
    lift = add_fund_project(
        "电梯曳引机抢修", "2号电梯", "曳引机轴承损坏停运", Decimal("18000.00"), building, urgent=True,
        urgency="电梯停运，老人出行受阻，检验机构责令停用",
    )  # fmt: skip
    approve_fund(lift, f"房资应急〔{lift.made_on.year}〕5号", Decimal("18000.00"), "安捷电梯维保有限公司")
    draw_fund(lift, Decimal("9000.00"), "ZQ-0806")
