"""业主档案: the pages of the estate and its people."""

from __future__ import annotations

from typing import Any

from models.deeds import DEEDS
from models.owners import imports
from models.owners.rights import IMPORT, REVEAL, VIEW
from ui import dialogs
from ui.acts import Act
from ui.importing import ImportDialog
from ui.owners.housemap import NAME, TITLE, HouseMapPage
from ui.page import Page, PageView
from ui.panel import Custom, Panel


def _import(view: PageView) -> Any:
    dialog = ImportDialog(view.services, DEEDS[imports.KIND], imports.judged, view)
    dialog.open()
    return dialog


def _reveal(view: PageView) -> None:
    """Show phone and identity number in full; who looked stands in the audit trail."""
    person: Any = view.records()[0]

    def show(seen: Any) -> None:
        lines = [f"电话　{seen.phone or '没有登记'}", f"证件　{seen.identity or '没有登记'}"]
        dialogs.tell(view, f"{person.name}的电话和证件", "\n".join([*lines, "", "这次查看已记入审计记录。"]))

    deed = DEEDS["owners.reveal"]
    view.services.run(deed.title, view, lambda: deed(person), show)


BRING_IN = Act("导入", IMPORT, _import)


class OwnersPanel(Panel):
    """业主档案."""

    name = "owners"
    title = "业主档案"
    icon = "ph.buildings"
    pages = (
        Page(
            listing="units",
            deeds=(BRING_IN, "owners.add_unit", "owners.generate"),
            row_deeds=(
                "owners.edit_unit",
                "owners.set_state",
                "owners.set_area",
                "owners.add_ownership",
                "owners.transfer",
                "owners.add_occupancy",
                "owners.assign_caretaker",
                "owners.retire_unit",
            ),
            filters=("building", "state"),
            empty="这里列出全部房屋、车位和储藏间。可以从工作簿导入，也可以逐套登记。",
        ),
        Custom(NAME, TITLE, VIEW, HouseMapPage),
        Page(
            listing="people",
            deeds=("owners.add_person", BRING_IN),
            row_deeds=(
                "owners.edit_person",
                Act("显示电话证件", REVEAL, _reveal, asks=False),
                "owners.retire_person",
                "owners.restore_person",
            ),
            filters=("building",),
            empty="这里列出业主、租户和单位。",
        ),
        Page(
            listing="ownerships",
            deeds=("owners.add_ownership", "owners.transfer"),
            row_deeds=("owners.set_primary", "owners.set_share", "owners.end_ownership"),
            filters=("building", "on"),
            empty="这里列出每套房屋的产权人和起止日期。",
        ),
        Page(
            listing="occupancies",
            deeds=("owners.add_occupancy",),
            row_deeds=("owners.set_payer", "owners.end_occupancy"),
            filters=("building", "on"),
            empty="这里列出租户、家庭成员等使用人。",
        ),
        Page(
            listing="areas",
            row_deeds=(),
            filters=("building", "on"),
            empty="这里列出每套房屋的面积和依据。",
        ),
        Page(
            listing="vehicles",
            deeds=("owners.add_vehicle",),
            row_deeds=("owners.edit_vehicle", "owners.end_vehicle"),
            filters=("on",),
            empty="这里列出登记的车辆和所用车位。",
        ),
        Page(
            listing="caretakers",
            deeds=("owners.assign_caretaker",),
            row_deeds=("owners.end_caretaking",),
            filters=("building", "on"),
            empty="这里列出楼栋和房屋的管家、收费员。",
        ),
        Page(
            listing="buildings",
            deeds=("owners.add_building",),
            row_deeds=("owners.edit_building", "owners.retire_building", "owners.restore_building"),
            filters=(),
            empty="这里列出楼栋和停车区。",
        ),
        Page(
            listing="entrances",
            deeds=("owners.add_entrance",),
            row_deeds=("owners.edit_entrance", "owners.retire_entrance", "owners.restore_entrance"),
            filters=("building",),
            empty="这里列出各楼栋的单元。",
        ),
        Page(
            listing="communities",
            deeds=("owners.add_community",),
            row_deeds=("owners.edit_community", "owners.retire_community", "owners.restore_community"),
            filters=(),
            empty="先登记小区，再登记楼栋和房屋。",
        ),
    )


PANEL = OwnersPanel
