"""Letters and terminations: every move from a warning to the frozen file, and what forbids it."""

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
from models.errors import BadInput, NeedsApproval, RuleBroken
from models.listings import LISTS, Filters
from models.office.applying import request
from models.office.approvals import Approval
from models.suppliers.contracts import add_contract
from models.suppliers.ending.letters import LetterState, Mended, SupplierLetter, judge_letter, warn
from models.suppliers.ending.open import open_things, warnings_of
from models.suppliers.ending.terminations import (
    Termination,
    TerminationKind,
    TerminationState,
    answer_objection,
    deliver_termination,
    draft_termination,
    note_objection,
    terminate,
    withdraw_termination,
)
from models.suppliers.kinds import SupplierState
from models.suppliers.moving import restore, suspend, watch
from models.suppliers.orders import PurchaseOrder, cancel_order
from models.suppliers.receipts import Defect, ReceiptLine
from models.suppliers.register import Supplier, SupplierStep, add_supplier
from models.suppliers.returning import consent_return, finish_return, return_goods
from models.suppliers.returns import GoodsReturn, Handling
from models.suppliers.settling.deductions import deduct
from models.suppliers.settling.drafting import draft_settlement
from models.suppliers.settling.payments import SupplierPayment, cancel_payment, pay
from models.suppliers.settling.settlements import Settlement
from tests.estate import Estate
from tests.office_people import worker
from tests.trade import came, candidate, kind, ordered, qualified, ware

modules.load()

S, T = SupplierState, TerminationState
D = Decimal
START = datetime.now() - timedelta(days=2100)
TODAY = START.date()
CODE = "91530100MA6N7Q5X1A"


@pytest.fixture(autouse=True)
def _as_the_office(estate: Estate) -> Iterator[None]:
    with deeds.acting(deeds.TheOffice()), standing_at(START):
        yield


@pytest.fixture
def supplier() -> Supplier:
    return qualified()


def later(days: int) -> Any:
    """Stand so many days after the day on which each test begins."""
    return standing_at(START + timedelta(days=days))


def drafted(supplier: Supplier, **more: Any) -> Termination:
    given = {"kind": TerminationKind.FOREVER, "readmit_on": None, "object_until": None, "effective_on": None}
    given |= {"settling": None} | more
    return draft_termination(
        supplier=Supplier.get_by_id(supplier.id), facts="三次送变质食品", clause="合同第八条", **given
    )


def sent(supplier: Supplier, **more: Any) -> Termination:
    drafted(supplier, **more).issue()
    return deliver_termination(Termination.get(), "当面，甄满仓签收")


def fresh(one: Termination) -> Termination:
    return Termination.get_by_id(one.id)


# -- letters ---------------------------------------------------------------------------------------


def test_a_letter_is_judged_once(supplier: Supplier) -> None:
    due = TODAY + timedelta(days=10)
    one = warn(supplier, "送货迟到三次", "保证准时", due, "GTS-202611-01")
    assert one.described().endswith(f"期限 {due}")
    with pytest.raises(BadInput, match="已经过了"):
        warn(supplier, "迟到", "准时", TODAY - timedelta(days=1))
    with pytest.raises(BadInput, match="早于通知日期"):
        judge_letter(one, Mended.YES, "好", TODAY - timedelta(days=1))
    with later(11):
        assert any("整改通知到期" in one.title for one in reminders_on(due + timedelta(days=1)))
        judge_letter(one, Mended.NO, "又迟到两次")
    assert SupplierLetter.get().state is LetterState.FAILED
    with pytest.raises(RuleBroken, match="已于"):
        judge_letter(SupplierLetter.get(), Mended.YES, "好了")
    assert "未改好" in warnings_of(supplier)[0]


# -- drafting and sending --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"object_until": TODAY - timedelta(days=1)}, "申辩期限 .* 已经过了"),
        ({"effective_on": TODAY + timedelta(days=10)}, "要晚于申辩期限"),
        ({"kind": TerminationKind.TERM}, "要填可重新申请日期"),
        ({"kind": TerminationKind.TERM, "readmit_on": TODAY + timedelta(days=11)}, "要填可重新申请日期"),
        ({"readmit_on": TODAY + timedelta(days=400)}, "永久终止没有可重新申请日期"),
    ],
)
def test_days_of_a_notice_follow_one_another(
    supplier: Supplier, given: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        drafted(supplier, **given)
    one = drafted(supplier)
    if "object_until" not in given:
        with pytest.raises(BadInput, match=sentence):
            one.edit(**given)
    assert Termination.select().count() == 1


def test_only_listed_suppliers_are_terminated_and_by_one_notice(supplier: Supplier) -> None:
    with pytest.raises(RuleBroken, match="只有名录内的"):
        drafted(candidate("备选"))
    one = drafted(supplier)
    with pytest.raises(RuleBroken, match="正在办理（待批准）"):
        drafted(supplier)
    withdraw_termination(one, "先整改")
    assert drafted(supplier).number.endswith("-02")


def test_a_notice_suspends_at_once_and_keeps_what_was_known_then(supplier: Supplier) -> None:
    watch(supplier, "送货迟到", TODAY + timedelta(days=5))
    one = drafted(supplier).issue()
    assert Supplier.get_by_id(supplier.id).state is S.SUSPENDED
    assert "限期整改：送货迟到" in one.warned and one.open_then is None
    with pytest.raises(RuleBroken, match="撤回终止"):
        restore(Supplier.get_by_id(supplier.id), "说情")
    with pytest.raises(RuleBroken, match="不能再改"):
        fresh(one).edit(facts="别的")
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("UPDATE termination SET facts = '别的'")
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("UPDATE termination SET warned = NULL")


def test_it_goes_along_its_chain_unchanged(supplier: Supplier) -> None:
    chain = [("何", "管理处主任"), ("沈", "会计"), ("严", "常务副总经理")]
    buyer, *others = (worker(name, role) for name, role in [("高", "物配中心"), *chain])
    with deeds.acting(buyer):
        one = drafted(supplier)
        assert any("待申请批准" in one.title for one in reminders_on(TODAY))
        with pytest.raises(NeedsApproval):
            one.issue()
        asked = request("suppliers.issue_termination", {}, key=one.number)
        with pytest.raises(RuleBroken, match="正在审批"):
            fresh(one).edit(facts="轻一点")
        with pytest.raises(RuleBroken, match="正在审批"):
            withdraw_termination(fresh(one), "算了")
        assert not any("待申请批准" in one.title for one in reminders_on(TODAY))
    for person in others:
        with deeds.acting(person):
            Approval.find(asked.number).approve()
    assert (fresh(one).state, fresh(one).approval) == (T.ISSUED, asked.number)
    with deeds.acting(buyer):
        assert any("请送达并登记" in one.title for one in reminders_on(TODAY))


# -- objecting -------------------------------------------------------------------------------------


def test_an_objection_comes_in_time_and_is_answered(supplier: Supplier) -> None:
    one = drafted(supplier)
    for refused in (
        lambda: note_objection(one, "冤枉"), lambda: deliver_termination(one, "邮寄"), lambda: terminate(one),
        lambda: answer_objection(one, "不成立"),
    ):  # fmt: skip
        with pytest.raises(RuleBroken, match="只有“已通知”的可以办"):
            refused()
    one = fresh(one).issue()
    with pytest.raises(BadInput, match="早于通知日期"):
        deliver_termination(one, "邮寄", TODAY - timedelta(days=1))
    deliver_termination(one, "邮寄 EMS 1001")
    with pytest.raises(RuleBroken, match="送达"):
        deliver_termination(fresh(one), "再寄")
    with later(11), pytest.raises(BadInput, match="已过申辩期限"):
        note_objection(fresh(one), "迟了")
    with pytest.raises(RuleBroken, match="没有要答复的申辩"):
        answer_objection(fresh(one), "不成立")
    note_objection(fresh(one), "冷链车坏了")
    with pytest.raises(RuleBroken, match="已于"):
        note_objection(fresh(one), "还有")
    with later(12):
        with pytest.raises(RuleBroken, match="申辩还没有答复"):
            terminate(fresh(one))
        assert any("申辩待答复" in one.title for one in reminders_on(TODAY))
        answer_objection(fresh(one), "车坏应当提前告知")
        terminate(fresh(one))
    assert Supplier.get_by_id(supplier.id).state is S.TERMINATED


def test_an_upheld_objection_withdraws_the_notice(supplier: Supplier) -> None:
    one = sent(supplier)
    withdraw_termination(fresh(one), "申辩成立")
    assert Supplier.get_by_id(supplier.id).state is S.SUSPENDED
    restore(Supplier.get_by_id(supplier.id), "申辩成立")
    with pytest.raises(RuleBroken, match="只有“已通知”的可以办"):
        terminate(fresh(one))
    with pytest.raises(RuleBroken, match="不能改为"):
        withdraw_termination(fresh(one), "再撤")
    with pytest.raises(RuleBroken, match="不能改为"):
        fresh(one).issue()


# -- carrying it out -------------------------------------------------------------------------------


def test_nothing_is_terminated_before_its_day_or_undelivered(supplier: Supplier) -> None:
    one = drafted(supplier).issue()
    with later(11):
        with pytest.raises(RuleBroken, match="还没有登记送达"):
            terminate(fresh(one))
        with pytest.raises(RuleBroken, match="供方没有机会申辩"):
            deliver_termination(fresh(one), "当面")
    with later(3):
        deliver_termination(fresh(one), "当面")
    with later(10), pytest.raises(RuleBroken, match="生效，今天还不能执行"):
        terminate(fresh(one))
    with later(11):
        assert any("请结清后执行" in one.title for one in reminders_on(TODAY + timedelta(days=11)))
        terminate(fresh(one))
    assert fresh(one).state is T.DONE and not run_invariants()


def _an_order(supplier: Supplier) -> Callable[[], Any]:
    made = ordered(supplier, (ware(), 2))
    return lambda: cancel_order(PurchaseOrder.get_by_id(made.id), "不要了")


def _a_return(supplier: Supplier) -> Callable[[], Any]:
    came(ordered(supplier, (ware(), 2)), 2)
    return_goods(ReceiptLine.get(), D(2), Defect.SPOILT)
    one = consent_return(GoodsReturn.get(), Handling.RETURN)
    return lambda: finish_return(one, "拉回")


def _goods_unsettled(supplier: Supplier) -> Callable[[], Any]:
    came(ordered(supplier, (ware(), 2)), 2)
    return lambda: pay(draft_settlement(supplier).approve())


def _a_draft(supplier: Supplier) -> Callable[[], Any]:
    came(ordered(supplier, (ware(), 2)), 2)
    draft_settlement(supplier)
    return lambda: pay(Settlement.get().approve())


def _a_payment(supplier: Supplier) -> Callable[[], Any]:
    came(ordered(supplier, (ware(), 2)), 2)
    one = draft_settlement(supplier).approve()
    pay(one, amount=D(150))
    return lambda: pay(Settlement.get())


def _a_deduction(supplier: Supplier) -> Callable[[], Any]:
    deduct(supplier, D(50), "赔偿")
    return lambda: pay(draft_settlement(supplier).approve())


@pytest.mark.parametrize(
    ("open_something", "told"),
    [
        (_an_order, "订单 DD-"),
        (_a_return, "退换货 TH-"),
        (_goods_unsettled, "没有结算的 1 项 200.00 元"),
        (_a_draft, "待批准 200.00 元"),
        (_a_payment, "待付款 50.00 元"),
        (_a_deduction, "待扣款 GKK-"),
    ],
)
def test_nothing_is_terminated_while_something_is_open(
    supplier: Supplier, open_something: Callable[[Supplier], Callable[[], Any]], told: str
) -> None:
    settle = open_something(supplier)
    one = sent(supplier)
    assert told in fresh(one).open_then
    with later(11):
        with pytest.raises(RuleBroken, match=f"还有没办完的：.*{told}"):
            terminate(fresh(one))
        assert (fresh(one).state, Supplier.get_by_id(supplier.id).state) == (T.ISSUED, S.SUSPENDED)
        settle()
        terminate(fresh(one))
    assert not open_things(supplier) and not run_invariants()


def test_a_running_contract_is_ended_first(supplier: Supplier) -> None:
    add_contract(supplier, TODAY, TODAY + timedelta(days=90), number="HT-1", title="粮油")
    one = sent(supplier)
    with later(11), pytest.raises(RuleBroken, match="合同 HT-1"):
        terminate(fresh(one))
    with later(91):
        terminate(fresh(one))


def ended(supplier: Supplier, **more: Any) -> Supplier:
    one = sent(supplier, **more)
    with later(11):
        terminate(fresh(one))
    return Supplier.get_by_id(supplier.id)


def again(name: str, code: str | None = None) -> Supplier:
    given = {"name": name, "credit_code": code, "contact": "甄", "phone": "13800001234", "address": "某路"}
    return add_supplier([kind()], category=Supplier.get().category, **given)


def test_a_terminated_file_is_frozen_and_comes_back_only_as_a_new_one(supplier: Supplier) -> None:
    supplier.edit(credit_code=CODE)
    until = TODAY + timedelta(days=400)
    one = ended(supplier, kind=TerminationKind.TERM, readmit_on=until)
    assert one.state is S.TERMINATED
    for refused in (
        lambda: one.edit(contact="别人"), lambda: suspend(one, "再停"), lambda: restore(one, "回来"),
        lambda: warn(one, "问题", "要求", TODAY + timedelta(days=20)),
    ):  # fmt: skip
        with pytest.raises(RuleBroken):
            refused()
    with pytest.raises(RuleBroken, match=f"{until} 起才可以重新申请"):
        again("丰禾粮油")
    with pytest.raises(RuleBroken, match=f"{until} 起才可以重新申请"):
        again("丰禾商行", CODE)
    assert again("丰禾粮油", "91530100MA6N7Q5X2B").id
    with later(401):
        step = (
            SupplierStep.select().where(SupplierStep.supplier == one).order_by(SupplierStep.id.desc()).get()
        )
        assert (step.step.value, step.due) == ("终止", until)
        assert again("丰禾商行", CODE).number != one.number


def test_who_is_terminated_for_good_does_not_come_back(supplier: Supplier) -> None:
    ended(supplier)
    with later(2000), pytest.raises(RuleBroken, match="不再使用"):
        again("丰禾粮油")


def test_lists_tell_them(supplier: Supplier) -> None:
    one = sent(supplier)
    warn(supplier, "迟到", "准时", TODAY)
    for name in ("terminations", "supplier_letters"):
        made = LISTS[name](Filters(supplier=supplier))
        assert len(list(made.rows())) == 1
    assert one.described().startswith("ZZ-")


# -- what a hostile reader found -------------------------------------------------------------------


def test_what_cancels_out_is_open_all_the_same(supplier: Supplier) -> None:
    goods = ware()
    came(ordered(supplier, (goods, 1)), 1)
    deduct(supplier, D(100), "赔偿")
    one = draft_settlement(supplier)
    assert one.total == 0 and open_things(supplier)[0].endswith("待批准 0.00 元")
    one.approve()
    lot = came(ordered(supplier, (goods, 1)), 1).lines.get()
    pay(draft_settlement(supplier).approve())
    finish_return(consent_return(return_goods(lot, D(1), Defect.SPOILT), Handling.RETURN), "拉回")
    came(ordered(supplier, (goods, 1)), 1)
    assert open_things(supplier) == ["没有结算的 2 项 0.00 元"]


def test_whom_a_notice_was_sent_to_is_not_watched_either(supplier: Supplier) -> None:
    drafted(supplier).issue()
    with pytest.raises(RuleBroken, match="撤回终止"):
        watch(Supplier.get_by_id(supplier.id), "再看看", TODAY + timedelta(days=9))


def test_a_notice_that_leaves_no_time_to_object_is_not_approved(supplier: Supplier) -> None:
    one = drafted(supplier)
    with later(8), pytest.raises(RuleBroken, match="来不及送达和申辩"):
        one.issue()
    with later(8):
        until = TODAY + timedelta(days=20)
        fresh(one).edit(object_until=until, effective_on=until + timedelta(days=1))
        assert fresh(one).issue().state is T.ISSUED


def test_a_terminated_file_takes_neither_returns_nor_corrections(supplier: Supplier) -> None:
    lot = came(ordered(supplier, (ware(), 1)), 1).lines.get()
    paid = pay(draft_settlement(supplier).approve())
    ended(supplier)
    for refused in (
        lambda: return_goods(ReceiptLine.get_by_id(lot.id), D(1), Defect.SPOILT),
        lambda: cancel_payment(SupplierPayment.get_by_id(paid.id), "登错"),
    ):  # fmt: skip
        with pytest.raises(RuleBroken, match="档案冻结"):
            refused()
    assert not run_invariants()


def test_a_name_is_not_taken_over_by_editing(supplier: Supplier) -> None:
    ended(supplier)
    other = candidate("别家")
    with pytest.raises(RuleBroken, match="不再使用"):
        other.edit(name="丰禾粮油")


def test_many_long_letters_do_not_keep_a_notice_from_being_sent(supplier: Supplier) -> None:
    for _ in range(40):
        warn(supplier, "送货迟到" * 200, "准时", TODAY + timedelta(days=9))
    one = drafted(supplier).issue()
    assert len(one.warned) <= 2000 and "ZGT" in one.warned and one.warned.count("…") > 10
