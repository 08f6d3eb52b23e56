"""临期通知 (CA-07): a week before goods expire, who uses them is told, and answers (duty c04.a.07).

Goods that live a week at the most are none of this: they are used up within days (forms.md B11.4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from typing import Annotated, Any

from models.attachments import keeps_files
from models.base import Record, journal
from models.canteen.lots import Freshness, StockLot, freshness
from models.canteen.rights import STORE, VIEW
from models.canteen.shelf import NEAR
from models.clock import now, past_day
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    DayField,
    LineField,
    LinkField,
    LinksField,
    MomentField,
    NumberField,
    StockField,
)
from models.inputs import Asked, Input
from models.office.staff import Department
from models.rows import RowRefused, RowsField
from models.search import finds_numbered
from models.series import Series

NOTICES = Series("LQ", "临期物品通知单", digits=2, daily=True)
ROWS = "rows"


class Rest(Enum):
    """What becomes of what the department does not take."""

    TAKE = "领用"
    RETURN = "退供"
    WRITE_OFF = "报损"


class NoticeState(Enum):
    """Whether the department answered."""

    SENT = "待回执"
    ANSWERED = "已回执"


class ExpiryNotice(Record):
    """临期物品通知单: what is about to expire, told to a department."""

    number = NumberField(verbose_name="通知单号")
    day = DayField(index=True, verbose_name="通知日期")
    department = LinkField(Department, backref="+", verbose_name="建议使用部门")
    state = ChoiceField(NoticeState, default=NoticeState.SENT, index=True, verbose_name="回执")
    receiver = LineField(max_length=40, null=True, verbose_name="部门签收人")
    answered_on = DayField(null=True, verbose_name="回执日期")
    made_at = MomentField(verbose_name="通知时间")
    made_by = LineField(max_length=60, verbose_name="通知人")

    key_field = "number"
    moves = {NoticeState.SENT: (NoticeState.ANSWERED,)}

    class Meta:
        title = "临期物品通知单"

    def described(self) -> str:
        """Return LQ-20261120-01 食堂，3 批."""
        return f"{self.number} {self.department.name}，{self.lines.count()} 批"


class NoticeLine(Record):
    """临期明细: one lot, as it stood, and what the department says to it."""

    notice = LinkField(ExpiryNotice, backref="lines", verbose_name="通知单")
    lot = LinkField(StockLot, backref="notices", verbose_name="批次")
    stock = StockField(verbose_name="结存")
    wanted_by = DayField(verbose_name="拟领日期")
    taken = StockField(null=True, verbose_name="领用数")
    rest = ChoiceField(Rest, null=True, verbose_name="剩余处置")

    class Meta:
        title = "临期明细"
        indexes = ((("notice", "lot"), True),)

    def label(self) -> str:
        """Return 大米 RK-202611-001/1."""
        return f"{self.lot.item.goods.name} {self.lot.code}"


reaches_everybody(ExpiryNotice, NoticeLine)
keeps_files(ExpiryNotice, VIEW)
finds_numbered(VIEW, "LQ", ExpiryNotice, "expiry_notices", "临期通知", lambda one: one.department.name)


def to_notify(day: date) -> list[StockLot]:
    """Return the lots about to expire that are there and that nobody was told of, the first one first."""
    told = NoticeLine.select(NoticeLine.lot)
    soon = StockLot.expires_on.between(day, day + timedelta(days=NEAR))
    query = StockLot.select().where((StockLot.stock > StockLot.held) & soon & StockLot.id.not_in(told))
    found = query.order_by(StockLot.expires_on, StockLot.id)
    return [lot for lot in found if freshness(lot, day) is Freshness.NEAR]


@deed("canteen.notify_expiry", "发临期通知", STORE)
def notify_expiry(
    department: Annotated[Department, Asked(LinkField(Department, verbose_name="建议使用部门"))],
    lots: Annotated[
        list[StockLot] | None,
        Asked(LinksField(StockLot, null=True, verbose_name="批次"), "不填为全部临期的"),
    ] = None,
    wanted_by: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="拟领日期"), "不填为到期前一天")
    ] = None,
) -> ExpiryNotice:
    """Tell a department what is about to expire, so that it is used in time.

    Raises:
        RuleBroken: nothing is about to expire, or a lot is not, or was told already.
        BadInput: the day has passed, or lies after the last good day of a lot.
    """
    today = now().date()
    due = to_notify(today)
    wanted = lots or due
    if not wanted:
        raise RuleBroken(f"没有 {NEAR} 天内到期、还没有通知的批次。")
    for lot in wanted:
        if lot.id not in {one.id for one in due}:
            raise RuleBroken(f"批次 {lot.code} 不是临期（{NEAR} 天内到期），或已经通知过了。")
    if wanted_by is not None and wanted_by < today:
        raise BadInput(f"拟领日期 {wanted_by} 已经过了。请填今天或以后的日期。", "wanted_by")
    late = next((lot for lot in wanted if wanted_by is not None and wanted_by > lot.expires_on), None)
    if late is not None:
        told = f"拟领日期 {wanted_by} 晚于 {late.item.label()} 的到期日 {late.expires_on}"
        raise BadInput(f"{told}。请提前，或分开通知。", "wanted_by")
    made = ExpiryNotice.add(
        number=NOTICES.next(today), day=today, department=department, made_at=now(), made_by=actor().name
    )
    for lot in wanted:
        before = max(today, lot.expires_on - timedelta(days=1))
        NoticeLine.add(notice=made, lot=lot, stock=lot.stock - lot.held, wanted_by=wanted_by or before)
    journal().subject = made
    return made


def _inputs() -> list[Input]:
    return [
        Input("line", LinkField(NoticeLine, verbose_name="临期明细").roomier(20), required=True),
        Input("taken", StockField(verbose_name="领用数"), required=True),
        Input("rest", ChoiceField(Rest, null=True, verbose_name="剩余处置"), required=False),
    ]


@deed("canteen.answer_notice", "登记回执", STORE)
def answer_notice(
    notice: Annotated[ExpiryNotice, Asked(LinkField(ExpiryNotice, verbose_name="通知单"))],
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="回执"))],
    receiver: Annotated[str, Asked(LineField(max_length=40, verbose_name="部门签收人"))],
    answered_on: Annotated[
        date | None, Asked(DayField(null=True, verbose_name="回执日期"), "不填为今天")
    ] = None,
) -> ExpiryNotice:
    """Note what a department takes of what it was told, and what becomes of the rest.

    Raises:
        RuleBroken: it answered already, or a line is missing.
        RowRefused: a line is of another notice, stands twice, more is taken than there was, or nothing is
            said of the rest.
        BadInput: the day lies ahead.
    """
    day = past_day(answered_on, "回执日期", "answered_on")
    _check(notice, rows)
    for row in rows:
        row["line"].change(taken=row["taken"], rest=row.get("rest"))
    return notice.move_to(NoticeState.ANSWERED, receiver=receiver, answered_on=day)


def _check(notice: ExpiryNotice, rows: Sequence[Mapping[str, Any]]) -> None:
    seen = set()
    for number, row in enumerate(rows):
        line: NoticeLine = row["line"]
        if line.notice_id != notice.id or line.id in seen:
            raise RowRefused(f"{line.label()} 不是这张通知单的，或写了两行。", ROWS, number, "line")
        seen.add(line.id)
        if row["taken"] > line.stock:
            told = f"通知时结存 {line.lot.item.told(line.stock)}"
            raise RowRefused(f"{told}，领用数不能更多。", ROWS, number, "taken")
        if row["taken"] < line.stock and row.get("rest") is None:
            raise RowRefused("没有全部领用的，请选剩余处置。", ROWS, number, "rest")
    missing = notice.lines.count() - len(seen)
    if missing:
        raise RuleBroken(f"{notice.number} 还有 {missing} 批没有填。请每批填一行。")


def rows_of(notice: ExpiryNotice) -> list[dict[str, Any]]:
    """Return a row for each lot of a notice, as `answer_notice` takes them, all of it taken."""
    return [
        {"line": line, "taken": line.stock, "rest": None} for line in notice.lines.order_by(NoticeLine.id)
    ]
