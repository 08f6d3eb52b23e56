"""FE-02 交费通知单 and FE-03 派发签收表: what each unit is told it owes, and who was handed it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from models.errors import BadInput
from models.fees.bills import Bill
from models.fees.dunning.notice_delivering import NoticeDelivery, handed
from models.fees.items import FeeItem
from models.fees.late_terms import told_on
from models.fees.notices import AHEAD, Notice, NoticeRow, NoticeRun
from models.fees.rights import VIEW
from models.fees.schedule import buildings_of_units
from models.money import capitals, to_scaled
from models.months import chinese_day
from models.office.profile import Profile, profile
from models.owners.caretaking import carers_on
from models.owners.estate import Unit
from reports.paper import (
    A4,
    A4_LANDSCAPE,
    Column,
    Field,
    Form,
    Note,
    Sheet,
    Sign,
    Stub,
    Total,
    declare,
    open_total,
)
from reports.papers import Filled, PaperRequest, paper

_BY_HAND = ("", "", "", "", "")
_COUNTS = "应派 {} 户　　已派 ______ 户　　未派 ______ 户"

NOTICE = declare(
    Form(
        code="FE-02",
        title="交费通知单",
        module="fees",
        paper=A4,
        head=(
            Field("unit", Unit.code, span=4),
            Field("payee", "致", span=8),
            Field("period", "计费周期", span=4),
            Field("issued", "出单日", span=4, kind="date"),
            Field("due", Bill.due, span=4, kind="date"),
        ),
        columns=(
            Column(FeeItem.name, 30),
            Column("计算依据", 64),
            Column(Bill.price, 20, "number", places=4),
            Column(Bill.quantity, 20, "number"),
            Column("金额（元）", 26, "money"),
            Column("备注", 10),
        ),
        totals=(
            open_total("本期小计", 6, [4]),
            open_total("往期欠费小计", 6, [4]),
            open_total("合计（大写）", 6, [4], "人民币"),
        ),
        signatures=("制单", Sign("盖章处", 60, 18)),
        copies=(
            "通知联",
            Stub(
                "回执联",
                (
                    Field("unit", Unit.code, span=4),
                    Field("payee", "致", span=8, lines=2),  # as high for all, so that a pile is cut at once
                    Field("period", "计费周期", span=4),
                    Field("total", "合计金额", span=4, kind="money"),
                    Field("due", Bill.due, span=4, kind="date"),
                ),
                signatures=("签收人", "签收日期", "派发人"),
            ),
        ),
        stacked=True,
        number_rule="JF-YYYYMM-房号",
        retention="R3",
    )
)

DISTRIBUTION = declare(
    Form(
        code="FE-03",
        title="交费通知单派发签收表",
        module="fees",
        paper=A4_LANDSCAPE,
        lead=(Field("building", "楼栋"), Field("period", "月份"), Field("collector", "收费员")),
        columns=(
            Column("序号", 12, "number"),
            Column(Unit.code, 26, "code"),
            Column("业主", 34),
            Column("通知单号", 44, "code"),
            Column("金额（元）", 28, "money", summed=True),
            Column("派发方式", 20, "center", by_hand=True),
            Column("派发时间", 28, "center", by_hand=True),
            Column("签收", 28, "center", by_hand=True),
            Column("派发人", 22, "center", by_hand=True),
            Column("备注", 15, by_hand=True),
        ),
        page_subtotal="本页小计",
        totals=(open_total("合计", 10, [4]), Total("派发", text=_COUNTS.format("______"))),
        notes=(
            ("派发方式", "面交、信箱、微信、邮寄。不张贴：通知单上有姓名和金额，贴出来就公开了业主的欠费。"),
        ),
        signatures=("派发人", "客服主管"),
        number_rule="PF-YYYYMM-楼",
        retention="R3",
    )
)


@paper(
    "FE-02", VIEW, "period", "unit", "building", "number", blank_notes=lambda: _notes(profile())
)  # fmt: skip
def notices(request: PaperRequest) -> Filled:
    """Fill in the notices of a month: all, a unit's own or a whole building's."""
    run = _run(request)
    remarks: list[str] = []

    def sheets() -> Iterator[Sheet]:
        office = profile()
        notes = _notes(office)  # the same on all of them
        with tempfile.TemporaryDirectory() as folder:
            picture = _picture(office, Path(folder))
            for notice in run:
                if request.number in (None, notice.number):
                    yield _sheet(notice, office, notes, request.printed_by, picture)
        if run.settled and request.number is None:
            remarks.append(f"另有 {run.settled} 户不欠费，没有出通知单。")

    return Filled(sheets(), remarks=remarks)


@paper("FE-03", VIEW, "period", "building")
def distribution(request: PaperRequest) -> Iterator[Sheet]:
    """Fill in the lists by which notices are handed out, one a building and collector."""
    run = _run(request)
    known = handed(run.month)
    places, collectors = buildings_of_units(), carers_on(run.month.last)
    groups: dict[tuple[str, str], list[Notice]] = {}
    for notice in run:
        collector = collectors[notice.unit].name if notice.unit in collectors else ""
        groups.setdefault((places[notice.unit], collector), []).append(notice)
    lists: dict[str, int] = {}
    for (building, collector), mine in groups.items():
        lists[building] = lists.get(building, 0) + 1
        rows: list[tuple[str | int | Decimal, ...]] = [
            (number, one.code, one.payee.address_line, one.number, one.total, *_handed(known.get(one.unit)))
            for number, one in enumerate(mine, start=1)
        ]
        total = sum((one.total for one in mine), start=Decimal(0))
        counts = _counts(len(mine), sum(one.unit in known for one in mine))
        number = f"PF-{run.month.number}-{building}"
        yield Sheet(
            DISTRIBUTION,
            number=number if lists[building] == 1 else f"{number}-{lists[building]}",
            values={"building": building, "period": run.month.chinese, "collector": collector},
            rows=rows,
            totals=(Total("合计", (None, None, None, None, total, *[None] * 5)), Total("派发", text=counts)),
        )


def _handed(one: NoticeDelivery | None) -> tuple[str, ...]:
    """Return how a notice was handed out; to be filled in by hand where nothing is entered."""
    if one is None:
        return _BY_HAND
    return (one.way.value, f"{one.at:%m-%d %H:%M}", one.signed_by or "", one.by.name, one.note or "")


def _counts(all_of_them: int, handed_out: int) -> str:
    """Return how many are to be handed out, and how many were once anything is entered."""
    if not handed_out:
        return _COUNTS.format(all_of_them)
    return f"应派 {all_of_them} 户　　已派 {handed_out} 户　　未派 {all_of_them - handed_out} 户"


def _run(request: PaperRequest) -> NoticeRun:
    if request.period is None:
        raise BadInput("请写明是哪个月的通知单，例如 2026-11。", "period")
    units = None
    if request.unit is not None:
        units = [request.unit.id]
    elif request.building is not None:
        units = [unit.id for unit in request.building.units]
    return NoticeRun(request.period.require_month(), units)


def _sheet(
    notice: Notice, office: Profile, notes: Sequence[Note], printed_by: str, picture: Path | None
) -> Sheet:
    first, last = notice.month.first, notice.month.last
    return Sheet(
        NOTICE,
        number=notice.number,
        values={
            "unit": notice.place,
            "payee": notice.payee.address_line,
            "period": f"{first.year}年{first.month}月{first.day}日至{last.day}日",
            "issued": date.today(),
            "due": notice.due,
            "total": notice.total,
        },
        rows=[_row(row) for row in (*notice.current, *notice.past)],
        totals=_totals(notice),
        notes=[*_as_of(notice), *notes],
        signed={"制单": printed_by, "盖章处": office.seal_place or ""},
        picture=picture,
        picture_label="扫码缴费" if picture else "",
    )


def _row(row: NoticeRow) -> tuple[str | Decimal | None, ...]:
    return (row.item, row.basis, row.price, row.quantity, row.amount, row.remark)


def _totals(notice: Notice) -> list[Total]:
    totals = [Total("本期小计", _amount(notice.charged))]
    if notice.paid:
        totals.append(Total("减：本期已收", _amount(notice.paid)))
    if notice.past:
        ahead = any(row.item == AHEAD for row in notice.past)
        totals.append(Total(f"往期欠费{'及以后各月' if ahead else ''}小计", _amount(notice.past_due)))
    words = "人民币" + capitals(to_scaled(notice.total, 2))
    return [*totals, Total("合计（大写）", _amount(notice.total), text=words)]


def _amount(amount: Decimal) -> tuple[Decimal | None, ...]:
    return (None, None, None, None, amount, None)


def _as_of(notice: Notice) -> list[tuple[str, str]]:
    """Say of which day the figures are, where the notice is printed after its due day."""
    if date.today() <= notice.as_of:
        return []
    return [("截止", f"本单按 {chinese_day(notice.as_of)} 的欠费计算，此后的缴款、减免和红冲没有扣除。")]


def _notes(office: Profile) -> list[Note]:
    told = ("缴费方式", office.ways_to_pay)
    asks = f"对金额有异议，请在 {office.objection_days} 日内"
    asks += f"致电 {office.telephone} 查询" if office.telephone else "到服务中心查询"
    late = told_on(date.today())
    return [told, *([("违约金", late)] if late else []), ("异议期限", f"{asks}，我们逐项说明计算依据。")]


def _picture(office: Profile, folder: Path) -> Path | None:
    if not office.payee_qr:
        return None
    path = folder / "payee.png"
    path.write_bytes(bytes(office.payee_qr))
    return path
