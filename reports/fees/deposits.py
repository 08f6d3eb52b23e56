"""FE-15 押金收据 and FE-16 押金退还单: what is held for somebody, and what of it is given back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from models.deeds import actor, refuse, within_scope
from models.errors import BadInput
from models.fees.depositing import count_deposit_prints, count_refund_prints
from models.fees.deposits import Deposit, DepositEntry, EntryKind, live_entries
from models.fees.rights import DEPOSITS, RECEIVE
from models.fees.within import within
from models.money import capitals, to_scaled
from models.months import chinese_day
from models.owners.estate import Unit
from reports.numbered import numbers_in
from reports.paper import A4, RECEIPT, Column, Field, Form, Note, Sheet, Sign, Total, declare, open_total
from reports.papers import Filled, PaperRequest, paper

_WAYS = ("现金", "转账", "微信", "支付宝", "POS")

TAKEN = declare(
    Form(
        code="FE-15",
        title="押金收据",
        module="fees",
        paper=RECEIPT,
        lead=(Field("on", Deposit.on, kind="date"),),
        head=(
            Field("payer", Deposit.payer_name, span=5),
            Field("unit", Unit.code, span=3),
            Field("due", Deposit.refund_due, span=4, kind="date"),
            Field("method", DepositEntry.method, span=7, choices=_WAYS),
            Field("reference", DepositEntry.reference, span=5),
            Field("agreed", Deposit.agreed, span=12),
        ),
        columns=(Column(Deposit.kind, 70), Column(Deposit.note, 91), Column("金额（元）", 60, "money")),
        min_rows=2,
        size=9.5,
        totals=(open_total("合计", 3, [2]), Total("人民币（大写）", text="人民币")),
        notes=("押金，不作收入，不作发票使用。退还时凭本收据办理，扣款按约定逐项列明并由交款人签认。",),
        signatures=(Sign("收款单位（财务章）", 40, 12), "收款人", "开票人", "交款人"),
        copies=("存根联", "客户联", "记账联"),
        number_rule="YAJ-YYYYMM-NNN",
        retention="R30",
    )
)

REFUND = declare(
    Form(
        code="FE-16",
        title="押金退还单",
        module="fees",
        paper=A4,
        lead=(Field("on", "日期", kind="date"),),
        head=(
            Field("unit", Unit.code, span=4),
            Field("kind", Deposit.kind, span=4),
            Field("deposit", "押金收据号", span=4, kind="code"),
            Field("payer", Deposit.payer_name, span=8),
            Field("taken", Deposit.on, span=4, kind="date"),
            Field("agreed", Deposit.agreed, span=12),
            Field("receiver", DepositEntry.receiver, span=6),
            Field("account", DepositEntry.account, span=6),
            Field("method", "退款方式", span=7, choices=_WAYS),
            Field("reference", DepositEntry.reference, span=5),
        ),
        columns=(
            Column("序号", 12, "number"),
            Column("扣款日期", 26, "day"),
            Column("扣款单号", 38, "code"),
            Column("扣款事由", 66),
            Column("扣款金额（元）", 28, "money", summed=True),
        ),
        min_rows=6,
        totals=(
            open_total("实收押金", 5, [4]),
            open_total("减：扣款合计", 5, [4]),
            open_total("应退金额", 5, [4]),
            Total("应退（大写）", text="人民币"),
        ),
        notes=(
            (
                "说明",
                "应退＝实收押金－扣款合计。扣款依约定逐项列明，领款人签字即确认；押金收据客户联收回附后。",
            ),
        ),
        signatures=("经办", "工程", "客服", Sign("主任批准退款", 30), Sign("领款人签字", 30)),
        number_rule="YAT-YYYYMM-NNN",
        retention="R30",
    )
)


@paper("FE-15", RECEIVE, "number", "unit", "period")
def deposit_receipts(request: PaperRequest) -> Filled:
    """Fill in deposit receipts by number, or those of a unit or a period; what was printed is counted."""
    wanted = _taken(request)
    sheets = (_receipt(entry, request.printed_by) for entry in wanted)
    return Filled(
        sheets, len(wanted), printed=lambda out: count_deposit_prints([wanted[number] for number in out])
    )


@paper("FE-16", DEPOSITS, "number")
def refund_vouchers(request: PaperRequest) -> Filled:
    """Fill in vouchers by their numbers or those of deposits; one still held gives a draft to be signed.

    Only vouchers that were made are counted as prints.
    """
    if request.number is None:
        raise BadInput("请写明押金单号或退还单号，例如 YAJ-202611-001。", "number")
    wanted = [_settled(number) for number in numbers_in(request.number)]
    sheets = (_voucher(deposit, entry, request.printed_by) for deposit, entry in wanted)

    def count(out: Iterable[int]) -> None:
        made = [entry for entry in (wanted[number][1] for number in out) if entry is not None]
        if made:
            count_refund_prints(made)

    return Filled(sheets, len(wanted), printed=count)


def _reached(entry: DepositEntry, right: str) -> DepositEntry:
    if not within_scope(entry, actor(), right):
        refuse("fees.count_deposit_prints", f"押金单 {entry.number} 不在您负责的范围内，不能打印。")
    return entry


def _taken(request: PaperRequest) -> list[DepositEntry]:
    if request.number is not None:
        found = [Deposit.find(number) for number in numbers_in(request.number)]
        return [_reached(DepositEntry.find(deposit.number), RECEIVE) for deposit in found]
    if request.unit is None and request.period is None:
        raise BadInput("请写明押金单号，或房号，或日期，例如 YAJ-202611-001。", "number")
    query = DepositEntry.select(DepositEntry, Deposit).join(Deposit)
    mine = (DepositEntry.kind == EntryKind.TAKEN) & DepositEntry.reverses.is_null()
    query = query.where(mine, *within(Deposit.unit, unit=request.unit, right=RECEIVE))
    if request.period is not None:
        query = query.where(DepositEntry.on.between(request.period.first, request.period.last))
    return list(query.order_by(DepositEntry.number))


def _settled(number: str) -> tuple[Deposit, DepositEntry | None]:
    """Return a deposit and the row by which it was given back, None while it is held."""
    entry = _reached(DepositEntry.find(number), DEPOSITS)
    if entry.kind is EntryKind.REFUNDED:
        return entry.deposit, entry
    live = live_entries(entry.deposit)
    if not live:
        raise BadInput(f"押金 {entry.deposit.number} 已作废，没有可退的。", "number")
    return entry.deposit, live[-1] if live[-1].kind is EntryKind.REFUNDED else None


def _receipt(entry: DepositEntry, printed_by: str) -> Sheet:
    deposit, void = entry.deposit, entry.reversal
    return Sheet(
        TAKEN,
        number=deposit.number,
        values={
            "on": deposit.on,
            "payer": deposit.payer_name,
            "unit": deposit.unit.chinese,
            "due": deposit.refund_due,
            "method": entry.method.value,
            "reference": entry.reference,
            "agreed": deposit.agreed,
        },
        rows=[(deposit.kind.value, deposit.note, deposit.amount)],
        totals=(
            Total("合计", (None, None, deposit.amount)),
            Total("人民币（大写）", text=_words(deposit.amount)),
        ),
        notes=_void(void, "三联收齐后订在存根上。"),
        signed={"收款人": entry.made_by, "开票人": printed_by},
        watermark=_mark(entry, void),
    )


def _voucher(deposit: Deposit, entry: DepositEntry | None, printed_by: str) -> Sheet:
    taken, deducted = deposit.amount, _deducted(deposit, entry)
    off = sum((-one.amount for one in deducted), start=Decimal(0))
    values = {
        "unit": deposit.unit.chinese,
        "kind": deposit.kind.value,
        "deposit": deposit.number,
        "payer": deposit.payer_name,
        "taken": deposit.on,
        "agreed": deposit.agreed,
    }
    if entry is not None:
        values |= {
            "on": entry.on,
            "receiver": entry.receiver,
            "account": entry.account,
            "method": entry.method.value if entry.method else None,
            "reference": entry.reference,
        }
    void = entry.reversal if entry is not None else None
    return Sheet(
        REFUND,
        number=entry.number if entry is not None else "",
        values=values,
        rows=[
            (position, one.on, one.number, one.reason, -one.amount)
            for position, one in enumerate(deducted, start=1)
        ],
        totals=_totals(taken, off),
        notes=_void(void, "") if entry is not None else [("草稿", "尚未登记退还，供审批签字。")],
        signed={"经办": entry.made_by if entry is not None else printed_by},
        watermark=_mark(entry, void),
    )


def _deducted(deposit: Deposit, entry: DepositEntry | None) -> list[DepositEntry]:
    """Return the deductions of a voucher, also one that is void with them: those that came before it."""
    if entry is None or entry.reversal is None:
        return [one for one in live_entries(deposit) if one.kind is EntryKind.DEDUCTED]
    before = deposit.entries.where(
        (DepositEntry.kind == EntryKind.DEDUCTED)
        & DepositEntry.reverses.is_null()
        & (DepositEntry.id < entry.id)
    )
    gone = DepositEntry.select(DepositEntry.reverses).where(
        DepositEntry.reverses.is_null(False) & (DepositEntry.id < entry.id)
    )
    return list(before.where(DepositEntry.id.not_in(gone)).order_by(DepositEntry.id))


def _totals(taken: Decimal, off: Decimal) -> tuple[Total, ...]:
    before = (None,) * 4
    return (
        Total("实收押金", (*before, taken)),
        Total("减：扣款合计", (*before, off)),
        Total("应退金额", (*before, taken - off)),
        Total("应退（大写）", text=_words(taken - off)),
    )


def _words(amount: Decimal) -> str:
    return f"人民币{capitals(to_scaled(amount, 2))}" if amount else "押金已扣完，无应退金额"


def _mark(entry: DepositEntry | None, void: DepositEntry | None) -> str:
    if entry is None:
        return "草稿"
    if void is not None:
        return "作废"
    return f"补打第 {entry.prints} 次" if entry.prints else ""


def _void(void: DepositEntry | None, after: str) -> list[Note]:
    if void is None:
        return []
    when = f"{chinese_day(void.made_at)} {void.made_at:%H:%M}"
    return [f"本单已作废：{void.reason}（{void.made_by}，{when}）。{after}"]
