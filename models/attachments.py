"""附件: files that belong to a record, kept inside the database by what they hold.

Kept there rather than beside it, a file is part of the same transaction, the same backup and the
same check as the record it belongs to, and several computers reach it in one way (reliability.md
S04 asks for the hash, the limits and the types). What a file is, its first bytes say; its name is
only words, and it is written out under the ending of what it is.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Self

from models import deeds, text
from models.base import RECORDS, Record
from models.batches import releasing
from models.checks import invariant
from models.clock import now
from models.deeds import deed
from models.errors import BadInput, NotFound, RuleBroken
from models.fields import (
    ChoiceField,
    CountField,
    DataField,
    FlagField,
    LineField,
    LinkField,
    MomentField,
)
from models.inputs import Asked

ATTACH = deeds.right("records.attach", "添加附件")
LARGEST = 20 << 20
"""Bytes of one file."""
MOST = 50
"""Files of one record."""
_LONGEST_NAME = 80
_ZIP_ENTRIES = 4_000


_KEEPERS: dict[str, str] = {}
"""Kinds of record that files may be attached to, and the right to see such a record and its files."""


def keeps_files(record: type[Record], right: str) -> None:
    """Let files be attached to records of a kind.

    Args:
        record: the kind.
        right: who may see such a record, and with it its files.
    """
    _KEEPERS[record.__name__] = right


def may_keep_files(record: type[Record]) -> bool:
    """Whether files may be attached to records of a kind, and the person acting may see them."""
    right = _KEEPERS.get(record.__name__)
    return right is not None and deeds.actor().may(right)


class Type(Enum):
    """What a file may be, and the ending that it is written out under."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpg"
    GIF = "gif"
    BMP = "bmp"
    WEBP = "webp"
    TIFF = "tif"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    OFD = "ofd"
    ODT = "odt"
    ODS = "ods"
    DOC = "doc"
    TEXT = "txt"
    MP3 = "mp3"
    WAV = "wav"
    AMR = "amr"
    MP4 = "mp4"


_BEGINNINGS = (
    (Type.PDF, 0, b"%PDF-"),
    (Type.PNG, 0, b"\x89PNG\r\n\x1a\n"),
    (Type.JPEG, 0, b"\xff\xd8\xff"),
    (Type.GIF, 0, b"GIF8"),
    (Type.BMP, 0, b"BM"),
    (Type.WEBP, 8, b"WEBP"),
    (Type.TIFF, 0, b"II*\0"),
    (Type.TIFF, 0, b"MM\0*"),
    (Type.DOC, 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    (Type.MP3, 0, b"ID3"),
    (Type.MP3, 0, b"\xff\xfb"),
    (Type.WAV, 8, b"WAVE"),
    (Type.AMR, 0, b"#!AMR"),
    (Type.MP4, 4, b"ftyp"),
)
_PARTS = (
    (Type.DOCX, "word/document.xml"),
    (Type.XLSX, "xl/workbook.xml"),
    (Type.PPTX, "ppt/presentation.xml"),
    (Type.OFD, "OFD.xml"),
)
_OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.text": Type.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Type.ODS,
}
_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


@dataclass(frozen=True)
class File:
    """A file as it was read: its name, what its bytes are, and the bytes."""

    name: str
    type: Type
    digest: str
    data: bytes = field(repr=False)


class FileField(LineField):
    """A file that is named by its path and read at once; an input, never stored."""

    def parse(self, typed: str) -> Any:
        """Read the file."""
        return read_file(Path(typed))

    def check(self, value: Any) -> Any:
        """Accept a file that was read."""
        if not isinstance(value, File):
            raise BadInput(f"{self.label}要写成文件的位置。", "file")
        return value


class Content(Record):
    """内容: the bytes of a file, once however often it is attached; never changed."""

    digest = LineField(max_length=64, unique=True, verbose_name="SHA-256")
    size = CountField(verbose_name="大小")
    data = DataField(verbose_name="内容")

    key_field = "digest"

    class Meta:
        title = "内容"


class Attachment(Record):
    """附件: one file of one record."""

    kind = LineField(max_length=40, verbose_name="种类")
    record = CountField(verbose_name="编号")
    name = LineField(max_length=120, verbose_name="文件名")
    type = ChoiceField(Type, verbose_name="类型")
    content = LinkField(Content, backref="+", verbose_name="内容")
    note = LineField(max_length=120, null=True, verbose_name="说明")
    added_at = MomentField(verbose_name="添加时间")
    added_by = LineField(max_length=60, verbose_name="添加人")
    active = FlagField(default=True, verbose_name="在用")

    belongs = ("kind", "record")

    class Meta:
        title = "附件"
        indexes = ((("kind", "record"), False),)

    def label(self) -> str:
        """Return the name of the file."""
        return str(self.name)

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return int(self.content.size)

    def data(self) -> bytes:
        """Return the file.

        Raises:
            RuleBroken: it is not what was attached.
        """
        content = Content.get_by_id(self.content_id)
        data = bytes(content.data)
        if hashlib.sha256(data).hexdigest() != content.digest:
            raise RuleBroken(f"附件“{self.name}”的内容与添加时不同，可能已损坏。请从备份中取回。")
        return data

    @deed("records.detach", "移除附件", ATTACH, danger=True, undo="records.reattach")
    def detach(self) -> Self:
        """Take a file off its record; the bytes stay for the audit trail.

        Raises:
            PermissionDenied: the record lies beyond what the person acting may see.
        """
        _check_seen(_owner(self.kind, self.record))
        return self.change(active=False)

    @deed("records.reattach", "恢复附件", ATTACH, undo="records.detach")
    def reattach(self) -> Self:
        """Put a file back that was taken off its record.

        Raises:
            PermissionDenied: the record lies beyond what the person acting may see.
        """
        _check_seen(_owner(self.kind, self.record))
        return self.change(active=True)


def attached_to(record: Record) -> list[Attachment]:
    """Return the files of a record, oldest first.

    Raises:
        PermissionDenied: the person acting may not see such records.
    """
    _check_seen(record)
    mine = (Attachment.kind == type(record).__name__) & (Attachment.record == record.id) & Attachment.active
    slim = [field for field in Content._meta.sorted_fields if field.name != "data"]
    query = Attachment.select(Attachment, *slim).join(Content).where(mine).order_by(Attachment.id)
    return list(query)


@deed("records.attach", "添加附件", ATTACH)
def attach(
    kind: Annotated[str, Asked(LineField(max_length=40, verbose_name="种类"))],
    record: Annotated[int, Asked(CountField(verbose_name="编号"))],
    file: Annotated[File, Asked(FileField(max_length=1000, verbose_name="文件"))],
    note: Annotated[str | None, Asked(LineField(max_length=120, null=True, verbose_name="说明"))] = None,
) -> Attachment:
    """Attach a file to a record.

    It was read before (`read_file`), so that nothing waits for a slow disk while the database is held.

    Raises:
        NotFound: there is no such record.
        RuleBroken: the record has as many files as it may.
    """
    owner = _owner(kind, record)
    _check_seen(owner)
    if len(attached_to(owner)) >= MOST:
        raise RuleBroken(f"{owner.label()} 已有 {MOST} 个附件，不能再加。请先移除不用的。")
    content = Content.get_or_none(Content.digest == file.digest) or Content.add(
        digest=file.digest, size=len(file.data), data=file.data
    )
    return Attachment.add(
        kind=kind,
        record=owner.id,
        name=safe_name(file.name, file.type),
        type=file.type,
        content=content,
        note=note,
        added_at=now(),
        added_by=deeds.actor().name,
    )


def with_files(work: Callable[[], Any], files: Sequence[File]) -> Any:
    """Do a deed and attach files to the record that it returns: all of it or nothing.

    Raises:
        OfficeError: as the deed and `attach` do.
    """
    with deeds.together():
        made = work()
        for file in files:
            attach(type(made).__name__, made.id, file)
    return made


def _check_seen(owner: Record) -> None:
    """Refuse files of a record that the person acting may not see.

    Raises:
        PermissionDenied: it is so.
    """
    right = _KEEPERS[type(owner).__name__]
    deeds.require(right)
    if not deeds.within_scope(owner, deeds.actor(), right):
        deeds.refuse(right, f"{owner.label()} 不在您负责的范围内，不能看或改它的附件。")


@releasing
def _hold_on(record: type[Record], first: int, last: int) -> None:
    """Refuse to delete records to which files were attached: a later record may get the same number.

    Raises:
        RuleBroken: there is such a record; says which and how many.
    """
    mine = (Attachment.kind == record.__name__) & Attachment.record.between(first, last)
    owners = sorted({one.record for one in Attachment.select(Attachment.record).where(mine)})
    if owners:
        named = record.get_by_id(owners[0]).label()
        raise RuleBroken(
            f"其中 {len(owners)} 条{record.noun()}已添加过附件（例如 {named}），不能整批撤销。"
            "附件是凭据，请逐条停用这些记录。"
        )


def _owner(kind: str, record: int) -> Record:
    model = RECORDS.get(kind) if kind in _KEEPERS else None
    found = model.get_or_none(model.id == record) if model is not None else None
    if found is None:
        raise NotFound(f"没有可以添加附件的记录“{kind} {record}”。请刷新名单后再试。")
    return found


def read_file(file: Path) -> File:
    """Read a file that is to be attached.

    Raises:
        NotFound: there is none.
        BadInput: it is no ordinary file, is empty, too large, or of a type that is not kept.
    """
    data = _read(file)
    return File(file.name, type_of(data, file.name), hashlib.sha256(data).hexdigest(), data)


def _read(file: Path) -> bytes:
    try:
        if not stat.S_ISREG(file.stat().st_mode):  # opening a pipe would wait for whoever writes into it
            raise BadInput(f"“{file.name}”不是文件，不能作为附件。", "file")
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        reason = text.system_reason(problem) if isinstance(problem, OSError) else "文件名不对"
        raise NotFound(f"读不到文件“{file.name}”：{reason}。请核对后再选。") from None
    if not data:
        raise BadInput(f"“{file.name}”是空文件。请选择有内容的文件。", "file")
    check_size(file.name, len(data))
    return data


def check_size(name: str, size: int) -> None:
    """Refuse a file that is too large.

    Raises:
        BadInput: it is.
    """
    if size > LARGEST:
        raise BadInput(f"“{name}”超过 {LARGEST >> 20} MB。请压缩或拆分后再添加。", "file")


def type_of(data: bytes, name: str) -> Type:
    """Return what the bytes of a file are, whatever its name says.

    Raises:
        BadInput: it is of no type that is kept.
    """
    for kind, at, mark in _BEGINNINGS:
        if data[at : at + len(mark)] == mark:
            return kind
    found = _in_zip(data) if data[:4] == b"PK\x03\x04" else _as_text(data)
    if found is None:
        kinds = "PDF、图片、Word、Excel、PPT、OFD、文本、录音、MP4 视频"
        raise BadInput(f"“{name}”不是可以保存的类型。可以添加：{kinds}。", "file")
    return found


def _in_zip(data: bytes) -> Type | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            names = set(book.namelist())
            if len(names) > _ZIP_ENTRIES:
                raise BadInput(f"这个文件里有 {len(names):,} 个部分，不像文档，不能作为附件。", "file")
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise BadInput("这个文件带有宏，不能作为附件。请另存为不带宏的格式。", "file")
            for kind, part in _PARTS:
                if part in names:
                    return kind
            if "mimetype" in names and book.getinfo("mimetype").file_size < 100:
                return _OPEN_DOCUMENTS.get(book.read("mimetype"))
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError, NotImplementedError):
        pass
    return None


def _as_text(data: bytes) -> Type | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return Type.TEXT if all(mark.isprintable() or mark in "\r\n\t\f" for mark in words) else None
    return None


def safe_name(name: str, kind: Type) -> str:
    """Return a name under which a file can be written out anywhere, with the ending of what it is."""
    words = text.clean(name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = words.rsplit(".", 1)[0] if "." in words.strip(".") else words
    stem = "".join("_" if mark in '<>:"|?*' else mark for mark in stem).strip(" .")[:_LONGEST_NAME]
    if not stem or stem.split(".")[0].upper() in _RESERVED:
        stem = f"附件{stem}"
    return f"{stem}.{kind.value}"


@invariant("附件")
def broken() -> Iterator[str]:
    """Yield a sentence for each file that is not what was attached."""
    for content in Content.select().iterator():
        if hashlib.sha256(bytes(content.data)).hexdigest() != content.digest:
            named = Attachment.get_or_none(Attachment.content == content.id)
            name = named.name if named else content.digest[:12]
            yield f"附件“{name}”的内容与添加时不同。请与最近的备份核对。"
