"""The whole window, from the gate to leaving, with the real database."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from desktop import modules, settings
from models import deeds
from models.base import db

PASSWORD = "correct horse 8"
Pump = Callable[[Callable[[], Any]], None]


@pytest.fixture
def path(empty_office: Path, tmp_path: Path) -> Path:
    made = tmp_path / "office.db"
    shutil.copyfile(empty_office, made)
    return made


@pytest.fixture
def console(qapp: Any, path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    from desktop.app import start_qt
    from desktop.console import Console

    modules.load()
    start_qt()
    made = Console(qapp, path, "admin")
    made.gone = []  # type: ignore[attr-defined]
    monkeypatch.setattr(QApplication, "quit", lambda: made.gone.append("quit"))  # type: ignore[attr-defined]
    monkeypatch.setattr(qapp, "quit", lambda: made.gone.append("quit"), raising=False)  # type: ignore[attr-defined]
    yield made
    made._close_office()
    made._jobs.close()
    deeds.sign_in_as(None)
    for left in QApplication.topLevelWidgets():
        left.hide()
        left.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if not db.is_closed():
        db.close()


@pytest.fixture
def pump(qtbot: Any) -> Pump:
    return lambda seen: qtbot.waitUntil(seen, timeout=10_000)


def enter(console: Any, pump: Pump) -> None:
    console.door.password.setText(PASSWORD)
    console.door.submit()
    pump(lambda: console.window is not None)


def test_from_the_gate_through_the_door_to_the_window(console: Any, pump: Pump, path: Path) -> None:
    console.start()
    assert console.door.isVisible()
    enter(console, pump)
    assert console.window.isVisible()
    assert settings.last_office() == path
    assert "管理员" in console.window.person.text()


def test_a_database_that_is_missing_is_told_with_its_remedies(console: Any, path: Path) -> None:
    path.unlink()
    console.start()
    assert set(console.gate.buttons) == {"从备份恢复", "选择其他数据库", "另存诊断包", "退出"}
    assert not path.exists()


def test_the_first_start_says_how_to_begin(console: Any) -> None:
    console._path = None
    console.start()
    assert console.gate.isVisible()
    console.gate.buttons["退出"].click()
    assert console.gone == ["quit"]


def test_a_window_left_alone_does_no_work(console: Any, pump: Pump, qtbot: Any) -> None:
    console.start()
    enter(console, pump)
    jobs = console.window.services.jobs
    pump(lambda: console.window.status.backup.text() == "还没有备份" and not jobs.busy())
    begun: list[str] = []
    jobs.began.connect(lambda job: begun.append(job.title))
    qtbot.wait(300)
    assert set(begun) <= {"准备名单"}  # once, a while after the start


def test_leaving_backs_up_what_changed(console: Any, pump: Pump, path: Path) -> None:
    console.start()
    enter(console, pump)
    console.window.close()
    pump(lambda: console.gone == ["quit"])
    assert [one.name.rsplit("-", 1)[1] for one in (path.parent / "backups").glob("*.pcbak")] == ["exit.pcbak"]
    assert console.window is None


def test_the_open_database_is_checked_from_the_window(console: Any, pump: Pump) -> None:
    console.start()
    enter(console, pump)
    page = console.window.open("backups")
    page.check()
    pump(lambda: "都相符" in console.window.status.said.text())


def test_somebody_else_signs_in_without_leaving(console: Any, pump: Pump) -> None:
    console.start()
    enter(console, pump)
    console.window.sign_out()
    pump(lambda: console.door.isVisible())
    assert console.window is None
    assert console.door.login.text() == ""
    with pytest.raises(deeds.PermissionDenied):
        deeds.actor()


def test_a_restore_from_the_window_closes_opens_and_sets_the_old_one_aside(
    console: Any, pump: Pump, path: Path
) -> None:
    from models.deeds import DEEDS
    from models.owners.estate import Community

    console.start()
    enter(console, pump)
    kept = console.window.services.keeper.by_hand(None, None, None)
    DEEDS["owners.add_community"].call(None, {"name": "后来的"})
    console.window.services.restore(kept.path, None)
    pump(lambda: console.window is None and console.door.isVisible())
    console.door.login.setText("admin")
    enter(console, pump)
    assert Community.select().count() == 0
    assert list(path.parent.glob("office.db.set-aside-*"))


def test_a_restore_that_is_refused_opens_the_office_as_it_was(
    console: Any, pump: Pump, path: Path, tmp_path: Path
) -> None:
    console.start()
    enter(console, pump)
    wrong = tmp_path / "wrong.pcbak"
    wrong.write_bytes(b"no backup")
    console.window.services.restore(wrong, None)
    pump(lambda: console.window is None and console.door.isVisible())
    assert path.exists() and not list(path.parent.glob("*.set-aside-*"))


def test_the_last_look_is_remembered(console: Any, pump: Pump) -> None:
    from desktop.app import remembered_look
    from ui import theme

    console.start()
    enter(console, pump)
    try:
        console.window.looks.actions()[2].trigger()
        console.window.sizes.actions()[2].trigger()
        assert remembered_look() == (theme.Scheme.DARK, 12.0)
    finally:
        theme.apply(theme.Scheme.LIGHT, theme.STANDARD)
