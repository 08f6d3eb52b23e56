"""演示的特服: a catalogue, and a few slips each month, which are paid with everything else.

It has a chance of its own, so that nothing else of the demo depends on it.
"""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from desktop.demo import roster
from desktop.demo.calendar import Calendar
from desktop.demo.estate import Estate
from desktop.demo.staff import Crew
from models import deeds
from models.fees import charging, items, pricelist, services
from models.fees.deposits import DepositKind
from models.fees.items import Basis, Category, FeeItem
from models.fees.services import Service, ServiceSlip
from models.months import Month
from models.owners.estate import Unit

_ITEMS = (("TF01", "有偿维修费", Category.SERVICE), ("TF02", "临时停车费", Category.PARKING))
_CATALOGUE = (
    ("T001", "疏通下水道", "次", "50", "TF01"),
    ("T002", "更换水龙头（不含材料）", "个", "30", "TF01"),
    ("T003", "上门保洁", "小时", "35.5", "TF01"),
    ("T004", "补办门禁卡", "张", "20", "TF01"),
    ("T005", "访客临时停车", "次", "10", "TF02"),
    ("T006", "有偿维修（按确认的报价）", "次", "50", "TF01"),
)
_CONTRACT, _COLLECTED = "前期物业服务合同第十二条", "市政代收文件，不加手续费"
_DEPOSITS = (
    (DepositKind.DECORATION, "2000", "装饰装修管理协议第六条", "验收合格满一个月，扣除约定赔偿后退还"),
    (DepositKind.PASS, "100", "装饰装修管理协议第八条", "施工结束、出入证交回时退还"),
    (DepositKind.KEY, "50", "钥匙借用登记", "钥匙交回时退还"),
)
_MINUTES = 12
"""After the office opens, when the slips of a month are written."""


class Services:
    """Writes the slips of the demo."""

    def __init__(self, estate: Estate, crew: Crew, calendar: Calendar) -> None:
        self._crew, self._calendar, self._chance = crew, calendar, random.Random(len(estate.places))
        self._houses = [place.code for place in estate.places if place.kind == "住宅"]
        self._known: list[Service] = []

    def keep(self, month: Month) -> None:
        """Charge a few houses on the first of a month; every third month one was written by mistake."""
        day = self._calendar.day(month, 1)
        with self._calendar.at(day, _MINUTES):
            self._open_catalogue()
            for number in range(max(2, len(self._houses) // 60)):
                slip = self._charge(day)
                if number == 1 and month.month % 3 == 0:
                    with deeds.acting(self._crew.supervisor):
                        charging.void_service(slip, "房号选错")

    def _open_catalogue(self) -> None:
        """Enter the catalogue and what else the price sheet tells: grounds of the items, deposits."""
        if self._known:
            return
        with deeds.acting(self._crew.accountant):
            for code in (roster.HOUSES, roster.SHOPS, roster.SHARED, roster.PARKING, roster.STORES):
                FeeItem.find(code).edit(agreed=_CONTRACT)
            FeeItem.find(roster.WASTE).edit(agreed=_COLLECTED)
            for kind, amount, ground, refund in _DEPOSITS:
                pricelist.set_deposit_terms(kind, Decimal(amount), ground, refund)
            for code, name, category in _ITEMS:
                items.add_item(code=code, name=name, category=category, basis=Basis.FIXED)
            self._known = [
                services.add_service(
                    code=code,
                    name=name,
                    measure=measure,
                    price=Decimal(price),
                    item=FeeItem.find(item),
                    agreed="本处价目表",
                )
                for code, name, measure, price, item in _CATALOGUE
            ]

    def _charge(self, day: date) -> ServiceSlip:
        unit, service = Unit.find(self._chance.choice(self._houses)), self._chance.choice(self._known[:5])
        with deeds.acting(self._crew.supervisor):
            return charging.charge_service(unit, service, Decimal(self._chance.randint(1, 3)), on=day)
