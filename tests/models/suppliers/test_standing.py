"""Where a supplier stands: every move that is allowed and every one that is not, and what stops an order."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import peewee
import pytest

from desktop import modules
from models import deeds
from models.base import db
from models.checks import run_invariants
from models.desk import reminders_on
from models.errors import BadInput, NeedsApproval, NotFound, RuleBroken
from models.listings import LISTS, Filters
from models.office.applying import request
from models.office.approvals import Approval
from models.rows import RowRefused
from models.suppliers.admission import Finding, admit, review, set_admission_items
from models.suppliers.contracts import SupplyContract, add_contract, end_contract
from models.suppliers.kinds import Category, LicenceKind, SupplierState
from models.suppliers.licences import Licence, LicenceRule, add_licence, add_licence_rule, papers_on
from models.suppliers.moving import drop_candidate, restore, suspend, watch
from models.suppliers.register import Supplier, SupplierStep, add_supplier, set_scope
from models.suppliers.standing import Called, standing
from tests.estate import Estate, writing
from tests.office_people import worker
from tests.trade import TODAY, candidate, kind, look_at, qualified, show_papers

modules.load()

S = SupplierState
LATER = TODAY + timedelta(days=30)
ACTS: dict[str, Callable[[Supplier], Any]] = {
    "admit": admit,
    "watch": lambda one: watch(one, "送货多次迟到", LATER),
    "suspend": lambda one: suspend(one, "抽检不合格"),
    "restore": lambda one: restore(one, "已整改并复查"),
    "drop": lambda one: drop_candidate(one, "价格过高"),
}
ALLOWED = {
    ("admit", S.CANDIDATE): S.QUALIFIED,
    ("drop", S.CANDIDATE): S.DROPPED,
    ("watch", S.QUALIFIED): S.WATCHED,
    ("watch", S.SUSPENDED): S.WATCHED,
    ("suspend", S.QUALIFIED): S.SUSPENDED,
    ("suspend", S.WATCHED): S.SUSPENDED,
    ("restore", S.WATCHED): S.QUALIFIED,
    ("restore", S.SUSPENDED): S.QUALIFIED,
}


@pytest.fixture(autouse=True)
def _as_the_office(estate: Estate) -> Any:
    with deeds.acting(deeds.TheOffice()):
        yield


def standing_in(state: SupplierState) -> Supplier:
    """Make a supplier in a state, whose papers and review would let it be admitted."""
    supplier = candidate()
    show_papers(supplier)
    look_at(supplier)
    with writing():
        return Supplier.get_by_id(supplier.id).change(state=state)


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", ACTS)
def test_every_move_is_allowed_or_refused_as_the_table_says(act: str, state: SupplierState) -> None:
    supplier = standing_in(state)
    steps = SupplierStep.select().count()
    if (act, state) in ALLOWED:
        ACTS[act](supplier)
        assert Supplier.get_by_id(supplier.id).state is ALLOWED[act, state]
        assert SupplierStep.select().count() == steps + 1
        return
    with pytest.raises(RuleBroken):
        ACTS[act](supplier)
    assert Supplier.get_by_id(supplier.id).state is state
    assert SupplierStep.select().count() == steps


def test_a_closed_file_stays_closed_and_whoever_comes_back_gets_a_new_one() -> None:
    supplier = candidate()
    drop_candidate(supplier, "价格过高")
    for act in (
        lambda: supplier.edit(phone="13800009999"),
        lambda: add_licence(supplier, LicenceKind.BUSINESS),
        lambda: set_scope(supplier, [kind("蔬菜")], "扩项"),
        lambda: add_contract(supplier, TODAY, LATER, number="HT-1", title="合同"),
    ):
        with pytest.raises(RuleBroken, match="重新建档"):
            act()
    again = candidate()
    assert again.number != supplier.number and again.state is S.CANDIDATE


def test_the_same_supplier_is_not_filed_twice() -> None:
    candidate()
    with pytest.raises(RuleBroken, match="同一家"):
        candidate()
    other = candidate("绿野蔬菜", "蔬菜")
    with pytest.raises(RuleBroken, match="同一家"):
        other.edit(name="丰禾粮油")


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (lambda one: None, "还没有准入评审"),
        (lambda one: look_at(one, 60), "不到 70 分"),
        (lambda one: look_at(one, sample=Finding.BAD), "样品结果不合格"),
        (lambda one: look_at(one, site=Finding.BAD), "现场结果不合格"),
        (lambda one: look_at(one), "没有营业执照；没有食品经营许可"),
    ],
)
def test_nobody_is_admitted_unseen(prepare: Callable[[Supplier], Any], sentence: str) -> None:
    supplier = candidate()
    prepare(supplier)
    with pytest.raises(RuleBroken, match=sentence):
        admit(supplier)
    assert Supplier.get_by_id(supplier.id).state is S.CANDIDATE


def test_admission_goes_along_its_chain_and_is_signed_on_the_file() -> None:
    supplier = candidate()
    show_papers(supplier)
    look_at(supplier)
    buyer, *others = [
        worker(name, role)
        for name, role in (
            ("高原", "物配中心"), ("何", "管理处主任"), ("于", "品质管理员"), ("严", "常务副总经理")
        )
    ]  # fmt: skip
    with deeds.acting(buyer):
        with pytest.raises(NeedsApproval):
            admit(supplier)
        asked = request("suppliers.admit", {"supplier": supplier})
    for person in others:
        with deeds.acting(person):
            Approval.find(asked.number).approve()
    supplier = Supplier.get_by_id(supplier.id)
    assert supplier.state is S.QUALIFIED and supplier.admitted_on == TODAY
    assert supplier.admissions.get().approval == asked.number
    assert not run_invariants()


def test_what_is_marked_is_every_item_once_and_within_its_marks() -> None:
    supplier = candidate()
    full = [{"name": name, "mark": Decimal(5)} for name in ("资质与信誉", "质量保证", "价格与账期")]
    given = {"sample": Finding.NONE, "site": Finding.NONE, "reviewers": "高原"}
    for rows, problem, sentence in (
        (full, RuleBroken, "还没有打分"),
        ([*full, full[0]], RowRefused, "打了两次分"),
        ([{"name": "服务响应", "mark": Decimal(11)}], RowRefused, "满分 10"),
        ([{"name": "长相", "mark": Decimal(1)}], RowRefused, "没有评审项目"),
    ):
        with pytest.raises(problem, match=sentence):
            review(supplier, rows, **given)
    assert not supplier.admissions.exists()


def test_review_items_make_a_hundred() -> None:
    with pytest.raises(RuleBroken, match="合计 90，要正好 100"):
        set_admission_items([{"name": "质量", "full": 50}, {"name": "价格", "full": 40}])
    with pytest.raises(RowRefused, match="写了两次"):
        set_admission_items([{"name": "质量", "full": 50}, {"name": "质量", "full": 50}])
    set_admission_items([{"name": "质量", "full": 60}, {"name": "价格", "full": 40}])
    assert (
        "质量 60、价格 40"
        in set_admission_items([{"name": "质量", "full": 60}, {"name": "价格", "full": 40}]).summary()
    )


# -- papers ----------------------------------------------------------------------------------------


def test_a_lapsed_paper_stops_orders_by_itself_and_its_renewal_lets_them_go_on() -> None:
    supplier = candidate()
    show_papers(supplier, TODAY + timedelta(days=10))
    look_at(supplier)
    admit(supplier)
    last, after = TODAY + timedelta(days=10), TODAY + timedelta(days=11)
    assert standing(supplier, [kind()], last).never == ""
    assert "食品经营许可已于" in standing(supplier, [kind()], after).never
    assert papers_on(after).lacking[supplier.id] == f"食品经营许可已于 {last} 到期"
    add_licence(supplier, LicenceKind.FOOD, TODAY + timedelta(days=365))
    assert standing(supplier, [kind()], after).never == ""
    assert Licence.select().where(Licence.active).count() == 2


def test_a_persons_paper_names_the_person_and_lapses_alone() -> None:
    supplier = qualified()
    add_licence_rule(Category.FOOD, LicenceKind.HEALTH)
    assert "没有健康证" in standing(supplier, [kind()], TODAY).never
    with pytest.raises(BadInput, match="请填持证人"):
        add_licence(supplier, LicenceKind.HEALTH, LATER)
    for holder, days in (("甲", 5), ("乙", 50)):
        add_licence(supplier, LicenceKind.HEALTH, TODAY + timedelta(days=days), holder=holder)
    told = standing(supplier, [kind()], TODAY + timedelta(days=20)).never
    assert "健康证（甲）已于" in told and "乙" not in told
    Licence.get(Licence.holder == "甲").retire()
    assert standing(supplier, [kind()], TODAY + timedelta(days=20)).never == ""


def test_papers_that_have_lapsed_are_not_taken() -> None:
    with pytest.raises(BadInput, match="已经过期"):
        add_licence(candidate(), LicenceKind.FOOD, TODAY - timedelta(days=1))


def test_a_paper_is_asked_for_once() -> None:
    with pytest.raises(RuleBroken, match="已经必备"):
        add_licence_rule(Category.FOOD, LicenceKind.FOOD)
    LicenceRule.get(kind=LicenceKind.FOOD).drop()
    assert LicenceRule.get_or_none(kind=LicenceKind.FOOD) is None


@pytest.mark.parametrize(
    ("state", "never", "outside"),
    [
        (S.CANDIDATE, "", "还不是合格供方"),
        (S.QUALIFIED, "", ""),
        (S.WATCHED, "", "停增新订单"),
        (S.SUSPENDED, "是“暂停”供方", ""),
        (S.TERMINATED, "是“终止”供方", ""),
    ],
)
def test_what_stands_against_an_order(state: SupplierState, never: str, outside: str) -> None:
    told = standing(standing_in(state), [kind()], TODAY)
    assert (never in told.never, bool(never)) == (True, bool(told.never))
    assert (outside in told.outside, bool(outside)) == (True, bool(told.outside))


def test_goods_beyond_the_scope_are_outside_the_list() -> None:
    supplier = qualified()
    assert "蔬菜 不在 丰禾粮油 的供货范围内" in standing(supplier, [kind(), kind("蔬菜")], TODAY).outside
    set_scope(supplier, [kind(), kind("蔬菜")], "增加蔬菜")
    assert standing(supplier, [kind("蔬菜")], TODAY).outside == ""
    with pytest.raises(BadInput, match="一个也没有填"):
        set_scope(supplier, [], "清空")
    kind("蔬菜").retire()
    with pytest.raises(BadInput, match="已停用"):
        set_scope(supplier, [kind("蔬菜")], "改")


def test_the_credit_code_is_checked() -> None:
    values = {
        "name": "某店",
        "category": Category.FOOD,
        "contact": "某",
        "phone": "13800001234",
        "address": "某",
    }
    with pytest.raises(BadInput, match="统一社会信用代码"):
        deeds.DEEDS["suppliers.add_supplier"].call(
            None, {**values, "category": "食品", "scope": "粮油", "credit_code": "911101080000000000"}
        )
    with pytest.raises(NotFound):
        deeds.DEEDS["suppliers.add_supplier"].call(None, {**values, "category": "食品", "scope": "玩具"})
    assert add_supplier([kind()], **values).number.startswith(f"GD-{TODAY:%Y}-")


# -- contracts -------------------------------------------------------------------------------------


def test_contracts_have_days_in_order_and_services_a_fee() -> None:
    supplier = candidate("清新保洁", "保洁服务", Category.CLEANING)
    with pytest.raises(BadInput, match="按月付费，请填月服务费"):
        add_contract(supplier, TODAY, LATER, number="HT-1", title="保洁")
    with pytest.raises(BadInput, match="早于起"):
        add_contract(supplier, LATER, TODAY, Decimal(100), number="HT-1", title="保洁")
    contract = add_contract(supplier, TODAY, LATER, Decimal(100), number="HT-1", title="保洁")
    with pytest.raises(BadInput, match="不在合同期内"):
        end_contract(contract, LATER + timedelta(days=1), "换人")
    end_contract(contract, TODAY, "换人")
    with pytest.raises(RuleBroken, match="已于"):
        end_contract(contract, TODAY, "再终止")
    with pytest.raises(peewee.IntegrityError):
        db.execute_sql("UPDATE supply_contract SET monthly = 1")
    assert SupplyContract.get().last == TODAY


# -- lists and the desk ----------------------------------------------------------------------------


def test_lists_and_the_desk_tell_what_lapses() -> None:
    supplier = candidate()
    show_papers(supplier, TODAY + timedelta(days=10))
    look_at(supplier)
    admit(supplier)
    add_contract(supplier, TODAY, TODAY + timedelta(days=20), number="HT-1", title="粮油合同")
    told = [one.title for one in reminders_on(TODAY)]
    assert any("30 天内到期" in one for one in told) and any("合同快到期" in one for one in told)
    told = [one.title for one in reminders_on(TODAY + timedelta(days=11))]
    assert "供方证照已过期，已自动停用" in told
    made = LISTS["suppliers"](Filters(state="合格"))
    assert [made.plain(one)["state"] for one in made.rows()] == ["合格"]
    db.execute_sql("DROP TRIGGER licence_no_update")
    db.execute_sql("UPDATE licence SET until = ? WHERE until IS NOT NULL", (date(2020, 1, 1),))
    made = LISTS["suppliers"](Filters(state=Called.LAPSED.value))
    assert [made.plain(one)["lacking"] for one in made.rows()] == ["食品经营许可已于 2020-01-01 到期"]


def test_time_to_mend_runs_out_on_the_desk() -> None:
    supplier = qualified()
    with pytest.raises(BadInput, match="已经过了"):
        watch(supplier, "迟到", TODAY - timedelta(days=1))
    watch(supplier, "迟到", LATER)
    assert not any("整改期限已到" in one.title for one in reminders_on(TODAY))
    assert any("整改期限已到" in one.title for one in reminders_on(LATER))


def test_a_tampered_standing_is_found() -> None:
    supplier = qualified()
    db.execute_sql("UPDATE supplier SET state = 'SUSPENDED' WHERE id = ?", (supplier.id,))
    assert any(supplier.number in one.sentence for one in run_invariants())
