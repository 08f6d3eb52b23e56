"""评价标准: by what suppliers of each kind are scored, how much it weighs, and what follows from a grade.

Weights of a kind make 100 and grades cover 0 to 100 without gap or overlap, or nothing is saved; evaluations
that were begun keep what they began with (forms.md SU-02, B11).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from models.base import Record
from models.deeds import deed, reaches_everybody
from models.errors import RuleBroken
from models.fields import ChoiceField, CountField, FlagField, LineField, QuantityField
from models.inputs import Asked, inputs_from
from models.rows import RowRefused, RowsField
from models.suppliers.admission import refuse_not_whole
from models.suppliers.kinds import Category
from models.suppliers.rights import RULES

CRITERIA, BANDS = "rows", "rows"
LEAST, MOST = Decimal(0), Decimal(100)


class Measure(Enum):
    """From what a criterion has its marks; all but the last are measured."""

    QUALITY = "合格批率"
    ON_TIME = "准时率"
    SHORTAGE = "短缺率"
    RETURNS = "退换率"
    PRICE = "价格"
    COMPLAINTS = "投诉"
    PAPERS = "证照"
    SERVICE = "外包月评"
    JUDGED = "打分"


FORMULAS = {
    Measure.QUALITY: "没有不合格的批数 ÷ 总批数",
    Measure.ON_TIME: "按约定日期收足的订单项 ÷ 到期的订单项",
    Measure.SHORTAGE: "100 − 短缺率 × 5；短缺率 = 没有收足的订单项 ÷ 到期的订单项",
    Measure.RETURNS: "100 − 退换率 × 5；退换率 = 有退换的批数 ÷ 总批数",
    Measure.PRICE: "100 − 高出百分比 × 5；与当时最低报价比，没有报价的与上次单价比，不高于的 100",
    Measure.COMPLAINTS: "100 − 投诉件数 × 20",
    Measure.PAPERS: "期末必备证照齐全有效的 100，否则 0",
    Measure.SERVICE: "期内各月已签外包月评得分的平均",
    Measure.JUDGED: "各评委打分的平均",
}
"""How each comes to its marks of 0 to 100, in words; `models.suppliers.scoring.facts` counts it."""


class Consequence(Enum):
    """What follows from a grade."""

    PREFER = "优先采购"
    KEEP = "续用"
    WARN = "提醒"
    WATCH = "限期整改"
    BLOCK = "暂停供货"
    END = "启动终止"


LADDER = (Consequence.WATCH, Consequence.BLOCK, Consequence.END)
"""What comes next where the period before had the same consequence already."""


class Criterion(Record):
    """评价项目: one thing by which suppliers of a kind are scored."""

    category = ChoiceField(Category, verbose_name="供方类别")
    position = CountField(verbose_name="序号")
    name = LineField(max_length=20, verbose_name="评价项目")
    measure = ChoiceField(Measure, verbose_name="数据来源")
    weight = CountField(low=1, high=100, verbose_name="权重")

    class Meta:
        title = "评价项目"
        indexes = ((("category", "name"), True),)

    def label(self) -> str:
        """Return 食品 质量合格率."""
        return f"{self.category.value} {self.name}"


class Band(Record):
    """等级: from which score to below which a grade reaches, and what follows from it."""

    grade = LineField(max_length=2, unique=True, verbose_name="等级")
    low = QuantityField(verbose_name="起(含)")
    high = QuantityField(verbose_name="止")
    consequence = ChoiceField(Consequence, verbose_name="后果")
    letter = FlagField(default=False, verbose_name="发整改通知")

    key_field = "grade"

    class Meta:
        title = "等级"


reaches_everybody(Criterion, Band)


class Set:
    """What holds from now on."""

    def __init__(self, told: str) -> None:
        self.told = told

    def summary(self) -> str:
        """Return it in one line."""
        return self.told


AskedCriteria = Annotated[
    list[dict[str, Any]],
    Asked(RowsField(inputs_from(lambda: Criterion, "name", "measure", "weight"), verbose_name="评价项目")),
]
AskedBands = Annotated[
    list[dict[str, Any]],
    Asked(
        RowsField(
            inputs_from(lambda: Band, "grade", "low", "high", "consequence", "letter"), verbose_name="等级"
        )
    ),
]


def shown(score: Decimal) -> str:
    """Return a score without the zeros at its end: 90, 59.5."""
    return f"{score.normalize():f}"


def criteria_of(category: Category) -> list[Criterion]:
    """Return by what suppliers of a kind are scored, in its order."""
    return list(Criterion.select().where(Criterion.category == category).order_by(Criterion.position))


def bands() -> list[Band]:
    """Return the grades, the best first."""
    return list(Band.select().order_by(Band.low.desc()))


@deed("suppliers.set_criteria", "设置评价项目", RULES)
def set_criteria(
    category: Annotated[Category, Asked(ChoiceField(Category, verbose_name="供方类别"))],
    rows: AskedCriteria,
) -> Set:
    """Set by what suppliers of a kind are scored; evaluations that were begun keep theirs.

    Raises:
        RuleBroken: the weights do not make 100.
        RowRefused: two are called alike.
    """
    refuse_not_whole(rows, "weight", CRITERIA, "评价项目")
    for old in criteria_of(category):
        old.remove()
    for position, row in enumerate(rows, start=1):
        Criterion.add(category=category, position=position, **row)
    return Set("、".join(f"{row['name']} {row['weight']}" for row in rows) + "。")


@deed("suppliers.set_bands", "设置等级", RULES)
def set_bands(rows: AskedBands) -> Set:
    """Set the grades and what follows from each; what was signed keeps its grade.

    Raises:
        RuleBroken: they leave a gap between 0 and 100.
        RowRefused: two overlap or are called alike, or one ends before it begins.
    """
    ordered = sorted(rows, key=lambda row: row["low"])
    _check_rows(rows)
    _check_bands(rows, ordered)
    for old in bands():
        old.remove()
    for row in reversed(ordered):
        Band.add(**row)
    return Set(
        "、".join(f"{row['grade']} {shown(row['low'])}–{shown(row['high'])}" for row in reversed(ordered))
        + "。"
    )


def _check_rows(rows: Sequence[Mapping[str, Any]]) -> None:
    names: set[str] = set()
    for number, row in enumerate(rows):
        if row["grade"] in names:
            raise RowRefused(f"等级“{row['grade']}”写了两次。请合成一行。", BANDS, number, "grade")
        names.add(row["grade"])
        if row["high"] <= row["low"]:
            told = f"等级“{row['grade']}”的止 {shown(row['high'])} 不大于起 {shown(row['low'])}"
            raise RowRefused(f"{told}。请核对。", BANDS, number, "high")


def _check_bands(rows: Sequence[Mapping[str, Any]], ordered: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a gap or an overlap between 0 and 100."""
    reached = LEAST
    for row in ordered:
        if row["low"] > reached:
            raise RuleBroken(
                f"{shown(reached)} 到 {shown(row['low'])} 分没有等级。等级要从 0 到 100 连起来。"
            )
        if row["low"] < reached:
            told = f"等级“{row['grade']}”从 {shown(row['low'])} 起，与前一级到 {shown(reached)} 止重叠"
            raise RowRefused(f"{told}。请改成正好相接。", BANDS, list(rows).index(row), "low")
        reached = row["high"]
    if reached < MOST:
        raise RuleBroken(f"{shown(reached)} 到 100 分没有等级。等级要从 0 到 100 连起来。")
    if reached > MOST:
        raise RuleBroken(f"最高一级到 {shown(reached)} 分，超过 100。请改为 100。")


def band_of(score: Decimal) -> Band:
    """Return the grade of a score of 0 to 100; the best one includes 100."""
    for band in bands():
        if score >= band.low:
            return band
    raise RuleBroken("没有设置等级。请先“设置等级”。")
