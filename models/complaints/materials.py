"""材料: what a repair takes: typed lines of name, quantity and price; every quotation keeps its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Annotated, Any

from peewee import fn

from models.base import Record, db
from models.complaints.cases import ServiceCase
from models.complaints.lists import narrowed
from models.complaints.rights import VIEW
from models.fees.services import amount_of
from models.fields import AreaField, CountField, LineField, LinkField, MoneyField, PriceField
from models.inputs import Asked, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.rows import RowsField


class RepairMaterial(Record):
    """维修材料: one line of a quotation or of what was used; never changed."""

    case = LinkField(ServiceCase, backref="materials", verbose_name="单号")
    round = CountField(verbose_name="第几次")
    position = CountField(verbose_name="行")
    name = LineField(max_length=40, verbose_name="名称")
    spec = LineField(max_length=30, null=True, verbose_name="规格")
    measure = LineField(max_length=8, default="个", verbose_name="单位")
    quantity = AreaField(verbose_name="数量")
    price = PriceField(verbose_name="单价")
    amount = MoneyField(verbose_name="金额")

    class Meta:
        title = "维修材料"
        indexes = ((("case", "round", "position"), True),)

    def label(self) -> str:
        """Return its name."""
        return str(self.name)


_LINE = inputs_from(lambda: RepairMaterial, "name", "spec", "measure", "quantity", "price")
AskedMaterials = Annotated[
    list[dict[str, Any]] | None, Asked(RowsField(_LINE, null=True, verbose_name="材料"), "没有用材料的不填")
]


def last_round(case: ServiceCase) -> int:
    """Return the number of the last quotation or list of what was used; 0 without one."""
    query = RepairMaterial.select(fn.MAX(RepairMaterial.round)).where(RepairMaterial.case == case)
    return int(db.execute(query).fetchone()[0] or 0)


def materials_of(case: ServiceCase) -> list[RepairMaterial]:
    """Return the lines that hold now: those of the last list."""
    holds = (RepairMaterial.case == case) & (RepairMaterial.round == last_round(case))
    return list(RepairMaterial.select().where(holds).order_by(RepairMaterial.position))


def keep(case: ServiceCase, rows: Sequence[dict[str, Any]]) -> Decimal:
    """Write a new list of materials down and return what they come to in 元."""
    total, number = Decimal(0), last_round(case) + 1
    for position, row in enumerate(rows, start=1):
        amount = amount_of(row["quantity"], row["price"])
        RepairMaterial.add(case=case, round=number, position=position, amount=amount, **row)
        total += amount
    return total


Taken = Callable[[ServiceCase], Iterable[dict[str, Any]]]
_TAKEN: list[Taken] = []


def gives_out(work: Taken) -> Taken:
    """Register who knows what was given out for a repair; it yields rows of `AskedMaterials`."""
    _TAKEN.append(work)
    return work


def taken(case: ServiceCase) -> list[dict[str, Any]]:
    """Return what was given out for a repair and did not come back, at what it cost the office."""
    return [row for work in _TAKEN for row in work(case)]


@listing("repair_materials", "维修材料", "complaints", VIEW, "period", "unit", "case")
def repair_materials(filters: Filters) -> Listing:
    """What repairs took, line by line: the last list of each."""
    query = RepairMaterial.select().join(ServiceCase)
    other = RepairMaterial.alias()
    last = other.select(fn.MAX(other.round)).where(other.case == RepairMaterial.case)
    query = query.where(RepairMaterial.round == last, *narrowed(filters))
    columns = (
        Shown("number", ServiceCase.number),
        Shown("received_at", ServiceCase.received_at),
        Shown("name", RepairMaterial.name),
        Shown("spec", RepairMaterial.spec),
        Shown("measure", RepairMaterial.measure),
        Shown("quantity", RepairMaterial.quantity),
        Shown("price", RepairMaterial.price),
        Shown("amount", RepairMaterial.amount),
        Shown("nature", ServiceCase.nature),
    )
    return Listing(
        query, columns, id=RepairMaterial.id, order=("-number",), record=RepairMaterial,
        search=(ServiceCase.number, RepairMaterial.name),
    )  # fmt: skip
