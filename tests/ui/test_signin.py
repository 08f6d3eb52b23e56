from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models import deeds
from models.deeds import DEEDS
from models.office.accounts import Account
from tests.ui.conftest import PASSWORD, front
from ui.signin import PasswordDialog, SignInDialog

Settle = Callable[[], None]


@pytest.fixture
def door(services: Any) -> SignInDialog:
    made = SignInDialog(services.jobs, "测试小区物业服务中心", "admin")
    made.let_in = []  # type: ignore[attr-defined]
    made.admitted.connect(made.let_in.append)  # type: ignore[attr-defined]
    made.show()
    return made


def knock(door: SignInDialog, password: str, settle: Settle) -> None:
    door.password.setText(password)
    QTest.keyClick(door.password, Qt.Key.Key_Return)
    settle()


def test_the_right_password_lets_the_person_in_and_act(door: Any, settle: Settle) -> None:
    knock(door, PASSWORD, settle)
    assert [account.login for account in door.let_in] == ["admin"]
    assert deeds.actor().name == "管理员"


def test_a_wrong_password_is_told_beside_the_field_and_the_door_stays(door: Any, settle: Settle) -> None:
    knock(door, "wrong", settle)
    assert door.let_in == []
    assert door.problem.isVisible()
    assert "登录名或口令不对" in door.problem.text()
    assert door.password.hasFocus()
    assert door.password.selectedText()


def test_after_five_wrong_ones_the_sentence_says_until_when_the_account_is_locked(
    door: Any, settle: Settle
) -> None:
    for _ in range(5):
        knock(door, "wrong", settle)
    assert "锁定至" in door.problem.text()
    knock(door, PASSWORD, settle)
    assert door.let_in == []


def test_nothing_typed_is_asked_for(door: Any) -> None:
    door.login.clear()
    door.submit()
    assert door.problem.text() == "请输入登录名。"


@pytest.fixture
def newcomer(office: object) -> Any:
    """Open an account whose password serves once; return it."""
    DEEDS["office.add_staff"].call(None, {"number": "0002", "name": "张敏"})
    return (
        DEEDS["office.add_account"]
        .call(None, {"login": "zhangmin", "staff": "0002", "role": "收款员"})
        .password
    )


def test_a_password_that_serves_once_must_be_changed_before_anything(
    newcomer: str, door: Any, settle: Settle
) -> None:
    door.login.setText("zhangmin")
    knock(door, newcomer, settle)
    assert door.let_in == []
    change = front(PasswordDialog)
    change.new.setText("a")
    change.again.setText("a")
    change.submit()
    settle()
    assert "至少 8 个字" in change.problem.text()
    change.new.setText("quiet river stone")
    change.again.setText("quiet river stone")
    change.submit()
    settle()
    assert [account.login for account in door.let_in] == ["zhangmin"]
    assert deeds.actor().may("fees.receive")


def test_two_different_new_passwords_are_refused(services: Any, settle: Settle) -> None:
    change = PasswordDialog(services.jobs, Account.find("admin"))
    change.show()
    change.old.setText(PASSWORD)
    change.new.setText("quiet river stone")
    change.again.setText("quiet river stones")
    change.submit()
    assert "不一样" in change.problem.text()


def test_passwords_are_never_shown(door: Any) -> None:
    assert door.password.echoMode() is door.password.EchoMode.Password
