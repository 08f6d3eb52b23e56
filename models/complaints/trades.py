"""工种: who repairs what; a repair is sent to somebody of its trade."""

from __future__ import annotations

from typing import Annotated

from peewee import SQL, fn

from models import sqlite
from models.base import Record
from models.complaints.cases import CaseState, ServiceCase
from models.complaints.kinds import TRADES, Kind, Sort
from models.complaints.rights import LEAD, VIEW
from models.deeds import deed
from models.errors import RuleBroken
from models.fields import ChoiceField, CountField, LineField, LinkField
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Staff

AskedWorker = Annotated[Staff, Asked(LinkField(Staff, verbose_name="维修人"))]
AskedTrade = Annotated[Kind, Asked(ChoiceField(Kind, only=TRADES, verbose_name="工种"))]


class StaffTrade(Record):
    """维修工种: somebody does repairs of one trade."""

    staff = LinkField(Staff, backref="trades", verbose_name="员工")
    trade = ChoiceField(Kind, only=TRADES, verbose_name="工种")

    class Meta:
        title = "维修工种"
        indexes = ((("staff", "trade"), True),)

    def label(self) -> str:
        """Return 魏铁生 水."""
        return f"{self.staff.name} {self.trade.value}"


@deed("complaints.add_trade", "登记工种", LEAD)
def add_trade(worker: AskedWorker, trade: AskedTrade) -> StaffTrade:
    """Note that somebody does repairs of a trade.

    Raises:
        RuleBroken: it is noted already, or he has left.
    """
    if worker.left is not None:
        raise RuleBroken(f"{worker.name} 已于 {worker.left} 离职。请另选一位。")
    if trade in trades_of(worker):
        raise RuleBroken(f"{worker.name} 的工种“{trade.value}”已登记。")
    return StaffTrade.add(staff=worker, trade=trade)


@deed("complaints.drop_trade", "取消工种", LEAD)
def drop_trade(worker: AskedWorker, trade: AskedTrade) -> None:
    """Note that somebody does no repairs of a trade any more.

    Raises:
        RuleBroken: it was not noted.
    """
    for known in StaffTrade.select().where((StaffTrade.staff == worker) & (StaffTrade.trade == trade)):
        known.remove()
        return
    raise RuleBroken(f"{worker.name} 没有登记工种“{trade.value}”。")


def trades_of(worker: Staff) -> set[Kind]:
    """Return the trades of somebody."""
    return {one.trade for one in StaffTrade.select().where(StaffTrade.staff == worker)}


def refuse_other_trade(worker: Staff, case: ServiceCase) -> None:
    """Refuse to send somebody whose trades are known, and none of them is the repair's.

    Raises:
        RuleBroken: it is so.
    """
    mine = trades_of(worker)
    if mine and case.kind not in mine and case.kind is not Kind.OTHER:
        told = "、".join(sorted(one.value for one in mine))
        raise RuleBroken(
            f"{worker.name} 的工种是 {told}，不修“{case.kind.value}”。请另选一位，或先给他登记工种。"
        )


@listing("repairers", "维修人员", "complaints", VIEW)
def repairers(filters: Filters) -> Listing:
    """Who repairs what, and how much each of them has in hand."""
    trades = StaffTrade.select(sqlite.joined(StaffTrade.trade, ",")).where(StaffTrade.staff == Staff.id)
    open_ones = (ServiceCase.handler == Staff.id) & (ServiceCase.sort == Sort.REPAIR)
    busy = (CaseState.DISPATCHED, CaseState.ARRIVED, CaseState.QUOTED, CaseState.WAITING)
    count = ServiceCase.select(fn.COUNT(SQL("1"))).where(open_ones & ServiceCase.state.in_(busy))
    query = Staff.select().where(Staff.left.is_null() & Staff.id.in_(StaffTrade.select(StaffTrade.staff)))
    columns = (
        Shown("number", Staff.number),
        Shown("name", Staff.name, label="维修人"),
        Shown("trades", TradesField(verbose_name="工种", max_length=80), trades),
        Shown("open", CountField(verbose_name="在手"), count),
        Shown("phone", Staff.phone),
    )
    return Listing(query, columns, id=Staff.id, order=("number",), record=Staff, search=(Staff.name,))


class TradesField(LineField):
    """Names of trades with commas between, shown by their labels."""

    def show(self, value: object) -> str:
        """Return 水、电."""
        return "、".join(Kind[name].value for name in str(value or "").split(",") if name)
