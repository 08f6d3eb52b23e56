from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models import audit, store
from models.office.profile import edit_profile
from tests.ui.conftest import front
from ui import gate
from ui.dialogs import Question

Settle = Callable[[], None]


@pytest.fixture
def page(window: Any, settle: Settle) -> Any:
    made = window.open("backups")
    settle()
    return made


def test_a_backup_is_made_verified_and_listed(page: Any, settle: Settle, office: Path) -> None:
    assert page.table.empty_words.text() == "还没有备份。"
    page._back_up("", "")
    settle()
    assert len(list((office.parent / "backups").glob("*.pcbak"))) == 1
    row = page.table.grid.rows
    assert [row.index(0, column).data() for column in (1, 4, 5)] == ["手工", "否", "已验证"]


def test_two_different_passwords_make_no_backup(page: Any, settle: Settle) -> None:
    page._back_up("one", "two")
    settle()
    assert "不一样" in front(Question).sentence.text()
    assert page.keeper.backups() == []


def test_a_backup_is_verified_and_a_broken_one_told(page: Any, settle: Settle, window: Any) -> None:
    page._back_up("", "")
    settle()
    page.table.grid.selectRow(0)
    page.verify()
    settle()
    assert "备份完好" in window.status.said.text()
    path = page.keeper.backups()[0].path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    page.reload()
    settle()
    assert page.table.grid.rows.index(0, 5).data() in ("未验证", "不能用")


def test_restoring_names_the_consequence_before_it_is_asked_for(
    page: Any, settle: Settle, services: Any
) -> None:
    asked: list[Any] = []
    services.restore_asked.connect(lambda file, password: asked.append((file, password)))
    page._back_up("", "")
    settle()
    page.table.grid.selectRow(0)
    page.restore()
    question = front(Question)
    assert "改名留存" in question.sentence.text()
    question.yes.click()
    assert asked == [(page.keeper.backups()[0].path, None)]


def test_a_wrong_password_is_told_before_the_window_closes(page: Any, settle: Settle, services: Any) -> None:
    asked: list[Any] = []
    services.restore_asked.connect(lambda file, password: asked.append(password))
    page._back_up("richtig", "richtig")
    settle()
    (made,) = page.keeper.backups()
    page._unlock(made, "falsch")
    settle()
    assert asked == [] and "密码" in front(Question).sentence.text()
    page._unlock(made, "richtig")
    settle()
    assert asked == ["richtig"]


def test_a_backup_of_another_office_in_the_folder_is_named_and_counts_for_nothing(
    page: Any, settle: Settle, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "holds", lambda number, digest: False)
    store.backup(office, page.keeper.folder(), store.Why.EXIT, office="另一处")
    page.reload()
    settle()
    assert page.keeper.last() is None
    page.table.grid.selectRow(0)
    page.restore()
    assert "这个备份是“另一处”的，不是“测试小区物业服务中心”的" in front(Question).sentence.text()


def test_an_office_knows_its_backups_by_an_older_name(page: Any, settle: Settle) -> None:
    page._back_up("", "")
    settle()
    edit_profile(office="新名物业服务中心")
    assert page.keeper.last() is not None
    page.reload()
    settle()
    page.table.grid.selectRow(0)
    page.restore()
    assert "注意" not in front(Question).sentence.text()


def test_a_backup_from_elsewhere_is_restored_and_what_is_none_told(
    page: Any, settle: Settle, services: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    services.restore_asked.connect(lambda file, password: asked.append(file))
    page._back_up("", "")
    settle()
    stick = page.keeper.backups()[0].path.rename(tmp_path / "u盘.pcbak")
    monkeypatch.setattr(gate, "choose_backup", lambda parent, near: stick)
    page.restore_file()
    settle()
    front(Question).yes.click()
    assert asked == [stick]
    stick.write_bytes(b"PK")
    page.restore_file()
    settle()
    assert "请换一个备份文件" in front(Question).sentence.text()


def test_buttons_wait_for_a_backup_to_be_chosen(page: Any, settle: Settle) -> None:
    page._back_up("", "")
    settle()
    assert not page.prove.isEnabled() and page.prove.toolTip() == "请先在名单中选一个备份 (Ctrl+2)"
    page.table.grid.selectRow(0)
    assert page.prove.isEnabled() and page.put_back.isEnabled()


def test_when_backups_are_made_is_remembered(page: Any) -> None:
    page.on_exit.setChecked(False)
    page.at.setCurrentText("21:30")
    assert (page.keeper.on_exit(), page.keeper.daily_at()) == (False, "21:30")
    page.daily.setChecked(False)
    assert page.keeper.daily_at() == ""
