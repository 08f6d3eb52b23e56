"""更正批次日期: dates of a lot that were typed wrongly, put right by who decides, with a reason."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from models.base import journal
from models.canteen.lots import AskedLot, Dates, StockLot
from models.canteen.rights import DECIDE
from models.deeds import deed
from models.errors import BadInput
from models.fields import DayField, LineField
from models.inputs import Asked


@deed("canteen.correct_dates", "更正批次日期", DECIDE)
def correct_dates(
    lot: AskedLot,
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="更正原因"))],
    made_on: Annotated[date | None, Asked(DayField(null=True, verbose_name="生产日期"), "不填不改")] = None,
    expires_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="到期日"), "不填照生产日期算")
    ] = None,
    maker: Annotated[
        str | None, Asked(LineField(max_length=40, null=True, verbose_name="生产批号"), "不填不改")
    ] = None,
) -> StockLot:
    """Put right when goods were made and until when they are good; the audit trail keeps what stood there.

    Raises:
        BadInput: nothing is put right, or the dates cannot be.
    """
    made = made_on or lot.made_on
    until = expires_on if expires_on or made_on else lot.expires_on
    dates = Dates(lot.item, made, lot.shelf, lot.shelf_unit, until)
    problem, column = dates.wrong(lot.item, lot.arrived_on, old=True)
    if problem:
        raise BadInput(f"{problem}。", column)
    told = {
        "made_on": dates.made_on,
        "expires_on": dates.expires_on or lot.expires_on,
        "maker": maker or lot.maker,
    }
    if all(getattr(lot, name) == value for name, value in told.items()):
        raise BadInput("没有更正什么。请填要改的日期或批号。", "made_on")
    journal().note(reason=reason)
    return lot.change(**told)
