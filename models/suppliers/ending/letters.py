"""供方整改通知: what a supplier is asked in writing to mend, until when, and whether he did."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated

from models.attachments import keeps_files
from models.base import Record
from models.clock import now, past_day
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    NoteField,
    NumberField,
)
from models.inputs import Asked
from models.search import finds_numbered
from models.series import Series
from models.suppliers.register import AskedSupplier, Supplier, refuse_closed
from models.suppliers.rights import DECIDE, VIEW

LETTERS = Series("ZGT", "供方整改通知", yearly=True)


class LetterState(Enum):
    """How far it is."""

    OPEN = "待整改"
    MENDED = "已整改"
    FAILED = "未改好"


class SupplierLetter(Record):
    """供方整改通知: one letter."""

    number = NumberField(verbose_name="通知单号")
    supplier = LinkField(Supplier, backref="letters", verbose_name="供方")
    day = DayField(index=True, verbose_name="日期")
    facts = NoteField(verbose_name="问题事实").roomier(24)
    demand = NoteField(verbose_name="整改要求")
    due = DayField(verbose_name="整改期限")
    source = CodeField(max_length=40, null=True, verbose_name="依据单号")
    state = ChoiceField(LetterState, default=LetterState.OPEN, index=True, verbose_name="整改状态")
    result = NoteField(null=True, verbose_name="验证结果")
    judged_on = DayField(null=True, verbose_name="验证日期")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"
    moves = {LetterState.OPEN: (LetterState.MENDED, LetterState.FAILED)}

    class Meta:
        title = "供方整改通知"

    def described(self) -> str:
        """Return ZGT-2026-001 丰禾粮油，期限 2026-12-31."""
        return f"{self.number} {self.supplier.name}，期限 {self.due}"


reaches_everybody(SupplierLetter)
keeps_files(SupplierLetter, VIEW)
finds_numbered(VIEW, "ZGT", SupplierLetter, "supplier_letters", "供方整改通知", lambda one: one.described())

AskedLetter = Annotated[SupplierLetter, Asked(LinkField(SupplierLetter, verbose_name="整改通知"))]


def write_letter(
    supplier: Supplier, facts: str, demand: str, due: date, source: str | None = None
) -> SupplierLetter:
    """Write a letter; for deeds, within their transaction."""
    return SupplierLetter.add(
        number=LETTERS.next(now().date()), supplier=supplier, day=now().date(), facts=facts, demand=demand,
        due=due, source=source, made_at=now(), made_by=actor().name,
    )  # fmt: skip


@deed("suppliers.warn", "发整改通知", DECIDE)
def warn(
    supplier: AskedSupplier,
    facts: Annotated[str, Asked(NoteField(verbose_name="问题事实"))],
    demand: Annotated[str, Asked(NoteField(verbose_name="整改要求"))],
    due: Annotated[date, Asked(DayField(verbose_name="整改期限"))],
    source: Annotated[
        str | None, Asked(CodeField(max_length=40, null=True, verbose_name="依据单号"), "没有的不填")
    ] = None,
) -> SupplierLetter:
    """Ask a supplier in writing to mend something.

    Raises:
        RuleBroken: its file is closed.
        BadInput: the day has passed.
    """
    refuse_closed(supplier)
    if due < now().date():
        raise BadInput(f"整改期限 {due} 已经过了。请填今天或以后的日期。", "due")
    return write_letter(supplier, facts, demand, due, source)


class Mended(Enum):
    """Whether something was mended."""

    YES = "已整改"
    NO = "未改好"


@deed("suppliers.judge_letter", "验证整改", DECIDE)
def judge_letter(
    letter: AskedLetter,
    mended: Annotated[Mended, Asked(ChoiceField(Mended, verbose_name="结果"))],
    result: Annotated[str, Asked(NoteField(verbose_name="验证结果"))],
    day: Annotated[date | None, Asked(DayField(null=True, verbose_name="验证日期"), "不填为今天")] = None,
) -> SupplierLetter:
    """Note whether what a letter asked for was mended.

    Raises:
        RuleBroken: it was judged already.
        BadInput: the day lies ahead, or before the letter.
    """
    if letter.state is not LetterState.OPEN:
        raise RuleBroken(f"{letter.number} 已于 {letter.judged_on} 验证：{letter.state.value}。")
    on = past_day(day, "验证日期", "day")
    if on < letter.day:
        raise BadInput(f"验证日期 {on} 早于通知日期 {letter.day}。", "day")
    state = LetterState.MENDED if mended is Mended.YES else LetterState.FAILED
    return letter.move_to(state, result=result, judged_on=on)
