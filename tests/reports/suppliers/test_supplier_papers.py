"""SU-01 to SU-10 and OF-14 printed into real PDFs and read back, blank and filled."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import deeds
from models.clock import standing_at
from models.errors import BadInput
from models.money import thousands
from models.months import Month, Period, chinese_day
from models.office.applying import request
from models.office.approvals import Approval
from models.office.budget import BudgetAccount, enter_budget
from models.suppliers.ending.letters import SupplierLetter, warn
from models.suppliers.ending.terminations import (
    Termination,
    TerminationKind,
    deliver_termination,
    draft_termination,
    withdraw_termination,
)
from models.suppliers.goods import add_goods
from models.suppliers.kinds import LicenceKind
from models.suppliers.licences import add_licence
from models.suppliers.moving import suspend
from models.suppliers.orders import PurchaseOrder, cancel_order, chase
from models.suppliers.planning import order_plan
from models.suppliers.quotes import Inquiry, Quote, inquire, judge_inquiry, recommend
from models.suppliers.register import Supplier
from models.suppliers.scoring.criteria import Measure
from models.suppliers.scoring.evaluations import Evaluation, EvaluationLine, mark, open_evaluations
from models.suppliers.scoring.signing import sign_evaluations
from models.suppliers.services.inspections import Recheck, ServiceInspection, recheck_service
from models.suppliers.services.programmes import Fits, submit_programme
from models.suppliers.services.scores import (
    ServiceScore,
    confirm_service,
    open_service_scores,
    score_service,
)
from models.suppliers.settling.deductions import deduct
from models.suppliers.settling.drafting import draft_settlement, drop_settlement
from models.suppliers.settling.payments import pay
from models.suppliers.settling.settlements import Settlement
from tests.estate import Estate
from tests.office_people import worker
from tests.reports.fees.test_papers import printed
from tests.trade import (
    TODAY,
    came,
    candidate,
    contractor,
    kind,
    look_at,
    looked,
    ordered,
    planned,
    qualified,
    show_papers,
    ware,
)

RARE = "䶮家𠮷粮㛃油"
LONG = f"{RARE}现场整洁" + "，冷库温度达标" * 40
CODES = ("SU-01", "SU-02", "SU-03", "SU-04", "SU-05", "SU-06", "SU-07", "SU-08", "SU-09", "SU-10", "OF-14")
YEAR = TODAY.year - 1
D = Decimal


@pytest.fixture(autouse=True)
def _as_the_office(estate: Estate) -> Iterator[None]:
    with deeds.acting(deeds.TheOffice()):
        yield


def flat(text: str) -> str:
    return text.replace("\n", "").replace(" ", "")


def holds(text: str, *words: str) -> None:
    found = flat(text)
    for word in words:
        assert word in found, word


@pytest.mark.parametrize("code", CODES)
def test_every_form_prints_blank_on_one_page(tmp_path: Path, code: str) -> None:
    """But SU-07 has one for each kind of service, SU-04 one for the letter that goes before the notice."""
    text, reader = printed(code, tmp_path, blank=True)
    assert len(reader.pages) == {"SU-07": 3, "SU-04": 2}.get(code, 1) and f"JL-{code}" in text


def test_an_empty_letter_has_room_for_what_is_asked_and_the_answer(tmp_path: Path) -> None:
    _text, reader = printed("SU-04", tmp_path, blank=True)
    notice, letter = (flat(page.extract_text()) for page in reader.pages)
    holds(notice, "终止供方资格通知", "一、违约事实", "送达回证")
    holds(
        letter,
        "供方限期整改通知",
        "二、整改要求",
        "整改回执",
        "供方负责人（章）",
        "＿＿＿＿年＿＿月＿＿日前完成整改",
    )


@pytest.mark.parametrize("code", [code for code in CODES if code != "SU-03"])
def test_what_is_not_named_is_asked_for(tmp_path: Path, code: str) -> None:
    with pytest.raises(BadInput, match="请写明"):
        printed(code, tmp_path)


def test_an_admission_tells_papers_marks_and_who_signed(tmp_path: Path) -> None:
    supplier = candidate(RARE)
    show_papers(supplier, TODAY + timedelta(days=300))
    add_licence(supplier, LicenceKind.HEALTH, TODAY + timedelta(days=90), "J1", RARE[:3])
    look_at(supplier, site_words=LONG, sample_words="与样品一致")
    holds(printed("SU-01", tmp_path, number=supplier.number)[0], "草稿", "潜在")
    people = [
        worker(name, role)
        for name, role in (
            ("高原", "物配中心"), ("何志远", "管理处主任"), ("于静", "品质管理员"), ("严正东", "常务副总经理")
        )
    ]  # fmt: skip
    with deeds.acting(people[0]):
        asked = request("suppliers.admit", {"supplier": supplier})
    for person in people[1:]:
        with deeds.acting(person):
            Approval.find(asked.number).approve()
    text, reader = printed("SU-01", tmp_path, number=supplier.number)
    holds(
        text,
        RARE,
        "91340100",
        "长期",
        "有",
        "无",
        "90.00",
        "冷库温度达标",
        "何志远同意",
        "于静同意",
        "严正东同意",
    )
    assert "草稿" not in text and len(reader.pages) <= 2
    holds(printed("SU-03", tmp_path)[0], RARE, supplier.number, "共1家", "合格")


def test_the_list_tells_what_is_wrong_and_who_is_out(tmp_path: Path) -> None:
    supplier = qualified(RARE)
    suspend(qualified("某粮行"), "抽检不合格")
    add_licence(supplier, LicenceKind.FOOD, TODAY)
    for number in range(40):
        qualified(f"供方{number:02d}")
    text, reader = printed("SU-03", tmp_path)
    holds(text, "暂停", f"{TODAY}", "共42家")
    assert len(reader.pages) > 1


def test_a_plan_tells_the_budget_that_is_left_and_who_signed(tmp_path: Path) -> None:
    food = BudgetAccount.find("食堂食材")
    quarters = {"first": D(5000), "second": D(0), "third": D(0), "fourth": D(0)}
    row = {"year": TODAY.year, "quarter": None, "account": food, "note": None, **quarters}
    enter_budget([row]).budget.approve()
    qualified()
    goods = add_goods(name=f"{RARE}东北大米", spec="25kg/袋 一级", unit="袋", kind=kind())
    plan = planned((goods, 6), (ware("食盐"), 2))
    holds(printed("SU-05", tmp_path, number=plan.number)[0], "草稿", "5,000.00", "800.00")
    people = [
        worker(name, role)
        for name, role in (
            ("曹", "食堂仓库管理员"), ("何", "管理处主任"), ("高", "物配中心"), ("沈", "会计"),
            ("严", "常务副总经理"),
        )
    ]  # fmt: skip
    with deeds.acting(people[0]):
        asked = request("suppliers.approve_plan", {}, key=plan.number)
    for person in people[1:]:
        with deeds.acting(person):
            Approval.find(asked.number).approve()
    made = order_plan(list(plan.lines)).orders[0]
    came(made, 6)
    text = printed("SU-05", tmp_path, number=plan.number)[0]
    holds(text, RARE, "4,200.00", "到齐", "沈同意", "严同意", "财务(预算)", "丰禾粮油")
    assert "草稿" not in text
    planned((goods, 3), department="行政人事部")
    text = printed("SU-05", tmp_path, period=f"{TODAY:%Y-%m}")[0]
    holds(text, "各部门汇总", "食堂、行政人事部", "1,100.00", f"CGJ-{TODAY:%Y%m}-汇总")


def test_a_long_plan_goes_over_pages(tmp_path: Path) -> None:
    wanted = [(ware(f"物品{number:03d}"), number + 1) for number in range(60)]
    plan = planned(*wanted)
    text, reader = printed("SU-05", tmp_path, number=plan.number)
    assert len(reader.pages) > 2 and "物品059" in text


def test_orders_tell_chases_receipts_returns_and_days_late(tmp_path: Path) -> None:
    supplier, goods = qualified(RARE), ware()
    with standing_at(datetime.now() - timedelta(days=9)):
        late = ordered(supplier, (goods, 5), due=TODAY - timedelta(days=4))
    chase(late, "甄满仓", LONG[:100], TODAY)
    came(late, 5, 3)
    cancelled = ordered(supplier, (goods, 7))
    cancel_order(cancelled, "重复下单")
    text = printed("SU-06", tmp_path, number=late.number)[0]
    holds(text, RARE, "冷库温度达标", "RK-", "TH-", "4", "500.00", "执行中")
    holds(printed("SU-06", tmp_path, number=cancelled.number)[0], "已取消", "重复下单")
    first = TODAY - timedelta(days=9)
    holds(printed("SU-06", tmp_path, period=f"{first}至{TODAY}")[0], "500.00", "700.00", "重复下单")
    assert PurchaseOrder.select().count() == 2


def test_quotes_stand_side_by_side_and_beyond_three_on_the_next_line(tmp_path: Path) -> None:
    goods = ware()
    suppliers = [candidate(f"{RARE}{letter}", "粮油") for letter in "甲乙丙丁"]
    rows = [
        {"goods": goods, "supplier": one, "price": D(100 + place), "days": 2, "quality": "可换"}
        for place, one in enumerate(suppliers)
    ]
    made = inquire("备货", rows, TODAY + timedelta(days=9))
    holds(printed("SU-09", tmp_path, number=made.number)[0], "草稿", "100.00", "103.00")
    recommend(Quote.get(supplier=suppliers[3]), "离得近")
    judge_inquiry(Inquiry.get(), True, "同意采纳")
    text = printed("SU-09", tmp_path, number=made.number)[0]
    holds(text, f"{RARE}丁", "离得近", "同意采纳", "已采纳")
    assert "草稿" not in text


def test_an_evaluation_and_a_years_review_in_one_print(tmp_path: Path) -> None:
    with standing_at(datetime.combine(date(YEAR, 2, 1), datetime.min.time())):
        goods, suppliers = ware(), [qualified(f"{RARE}{letter}") for letter in "甲乙"]
        made = ordered(suppliers[0], (goods, 10), due=date(YEAR, 2, 3))
    with standing_at(datetime.combine(date(YEAR, 2, 3), datetime.min.time())):
        came(made, 10, 9, arrived_on=date(YEAR, 2, 3))
    open_evaluations(str(YEAR))
    first, second = Evaluation.of_span(str(YEAR))
    line = first.lines.where(EvaluationLine.measure == Measure.JUDGED).get()
    mark([{"line": line, "mark": D(88), "words": RARE}])
    holds(printed("SU-02", tmp_path, number=first.number)[0], "草稿", "0/1批", "88")
    sign_evaluations([first, second], words=LONG)
    text, reader = printed("SU-02", tmp_path, period=str(YEAR))
    holds(text, "供方评价汇总表", "不评分", f"{RARE}甲", f"{RARE}乙", "D级1家", "启动终止", "评委打分")
    assert "草稿" not in text and len(reader.pages) == 3
    holds(printed("SU-03", tmp_path)[0], "D", "暂停")
    assert Supplier.get_by_id(suppliers[0].id).state.value == "暂停"


def test_a_settlement_tells_what_is_paid_of_which_account_and_who_signed(tmp_path: Path) -> None:
    supplier, goods = qualified(RARE), ware(RARE, spec="25kg" * 9)
    for _ in range(40):
        came(ordered(supplier, (goods, 2)), 2)
    deduct(supplier, D(100), f"{RARE}送货迟到" * 6, "RK-1")
    row = {"year": TODAY.year, "quarter": None, "account": BudgetAccount.find("食堂食材"), "note": None}
    enter_budget([row | dict.fromkeys(("first", "second", "third", "fourth"), D(9000))]).budget.approve()
    one = draft_settlement(supplier, invoice="FP-1", note=RARE)
    text, reader = printed("OF-14", tmp_path, number=one.number)
    assert len(reader.pages) == 3
    left = thousands(D(9000 * ((TODAY.month + 2) // 3)))
    holds(text, "草稿", RARE, "食堂食材7,900.00", left, "7,900.00", "柒仟玖佰元整", "扣款100.00元")
    people = [
        worker(name, role)
        for name, role in (
            ("高原", "物配中心"), ("何志远", "管理处主任"), ("沈国平", "会计"), ("严正东", "常务副总经理"),
        )
    ]  # fmt: skip
    with deeds.acting(people[0]):
        asked = request("suppliers.approve_settlement", {}, key=one.number)
    for person in people[1:]:
        with deeds.acting(person):
            Approval.find(asked.number).approve()
    pay(Settlement.get(), reference="LS-88")
    text = printed("OF-14", tmp_path, period=Period.of_month(Month.of(TODAY)))[0]
    holds(text, "已付清", "使用部门", "何志远", "沈国平", "严正东", "7,900.00元（LS-88）")
    assert "草稿" not in text


def test_what_a_supplier_owes_is_told_as_such(tmp_path: Path) -> None:
    supplier = qualified()
    deduct(supplier, D(80), "赔偿")
    one = draft_settlement(supplier)
    holds(printed("OF-14", tmp_path, number=one.number)[0], "-80.00", "负捌拾元整", "供方应退给我方")
    drop_settlement(one, "现金收了")
    assert "作废" in printed("OF-14", tmp_path, number=one.number)[0]


def test_a_notice_tells_facts_warnings_what_is_open_and_how_to_object(tmp_path: Path) -> None:
    supplier = qualified(RARE)
    warn(supplier, f"{RARE}送货迟到", "准时", TODAY + timedelta(days=3))
    order = ordered(supplier, (ware(), 2))
    again = TODAY + timedelta(days=400)
    one = draft_termination(
        supplier=supplier, facts=LONG, clause=f"合同第八条{RARE}", kind=TerminationKind.TERM,
        readmit_on=again, object_until=None, effective_on=None, settling="未到的订单取消",
    )  # fmt: skip
    holds(printed("SU-04", tmp_path, number=one.number)[0], "草稿", RARE)
    people = [
        worker(name, role)
        for name, role in (
            ("高原", "物配中心"), ("何志远", "管理处主任"), ("沈国平", "会计"), ("严正东", "常务副总经理"),
        )
    ]  # fmt: skip
    with deeds.acting(people[0]):
        asked = request("suppliers.issue_termination", {}, key=one.number)
    for person in people[1:]:
        with deeds.acting(person):
            Approval.find(asked.number).approve()
    cancel_order(PurchaseOrder.get_by_id(order.id), "终止")
    deliver_termination(Termination.get(), "邮寄 EMS 1001")
    text, reader = printed("SU-04", tmp_path, number=f"{one.number},{SupplierLetter.get().number}")
    holds(
        text, f"致供方{RARE}", "合同第八条", f"ZGT-{TODAY.year}-001整改通知", f"订单{order.number}",
        "未到的订单取消", "限期终止", chinese_day(again), "严正东", "送达回证", "EMS1001", "供方限期整改通知",
        "整改回执", chinese_day(TODAY + timedelta(days=10)),
    )  # fmt: skip
    assert "草稿" not in text and len(reader.pages) >= 2


def test_a_notice_of_nothing_open_says_so_and_a_withdrawn_one_is_marked(tmp_path: Path) -> None:
    supplier = qualified()
    given = {"readmit_on": None, "object_until": None, "effective_on": None, "settling": None}
    one = draft_termination(
        supplier=supplier, facts="假证", clause="第八条", kind=TerminationKind.FOREVER, **given
    ).issue()
    holds(
        printed("SU-04", tmp_path, number=one.number)[0], "此前没有书面整改通知", "没有未完订单，货款已结清"
    )
    withdraw_termination(Termination.get(), "申辩成立")
    holds(printed("SU-04", tmp_path, number=one.number)[0], "已撤回")


# -- contracted services ---------------------------------------------------------------------------

LAST = Month.of(TODAY).plus(-1)


def test_a_programme_tells_its_lines_and_the_five_conclusions(tmp_path: Path) -> None:
    supplier = contractor(RARE)
    rows = [
        {"area": RARE, "frequency": "每月一次", "staff": 3, "material": f"低毒药剂{at}", "note": LONG[:70]}
        for at in range(40)
    ]
    one = submit_programme(supplier, Month.of(TODAY), rows)
    holds(printed("SU-10", tmp_path, number=one.number)[0], "草稿", "□符合□不符合", RARE)
    chief, boss = worker("苏慧敏", "客服主管"), worker("何志远", "管理处主任")
    points = dict.fromkeys(("whole", "frequent", "safe", "clean"), Fits.YES) | {"told": Fits.NO}
    with deeds.acting(chief):
        given = {**points, "advice": f"{RARE}请先张贴告知"}
        asked = request("suppliers.review_programme", given, key=one.number)
    with deeds.acting(boss):
        Approval.find(asked.number).approve()
    text, reader = printed("SU-10", tmp_path, period=Period.of_month(Month.of(TODAY)))
    holds(text, "退回修改", "不符合", f"{RARE}请先张贴告知", "苏慧敏", "何志远", "低毒药剂39")
    assert len(reader.pages) > 1 and "草稿" not in text


def test_rounds_stand_in_the_register_of_their_month(tmp_path: Path) -> None:
    supplier = contractor(RARE)
    looked(supplier, *[(f"{RARE}{at}", "绿篱超期未剪" if at % 2 else None) for at in range(30)])
    number = looked(supplier, ("浇灌", "草坪发黄"), leader=RARE[:6])[0].number
    recheck_service(ServiceInspection.find(number), Recheck.GOOD)
    text, reader = printed("SU-08", tmp_path, period=Period.of_month(Month.of(TODAY)))
    assert len(reader.pages) == 2 and text.count("三天内改好") == 16
    holds(text, f"JC-{TODAY:%Y%m}", "3/3", RARE, f"{TODAY:%m-%d}合格", RARE[:6])
    alone = printed("SU-08", tmp_path, number=number)[0]
    holds(alone, "草坪发黄")
    assert "绿篱超期未剪" not in flat(alone)


def test_a_months_score_tells_marks_facts_the_cut_and_who_signed(tmp_path: Path) -> None:
    supplier = contractor(RARE)
    open_service_scores(LAST)
    one = ServiceScore.get(supplier=supplier)
    holds(printed("SU-07", tmp_path, number=one.number)[0], "草稿", RARE, "修剪", "低于80分的，每低一分扣")
    rows = [{"line": line, "off": D(5), "facts": f"{RARE}超期" * 4} for line in one.lines]
    chief, boss = worker("苏慧敏", "客服主管"), worker("何志远", "管理处主任")
    with deeds.acting(chief):
        score_service(rows)
        confirm_service(ServiceScore.get(), "拒签（电话告知）")
        given = {"scores": [ServiceScore.get()], "words": LONG[:60]}
        asked = request("suppliers.sign_service_scores", given)
    with deeds.acting(boss):
        Approval.find(asked.number).approve()
    text = printed("SU-07", tmp_path, period=Period.of_month(LAST))[0]
    holds(text, "70.00", "C", "300.00", "拒签（电话告知）", "苏慧敏", "何志远", f"{RARE}超期", "已签")
    assert "草稿" not in text
