"""An estate small enough to compute by hand."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from desktop import modules
from models import deeds, sqlite
from models.appraisals.costs import CostKind, enter_costs
from models.appraisals.deliveries import deliver as deliver_indicators
from models.appraisals.setting import set_target
from models.appraisals.spans import Indicator
from models.attachments import attach, read_file
from models.base import Journal, Record, db, journalling
from models.complaints.cases import Nature, ServiceCase
from models.complaints.complaining import assign, start
from models.complaints.intake import take_call
from models.complaints.kinds import Kind, Problem, Sort
from models.complaints.outages import OutageKind, add_outage
from models.complaints.repairing import accept, agree, arrive, dispatch, finish, quote
from models.complaints.trades import add_trade
from models.complaints.visits import VisitTask, miss
from models.complaints.waiting import wait
from models.fees.adjusting import reduce
from models.fees.banking.accounts import BankAccount, add_bank_account
from models.fees.banking.answers import import_answers
from models.fees.banking.debit_layouts import add_debit_layout
from models.fees.banking.debits import make_debits
from models.fees.banking.mandates import add_mandate
from models.fees.banking.statements import import_statement
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.books import issue_book
from models.fees.cashier import receive, set_off
from models.fees.charging import charge_service
from models.fees.commons.contracts import add_common_contract
from models.fees.commons.funding import add_fund_project, approve_fund, draw_fund, record_fund_vote
from models.fees.commons.kinds import CommonKind
from models.fees.commons.ledger import add_common_income
from models.fees.commons.notices import publish_commons
from models.fees.depositing import deduct_deposit, take_deposit
from models.fees.deposits import DepositKind
from models.fees.dunning.chasing import assign_chaser
from models.fees.dunning.delivering import deliver
from models.fees.dunning.disputes import dispute
from models.fees.dunning.issuing import dun_formal, dun_unit
from models.fees.dunning.legal import hand_over
from models.fees.dunning.letters import DunningLetter, Way
from models.fees.dunning.notice_delivering import NoticeWay, hand_notices
from models.fees.dunning.promises import owed_by, promise
from models.fees.dunning.rules import rules
from models.fees.former import import_history
from models.fees.invoices import record_invoice
from models.fees.items import Assignment, Basis, Category, FeeItem, Rate
from models.fees.late_charging import charge_late, waive_late
from models.fees.late_terms import add_late_terms
from models.fees.meters import add_meter
from models.fees.payments import Receipt
from models.fees.prepay_plans import add_prepay_offer
from models.fees.prepayment import prepay
from models.fees.pricelist import set_deposit_terms
from models.fees.sealing import seal_month
from models.fees.services import add_service
from models.fees.share_plans import ShareBase, add_share_plan
from models.fees.sharing import share
from models.fees.shifts import Shift, cash_of, close_shift
from models.fees.taking import enter_reading
from models.fees.vacancies import grant_vacancy
from models.fees.vacancy_cuts import apply_vacancies
from models.fields import BEGINNING
from models.months import Month
from models.office.accounts import Account
from models.office.applying import request
from models.office.budget import QUARTERS, BudgetAccount, book_budget, enter_budget
from models.office.chains import APPROVABLE, stands_before, start_chain, stop_chain
from models.office.deputies import set_deputy
from models.office.permits import MANY
from models.office.staff import Staff
from models.owners.caretaking import Caretaking
from models.owners.estate import AreaBasis, Building, Community, Entrance, Unit, UnitArea, UnitKind
from models.owners.people import Occupancy, Ownership, Person, Vehicle
from models.suppliers.register import Supplier
from models.workbook import ColumnOut, SheetOut, write
from tests.office_people import worker


@contextmanager
def writing() -> Iterator[None]:
    """Write records as a deed would, without one."""
    with deeds.transaction(), journalling(Journal()):
        yield


class Estate:
    """Makes what a test wants of houses, people, items and prices."""

    def __init__(self) -> None:
        with writing():
            community = Community.add(name="测试小区")
            self.building = Building.add(community=community, code="1", name="1栋")
            self.entrance = Entrance.add(building=self.building, code="1", floors=33)
        self.people = 0

    def house(
        self,
        room: str,
        area: str | None = "100.00",
        owner: str | None = "王桂芳",
        kind: UnitKind = UnitKind.HOUSE,
    ) -> Unit:
        """Make a house with its area and owner from the beginning."""
        with writing():
            unit = Unit.add(
                kind=kind, code=f"1-1-{room}", building=self.building, entrance=self.entrance, room=room
            )
            if area:
                UnitArea.add(unit=unit, billing=Decimal(area), basis=AreaBasis.DEED)
            if owner:
                Ownership.add(unit=unit, person=self.person(owner))
        return unit

    def person(self, name: str) -> Person:
        """Make a person."""
        self.people += 1
        return Person.add(number=str(self.people), name=name)

    def item(
        self,
        name: str = "物业费",
        price: str = "1.0000",
        extra: str = "0.00",
        basis: Basis = Basis.AREA,
        since: date = BEGINNING,
        **more: object,
    ) -> FeeItem:
        """Make an item with one price from its start."""
        with writing():
            item = FeeItem.add(
                code=str(FeeItem.select().count() + 1), name=name, basis=basis, since=since, **more
            )
            Rate.add(item=item, since=since, price=Decimal(price), extra=Decimal(extra))
        return item

    def rate(self, item: FeeItem, since: date, price: str, extra: str = "0.00") -> Rate:
        """Set a later price."""
        with writing():
            return Rate.add(item=item, since=since, price=Decimal(price), extra=Decimal(extra))

    def give(
        self, unit: Unit, item: FeeItem, since: date = BEGINNING, until: date | None = None
    ) -> Assignment:
        """Let a unit pay an item."""
        with writing():
            return Assignment.add(unit=unit, item=item, since=since, until=until)


def stop_chains() -> None:
    """Let everything be done without an approval."""
    for name in filter(stands_before, APPROVABLE):
        stop_chain(name)


def some(record: type[Record]) -> Record:
    """Return one record of a kind."""
    found = record.select().order_by(record.id).first()
    assert found is not None, f"the office of this test has no {record.__name__}: add one to `furnish`"
    return found


def furnish(estate: Estate, folder: Path) -> None:
    """Make one of each kind of record, so that everything can be done to something."""
    from tests import contact, pantry, trade

    modules.load()
    unit = estate.house("101")
    estate.give(unit, estate.item())
    with writing():
        tenant = estate.person("李租客")
        Occupancy.add(unit=unit, person=tenant)
        Vehicle.add(plate="京A12345", person=tenant)
        Caretaking.add(building=estate.building, staff=some(Staff))
    read_a_meter(estate, unit)
    bill(Month.of(date.today()))
    receive(unit, Decimal("150.00"))
    bill(Month.of(date.today()).plus(1))
    set_off(unit)
    with deeds.acting(deeds.TheOffice()):
        reduce([some(Bill)], "停水三天", "合同第9条", amount=Decimal("1.00"))
    seal_month(Month(2019, 1))
    issue_book(some(Staff))
    record_invoice([some(Receipt)], "12345678901234567890")
    apply_for_something()
    share_a_cost(estate)
    one_off = estate.item("特约服务费", basis=Basis.FIXED, category=Category.SERVICE)
    charge_service(unit, add_service(code="T1", name="疏通", measure="次", price=Decimal(50), item=one_off))
    set_deposit_terms(DepositKind.KEY, Decimal("50.00"))
    deduct_deposit(take_deposit(unit, Decimal("500.00"), agreed="装修协议 5"), "清运垃圾", Decimal("20.00"))
    empty = estate.house("110", owner="吴空置")
    estate.give(empty, estate.item("空置费", since=date(2025, 1, 1)), until=date(2025, 1, 31))
    pay_late(estate)
    chase(estate)
    stand_empty(empty)
    ahead = estate.house("108", owner="周预存")
    estate.give(ahead, FeeItem.get())
    prepay(
        ahead, add_prepay_offer(name="预存半年", months=6, percent=Decimal("5.00"), basis="公示的收费标准")
    )
    paper = folder / "身份证.txt"
    paper.write_text("复印件", encoding="utf-8")
    attach("Unit", unit.id, read_file(paper))
    bring_in_a_statement(folder)
    earn_by_common_parts(folder)
    aim_at_something()
    keep_a_budget()
    trade.deal()
    pantry.deal()
    attach("Supplier", some(Supplier).id, read_file(paper))
    take_calls(unit)
    contact.keep_contact(unit)


def count_drawers() -> None:
    """Close every open shift with just the cash that should be there, so that the day can be closed."""
    with deeds.acting(deeds.TheOffice()):
        for shift in list(Shift.select().where(Shift.closed_at.is_null())):
            close_shift(shift, max(cash_of(shift), Decimal(0)), note="测试")


def apply_for_something() -> None:
    """Leave an application undecided, a permit and a deputy; no chain stays in the way of a deed."""
    clerk, manager = worker("赵会计", "会计"), worker("钱主任", "管理处主任")
    for name in ("fees.bill", MANY):
        start_chain(name)
    with deeds.acting(clerk):
        request("fees.bill", {"month": Month.of(date.today()).plus(2)})
        permit = request(MANY, {"what": "list:people", "purpose": "年度核对"})
    with deeds.acting(manager):
        permit.approve()
    for name in ("fees.bill", MANY):
        stop_chain(name)
    set_deputy(clerk, account=manager)


def keep_a_budget() -> None:
    """Leave a budget that holds, an adjustment to it that waits, and something spent."""
    year, account = date.today().year, BudgetAccount.find("食堂食材")
    amounts = dict.fromkeys(QUARTERS, Decimal("1000.00")) | {"account": account, "note": None, "year": year}
    with deeds.acting(deeds.TheOffice()):
        enter_budget([amounts | {"quarter": None}]).budget.approve()
        book_budget(account, Decimal("10.00"), "零星采购")
    last = dict.fromkeys(QUARTERS[:3], Decimal(0)) | {"fourth": Decimal("100.00"), "quarter": 4}
    enter_budget([amounts | last], reason="菜价上涨")


def share_a_cost(estate: Estate) -> None:
    """Share a common cost by a plan that has rows of every kind."""
    with writing():
        item = FeeItem.add(code="GT", name="公共电费", category=Category.SHARED)
    plan = add_share_plan(
        name="楼道照明",
        item=item,
        scopes=[{"building": estate.building}],
        base=ShareBase.MIX,
        parts=[{"base": ShareBase.AREA, "percent": 60}, {"base": ShareBase.HOUSEHOLD, "percent": 40}],
        weights=[{"coefficient": Decimal(1)}],
        agreed="业主大会决议2026-01号",
    )
    share(plan, Month.of(date.today()), amount=Decimal("12.00"))


HISTORY = ("房号", "收费项目", "缴费日期", "实缴")
PAID_BEFORE = ("1-1-101", "物业费", "2019-01-05", "100.00")


def bring_in_a_statement(folder: Path) -> None:
    """Bring in a statement with a row that nobody knows, a batch of debits, and a payment of the past."""
    path = folder / "流水.csv"
    path.write_text(f"交易日期,金额,对方户名\n{date.today()},8.00,某某\n", encoding="gb18030")
    account = add_bank_account(name="基本户")
    import_statement(path, account)
    fetch_by_debit(folder, account)
    write(folder / "历史.xlsx", [SheetOut("历史缴费", [ColumnOut(head) for head in HISTORY], [PAID_BEFORE])])
    import_history(folder / "历史.xlsx")


def fetch_by_debit(folder: Path, account: BankAccount) -> None:
    """Fetch what a house owes by direct debit, and let the bank answer; another batch waits."""
    houses = [unit for unit in Unit.select().where(Unit.room.in_(["101", "109"]))]
    for unit in houses:
        payer = Ownership.get(Ownership.unit == unit).person
        add_mandate(
            unit=unit, payer=payer, bank="测试银行", account_name=payer.name, account="6222020000001234",
            agreement=f"XY{unit.room}",
        )  # fmt: skip
    batch = make_debits(account, add_debit_layout("测试银行"), on=date(2025, 12, 31))
    path = folder / "回盘.csv"
    path.write_text("序号,结果,失败原因\n1,失败,余额不足\n", encoding="utf-8")
    import_answers(path, batch)


def pay_late(estate: Estate) -> None:
    """Make terms of late payment, a line that bears it, a charge and a waiver."""
    unit = estate.house("109", owner="孙逾期")
    estate.give(unit, estate.item("逾期费", since=date(2025, 1, 1), basis=Basis.FIXED, extra="100.00"))
    bill(Month(2025, 1))
    add_late_terms(clause="合同第八条", daily=Decimal("0.5"), since=date(2025, 1, 1))
    charge_late(date(2025, 3, 31), unit=unit)
    with writing():
        approver = Staff.add(number="批准", name="赵批准")
    waive_late([Bill.get(Bill.unit == unit)], "首次逾期", approver, date(2025, 4, 30))


def chase(estate: Estate) -> None:
    """Write to a house until it is a case at law; another disputes what it promised to pay."""
    unit, other = estate.house("111", owner="郑欠费"), estate.house("112", owner="冯异议")
    item = estate.item("欠费项", since=date(2026, 1, 1))
    for house in (unit, other):
        estate.give(house, item, until=date(2026, 1, 31))
    bill(Month(2026, 1))
    with writing():
        chaser = Staff.add(number="催缴", name="方催缴")
    assign_chaser([unit], chaser)
    rules().edit(contract="物业服务合同", clause="第十二条")
    dun_unit(unit, on=date(2026, 2, 2))
    hand(chaser)
    dun_unit(unit, on=date(2026, 2, 24))
    hand(chaser)
    dun_formal(on=date(2026, 3, 26), unit=unit)
    formal = hand(chaser)
    with deeds.acting(deeds.TheOffice()):
        hand_over(formal, "李律师", "起诉追收", "合同、催缴单、送达凭据")
    hand_notices([{"unit": unit, "month": Month(2026, 1), "way": NoticeWay.BOX}], by=chaser)
    promise(
        other,
        [{"day": date.today(), "amount": owed_by(other, Person.get(Person.name == "冯异议"), date.today())}],
    )
    dispute(other, "面积不对")


def hand(by: Staff) -> DunningLetter:
    """Hand the last letter over on its day and return it."""
    letter: DunningLetter = DunningLetter.select().order_by(DunningLetter.id.desc()).get()
    deliver(letter, Way.MAIL, tracking="EMS1", at=datetime.combine(letter.on, time(0)), by=by)
    return letter


def stand_empty(unit: Unit) -> None:
    """Agree to reduce what an empty house was charged for January 2025, and reduce it."""
    with deeds.acting(deeds.TheOffice()):
        grant_vacancy(
            unit=unit, since=date(2024, 6, 20), proof="水电读数未变", basis="合同第9条", percent=Decimal(30)
        )
    apply_vacancies(Month(2025, 1))


def earn_by_common_parts(folder: Path) -> None:
    """Let a lift's walls, take what is due, publish the month before with a picture; draw on the fund."""
    today, kind = date.today(), some(CommonKind)
    month = Month.of(today).plus(-1)
    contract = add_common_contract(kind, "1栋电梯", "启明广告", today, month.plus(13).last, Decimal("600.00"))
    add_common_income(Decimal("600.00"), contract=contract)
    photo = folder / "公示照片.txt"
    photo.write_text("大堂", encoding="utf-8")
    attach("CommonNotice", publish_commons("大堂公告栏", month, month).id, read_file(photo))
    project = add_fund_project(
        "屋面防水", "1栋屋面", "多处渗漏", Decimal("9000.00"), urgent=True, urgency="雨季漏水"
    )
    votes = Decimal(project.area)
    record_fund_vote(project, project.owners, votes, project.owners, votes)
    approve_fund(project, "房资〔1〕号", Decimal("8000.00"), "鲁班防水")
    draw_fund(project, Decimal("3000.00"), "ZQ-1")


def aim_at_something() -> None:
    """Set a target of last month's year, enter a cost of last month, and deliver its figures."""
    month = Month.of(date.today()).plus(-1)
    set_target(Indicator.INCOME, month.year, Decimal("120000.00"))
    enter_costs([{"month": month, "kind": CostKind.ENERGY, "amount": Decimal("300.00"), "note": None}])
    deliver_indicators()


def take_calls(unit: Unit) -> None:
    """Take calls: complaints and repairs that are open, one visited back in vain, one done; an outage."""
    with writing():
        handler, visitor = Staff.add(number="经办", name="林经办"), Staff.add(number="回访", name="项回访")
    add_outage(OutageKind.WATER, "管道抢修，恢复后另行通知", buildings=[unit.building])
    add_trade(handler, Kind.WATER)
    take_call(
        [{"problem": Problem.find("T16"), "content": "态度不好"}], unit=unit, at=datetime(2026, 3, 2, 9)
    )
    rows = [{"problem": Problem.find(code), "content": "坏了"} for code in ("B03", "T16")]
    take_call(rows, unit=unit)
    repair = ServiceCase.get(ServiceCase.sort == Sort.REPAIR)
    dispatch([repair], handler)
    arrive(repair)
    quote(repair, [{"name": "角阀", "measure": "个", "quantity": Decimal(1), "price": Decimal(35)}])
    agree(repair, "王桂芳")
    finish(repair, "换了角阀", Nature.PAID)
    accept(repair, "王桂芳")
    miss(VisitTask.get(VisitTask.case == repair), visitor=visitor)
    waits = (
        ServiceCase.select().where(ServiceCase.sort == Sort.COMPLAINT).order_by(ServiceCase.id.desc()).get()
    )
    assign([waits], handler)
    start(waits)
    wait(waits, "业主出差")


def read_a_meter(estate: Estate, unit: Unit) -> None:
    """Hang a meter in a house, charge it by tiers, and read it for two months."""
    month = Month.of(date.today())
    item = estate.item("水费", "3.0000", basis=Basis.METER)
    Rate.get(Rate.item == item).set_tiers([{"over": Decimal(10), "price": Decimal(4)}])
    meter = add_meter(number="0012345", unit=unit, item=item, route="甲线")
    enter_reading(meter, Decimal(100), month.plus(-1))
    enter_reading(meter, Decimal(112), month)


@contextmanager
def opened(source: Path, path: Path) -> Iterator[Path]:
    """Open a copy of an office, with its administrator acting (login admin)."""
    shutil.copyfile(source, path)
    sqlite.init(db, path)
    db.connect(reuse_if_open=True)
    with deeds.acting(Account.find("admin")):
        yield path
    db.close()
