"""The papers of fees, printed into real PDFs and read back."""

import errno
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from desktop.printing import print_form
from models import deeds
from models.errors import BadInput, Busy, NotFound, PermissionDenied, RuleBroken
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive, set_off, void_receipt
from models.fees.closings import close_day
from models.fees.items import Basis, Category
from models.fees.opening import import_opening, sign_opening
from models.fees.payments import Method, Receipt
from models.fees.settle import Part, receipt_rows
from models.months import Month, Period
from models.office.staff import Staff, add_staff
from models.owners import imports  # noqa: F401 - the sheets of the owner files
from models.owners.caretaking import assign_caretaker
from models.owners.estate import Unit
from tests.estate import Estate
from tests.models.fees.opening_books import book
from tests.models.fees.world import Collector

DAY = date(2026, 2, 3)
CODES = ("FE-01", "FE-02", "FE-03", "FE-06", "FE-07", "FE-08", "FE-11", "FE-12", "FE-18", "FE-19")


@pytest.fixture
def ledger(estate: Estate) -> Estate:
    """Three houses, billed for January and February, one of them paid in part."""
    start = date(2026, 1, 1)
    management = estate.item("物业费", price="1.8500", since=start)
    light = estate.item(
        "公共照明", basis=Basis.FIXED, price="0", extra="12.50", since=start, category=Category.SHARED
    )
    water = estate.item(
        "代收水费", basis=Basis.FIXED, price="0", extra="30.00", since=start, collected=True,
        category=Category.UTILITY,
    )  # fmt: skip
    for room, owner in (("101", "张䶮"), ("102", "𠮷田㛃"), ("103", None)):
        unit = estate.house(room, owner=owner)
        for item in (management, light, water):
            estate.give(unit, item)
    bill(Month(2026, 1))
    receive(Unit.find("1-1-101"), Decimal("200.00"), on=date(2026, 1, 20))
    bill(Month(2026, 2))
    return estate


def printed(code: str, out: Path, **asked: object) -> tuple[str, PdfReader]:
    """Print a form and return its text without blanks, and the file."""
    path = out / f"{code}.pdf"
    if isinstance(asked.get("period"), str):
        asked["period"] = Period.parse(str(asked["period"]))
    print_form(code, out=path, **asked)  # type: ignore[arg-type]
    reader = PdfReader(path)
    return "\n".join(re.sub(r"[ \u3000]+", "", page.extract_text()) for page in reader.pages), reader


def test_a_notice_tells_both_parts_and_the_total_in_capitals(ledger: Estate, tmp_path: Path) -> None:
    text, reader = printed("FE-02", tmp_path, period="2026-02", unit=Unit.find("1-1-101"))
    assert len(reader.pages) == 1
    for words in ("交费通知单", "JF-202602-1-1-101", "张䶮", "1栋1单元101", "100.00㎡×1.85", "JL-FE-02A/0"):
        assert words in text
    # January: 185.00 + 12.50 + 30.00 = 227.50, of which 200.00 is paid; February 227.50.
    assert "255.00" in text
    assert "人民币贰佰伍拾伍元整" in text
    assert "往期欠费" in text
    assert "2026年2月25日" in text


def test_a_unit_that_owes_nothing_gets_no_notice_and_is_counted(ledger: Estate, tmp_path: Path) -> None:
    receive(Unit.find("1-1-101"), Decimal("255.00"), on=DAY)
    done = print_form("FE-02", out=tmp_path / "n.pdf", period=Period.parse("2026-02"))
    assert done.sheets == 2
    assert "1 户不欠费" in " ".join(done.remarks)


def test_an_ownerless_unit_is_addressed_to_its_owner(ledger: Estate, tmp_path: Path) -> None:
    text, _ = printed("FE-02", tmp_path, period="2026-02", unit=Unit.find("1-1-103"))
    assert "产权人" in text


def test_a_notice_wants_one_month(ledger: Estate, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="不是一个月"):
        printed("FE-02", tmp_path, period="2026Q1")
    with pytest.raises(NotFound, match="没有可打印的"):
        printed("FE-02", tmp_path, period="2025-12", building=ledger.building)
    assert not list(tmp_path.glob("*.pdf"))


def test_a_receipt_has_three_copies_and_a_reprint_says_so(ledger: Estate, tmp_path: Path) -> None:
    number = Receipt.get().number
    text, reader = printed("FE-06", tmp_path, number=number)
    assert len(reader.pages) == 3
    assert [name in text for name in ("存根联", "客户联", "记账联")] == [True] * 3
    assert "人民币贰佰元整" in text
    assert "不作发票使用" in text
    assert "补打" not in text
    text, _ = printed("FE-06", tmp_path, number=number)
    assert "补打第1次" in text


def test_receipts_of_several_numbers_are_one_file_and_counted_once_it_is_whole(
    ledger: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        receive(Unit.find("1-1-102"), Decimal("10.00"), on=DAY)
    numbers = [receipt.number for receipt in Receipt.select().order_by(Receipt.number)]
    with monkeypatch.context() as broken:
        broken.setattr("reports.paper.press.Press.save", _full_disk)
        with pytest.raises(RuleBroken, match="磁盘空间不足"):
            printed("FE-06", tmp_path, number=numbers[0])
    assert not list(tmp_path.glob("*.pdf*"))
    text, reader = printed("FE-06", tmp_path, number=f"{numbers[2]}，{numbers[0]}、{numbers[0]}")
    assert (len(reader.pages), "补打" in text, numbers[1] in text) == (6, False, False)
    assert [receipt.prints for receipt in Receipt.select().order_by(Receipt.number)] == [1, 0, 1]


def _full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_print_that_cannot_be_counted_leaves_no_file(
    ledger: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: object) -> None:
        raise Busy("数据库正被占用。")

    monkeypatch.setattr("reports.fees.receipts.count_prints", busy)
    with pytest.raises(Busy):
        printed("FE-06", tmp_path, number=Receipt.get().number)
    assert not list(tmp_path.glob("*.pdf*"))


def test_receipts_beyond_reach_are_not_printed(ledger: Estate, tmp_path: Path) -> None:
    number = Receipt.get().number
    with deeds.acting(Collector(0)):
        with pytest.raises(PermissionDenied, match="不在您负责的范围内"):
            printed("FE-06", tmp_path, number=number)
        with pytest.raises(NotFound, match="没有可打印的"):
            printed("FE-06", tmp_path, period="2026-01")
    assert Receipt.get().prints == 0


def test_a_void_receipt_prints_its_mark_and_reason(ledger: Estate, tmp_path: Path) -> None:
    receipt = receive(Unit.find("1-1-102"), Decimal("10.00"), on=DAY).receipts.get()
    void_receipt(receipt, "收错户")
    text, _ = printed("FE-06", tmp_path, number=receipt.number)
    assert "收错户" in text
    assert "作废" in text


def test_the_rates_print_their_formulas_and_cut_off(ledger: Estate, tmp_path: Path) -> None:
    text, _ = printed("FE-07", tmp_path, period="2026-02")
    for words in (
        "当期收缴率=归属当期的实收（含预存抵扣）÷当期净应收",
        "2026年2月28日24时",
        "592.50",
        "代收",
    ):
        assert words in text
    january, _ = printed("FE-07", tmp_path, period="2026-01")
    # Of 592.50 (the water, collected for others, stands apart) 197.50 came in.
    assert "197.5033.3" in january


def test_the_arrears_print_ages_and_mask_phones(ledger: Estate, tmp_path: Path) -> None:
    text, _ = printed("FE-08", tmp_path, period="2026-02-28")
    assert "1,165.00" in text
    assert "3个月以内" in text


def test_rates_and_arrears_print_their_charts_unless_blank(ledger: Estate, tmp_path: Path) -> None:
    for code, asked, titles in (
        ("FE-07", {"period": "2026-02"}, ("各楼栋收缴率（%）",)),
        ("FE-08", {}, ("欠费账龄（元）", "各楼栋欠费（元）")),
    ):
        text, _ = printed(code, tmp_path, **asked)
        assert all(title in text for title in titles), code
        text, _ = printed(code, tmp_path, blank=True)
        assert not any(title in text for title in titles), code


def test_the_charges_add_up_by_category(ledger: Estate, tmp_path: Path) -> None:
    text, _ = printed("FE-01", tmp_path, period="2026-02")
    for words in ("555.00", "37.50", "90.00", "682.50", "482.50", "1,165.00", "本楼合计"):
        assert words in text


def test_a_set_off_stands_in_the_charges(ledger: Estate, tmp_path: Path) -> None:
    unit = Unit.find("1-1-101")
    receive(unit, Decimal("300.00"), on=DAY)
    bill(Month(2026, 3))
    set_off(unit, on=date(2026, 3, 1))
    text, _ = printed("FE-01", tmp_path, period="2026-03")
    assert "45.00" in text


def test_the_day_book_tells_every_receipt_and_way_of_payment(ledger: Estate, tmp_path: Path) -> None:
    receive(Unit.find("1-1-102"), Decimal("10.00"), on=DAY, method=Method.WECHAT)
    lost = receive(Unit.find("1-1-103"), Decimal("20.00"), on=DAY).receipts.get()
    void_receipt(lost, "重复")
    close_day(DAY)
    text, _ = printed("FE-11", tmp_path, period="2026-02-03")
    for words in ("微信", "10.00", lost.number, "人民币壹拾元整", "按方式小计"):
        assert words in text
    with pytest.raises(BadInput, match="哪一天"):
        printed("FE-11", tmp_path, period="2026-02")


def test_the_distribution_list_names_every_notice(ledger: Estate, tmp_path: Path) -> None:
    text, _ = printed("FE-03", tmp_path, period="2026-02")
    assert text.count("JF-202602-") == 3
    assert "应派3户" in text


@pytest.mark.parametrize("code", CODES)
def test_every_form_prints_blank(ledger: Estate, tmp_path: Path, code: str) -> None:
    text, reader = printed(code, tmp_path, blank=True)
    assert f"JL-{code}A/0" in text
    assert len(reader.pages) == {"FE-06": 3, "FE-07": 2, "FE-11": 2}.get(code, 1)


@pytest.mark.parametrize("code", CODES)
def test_every_font_is_embedded(ledger: Estate, tmp_path: Path, code: str) -> None:
    asked = {"FE-06": {"number": Receipt.get().number}, "FE-11": {"period": "2026-01-20"}}
    if code == "FE-12":
        made = import_opening(book(tmp_path, [("1-1-101", None, "1", "2025-05", "30.00", None)]))
        asked[code] = {"number": str(made.id)}
    if code == "FE-18":
        asked[code] = {"period": "2026", "unit": Unit.find("1-1-101")}
    if code == "FE-19":
        asked[code] = {"number": "1"}
    _, reader = printed(code, tmp_path, **asked.get(code, {"period": "2026-02"}))
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            kind = font.get_object()
            assert kind["/Subtype"] == "/TrueType"
            assert "/FontFile2" in kind["/FontDescriptor"]


def test_the_office_and_its_bank_stand_on_a_notice(ledger: Estate, tmp_path: Path) -> None:
    from models.office.profile import edit_profile, set_edition

    edit_profile(
        company="测试物业管理有限公司", telephone="0755-1234567", window_hours="08:30–17:30", bank="建设银行",
        bank_account="4400123456780123", objection_days=10,
    )  # fmt: skip
    set_edition("FE-02", "KF-07", "B/1")
    text, _ = printed("FE-02", tmp_path, period="2026-02", unit=Unit.find("1-1-101"))
    for words in ("测试物业管理有限公司", "4400123456780123", "10日内", "KF-07B/1"):
        assert words in text


def test_an_opening_prints_its_totals_and_those_of_the_old_books_once_signed(
    ledger: Estate, tmp_path: Path
) -> None:
    owed = [
        ("1-1-101", None, "1", "2025-05", "1030.00", None),
        ("1-1-103", None, "1", "2025-06", "12.50", None),
    ]
    made = import_opening(book(tmp_path, owed, [("1-1-101", "1", "20.00")]))
    text, _ = printed("FE-12", tmp_path, number=f"QC-{made.id}")
    for words in (f"QC-{made.id}", "尚未签认", "2025年5月", "张䶮", "1,042.50", "原账合计（手填）"):
        assert words in text
    sign_opening(made, Decimal("1042.50"), Decimal("20.00"))
    text, _ = printed("FE-12", tmp_path, number=str(made.id))
    assert ("管理员" in text, "手填" in text, text.count("1,042.50")) == (True, False, 4)
    with pytest.raises(RuleBroken, match="不是期初"):
        printed("FE-12", tmp_path, number="1")
    with pytest.raises(BadInput, match="批次号"):
        printed("FE-12", tmp_path)


def test_a_receipt_shows_a_price_only_where_it_makes_the_sum(estate: Estate, tmp_path: Path) -> None:
    unit = estate.house("101", "94.56")
    item = estate.item(price="1.3000", extra="20.00", since=date(2026, 1, 10))
    estate.give(unit, item)
    for month in (1, 2, 3):
        bill(Month(2026, month))
    estate.rate(item, date(2026, 4, 16), "2.0000", "0")
    bill(Month(2026, 4))
    bill(Month(2026, 5))
    lines = list(Bill.select().order_by(Bill.month))
    rows = [
        (row.span, row.quantity, row.price, str(row.amount))
        for several in ([lines[0]], lines[1:3], [lines[3]], [lines[4]], lines[:4])
        for row in receipt_rows([Part(line, line.amount) for line in several])
    ]
    assert rows == [
        ("2026年1月", None, None, "101.43"),
        ("2026年2月至3月", "2 个月", "142.93", "285.86"),
        ("2026年4月", None, None, "166.02"),
        ("2026年5月", "94.56㎡", "2.00", "189.12"),
        ("2026年1月至4月", None, None, "553.31"),
    ]


def test_a_unit_with_several_prices_shows_none_of_them(estate: Estate, tmp_path: Path) -> None:
    unit = estate.house("101", "100.00")
    for name, price in (("物业费", "1.8500"), ("电梯费", "0.2000")):
        estate.give(unit, estate.item(name, price=price, since=date(2026, 1, 1)))
    bill(Month(2026, 1))
    text, _ = printed("FE-01", tmp_path, period="2026-01")
    assert ("0.2000" in text, "1.8500" in text, "205.00" in text) == (False, False, True)


def test_two_collectors_of_a_building_get_lists_of_different_numbers(ledger: Estate, tmp_path: Path) -> None:
    add_staff(number="0101", name="陈收费")
    assign_caretaker(Staff.find("0101"), unit=Unit.find("1-1-103"), since=date(2026, 1, 1))
    text, reader = printed("FE-03", tmp_path, period="2026-02")
    assert len(reader.pages) == 2
    assert re.findall("PF-202602-1栋(?:-2)?", text) == ["PF-202602-1栋", "PF-202602-1栋-2"]


def test_a_notice_printed_after_its_due_day_says_of_which_day_it_is(ledger: Estate, tmp_path: Path) -> None:
    text, _ = printed("FE-02", tmp_path, period="2026-02", unit=Unit.find("1-1-101"))
    assert "本单按2026年2月25日的欠费计算" in text
    ahead = Month.of(date.today()).plus(1)
    bill(ahead)
    text, _ = printed("FE-02", tmp_path, period=str(ahead), unit=Unit.find("1-1-101"))
    assert "此后的缴款" not in text


def test_lists_to_be_walked_follow_the_collectors(ledger: Estate, tmp_path: Path) -> None:
    for number, name in (("0101", "陈收费"), ("0102", "林收费")):
        add_staff(number=number, name=name)
    assign_caretaker(Staff.find("0101"), building=ledger.building, since=date(2026, 1, 1))
    assign_caretaker(Staff.find("0102"), unit=Unit.find("1-1-103"), since=date(2026, 1, 1))
    handed, reader = printed("FE-03", tmp_path, period="2026-02")
    assert len(reader.pages) == 2
    assert ("收费员陈收费" in handed, "收费员林收费" in handed) == (True, True)
    owed, _ = printed("FE-08", tmp_path, period="2026-02-28")
    assert ("收费员陈收费小计2户" in owed, "收费员林收费小计1户" in owed, "合计3户" in owed) == (
        True,
        True,
        True,
    )


def test_what_was_caught_up_stands_among_earlier_debts(ledger: Estate, tmp_path: Path) -> None:
    unit = ledger.house("104")
    from models.fees.items import FeeItem

    ledger.give(unit, FeeItem.get(), date(2026, 1, 1))
    bill(Month(2026, 2), catch_up=True)
    text, _ = printed("FE-01", tmp_path, period="2026-02")
    # January: 482.50 was open and 185.00 was caught up.
    assert "667.50" in text


def test_an_area_of_the_contract_is_marked_and_the_seal_has_its_words(ledger: Estate, tmp_path: Path) -> None:
    from models.office.profile import edit_profile
    from models.owners.estate import AreaBasis, UnitArea
    from tests.estate import writing

    edit_profile(seal_place="阳光物业服务中心（盖章）")
    with writing():
        UnitArea.get(UnitArea.unit == Unit.find("1-1-101")).change(basis=AreaBasis.CONTRACT)
    text, _ = printed("FE-02", tmp_path, period="2026-02", unit=Unit.find("1-1-101"))
    assert "100.00㎡(暂)×1.85" in text
    assert "阳光物业服务中心（盖章）" in text
