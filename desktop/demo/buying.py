"""演示的采购计划与订单: planned and approved each month, ordered weekly, chased, received, sent back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from desktop.demo.calendar import Calendar
from desktop.demo.happening import Happenings
from desktop.demo.staff import Crew
from desktop.demo.storing import Storing
from desktop.demo.trading import ASKED, CANDIDATE, FORGER, NEEDS, QUOTED, TRADERS, price_of
from models import clock, deeds
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.office.staff import Department
from models.suppliers.goods import Goods
from models.suppliers.orders import (
    OrderState,
    PurchaseOrder,
    cancel_order,
    chase,
    close_order,
    open_orders,
    order,
)
from models.suppliers.planning import close_plan, draft_plan, lines_to_buy, order_plan, plans_of
from models.suppliers.plans import PlanState, PurchasePlan
from models.suppliers.quotes import Inquiry, inquire, judge_inquiry, recommend
from models.suppliers.receipts import Defect
from models.suppliers.receiving import receive
from models.suppliers.register import Supplier
from models.suppliers.returning import consent_return, finish_return
from models.suppliers.returns import GoodsReturn, Handling, ReturnState, open_returns

_CHAIN = ("manager", "buyer", "accountant", "deputy")
_RELIABLE = {one.name: one for one in TRADERS}
_DEAR = "春节后菜价高，下季度调整"
_ANSWERS = ("司机堵在路上，下午到", "厂家缺货，后天补齐", "车坏了，明天一早送")
_WORDS = {Defect.SPOILT: "有破损", Defect.SPEC: "规格与订单不符", Defect.EXPIRED: "离到期不足一周"}


class Buying:
    """Plans what each month needs, orders it, and lets most of it come in time."""

    def __init__(self, crew: Crew, calendar: Calendar, happenings: Happenings) -> None:
        self._crew, self._calendar, self._plan = crew, calendar, happenings.plan
        self._chance = random.Random(71)
        self._storing = Storing(crew, calendar, happenings)

    def plan(self, month: Month) -> None:
        """Plan a month: the plans for the next one, and its own orders week by week."""
        self._storing.plan(month)
        first = month == self._calendar.first
        if first:
            self._ask(month.day(5), month)
        self._ask(month.day(24), month.plus(1))
        for day in (6, 13, 20, 27) if first else (1, 8, 15, 22):
            self._plan(_at(month.day(day), 10, 40), partial(self._order, month, day))
        self._plan(_at(month.plus(1).day(6), 16), lambda: self._close(month))
        if month.month % 3 == 2:
            self._plan(_at(month.day(15), 14), self._compare)
        if month == self._calendar.first.plus(2):
            self._try(month)
        if month == self._calendar.now and not first:
            self._leave_open()

    def _compare(self) -> None:
        """Ask several suppliers for the same, recommend one, and let those who use it say what they think."""
        today = clock.now().date()
        rows = [
            {
                "goods": Goods.find(ware), "supplier": Supplier.find(name),
                "days": self._chance.randint(1, 5),
                "price": (price_of(ware) * self._chance.randint(92, 112) / 100).quantize(Decimal("0.01")),
                "quality": quality,
            }
            for ware in QUOTED
            for name, quality in ASKED
        ]  # fmt: skip
        with self._by("buyer"):
            made = inquire(f"{Month.of(today).chinese}比价", rows, today + timedelta(days=90))
            for goods in dict.fromkeys(row["goods"] for row in rows):
                mine = [one for one in made.quotes if one.goods == goods]
                recommend(min(mine, key=lambda one: one.price), "价格最低，交期能满足")
        if today + timedelta(days=30) < self._calendar.today:
            with self._by("supervisor"):
                judge_inquiry(Inquiry.find(made.number), True, "样品试用可以，同意采纳")

    def _leave_open(self) -> None:
        """Leave some orders on their way on the last days: one late and chased, others due."""
        today = self._calendar.today
        for ago, name, wares, due in (
            (6, "明亮电工器材店", (("LED灯管", 40), ("声控开关", 10)), -2),
            (2, "丰禾粮油商行", (("大米", 10), ("大豆油", 3)), 1),
            (1, "绿野蔬菜配送中心", (("大白菜", 60), ("土豆", 50), ("西红柿", 30)), 0),
        ):
            at, day = _at(today - timedelta(days=ago), 11), today + timedelta(days=due)
            self._plan(at, partial(self._spontaneous, name, wares, day))

    def _spontaneous(self, name: str, wares: Sequence[tuple[str, int]], due: date) -> None:
        rows = [
            {"goods": Goods.find(ware), "quantity": Decimal(quantity), "price": None}
            for ware, quantity in wares
        ]
        with self._by("buyer"):
            made = order(Supplier.find(name), rows, due, "月末补货")
        if due < self._calendar.today:
            self._plan(_at(due + timedelta(days=1), 9), lambda: self._chase(made.number))

    def _try(self, month: Month) -> None:
        """Order something of a supplier who is found out later."""
        at = _at(month.day(9), 11)
        self._plan(at, partial(self._spontaneous, FORGER, (("生抽", 6), ("食盐", 10)), month.day(11)))
        self._plan(_at(month.day(11), 9, 40), self._receive_tried)

    def _receive_tried(self) -> None:
        for one in open_orders(Supplier.find(FORGER)):
            self._receive(str(one.number))

    def _ask(self, day: date, month: Month) -> None:
        """Let every department plan a month on a day."""
        for place, department in enumerate(NEEDS):
            self._plan(_at(day, 9, 10 * place), partial(self._draft, department, month))

    def _by(self, name: str) -> Any:
        return deeds.acting(self._crew.accounts[name])

    def _draft(self, department: str, month: Month) -> None:
        who, needs = NEEDS[department]
        rows = [
            {
                "goods": Goods.find(name), "needed_on": month.day(day), "stock": None, "supplier": None,
                "account": None, "over": _DEAR if month.month == 3 else None, "price": self._priced(name),
                "quantity": Decimal(quantity * self._chance.randint(90, 112) // 100 or 1),
            }
            for name, quantity, days in needs
            for day in days
            if month.day(day) >= clock.now().date()
        ]  # fmt: skip
        with self._by(who):
            plan = draft_plan(Department.find(department), month, rows)
            asked = request("suppliers.approve_plan", {}, key=plan.number)
        now = month == self._calendar.now.plus(1)
        for login in _CHAIN[:2] if now else _CHAIN:  # what is wanted next month is still on its way
            if login != who:
                with self._by(login):
                    Approval.find(asked.number).approve()

    def _priced(self, name: str) -> Decimal:
        share = Decimal(self._chance.randint(94, 107)) / 100
        return (price_of(name) * share).quantize(Decimal("0.01"))

    def _order(self, month: Month, day: int) -> None:
        """Order what is needed within the week, and of a candidate once, outside the list."""
        until = month.day(day + 8)
        with self._by("buyer"):
            lines = [one for one in lines_to_buy(until) if one.supplier is not None]
            for supplier in dict.fromkeys(one.supplier for one in lines):
                mine = [one for one in lines if one.supplier == supplier]
                due = min(one.needed_on for one in mine)
                made = order_plan(mine, max(due, clock.now().date() + timedelta(days=1))).orders
                for one in made:
                    self._expect(one)
        if month == self._calendar.now and day == 8:
            self._outside()

    def _outside(self) -> None:
        supplier = Supplier.find(CANDIDATE.name)
        rows = [{"goods": Goods.find("豆腐"), "quantity": Decimal(30), "price": Decimal("4.00")}]
        due = clock.now().date() + timedelta(days=2)
        given = {"supplier": supplier, "rows": rows, "due": due, "reason": "准入前试供，比较质量"}
        with self._by("buyer"):
            asked = request("suppliers.order_outside", given)
        for login in ("manager", "deputy"):
            with self._by(login):
                Approval.find(asked.number).approve()
        self._expect(PurchaseOrder.find(asked.number))

    def _expect(self, placed: PurchaseOrder) -> None:
        """Let an order come: most in time, some late and chased, a few never whole."""
        trader = _RELIABLE.get(placed.supplier.name)
        late = self._chance.randrange(100) < (trader.late if trader else 10)
        days = self._chance.randint(1, 4) if late else 0
        number, due = placed.number, placed.due
        if self._chance.randrange(100) < 1:
            self._plan(_at(due, 8, 50), lambda: self._cancel(number))
            return
        if days:
            self._plan(_at(due + timedelta(days=1), 9), lambda: self._chase(number))
        minutes = self._chance.randint(0, 90)
        self._plan(_at(due + timedelta(days=days), 8, 40 + minutes), lambda: self._receive(number))

    def _cancel(self, number: str) -> None:
        with self._by("buyer"):
            cancel_order(PurchaseOrder.find(number), "部门暂不需要")

    def _chase(self, number: str) -> None:
        found = PurchaseOrder.find(number)
        with self._by("buyer"):
            promised = clock.now().date() + timedelta(days=1)
            chase(found, found.supplier.contact, self._chance.choice(_ANSWERS), promised)

    def _receive(self, number: str) -> None:
        found = PurchaseOrder.find(number)
        trader = _RELIABLE.get(found.supplier.name)
        bad = trader.bad if trader else 5
        rows, short = [], False
        for line in found.lines:
            row = {"line": line, "delivered": line.open, "accepted": None, "defect": None, "words": None}
            luck = self._chance.randrange(100)
            if luck < bad:
                defect = self._chance.choice(list(_WORDS))
                good = (line.open * Decimal("0.9")).quantize(Decimal(1))
                row |= {"accepted": good, "defect": defect, "words": _WORDS[defect]}
            elif luck > 98:
                row["delivered"] = (line.open * Decimal("0.8")).quantize(Decimal("0.1"))
                short = True
            rows.append(row)
        self._take(rows, f"SH{found.number[3:].replace('-', '')}")
        self._plan(_at(clock.now().date() + timedelta(days=1), 9, 20), self._consent)
        self._plan(_at(clock.now().date() + timedelta(days=4), 14, 30), self._finish)
        if short or PurchaseOrder.find(number).state is OrderState.OPEN:
            days = self._chance.randint(3, 6)
            self._plan(_at(clock.now().date() + timedelta(days=days), 10), lambda: self._settle_short(number))

    def _settle_short(self, number: str) -> None:
        """Let the rest of an order come, or want it no more."""
        found = PurchaseOrder.find(number)
        if found.state is not OrderState.OPEN:
            return
        if self._chance.random() < 0.3:
            with self._by("buyer"):
                close_order(found, "供方补不齐，余数另购")
            return
        rows = [
            {"line": line, "delivered": line.open, "accepted": None, "defect": None, "words": "补送"}
            for line in found.lines
            if line.open
        ]
        self._take(rows, None)

    def _take(self, rows: list[dict[str, Any]], note: str | None) -> None:
        """Receive what is used at once; what is kept in stock the storekeeper takes in."""
        if rows and rows[0]["line"].goods.stocked:
            self._storing.receive(rows, note)
        elif rows:
            with self._by("supervisor"):
                receive(rows, note_number=note)

    def _consent(self) -> None:
        with self._by("manager"):
            for one in _returns(ReturnState.WAITING):
                handling = Handling.EXCHANGE if self._chance.random() < 0.4 else Handling.RETURN
                consent_return(one, handling)

    def _finish(self) -> None:
        with self._by("storekeeper"):
            for one in _returns(ReturnState.CONSENTED):
                if one.found_on < clock.now().date() - timedelta(days=2):
                    told = "已换回合格品" if one.handling is Handling.EXCHANGE else "供方已拉回"
                    finish_return(one, told)

    def _close(self, month: Month) -> None:
        for plan in _plans(month):
            with self._by("buyer"):
                close_plan(plan)


def _returns(state: ReturnState) -> Sequence[GoodsReturn]:
    return [one for one in open_returns() if one.state is state]


def _plans(month: Month) -> list[PurchasePlan]:
    return [one for one in plans_of(month) if one.state is PlanState.APPROVED]


def _at(day: date, hour: int, minutes: int = 0) -> datetime:
    return datetime.combine(day, time(hour)) + timedelta(minutes=minutes)
