"""What tests of the command line stand on: an office in a file, and a console that is called."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture
def path(empty_office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a fresh copy of an empty office, closed, whose password is in the environment."""
    monkeypatch.setenv("PROPERTY_CONSOLE_PASSWORD", PASSWORD)
    copied = tmp_path / "office.db"
    shutil.copyfile(empty_office, copied)
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


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, to see that nothing was written."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
