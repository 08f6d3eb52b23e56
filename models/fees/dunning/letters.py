"""催缴单: one letter to one household for all that it owes, kept as it was printed; and its delivery.

A household is a house and who owes for it: after a sale the former owner is asked for his debt, the new one
for his. What was issued never changes; one that was wrong is void, with its number and a reason.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from peewee import fn

from models.attachments import Attachment, keeps_files
from models.base import Record
from models.batches import Batch
from models.clock import now
from models.deeds import Actor, actor, deed, judges_scope, within_scope
from models.errors import RuleBroken
from models.fees.bills import OPEN, Bill
from models.fees.dunning.rules import Stage
from models.fees.rights import DUN, VIEW
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    DayField,
    FactsField,
    FlagField,
    LineField,
    LinkField,
    LinksField,
    MomentField,
    MoneyField,
    NumberField,
)
from models.inputs import Asked
from models.money import thousands
from models.office.staff import Staff
from models.owners.estate import Unit
from models.owners.people import Person
from models.series import Series
from models.workdays import WorkCalendar

SERIES = {
    Stage.FIRST: Series("CJ1", "第一次催缴"),
    Stage.SECOND: Series("CJ2", "第二次催缴"),
    Stage.FORMAL: Series("CGH", "催告函", yearly=True),
}


class LetterState(Enum):
    """Issued, or void with its number kept."""

    ISSUED = "已开"
    VOID = "作废"


class DunningLetter(Record):
    """催缴单: what a household was asked to pay, by when; `facts` holds its rows and words as printed."""

    number = NumberField(verbose_name="催缴单号")
    stage = ChoiceField(Stage, verbose_name="催缴阶段")
    unit = LinkField(Unit, backref="dunning_letters", verbose_name="房号")
    payer = LinkField(Person, null=True, index=False, backref="dunning_letters", verbose_name="付款人")
    addressee = LineField(max_length=140, verbose_name="致")
    on = DayField(verbose_name="开单日")
    days = CountField(verbose_name="限几天")
    deadline = DayField(verbose_name="缴费期限")
    oldest = DayField(verbose_name="最早截止日")
    principal = MoneyField(verbose_name="欠费本金")
    late = MoneyField(default=Decimal(0), verbose_name="违约金")
    facts = FactsField(verbose_name="单据内容")
    batch = LinkField(Batch, null=True, backref="dunning_letters", verbose_name="批次")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")
    state = ChoiceField(LetterState, default=LetterState.ISSUED, verbose_name="状态")
    void_reason = LineField(max_length=80, null=True, verbose_name="作废原因")
    voided_at = MomentField(null=True, verbose_name="作废时间")
    voided_by = LineField(max_length=60, null=True, verbose_name="作废人")

    key_field = "number"
    moves = {LetterState.ISSUED: (LetterState.VOID,)}

    class Meta:
        title = "催缴单"

    def described(self) -> str:
        """Return CJ1-202611-001 1-1-1011 王桂芳 890.48 元."""
        return f"{self.number} {self.unit.code} {self.addressee} {thousands(self.total)} 元"

    @property
    def total(self) -> Decimal:
        """What it asks for, in 元."""
        return Decimal(self.principal) + Decimal(self.late)


class DunningLine(Record):
    """催缴明细: a bill line that a letter asks for, with what was open on it and the 违约金 that it bore."""

    letter = LinkField(DunningLetter, backref="lines", verbose_name="催缴单号")
    bill = LinkField(Bill, backref="dunned", verbose_name="账单")
    amount = MoneyField(default=Decimal(0), verbose_name="本金")
    late = MoneyField(default=Decimal(0), verbose_name="违约金")
    days = CountField(verbose_name="逾期天数")

    class Meta:
        title = "催缴明细"

    def label(self) -> str:
        """Return CJ1-202611-001 1-1-1011 物业费 2026-09."""
        return f"{self.letter.number} {self.bill.label()}"


class Way(Enum):
    """How a letter is handed over. Never 张贴: on a door it would tell a person's debt to everybody."""

    HAND = "面交"
    BOX = "信箱"
    WECHAT = "微信"
    MAIL = "邮寄"
    LEFT = "留置"


class Arrival(Enum):
    """What came of it."""

    DELIVERED = "已送达"
    FAILED = "未送达"


class LetterDelivery(Record):
    """送达: when and how a letter was handed over, by whom, and what proves it."""

    letter = LinkField(DunningLetter, backref="deliveries", verbose_name="催缴单号")
    way = ChoiceField(Way, verbose_name="送达方式")
    at = MomentField(verbose_name="送达时间")
    outcome = ChoiceField(Arrival, default=Arrival.DELIVERED, verbose_name="送达结果")
    by = LinkField(Staff, backref="letter_deliveries", verbose_name="送达人")
    signed_by = LineField(max_length=40, null=True, verbose_name="签收人")
    tracking = CodeField(max_length=40, null=True, verbose_name="EMS单号")
    witnesses = LineField(max_length=60, null=True, verbose_name="见证人")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    live = FlagField(default=True, verbose_name="有效")
    withdrawn = LineField(max_length=80, null=True, verbose_name="撤回原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "送达"

    def label(self) -> str:
        """Return CJ1-202611-001 面交 2026-11-23."""
        return f"{self.letter.number} {self.way.value} {self.at:%Y-%m-%d}"

    @property
    def unit(self) -> Unit:
        """The house, by whose reach it is judged."""
        return self.letter.unit


keeps_files(DunningLetter, VIEW)
keeps_files(LetterDelivery, VIEW)


@judges_scope(LetterDelivery)
def _within_reach(one: LetterDelivery, person: Actor, right: str) -> bool:
    """Whether the house of its letter lies within a person's reach."""
    return within_scope(one.letter, person, right)


def proven() -> Any:
    """Return the condition on LetterDelivery that a letter arrived and a file proves it.

    The signed slip, the slip of the EMS, the photograph, the picture of the screen (forms.md B4.4); a number
    alone proves nothing once the carrier's records are gone.
    """
    files = Attachment.select(Attachment.record).where(
        (Attachment.kind == LetterDelivery.__name__) & (Attachment.active == True)
    )
    arrived = (LetterDelivery.live == True) & (LetterDelivery.outcome == Arrival.DELIVERED)
    return arrived & LetterDelivery.id.in_(files)


def still_asks() -> Any:
    """Return the condition on DunningLetter that something it asks for is still open."""
    lines = DunningLine.select(DunningLine.id).join(Bill)
    return fn.EXISTS(lines.where((DunningLine.letter == DunningLetter.id) & OPEN))


def waiting_on() -> Any:
    """Return the condition on DunningLetter that it holds and asks, and its delivery is not entered."""
    handed = LetterDelivery.select(LetterDelivery.letter).where(LetterDelivery.live == True)
    return (DunningLetter.state == LetterState.ISSUED) & DunningLetter.id.not_in(handed) & still_asks()


def waiting() -> list[DunningLetter]:
    """Return the letters whose delivery is not entered, oldest first."""
    return list(DunningLetter.select().where(waiting_on()).order_by(DunningLetter.id))


def attempts_of(letter: DunningLetter) -> list[LetterDelivery]:
    """Return the deliveries of a letter that hold, failed ones too, in the order of their days."""
    mine = (LetterDelivery.letter == letter) & (LetterDelivery.live == True)
    return list(LetterDelivery.select().where(mine).order_by(LetterDelivery.at, LetterDelivery.id))


def waits_until(deadline: date, days: int, handed: date, calendar: WorkCalendar) -> date:
    """Return the last day on which a letter still waits: its deadline, later where it arrived late."""
    return max(deadline, calendar.next_working(handed + timedelta(days=days)))


def same_household(letter: DunningLetter) -> Any:
    """Return the condition on DunningLetter of letters to the same household that hold."""
    payer = DunningLetter.payer == letter.payer_id if letter.payer_id else DunningLetter.payer.is_null()
    return (DunningLetter.unit == letter.unit_id) & payer & (DunningLetter.state == LetterState.ISSUED)


@deed(
    "fees.void_letters",
    "作废催缴单",
    DUN,
    danger=True,
    question="作废后单号保留，这一户按上一次催缴重新起算。",
)
def void_letters(
    letters: Annotated[list[DunningLetter], Asked(LinksField(DunningLetter, verbose_name="催缴单"))],
    reason: Annotated[str, Asked(LineField(max_length=80, verbose_name="作废原因"))],
) -> list[DunningLetter]:
    """Void letters that nobody was handed, with a reason; their numbers stay.

    Raises:
        RuleBroken: one is void already, or its delivery is entered.
    """
    return [void(letter, reason) for letter in letters]


def void(letter: DunningLetter, reason: str) -> DunningLetter:
    """Void one letter.

    Raises:
        RuleBroken: it is void already, or its delivery is entered.
    """
    if attempts_of(letter):
        raise RuleBroken(
            f"{letter.number} 已登记送达，是催缴的证据，不能作废。送达登记错了的，请先撤回送达，再作废。"
        )
    return letter.move_to(LetterState.VOID, void_reason=reason, voided_at=now(), voided_by=actor().name)
