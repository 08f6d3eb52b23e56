"""Settlements: what is owed is settled once, spends the budget, and is paid; what goes back is taken off."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
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
from models.errors import BadInput, NeedsApproval, RuleBroken
from models.listings import LISTS, Filters
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from models.office.budget import BudgetAccount, BudgetEntry, EntryKind
from models.suppliers.contracts import SupplyContract, add_contract, end_contract
from models.suppliers.goods import Goods
from models.suppliers.kinds import Category
from models.suppliers.orders import PurchaseOrder, close_order
from models.suppliers.planning import close_plan, cut_line, order_plan
from models.suppliers.plans import PlanLine, PurchasePlan
from models.suppliers.receipts import Defect, GoodsReceipt, ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.returning import consent_return, finish_return, refuse_return, return_goods
from models.suppliers.returns import GoodsReturn, Handling
from models.suppliers.settling.deductions import SupplierDeduction, deduct, drop_deduction
from models.suppliers.settling.drafting import draft_settlement, drop_settlement, note_invoice, payables_of
from models.suppliers.settling.due import fee_of
from models.suppliers.settling.owed import owed_of
from models.suppliers.settling.payments import PaidBy, SupplierPayment, cancel_payment, pay
from models.suppliers.settling.settlements import Settlement, SettlementLine, SettlementState
from tests.estate import Estate
from tests.office_people import worker
from tests.trade import TODAY, came, candidate, ordered, planned, qualified, ware

modules.load()

D = Decimal
S = SettlementState


@pytest.fixture(autouse=True)
def _as_the_office(estate: Estate) -> Iterator[None]:
    with deeds.acting(deeds.TheOffice()):
        yield


@pytest.fixture
def supplier() -> Supplier:
    return qualified()


@pytest.fixture
def goods() -> Goods:
    return ware()


def lot(supplier: Supplier, goods: Goods, quantity: int = 10, accepted: int | None = None) -> ReceiptLine:
    """Order and receive one lot, at 100 元 each."""
    return came(ordered(supplier, (goods, quantity)), quantity, accepted).lines.get()


def settled(supplier: Supplier, **more: Any) -> Settlement:
    """Settle with a supplier and approve it."""
    return draft_settlement(supplier, **more).approve()


def back(of: ReceiptLine, quantity: int, handling: Handling = Handling.RETURN) -> GoodsReturn:
    """Let accepted goods go back by consent."""
    one = return_goods(ReceiptLine.get_by_id(of.id), D(quantity), Defect.SPOILT)
    return consent_return(one, handling)


def owed(supplier: Supplier) -> Decimal:
    """Return what is open with a supplier altogether."""
    mine = owed_of(supplier).get(supplier.id)
    return D(0) if mine is None else mine.total


def spent(source: str) -> dict[str, Decimal]:
    query = BudgetEntry.select().where((BudgetEntry.source == source) & (BudgetEntry.kind == EntryKind.SPENT))
    return {one.account.name: one.amount for one in query}


def service(monthly: int = 3000, since: date = TODAY, until: date | None = None) -> Supplier:
    """Make a supplier that works by the month."""
    supplier = qualified("碧园绿化", "绿化养护", Category.GREENING)
    end = until or since + timedelta(days=400)
    add_contract(supplier, since, end, D(monthly), number="WB-1", title="绿化养护")
    return supplier


# -- what is owed ----------------------------------------------------------------------------------


def test_what_was_accepted_is_settled_once_spends_the_budget_and_is_paid(
    supplier: Supplier, goods: Goods
) -> None:
    lot(supplier, goods)
    lot(supplier, goods, 5, 3)
    assert owed(supplier) == D(1300)
    one = draft_settlement(supplier, invoice="FP-1")
    assert (one.goods, one.total, one.state) == (D(1300), D(1300), S.DRAFT)
    assert [(line.quantity, line.amount) for line in one.lines] == [(D(10), D(1000)), (D(3), D(300))]
    assert one.described().endswith("应付 1,300.00 元")
    with pytest.raises(RuleBroken, match="还没有批准"):
        draft_settlement(supplier)
    one = one.approve()
    assert spent(one.number) == {"食堂食材": D(1300)}
    with pytest.raises(RuleBroken, match="没有要结算的"):
        draft_settlement(supplier)
    pay(one, PaidBy.TRANSFER, D(300), "LS-1")
    assert owed(supplier) == D(1000)
    pay(Settlement.get())
    assert (Settlement.get().state, owed(supplier)) == (S.PAID, D(0))
    assert not owed_of(supplier)[supplier.id].open and not run_invariants()


def test_only_what_came_by_the_day_is_settled(supplier: Supplier, goods: Goods) -> None:
    with standing_at(datetime.now() - timedelta(days=9)):
        lot(supplier, goods, 2)
    lot(supplier, goods)
    assert draft_settlement(supplier, TODAY - timedelta(days=1)).total == D(200)
    with pytest.raises(BadInput, match="结算截止"):
        draft_settlement(supplier, TODAY + timedelta(days=1))


def test_what_is_dropped_can_be_settled_again(supplier: Supplier, goods: Goods) -> None:
    lot(supplier, goods)
    one = deduct(supplier, D(30), "送货迟到")
    made = draft_settlement(supplier)
    with pytest.raises(RuleBroken, match="已列入结算单"):
        drop_deduction(SupplierDeduction.get(), "不扣了")
    drop_settlement(made, "发票退回")
    assert owed(supplier) == D(970) and SupplierDeduction.get().settlement is None
    again = draft_settlement(supplier)
    assert (again.deducted, again.total) == (D(30), D(970))
    again.approve()
    assert SupplierDeduction.get_by_id(one.id).state.value == "已扣"
    with pytest.raises(RuleBroken, match="不能作废"):
        drop_settlement(Settlement.get_by_id(again.id), "再来")
    with pytest.raises(RuleBroken, match="不能撤销"):
        drop_deduction(SupplierDeduction.get(), "不扣了")
    with pytest.raises(RuleBroken, match="已作废"):
        note_invoice(Settlement.get_by_id(made.id), "FP-2")
    assert not run_invariants()


def test_a_deduction_is_something_of_an_account_that_is_spent(supplier: Supplier) -> None:
    with pytest.raises(BadInput, match="是零"):
        deduct(supplier, D(0), "迟到")
    with pytest.raises(BadInput, match="收入科目"):
        deduct(supplier, D(1), "迟到", account=BudgetAccount.find("物业费收入"))
    with pytest.raises(BadInput, match="日期"):
        deduct(supplier, D(1), "迟到", day=TODAY + timedelta(days=1))
    one = deduct(supplier, D(1), "迟到")
    drop_deduction(one, "说明了原因")
    assert not owed_of(supplier)


# -- what goes back --------------------------------------------------------------------------------


def test_goods_on_their_way_back_are_not_paid_for(supplier: Supplier, goods: Goods) -> None:
    one = lot(supplier, goods)
    asked = return_goods(one, D(4), Defect.SPOILT)
    assert [line.quantity for line in draft_settlement(supplier).lines] == [D(6)]
    drop_settlement(Settlement.get(), "等退货")
    refuse_return(asked, "还能用")
    assert draft_settlement(supplier).total == D(1000)


def test_goods_that_went_back_after_they_were_settled_are_taken_off_the_next(
    supplier: Supplier, goods: Goods
) -> None:
    one = lot(supplier, goods)
    pay(settled(supplier))
    back(one, 2)
    assert owed(supplier) == D(-200)
    lot(supplier, goods, 1)
    made = draft_settlement(supplier)
    assert [(line.quantity, line.amount) for line in made.lines] == [(D(-2), D(-200)), (D(1), D(100))]
    assert "退货冲减" in made.lines.get().words
    made = made.approve()
    with pytest.raises(BadInput, match=r"没有付的是 -100\.00 元"):
        pay(made, amount=D(100))
    pay(made)
    assert (SupplierPayment.get_by_id(2).amount, owed(supplier)) == (D(-100), D(0))
    assert not run_invariants()


def test_what_is_exchanged_is_paid_once_it_is_there(supplier: Supplier, goods: Goods) -> None:
    one = lot(supplier, goods)
    asked = back(one, 4, Handling.EXCHANGE)
    assert sum(line.amount for line in payables_of(supplier, TODAY)) == D(600)
    finish_return(asked, "换回 4 袋")
    assert draft_settlement(supplier).total == D(1000)


def test_what_went_back_since_the_draft_stops_its_approval(supplier: Supplier, goods: Goods) -> None:
    one = lot(supplier, goods)
    made = draft_settlement(supplier)
    back(one, 1)
    with pytest.raises(RuleBroken, match="又退了货"):
        made.approve()
    drop_settlement(Settlement.get(), "退货后重编")
    assert settled(supplier).total == D(900)


def test_what_was_taken_all_the_same_is_paid(supplier: Supplier, goods: Goods) -> None:
    lot(supplier, goods, 10, 7)
    consent_return(GoodsReturn.get(), Handling.CONCESSION)
    assert (owed(supplier), draft_settlement(supplier).total) == (D(1000), D(1000))


def test_odd_prices_are_settled_to_the_fen_whatever_goes_back_between(
    supplier: Supplier, goods: Goods
) -> None:
    one = came(ordered(supplier, (goods, 3), price="0.3333"), 3).lines.get()
    settled(supplier)
    back(one, 1)
    settled(supplier)
    back(one, 2)
    settled(supplier)
    assert [line.amount for line in SettlementLine.select()] == [D("1.00"), D("-0.33"), D("-0.67")]


# -- the budget ------------------------------------------------------------------------------------


def reserved(plan: PurchasePlan) -> Decimal:
    return sum((line.reserved() for line in PlanLine.select().where(PlanLine.plan == plan)), D(0))


def by_plan(supplier: Supplier, goods: Goods) -> PurchasePlan:
    plan = planned((goods, 10), supplier=supplier).approve()
    (order,) = order_plan(list(plan.lines)).orders
    came(order, 6)
    came(order, 4)
    return PurchasePlan.get_by_id(plan.id)


def test_a_settlement_lets_go_what_its_plan_reserved(supplier: Supplier, goods: Goods) -> None:
    plan = by_plan(supplier, goods)
    assert reserved(plan) == D(1000)
    settled(supplier)
    assert reserved(plan) == D(0)
    close_plan(PurchasePlan.get_by_id(plan.id))
    released = BudgetEntry.select().where(BudgetEntry.kind == EntryKind.RELEASED)
    assert [one.amount for one in released] == [D(1000)]


def test_a_closed_plan_holds_what_is_not_settled_yet(supplier: Supplier, goods: Goods) -> None:
    plan = by_plan(supplier, goods)
    close_plan(plan)
    assert reserved(plan) == D(1000)
    back(ReceiptLine.get(), 6)
    assert reserved(plan) == D(400)
    settled(supplier)
    assert reserved(plan) == D(0)


def test_closing_after_a_part_is_settled_frees_only_the_rest(supplier: Supplier, goods: Goods) -> None:
    plan = planned((goods, 10), supplier=supplier).approve()
    (order,) = order_plan(list(plan.lines)).orders
    came(order, 6)
    settled(supplier)
    came(order, 4)
    close_plan(PurchasePlan.get_by_id(plan.id))
    assert reserved(plan) == D(400)
    settled(supplier)
    assert reserved(plan) == D(0) and not run_invariants()


# -- services --------------------------------------------------------------------------------------


def test_months_of_service_are_settled_when_they_are_over() -> None:
    with standing_at(datetime(2026, 3, 10, 9)):
        supplier = service(since=date(2026, 3, 16), until=date(2026, 5, 15))
    with standing_at(datetime(2026, 4, 20, 9)):
        one = settled(supplier)
        # 16 of 31 days of March
        assert [(str(line.month), line.amount) for line in one.lines] == [("2026-03", D("1548.39"))]
        assert spent(one.number) == {"外包服务费": D("1548.39")}
    with standing_at(datetime(2026, 6, 20, 9)):
        one = settled(supplier)
        assert [(str(line.month), line.amount) for line in one.lines] == [
            ("2026-04", D(3000)),
            ("2026-05", D("1451.61")),
        ]
    assert not owed_of(supplier)[supplier.id].unsettled


def test_a_contract_that_ended_earlier_takes_back_what_was_settled_too_much() -> None:
    with standing_at(datetime(2026, 3, 1, 9)):
        supplier = service(since=date(2026, 3, 1), until=date(2026, 12, 31))
    with standing_at(datetime(2026, 4, 30, 20)):
        assert settled(supplier).total == D(6000)
        end_contract(SupplyContract.get(), date(2026, 4, 15), "不合格")
        assert [one.amount for one in payables_of(supplier, date(2026, 4, 30))] == [D(-1500)]


def test_months_before_the_contract_was_noted_are_settled_only_if_asked_for() -> None:
    with standing_at(datetime(2026, 6, 20, 9)):
        supplier = service(since=date(2026, 1, 1), until=date(2026, 12, 31))
    with standing_at(datetime(2026, 7, 1, 9)):
        assert [str(one.month) for one in payables_of(supplier, date(2026, 6, 30))] == ["2026-06"]
        made = draft_settlement(supplier, date(2026, 6, 30), since=Month(2026, 4))
        assert [str(line.month) for line in made.lines] == ["2026-04", "2026-05", "2026-06"]
    assert owed_of(supplier, date(2026, 6, 30))[supplier.id].services == 0


def test_a_month_outside_the_contract_costs_nothing() -> None:
    service(since=date(2026, 3, 16), until=date(2026, 5, 15))
    contract = SupplyContract.get()
    assert [fee_of(contract, Month(2026, month)) for month in (2, 4, 6)] == [D(0), D(3000), D(0)]


# -- payments --------------------------------------------------------------------------------------


def test_no_more_is_paid_than_is_approved_and_open(supplier: Supplier, goods: Goods) -> None:
    lot(supplier, goods)
    one = draft_settlement(supplier)
    with pytest.raises(RuleBroken, match="“待批准”，不能登记付款"):
        pay(one)
    one = one.approve()
    for amount in (D("1000.01"), D(0), D(-1)):
        with pytest.raises(BadInput, match=r"没有付的是 1,000\.00 元"):
            pay(one, amount=amount)
    for day, told in ((TODAY + timedelta(days=1), "还没有到"), (TODAY - timedelta(days=1), "早于批准日期")):
        with pytest.raises(BadInput, match=told):
            pay(one, day=day)
    paid = pay(one)
    with pytest.raises(RuleBroken, match="已付清"):
        pay(Settlement.get())
    cancel_payment(paid, "账号退回")
    assert (Settlement.get().state, owed(supplier)) == (S.APPROVED, D(1000))
    with pytest.raises(RuleBroken, match="已于"):
        cancel_payment(SupplierPayment.get(), "再退")
    pay(Settlement.get())
    assert Settlement.get().state is S.PAID and not run_invariants()


def test_what_comes_to_nothing_is_done_at_once(supplier: Supplier, goods: Goods) -> None:
    lot(supplier, goods, 1)
    deduct(supplier, D(100), "赔偿")
    assert settled(supplier).state is S.PAID


def test_it_goes_along_its_chain_and_is_not_dropped_meanwhile(supplier: Supplier, goods: Goods) -> None:
    lot(supplier, goods)
    chain = [("何", "管理处主任"), ("沈", "会计"), ("严", "常务副总经理")]
    buyer, *others = (worker(name, role) for name, role in [("高", "物配中心"), *chain])
    with deeds.acting(buyer):
        one = draft_settlement(supplier)
        with pytest.raises(NeedsApproval):
            one.approve()
        asked = request("suppliers.approve_settlement", {}, key=one.number)
        with pytest.raises(RuleBroken, match="正在审批"):
            drop_settlement(Settlement.get(), "重编")
    assert asked.amount == D(1000)
    for person in others:
        with deeds.acting(person):
            Approval.find(asked.number).approve()
    one = Settlement.get()
    assert (one.state, one.approval) == (S.APPROVED, asked.number)
    with deeds.acting(others[1]):
        assert any("待付款" in one.title for one in reminders_on(TODAY))


# -- lists, the desk, what storage guards ----------------------------------------------------------


def test_lists_and_desk_tell_what_is_open(supplier: Supplier, goods: Goods) -> None:
    with standing_at(datetime.combine(Month.of(TODAY).first, datetime.min.time()) - timedelta(days=3)):
        lot(supplier, goods, 2)
    made = LISTS["supplier_accounts"](Filters())
    told = [made.plain(row) for row in made.rows()]
    assert [(row["goods"], row["total"], row["late"]) for row in told] == [("200.00", "200.00", True)]
    with deeds.acting(worker("高", "物配中心")):
        late = Month.of(TODAY).day(10)
        assert any("上月的货款、服务费还没有结算" in one.title for one in reminders_on(late))
        assert not any("上月的货款" in one.title for one in reminders_on(late - timedelta(days=1)))
    candidate("绿野蔬菜", "蔬菜")
    assert LISTS["supplier_accounts"](Filters(supplier=Supplier.find("绿野蔬菜"))).rows()
    settled(supplier)
    for name, count in (("settlements", 1), ("settlement_lines", 1), ("supplier_payments", 0)):
        assert len(list(LISTS[name](Filters(supplier=supplier)).rows())) == count, name


def test_sums_agree_with_a_recount_lot_by_lot(goods: Goods) -> None:
    for place, name in enumerate(("甲粮油", "乙粮油", "丙粮油")):
        one = qualified(name)
        first = lot(one, goods, 10, 10 - place)
        lot(one, goods, 4)
        if place:
            consent_return(GoodsReturn.get(GoodsReturn.supplier == one), Handling.CONCESSION)
        if place == 2:
            settled(one)
            back(first, 3)
        lot(one, goods, 2)
    with standing_at(datetime.now() - timedelta(days=70)):
        service(since=TODAY - timedelta(days=70))
    deduct(Supplier.find("甲粮油"), D(7), "迟到")
    for one in Supplier.select():
        plain = sum((line.amount for line in payables_of(one, TODAY)), D(0))
        told = owed_of()[one.id]
        assert plain and told.goods + told.services - told.deductions == plain


def test_storage_guards_what_was_settled_and_paid(supplier: Supplier, goods: Goods) -> None:
    lot(supplier, goods)
    pay(settled(supplier))
    for sql in (
        "UPDATE settlement SET total = 1", "DELETE FROM settlement", "UPDATE settlement_line SET amount = 1",
        "DELETE FROM settlement_line", "UPDATE supplier_payment SET amount = 1",
        "DELETE FROM supplier_payment", "UPDATE settlement SET approved_at = NULL",
    ):  # fmt: skip
        with pytest.raises(peewee.IntegrityError):
            db.execute_sql(sql)
    assert GoodsReceipt.select().count() == 1


# -- what a hostile reader found -------------------------------------------------------------------


def test_cutting_a_line_lets_go_what_is_settled_already(supplier: Supplier, goods: Goods) -> None:
    plan = planned((goods, 10), supplier=supplier).approve()
    (order,) = order_plan(list(plan.lines)).orders
    came(order, 6)
    settled(supplier)
    close_order(PurchaseOrder.get_by_id(order.id), "补不齐")
    assert reserved(plan) == D(400)
    cut_line(PlanLine.get(), D(6), "不要了")
    assert reserved(plan) == D(0)


def test_months_that_were_settled_from_earlier_on_are_corrected_too() -> None:
    with standing_at(datetime(2026, 6, 20, 9)):
        supplier = service(since=date(2026, 1, 1), until=date(2026, 12, 31))
    with standing_at(datetime(2026, 7, 1, 9)):
        pay(draft_settlement(supplier, date(2026, 6, 30), since=Month(2026, 4)).approve())
        end_contract(SupplyContract.get(), date(2026, 4, 10), "不合格")
        assert sum(one.amount for one in payables_of(supplier, date(2026, 6, 30))) == D(-8000)
    assert owed_of(supplier, date(2026, 6, 30))[supplier.id].services == D(-8000)


def test_a_contract_that_ends_after_the_draft_stops_its_approval() -> None:
    with standing_at(datetime(2026, 3, 1, 9)):
        supplier = service(since=date(2026, 3, 1), until=date(2026, 12, 31))
    with standing_at(datetime(2026, 4, 1, 9)):
        made = draft_settlement(supplier, date(2026, 3, 31))
        end_contract(SupplyContract.get(), date(2026, 3, 10), "不合格")
        with pytest.raises(RuleBroken, match="服务费在编制以后变了"):
            made.approve()


def test_what_has_no_account_is_not_settled(supplier: Supplier, goods: Goods) -> None:
    lot(supplier, goods)
    goods.kind.edit(account=None)
    with pytest.raises(RuleBroken, match="“粮油”没有支出科目"):
        draft_settlement(supplier)
    goods.kind.edit(account=BudgetAccount.find("食堂食材"))
    assert draft_settlement(supplier).total == D(1000)


def test_an_invoice_waits_for_the_approval_under_way(supplier: Supplier, goods: Goods) -> None:
    lot(supplier, goods)
    chain = [("何", "管理处主任"), ("沈", "会计"), ("严", "常务副总经理")]
    buyer, *_ = (worker(name, role) for name, role in [("高", "物配中心"), *chain])
    with deeds.acting(buyer):
        one = draft_settlement(supplier)
        request("suppliers.approve_settlement", {}, key=one.number)
        with pytest.raises(RuleBroken, match="批准以后再登记发票"):
            note_invoice(Settlement.get(), "FP-1")


def test_where_it_is_paid_to_is_kept_with_the_settlement(supplier: Supplier, goods: Goods) -> None:
    supplier.edit(bank="建行", account="6222020000001111")
    lot(supplier, goods)
    one = settled(Supplier.get_by_id(supplier.id))
    Supplier.get_by_id(supplier.id).edit(account="6222020000009999")
    assert (Settlement.get_by_id(one.id).bank, Settlement.get_by_id(one.id).payee) == (
        "建行",
        "6222020000001111",
    )


def test_who_only_waits_for_a_return_is_not_asked_to_be_settled(supplier: Supplier, goods: Goods) -> None:
    one = lot(supplier, goods)
    return_goods(one, D(10), Defect.SPOILT)
    assert not owed_of() or not owed_of()[supplier.id].unsettled
    assert payables_of(supplier, TODAY) == []


def test_what_was_dropped_or_cancelled_does_not_count(supplier: Supplier, goods: Goods) -> None:
    lot(supplier, goods)
    drop_settlement(draft_settlement(supplier), "重编")
    cancel_payment(pay(settled(supplier)), "登错")
    pay(Settlement.get(Settlement.state == S.APPROVED))
    made = LISTS["settlements"](Filters())
    assert sorted(made.plain(row)["rest"] for row in made.rows()) == ["0.00", "0.00"]
    made = LISTS["supplier_payments"](Filters())
    assert sorted(made.plain(row)["counted"] for row in made.rows()) == ["0.00", "1000.00"]
