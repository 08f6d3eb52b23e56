"""异议: what a household says it does not owe; it is not dunned until somebody has looked into it."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated, Any, Self

from peewee import JOIN, Case, fn

from models.attachments import keeps_files
from models.base import Record, db
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees.bills import Bill
from models.fees.items import FeeItem
from models.fees.rights import DUN, VIEW
from models.fees.within import within
from models.fields import ChoiceField, DayField, LineField, LinkField, MomentField, NoteField
from models.inputs import Asked
from models.listings import Filters, Listing, Shown, choice, listing
from models.owners.estate import Unit
from models.owners.people import Person
from models.owners.search import HOUSE


class BillDispute(Record):
    """异议: of all lines of a house or of one item, from when, why, and what was found."""

    unit = LinkField(Unit, backref="disputes", verbose_name="房号")
    payer = LinkField(Person, null=True, index=False, backref="disputes", verbose_name="付款人")
    item = LinkField(FeeItem, null=True, index=False, backref="disputes", verbose_name="收费项目")
    since = DayField(verbose_name="提出日期")
    reason = LineField(max_length=200, verbose_name="异议内容")
    resolved = DayField(null=True, verbose_name="处理完日期")
    finding = NoteField(null=True, verbose_name="处理结果")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "异议"

    def label(self) -> str:
        """Return 1-1-1011 物业费 2026-11-03."""
        return f"{self.unit.code} {self.item.name if self.item else ALL} {self.since}"

    def described(self) -> str:
        """Return 1-1-1011 物业费 2026-11-03 保洁没做."""
        return f"{self.label()} {self.reason}"

    @deed("fees.resolve_dispute", "处理异议", DUN, question="处理完以后，没有交的照常催缴。")
    def resolve(
        self,
        finding: Annotated[str, Asked(NoteField(verbose_name="处理结果"))],
        on: Annotated[
            date | None, Asked(DayField(null=True, verbose_name="处理完日期"), "不填为今天")
        ] = None,
    ) -> Self:
        """Note what was found and answered; what is still owed is dunned again.

        Raises:
            RuleBroken: it is resolved already, or the day does not fit.
        """
        day = on or date.today()
        if self.resolved is not None:
            raise RuleBroken(f"{self.label()} 的异议已于 {self.resolved} 处理完。")
        if not self.since <= day <= date.today():
            raise BadInput(f"处理完日期 {day} 要在提出日期 {self.since} 和今天之间。请改日期。", "on")
        return self.change(resolved=day, finding=finding)


keeps_files(BillDispute, VIEW)
ALL = "全部收费"
PENDING = BillDispute.resolved.is_null()


AskedDisputer = Annotated[
    Person | None,
    Asked(LinkField(Person, null=True, verbose_name="付款人"), "不填为这套房的所有付款人"),
]


@deed("fees.dispute", "登记异议", DUN)
def dispute(
    unit: Annotated[Unit, Asked(LinkField(Unit, verbose_name="房号"))],
    reason: Annotated[str, Asked(LineField(max_length=200, verbose_name="异议内容"))],
    item: Annotated[
        FeeItem | None, Asked(LinkField(FeeItem, null=True, verbose_name="收费项目"), "不填为全部收费")
    ] = None,
    since: Annotated[date | None, Asked(DayField(null=True, verbose_name="提出日期"), "不填为今天")] = None,
    payer: AskedDisputer = None,
) -> BillDispute:
    """Note that a household disputes what it is charged; none of it is dunned until that is looked into.

    What somebody else owes for the house, as the next owner, is no part of it where a payer is named.

    Raises:
        BadInput: the day lies ahead.
        RuleBroken: the same is disputed already.
    """
    day = since or date.today()
    if day > date.today():
        raise BadInput(f"提出日期 {day} 还没有到。请改日期。", "since")
    same = BillDispute.item.is_null() | (BillDispute.item == item)
    same &= BillDispute.payer.is_null() | (BillDispute.payer == payer)
    known = BillDispute.select().where(PENDING & (BillDispute.unit == unit) & same).first()
    if known is not None:
        raise RuleBroken(f"{known.label()} 已登记异议，还没有处理完。请先处理那一条。")
    return BillDispute.add(
        unit=unit, payer=payer, item=item, since=day, reason=reason, made_at=now(), made_by=actor().name
    )


def disputed_units() -> list[int]:
    """Return the houses (ids) with a dispute that is not resolved."""
    return [unit for (unit,) in db.execute(BillDispute.select(BillDispute.unit).where(PENDING).distinct())]


def disputed() -> Any:
    """Return the condition on Bill that a line is disputed."""
    mine = BillDispute.item.is_null() | (BillDispute.item == Bill.item)
    mine &= BillDispute.payer.is_null() | (BillDispute.payer == Bill.payer)
    held = BillDispute.select(BillDispute.id).where(PENDING & (BillDispute.unit == Bill.unit) & mine)
    return fn.EXISTS(held)


class DisputeState(Enum):
    """Follows from whether it is resolved; never stored."""

    PENDING = "处理中"
    RESOLVED = "已处理"


@listing("disputes", "异议", "fees", VIEW, "unit", "building", "item", "state")
def disputes(filters: Filters) -> Listing:
    """What households dispute, newest first."""
    query = BillDispute.select().join(Unit).switch(BillDispute).join(FeeItem, JOIN.LEFT_OUTER)
    query = query.switch(BillDispute).join(Person, JOIN.LEFT_OUTER)
    state = Case(None, ((PENDING, DisputeState.PENDING.name),), DisputeState.RESOLVED.name)
    conditions = within(BillDispute.unit, unit=filters.unit, building=filters.building)
    if filters.item:
        conditions.append(BillDispute.item == filters.item)
    if filters.state:
        conditions.append(choice(DisputeState, filters.state).name == state)
    for condition in conditions:
        query = query.where(condition)
    columns = (
        Shown("unit", Unit.code, label="房号", sort=Unit.sort_key),
        Shown("payer", Person.name, label="付款人"),
        Shown("item", LineField(verbose_name="收费项目", max_length=40), fn.COALESCE(FeeItem.name, ALL)),
        Shown("since", BillDispute.since),
        Shown("reason", BillDispute.reason),
        Shown("state", ChoiceField(DisputeState, verbose_name="状态"), state, status=True),
        Shown("resolved", BillDispute.resolved),
        Shown("finding", BillDispute.finding),
        Shown("made_by", BillDispute.made_by, hidden=True),
        Shown("made_at", BillDispute.made_at, hidden=True),
        Shown("id", BillDispute.id, hidden=True),
    )
    return Listing(
        query, columns, id=BillDispute.id, order=("-id",), record=BillDispute,
        search=(HOUSE, BillDispute.reason, BillDispute.finding),
        tones={DisputeState.PENDING.value: "warning"},
    )  # fmt: skip
