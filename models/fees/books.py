"""票据: ranges of receipt numbers handed out, used and written off (FE-11, forms.md B6.2).

Receipts are numbered by the program, without gaps through the year; a book is a range of them. What of it
is used, void or left follows from the receipts, so that it cannot drift from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, NamedTuple

from peewee import fn

from models.base import Record, db
from models.clock import now
from models.deeds import actor, deed
from models.desk import Reminder, reminds
from models.errors import BadInput, RuleBroken
from models.fees.cashier import RECEIPTS
from models.fees.payments import Receipt, ReceiptState
from models.fees.rights import BOOKS, VIEW
from models.fields import CodeField, CountField, DayField, LineField, LinkField, NumberField
from models.inputs import Asked
from models.listings import Filters, RowListing, Shown, listing
from models.office.staff import Staff
from models.series import Counter, Series

BOOK_NUMBERS = Series("PJ", "票据领用单")
FORMS = 100
"""Receipts in a book, where nobody says otherwise."""
FEW = 20
"""So few left want a new book."""


class ReceiptBook(Record):
    """票据领用: a range of receipt numbers, who has it, and when it was written off."""

    number = NumberField(verbose_name="领用单号")
    on = DayField(verbose_name="领用日期")
    year = CountField(verbose_name="年度")
    first = CountField(verbose_name="起号")
    last = CountField(verbose_name="止号")
    holder = LinkField(Staff, verbose_name="领用人")
    note = LineField(max_length=120, null=True, verbose_name="备注")
    made_by = LineField(max_length=60, verbose_name="经办人")
    written_off = DayField(null=True, verbose_name="核销日期")
    written_off_by = LineField(max_length=60, null=True, verbose_name="核销人")
    returned = CountField(default=0, verbose_name="退回份数")
    finding = LineField(max_length=120, null=True, verbose_name="核销说明")

    key_field = "number"

    class Meta:
        title = "票据领用"

    def described(self) -> str:
        """Return PJ-202611-001 SJ-2026-000001 至 SJ-2026-000100，已用 37 份."""
        return f"{self.number} {self.span}，已用 {used(self).used:,} 份"

    @property
    def span(self) -> str:
        """Its first and last receipt number, as it was handed out."""
        return f"{_receipt(self.year, self.first)} 至 {_receipt(self.year, self.last)}"

    @property
    def forms(self) -> int:
        """How many receipts it has."""
        return int(self.last) - int(self.first) + 1


_END = ReceiptBook.last - ReceiptBook.returned
"""The last number of a book that did not come back."""


class Use(NamedTuple):
    """What became of the receipts of a book as of a day."""

    used: int
    voids: list[str]
    left: int


@deed("fees.issue_book", "领用票据", BOOKS)
def issue_book(
    holder: Annotated[Staff, Asked(LinkField(Staff, verbose_name="领用人"))],
    forms: Annotated[int, Asked(CountField(low=1, high=99_999, default=FORMS, verbose_name="份数"))] = FORMS,
    first: Annotated[
        int | None, Asked(CountField(low=1, null=True, verbose_name="起号"), "不填接着上一本")
    ] = None,
    on: Annotated[date | None, Asked(DayField(null=True, verbose_name="领用日期"), "不填为今天")] = None,
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="备注"))] = None,
) -> ReceiptBook:
    """Hand a range of receipt numbers out.

    Raises:
        RuleBroken: the day lies ahead, or another book has some of these numbers.
    """
    on = on or date.today()
    if on > date.today():
        raise RuleBroken(f"{on} 还没有到，不能登记领用。请核对日期。")
    first = first or _next_free(on.year)
    last = first + forms - 1
    mine = (ReceiptBook.year == on.year) & (ReceiptBook.first <= last) & (first <= _END)
    other = ReceiptBook.select().where(mine).order_by(ReceiptBook.first).first()
    if other is not None:
        raise RuleBroken(
            f"{_receipt(on.year, first)} 至 {_receipt(on.year, last)} 与 {other.number}（{other.span}）重号。"
            f"请改起号，下一个空号是 {_next_free(on.year)}。"
        )
    return ReceiptBook.add(
        number=BOOK_NUMBERS.next(on), on=on, year=on.year, first=first, last=last, holder=holder, note=note,
        made_by=actor().name,
    )  # fmt: skip


@deed("fees.write_off_book", "核销票据", BOOKS, danger=True, question="核销后不能再改；没用完的号退回。")
def write_off_book(
    book: Annotated[ReceiptBook, Asked(LinkField(ReceiptBook, verbose_name="领用单号"))],
    finding: Annotated[
        str | None, Asked(LineField(max_length=120, null=True, verbose_name="核销说明"))
    ] = None,
) -> ReceiptBook:
    """Write a book off: all of it is used, or what is left comes back.

    Raises:
        RuleBroken: it is written off already.
        BadInput: some is left and nothing says why it comes back.
    """
    if book.written_off is not None:
        raise RuleBroken(f"{book.number} 已在 {book.written_off} 核销，不必再做。")
    left = used(book).left
    if left and not finding:
        raise BadInput(
            f"{book.number} 还有 {left:,} 份没有用。请在“核销说明”写明退回的原因，例如：收款员调岗。",
            "finding",
        )
    return book.change(
        written_off=now().date(), written_off_by=actor().name, returned=left, finding=finding,
    )  # fmt: skip


def used(book: ReceiptBook, day: date = date.max) -> Use:
    """Return what of a book was used up to a day."""
    return uses([book], day)[book.id]


def uses(books: Sequence[ReceiptBook], day: date = date.max) -> dict[int, Use]:
    """Return what of each book (id) was used up to a day; numbers that came back are not left any more."""
    told = {}
    for book in books:
        last = _receipt(book.year, book.last - book.returned)
        mine = (Receipt.number >= _receipt(book.year, book.first)) & (Receipt.number <= last)
        query = Receipt.select().where(mine & (Receipt.on <= day))
        count = int(query.select(fn.COUNT(Receipt.id)).scalar())
        void = query.select(Receipt.number).where(Receipt.state == ReceiptState.VOID).order_by(Receipt.number)
        back = book.returned if book.written_off is not None and book.written_off <= day else 0
        told[book.id] = Use(count, [number for (number,) in db.execute(void)], book.forms - back - count)
    return told


def books_out() -> list[ReceiptBook]:
    """Return the books that were not written off."""
    return list(ReceiptBook.select().where(ReceiptBook.written_off.is_null()).order_by(ReceiptBook.id))


def books_of(day: date) -> list[ReceiptBook]:
    """Return the books in use on a day, and those written off on it."""
    kept = ReceiptBook.written_off.is_null() | (ReceiptBook.written_off >= day)
    query = ReceiptBook.select(ReceiptBook, Staff).join(Staff).where((ReceiptBook.on <= day) & kept)
    return list(query.order_by(ReceiptBook.year, ReceiptBook.first))


def _next_free(year: int) -> int:
    """Return the number after the last of all books of a year, and after the last receipt."""
    last = ReceiptBook.select(fn.MAX(_END)).where(ReceiptBook.year == year).scalar() or 0
    return max(last, _last_given(year)) + 1


def _last_given(year: int) -> int:
    counter = Counter.get_or_none((Counter.prefix == RECEIPTS.prefix) & (Counter.span == str(year)))
    return 0 if counter is None else int(counter.last)


def _receipt(year: int, running: int) -> str:
    return f"{RECEIPTS.prefix}-{year}-{running:0{RECEIPTS.digits}d}"


@listing("receipt_books", "票据领用", "fees", VIEW, "period", "on")
def receipt_books(filters: Filters) -> RowListing:
    """Books by number, newest first, with what is used, void and left."""
    query = ReceiptBook.select(ReceiptBook, Staff).join(Staff)
    query = filters.narrow(query, period=ReceiptBook.on, on=ReceiptBook.on)
    books = list(query.order_by(ReceiptBook.year.desc(), ReceiptBook.first.desc()))
    found = uses(books)
    columns = (
        Shown("number", ReceiptBook.number),
        Shown("on", ReceiptBook.on),
        Shown("span", CodeField(max_length=40, verbose_name="起止号")),
        Shown("forms", CountField(verbose_name="份数")),
        Shown("holder", LineField(max_length=40, verbose_name="领用人")),
        Shown("used", CountField(verbose_name="已用")),
        Shown("voids", CountField(verbose_name="其中作废")),
        Shown("left", CountField(verbose_name="结存")),
        Shown("written_off", ReceiptBook.written_off),
        Shown("written_off_by", ReceiptBook.written_off_by),
        Shown("note", ReceiptBook.note),
    )
    return RowListing(columns, [(book.id, _row(book, found[book.id])) for book in books], record=ReceiptBook)


def _row(book: ReceiptBook, use: Use) -> tuple[Any, ...]:
    told = (book.number, book.on, book.span, book.forms, book.holder.name, use.used, len(use.voids))
    return (*told, use.left, book.written_off, book.written_off_by, book.note)


@reminds(BOOKS)
def few_receipts_left(day: date) -> Iterator[Reminder]:
    """Remind that this year's books run out, once the office hands books out at all."""
    last = ReceiptBook.select(fn.MAX(_END)).where(ReceiptBook.year == day.year).scalar()
    if last is None:
        return
    left = int(last) - _last_given(day.year)
    if left < FEW:
        told = f"领用的收据只剩 {left} 份" if left > 0 else "领用的收据用完了，请领用新的"
        yield Reminder(told, "warning", "receipt_books")
