"""保管名单: what was found in the store, told to others, written off and kept back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from peewee import Case, fn

from models.canteen.items import StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import StockMove
from models.canteen.notices import ExpiryNotice, NoticeLine, NoticeState
from models.canteen.problems import ProblemState, StockProblem
from models.canteen.rights import VIEW
from models.canteen.rules import rules
from models.canteen.samples import FoodSample
from models.canteen.weekly import Passed, StoreCheck, StoreCheckLine
from models.canteen.writeoffs import WriteOff, WriteOffLine
from models.fields import CountField, FlagField, LineField, MoneyField
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Department
from models.sqlite import days_between
from models.suppliers.goods import Goods

_PROBLEM_TONES = {
    ProblemState.REPORTED.value: "danger", ProblemState.DECIDED.value: "warning",
    ProblemState.CLOSED.value: "ok",
}  # fmt: skip


def _count(record: Any, mine: Any) -> Any:
    return record.select(fn.COUNT(record.id)).where(mine)


@listing("stock_problems", "质量异常", "canteen", VIEW, "period", "stock", "state")
def stock_problems(filters: Filters) -> Listing:
    """Reports of goods that went bad, those that are open on top."""
    query = StockProblem.select().join(StockLot).join(StockItem).join(Goods)
    query = filters.narrow(query, period=StockProblem.found_at, stock=StockLot.item, state=StockProblem.state)
    columns = (
        Shown("number", StockProblem.number),
        Shown("found_at", StockProblem.found_at),
        Shown("name", Goods.name),
        Shown("spec", Goods.spec),
        Shown("lot", StockProblem.lot, StockLot.code),
        Shown("quantity", StockProblem.quantity, total=False),
        Shown("unit", StockItem.unit),
        Shown("abnormal", StockProblem.abnormal),
        Shown("state", StockProblem.state, status=True),
        Shown("verdict", StockProblem.verdict),
        Shown("decided_by", StockProblem.decided_by),
        Shown("result", StockProblem.result),
        Shown("closed_on", StockProblem.closed_on),
        Shown("made_by", StockProblem.made_by),
        Shown("cause", StockProblem.cause, hidden=True),
        Shown("opinion", StockProblem.opinion, hidden=True),
    )
    return Listing(
        query, columns, id=StockProblem.id, order=("-found_at", "-number"), record=StockProblem,
        search=(StockProblem.number, Goods.search, StockLot.code), tones=_PROBLEM_TONES,
    )  # fmt: skip


@listing("write_offs", "报损单", "canteen", VIEW, "period")
def write_offs(filters: Filters) -> Listing:
    """What was written off, newest first."""
    query = filters.narrow(WriteOff.select(), period=WriteOff.day)
    worth = StockMove.select(fn.COALESCE(0 - fn.SUM(StockMove.amount), 0)).where(
        StockMove.slip == WriteOff.number
    )
    columns = (
        Shown("number", WriteOff.number),
        Shown("day", WriteOff.day),
        Shown(
            "lines",
            CountField(verbose_name="项数"),
            _count(WriteOffLine, WriteOffLine.write_off == WriteOff.id),
        ),
        Shown("amount", MoneyField(verbose_name="金额"), worth),
        Shown("disposal", WriteOff.disposal),
        Shown("witness", WriteOff.witness),
        Shown("made_by", WriteOff.made_by),
    )
    return Listing(
        query, columns, id=WriteOff.id, order=("-day", "-number"), record=WriteOff, search=(WriteOff.number,)
    )


@listing("write_off_lines", "报损明细", "canteen", VIEW, "period", "stock")
def write_off_lines(filters: Filters) -> Listing:
    """What was written off, lot by lot, newest first."""
    query = WriteOffLine.select().join(WriteOff).switch(WriteOffLine).join(StockLot).join(StockItem)
    query = query.join(Goods).switch(WriteOffLine).join(StockMove)
    query = filters.narrow(query, period=WriteOff.day, stock=StockLot.item)
    columns = (
        Shown("number", WriteOffLine.write_off, WriteOff.number),
        Shown("day", WriteOff.day),
        Shown("name", Goods.name),
        Shown("spec", Goods.spec),
        Shown("lot", WriteOffLine.lot, StockLot.code),
        Shown("quantity", WriteOffLine.quantity, total=False),
        Shown("unit", StockItem.unit),
        Shown("amount", MoneyField(verbose_name="金额"), 0 - StockMove.amount),
        Shown("reason", WriteOffLine.reason),
        Shown("words", WriteOffLine.words),
    )
    return Listing(
        query, columns, id=WriteOffLine.id, order=("-day", "-number"), record=WriteOffLine,
        search=(WriteOff.number, Goods.search, StockLot.code),
    )  # fmt: skip


@listing("store_checks", "周检查", "canteen", VIEW, "period")
def store_checks(filters: Filters) -> Listing:
    """The checks of the weeks, newest first, with what was wrong and what of it is open."""
    query = filters.narrow(StoreCheck.select(), period=StoreCheck.week)
    mine, bad = StoreCheckLine.check == StoreCheck.id, StoreCheckLine.passed == Passed.BAD
    wrong = _count(StoreCheckLine, mine & bad)
    undone = _count(StoreCheckLine, mine & bad & StoreCheckLine.done_on.is_null())
    known = rules()
    strange = (StoreCheck.cool > known.cool_most) | (StoreCheck.frozen > known.frozen_most)
    strange |= StoreCheck.damp > known.damp_most
    columns = (
        Shown("number", StoreCheck.number),
        Shown("at", StoreCheck.at),
        Shown("room", StoreCheck.room, total=False),
        Shown("damp", StoreCheck.damp, total=False),
        Shown("cool", StoreCheck.cool, total=False),
        Shown("frozen", StoreCheck.frozen, total=False),
        Shown("strange", FlagField(verbose_name="温湿度超标"), Case(None, ((strange, 1),), 0)),
        Shown("wrong", CountField(verbose_name="不合格项"), wrong),
        Shown("open", CountField(verbose_name="未整改"), undone),
        Shown("made_by", StoreCheck.made_by),
    )
    return Listing(
        query, columns, id=StoreCheck.id, order=("-at",), record=StoreCheck, search=(StoreCheck.number,)
    )


@listing("store_check_lines", "周检查项", "canteen", VIEW, "period", "state")
def store_check_lines(filters: Filters) -> Listing:
    """What the checks found, what is wrong and open on top. `state` is the result."""
    query = StoreCheckLine.select().join(StoreCheck)
    query = filters.narrow(query, period=StoreCheck.week, state=StoreCheckLine.passed)
    undone = (StoreCheckLine.passed == Passed.BAD) & StoreCheckLine.done_on.is_null()
    columns = (
        Shown("number", StoreCheckLine.check, StoreCheck.number),
        Shown("at", StoreCheck.at),
        Shown("point", StoreCheckLine.point),
        Shown("passed", StoreCheckLine.passed, status=True),
        Shown("problem", StoreCheckLine.problem),
        Shown("handling", StoreCheckLine.handling),
        Shown("done_on", StoreCheckLine.done_on),
        Shown("open", FlagField(verbose_name="未整改"), Case(None, ((undone, 1),), 0)),
    )
    return Listing(
        query, columns, id=StoreCheckLine.id, order=("-open", "-at"), record=StoreCheckLine,
        search=(StoreCheck.number, StoreCheckLine.problem),
        tones={Passed.GOOD.value: "ok", Passed.BAD.value: "danger"},
    )  # fmt: skip


@listing("expiry_notices", "临期通知", "canteen", VIEW, "period", "state")
def expiry_notices(filters: Filters) -> Listing:
    """Notices of what is about to expire, newest first."""
    query = ExpiryNotice.select().join(Department)
    query = filters.narrow(query, period=ExpiryNotice.day, state=ExpiryNotice.state)
    columns = (
        Shown("number", ExpiryNotice.number),
        Shown("day", ExpiryNotice.day),
        Shown("department", ExpiryNotice.department, Department.name),
        Shown(
            "lines", CountField(verbose_name="批数"), _count(NoticeLine, NoticeLine.notice == ExpiryNotice.id)
        ),
        Shown("state", ExpiryNotice.state, status=True),
        Shown("receiver", ExpiryNotice.receiver),
        Shown("answered_on", ExpiryNotice.answered_on),
        Shown("made_by", ExpiryNotice.made_by),
    )
    return Listing(
        query, columns, id=ExpiryNotice.id, order=("-day", "-number"), record=ExpiryNotice,
        search=(ExpiryNotice.number, Department.name),
        tones={NoticeState.SENT.value: "warning", NoticeState.ANSWERED.value: "ok"},
    )  # fmt: skip


@listing("notice_lines", "临期明细", "canteen", VIEW, "period", "stock")
def notice_lines(filters: Filters) -> Listing:
    """Lots of which departments were told, newest first, and what they said."""
    query = NoticeLine.select().join(ExpiryNotice).switch(NoticeLine).join(StockLot).join(StockItem)
    query = filters.narrow(query.join(Goods), period=ExpiryNotice.day, stock=StockLot.item)
    columns = (
        Shown("id", NoticeLine.id, hidden=True),
        Shown("number", NoticeLine.notice, ExpiryNotice.number),
        Shown("name", Goods.name),
        Shown("spec", Goods.spec),
        Shown("lot", NoticeLine.lot, StockLot.code),
        Shown("stock", NoticeLine.stock, total=False),
        Shown("unit", StockItem.unit),
        Shown("expires_on", StockLot.expires_on),
        Shown("wanted_by", NoticeLine.wanted_by),
        Shown("taken", NoticeLine.taken, total=False),
        Shown("rest", NoticeLine.rest),
        Shown("now", StockLot.stock, label="现结存", total=False),
        Shown("left", CountField(low=-100_000, verbose_name="通知时剩余天数"),
              days_between(StockLot.expires_on, ExpiryNotice.day), total=False, hidden=True),
    )  # fmt: skip
    return Listing(
        query, columns, id=NoticeLine.id, order=("-number", "expires_on"), record=NoticeLine,
        search=(ExpiryNotice.number, Goods.search, StockLot.code),
    )  # fmt: skip


KEPT, DUE, GONE = "留样中", "可销毁", "已销毁"


@listing("food_samples", "食品留样", "canteen", VIEW, "period")
def food_samples(filters: Filters) -> Listing:
    """Samples of dishes, those to be destroyed on top."""
    query = filters.narrow(FoodSample.select(), period=FoodSample.kept_at)
    stage = LineField(max_length=8, verbose_name="留样状态")
    gone = FoodSample.destroyed_at.is_null(False)
    old = FoodSample.kept_at <= datetime.now() - timedelta(hours=int(rules().sample_hours))
    columns = (
        Shown("id", FoodSample.id, hidden=True),
        Shown("kept_at", FoodSample.kept_at),
        Shown("meal", FoodSample.meal),
        Shown("dish", FoodSample.dish),
        Shown("grams", FoodSample.grams, total=False),
        Shown("fridge", FoodSample.fridge, total=False),
        Shown("kept_by", FoodSample.kept_by),
        Shown("stage", stage, Case(None, ((gone, GONE), (old, DUE)), KEPT),
              status=True),
        Shown("destroyed_at", FoodSample.destroyed_at),
        Shown("destroyed_by", FoodSample.destroyed_by),
        Shown("note", FoodSample.note),
        Shown("due", FlagField(verbose_name="待销毁"), Case(None, ((gone, 0), (old, 1)), 0), hidden=True),
    )  # fmt: skip
    return Listing(
        query, columns, id=FoodSample.id, order=("-due", "-kept_at", "dish"), record=FoodSample,
        search=(FoodSample.dish, FoodSample.kept_by), tones={KEPT: "info", DUE: "warning", GONE: "plain"},
    )  # fmt: skip
