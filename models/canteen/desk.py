"""仓库提醒: what of the store wants doing: what is short, expires, was not checked, waits to be decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from peewee import fn

from models.base import db
from models.canteen.books import StockClose
from models.canteen.counting import AFTER, FROM_DAY
from models.canteen.items import NONE, StockItem
from models.canteen.lots import Freshness, StockLot, freshness, is_short
from models.canteen.moves import MoveKind, StockMove
from models.canteen.notices import ExpiryNotice, NoticeState, to_notify
from models.canteen.outlook import paces
from models.canteen.problems import ProblemState, StockProblem
from models.canteen.returning import awaited
from models.canteen.rights import COUNT, DECIDE, STORE, VIEW
from models.canteen.rules import rules
from models.canteen.samples import FoodSample
from models.canteen.stocktakes import running
from models.canteen.weekly import Passed, StoreCheck, StoreCheckLine, monday_of
from models.cards import facts
from models.clock import now
from models.conditions import Condition, Test
from models.deeds import held
from models.desk import Figure, Reminder, figures, reminds
from models.money import from_scaled, thousands
from models.months import Month, Period
from models.suppliers.goods import trimmed
from models.suppliers.lists import papers_ending
from models.suppliers.purchase_desk import orders_late
from models.suppliers.rights import BUY
from models.suppliers.rights import KEEP as KEEPS_SUPPLIERS
from models.suppliers.rights import VIEW as SEES_SUPPLIERS

_THURSDAY = 3
_ANSWERED = 2
"""Days within which a department answers a notice."""


@reminds(STORE)
def short_items(day: date) -> Iterator[Reminder]:
    """Remind of what is less than it should be at least."""
    count = StockItem.select().where((StockItem.active == True) & is_short(day)).count()
    if count:
        yield Reminder(
            "库存低于最低，请提需求", "warning", "stock", {}, count, (Condition("short", Test.IS, "是"),)
        )


@reminds(STORE)
def lots_that_expire(day: date) -> Iterator[Reminder]:
    """Remind of lots that expired, of those to be told of, and of fresh goods to be used today."""
    there = StockLot.stock > 0
    expired = StockLot.select().where(there & (StockLot.expires_on < day)).count()
    if expired:
        state = {"state": Freshness.EXPIRED.value}
        yield Reminder("批次已过期，请报损或退供", "danger", "stock_lots", state, expired)
    untold = len(to_notify(day))
    if untold:
        state = {"state": Freshness.NEAR.value}
        yield Reminder("批次 7 天内到期，请发临期通知", "warning", "stock_lots", state, untold)
    brief = StockLot.select().where(there & StockLot.expires_on.between(day, day + timedelta(days=1)))
    count = sum(freshness(lot, day) is Freshness.BRIEF for lot in brief)
    if count:
        asked = (Condition("left", Test.MOST, "1"), Condition("left", Test.LEAST, "0"))
        state = {"state": Freshness.BRIEF.value}
        yield Reminder("短保食品今明两天到期，请用完", "warning", "stock_lots", state, count, asked)


@reminds(STORE)
def notices_unanswered(day: date) -> Iterator[Reminder]:
    """Remind of notices to which no department said anything."""
    late = day - timedelta(days=_ANSWERED)
    mine = (ExpiryNotice.state == NoticeState.SENT) & (ExpiryNotice.day <= late)
    count = ExpiryNotice.select().where(mine).count()
    if count:
        asked = (Condition("day", Test.MOST, late.isoformat()),)
        state = {"state": NoticeState.SENT.value}
        yield Reminder("临期通知没有回执", "warning", "expiry_notices", state, count, asked)


@reminds(STORE)
def check_due(day: date) -> Iterator[Reminder]:
    """Remind of the check of this week from Thursday on, and of last week's where it was left out."""
    monday = monday_of(day)
    first = StoreCheck.select(fn.MIN(StoreCheck.week)).scalar()
    begun = first is not None or StockMove.select().exists()
    if not begun:
        return
    last = monday - timedelta(days=7)
    if first is not None and first <= last and StoreCheck.get_or_none(StoreCheck.week == last) is None:
        yield Reminder("上周的贮存周检查漏检", "danger", "store_checking")
    if day.weekday() >= _THURSDAY and StoreCheck.get_or_none(StoreCheck.week == monday) is None:
        yield Reminder("本周还没有做贮存周检查", "warning", "store_checking")


@reminds(COUNT)
def count_due(day: date) -> Iterator[Reminder]:
    """Remind of the count of the month from its 25th on, and of one that is going on."""
    going = running()
    if going is not None:
        told = f"盘点 {going.number} {going.state.value}，库存冻结"
        yield Reminder(told, "warning", "stocktakes", {"state": going.state.value})
        return
    early = day.day <= AFTER
    month = Month.of(day).plus(-1) if early else Month.of(day)
    due = early or day.day >= FROM_DAY
    if due and StockMove.select().where(StockMove.day <= month.last).exists() and _uncounted(month):
        yield Reminder(f"{month.chinese}还没有盘点", "danger" if early else "warning", "stocktakes")


def _uncounted(month: Month) -> bool:
    return StockClose.get_or_none(StockClose.month == month) is None


@reminds(STORE)
def mending_open(day: date) -> Iterator[Reminder]:
    """Remind of what checks found wrong and nobody put right."""
    undone = (StoreCheckLine.passed == Passed.BAD) & StoreCheckLine.done_on.is_null()
    count = StoreCheckLine.select().where(undone).count()
    if count:
        asked = (Condition("open", Test.IS, "是"),)
        yield Reminder("周检查不合格项未整改", "warning", "store_check_lines", {}, count, asked)


@reminds(DECIDE)
def problems_reported(day: date) -> Iterator[Reminder]:
    """Remind the supervisor of what was reported."""
    count = StockProblem.select().where(StockProblem.state == ProblemState.REPORTED).count()
    if count:
        state = {"state": ProblemState.REPORTED.value}
        yield Reminder("库存质量异常等您处理", "danger", "stock_problems", state, count)


@reminds(STORE)
def problems_decided(day: date) -> Iterator[Reminder]:
    """Remind the storekeeper of what is decided and not done."""
    count = StockProblem.select().where(StockProblem.state == ProblemState.DECIDED).count()
    if count:
        state = {"state": ProblemState.DECIDED.value}
        yield Reminder("质量异常已有意见，请办结", "warning", "stock_problems", state, count)


@reminds(STORE)
def samples_to_destroy(day: date) -> Iterator[Reminder]:
    """Remind of samples that were kept long enough."""
    old = FoodSample.kept_at <= now() - timedelta(hours=int(rules().sample_hours))
    count = FoodSample.select().where(old & FoodSample.destroyed_at.is_null()).count()
    if count:
        asked = (Condition("due", Test.IS, "是"),)
        yield Reminder("留样已满时间，请销毁登记", "info", "food_samples", {}, count, asked)


@reminds(STORE)
def suppliers_of_the_store(day: date) -> Iterator[Reminder]:
    """Remind the storekeeper too of papers that lapse and orders that are late, where buying is another's."""
    may = held()
    if may(SEES_SUPPLIERS) and not may(KEEPS_SUPPLIERS):
        yield from papers_ending(day)
    if may(SEES_SUPPLIERS) and not may(BUY):
        for one in orders_late(day):
            yield replace(one, title=one.title.replace("请催货", "请告诉采购员"))


@reminds(STORE)
def replacements_awaited(day: date) -> Iterator[Reminder]:
    """Remind of goods that went back in exchange and did not come yet."""
    count = len(awaited())
    if count:
        yield Reminder("换货还没有送到", "warning", "goods_returns", {}, count)


@figures(VIEW)
def stock_value(day: date) -> Iterator[Figure]:
    """What is in stock, and what was issued this month beside the last."""
    if not StockMove.select().exists():
        return
    fen = int(db.execute(StockItem.select(fn.SUM(StockItem.value))).fetchone()[0] or 0)
    month = Month.of(day)
    now_used, before = _used(month), _used(month.plus(-1))
    yield Figure("库存金额", thousands(from_scaled(fen, 2)), "", "stock")
    yield Figure(
        "本月领用",
        thousands(now_used),
        f"上月 {thousands(before)}",
        "stock_issues",
        {"period": Period.of_month(month)},
    )


def _used(month: Month) -> Decimal:
    mine = StockMove.kind.in_((MoveKind.ISSUE, MoveKind.BACK)) & StockMove.day.between(
        month.first, month.last
    )
    fen = db.execute(StockMove.select(fn.SUM(StockMove.amount)).where(mine)).fetchone()[0]
    return from_scaled(-int(fen or 0), 2)


@facts(StockItem, VIEW)
def pace_of(item: StockItem) -> Iterator[Figure]:
    """How fast an item is used, and for how many days it lasts."""
    pace = paces(date.today()).get(item.id)
    if pace:
        lasts = int(item.stock / pace)
        yield Figure(
            "日均用量", f"{trimmed(pace.quantize(NONE))} {item.unit}", f"够用 {lasts} 天", "stock_moves"
        )
