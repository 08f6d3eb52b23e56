"""外包计划方案 (SU-10): what a contractor plans for a month, and the five conclusions of its review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Annotated, Any, Self

from models.attachments import keeps_files
from models.base import Record
from models.clock import now
from models.deeds import actor, deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import (
    ChoiceField,
    CodeField,
    CountField,
    LineField,
    LinkField,
    MomentField,
    MonthField,
    NoteField,
)
from models.inputs import Asked, inputs_from
from models.months import Month
from models.office.approvals import pending_on, refuse_pending, running_approval
from models.office.chains import Step, approvable
from models.rows import RowsField
from models.search import finds_numbered
from models.suppliers.contracts import SupplyContract, working
from models.suppliers.kinds import Category
from models.suppliers.register import AskedSupplier, Supplier
from models.suppliers.rights import SUPERVISE, VIEW
from models.suppliers.services.areas import supervised


class ProgrammeState(Enum):
    """Where a programme stands."""

    DRAFT = "待审核"
    PASSED = "审核通过"
    RETURNED = "退回修改"


class Fits(Enum):
    """What was concluded of one point."""

    YES = "符合"
    NO = "不符合"


POINTS = ("whole", "frequent", "safe", "clean", "told")
"""Names of the points that are concluded on."""


class ServiceProgramme(Record):
    """外包计划方案: of a contractor for a month, FS-202611-保洁; of another of its kind, …-保洁-2."""

    number = CodeField(max_length=40, unique=True, verbose_name="方案号")
    supplier = LinkField(Supplier, backref="programmes", verbose_name="外包方")
    category = ChoiceField(Category, verbose_name="类别")
    month = MonthField(index=True, verbose_name="期间")
    state = ChoiceField(ProgrammeState, default=ProgrammeState.DRAFT, index=True, verbose_name="审核状态")
    whole = ChoiceField(Fits, null=True, verbose_name="完整")
    frequent = ChoiceField(Fits, null=True, verbose_name="频次")
    safe = ChoiceField(Fits, null=True, verbose_name="安全")
    clean = ChoiceField(Fits, null=True, verbose_name="环保")
    told = ChoiceField(Fits, null=True, verbose_name="告知住户")
    advice = NoteField(null=True, verbose_name="修改意见")
    reviewed_at = MomentField(null=True, verbose_name="审核时间")
    approval = LineField(max_length=20, null=True, verbose_name="审批单号")
    made_at = MomentField(verbose_name="登记时间")
    made_by = LineField(max_length=60, verbose_name="经办人")

    key_field = "number"
    moves = {
        ProgrammeState.DRAFT: (ProgrammeState.PASSED, ProgrammeState.RETURNED),
        ProgrammeState.RETURNED: (ProgrammeState.DRAFT,),
    }

    class Meta:
        title = "外包计划方案"

    def described(self) -> str:
        """Return FS-202611-保洁 清新保洁 2026年11月."""
        return f"{self.number} {self.supplier.name} {self.month.chinese}"

    @deed(
        "suppliers.review_programme", "审核方案", SUPERVISE,
        inputs=inputs_from(
            lambda: ServiceProgramme, *POINTS, "advice", advice="有不符合的要写", whole="", frequent="",
            safe="", clean="", told="",
        ),
    )  # fmt: skip
    def review(self, advice: str | None = None, **points: Fits | None) -> Self:
        """Conclude on a programme; where a point does not fit, it goes back to be changed.

        Raises:
            RuleBroken: it was reviewed already.
            BadInput: a point has no conclusion, or does not fit and nothing says what to change.
        """
        fields = type(self).fields()
        missing = [name for name in POINTS if points.get(name) is None]
        if missing:
            told = "、".join(fields[name].label for name in missing)
            raise BadInput(f"{told} 还没有结论。每一项都要选符合或不符合。", missing[0])
        bad = [name for name in POINTS if points[name] is Fits.NO]
        if bad and not advice:
            told = "、".join(fields[name].label for name in bad)
            raise BadInput(f"{told} 不符合，请写修改意见。", "advice")
        approval = running_approval()
        return self.move_to(
            ProgrammeState.RETURNED if bad else ProgrammeState.PASSED, advice=advice, reviewed_at=now(),
            approval=str(approval.number) if approval else None, **points,
        )  # fmt: skip


class ProgrammeLine(Record):
    """方案要点: what is done in one area, how often, by how many, with what."""

    programme = LinkField(ServiceProgramme, backref="lines", verbose_name="外包计划方案")
    position = CountField(verbose_name="序号")
    area = LineField(max_length=40, verbose_name="区域").roomier(12)
    frequency = LineField(max_length=40, verbose_name="频次")
    staff = CountField(null=True, verbose_name="人力(人)")
    material = LineField(max_length=60, null=True, verbose_name="药剂、肥料、用品")
    note = LineField(max_length=80, null=True, verbose_name="说明")

    class Meta:
        title = "方案要点"
        indexes = ((("programme", "position"), True),)


reaches_everybody(ServiceProgramme, ProgrammeLine)
keeps_files(ServiceProgramme, VIEW)
finds_numbered(
    VIEW, "FS", ServiceProgramme, "service_programmes", "外包计划方案", lambda one: one.supplier.name
)

_LINE = inputs_from(lambda: ProgrammeLine, "area", "frequency", "staff", "material", "note")
AskedRows = Annotated[list[dict[str, Any]], Asked(RowsField(_LINE, verbose_name="计划要点"))]
AskedProgramme = Annotated[ServiceProgramme, Asked(LinkField(ServiceProgramme, verbose_name="外包计划方案"))]


@deed("suppliers.submit_programme", "登记方案", SUPERVISE)
def submit_programme(
    supplier: AskedSupplier,
    month: Annotated[Month, Asked(MonthField(verbose_name="期间"))],
    rows: AskedRows,
) -> ServiceProgramme:
    """Note what a contractor plans for a month.

    Raises:
        RuleBroken: it has no contract by the month then, or a programme of the month already.
    """
    if not any(one.supplier_id == supplier.id for one in working(month)):
        raise RuleBroken(
            f"{supplier.name} 在 {month.chinese} 没有按月付费的合同。请先“登记合同”，填月服务费。"
        )
    other = ServiceProgramme.get_or_none(supplier=supplier, month=month)
    if other is not None:
        told = f"{supplier.name} {month.chinese} 的方案 {other.number} 已登记（{other.state.value}）"
        raise RuleBroken(f"{told}。要改的请“修改方案”。")
    made = ServiceProgramme.add(
        number=numbered_by_kind(ServiceProgramme, "FS", month, supplier), supplier=supplier,
        category=supplier.category, month=month, made_at=now(), made_by=actor().name,
    )  # fmt: skip
    _put(made, rows)
    return made


def numbered_by_kind(record: Any, prefix: str, month: Month, supplier: Supplier) -> str:
    """Return FS-202611-保洁, or FS-202611-保洁-2 for a second contractor of the kind."""
    same = (record.month == month) & (record.category == supplier.category)
    count = record.select().where(same).count()
    number = f"{prefix}-{month.first:%Y%m}-{supplier.category.value}"
    return f"{number}-{count + 1}" if count else number


@deed("suppliers.redo_programme", "修改方案", SUPERVISE)
def redo_programme(programme: AskedProgramme, rows: AskedRows) -> ServiceProgramme:
    """Write a programme anew, as what was returned is; it waits for its review again.

    Raises:
        RuleBroken: it passed, or is being approved.
    """
    if programme.state is ProgrammeState.PASSED:
        raise RuleBroken(f"方案 {programme.number} 已审核通过，不能再改。变动的写进下个月的方案。")
    refuse_pending(pending_on("suppliers.review_programme", programme), f"方案 {programme.number}")
    for line in list(programme.lines):
        line.remove()
    _put(programme, rows)
    programme.renew()
    if programme.state is ProgrammeState.RETURNED:  # what was concluded is concluded anew; the advice stays
        again = dict.fromkeys((*POINTS, "reviewed_at", "approval"))
        return programme.move_to(ProgrammeState.DRAFT, **again)
    return programme


def rows_of(programme: ServiceProgramme) -> list[dict[str, Any]]:
    """Return the lines of a programme as `redo_programme` takes them."""
    names = ("area", "frequency", "staff", "material", "note")
    ordered = programme.lines.order_by(ProgrammeLine.position)
    return [{name: getattr(line, name) for name in names} for line in ordered]


def _put(programme: ServiceProgramme, rows: Sequence[Mapping[str, Any]]) -> None:
    for position, row in enumerate(rows, start=1):
        ProgrammeLine.add(programme=programme, position=position, **row)


def unreviewed(month: Month) -> list[SupplyContract]:
    """Return the supervised contracts of a month of which no programme passed."""
    passed = ServiceProgramme.select(ServiceProgramme.supplier).where(
        (ServiceProgramme.month == month) & (ServiceProgramme.state == ProgrammeState.PASSED)
    )
    known = {one.supplier_id for one in passed}
    return [one for one in supervised(month) if one.supplier_id not in known]


approvable("suppliers.review_programme", default=(Step("管理处主任", "主任"),), on=True)
