"""公共收益合同: who uses which common part, from when to when, and which instalments are agreed.

What came in is set against the instalments in the order in which they fall due, so that what is due and did
not come is seen. A contract that ended early asks for nothing after its last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Self

from models.base import Record, db
from models.clock import now
from models.deeds import actor, deed
from models.errors import BadInput, RuleBroken
from models.fees.commons.kinds import CommonKind, refuse_personal
from models.fees.rights import COMMONS
from models.fields import CountField, DayField, LineField, LinkField, MomentField, MoneyField, NumberField
from models.inputs import Asked, Input
from models.money import thousands
from models.months import Month
from models.rows import RowRefused, RowsField
from models.series import Series

CONTRACTS = Series("GYH", "公共收益合同")
MOST_DUES = 240
"""Instalments of one contract: twenty years of months."""
_ROWS = "dues"


class ContractState(Enum):
    """Follows from its days; never stored."""

    AHEAD = "未开始"
    RUNNING = "履行中"
    OVER = "已到期"
    ENDED = "已终止"


class DueState(Enum):
    """Follows from what came in; never stored."""

    AHEAD = "未到期"
    LATE = "到期未收"
    PART = "收了一部分"
    PAID = "已收"
    DROPPED = "终止后不收"


class CommonContract(Record):
    """公共收益合同: a common part that is let or used for money."""

    number = NumberField(verbose_name="合同单号")
    kind = LinkField(CommonKind, backref="contracts", verbose_name="收益种类")
    subject = LineField(max_length=60, verbose_name="合同标的")
    party = LineField(max_length=60, verbose_name="对方单位")
    paper = LineField(max_length=40, null=True, verbose_name="纸质合同号")
    first = DayField(verbose_name="合同起")
    last = DayField(verbose_name="合同止")
    amount = MoneyField(verbose_name="合同总额")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    ended = DayField(null=True, verbose_name="提前终止日")
    end_reason = LineField(max_length=120, null=True, verbose_name="终止原因")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"

    class Meta:
        title = "公共收益合同"

    def described(self) -> str:
        """Return GYH-202611-001 电梯广告 1至6栋轿厢 某公司 24,000.00 元."""
        told = f"{self.number} {self.kind.name} {self.subject} {self.party}"
        return f"{told} {thousands(self.amount)} 元"

    @deed(
        "fees.end_common_contract",
        "终止公共收益合同",
        COMMONS,
        danger=True,
        question="终止日以后的各期不再应收；已经收到的照旧记账。",
    )
    def end(
        self,
        ended: Annotated[date, Asked(DayField(verbose_name="提前终止日"))],
        end_reason: Annotated[str, Asked(LineField(max_length=120, verbose_name="终止原因"))],
    ) -> Self:
        """End it before its last day; before its first, where it never took effect.

        Raises:
            RuleBroken: it has ended already.
            BadInput: the day is not before its last one.
        """
        if self.ended is not None:
            raise RuleBroken(f"{self.number} 已于 {self.ended} 终止，不必再做。")
        if ended >= self.last:
            raise BadInput(f"终止日 {ended} 不早于合同止 {self.last}。到期的合同不用终止。", "ended")
        return self.change(ended=ended, end_reason=end_reason)


class CommonDue(Record):
    """应收期次: one instalment of a contract as it is agreed; never changed."""

    contract = LinkField(CommonContract, backref="dues", verbose_name="合同单号")
    due = DayField(index=True, verbose_name="应收日期")
    amount = MoneyField(verbose_name="应收金额")

    class Meta:
        title = "应收期次"
        indexes = ((("contract", "due"), True),)


def _rows() -> list[Input]:
    return [
        Input("due", DayField(verbose_name="应收日期"), required=True),
        Input("amount", MoneyField(verbose_name="应收金额"), required=True),
    ]


@deed("fees.add_common_contract", "登记公共收益合同", COMMONS)
def add_common_contract(
    kind: Annotated[CommonKind, Asked(LinkField(CommonKind, verbose_name="收益种类"))],
    subject: Annotated[str, Asked(LineField(max_length=60, verbose_name="合同标的"))],
    party: Annotated[str, Asked(LineField(max_length=60, verbose_name="对方单位"))],
    first: Annotated[date, Asked(DayField(verbose_name="合同起"))],
    last: Annotated[date, Asked(DayField(verbose_name="合同止"))],
    each: Annotated[
        Decimal | None, Asked(MoneyField(null=True, verbose_name="每期金额"), "各期不同的，填应收期次")
    ] = None,
    every: Annotated[
        int | None, Asked(CountField(low=1, high=120, null=True, verbose_name="每期月数"), "不填为一次付清")
    ] = None,
    dues: Annotated[
        list[dict[str, Any]] | None, Asked(RowsField(_rows, null=True, verbose_name="应收期次"))
    ] = None,
    paper: Annotated[
        str | None, Asked(LineField(max_length=40, null=True, verbose_name="纸质合同号"))
    ] = None,
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))] = None,
) -> CommonContract:
    """Enter a contract with its instalments: alike ones from its first day on, or row by row.

    Raises:
        BadInput: it ends before it begins, both ways of instalments are given or none, or one is nothing.
        RuleBroken: the kind is out of use.
    """
    check_kind(kind)
    refuse_personal(subject, "合同标的", "subject")
    if last < first:
        raise BadInput(f"合同止 {last} 早于合同起 {first}。请核对。", "last")
    agreed = _by_rows(dues) if dues else list(_alike(first, last, each, every))
    if dues and (each is not None or every is not None):
        raise BadInput("填了应收期次，就不要再填每期金额和每期月数。请留下一种。", "each")
    made = CommonContract.add(
        number=CONTRACTS.next(now().date()), kind=kind, subject=subject, party=party, paper=paper,
        first=first, last=last, amount=sum((amount for _, amount in agreed), start=Decimal(0)), note=note,
        made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for due, amount in agreed:
        CommonDue.add(contract=made, due=due, amount=amount)
    return made


def check_kind(kind: CommonKind) -> None:
    """Refuse a kind that is out of use.

    Raises:
        RuleBroken: it is.
    """
    if not kind.active:
        raise RuleBroken(f"收益种类“{kind.name}”已停用。请另选，或先启用它。")


def _alike(
    first: date, last: date, each: Decimal | None, every: int | None
) -> Iterator[tuple[date, Decimal]]:
    if not each:
        raise BadInput("没有填每期金额，也没有填应收期次。请填一种，金额要大于零。", "each")
    begins = Month.of(first)
    for number in range(MOST_DUES):
        due = begins.plus(number * (every or 0)).day(first.day)
        if due > last:
            return
        yield due, each
        if every is None:
            return
    raise BadInput(f"应收期次超过 {MOST_DUES} 期。请核对合同起止和每期月数。", "every")


def _by_rows(rows: list[dict[str, Any]]) -> list[tuple[date, Decimal]]:
    found: dict[date, Decimal] = {}
    for number, row in enumerate(rows):
        if row["due"] in found:
            raise RowRefused(f"应收日期 {row['due']} 重复。请合成一期。", _ROWS, number, "due")
        if row["amount"] <= 0:
            raise RowRefused("应收金额要大于零。", _ROWS, number, "amount")
        found[row["due"]] = row["amount"]
    if len(found) > MOST_DUES:
        raise BadInput(f"应收期次超过 {MOST_DUES} 期。请分成几份合同。", _ROWS)
    return sorted(found.items())


# -- what is due and did not come ------------------------------------------------------------------


@dataclass(frozen=True)
class Instalment:
    """One instalment and what came in for it, in fen."""

    id: int
    contract: int
    due: date
    fen: int
    received: int
    dropped: bool

    @property
    def missing(self) -> int:
        """What did not come yet; nothing of one that is not asked for any more."""
        return 0 if self.dropped else self.fen - self.received

    def state_on(self, day: date) -> DueState:
        """Return how it stands on a day."""
        if self.received >= self.fen:
            return DueState.PAID
        if self.dropped:
            return DueState.DROPPED
        if self.due > day:
            return DueState.PART if self.received else DueState.AHEAD
        return DueState.LATE


def instalments(received: dict[int, int]) -> list[Instalment]:
    """Return every instalment in order, with what came in for it.

    Args:
        received: fen that came in for each contract (id), set against the first due first.
    """
    left, found = dict(received), []
    query = CommonDue.select(
        CommonDue.id, CommonDue.contract, CommonDue.due, CommonDue.amount, CommonContract.ended
    ).join(CommonContract)
    for id, contract, due, fen, ended in _told(query.order_by(CommonDue.due, CommonDue.id)):
        taken = max(0, min(fen, left.get(contract, 0)))
        left[contract] = left.get(contract, 0) - taken
        dropped = ended is not None and due > ended
        found.append(Instalment(id, contract, due, fen, taken, dropped))
    return found


def _told(query: Any) -> Iterable[tuple[int, int, date, int, date | None]]:
    for id, contract, due, fen, ended in db.execute(query):
        yield id, contract, _day(due), fen, None if ended is None else _day(ended)


def _day(told: Any) -> date:
    return told if isinstance(told, date) else date.fromisoformat(told)
