"""物业收费表单: the papers of the fees module, each declared beside what fills it in."""

from reports.fees import (
    arrears,
    charges,
    daybook,
    deposits,
    notices,
    openings,
    pricelist,
    rates,
    receipts,
    services,
)

__all__ = [
    "arrears",
    "charges",
    "daybook",
    "deposits",
    "notices",
    "openings",
    "pricelist",
    "rates",
    "receipts",
    "services",
]
