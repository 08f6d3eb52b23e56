"""Tests of the manifest: what is written can be read, and nothing else is believed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from models.errors import StorageRefused
from models.store import Manifest, Why
from models.store.manifest import Attachment, AuditHead

WHOLE = Manifest(
    made_at=datetime(2026, 3, 1, 9, 8, 7, tzinfo=UTC), why=Why.EXIT, office="翠苑𠮷", program="0.1.0",
    schema=3, size=4096, sha256="a" * 64, rows={"bill": 5}, change_counter=9, audit=AuditHead(2, "b" * 64),
    attachments={"c" * 64: Attachment(1, "d" * 64)},
)  # fmt: skip


def test_what_is_written_is_read_back() -> None:
    assert Manifest.from_json(WHOLE.to_json()) == WHOLE


@pytest.mark.parametrize("name", [name for name in json.loads(WHOLE.to_json()) if name != "format"])
@pytest.mark.parametrize("value", [None, -1, 1.5, "x", [], {"../x": 1}, {"x": -1}, True])
def test_nothing_else_is_believed(name: str, value: Any) -> None:
    told = json.loads(WHOLE.to_json())
    if (name, value) in [("office", "x"), ("program", "x"), ("audit", None), ("rows", {"../x": 1})]:
        return  # these may be
    if name in ("attachments", "rows") and value == []:
        value = 5
    with pytest.raises(StorageRefused):
        Manifest.from_json(json.dumps(told | {name: value}))


def test_a_newer_format_asks_for_an_upgrade() -> None:
    with pytest.raises(StorageRefused, match="请升级软件"):
        Manifest.from_json('{"format": 2}')


@pytest.mark.parametrize("why", Why)
def test_every_reason_has_a_name_in_chinese(why: Why) -> None:
    assert why.label
