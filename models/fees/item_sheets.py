"""收费项目的导入: what is charged and which unit pays it, from our template and the peer's workbook.

A price holds from the item's first billed day. A unit's item keeps its own days as they were given:
billing takes the later start and the earlier end of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from models.errors import BadInput
from models.fees.items import Assignment, Basis, Category, FeeItem, Rate
from models.fields import (
    BEGINNING,
    CodeField,
    CountField,
    DayField,
    LineField,
    MoneyField,
    PriceField,
    SinceField,
    accept,
)
from models.imports import Column, Line, Ref, Roster, kind, peer_sheet, template_sheet
from models.owners.estate import Unit
from models.owners.kinds import unit_ref
from models.owners.peer_sheets import room_code

_ITEM_FIELDS = (
    *("code", "name", "category", "basis", "cycle", "due_day", "collected", "start_rule", "since", "until"),
)
_FORMULAS = {"1001": Basis.AREA, "2002": Basis.FIXED}
_MONTHLY = "每月1日"
_OTHER_RHYTHMS = ("每年1月1日", "每日", "实时")
_NO_ITEM = "0"

kind(FeeItem, "code", differs="需要改时请用“修改收费项目”。")
kind(Rate, "item", "since", group=("item",), differs="单价有变时请用“定价”。")
kind(
    Assignment,
    *("unit", "item", "since"),
    group=("unit", "item"),
    once=("unit", "item"),
    differs="需要改时请在收费设置里修改。",
)


# -- our template ------------------------------------------------------------------------------


@template_sheet(
    "收费项目",
    (
        Column("code", FeeItem.code, required=True),
        Column("name", FeeItem.name, required=True),
        Column("category", FeeItem.category),
        Column("basis", FeeItem.basis),
        Column("cycle", FeeItem.cycle, hint="几个月一次出账，1 到 12"),
        Column("due_day", FeeItem.due_day, hint="没有填就按本处设置"),
        Column("collected", FeeItem.collected, hint="代收的不计入收缴率"),
        Column("start_rule", FeeItem.start_rule),
        Column("minimum", FeeItem.minimum, hint="一个月至少收多少；没有就留空"),
        Column("since", FeeItem.since),
        Column("until", FeeItem.until),
        Column("price", PriceField(verbose_name="单价"), hint="元/㎡·月；按户的是元/户·月"),
        Column("extra", Rate.extra, hint="固定金额的项目填在这里"),
        Column("rate_since", SinceField(verbose_name="价格起"), hint="没有填就从计费起始算起"),
    ),
    order=70,
    about="收费项目和单价，一个项目一行。",
)
def read_items(lines: list[Line], roster: Roster) -> None:
    """Read fee items and the price each begins with."""
    given = (
        "code",
        "name",
        "category",
        "basis",
        "cycle",
        "due_day",
        "collected",
        "start_rule",
        "minimum",
        "since",
        "until",
    )
    for line in lines:
        roster.add(FeeItem, line, **{name: line[name] for name in given})
        if line["price"] is not None or line["extra"] is not None:
            since = line["rate_since"] or line["since"] or BEGINNING
            _add_rate(line, roster, since, line["price"], line["extra"])


@template_sheet(
    "收费设置",
    (
        Column("unit", Assignment.unit, required=True),
        Column("item", Assignment.item, heading="项目编号", required=True),
        Column("since", SinceField(verbose_name="起"), hint="第一个计费日；没有填就从收费项目的计费起始算起"),
        Column("until", SinceField(verbose_name="止"), hint="最后一个计费日；至今就留空"),
    ),
    order=80,
    about="哪套房屋交哪个项目，一套一项一行。",
)
def read_assignments(lines: list[Line], roster: Roster) -> None:
    """Read which unit pays what, from when to when."""
    for line in lines:
        if line["unit"] is None or line["item"] is None:
            continue
        since, until = line["since"] or BEGINNING, line["until"]
        if until is not None and until < since:
            line.error("until", "止日早于起日", "请改正其中一个。")
        if basis_of(line["item"], roster) is Basis.METER:
            line.error("item", "这个项目按读数收费，不用设置到房屋", "请删去这一行，在“表计”表里填收费项目。")
        item = Ref(FeeItem, line["item"], "item")
        roster.add(Assignment, line, unit=unit_ref(line["unit"], "unit"), item=item, since=since, until=until)


def basis_of(code: str, roster: Roster) -> Basis | None:
    """Return how an item is charged that the workbook brings or the office has; None for an unknown one."""
    for draft in roster.drafts.get(FeeItem, ()):
        if draft.values["code"] == code:
            return draft.values["basis"] or Basis.AREA
    known = FeeItem.get_or_none(FeeItem.code == code)
    return None if known is None else known.basis


# -- the peer's workbook -----------------------------------------------------------------------


@peer_sheet(
    "费用设置",
    (
        Column("code", CodeField(max_length=16, verbose_name="费用编号"), required=True),
        Column("category", LineField(max_length=20, verbose_name="费用类型")),
        Column("name", LineField(max_length=40, verbose_name="收费项目"), required=True),
        Column("rhythm", LineField(max_length=20, verbose_name="费用标识")),
        Column("cycle", CountField(low=1, high=12, verbose_name="缴费周期"), required=True),
        Column("billed", CodeField(max_length=20, verbose_name="出账类型"), required=True),
        Column("since", DayField(verbose_name="计费起始时间"), required=True),
        Column("until", DayField(verbose_name="计费结束时间")),
        Column("formula", CodeField(max_length=8, verbose_name="计算公式"), required=True),
        Column("price", PriceField(verbose_name="计费单价")),
        Column("extra", MoneyField(verbose_name="固定费用")),
    ),
    order=25,
    ignored=("付费类型",),
)
def read_peer_items(lines: list[Line], roster: Roster) -> None:
    """Read fee items; the price holds from 计费起始时间."""
    for line in lines:
        _check_peer_item(line)
        basis = _FORMULAS.get(line["formula"], Basis.AREA)
        roster.add(
            FeeItem,
            line,
            code=line["code"],
            name=line["name"],
            category=_category(line["category"]),
            basis=basis,
            cycle=line["cycle"],
            since=line["since"],
            until=line["until"],
        )
        price = line["price"] if basis is Basis.AREA else None
        _add_rate(line, roster, line["since"], price, line["extra"])


def _check_peer_item(line: Line) -> None:
    formula, billed, rhythm = line["formula"], line["billed"], line["rhythm"]
    if formula is not None and formula not in _FORMULAS:
        line.error("formula", "不认识的计算公式", "请填 1001（面积×单价+附加费）或 2002（固定费用）。")
    if billed in _OTHER_RHYTHMS:
        line.note("billed", "本系统按月出账，已按“每月1日”导入", "缴费周期不变；请核对第一期的起止。")
    elif billed is not None and billed != _MONTHLY:
        line.error("billed", "不认识的出账类型", f"请填 {_MONTHLY}。")
    if rhythm is not None and rhythm != "周期性费用":
        line.error(
            "rhythm", "不是周期性费用，不能按周期出账", "请改为“周期性费用”，或删去这个项目和房屋里的编号。"
        )
    if line["since"] and line["until"] and line["until"] < line["since"]:
        line.error("until", "计费结束时间早于计费起始时间", "请改正其中一个。")


def _category(written: str | None) -> Category:
    return next(
        (one for one in Category if one.value == written), Category.OTHER if written else Category.PROPERTY
    )


@peer_sheet(
    "房屋信息",
    (
        Column("items", LineField(max_length=200, verbose_name="房屋费用")),
        Column("starts", LineField(max_length=400, verbose_name="费用开始时间")),
    ),
    order=35,
)
def read_peer_assignments(lines: list[Line], roster: Roster) -> None:
    """Read the items of each room: several in one cell as 1#2, with as many days as 2020-06-10#2020-07-10."""
    for line in lines:
        seen: set[str] = set()
        for code, since in _items(line):
            if code in seen:
                line.error("items", f"收费项目 {code} 写了两次", "请只写一次。")
            seen.add(code)
            item = Ref(FeeItem, code, "items")
            roster.add(Assignment, line, unit=Ref(Unit, room_code(line)), item=item, since=since)


def _items(line: Line) -> Iterator[tuple[str, Any]]:
    """Yield item number and first day; 0 is no item."""
    codes, days = _split(line["items"]), _split(line["starts"])
    if not codes or codes == [_NO_ITEM]:
        return
    if len(codes) != len(days):
        reason = f"房屋费用有 {len(codes)} 项，费用开始时间有 {len(days)} 个，对不上"
        line.error(
            "starts", reason, "请用 # 隔开，每项费用对应一个开始时间，例如 1#2 和 2020-06-10#2020-07-10。"
        )
        return
    for code, day in zip(codes, days, strict=True):
        if code == _NO_ITEM:
            continue
        try:
            yield accept(_CODE, code), accept(_START, day)
        except BadInput as problem:
            line.refuse("starts" if problem.field == _START.name else "items", problem)


def _split(cell: str | None) -> list[str]:
    return [] if cell is None else [part.strip() for part in cell.replace("＃", "#").split("#")]


_CODE = CodeField(max_length=16, verbose_name="房屋费用")
_START = DayField(verbose_name="费用开始时间")
_CODE.name, _START.name = "items", "starts"  # a refusal says by it which cell is meant


# -- both --------------------------------------------------------------------------------------


def _add_rate(line: Line, roster: Roster, since: Any, price: Decimal | None, extra: Decimal | None) -> None:
    item = Ref(FeeItem, line["code"])
    roster.add(Rate, line, item=item, since=since, price=price or Decimal(0), extra=extra or Decimal(0))
