"""楼栋矩阵上的收费: how far each house has paid, and for how long it owes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import fn

from models.base import db
from models.fees.arrears import Debt, debts
from models.fees.asof import owing_on, paid_after
from models.fees.bills import OPEN, Bill
from models.fees.rights import VIEW
from models.money import from_scaled, thousands
from models.months import Month
from models.owners.housemap import Answer, Told, asks_houses

OWES = Answer("欠", "欠费", "danger")
WAITS = Answer("待", "已出账，未到截止日", "info")
CLEAR = Answer("清", "已交清", "ok")
UNBILLED = Answer("无", "一年内没有账单")

YOUNG = Answer("新", "欠费3个月以内", "info")
OLDER = Answer("旧", "欠费4至12个月", "warning")
OLDEST = Answer("久", "欠费1年以上", "danger")
NOTHING = Answer("清", "不欠费", "ok")

_LOOK_BACK = 12
"""Months back in which a bill is looked for; a yearly charge has one."""


@asks_houses("payment", "交费", VIEW, (OWES, WAITS, CLEAR, UNBILLED))
def payment(day: date, units: Any) -> Mapping[int, Told]:
    """What is owed as of a day, what is billed but not due, or up to which month all is paid."""
    owed = debts(day, *_within(units))
    waiting = _waiting(day, units)
    found = {unit: Told(CLEAR, f"已交至 {month}") for unit, month in _billed(day, units)}
    found |= {unit: Told(WAITS, f"{thousands(_yuan(fen))} 元", _yuan(fen)) for unit, fen in waiting.items()}
    return found | {unit: Told(OWES, _told(debt), _yuan(debt.total)) for unit, debt in owed.items()}


@asks_houses("age", "欠费时长", VIEW, (OLDEST, OLDER, YOUNG, NOTHING))
def age(day: date, units: Any) -> Mapping[int, Told]:
    """How old the oldest thing is that a house owes as of a day, from the day it was due."""
    return {
        unit: Told(_age(debt), _told(debt), _yuan(debt.total))
        for unit, debt in debts(day, *_within(units)).items()
    }


def _within(units: Any) -> list[Any]:
    return [] if units is None else [Bill.unit.in_(units)]


def _told(debt: Debt) -> str:
    since = Month.from_number(debt.first_month)
    return f"{thousands(_yuan(debt.total))} 元，共 {debt.months} 个月，最早 {since}"


def _age(debt: Debt) -> Answer:
    if any(debt.ages[2:]):
        return OLDEST
    return OLDER if debt.ages[1] else YOUNG


def _waiting(day: date, units: Any) -> dict[int, int]:
    """Return fen that are billed, not paid and not due as of a day, by unit."""
    later = paid_after(day)
    wanted = (owing_on(day) if later else OPEN) & (Bill.due > day)
    query = Bill.select(Bill.id, Bill.unit, Bill.amount, Bill.paid).where(wanted, *_within(units))
    found: dict[int, int] = {}
    for line, unit, amount, paid in db.execute(query):
        fen = amount - paid + later.get(line, 0)
        if fen > 0:
            found[unit] = found.get(unit, 0) + fen
    return found


def _billed(day: date, units: Any) -> list[tuple[int, Month]]:
    """Return the latest month for which each unit was billed within the last year."""
    since = Month.of(day).plus(-_LOOK_BACK).number
    mine = (Bill.live == True) & Bill.source.is_null() & (Bill.month >= since)
    query = Bill.select(Bill.unit, fn.MAX(Bill.month)).where(mine, *_within(units)).group_by(Bill.unit)
    return [(unit, Month.from_number(month)) for unit, month in db.execute(query)]


def _yuan(fen: int) -> Decimal:
    return from_scaled(fen, 2)
