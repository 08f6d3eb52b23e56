"""开发: set up, run, test, check and measure the console with nothing but Python's own library.

    python3 dev.py setup            make .venv from requirements.lock, install what the system lacks
    python3 dev.py run [ARGS]       open the console, on a demo office unless ARGS say otherwise
    python3 dev.py test [ARGS]      run the tests; ARGS go to pytest
    python3 dev.py check [--fix]    run ruff, mypy and the import contracts
    python3 dev.py bench [ARGS]     measure; --json FILE writes the figures

Each command sets up first what it needs and says nothing where all is in place. Exit codes: 0 done, 1 failed,
2 wrong use, or something is missing that must be installed by hand.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
CONSOLE = BIN / ("property-console.exe" if os.name == "nt" else "property-console")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "set-up"
DEMO = ROOT / "build" / "demo"
PYTHONS = ((3, 11), (3, 14))
MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Bytes that must be free in memory for the tests to put their files there; they need some hundred MB."""

QT = [
    *("libgl1", "libegl1", "libxkbcommon0", "libglib2.0-0", "libfontconfig1", "libfreetype6", "libdbus-1-3"),
    "libatomic1",  # for QtPdf
]
SCREEN = [
    *("libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0"),
    *("libxcb-render-util0", "libxcb-shape0", "libxcb-xkb1", "libxkbcommon-x11-0"),
]
PAPER = ["poppler-utils"]  # the tests read the printed forms back with pdftotext, pdffonts and pdftoppm


class Stop(Exception):
    """Ends the command with a sentence for the person at the keyboard and an exit code."""

    def __init__(self, sentence: str, code: int) -> None:
        super().__init__(sentence)
        self.code = code


# --- the commands -------------------------------------------------------------------------------------------


def setup(args: Sequence[str]) -> int:
    """Set up all that any other command needs."""
    if args:
        raise Stop("setup takes no arguments.", 2)
    make_ready(QT + SCREEN + PAPER)
    return 0


def run(args: Sequence[str]) -> int:
    """Open the console, or draw its pages and forms to out/ where there is no screen."""
    screen = has_screen()
    make_ready(QT + SCREEN if screen else QT)
    office = list(args) or ["--db", str(demo_office())]
    if screen or names_command(office):
        return call(CONSOLE, *office)
    print(
        "There is no screen here (DISPLAY and WAYLAND_DISPLAY are unset): drawing the tour to out/ instead."
    )
    return call(CONSOLE, *office, "tour", "out/", QT_QPA_PLATFORM="offscreen")


def test(args: Sequence[str]) -> int:
    """Run the tests, the whole suite on every processor."""
    make_ready(QT + PAPER)
    whole = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal"]
    return call(PYTHON, "-m", "pytest", "-q", *(args or whole), TMPDIR=room_for_files())


def check(args: Sequence[str]) -> int:
    """Run every check that needs no test, all of them even when one fails."""
    if list(args) not in ([], ["--fix"]):
        raise Stop("check takes --fix or nothing.", 2)
    make_ready([])
    fix = bool(args)
    checks: dict[str, list[str]] = {
        "ruff check": ["-m", "ruff", "check", "-q", *(["--fix"] if fix else [])],
        "ruff format": ["-m", "ruff", "format", "-q", *([] if fix else ["--check"])],
        "mypy": ["-m", "mypy"],
        "import contracts": ["-c", "from importlinter.cli import lint_imports_command as lint; lint()"],
    }
    failed = [name for name, command in checks.items() if not passes(name, command)]
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def bench(args: Sequence[str]) -> int:
    """Measure the product beside its limits and print one table."""
    make_ready(QT)
    return call(PYTHON, str(ROOT / "tests" / "benchmarks" / "bench.py"), *args)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "setup": setup,
    "run": run,
    "test": test,
    "check": check,
    "bench": bench,
}


def main(argv: Sequence[str]) -> int:
    """Run the command named and return its exit code."""
    if not argv or argv[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if argv else 2
    if not PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]:
        raise Stop(f"Python 3.11 to 3.13 is needed; this is {sys.version.split()[0]}.", 2)
    if argv[0] not in COMMANDS:
        raise Stop(f"unknown command {argv[0]}: one of {', '.join(COMMANDS)} is meant.", 2)
    return COMMANDS[argv[0]](argv[1:])


# --- setting up ---------------------------------------------------------------------------------------------


def make_ready(packages: Sequence[str]) -> None:
    """Install the missing system packages, make .venv and fill it from the lock, each only where needed."""
    usable = venv_works() if stamp_is_old() else True
    venv = [] if usable or importlib.util.find_spec("ensurepip") else ["python3-venv"]
    if venv or missing_packages(packages):
        install_packages(venv + missing_packages(QT + SCREEN + PAPER))  # all at once: nobody is asked twice
    if not usable:
        make_venv()
    if stamp_is_old():
        fill_venv()


def stamp_is_old() -> bool:
    """Tell whether the lock, the project, its place or the Python below has changed since the last set-up."""
    return not CONSOLE.exists() or not STAMP.exists() or STAMP.read_text() != fingerprint()


def fingerprint() -> str:
    """Hash all that decides what .venv must hold."""
    parts = [LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    parts += [os.fsencode(ROOT), os.fsencode(PYTHON.resolve())]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def venv_works() -> bool:
    """Tell whether .venv has a Python that finds its pip."""
    return PYTHON.exists() and quiet([str(PYTHON), "-c", "import pip"])


def make_venv() -> None:
    """Make .venv anew with the Python that runs this."""
    say("Making .venv …")
    if call(sys.executable, "-m", "venv", "--clear", str(VENV)):
        raise Stop("The virtual environment could not be made; the reason stands above.", 1)


def fill_venv() -> None:
    """Install the locked packages and the project itself, in place, and remember what was installed."""
    say("Installing the locked packages (some 300 MB the first time) …")
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    if call(*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)):
        raise Stop("pip could not install the locked packages; the reason stands above.", 1)
    if call(*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)):
        raise Stop("pip could not install the console itself; the reason stands above.", 1)
    STAMP.write_text(fingerprint())


def missing_packages(packages: Sequence[str]) -> list[str]:
    """Name the Debian packages not installed yet; none where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        return []
    return [name for name in packages if not is_installed(name)]


def is_installed(package: str) -> bool:
    """Ask dpkg, also by the name that newer releases give a library rebuilt for 64-bit time."""
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${db:Status-Status}\n", package, f"{package}t64"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return "installed" in shown.stdout.split()


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages as root or through sudo without a password, or say how to do it by hand."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    by_hand = "sudo " + " ".join(install)
    if shutil.which("apt-get") is None:
        raise Stop(f"Please install what corresponds to these Debian packages: {' '.join(packages)}", 2)
    if (prefix := root_prefix()) is None:
        raise Stop(by_hand, 2)
    say(f"Installing {' '.join(packages)} …")
    quietly = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    call(*prefix, *quietly, "update")  # a stale list is no reason to stop: what it names may still be there
    if call(*prefix, *quietly, *install[1:], stdout=subprocess.DEVNULL):
        raise Stop(f"apt-get failed; the reason stands above. By hand: {by_hand}", 2)


def root_prefix() -> list[str] | None:
    """Return what makes a command run as root: nothing, sudo without a password, or None for neither."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and quiet(["sudo", "-n", "true"]) else None


# --- running ------------------------------------------------------------------------------------------------


def has_screen() -> bool:
    """Tell whether a window can be shown."""
    return not sys.platform.startswith("linux") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def names_command(args: Sequence[str]) -> bool:
    """Tell whether the console's arguments name a command, which opens no window."""
    words = iter(args)
    for word in words:
        if word in ("--db", "--user"):
            next(words, None)
        elif not word.startswith("-") or word in ("-h", "--help", "--version"):
            return True
    return False


def demo_office() -> Path:
    """Return the demo office, made the first time, after naming those who may sign in."""
    office, users = DEMO / "demo.db", DEMO / "users.txt"
    if not users.exists():
        shutil.rmtree(DEMO, ignore_errors=True)  # one left half made
        DEMO.mkdir(parents=True)
        say("Making the demo office …")
        made = subprocess.run([CONSOLE, "demo", office], stdout=subprocess.PIPE, cwd=ROOT)
        if made.returncode:
            raise Stop("The demo office could not be made; the reason stands above.", made.returncode)
        users.write_bytes(made.stdout)
    print(users.read_text(encoding="utf-8"), flush=True)
    return office


def passes(name: str, command: Sequence[str]) -> bool:
    """Run one check with the Python of .venv and show what it says only where it fails."""
    result = subprocess.run(
        [PYTHON, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    print(f"{name}: {'failed' if result.returncode else 'passed'}", flush=True)
    if result.returncode:
        print(result.stdout, flush=True)
    return not result.returncode


def call(*command: str | Path, stdout: int | None = None, **environment: str) -> int:
    """Run a command in the project's folder and return its exit code."""
    return subprocess.call(command, cwd=ROOT, stdout=stdout, env={**os.environ, **environment})


def room_for_files() -> str:
    """Return the folder for temporary files: in memory where the system keeps a disk there.

    Every deed waits until the disk has it; on a slow disk the tests would wait longer than they work.
    """
    named = "TMPDIR" in os.environ
    if not named and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return str(MEMORY)
    return tempfile.gettempdir()


def quiet(command: Sequence[str]) -> bool:
    """Run a command unseen and tell whether it succeeded."""
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def say(sentence: str) -> None:
    """Tell what takes time, apart from what a command prints."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        say(str(stop))
        sys.exit(stop.code)
    except KeyboardInterrupt:
        sys.exit(130)
