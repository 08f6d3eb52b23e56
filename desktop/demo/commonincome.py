"""演示的公共收益与维修资金: what is let, what came in, one notice that hangs, two uses of the fund."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import NamedTuple

from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.staff import Crew
from models import deeds
from models.attachments import attach, read_file
from models.fees.commons.contracts import CommonContract, add_common_contract
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
_PAID = 6
"""So many days after it was due an instalment comes."""


def earn(estate: Estate, crew: Crew, calendar: Calendar) -> None:
    """Let common parts from the first month on; what fell due within the last two months has not come yet."""
    with deeds.acting(crew.accountant):
        with calendar.at(calendar.first.day(3)):
            contracts = [_agree(one, calendar) for one in _LET]
        _keep(contracts, calendar)
        _publish(calendar)
        _draw_on_the_fund(Building.find(next(iter(estate.buildings()))), calendar)


def _agree(one: _Let, calendar: Calendar) -> CommonContract:
    first = calendar.first.day(3)
    last = calendar.now.plus(13).day(2) if one.every > 3 else calendar.now.plus(2).day(2)
    kind, each = CommonKind.find(one.kind), Decimal(one.each)
    return add_common_contract(kind, one.subject, one.party, first, last, each, one.every)


def _keep(contracts: list[CommonContract], calendar: Calendar) -> None:
    """Enter day by day what came in, what it cost, a mistake, and what went into the fund."""
    for number, month in enumerate(calendar.months):
        for contract in contracts:
            for due in contract.dues:
                paid = due.due + timedelta(days=_PAID)
                if (paid.year, paid.month) == (month.year, month.month) and month < calendar.now.plus(-1):
                    _at(calendar, paid, partial(_receive, contract, due.amount))
        if number % 3 == 1:
            _at(calendar, month.day(18), _spend)
        if number % 6 == 2:
            _at(calendar, month.day(20), _let_the_square)
        if number % 12 == 7:
            _at(calendar, month.day(25), _put_into_the_fund)


def _at(calendar: Calendar, day: date, work: Callable[[date], None]) -> None:
    if day < calendar.today:
        with calendar.at(day):
            work(day)


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


def _draw_on_the_fund(building: Building, calendar: Calendar) -> None:
    """Enter two uses of the fund: a roof that the owners voted for, closed; a lift that could not wait."""
    roof_day = calendar.day(calendar.month(0.3), 12)
    with calendar.at(roof_day):
        roof = add_fund_project(
            "屋面防水翻新", "屋面及女儿墙", "防水层老化，顶层多户渗漏", Decimal("46000.00"), building
        )
        owners, area = roof.owners, roof.area
        record_fund_vote(roof, owners, area, owners - owners // 5, area, note="书面征求意见，公示七天")
        approve_fund(roof, f"房资〔{roof_day.year}〕37号", Decimal("45000.00"), "鲁班防水工程有限公司")
        draw_fund(roof, Decimal("20000.00"), "ZQ-0312", note="预付款")
    with calendar.at(calendar.day(calendar.month(0.6), 20)):
        accept_fund(roof, Decimal("44300.00"), "闭水四十八小时无渗漏，业主代表参加")
        draw_fund(roof, Decimal("24300.00"), "ZQ-0620", note="尾款")
        close_fund(roof)
    with calendar.at(calendar.day(calendar.month(0.8), 6)):
        lift = add_fund_project(
            "电梯曳引机抢修", "2号电梯", "曳引机轴承损坏停运", Decimal("18000.00"), building, urgent=True,
            urgency="电梯停运，老人出行受阻，检验机构责令停用",
        )  # fmt: skip
        approve_fund(lift, f"房资应急〔{lift.made_on.year}〕5号", Decimal("18000.00"), "安捷电梯维保有限公司")
        draw_fund(lift, Decimal("9000.00"), "ZQ-0806")


def _publish(calendar: Calendar) -> None:
    """Publish the oldest period that is over, with a picture of where it hangs."""
    due = spans_due(calendar.today)
    if not due:
        return  # a demo of a few months
    with calendar.at(min(due[0].days[1] + timedelta(days=12), calendar.today)):
        notice = publish_commons("各楼栋大堂公告栏")
        with tempfile.TemporaryDirectory() as folder:
            photo = Path(folder, "公示照片说明.txt")
            photo.write_text("公示照片（演示）：1 栋大堂公告栏\n", encoding="utf-8")
            attach("CommonNotice", notice.id, read_file(photo))
