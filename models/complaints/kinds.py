"""受理事项: what people complain of and have repaired: the place × kind × problem triples that make sense.

A case keeps place, kind and problem as they were on its day; the catalogue may change.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, Self

from models.base import Record
from models.complaints.rights import REGISTER, RULES
from models.deeds import deed, reaches_everybody
from models.errors import BadInput, RuleBroken
from models.fields import ChoiceField, CodeField, FlagField, LineField, LinkField
from models.inputs import edits_of, inputs_from
from models.listings import Filters, Listing, Shown, listing
from models.office.staff import Department


class Sort(Enum):
    """What a case is; each has states and forms of its own."""

    COMPLAINT = "投诉"
    REPAIR = "报修"


class Place(Enum):
    """Where it is: in a household, in what all share, or nowhere, as the manners of somebody."""

    HOME = "户内"
    COMMON = "公共部位"
    SERVICE = "服务"


class Kind(Enum):
    """类别 of CS-01 and of CS-03; those of repairs are the trades by which they are dispatched."""

    FEES = "收费"
    UPKEEP = "维修"
    SECURITY = "安保"
    CLEANING = "保洁"
    GREENING = "绿化"
    PARKING = "停车"
    DECORATION = "装修扰民"
    NEIGHBOURS = "邻里"
    MANNERS = "员工态度"
    FACILITIES = "设施"
    WATER = "水"
    POWER = "电"
    STRUCTURE = "土建"
    DOORS = "门窗"
    WEAK = "弱电"
    LIFT = "电梯"
    FIRE = "消防"
    OTHER = "其他"


TRADES = (Kind.WATER, Kind.POWER, Kind.STRUCTURE, Kind.DOORS, Kind.WEAK, Kind.LIFT, Kind.FIRE, Kind.OTHER)
"""Kinds of repairs."""
MATTERS = tuple(kind for kind in Kind if kind not in TRADES or kind is Kind.OTHER)
"""Kinds of complaints."""
KINDS = {Sort.COMPLAINT: MATTERS, Sort.REPAIR: TRADES}


class Grade(Enum):
    """等级 of a complaint (forms.md B8), 紧急度 of a repair (CS-03)."""

    URGENT = "紧急"
    GRAVE = "重大"
    ORDINARY = "一般"
    EMERGENCY = "急修"
    APPOINTED = "预约"


GRADES = {
    Sort.COMPLAINT: (Grade.URGENT, Grade.GRAVE, Grade.ORDINARY),
    Sort.REPAIR: (Grade.EMERGENCY, Grade.ORDINARY, Grade.APPOINTED),
}

USUAL = {
    Kind.FEES: "财务部",
    Kind.UPKEEP: "工程部",
    Kind.SECURITY: "秩序维护部",
    Kind.PARKING: "秩序维护部",
    Kind.FACILITIES: "工程部",
}
"""Departments that see to complaints where the catalogue names none."""

_ENTERED = ("sort", "place", "kind", "name", "grade", "department")


class Problem(Record):
    """受理事项: one triple that may be chosen at intake, with what it begins as."""

    code = CodeField(max_length=16, unique=True, verbose_name="事项编号")
    sort = ChoiceField(Sort, verbose_name="性质")
    place = ChoiceField(Place, verbose_name="部位")
    kind = ChoiceField(Kind, verbose_name="类别")
    name = LineField(max_length=30, verbose_name="事项")
    grade = ChoiceField(Grade, verbose_name="默认等级")
    department = LinkField(Department, null=True, backref="+", verbose_name="承办部门")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "code"
    also_called = "name"

    class Meta:
        title = "受理事项"
        indexes = ((("sort", "place", "kind", "name"), True),)

    def label(self) -> str:
        """Return 报修 户内 水 漏水."""
        return f"{self.sort.value} {self.place.value} {self.kind.value} {self.name}"

    @deed(
        "complaints.edit_problem", "修改受理事项", RULES,
        inputs=edits_of(lambda: Problem, "name", "grade", "department"), undo="complaints.edit_problem",
    )  # fmt: skip
    def edit(self, **values: Any) -> Self:
        """Change its name, or what it begins as; cases that were taken stay as they are.

        Raises:
            BadInput: the grade is none of its sort.
        """
        _check(self.sort, self.kind, values.get("grade") or self.grade)
        return self.change(**values)

    @deed("complaints.retire_problem", "停用受理事项", RULES, undo="complaints.restore_problem")
    def retire(self) -> Self:
        """Offer it no more."""
        return self.change(active=False)

    @deed("complaints.restore_problem", "启用受理事项", RULES, undo="complaints.retire_problem")
    def restore(self) -> Self:
        """Offer it again."""
        return self.change(active=True)


def department_of(problem: Problem) -> Department | None:
    """Return who sees to it: as the catalogue says, else as is usual; None without such a department."""
    if problem.department is not None:
        found: Department = problem.department
        return found
    name = "工程部" if problem.sort is Sort.REPAIR else USUAL.get(problem.kind, "客户服务部")
    return Department.get_or_none((Department.name == name) & Department.active)


reaches_everybody(Department, Problem)


@deed("complaints.add_problem", "新增受理事项", RULES, inputs=inputs_from(lambda: Problem, *_ENTERED))
def add_problem(**values: Any) -> Problem:
    """Enter a triple that may be chosen at intake.

    Raises:
        BadInput: kind or grade is none of its sort.
    """
    sort = values["sort"]
    _check(sort, values["kind"], values["grade"])
    letter = "T" if sort is Sort.COMPLAINT else "B"
    known = Problem.select().where(Problem.code.startswith(letter)).count()
    while Problem.get_or_none(Problem.code == f"{letter}{known + 1:02d}"):
        known += 1
    return Problem.add(code=f"{letter}{known + 1:02d}", **values)


def _check(sort: Sort, kind: Kind, grade: Grade) -> None:
    if kind not in KINDS[sort]:
        known = "、".join(one.value for one in KINDS[sort])
        raise BadInput(f"{sort.value}没有“{kind.value}”这一类。可填：{known}。", "kind")
    check_grade(sort, grade)


def check_grade(sort: Sort, grade: Grade) -> None:
    """Refuse a grade that is none of a sort.

    Raises:
        BadInput: it is one of the other's.
    """
    if grade not in GRADES[sort]:
        known = "、".join(one.value for one in GRADES[sort])
        raise BadInput(f"{sort.value}没有“{grade.value}”这一级。可填：{known}。", "grade")


def check_in_use(problem: Problem) -> None:
    """Refuse a triple that is out of use.

    Raises:
        RuleBroken: it is.
    """
    if not problem.active:
        raise RuleBroken(f"受理事项“{problem.label()}”已停用。请选别的，或先启用它。")


@listing("problems", "受理事项", "complaints", REGISTER, "state")
def problems(filters: Filters) -> Listing:
    """What may be chosen at intake."""
    query = Problem.select().left_outer_join(Department)
    query = filters.narrow(query, state=Problem.sort)
    columns = (
        Shown("code", Problem.code),
        Shown("name", Problem.name, tells=True),
        Shown("place", Problem.place, tells=True),
        Shown("kind", Problem.kind),
        Shown("sort", Problem.sort, status=True),
        Shown("grade", Problem.grade),
        Shown("department", Department.name, label="承办部门"),
        Shown("active", Problem.active),
    )
    return Listing(
        query, columns, id=Problem.id, order=("code",), record=Problem,
        search=(Problem.code, Problem.name),
    )  # fmt: skip
