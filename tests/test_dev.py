"""开发: dev.py sets up only what is missing, and says the one line that helps where it may not."""

import subprocess
import sys
from pathlib import Path

import pytest

import dev


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ("", False),
        ("--db office.db", False),
        ("--db forms", False),
        ("--user admin --json", False),
        ("--db office.db forms", True),
        ("list units --db office.db", True),
        ("--version", True),
    ],
)
def test_a_command_is_told_from_an_option(arguments: str, named: bool) -> None:
    assert dev.names_command(arguments.split()) is named


def test_a_package_under_its_newer_name_counts_as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        shown = "installed\n" if "libglib2.0-0t64" in command else ""
        return subprocess.CompletedProcess(command, 1, shown)

    monkeypatch.setattr(dev.shutil, "which", lambda name: name)
    monkeypatch.setattr(dev.subprocess, "run", answer)
    assert dev.missing_packages(["libglib2.0-0", "libgl1"]) == ["libgl1"]


def test_a_system_without_dpkg_is_asked_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    assert dev.missing_packages(dev.QT) == []


def test_whoever_may_not_install_gets_the_one_line_and_exit_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda name: name)
    monkeypatch.setattr(dev, "root_prefix", lambda: None)
    with pytest.raises(dev.Stop) as stop:
        dev.install_packages(["libgl1", "libegl1"])
    assert str(stop.value) == "sudo apt-get install -y --no-install-recommends libgl1 libegl1"
    assert stop.value.code == 2


def test_a_changed_lock_makes_the_set_up_old(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(dev, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(dev, "CONSOLE", tmp_path / "lock")
    dev.LOCK.write_text("peewee==1")
    assert dev.stamp_is_old()
    dev.STAMP.write_text(dev.fingerprint())
    assert not dev.stamp_is_old()
    dev.LOCK.write_text("peewee==2")
    assert dev.stamp_is_old()


def test_a_second_set_up_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "stamp_is_old", lambda: False)
    monkeypatch.setattr(dev, "missing_packages", lambda packages: [])
    monkeypatch.setattr(dev, "call", lambda *command, **_: pytest.fail(f"ran {command}"))
    dev.make_ready(dev.QT)


def test_without_a_screen_the_tour_is_drawn_and_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: list[tuple[object, ...]] = []
    monkeypatch.setattr(dev, "make_ready", lambda packages: None)
    monkeypatch.setattr(dev, "has_screen", lambda: False)
    monkeypatch.setattr(dev, "call", lambda *command, **_: called.append(command) or 0)
    assert dev.run(["--db", "office.db"]) == 0
    assert called == [(dev.CONSOLE, "--db", "office.db", "tour", "out/")]
    assert "no screen" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["setup", "more"], ["check", "more"]])
def test_wrong_use_ends_with_2_and_says_what_is_meant(arguments: list[str]) -> None:
    ended = subprocess.run([sys.executable, dev.__file__, *arguments], capture_output=True, text=True)
    assert ended.returncode == 2
    assert ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_files_of_the_tests_go_to_memory_where_there_is_room(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TMPDIR", raising=False)
    monkeypatch.setattr(dev, "MEMORY", tmp_path)
    monkeypatch.setattr(dev, "ROOM", 0)
    assert dev.room_for_files() == str(tmp_path)
    monkeypatch.setattr(dev, "ROOM", sys.maxsize)
    assert dev.room_for_files() == dev.tempfile.gettempdir()
    monkeypatch.setattr(dev, "MEMORY", tmp_path / "none")
    monkeypatch.setattr(dev, "ROOM", 0)
    assert dev.room_for_files() == dev.tempfile.gettempdir()
