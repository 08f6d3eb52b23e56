"""What tests of the command line stand on: an office in a file, and a console that is called."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.estate import Estate

PASSWORD = "correct horse 8"


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What stdout holds, which must be JSON and nothing else."""
        return json.loads(self.out)


Console = Callable[..., Ran]
Pump = Callable[[Callable[[], Any]], None]


@pytest.fixture(scope="session")
def small_office(empty_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an office of three houses that pay one item since 2020, a cashier among its staff."""
    from models import deeds, sqlite
    from models.base import db
    from models.office import accounts, passwords, signin, staff

    path = tmp_path_factory.mktemp("office") / "small.db"
    shutil.copyfile(empty_office, path)
    sqlite.init(db, path)
    with db.connection_context(), deeds.acting(accounts.Account.find("admin")):
        estate = Estate()
        item = estate.item(price="1.3000", since=date(2020, 1, 1))
        for room, area, owner in (
            ("101", "100.00", "王桂芳"),
            ("102", "80.50", "李强"),
            ("103", None, "赵敏"),
        ):
            estate.give(estate.house(room, area, owner), item, date(2020, 1, 1))
        person = staff.add_staff(number="0002", name="钱进")
        issued = accounts.add_account("cash", person, accounts.Role.find("收款员"))
        signin.change_password(issued.account, issued.password, PASSWORD)
        assert passwords.matches(accounts.Account.find("cash").password, PASSWORD)
    db.init(None)
    return path


@pytest.fixture
def path(small_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a fresh copy of the small office, closed, whose passwords are in the environment."""
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)
    copied = tmp_path / "office.db"
    shutil.copyfile(small_office, copied)
    return copied


@pytest.fixture
def console(capfd: pytest.CaptureFixture[str]) -> Console:
    """Return what calls the console in this process."""
    from desktop.main import main

    def call(*words: object) -> Ran:
        capfd.readouterr()
        code = main([str(word) for word in words])
        return Ran(code, *capfd.readouterr())

    return call


@pytest.fixture
def fresh(empty_office: Path, tmp_path: Path) -> Path:
    """Return a copy of the empty office, closed."""
    made = tmp_path / "office.db"
    shutil.copyfile(empty_office, made)
    return made


@pytest.fixture
def program(qapp: Any, fresh: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the whole program before its start; what would end it is noted in `gone`."""
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    from desktop import modules
    from desktop.app import start_qt
    from desktop.console import Console
    from desktop.start import Start
    from models import deeds
    from models.base import db

    modules.load()
    start_qt()
    made = Console(qapp, Start(fresh, "admin"))
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
    """Return what waits until something is seen."""
    return lambda seen: qtbot.waitUntil(seen, timeout=10_000)


def enter(program: Any, pump: Pump) -> None:
    """Sign the administrator in."""
    program.door.password.setText(PASSWORD)
    program.door.submit()
    pump(lambda: program.window is not None)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, to see that nothing was written."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
