"""What the desk says of accounts and of the calendar."""

from datetime import date
from pathlib import Path

from models import deeds
from models.desk import Reminder, reminders_on
from models.office import reminders  # noqa: F401 - registers what is tested
from models.office.accounts import Account, Role, add_account
from models.office.signin import change_password
from models.office.staff import add_staff
from models.workdays import confirm_year

DAY = date(2026, 6, 1)


def told(day: date = DAY) -> list[Reminder]:
    """Reminders of this module alone."""
    return [one for one in reminders_on(day) if one.page in ("accounts", "workdays")]


def test_one_person_alone_with_an_account_is_reminded_of_it(office: Path) -> None:
    (one,) = told()
    assert (one.tone, one.page) == ("warning", "accounts")
    assert "只有一个人有账号" in one.title
    assert "负责人" in one.title


def test_a_second_account_of_the_same_person_changes_nothing(office: Path) -> None:
    issued = add_account("admin2", Account.find("admin").staff)
    change_password(issued.account, issued.password, "a turtle and an owl")
    assert "只有一个人有账号" in told()[0].title


def test_somebody_else_ends_the_reminder_once_signed_in(office: Path) -> None:
    issued = add_account("wangmin", add_staff(number="0002", name="王敏"), Role.find("收款员"))
    (waiting,) = told()
    assert ("首次登录" in waiting.title, waiting.count, waiting.tone) == (True, 1, "info")
    change_password(issued.account, issued.password, "a turtle and an owl")
    assert told() == []


def test_a_year_without_a_table_is_warned_of_from_november_on(office: Path) -> None:
    add_account("wangmin", add_staff(number="0002", name="王敏")).account.retire()
    assert [one for one in told(date(2026, 10, 31)) if one.page == "workdays"] == []
    (warned,) = [one for one in told(date(2026, 11, 1)) if one.page == "workdays"]
    assert warned.tone == "warning"
    assert "没有 2027 年的放假安排" in warned.title
    confirm_year(2027)
    assert [one for one in told(date(2026, 11, 1)) if one.page == "workdays"] == []


def test_a_cashier_is_reminded_of_neither(office: Path) -> None:
    issued = add_account("wangmin", add_staff(number="0002", name="王敏"), Role.find("收款员"))
    change_password(issued.account, issued.password, "a turtle and an owl")
    with deeds.acting(issued.account):
        assert told(date(2026, 11, 1)) == []
