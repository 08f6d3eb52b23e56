"""CA-01 to CA-13 printed into real PDFs and read back, blank and filled."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from models import deeds
from models.canteen.counting import approve_count, begin_count, enter_counts, recount
from models.canteen.counts import StocktakeLine
from models.canteen.demanding import draft_demand
from models.canteen.issues import Meal, Purpose
from models.canteen.issuing import back_to_stock
from models.canteen.notices import Rest, answer_notice, notify_expiry, rows_of
from models.canteen.problems import Abnormal, Verdict, decide_problem, report_problem
from models.canteen.samples import keep_samples
from models.canteen.weekly import CheckPoint
from models.canteen.writeoffs import Disposal, Spoilt, write_off
from models.clock import standing_at
from models.errors import BadInput, NotFound
from models.months import Month
from models.office.staff import Department
from models.suppliers.receipts import Defect
from models.suppliers.returning import consent_return, finish_return, return_goods
from models.suppliers.returns import Handling
from tests import pantry, trade
from tests.estate import Estate
from tests.pantry import TODAY, fresh
from tests.reports.fees.test_papers import printed
from tests.reports.suppliers.test_supplier_papers import holds

RARE = "䶮家𠮷米㛃"
LONG = f"{RARE}墙角返潮" + "，货架移开通风" * 8
END = datetime.combine(Month.of(TODAY).plus(-1).last, datetime.min.time()) + timedelta(hours=17)
PAGES = {
    "CA-01": 1,
    "CA-06": 1,
    "CA-02": 3,
    "CA-03": 3,
    "CA-04": 2,
    "CA-05": 1,
    "CA-07": 1,
    "CA-08": 1,
    "CA-09": 1,
    "CA-10": 1,
    "CA-11": 1,
    "CA-12": 1,
    "CA-13": 1,
}
"""Pages of an empty one, with its copies."""
D = Decimal


@pytest.fixture(autouse=True)
def _as_the_office(estate: Estate) -> Iterator[None]:
    with deeds.acting(deeds.TheOffice()):
        yield


@pytest.mark.parametrize("code", PAGES)
def test_every_form_prints_blank(tmp_path: Path, code: str) -> None:
    text, reader = printed(code, tmp_path, blank=True)
    assert len(reader.pages) == PAGES[code] and f"JL-{code}" in text


@pytest.mark.parametrize("code", PAGES)
def test_what_is_not_named_is_asked_for(tmp_path: Path, code: str) -> None:
    with pytest.raises(BadInput, match="请写明"):
        printed(code, tmp_path)


def test_a_demand_tells_what_is_there_and_what_is_to_be_bought(tmp_path: Path) -> None:
    rice = pantry.item(RARE)
    pantry.brought(rice, "2", "118.5", good=300)
    row = {"item": rice, "need": D(120), "purpose": "员工餐"}
    demand = draft_demand([row], Department.find("食堂"))
    text, reader = printed("CA-01", tmp_path, number=demand.number)
    holds(text, "草稿", RARE, "50", "120", "3袋", "118.50", "355.50", "丰禾粮油", "员工餐", demand.number)
    assert len(reader.pages) == 1
    demand.approve()
    assert "草稿" not in printed("CA-01", tmp_path, number=demand.number)[0]


def test_the_empty_check_holds_every_point(tmp_path: Path) -> None:
    text, _reader = printed("CA-05", tmp_path, blank=True)
    holds(text, *(point.value for point in CheckPoint), "离墙离地10厘米以上", "不得空项")


def test_an_intake_tells_what_came_of_what_order_and_what_was_looked_at(tmp_path: Path) -> None:
    rice = pantry.item(RARE, spec="25kg/袋 一级长粒香")
    lot = pantry.brought(rice, "40", "118.5", good=200, accepted="39", note_number="SH1", deliverer="老邱")
    number = lot.received.receipt.number
    text, reader = printed("CA-02", tmp_path, number=number)
    holds(
        text,
        *(RARE, number, "SH1", "老邱", "DD-", "长江路8号", "13800001234", "许可证", "4.0", "4,621.50"),
        *("人民币肆仟陆佰贰拾壹元伍角", "合格/常温", "不合格", "变质破损", "TH-", f"{lot.expires_on}"),
        *("移动加权平均", "存根联", "财务联", "供方联"),
    )
    assert len(reader.pages) == 3
    other = trade.came(trade.ordered(pantry.supplier(), (trade.ware("面粉"), 1)), 1)
    with pytest.raises(BadInput, match="那批货没有进库"):
        printed("CA-02", tmp_path, number=other.number)


def test_a_return_shows_the_consent_before_the_supplier_signs(tmp_path: Path) -> None:
    lot = pantry.brought(pantry.item(RARE), "4", "118.5")
    back = return_goods(lot.received, D(1), Defect.SPOILT, LONG)
    holds(printed("CA-03", tmp_path, number=back.number)[0], "草稿", "尚未同意，不得联系供方", "变质破损")
    finish_return(consent_return(back, Handling.RETURN), "已拉回")
    text, _reader = printed("CA-03", tmp_path, number=back.number)
    holds(text, RARE, "退货", "118.50", "货架移开通风", "已拉回", "系统")
    assert "草稿" not in text and "尚未同意" not in text


def test_a_slip_tells_lots_prices_and_what_was_skipped_and_brought_back(tmp_path: Path) -> None:
    rice = pantry.item(RARE)
    late, soon = pantry.brought(rice, "1", ago=3, good=90), pantry.brought(rice, "1", ago=2, good=40)
    rows = [{"item": rice, "quantity": D("2.355"), "lot": late, "skipped": "压在里面"}]
    made = pantry.issued(
        (rice, "10"), rows=rows, purpose=Purpose.MEAL, meal=Meal.LUNCH, heads=40, day=TODAY, note="加餐"
    )
    back_to_stock(made.lines.first(), D(2), "没有用完")
    text, reader = printed("CA-04", tmp_path, number=made.number)
    holds(
        text,
        *(RARE, soon.code, late.code, "2.355", "37.645", "4.00", "49.42", "午餐40人", "厨师长", "加餐"),
        *("跳批原因", "压在里面", "已退库", "净额41.42", "人均1.04元", "移动加权平均"),
    )
    assert len(reader.pages) == 2


def test_a_long_slip_goes_over_several_pages_with_its_total_at_the_end(tmp_path: Path) -> None:
    items = [pantry.item(f"{RARE}{number}") for number in range(30)]
    for one in items:
        pantry.brought(one, "1")
    made = pantry.issued(*((one, "1") for one in items))
    text, reader = printed("CA-04", tmp_path, number=made.number)
    holds(text, f"{RARE}29", "120.00")
    assert len(reader.pages) > 2


def test_a_check_tells_what_was_wrong_and_too_warm(tmp_path: Path) -> None:
    made = pantry.check_week(bad=CheckPoint.PESTS, cool=D("9.5"))
    text, reader = printed("CA-05", tmp_path, number=made.number)
    holds(text, made.number, "不合格", "门缝过大", "加装挡鼠板", "温湿度超标", "冷藏9.5℃高于8.0℃")
    assert len(reader.pages) == 1


def test_a_notice_has_its_answer_below(tmp_path: Path) -> None:
    lot = pantry.brought(pantry.item(RARE), "2", ago=60, good=5)
    notice = notify_expiry(Department.find("食堂"))
    text, reader = printed("CA-07", tmp_path, number=notice.number)
    holds(text, RARE, lot.code, "50kg", f"{lot.expires_on}", "回执", "剩余处置", "食堂")
    assert len(reader.pages) == 1
    answer_notice(notice, [{**rows_of(notice)[0], "taken": D(30), "rest": Rest.WRITE_OFF}], "佟大勺")
    holds(printed("CA-07", tmp_path, number=notice.number)[0], "佟大勺", "30", f"{RARE}25kg/袋报损")


def test_a_report_shows_isolation_verdict_and_signatures(tmp_path: Path) -> None:
    lot = pantry.brought(pantry.item(RARE), "2", good=90)
    problem = report_problem(lot, Abnormal.MOULD, D("3.5"), LONG)
    holds(
        printed("CA-08", tmp_path, number=problem.number)[0], RARE, "3.5kg", "霉变", "已隔离", "货架移开通风"
    )
    decide_problem(problem, Verdict.WRITE_OFF, "挑出来销毁")
    holds(printed("CA-08", tmp_path, number=problem.number)[0], "报损", "挑出来销毁", "处理中")


def test_a_write_off_tells_worth_and_witness(tmp_path: Path) -> None:
    lot = pantry.brought(pantry.item(RARE), "1", "120", ago=9, good=-1)
    row = {"lot": lot, "quantity": fresh(lot).stock, "reason": Spoilt.EXPIRED, "words": "漏看了"}
    made = write_off([row], Disposal.DYED, pantry.cook())
    text, _reader = printed("CA-09", tmp_path, number=made.number)
    holds(text, RARE, lot.code, "25kg", "4.80", "120.00", "过期：漏看了", "染色毁形", "厨师长")


def test_the_samples_of_a_month_stand_in_their_order(tmp_path: Path) -> None:
    keep_samples([{"dish": f"{RARE}{number}", "grams": 130} for number in range(40)], Meal.LUNCH, D("4.5"))
    text, reader = printed("CA-10", tmp_path, period=f"{Month.of(TODAY)}")
    holds(text, f"{RARE}0", f"{RARE}39", "130", "4.5", "每样不少于125克", f"LY-{TODAY:%Y%m}")
    assert len(reader.pages) > 1


def test_a_count_is_printed_blind_and_then_with_what_it_found(tmp_path: Path) -> None:
    ago = (TODAY - END.date()).days
    for name in (RARE, "大豆油"):
        pantry.brought(pantry.item(name, place="A-01"), "2", "120", ago=ago + 3, good=200)
    with standing_at(END):
        made = begin_count(pantry.cook(), pantry.add_staff(number="F01", name="沈会计"))
        blind, _reader = printed("CA-06", tmp_path, blank=True)
        holds(blind, RARE, "A-01", made.number, "盲盘", "沈会计")
        assert "账面" not in blind and "上月结存" not in blind
        with pytest.raises(BadInput, match="还没有盘完"):
            printed("CA-06", tmp_path, number=made.number)
        lines = list(made.lines.order_by(StocktakeLine.id))
        enter_counts([{"line": line, "counted": D(48) if line is lines[0] else D(50)} for line in lines])
        recount([{"line": fresh(lines[0]), "recounted": D("48.5"), "cause": LONG[:60], "opinion": "损耗"}])
        told = printed("CA-06", tmp_path, number=made.number)[0]
        holds(told, "草稿", "48.5", "-1.5", "97.0", "-7.20", "100.0")
        approve_count(fresh(made))
    text, reader = printed("CA-06", tmp_path, number=made.number)
    holds(text, RARE, "盘亏7.20元", "损耗", "沈会计", "厨师长", "移动加权平均")
    assert "草稿" not in text and len(reader.pages) == 1
    slip, _reader = printed("CA-13", tmp_path, number=made.number)
    holds(slip, "盘盈盘亏调整单", RARE, made.number, "48.5", "1.5", "7.20", "损耗", "厨师长")
    assert "大豆油" not in slip and "-7.20" not in slip


def test_a_period_prints_all_that_fell_into_it(tmp_path: Path) -> None:
    rice = pantry.item()
    pantry.brought(rice, "2", good=90)
    pantry.issued((rice, "1"))
    pantry.issued((rice, "2"))
    assert fresh(rice).stock == D(47)
    assert len(printed("CA-04", tmp_path, period=f"{Month.of(TODAY)}")[1].pages) == 4


def test_the_month_and_the_card_of_an_item_add_up(tmp_path: Path) -> None:
    rice = pantry.item(f"大米{RARE}", place="A1")
    with standing_at(END - timedelta(days=40)):
        pantry.opened(rice, "20", "4")
    with standing_at(END):
        pantry.issued((rice, "12.5"), department=Department.find("食堂"))
    month = str(Month.of(END.date()))
    words, _ = printed("CA-11", tmp_path, period=month)
    holds(words, f"SFC-{END:%Y%m}", "未结账", "20", "80.00", "12.5", "50.00", "7.5", "30.00")
    words, _ = printed("CA-12", tmp_path, number=rice.code, period=month)
    holds(words, f"大米{RARE}25kg/袋（kg）", "承前", "20", "80.00", "领用出库", "12.5", "-50.00", "7.5")
    assert "承前" not in printed("CA-12", tmp_path, number=rice.code)[0]
    with pytest.raises(BadInput, match="请写明物品编号"):
        printed("CA-12", tmp_path)
    with pytest.raises(NotFound):
        printed("CA-12", tmp_path, number="没有的")
