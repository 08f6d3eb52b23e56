"""受理单: one matter that somebody reported: a complaint or a repair, from the call to its closing.

Both sorts share one record, since one call brings both, one outage takes both with it and one list of
visits back follows both; each has its own table of moves (forms.md A11).
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Self

from models.base import Record
from models.clock import now
from models.complaints.kinds import Grade, Kind, Place, Problem, Sort
from models.complaints.outages import Outage
from models.complaints.terms import Measure
from models.errors import RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NoteField,
    NumberField,
    PhoneField,
)
from models.office.staff import Department, Staff
from models.owners.estate import Building, Unit
from models.owners.people import Person
from models.series import Series

COMPLAINTS = Series("TS", "投诉单")
REPAIRS = Series("BX", "报修单", digits=4)
SERIES = {Sort.COMPLAINT: COMPLAINTS, Sort.REPAIR: REPAIRS}


class Channel(Enum):
    """渠道: how it came (CS-01)."""

    PHONE = "电话"
    VISIT = "来访"
    LETTER = "来信"
    WECHAT = "微信"
    GUARD = "保安转"
    SUPERIOR = "上级转"
    HOTLINE = "12345"
    ROUND = "巡查"


OFFICIAL = (Channel.SUPERIOR, Channel.HOTLINE)
"""Channels whose orders bear a number and a deadline of their own."""


class CallerKind(Enum):
    """Who reported it."""

    OWNER = "业主"
    TENANT = "租户"
    ANONYMOUS = "匿名"
    STAFF = "员工"
    OTHER = "其他"


class CaseState(Enum):
    """How far a case is; complaints and repairs share the first and the last."""

    RECEIVED = "已登记"
    ASSIGNED = "已分派"
    WORKING = "处理中"
    WAITING = "待业主"
    REVIEW = "待审核"
    DISPATCHED = "已派工"
    ARRIVED = "已到场"
    QUOTED = "报价待确认"
    FINISHED = "待验收"
    VISITING = "待回访"
    VISITED = "待关闭"
    CLOSED = "已关闭"
    WITHDRAWN = "已撤回"
    UNFOUNDED = "不成立"


S = CaseState
MOVES: dict[Sort, dict[CaseState, tuple[CaseState, ...]]] = {
    Sort.COMPLAINT: {
        S.RECEIVED: (S.ASSIGNED, S.WITHDRAWN, S.UNFOUNDED),
        S.ASSIGNED: (S.ASSIGNED, S.WORKING, S.WITHDRAWN, S.UNFOUNDED),
        S.WORKING: (S.ASSIGNED, S.WAITING, S.REVIEW, S.WITHDRAWN, S.UNFOUNDED),
        S.WAITING: (S.WORKING, S.WITHDRAWN, S.UNFOUNDED),
        S.REVIEW: (S.WORKING, S.VISITING, S.VISITED, S.UNFOUNDED),
        S.VISITING: (S.VISITED, S.ASSIGNED),
        S.VISITED: (S.CLOSED, S.ASSIGNED),
        S.CLOSED: (S.ASSIGNED,),
        S.WITHDRAWN: (S.RECEIVED,),
        S.UNFOUNDED: (S.RECEIVED,),
    },
    Sort.REPAIR: {
        S.RECEIVED: (S.DISPATCHED, S.WITHDRAWN),
        S.DISPATCHED: (S.DISPATCHED, S.ARRIVED, S.WAITING, S.WITHDRAWN),
        S.ARRIVED: (S.DISPATCHED, S.QUOTED, S.WAITING, S.FINISHED, S.WITHDRAWN),
        S.QUOTED: (S.ARRIVED, S.WITHDRAWN),
        S.WAITING: (S.DISPATCHED, S.ARRIVED, S.WITHDRAWN),
        S.FINISHED: (S.DISPATCHED, S.VISITING, S.CLOSED),
        S.VISITING: (S.CLOSED, S.DISPATCHED),
        S.CLOSED: (S.DISPATCHED,),
        S.WITHDRAWN: (S.RECEIVED,),
    },
}
"""Allowed moves of each sort. Who reported something in an outage is closed with it from any open state."""

ENDED = (S.CLOSED, S.WITHDRAWN, S.UNFOUNDED)
APART = (S.WITHDRAWN, S.UNFOUNDED)
"""States outside the rates: listed, not counted (forms.md B8)."""
TONES = {
    S.WAITING.value: "info",
    S.QUOTED.value: "info",
    S.CLOSED.value: "ok",
    S.RECEIVED.value: "warning",
    S.REVIEW.value: "warning",
    S.FINISHED.value: "warning",
    S.VISITING.value: "warning",
    S.VISITED.value: "warning",
}


class Cause(Enum):
    """原因 by the six of CS-02."""

    MAN = "人"
    MACHINE = "机"
    MATERIAL = "料"
    METHOD = "法"
    SURROUNDINGS = "环"
    OUTSIDE = "外部"


class Way(Enum):
    """方式: how somebody was spoken to."""

    HOME = "上门"
    PHONE = "电话"
    WECHAT = "微信"
    COUNTER = "当面"
    LETTER = "书面"


class Opinion(Enum):
    """业主意见 on an answer."""

    AGREES = "认可"
    DISAGREES = "不认可"


class Nature(Enum):
    """收费性质 of a repair."""

    FREE = "无偿"
    PAID = "有偿"
    WARRANTY = "保修"


class Mark(Enum):
    """评价 in five steps, as CS-05 and CS-06 ask for it."""

    VERY_GOOD = "很满意"
    GOOD = "满意"
    FAIR = "基本满意"
    BAD = "不满意"
    VERY_BAD = "很不满意"

    @property
    def points(self) -> int:
        """5 for the best, 1 for the worst."""
        return len(Mark) - list(Mark).index(self)

    @property
    def bad(self) -> bool:
        """Whether somebody must see to it again."""
        return self in (Mark.BAD, Mark.VERY_BAD)


class Quality(Enum):
    """处理质量, as the office itself judges it, whatever the owner's mark."""

    GOOD = "合格"
    BAD = "不合格"


class Call(Record):
    """来电来访: one conversation, in which several matters may be reported."""

    at = MomentField(index=True, verbose_name="受理时间")
    channel = ChoiceField(Channel, verbose_name="渠道")
    caller_kind = ChoiceField(CallerKind, verbose_name="来人")
    unit = LinkField(Unit, null=True, backref="calls", verbose_name="房号")
    person = LinkField(Person, null=True, backref="calls", verbose_name="人员")
    name = LineField(max_length=40, null=True, verbose_name="姓名")
    phone = PhoneField(null=True, verbose_name="电话")
    order_number = CodeField(max_length=40, null=True, verbose_name="工单号")
    order_due = MomentField(null=True, verbose_name="工单时限")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="受理人")

    class Meta:
        title = "来电来访"

    def label(self) -> str:
        """Return 2026-11-23 09:02 电话 王桂芳."""
        return f"{self.at:%Y-%m-%d %H:%M} {self.channel.value} {self.who}"

    @property
    def who(self) -> str:
        """How papers name the caller."""
        return str(self.name or self.caller_kind.value)


class ServiceCase(Record):
    """受理单: a complaint or a repair."""

    number = NumberField(verbose_name="单号")
    sort = ChoiceField(Sort, verbose_name="性质")
    call = LinkField(Call, backref="cases", verbose_name="来电来访")
    received_at = MomentField(verbose_name="受理时间")
    unit = LinkField(Unit, null=True, backref="cases", verbose_name="房号")
    building = LinkField(Building, null=True, backref="cases", verbose_name="楼栋")
    area = LineField(max_length=60, null=True, verbose_name="位置")
    problem = LinkField(Problem, backref="cases", verbose_name="事项")
    place = ChoiceField(Place, verbose_name="部位")
    kind = ChoiceField(Kind, verbose_name="类别")
    matter = LineField(max_length=30, verbose_name="事项")
    grade = ChoiceField(Grade, verbose_name="等级")
    content = NoteField(verbose_name="内容")
    demand = NoteField(null=True, verbose_name="诉求")
    again_of = LinkField("self", null=True, backref="again", verbose_name="重复自")
    outage = LinkField(Outage, null=True, backref="cases", verbose_name="停供通报")
    first_due = MomentField(verbose_name="响应时限")
    first_measure = ChoiceField(Measure, verbose_name="响应单位")
    due_at = MomentField(verbose_name="承诺时限")
    due_measure = ChoiceField(Measure, verbose_name="办结单位")
    state = ChoiceField(CaseState, default=CaseState.RECEIVED, verbose_name="状态")
    live = FlagField(default=True, verbose_name="在办")
    department = LinkField(Department, null=True, index=False, backref="+", verbose_name="承办部门")
    handler = LinkField(Staff, null=True, backref="cases", verbose_name="承办人")
    reported_at = MomentField(null=True, verbose_name="上报主任时间")
    directed_at = MomentField(null=True, verbose_name="主任批示时间")
    direction = NoteField(null=True, verbose_name="主任批示")
    violation = NoteField(null=True, verbose_name="违章情况")
    stopped_at = MomentField(null=True, verbose_name="制止时间")
    first_at = MomentField(null=True, verbose_name="首次响应")
    finding = NoteField(null=True, verbose_name="现场核实")
    cause = ChoiceField(Cause, null=True, verbose_name="原因分类")
    reason = NoteField(null=True, verbose_name="原因分析")
    measures = NoteField(null=True, verbose_name="处理措施")
    answer = NoteField(null=True, verbose_name="答复")
    answered_way = ChoiceField(Way, null=True, verbose_name="答复方式")
    opinion = ChoiceField(Opinion, null=True, verbose_name="业主意见")
    prevention = NoteField(null=True, verbose_name="纠正预防要求")
    finished_at = MomentField(null=True, verbose_name="办结时间")
    reviewed_by = LineField(max_length=60, null=True, verbose_name="审核人")
    appointed_from = MomentField(null=True, verbose_name="预约起")
    appointed_to = MomentField(null=True, verbose_name="预约止")
    dispatched_at = MomentField(null=True, verbose_name="派工时间")
    arrived_at = MomentField(null=True, verbose_name="到场时间")
    nature = ChoiceField(Nature, null=True, verbose_name="收费性质")
    labour = MoneyField(null=True, verbose_name="人工费")
    quoted = MoneyField(null=True, verbose_name="报价")
    cost = MoneyField(null=True, verbose_name="费用")
    agreed_at = MomentField(null=True, verbose_name="报价确认时间")
    agreed_by = LineField(max_length=40, null=True, verbose_name="报价确认人")
    accepted_at = MomentField(null=True, verbose_name="验收时间")
    accepted_by = LineField(max_length=40, null=True, verbose_name="验收人")
    charge = CodeField(max_length=40, null=True, verbose_name="费用单号")
    visit_due = DayField(null=True, verbose_name="回访期限")
    visited_at = MomentField(null=True, verbose_name="回访时间")
    mark = ChoiceField(Mark, null=True, verbose_name="满意度")
    quality = ChoiceField(Quality, null=True, verbose_name="处理质量")
    closed_at = MomentField(null=True, verbose_name="关闭时间")
    first_closed_at = MomentField(null=True, verbose_name="首次关闭")
    reopened = CountField(default=0, verbose_name="重开次数")

    key_field = "number"

    class Meta:
        title = "受理单"
        indexes = (
            (("live", "due_at"), False),
            (("sort", "received_at"), False),
        )

    def described(self) -> str:
        """Return TS-202611-001 1-1-1011 保洁 楼道不洁."""
        return f"{self.number} {self.where} {self.kind.value} {self.matter}"

    @property
    def where(self) -> str:
        """The house, or the place that all share."""
        parts = [self.unit.code if self.unit else self.building.name if self.building else "", self.area]
        return " ".join(filter(None, parts)) or "—"

    @property
    def chinese(self) -> str:
        """The place as papers print it."""
        house = self.unit.chinese if self.unit else self.building.name if self.building else ""
        return " ".join(filter(None, [house, self.area])) or "—"

    @property
    def late(self) -> bool:
        """Whether it was done, or is still undone, after its promised time."""
        return self.state not in APART and (self.finished_at or now()) > self.due_at

    def require(self, sort: Sort) -> None:
        """Refuse a case of the other sort.

        Raises:
            RuleBroken: it is one.
        """
        if self.sort is not sort:
            raise RuleBroken(f"{self.number} 是{self.sort.value}，不是{sort.value}，不能这样办。")

    def require_in(self, *states: CaseState, why: str) -> None:
        """Refuse what fits other states alone.

        Raises:
            RuleBroken: it stands in another one; `why` ends the sentence.
        """
        if self.state not in states:
            raise RuleBroken(f"{self.number} 现在是“{self.state.value}”，{why}")

    def move_to(self, state: Enum, **values: Any) -> Self:
        """Move along the table of its sort.

        Raises:
            RuleBroken: this move is not allowed from where the case stands.
        """
        if state not in MOVES[self.sort].get(self.state, ()):
            raise RuleBroken(
                f"{self.sort.value} {self.number} 现在是“{self.state.value}”，不能改为“{state.value}”。"
            )
        return self.put_in(state, **values)

    def put_in(self, state: Enum, **values: Any) -> Self:
        """Put it in a state, whatever the table says: only what ends with an outage."""
        return self.change(state=state, live=state not in ENDED, **values)
