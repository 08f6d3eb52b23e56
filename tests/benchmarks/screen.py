"""窗口速度: how soon the window shows what was asked for, and how long it ever stands still.

Each figure is taken in a process of its own, drawn by Qt without a screen. What is timed ends when the
widget has been painted, not when its data is there.
"""

from __future__ import annotations

import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 40
CELLS = 10_000
BEAT = 5
"""Milliseconds between two beats by which a pause of the event loop is seen."""

_BARE = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched is window:
            print(time.time() - float(sys.argv[1]), flush=True)
            app.quit()
        return False
app = QApplication([])
window = QMainWindow()
spy = Painted()
app.installEventFilter(spy)
window.show()
app.exec()
"""


def start(office: Path) -> tuple[float, float]:
    """Return milliseconds of our start and of an empty window, medians of five turns."""
    ours, bare = [], []
    for _ in range(5):
        ours.append(_child("starting", str(office), str(time.time())))
        began = time.time()
        ended = _run([sys.executable, "-c", _BARE, str(began)])
        bare.append(float(ended) * 1000)
    return statistics.median(ours), statistics.median(bare)


def measured(name: str, office: Path) -> float:
    """Return one figure in milliseconds, taken by a child."""
    return _child("screen", name, str(office))


def _child(module: str, *words: str) -> float:
    return float(_run([sys.executable, "-m", f"tests.benchmarks.{module}", *words]))


def _run(command: list[str]) -> str:
    with tempfile.TemporaryDirectory() as home:
        places = {name: home for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
        cache = str(ROOT / "build" / "bench" / "pycache")  # compiled once, as on a user's machine
        environment = {**os.environ, **places, "QT_QPA_PLATFORM": "offscreen", "QT_API": "pyside6"}
        environment = {**environment, "PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""}
        ended = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
    return ended.stdout.strip().splitlines()[-1]


# -- in the child ------------------------------------------------------------------------------


class Stage:
    """A window on an office, in this process."""

    def __init__(self, office: Path) -> None:
        from desktop import modules
        from desktop.app import start_qt
        from models import deeds, store
        from models.office.accounts import Account

        modules.load()
        self.app = start_qt()
        opened = store.open_office(office)
        account = Account.find("admin")
        deeds.sign_in_as(account)
        from desktop.making import make_services, make_window

        self.services = make_services(office, opened)
        self.window = make_window(self.services, account, office)
        self.window.resize(1366, 768)
        self.window.show()
        self.quiet()

    def quiet(self) -> None:
        """Let everything under way end."""
        for _ in range(6):
            self.services.jobs.settle(120)
            self.app.processEvents()

    def until(self, seen: Callable[[], bool]) -> float:
        """Let the window go on until something is seen; return the milliseconds."""
        began = time.perf_counter()
        while not seen():
            self.app.processEvents()
            time.sleep(0.0002)
        return (time.perf_counter() - began) * 1000


def _listed(office: Path, order: str) -> float:
    """Return the median time from asking for a long list to its first rows painted."""
    stage = Stage(office)
    view: Any = stage.window.open("bills")
    stage.quiet()
    painted = _paints(view.table.grid.viewport())
    took = []
    for turn in range(9):
        filled: list[int] = []
        view.table.filled.connect(lambda seen=filled: seen.append(1))
        if order:
            stage.quiet()
            painted.clear()
            view.table.sort_by(order if turn % 2 else f"-{order}")
        else:
            stage.quiet()
            painted.clear()
            view.reload()
        took.append(stage.until(lambda seen=filled: bool(seen) and bool(painted)))
    return statistics.median(took)


def _paints(widget: Any) -> list[float]:
    """Return a list that grows whenever a widget is painted."""
    from PySide6.QtCore import QEvent, QObject

    found: list[float] = []

    class Spy(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Paint:
                found.append(time.perf_counter())
            return False

    spy = Spy(widget)
    widget.installEventFilter(spy)
    return found


def _switched(office: Path) -> float:
    """Return the 95th percentile of bringing another dock to the front."""
    stage = Stage(office)
    for name in ("units", "bills", "staff"):
        stage.window.open(name)
        stage.quiet()
    names = ["owners", "fees", "office", "desk"]
    paints = {name: _paints(stage.window.docks.all[name].widget()) for name in names}
    took = []
    for turn in range(ROUNDS):
        name = names[turn % len(names)]
        stage.quiet()
        paints[name].clear()
        began = time.perf_counter()
        stage.window.docks.raise_dock(name)
        stage.until(lambda name=name: bool(paints[name]))
        took.append((time.perf_counter() - began) * 1000)
    return _p95(took)


def _carded(office: Path) -> float:
    """Return the 95th percentile from selecting a house or a person to the card painted."""
    stage = Stage(office)
    took = []
    for name in ("units", "people"):
        view: Any = stage.window.open(name)
        stage.quiet()
        view.show_card(True)
        stage.quiet()
        for row in range(ROUNDS):
            paints = _paints(view.card.area.viewport())
            began = time.perf_counter()
            view.table.grid.selectRow(row * 3 + 1)
            stage.until(lambda view=view: view.card.card is not None)
            paints.clear()
            stage.until(lambda paints=paints: bool(paints))
            took.append((time.perf_counter() - began) * 1000)
            stage.quiet()
        print(f"{name} {_p95(took[-ROUNDS:]):.0f} ms", file=sys.stderr)
    return _p95(took)


def _found(office: Path) -> float:
    """Return the 95th percentile of a search over 20,000 people, by name, sound, telephone and house."""
    from desktop import modules
    from models import deeds, search, store
    from models.office.accounts import Account
    from models.owners.people import Person
    from tests.benchmarks import ledger

    modules.load()
    with store.open_office(office):
        deeds.sign_in_as(Account.find("admin"))
        chance = random.Random(3)
        people = list(Person.select(Person.name, Person.search, Person.phone).order_by(Person.id))
        assert len(people) == ledger.PEOPLE
        words = []
        for one in chance.sample(people, 60):
            keys = one.search.split()
            words += [one.name, keys[2], keys[1][:4], one.phone[-4:]]
        words += [f"{chance.randrange(1, 50)}-1-{chance.randrange(1, 13)}01" for _ in range(60)]
        search.find("x")
        took = []
        for typed in words:
            began = time.perf_counter()
            search.find(typed)
            took.append((time.perf_counter() - began) * 1000)
    return _p95(took)


def _pasted(office: Path) -> float:
    """Return a paste of 10,000 cells into the sheet of payments, read, checked, judged and painted."""
    stage = Stage(office)
    page = stage.window.open("collecting")
    stage.quiet()
    keys = [line.line.key for line in page.rows.lines]
    rows = [keys[number % len(keys)] for number in range(CELLS // 2)]
    words = "\n".join(f"{key}\t{number % 900 + 0.25}" for number, key in enumerate(rows))
    page.grid.setFocus()
    took = []
    for _ in range(3):
        painted = _paints(page.grid.viewport())
        began = time.perf_counter()
        page.grid.paste(words)
        page.grid.viewport().update()
        stage.until(lambda painted=painted: bool(painted))
        took.append((time.perf_counter() - began) * 1000)
        assert not page.rows.wrong() and page.rows.filled() == len(set(rows))
        page.rows.clear()
    return statistics.median(took)


def _stalled(office: Path) -> float:
    """Return the longest pause of the event loop during a run, notices, an import and a backup."""
    from PySide6.QtCore import QTimer

    from models import deeds, imports
    from models.deeds import DEEDS
    from tests.benchmarks import ledger
    from tests.benchmarks.imports import write_owners

    stage = Stage(office)
    folder = office.parent
    book = folder / "owners.xlsx"
    write_owners(book)
    works: dict[str, Callable[[Any], Any]] = {
        "出账": lambda job: DEEDS["fees.bill"](ledger.NEXT),
        "通知单": lambda job: stage.services.outlets.print_form(
            "FE-02",
            out=folder / "notices.pdf",
            period=ledger.Period.of_month(ledger.LAST),
            progress=job.progress,
        ),
        "导入": lambda job: DEEDS["owners.import"](imports.plan(book)),
        "备份": lambda job: stage.services.keeper.by_hand(None, job.progress, job.cancelled),
    }
    worst = 0.0
    for title, work in works.items():
        beats: list[float] = []
        timer = QTimer(interval=BEAT)
        timer.timeout.connect(lambda beats=beats: beats.append(time.perf_counter()))
        stage.quiet()
        over: list[Any] = []
        timer.start()
        stage.services.jobs.start(title, stage.window, work, over.append, over.append)
        while not over:
            stage.app.processEvents()
            time.sleep(0.001)
        timer.stop()
        if isinstance(over[0], Exception):
            raise over[0]
        pause = max(later - sooner for sooner, later in itertools.pairwise(beats)) * 1000
        print(f"{title} {pause:.0f} ms", file=sys.stderr)
        worst = max(worst, pause)
    deeds.sign_in_as(None)
    return worst


def _p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95)]


CHILDREN: dict[str, Callable[[Path], float]] = {
    "paste": _pasted,
    "list": lambda office: _listed(office, ""),
    "list-sort": lambda office: _listed(office, "month"),
    "switch": _switched,
    "card": _carded,
    "search": _found,
    "stall": _stalled,
}


if __name__ == "__main__":
    print(CHILDREN[sys.argv[1]](Path(sys.argv[2])), flush=True)
    os._exit(0)
