"""FE-10 of an empty house: applied for, approved, and each month's document with the same signatures."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from models.attachments import attach, read_file
from models.deeds import acting
from models.fees.billing import bill
from models.fees.vacancies import Vacancy
from models.fees.vacancy_cuts import apply_vacancies
from models.months import Month
from models.office.applying import request
from models.office.approvals import Approval
from tests.estate import Estate, stop_chains
from tests.models.fees.test_vacancies import grant
from tests.models.office.chain_world import People
from tests.office_people import worker
from tests.reports.fees.test_papers import printed

JUNE = Month(2020, 6)
LONG = "𠮷先生来函称㛃女士出国，水表 123.00、电表 4567.00 半年未变；" * 5


@pytest.fixture
def charged(estate: Estate) -> Estate:
    """A house of 张䶮 that was charged 333.33 for June 2020."""
    estate.give(estate.house("101", owner="张䶮"), estate.item(price="3.3333", since=JUNE.first), JUNE.first)
    bill(JUNE)
    return estate


def test_what_is_applied_for_prints_as_a_draft_and_every_document_with_who_approved(
    charged: Estate, tmp_path: Path
) -> None:
    people, supervisor = People(), worker("陈主管", "客服主管")
    values = {
        "unit": "1-1-101", "since": date(2019, 11, 15), "proof": LONG[:200], "basis": "合同第9条",
        "percent": Decimal(40),
    }  # fmt: skip
    with acting(people.clerk):
        asked = request("fees.grant_vacancy", values)
    text, _ = printed("FE-10", tmp_path, number=asked.number)
    for words in ("草稿", "空置减免", "张䶮", "2019-11-15起空置", "自2020-06-01起", "𠮷先生", "㛃女士"):
        assert words in text
    assert "零元" not in text
    for person in (supervisor, people.manager):
        with acting(person):
            Approval.get_by_id(asked.id).approve()
    photo = tmp_path / "水表读数.txt"
    photo.write_text("123.00", encoding="utf-8")
    attach("Vacancy", Vacancy.get().id, read_file(photo))
    (document,) = apply_vacancies(JUNE, date(2020, 6, 10))
    for number in (asked.number, document.number):
        text, _ = printed("FE-10", tmp_path, number=number)
        assert "草稿" not in text
        for words in ("陈主管同意", "王主任同意", "-133.33", "负壹佰叁拾叁元叁角叁分", "水表读数"):
            assert words in text
    assert asked.number.replace("-", "") in text.replace("-", "")


def test_one_that_needed_no_approval_prints_with_room_to_sign_over_several_pages(
    estate: Estate, tmp_path: Path
) -> None:
    stop_chains()
    unit = estate.house("101")
    estate.give(unit, estate.item(since=JUNE.first), JUNE.first)
    made = grant(unit, every=24)
    for later in range(24):
        bill(JUNE.plus(later))
        apply_vacancies(JUNE.plus(later))
    made.check_again("读数未变")
    for later in range(24, 48):
        bill(JUNE.plus(later))
        apply_vacancies(JUNE.plus(later))
    text, pages = printed("FE-10", tmp_path, number=made.number)
    assert len(pages.pages) > 1 and "-1,920.00" in text and "客服主管" in text
