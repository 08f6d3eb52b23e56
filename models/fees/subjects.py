"""会计科目: under which subject of the enterprise accounting standards each kind of entry stands."""

from __future__ import annotations

from enum import Enum
from typing import Any

from models.base import Record
from models.deeds import deed, reaches_everybody
from models.fees.payments import Method
from models.fees.rights import BANK, VIEW
from models.fields import ChoiceField, CodeField, LineField
from models.inputs import edits_of
from models.listings import Filters, Listing, Shown, listing


class SubjectUse(Enum):
    """What a subject is used for."""

    CASH = "现金"
    BANK = "银行"
    PHONE = "微信和支付宝"
    RECEIVABLE = "应收的费用"
    PREPAID = "预存款"
    DEPOSIT = "押金"
    COLLECTED = "代收的费用"
    REVENUE = "收费收入"
    LATE = "违约金收入"
    FORFEIT = "押金扣款收入"
    DIFFERENCE = "现金长款短款"


MONEY = {
    Method.CASH: SubjectUse.CASH,
    Method.TRANSFER: SubjectUse.BANK,
    Method.POS: SubjectUse.BANK,
    Method.DEBIT: SubjectUse.BANK,
    Method.WECHAT: SubjectUse.PHONE,
    Method.ALIPAY: SubjectUse.PHONE,
}
"""Where money of each way of payment comes in."""


class Subject(Record):
    """会计科目: code and name that an entry bears; the office may put its own there."""

    use = ChoiceField(SubjectUse, unique=True, verbose_name="用于")
    code = CodeField(max_length=20, verbose_name="科目编码")
    name = LineField(max_length=40, verbose_name="科目名称")

    class Meta:
        title = "会计科目"

    def label(self) -> str:
        """Return 1122 应收账款."""
        return f"{self.code} {self.name}"

    @deed("fees.edit_subject", "修改科目", BANK, inputs=edits_of(lambda: Subject, "code", "name"))
    def edit(self, **values: Any) -> Subject:
        """Change under what code and name the next exports tell it."""
        return self.change(**values)


reaches_everybody(Subject)


@listing("subjects", "会计科目", "fees", VIEW)
def subjects(filters: Filters) -> Listing:
    """Subjects by code."""
    columns = (Shown("use", Subject.use), Shown("code", Subject.code), Shown("name", Subject.name))
    return Listing(Subject.select(), columns, id=Subject.id, order=("code", "use"), record=Subject)
