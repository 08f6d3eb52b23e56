"""抄表与分摊页面: meters and their readings, common costs and who bears them."""

from __future__ import annotations

from models.fees import share_plans  # noqa: F401 - its deeds are named below
from models.fees.meter_entry import reading
from models.fees.rights import READ
from ui import keys
from ui.entering import EntryPage
from ui.fees.sharing import ADD_LIKE, PRINT_NOTICE, SHARE_HERE, UNDO_SHARING
from ui.page import Page
from ui.panel import Custom
from ui.services import Services

READING_HINT = (
    f"Enter 下一行　{keys.PREVIOUS} {keys.NEXT} 上一个、下一个漏录的　期间选抄表月份　"
    "可从 Excel 复制两列（表号、读数）粘贴"
)


def _reading(services: Services) -> EntryPage:
    """Return the page on which a round of readings is typed back."""
    return EntryPage(services, reading, READING_HINT, period="本月")


PAGES = (
    Custom(reading.name, reading.title, READ, _reading),
    Page(
        listing="readings",
        deeds=("fees.enter_reading", "fees.estimate_readings"),
        row_deeds=("fees.correct_reading", "fees.withdraw_reading"),
        papers=("FE-13",),
        filters=("period", "building", "state", "void"),
        empty="还没有抄表。先在“表计”里新增表，再到“抄表录入”录读数。",
    ),
    Page(
        listing="meters",
        deeds=("fees.add_meter",),
        row_deeds=(
            "fees.enter_reading",
            "fees.replace_meter",
            "fees.edit_meter",
            "fees.retire_meter",
            "fees.restore_meter",
        ),
        papers=("FE-13",),
        filters=("building", "item"),
        empty="还没有表计。可以逐块新增，也可以用空白模板的“表计”表导入。",
    ),
    Page(
        listing="share_plans",
        deeds=("fees.add_share_plan",),
        row_deeds=(SHARE_HERE, "fees.edit_share_plan", ADD_LIKE),
        filters=("item",),
        empty="还没有分摊方案。先新增一个类别为“公共分摊”的收费项目，再新增方案。",
    ),
    Page(
        listing="shared_costs",
        deeds=(SHARE_HERE,),
        row_deeds=(PRINT_NOTICE, UNDO_SHARING),
        papers=("FE-09",),
        filters=("period", "state"),
        empty="还没有分摊过公共费用。选好方案，填发票金额或抄表读数，试算后分摊。",
    ),
    Page(
        listing="shares",
        filters=("period", "building", "state"),
        empty="还没有分摊明细。",
    ),
)
