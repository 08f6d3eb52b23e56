"""准入评审: what was found of a candidate before it was let onto the list: sample, site, marks (SU-01)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

from models.base import Record
from models.clock import now, past_day
from models.deeds import actor, deed, reaches_everybody
from models.errors import RuleBroken
from models.fields import (
    ChoiceField,
    CountField,
    DayField,
    LineField,
    LinkField,
    MomentField,
    NoteField,
    QuantityField,
)
from models.inputs import Asked, Input, inputs_from
from models.office.approvals import running_approval
from models.office.chains import Step, approvable
from models.rows import RowRefused, RowsField
from models.suppliers.kinds import SupplierState
from models.suppliers.licences import papers_on
from models.suppliers.register import (
    AskedSupplier,
    StepKind,
    Supplier,
    note_step,
    refuse_applied,
    refuse_barred,
)
from models.suppliers.rights import DECIDE, KEEP, RULES

ITEMS, MARKS = "items", "marks"
WHOLE = 100
PASS = Decimal(70)
"""Marks from which on a candidate may be let onto the list."""


class Finding(Enum):
    """What came of a sample or a visit."""

    GOOD = "合格"
    BAD = "不合格"
    NONE = "未做"


class AdmissionItem(Record):
    """准入评审项目: what a candidate is marked by; together they make 100."""

    position = CountField(verbose_name="序号")
    name = LineField(max_length=30, unique=True, verbose_name="评审项目")
    full = CountField(low=1, high=100, verbose_name="分值")

    key_field = "name"

    class Meta:
        title = "准入评审项目"


class Admission(Record):
    """准入评审: what was found of a candidate; reviewed again, it is a new one."""

    supplier = LinkField(Supplier, backref="admissions", verbose_name="供方")
    day = DayField(verbose_name="评审日期")
    sample = ChoiceField(Finding, verbose_name="样品结果")
    sample_words = LineField(max_length=120, null=True, verbose_name="样品说明")
    site = ChoiceField(Finding, verbose_name="现场结果")
    site_on = DayField(null=True, verbose_name="现场日期")
    site_words = NoteField(null=True, verbose_name="现场说明")
    reviewers = LineField(max_length=80, verbose_name="评审人")
    score = QuantityField(verbose_name="得分")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")
    admitted_on = DayField(null=True, verbose_name="批准日期")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    class Meta:
        title = "准入评审"

    def label(self) -> str:
        """Return 丰禾粮油 2026-03-05."""
        return f"{self.supplier.name} {self.day}"


class AdmissionMark(Record):
    """准入得分: how many of the marks of an item a candidate got."""

    admission = LinkField(Admission, backref="marks", verbose_name="准入评审")
    name = LineField(max_length=30, verbose_name="评审项目")
    full = CountField(verbose_name="分值")
    mark = QuantityField(verbose_name="得分")

    class Meta:
        title = "准入得分"


reaches_everybody(AdmissionItem, Admission, AdmissionMark)


def items() -> list[AdmissionItem]:
    """Return what candidates are marked by, in its order."""
    return list(AdmissionItem.select().order_by(AdmissionItem.position))


def refuse_not_whole(rows: Sequence[Mapping[str, Any]], column: str, name: str, what: str) -> None:
    """Refuse rows whose weights do not make 100, or of which two are called alike.

    Args:
        rows: as they were typed.
        column: that holds the weight.
        name: of the input.
        what: what the rows are, as 评审项目.

    Raises:
        RowRefused: two are called alike.
        RuleBroken: they make more or less than 100.
    """
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row["name"] in seen:
            raise RowRefused(f"{what}“{row['name']}”写了两次。请合成一行。", name, number, "name")
        seen.add(row["name"])
    whole = sum(row[column] for row in rows)
    if whole != WHOLE:
        raise RuleBroken(f"{what}的分值合计 {whole}，要正好 {WHOLE}。请增减后再保存。")


AskedItems = Annotated[
    list[dict[str, Any]],
    Asked(RowsField(inputs_from(lambda: AdmissionItem, "name", "full"), verbose_name="评审项目")),
]


class Items:
    """What candidates are marked by from now on."""

    def summary(self) -> str:
        """Return them: 资质信誉 20、质量保证 25."""
        return "、".join(f"{one.name} {one.full}" for one in items()) + "。"


@deed("suppliers.set_admission_items", "设置准入评审项目", RULES)
def set_admission_items(items: AskedItems) -> Items:
    """Set what candidates are marked by; reviews that were made keep theirs.

    Raises:
        RuleBroken: the marks do not make 100.
        RowRefused: two items are called alike.
    """
    refuse_not_whole(items, "full", ITEMS, "评审项目")
    for old in list(AdmissionItem.select()):
        old.remove()
    for position, row in enumerate(items, start=1):
        AdmissionItem.add(position=position, **row)
    return Items()


def _mark_inputs() -> list[Input]:
    return [
        Input("name", LineField(max_length=30, verbose_name="评审项目"), required=True),
        Input("mark", QuantityField(verbose_name="得分"), required=True),
    ]


_REVIEW = inputs_from(
    lambda: Admission, "sample", "sample_words", "site", "site_on", "site_words", "reviewers"
)


def _review_inputs() -> list[Input]:
    return [
        Input("supplier", LinkField(Supplier, verbose_name="供方"), required=True),
        Input("marks", RowsField(_mark_inputs, verbose_name="评分"), required=True),
        *_REVIEW(),
        Input("day", DayField(null=True, verbose_name="评审日期"), required=False, without="不填为今天"),
    ]


@deed("suppliers.review", "准入评审", KEEP, inputs=_review_inputs)
def review(
    supplier: Supplier, marks: list[dict[str, Any]], day: date | None = None, **values: Any
) -> Admission:
    """Note what was found of a candidate.

    Raises:
        RuleBroken: it is no candidate, or an item was not marked.
        RowRefused: an item is none of ours, is marked twice, or beyond its full marks.
        BadInput: a day lies ahead.
    """
    if supplier.state is not SupplierState.CANDIDATE:
        raise RuleBroken(f"{supplier.name} 是“{supplier.state.value}”供方，只有潜在供方要做准入评审。")
    refuse_applied(supplier)
    wanted = {one.name: one for one in items()}
    given: dict[str, Decimal] = {}
    for number, row in enumerate(marks):
        _check_mark(row, number, wanted, given)
        given[row["name"]] = row["mark"]
    missing = [name for name in wanted if name not in given]
    if missing:
        raise RuleBroken(f"{'、'.join(missing)} 还没有打分。每一项都要打。")
    if values.get("site_on") is not None:
        past_day(values["site_on"], "现场日期", "site_on")
    made = Admission.add(
        supplier=supplier, day=past_day(day, "评审日期", "day"), score=sum(given.values(), Decimal(0)),
        made_at=now(), made_by=actor().name, **values,
    )  # fmt: skip
    for name, item in wanted.items():
        AdmissionMark.add(admission=made, name=name, full=item.full, mark=given[name])
    return made


def _check_mark(
    row: Mapping[str, Any], number: int, wanted: Mapping[str, AdmissionItem], given: Mapping[str, Decimal]
) -> None:
    item = wanted.get(row["name"])
    if item is None:
        known = "、".join(wanted)
        raise RowRefused(f"没有评审项目“{row['name']}”。可填：{known}。", MARKS, number, "name")
    if row["name"] in given:
        raise RowRefused(f"“{row['name']}”打了两次分。请留一行。", MARKS, number, "name")
    if row["mark"] > item.full:
        raise RowRefused(f"“{row['name']}”满分 {item.full}，不能是 {row['mark']}。", MARKS, number, "mark")


def latest(supplier: Supplier) -> Admission | None:
    """Return the last review of a supplier, None where there was none."""
    mine = Admission.select().where(Admission.supplier == supplier)
    return mine.order_by(Admission.id.desc()).first()


@deed("suppliers.admit", "批准准入", DECIDE, question="批准后列入合格供方名录，可以向它采购。")
def admit(supplier: AskedSupplier) -> Supplier:
    """Let a candidate onto the list of qualified suppliers.

    Raises:
        RuleBroken: it is no candidate, was terminated, was not reviewed, did not pass, or lacks a paper.
    """
    if supplier.state is not SupplierState.CANDIDATE:
        raise RuleBroken(f"{supplier.name} 是“{supplier.state.value}”供方，不用再批准准入。")
    refuse_barred(supplier.name, supplier.credit_code)
    found = latest(supplier)
    if found is None:
        raise RuleBroken(f"{supplier.name} 还没有准入评审。请先登记“准入评审”。")
    for result, what in ((found.sample, "样品"), (found.site, "现场")):
        if result is Finding.BAD:
            raise RuleBroken(f"{supplier.name} 的{what}结果不合格，不能准入。整改后请重新评审。")
    if found.score < PASS:
        raise RuleBroken(f"{supplier.name} 评审 {found.score} 分，不到 {PASS} 分，不能准入。")
    today = now().date()
    lacking = papers_on(today, [supplier]).lacking.get(supplier.id)
    if lacking:
        raise RuleBroken(f"{supplier.name} {lacking}，不能准入。请先“登记证照”。")
    approval = running_approval()
    number = str(approval.number) if approval else None
    found.change(admitted_on=today, approval=number)
    supplier.move_to(SupplierState.QUALIFIED, admitted_on=today)
    note_step(supplier, StepKind.ADMITTED, f"评审 {found.score} 分", source=number)
    return supplier


approvable(
    "suppliers.admit",
    default=(
        Step("管理处主任", "使用部门"), Step("品质管理员", "品质"), Step("常务副总经理", "批准"),
    ),
    on=True,
)  # fmt: skip
