"""模块: what `models.modules` names is loaded here.

`load` imports every file of the models, so that each deed, list and right of the office is registered,
whoever asks for it first.
"""

from __future__ import annotations

import functools
import importlib.util
import pkgutil
from typing import TYPE_CHECKING

from models.modules import MODULES as MODULES
from models.modules import Module as Module
from models.modules import title_of as title_of

if TYPE_CHECKING:
    from models.fees.editions import Drawn
    from models.months import Month


@functools.cache
def load() -> None:
    """Import every file of the models, and with them every deed and list."""
    import models

    for found in pkgutil.walk_packages(models.__path__, "models."):
        if ".migrations" not in found.name:
            importlib.import_module(found.name)
    importlib.import_module("models.fees.editions").drawn_by(_draw)


def _draw(code: str, month: Month, remark: str) -> Drawn:
    """Draw a report to be kept; what draws is loaded where it is needed."""
    load_papers()
    from reports.archive import drawn

    return drawn(code, month, remark)


@functools.cache
def load_papers() -> None:
    """Import the forms of each module, and with them what fills them in."""
    load()
    for module in MODULES:
        if importlib.util.find_spec(f"reports.{module.name}"):
            importlib.import_module(f"reports.{module.name}")
