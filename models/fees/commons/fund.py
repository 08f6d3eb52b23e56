"""维修资金使用: what the special maintenance fund is drawn for, who decided it, how much of it was drawn.

The office only keeps the register: the money itself lies with the authority. Owners of two thirds of the area
and two thirds of the owners must take part in the vote; more than half of the area and of the owners taking
part must agree (民法典 278, 281). In an emergency the authority may approve without a vote.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any

from peewee import fn

from models.base import Record, db
from models.fees.commons.owners import Concerned, Part
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NumberField,
    QuantityField,
)
from models.money import from_scaled, thousands, to_scaled
from models.owners.estate import Building, Entrance
from models.series import Series

PROJECTS = Series("WZJ", "维修资金使用")


class FundState(Enum):
    """How far a project is."""

    PLANNED = "待表决"
    REFUSED = "表决未通过"
    VOTED = "表决通过"
    APPROVED = "已批准"
    ACCEPTED = "已验收"
    CLOSED = "已结清"
    WITHDRAWN = "已撤销"


MOVES = {
    FundState.PLANNED: (FundState.VOTED, FundState.REFUSED, FundState.APPROVED, FundState.WITHDRAWN),
    FundState.REFUSED: (FundState.VOTED, FundState.WITHDRAWN),
    FundState.VOTED: (FundState.APPROVED, FundState.WITHDRAWN),
    FundState.APPROVED: (FundState.ACCEPTED, FundState.WITHDRAWN),
    FundState.ACCEPTED: (FundState.CLOSED,),
}
"""From PLANNED straight to APPROVED goes only an emergency."""


class FundProject(Record):
    """维修资金项目: one use of the fund, from its plan to the last payment."""

    number = NumberField(verbose_name="维修资金单号")
    name = LineField(max_length=60, verbose_name="项目名称")
    building = LinkField(Building, null=True, backref="fund_projects", verbose_name="楼栋")
    entrance = LinkField(Entrance, null=True, backref="fund_projects", verbose_name="单元")
    place = LineField(max_length=80, verbose_name="维修部位")
    need = LineField(max_length=200, verbose_name="维修原因")
    estimate = MoneyField(verbose_name="预算金额")
    urgent = FlagField(default=False, verbose_name="应急使用")
    urgency = LineField(max_length=120, null=True, verbose_name="应急情形")
    units = CountField(verbose_name="涉及户数")
    owners = CountField(verbose_name="涉及业主人数")
    area = QuantityField(verbose_name="涉及面积")
    state = ChoiceField(FundState, default=FundState.PLANNED, verbose_name="状态")
    contractor = LineField(max_length=60, null=True, verbose_name="施工单位")
    permit = LineField(max_length=60, null=True, verbose_name="批准文号")
    approved_on = DayField(null=True, verbose_name="批准日期")
    approved = MoneyField(null=True, verbose_name="批准金额")
    accepted_on = DayField(null=True, verbose_name="验收日期")
    acceptance = LineField(max_length=120, null=True, verbose_name="验收情况")
    settled = MoneyField(null=True, verbose_name="结算金额")
    closed_on = DayField(null=True, verbose_name="结清日期")
    withdrawn = LineField(max_length=120, null=True, verbose_name="撤销原因")
    made_on = DayField(index=True, verbose_name="登记日期")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"
    moves = MOVES

    class Meta:
        title = "维修资金项目"

    def described(self) -> str:
        """Return WZJ-202611-001 屋面防水 1栋 已批准 48,000.00 元."""
        told = f"{self.number} {self.name} {self.where} {self.state.value}"
        return f"{told} {thousands(self.approved if self.approved is not None else self.estimate)} 元"

    @property
    def where(self) -> str:
        """Whose part of the fund bears it: an entrance, a building or the whole estate."""
        if self.entrance is not None:
            return f"{self.entrance.building.name}{self.entrance.code}单元"
        return str(self.building.name) if self.building is not None else "全小区"

    @property
    def bearers(self) -> Concerned:
        """Who bears it, as the files said when it was entered."""
        kept = FundPart.select().where(FundPart.project == self).order_by(FundPart.id)
        return Concerned([Part(one.name, one.units, to_scaled(one.area, 2)) for one in kept], self.owners)

    @property
    def votes(self) -> list[FundVote]:
        """Every vote on it, in turn."""
        return list(FundVote.select().where(FundVote.project == self).order_by(FundVote.id))


class FundPart(Record):
    """分担范围: the units of one building that bear a project; never changed."""

    project = LinkField(FundProject, backref="+", verbose_name="维修资金单号")
    name = LineField(max_length=40, verbose_name="范围")
    units = CountField(verbose_name="户数")
    area = QuantityField(verbose_name="面积")

    class Meta:
        title = "分担范围"


class FundVote(Record):
    """表决记录: who took part in a vote and who agreed, as counted; never changed."""

    project = LinkField(FundProject, backref="+", verbose_name="维修资金单号")
    on = DayField(verbose_name="表决日期")
    owners_all = CountField(verbose_name="应参与人数")
    area_all = QuantityField(verbose_name="应参与面积")
    owners_in = CountField(verbose_name="参与人数")
    area_in = QuantityField(verbose_name="参与面积")
    owners_for = CountField(verbose_name="同意人数")
    area_for = QuantityField(verbose_name="同意面积")
    passed = FlagField(verbose_name="通过")
    note = LineField(max_length=120, null=True, verbose_name="表决方式与备注")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "表决记录"

    def label(self) -> str:
        """Return WZJ-202611-001 2026-11-20 通过."""
        return f"{self.project.number} {self.on} {'通过' if self.passed else '未通过'}"

    def summary(self) -> str:
        """Say each of the four conditions, and what follows."""
        result = "表决通过" if self.passed else "表决未通过"
        return f"{'；'.join(told for told, _ in self.conditions())}。{result}。"

    def conditions(self) -> list[tuple[str, bool]]:
        """Return the four conditions of 民法典 278 in words, and whether each is met."""
        rows = (
            ("参与面积", self.area_in, self.area_all, 3, 2, False),
            ("参与人数", self.owners_in, self.owners_all, 3, 2, False),
            ("同意面积", self.area_for, self.area_in, 2, 1, True),
            ("同意人数", self.owners_for, self.owners_in, 2, 1, True),
        )
        return [_condition(*row) for row in rows]


def _condition(name: str, part: Any, whole: Any, times: int, share: int, more: bool) -> tuple[str, bool]:
    met = part * times > whole * share if more else part * times >= whole * share
    met = met and whole > 0
    asked = "过半数" if more else "三分之二以上"
    told = "—" if not whole else f"{(Decimal(part) * 100 / Decimal(whole)):.1f}%"
    return f"{name} {part}/{whole}（{told}，要{asked}，{'符合' if met else '不符合'}）", met


class FundDraw(Record):
    """维修资金支取: what was drawn of the fund for a project; one that reverses another is negative."""

    project = LinkField(FundProject, backref="draws", verbose_name="维修资金单号")
    on = DayField(index=True, verbose_name="支取日期")
    amount = MoneyField(signed=True, verbose_name="支取金额")
    voucher = LineField(max_length=40, verbose_name="凭证号")
    receiver = LineField(max_length=60, null=True, verbose_name="收款单位")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    reverses = LinkField("self", null=True, unique=True, backref="reversals", verbose_name="冲正")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "维修资金支取"

    def label(self) -> str:
        """Return WZJ-202611-001 2026-11-25 30,000.00 元."""
        return f"{self.project.number} {self.on} {thousands(self.amount)} 元"


def drawn(project: FundProject) -> Decimal:
    """Return what was drawn for a project so far, in 元."""
    query = FundDraw.select(fn.COALESCE(fn.SUM(FundDraw.amount), 0)).where(FundDraw.project == project)
    return from_scaled(next(iter(db.execute(query)))[0], 2)
