"""清单: what a backup says about itself."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from models.errors import StorageRefused

FORMAT = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Why(Enum):
    """What a backup was made for; the value stands in the file's name."""

    EXIT = "exit"
    DAILY = "daily"
    MANUAL = "manual"
    MIGRATE = "premigrate"
    RESTORE = "prerestore"
    IMPORT = "import"
    CLOSE = "close"

    @property
    def label(self) -> str:
        """Say it to the person at the desk."""
        return _LABELS[self]


_LABELS = {
    Why.EXIT: "退出时",
    Why.DAILY: "每日定时",
    Why.MANUAL: "手工",
    Why.MIGRATE: "升级前",
    Why.RESTORE: "恢复前",
    Why.IMPORT: "导入前",
    Why.CLOSE: "结账前",
}


@dataclass(frozen=True)
class AuditHead:
    """The last link of the audit chain, which a cut tail or a rewritten chain cannot match."""

    number: int
    digest: str


@dataclass(frozen=True)
class Attachment:
    """One file kept beside the database."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What stands in manifest.json: when and why it was made, and what must be found inside."""

    made_at: datetime
    why: Why
    office: str
    program: str
    schema: int
    size: int
    """Bytes of the database."""
    sha256: str
    """Of the database."""
    rows: dict[str, int]
    """Rows of each table."""
    change_counter: int
    """SQLite's count of commits, by which an unchanged database is told cheaply."""
    audit: AuditHead | None = None
    attachments: dict[str, Attachment] = field(default_factory=dict)
    """By the name under which each lies, which is its SHA-256 unless it was altered since."""
    format: int = FORMAT

    def to_json(self) -> str:
        """Write it as people can read it."""
        told = asdict(self) | {"made_at": self.made_at.isoformat(), "why": self.why.value}
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """Read it back, believing nothing.

        Raises:
            StorageRefused: it is not a manifest, or one of a newer program.
        """
        try:
            told = json.loads(text)
            if isinstance(told, dict) and isinstance(told.get("format"), int) and told["format"] > FORMAT:
                raise StorageRefused("备份由更新版本的软件制作。请升级软件后再用。")
            return cls._from_told(told)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise StorageRefused("备份里的清单已损坏。请换一个备份文件。") from error

    @classmethod
    def _from_told(cls, told: dict[str, Any]) -> Manifest:
        audit = told["audit"]
        return cls(
            made_at=datetime.fromisoformat(_text(told["made_at"])),
            why=Why(told["why"]),
            office=_text(told["office"]),
            program=_text(told["program"]),
            schema=_count(told["schema"]),
            size=_count(told["size"]),
            sha256=_digest(told["sha256"]),
            rows={_text(name): _count(rows) for name, rows in told["rows"].items()},
            change_counter=_count(told["change_counter"]),
            audit=None if audit is None else AuditHead(_count(audit["number"]), _digest(audit["digest"])),
            attachments={
                _digest(name): Attachment(_count(kept["size"]), _digest(kept["sha256"]))
                for name, kept in told["attachments"].items()
            },
            format=_count(told["format"]),
        )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(value)
    return value


def _digest(value: Any) -> str:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise TypeError(value)
    return value
