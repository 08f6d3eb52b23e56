"""物业收费表单: the papers of the fees module, each declared beside what fills it in."""

from reports.fees import (
    adjustments,
    arrears,
    charges,
    daybook,
    deposits,
    dunning,
    explaining,
    notices,
    openings,
    pricelist,
    rates,
    receipts,
    rounds,
    services,
    sharing,
    statements,
)

__all__ = [
    "adjustments",
    "arrears",
    "charges",
    "daybook",
    "deposits",
    "dunning",
    "explaining",
    "notices",
    "openings",
    "pricelist",
    "rates",
    "receipts",
    "rounds",
    "services",
    "sharing",
    "statements",
]
