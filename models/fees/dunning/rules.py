"""催缴规则: when each step of the ladder comes, how long it lets people time, and what letters say.

The steps are those of forms.md B4.3 until the office says otherwise: a reminder before the due day, two
letters, and the demand of 民法典 944. Days that fall on a rest day move to the next working day.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Self

from models.base import Record
from models.deeds import deed
from models.errors import RuleBroken
from models.fees.dunning.wording import refuse_unlawful
from models.fees.rights import DUN_RULES, VIEW
from models.fields import CountField, DayField, LineField, MoneyField, NoteField
from models.inputs import edits_of
from models.listings import Filters, Listing, Shown, listing


class Stage(Enum):
    """The letters of the ladder, in their order."""

    FIRST = "第一次催缴"
    SECOND = "第二次催缴"
    FORMAL = "催告函"


ORDER = tuple(Stage)
_DAYS = ("before", "first_after", "first_days", "second_after", "second_days", "formal_after", "formal_days")
_TEXTS = ("contract", "clause", "services", "objection", "contact")
_EDITED = (*_DAYS, "apart", "least", "contract", "signed", "clause", "services", "objection", "contact")


class DunningRules(Record):
    """催缴规则: one row."""

    before = CountField(high=30, default=3, verbose_name="截止前几天提醒")
    first_after = CountField(low=1, high=365, default=7, verbose_name="第一次：逾期几天")
    first_days = CountField(low=3, high=60, default=7, verbose_name="第一次：限几天")
    second_after = CountField(low=2, high=730, default=30, verbose_name="第二次：逾期几天")
    second_days = CountField(low=3, high=60, default=10, verbose_name="第二次：限几天")
    formal_after = CountField(low=3, high=1095, default=60, verbose_name="催告函：逾期几天")
    formal_days = CountField(low=15, high=60, default=15, verbose_name="催告函：限几天")
    apart = CountField(low=1, high=90, default=7, verbose_name="两次至少隔几天")
    least = MoneyField(default=Decimal(0), verbose_name="起催金额")
    contract = LineField(max_length=80, null=True, verbose_name="物业服务合同")
    signed = DayField(null=True, verbose_name="合同签订日")
    clause = LineField(max_length=80, null=True, verbose_name="缴费条款")
    services = NoteField(null=True, verbose_name="已履行服务说明")
    objection = LineField(max_length=120, null=True, verbose_name="异议渠道")
    contact = LineField(max_length=80, null=True, verbose_name="催缴联系方式")

    class Meta:
        title = "催缴规则"

    def label(self) -> str:
        """Return what it is: there is one."""
        return "催缴规则"

    def after(self, stage: Stage) -> int:
        """Return how many days after the oldest due day a letter follows."""
        return int(getattr(self, f"{stage.name.lower()}_after"))

    def days(self, stage: Stage) -> int:
        """Return how many days a letter lets people pay."""
        return int(getattr(self, f"{stage.name.lower()}_days"))

    @deed(
        "fees.edit_dunning_rules",
        "修改催缴规则",
        DUN_RULES,
        inputs=edits_of(lambda: DunningRules, *_EDITED),
    )
    def edit(self, **values: Any) -> Self:
        """Change the steps of the ladder, or what letters say; letters that went out stay as they are.

        Raises:
            RuleBroken: the steps are out of order, or a text threatens with what the law forbids.
        """
        self.change(**values)
        if not self.first_after < self.second_after < self.formal_after:
            raise RuleBroken("逾期天数要一次比一次多：第一次、第二次、催告函。请改天数。")
        for name in _TEXTS:
            refuse_unlawful(getattr(self, name), self.fields()[name].label, service=name == "services")
        if self.signed is not None and self.signed > date.today():
            raise RuleBroken(f"{self.fields()['signed'].label} {self.signed} 还没有到。请核对。")
        return self


def rules() -> DunningRules:
    """Return the rules of the office."""
    found: DunningRules = DunningRules.select().order_by(DunningRules.id).first()
    return found


@listing("dunning_rules", "催缴规则", "fees", VIEW)
def dunning_rules(filters: Filters) -> Listing:
    """The one row of rules."""
    columns = tuple(Shown(name, DunningRules.fields()[name]) for name in (*_DAYS, "apart", "least"))
    texts = tuple(
        Shown(name, DunningRules.fields()[name], hidden=True)
        for name in ("contract", "signed", "clause", "services", "objection", "contact")
    )
    return Listing(DunningRules.select(), (*columns, *texts), id=DunningRules.id, record=DunningRules)
