"""仓库规则: how warm and damp it may be, how much of a dish is kept back and how long. One row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from models.base import Record
from models.canteen.items import StockItem, Storage
from models.canteen.rights import RULES, VIEW
from models.deeds import deed, reaches_everybody
from models.fields import CountField, TemperatureField
from models.inputs import edits_of
from models.listings import Filters, Listing, Shown, listing


class StoreRules(Record):
    """仓库规则: what the weekly check and the food samples go by."""

    cool_most = TemperatureField(default=Decimal("8.0"), verbose_name="冷藏最高℃")
    frozen_most = TemperatureField(default=Decimal("-18.0"), verbose_name="冷冻最高℃")
    damp_most = CountField(low=30, high=100, default=70, verbose_name="库房湿度最高%")
    sample_grams = CountField(low=50, high=1000, default=125, verbose_name="每样留样克数")
    sample_hours = CountField(low=24, high=240, default=48, verbose_name="留样小时数")

    class Meta:
        title = "仓库规则"

    def label(self) -> str:
        """Return what it is: there is one."""
        return "仓库规则"

    @deed(
        "canteen.edit_rules", "修改仓库规则", RULES, undo="canteen.edit_rules",
        inputs=edits_of(
            lambda: StoreRules, "cool_most", "frozen_most", "damp_most", "sample_grams", "sample_hours"
        ),
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change what the next checks and samples go by."""
        return self.change(**values)


reaches_everybody(StoreRules)


def rules() -> StoreRules:
    """Return the rules of the office."""
    found: StoreRules = StoreRules.select().order_by(StoreRules.id).first()
    return found


def too_warm(item: StockItem, temperature: Decimal) -> str:
    """Return why goods that came so warm are not taken in; empty where they may be (温度不符)."""
    most = {Storage.COOL: rules().cool_most, Storage.FROZEN: rules().frozen_most}.get(item.storage)
    if most is None or temperature <= most:
        return ""
    return f"{item.label()} 到货 {temperature} ℃，高于{item.storage.name_of}的 {most} ℃，不能收"


@listing("store_rules", "仓库规则", "canteen", VIEW)
def store_rules(filters: Filters) -> Listing:
    """The one row of rules."""
    columns = (
        Shown("cool_most", StoreRules.cool_most),
        Shown("frozen_most", StoreRules.frozen_most),
        Shown("damp_most", StoreRules.damp_most, total=False),
        Shown("sample_grams", StoreRules.sample_grams, total=False),
        Shown("sample_hours", StoreRules.sample_hours, total=False),
    )
    return Listing(StoreRules.select(), columns, id=StoreRules.id, record=StoreRules)
