"""房产: the community, its buildings, and every unit that can carry a fee."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Self

from models import text
from models.base import Dated, Record
from models.deeds import deed
from models.errors import BadInput, NotFound
from models.fields import (
    AreaField,
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    DerivedField,
    FlagField,
    LineField,
    LinkField,
    NoteField,
    SinceField,
)
from models.inputs import Asked, edits_of
from models.owners.dated import ONE_DAY, first_day
from models.owners.retiring import check_retiring
from models.owners.rights import EDIT


class UnitKind(Enum):
    """What a unit is; any of them can carry fee items."""

    HOUSE = "住宅"
    SHOP = "商铺"
    OFFICE = "办公"
    PARKING = "车位"
    STORE = "储藏间"


class UnitState(Enum):
    """How a unit is used now."""

    UNSOLD = "未售"
    SOLD = "已售未交"
    HANDED_OVER = "已交付"
    OCCUPIED = "已入住"
    LET = "已出租"
    VACANT = "空置"
    RETIRED = "停用"


class AreaBasis(Enum):
    """Where an area comes from (forms.md B1.1)."""

    DEED = "产权证"
    CONTRACT = "合同(暂)"


class Community(Record):
    """小区: the estate this office looks after."""

    name = LineField(max_length=60, unique=True, verbose_name="小区名称")
    address = LineField(max_length=120, null=True, verbose_name="地址")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "小区"

    @deed(
        "owners.edit_community",
        "修改小区",
        EDIT,
        inputs=edits_of(lambda: Community, "name", "address"),
        undo="owners.edit_community",
    )
    def edit(self, **values: Any) -> Self:
        """Change its name or address."""
        return self.change(**values)

    @deed("owners.retire_community", "停用小区", EDIT, danger=True, undo="owners.restore_community")
    def retire(self) -> Self:
        """Take it out of use; its buildings must be out of use first."""
        check_retiring(self)
        return self.change(active=False)

    @deed("owners.restore_community", "恢复小区", EDIT, undo="owners.retire_community")
    def restore(self) -> Self:
        """Put it into use again."""
        return self.change(active=True)


class Building(Record):
    """楼栋: one building, or one parking lot that holds spaces."""

    community = LinkField(Community, backref="buildings", verbose_name="小区")
    code = CodeField(max_length=16, unique=True, verbose_name="楼栋号")
    name = LineField(max_length=40, verbose_name="楼栋名称")
    active = FlagField(default=True, verbose_name="在用")
    sort_key = DerivedField(max_length=80, default="", index=True, verbose_name="排序")

    key_field = "code"
    also_called = "name"

    class Meta:
        title = "楼栋"

    def label(self) -> str:
        """Return its name, such as 1栋."""
        return str(self.name)

    def derive(self) -> None:
        """Sort by the code's natural order."""
        self.sort_key = text.natural_key(self.code)

    @deed(
        "owners.edit_building",
        "修改楼栋",
        EDIT,
        inputs=edits_of(lambda: Building, "name", "community"),
        undo="owners.edit_building",
    )
    def edit(self, **values: Any) -> Self:
        """Change its name or community; the code is part of every house number in it."""
        return self.change(**values)

    @deed("owners.retire_building", "停用楼栋", EDIT, danger=True, undo="owners.restore_building")
    def retire(self) -> Self:
        """Take it out of use; its units must be out of use first."""
        check_retiring(self)
        return self.change(active=False)

    @deed("owners.restore_building", "恢复楼栋", EDIT, undo="owners.retire_building")
    def restore(self) -> Self:
        """Put it into use again."""
        return self.change(active=True)


class Entrance(Record):
    """单元: one entrance of a building, which its units share."""

    building = LinkField(Building, backref="entrances", verbose_name="楼栋")
    code = CodeField(max_length=16, verbose_name="单元号")
    floors = CountField(low=1, high=200, null=True, verbose_name="总层数")
    lift = LineField(max_length=2, null=True, verbose_name="电梯")
    active = FlagField(default=True, verbose_name="在用")

    class Meta:
        title = "单元"
        indexes = ((("building", "code"), True),)

    @classmethod
    def find(cls, key: str | int) -> Self:
        """Return the entrance called by building and its own code, such as 1-2.

        Raises:
            NotFound: there is none.
        """
        building, _, code = text.narrow(str(key)).rpartition("-")
        found = (cls.code == code) & (Building.code == building)
        for one in cls.select(cls, Building).join(Building).where(found):
            return one
        raise NotFound(f"没有单元“{key}”。请按 1-2（楼栋-单元）的样子填写。")

    def key(self) -> str:
        """Return 1-2."""
        return f"{self.building.code}-{self.code}"

    def label(self) -> str:
        """Return 1栋1单元."""
        return f"{self.building.name}{self.code}单元"

    @deed(
        "owners.edit_entrance",
        "修改单元",
        EDIT,
        inputs=edits_of(lambda: Entrance, "floors", "lift"),
        undo="owners.edit_entrance",
    )
    def edit(self, **values: Any) -> Self:
        """Change its floors or lift; the code is part of every house number in it."""
        return self.change(**values)

    @deed("owners.retire_entrance", "停用单元", EDIT, danger=True, undo="owners.restore_entrance")
    def retire(self) -> Self:
        """Take it out of use; its units must be out of use first."""
        check_retiring(self)
        return self.change(active=False)

    @deed("owners.restore_entrance", "恢复单元", EDIT, undo="owners.retire_entrance")
    def restore(self) -> Self:
        """Put it into use again."""
        return self.change(active=True)


class Unit(Record):
    """房屋: a house, shop, office, parking space or storeroom; `code` is 1-1-1011 or C0001."""

    kind = ChoiceField(UnitKind, default=UnitKind.HOUSE, verbose_name="类别")
    code = CodeField(max_length=40, unique=True, verbose_name="房号")
    building = LinkField(Building, null=True, backref="units", verbose_name="楼栋")
    entrance = LinkField(Entrance, null=True, backref="units", verbose_name="单元")
    room = CodeField(max_length=16, verbose_name="室号")
    floor = CountField(low=-9, high=200, null=True, verbose_name="楼层")
    layout = LineField(max_length=20, null=True, verbose_name="户型")
    usage = LineField(max_length=20, null=True, verbose_name="用途")
    state = ChoiceField(UnitState, default=UnitState.HANDED_OVER, verbose_name="状态")
    handed_over = DayField(null=True, verbose_name="交付日期")
    note = NoteField(null=True, verbose_name="备注")
    sort_key = DerivedField(max_length=120, default="", index=True, verbose_name="排序")

    key_field = "code"
    moves = {state: tuple(other for other in UnitState if other is not state) for state in UnitState}

    class Meta:
        title = "房屋"

    @classmethod
    def find(cls, key: str | int) -> Self:
        """Return the unit of a house number in any form people write it.

        Raises:
            NotFound: there is none, or the words fit several.
        """
        found = cls.get_or_none(cls.code == text.narrow(str(key)))
        if found is None:
            number = text.house_number(str(key))
            found = cls.get_or_none(cls.code == number) if number else None
        if found is None:
            raise NotFound(
                f"没有房号“{key}”。请核对；写法是 楼栋-单元-室号 或车位编号，例如 3-2-501、C0001。"
            )
        return found

    def derive(self) -> None:
        """Sort by the house number's natural order."""
        self.sort_key = text.natural_key(self.code)

    @property
    def chinese(self) -> str:
        """Return 1栋1单元1011, as papers print it."""
        if self.entrance is None:
            return str(self.code)
        return f"{self.building.name}{self.entrance.code}单元{self.room}"

    def area_on(self, day: date) -> UnitArea | None:
        """Return the areas that hold on a day."""
        found = UnitArea.select().where((UnitArea.unit == self) & UnitArea.on(day))
        return found.order_by(UnitArea.since.desc()).first()

    @deed(
        "owners.edit_unit",
        "修改房屋",
        EDIT,
        inputs=edits_of(
            lambda: Unit,
            *(
                "kind",
                "code",
                "building",
                "entrance",
                "room",
                "floor",
                "layout",
                "usage",
                "handed_over",
                "note",
            ),
        ),
        undo="owners.edit_unit",
    )
    def edit(self, **values: Any) -> Self:
        """Change what it is and where it lies; state, area and owners have deeds of their own."""
        check_place(values.get("building", self.building), values.get("entrance", self.entrance))
        return self.change(**values)

    @deed("owners.set_state", "变更房屋状态", EDIT, undo="owners.set_state")
    def set_state(
        self,
        state: Annotated[UnitState, Asked(ChoiceField(UnitState, verbose_name="状态"))],
        handed_over: Annotated[
            date | None, Asked(DayField(null=True, verbose_name="交付日期"), "不填就不改")
        ] = None,
    ) -> Self:
        """Say how it is used now, and since when it is handed over."""
        if state is UnitState.RETIRED:
            check_retiring(self)
        more = {"handed_over": handed_over} if handed_over else {}
        return self.change(**more) if state is self.state else self.move_to(state, **more)

    @deed(
        "owners.retire_unit",
        "停用房屋",
        EDIT,
        danger=True,
        question="停用后不再出账。确定停用这套房屋吗？",
        undo="owners.set_state",
    )
    def retire(self) -> Self:
        """Take it out of use; what was charged stays owed."""
        check_retiring(self)
        return self.move_to(UnitState.RETIRED)

    @deed("owners.set_area", "设定面积", EDIT)
    def set_area(
        self,
        billing: Annotated[
            Decimal | None, Asked(AreaField(null=True, verbose_name="计费面积"), "不填按建筑面积")
        ] = None,
        built: Annotated[Decimal | None, Asked(AreaField(null=True, verbose_name="建筑面积"))] = None,
        inner: Annotated[Decimal | None, Asked(AreaField(null=True, verbose_name="套内面积"))] = None,
        basis: Annotated[
            AreaBasis, Asked(ChoiceField(AreaBasis, verbose_name="面积依据"))
        ] = AreaBasis.CONTRACT,
        since: Annotated[
            date | None, Asked(SinceField(null=True, verbose_name="起"), "第一次不填为起初，以后为今天")
        ] = None,
    ) -> UnitArea:
        """Set the areas from a day on: 起初 for the first ones, else today; bills made before keep theirs.

        Raises:
            BadInput: neither 计费面积 nor 建筑面积, by which fees go otherwise, is given.
        """
        if billing is None and built is None:
            raise BadInput("没有填计费面积。请填计费面积，或填建筑面积并按它计费。", "billing")
        rows = list(UnitArea.select().where(UnitArea.unit == self).order_by(UnitArea.since))
        areas = {"built": built, "inner": inner, "billing": billing or built, "basis": basis}
        return _set_area(self, first_day(since, rows), rows, areas)


class UnitArea(Dated):
    """面积: the areas of a unit from a day on; bills use `billing` (计费面积)."""

    unit = LinkField(Unit, backref="areas", verbose_name="房号")
    built = AreaField(null=True, verbose_name="建筑面积")
    inner = AreaField(null=True, verbose_name="套内面积")
    billing = AreaField(verbose_name="计费面积")
    basis = ChoiceField(AreaBasis, default=AreaBasis.CONTRACT, verbose_name="面积依据")

    class Meta:
        title = "面积"
        indexes = ((("unit", "since"), True),)

    def label(self) -> str:
        """Return 94.56 ㎡."""
        return f"{Decimal(self.billing)} ㎡"


def _set_area(unit: Unit, since: date, rows: list[UnitArea], areas: dict[str, Any]) -> UnitArea:
    """Write areas from a day on, up to the next row, ending the row before."""
    until = None
    for row in rows:
        if row.since == since:
            return row.change(**areas)
        if row.since > since:
            until = row.since - ONE_DAY
            break
        if row.until is None or row.until >= since:
            row.change(until=since - ONE_DAY)
    return UnitArea.add(unit=unit, since=since, until=until, **areas)


def the_community() -> Community | None:
    """Return the community in use that was entered first; most offices have one."""
    found: Community | None = Community.select().where(Community.active).order_by(Community.id).first()
    return found


def check_place(building: Building | None, entrance: Entrance | None) -> None:
    """Refuse an entrance that is not one of the building's.

    Raises:
        BadInput: it is another building's.
    """
    if entrance is not None and (building is None or entrance.building != building):
        raise BadInput(f"{entrance.label()}不在所选的楼栋里。请选同一楼栋的单元。", "entrance")
