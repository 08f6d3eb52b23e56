from datetime import date
from decimal import Decimal

import pytest

from desktop.modules import load
from models import deeds, search
from models.base import Record
from models.deeds import DEEDS
from models.fees.billing import bill
from models.fees.bills import Bill
from models.fees.cashier import receive
from models.listings import LISTS
from models.months import Month, Period
from models.office.accounts import Account
from models.owners.estate import Unit
from models.owners.people import Occupancy, Ownership, Person, Vehicle
from tests.estate import Estate, writing

load()


@pytest.fixture
def town(estate: Estate) -> Estate:
    """Houses of owners whose names libraries misread, with telephones and cars."""
    for room, name, phone in (
        ("101", "曾国藩", "13811110001"),
        ("102", "单雄信", "13811110002"),
        ("1202", "王桂芳", "13811111202"),
        ("1203", "𠮷野䶮", "13811110004"),
    ):
        unit = estate.house(room, owner=name)
        person = Ownership.get(Ownership.unit == unit).person
        with writing():
            person.change(phone=phone)
            Vehicle.add(plate=f"京A{room:0>5}", person=person, since=date(2020, 1, 1))
    return estate


def found(words: str) -> list[tuple[str, str]]:
    return [(hit.kind, hit.title) for hit in search.find(words)]


@pytest.mark.parametrize("words", ["1-1-101", "1栋1单元101", "１－１－１０１", "1#1-101", "一号楼一单元101"])
def test_a_house_is_found_by_its_number_in_any_form(town: Estate, words: str) -> None:
    assert found(words)[0] == ("房屋", "1-1-101")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("曾国藩", "曾国藩"),
        ("zgf", "曾国藩"),
        ("cgf", "曾国藩"),
        ("zengguofan", "曾国藩"),
        ("sxx", "单雄信"),
        ("dxx", "单雄信"),
        ("wgf", "王桂芳"),
        ("桂", "王桂芳"),
        ("𠮷", "𠮷野䶮"),
        ("䶮", "𠮷野䶮"),
        ("13811110002", "单雄信"),
    ],
)
def test_a_person_is_found_by_name_sound_or_telephone_in_both_readings(
    town: Estate, words: str, name: str
) -> None:
    assert ("人员", name) in found(words)


def test_the_room_comes_before_the_tail_of_a_telephone(town: Estate) -> None:
    assert found("1202")[:2] == [("房屋", "1-1-1202"), ("人员", "王桂芳")]


def test_a_plate_is_found_by_its_tail(town: Estate) -> None:
    assert ("车辆", "京A01202") in found("01202")
    assert found("京a·01202")[0] == ("车辆", "京A01202")


def test_a_person_is_told_by_house_and_masked_telephone(town: Estate) -> None:
    (hit,) = search.find("zengguofan")
    assert hit.beside == "1-1-101 · 138****0001"


def test_receipts_are_found_by_number_tail_and_scanned_code(town: Estate) -> None:
    receive(Unit.find("1-1-101"), Decimal("50.00"))
    number = f"SJ-{date.today().year}-000001"
    assert found(number)[0] == ("收据", number)
    assert ("收据", number) in found("000001")
    assert found(f"PC:FE-06:{number}")[0] == ("收据", number)
    assert found(f" pc:fe-06:{number.lower()} ")[0] == ("收据", number)


def test_the_code_of_a_notice_opens_the_lines_of_its_house_and_month(town: Estate) -> None:
    (hit,) = search.find("PC:FE-02:JF-202601-1-1-101")
    assert hit.filters == {"unit": Unit.find("1-1-101"), "period": Period.of_month(Month(2026, 1))}
    assert search.find("PC:FE-02:JF-202699-1-1-101") == []


def test_the_codes_of_explanations_and_statements_open_what_they_are_of(town: Estate) -> None:
    unit = Unit.find("1-1-101")
    town.give(unit, town.item())
    bill(Month(2026, 1))
    line = Bill.get()
    (hit,) = search.find(f"PC:FE-19:SM-{line.id}")
    assert (hit.listing, hit.id, hit.beside) == ("bills", line.id, line.label())
    (hit,) = search.find("PC:FE-19:SM-1-1-101-20261128")
    assert (hit.listing, hit.filters) == ("bills", {"unit": unit})
    year = Period.parse("2026-01-01至2026-12-31")
    (hit,) = search.find("PC:FE-18:DZ-20260101-20261231-1-1-101")
    assert (hit.listing, hit.filters) == ("statement", {"unit": unit, "period": year})
    person = Person.select().order_by(Person.id).first()
    (hit,) = search.find(f"DZ-20260101-20261231-{person.number}")
    assert hit.filters == {"person": person, "period": year}
    wrong = ("SM-999999", "SM-", "SM-9-9-9-20261128")
    for words in (*wrong, "DZ-20261301-20261231-1-1-101", "DZ-20260101-20261231-9-9-9"):
        assert search.find(words) == []


@pytest.mark.parametrize(
    "words", ["", "   ", "%", "_", "'", '"', "\\", "1", "PC:FE-06:", "没有这个人", "\x00", "x" * 5000]
)
def test_words_that_mean_nothing_find_nothing_and_break_nothing(town: Estate, words: str) -> None:
    assert [hit for hit in search.find(words) if hit.kind == "人员"] == []


def test_whoever_may_not_see_owners_finds_none(town: Estate) -> None:
    DEEDS["office.add_staff"].call(None, {"number": "0002", "name": "巡逻"})
    DEEDS["office.add_account"].call(None, {"login": "guard", "staff": "0002", "role": "巡逻员"})
    account = Account.find("guard")
    with writing():
        account.change(must_change=False)
    with deeds.acting(account):
        assert search.find("王桂芳") == []


def test_tenants_are_found_by_the_house_they_use(town: Estate) -> None:
    with writing():
        tenant: Record = town.person("李租客")
        Occupancy.add(unit=Unit.find("1-1-102"), person=tenant, since=date(2026, 1, 1))
    hit = next(one for one in search.find("李租客") if one.kind == "人员")
    assert hit.beside.startswith("1-1-102") and hit.id == Person.get(Person.name == "李租客").id


def test_a_masked_telephone_is_not_told_digit_by_digit(town: Estate) -> None:
    for part in ("138111", "8111100", "111000", "1381111000"):
        assert [title for kind, title in found(part) if kind == "人员"] == []
        assert LISTS["people"]().searched(part).count() == 0
        assert LISTS["units"]().searched(part).count() == 0
    assert ("人员", "曾国藩") in found("13811110001")
    assert [title for kind, title in found("0001") if kind == "人员"] == ["曾国藩"]
    assert LISTS["people"]().searched("0001").count() == 1


@pytest.mark.parametrize("words", ["1.1.1202", "1 1 1202", "01-01-1202", "1-1-01202"])
def test_a_house_is_found_as_fingers_type_it(town: Estate, words: str) -> None:
    assert found(words)[0] == ("房屋", "1-1-1202")


def test_pinyin_with_blanks_and_a_receipt_without_its_letters_are_found(town: Estate) -> None:
    assert ("人员", "王桂芳") in found("wang gui fang")
    number = receive(Unit.find("1-1-101"), Decimal(5)).receipts.get().number
    assert ("收据", number) in found(number.removeprefix("SJ-"))
