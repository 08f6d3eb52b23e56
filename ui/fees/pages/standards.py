"""标准页面: what is charged by which price, and which house pays it."""

from __future__ import annotations

from typing import Any

from models.deeds import DEEDS
from models.fees import (  # noqa: F401 - their deeds are named below
    assign,
    late_terms,
    prepay_plans,
    pricelist,
    services,
)
from models.fees.rights import ASSIGN
from ui.acts import Act
from ui.fees.assigning import AssignDialog
from ui.fees.pricing import SET_RATE, SET_TIERS
from ui.page import Page, PageView


def _assign(name: str) -> Act:
    """Return the button of a deed that changes what many units pay."""

    def run(view: PageView) -> Any:
        dialog = AssignDialog(view.services, name, view)
        dialog.open()
        return dialog

    return Act(DEEDS[name].title, ASSIGN, run)


PAGES = (
    Page(
        listing="items",
        deeds=("fees.add_item",),
        row_deeds=("fees.set_rate", "fees.edit_item"),
        papers=("FE-17",),
        filters=(),
        empty="还没有收费项目。先新增项目，再定价。",
    ),
    Page(
        listing="prices",
        deeds=(SET_RATE,),
        row_deeds=(SET_TIERS,),
        filters=("item",),
        empty="还没有定价。",
    ),
    Page(
        listing="assignments",
        deeds=(
            _assign("fees.assign"),
            "fees.give_item",
            _assign("fees.change_assignments"),
            _assign("fees.end_assignments"),
        ),
        row_deeds=("fees.end_item",),
        filters=("building", "item", "on"),
        empty="还没有给房屋设置收费项目。",
    ),
    Page(
        listing="services",
        deeds=("fees.add_service",),
        row_deeds=("fees.edit_service",),
        papers=("FE-17",),
        filters=("item",),
        empty="还没有特服项目。新增后才能开特服单。",
    ),
    Page(
        listing="prepay_offers",
        deeds=("fees.add_prepay_offer",),
        row_deeds=("fees.edit_prepay_offer",),
        filters=("item",),
        empty="还没有预存优惠。",
    ),
    Page(
        listing="late_terms",
        deeds=("fees.add_late_terms",),
        row_deeds=("fees.edit_late_terms",),
        filters=("item", "on"),
        empty="没有约定，不计违约金。合同有约定的，登记条款、日率和宽限天数。",
    ),
    Page(
        listing="deposit_terms",
        deeds=("fees.set_deposit_terms",),
        papers=("FE-17",),
        filters=(),
        empty="还没有定押金标准。定了以后，收押金时不用再填金额和约定依据。",
    ),
)
