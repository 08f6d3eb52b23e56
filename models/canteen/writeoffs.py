"""报损 (CA-09): spoilt or expired goods are destroyed so that nobody can use them, before a witness.

What is written off is approved by supervisor, manager and finance (forms.md A5); how it was destroyed and who
saw it is kept (无害化处理如实记录, B11.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from models.attachments import keeps_files
from models.base import Record, journal
from models.canteen.items import LEAST, StockItem
from models.canteen.lots import StockLot
from models.canteen.moves import MoveKind, StockMove, post, share_of
from models.canteen.rights import STORE, VIEW
from models.clock import now
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput
from models.fields import ChoiceField, DayField, LineField, LinkField, MomentField, NumberField, StockField
from models.inputs import Asked, Input
from models.money import thousands
from models.office.approvals import number_for
from models.office.chains import Step, approvable
from models.office.staff import Staff
from models.rows import RowRefused, RowsField
from models.search import finds_numbered
from models.series import Series
from models.text import few

WRITE_OFFS = Series("BSD", "物品报损单", digits=2)
ROWS = "rows"


class Spoilt(Enum):
    """Why goods are written off."""

    EXPIRED = "过期"
    MOULDY = "霉变变质"
    BROKEN = "破损"
    PESTS = "虫鼠害"
    WARM = "断电升温"
    OTHER = "其他"


class Disposal(Enum):
    """How goods are destroyed."""

    DYED = "染色毁形"
    HARMLESS = "无害化处理"
    SCRAPPED = "拆解报废"


class WriteOff(Record):
    """物品报损单: what was written off at once."""

    number = NumberField(verbose_name="报损单号")
    day = DayField(index=True, verbose_name="报损日期")
    disposal = ChoiceField(Disposal, verbose_name="销毁方式")
    witness = LineField(max_length=40, verbose_name="见证人")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="申请人")

    key_field = "number"

    class Meta:
        title = "物品报损单"

    def described(self) -> str:
        """Return BSD-202611-01，2 项，86.40 元."""
        amounts = [-line.move.amount for line in self.lines]
        return f"{self.number}，{len(amounts)} 项，{thousands(sum(amounts, Decimal('0.00')))} 元"


class WriteOffLine(Record):
    """报损明细: so much of one lot."""

    write_off = LinkField(WriteOff, backref="lines", verbose_name="报损单")
    lot = LinkField(StockLot, backref="+", verbose_name="批次")
    move = LinkField(StockMove, unique=True, backref="+", verbose_name="流水")
    quantity = StockField(verbose_name="数量")
    reason = ChoiceField(Spoilt, verbose_name="原因")
    words = LineField(max_length=80, null=True, verbose_name="说明")

    class Meta:
        title = "报损明细"


reaches_everybody(WriteOff, WriteOffLine)
keeps_files(WriteOff, VIEW)
finds_numbered(VIEW, "BSD", WriteOff, "write_offs", "物品报损单", lambda one: one.described())


def expired_lots(day: date) -> list[StockLot]:
    """Return the lots of which something is there though they expired before a day, the oldest first."""
    gone = (StockLot.stock > StockLot.held) & (StockLot.expires_on < day)
    return list(StockLot.select().where(gone).order_by(StockLot.expires_on, StockLot.id))


def _inputs() -> list[Input]:
    return [
        Input("lot", LinkField(StockLot, verbose_name="批次").roomier(20), required=True),
        Input("quantity", StockField(low=LEAST, verbose_name="数量"), required=True),
        Input("reason", ChoiceField(Spoilt, verbose_name="原因"), required=True),
        Input("words", LineField(max_length=80, null=True, verbose_name="说明"), required=False),
    ]  # fmt: skip


@deed("canteen.write_off", "报损", STORE, danger=True, question="报损的物品销毁后不能再用，库存相应减少。")
def write_off(
    rows: Annotated[list[dict[str, Any]], Asked(RowsField(_inputs, verbose_name="物品"))],
    disposal: Annotated[Disposal, Asked(ChoiceField(Disposal, verbose_name="销毁方式"))],
    witness: Annotated[Staff, Asked(LinkField(Staff, verbose_name="见证人"))],
) -> WriteOff:
    """Write goods off, expired ones and those set apart too.

    Raises:
        RowRefused: a lot stands twice, less of it is there, the rest waits to go back to its supplier, or it
            is said to have expired and did not.
        BadInput: who sees it is the person who writes it off.
    """
    if witness.name == actor().name:
        raise BadInput(f"见证人不能是申请人自己（{witness.name}）。请另选一位。", "witness")
    _check(rows)
    made = WriteOff.add(
        number=number_for("canteen.write_off", now().date()), day=now().date(), disposal=disposal,
        witness=witness.name, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    for row in rows:
        lot, quantity = row["lot"], row["quantity"]
        move = post(lot, MoveKind.WRITTEN_OFF, quantity, made.day, made.number, words=row.get("words"))
        WriteOffLine.add(
            write_off=made, lot=lot, move=move, quantity=quantity, reason=row["reason"],
            words=row.get("words"),
        )  # fmt: skip
    journal().subject = made
    return made


def _check(rows: Sequence[Mapping[str, Any]]) -> None:
    seen = set()
    for number, row in enumerate(rows):
        lot = StockLot.get_by_id(row["lot"].id)
        if lot.id in seen:
            raise RowRefused(f"批次 {lot.code} 写了两行。请合成一行。", ROWS, number, "lot")
        seen.add(lot.id)
        if row["reason"] is Spoilt.EXPIRED and not lot.expired(now().date()):
            told = f"批次 {lot.code} 还没有过期" + (f"（{lot.expires_on} 到期）" if lot.expires_on else "")
            raise RowRefused(f"{told}。请选别的原因。", ROWS, number, "reason")
        there, quantity = lot.stock - lot.held, row["quantity"]
        if quantity > there:
            waits = f"（另有 {lot.item.told(lot.held)} 待退）" if lot.held else ""
            told = f"批次 {lot.code} 结存 {lot.item.told(there)}{waits}"
            raise RowRefused(f"{told}，不能报损 {lot.item.told(quantity)}。", ROWS, number, "quantity")


def _total(values: Mapping[str, Any]) -> Decimal:
    """Return in 元 what is applied for, at the average of the day; it is booked at that of its own day."""
    found = Decimal("0.00")
    for row in values["rows"]:
        item = StockItem.get_by_id(row["lot"].item_id)
        found += share_of(item.value, row["quantity"], item.stock)
    return found


def _about(values: Mapping[str, Any]) -> str:
    """Return what is applied for: which lots, how much of each and why."""
    told = []
    for row in values["rows"]:
        lot: StockLot = row["lot"]
        quantity = lot.item.told(row["quantity"])
        told.append(f"{lot.item.label()} {lot.code} {quantity} {row['reason'].value}")
    return f"{few(told, '批', 4)}；{values['disposal'].value}，见证人 {values['witness'].name}"


approvable(
    "canteen.write_off",
    default=(Step("客服主管", "主管"), Step("管理处主任", "经理"), Step("会计", "财务")),
    series=WRITE_OFFS,
    on=True,
    amount=_total,
    about=_about,
    steady=False,
)
