"""催缴页面: who is to be written to, the letters and their delivery, and what holds the ladder up."""

from __future__ import annotations

from models.fees.dunning import (  # noqa: F401 - their deeds and lists are named below
    chasing,
    checks,
    disputes,
    issuing,
    legal,
    limitation,
    lists,
    promises,
    reminders,
)
from models.fees.dunning.delivering import delivering
from models.fees.dunning.legal import LegalState
from models.fees.dunning.notice_delivering import handing_notices
from models.fees.rights import DUN
from ui import keys
from ui.acts import in_states
from ui.entering import EntryPage
from ui.fees.dunning import COPY_DUE, COPY_TEXTS, DUN_FORMAL, DUN_HERE, PRINT_LETTERS
from ui.fees.pages.receiving import RECEIVE_ROW
from ui.page import Page
from ui.panel import Custom
from ui.services import Services

DELIVERING_HINT = (
    f"Enter 下一行　{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的　"
    "送达方式填面交、信箱、微信、邮寄或留置；可从 Excel 复制粘贴，按催缴单号对上"
)


def _delivering(services: Services) -> EntryPage:
    """Return the page on which the delivery of many letters is entered."""
    return EntryPage(services, delivering, DELIVERING_HINT)


HANDING_HINT = (
    f"Enter 下一行　{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的　"
    "派发方式填面交、信箱、微信或邮寄；期间选通知单的月份"
)


def _handing(services: Services) -> EntryPage:
    """Return the page on which the signed list of a month's notices is typed back."""
    return EntryPage(services, handing_notices, HANDING_HINT, period="本月")


PAGES = (
    Page(
        listing="dunning",
        deeds=(DUN_HERE, DUN_FORMAL, COPY_DUE),
        row_deeds=(
            "fees.dun_unit",
            COPY_TEXTS,
            "fees.promise",
            "fees.dispute",
            "fees.assign_chaser",
            RECEIVE_ROW,
        ),
        papers=("FE-08",),
        filters=("on", "building", "state"),
        empty="没有过了截止日还没交的费用。",
        step=False,
    ),
    Page(
        listing="dunning_letters",
        row_deeds=("fees.deliver", PRINT_LETTERS, COPY_TEXTS, "fees.void_letters"),
        papers=("FE-04", "FE-05"),
        filters=("period", "building", "state"),
        empty="还没有开过催缴单。在“催缴进度”里看今天该催谁，再开单。",
    ),
    Custom(delivering.name, delivering.title, DUN, _delivering),
    Page(
        listing="letter_deliveries",
        row_deeds=("fees.withdraw_delivery",),
        filters=("period", "building", "state"),
        empty="还没有登记过送达。在“登记送达”里成批录，或在“催缴单”里逐张登记。",
    ),
    Page(
        listing="promises",
        deeds=("fees.promise",),
        row_deeds=("fees.end_promise",),
        filters=("building", "state"),
        empty="没有承诺缴费。业主答应哪天交、分几次交，登记在这里；守约期间不催缴。",
    ),
    Page(
        listing="disputes",
        deeds=("fees.dispute",),
        row_deeds=("fees.resolve_dispute",),
        filters=("building", "item", "state"),
        empty="没有异议。业主对收费有异议的登记在这里，处理完以前不催缴。",
    ),
    Page(
        listing="limitation",
        row_deeds=(RECEIVE_ROW,),
        filters=("on", "building", "state"),
        empty="没有快到诉讼时效的欠费。",
    ),
    Page(
        listing="legal",
        row_deeds=(
            in_states("fees.hand_over", LegalState.WAITING),
            in_states("fees.take_back_case", LegalState.HANDED),
            PRINT_LETTERS,
        ),
        papers=("FE-05", "FE-08"),
        filters=("building", "state"),
        empty="没有催告函期限已过、还没交清的户。",
    ),
    Page(
        listing="chases",
        deeds=("fees.assign_chaser",),
        row_deeds=("fees.end_chase",),
        filters=("building", "on"),
        empty="没有指派过催缴人。没有指派的，由这一户的收费员催缴。",
    ),
    Page(
        listing="dunning_rules",
        row_deeds=("fees.edit_dunning_rules",),
        filters=(),
        empty="催缴规则不见了，请从备份恢复。",
    ),
    Custom(handing_notices.name, handing_notices.title, DUN, _handing),
    Page(
        listing="notice_deliveries",
        row_deeds=("fees.withdraw_notice",),
        papers=("FE-03",),
        filters=("period", "building", "state"),
        empty="还没有登记过通知单派发。打印派发签收表，派完在“登记派发”里录回来。",
    ),
)
