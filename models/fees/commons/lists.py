"""公共收益名单: entries, contracts, instalments, balances by kind and notices, on pages and on the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from peewee import JOIN, Case, Value, fn

from models.attachments import Attachment, keeps_files
from models.conditions import Condition, Test
from models.desk import Reminder, reminds
from models.fees.commons.contracts import (
    CONTRACTS,
    CommonContract,
    CommonDue,
    ContractState,
    DueState,
    Instalment,
    instalments,
)
from models.fees.commons.kinds import CommonKind
from models.fees.commons.ledger import (
    ENTRIES,
    PUBLISHED,
    SIGNED,
    CommonEntry,
    CommonNotice,
    Flow,
    movements,
    received_by_contract,
)
from models.fees.commons.notices import due_by, spans_due
from models.fees.rights import COMMONS, VIEW
from models.fields import ChoiceField, CountField, DayField, FlagField, LineField, MoneyField
from models.listings import Filters, Listing, RowListing, Shown, choice, listing
from models.money import from_scaled, thousands
from models.months import Period
from models.search import LIKELY, MOST, SURE, Hit, Sought, finds

SOON, ENDING = timedelta(days=7), timedelta(days=60)
"""So long before a day somebody is told that an instalment is due, or that a contract ends."""
WARN, FINE = "成本大于收入", "正常"

for _kept in (CommonEntry, CommonContract, CommonNotice):
    keeps_files(_kept, VIEW)


@listing("common_entries", "公共收益", "fees", VIEW, "period", "state")
def common_entries(filters: Filters) -> Listing:
    """Every movement of the common income, newest first; `state` names a way or a kind."""
    query = CommonEntry.select().join(CommonKind, JOIN.LEFT_OUTER).switch(CommonEntry)
    query = query.join(CommonContract, JOIN.LEFT_OUTER).switch(CommonEntry)
    original, reversal = CommonEntry.alias(), CommonEntry.alias()
    query = query.join(original, JOIN.LEFT_OUTER, on=(CommonEntry.reverses == original.id))
    query = query.switch(CommonEntry).join(
        reversal, JOIN.LEFT_OUTER, on=(reversal.reverses == CommonEntry.id)
    )
    query = filters.narrow(query, period=CommonEntry.on)
    if filters.state:
        query = query.where(_of_state(filters.state))
    income = CommonEntry.flow == Flow.INCOME
    gone = Case(None, ((reversal.id.is_null(False) | CommonEntry.reverses.is_null(False), 1),), 0)
    columns = (
        Shown("number", CommonEntry.number),
        Shown("on", CommonEntry.on),
        Shown("flow", CommonEntry.flow, status=True),
        Shown("kind", CommonKind.name),
        Shown("income", MoneyField(signed=True, verbose_name="收入"), _where(income)),
        Shown("out", MoneyField(signed=True, verbose_name="支出"), _where(~income)),
        Shown("net", MoneyField(signed=True, verbose_name="计入结余"), SIGNED),
        Shown("party", CommonEntry.party),
        Shown("contract", CommonContract.number, label="合同单号"),
        Shown("basis", CommonEntry.basis),
        Shown("voucher", CommonEntry.voucher),
        Shown("reverses", original.number, label="冲正单号"),
        Shown("reversed", FlagField(verbose_name="已冲正"), gone),
        Shown("note", CommonEntry.note),
        Shown("made_by", CommonEntry.made_by, hidden=True),
        Shown("made_at", CommonEntry.made_at, hidden=True),
    )  # fmt: skip
    return Listing(
        query, columns, id=CommonEntry.id, order=("-on", "-number"), record=CommonEntry,
        search=(CommonEntry.number, CommonEntry.party, CommonEntry.voucher, CommonContract.number),
    )  # fmt: skip


def _where(condition: Any) -> Any:
    return Case(None, ((condition, CommonEntry.amount),))


def _of_state(state: str) -> Any:
    kind = CommonKind.get_or_none(CommonKind.name == state)
    return CommonEntry.kind == kind if kind is not None else CommonEntry.flow == choice(Flow, state)


@listing("common_contracts", "公共收益合同", "fees", VIEW, "state", "on")
def common_contracts(filters: Filters) -> Listing:
    """Contracts of common parts, newest first, with what is due and came in by today or by `on`."""
    day = filters.on or date.today()
    due, came = _due_by(day), _came()
    query = CommonContract.select().join(CommonKind).switch(CommonContract)
    query = query.join(due, JOIN.LEFT_OUTER, on=(due.c.owner == CommonContract.id)).switch(CommonContract)
    query = query.join(came, JOIN.LEFT_OUTER, on=(came.c.owner == CommonContract.id))
    state = contract_state(day)
    if filters.state:
        query = query.where(state == choice(ContractState, filters.state).name)
    asked, received = fn.COALESCE(due.c.fen, 0), fn.COALESCE(came.c.fen, 0)
    missing = Case(None, ((asked > received, asked - received),), 0)
    columns = (
        Shown("number", CommonContract.number),
        Shown("kind", CommonKind.name),
        Shown("subject", CommonContract.subject),
        Shown("party", CommonContract.party),
        Shown("first", CommonContract.first),
        Shown("last", CommonContract.last),
        Shown("amount", CommonContract.amount),
        Shown("due", MoneyField(verbose_name="到期应收"), asked),
        Shown("received", MoneyField(signed=True, verbose_name="已收"), received),
        Shown("missing", MoneyField(verbose_name="到期未收"), missing),
        Shown("state", ChoiceField(ContractState, verbose_name="状态"), state, status=True),
        Shown("paper", CommonContract.paper, hidden=True),
        Shown("ended", CommonContract.ended, hidden=True),
        Shown("end_reason", CommonContract.end_reason, hidden=True),
        Shown("note", CommonContract.note, hidden=True),
        Shown("made_by", CommonContract.made_by, hidden=True),
    )
    return Listing(
        query, columns, id=CommonContract.id, order=("-number",), record=CommonContract,
        search=(CommonContract.number, CommonContract.subject, CommonContract.party, CommonContract.paper),
        tones={"履行中": "ok", "未开始": "info", "已终止": "warning"},
    )  # fmt: skip


def contract_state(day: date) -> Any:
    """Return how a contract stands on a day, for the database."""
    ended = CommonContract.ended.is_null(False) & (CommonContract.ended < day)
    rows = (
        (ended, ContractState.ENDED.name),
        (CommonContract.last < day, ContractState.OVER.name),
        (CommonContract.first > day, ContractState.AHEAD.name),
    )
    return Case(None, rows, ContractState.RUNNING.name)


def _due_by(day: date) -> Any:
    """Return a subquery of (contract, fen) of instalments that fell due."""
    asked = (CommonDue.due <= day) & (
        CommonContract.ended.is_null() | (CommonDue.due <= CommonContract.ended)
    )
    query = CommonDue.select(CommonDue.contract.alias("owner"), fn.SUM(CommonDue.amount).alias("fen"))
    return query.join(CommonContract).where(asked).group_by(CommonDue.contract).alias("due")


def _came() -> Any:
    query = CommonEntry.select(CommonEntry.contract.alias("owner"), fn.SUM(CommonEntry.amount).alias("fen"))
    mine = CommonEntry.contract.is_null(False) & (CommonEntry.flow == Flow.INCOME)
    return query.where(mine).group_by(CommonEntry.contract).alias("came")


@listing("common_dues", "公共收益应收", "fees", VIEW, "period", "state", "on")
def common_dues(filters: Filters) -> RowListing:
    """Every instalment of every contract, first due first, with what came in for it."""
    day = filters.on or date.today()
    columns = (
        Shown("due", DayField(verbose_name="应收日期")),
        Shown("contract", LineField(verbose_name="合同单号", max_length=40)),
        Shown("subject", LineField(verbose_name="合同标的", max_length=60)),
        Shown("party", LineField(verbose_name="对方单位", max_length=60)),
        Shown("amount", MoneyField(verbose_name="应收金额")),
        Shown("received", MoneyField(verbose_name="已收")),
        Shown("missing", MoneyField(verbose_name="未收")),
        Shown("state", ChoiceField(DueState, verbose_name="状态"), status=True),
    )
    contracts = {one.id: one for one in CommonContract.select()}
    wanted = choice(DueState, filters.state) if filters.state else None
    rows = []
    for one in instalments(received_by_contract()):
        state = one.state_on(day)
        if (wanted and state is not wanted) or not _within(one, filters):
            continue
        of = contracts[one.contract]
        money = (from_scaled(fen, 2) for fen in (one.fen, one.received, one.missing))
        rows.append((one.id, (one.due, of.number, of.subject, of.party, *money, state)))
    tones = {"到期未收": "danger", "收了一部分": "info", "已收": "ok"}
    return RowListing(columns, rows, record=CommonDue, tones=tones)


def _within(one: Instalment, filters: Filters) -> bool:
    return filters.period is None or filters.period.first <= one.due <= filters.period.last


@listing("common_kinds", "公共收益结余", "fees", VIEW, "period")
def common_kinds(filters: Filters) -> RowListing:
    """What each kind brought in and cost in all or in a period; a cost above the income is warned about."""
    money = MoneyField(signed=True)
    columns = (
        Shown("name", CommonKind.name),
        Shown("income", money, label="收入"),
        Shown("cost", money, label="合理成本"),
        Shown("net", money, label="净收益"),
        Shown("warning", LineField(verbose_name="提示", max_length=20), status=True),
        Shown("active", CommonKind.active),
    )
    first, last = date.min, date.max
    if filters.period:
        first, last = filters.period.first, filters.period.last
    sums: Counter[tuple[Flow, int | None]] = Counter()
    for flow, of, _, fen in movements(first, last):
        sums[flow, of] += fen
    rows = []
    for kind in CommonKind.select().order_by(CommonKind.id):
        income, cost = sums[Flow.INCOME, kind.id], sums[Flow.COST, kind.id]
        told = tuple(from_scaled(fen, 2) for fen in (income, cost, income - cost))
        rows.append((kind.id, (kind.name, *told, WARN if cost > income else FINE, kind.active)))
    return RowListing(columns, rows, record=CommonKind, tones={WARN: "warning", FINE: "ok"})


@listing("common_notices", "公共收益公示", "fees", VIEW, "period")
def common_notices(filters: Filters) -> Listing:
    """What the owners were told, newest first; one that was withdrawn stays with its reason."""
    query = CommonNotice.select()
    if filters.period:
        met = (CommonNotice.first <= filters.period.last) & (CommonNotice.last >= filters.period.first)
        query = query.where(met)
    files = Attachment.select(fn.COUNT(Attachment.id)).where(
        (Attachment.kind == CommonNotice.__name__)
        & (Attachment.record == CommonNotice.id)
        & Attachment.active
    )
    state = Case(None, ((CommonNotice.withdrawn.is_null(), Value("已公示")),), Value("已撤回"))
    columns = (
        Shown("number", CommonNotice.number),
        Shown("first", CommonNotice.first),
        Shown("last", CommonNotice.last),
        *(Shown(name, getattr(CommonNotice, name), total=False) for name in _FIGURES),
        Shown("since", CommonNotice.since),
        Shown("until", CommonNotice.until),
        Shown("place", CommonNotice.place),
        Shown("files", CountField(verbose_name="附件"), files),
        Shown("state", LineField(verbose_name="状态", max_length=8), state, status=True),
        Shown("withdrawn", CommonNotice.withdrawn),
        Shown("made_by", CommonNotice.made_by, hidden=True),
    )
    return Listing(
        query, columns, id=CommonNotice.id, order=("-last", "-number"), record=CommonNotice,
        search=(CommonNotice.number, CommonNotice.place), tones={"已公示": "ok", "已撤回": "warning"},
    )  # fmt: skip


_FIGURES = ("opening", "income", "cost", "moved", "closing")


# -- the desk and the search line ------------------------------------------------------------------


@reminds(COMMONS)
def instalments_due(day: date) -> Iterator[Reminder]:
    """Remind of instalments that did not come, and of those that come within a week."""
    told = instalments(received_by_contract())
    late = [one for one in told if one.state_on(day) is DueState.LATE]
    if late:
        fen = sum(one.missing for one in late)
        title = f"{len(late)} 期公共收益到期未收，共 {_yuan(fen)} 元"
        state = {"on": day, "state": DueState.LATE.value}
        yield Reminder(title, "danger", "common_dues", state, len(late))
    soon = [one for one in told if day < one.due <= day + SOON and one.missing]
    if soon:
        asked = (
            Condition("due", Test.LEAST, (day + timedelta(days=1)).isoformat()),
            Condition("due", Test.MOST, (day + SOON).isoformat()),
            Condition("missing", Test.LEAST, "0.01"),
        )
        yield Reminder(f"{len(soon)} 期公共收益 7 天内到期", "info", "common_dues", {}, len(soon), asked)


@reminds(COMMONS)
def contracts_ending(day: date) -> Iterator[Reminder]:
    """Remind of contracts that end soon, to be renewed or let anew."""
    running = contract_state(day) == ContractState.RUNNING.name
    soon = running & CommonContract.ended.is_null() & (CommonContract.last <= day + ENDING)
    count = CommonContract.select().where(soon).count()
    if count:
        state = {"state": ContractState.RUNNING.value}
        asked = (
            Condition("last", Test.MOST, (day + ENDING).isoformat()),
            Condition("ended", Test.BLANK),
        )
        yield Reminder(
            f"{count} 份公共收益合同 60 天内到期", "warning", "common_contracts", state, count, asked
        )


@reminds(COMMONS)
def notices_due(day: date) -> Iterator[Reminder]:
    """Remind of periods that are over and were not published, and of notices without a picture."""
    due = spans_due(day)
    if due:
        by = due_by(due[0])
        tone = "danger" if by < day else "warning"
        more = f"等 {len(due)} 期" if len(due) > 1 else ""
        title = f"{due[0].chinese}公共收益{more}还没有公示，应在 {by} 前公示"
        yield Reminder(title, tone, "common_notices")
    bare = [one for one in CommonNotice.select().where(PUBLISHED) if not has_files(one)]
    if bare:
        asked = (Condition("files", Test.MOST, "0"), Condition("state", Test.IS, "已公示"))
        yield Reminder(f"{len(bare)} 次公共收益公示没有照片", "info", "common_notices", {}, len(bare), asked)


def has_files(one: CommonNotice) -> bool:
    """Whether a picture, or another file, proves that a notice hung."""
    mine = (Attachment.kind == CommonNotice.__name__) & (Attachment.record == one.id) & Attachment.active
    return bool(Attachment.select().where(mine).exists())


@reminds(COMMONS)
def costs_above_income(day: date) -> Iterator[Reminder]:
    """Remind of kinds that cost more this year than they brought in."""
    year = Period.parse(str(day.year))
    found = [row for row in common_kinds(Filters(period=year)).rows() if row.values[4] == WARN]
    if found:
        names = "、".join(str(row.values[0]) for row in found)
        asked = (Condition("warning", Test.IS, WARN),)
        title = f"今年公共收益成本大于收入：{names}"
        yield Reminder(title, "warning", "common_kinds", {"period": year}, len(found), asked)


@finds(VIEW)
def commons_by_number(wanted: Sought) -> Iterator[Hit]:
    """Entries, contracts and notices of the common income by their number."""
    words = wanted.words.upper()
    if words.startswith(f"{ENTRIES.prefix}-"):
        for one in CommonEntry.select().where(CommonEntry.number.startswith(words)).limit(MOST):
            beside = f"{one.flow.value} {thousands(one.amount)} 元"
            yield Hit("common_entries", one.id, one.number, beside, "公共收益流水", _rank(one, words))
    if words.startswith(f"{CONTRACTS.prefix}-"):
        of_number = CommonContract.select().where(CommonContract.number.startswith(words))
        for let in of_number.limit(MOST):
            yield Hit("common_contracts", let.id, let.number, let.subject, "公共收益合同", _rank(let, words))
    if words.startswith("GYGS-"):
        found = CommonNotice.select().where(PUBLISHED & CommonNotice.number.startswith(words))
        for told in found.limit(MOST):
            beside = f"{told.first} 至 {told.last}"
            yield Hit("common_notices", told.id, told.number, beside, "公共收益公示", _rank(told, words))


def _rank(one: Any, words: str) -> int:
    return SURE if one.number == words else LIKELY


def _yuan(fen: int) -> str:
    return thousands(from_scaled(fen, 2))
