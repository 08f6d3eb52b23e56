"""Plans, orders, what came and what went back: what is allowed, and what it does to the budget."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import peewee
import pytest

from desktop import modules
from models import deeds
from models.base import db
from models.checks import run_invariants
from models.clock import standing_at
from models.desk import reminders_on
from models.errors import BadInput, NeedsApproval, RuleBroken, Stale
from models.listings import LISTS, Filters
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.office.budget import BudgetAccount, enter_budget, remainder
from models.rows import RowRefused
from models.suppliers.kinds import LicenceKind, SupplierState
from models.suppliers.licences import Licence
from models.suppliers.moving import suspend, watch
from models.suppliers.orders import (
    OrderLine,
    OrderState,
    PurchaseOrder,
    cancel_order,
    chase,
    close_order,
    left_of,
    order,
    order_outside,
)
from models.suppliers.planning import (
    close_plan,
    cut_line,
    order_plan,
    order_plan_outside,
    redraft_plan,
    rows_of,
)
from models.suppliers.plans import PlanLine, PlanState, PurchasePlan
from models.suppliers.receipts import Defect, GoodsReceipt, ReceiptLine
from models.suppliers.receiving import receive, receiving
from models.suppliers.returning import consent_return, finish_return, refuse_return, return_goods
from models.suppliers.returns import GoodsReturn, Handling, ReturnState
from tests.estate import Estate, writing
from tests.office_people import account_of, worker
from tests.trade import TODAY, came, candidate, kind, ordered, planned, qualified, show_papers, ware

modules.load()

D = Decimal
ONE_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _as_the_office(estate: Estate) -> Iterator[None]:
    with deeds.acting(deeds.TheOffice()):
        yield


def budget(amount: int) -> BudgetAccount:
    """Let so much be spent on food in each quarter of this year."""
    food = BudgetAccount.find("食堂食材")
    row: dict[str, Any] = dict.fromkeys(("second", "third", "fourth"), D(0)) | {"first": D(amount)}
    enter_budget(
        [{"year": TODAY.year, "quarter": None, "account": food, "note": None, **row}]
    ).budget.approve()
    return food


# -- plans -----------------------------------------------------------------------------------------


def test_a_plan_reserves_what_it_costs_and_lets_go_what_was_not_bought() -> None:
    food, goods, supplier = budget(1000), ware(), qualified()
    plan = planned((goods, 6))
    assert remainder(food, TODAY) == D(1000) and plan.lines.get().supplier == supplier
    plan.approve()
    assert remainder(food, TODAY) == D(400)
    cut_line(plan.lines.get(), D(5), "库存还有")
    assert remainder(food, TODAY) == D(500)
    one = order_plan(list(plan.lines)).orders[0]
    with pytest.raises(RuleBroken, match="还有订单没有到齐"):
        close_plan(plan)
    came(one, 2)
    close_order(PurchaseOrder.get(), "不要了")
    assert left_of(PlanLine.get()) == D(3)
    close_plan(PurchasePlan.get())
    assert remainder(food, TODAY) == D(800) and PurchasePlan.get().state is PlanState.CLOSED
    assert not run_invariants()


def test_more_than_is_left_needs_a_reason() -> None:
    food, goods = budget(1000), ware()
    qualified()
    plan = planned((goods, 11))
    with pytest.raises(RuleBroken, match=r"余额 1,000\.00 元，计划 1,100\.00 元"):
        plan.approve()
    assert PurchasePlan.get().state is PlanState.DRAFT
    redraft_plan(plan, [{**rows_of(plan)[0], "over": "节日加餐"}])
    PurchasePlan.get().approve()
    assert remainder(food, TODAY) == D(-100)


def test_a_plan_goes_along_its_chain_and_stays_as_it_was_applied_for() -> None:
    goods, _ = ware(), qualified()
    people = [
        worker(name, role)
        for name, role in (
            ("曹", "食堂仓库管理员"), ("何", "管理处主任"), ("高", "物配中心"), ("沈", "会计"),
            ("严", "常务副总经理"),
        )
    ]  # fmt: skip
    with deeds.acting(people[0]):
        plan = planned((goods, 6))
        with pytest.raises(NeedsApproval):
            plan.approve()
        asked = request("suppliers.approve_plan", {}, key=plan.number)
        assert asked.amount == D(600)
        with pytest.raises(RuleBroken, match=f"正在审批（{asked.number}）"):
            redraft_plan(plan, rows_of(plan))
    made = LISTS["purchase_plans"](Filters())
    assert [made.plain(one)["pending"] for one in made.rows()] == [asked.number]
    for person in people[1:]:
        with deeds.acting(person):
            Approval.find(asked.number).approve()
    plan = PurchasePlan.get()
    assert (plan.state, plan.approval, plan.lines.get().approved) == (
        PlanState.APPROVED, asked.number, D(6),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"needed_on": TODAY + timedelta(days=62)}, "不在计划的月份"),
        ({"price": None}, "没有买过，请填预估单价"),
        ({"account": "物业费收入"}, "不是在用的支出科目"),
        ({"quantity": D(-1)}, None),
    ],
)
def test_rows_of_a_plan_that_cannot_be(change: dict[str, Any], sentence: str | None) -> None:
    goods = ware()
    if isinstance(change.get("account"), str):
        change = {"account": BudgetAccount.find(change["account"])}
    row = {
        "goods": goods, "quantity": D(1), "price": D(1), "needed_on": TODAY, "stock": None, "supplier": None,
        "account": None, "over": None,
    } | change  # fmt: skip
    given = {"department": "食堂", "month": str(Month.of(TODAY)), "rows": [row]}
    with pytest.raises(RowRefused, match=sentence):
        deeds.DEEDS["suppliers.draft_plan"].call(None, given)
    assert not PurchasePlan.select().exists()


def test_a_plan_that_is_approved_is_not_written_anew() -> None:
    goods, _ = ware(), qualified()
    plan = planned((goods, 6)).approve()
    with pytest.raises(RuleBroken, match="要少买的请“核减”"):
        redraft_plan(plan, rows_of(plan))
    line = plan.lines.get()
    with pytest.raises(BadInput, match="核减要填更小的数"):
        cut_line(line, D(7), "多买")
    order_plan([line])
    with pytest.raises(RuleBroken, match="已下单 6，不能核减到 5"):
        cut_line(PlanLine.get(), D(5), "少买")
    for sql in ("UPDATE plan_line SET quantity = 1", "DELETE FROM plan_line"):
        with pytest.raises(peewee.IntegrityError):
            db.execute_sql(sql)


def test_a_second_plan_of_a_month_has_a_number_of_its_own_and_both_are_put_together() -> None:
    goods = ware()
    first, second = planned((goods, 6)), planned((goods, 2))
    assert second.number == f"{first.number}-2"
    made = LISTS["plan_sums"](Filters())
    told = [made.plain(one) for one in made.rows()]
    assert [(one["quantity"], one["amount"]) for one in told] == [("8.000", "800.00")]


def test_lines_are_ordered_by_supplier_and_only_once() -> None:
    rice, greens = ware(), ware("白菜", "蔬菜", "kg", None)
    qualified()
    qualified("绿野蔬菜", "蔬菜")
    plan = planned((rice, 6), (greens, 9)).approve()
    made = order_plan(list(plan.lines)).orders
    assert {one.supplier.name for one in made} == {"丰禾粮油", "绿野蔬菜"}
    with pytest.raises(RuleBroken, match="已经全部下单"):
        order_plan(list(plan.lines))
    cancel_order(made[0], "重下")
    assert len(order_plan([made[0].lines.get().plan_line]).orders) == 1


# -- orders ----------------------------------------------------------------------------------------


def rows(*goods: Any) -> list[dict[str, Any]]:
    return [{"goods": one, "quantity": D(1), "price": D(10)} for one in goods]


@pytest.mark.parametrize("state", [SupplierState.SUSPENDED, SupplierState.TERMINATED, SupplierState.DROPPED])
@pytest.mark.parametrize("deed", [order, order_outside])
def test_nothing_is_ordered_of_whoever_is_out(state: SupplierState, deed: Callable[..., Any]) -> None:
    supplier, goods = qualified(), ware()
    with writing():
        supplier.change(state=state)
    more = {"reason": "急用"} if deed is order_outside else {}
    with pytest.raises(RuleBroken, match=f"是“{state.value}”供方，不能向它采购"):
        deed(supplier, rows(goods), TODAY, **more)
    assert not PurchaseOrder.select().exists()


def test_nothing_is_ordered_of_whoever_lacks_a_paper() -> None:
    supplier, goods = qualified(), ware()
    Licence.get(Licence.kind == LicenceKind.FOOD).retire()
    for deed, more in ((order, {}), (order_outside, {"reason": "急用"})):
        with pytest.raises(RuleBroken, match="没有食品经营许可，已自动停用"):
            deed(supplier, rows(goods), TODAY, **more)


def test_outside_the_list_needs_a_reason_and_an_approval() -> None:
    goods, greens = ware(), ware("白菜", "蔬菜", "kg", None)
    supplier, other = qualified(), candidate("绿野蔬菜", "蔬菜")
    with pytest.raises(RuleBroken, match="没有营业执照"):
        order_outside(other, rows(greens), TODAY, "试供")
    show_papers(other)
    with pytest.raises(RuleBroken, match="还不是合格供方。要采购的请用“名录外采购”"):
        order(other, rows(greens), TODAY)
    with pytest.raises(RuleBroken, match="蔬菜 不在 丰禾粮油 的供货范围内"):
        order(supplier, rows(greens), TODAY)
    with pytest.raises(RuleBroken, match="请直接“下订单”"):
        order_outside(supplier, rows(goods), TODAY, "急用")
    watch(supplier, "迟到", TODAY)
    with pytest.raises(RuleBroken, match="停增新订单"):
        order(supplier, rows(goods), TODAY)
    buyer, manager, deputy = (
        worker(name, role) for name, role in (("高", "采购员"), ("何", "管理处主任"), ("严", "常务副总经理"))
    )
    given = {"supplier": other, "rows": rows(greens), "due": TODAY, "reason": "准入前试供"}
    with deeds.acting(buyer):
        with pytest.raises(NeedsApproval):
            order_outside(**given)
        asked = request("suppliers.order_outside", given)
    assert (asked.number[:3], asked.amount) == ("DD-", D(10))
    for person in (manager, deputy):
        with deeds.acting(person):
            Approval.find(asked.number).approve()
    made = PurchaseOrder.get()
    assert (made.number, made.outside) == (asked.number, "准入前试供")


def test_lines_of_a_plan_are_bought_outside_the_list_with_their_plan() -> None:
    goods, other = ware(), candidate("备选粮油")
    supplier = qualified()
    show_papers(other)
    plan = planned((goods, 5), supplier=supplier).approve()
    with pytest.raises(RuleBroken, match="请直接“下订单”"):
        order_plan_outside(list(plan.lines), supplier, "急用")
    buyer, manager, deputy = (
        worker(name, role) for name, role in (("高", "采购员"), ("何", "管理处主任"), ("严", "常务副总经理"))
    )
    given = {"lines": list(plan.lines), "supplier": other, "reason": "准入前试供", "due": None}
    with deeds.acting(buyer):
        asked = request("suppliers.order_plan_outside", given)
    assert asked.amount == D(500)
    for person in (manager, deputy):
        with deeds.acting(person):
            Approval.find(asked.number).approve()
    line = PurchaseOrder.find(asked.number).lines.get()
    assert (line.plan_line, line.quantity, line.order.outside) == (plan.lines.get(), D(5), "准入前试供")
    with pytest.raises(RuleBroken, match="已经全部下单"):
        order_plan_outside(list(plan.lines), other, "再来")


@pytest.mark.parametrize(
    ("change", "problem", "sentence"),
    [
        (lambda one: {"rows": [*rows(one), *rows(one)]}, RowRefused, "写了两行"),
        (lambda one: {"rows": [{"goods": one, "quantity": D(1), "price": None}]}, RowRefused, "请填单价"),
        (lambda one: {"due": TODAY - ONE_DAY}, BadInput, "已经过了"),
        (lambda one: one.retire() and {}, RowRefused, "已停用"),
    ],
)
def test_orders_that_cannot_be(change: Callable[[Any], Any], problem: type, sentence: str) -> None:
    supplier, goods = qualified(), ware()
    given = {"rows": rows(goods), "due": TODAY} | change(goods)
    goods = type(goods).get_by_id(goods.id)
    given["rows"] = [{**row, "goods": goods} for row in given["rows"]]
    with pytest.raises(problem, match=sentence):
        order(supplier, **given)
    assert not PurchaseOrder.select().exists() and not OrderLine.select().exists()


def test_the_last_price_stands_where_none_is_typed() -> None:
    supplier, goods = qualified(), ware()
    ordered(supplier, (goods, 1), price="118.5")
    made = order(supplier, [{"goods": goods, "quantity": D("2.5"), "price": None}], TODAY)
    assert made.total() == D("296.25")


def test_what_came_is_not_cancelled_and_what_did_not_is_not_closed() -> None:
    supplier, goods = qualified(), ware()
    made = ordered(supplier, (goods, 5))
    with pytest.raises(RuleBroken, match="一点也没有到"):
        close_order(made, "不要了")
    came(made, 2)
    made = PurchaseOrder.get()
    with pytest.raises(RuleBroken, match="已有到货，不能取消"):
        cancel_order(made, "不要了")
    close_order(made, "不要了")
    for act in (
        lambda: close_order(made, "再"), lambda: cancel_order(made, "再"), lambda: chase(made, "甄", "到了"),
        lambda: came(made, 1),
    ):  # fmt: skip
        with pytest.raises(RuleBroken, match="短缺结案"):
            act()
    assert PurchaseOrder.get().state is OrderState.CLOSED


def test_chasing_has_its_time_and_what_was_promised() -> None:
    supplier, goods = qualified(), ware()
    made = ordered(supplier, (goods, 5))
    with pytest.raises(BadInput, match="还没有到"):
        chase(made, "甄", "明天", at=datetime.now() + ONE_DAY)
    with pytest.raises(BadInput, match="早于下单日期"):
        chase(made, "甄", "明天", at=datetime.now() - 2 * ONE_DAY)
    with pytest.raises(BadInput, match="已经过了"):
        chase(made, "甄", "明天", TODAY - ONE_DAY)
    assert chase(made, "甄", "明天", TODAY + ONE_DAY).order == made


# -- what came -------------------------------------------------------------------------------------


def test_what_came_is_counted_and_a_whole_order_is_done() -> None:
    supplier, goods, salt = qualified(), ware(), ware("食盐")
    made = ordered(supplier, (goods, 5), (salt, 3))
    came(made, 3, line=1)
    came(made, 3, line=2)
    line = OrderLine.find(f"{made.number}/1")
    assert (line.open, line.arrived_on, PurchaseOrder.get().state) == (D(2), None, OrderState.OPEN)
    came(made, 2, line=1)
    line = OrderLine.find(f"{made.number}/1")
    assert (line.open, line.arrived_on, PurchaseOrder.get().state) == (D(0), TODAY, OrderState.DONE)
    assert not run_invariants()


@pytest.mark.parametrize(
    ("delivered", "accepted", "defect", "sentence"),
    [
        (0, None, None, "实到是零"),
        (5, 6, None, "合格 6 多于实到 5"),
        (5, 4, None, "请选不合格原因"),
        (6, None, None, "最多再收 5.5"),
    ],
)
def test_receipts_that_cannot_be(
    delivered: int, accepted: int | None, defect: Defect | None, sentence: str
) -> None:
    made = ordered(qualified(), (ware(), 5))
    row = {
        "line": made.lines.get(), "delivered": D(delivered), "defect": defect, "words": None,
        "accepted": None if accepted is None else D(accepted),
    }  # fmt: skip
    with pytest.raises(RowRefused, match=sentence):
        receive([row])
    with pytest.raises(RowRefused, match="写了两行"):
        receive([{**row, "delivered": D(1), "accepted": None}] * 2)
    with pytest.raises(BadInput, match="还没有到"):
        receive([{**row, "delivered": D(1)}], arrived_on=TODAY + ONE_DAY)
    assert not GoodsReceipt.select().exists() and OrderLine.get().delivered == 0


def test_two_suppliers_are_received_apart_and_nobody_receives_what_he_ordered() -> None:
    goods, greens = ware(), ware("白菜", "蔬菜", "kg", None)
    first, second = qualified(), qualified("绿野蔬菜", "蔬菜")
    lines = [ordered(first, (goods, 5)).lines.get(), ordered(second, (greens, 5)).lines.get()]
    given = [{"line": line, "delivered": D(1)} for line in lines]
    with pytest.raises(RuleBroken, match="要分开验收"):
        receive(given)
    both = worker("某", "采购员", "食堂仓库管理员")
    with deeds.acting(both):
        mine = ordered(first, (goods, 1))
        with pytest.raises(RuleBroken, match="要由别人验收"):
            came(mine, 1)
    with deeds.acting(worker("曹", "食堂仓库管理员")):
        assert came(mine, 1).made_by == "曹"


def test_the_sheet_offers_what_is_to_come_and_refuses_at_once() -> None:
    made = ordered(qualified(), (ware(), 5))
    sheet = receiving.sheet(Filters(supplier=made.supplier))
    line = sheet.lines[0]
    assert (line.key, line.offered["delivered"]) == (f"{made.number}/1", D(5))
    assert sheet.judge(line, {"delivered": D(6)}).endswith("多送的请退回")
    assert sheet.follows is not None and sheet.follows(line, {"delivered": D(3)}) == "还差 2"
    came(made, 5)
    assert not receiving.sheet(Filters()).lines and "没有要到的货" in receiving.sheet(Filters()).warns


# -- what goes back --------------------------------------------------------------------------------


def test_the_manager_consents_before_anything_goes_back() -> None:
    made = ordered(qualified(), (ware(), 5))
    came(made, 5, 3)
    one = GoodsReturn.get()
    assert (one.quantity, one.amount, one.state) == (D(2), D(200), ReturnState.WAITING)
    with pytest.raises(RuleBroken, match="还没有经理同意"):
        finish_return(one, "拉回")
    with pytest.raises(BadInput, match="已经过了"):
        consent_return(one, Handling.RETURN, TODAY - ONE_DAY)
    consent_return(one, Handling.EXCHANGE)
    with pytest.raises(RuleBroken, match="不能改为"):
        consent_return(GoodsReturn.get(), Handling.RETURN)
    finish_return(GoodsReturn.get(), "已换")
    with pytest.raises(RuleBroken, match="不能改为"):
        finish_return(GoodsReturn.get(), "再换")
    assert PurchaseOrder.get().state is OrderState.OPEN and OrderLine.get().open == D(2)
    came(PurchaseOrder.get(), 2)
    assert PurchaseOrder.get().state is OrderState.DONE and not run_invariants()


def test_what_is_taken_all_the_same_counts_as_come() -> None:
    made = ordered(qualified(), (ware(), 5))
    came(made, 5, 3)
    consent_return(GoodsReturn.get(), Handling.CONCESSION)
    assert GoodsReturn.get().state is ReturnState.DONE
    assert (OrderLine.get().accepted, ReceiptLine.get().conceded) == (D(5), D(2))
    assert PurchaseOrder.get().state is OrderState.DONE and not run_invariants()


def test_what_turned_out_bad_goes_back_and_never_more_than_was_taken() -> None:
    made = ordered(qualified(), (ware(), 5))
    lot = came(made, 5).lines.get()
    with pytest.raises(RuleBroken, match="不能退 6"):
        return_goods(lot, D(6), Defect.SPOILT)
    with pytest.raises(BadInput, match="早于到货日期"):
        return_goods(lot, D(1), Defect.SPOILT, found_on=TODAY - ONE_DAY)
    one = return_goods(lot, D(2), Defect.EXPIRED, "近效期")
    with pytest.raises(RuleBroken, match="还没有退的是 3"):
        return_goods(ReceiptLine.get(), D(4), Defect.SPOILT)
    with pytest.raises(RuleBroken, match="不用再让步接收"):
        consent_return(one, Handling.CONCESSION)
    assert GoodsReturn.get().state is ReturnState.WAITING


def test_the_desk_tells_each_what_waits_for_him() -> None:
    made = ordered(qualified(), (ware(), 5), due=TODAY + ONE_DAY)
    ordered(made.supplier, (made.lines.get().goods, 5))
    found = {one.title: one for one in reminders_on(TODAY)}
    told = list(found)
    assert "订单今天到货，请准备验收" in told and "采购订单 3 天内到期" in told
    for one in (found["订单今天到货，请准备验收"], found["采购订单 3 天内到期"]):
        opened = LISTS[str(one.page)](Filters(**one.filters)).meeting(*one.asked)
        assert one.count == opened.count() > 0, "what the desk opens is what it counts"
    assert "采购订单逾期未到，请催货" in [one.title for one in reminders_on(TODAY + 2 * ONE_DAY)]
    came(made, 5, 3)
    assert "不合格品等您同意退换" in [one.title for one in reminders_on(TODAY)]
    consent_return(GoodsReturn.get(), Handling.RETURN)
    later = [one.title for one in reminders_on(TODAY + timedelta(days=4))]
    assert "退换货逾期未办结" in later
    planned((made.lines.get().goods, 2)).approve()
    assert "计划已批准、7 天内要用、还没有下单" in [one.title for one in reminders_on(TODAY)]


def test_two_who_receive_at_once_do_not_count_twice() -> None:
    made = ordered(qualified(), (ware(), 5))
    stale = OrderLine.get()
    came(made, 5)
    with pytest.raises((Stale, RuleBroken)):
        receive([{"line": stale, "delivered": D(5)}])
    assert OrderLine.get().delivered == D(5)


def test_a_tampered_count_is_found() -> None:
    made = ordered(qualified(), (ware(), 5))
    came(made, 5)
    db.execute_sql("UPDATE order_line SET accepted = 4000")
    assert any("到货数与验收单不符" in one.sentence for one in run_invariants())


def test_suspending_stops_what_is_planned_too() -> None:
    goods, supplier = ware(), qualified()
    plan = planned((goods, 6)).approve()
    suspend(supplier, "抽检不合格")
    with pytest.raises(RuleBroken, match="是“暂停”供方"):
        order_plan(list(plan.lines))
    other = qualified("新粮油", "粮油")
    assert order_plan(list(plan.lines), supplier=other).orders[0].supplier == other


def test_days_that_are_past_are_received_on_their_day() -> None:
    with standing_at(datetime.now() - timedelta(days=5)):
        made = ordered(qualified(), (ware(), 5), due=TODAY - timedelta(days=2))
    assert came(made, 5, arrived_on=TODAY - timedelta(days=3)).arrived_on == TODAY - timedelta(days=3)
    assert OrderLine.get().arrived_on <= made.due
    assert kind().name == "粮油"


# -- what a hostile reader found -------------------------------------------------------------------


def test_what_is_taken_all_the_same_is_wanted_still() -> None:
    made = ordered(qualified(), (ware(), 10))
    came(made, 10, 6)
    came(PurchaseOrder.get(), 4)
    with pytest.raises(RuleBroken, match="不再要货，不能让步接收"):
        consent_return(GoodsReturn.get(), Handling.CONCESSION)
    assert OrderLine.get().accepted == D(10)


def test_more_than_is_wanted_is_not_taken_all_the_same() -> None:
    made = ordered(qualified(), (ware(), 10), (ware("食盐"), 1))
    came(made, 10, 6)
    came(PurchaseOrder.get(), 4)
    with pytest.raises(RuleBroken, match="最多再收 1，不能让步接收 4"):
        consent_return(GoodsReturn.get(), Handling.CONCESSION)


def test_the_day_of_the_last_goods_counts_whatever_is_typed_first() -> None:
    with standing_at(datetime.now() - timedelta(days=9)):
        made = ordered(qualified(), (ware(), 10), due=TODAY - timedelta(days=3))
    came(made, 5)
    came(PurchaseOrder.get(), 5, arrived_on=TODAY - timedelta(days=4))
    assert OrderLine.get().arrived_on == TODAY


def test_goods_that_were_rejected_have_not_come() -> None:
    made = ordered(qualified(), (ware(), 10))
    came(made, 5, 0)
    came(PurchaseOrder.get(), 5)
    assert OrderLine.get().arrived_on is None and OrderLine.get().open == D(5)


def test_a_line_that_is_named_twice_is_ordered_once() -> None:
    goods, _ = ware(), qualified()
    line = planned((goods, 5)).approve().lines.get()
    order_plan([line, line])
    assert [one.quantity for one in OrderLine.select()] == [D(5)]


def test_a_cancelled_order_sets_no_price_and_siblings_do_not_compare() -> None:
    supplier, goods = qualified(), ware()
    ordered(supplier, (goods, 1), price="100")
    cancel_order(ordered(supplier, (goods, 1), price="999"), "错")
    plan = planned((goods, 1), (goods, 2)).approve()
    made = order_plan(list(plan.lines)).orders[0]
    assert [one.before for one in made.lines] == [D(100), D(100)]


def test_cuts_of_odd_prices_leave_nothing_reserved() -> None:
    food, goods, _ = budget(10), ware(), qualified()
    plan = planned((goods, 3), price="0.3333").approve()
    for quantity in (2, 1):
        cut_line(PlanLine.get(), D(quantity), "少买")
    close_plan(plan)
    assert remainder(food, TODAY) == D(10) and PlanLine.get().reserved() == 0


def test_goods_that_went_back_let_their_budget_go() -> None:
    food, goods, _ = budget(1000), ware(), qualified()
    plan = planned((goods, 10)).approve()
    lot = came(order_plan(list(plan.lines)).orders[0], 10).lines.get()
    back = return_goods(lot, D(10), Defect.SPOILT)
    consent_return(back, Handling.RETURN)
    finish_return(GoodsReturn.get(), "拉回")
    close_plan(PurchasePlan.get())
    assert remainder(food, TODAY) == D(1000)


def test_a_return_that_is_refused_gives_the_goods_back() -> None:
    made = ordered(qualified(), (ware(), 5))
    lot = came(made, 5).lines.get()
    back = return_goods(lot, D(2), Defect.SPEC)
    refuse_return(back, "规格没有错")
    assert (ReceiptLine.get().returned, GoodsReturn.get().state) == (D(0), ReturnState.REFUSED)
    with pytest.raises(RuleBroken, match="不能改为"):
        consent_return(GoodsReturn.get(), Handling.RETURN)
    came(ordered(made.supplier, (made.lines.get().goods, 5)), 5, 3)
    rejected = GoodsReturn.get(GoodsReturn.accepted_before == 0)
    with pytest.raises(RuleBroken, match="是验收不合格的货"):
        refuse_return(rejected, "不退")


def test_nobody_receives_with_another_account_what_he_ordered() -> None:
    buyer = worker("某", "采购员")
    second = account_of(buyer.staff, "食堂仓库管理员")
    goods, supplier = ware(), qualified()
    with deeds.acting(buyer):
        made = ordered(supplier, (goods, 1))
    with deeds.acting(second), pytest.raises(RuleBroken, match="要由别人验收"):
        came(made, 1)
