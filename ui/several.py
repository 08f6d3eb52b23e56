"""逐条: one deed done to the chosen records, each on its own; whoever refuses is named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from models.base import Record
from models.deeds import Deed
from models.undo import Undo
from ui import dialogs
from ui.chosen import perform_remembering, told
from ui.jobs import Job
from ui.services import Services


def do_each(
    services: Services,
    deed: Deed,
    records: Sequence[Record],
    parent: QWidget,
    then: Callable[[Any], Any] | None,
) -> None:
    """Do a deed that asks for nothing to each record, several of them away from the window."""
    if len(records) > 1:
        services.jobs.start(
            deed.title,
            parent,
            lambda job: _one_by_one(job, deed, records),
            lambda result: _tell_each(services, deed, parent, *result),
        )
        return

    def done(result: tuple[Any, list[Undo]]) -> None:
        made, undos = result
        services.say(told(deed, records, made), undos)
        if then is not None:
            then(made)

    services.run(deed.title, parent, lambda: perform_remembering(deed, records, {}), done)


def _one_by_one(job: Job, deed: Deed, records: Sequence[Record]) -> tuple[list[Undo], int, list[str]]:
    """Do a deed to each record in a transaction of its own.

    Returns:
        What takes it back, to how many it was done, and who refused why.
    """
    undos: list[Undo] = []
    done, refused = 0, []
    for number, record in enumerate(records, start=1):
        if job.cancelled():
            break
        try:
            undos += perform_remembering(deed, [record], {})[1]
            done += 1
        except Exception as problem:
            refused.append(f"{record.label()}：{dialogs.sentence_of(problem)}")
        job.tell(number, len(records))
    return undos, done, refused


def _tell_each(
    services: Services, deed: Deed, parent: QWidget, undos: list[Undo], done: int, refused: list[str]
) -> None:
    services.say(f"已{deed.title} {done} 条{f'，未办 {len(refused)} 条' if refused else ''}。", undos)
    if refused:
        dialogs.tell(parent, deed.title, "\n".join(refused[:12]), "warning")
