"""登录: the door. Five wrong passwords in a row are free, then each costs twice the wait of the last.

The count stands in the database, so that neither a restart nor a second PC forgets it. Whoever
tries learns neither whether a login exists (an unknown one takes as long) nor, while it is
locked, whether the password was right.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NoReturn

from models import audit, deeds
from models.base import Journal, Record, journalling
from models.errors import BadInput, SignInRefused
from models.fields import CodeField, FlagField, LineField, MomentField
from models.office import passwords
from models.office.accounts import Account
from models.office.profile import profile
from models.text import narrow

FREE = 5
"""Wrong passwords in a row before the first wait."""
LONGEST = timedelta(minutes=15)

SIGNED_IN = deeds.act("office.sign_in", "登录")
CHANGED = deeds.act("office.change_password", "修改口令")

_WRONG = f"登录名或口令不对。请核对后再输入；连续 {FREE} 次不对，要等一会儿才能再试。"


class SignIn(Record):
    """登录记录: every try at the door."""

    at = MomentField(index=True, verbose_name="时间")
    login = CodeField(max_length=24, verbose_name="登录名")
    admitted = FlagField(verbose_name="进入")
    reason = LineField(max_length=40, verbose_name="说明")
    machine = LineField(max_length=60, null=True, verbose_name="电脑")

    class Meta:
        title = "登录记录"


def sign_in(login: str, password: str, machine: str | None = None) -> Account:
    """Return the account of whoever knows its password; a row and an audit entry for every try.

    The account may have `must_change` set: it holds no right until `change_password`.

    Args:
        login: as typed.
        password: as typed.
        machine: name of the PC.

    Raises:
        SignInRefused: wrong, unknown, retired or locked.
    """
    login = narrow(login)
    account = _proven(SIGNED_IN, login, password, machine)
    with deeds.transaction(), deeds.acting(account):
        _note(login, True, "登录成功，须改口令" if account.must_change else "登录成功", machine)
        deeds.record(SIGNED_IN, account.label(), _facts(machine))
    deeds.announce(frozenset({"SignIn"}))
    return account


def change_password(account: Account, old: str, new: str, machine: str | None = None) -> None:
    """Change one's own password; a forced change is done with that.

    Raises:
        SignInRefused: the old one is wrong; it counts like a wrong sign-in.
        BadInput: the new one can be guessed, or is the old one.
    """
    proven = _proven(CHANGED, account.login, old, machine)
    passwords.check(new, login=proven.login, office=profile().office, name=proven.name)
    if passwords.composed(new) == passwords.composed(old):
        raise BadInput("新口令与原口令相同。请换一个。", "password")
    kept = passwords.hashed(new)
    with deeds.transaction(), deeds.acting(proven), journalling(Journal()) as notes:
        Account.get_by_id(proven.id).change(password=kept, must_change=False)
        deeds.record(CHANGED, proven.label(), {"changes": notes.changes})
    fresh = Account.get_by_id(proven.id)
    account.__data__.update(fresh.__data__)
    deeds.announce(frozenset({"Account"}))


def _proven(act: str, login: str, password: str, machine: str | None) -> Account:
    """Return the account when the password is its own and nothing bars it; count and tell every failure."""
    account = Account.get_or_none(Account.login == login) if login else None
    if account is None:
        passwords.compare_with_nothing(password)
        _turn_away(act, f"{login[:2]}…", "没有这个账号", _WRONG, machine)
    _refuse_locked(act, account, machine)
    right = passwords.matches(account.password, password)
    if right and not account.active:
        sentence = "这个账号已停用。需要时请找管理员启用。"
        _turn_away(act, account.login, "账号已停用", sentence, machine)
    with deeds.transaction():
        account = Account.get_by_id(account.id)
        locked = _locked(account, _now())
        if not locked:
            _count(account, right)
    if locked:  # somebody else's tries locked it while this one was compared
        _refuse_locked(act, account, machine)
    if not right:
        _turn_away(act, account.login, "口令不对", _wrong(Account.get_by_id(account.id)), machine)
    _keep_up_to_date(account, password)
    return Account.get_by_id(account.id)


def _count(account: Account, right: bool) -> None:
    """Count one more failure and set the wait it costs, or forget them all.

    Bookkeeping that must not make a form stale, hence no new row version.
    """
    failures = 0 if right else account.failures + 1
    until = None if right or failures < FREE else _up(_now()) + wait_after(failures)
    if (failures, until) != (account.failures, account.locked_until):
        Account.update(failures=failures, locked_until=until).where(Account.id == account.id).execute()


def wait_after(failures: int) -> timedelta:
    """Return the wait that so many failures in a row cost: 1, 2, 4 … seconds, at most 15 minutes."""
    if failures < FREE:
        return timedelta()
    return min(timedelta(seconds=2 ** min(failures - FREE, 30)), LONGEST)


def _locked(account: Account, now: datetime) -> bool:
    """Whether an account is locked.

    A clock set back does not unlock it, nor lock it for longer than its wait.
    """
    until = account.locked_until
    if until is None or until <= now:
        return False
    latest = _up(now) + wait_after(account.failures)
    if until > latest:
        account.locked_until = latest
        with deeds.transaction():
            Account.update(locked_until=latest).where(Account.id == account.id).execute()
    return True


def _refuse_locked(act: str, account: Account, machine: str | None) -> None:
    if _locked(account, _now()):
        sentence = (
            f"连续 {account.failures} 次口令不对，这个账号锁定至 {account.locked_until:%H:%M:%S}。"
            "请到时再试，或找管理员重置口令。"
        )
        _turn_away(act, account.login, "锁定中", sentence, machine)


def _wrong(account: Account) -> str:
    if account.locked_until is None:
        return _WRONG
    return (
        f"登录名或口令不对，已连续 {account.failures} 次，锁定至 {account.locked_until:%H:%M:%S}。"
        "请到时再试，或找管理员重置口令。"
    )


def _turn_away(act: str, login: str, reason: str, sentence: str, machine: str | None) -> NoReturn:
    with deeds.transaction(), deeds.acting(deeds.TheOffice()):
        _note(login, False, reason, machine)
        facts = {"sentence": reason, **_facts(machine)}
        deeds.record(act, login, facts, audit.Outcome.REFUSED)
    deeds.announce(frozenset({"SignIn"}))
    raise SignInRefused(sentence)


def _note(login: str, admitted: bool, reason: str, machine: str | None) -> None:
    with journalling(Journal()):
        SignIn.add(
            at=_now(),
            login=login[:24],
            admitted=admitted,
            reason=reason,
            machine=(machine or "")[:60] or None,
        )


def _facts(machine: str | None) -> dict[str, Any]:
    return {"machine": machine} if machine else {}


def _keep_up_to_date(account: Account, password: str) -> None:
    """Keep the password at today's cost where it was kept at less."""
    if passwords.is_dated(account.password):
        kept = passwords.hashed(password)
        if not passwords.is_dated(kept):
            with deeds.transaction():
                Account.update(password=kept).where(Account.id == account.id).execute()


def _up(now: datetime) -> datetime:
    """Return the next whole second: moments are stored without what is below."""
    return now.replace(microsecond=0) + timedelta(seconds=1)


def _now() -> datetime:
    return datetime.now()
