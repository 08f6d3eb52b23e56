"""违约金约定: what the contract agrees for money that comes late; without it nothing is ever computed.

Late payment is off until somebody enters a clause, a rate and a day from which they hold (forms.md B3.1).
A row holds for one item, or for all of the office's own that have no row of their own; 代收 never bears
any. A rate beyond what courts uphold is entered all the same, with a warning (forms.md B3.3).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Self

from peewee import JOIN, SQL, Case, fn

from models.base import Dated
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fees.items import Basis, Category, FeeItem, late_items
from models.fees.rights import ITEMS, VIEW
from models.fields import (
    ChoiceField,
    CountField,
    FineRateField,
    LineField,
    LinkField,
    ShareField,
    SinceField,
)
from models.inputs import edits_of, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.owners.dated import ONE_DAY, check_span, close, overlap

SCALE = 3_650_000_000_000
"""A rate by the day is a whole number of parts of which so many are one: exact for ‰ and for % ÷ 365."""
_OF_DAILY = SCALE // 10_000_000
_SOME, _MUCH = 5_000 * _OF_DAILY, 10_000 * _OF_DAILY
"""0.5‰ and 1‰ a day (forms.md B3.3)."""
WHOLE = Decimal(100)


class CountsFrom(Enum):
    """From which day the days late are counted, once the days of grace are over."""

    DUE = "截止日次日"
    GRACE = "宽限期满次日"


class Judgement(Enum):
    """What a court may say of a rate (forms.md B3.3)."""

    FINE = "一般"
    STRANGE = "偏高"
    TOO_HIGH = "可能被调减"


TONES = {Judgement.STRANGE.value: "warning", Judgement.TOO_HIGH.value: "danger"}
_WARNINGS = {
    Judgement.FINE: "",
    Judgement.STRANGE: "日率超过 0.5‰，偏高：法院常按 LPR 的 1 至 1.3 倍左右支持。",
    Judgement.TOO_HIGH: "日率超过 1‰，可能被调减：超过实际损失 30% 的，对方可以请求减少（民法典 585）。",
}


ALL = "全部自有项目"
_ENTERED = ("clause", "daily", "yearly", "multiple", "item", "since", "until", "grace", "counts_from", "cap")
_EDITED = tuple(name for name in _ENTERED if name != "item")


class LateTerms(Dated):
    """违约金约定: clause, rate, grace and cap, from a day to a day; lines late on these days bear it."""

    item = LinkField(FeeItem, null=True, backref="late_terms", verbose_name="收费项目")
    clause = LineField(max_length=80, verbose_name="合同条款")
    daily = FineRateField(high=100, null=True, verbose_name="日率(‰)")
    yearly = FineRateField(high=100, null=True, verbose_name="年利率(%)")
    multiple = FineRateField(high=10, default=Decimal(1), verbose_name="倍数")
    grace = CountField(high=365, default=0, verbose_name="宽限天数")
    counts_from = ChoiceField(CountsFrom, default=CountsFrom.DUE, verbose_name="逾期起算")
    cap = ShareField(default=WHOLE, verbose_name="封顶(本金的%)")

    class Meta:
        title = "违约金约定"

    def label(self) -> str:
        """Return 物业费 日 0.5‰（合同第八条）."""
        return f"{self.item.name if self.item else ALL} {self.rate}（{self.clause}）"

    @property
    def rate(self) -> str:
        """日 0.5‰, or 年 3% × 1.3 ÷ 365."""
        show = FineRateField(high=1).show
        if self.daily is not None:
            return f"日 {show(self.daily)}‰"
        return f"年 {show(self.yearly)}% × {show(self.multiple)} ÷ 365"

    @property
    def weight(self) -> int:
        """What a day costs, in parts of SCALE."""
        if self.daily is not None:
            return int(self.daily * 10_000) * _OF_DAILY
        return int((self.yearly or 0) * 10_000) * int(self.multiple * 10_000)

    @property
    def judgement(self) -> Judgement:
        """What a court may say of the rate."""
        if self.weight > _MUCH:
            return Judgement.TOO_HIGH
        return Judgement.STRANGE if self.weight > _SOME else Judgement.FINE

    @property
    def tone(self) -> str:
        """How urgently a form tells of it."""
        return TONES.get(self.judgement.value, "info")

    def summary(self) -> str:
        """Return the terms in words, and the warning that they ask for."""
        grace = f"宽限 {self.grace} 天，自{self.counts_from.value}起计，" if self.grace else ""
        cap = FineRateField(high=1).show(self.cap)
        name = self.item.name if self.item else ALL
        told = f"{name}按{self.clause}，{self.rate}，{grace}单利，最多为本金的 {cap}%。"
        return told + _WARNINGS[self.judgement]

    @deed("fees.edit_late_terms", "修改违约金约定", ITEMS, inputs=edits_of(lambda: LateTerms, *_EDITED))
    def edit(self, **values: Any) -> Self:
        """Change what holds for days that are not charged yet, or end it by its last day.

        Raises:
            RuleBroken: it has no rate or two, ends before it begins, or meets another row.
        """
        self.change(**self._one_rate(values))
        _check(self)
        _refuse_overlap(self, [row for row in _rows_of(self.item) if row.id != self.id])
        return self

    @deed(
        "fees.try_edit_late_terms",
        "试看修改违约金约定",
        ITEMS,
        inputs=edits_of(lambda: LateTerms, *_EDITED),
    )
    def try_edit(self, **values: Any) -> LateTerms:
        """Say what changed terms would mean, with the warning that the rate asks for; writes nothing."""
        now = {name: getattr(self, name) for name in _ENTERED}
        row = LateTerms(**{**now, **self._one_rate(values)})
        _check(row)
        return row

    def _one_rate(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return values in which a new kind of rate takes the place of the other."""
        if values.get("daily") is not None and self.daily is None:
            values = {"yearly": None, **values}
        if values.get("yearly") is not None and self.yearly is None:
            values = {"daily": None, **values}
        return values


def _inputs() -> Any:
    return inputs_from(
        lambda: LateTerms,
        *_ENTERED,
        item="不填为全部自有项目",
        since="不填为今天",
        until="不填为长期",
        daily="与年利率填一个",
        yearly="如 LPR，按 365 天折算",
    )


_DAILY = re.compile(r"日 ([\d.]+)‰")
_YEARLY = re.compile(r"年 ([\d.]+)% × ([\d.]+) ÷ 365")


def weight_of(rate: str) -> int:
    """Return what a day costs, in parts of SCALE, by a rate as `LateTerms.rate` tells it."""
    if (daily := _DAILY.fullmatch(rate)) is not None:
        return int(Decimal(daily[1]) * 10_000) * _OF_DAILY
    yearly = _YEARLY.fullmatch(rate)
    assert yearly is not None, rate
    return int(Decimal(yearly[1]) * 10_000) * int(Decimal(yearly[2]) * 10_000)


@deed("fees.try_add_late_terms", "试看违约金约定", ITEMS, inputs=_inputs())
def try_add_late_terms(**values: Any) -> LateTerms:
    """Say what terms would mean, with the warning that the rate asks for; writes nothing."""
    row = LateTerms(**_complete(values))
    _check(row)
    return row


@deed("fees.add_late_terms", "新增违约金约定", ITEMS, inputs=_inputs())
def add_late_terms(**values: Any) -> LateTerms:
    """Agree on late payment from a day on, for an item or for all own ones; what held before ends then.

    The item under which it will be charged is made with the first terms.

    Raises:
        BadInput: neither a rate by the day nor one by the year is given, or both.
        RuleBroken: the item is collected for others, or a row that begins later is in the way.
    """
    row = LateTerms(**_complete(values))
    _check(row)
    late_item()
    known = _rows_of(row.item)
    for before in known:
        if before.since < row.since and (before.until is None or before.until >= row.since):
            close(before, row.since - ONE_DAY)
    _refuse_overlap(row, known)
    return LateTerms.add(**{name: getattr(row, name) for name in _ENTERED})


def _complete(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a row with what was left out."""
    defaults = {"multiple": Decimal(1), "grace": 0, "counts_from": CountsFrom.DUE, "cap": WHOLE}
    given = {name: value for name, value in values.items() if value is not None}
    return {"since": date.today(), **defaults, **given}


def _check(row: LateTerms) -> None:
    if row.daily is None and row.yearly is None:
        raise BadInput("没有填日率，也没有填年利率。请按合同填一个。", "daily")
    if row.daily is not None and row.yearly is not None:
        raise BadInput("日率和年利率只能填一个。请按合同留下一个。", "yearly")
    if row.item is not None and row.item.collected:
        raise RuleBroken(f"{row.item.name}是代收项目，不计违约金。请另选项目，或不填收费项目。")
    if row.item is not None and row.item.category is Category.LATE:
        raise RuleBroken("违约金不再计违约金（单利）。请选要计违约金的收费项目。")
    check_span(row.since, row.until)


def _rows_of(item: FeeItem | None) -> list[LateTerms]:
    same = LateTerms.item.is_null() if item is None else LateTerms.item == item
    return list(LateTerms.select().where(same).order_by(LateTerms.since))


def _refuse_overlap(row: LateTerms, others: Sequence[LateTerms]) -> None:
    for other in others:
        if overlap(other, row.since, row.until):
            raise RuleBroken(
                f"{other.label()} 从 {SinceField().show(other.since)} 起已有约定，时间重叠。"
                "请改起止日期，或修改原来的约定。"
            )


def late_item() -> FeeItem:
    """Return the item under which late payment is charged, made where there is none."""
    known = late_items()
    if known:
        return FeeItem.get_by_id(min(known))
    return FeeItem.add(
        code="WYJ", name=Category.LATE.value, category=Category.LATE, basis=Basis.FIXED, since=date.today()
    )


def told_on(day: date) -> str:
    """Return what a notice says of the terms that hold on a day; nothing where none do."""
    rows = LateTerms.select().where(LateTerms.on(day)).order_by(LateTerms.item.is_null(), LateTerms.id)
    told = []
    for row in rows:
        grace = f"，宽限 {row.grace} 天" if row.grace else ""
        told.append(f"{row.item.name if row.item else '各项自有收费'}按{row.clause}，{row.rate}{grace}")
    if not told:
        return ""
    return f"逾期未交的，{'；'.join(told)}，计违约金（单利）。收款先抵本金，后抵违约金，您另有指定的除外。"


def _judged() -> Any:
    """Return the judgement of a row, as `LateTerms.judgement`, for the database."""
    daily = LateTerms.daily * SQL(str(_OF_DAILY))
    weight = fn.COALESCE(daily, LateTerms.yearly * LateTerms.multiple)
    bounds = ((_MUCH, Judgement.TOO_HIGH), (_SOME, Judgement.STRANGE))
    return Case(None, tuple((weight > bound, one.name) for bound, one in bounds), Judgement.FINE.name)


@listing("late_terms", "违约金约定", "fees", VIEW, "item", "on")
def late_terms(filters: Filters) -> Listing:
    """What is agreed for money that comes late, newest first; `on` leaves what holds on a day."""
    query = LateTerms.select().join(FeeItem, JOIN.LEFT_OUTER)
    query = filters.narrow(query, item=LateTerms.item)
    if filters.on:
        query = query.where(LateTerms.on(filters.on))
    columns = (
        Shown("item", LineField(verbose_name="收费项目", max_length=40), fn.COALESCE(FeeItem.name, ALL)),
        Shown("clause", LateTerms.clause),
        Shown("since", LateTerms.since),
        Shown("until", LateTerms.until),
        Shown("daily", LateTerms.daily),
        Shown("yearly", LateTerms.yearly),
        Shown("multiple", LateTerms.multiple, hidden=True),
        Shown("grace", LateTerms.grace),
        Shown("counts_from", LateTerms.counts_from),
        Shown("cap", LateTerms.cap),
        Shown("judgement", ChoiceField(Judgement, verbose_name="日率提示"), _judged(), status=True),
    )
    return Listing(
        query, columns, id=LateTerms.id, order=("-since",), record=LateTerms,
        search=(LateTerms.clause, FeeItem.name), tones=TONES,
    )  # fmt: skip
