"""所选: what the chosen records answer of what a deed asks, and how it is done with the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models import deeds
from models.base import Record
from models.deeds import DEEDS, Deed
from models.fields import LinkField, LinksField
from models.inputs import Input
from models.office.accounts import Account
from models.office.applying import request
from models.office.approvals import Approval
from models.office.chains import stands_before
from models.undo import Undo, remembering

DRY_RUN = "dry_run"
"""An input of this name becomes the button 试算: the deed says what it would do."""


def trial_of(deed: Deed) -> Deed | None:
    """Return what says beforehand what a deed would do: itself by an input, or its twin `try_…`."""
    if any(one.name == DRY_RUN for one in deed.inputs):
        return deed
    module, verb = deed.name.split(".")
    return DEEDS.get(f"{module}.try_{verb}")


def preset(deed: Deed, records: Sequence[Record]) -> dict[str, Any]:
    """Return the inputs of a deed that the chosen records answer already."""
    for asked in deed.inputs:
        kind = getattr(asked.field, "rel_model", None)
        if kind is None or not records or not isinstance(records[0], kind):
            continue
        if isinstance(asked.field, LinksField):
            needed = {one.name for one in deed.inputs if one.required}
            linked = {name: one for name, one in _linked(deed, records[0]).items() if name in needed}
            return {**linked, asked.name: list(records)}
        if isinstance(asked.field, LinkField):
            return {asked.name: records[0]}
    return _linked(deed, records[0]) if len(records) == 1 and not deed.on_record else {}


def _linked(deed: Deed, record: Record) -> dict[str, Any]:
    """Return what a record links to by the names under which a deed asks: the unit and payer of a balance."""
    found = {}
    for asked in deed.inputs:
        mine = record.fields().get(asked.name)
        same = getattr(mine, "rel_model", None) is getattr(asked.field, "rel_model", False)
        if same and isinstance(asked.field, LinkField) and getattr(record, asked.name) is not None:
            found[asked.name] = getattr(record, asked.name)
    return found


def asked_of(deed: Deed, records: Sequence[Record]) -> list[Input]:
    """Return what a deed still asks for when these records are chosen."""
    known = {DRY_RUN} | (set() if deed.on_record else set(preset(deed, records)))
    return [asked for asked in deed.inputs if asked.name not in known and not _is_chosen(asked)]


def _is_chosen(asked: Input) -> bool:
    """Whether an input is answered by the rows that are chosen in a list, or not at all."""
    field = asked.field
    return isinstance(field, LinksField) and not asked.required and field.rel_model.key_field == "id"


def perform(deed: Deed, records: Sequence[Record], values: dict[str, Any]) -> Any:
    """Do a deed with checked values on a record, or with it as one of its inputs."""
    if deed.on_record:
        return deed(records[0], **values)
    return deed(**{**preset(deed, records), **values})


def perform_remembering(
    deed: Deed, records: Sequence[Record], values: dict[str, Any]
) -> tuple[Any, list[Undo]]:
    """Do a deed as `perform` does; return its result and what takes it back."""
    record = records[0] if deed.on_record and records else None
    result, back = remembering(deed, record, values, lambda: perform(deed, records, values))
    return result, [back] if back is not None else []


def must_apply(deed: Deed) -> bool:
    """Whether the person acting has to apply for a deed rather than do it."""
    return isinstance(deeds.actor(), Account) and stands_before(deed.name)


def apply_for(deed: Deed, records: Sequence[Record], values: dict[str, Any], note: str | None) -> Approval:
    """Apply for a deed with checked values, on each of the chosen records; return the last application."""
    if not deed.on_record:
        return request(deed.name, {**preset(deed, records), **values}, note=note)
    with deeds.together():
        return [request(deed.name, values, key=record.key(), note=note) for record in records][-1]


def done_of(deed: Deed, result: Any) -> str:
    """Return what was done: 已 and the verb of the office, unless the result has words of its own."""
    return str(result.done()) if hasattr(result, "done") else f"已{deed.title}"


def told(deed: Deed, records: Sequence[Record], result: Any) -> str:
    """Return what the status line says of a deed that was done."""
    if hasattr(result, "summary"):
        return f"{done_of(deed, result)}。{result.summary()}"
    about = records[0].label() if len(records) == 1 else ""
    if isinstance(result, Record):
        about = result.label()
    elif isinstance(result, tuple) and hasattr(result, "account"):
        about = result.account.label()
    aside = result.aside() if isinstance(result, Record) else ""
    return f"已{deed.title}{'：' if about else '。'}{about}{'。' if about and aside else ''}{aside}"
