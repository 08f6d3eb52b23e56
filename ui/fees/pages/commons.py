"""公共收益与维修资金页面: what common parts earn for the owners, what was published of it."""

from __future__ import annotations

from typing import Any

from models.fees.commons import funding, notices  # noqa: F401 - their deeds are named below
from models.fees.commons.fund import MOVES, FundState
from models.fees.rights import VIEW
from ui import keys, papers
from ui.acts import Act, in_states, of_deed
from ui.page import Page, PageView


def _print_notice(view: PageView, notice: Any) -> None:
    papers.print_paper(view.services, view, "FE-20", "公共收益收支公示", {"number": notice.number})


def _print_selected(view: PageView) -> None:
    _print_notice(view, view.records()[0])


def _print_project(view: PageView) -> None:
    number = view.records()[0].key()
    papers.print_paper(view.services, view, "FE-21", "维修资金使用登记表", {"number": number})


_FUND = {
    "fees.record_fund_vote": (FundState.PLANNED, FundState.REFUSED),
    "fees.approve_fund": (FundState.PLANNED, FundState.VOTED),
    "fees.draw_fund": (FundState.APPROVED, FundState.ACCEPTED),
    "fees.accept_fund": (FundState.APPROVED,),
    "fees.close_fund": (FundState.ACCEPTED,),
    "fees.withdraw_fund": tuple(one for one, then in MOVES.items() if FundState.WITHDRAWN in then),
}

PAGES = (
    Page(
        listing="common_entries",
        deeds=("fees.add_common_income", "fees.add_common_cost", "fees.transfer_commons"),
        row_deeds=("fees.reverse_common_entry",),
        papers=("FE-20",),
        filters=("period", "state"),
        empty="还没有记过公共收益。先登记合同，收到钱时记公共收益。",
    ),
    Page(
        listing="common_contracts",
        deeds=("fees.add_common_contract",),
        row_deeds=(of_deed("fees.add_common_income", of_rows=True), "fees.end_common_contract"),
        filters=("state",),
        empty="还没有公共收益合同。电梯广告、场地出租等签了合同的，先在这里登记。",
    ),
    Page(
        listing="common_dues",
        filters=("period", "state"),
        empty="还没有应收期次。登记合同以后，这里列出每一期。",
    ),
    Page(
        listing="common_kinds",
        deeds=("fees.add_common_kind",),
        row_deeds=("fees.edit_common_kind",),
        papers=("FE-20",),
        filters=("period",),
        empty="还没有收益种类。",
    ),
    Page(
        listing="common_notices",
        deeds=(of_deed("fees.publish_commons", of_rows=False, prints=_print_notice), "fees.set_common_terms"),
        row_deeds=(
            Act("打印公示", VIEW, _print_selected, asks=False, key=keys.AND_PRINT),
            "fees.withdraw_commons_notice",
        ),
        papers=("FE-20",),
        filters=("period",),
        empty="还没有公示过公共收益。先打印公共收益收支公示，张贴以后登记公示。",
    ),
    Page(
        listing="fund_projects",
        deeds=("fees.add_fund_project",),
        row_deeds=(
            Act("打印登记表", VIEW, _print_project, asks=False, key=keys.AND_PRINT),
            *(in_states(name, *states) for name, states in _FUND.items()),
        ),
        papers=("FE-21", "FE-22"),
        filters=("period", "building", "state"),
        empty="还没有登记过维修资金使用。资金在主管部门，这里只登记用在哪里、怎样决定、支取多少。",
    ),
    Page(
        listing="fund_votes",
        filters=("period",),
        empty="还没有表决记录。",
    ),
    Page(
        listing="fund_draws",
        row_deeds=("fees.reverse_fund_draw",),
        filters=("period",),
        empty="还没有支取过维修资金。",
    ),
)
