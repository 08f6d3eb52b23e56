"""A supplier, goods and an order, made through the real deeds, for tests of suppliers and purchasing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models import deeds
from models.clock import standing_at
from models.months import Month
from models.office.staff import Department
from models.suppliers.admission import Admission, Finding, admit, items, review
from models.suppliers.contracts import add_contract
from models.suppliers.ending.letters import warn
from models.suppliers.ending.terminations import TerminationKind, draft_termination
from models.suppliers.goods import Goods, GoodsKind, add_goods
from models.suppliers.kinds import Category, LicenceKind
from models.suppliers.licences import add_licence
from models.suppliers.orders import OrderLine, PurchaseOrder, chase, order
from models.suppliers.planning import draft_plan, order_plan
from models.suppliers.plans import PurchasePlan
from models.suppliers.quotes import inquire
from models.suppliers.receipts import Defect, GoodsReceipt
from models.suppliers.receiving import receive
from models.suppliers.register import Supplier, add_supplier
from models.suppliers.scoring.complaints import complain
from models.suppliers.scoring.criteria import Measure
from models.suppliers.scoring.evaluations import EvaluationLine, mark, open_evaluations
from models.suppliers.services.inspections import ServiceInspection, inspect_service
from models.suppliers.services.programmes import submit_programme
from models.suppliers.services.scores import open_service_scores
from models.suppliers.settling.deductions import deduct
from models.suppliers.settling.drafting import draft_settlement
from models.suppliers.settling.payments import pay

TODAY = date.today()
FULL = Decimal(100)


def kind(name: str = "粮油") -> GoodsKind:
    """Return a kind of goods."""
    return GoodsKind.find(name)


def ware(name: str = "大米", of: str = "粮油", unit: str = "袋", spec: str | None = "25kg") -> Goods:
    """Make something that is bought."""
    return add_goods(name=name, spec=spec, unit=unit, kind=kind(of))


def candidate(name: str = "丰禾粮油", scope: str = "粮油", category: Category = Category.FOOD) -> Supplier:
    """Open the file of a supplier."""
    return add_supplier(
        [kind(one) for one in scope.split("、")], name=name, category=category, contact="甄满仓",
        phone="13800001234", address="长江路 8 号",
    )  # fmt: skip


def show_papers(supplier: Supplier, until: date | None = None) -> None:
    """Show what a supplier of food must show."""
    add_licence(supplier, LicenceKind.BUSINESS, None, "91340100")
    add_licence(supplier, LicenceKind.FOOD, until or TODAY + timedelta(days=400), "JY1")


def look_at(supplier: Supplier, share: int = 90, **changes: Any) -> Admission:
    """Review a candidate, with so many percent of the marks of each item."""
    marks = [{"name": one.name, "mark": Decimal(one.full * share) / 100} for one in items()]
    given = {"sample": Finding.GOOD, "site": Finding.GOOD, "reviewers": "高原、于静"} | changes
    return review(supplier, marks, **given)


def qualified(name: str = "丰禾粮油", scope: str = "粮油", category: Category = Category.FOOD) -> Supplier:
    """Make a supplier that is on the list."""
    supplier = candidate(name, scope, category)
    show_papers(supplier)
    look_at(supplier)
    with deeds.acting(deeds.TheOffice()):
        return admit(supplier)


def ordered(
    supplier: Supplier, *wanted: tuple[Goods, int], due: date | None = None, price: str = "100"
) -> PurchaseOrder:
    """Order goods, so many of each."""
    rows = [
        {"goods": goods, "quantity": Decimal(quantity), "price": Decimal(price)} for goods, quantity in wanted
    ]
    return order(supplier, rows, due or TODAY)


def came(
    one: PurchaseOrder, delivered: int, accepted: int | None = None, line: int = 1, **more: Any
) -> GoodsReceipt:
    """Receive so much of a line of an order; what is rejected was spoilt."""
    row = {
        "line": OrderLine.find(f"{one.number}/{line}"), "delivered": Decimal(delivered),
        "accepted": None if accepted is None else Decimal(accepted),
        "defect": None if accepted is None or accepted == delivered else Defect.SPOILT, "words": None,
    }  # fmt: skip
    return receive([row], **more).receipts[0]


def planned(
    *wanted: tuple[Goods, int], price: str = "100", department: str = "食堂", **more: Any
) -> PurchasePlan:
    """Draft a plan of this month, so many of each goods, needed today."""
    rows = [
        {
            "goods": goods, "quantity": Decimal(quantity), "price": Decimal(price), "needed_on": TODAY,
            "stock": None, "supplier": None, "account": None, "over": None, **more,
        }
        for goods, quantity in wanted
    ]  # fmt: skip
    return draft_plan(Department.find(department), Month.of(TODAY), rows)


def deal() -> None:
    """Leave something of each kind of record of this module behind."""
    supplier, goods = qualified(), ware()
    add_contract(supplier, TODAY, TODAY + timedelta(days=300), number="HT-1", title="粮油供应")
    candidate("绿野蔬菜", "蔬菜")
    with deeds.acting(deeds.TheOffice()):
        plan = planned((goods, 5)).approve()
        made = order_plan(list(plan.lines)).orders[0]
        chase(made, "甄满仓", "明天到", TODAY)
        came(made, 2, 1)
        planned((goods, 3))
        row = {"goods": goods, "supplier": supplier, "price": Decimal(99), "days": 2, "quality": None}
        inquire("冬季备货", [row], TODAY + timedelta(days=30))
        complain(supplier, "送货慢")
        deduct(supplier, Decimal(5), "送货迟到")
        pay(draft_settlement(supplier).approve(), amount=Decimal(10))
        warn(supplier, "送货迟到", "保证准时", TODAY + timedelta(days=20))
        given = {"object_until": None, "effective_on": None, "readmit_on": None, "settling": None}
        draft_termination(
            supplier=qualified("停用粮油"), facts="假证", clause="合同第八条",
            kind=TerminationKind.FOREVER, **given,
        )  # fmt: skip
        with standing_at(datetime.now() - timedelta(days=800)):
            old = qualified("老粮油")
        opened = open_evaluations(str(TODAY.year - 1)).made[0]
        line = opened.lines.where(EvaluationLine.measure == Measure.JUDGED).get()
        mark([{"line": line, "mark": Decimal(80)}])
        serve()
        assert old.admitted_on is not None


def contractor(name: str = "碧园绿化", since: date | None = None, **more: Any) -> Supplier:
    """Make a supplier that works by the month, for 3,000 元, as its contract says."""
    supplier = qualified(name, "绿化养护", Category.GREENING)
    first = since or Month.of(TODAY).plus(-6).first
    given: dict[str, Any] = {"pass_mark": 80, "cut": Decimal(1), "end_mark": 70} | more
    until = first + timedelta(days=700)
    add_contract(supplier, first, until, Decimal(3000), number=f"FW-{name}", title="绿化养护", **given)
    return supplier


def looked(supplier: Supplier, *rows: tuple[str, str | None], **more: Any) -> list[ServiceInspection]:
    """Inspect areas of a contractor; where something is wrong it is to be mended."""
    given = [
        {
            "area": area, "expected": 3, "actual": 3, "problem": problem,
            "demand": "三天内改好" if problem else None, "due": None,
        }
        for area, problem in rows
    ]  # fmt: skip
    return list(inspect_service(supplier, given, **more).made)


def serve() -> None:
    """Leave something of each kind of record of contracted services behind."""
    supplier = contractor()
    row = {"area": "修剪", "frequency": "每月一次", "staff": 3, "material": None, "note": None}
    submit_programme(supplier, Month.of(TODAY), [row])
    looked(supplier, ("修剪", "绿篱超期未剪"))
    open_service_scores(Month.of(TODAY).plus(-1))
