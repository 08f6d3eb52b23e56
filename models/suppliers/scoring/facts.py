"""供方实绩: what the slips of a period say of suppliers, counted for all of them at once.

A lot is one line of a receipt; a line of an order counts where it falls due. What an order could cost by the
lowest quote of its day, else by the price paid before, is kept with the order, so that nothing of it changes
when prices do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from peewee import Case, fn

from models.base import db
from models.money import from_scaled
from models.months import Month
from models.suppliers.licences import papers_on
from models.suppliers.orders import OrderLine, OrderState, PurchaseOrder
from models.suppliers.receipts import GoodsReceipt, ReceiptLine
from models.suppliers.register import Supplier
from models.suppliers.returns import GoodsReturn, Handling
from models.suppliers.scoring.complaints import SupplierComplaint
from models.suppliers.scoring.criteria import Measure
from models.suppliers.services.scores import ServiceScore, ServiceState

_WHOLE = Decimal(100)
_CENT = Decimal("0.01")
_FIVE, _TWENTY = Decimal(5), Decimal(20)


@dataclass(frozen=True)
class Facts:
    """What the slips of a period say of one supplier.

    Args:
        lots: how many lots came.
        good: how many of them nothing was rejected of.
        back: of how many lots something was returned or exchanged by consent.
        due: lines of orders that fell due, those of cancelled orders not counted.
        on_time: how many of them had come whole by then.
        short: how many of them were not accepted whole, and the order is closed or the day over.
        complaints: how many were made.
        paid: in fen, what was accepted of what has a price to compare with.
        reference: in fen, what the same costs by that price.
        amount: in fen, what was accepted altogether.
        lacking: what of its papers is missing or has lapsed at the end; empty where nothing is.
        months: how many monthly scores of its service were signed.
        service: what they add up to, in hundredths.
    """

    lots: int = 0
    good: int = 0
    back: int = 0
    due: int = 0
    on_time: int = 0
    short: int = 0
    complaints: int = 0
    paid: int = 0
    reference: int = 0
    amount: int = 0
    lacking: str = ""
    months: int = 0
    service: int = 0

    @property
    def delivered(self) -> bool:
        """Whether there is anything to score: something came, or should have."""
        return bool(self.lots or self.due)

    @property
    def dearer(self) -> Decimal | None:
        """By how many percent it was dearer than what it is compared with; None where nothing is."""
        if not self.reference:
            return None
        return (Decimal(self.paid - self.reference) * 100 / self.reference).quantize(_CENT) + 0

    @property
    def mean(self) -> Decimal | None:
        """The mean of its monthly scores; None without any."""
        return (Decimal(self.service) / 100 / self.months).quantize(_CENT) if self.months else None

    def share(self, part: int, whole: int) -> Decimal | None:
        """Return a share in percent with two decimals; None of nothing."""
        return (Decimal(part) * 100 / whole).quantize(_CENT) if whole else None

    def value(self, measure: Measure) -> Decimal | None:
        """Return the marks of 0 to 100 that a measure gives; None where there is nothing to measure."""
        found = self._value(measure)
        return None if found is None else min(_WHOLE, max(Decimal(0), found)).quantize(_CENT)

    def _value(self, measure: Measure) -> Decimal | None:
        if measure is Measure.QUALITY:
            return self.share(self.good, self.lots)
        if measure is Measure.ON_TIME:
            return self.share(self.on_time, self.due)
        if measure is Measure.COMPLAINTS:
            return _WHOLE - _TWENTY * self.complaints
        if measure is Measure.SERVICE:
            return self.mean
        if measure is Measure.PAPERS:
            return Decimal(0) if self.lacking else _WHOLE
        rate = {
            Measure.SHORTAGE: self.share(self.short, self.due),
            Measure.RETURNS: self.share(self.back, self.lots),
            Measure.PRICE: self.dearer,
        }.get(measure)
        return None if rate is None else _WHOLE - _FIVE * rate

    def told(self, measure: Measure) -> str:
        """Return the figures behind a measure, as the form prints them: 38 / 40 批."""
        return {
            Measure.QUALITY: f"{self.good} / {self.lots} 批" if self.lots else "没有到货",
            Measure.ON_TIME: f"{self.on_time} / {self.due} 项" if self.due else "没有到期的",
            Measure.SHORTAGE: f"短缺 {self.short} / {self.due} 项" if self.due else "没有到期的",
            Measure.RETURNS: f"退换 {self.back} / {self.lots} 批" if self.lots else "没有到货",
            Measure.PRICE: "没有可比的" if self.dearer is None else f"比参考价 {self.dearer:+}%",
            Measure.COMPLAINTS: f"{self.complaints} 件",
            Measure.PAPERS: self.lacking or "齐全有效",
            Measure.SERVICE: f"{self.months} 个月平均 {self.mean}" if self.months else "没有签的月评",
        }.get(measure, "")


def facts_of(suppliers: Sequence[Supplier], first: date, last: date) -> dict[int, Facts]:
    """Return by their ids what the slips of a period say of suppliers, in a fixed number of statements."""
    ids = [one.id for one in suppliers]
    lots, back = _lots(first, last), _back(first, last)
    due, complaints = _due(first, last), _complaints(first, last)
    lacking, service = papers_on(last, suppliers).lacking, _service(first, last)
    found = {}
    for number in ids:
        whole, good, amount, paid, reference = lots.get(number, (0, 0, 0, 0, 0))
        lines, on_time, short = due.get(number, (0, 0, 0))
        found[number] = Facts(
            whole, good, back.get(number, 0), lines, on_time, short, complaints.get(number, 0), paid,
            reference, amount, lacking.get(number, ""), *service.get(number, (0, 0)),
        )  # fmt: skip
    return found


def _lots(first: date, last: date) -> dict[int, tuple[int, ...]]:
    """Return of each supplier: lots, good ones, in fen what they cost, of comparable ones, by reference."""
    by = fn.COALESCE(OrderLine.quoted, OrderLine.before)
    # quantity (3 decimals) times price (4 decimals) in units of 10⁻⁵ fen, rounded once at the end
    worth = ReceiptLine.accepted * by
    paid = Case(None, ((by.is_null(False), ReceiptLine.accepted * OrderLine.price),), 0)
    query = (
        ReceiptLine.select(
            GoodsReceipt.supplier, fn.COUNT(ReceiptLine.id),
            fn.SUM(Case(None, ((ReceiptLine.rejected == 0, 1),), 0)), fn.SUM(ReceiptLine.amount),
            fn.SUM(paid), fn.SUM(worth),
        )
        .join(GoodsReceipt)
        .switch(ReceiptLine)
        .join(OrderLine)
        .where(GoodsReceipt.arrived_on.between(first, last))
        .group_by(GoodsReceipt.supplier)
    )  # fmt: skip
    return {
        row[0]: (row[1], int(row[2]), int(row[3]), _fen(row[4]), _fen(row[5])) for row in db.execute(query)
    }


def _fen(number: Any) -> int:
    return (int(number or 0) + 50_000) // 100_000


def _back(first: date, last: date) -> dict[int, int]:
    query = GoodsReturn.select(GoodsReturn.supplier, fn.COUNT(GoodsReturn.lot.distinct()))
    gone = GoodsReturn.handling.in_((Handling.RETURN, Handling.EXCHANGE))
    query = query.where(gone & GoodsReturn.found_on.between(first, last)).group_by(GoodsReturn.supplier)
    return dict(db.execute(query))


def _due(first: date, last: date) -> dict[int, tuple[int, int, int]]:
    """Return of each supplier: lines that fell due, those in time, those that were never whole."""
    in_time = Case(None, ((OrderLine.arrived_on <= PurchaseOrder.due, 1),), 0)
    short = Case(None, ((OrderLine.accepted < OrderLine.quantity, 1),), 0)
    query = OrderLine.select(PurchaseOrder.supplier, fn.COUNT(OrderLine.id), fn.SUM(in_time), fn.SUM(short))
    query = query.join(PurchaseOrder).where(
        PurchaseOrder.due.between(first, last) & (PurchaseOrder.state != OrderState.CANCELLED)
    )
    found = db.execute(query.group_by(PurchaseOrder.supplier))
    return {supplier: (int(lines), int(good), int(bad)) for supplier, lines, good, bad in found}


def _complaints(first: date, last: date) -> dict[int, int]:
    query = SupplierComplaint.select(SupplierComplaint.supplier, fn.COUNT(SupplierComplaint.id))
    query = query.where(SupplierComplaint.day.between(first, last)).group_by(SupplierComplaint.supplier)
    return dict(db.execute(query))


def _service(first: date, last: date) -> dict[int, tuple[int, int]]:
    """Return of each contractor: how many months were scored, and in hundredths what they add up to."""
    months = ServiceScore.month.between(Month.of(first), Month.of(last))
    query = ServiceScore.select(
        ServiceScore.supplier, fn.COUNT(ServiceScore.id), fn.SUM(ServiceScore.score)
    ).where(months & (ServiceScore.state == ServiceState.SIGNED))
    found = db.execute(query.group_by(ServiceScore.supplier))
    return {supplier: (count, int(total)) for supplier, count, total in found}


def yuan_of(fen: int) -> Decimal:
    """Return fen as 元."""
    return from_scaled(fen, 2)
