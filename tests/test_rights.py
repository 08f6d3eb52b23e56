"""Who may what: the table by hand, and every deed and list called as every role (reliability.md S10).

One line a right: which roles hold it, and which deeds ask for it. A new deed belongs into its line;
a deed that stands in none fails. 负责人 holds every right and is not repeated. Whoever lacks a right is
refused and leaves exactly one row in the audit trail; whoever holds it may meet a rule of the
office, never a refusal.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from desktop import modules
from models import deeds, fields, search
from models.attachments import (
    Attachment,
    File,
    FileField,
    Type,
    attach,
    attached_to,
    may_keep_files,
    read_file,
)
from models.audit import AuditEntry, Outcome
from models.base import RECORDS, Record, db
from models.batches import Batch
from models.deeds import DEEDS, RIGHTS, Deed, Scope
from models.entries import ENTRIES
from models.errors import OfficeError, PermissionDenied
from models.fees.billing import bill
from models.fees.cashier import receive
from models.fees.items import FeeItem
from models.fees.payments import Payment, Receipt
from models.history import history_of
from models.listings import LISTS, Filters
from models.months import Month
from models.office.accounts import Account, Reach, Role, add_account, add_role
from models.office.applying import ValuesField
from models.office.chains import ApprovableField
from models.office.permits import OutletField
from models.office.ready_made import ROLES
from models.office.rightfield import RightField
from models.office.signin import change_password
from models.office.staff import Department, Staff, add_staff
from models.owners.caretaking import Caretaking
from models.owners.estate import Building, Unit, UnitArea
from models.owners.people import Person
from models.rows import RowsField
from tests.estate import Estate, furnish, some, writing

modules.load()

IN_CHARGE = "负责人"
OTHERS = """
    系统管理员 总经理 管理者代表 常务副总经理 管理处主任 物业管理部经理 客服主管 客服管理员 资料员
    安全主管 保安班长 巡逻员 食堂仓库管理员 安全管理专业委员会 物配中心 采购员
    收款员 会计 维修工 质量内审员 品质管理员 行政人事专员 绩效专员
"""


class Line(NamedTuple):
    """One right: who holds it beside 负责人, and which deeds ask for it."""

    right: str
    roles: str
    deeds: str = ""


TABLE = (
    Line(
        "owners.view",
        "总经理 常务副总经理 管理处主任 物业管理部经理 客服主管 客服管理员 资料员 安全主管 收款员 会计",
    ),
    Line(
        "owners.edit",
        "管理处主任 客服主管 客服管理员",
        """
        owners.add_building owners.add_community owners.add_entrance owners.add_occupancy owners.add_ownership
        owners.add_person owners.add_unit owners.add_vehicle owners.assign_caretaker owners.edit_building
        owners.edit_community owners.edit_entrance owners.edit_person owners.edit_unit owners.edit_vehicle
        owners.end_caretaking owners.end_occupancy owners.end_ownership owners.end_vehicle
        owners.restore_building owners.restore_community owners.restore_entrance owners.restore_person
        owners.retire_building owners.retire_community owners.retire_entrance owners.retire_person
        owners.retire_unit owners.set_area owners.set_payer owners.set_primary owners.set_share
        owners.set_state owners.transfer
        """,
    ),
    Line("owners.import", "管理处主任 客服主管", "owners.import owners.undo_import owners.generate"),
    Line("owners.reveal", "管理处主任 客服主管 客服管理员", "owners.reveal"),
    Line("fees.view", "总经理 常务副总经理 管理处主任 客服主管 客服管理员 收款员 会计"),
    Line(
        "fees.items",
        "管理处主任 会计",
        """
        fees.add_item fees.edit_item fees.set_rate fees.set_tiers fees.add_share_plan fees.edit_share_plan
        fees.add_service fees.edit_service
        fees.add_late_terms fees.try_add_late_terms fees.edit_late_terms fees.try_edit_late_terms
        fees.add_prepay_offer fees.edit_prepay_offer fees.set_deposit_terms
        """,
    ),
    Line("fees.share", "管理处主任 会计", "fees.share fees.try_share fees.undo_sharing"),
    Line(
        "fees.assign",
        "管理处主任 会计",
        """
        fees.give_item fees.end_item fees.assign fees.try_assign fees.change_assignments
        fees.try_change_assignments fees.end_assignments fees.try_end_assignments fees.undo_assignment
        """,
    ),
    Line(
        "fees.charge",
        "管理处主任 客服主管 客服管理员 会计",
        "fees.charge_service fees.void_service complaints.charge",
    ),
    Line("fees.void", "管理处主任 会计", "fees.void_receipt fees.reverse_set_off fees.void_deposit_entry"),
    Line(
        "fees.deposits",
        "管理处主任 会计",
        "fees.deduct_deposit fees.refund_deposit fees.set_refund_day fees.count_refund_prints",
    ),
    Line(
        "fees.adjust",
        "管理处主任 客服主管 客服管理员 会计",
        """
        fees.reduce fees.reverse_bills fees.reverse_receipt fees.settle_transfer fees.try_settle_transfer
        fees.grant_vacancy fees.review_vacancy fees.end_vacancy fees.apply_vacancies fees.try_apply_vacancies
        """,
    ),
    Line("fees.refund", "管理处主任 会计", "fees.refund"),
    Line("fees.bill", "管理处主任 会计", "fees.bill fees.end_prepay"),
    Line(
        "fees.undo",
        "管理处主任 会计",
        "fees.undo_billing fees.undo_late fees.undo_set_off_all fees.undo_dunning",
    ),
    Line("fees.late", "管理处主任 会计", "fees.charge_late fees.try_charge_late"),
    Line("fees.waive_late", "管理处主任", "fees.waive_late fees.undo_waiver"),
    Line(
        "fees.receive",
        "收款员",
        """
        fees.receive fees.receive_list fees.count_prints fees.prepay fees.try_prepay
        fees.take_deposit fees.count_deposit_prints fees.open_shift fees.close_shift
        """,
    ),
    Line("fees.seal", "管理处主任 会计", "fees.issue_reports fees.seal_month"),
    Line("fees.reopen", "管理处主任 会计", "fees.reopen_month fees.reopen_day"),
    Line("fees.books", "管理处主任 会计", "fees.issue_book fees.write_off_book"),
    Line("fees.invoice", "管理处主任 收款员 会计", "fees.record_invoice fees.record_red_invoice"),
    Line("fees.set_off", "收款员 会计", "fees.set_off fees.set_off_all fees.try_set_off_all"),
    Line(
        "fees.meters",
        "管理处主任 会计",
        "fees.add_meter fees.edit_meter fees.retire_meter fees.restore_meter fees.replace_meter",
    ),
    Line(
        "fees.read",
        "管理处主任 客服主管 客服管理员 会计",
        """
        fees.enter_reading fees.enter_readings fees.correct_reading fees.estimate_readings
        fees.withdraw_reading fees.undo_readings
        """,
    ),
    Line("fees.close_day", "收款员", "fees.close_day"),
    Line(
        "fees.opening",
        "会计",
        "fees.import_opening fees.sign_opening fees.undo_opening fees.import_history fees.undo_history",
    ),
    Line(
        "fees.bank",
        "会计",
        """
        fees.add_bank_account fees.edit_bank_account fees.import_statement fees.undo_statement
        fees.match_rows fees.claim_row fees.leave_rows fees.withdraw_rows
        fees.add_mandate fees.edit_mandate fees.end_mandate fees.add_debit_layout fees.edit_debit_layout
        fees.make_debits fees.try_make_debits fees.write_debits fees.cancel_debits
        fees.import_answers fees.undo_answers fees.edit_subject
        """,
    ),
    Line(
        "fees.commons",
        "管理处主任 会计",
        """
        fees.add_common_kind fees.edit_common_kind fees.set_common_terms fees.add_common_contract
        fees.end_common_contract fees.add_common_income fees.add_common_cost fees.transfer_commons
        fees.reverse_common_entry fees.publish_commons fees.withdraw_commons_notice
        fees.add_fund_project fees.record_fund_vote fees.approve_fund fees.draw_fund fees.reverse_fund_draw
        fees.accept_fund fees.close_fund fees.withdraw_fund
        """,
    ),
    Line(
        "complaints.view",
        """
        总经理 常务副总经理 管理处主任 物业管理部经理 客服主管 客服管理员 安全主管 保安班长 维修工 质量内审员
        品质管理员
        """,
    ),
    Line(
        "complaints.register",
        "管理处主任 客服主管 客服管理员 安全主管 保安班长 巡逻员",
        """
        complaints.take_call complaints.add_outage complaints.enter_inspection complaints.receive
        complaints.add_proposal complaints.take_request
        """,
    ),
    Line(
        "complaints.handle",
        "管理处主任 客服主管 客服管理员 安全主管",
        """
        complaints.start complaints.answer complaints.wait complaints.resume complaints.report
        complaints.stop_violation complaints.note complaints.accept complaints.reject
        complaints.fulfil complaints.tell_commitment complaints.finish_request complaints.tell_proposal
        complaints.add_mediation complaints.settle_mediation complaints.fail_mediation
        """,
    ),
    Line(
        "complaints.repair",
        "管理处主任 客服主管 客服管理员 维修工",
        """
        complaints.arrive complaints.quote complaints.agree complaints.decline complaints.finish
        """,
    ),
    Line(
        "complaints.lead",
        "管理处主任 客服主管",
        """
        complaints.assign complaints.transfer complaints.review complaints.return complaints.close
        complaints.withdraw complaints.dismiss complaints.reopen complaints.grade complaints.correct
        complaints.dispatch complaints.link_again complaints.give_up_visit complaints.join_outage
        complaints.end_outage complaints.add_trade complaints.drop_trade
        complaints.put_off complaints.drop_commitment complaints.plan_home_visits complaints.drop_home_visit
        complaints.plan_forum complaints.hold_forum complaints.drop_forum complaints.decide_proposal
        complaints.make_points complaints.add_point complaints.edit_point complaints.retire_point
        complaints.restore_point
        complaints.prepare_analysis complaints.edit_analysis complaints.plan_measure
        complaints.sign_analysis complaints.send_analysis
        complaints.prepare_review complaints.recount_review complaints.plan_remedy
        complaints.sign_review complaints.verify_remedy
        complaints.start_survey complaints.close_survey complaints.improve complaints.void_sheet
        """,
    ),
    Line("complaints.direct", "管理处主任", "complaints.direct"),
    Line(
        "complaints.visit",
        "管理处主任 客服主管 客服管理员",
        """
        complaints.visit complaints.miss complaints.add_care complaints.end_care complaints.add_home_visit
        complaints.home_visit complaints.nobody_home
        complaints.deliver_sheets complaints.lose_sheet complaints.enter_sheets complaints.correct_sheet
        """,
    ),
    Line(
        "complaints.rules",
        "管理处主任 客服主管",
        """
        complaints.add_problem complaints.edit_problem complaints.retire_problem complaints.restore_problem
        complaints.edit_terms complaints.edit_rules complaints.edit_target
        complaints.add_topic complaints.edit_topic complaints.retire_topic complaints.restore_topic
        """,
    ),
    Line("appraisals.view", "总经理 常务副总经理 管理处主任 会计 绩效专员"),
    Line(
        "appraisals.keep",
        "管理处主任 会计",
        """
        appraisals.set_target appraisals.set_month_targets appraisals.enter_costs appraisals.deliver
        appraisals.set_delivery_day
        """,
    ),
    Line(
        "fees.dun",
        "管理处主任 客服主管 客服管理员",
        """
        fees.dun fees.try_dun fees.dun_unit fees.void_letters fees.deliver fees.deliver_list
        fees.withdraw_delivery fees.hand_notices fees.withdraw_notice fees.promise fees.end_promise
        fees.dispute fees.resolve_dispute
        """,
    ),
    Line(
        "fees.dun_lead",
        "管理处主任 客服主管",
        """
        fees.dun_formal fees.try_dun_formal fees.hand_over fees.take_back_case fees.assign_chaser
        fees.end_chase
        """,
    ),
    Line("fees.dun_rules", "管理处主任 会计", "fees.edit_dunning_rules"),
    Line("fees.message", "管理处主任 客服主管 客服管理员", "fees.message fees.message_due"),
    Line(
        "suppliers.view",
        """
        总经理 管理者代表 常务副总经理 管理处主任 客服主管 客服管理员 会计 食堂仓库管理员 物配中心 采购员
        品质管理员 质量内审员
        """,
    ),
    Line(
        "suppliers.keep",
        "物配中心 采购员",
        """
        suppliers.add_supplier suppliers.edit_supplier suppliers.review suppliers.add_licence
        suppliers.retire_licence suppliers.reuse_licence suppliers.add_contract suppliers.end_contract
        suppliers.add_goods suppliers.edit_goods suppliers.retire_goods suppliers.restore_goods
        suppliers.add_goods_kind suppliers.edit_goods_kind suppliers.retire_goods_kind
        suppliers.restore_goods_kind
        """,
    ),
    Line(
        "suppliers.plan",
        "管理处主任 客服主管 食堂仓库管理员 物配中心 采购员",
        "canteen.draft_demand canteen.approve_demand canteen.withdraw_demand canteen.consolidate "
        "suppliers.draft_plan suppliers.redraft_plan suppliers.approve_plan suppliers.judge_inquiry "
        "suppliers.complain",
    ),
    Line(
        "suppliers.buy",
        "物配中心 采购员",
        """
        suppliers.order suppliers.order_outside suppliers.order_plan suppliers.order_plan_outside
        suppliers.cut_line suppliers.close_plan
        suppliers.chase suppliers.cancel_order suppliers.close_order
        suppliers.inquire suppliers.add_quotes suppliers.recommend suppliers.settle_complaint
        """,
    ),
    Line(
        "suppliers.receive",
        "管理处主任 客服主管 食堂仓库管理员",
        "suppliers.receive suppliers.return_goods suppliers.finish_return",
    ),
    Line(
        "canteen.view",
        "总经理 常务副总经理 管理处主任 客服主管 食堂仓库管理员 物配中心 采购员 会计 品质管理员",
    ),
    Line(
        "canteen.keep",
        "管理处主任 客服主管 食堂仓库管理员",
        "canteen.add_item canteen.stock_goods canteen.edit_item canteen.retire_item canteen.restore_item "
        "canteen.open_stock canteen.import_items canteen.undo_import",
    ),
    Line(
        "canteen.store",
        "食堂仓库管理员",
        """
        canteen.receive canteen.take_replacement canteen.issue canteen.back_to_stock canteen.report_problem
        canteen.close_problem canteen.write_off canteen.check_store canteen.mend_store canteen.notify_expiry
        canteen.answer_notice canteen.keep_samples canteen.destroy_samples
        """,
    ),
    Line(
        "canteen.count",
        "管理处主任 客服主管 食堂仓库管理员 会计",
        """
        canteen.begin_count canteen.enter_counts canteen.recount canteen.count_found canteen.cancel_count
        canteen.approve_count
        """,
    ),
    Line("canteen.decide", "管理处主任 客服主管", "canteen.decide_problem canteen.correct_dates"),
    Line("canteen.rules", "管理处主任", "canteen.edit_rules"),
    Line("suppliers.consent", "管理处主任", "suppliers.consent_return suppliers.refuse_return"),
    Line(
        "suppliers.decide",
        "物配中心",
        """
        suppliers.admit suppliers.set_scope suppliers.watch suppliers.suspend suppliers.restore
        suppliers.drop_candidate suppliers.open_evaluations suppliers.sign_evaluations suppliers.veto
        suppliers.warn suppliers.judge_letter suppliers.draft_termination suppliers.edit_termination
        suppliers.issue_termination suppliers.deliver_termination suppliers.note_objection
        suppliers.answer_objection suppliers.withdraw_termination suppliers.terminate
        """,
    ),
    Line(
        "suppliers.rules",
        "物配中心 管理处主任",
        """
        suppliers.add_licence_rule suppliers.drop_licence_rule suppliers.set_admission_items
        suppliers.set_criteria suppliers.set_bands suppliers.set_service_areas
        """,
    ),
    Line(
        "suppliers.settle",
        "物配中心 采购员",
        """
        suppliers.draft_settlement suppliers.approve_settlement suppliers.note_invoice
        suppliers.drop_settlement suppliers.deduct suppliers.drop_deduction
        """,
    ),
    Line(
        "suppliers.services",
        "管理处主任 客服主管 客服管理员",
        """
        suppliers.submit_programme suppliers.redo_programme suppliers.review_programme
        suppliers.inspect_service suppliers.recheck_service suppliers.open_service_scores
        suppliers.score_service suppliers.confirm_service suppliers.sign_service_scores
        """,
    ),
    Line("suppliers.pay", "会计", "suppliers.pay suppliers.cancel_payment"),
    Line("suppliers.score", "管理处主任 客服主管 会计 食堂仓库管理员 物配中心 品质管理员", "suppliers.mark"),
    Line("office.budget_view", "总经理 常务副总经理 管理处主任 会计 物配中心"),
    Line(
        "office.budget",
        "管理处主任 会计",
        """
        office.add_budget_account office.edit_budget_account office.retire_budget_account
        office.restore_budget_account office.enter_budget office.approve_budget office.book_budget
        """,
    ),
    Line("office.settings", "系统管理员 管理处主任", "office.edit_profile office.set_edition"),
    Line(
        "office.staff",
        "系统管理员 管理处主任 行政人事专员",
        """
        office.add_department office.rename_department office.retire_department office.restore_department
        office.add_post office.edit_post office.retire_post office.restore_post
        office.add_staff office.edit_staff office.end_staff office.return_staff
        """,
    ),
    Line(
        "office.accounts",
        "系统管理员",
        """
        office.add_account office.rename_account office.retire_account office.restore_account
        office.reset_password office.give_role office.take_role office.add_role office.edit_role
        office.retire_role office.restore_role office.grant_right office.revoke_right
        office.set_chain office.start_chain office.stop_chain
        """,
    ),
    Line(
        "office.approvals",
        OTHERS,
        """
        office.request_approval office.approve office.reject office.withdraw_approval
        office.set_deputy office.end_deputy office.permit_many
        """,
    ),
    Line("office.audit", "系统管理员 总经理"),
    Line(
        "office.workdays",
        "系统管理员 管理处主任 行政人事专员",
        "office.set_day office.clear_day office.confirm_year",
    ),
    Line("office.workdays_view", OTHERS, "office.answer_sign_off"),
    Line("office.read", "管理处主任 客服主管", "office.read office.pass_on"),
    Line(
        "office.log",
        "管理处主任 物业管理部经理 客服主管 客服管理员 安全主管 保安班长",
        "office.write_log office.edit_log",
    ),
    Line(
        "office.roster",
        "管理处主任 客服主管 安全主管 保安班长",
        """
        office.enter_roster office.swap_shifts office.add_work_shift office.edit_work_shift
        office.retire_work_shift office.restore_work_shift
        """,
    ),
    Line(
        "office.approve_roster",
        "管理处主任 安全主管",
        "office.approve_roster office.reopen_roster office.edit_roster_rules",
    ),
    Line("batches.view", "系统管理员 总经理 常务副总经理 管理处主任 客服主管 会计 食堂仓库管理员"),
    Line(
        "health.view",
        "系统管理员 总经理 常务副总经理 管理处主任 物业管理部经理 客服主管 客服管理员 会计 品质管理员",
    ),
    Line("lists.export", "总经理 常务副总经理 管理处主任 客服主管 收款员 会计 物配中心 食堂仓库管理员"),
    Line(
        "records.attach",
        "管理处主任 客服主管 客服管理员 资料员 收款员 会计 物配中心 采购员 食堂仓库管理员",
        "records.attach records.detach records.reattach",
    ),
    Line("storage.backup", "系统管理员 管理处主任 收款员 会计"),
    Line("storage.restore", "系统管理员"),
    Line("storage.check", "系统管理员"),
)

HOLDERS = {line.right: {IN_CHARGE, *line.roles.split()} for line in TABLE}


def test_every_right_has_its_line_in_the_table() -> None:
    assert sorted(HOLDERS) == sorted(RIGHTS)
    assert len(TABLE) == len(HOLDERS)


def test_every_deed_stands_in_the_table_under_its_right() -> None:
    by_hand = {deed: line.right for line in TABLE for deed in line.deeds.split()}
    assert by_hand == {name: deed.right for name, deed in DEEDS.items()}


def test_the_table_knows_the_ready_made_roles() -> None:
    assert {role.name for role in ROLES} == {IN_CHARGE, *OTHERS.split()}
    assert set.union(*HOLDERS.values()) == {IN_CHARGE, *OTHERS.split()}


def test_guards_hold_nothing_of_fees_and_owners_files() -> None:
    """保安服务管理条例 30(四): guards take no part in pursuing debts (forms.md B4.2)."""
    guards = {"保安班长", "巡逻员"}
    assert [
        right for right in HOLDERS if right.startswith(("fees.", "owners.")) and HOLDERS[right] & guards
    ] == []
    assert [right for right in HOLDERS if right.startswith("fees.") and "安全主管" in HOLDERS[right]] == []


def test_whoever_takes_money_neither_bills_nor_voids_nor_checks() -> None:
    """收款≠对账 (forms.md A12)."""
    cashiers = HOLDERS["fees.receive"] - {IN_CHARGE}
    computing = ("fees.bill", "fees.undo", "fees.items", "fees.opening", "fees.bank")
    for right in (*computing, "fees.void", "fees.adjust", "fees.refund", "fees.deposits", "office.audit"):
        assert HOLDERS[right] & cashiers == set()


# -- an office in which everything can be done to something -----------------------------------


@pytest.fixture
def full(estate: Estate, tmp_path: Path) -> Estate:
    """An estate in which there is one of each kind of record."""
    furnish(estate, tmp_path)
    return estate


def worker(name: str, *roles: str, department: str = "财务部") -> Account:
    """Open an account with these roles and change its first password."""
    staff = add_staff(number=name, name=name, department=Department.find(department))
    issued = add_account(f"u{Account.select().count()}", staff)
    for role in roles:
        issued.account.give_role(Role.find(role))
    change_password(issued.account, issued.password, "a turtle and an owl")
    return Account.get_by_id(issued.account.id)


def looks_after(account: Account, building: Building) -> None:
    """Put the person in charge of a building."""
    with writing():
        Caretaking.add(building=building, staff=account.staff)


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is written within."""
    with db.atomic() as savepoint:
        try:
            yield
        finally:
            savepoint.rollback()


SAMPLES: dict[type, Any] = {
    fields.MoneyField: Decimal("1.00"),
    fields.AreaField: Decimal("50.00"),
    fields.PriceField: Decimal("1.0000"),
    fields.QuantityField: Decimal("1.00"),
    fields.StockField: Decimal("1.000"),
    fields.TemperatureField: Decimal("4.0"),
    fields.ShareField: Decimal("50.00"),
    fields.PhoneField: "13812345678",
    fields.IdentityField: "11010519491231002X",
    fields.DayField: date.today(),
    fields.MomentField: datetime(2026, 3, 2, 9),
    fields.SinceField: date.today(),
    fields.MonthField: Month.of(date.today()),
    fields.FlagField: True,
    fields.HourField: "08:30",
    fields.LineField: "样本",
    fields.CodeField: "S1",
    fields.BankCardField: "6222020000001234",
    fields.NoteField: "样本",
    RightField: "fees.view",
    ApprovableField: "fees.bill",
    ValuesField: {"month": "2026-01"},
    OutletField: "list:people",
}


def sample(field: Any) -> Any:
    """Return a value that a field of this kind takes."""
    if isinstance(field, fields.LinkField):
        return some(field.rel_model)
    if isinstance(field, fields.LinksField):
        return [some(field.rel_model)]
    if isinstance(field, fields.ChoiceField):
        return next(iter(field.members))
    if isinstance(field, fields.CountField):
        return field.low
    if isinstance(field, FileField):
        return File("样本.txt", Type.TEXT, "0" * 64, b"x")
    if isinstance(field, RowsField):
        return [{one.name: sample(one.field) for one in field.inputs if one.required}]
    return next(SAMPLES[kind] for kind in type(field).__mro__ if kind in SAMPLES)


def target(record: type[Record]) -> Record:
    """Return one record of a kind; of files one of something that the person may see, if there is any."""
    if record is Attachment:
        seen = (one for one in Attachment.select() if may_keep_files(RECORDS[one.kind]))
        return next(seen, None) or some(record)
    return some(record)


def attempt(deed: Deed) -> None:
    """Do a deed with a sample for all it demands; a rule of the office may stand in its way."""
    try:
        key = target(deed.record).key() if deed.record else None
        deed.call(key, {one.name: sample(one.field) for one in deed.inputs if one.required})
    except PermissionDenied:
        raise
    except OfficeError:
        pass


def refused(work: Any) -> bool:
    """Whether something is refused; a refusal leaves exactly one row, anything else none."""
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first().id
    rows = AuditEntry.select().where((AuditEntry.id > last) & (AuditEntry.outcome == Outcome.REFUSED))
    with undone():
        try:
            work()
        except PermissionDenied:
            assert rows.count() == 1
            return True
        assert rows.count() == 0
        return False


@pytest.mark.parametrize("role", [IN_CHARGE, *OTHERS.split()])
def test_a_role_may_do_and_see_what_the_table_says_and_nothing_else(full: Estate, role: str) -> None:
    person = worker("某人", role)
    looks_after(person, full.building)
    wrong = []
    with deeds.acting(person):
        for right, holders in HOLDERS.items():
            if person.may(right) != (role in holders):
                wrong.append(f"right {right}")
        for deed in DEEDS.values():
            if refused(lambda deed=deed: attempt(deed)) == (role in HOLDERS[deed.right]):
                wrong.append(f"deed {deed.name}")
        for shown in LISTS.values():
            if refused(lambda shown=shown: shown().window(size=1)) == (role in HOLDERS[shown.right]):
                wrong.append(f"list {shown.name}")
    assert wrong == []


def test_the_calls_are_no_empty_gestures(full: Estate) -> None:
    """A good part of the deeds really happens when somebody in charge does them with the samples."""
    person, done = worker("某人", IN_CHARGE), []
    with deeds.acting(person):
        for deed in DEEDS.values():
            before = AuditEntry.select().count()
            with undone():
                attempt(deed)
                done += [deed.name] if AuditEntry.select().count() > before else []
    assert len(done) > len(DEEDS) // 3


def test_whoever_has_not_signed_in_may_nothing(full: Estate) -> None:
    deeds.sign_in_as(None)
    for deed in DEEDS.values():
        with pytest.raises(PermissionDenied, match="还没有登录"):
            attempt(deed)
    for shown in LISTS.values():
        with pytest.raises(PermissionDenied, match="还没有登录"):
            shown()


def test_an_account_without_a_role_may_nothing(full: Estate) -> None:
    person = worker("某人")
    with deeds.acting(person):
        assert [deed.name for deed in DEEDS.values() if not refused(lambda deed=deed: attempt(deed))] == []
        assert [one.name for one in LISTS.values() if not refused(lambda one=one: one())] == []


def test_a_retired_account_may_nothing_though_it_is_signed_in(full: Estate) -> None:
    person = worker("某人", IN_CHARGE)
    Account.get_by_id(person.id).retire()
    with deeds.acting(person):
        assert [deed.name for deed in DEEDS.values() if not refused(lambda deed=deed: attempt(deed))] == []


def test_a_role_taken_away_holds_from_the_very_next_call(full: Estate) -> None:
    """ASVS 8.3.2."""
    person, unit = worker("某人", "收款员"), some(Unit)
    with deeds.acting(person):
        receive(unit, Decimal("1.00"))
    Account.get_by_id(person.id).take_role(Role.find("收款员"))
    with deeds.acting(person), pytest.raises(PermissionDenied):
        receive(unit, Decimal("1.00"))
    assert Payment.select().count() == 3


# -- how far a right reaches -------------------------------------------------------------------


class Town(NamedTuple):
    """Two buildings, each with a house and who looks after it, in two departments."""

    mine: Unit
    colleagues: Unit
    strangers: Unit
    collector: Account


def building(estate: Estate, code: str, account: Account) -> Unit:
    """Make one more building with a house that owes, looked after by somebody."""
    with writing():
        made = Building.add(community=estate.building.community, code=code, name=f"{code}栋")
        unit = Unit.add(code=f"{code}-101", building=made, room="101")
        UnitArea.add(unit=unit, billing=Decimal("100.00"))
    looks_after(account, made)
    return unit


@pytest.fixture
def town(full: Estate, request: pytest.FixtureRequest) -> Town:
    """A town whose collector has the reach that the test names."""
    role = add_role(name="上门收费", reach=request.param)
    for right in (
        "owners.view",
        "owners.edit",
        "owners.reveal",
        "fees.view",
        "fees.receive",
        "fees.void",
        "fees.set_off",
    ):
        role.grant(right)
    collector = worker("本人", "上门收费")
    units = [building(full, "2", collector)]
    units.append(building(full, "3", worker("同事")))
    units.append(building(full, "4", worker("外人", department="客户服务部")))
    item = some(FeeItem)
    for unit in units:
        full.give(unit, item)
        with writing():
            person = full.person(f"业主{unit.code}")
            deeds.DEEDS["owners.add_ownership"].work(unit, person)
    return Town(*units, collector)


REACHES = [(Reach.OWN, 1), (Reach.DEPARTMENT, 2), (Reach.ALL, 3)]


@pytest.mark.parametrize(("town", "near"), REACHES, indirect=["town"])
def test_money_is_taken_only_on_units_within_reach(town: Town, near: int) -> None:
    units = [town.mine, town.colleagues, town.strangers]
    with deeds.acting(town.collector):
        taken = [not refused(lambda unit=unit: receive(unit, Decimal("1.00"))) for unit in units]
    assert taken == [number < near for number in range(3)]


@pytest.mark.parametrize(("town", "near"), REACHES, indirect=["town"])
def test_one_unit_beyond_reach_is_enough_to_refuse_a_payment_over_several(town: Town, near: int) -> None:
    with deeds.acting(town.collector):
        by = DEEDS["fees.receive"].call
        given = {"amount": "3.00", "units": f"{town.colleagues.code},{town.strangers.code}"}
        assert refused(lambda: by(town.mine.code, given)) == (near < 3)


@pytest.mark.parametrize(("town", "near"), REACHES, indirect=["town"])
def test_a_sheet_of_payments_shows_and_takes_what_lies_within_reach(town: Town, near: int) -> None:
    units = [town.mine, town.colleagues, town.strangers]
    DEEDS["fees.bill"].call(None, {"month": "2026-01"})
    rows = "\n".join(f"{unit.code}|1" for unit in units)
    with deeds.acting(town.collector):
        shown = {line.key for line in ENTRIES["collecting"].sheet(Filters()).lines}
        assert [unit.code in shown for unit in units] == [number < near for number in range(3)]
        before = Payment.select().count()
        with nullcontext() if near == 3 else pytest.raises(PermissionDenied):
            DEEDS["fees.receive_list"].call(None, {"rows": rows})
    assert Payment.select().count() - before == (3 if near == 3 else 0)


@pytest.mark.parametrize(("town", "near"), REACHES, indirect=["town"])
def test_receipts_and_owners_beyond_reach_stay_as_they_are(town: Town, near: int) -> None:
    units = [town.mine, town.colleagues, town.strangers]
    receipts = [receive(unit, Decimal("1.00")).receipts.get() for unit in units]
    people = [Person.get(Person.name == f"业主{unit.code}") for unit in units]
    within = [number < near for number in range(3)]
    with deeds.acting(town.collector):
        void, reveal = DEEDS["fees.void_receipt"].call, DEEDS["owners.reveal"].call
        edit, set_off = DEEDS["owners.edit_unit"].call, DEEDS["fees.set_off"].call
        assert [not refused(lambda one=one: void(one.number, {"reason": "错"})) for one in receipts] == within
        assert [not refused(lambda one=one: reveal(one.key(), {})) for one in people] == within
        assert [not refused(lambda one=one: edit(one.code, {"layout": "三室"})) for one in units] == within
        assert [not refused(lambda one=one: _with_rules(set_off, one.code)) for one in units] == within


def _with_rules(work: Any, key: str) -> None:
    try:
        work(key, {})
    except PermissionDenied:
        raise
    except OfficeError:
        pass


@pytest.mark.parametrize(("town", "near"), REACHES, indirect=["town"])
@pytest.mark.parametrize("name", ["units", "people", "bills", "receipts", "arrears"])
def test_lists_show_only_what_lies_within_reach(town: Town, near: int, name: str) -> None:
    for unit in (town.mine, town.colleagues, town.strangers):
        receive(unit, Decimal("1.00"))
    bill(Month.of(date.today()))
    with deeds.acting(town.collector):
        found = LISTS[name](Filters(on=Month.of(date.today()).last if name == "arrears" else None))
        shown = " ".join(" ".join(found.shown(row)) for row in found.rows())
    codes = [unit.code for unit in (town.mine, town.colleagues, town.strangers)]
    assert [code in shown for code in codes] == [number < near for number in range(3)]


def test_every_kind_of_record_that_a_scoped_deed_takes_can_be_judged() -> None:
    """What has neither a judge nor a unit would lie within everybody's reach."""
    scoped = [deed for deed in DEEDS.values() if deed.right in deeds.SCOPED]
    kinds = {deed.record for deed in scoped if deed.record} | {
        one.field.rel_model
        for deed in scoped
        for one in deed.inputs
        if isinstance(one.field, fields.LinkField | fields.LinksField)
    }
    assert [
        kind.__name__ for kind in kinds if kind not in deeds._judges and "unit" not in kind.fields()
    ] == []


def test_a_reach_without_any_unit_reaches_nothing(full: Estate) -> None:
    add_role(name="上门收费", reach=Reach.OWN).grant("fees.receive")
    person = worker("某人", "上门收费")
    with deeds.acting(person):
        assert person.scope("fees.receive") is Scope.OWN
        assert refused(lambda: receive(some(Unit), Decimal("1.00")))


def test_the_samples_hold_one_of_each_kind_of_record_that_deeds_are_done_to(full: Estate) -> None:
    for deed in DEEDS.values():
        if deed.record is not None:
            assert some(deed.record)
    assert all(some(record) for record in (Batch, Receipt, Staff))


@pytest.mark.parametrize(("town", "near"), REACHES, indirect=["town"])
def test_files_beyond_reach_are_neither_seen_nor_added_nor_taken_off(
    town: Town, near: int, tmp_path: Path
) -> None:
    Role.find("上门收费").grant("records.attach")
    paper = tmp_path / "x.txt"
    paper.write_text("纸", encoding="utf-8")
    units = [town.mine, town.colleagues, town.strangers]
    kept = [attach("Unit", unit.id, read_file(paper)) for unit in units]
    within = [number < near for number in range(3)]
    with deeds.acting(town.collector):
        assert [not refused(lambda one=one: attached_to(one)) for one in units] == within
        add = [not refused(lambda one=one: attach("Unit", one.id, read_file(paper))) for one in units]
        off = [not refused(lambda one=one: one.detach()) for one in kept]
        assert add == off == within


@pytest.mark.parametrize(("town", "near"), REACHES, indirect=["town"])
def test_search_and_history_tell_of_no_house_beyond_reach(town: Town, near: int) -> None:
    person = Person.get(Person.name == f"业主{town.mine.code}")
    with writing():
        deeds.DEEDS["owners.add_ownership"].work(town.strangers, person)
    DEEDS["owners.add_occupancy"].call(None, {"unit": town.strangers.code, "person": person.number})
    notice = f"JF-202601-{town.strangers.code}"
    with deeds.acting(town.collector):
        told = " ".join(hit.beside for hit in search.find(person.name))
        assert town.mine.code in told and (town.strangers.code in told) == (near == 3)
        assert bool([hit for hit in search.find(notice) if hit.kind == "通知单"]) == (near == 3)
        events = " ".join(f"{one.title} {one.told}" for one in history_of(person))
        assert (town.strangers.code in events) == (near == 3)


def test_history_follows_the_right_to_see_what_was_done(full: Estate) -> None:
    add_role(name="人事看", reach=Reach.ALL).grant("office.staff")
    reader, other = worker("人事", "人事看"), worker("新人")
    with deeds.acting(reader):
        assert "开账号" not in [one.title for one in history_of(other.staff)]
    assert "开账号" in [one.title for one in history_of(other.staff)]
