"""代理: who decides for somebody who is away, from one day to another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

from models import deeds
from models.base import Dated
from models.clock import now
from models.deeds import deed
from models.errors import BadInput, RuleBroken
from models.fields import DayField, LinkField
from models.inputs import Asked
from models.office.accounts import ACCOUNTS, Account

APPROVALS = deeds.right("office.approvals", "申请和审批")


class Deputy(Dated):
    """代理: who decides for an account, in the steps whose role that account holds."""

    account_id: int
    deputy_id: int

    account = LinkField(Account, backref="deputies", verbose_name="被代理人")
    deputy = LinkField(Account, backref="+", verbose_name="代理人")

    class Meta:
        title = "代理"

    def label(self) -> str:
        """Return 王敏 → 李会计."""
        return f"{self.account.name} → {self.deputy.name}"

    @deed("office.end_deputy", "结束代理", APPROVALS, question="从现在起不再代理；已作的审批有效。")
    def end(self) -> None:
        """Let the deputy decide no more.

        Raises:
            RuleBroken: it is neither one's own affair nor that of who administers accounts, or over already.
        """
        _refuse_stranger(self.account)
        last = now().date() - timedelta(days=1)
        if self.until is not None and self.until <= last:
            raise RuleBroken(f"{self.label()} 的代理到 {self.until} 已经结束。")
        if self.since > last:
            self.remove()
        else:
            self.change(until=last)


@deed("office.set_deputy", "设代理", APPROVALS)
def set_deputy(
    deputy: Annotated[Account, Asked(LinkField(Account, verbose_name="代理人"))],
    account: Annotated[
        Account | None, Asked(LinkField(Account, null=True, verbose_name="被代理人"), "不填为本人")
    ] = None,
    since: Annotated[date | None, Asked(DayField(null=True, verbose_name="起"), "不填为今天")] = None,
    until: Annotated[date | None, Asked(DayField(null=True, verbose_name="止"), "不填为直到结束代理")] = None,
) -> Deputy:
    """Let somebody decide for a person who is away.

    Raises:
        RuleBroken: it is not one's own affair, both are one person, or the deputy cannot sign in.
        BadInput: the days do not follow each other.
    """
    person, first = account or _oneself(), since or now().date()
    _refuse_stranger(person)
    if person.staff_id == deputy.staff_id:
        raise RuleBroken("不能代理自己。请另选代理人。")
    if account is not None and deputy.staff_id == getattr(deeds.actor(), "staff_id", None):
        raise RuleBroken("不能把自己设成别人的代理人。请由被代理人本人或另一位管理员操作。")
    if not (deputy.active and person.active):
        raise RuleBroken("代理人和被代理人的账号都要在用。请先启用账号。")
    if until is not None and until < first:
        raise BadInput(f"止日 {until} 早于起日 {first}。请核对。", "until")
    same = (Deputy.account == person) & (Deputy.deputy == deputy)
    if Deputy.select().where(same & Deputy.on_some_day(first, until or date.max)).exists():
        raise RuleBroken(f"{person.name} 在这段时间已请 {deputy.name} 代理。请先结束原来的代理。")
    return Deputy.add(account=person, deputy=deputy, since=first, until=until)


def represented_by(person: Account) -> Iterator[Account]:
    """Yield the person and everybody for whom the person decides today."""
    yield person
    today = Deputy.on(now().date()) & (Deputy.deputy == person)
    yield from Account.select().join(Deputy, on=Deputy.account == Account.id).where(today & Account.active)


def _oneself() -> Account:
    someone = deeds.actor()
    if not isinstance(someone, Account):
        raise RuleBroken("请写明被代理人。")
    return someone


def _refuse_stranger(person: Account) -> None:
    someone = deeds.actor()
    own = person.staff_id == getattr(someone, "staff_id", None)
    if not own and not someone.may(ACCOUNTS):
        raise RuleBroken("只能管自己的代理。别人的请由本人或管理员操作。")
