"""模块: the modules of the program, in the order in which staff see them.

A ninth module is one line here. `load` imports every file of the models, so that each deed, list
and right of the office is registered, whoever asks for it first.
"""

from __future__ import annotations

import functools
import importlib.util
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.fees.editions import Drawn
    from models.months import Month


@dataclass(frozen=True)
class Module:
    """One module: a folder of the same name in models, reports and ui.

    Args:
        name: the English word that names the folders.
        title: as staff say it.
    """

    name: str
    title: str


MODULES = (
    Module("owners", "业主档案"),
    Module("complaints", "投诉报修"),
    Module("fees", "物业收费"),
    Module("appraisals", "员工考核"),
    Module("office", "综合办公"),
)


def title_of(name: str) -> str:
    """Return the title of a module; the name itself where it is none of ours."""
    return next((module.title for module in MODULES if module.name == name), name)


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
