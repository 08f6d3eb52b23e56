"""演示的登记: the invented estate enters the office as a real one does: one workbook of our template.

The workbook is never written to a file; its sheets go straight to what reads them. Opening arrears of
those who paid nothing for years come with it, and are signed for. What happens later, happens by deeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from desktop.demo.calendar import Calendar
from desktop.demo.estate import COMMUNITY, LOT, Estate, Place, inner_area
from desktop.demo.staff import Crew
from models import deeds, imports
from models.fees import assign, items, opening
from models.fees.items import Basis, Category, FeeItem, StartRule
from models.imports import layouts
from models.months import Month
from models.owners import tenure
from models.owners.estate import AreaBasis, Building, Unit, UnitKind
from models.owners.imports import import_workbook
from models.owners.people import Person
from models.workbook import Cell, SheetData

BOOK = Path("枫林雅苑档案.xlsx")
_CENT = Decimal("0.01")

HOUSES, SHOPS, SHARED, WASTE, PARKING, STORES = "WY01", "WY02", "NH01", "LJ01", "CW01", "CC01"
WATER = "SF01"
_PRICE, _RAISED = Decimal("2.1000"), Decimal("2.3500")
_ITEMS: tuple[tuple[str, str, Category, Basis, int, bool, str, str], ...] = (
    (HOUSES, "住宅物业服务费", Category.PROPERTY, Basis.AREA, 3, False, f"{_PRICE}", "0"),
    (SHOPS, "商铺物业服务费", Category.PROPERTY, Basis.AREA, 1, False, "4.8000", "0"),
    (SHARED, "公共能耗费", Category.SHARED, Basis.AREA, 3, False, "0.1500", "5.00"),
    (WASTE, "生活垃圾处理费", Category.OTHER, Basis.HOUSEHOLD, 6, True, "8.0000", "0"),
    (PARKING, "车位服务费", Category.PARKING, Basis.FIXED, 3, False, "0", "60.00"),
    (STORES, "储藏间管理费", Category.SERVICE, Basis.FIXED, 6, False, "0", "15.00"),
    (WATER, "代收水费", Category.UTILITY, Basis.METER, 1, True, "2.8000", "0"),
)
_TIERS = (("12", "4.2000"), ("18", "8.4000"))
"""Beyond how many m³ a month water costs how much."""
_PAID_BY = (
    (HOUSES, UnitKind.HOUSE), (SHARED, UnitKind.HOUSE), (WASTE, UnitKind.HOUSE), (WASTE, UnitKind.SHOP),
    (SHOPS, UnitKind.SHOP), (PARKING, UnitKind.PARKING), (STORES, UnitKind.STORE),
)  # fmt: skip


def enter(estate: Estate, crew: Crew, calendar: Calendar) -> None:
    """Enter items, the roster with its opening arrears, who pays what, and what changes later."""
    with deeds.acting(crew.accountant):
        made = _add_items(calendar)
    with deeds.acting(crew.admin):
        _import(estate, calendar)
        crew.take_charge([Building.find(code) for code in estate.buildings()])
    with deeds.acting(crew.accountant):
        _assign(made, {place.kind for place in estate.places})
    with deeds.acting(crew.supervisor):
        _sell(estate)
        _measure_again(estate)


def _add_items(calendar: Calendar) -> dict[str, FeeItem]:
    """Add the items from the first month on; the price of houses rises in the middle of a month."""
    since, made = calendar.first.first, {}
    for code, name, category, basis, cycle, collected, price, extra in _ITEMS:
        made[code] = items.add_item(
            code=code, name=name, category=category, basis=basis, cycle=cycle, collected=collected,
            start_rule=StartRule.SAME_DAY, since=since,
        )  # fmt: skip
        rate = items.set_rate(made[code], since, Decimal(price), Decimal(extra))
        if basis is Basis.METER:
            rate.set_tiers([{"over": Decimal(over), "price": Decimal(at)} for over, at in _TIERS])
    items.set_rate(made[HOUSES], calendar.month(0.5).day(16), _RAISED, Decimal(0))
    return made


def _assign(made: dict[str, FeeItem], kinds: set[str]) -> None:
    """Let the units pay from the day they were handed over."""
    for code, kind in _PAID_BY:
        if kind.value in kinds:
            assign.assign(made[code], kind=kind)


def _sell(estate: Estate) -> None:
    for sale in estate.sales:
        first, *others = [Person.find(number) for number in sale.buyers]
        tenure.transfer(
            Unit.find(sale.unit), first, sale.on, others=[{"person": one} for one in others], despite=True
        )


def _measure_again(estate: Estate) -> None:
    """Replace the area of the contract by that of the deed, a month and a half after the keys were given."""
    for place in estate.places:
        if place.code in estate.remeasured:
            since = Month.of(place.handed_over).plus(1).day(15)
            built = place.built + Decimal("0.84")
            Unit.find(place.code).set_area(built, built, inner_area(built), AreaBasis.DEED, since)


# -- the workbook ----------------------------------------------------------------------------------


def _import(estate: Estate, calendar: Calendar) -> None:
    layout, roster = layouts.draft(list(_sheets(estate, calendar)))
    done = import_workbook(imports.planned(BOOK, layout.title, roster))
    for batch in done.batches:
        held = opening.totals(batch) if batch.kind == "opening" else None
        if held is not None:
            opening.sign_opening(batch, held.arrears, held.prepaid)


def _sheets(estate: Estate, calendar: Calendar) -> Iterable[SheetData]:
    yield _sheet("楼栋", ("楼栋号", "楼栋名称", "小区", "单元号", "总层数", "电梯"), _building_rows(estate))
    yield _sheet("房屋", _UNIT_HEADS, map(_unit_row, estate.places))
    people = (
        (who.number, who.name, who.kind, who.gender, who.phone, who.identity, who.contact)
        for who in estate.people.all
    )
    yield _sheet("业主", ("业主编号", "姓名", "类别", "性别", "电话", "证件号码", "联系人"), people)
    yield _sheet("产权", ("房号", "业主编号", "份额(%)", "主要联系人"), estate.owned)
    yield _sheet("使用", ("房号", "业主编号", "关系", "由其交费", "起", "止"), estate.used)
    cars = ((car.plate, car.owner, car.space, car.brand, car.colour, car.since) for car in estate.cars)
    yield _sheet("车辆", ("车牌号", "业主编号", "车位", "品牌", "颜色", "起"), cars)
    yield _sheet(
        "期初", ("房号", "业主编号", "项目编号", "月份", "欠费金额"), _opening_rows(estate, calendar)
    )


def _sheet(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> SheetData:
    return SheetData(title, [list(heads), *(list(row) for row in rows)])


def _building_rows(estate: Estate) -> Iterable[tuple[Cell, ...]]:
    floors: dict[tuple[str, str | None], int] = {}
    for place in estate.places:
        key = place.building, place.entrance if place.kind == "住宅" else None
        floors[key] = max(floors.get(key, 1), place.floor)
    for (building, entrance), top in floors.items():
        name = "地下车库" if building == LOT else f"{building}栋"
        lift = None if entrance is None else ("有" if top > 6 else "无")
        yield building, name, COMMUNITY, entrance, top if entrance else None, lift


_UNIT_HEADS = (
    *("房号", "类别", "楼栋号", "单元号", "室号", "楼层", "户型", "用途", "状态", "交付日期"),
    *("计费面积", "建筑面积", "套内面积", "面积依据"),
)


def _unit_row(place: Place) -> tuple[Cell, ...]:
    return (
        place.code, place.kind, place.building, place.entrance, place.room, place.floor, place.layout,
        place.usage, place.state, place.handed_over, place.built, place.built, inner_area(place.built),
        place.basis,
    )  # fmt: skip


def _opening_rows(estate: Estate, calendar: Calendar) -> Iterable[tuple[Cell, ...]]:
    """Yield what debtors owe for months before the first run."""
    built = {place.code: place.built for place in estate.places}
    for unit, payer, since in estate.debtors:
        for back in range(max(calendar.first.minus(since), 0), 0, -1):
            month = str(calendar.first.plus(-back))
            yield unit, payer, HOUSES, month, (built[unit] * _PRICE).quantize(_CENT, ROUND_HALF_UP)
            energy = built[unit] * Decimal("0.15") + 5
            yield unit, payer, SHARED, month, energy.quantize(_CENT, ROUND_HALF_UP)
