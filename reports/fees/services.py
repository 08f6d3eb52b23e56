"""FE-14 特服费用单: one service done for a house and what it costs, confirmed by who lives there."""

from __future__ import annotations

from models.errors import BadInput
from models.fees.bills import Bill
from models.fees.rights import CHARGE
from models.fees.services import Service, ServiceSlip, SlipState
from models.fees.within import within
from models.fields import PriceField
from models.money import capitals, to_scaled
from models.months import chinese_day
from models.owners.estate import Unit
from reports.numbered import by_number
from reports.paper import A5_LANDSCAPE, Column, Field, Form, Note, Sheet, Sign, Total, declare, open_total
from reports.papers import Filled, PaperRequest, paper

FORM = declare(
    Form(
        code="FE-14",
        title="特服费用单",
        module="fees",
        paper=A5_LANDSCAPE,
        lead=(Field("on", ServiceSlip.on, kind="date"),),
        head=(
            Field("unit", Unit.code, span=4),
            Field("payer", Bill.payer, span=8),
            Field("item", Service.item, span=6),
            Field("due", Bill.due, span=6, kind="date"),
        ),
        columns=(
            Column(ServiceSlip.name, 72),
            Column(ServiceSlip.measure, 20, "center"),
            Column(ServiceSlip.quantity, 22, "number"),
            Column("单价（元）", 30, "number"),
            Column("金额（元）", 38, "money"),
        ),
        min_rows=3,
        size=9.5,
        totals=(open_total("合计", 5, [4]), Total("人民币（大写）", text="人民币")),
        notes=("本单是收费凭据，不是收据，也不作发票使用；缴费后开给收据。收费标准见收费标准公示表。",),
        signatures=("开单", Sign("业主（住户）确认", 30), Sign("确认日期", 26)),
        copies=("存根联", "业主联"),
        number_rule="TFD-YYYYMM-NNNN",
        retention="R10",
    )
)


@paper("FE-14", CHARGE, "number", "unit", "period")
def slips(request: PaperRequest) -> Filled:
    """Fill in slips by their numbers, or those of a unit or a period."""
    wanted = _wanted(request)
    return Filled((_sheet(slip) for slip in wanted), len(wanted))


def _wanted(request: PaperRequest) -> list[ServiceSlip]:
    if request.number is not None:
        return list(by_number(ServiceSlip, request.number, CHARGE))
    if request.unit is None and request.period is None:
        raise BadInput("请写明特服单号，或房号，或日期，例如 TFD-202611-0001。", "number")
    query = ServiceSlip.select().where(
        ServiceSlip.id > 0, *within(ServiceSlip.unit, unit=request.unit, right=CHARGE)
    )
    if request.period is not None:
        query = query.where(ServiceSlip.on.between(request.period.first, request.period.last))
    return list(query.order_by(ServiceSlip.number))


def _sheet(slip: ServiceSlip) -> Sheet:
    line = Bill.get(Bill.source == slip.number)
    void = slip.state is SlipState.VOID
    return Sheet(
        FORM,
        number=slip.number,
        values={
            "on": slip.on,
            "unit": slip.unit.chinese,
            "payer": line.payer.name if line.payer else "产权人",
            "item": line.item.name,
            "due": line.due,
        },
        rows=[(slip.name, slip.measure, slip.quantity, PriceField().show(slip.price), slip.amount)],
        totals=(
            Total("合计", (None, None, None, None, slip.amount)),
            Total("人民币（大写）", text="人民币" + capitals(to_scaled(slip.amount, 2))),
        ),
        notes=_notes(slip),
        signed={"开单": slip.made_by},
        watermark="作废" if void else "",
    )


def _notes(slip: ServiceSlip) -> list[Note]:
    told: list[Note] = [("备注", slip.note)] if slip.note else []
    if slip.state is SlipState.VOID:
        when = f"{chinese_day(slip.voided_at)} {slip.voided_at:%H:%M}"
        told.append(f"本单已作废：{slip.void_reason}（{slip.voided_by}，{when}）。")
    return told
