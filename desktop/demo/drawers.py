"""演示的收银: cashiers open their drawers in the morning, count them at night, and use up their books.

It has a chance of its own, so that nothing else of the demo depends on it.
"""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

from desktop.demo.calendar import Calendar
from desktop.demo.staff import Crew
from models import deeds
from models.fees.books import books_out, issue_book, used, write_off_book
from models.fees.invoices import record_invoice, record_red_invoice
from models.fees.payments import Payment
from models.fees.shifts import cash_of, close_shift, open_shift, open_shifts, own_shift

_FLOAT = Decimal(500)
_FORMS = 500
_LOW = 60
"""So few left and the next book is fetched."""
_OPENS = 15
"""When drawers are opened, in minutes after the office opens: after a first is billed."""
_CLOSES = 545
"""When drawers are counted, in minutes after the office opens: before the day is closed."""


class Drawers:
    """Keeps the drawers, the receipt books and the invoices of the demo."""

    def __init__(self, crew: Crew, calendar: Calendar) -> None:
        self._crew, self._calendar, self._chance = crew, calendar, random.Random(11)
        self._wrong = False
        self._have_float: set[str] = set()

    def open(self, day: date) -> None:
        """Let both cashiers open their drawers with the float that stayed in them."""
        with self._calendar.at(day, _OPENS):
            self._fetch_book(day)
            for cashier in self._crew.cashiers:
                with deeds.acting(cashier):
                    if own_shift() is None:
                        open_shift(None if cashier.login in self._have_float else _FLOAT)
                        self._have_float.add(cashier.login)

    def count(self, day: date, minutes: int = _CLOSES) -> None:
        """Let every drawer that is open be counted; once a note is missing, and it is said.

        Args:
            day: when.
            minutes: after the office opens.
        """
        for shift in open_shifts():
            with self._calendar.at(day, minutes), deeds.acting(shift.account):
                due = max(cash_of(shift), Decimal(0))
                lacks = not self._wrong and due > _FLOAT + 100 and self._chance.random() < 0.05
                self._wrong = self._wrong or lacks
                counted = due - 10 if lacks else due
                close_shift(
                    shift, counted, banked=max(counted - _FLOAT, Decimal(0)),
                    note="找零时多给业主十元，已联系，次日补回" if lacks else None,
                )  # fmt: skip

    def _fetch_book(self, day: date) -> None:
        """Write off what is used up and fetch the next book before the last forms are gone."""
        with deeds.acting(self._crew.accountant):
            books = books_out()
            left = {book.id: used(book).left for book in books}
            for book in books:
                if book.year < day.year:
                    write_off_book(book, "年度终了，余号退回")
                elif not left[book.id]:
                    write_off_book(book)
            of_year = sum(left[book.id] for book in books if book.year == day.year)
            if of_year < _LOW:
                issue_book(self._crew.accounts["cashier"].staff, _FORMS, on=day)

    def exchange(self, payment: Payment, day: date) -> None:
        """Exchange now and then a receipt for an invoice, one of twenty with a wrong buyer."""
        if self._chance.random() > 0.08:
            return
        receipts = list(payment.receipts)
        with deeds.acting(self._crew.accountant):
            made = record_invoice(receipts, self._number(day), on=day)
            if self._chance.random() < 0.05:
                record_red_invoice(made, self._number(day), "购买方名称开错", on=day)
                record_invoice(receipts, self._number(day), buyer="青枫贸易有限公司", on=day)

    def _number(self, day: date) -> str:
        return f"{day:%y}442000{self._chance.randrange(10**12):012d}"
