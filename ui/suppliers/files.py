"""供方档案页面: suppliers, their papers and contracts, how they were admitted, what is bought of them."""

from __future__ import annotations

from typing import Any

from models.base import Record
from models.deeds import DEEDS
from models.suppliers import (  # noqa: F401 - their deeds and lists are named below
    admission,
    contracts,
    goods,
    licences,
    lists,
    moving,
)
from models.suppliers.kinds import SupplierState
from models.suppliers.rights import KEEP, RULES
from models.suppliers.standing import Called
from ui import deeddialog
from ui.acts import Act, in_states, only_in
from ui.page import Page, PageView
from ui.panel import Custom

S = SupplierState
_REVIEW = "suppliers.review"
_ITEMS = "suppliers.set_admission_items"


_KNOWN = (S.QUALIFIED, S.WATCHED, S.SUSPENDED, Called.LAPSED)
"""How the list calls those who are on the list of qualified suppliers."""


def _review(view: PageView) -> Any:
    """Open the review with every item to be marked."""
    rows = [{"name": one.name, "mark": None} for one in admission.items()]
    records: list[Record] = view.records()
    return deeddialog.do(view.services, DEEDS[_REVIEW], records, view, values={"marks": rows})


def _set_items(view: PageView) -> Any:
    """Open the items with those that are in use."""
    rows = [{"name": one.name, "full": one.full} for one in admission.items()]
    return deeddialog.do(view.services, DEEDS[_ITEMS], [], view, values={"items": rows})


REVIEW = Act(DEEDS[_REVIEW].title, KEEP, _review, fits=only_in(S.CANDIDATE))
SET_ITEMS = Act(DEEDS[_ITEMS].title, RULES, _set_items)

FILES: tuple[Page | Custom, ...] = (
    Page(
        listing="suppliers",
        deeds=("suppliers.add_supplier",),
        row_deeds=(
            "suppliers.edit_supplier",
            REVIEW,
            in_states("suppliers.admit", S.CANDIDATE),
            in_states("suppliers.add_licence", S.CANDIDATE, *_KNOWN),
            in_states("suppliers.add_contract", S.CANDIDATE, *_KNOWN),
            in_states("suppliers.set_scope", S.CANDIDATE, *_KNOWN),
            in_states("suppliers.watch", S.QUALIFIED, S.SUSPENDED, Called.LAPSED),
            in_states("suppliers.suspend", S.QUALIFIED, S.WATCHED, Called.LAPSED),
            in_states("suppliers.restore", S.WATCHED, S.SUSPENDED, Called.LAPSED),
            in_states("suppliers.drop_candidate", S.CANDIDATE),
            in_states("suppliers.warn", S.CANDIDATE, *_KNOWN),
            in_states("suppliers.draft_termination", *_KNOWN),
        ),
        papers=("SU-01", "SU-03"),
        filters=("state",),
        empty="还没有供方。点“供方建档”登记一家，再登记证照、做准入评审。",
    ),
    Page(
        listing="licences",
        deeds=("suppliers.add_licence",),
        row_deeds=("suppliers.retire_licence", "suppliers.reuse_licence"),
        filters=("state",),
        empty="还没有登记证照。在“供方”里选一家，点“登记证照”。",
        step=False,
    ),
    Page(
        listing="supply_contracts",
        deeds=("suppliers.add_contract",),
        row_deeds=("suppliers.end_contract",),
        filters=(),
        empty="还没有登记合同。",
    ),
    Page(
        listing="admissions",
        papers=("SU-01",),
        filters=("period",),
        empty="还没有准入评审。在“供方”里选一家潜在供方，点“准入评审”。",
    ),
    Page(
        listing="supplier_steps",
        filters=("period", "state"),
        empty="还没有供方履历。",
    ),
)
SETTINGS: tuple[Page | Custom, ...] = (
    Page(
        listing="goods",
        deeds=("suppliers.add_goods",),
        row_deeds=("suppliers.edit_goods", "suppliers.retire_goods", "suppliers.restore_goods"),
        filters=(),
        empty="还没有物品。点“新增物品”登记常购的物品。",
    ),
    Page(
        listing="goods_kinds",
        deeds=("suppliers.add_goods_kind",),
        row_deeds=(
            "suppliers.edit_goods_kind",
            "suppliers.retire_goods_kind",
            "suppliers.restore_goods_kind",
        ),
        filters=("state",),
        empty="没有物品类别，请先新增。",
    ),
    Page(
        listing="licence_rules",
        deeds=("suppliers.add_licence_rule",),
        row_deeds=("suppliers.drop_licence_rule",),
        filters=(),
        empty="没有必备证照，缺证的供方不会自动停用。",
    ),
    Page(
        listing="admission_items",
        deeds=(SET_ITEMS,),
        filters=(),
        empty="没有准入评审项目，请先设置。",
    ),
)
