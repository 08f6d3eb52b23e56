"""定价的按钮: a price of the selected row's item, and its tiers, which are not taken away unasked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from models.deeds import DEEDS
from models.fees.items import Rate
from ui import dialogs
from ui.acts import Act
from ui.deeddialog import DeedDialog, do
from ui.page import PageView


class TiersDialog(DeedDialog):
    """The form of a price's tiers, which begins with those that it has."""

    def submit(self, then: Callable[[Any], Any] | None = None) -> None:
        """Ask first where all of them would go."""
        self.form.cells["tiers"].input.flush()
        had, rate = self._values["tiers"], self.records[0]
        if not had or not self.form.cells["tiers"].is_blank() or self._still.busy:
            super().submit(then)
            return
        go = super().submit
        sentence = f"{rate.label()} 原有 {len(had)} 档，都不留。以后不分档，全部用量按 {_price(rate)} 元收。"
        dialogs.ask(self, self.deed.title, sentence, "取消分档", lambda: go(then), tone="danger")


def _price(rate: Any) -> str:
    return str(Rate.price.show(rate.price))


def _set_tiers(view: PageView) -> Any:
    rate = view.records()[0]
    assert isinstance(rate, Rate)
    given = {"tiers": rate.tiers_given()}
    # Without a draft, which would come back as a form that does not know what there was.
    dialog = TiersDialog(
        view.services, DEEDS["fees.set_tiers"], [rate], values=given, then=lambda _: None, parent=view
    )
    dialog.open()
    return dialog


def _set_rate(view: PageView) -> Any:
    rows = view.records()
    given = {"item": rows[0].item} if len(rows) == 1 and isinstance(rows[0], Rate) else {}
    return do(view.services, DEEDS["fees.set_rate"], [], view, values=given)


def _act(name: str, run: Callable[[PageView], Any]) -> Act:
    deed = DEEDS[name]
    return Act(deed.title, deed.right, run)


SET_RATE = _act("fees.set_rate", _set_rate)
SET_TIERS = _act("fees.set_tiers", _set_tiers)
