"""房产: the community, its buildings, and every unit that can carry a fee."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Self

from models import text
from models.base import Dated, Record
from models.errors import NotFound
from models.fields import (
    AreaField,
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    LinkField,
    NoteField,
)


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

    key_field = "name"

    class Meta:
        title = "小区"


class Building(Record):
    """楼栋: one building, or one parking lot that holds spaces."""

    community = LinkField(Community, backref="buildings", verbose_name="小区")
    code = CodeField(max_length=16, unique=True, verbose_name="楼栋号")
    name = LineField(max_length=40, verbose_name="楼栋名称")
    sort_key = LineField(max_length=80, default="", index=True, verbose_name="排序")

    key_field = "code"

    class Meta:
        title = "楼栋"

    def label(self) -> str:
        """Return its name, such as 1栋."""
        return str(self.name)

    def derive(self) -> None:
        """Sort by the code's natural order."""
        self.sort_key = text.natural_key(self.code)


class Entrance(Record):
    """单元: one entrance of a building, which its units share."""

    building = LinkField(Building, backref="entrances", verbose_name="楼栋")
    code = CodeField(max_length=16, verbose_name="单元号")
    floors = CountField(low=1, high=200, null=True, verbose_name="总层数")
    lift = LineField(max_length=2, null=True, verbose_name="电梯")

    class Meta:
        title = "单元"
        indexes = ((("building", "code"), True),)

    def label(self) -> str:
        """Return 1栋1单元."""
        return f"{self.building.name}{self.code}单元"


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
    sort_key = LineField(max_length=120, default="", index=True, verbose_name="排序")

    key_field = "code"

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
            raise NotFound(f"没有房号“{key}”。请按 1-1-1011（楼栋-单元-室号）或车位编号填写。")
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
