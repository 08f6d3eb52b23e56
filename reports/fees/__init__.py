"""物业收费表单: the papers of the fees module, each declared beside what fills it in."""

from reports.fees import (
    adjustments,
    arrears,
    charges,
    daybook,
    deposits,
    notices,
    openings,
    rates,
    receipts,
    services,
    sharing,
)

__all__ = [
    "adjustments",
    "arrears",
    "charges",
    "daybook",
    "deposits",
    "notices",
    "openings",
    "rates",
    "receipts",
    "services",
    "sharing",
]
