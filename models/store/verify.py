"""验证: prove that a backup can be restored, by taking it out and examining what came out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.store import contents, files, listing
from models.store.container import DATABASE, Container
from models.store.files import Course, Progress
from models.store.manifest import Manifest
from models.store.refusals import telling


@dataclass(frozen=True)
class Report:
    """What a verified backup holds; its facts are in the manifest."""

    path: Path
    manifest: Manifest
    encrypted: bool
    verified_at: datetime


def unlock(path: Path, password: str) -> None:
    """Tell a wrong password at once, without reading the backup through.

    Raises:
        StorageRefused: it is the wrong one, or the file is no backup.
    """
    with telling("打开备份", path), Container(path, password):
        pass


def verify(
    path: Path,
    *,
    password: str | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Report:
    """Judge a backup by its contents: shape, digests, pages, references, counts, audit head.

    Raises:
        StorageRefused: it cannot be restored; the sentence says why.
        Cancelled: the person stopped it.
    """
    with telling("验证备份", path), Container(path, password) as found:
        told = found.manifest
        with tempfile.TemporaryDirectory(prefix="pcbak-") as folder:
            files.need_space(Path(folder), told.size, "验证备份")
            course = Course(found.size + told.size, progress, cancelled)
            taken = Path(folder) / DATABASE
            found.extract(DATABASE, taken, course)
            contents.examine(taken, told, course)
        found.prove(course, besides=DATABASE)
        encrypted = found.encrypted
    listing.note_verified(path, told)
    return Report(path, told, encrypted, datetime.now().astimezone())
