"""共用: what every page of a window may ask for, handed down from the window."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal

from models import deeds
from models.charts import Opens
from models.checks import Finding
from models.conditions import Condition
from models.listings import Filters
from models.store import Entry
from models.undo import Undo
from ui import dialogs, permits
from ui.jobs import Jobs
from ui.memory import Memory

if TYPE_CHECKING:
    from ui.printqueue import PrintQueue


@dataclass(frozen=True)
class Outlets:
    """What leaves the program, given by whoever starts the window.

    Args:
        load_papers: makes every form known; slow the first time.
        print_form: prints one form into a PDF (desktop.printing).
        folder: where prints and exports go unless the person says otherwise.
    """

    load_papers: Callable[[], Any]
    print_form: Callable[..., Any]
    folder: Callable[[], Path]


class Keeper(Protocol):
    """Who backs the office up (desktop.schedule)."""

    def folder(self) -> Path:
        """Where backups go."""

    def choose_folder(self, folder: Path) -> None:
        """Let them go elsewhere."""

    def daily_at(self) -> str:
        """Time of the daily backup as HH:MM; empty for none."""

    def set_daily(self, at: str) -> None:
        """Change it."""

    def on_exit(self) -> bool:
        """Whether one is made on exit."""

    def set_on_exit(self, wanted: bool) -> None:
        """Change that."""

    def backups(self) -> list[Entry]:
        """The backups there are, newest first."""

    def last(self) -> datetime | None:
        """When the last usable one of this office was made."""

    def office(self) -> str:
        """The office's name, as its backups bear it."""

    def owns(self, entry: Entry) -> bool:
        """Whether a backup is of this office."""

    def check(self) -> list[Finding] | None:
        """What does not hold in storage, chain and sums."""

    def by_hand(self, password: str | None, progress: Any, cancelled: Any) -> Entry:
        """Make one now."""


class Services(QObject):
    """The jobs, the announcements and the status line of one window."""

    changed = Signal(object)
    """Something was written; carries the names of the records touched."""
    said = Signal(str)
    """A sentence for the status line."""
    undoable = Signal(object)
    """What was just done can be taken back, by these `models.undo.Undo`."""
    counted = Signal(object, object, bool)
    """A list tells its rows, what is selected and its sums, part by part; whether it is the one worked in."""
    asked_for = Signal(str, object, object, object)
    """Open the page of this list, narrowed by filters, to one row (id, what it is called), by conditions."""
    prints_changed = Signal()
    """Something moved in the queue of papers on their way to printers."""
    _heard = Signal(object)

    restore_asked = Signal(object, object)
    """Put a backup in the place of the database: its file, its password or None."""

    def __init__(self, outlets: Outlets, keeper: Keeper, memory: Memory | None = None) -> None:
        """Make them.

        Args:
            outlets: what leaves the program.
            keeper: who backs the office up.
            memory: what the person set up for himself; None remembers nothing beyond this window.
        """
        super().__init__()
        self.outlets, self.keeper = outlets, keeper
        self.memory = memory or Memory()
        self.titles: dict[str, str] = {}
        """What staff call the modules, by their names; the window knows them."""
        self.knows: Callable[[str], bool] = lambda listing: True
        """Whether the window has a page for a list."""
        self._closed = False
        self.jobs = Jobs(dialogs.tell_problem)
        # A deed may announce from a worker thread; queueing brings the word into the window's.
        self._heard.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        self._stop_listening = deeds.on_change(self._heard.emit)
        permits.forget()
        self.changed.connect(self._rights_changed)

    def _rights_changed(self, touched: frozenset[str]) -> None:
        if touched & {"Account", "AccountRole", "Role", "RoleRight"}:
            permits.forget()

    def say(self, sentence: str, undos: Sequence[Undo] | None = None) -> None:
        """Put a sentence into the status line.

        Args:
            sentence: what is said.
            undos: what takes back the deed that it tells of, offered for some seconds instead of what was
                offered before; None where it tells of no deed.
        """
        self.said.emit(sentence)
        if undos is not None:
            self.undoable.emit(list(undos))

    def open(self, listing: str, filters: Filters | None = None, asked: Sequence[Condition] = ()) -> None:
        """Open the page of a list, narrowed by filters and by questions to its columns."""
        self.asked_for.emit(listing, filters or Filters(), None, tuple(asked))

    def open_lines(self, opens: Opens) -> None:
        """Open the lines behind a figure of a chart."""
        self.open(opens.page, Filters(**opens.filters), opens.asked)

    def show(self, listing: str, record_id: Any, label: str) -> None:
        """Open a record: the page of its list with its card."""
        self.asked_for.emit(listing, Filters(), (record_id, label), ())

    def run(
        self,
        title: str,
        owner: QObject,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do something short away from the window's thread, such as one deed or one reading."""
        self.jobs.start(title, owner, lambda _: work(), done, failed, shown=False)

    def restore(self, file: Path, password: str | None) -> None:
        """Ask whoever opens and closes offices to restore a backup."""
        self.restore_asked.emit(file, password)

    @functools.cached_property
    def prints(self) -> PrintQueue:
        """The papers of this window on their way to printers; made with the first of them."""
        from ui.printqueue import PrintQueue  # printing is not small

        made = PrintQueue(self.run, self)
        made.changed.connect(self.prints_changed)
        return made

    def printing(self) -> bool:
        """Whether a paper is on its way to a printer."""
        return "prints" in self.__dict__ and self.prints.busy()

    def close(self) -> None:
        """Stop listening and end the jobs; a second time does nothing."""
        if not self._closed:
            self._closed = True
            self._stop_listening()
            if "prints" in self.__dict__:
                self.prints.close()
            self.memory.flush()
            self.jobs.close()
