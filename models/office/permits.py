"""许可: prints and exports of many rows that tell of people want a second yes, where the office wants it.

Where a chain stands before `office.permit_many`, whoever prints or exports more than MOST such rows needs a
permit that was approved: for one list or form, used once, within some days (forms.md B7).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

from models import deeds
from models.base import Record
from models.clock import now
from models.deeds import deed
from models.errors import BadInput, NeedsApproval, RuleBroken
from models.fields import DayField, LineField, LinkField, MomentField, NamedField
from models.inputs import Asked
from models.listings import LISTS
from models.office.accounts import Account
from models.office.approvals import running_approval
from models.office.chains import Step, approvable, stands_before
from models.office.deputies import APPROVALS

MOST = 50
"""Rows that anybody who may print or export them may print or export without more."""
DAYS = 7
"""How long a permit can be used."""
MANY = "office.permit_many"

_WHO = "业主 责任业主 新业主 共有人 使用人 租户 姓名 业主名称 户名 付款人 交款人 交费人 缴费人 领款人 车主"
_HOW = "致 联系人 电话 手机号 证件号码 身份证号 通讯地址 车牌号"
PEOPLE = frozenset(f"{_WHO} {_HOW}".split(" "))
"""Headings below which stands who somebody is, or how to reach him."""

FORMS: dict[str, str] = {}
"""Titles of the forms that tell of people, by code, as far as they are loaded."""
_CODE = re.compile(r"form:[A-Z]{2}-\d+")


def tells_of_people(headings: Iterable[str]) -> bool:
    """Whether what stands below these headings tells of people."""
    return not PEOPLE.isdisjoint(headings)


class OutletField(NamedField):
    """A list that is exported or a form that is printed: `list:people`, `form:FE-08`."""

    chars = 20

    def options(self) -> dict[str, str]:
        """Return every list, and the forms that tell of people."""
        lists = {f"list:{name}": f"导出{one.title}" for name, one in LISTS.items()}
        return {**lists, **{f"form:{code}": f"打印{title}（{code}）" for code, title in FORMS.items()}}

    def check(self, value: Any) -> str:
        """Refuse what is neither.

        Raises:
            BadInput: it is neither a list nor looks like the code of a form.
        """
        name = self.parse(str(value))
        if name in self.options() or _CODE.fullmatch(name):
            return name
        raise BadInput(f"没有“{value}”。名单写 list:people 这样的名称，表单写 form:FE-08 这样的表码。")


class Permit(Record):
    """许可: one export or print of many rows that was approved."""

    account = LinkField(Account, backref="+", verbose_name="账号")
    what = OutletField(max_length=60, verbose_name="名单或表单")
    until = DayField(verbose_name="有效至")
    approval = LineField(max_length=40, verbose_name="审批单号")
    used_at = MomentField(null=True, verbose_name="使用时间")

    class Meta:
        title = "许可"

    def label(self) -> str:
        """Return 导出人员，有效至 2026-12-05."""
        return f"{Permit.what.show(self.what)}，有效至 {self.until}"


@deed(MANY, "大量导出或打印", APPROVALS)
def permit_many(
    what: Annotated[str, Asked(OutletField(max_length=60, verbose_name="名单或表单"))],
    purpose: Annotated[str, Asked(LineField(max_length=120, verbose_name="用途和接收方"))],
) -> Permit:
    """Permit one print or export of many rows that tell of people; done by approval alone.

    Raises:
        RuleBroken: nobody approved it.
    """
    approval, person = running_approval(), deeds.actor()
    if approval is None or not isinstance(person, Account):
        raise RuleBroken("大量导出和打印没有启用审批，不必申请。需要时请找管理员在“审批链”里启用。")
    until = now().date() + timedelta(days=DAYS)
    return Permit.add(account=person, what=what, until=until, approval=approval.number)


approvable(MANY, default=(Step("管理处主任", "主任"),))


class Tally:
    """Counts rows that tell of people as they go out.

    Args:
        what: where to: `list:people`, `form:FE-08`.
    """

    def __init__(self, what: str) -> None:
        self._what, self._rows = what, 0
        self.limited = isinstance(deeds.actor(), Account) and stands_before(MANY)
        """Whether many rows want a permit at all."""
        self._permit: Permit | None = None

    def add(self, rows: int) -> None:
        """Count rows.

        Raises:
            NeedsApproval: there are too many by now for whoever has no permit.
        """
        self._rows += rows
        if self.limited and self._permit is None and self._rows > MOST:
            self._permit = self._valid()

    def use(self) -> dict[str, str]:
        """Use up the permit where one was needed; return what the audit trail is told of it.

        Raises:
            NeedsApproval: it was used meanwhile.
        """
        if self._permit is None:
            return {}
        free = (Permit.id == self._permit.id) & Permit.used_at.is_null()
        if Permit.update(used_at=now()).where(free).execute() != 1:
            self._refuse()
        return {"approval": str(self._permit.approval)}

    def _valid(self) -> Permit:
        mine = (Permit.account == deeds.actor()) & (Permit.what == self._what) & Permit.used_at.is_null()
        return Permit.get_or_none(mine & (Permit.until >= now().date())) or self._refuse()

    def _refuse(self) -> Any:
        title = Permit.what.show(self._what)
        raise NeedsApproval(
            f"{title}超过 {MOST} 行，带有姓名、房号、电话等个人信息，要先审批。请申请“大量导出或打印”"
            f"（{self._what}），批准后 {DAYS} 天内可办一次；或先筛选，减到 {MOST} 行以内。",
            MANY,
            {"what": self._what},
        )
