"""代扣回盘: what the bank answered for each row; what it fetched is received, what it could not says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from models import imports
from models.base import Record, db, journal
from models.batches import AskedBatch, Batch, mark_undone, undone_by
from models.deeds import deed, require
from models.errors import BadInput, RuleBroken
from models.fees.banking.debits import DebitBatch, DebitRow, DebitState
from models.fees.banking.money import booking_day, receive_apart, void_apart
from models.fees.bills import Bill
from models.fees.payments import Method, Payment
from models.fees.rights import BANK
from models.fields import ChoiceField, CodeField, DayField, FlagField, LineField, LinkField, MoneyField
from models.imports import Column, Given, Layout, Line, Plan, Roster, SheetMap, kind, sheet_of
from models.imports.mapping import guess, headings
from models.inputs import Asked
from models.money import from_scaled, thousands
from models.text import narrow

ANSWERS = Layout("代扣回盘", [], 1)
KIND = "fees.answers"
"""Kind of batch."""


class Outcome(Enum):
    """What became of a row."""

    PAID = "已扣"
    FAILED = "失败"


class DebitAnswer(Record):
    """代扣回盘: the answer to one row."""

    row = LinkField(DebitRow, unique=True, backref="answers", verbose_name="代扣明细")
    batch = LinkField(Batch, backref="debit_answers", verbose_name="批次")
    outcome = ChoiceField(Outcome, verbose_name="结果")
    reason = LineField(max_length=80, null=True, verbose_name="失败原因")
    on = DayField(verbose_name="扣款日期")
    reference = CodeField(max_length=60, null=True, verbose_name="流水号")
    payment = LinkField(Payment, null=True, unique=True, backref="debit_answers", verbose_name="收款")
    told = LineField(max_length=120, null=True, verbose_name="说明")

    class Meta:
        title = "代扣回盘"

    def label(self) -> str:
        """Return KK-202611-001 第 3 行 1-1-101."""
        return str(self.row.label())


_answered: ContextVar[DebitBatch | None] = ContextVar("answered", default=None)


@contextmanager
def read_as(batch: DebitBatch) -> Iterator[None]:
    """Let answers that are read within the block be to a batch."""
    token = _answered.set(batch)
    try:
        yield
    finally:
        _answered.reset(token)


# -- reading ---------------------------------------------------------------------------------------

_PAID = (
    *("0000", "000000", "00", "Y", "是", "已扣", "已收"),
    *("成功", "交易成功", "扣款成功", "代扣成功", "处理成功", "收款成功", "已成功"),
)
"""Words for money that came; nothing else is taken for it, since 未成功 and 部分成功 end alike."""
_UNPAID = ("失败", "N", "F", "否")
_DENIED = ("失败", "未", "不", "非", "没", "冲正", "撤销", "退")
_REASONS = ("不足", "不符", "错误", "冻结", "销户", "无效", "异常", "拒绝", "挂失", "不存在", "超限", "失败")

kind(DebitAnswer, "row", differs="已回盘的不再改；错了的请撤销那一批回盘。", batch=KIND)


@sheet_of(
    ANSWERS,
    "代扣回盘",
    (
        Column(
            "position", LineField(max_length=20, verbose_name="序号"),
            known_as=("行号", "记录序号", "编号"),
        ),
        Column(
            "agreement", CodeField(max_length=40, verbose_name="协议号"),
            known_as=("合同号", "签约号", "授权号"),
        ),
        Column(
            "account", CodeField(max_length=40, verbose_name="账号"),
            known_as=("卡号", "客户账号", "付款账号", "扣款账号", "银行账号"),
        ),
        Column(
            "amount", MoneyField(verbose_name="金额"),
            known_as=("扣款金额", "交易金额", "实扣金额", "代扣金额", "金额(元)"),
        ),
        Column(
            "result", LineField(max_length=60, verbose_name="结果"), present=True, hint="成功 或 失败",
            known_as=("处理结果", "扣款结果", "状态", "交易状态", "返回码", "处理状态", "响应码", "交易结果"),
        ),
        Column(
            "reason", LineField(max_length=80, verbose_name="失败原因"),
            known_as=("原因", "返回信息", "描述", "响应信息", "备注", "错误信息"),
        ),
        Column(
            "on", DayField(verbose_name="扣款日期"), hint="没有填就是今天",
            known_as=("交易日期", "处理日期", "入账日期", "日期"),
        ),
        Column(
            "reference", CodeField(max_length=60, verbose_name="流水号"),
            known_as=("交易流水号", "银行流水号"),
        ),
    ),
    order=10,
)  # fmt: skip
def read_answers(lines: list[Line], roster: Roster) -> None:
    """Read what became of each row; every line must say which row it means, and for just its amount."""
    require(BANK)
    batch = _answered.get()
    if batch is None:
        raise BadInput("还没有选代扣批次。请先选批次，再读回盘文件。")
    if lines and "result" not in lines[0].values:
        raise BadInput("回盘文件里没有“结果”这一列。请用“对应列”说明结果在哪一列。")
    rows, references = _Rows(batch), _answered_before(batch)
    for line in lines:
        row = rows.meant_by(line)
        if row is not None:
            _add(line, row, roster, references)


def _answered_before(batch: DebitBatch) -> dict[str, str]:
    """Return the bank's references of answers to other batches, with the numbers of those."""
    query = DebitAnswer.select(DebitAnswer.reference, DebitBatch.number).join(DebitRow).join(DebitBatch)
    others = DebitAnswer.reference.is_null(False) & (DebitRow.batch != batch)
    return dict(db.execute(query.where(others)))


class _Rows:
    """The rows of a batch by all that a bank may name them by."""

    def __init__(self, batch: DebitBatch) -> None:
        self._batch = batch
        self._by: dict[str, dict[str, list[DebitRow]]] = {
            name: defaultdict(list) for name in ("position", "agreement", "account")
        }
        for row in DebitRow.select().where(DebitRow.batch == batch):
            for name, by in self._by.items():
                by[_key(getattr(row, name))].append(row)

    def meant_by(self, line: Line) -> DebitRow | None:
        """Return the one row that a line names; what it says of row, agreement and account must agree."""
        told = [name for name in self._by if line[name] is not None]
        if not told:
            line.error("", "没有序号、协议号和账号，不知道是哪一行", "请补上其中一样。")
            return None
        hits = [{row.id: row for row in self._by[name].get(_key(line[name]), ())} for name in told]
        both = set(hits[0]).intersection(*hits[1:])
        if len(both) == 1:
            return hits[0][both.pop()]
        if not any(hits):
            line.error(told[0], f"批次 {self._batch.number} 里没有这一行", "请核对是不是选错了批次。")
        elif both:
            line.error(told[0], f"批次里有 {len(both)} 行是这样", "请补上序号或协议号。")
        else:
            line.error(told[0], "序号、协议号、账号说的不是同一行", "请对照送盘文件改正。")
        return None


def _key(value: Any) -> str:
    plain = narrow(str(value)).replace(" ", "").upper()
    return plain.lstrip("0") or "0" if plain.isdecimal() and len(plain) < 8 else plain


def _add(line: Line, row: DebitRow, roster: Roster, references: dict[str, str]) -> None:
    outcome, reason = _outcome(line)
    if outcome is not Outcome.FAILED and line["amount"] is not None and line["amount"] != row.amount:
        told = f"与送盘的 {thousands(row.amount)} 元不同"
        line.error("amount", f"第 {row.position} 行 {row.unit.code} 的金额{told}", "请与银行核对，不能入账。")
    on = line["on"] or date.today()
    if on > date.today():
        line.error("on", "日期还没有到", "请核对这一行的日期。")
    if on < row.batch.on:
        line.error("on", f"日期早于批次 {row.batch.number} 的 {row.batch.on}", "请核对是不是别的批次的回盘。")
    if line["reference"] is not None and line["reference"] in references:
        line.error(
            "reference", f"流水号在批次 {references[line['reference']]} 已回过盘", "请核对是不是选错了文件。"
        )
    roster.add(
        DebitAnswer, line, row=row.id, outcome=outcome, reason=reason, on=on, reference=line["reference"]
    )


def _outcome(line: Line) -> tuple[Outcome | None, str | None]:
    """Return what became of a row; a word that nobody knows is refused, since money hangs on it."""
    typed, reason = narrow(line["result"] or "").upper(), line["reason"]
    if not typed and not reason:
        line.error("result", "没有填结果", "请填 成功 或 失败。")
        return None, None
    bad = typed in _UNPAID or any(word in typed for word in (*_DENIED, *_REASONS))
    if bad or (not typed and reason):
        return Outcome.FAILED, reason or ("银行没有写明" if typed in _UNPAID else line["result"])
    if typed in _PAID:
        if reason and any(word in reason for word in _REASONS):
            line.error("reason", "结果是成功，却有失败的原因", "请与银行核对，不能入账。")
            return None, None
        return Outcome.PAID, None
    if reason and typed.isascii():
        return Outcome.FAILED, f"{line['result']} {reason}"[:80]
    line.error("result", "不认识的结果", "请改为 成功 或 失败；失败的写上原因。")
    return None, None


def judge_answers(found: Given, maps: Sequence[SheetMap], batch: DebitBatch) -> Plan:
    """Say what a result file would answer; nothing is written.

    Raises:
        BadInput: nothing in it is known.
    """
    if not maps and not found.known(ANSWERS):
        maps = [_by_layout(one, found, batch) for one in guess(found.sheets, ANSWERS)]
    with read_as(batch):
        return imports.judged(found, maps, ANSWERS)


def _by_layout(one: SheetMap, found: Given, batch: DebitBatch) -> SheetMap:
    """Add the columns that our own file headed in its own way."""
    sheet = next(sheet for sheet in found.sheets if sheet.name == one.sheet)
    heads, columns = headings(sheet, one.head), dict(one.columns)
    for what, head in batch.layout.headings() if batch.layout is not None else ():
        if what.value in ("序号", "协议号", "账号", "金额") and head in heads:
            columns.setdefault(what.value, head)
    return SheetMap(one.title, one.sheet, one.head, columns)


# -- answering -------------------------------------------------------------------------------------


class Answered(NamedTuple):
    """What a result file came to."""

    batch: int
    paid: int
    amount: Decimal
    failed: int
    waiting: int

    def summary(self) -> str:
        """Return 批次 9：已扣 10 户 2,345.00 元，失败 2 户，还有 1 户没有回盘."""
        told = f"批次 {self.batch}：已扣 {self.paid} 户 {thousands(self.amount)} 元，失败 {self.failed} 户"
        return f"{told}，还有 {self.waiting} 户没有回盘。" if self.waiting else f"{told}，全部回盘。"

    def details(self) -> dict[str, Any]:
        """Return the figures for machines."""
        return self._asdict()


@deed("fees.import_answers", "导入回盘", BANK)
def import_answers(
    path: Annotated[Any, Asked(LineField(max_length=1000, verbose_name="文件"))],
    batch: Annotated[DebitBatch, Asked(LinkField(DebitBatch, verbose_name="代扣批次"))],
    skip_errors: Annotated[bool, Asked(FlagField(default=False, verbose_name="跳过有错的行"))] = False,
) -> Answered:
    """Import what the bank answered: what it fetched is received, what failed keeps its reason.

    Args:
        path: the .xlsx or .csv, or the `Plan` of it, which saves reading it again.
        batch: which it answers.
        skip_errors: whether lines that cannot be read are left out instead.

    Raises:
        ImportRefused: it holds errors, which are not to be skipped.
        RuleBroken: all of it is there already, or the batch is void.
    """
    if batch.state is DebitState.CANCELLED:
        raise RuleBroken(f"批次 {batch.number} 已作废，不能回盘。")
    plan = path if isinstance(path, Plan) else judge_answers(imports.given(Path(path)), (), batch)
    with read_as(batch):
        plan = plan.current()
        if not plan.new and (skip_errors or not plan.errors):
            raise RuleBroken(f"{plan.path.name} 里没有新的结果：批次 {batch.number} 的这些行都已回盘。")
        imports.write(plan, f"{batch.number} 回盘", skip_errors)
    made = plan.batches[0]
    answers = list(DebitAnswer.select().where(DebitAnswer.batch == made).order_by(DebitAnswer.row))
    paid = [answer for answer in answers if answer.outcome is Outcome.PAID]
    for answer in paid:
        receive_debit(answer)
    waiting = len([row for row in batch.rows if row.waits()])
    if not waiting and batch.state is DebitState.OPEN:
        batch.move_to(DebitState.CLOSED)
    total = sum((answer.row.amount for answer in paid), start=Decimal(0))
    made.change(amount=total)
    done = Answered(made.id, len(paid), total, len(answers) - len(paid), waiting)
    journal().subject = batch
    return done


def receive_debit(answer: DebitAnswer) -> None:
    """Receive what was fetched: for the lines it was sent for, as far as they are open; the rest is prepaid.

    Raises:
        RuleBroken: neither its day nor today is open.
    """
    row = answer.row
    on, moved = booking_day(answer.on)
    sent = {id: fen for id, fen in row.lines}
    lines = [line for line in Bill.those(list(sent)) if line.owed > 0]
    still = sum((min(line.owed, from_scaled(sent[line.id], 2)) for line in lines), start=Decimal(0))
    reference = answer.reference or f"{row.batch.number}-{row.position}"
    payment = receive_apart(row.unit, row.amount, Method.DEBIT, on, row.payer, lines, reference=reference)
    late = f"送盘后另收过款，多出 {thousands(row.amount - still)} 元转预存" if still < row.amount else ""
    answer.change(payment=payment, told="；".join(filter(None, [moved, late])) or None)


@undone_by(KIND, "代扣回盘")
@deed(
    "fees.undo_answers", "撤销回盘", BANK, danger=True,
    question="这一批回盘的收据全部作废、号码保留；代扣批次回到待回盘，可以重新导入。",
)  # fmt: skip
def undo_answers(batch: AskedBatch) -> Batch:
    """Take a result file back: its receipts are voided, and its rows wait for an answer again.

    Raises:
        RuleBroken: a receipt's day is closed, a household is in a later batch, or it is no result file.
    """
    mark_undone(batch, undo_answers)
    answers = list(DebitAnswer.select().where(DebitAnswer.batch == batch))
    for answer in answers:
        _check_alone(answer.row)
        if answer.payment_id:
            void_apart(answer.payment.receipts, f"撤销批次 {batch.id} 的回盘")
    for debit in {answer.row.batch for answer in answers}:
        if debit.state is DebitState.CLOSED:
            debit.move_to(DebitState.OPEN)
    removed = DebitAnswer.delete().where(DebitAnswer.batch == batch).execute()
    journal().touch(DebitAnswer)
    journal().note(removed=removed)
    return batch


def _check_alone(row: DebitRow) -> None:
    """Refuse to let a row wait again whose household waits in another batch by now."""
    query = DebitRow.select(DebitBatch.number).join(DebitBatch).where(
        (DebitRow.unit == row.unit) & (DebitBatch.state == DebitState.OPEN) & (DebitBatch.id != row.batch_id)
    )  # fmt: skip
    for (number,) in db.execute(query.limit(1)):
        raise RuleBroken(f"{row.unit.code} 已在新的批次 {number} 里，不能撤销这一批回盘。请先作废新的批次。")
