"""The whole window, from the gate to leaving, with the real database."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop import settings
from models import deeds
from models.office import signin
from tests.desktop.conftest import PASSWORD, digest, enter

Pump = Callable[[Callable[[], Any]], None]


def test_from_the_gate_through_the_door_to_the_window(program: Any, pump: Pump, fresh: Path) -> None:
    program.start()
    assert program.door.isVisible()
    enter(program, pump)
    assert program.window.isVisible()
    assert settings.last_office() == fresh
    assert "管理员" in program.window.person.text()


def test_a_database_that_is_missing_is_told_with_its_remedies(program: Any, fresh: Path) -> None:
    fresh.unlink()
    program.start()
    assert set(program.gate.buttons) == {"从备份恢复", "选择其他数据库", "另存诊断包", "退出"}
    assert not fresh.exists()


def test_a_window_left_alone_does_no_work(program: Any, pump: Pump, qtbot: Any) -> None:
    program.start()
    enter(program, pump)
    jobs = program.window.services.jobs
    pump(lambda: program.window.status.backup.text() == "还没有备份" and not jobs.busy())
    begun: list[str] = []
    jobs.began.connect(lambda job: begun.append(job.title))
    qtbot.wait(300)
    assert set(begun) <= {"准备名单"}  # once, a while after the start


def test_leaving_backs_up_what_changed(program: Any, pump: Pump, fresh: Path) -> None:
    program.start()
    enter(program, pump)
    program.window.close()
    pump(lambda: program.gone == ["quit"])
    assert [one.name.rsplit("-", 1)[1] for one in (fresh.parent / "backups").glob("*.pcbak")] == [
        "exit.pcbak"
    ]
    assert program.window is None


def test_the_open_database_is_checked_from_the_window(program: Any, pump: Pump) -> None:
    program.start()
    enter(program, pump)
    page = program.window.open("backups")
    page.check()
    pump(lambda: "都相符" in program.window.status.said.text())


def test_somebody_else_signs_in_without_leaving(program: Any, pump: Pump) -> None:
    program.start()
    enter(program, pump)
    program.window.sign_out()
    pump(lambda: program.door.isVisible())
    assert program.window is None
    assert program.door.login.text() == ""
    with pytest.raises(deeds.PermissionDenied):
        deeds.actor()


def test_a_restore_from_the_window_closes_opens_and_sets_the_old_one_aside(
    program: Any, pump: Pump, fresh: Path
) -> None:
    from models.deeds import DEEDS
    from models.owners.estate import Community

    program.start()
    enter(program, pump)
    kept = program.window.services.keeper.by_hand(None, None, None)
    DEEDS["owners.add_community"].call(None, {"name": "后来的"})
    program.window.services.restore(kept.path, None)
    pump(lambda: program.window is None and program.door.isVisible())
    program.door.login.setText("admin")
    enter(program, pump)
    assert Community.select().count() == 0
    assert list(fresh.parent.glob("office.db.set-aside-*"))


def test_a_restore_that_is_refused_opens_the_office_as_it_was(
    program: Any, pump: Pump, fresh: Path, tmp_path: Path
) -> None:
    program.start()
    enter(program, pump)
    wrong = tmp_path / "wrong.pcbak"
    wrong.write_bytes(b"no backup")
    program.window.services.restore(wrong, None)
    pump(lambda: program.window is None and program.door.isVisible())
    assert fresh.exists() and not list(fresh.parent.glob("*.set-aside-*"))


def test_the_last_look_is_remembered(program: Any, pump: Pump) -> None:
    from desktop.app import remembered_look
    from ui import theme

    program.start()
    enter(program, pump)
    try:
        program.window.looks.actions()[2].trigger()
        program.window.sizes.actions()[2].trigger()
        assert remembered_look() == (theme.Scheme.DARK, 12.0)
    finally:
        theme.apply(theme.Scheme.LIGHT, theme.STANDARD)


def test_each_person_has_his_own_look(program: Any, pump: Pump) -> None:
    from desktop import look
    from ui import theme
    from ui.memory import Memory

    mine, other = Memory(), Memory()
    look.remember(mine, "DARK", 12.0)
    before = theme.appearance.scheme
    try:
        look.dress(other)
        assert theme.appearance.scheme is before
        look.dress(mine)
        assert (theme.appearance.scheme, theme.appearance.points) == (theme.Scheme.DARK, 12.0)
        for scheme, points in (("PINK", 12), ([], {}), ("LIGHT", 99)):
            mine.put("look", {"scheme": scheme, "points": points})
            look.dress(mine)
            assert theme.appearance.scheme is theme.Scheme.DARK
    finally:
        theme.apply(theme.Scheme.LIGHT, theme.STANDARD)


@pytest.mark.parametrize("table", ["audit_entry", "account", "profile", "bill"])
def test_a_file_that_is_broken_inside_lets_nobody_in(
    program: Any, pump: Pump, fresh: Path, table: str
) -> None:
    _break(fresh, table)
    before = digest(fresh)
    program.start()
    if program.gate is None:  # what the door itself does not read is looked at while the password is typed
        program.door.password.setText(PASSWORD)
        program.door.submit()
        pump(lambda: program.gate is not None and program.gate.isVisible())
    pump(lambda: not program._jobs.busy())
    assert program.window is None and deeds._actor.get() is None
    assert digest(fresh) == before


def _break(path: Path, table: str) -> None:
    """Write nonsense over the first page of a table."""
    file = sqlite3.connect(path)
    size = file.execute("PRAGMA page_size").fetchone()[0]
    root = file.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    file.close()
    with path.open("r+b") as content:
        content.seek((root - 1) * size + 3)
        content.write(b"\x7f\xff")
        content.seek(root * size - 200)
        content.write(b"\xff" * 190)


def test_who_leaves_the_door_while_the_file_is_looked_through_is_not_signed_in(
    program: Any, pump: Pump, fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.store import gate

    looked, begun, judge = threading.Event(), threading.Event(), gate._judge_inside

    def slow(*args: Any) -> None:
        begun.set()
        looked.wait(5)
        judge(*args)

    monkeypatch.setattr(gate, "_judge_inside", slow)
    asked: list[str] = []
    monkeypatch.setattr(signin, "sign_in", lambda *_: asked.append("sign in"))
    program.start()
    program.door.password.setText(PASSWORD)
    program.door.submit()
    assert begun.wait(5)
    threading.Timer(0.2, looked.set).start()
    program.door.reject()
    pump(lambda: program.gone == ["quit"])
    assert asked == [] and program.window is None
