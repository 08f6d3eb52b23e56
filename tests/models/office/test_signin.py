"""The door: who gets in, what wrong tries cost, and what is written down of every one."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models import deeds, sqlite
from models.audit import AuditEntry, Outcome
from models.base import db
from models.errors import BadInput, PermissionDenied, SignInRefused
from models.office import passwords, signin
from models.office.accounts import Account, Issued, Role, add_account
from models.office.signin import SignIn, change_password, sign_in, wait_after
from models.office.staff import add_staff

ADMIN = "correct horse 8"
NOON = datetime(2026, 11, 23, 12, 0, 0, 300_000)


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(NOON)
    monkeypatch.setattr(signin, "_now", made)
    return made


@pytest.fixture
def cashier(office: Path) -> Issued:
    """A cashier whose account was just opened."""
    staff = add_staff(number="0002", name="王敏")
    return add_account("wangmin", staff, Role.find("收款员"))


def wrong(times: int, login: str = "admin") -> SignInRefused:
    for _ in range(times):
        with pytest.raises(SignInRefused) as refused:
            sign_in(login, "wrong password")
    return refused.value


def tries() -> list[tuple[str, bool, str]]:
    return [(row.login, row.admitted, row.reason) for row in SignIn.select().order_by(SignIn.id)]


def test_the_right_password_lets_in_and_is_written_down(office: Path) -> None:
    account = sign_in("admin", ADMIN, "前台-1")
    assert (account.name, account.may("office.accounts")) == ("管理员", True)
    row = SignIn.get()
    assert (row.login, row.admitted, row.reason, row.machine) == ("admin", True, "登录成功", "前台-1")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.deed, entry.outcome, entry.who) == ("office.sign_in", Outcome.DONE, "管理员")
    assert entry.facts == {"machine": "前台-1"}


def test_a_login_is_understood_in_full_width_and_with_blanks(office: Path) -> None:
    assert sign_in(" ａｄｍｉｎ ", ADMIN).login == "admin"


@pytest.mark.parametrize(
    ("login", "password"),
    [("admin", "wrong"), ("nobody", ADMIN), ("", ADMIN), ("admin", ""), ("admin", ADMIN + " ")],
)
def test_wrong_and_unknown_are_refused_in_the_same_words(office: Path, login: str, password: str) -> None:
    before = AuditEntry.select().count()
    with pytest.raises(SignInRefused, match=r"^登录名或口令不对。请核对后再输入"):
        sign_in(login, password)
    assert [row[1] for row in tries()] == [False]
    assert AuditEntry.select().count() == before + 1
    assert AuditEntry.select().order_by(AuditEntry.id.desc()).get().outcome is Outcome.REFUSED


def test_an_unknown_login_is_compared_like_a_known_one(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda kept, given: compared.append(kept) or real(kept, given))
    wrong(1, "nobody")
    wrong(1, "admin")
    assert [kept.split("$")[1:4] for kept in compared] == [["argon2id", "v=19", "m=8,t=1,p=1"]] * 2


def test_what_was_typed_into_the_login_field_by_mistake_is_not_kept(office: Path) -> None:
    wrong(1, "my secret password")
    assert tries() == [("my…", False, "没有这个账号")]
    assert "secret" not in str(list(AuditEntry.select().dicts()))


def test_five_wrong_tries_in_a_row_cost_nothing_but_the_next(office: Path, clock: Clock) -> None:
    wrong(4)
    assert sign_in("admin", ADMIN).failures == 0
    assert "锁定至 12:00:02" in str(wrong(5))
    with pytest.raises(SignInRefused, match=r"锁定至 12:00:02。请到时再试，或找管理员重置口令"):
        sign_in("admin", ADMIN)
    clock.pass_(seconds=2)
    assert sign_in("admin", ADMIN).failures == 0


def test_the_wait_doubles_up_to_a_quarter_of_an_hour(office: Path) -> None:
    waits = [wait_after(failures).total_seconds() for failures in range(18)]
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert wait_after(10**6) == timedelta(minutes=15)


def test_each_failure_after_the_fifth_locks_for_longer(office: Path, clock: Clock) -> None:
    wrong(5)
    for failures in (6, 7, 8):
        clock.pass_(minutes=1)
        wrong(1)
        account = Account.find("admin")
        assert account.failures == failures
        assert account.locked_until - clock.now.replace(microsecond=0) == wait_after(failures) + timedelta(
            seconds=1
        )


def test_tries_while_locked_are_written_down_but_do_not_lengthen_the_wait(office: Path, clock: Clock) -> None:
    wrong(5)
    until = Account.find("admin").locked_until
    wrong(3)
    assert (Account.find("admin").failures, Account.find("admin").locked_until) == (5, until)
    assert [reason for _, _, reason in tries()] == ["口令不对"] * 5 + ["锁定中"] * 3


def test_success_forgets_the_failures(office: Path) -> None:
    wrong(4)
    sign_in("admin", ADMIN)
    wrong(4)
    assert sign_in("admin", ADMIN).failures == 0


def test_the_count_outlives_the_program(office: Path, clock: Clock) -> None:
    wrong(5)
    db.close()
    sqlite.init(db, office)
    db.connect()
    with pytest.raises(SignInRefused, match="锁定至"):
        sign_in("admin", ADMIN)


def test_a_clock_set_back_neither_unlocks_nor_locks_for_years(office: Path, clock: Clock) -> None:
    wrong(5)
    clock.pass_(days=-400)
    with pytest.raises(SignInRefused, match="锁定至"):
        sign_in("admin", ADMIN)
    clock.pass_(seconds=3)
    assert sign_in("admin", ADMIN).locked_until is None


def test_an_account_locked_while_its_password_is_compared_stays_shut(
    office: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(kept: str, password: str) -> bool:
        with sqlite3.connect(office) as other:
            other.execute("UPDATE account SET failures = 9, locked_until = '2026-11-23 12:00:10'")
        other.close()
        return True

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(SignInRefused, match="锁定至 12:00:10"):
        sign_in("admin", ADMIN)
    assert Account.find("admin").failures == 9


def test_counting_makes_no_open_form_stale(office: Path, cashier: Issued) -> None:
    account = Account.find("wangmin")
    wrong(2, "wangmin")
    account.rename("wang.min")
    assert Account.find("wang.min").failures == 2


def test_a_retired_account_is_told_so_only_by_its_own_password(office: Path, cashier: Issued) -> None:
    cashier.account.retire()
    with pytest.raises(SignInRefused, match="已停用"):
        sign_in("wangmin", cashier.password)
    assert "登录名或口令不对" in str(wrong(1, "wangmin"))


def test_a_one_time_password_opens_nothing_until_it_is_changed(office: Path, cashier: Issued) -> None:
    account = sign_in("wangmin", cashier.password)
    assert account.must_change
    assert not any(account.may(right) for right in deeds.RIGHTS)
    change_password(account, cashier.password, "a turtle and an owl")
    assert not account.must_change
    assert account.may("fees.receive")
    assert not sign_in("wangmin", "a turtle and an owl").must_change
    wrong(1, "wangmin")


def test_changing_needs_the_old_password(office: Path) -> None:
    with pytest.raises(SignInRefused, match="登录名或口令不对"):
        change_password(Account.find("admin"), "not mine", "a turtle and an owl")
    assert Account.find("admin").failures == 1
    assert sign_in("admin", ADMIN)


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (ADMIN, "与原口令相同"),
        ("short", "至少 8 个字"),
        ("12345678", "太常见"),
        ("测试小区物业服务中心", "不能与登录名、姓名或管理处名称相同"),
    ],
)
def test_a_new_password_that_others_would_guess_is_refused(office: Path, new: str, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        change_password(Account.find("admin"), ADMIN, new)
    assert sign_in("admin", ADMIN)


def test_the_trail_tells_of_a_change_but_nothing_of_the_password(office: Path) -> None:
    change_password(Account.find("admin"), ADMIN, "a turtle and an owl")
    entry = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
    assert (entry.deed, entry.who, entry.subject) == ("office.change_password", "管理员", "admin 管理员")
    told = str(list(AuditEntry.select().dicts()))
    assert "argon2" not in told
    assert "turtle" not in told


def test_signing_in_keeps_an_old_password_at_todays_cost(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "COST", passwords.Cost(2, 64))
    sign_in("admin", ADMIN)
    assert "m=64,t=2" in Account.find("admin").password
    assert sign_in("admin", ADMIN)


def test_who_holds_the_password_of_another_gets_only_his_rights(office: Path, cashier: Issued) -> None:
    change_password(cashier.account, cashier.password, "a turtle and an owl")
    with deeds.acting(sign_in("wangmin", "a turtle and an owl")), pytest.raises(PermissionDenied):
        add_staff(number="0003", name="李")


@pytest.mark.parametrize("machine", [None, "前台" * 100])
def test_the_name_of_a_machine_may_be_missing_or_long(office: Path, machine: str | None) -> None:
    sign_in("admin", ADMIN, machine)
    assert SignIn.get().machine == (machine and machine[:60])
