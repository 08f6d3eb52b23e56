"""公共收益种类与公示约定: what common parts earn by, and how often the owners are told of it.

Income from common parts belongs to the owners once reasonable cost is taken off (民法典 282), and what came
in and went out is published regularly (民法典 943, forms.md B12.7).
"""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, Self

from models.base import Record
from models.deeds import deed
from models.errors import BadInput
from models.fees.rights import COMMONS
from models.fields import ChoiceField, CountField, FlagField, LineField
from models.inputs import edits_of, inputs_from

_PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
"""A mobile telephone number, or the number of an identity card."""
_BETWEEN = re.compile(r"(?<=\d)[\s\-－—·](?=[\dXx])")
"""What stands between the digits of one number."""


class CommonKind(Record):
    """收益种类: what common parts earn money by; the office may have its own."""

    name = LineField(max_length=20, unique=True, verbose_name="收益种类")
    active = FlagField(default=True, verbose_name="在用")

    key_field = "name"

    class Meta:
        title = "收益种类"

    @deed(
        "fees.edit_common_kind",
        "修改收益种类",
        COMMONS,
        inputs=edits_of(lambda: CommonKind, "name", "active"),
    )
    def edit(self, **values: Any) -> Self:
        """Call it otherwise, or stop using it; what was entered under it stays."""
        refuse_personal(values.get("name"), "收益种类", "name")
        return self.change(**values)


@deed("fees.add_common_kind", "新增收益种类", COMMONS, inputs=inputs_from(lambda: CommonKind, "name"))
def add_common_kind(name: str) -> CommonKind:
    """Add something that common parts earn money by."""
    refuse_personal(name, "收益种类", "name")
    return CommonKind.add(name=name)


class Every(Enum):
    """How often the owners are told."""

    QUARTER = "每季"
    HALF = "每半年"
    YEAR = "每年"

    @property
    def months(self) -> int:
        """How many months one notice is of."""
        return {Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}[self]


class CommonTerms(Record):
    """公示约定: one row."""

    every = ChoiceField(Every, default=Every.HALF, verbose_name="公示周期")
    days = CountField(low=1, high=180, default=30, verbose_name="期满后公示天数")

    class Meta:
        title = "公示约定"

    def label(self) -> str:
        """Return 每半年，期满后 30 天内."""
        return f"{self.every.value}，期满后 {self.days} 天内"


def common_terms() -> CommonTerms:
    """Return how often and until when the owners are told."""
    found: CommonTerms = CommonTerms.select().order_by(CommonTerms.id).first()
    return found


@deed("fees.set_common_terms", "定公示周期", COMMONS, inputs=edits_of(lambda: CommonTerms, "every", "days"))
def set_common_terms(**values: Any) -> CommonTerms:
    """Set how often a notice is due, and how many days after its period it must hang."""
    return common_terms().change(**values)


def refuse_personal(words: str | None, label: str, name: str) -> None:
    """Refuse words for a public notice that hold somebody's telephone or identity number (forms.md B7).

    Raises:
        BadInput: they do.
    """
    if words and _PERSONAL.search(_BETWEEN.sub("", words)):
        raise BadInput(f"{label}会公示，不能写手机号或身份证号。请去掉，写到备注里。", name)
