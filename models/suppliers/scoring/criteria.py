"""评价标准: by what suppliers of each kind are scored, and how much it weighs.

Weights of a kind make 100, or nothing is saved; evaluations that were begun keep what they began with
(forms.md SU-02, B11).
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

from models.base import Record
from models.deeds import deed, reaches_everybody
from models.fields import ChoiceField, CountField, LineField
from models.inputs import Asked, inputs_from
from models.rows import RowsField
from models.suppliers.admission import refuse_not_whole
from models.suppliers.grades import RulesSet
from models.suppliers.kinds import Category
from models.suppliers.rights import RULES

CRITERIA = "rows"


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


reaches_everybody(Criterion)


AskedCriteria = Annotated[
    list[dict[str, Any]],
    Asked(RowsField(inputs_from(lambda: Criterion, "name", "measure", "weight"), verbose_name="评价项目")),
]


def criteria_of(category: Category) -> list[Criterion]:
    """Return by what suppliers of a kind are scored, in its order."""
    return list(Criterion.select().where(Criterion.category == category).order_by(Criterion.position))


@deed("suppliers.set_criteria", "设置评价项目", RULES)
def set_criteria(
    category: Annotated[Category, Asked(ChoiceField(Category, verbose_name="供方类别"))],
    rows: AskedCriteria,
) -> RulesSet:
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
    return RulesSet("、".join(f"{row['name']} {row['weight']}" for row in rows) + "。")
