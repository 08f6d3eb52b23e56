"""安装: what is declared in pyproject.toml and pinned in requirements.lock fits together."""

import importlib.metadata
import re
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    """Read the project's table."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def pins() -> dict[str, str]:
    """Read the version each package is pinned to."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, flags=re.MULTILINE))


def test_the_lock_names_no_host_and_no_path() -> None:
    lines = [line for line in LOCK.splitlines() if not line.startswith("#")]
    assert [line for line in lines if re.search(r"//|@|\bindex\b|find-links|file:|^-", line)] == []


def test_every_pin_has_a_hash() -> None:
    entries = re.split(r"^(?=[a-z0-9])", re.sub(r"^#.*\n", "", LOCK, flags=re.MULTILINE), flags=re.MULTILINE)[
        1:
    ]
    assert len(entries) == len(pins())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_dependency_is_pinned_inside_its_range() -> None:
    declared = project()["dependencies"] + project()["optional-dependencies"]["dev"]
    for requirement in map(Requirement, declared):
        pinned = pins()[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(pinned), f"{requirement} is pinned to {pinned}"


def test_what_is_installed_here_is_what_the_lock_pins() -> None:
    runtime = [canonicalize_name(Requirement(each).name) for each in project()["dependencies"]]
    assert {name: importlib.metadata.version(name) for name in runtime} == {
        name: pins()[name] for name in runtime
    }


def test_the_command_starts_the_console() -> None:
    assert project()["scripts"] == {"property-console": "desktop.main:main"}
    from desktop.main import main

    assert callable(main)


def test_every_component_that_ships_is_named_with_its_licence() -> None:
    named = (ROOT / "THIRD-PARTY.md").read_text(encoding="utf-8").casefold()
    names = [Requirement(each).name.casefold() for each in project()["dependencies"]]
    assert [name for name in names if name not in named] == []


def test_every_topic_and_picture_of_the_help_ships() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = declared["tool"]["setuptools"]["package-data"]["resources"]
    home = ROOT / "resources"
    shipped = {file for pattern in patterns for file in home.glob(pattern)}
    wanted = {file for file in (home / "help").rglob("*") if file.is_file()}
    assert wanted and wanted - shipped == set()
