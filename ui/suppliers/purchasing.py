"""采购页面: plans and what is to be bought of them, orders and chasing, what came, what goes back."""

from __future__ import annotations

from datetime import date
from typing import Any

from models.canteen.receiving import stock_receiving
from models.canteen.rights import STORE
from models.deeds import DEEDS
from models.listings import Filters
from models.months import Month
from models.suppliers import (  # noqa: F401 - their lists and deeds are named below
    purchase_lists,
    quote_lists,
    receiving,
    returning,
)
from models.suppliers.orders import OrderLine, OrderState, PurchaseOrder
from models.suppliers.planning import rows_of
from models.suppliers.plans import PlanState, PurchasePlan
from models.suppliers.quotes import InquiryState
from models.suppliers.returns import ReturnState
from models.suppliers.rights import PLAN, RECEIVE
from ui import deeddialog, keys
from ui.acts import Act, in_states, only_in
from ui.entering import EntryPage
from ui.entrygrid import SAME
from ui.page import Page, PageView
from ui.panel import Custom
from ui.permits import may
from ui.services import Services

_REDRAFT, _DRAFT = "suppliers.redraft_plan", "suppliers.draft_plan"
HINT = (
    f"Enter 下一行　{SAME} 照未到填　有不合格的填合格数，选原因　"
    f"{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的　没有到的空着"
)


def _redraft(view: PageView) -> Any:
    """Open the lines of the selected draft to be written anew."""
    plan = view.records()[0]
    assert isinstance(plan, PurchasePlan)
    return deeddialog.do(view.services, DEEDS[_REDRAFT], [plan], view, values={"rows": rows_of(plan)})


def _draft_again(view: PageView) -> Any:
    """Open a new plan with the goods of the selected one, for the month after it."""
    plan = view.records()[0]
    assert isinstance(plan, PurchasePlan)
    month = max(plan.month.plus(1), Month.of(date.today()))
    rows = [
        {**row, "needed_on": month.day(row["needed_on"].day), "stock": None, "over": None}
        for row in rows_of(plan)
    ]
    given = {"department": plan.department, "month": month, "rows": rows}
    return deeddialog.do(view.services, DEEDS[_DRAFT], [], view, values=given)


def _receiving(services: Services) -> EntryPage:
    """Return the page on which goods that came are received."""
    return EntryPage(services, receiving.receiving, HINT)


def _receive(view: PageView) -> None:
    """Go to what is still to come of the selected supplier; the store takes in what is kept in stock."""
    one = view.records()[0]
    order = one.order if isinstance(one, OrderLine) else one
    assert isinstance(order, PurchaseOrder)
    stocked = all(line.goods.stocked for line in order.lines)
    entry = stock_receiving if stocked and may(STORE) else receiving.receiving
    view.services.open(entry.name, Filters(supplier=order.supplier))


REDRAFT = Act(DEEDS[_REDRAFT].title, PLAN, _redraft, fits=only_in(PlanState.DRAFT), edits=True)
AGAIN = Act("照此编下月", PLAN, _draft_again)
TO_RECEIVE = Act("验收…", RECEIVE, _receive, fits=only_in(OrderState.OPEN), asks=False)

PAGES: tuple[Page | Custom, ...] = (
    Page(
        listing="purchase_plans",
        deeds=("suppliers.draft_plan",),
        row_deeds=(
            REDRAFT,
            in_states("suppliers.approve_plan", PlanState.DRAFT),
            AGAIN,
            in_states("suppliers.close_plan", PlanState.APPROVED),
        ),
        papers=("SU-05",),
        filters=("period", "state"),
        empty="还没有采购计划。点“编制采购计划”，一个部门一个月一份。",
    ),
    Page(
        listing="plan_lines",
        row_deeds=(
            in_states("suppliers.order_plan", PlanState.APPROVED),
            in_states("suppliers.order_plan_outside", PlanState.APPROVED),
            in_states("suppliers.cut_line", PlanState.APPROVED),
        ),
        filters=("period", "state"),
        empty="还没有计划明细。计划批准以后，在这里选行下单。",
    ),
    Page(
        listing="plan_sums",
        papers=("SU-05",),
        filters=("period",),
        period="本月",
        empty="这个月还没有采购计划。",
    ),
    Page(
        listing="purchase_orders",
        deeds=("suppliers.order", "suppliers.order_outside"),
        row_deeds=(
            in_states("suppliers.chase", OrderState.OPEN),
            TO_RECEIVE,
            in_states("suppliers.close_order", OrderState.OPEN),
            in_states("suppliers.cancel_order", OrderState.OPEN),
        ),
        papers=("SU-06",),
        filters=("period", "supplier", "state"),
        empty="还没有订单。按计划的在“计划明细”里下单，零星的点“下订单”。",
    ),
    Page(
        listing="order_lines",
        row_deeds=(TO_RECEIVE,),
        filters=("period", "supplier", "state"),
        empty="还没有订单明细。",
    ),
    Custom(receiving.receiving.name, receiving.receiving.title, RECEIVE, _receiving),
    Page(
        listing="goods_receipts",
        row_deeds=("suppliers.return_goods",),
        filters=("period", "supplier"),
        empty="还没有到货。货到了，在“到货验收”里录。",
    ),
    Page(
        listing="goods_returns",
        row_deeds=(
            in_states("suppliers.consent_return", ReturnState.WAITING),
            in_states("suppliers.refuse_return", ReturnState.WAITING),
            in_states("suppliers.finish_return", ReturnState.CONSENTED),
        ),
        papers=("CA-03",),
        filters=("period", "supplier", "state"),
        empty="没有退换货。验收时不合格的，列在这里等经理同意。",
    ),
    Page(
        listing="inquiries",
        deeds=("suppliers.inquire",),
        row_deeds=(
            in_states("suppliers.add_quotes", InquiryState.OPEN),
            in_states("suppliers.judge_inquiry", InquiryState.RECOMMENDED),
        ),
        papers=("SU-09",),
        filters=("period", "state"),
        empty="还没有询过价。点“登记询价”，把几家的报价放在一起比。",
    ),
    Page(
        listing="quotes",
        row_deeds=(in_states("suppliers.recommend", InquiryState.OPEN, InquiryState.RECOMMENDED),),
        papers=("SU-09",),
        filters=("period", "supplier", "state"),
        empty="还没有报价。在“询价单”里登记。",
    ),
    Page(
        listing="order_chases",
        filters=("period", "supplier"),
        empty="还没有催过货。在“采购订单”里选一张，点“催货”。",
    ),
)
