"""复制催缴文字: one text a household for WeChat or SMS, since the office has no network to send it by.

The wording is fixed and says nothing that forms.md B4 forbids; it is addressed to who owes and holds neither
identity nor account of a person. Whoever takes texts leaves an entry in the audit trail: which houses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, NamedTuple

from peewee import fn

from models.base import db, journal
from models.deeds import deed
from models.errors import RuleBroken
from models.fees.bills import OPEN, Bill, principal
from models.fees.dunning.assessing import Owing, assess
from models.fees.dunning.disputes import disputed
from models.fees.dunning.promises import running_promises
from models.fees.dunning.rules import rules
from models.fees.dunning.wording import refuse_unlawful
from models.fees.rights import MESSAGE
from models.fees.within import within
from models.fields import LinkField, LinksField
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.months import chinese_day
from models.office.guards import refuse_guard_acting
from models.office.permits import Tally
from models.office.profile import profile
from models.owners.estate import Building, Unit
from models.owners.payees import NOBODY
from models.owners.people import Person

_OUTLET = "list:dunning"
"""What a permit for more than fifty texts is asked for."""


class Message(NamedTuple):
    """The text of one household, with its telephone number where one is known."""

    unit: str
    name: str
    phone: str | None
    text: str


@dataclass(frozen=True)
class Messages:
    """Texts to be pasted, and who is left out."""

    texts: Sequence[Message]
    left_out: Sequence[str] = ()

    def table(self) -> str:
        """Return one text as it is; several as lines of telephone, tab and text."""
        if len(self.texts) == 1:
            return self.texts[0].text
        return "\n".join(f"{one.phone or ''}\t{one.text}" for one in self.texts)

    def done(self) -> str:
        """Return 已生成 12 户的文字，2 户没有电话."""
        bare = [one.unit for one in self.texts if not one.phone]
        told = f"已生成 {len(self.texts)} 户的文字"
        few = "、".join(bare[:3]) + (" 等" if len(bare) > 3 else "")
        told += f"，{len(bare)} 户没有电话（{few}）" if bare else ""
        return told + (f"；没有生成：{'；'.join(self.left_out)}" if self.left_out else "")

    def summary(self) -> str:
        """Return what was made, in one sentence."""
        return f"{self.done()}。"

    def details(self) -> dict[str, Any]:
        """Return the texts for the command line."""
        return {"texts": [one._asdict() for one in self.texts]}


@deed("fees.message", "复制催缴文字", MESSAGE)
def message(
    units: Annotated[list[Unit], Asked(LinksField(Unit, verbose_name="房号"))],
) -> Messages:
    """Make the texts that ask households to pay what is past its due day.

    Raises:
        RuleBroken: none of them owes anything that may be asked for, or a guard asks.
    """
    refuse_guard_acting("催缴")
    day, names = date.today(), {unit.id: unit.code for unit in units}
    promised, wanted, left = running_promises(day), [], []
    for one in assess(day, Bill.unit.in_(list(names)), *within(Bill.unit, right=MESSAGE)):
        code, promise = names.pop(one.unit, ""), promised.get((one.unit, one.payer))
        if one.owing is not None and promise is None:
            wanted.append(_Wanted(one.unit, one.payer, one.owing, _overdue))
        else:
            left.append(f"{code or Unit.get_by_id(one.unit).code} {promise or one.why}")
    left += [f"{code} 没有逾期的费用" for code in names.values()]
    return _made(wanted, left)


@deed("fees.message_due", "复制提醒文字", MESSAGE)
def message_due(
    building: Annotated[
        Building | None, Asked(LinkField(Building, null=True, verbose_name="楼栋"), "不填为全部")
    ] = None,
) -> Messages:
    """Make the texts that remind households of what falls due within the days of the rules.

    Raises:
        RuleBroken: nothing falls due by then, or a guard asks.
    """
    refuse_guard_acting("催缴")
    found = coming(date.today(), *within(Bill.unit, building=building, right=MESSAGE))
    return _made([_Wanted(*key, owing, _coming) for key, owing in found.items()], ())


def coming(day: date, *conditions: Any) -> dict[tuple[int, int | None], Owing]:
    """Return what households owe that falls due within the days of the rules, and is not disputed."""
    last = day + timedelta(days=rules().before)
    query = Bill.select(
        Bill.unit, Bill.payer, fn.MIN(Bill.due), fn.SUM(Bill.amount - Bill.paid), fn.COUNT(Bill.id)
    ).where(OPEN & Bill.due.between(day, last), ~disputed(), *principal(), *conditions)
    return {
        (unit, payer): Owing(date.fromisoformat(due), fen, lines)
        for unit, payer, due, fen, lines in db.execute(query.group_by(Bill.unit, Bill.payer))
    }


class _Wanted(NamedTuple):
    """A household that is to be told something."""

    unit: int
    payer: int | None
    owing: Owing
    words: Any


def _made(wanted: Sequence[_Wanted], left: Sequence[str]) -> Messages:
    """Return the texts in the order of houses, and tell the audit trail whose they are.

    Raises:
        RuleBroken: there are none.
        NeedsApproval: there are more than may go out without a permit.
    """
    if not wanted:
        raise RuleBroken(f"没有可以发的文字{'：' + '；'.join(left) if left else ''}。")
    tally = Tally(_OUTLET)
    tally.add(len(wanted))
    houses = {unit.id: unit for unit in Unit.those(list({one.unit for one in wanted}))}
    people = {person.id: person for person in Person.those(list({one.payer for one in wanted if one.payer}))}
    texts = []
    for one in sorted(wanted, key=lambda one: (houses[one.unit].sort_key, one.payer or 0)):
        house, payer = houses[one.unit], people.get(one.payer or 0)
        name = payer.name if payer is not None else NOBODY
        text = one.words(name, house, one.owing)
        refuse_unlawful(text, "催缴文字")
        texts.append(Message(house.code, name, payer.phone if payer is not None else None, text))
    journal().note(texts=len(texts), houses=[one.unit for one in texts], **tally.use())
    return Messages(texts, tuple(left))


def _overdue(name: str, house: Unit, owing: Owing) -> str:
    return (
        f"【{profile().office}】{name}您好：{house.chinese}有 {_yuan(owing)} 元物业服务等费用"
        f"已过缴费截止日（最早 {chinese_day(owing.oldest)}），请您抽空交清。{_ways()}"
        f"已经交了或有疑问的，请告诉我们{_telephone()}。"
    )


def _coming(name: str, house: Unit, owing: Owing) -> str:
    return (
        f"【{profile().office}】{name}您好：{house.chinese}本期有 {_yuan(owing)} 元物业服务等费用，"
        f"缴费截止日是 {chinese_day(owing.oldest)}，提醒您按时交纳。{_ways()}"
        f"有疑问的，请告诉我们{_telephone()}。"
    )


def _yuan(owing: Owing) -> str:
    return thousands(from_scaled(owing.fen, 2))


def _ways() -> str:
    return f"缴费方式：{profile().ways_to_pay}"


def _telephone() -> str:
    told = rules().contact or profile().telephone
    return f"，电话 {told}" if told else ""
