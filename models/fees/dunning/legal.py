"""法务清单: households whose formal demand ran out, and to whom the case was handed over.

Telling somebody outside of a debtor wants a purpose, what is given, and who agreed (forms.md B7, PIPL 23).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from typing import Annotated, Any

from peewee import fn

from models.attachments import keeps_files
from models.base import Record, db
from models.clock import now
from models.deeds import Actor, actor, deed, judges_scope, within_scope
from models.errors import BadInput, RuleBroken
from models.fees.bills import OPEN, Bill
from models.fees.dunning.assessing import last_letters
from models.fees.dunning.letters import DunningLetter, DunningLine, LetterState, waits_until
from models.fees.dunning.promises import running_promises
from models.fees.dunning.rules import Stage
from models.fees.dunning.writing import earlier_of
from models.fees.rights import DUN_LEAD, VIEW
from models.fees.within import within
from models.fields import (
    ChoiceField,
    CodeField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    MoneyField,
    NoteField,
)
from models.inputs import Asked
from models.listings import Filters, RowListing, Shown, choice, listing
from models.money import from_scaled
from models.office.chains import Step, approvable
from models.owners.estate import Unit
from models.workdays import WorkCalendar


class LegalCase(Record):
    """移交法务: a household's debt was handed over to a lawyer, with its letters and what proves them.

    Taken back, it stays to be seen, and the letter can be handed over anew.
    """

    letter = LinkField(DunningLetter, backref="cases", verbose_name="催告函")
    on = DayField(verbose_name="移交日")
    lawyer = LineField(max_length=60, verbose_name="受托人")
    purpose = LineField(max_length=60, verbose_name="目的")
    given = LineField(max_length=200, verbose_name="移交材料")
    note = NoteField(null=True, verbose_name="移交说明")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")
    ended_on = DayField(null=True, verbose_name="撤回日")
    ended_by = LineField(max_length=60, null=True, verbose_name="撤回人")
    reason = LineField(max_length=120, null=True, verbose_name="撤回原因")

    class Meta:
        title = "移交法务"

    def label(self) -> str:
        """Return CGH-2026-001 1-1-1011."""
        return f"{self.letter.number} {self.letter.unit.code}"


STANDING = LegalCase.ended_on.is_null()
"""Cases that were not taken back."""
LegalCase.add_index(LegalCase.index(LegalCase.letter, unique=True, where=STANDING, name="legal_case_once"))

keeps_files(LegalCase, VIEW)


def case_of(letter: DunningLetter) -> LegalCase | None:
    """Return the case of a letter that stands."""
    found: LegalCase | None = LegalCase.get_or_none(STANDING & (LegalCase.letter == letter))
    return found


@judges_scope(LegalCase)
def _within_reach(case: LegalCase, person: Actor, right: str) -> bool:
    """Whether the house of its letter lies within a person's reach."""
    return within_scope(case.letter, person, right)


def ripe(day: date) -> dict[int, date]:
    """Return the formal demands (ids) that ran out before a day while something they ask for is open.

    The day of each is the last on which it still waited.
    """
    calendar, found = WorkCalendar(), {}
    numbers = {}
    for one in last_letters().values():
        if one.stage is Stage.FORMAL and one.stands and one.handed is not None:
            end = waits_until(one.deadline, one.days, one.handed, calendar)
            if end < day:
                numbers[one.number] = end
    for letter in DunningLetter.select(DunningLetter.id, DunningLetter.number).where(
        (DunningLetter.stage == Stage.FORMAL) & (DunningLetter.state == LetterState.ISSUED)
    ):
        if letter.number in numbers:
            found[letter.id] = numbers[letter.number]
    return found


@deed("fees.hand_over", "移交法务", DUN_LEAD)
def hand_over(
    letter: Annotated[DunningLetter, Asked(LinkField(DunningLetter, verbose_name="催告函"))],
    lawyer: Annotated[str, Asked(LineField(max_length=60, verbose_name="受托人"))],
    purpose: Annotated[str, Asked(LineField(max_length=60, verbose_name="目的"), "如：起诉追收物业费")],
    given: Annotated[
        str, Asked(LineField(max_length=200, verbose_name="移交材料"), "如：合同、催缴单、送达凭据、欠费明细")
    ],
    note: Annotated[str | None, Asked(NoteField(null=True, verbose_name="移交说明"))] = None,
    on: Annotated[date | None, Asked(DayField(null=True, verbose_name="移交日"), "不填为今天")] = None,
) -> LegalCase:
    """Note that a household's debt went to a lawyer, with its letters and deliveries.

    Raises:
        RuleBroken: it is no formal demand that ran out, all is paid, or it is handed over already.
        BadInput: the day lies ahead.
    """
    day = on or date.today()
    if day > date.today():
        raise BadInput(f"移交日 {day} 还没有到。请改日期。", "on")
    standing = case_of(letter)
    if standing is not None:
        raise RuleBroken(f"{letter.number} 已于 {standing.on} 移交 {standing.lawyer}，不必再做。")
    promised = running_promises(day).get((letter.unit_id, letter.payer_id))
    if promised is not None:
        raise RuleBroken(f"{letter.unit.code} {promised}，守约的不移交。要移交的，先在“承诺缴费”里终止承诺。")
    if letter.id not in ripe(day):
        raise RuleBroken(
            f"{letter.number} 不在法务清单：要是已送达、期限已过、款还没有交清的催告函，才能移交法务。"
        )
    return LegalCase.add(
        letter=letter, lawyer=lawyer, purpose=purpose, given=given, note=note, on=day, made_at=now(),
        made_by=actor().name,
    )  # fmt: skip


approvable("fees.hand_over", default=(Step("管理处主任", "主任"),), on=True)


@deed("fees.take_back_case", "撤回移交", DUN_LEAD, danger=True, question="移交记录留着备查，可以再移交。")
def take_back_case(
    letter: Annotated[DunningLetter, Asked(LinkField(DunningLetter, verbose_name="催告函"))],
    reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="撤回原因"))],
) -> LegalCase:
    """Take a household's debt back from the lawyer, as when all was paid or an agreement was made.

    Raises:
        RuleBroken: it is not handed over.
    """
    standing = case_of(letter)
    if standing is None:
        raise RuleBroken(f"{letter.number} 没有移交法务，不用撤回。请核对。")
    return standing.change(ended_on=now().date(), ended_by=actor().name, reason=reason)


class LegalState(Enum):
    """Follows from whether a case names the letter; never stored."""

    WAITING = "待移交"
    HANDED = "已移交"
    ENDED = "已撤回"


@listing("legal", "法务清单", "fees", VIEW, "unit", "building", "state")
def legal(filters: Filters) -> RowListing:
    """Households whose formal demand ran out without payment, or that were handed over to a lawyer."""
    columns = (
        Shown("number", CodeField(verbose_name="催告函", max_length=40)),
        Shown("unit", CodeField(verbose_name="房号", max_length=40)),
        Shown("addressee", LineField(verbose_name="致", max_length=140)),
        Shown("end", DayField(verbose_name="期限届满")),
        Shown("owed", MoneyField(verbose_name="函内未交")),
        Shown("earlier", LineField(verbose_name="历次催缴与送达", max_length=400)),
        Shown("state", ChoiceField(LegalState, verbose_name="状态"), status=True),
        Shown("on", DayField(verbose_name="移交日")),
        Shown("lawyer", LineField(verbose_name="受托人", max_length=60)),
        Shown("purpose", LegalCase.purpose),
        Shown("given", LegalCase.given),
        Shown("note", LegalCase.note),
        Shown("reason", LegalCase.reason),
    )
    wanted = choice(LegalState, filters.state) if filters.state else None
    tones = {
        LegalState.WAITING.value: "danger",
        LegalState.HANDED.value: "info",
        LegalState.ENDED.value: "plain",
    }
    return RowListing(columns, _cases(filters, wanted), record=DunningLetter, tones=tones)


def _cases(filters: Filters, wanted: LegalState | None) -> Iterator[tuple[int, tuple[Any, ...]]]:
    ended = ripe(date.today())
    cases = {case.letter_id: case for case in LegalCase.select().order_by(LegalCase.id)}
    ids = [*ended.keys() | cases.keys()]
    query = DunningLetter.select(DunningLetter, Unit).join(Unit).where(DunningLetter.id.in_(ids))
    for condition in within(DunningLetter.unit, unit=filters.unit, building=filters.building):
        query = query.where(condition)
    owed = open_of(ids)
    for letter in query.order_by(Unit.sort_key, DunningLetter.id):
        case = cases.get(letter.id)
        state = _state(case, waits=letter.id in ended)
        if wanted is not None and state is not wanted:
            continue
        told = "；".join(earlier_of(letter.unit_id, letter.payer_id, letter.stage))
        handed = tuple(getattr(case, name, None) for name in ("on", "lawyer", *_TOLD))
        amount = from_scaled(owed.get(letter.id, 0), 2)
        named = (letter.number, letter.unit.code, letter.addressee, ended.get(letter.id))
        yield letter.id, (*named, amount, told, state, *handed)


_TOLD = ("purpose", "given", "note", "reason")


def _state(case: LegalCase | None, *, waits: bool) -> LegalState:
    if case is not None and case.ended_on is None:
        return LegalState.HANDED
    return LegalState.WAITING if waits else LegalState.ENDED


def open_of(letters: list[int]) -> dict[int, int]:
    """Return what is open now, in fen, of what letters (ids) ask for."""
    query = DunningLine.select(DunningLine.letter, fn.SUM(Bill.amount - Bill.paid)).join(Bill)
    query = query.where(DunningLine.letter.in_(letters), OPEN).group_by(DunningLine.letter)
    return dict(db.execute(query))
