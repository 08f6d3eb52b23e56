"""Limitation: three years, begun anew only by what is proven, and what FE-08 and the desk say of it."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from models.attachments import Attachment, attach, read_file
from models.desk import reminders_on
from models.fees.arrears import arrears
from models.fees.asof import owed_principal
from models.fees.billing import bill
from models.fees.dunning import reminders  # noqa: F401 - registered by being imported
from models.fees.dunning.delivering import withdraw_delivery
from models.fees.dunning.issuing import dun_unit
from models.fees.dunning.letters import Arrival, LetterDelivery, Way
from models.fees.dunning.limitation import (
    Lapse,
    end_of,
    lapse_on,
    limitation,
    limitation_by_unit,
    timed,
)
from models.fees.dunning.promises import PaymentPromise, promise
from models.listings import Filters
from models.months import Month
from models.owners.estate import Unit
from tests.estate import Estate
from tests.models.fees.dunning.ladder_world import DUE, FIRST, climb, handed, letters, owing, run

END = date(2029, 1, 25)
OCTOBER = date(2026, 10, 1)


@pytest.fixture
def house(estate: Estate) -> Unit:
    """A house that owes 100.00 since 25 January 2026."""
    unit = owing(estate)
    run()
    return unit


def ends() -> list[date]:
    """Return the last days of all open lines."""
    return [line.end for line in timed(date(2026, 10, 1))]


def prove(one: LetterDelivery, tmp_path: Path) -> Attachment:
    """Attach the signed slip."""
    slip = tmp_path / "签收单.txt"
    slip.write_text("签收", encoding="utf-8")
    made: Attachment = attach("LetterDelivery", one.id, read_file(slip))
    return made


@pytest.mark.parametrize(
    ("start", "end"),
    [(DUE, END), (date(2024, 2, 29), date(2027, 2, 28)), (date(2025, 2, 28), date(2028, 2, 28))],
)
def test_three_years_end_on_the_same_day(start: date, end: date) -> None:
    assert end_of(start) == end


def test_it_is_warned_of_from_two_and_a_half_years_on() -> None:
    soon = date(2028, 7, 25)
    assert lapse_on(END, soon - timedelta(days=1)) is Lapse.FAR
    assert lapse_on(END, soon) is lapse_on(END, END) is Lapse.SOON
    assert lapse_on(END, END + timedelta(days=1)) is Lapse.OVER


def test_only_a_delivery_with_a_proof_begins_it_anew(house: Unit, tmp_path: Path) -> None:
    dun_unit(house, on=FIRST)
    bare = handed(letters()[0], date(2026, 2, 3))
    assert ends() == [END]
    slip = prove(bare, tmp_path)
    assert ends() == [date(2029, 2, 3)]
    slip.detach()
    assert ends() == [END]
    handed(letters()[0], date(2026, 2, 5), Way.MAIL, outcome=Arrival.FAILED)
    assert ends() == [END]
    sent = handed(letters()[0], date(2026, 2, 6), Way.MAIL)
    assert ends() == [END]
    prove(sent, tmp_path)
    assert ends() == [date(2029, 2, 6)]
    withdraw_delivery(sent, "登错")
    assert ends() == [END]


def test_a_letter_renews_the_lines_that_it_names_and_no_others(estate: Estate, tmp_path: Path) -> None:
    unit = owing(estate, months=3)
    run(3)
    dun_unit(unit, on=FIRST)
    prove(handed(letters()[0], FIRST, Way.MAIL), tmp_path)
    assert sorted(ends()) == [date(2029, 2, 2), date(2029, 2, 25), date(2029, 3, 25)]
    assert limitation_by_unit(OCTOBER, owed_principal(OCTOBER))[unit.id].end == date(2029, 2, 2)


def signed(made: PaymentPromise, folder: Path) -> PaymentPromise:
    """Attach what the household signed."""
    paper = folder / "承诺书.txt"
    paper.write_text("我承诺", encoding="utf-8")
    attach("PaymentPromise", made.id, read_file(paper))
    return made


def test_a_written_promise_renews_what_was_due_by_then(estate: Estate, tmp_path: Path) -> None:
    unit = owing(estate, months=3)
    run(3)
    rows = [{"day": date(2026, 6, 1), "amount": 200}]
    promise(unit, rows, on=date(2026, 3, 1)).end("改为书面")
    assert sorted(ends()) == [END, date(2029, 2, 25), date(2029, 3, 25)]
    written = promise(unit, rows, written=True, on=date(2026, 3, 1))
    assert sorted(ends()) == [END, date(2029, 2, 25), date(2029, 3, 25)]
    signed(written, tmp_path)
    assert sorted(ends()) == [date(2029, 3, 1), date(2029, 3, 1), date(2029, 3, 25)]
    PaymentPromise.get_by_id(written.id).end("登错户")
    assert sorted(ends()) == [END, date(2029, 2, 25), date(2029, 3, 25)]


def test_a_letter_renews_nothing_that_is_over_but_a_promise_does(estate: Estate, tmp_path: Path) -> None:
    unit, old = estate.house("101"), Month(2022, 1)
    estate.give(unit, estate.item(since=old.first), old.first, old.last)
    bill(old)
    dun_unit(unit, on=date(2025, 3, 3))
    prove(handed(letters()[0], date(2025, 3, 3), Way.MAIL), tmp_path)
    assert [line.end for line in timed(date(2026, 1, 1))] == [date(2025, 1, 25)]
    rows = [{"day": date(2026, 9, 1), "amount": 100}]
    signed(promise(unit, rows, written=True, on=date(2026, 1, 5)), tmp_path)
    assert [line.end for line in timed(date(2026, 2, 1))] == [date(2029, 1, 5)]


def test_the_list_and_the_desk_warn_in_time(house: Unit) -> None:
    assert limitation(Filters(on=date(2028, 7, 24))).count() == 0
    found = limitation(Filters(on=date(2028, 8, 1)))
    (row,) = found.rows()
    told = found.plain(row)
    assert (told["state"], told["soon"], told["end"], told["left"]) == ("快到期", "100.00", "2029-01-25", 177)
    over = limitation(Filters(on=date(2029, 2, 1), state="已届满"))
    assert [over.plain(row)["over"] for row in over.rows()] == ["100.00"]
    titles = [one.title for one in reminders_on(date(2028, 8, 1))]
    assert "1 户欠费的诉讼时效 6 个月内届满" in titles


def test_the_list_of_arrears_tells_the_last_letter_and_the_end(house: Unit, tmp_path: Path) -> None:
    def told(day: date) -> tuple[str | None, str | None]:
        found = arrears(Filters(on=day))
        (row,) = found.rows()
        plain = found.plain(row)
        return plain["chased"], plain["lapses"]

    assert told(DUE) == (None, "2029-01-25")
    dun_unit(house, on=FIRST)
    assert told(FIRST) == ("2026-02-02 待送达", "2029-01-25")
    prove(handed(letters()[0], date(2026, 2, 4), Way.MAIL), tmp_path)
    assert told(date(2026, 2, 3)) == ("2026-02-02 待送达", "2029-01-25")
    assert told(date(2026, 2, 4)) == ("2026-02-04 邮寄", "2029-02-04")


def test_who_climbed_the_ladder_is_told_by_the_last_letter(house: Unit) -> None:
    climb(house)
    assert limitation_by_unit(OCTOBER, owed_principal(OCTOBER))[house.id].told == "2026-03-26 邮寄"
