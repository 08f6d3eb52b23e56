"""Random sequences of all that moves goods: the books are the moves, money is quantity by price.

Nothing is negative, and a plain recount by another way says the same.
"""

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import deeds
from models.canteen import (
    counting,
    invariants,  # noqa: F401 - they are run
)
from models.canteen.counting import approve_count, begin_count, enter_counts, recount
from models.canteen.issues import IssueLine
from models.canteen.issuing import back_to_stock
from models.canteen.items import StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import PRICED, MoveKind, StockMove
from models.canteen.returning import take_replacement
from models.canteen.writeoffs import Disposal, Spoilt, write_off
from models.checks import run_invariants
from models.clock import now, standing_at
from models.errors import RuleBroken
from models.months import Month
from models.office.staff import Staff
from models.suppliers.receipts import Defect
from models.suppliers.returning import consent_return, finish_return, refuse_return, return_goods
from models.suppliers.returns import GoodsReturn, Handling, ReturnState
from tests import pantry
from tests.estate import opened
from tests.pantry import TODAY

D = Decimal
AT_AVERAGE = (MoveKind.ISSUE, MoveKind.WRITTEN_OFF, MoveKind.GAIN, MoveKind.LOSS)
_ACTS = ("receive", "receive", "issue", "issue", "back", "return", "settle", "replace", "lose", "count")
_STEPS = st.lists(
    st.tuples(st.sampled_from(_ACTS), st.integers(0, 9), st.integers(1, 60_000), st.integers(0, 99)),
    min_size=3,
    max_size=14,
)


@pytest.fixture
def pantry_of(empty_office: Path, tmp_path: Path) -> Iterator[Any]:
    """Open a fresh office with two items as often as it is asked."""
    made = iter(range(10**6))

    def open_one() -> Any:
        return opened(empty_office, tmp_path / f"{next(made)}.db")

    yield open_one


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_whatever_happens_the_books_hold(pantry_of: Any, steps: list[tuple[str, int, int, int]]) -> None:
    with pantry_of(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting, "FROM_DAY", 1)  # whatever day it is, a month may be counted
        items = [pantry.item("大米"), pantry.item("面粉")]
        people = [pantry.add_staff(number=f"P{number}", name=f"盘点{number}") for number in (1, 2)]
        for number, (act, ago, size, pick) in enumerate(steps):
            today = TODAY - timedelta(days=3 * (len(steps) - number - 1))
            moment = datetime.combine(today, datetime.now().time())
            with standing_at(moment), contextlib.suppress(RuleBroken):  # a sentence, and nothing written
                if act == "count":
                    _count(people, size, pick)
                else:
                    _do(act, items[pick % 2], today - timedelta(days=ago), Decimal(size) / 1000, pick)
            _hold(items)
        assert not run_invariants()


def _count(people: list[Staff], size: int, pick: int) -> None:
    """Count the store: one lot is found otherwise, more or less."""
    with deeds.acting(deeds.TheOffice()):
        made = begin_count(*people, Month.of(now().date()))
        lines = list(made.lines)
        other = lines[pick % len(lines)]
        enter_counts(
            [{"line": one, "counted": D(size) / 1000 if one == other else one.book} for one in lines]
        )
        other = pantry.fresh(other)
        if other.counted != other.book:
            recount([{"line": other, "recounted": other.counted, "cause": "损耗"}])
        approve_count(pantry.fresh(made))


def _do(act: str, item: StockItem, day: date, size: Decimal, pick: int) -> None:
    if act == "receive":
        good = None if pick % 3 == 0 else pick
        ago = (TODAY - day).days
        pantry.brought(item, str(size), str(D(pick * 7 + 1) / 4), ago=ago, good=good)
    elif act == "issue":
        pantry.issued((item, str(size)), day=day)
    elif act == "back" and (line := _one(IssueLine, pick)):
        back_to_stock(line, min(size, line.quantity), "没有用完", day=max(day, line.issue.day))
    elif act == "return" and (lot := _one(StockLot, pick)) and lot.received:
        return_goods(lot.received, size, Defect.SPOILT)
    elif act == "settle" and (one := _one(GoodsReturn, pick)):
        _settle(one, pick)
    elif act == "lose" and (lot := _one(StockLot, pick)):
        row = {"lot": lot, "quantity": lot.stock - lot.held if pick % 2 else size, "reason": Spoilt.BROKEN}
        with deeds.acting(deeds.TheOffice()):
            write_off([row], Disposal.DYED, pantry.cook())
    elif act == "replace" and (one := _one(GoodsReturn, pick)):
        take_replacement(one, None if pick % 2 else size)


def _settle(one: GoodsReturn, pick: int) -> None:
    if one.state is ReturnState.CONSENTED:
        finish_return(one, "拉走")
    elif pick % 4 == 0:
        refuse_return(one, "可以用")
    else:
        consent_return(one, Handling.EXCHANGE if pick % 2 else Handling.RETURN)


def _one(kind: Any, pick: int) -> Any:
    found = list(kind.select().order_by(kind.id))
    return found[pick % len(found)] if found else None


def _hold(items: list[StockItem]) -> None:
    """Recount everything from the moves alone, in plain fractions."""
    for item in items:
        lots: dict[int, Decimal] = defaultdict(Decimal)
        quantity, money = Decimal(), Decimal()
        moves = StockMove.select().where(StockMove.item == item)
        for move in moves.order_by(StockMove.day, StockMove.turn, StockMove.id):
            average = Fraction(money) / Fraction(quantity) if quantity else None
            lots[move.lot_id] += move.quantity
            quantity, money = quantity + move.quantity, money + move.amount
            assert lots[move.lot_id] >= 0 and quantity >= 0 and money >= 0
            assert quantity or not money
            if move.kind in PRICED:
                assert move.amount == move.own
            elif move.kind in AT_AVERAGE and average is not None:
                assert abs(Fraction(move.amount) - average * Fraction(move.quantity)) <= Fraction(1, 200)
            elif move.kind is MoveKind.RETURN:
                assert -move.amount + move.difference == move.own
        now = pantry.fresh(item)
        assert (now.stock, now.value) == (quantity, money)
        assert all(pantry.fresh(one).stock == lots[one.id] for one in item.lots)
