"""欠费人: who owes for a house; after a sale there may be two of them."""

from __future__ import annotations

from typing import Annotated

from models.base import db
from models.errors import BadInput, RuleBroken
from models.fees.bills import OPEN, Bill
from models.fields import LinkField
from models.inputs import Asked
from models.owners.estate import Unit
from models.owners.payees import NOBODY
from models.owners.people import Person

AskedPayer = Annotated[
    Person | None, Asked(LinkField(Person, null=True, verbose_name="付款人"), "不填为欠费的付款人")
]


def owers(unit: Unit) -> list[Person | None]:
    """Return who owes something for a house; None stands for lines without a payer."""
    query = Bill.select(Bill.payer).where(OPEN, Bill.unit == unit).distinct()
    ids = [payer for (payer,) in db.execute(query)]
    known: list[Person | None] = list(Person.select().where(Person.id.in_([id for id in ids if id])))
    return [*known, *([None] if None in ids else [])]


def chosen_ower(unit: Unit, payer: Person | None) -> Person | None:
    """Return who of those who owe for a house is meant; the only one where none is named.

    Raises:
        RuleBroken: nobody owes anything, or not the one who is named.
        BadInput: several owe and none is named.
    """
    found = owers(unit)
    if not found:
        raise RuleBroken(f"{unit.code} 没有未收的账单。")
    if payer is not None:
        if payer not in found:
            raise RuleBroken(f"{payer.name} 不欠 {unit.code} 的费用。请核对付款人，或不填。")
        return payer
    if len(found) > 1:
        names = "、".join(f"{one.name}({one.number})" if one else NOBODY for one in found)
        raise BadInput(f"{unit.code} 有 {len(found)} 位付款人欠费：{names}。请填付款人的编号。", "payer")
    return found[0]
