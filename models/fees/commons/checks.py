"""公共收益核对: what must hold in the ledger of the common income and in what was published of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from models.checks import invariant
from models.fees.commons.contracts import CommonContract, CommonDue
from models.fees.commons.ledger import PUBLISHED, CommonEntry, CommonNotice, Flow
from models.fees.commons.notices import Span, statement_of
from models.money import to_scaled
from models.months import Month

_NAMED = 20


@invariant("公共收益冲正")
def reversals_are_equal_and_opposite() -> Iterator[str]:
    """What reverses an entry has its way, kind and contract and the opposite amount; only it is negative."""
    yield from islice(_reversals(), _NAMED)


def _reversals() -> Iterator[str]:
    for one in CommonEntry.select().where(CommonEntry.reverses.is_null(False)):
        of = one.reverses
        same = (one.flow, one.kind_id, one.contract_id) == (of.flow, of.kind_id, of.contract_id)
        if not same or one.amount != -of.amount or of.reverses_id is not None or one.on < of.on:
            yield f"{one.number} 与它冲正的 {of.number} 不相等"
    for one in CommonEntry.select().where(CommonEntry.reverses.is_null() & (CommonEntry.amount <= 0)):
        yield f"{one.number} 的金额不大于零，却不是冲正"


@invariant("公共收益种类")
def entries_have_what_their_way_asks() -> Iterator[str]:
    """Income and cost are of a kind, what went out is not; what went out or cost something has its basis."""
    of_kind = CommonEntry.flow.in_([Flow.INCOME, Flow.COST])
    wrong = (of_kind & CommonEntry.kind.is_null()) | (~of_kind & CommonEntry.kind.is_null(False))
    wrong |= (CommonEntry.flow != Flow.INCOME) & (CommonEntry.basis.is_null() | CommonEntry.voucher.is_null())
    for one in CommonEntry.select().where(wrong).limit(_NAMED):
        yield f"{one.number} 缺少种类、依据或凭证号，或不该有种类"
    other = CommonEntry.kind != CommonContract.kind
    for one in CommonEntry.select().join(CommonContract).where(other).limit(_NAMED):
        yield f"{one.number} 的收益种类与合同 {one.contract.number} 不同"


@invariant("公共收益合同")
def contracts_are_the_sum_of_their_instalments() -> Iterator[str]:
    """A contract comes to what its instalments come to."""
    for one in CommonContract.select():
        agreed = sum(due.amount for due in CommonDue.select().where(CommonDue.contract == one))
        if agreed != one.amount:
            yield f"{one.number} 合同总额 {one.amount}，各期合计却是 {agreed}"


@invariant("公共收益公示")
def notices_say_what_the_ledger_says() -> Iterator[str]:
    """A published notice proves itself and is what the ledger holds."""
    for one in CommonNotice.select().where(PUBLISHED):
        figures = [to_scaled(getattr(one, name), 2) for name in ("opening", "income", "cost", "moved")]
        closing = to_scaled(one.closing, 2)
        if figures[0] + figures[1] - figures[2] - figures[3] != closing:
            yield f"{one.number} 期初加收入减支出不等于期末"
        told = statement_of(Span(Month.of(one.first), Month.of(one.last)))
        if [told.opening, *told.sums, told.closing] != [*figures, closing]:
            yield f"{one.number} 与台账不符"
