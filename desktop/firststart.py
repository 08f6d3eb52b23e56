"""首次使用: from nothing to the first printed bill: office, houses, what they pay, the first month."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import platformdirs

from desktop import settings
from models.base import Record
from models.deeds import DEEDS, together
from models.errors import BadInput, NotFound, RuleBroken
from models.fees.items import FeeItem, Rate
from models.fees.runs import Run
from models.fields import LineField, MonthField, SecretField
from models.inputs import Input
from models.listings import LISTS, Filters
from models.money import thousands
from models.months import Month, Period
from models.office.founding import found_office
from models.office.profile import Profile
from models.owners.estate import Community, Unit
from models.text import system_reason
from ui.wizard import Step, Values

ENDING = ".db"
_ESTATE = ("buildings", "entrances", "floors", "rooms", "area")
_USUAL_ITEM = "物业服务费"


def usual_folder() -> Path:
    """Return where a new office is kept unless the person says otherwise."""
    return platformdirs.user_data_path(settings.APP, appauthor=False)


def steps(opened: Callable[[Path, str], Any], print_first: Callable[[Month, Any], Path]) -> list[Step]:
    """Return the steps that lead to the first printed bill.

    Args:
        opened: opens the database of the path and signs its administrator in by this password.
        print_first: prints the payment notice of a month for one unit; returns the file.
    """
    return [_office_step(opened), _estate_step(), _price_step(), _bill_step(print_first)]


def _office_step(opened: Callable[[Path, str], Any]) -> Step:
    return Step(
        "新建管理处",
        "先给管理处取名，并为管理员（登录名 admin）定一个口令。全部数据存在这台电脑的一个文件里。",
        _office_inputs,
        "新建",
        lambda values, _: _found(values),
        told=lambda made: f"已新建，数据存在 {made[0]}。请记好管理员口令。",
        values=lambda: {"folder": str(usual_folder())},
        done=lambda made: opened(*made),
    )


def _estate_step() -> Step:
    return Step(
        "小区和房屋",
        "按楼栋、单元、楼层批量生成房号，例如 1-2-301。以后可以逐套修改，也可以从工作簿导入。",
        _estate_inputs,
        "生成房屋",
        lambda values, _: _generate(values),
        told=lambda made: f"已生成。{made}",
        values=lambda: {"entrances": 2, "rooms": 4, "area": Decimal("90.00")},
        trial=lambda values, _: _try_generate(values),
        skip="以后导入",
    )


def _price_step() -> Step:
    return Step(
        "收费标准",
        "先设一个按面积收的项目；全部房屋从本月起按它收。其他项目以后在“收费项目”里加。",
        _price_inputs,
        "设好",
        lambda values, _: _charge(values),
        told=lambda made: f"已设好，{made} 从本月起收。",
        values=lambda: {"name": _USUAL_ITEM},
        skip="以后再设",
    )


def _bill_step(print_first: Callable[[Month, Any], Path]) -> Step:
    return Step(
        "第一个月的账单",
        "算出这个月每户应交多少并出账；再打印第一张交费通知单看看。出错了可以整批撤销。",
        lambda: [_input("month", MonthField(verbose_name="月份"), required=True)],
        "出账并打印",
        lambda values, _: _bill(values["month"], print_first),
        values=lambda: {"month": Month.of(date.today())},
        trial=lambda values, _: _try_bill(values["month"]),
        skip="以后出账",
    )


# -- what is asked for -------------------------------------------------------------------------


def _input(name: str, field: Any, *, required: bool = False, without: str = "") -> Input:
    field.name = name
    return Input(name, field, required, without=without)


def _office_inputs() -> list[Input]:
    return [
        Input("office", Profile.office, True),
        _input("folder", LineField(max_length=400, verbose_name="存放文件夹"), required=True),
        _input("password", SecretField(max_length=200, verbose_name="管理员口令"), required=True),
        _input("again", SecretField(max_length=200, verbose_name="再输入一次"), required=True),
    ]


def _estate_inputs() -> list[Input]:
    asked = {one.name: one for one in DEEDS["owners.generate"].inputs}
    hints = {
        "buildings": "例如 1-6,8",
        "floors": "例如 1-18",
        "area": "不填则出账前要补",
    }
    found = [asked[name] for name in _ESTATE]
    return [
        Input("community", Community.name, True),
        *(
            Input(one.name, one.field, one.name != "area", one.default, without=hints.get(one.name, ""))
            for one in found
        ),
    ]


def _price_inputs() -> list[Input]:
    return [Input("name", FeeItem.name, True), Input("price", Rate.price, True, without="元/㎡·月")]


# -- what is done ------------------------------------------------------------------------------


def _found(values: Values) -> tuple[Path, str]:
    if values["password"] != values["again"]:
        raise BadInput("两次输入的口令不一样，请再输入。", "again")
    folder = Path(values["folder"]).expanduser()
    if not folder.is_absolute():
        raise BadInput("请填完整的文件夹，例如 D:\\物业数据。", "folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        reason = system_reason(problem)
        raise BadInput(f"建不了文件夹 {folder}：{reason}。请换一个。", "folder") from None
    path = free(folder, values["office"])
    found_office(path, values["office"], values["password"])
    return path, values["password"]


def free(folder: Path, office: str) -> Path:
    """Return a file that is not there yet, named after the office."""
    stem = re.sub(r'[\\/:*?"<>|\s]+', "", office)[:40].strip(".") or "管理处"
    names = [f"{stem}{ENDING}", *(f"{stem}-{number}{ENDING}" for number in range(2, 100))]
    return next(folder / name for name in names if not (folder / name).exists())


def _estate(values: Values) -> Values:
    return {name: values[name] for name in _ESTATE if values.get(name) is not None}


def _try_generate(values: Values) -> str:
    return str(DEEDS["owners.generate"](**_estate(values), dry_run=True).summary())


def _generate(values: Values) -> str:
    community = _known(Community, values["community"])
    if community is None:
        community = DEEDS["owners.add_community"](name=values["community"])
    return str(DEEDS["owners.generate"](**_estate(values), community=community).summary())


def _charge(values: Values) -> str:
    item = _known(FeeItem, values["name"])
    with together():  # a price typed wrongly must not stay when a later part is refused
        if item is None:
            item = DEEDS["fees.add_item"](code="01", name=values["name"])
            DEEDS["fees.set_rate"](item, price=values["price"])
        batch = DEEDS["fees.assign"](item, since=Month.of(date.today()).first)
    return f"{batch.count:,} 套房屋"


def _try_bill(month: Month) -> str:
    trial = Run(month).trial()
    return f"{month} 将出 {len(trial.lines):,} 笔，共 {thousands(trial.amount)} 元。"


def _bill(month: Month, print_first: Callable[[Month, Any], Path]) -> str:
    batch = DEEDS["fees.bill"](month)
    if batch is None:
        raise RuleBroken("这个月没有可出的账：房屋还没有设收费，或没有面积。可以选“以后出账”，补齐后再出。")
    listed = LISTS["bills"](Filters(period=Period.of_month(month))).sorted("unit")
    first = listed.plain(listed.window(size=1)[0])
    return str(print_first(month, Unit.find(first["unit"])))


def _known(kind: type[Record], name: str) -> Any:
    """Return the record of a name, made by a try before; None where there is none."""
    try:
        return kind.find(name)
    except NotFound:
        return None


def ways(
    found: Callable[[], Any], choose: Callable[[], Any], restore: Callable[[], Any], show: Callable[[], Any]
) -> Sequence[tuple[str, str, str, Callable[[], Any]]]:
    """Return how a first start may go on: icon, verb, sentence, act."""
    return (
        ("ph.plus", "新建管理处", "从取名开始，几步之内生成房屋、设好收费、印出第一张通知单。", found),
        ("ph.folder-open", "打开数据库", "这台电脑或局域网里已经有管理处的数据库文件。", choose),
        (
            "ph.clock-counter-clockwise",
            "从备份恢复",
            "换了电脑，或数据库坏了，手里有备份文件。",
            restore,
        ),
        (
            "ph.eye",
            "看演示",
            "建一个虚构的小区随便试用：所有打印件都带“演示”水印，不能当真的收据用。",
            show,
        ),
    )
