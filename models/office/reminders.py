"""办公提醒: what the desk says of accounts and of the calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models import workdays
from models.desk import Reminder, reminds
from models.office.accounts import ACCOUNTS, Account


@reminds(ACCOUNTS)
def lone_account(day: date) -> Iterator[Reminder]:
    """Remind that one person alone has an account, and with it every right."""
    people = {account.staff_id for account in Account.select().where(Account.active)}
    if len(people) == 1:
        yield Reminder(
            "只有一个人有账号：请为其他人开账号，并把“负责人”角色交给负责的人", "warning", page="accounts"
        )


@reminds(ACCOUNTS)
def unused_passwords(day: date) -> Iterator[Reminder]:
    """Remind of one-time passwords that nobody used yet."""
    count = Account.select().where(Account.active & Account.must_change).count()
    if count:
        yield Reminder("账号还没有首次登录并改口令", page="accounts", count=count)


@reminds(workdays.EDIT)
def years_without_table(day: date) -> Iterator[Reminder]:
    """Warn of years whose holidays nobody entered."""
    for year in workdays.years_missing(day):
        yield Reminder(
            f"没有 {year} 年的放假安排，暂按周一至周五上班计算：请录入后确认年历", "warning", page="workdays"
        )
