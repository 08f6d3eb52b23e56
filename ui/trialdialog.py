"""试算表单: the form of a deed whose trial is listed below it, row by row, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.base import Record
from models.deeds import Deed
from models.listings import RowListing
from ui.deeddialog import DeedDialog
from ui.services import Services
from ui.table import Table


class TrialDialog(DeedDialog):
    """The form of one deed above the list of what it would do; a changed field takes the list away."""

    COLUMNS = 2
    HEIGHT = 220
    """Of the list, in pixels."""

    def __init__(self, services: Services, deed: Deed, records: Sequence[Record] = (), **more: Any) -> None:
        super().__init__(services, deed, records, **more)
        self.table = Table(services)
        self.table.setFixedHeight(self.HEIGHT)
        self.table.hide()
        self.body.insertWidget(self.body.indexOf(self.note) + 1, self.table)
        self.form.edited.connect(self._forget)

    def _tried(self, result: Any) -> None:
        self._still.end()
        self._say(self.told(result), self.tone(result))
        self.table.show()
        self.table.show_list(lambda: self.listed(result))

    def told(self, result: Any) -> str:
        """Return what a trial comes to, in one sentence."""
        return str(result.summary())

    def tone(self, result: Any) -> str:
        """Return in which tone that is said."""
        return "info"

    def listed(self, result: Any) -> RowListing:
        """Return a trial row by row."""
        raise NotImplementedError

    def repeats(self) -> bool:
        """Say that the trial below belongs to one change."""
        return False

    def _forget(self) -> None:
        self.table.hide()
        self.note.hide()
