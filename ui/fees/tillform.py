"""收款表单: what a cashier fills in at the till: how much, how, what was handed over, for which houses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from models.deeds import DEEDS
from models.errors import BadInput, RuleBroken
from models.fees.payments import Method
from models.owners.estate import Unit
from ui.form import Form

_ASKED = ("amount", "method", "given", "on", "payer_name", "reference", "units")
"""Inputs of the deed, in the order in which a cashier comes to them."""


class TillForm(Form):
    """The form of the till."""

    def __init__(self) -> None:
        self._asked = {one.name: one for one in DEEDS["fees.receive"].inputs}
        super().__init__([self._asked[name] for name in _ASKED], typed=("units",))
        self.cells["units"].input.hint("几套用逗号隔开")
        self.cells["method"].input.edited.connect(self._follow_method)

    def begin(self) -> None:
        """Put what each field says before anything is typed."""
        for name, cell in self.cells.items():
            cell.forgive()
            cell.input.put(date.today() if name == "on" else self._asked[name].default)
        self._follow_method()
        self.settle()

    def amount(self) -> Decimal | None:
        """Return the amount, as far as it can be read."""
        found = self._read("amount")
        return found if isinstance(found, Decimal) else None

    def handed(self) -> Decimal | None:
        """Return the cash that was handed over, as far as it can be read."""
        found = self._read("given")
        return found if isinstance(found, Decimal) else None

    def day(self) -> date:
        """Return the day, today where it cannot be read."""
        found = self._read("on")
        return found if isinstance(found, date) else date.today()

    def others(self) -> list[Unit]:
        """Return the houses that are paid for with this one."""
        return list(self._read("units") or ())

    def _follow_method(self) -> None:
        """Ask for the cash that was handed over where it is cash."""
        cash = self._read("method") is Method.CASH
        cell = self.cells["given"]
        if not cash:
            cell.input.put(None)
        cell.input.widget.setEnabled(cash)

    def _read(self, name: str) -> Any:
        try:
            return self.cells[name].value()
        except (BadInput, RuleBroken):
            return None
