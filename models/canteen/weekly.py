"""贮存周检查 (CA-05): once a week the store is looked at, point by point; the sheet is typed back fast.

Thirteen points are looked at each time, none is left out; what is wrong is handled and has its day. A week
without a check by Sunday night is missed (forms.md B13).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from models.attachments import keeps_files
from models.base import Record, journal
from models.canteen.rights import STORE, VIEW
from models.canteen.rules import rules
from models.clock import now, past, past_day
from models.deeds import actor, deed, reaches_everybody
from models.entries import Filling, Line, Sheet, Strange, entry
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    TemperatureField,
)
from models.inputs import Asked, Input
from models.listings import Filters, Shown
from models.rows import RowRefused, RowsField
from models.search import finds_numbered

ROWS = "rows"


class CheckPoint(Enum):
    """What is looked at each week."""

    OFF_WALL = "离墙离地"
    AIR = "通风防潮"
    PESTS = "防鼠防虫"
    LIGHT = "照明"
    FIRE = "消防器材"
    APART = "生熟分开"
    LABELS = "标签齐全"
    FIFO = "先进先出"
    PACKING = "包装完好"
    SENSES = "感官正常"
    NEAR = "临期清点"
    TOXIC = "有毒物分存"
    CLEAN = "清洁"


STANDARDS = {
    CheckPoint.OFF_WALL: "离墙离地 10 厘米以上",
    CheckPoint.AIR: "通风良好，无霉斑、积水",
    CheckPoint.PESTS: "挡鼠板、纱窗、粘鼠板完好，无虫鼠迹",
    CheckPoint.LIGHT: "灯具完好有罩",
    CheckPoint.FIRE: "灭火器在位有效，通道畅通",
    CheckPoint.APART: "生熟、荤素、成品与原料分开",
    CheckPoint.LABELS: "品名、批次、到期日标签齐全",
    CheckPoint.FIFO: "先到期的在外、先用",
    CheckPoint.PACKING: "无破损、胀包、渗漏",
    CheckPoint.SENSES: "色泽、气味、形态正常",
    CheckPoint.NEAR: "临期批次已清点、已通知",
    CheckPoint.TOXIC: "洗消、灭鼠药品另室上锁",
    CheckPoint.CLEAN: "地面、货架、冷柜清洁",
}
"""What each point asks for, as the sheet prints it."""


class Passed(Enum):
    """What was found."""

    GOOD = "合格"
    BAD = "不合格"


class StoreCheck(Record):
    """周检查: one look at the store, ZC-2026-W48."""

    number = CodeField(max_length=16, unique=True, verbose_name="检查号")
    week = DayField(unique=True, verbose_name="周一日期")
    at = MomentField(verbose_name="检查时间")
    room = TemperatureField(verbose_name="库房温度℃")
    damp = CountField(low=0, high=100, verbose_name="库房湿度%")
    cool = TemperatureField(verbose_name="冷藏温度℃")
    frozen = TemperatureField(verbose_name="冷冻温度℃")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="检查人")

    key_field = "number"

    class Meta:
        title = "周检查"

    def described(self) -> str:
        """Return ZC-2026-W48，13 项，不合格 1 项."""
        bad = self.lines.where(StoreCheckLine.passed == Passed.BAD).count()
        return f"{self.number}，{self.lines.count()} 项，不合格 {bad} 项"

    def strange(self) -> str:
        """Return what is warmer or damper than it may be; empty where nothing is."""
        now_valid = rules()
        told = (
            ("冷藏", self.cool, now_valid.cool_most, "℃"),
            ("冷冻", self.frozen, now_valid.frozen_most, "℃"),
            ("湿度", Decimal(self.damp), Decimal(now_valid.damp_most), "%"),
        )
        return "；".join(
            f"{name} {found:f}{unit} 高于 {most:f}{unit}" for name, found, most, unit in told if found > most
        )


class StoreCheckLine(Record):
    """周检查项: one point, as it was found."""

    check = LinkField(StoreCheck, backref="lines", verbose_name="周检查")
    point = ChoiceField(CheckPoint, verbose_name="检查项")
    passed = ChoiceField(Passed, verbose_name="结果")
    problem = LineField(max_length=120, null=True, verbose_name="问题、批次")
    handling = LineField(max_length=120, null=True, verbose_name="处理")
    done_on = DayField(null=True, verbose_name="完成日期")

    class Meta:
        title = "周检查项"
        indexes = ((("check", "point"), True),)

    def label(self) -> str:
        """Return ZC-2026-W48 防鼠防虫."""
        return f"{self.check.number} {self.point.value}"


reaches_everybody(StoreCheck, StoreCheckLine)
keeps_files(StoreCheck, VIEW)
finds_numbered(VIEW, "ZC", StoreCheck, "store_checks", "贮存周检查", lambda one: one.described())


_COOL, _FROZEN = Decimal(30), Decimal(10)
"""℃ above which a figure is a slip of the pen: a broken fridge is as warm as its room."""


def monday_of(day: date) -> date:
    """Return the Monday of the week that holds a day."""
    return day - timedelta(days=day.weekday())


def number_of(monday: date) -> str:
    """Return how the check of a week is called: ZC-2026-W48, by the week of ISO 8601."""
    year, week, _ = monday.isocalendar()
    return f"ZC-{year}-W{week:02d}"


def _inputs() -> list[Input]:
    return [
        Input("point", ChoiceField(CheckPoint, verbose_name="检查项"), required=True),
        Input("passed", ChoiceField(Passed, verbose_name="结果"), required=True),
        Input("problem", LineField(max_length=120, null=True, verbose_name="问题、批次"), required=False),
        Input("handling", LineField(max_length=120, null=True, verbose_name="处理"), required=False),
        Input("done_on", DayField(null=True, verbose_name="完成日期"), required=False),
    ]


@deed("canteen.check_store", "登记周检查", STORE)
def check_store(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="检查项"))],
    room: Annotated[Decimal, Asked(TemperatureField(verbose_name="库房温度℃"))],
    damp: Annotated[int, Asked(CountField(low=0, high=100, verbose_name="库房湿度%"))],
    cool: Annotated[Decimal, Asked(TemperatureField(verbose_name="冷藏温度℃"))],
    frozen: Annotated[Decimal, Asked(TemperatureField(verbose_name="冷冻温度℃"))],
    at: Annotated[
        datetime | None, Asked(MomentField(null=True, verbose_name="检查时间"), "不填为现在")
    ] = None,
) -> StoreCheck:
    """Enter the check of a week: every point, and how warm and damp it was.

    Raises:
        RowRefused: a point stands twice, or what is wrong is not said.
        RuleBroken: points are missing, or the week has its check.
        BadInput: the time lies ahead, or a temperature is none that a fridge or freezer has.
    """
    for name, degrees, most in (("cool", cool, _COOL), ("frozen", frozen, _FROZEN)):
        if degrees > most:
            raise BadInput(f"{degrees} ℃ 高于 {most} ℃，设备不会这样。请核对，零下的要写负号。", name)
    moment = past(at, "检查时间")
    monday = monday_of(moment.date())
    if StoreCheck.get_or_none(StoreCheck.week == monday) is not None:
        raise RuleBroken(f"{number_of(monday)} 已经登记过了，一周一次。")
    _check(rows)
    made = StoreCheck.add(
        number=number_of(monday), week=monday, at=moment, room=room, damp=damp, cool=cool, frozen=frozen,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for row in rows:
        StoreCheckLine.add(check=made, **row)
    journal().subject = made
    return made


def _check(rows: Sequence[Mapping[str, Any]]) -> None:
    seen = set()
    for number, row in enumerate(rows):
        if row["point"] in seen:
            raise RowRefused(f"{row['point'].value} 写了两行。请合成一行。", ROWS, number, "point")
        seen.add(row["point"])
        problem = _strange(row)
        if problem:
            raise RowRefused(f"{problem}。", ROWS, number, "problem")
    missing = [point.value for point in CheckPoint if point not in seen]
    if missing:
        raise RuleBroken(f"还有 {len(missing)} 项没有查：{'、'.join(missing)}。请补齐。")


def _strange(row: Mapping[str, Any]) -> str:
    if row.get("passed") is None:
        return "没有填结果"
    if row["passed"] is Passed.BAD and not (row.get("problem") and row.get("handling")):
        return Strange.at("handling" if row.get("problem") else "problem", "不合格的要写问题和处理")
    return ""


@deed("canteen.mend_store", "整改完成", STORE)
def mend_store(
    line: Annotated[StoreCheckLine, Asked(LinkField(StoreCheckLine, verbose_name="周检查项"))],
    handling: Annotated[
        str | None, Asked(LineField(max_length=120, null=True, verbose_name="处理"), "不填照原来的")
    ] = None,
    done_on: Annotated[date | None, Asked(DayField(null=True, verbose_name="完成日期"), "不填为今天")] = None,
) -> StoreCheckLine:
    """Note that what a check found wrong is put right.

    Raises:
        RuleBroken: nothing was wrong, or it is put right already.
        BadInput: the day lies ahead, or before the check.
    """
    if line.passed is Passed.GOOD or line.done_on is not None:
        raise RuleBroken(f"{line.label()} 没有要整改的。")
    day = past_day(done_on, "完成日期", "done_on")
    if day < line.check.at.date():
        raise BadInput(f"完成日期 {day} 早于检查日期 {line.check.at:%Y-%m-%d}。", "done_on")
    return line.change(handling=handling or line.handling, done_on=day)


@entry(
    "store_checking",
    "周检查录入",
    "canteen.check_store",
    ROWS,
    ("passed", "problem", "handling", "done_on"),
)
def store_checking(filters: Filters) -> Sheet:
    """The thirteen points; the equals key says that one is as it should be."""
    monday = monday_of(now().date())
    done = StoreCheck.get_or_none(StoreCheck.week == monday) is not None
    return Sheet(
        told=(
            Shown("point", LineField(max_length=12, verbose_name="检查项")),
            Shown("standard", LineField(max_length=40, verbose_name="标准")),
        ),
        lines=[
            Line(point.value, (point.value, STANDARDS[point]), {"point": point}, {"passed": Passed.GOOD})
            for point in CheckPoint
        ],
        judge=lambda line, row: _strange(row),
        strict="passed",
        filling=Filling.WHOLE,
        warns=f"本周已登记 {number_of(monday)}。补登上一周的，请填检查时间。" if done else "",
    )
