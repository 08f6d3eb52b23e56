"""The console as people start it: in a process of its own."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from desktop import cli, faults
from desktop.cli import command
from desktop.main import main
from tests.desktop.conftest import PASSWORD, Console

cli.load()
HEAVY = ("PySide6", "shiboken6", "qtpy", "reportlab", "xlsxwriter", "pypinyin", "cryptography")


def run(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the console in a process of its own."""
    told = {**os.environ, "PROPERTY_CONSOLE_PASSWORD": PASSWORD, **environment}
    line = [sys.executable, "-m", "desktop.main", *map(str, words)]
    return subprocess.run(line, capture_output=True, encoding="utf-8", env=told, stdin=subprocess.DEVNULL)


def test_the_main_path_runs_in_processes_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    assert run("new", path, "--name", "青枫苑").returncode == 0
    for words in (
        ("do", "owners.add_community", "name=青枫苑"),
        ("do", "owners.add_building", "community=青枫苑", "code=1", "name=1栋"),
        ("do", "fees.add_item", "code=1", "name=物业费"),
    ):
        done = run("--db", path, *words)
        assert done.returncode == 0, done.stderr
    billed = run("bill", "2020-06", "--json", "--db", path)
    assert billed.returncode == 0 and json.loads(billed.stdout)["lines"] == 0
    assert billed.stderr == ""


def test_the_version_is_told_without_an_office() -> None:
    told = run("--version")
    assert told.returncode == 0 and told.stdout.startswith("property-console ")


def test_chinese_comes_out_as_utf8_whatever_the_locale(path: Path) -> None:
    told = run("list", "bills", "--db", path, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert told.returncode == 0 and "房号" in told.stdout


@pytest.mark.parametrize(
    "words", [["list", "units"], ["bill", "2020-06"], ["pay", "1-1-101", "5"], ["deeds"], ["--help"]]
)
def test_commands_that_draw_nothing_load_no_qt(path: Path, words: list[str]) -> None:
    code = (
        "import sys; from desktop.main import main\n"
        f"main({[*words, '--db', str(path)]!r})\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    told = {**os.environ, "PROPERTY_CONSOLE_PASSWORD": PASSWORD}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=told)
    assert ended.stderr.splitlines()[-1] == "[]"


def test_our_own_bug_is_logged_and_told_in_one_sentence(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise ValueError("nobody expected this")

    monkeypatch.setitem(command.COMMANDS, "forms", command.Command("forms", "", (), broken))
    ended = console("forms")
    assert (ended.code, ended.out) == (1, "")
    assert "Traceback" not in ended.err and str(faults.log_file()) in ended.err
    assert "nobody expected this" in faults.log_file().read_text(encoding="utf-8")


def test_an_interruption_is_told_and_ends_as_shells_expect(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(command.COMMANDS, "forms", command.Command("forms", "", (), interrupted))
    assert console("forms").code == 130


def test_a_reader_that_has_seen_enough_is_no_fault(path: Path) -> None:
    told = {**os.environ, "PROPERTY_CONSOLE_PASSWORD": PASSWORD}
    line = [sys.executable, "-m", "desktop.main", "list", "workdays", "--json", "--db", str(path)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=told) as running:
        assert running.stdout is not None and running.stderr is not None
        running.stdout.close()
        told_on_the_side = running.stderr.read()
        assert running.wait() == 0
    assert told_on_the_side == b""


@pytest.mark.slow
@pytest.mark.parametrize("words", [["list", "units"], ["pay", "1-1-101", "5"]])
def test_a_database_held_by_another_is_told_after_five_seconds(path: Path, words: list[str]) -> None:
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    ended = run(*words, "--db", path)
    holder.execute("ROLLBACK")
    holder.close()
    assert ended.returncode == 5 and "正被" in ended.stderr and "占用" in ended.stderr
    assert 4 < time.monotonic() - began < 20


def test_a_command_works_beside_an_open_office(path: Path) -> None:
    from models import store

    with store.open_office(path):
        assert run("pay", "1-1-101", "5", "--db", path).returncode == 0


def test_main_returns_the_code_of_wrong_use(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["frobnicate"]) == 2
    assert main(["--help"]) == 0
    assert "用法" in capfd.readouterr().out
