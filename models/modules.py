"""模块: the modules of the program, in the order in which staff see them. A ninth module is one line here."""

from __future__ import annotations

from dataclasses import dataclass


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
    Module("canteen", "食堂仓库"),
    Module("suppliers", "供方评价"),
    Module("appraisals", "员工考核"),
    Module("office", "综合办公"),
)


def title_of(name: str) -> str:
    """Return the title of a module; the name itself where it is none of ours."""
    return next((module.title for module in MODULES if module.name == name), name)
