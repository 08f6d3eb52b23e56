"""FE-17 收费标准公示表: what is charged, by which standard and on what ground, to be hung up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.fees.items import FeeItem
from models.fees.pricelist import DepositTerms, PublicItem, public_items, public_services, public_terms
from models.fees.rights import VIEW
from models.fees.services import Service
from models.fields import PriceField
from models.office.profile import Profile, profile
from reports.paper import A4_LANDSCAPE, Column, Field, Form, Note, Sheet, Sign, Table, declare
from reports.papers import PaperRequest, paper

RULES = (
    "除本表所列和双方另有书面约定的以外，不收其他费用；代收的费用不加收手续费；"
    "押金单独保管，不作收入，按约定退还。"
)
LAW = "依据《民法典》第九百四十三条、《物业管理条例》第四十条公示。"
_POSTED = "自 ______ 年 ____ 月 ____ 日起至 ______ 年 ____ 月 ____ 日止"

FORM = declare(
    Form(
        code="FE-17",
        title="收费标准公示表",
        module="fees",
        paper=A4_LANDSCAPE,
        lead=(Field("day", "价格日期", kind="date"),),
        columns=(
            Column("序号", 10, "number"),
            Column(FeeItem.category, 22),
            Column(FeeItem.name, 40),
            Column(FeeItem.basis, 34),
            Column("收费标准", 46),
            Column("下次调价", 40),
            Column("周期", 18, "center"),
            Column("截止日", 14, "center"),
            Column(FeeItem.agreed, 33),
        ),
        blank_rows=8,
        more=(
            Table(
                (
                    Column("序号", 10, "number"),
                    Column(Service.name, 75),
                    Column(Service.measure, 25, "center"),
                    Column("单价（元）", 30, "number"),
                    Column(Service.agreed, 117),
                ),
                name="services",
                caption="特约服务（一次一收，业主自愿选用）",
                blank_rows=6,
            ),
            Table(
                (
                    Column(DepositTerms.kind, 40),
                    Column("标准（元）", 30, "money"),
                    Column(DepositTerms.refund, 80),
                    Column(DepositTerms.agreed, 107),
                ),
                name="deposits",
                caption="押金（不是收入，按约定退还）",
                blank_rows=4,
                together=True,
            ),
        ),
        notes=(("说明", RULES), ("公示依据", LAW), ("公示期间", _POSTED)),
        signatures=("制表", "主任", Sign("公示单位（盖章）", 60, 18)),
        number_rule="SFGS-YYYYMMDD",
        retention="现行",
    )
)


@paper("FE-17", VIEW, "period", blank_notes=lambda: _notes(profile()))
def price_sheet(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the sheet with the prices of a day: the first of the period, today where none is named."""
    day = request.period.first if request.period is not None else date.today()
    office = profile()
    yield Sheet(
        FORM,
        number=f"SFGS-{day:%Y%m%d}",
        values={"day": day},
        rows=[_row(number, one) for number, one in enumerate(public_items(day), start=1)],
        tables={
            "services": [
                (number, one.name, one.measure, PriceField().show(one.price), one.agreed)
                for number, one in enumerate(public_services(), start=1)
            ],
            "deposits": [(one.kind.value, one.amount, one.refund, one.agreed) for one in public_terms()],
        },
        notes=_notes(office),
        signed={"制表": request.printed_by, "公示单位（盖章）": office.seal_place or ""},
    )


def _row(number: int, one: PublicItem) -> tuple[str | int | None, ...]:
    item = one.item
    name = f"{item.name}（代收）" if item.collected else str(item.name)
    cycle = "每月" if item.cycle == 1 else f"每 {item.cycle} 个月"
    place = (number, item.category.value, name)
    return (*place, one.how, one.price, one.later or None, cycle, f"{one.due_day} 日", item.agreed)


def _notes(office: Profile) -> list[Note]:
    """Return where to ask and to complain."""
    told = [office.telephone or "____________"]
    told += [office.address] if office.address else []
    told += [office.window_hours] if office.window_hours else []
    return [("咨询、投诉电话", "；".join(told) + "。")]
