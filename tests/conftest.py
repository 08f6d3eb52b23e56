"""What every test stands on: no screen, our own fonts, nobody's real settings."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import tests.offline.sitecustomize  # from here on this process reaches no network
from tests.estate import Estate, opened

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")
os.environ["PYTHONPATH"] = os.pathsep.join(  # nor does a child
    filter(None, [str(Path(tests.offline.sitecustomize.__file__).parent), os.environ.get("PYTHONPATH")])
)


def _keep_midnight_away() -> None:
    """Let the clocks of this run, and of its children, stand earlier where the day would end within the hour.

    What is made on one day and looked at on the next is another matter than what a test is about.
    """
    at = datetime.now().astimezone()
    if at.hour == 23 and hasattr(time, "tzset"):
        west = timedelta(hours=3) - (at.utcoffset() or timedelta())
        hours, rest = divmod(abs(west), timedelta(hours=1))
        os.environ["TZ"] = (
            f"TST{'-' if west < timedelta() else '+'}{hours}:{rest // timedelta(minutes=1):02d}"
        )
        time.tzset()


_keep_midnight_away()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no processor waits for the last of it."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Keep a test's settings, logs and last office used away from those of the person running it."""
    home = tmp_path_factory.mktemp("home")
    for name in (
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
        "LOCALAPPDATA",
        "APPDATA",
    ):
        monkeypatch.setenv(name, str(home))
    for name in ("PROPERTY_CONSOLE_PASSWORD", "PROPERTY_CONSOLE_BACKUP_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    yield home
    shutil.rmtree(home, ignore_errors=True)  # thousands of them would fill a disk; a log may still be open


@pytest.fixture(scope="session")
def qapp(qapp_cls: type, pytestconfig: pytest.Config) -> Iterator[object]:
    """Hold the one application of the run, drawing Chinese with our own fonts."""
    from PySide6.QtGui import QFont, QFontDatabase

    from resources import find

    app = qapp_cls.instance() or qapp_cls(["property-console"])
    for name in ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf"):
        QFontDatabase.addApplicationFont(str(find(name)))
    app.setFont(QFont("Noto Sans SC", 10))
    yield app


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Keep argon2id from taking a third of a second at every sign-in of the suite."""
    from models.office import passwords

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", passwords.Cost(1, 8))
        yield


@pytest.fixture(scope="session")
def empty_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one empty office through the real migrations, to be copied by each test that wants one."""
    from models.office.founding import found_office

    path = tmp_path_factory.mktemp("office") / "empty.db"
    found_office(path, "测试小区物业服务中心", "correct horse 8")
    return path


@pytest.fixture
def office(empty_office: Path, tmp_path: Path) -> Iterator[Path]:
    """Open a fresh copy of an empty office, with its administrator acting (login admin)."""
    with opened(empty_office, tmp_path / "office.db") as path:
        yield path


@pytest.fixture
def estate(office: Path) -> Estate:
    """Make houses, people, items and prices in a fresh office."""
    return Estate()
