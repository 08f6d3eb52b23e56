"""巡查点: what is looked at on the daily round of a building, by which standard (OW-16)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Annotated, Any, Self

from peewee import JOIN

from models.base import Record
from models.complaints.kinds import Place, Problem, Sort
from models.complaints.rights import LEAD, VIEW
from models.deeds import deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, FlagField, LineField, LinkField, LinksField
from models.inputs import Asked, edits_of, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.owners.estate import Building


class Item(Enum):
    """项目 of OW-16."""

    GATE = "门禁"
    LIGHTING = "照明"
    ESCAPE = "消防通道"
    LIFT = "电梯"
    FACADE = "外墙"
    DUCTS = "管井"
    WATERS = "水景"
    ROADS = "道路"
    FITNESS = "健身设施"
    SURROUNDINGS = "环境"


STANDARDS = {
    Item.GATE: "开关正常，无损坏",
    Item.LIGHTING: "全亮，无破损",
    Item.ESCAPE: "畅通，无堆物占用",
    Item.LIFT: "运行平稳，按钮照明完好",
    Item.FACADE: "无脱落、渗漏、裂缝",
    Item.DUCTS: "门锁闭，无渗漏杂物",
    Item.WATERS: "水质清，设备正常",
    Item.ROADS: "平整，无破损积水",
    Item.FITNESS: "牢固，无锈蚀松动",
    Item.SURROUNDINGS: "整洁，无乱堆乱贴",
}
INDOORS = (Item.GATE, Item.LIGHTING, Item.ESCAPE, Item.LIFT, Item.FACADE, Item.DUCTS)
"""Items of every building; the others are of the estate as a whole."""
OUTDOORS = tuple(item for item in Item if item not in INDOORS)
_ORDERS = {
    Item.GATE: "B14", Item.LIGHTING: "B10", Item.LIFT: "B15", Item.FACADE: "B11", Item.ROADS: "B12",
    Item.FITNESS: "B17",
}  # fmt: skip
_REST = "B19"
"""The repairs that the catalogue of the first day has for what is found bad."""
GROUNDS = "小区公共区域"
"""What is of the estate as a whole and no building's."""
_POINT = ("building", "name", "item", "standard", "problem")


class InspectionPoint(Record):
    """巡查点: one thing at one place that is looked at."""

    building = LinkField(Building, null=True, backref="points", verbose_name="楼栋")
    name = LineField(max_length=40, verbose_name="巡查点")
    item = ChoiceField(Item, verbose_name="项目")
    standard = LineField(max_length=60, verbose_name="标准")
    problem = LinkField(Problem, backref="+", verbose_name="报修事项")
    active = FlagField(default=True, verbose_name="在用")

    class Meta:
        title = "巡查点"
        indexes = ((("name", "item"), True),)

    def label(self) -> str:
        """Return 3栋大堂 照明."""
        return f"{self.name} {self.item.value}"

    @deed(
        "complaints.edit_point", "修改巡查点", LEAD, inputs=edits_of(lambda: InspectionPoint, *_POINT),
        undo="complaints.edit_point",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change what is looked at; rounds that were made keep what they say.

        Raises:
            BadInput: the order that it would become is no repair of what all share.
        """
        _check(values.get("problem") or self.problem)
        return self.change(**values)

    @deed("complaints.retire_point", "停用巡查点", LEAD, undo="complaints.restore_point")
    def retire(self) -> Self:
        """Look at it no more."""
        return self.change(active=False)

    @deed("complaints.restore_point", "启用巡查点", LEAD, undo="complaints.retire_point")
    def restore(self) -> Self:
        """Look at it again."""
        return self.change(active=True)


reaches_everybody(InspectionPoint)


@deed("complaints.add_point", "新增巡查点", LEAD, inputs=inputs_from(lambda: InspectionPoint, *_POINT))
def add_point(**values: Any) -> InspectionPoint:
    """Add something to be looked at.

    Raises:
        BadInput: the order that it would become is no repair of what all share.
    """
    _check(values["problem"])
    return InspectionPoint.add(**values)


def _check(problem: Problem) -> None:
    if problem.sort is not Sort.REPAIR or problem.place is not Place.COMMON:
        raise BadInput(f"“{problem.name}”不是公共部位的报修事项。请另选一项。", "problem")


class Pointed:
    """What a run of new points made."""

    def __init__(self, points: Sequence[InspectionPoint]) -> None:
        self.points = points

    def summary(self) -> str:
        """Return how many there are."""
        return f"新增 {len(self.points)} 个巡查点。"


@deed("complaints.make_points", "按楼栋生成巡查点", LEAD)
def make_points(
    buildings: Annotated[
        list[Building] | None,
        Asked(LinksField(Building, null=True, verbose_name="楼栋"), "不填为全部和公共区域"),
    ] = None,
) -> Pointed:
    """Make the usual points of buildings, and of the grounds where no building is named; none twice.

    Raises:
        RuleBroken: all of them are there already.
    """
    orders = {item: Problem.find(_ORDERS.get(item, _REST)) for item in Item}
    known = {(one.name, one.item) for one in InspectionPoint.select()}
    chosen = buildings or list(Building.select().where(Building.active).order_by(Building.sort_key))
    wanted: list[tuple[Building | None, str, Item]] = [
        (building, building.name, item) for building in chosen for item in INDOORS
    ]
    if not buildings:
        wanted += [(None, GROUNDS, item) for item in OUTDOORS]
    made = [
        InspectionPoint.add(
            building=building, name=name, item=item, standard=STANDARDS[item], problem=orders[item]
        )
        for building, name, item in wanted
        if (name, item) not in known
    ]
    if not made:
        raise RuleBroken("这些楼栋的巡查点都有了。要加别的，请用“新增巡查点”。")
    return Pointed(made)


@listing("inspection_points", "巡查点", "complaints", VIEW, "building")
def inspection_points(filters: Filters) -> Listing:
    """What is looked at on the daily round."""
    query = InspectionPoint.select().join(Building, JOIN.LEFT_OUTER).switch(InspectionPoint).join(Problem)
    query = filters.narrow(query, building=InspectionPoint.building)
    columns = (
        Shown("building", Building.name, label="楼栋", sort=Building.sort_key),
        Shown("name", InspectionPoint.name),
        Shown("item", InspectionPoint.item),
        Shown("standard", InspectionPoint.standard),
        Shown("problem", Problem.name, label="报修事项"),
        Shown("active", InspectionPoint.active, status=True),
        Shown("id", InspectionPoint.id, hidden=True),
    )
    return Listing(
        query, columns, id=InspectionPoint.id, order=("building", "name", "item"), record=InspectionPoint,
        search=(InspectionPoint.name,), tones={"是": "ok", "否": "warning"},
    )  # fmt: skip
