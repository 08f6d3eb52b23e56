"""评价名单: figures of suppliers, evaluations, the sheet of marks, the rules; the desk and the checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from peewee import fn

from models.base import db
from models.cards import lines
from models.checks import invariant
from models.conditions import Condition, Test
from models.deeds import actor
from models.desk import Reminder, reminds
from models.entries import Line, Sheet, entry
from models.fields import CountField, LineField, MoneyField, NumberField, QuantityField, RateField
from models.listings import Filters, Listing, RowListing, Shown, listing
from models.months import Period
from models.suppliers.grades import MOST, Band, Consequence, bands
from models.suppliers.kinds import LISTED, Category
from models.suppliers.orders import cautions
from models.suppliers.register import Supplier
from models.suppliers.rights import DECIDE, SCORE, VIEW
from models.suppliers.scoring.criteria import FORMULAS, Criterion, Measure
from models.suppliers.scoring.evaluations import (
    ROWS,
    Evaluation,
    EvaluationLine,
    EvaluationMark,
    EvaluationState,
)
from models.suppliers.scoring.facts import Facts, facts_of, yuan_of
from models.suppliers.scoring.following import consequence_of
from models.suppliers.scoring.scores import NOT_SCORED, Score, scores_of
from models.suppliers.scoring.signing import due_spans

_SIGNED_WITHIN = 20
"""Days after the end of a quarter within which its evaluations are to be signed."""
_TONES = {EvaluationState.OPEN.value: "warning", EvaluationState.SIGNED.value: "ok"}


def _rate(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1")) if whole else None


def asked_period(period: Period | None) -> Period:
    """Return the span that was asked for, this year where none was."""
    return period or Period.parse(str(date.today().year))


@listing("supplier_facts", "供方实绩", "suppliers", VIEW, "period", "supplier")
def supplier_facts(filters: Filters) -> RowListing:
    """What the slips of a period, this year unless given, say of each supplier on the list."""
    period = asked_period(filters.period)
    query = Supplier.select().where(Supplier.state.in_(LISTED) if filters.supplier is None else True)
    if filters.supplier:
        query = Supplier.select().where(Supplier.id == filters.supplier.id)
    suppliers = list(query.order_by(Supplier.number))
    found = facts_of(suppliers, period.first, min(period.last, date.today()))
    columns = (
        Shown("number", Supplier.number),
        Shown("name", Supplier.name),
        Shown("category", Supplier.category, status=True),
        Shown("lots", CountField(verbose_name="到货批数"), total=True),
        Shown("quality", RateField(verbose_name="合格批率")),
        Shown("due", CountField(verbose_name="到期项数"), total=True),
        Shown("on_time", RateField(verbose_name="准时率")),
        Shown("short", RateField(verbose_name="短缺率")),
        Shown("back", RateField(verbose_name="退换率")),
        Shown("complaints", CountField(verbose_name="投诉"), total=True),
        Shown("dearer", RateField(verbose_name="比参考价")),
        Shown("amount", MoneyField(verbose_name="收货金额")),
        Shown("service", QuantityField(verbose_name="外包月评平均"), total=False),
        Shown("lacking", LineField(max_length=200, verbose_name="证照问题"), hidden=True),
    )
    rows = [(one.id, _facts_row(one, found[one.id])) for one in suppliers]
    return RowListing(columns, rows, record=Supplier)


def _facts_row(one: Supplier, facts: Facts) -> tuple[Any, ...]:
    dearer = None if facts.dearer is None else facts.dearer.quantize(Decimal("0.1")) + 0
    return (
        one.number, one.name, one.category, facts.lots, _rate(facts.good, facts.lots), facts.due,
        _rate(facts.on_time, facts.due), _rate(facts.short, facts.due), _rate(facts.back, facts.lots),
        facts.complaints, dearer, yuan_of(facts.amount), facts.mean, facts.lacking,
    )  # fmt: skip


def _wanted(filters: Filters) -> list[Evaluation]:
    query = Evaluation.select(Evaluation, Supplier).join(Supplier)
    query = filters.narrow(query, supplier=Evaluation.supplier)
    if filters.period:
        inside = (Evaluation.first >= filters.period.first) & (Evaluation.last <= filters.period.last)
        query = query.where(inside)
    query = filters.narrow(query, state=Evaluation.state)
    return list(query.order_by(Evaluation.last.desc(), Evaluation.span, Evaluation.number))


@listing("evaluations", "供方评价", "suppliers", VIEW, "period", "supplier", "state")
def evaluations(filters: Filters) -> RowListing:
    """Evaluations, newest first; of open ones what they come to now."""
    wanted = _wanted(filters)
    scores = scores_of(wanted)
    columns = (
        Shown("number", Evaluation.number),
        Shown("span", Evaluation.span),
        Shown("supplier", Supplier.name),
        Shown("category", Supplier.category),
        Shown("lots", CountField(verbose_name="到货批数"), total=False),
        Shown("score", Evaluation.score, total=False),
        Shown("grade", Evaluation.grade),
        Shown("consequence", Evaluation.consequence),
        Shown("state", Evaluation.state, status=True),
        Shown("missing", LineField(max_length=40, verbose_name="未打分")),
        Shown("signed_by", Evaluation.signed_by),
        Shown("signed_at", Evaluation.signed_at, hidden=True),
        Shown("veto", Evaluation.veto, hidden=True),
        Shown("words", Evaluation.words, hidden=True),
    )
    rows = [(one.id, _row(one, scores[one.id])) for one in wanted]
    return RowListing(columns, rows, record=Evaluation, tones=_TONES)


def _row(one: Evaluation, score: Score) -> tuple[Any, ...]:
    grade, consequence = graded(one, score)
    return (
        one.number, one.span, one.supplier.name, one.supplier.category, score.lots, score.total, grade,
        consequence, one.state, "、".join(score.missing) or None, one.signed_by, one.signed_at,
        one.veto, one.words,
    )  # fmt: skip


def graded(one: Evaluation, score: Score) -> tuple[str | None, Consequence | None]:
    """Return grade and consequence as they are, or as they would be if it were signed now."""
    if one.state is EvaluationState.SIGNED:
        return one.grade, one.consequence
    if not score.scored and not one.veto:
        return NOT_SCORED, None
    band = bands()[-1] if one.veto else score.band
    return (band.grade, consequence_of(one, band)) if band else (None, None)


@listing("evaluation_lines", "评价得分", "suppliers", VIEW, "period", "supplier", "state")
def evaluation_lines(filters: Filters) -> RowListing:
    """What each criterion of each evaluation came to, with its figures."""
    wanted = _wanted(filters)
    scores = scores_of(wanted)
    columns = (
        Shown("number", NumberField(verbose_name="评价单号")),
        Shown("span", Evaluation.span),
        Shown("supplier", Supplier.name),
        Shown("name", EvaluationLine.name),
        Shown("measure", EvaluationLine.measure, status=True),
        Shown("weight", EvaluationLine.weight, total=False),
        Shown("figure", EvaluationLine.figure),
        Shown("value", EvaluationLine.value, total=False),
        Shown("points", EvaluationLine.points, total=False),
        Shown("state", LineField(max_length=8, verbose_name="评价状态")),
    )
    rows = [
        (
            f"{one.id}:{place}",
            (
                one.number, one.span, one.supplier.name, told.name, told.measure, told.weight, told.figure,
                told.value, told.points, one.state.value,
            ),
        )
        for one in wanted
        for place, told in enumerate(scores[one.id].lines)
    ]  # fmt: skip
    return RowListing(columns, rows)


@listing("evaluation_marks", "打分记录", "suppliers", VIEW, "supplier")
def evaluation_marks(filters: Filters) -> Listing:
    """Which assessor gave how much for what, newest first."""
    query = EvaluationMark.select().join(EvaluationLine).join(Evaluation).join(Supplier)
    query = filters.narrow(query, supplier=Evaluation.supplier)
    columns = (
        Shown("span", Evaluation.span),
        Shown("supplier", Evaluation.supplier, Supplier.name),
        Shown("name", EvaluationLine.name),
        Shown("who", EvaluationMark.who),
        Shown("mark", EvaluationMark.mark, total=False),
        Shown("words", EvaluationMark.words),
        Shown("made_at", EvaluationMark.made_at),
    )
    return Listing(
        query, columns, id=EvaluationMark.id, order=("-made_at",), record=EvaluationMark,
        search=(Supplier.search, EvaluationMark.who, EvaluationMark.words),
    )  # fmt: skip


@entry("marking", "评委打分", "suppliers.mark", ROWS, ("mark", "words"), "period", "supplier")
def marking(filters: Filters) -> Sheet:
    """Every judged criterion of open evaluations, with what the slips say and one's own mark."""
    query = EvaluationLine.select(EvaluationLine, Evaluation, Supplier).join(Evaluation).join(Supplier)
    query = query.where(
        (Evaluation.state == EvaluationState.OPEN) & (EvaluationLine.measure == Measure.JUDGED)
    )
    query = filters.narrow(query, supplier=Evaluation.supplier)
    if filters.period:
        query = query.where(Evaluation.span == filters.period.name)
    found = list(query.order_by(Evaluation.span, Supplier.number, EvaluationLine.position))
    scores = scores_of(list({one.evaluation_id: one.evaluation for one in found}.values()))
    mine = _own_marks([one.id for one in found])
    rows = []
    for line in found:
        one, past = line.evaluation, mine.get(line.id)
        told = line.key()
        facts = "；".join(part.figure for part in scores[one.id].lines if part.measure is not Measure.JUDGED)
        offered = {"mark": past.mark, "words": past.words} if past else {}
        known = past.mark if past else None
        rows.append(Line(told, (told, one.supplier.name, one.span, facts, known), {"line": line}, offered))
    return Sheet(
        told=(
            Shown("number", LineField(verbose_name="评价单号、项目", max_length=40)),
            Shown("supplier", LineField(verbose_name="供方", max_length=60)),
            Shown("span", LineField(verbose_name="评价期", max_length=8)),
            Shown("facts", LineField(verbose_name="实绩", max_length=200)),
            Shown("known", QuantityField(verbose_name="我打过")),
        ),
        lines=rows,
        judge=lambda line, row: _strange(row),
        warns="" if rows else "没有要打分的。物配中心“开始评价”以后，要打分的列在这里。",
        strict="mark",
    )


def _strange(row: Any) -> str:
    given = row.get("mark")
    if given is None:
        return "没有填打分"
    return f"打分是 0 到 100，不能是 {given}" if given > MOST else ""


def _own_marks(ids: Sequence[int]) -> dict[int, EvaluationMark]:
    account = actor().account_id
    own = EvaluationMark.account.is_null() if account is None else EvaluationMark.account == account
    query = EvaluationMark.select().where(own & EvaluationMark.line.in_(list(ids) or [0]))
    return {one.line_id: one for one in query}


# -- the rules -------------------------------------------------------------------------------------


@listing("criteria", "评价项目", "suppliers", VIEW, "state")
def criteria(filters: Filters) -> RowListing:
    """By what suppliers of each kind are scored, with its formula. `state` names a kind."""
    order = list(Category)
    query = Criterion.select()
    query = filters.narrow(query, state=Criterion.category)
    columns = (
        Shown("category", Criterion.category, status=True),
        Shown("name", Criterion.name),
        Shown("measure", Criterion.measure),
        Shown("weight", Criterion.weight, total=False),
        Shown("formula", LineField(max_length=120, verbose_name="算法").roomier(40)),
    )
    found = sorted(query, key=lambda one: (order.index(one.category), one.position))
    rows = [
        (one.id, (one.category, one.name, one.measure, one.weight, FORMULAS[one.measure])) for one in found
    ]
    return RowListing(columns, rows, record=Criterion)


@listing("bands", "评价等级", "suppliers", VIEW)
def band_list(filters: Filters) -> RowListing:
    """The grades, the best first, with what follows from each."""
    columns = (
        Shown("grade", Band.grade),
        Shown("low", Band.low, total=False),
        Shown("high", Band.high, total=False),
        Shown("consequence", Band.consequence, status=True),
        Shown("letter", Band.letter),
    )
    rows = [(one.id, (one.grade, one.low, one.high, one.consequence, one.letter)) for one in bands()]
    bad = (Consequence.BLOCK, Consequence.END)
    tones = {Consequence.WATCH.value: "warning"} | {one.value: "danger" for one in bad}
    return RowListing(columns, rows, record=Band, tones=tones)


# -- cards, the desk and the checks ----------------------------------------------------------------


def latest_of() -> dict[int, Evaluation]:
    """Return by a supplier's id its last evaluation that was signed and scored."""
    query = Evaluation.select().where(
        (Evaluation.state == EvaluationState.SIGNED) & Evaluation.score.is_null(False)
    )
    return {one.supplier_id: one for one in query.order_by(Evaluation.last, Evaluation.id)}


def _last(supplier: Supplier) -> Evaluation | None:
    mine = (Evaluation.supplier == supplier) & (Evaluation.state == EvaluationState.SIGNED)
    found = Evaluation.select().where(mine & Evaluation.score.is_null(False))
    return found.order_by(Evaluation.last.desc(), Evaluation.id.desc()).first()


@lines(Supplier, VIEW)
def last_score(supplier: Supplier) -> Iterator[tuple[str, str]]:
    """Tell what the last evaluation said, and what follows from it."""
    one = _last(supplier)
    if one is not None:
        follows = f"，{one.consequence.value}" if one.consequence is not None else ""
        yield "最近评价", f"{one.span} {one.score} 分，{one.grade} 级{follows}"


@cautions
def last_grade_warns(supplier: Supplier) -> str:
    """Warn whoever orders of a supplier whose last grade says so."""
    one = _last(supplier)
    if one is None or one.consequence is not Consequence.WARN:
        return ""
    return f"提醒：{supplier.name} {one.span} 评价 {one.score} 分，{one.grade} 级。"


@lines(Evaluation, VIEW)
def lines_of_evaluation(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Tell what each criterion comes to."""
    for told in scores_of([evaluation])[evaluation.id].lines:
        points = "" if told.points is None else f" → {told.points} / {told.weight}"
        yield told.name, f"{told.figure}{points}"


@reminds(DECIDE)
def evaluations_due(day: date) -> Iterator[Reminder]:
    """Remind of spans of which nothing was begun, or not all is signed, some weeks after their end."""
    for period in due_spans(day):
        mine = Evaluation.select().where(Evaluation.span == period.name)
        late = day > period.last + timedelta(days=_SIGNED_WITHIN)
        joined = Supplier.state.in_(LISTED) & (Supplier.admitted_on <= period.last)
        if not mine.exists() and Supplier.select().where(joined).exists():
            tone = "danger" if late else "warning"
            yield Reminder(f"{period.name} 供方评价还没有开始", tone, "evaluations")
    query = Evaluation.select(Evaluation.span, fn.COUNT(Evaluation.id))
    query = query.where(Evaluation.state == EvaluationState.OPEN).group_by(Evaluation.span)
    for span, waiting in db.execute(query.order_by(Evaluation.span)):
        late = day > Period.parse(span).last + timedelta(days=_SIGNED_WITHIN)
        filters = {"state": EvaluationState.OPEN.value}
        asked = (Condition("span", Test.IS, span),)
        tone = "danger" if late else "info"
        yield Reminder(f"{span} 供方评价还没有签完", tone, "evaluations", filters, waiting, asked)


@reminds(SCORE)
def marks_wanted(day: date) -> Iterator[Reminder]:
    """Remind an assessor of open evaluations that he has not marked."""
    account = actor().account_id
    if account is None:
        return
    mine = EvaluationMark.select(EvaluationMark.line).where(EvaluationMark.account == account)
    query = (
        EvaluationLine.select()
        .join(Evaluation)
        .where((Evaluation.state == EvaluationState.OPEN) & (EvaluationLine.measure == Measure.JUDGED))
    )
    count = query.where(EvaluationLine.id.not_in(mine)).count()
    if count:
        yield Reminder("供方评价等您打分", "info", "marking", {}, count)


@invariant("供方评价")
def scores_add_up() -> Iterator[str]:
    """What was signed is the sum of its points, and weights of every kind and evaluation make 100."""
    total = EvaluationLine.select(fn.COALESCE(fn.SUM(EvaluationLine.points), 0))
    mine = total.where(EvaluationLine.evaluation == Evaluation.id)
    wrong = Evaluation.score.is_null(False) & (Evaluation.score != mine)
    for (number,) in db.execute(Evaluation.select(Evaluation.number).where(wrong)):
        yield f"供方评价 {number} 的总分与各项得分不符"
    query = EvaluationLine.select(EvaluationLine.evaluation, fn.SUM(EvaluationLine.weight))
    for one, whole in db.execute(query.group_by(EvaluationLine.evaluation)):
        if whole != 100:
            yield f"供方评价 {Evaluation.get_by_id(one).number} 的权重合计 {whole}"
