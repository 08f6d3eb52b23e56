"""Receipt books: ranges that never overlap, and what the receipts say became of them."""

from datetime import date
from decimal import Decimal

import pytest

from models.checks import run_invariants
from models.desk import reminders_on
from models.errors import BadInput, RuleBroken
from models.fees.books import ReceiptBook, books_of, issue_book, used, write_off_book
from models.fees.cashier import receive, void_receipt
from models.fees.daybook import day_book
from models.fees.payments import Receipt
from models.listings import LISTS
from models.office.staff import Staff
from tests.estate import Estate, some

TODAY = date.today()
YEAR = TODAY.year


def holder() -> Staff:
    found = some(Staff)
    assert isinstance(found, Staff)
    return found


def take(estate: Estate, times: int) -> list[Receipt]:
    house = estate.house(str(200 + Receipt.select().count()))
    return [receive(house, Decimal(10)).receipts.get() for _ in range(times)]


def test_a_book_begins_after_the_last_receipt_and_the_next_after_it(estate: Estate) -> None:
    take(estate, 3)
    first = issue_book(holder(), 50)
    assert first.span == f"SJ-{YEAR}-000004 至 SJ-{YEAR}-000053" and first.forms == 50
    assert issue_book(holder()).first == 54


@pytest.mark.parametrize(("first", "forms"), [(50, 10), (1, 200), (60, 1), (59, 2)])
def test_no_number_is_in_two_books(estate: Estate, first: int, forms: int) -> None:
    issue_book(holder(), 20, first=51)
    with pytest.raises(RuleBroken, match="重号"):
        issue_book(holder(), forms, first=first)
    assert ReceiptBook.select().count() == 1


def test_what_is_used_void_and_left_follows_from_the_receipts(estate: Estate) -> None:
    book = issue_book(holder(), 5)
    receipts = take(estate, 3)
    void_receipt(receipts[1], "写错")
    assert used(book) == (3, [receipts[1].number], 2)
    found = LISTS["receipt_books"]()
    (row,) = map(found.plain, found.rows())
    assert (row["used"], row["voids"], row["left"]) == (3, 1, 2)
    assert day_book(TODAY).books[0][1].left == 2


def test_a_book_with_forms_left_is_written_off_with_a_reason_and_they_come_back(estate: Estate) -> None:
    book = issue_book(holder(), 5)
    take(estate, 3)
    with pytest.raises(BadInput, match="还有 2 份"):
        write_off_book(book)
    done = write_off_book(book, "收款员调岗")
    assert (done.returned, done.forms, used(done).left) == (2, 5, 0)
    with pytest.raises(RuleBroken, match="已在"):
        write_off_book(done)
    assert issue_book(holder(), 5).first == 4
    assert next(iter(books_of(TODAY))).id == book.id


def test_a_book_that_is_used_up_wants_no_reason(estate: Estate) -> None:
    book = issue_book(holder(), 2)
    take(estate, 2)
    assert write_off_book(book).returned == 0
    assert run_invariants() == []


def test_it_is_told_when_few_are_left(estate: Estate) -> None:
    def told() -> list[str]:
        return [one.title for one in reminders_on(TODAY) if one.page == "receipt_books"]

    assert told() == []
    issue_book(holder(), 25)
    assert told() == []
    take(estate, 6)
    assert told() == ["领用的收据只剩 19 份"]


def test_a_day_to_come_hands_out_nothing(estate: Estate) -> None:
    with pytest.raises(RuleBroken, match="还没有到"):
        issue_book(holder(), on=date(YEAR + 1, 1, 1))
