"""外包评价标准: by what contractors of each kind are scored, what it is worth and what costs marks."""

from __future__ import annotations

from typing import Annotated, Any

from models.base import Record, db
from models.deeds import deed, reaches_everybody
from models.errors import BadInput
from models.fields import ChoiceField, CountField, LineField
from models.inputs import Asked, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.months import Month
from models.rows import RowsField
from models.suppliers.admission import refuse_not_whole
from models.suppliers.contracts import SupplyContract, working
from models.suppliers.grades import RulesSet
from models.suppliers.kinds import SERVICES, Category, SupplierState
from models.suppliers.rights import RULES, VIEW

ROWS = "rows"


class ServiceArea(Record):
    """外包评价项目: one area or part of the work of a kind of contractors."""

    category = ChoiceField(Category, verbose_name="外包类别")
    position = CountField(verbose_name="序号")
    name = LineField(max_length=20, verbose_name="区域、项目")
    standard = LineField(max_length=80, verbose_name="标准").roomier(18)
    full = CountField(low=1, high=100, verbose_name="分值")
    rule = LineField(max_length=80, verbose_name="扣分标准").roomier(18)

    class Meta:
        title = "外包评价项目"
        indexes = ((("category", "name"), True),)

    def label(self) -> str:
        """Return 保洁 楼道."""
        return f"{self.category.value} {self.name}"


reaches_everybody(ServiceArea)


def areas_of(category: Category) -> list[ServiceArea]:
    """Return by what contractors of a kind are scored, in its order."""
    return list(ServiceArea.select().where(ServiceArea.category == category).order_by(ServiceArea.position))


def supervised(month: Month) -> list[SupplyContract]:
    """Return the contracts of a month whose kind has something to be scored by."""
    kinds = {category for (category,) in db.execute(ServiceArea.select(ServiceArea.category).distinct())}
    closed = (SupplierState.TERMINATED, SupplierState.DROPPED)
    found = (one for one in working(month) if one.supplier.state not in closed)
    return [one for one in found if one.supplier.category.name in kinds]


@deed("suppliers.set_service_areas", "设置外包评价项目", RULES)
def set_service_areas(
    category: Annotated[Category, Asked(ChoiceField(Category, verbose_name="外包类别"))],
    rows: Annotated[
        list[dict[str, Any]],
        Asked(
            RowsField(
                inputs_from(lambda: ServiceArea, "name", "standard", "full", "rule"), verbose_name="评价项目"
            )
        ),
    ],
) -> RulesSet:
    """Set by what contractors of a kind are scored; months that were begun keep theirs.

    Raises:
        BadInput: the kind is none of contracted services.
        RuleBroken: the marks do not make 100.
        RowRefused: two are called alike.
    """
    if category not in SERVICES:
        told = "、".join(one.value for one in SERVICES)
        raise BadInput(f"“{category.value}”不是外包服务。可选：{told}。", "category")
    refuse_not_whole(rows, "full", ROWS, "评价项目")
    for old in areas_of(category):
        old.remove()
    for position, row in enumerate(rows, start=1):
        ServiceArea.add(category=category, position=position, **row)
    return RulesSet("、".join(f"{row['name']} {row['full']}" for row in rows) + "。")


@listing("service_areas", "外包评价项目", "suppliers", VIEW, "state")
def service_areas(filters: Filters) -> Listing:
    """What is scored, kind by kind. `state` names a kind."""
    query = ServiceArea.select()
    query = filters.narrow(query, state=ServiceArea.category)
    columns = (
        Shown("category", ServiceArea.category, status=True),
        Shown("position", ServiceArea.position, total=False),
        Shown("name", ServiceArea.name),
        Shown("standard", ServiceArea.standard),
        Shown("full", ServiceArea.full, total=False),
        Shown("rule", ServiceArea.rule),
    )
    return Listing(
        query, columns, id=ServiceArea.id, order=("category", "position"), record=ServiceArea,
        search=(ServiceArea.name, ServiceArea.standard),
    )  # fmt: skip
