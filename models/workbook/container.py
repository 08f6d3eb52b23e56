"""压缩包: what a file must be before a parser sees it; runs in the child, on bytes, without writing.

A zip's own figures are not believed: every part is inflated here and counted.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from models.workbook import limits

_CHUNK = 1 << 20
_PIECE = 1 << 16
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_DIMENSION = re.compile(rb'<dimension ref="[A-Z]+[0-9]+:([A-Z]{1,3})([0-9]{1,7})"')
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]{0,200}(?<!/)>(?:<f|<v|<is)')
_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]{0,200}t="e"[^<>]{0,200}>'
    rb"(?:<f[^<>]{0,500}(?:/>|>[^<]{0,8000}</f>))?<v>(#[^<]{1,20})</v>"
)
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^<>]{0,200})>'
    rb"<f(?:[^<>]{0,500}/>|[^<>]{0,500}>[^<]{0,8000}</f>)(<v>[^<])?"
)
_LONGEST_CELL = 16 << 10
UNCALCULATED = "#待计算"
"""Stands in a cell whose formula nobody has calculated: programs that write workbooks leave it empty or 0."""

_DIRECTORY = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
_DAMAGED = "文件不完整或已损坏，请重新复制或重新导出一份。"
SAVE_AS = "请用 Excel 或 WPS 打开它，另存为“Excel 工作簿（.xlsx）”再导入。"


class Refused(Exception):
    """The workbook will not be read; the sentence says why and what to do."""


@dataclass
class Findings:
    """What inflating has shown of the sheets, by their titles."""

    epoch_1904: bool = False
    stale: bool = False
    """Whether the workbook asks for all its formulas to be calculated before it is read."""
    errors: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    """Cells that hold an error (row, column from 1): the parser would call them empty."""


def inspect(data: bytes) -> Findings:
    """Check a whole file and return what was found on the way.

    Raises:
        Refused: it is no .xlsx, is locked, carries macros, or is beyond the limits.
    """
    _check_kind(data)
    entries = _entries(data)
    _check_names({entry.filename for entry in entries})
    total = _Total()
    small = {entry.filename: b"" for entry in entries if entry.filename in _DIRECTORY}
    for entry in entries:
        if entry.filename in small:
            small[entry.filename] = b"".join(_windows(total.counted(data, entry)))
    findings, titles = _sheet_titles(small)
    for entry in entries:
        if entry.filename not in small:
            _inspect_part(total.counted(data, entry), entry.filename, titles.get(entry.filename), findings)
    return findings


def _check_kind(data: bytes) -> None:
    """Name the kinds of file that are taken for workbooks and are none."""
    if not data:
        raise Refused("文件是空的，请重新导出或重新复制一份。")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused("工作簿设了打开密码，请先在 Excel 或 WPS 里去掉密码，另存后再导入。")
        raise Refused(f"这是旧格式（.xls）的表格，只是改了名字。{SAVE_AS}")
    if data.startswith(b"PK"):
        return
    start = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<meta")):
        raise Refused(f"这是网页或 XML 文件，只是改了名字。{SAVE_AS}")
    raise Refused(f"这不是 Excel 工作簿。{SAVE_AS}")


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error):
        raise Refused(_DAMAGED) from None
    if len(entries) > limits.ENTRIES:
        raise Refused(
            f"工作簿里有 {len(entries):,} 个部件，超过 {limits.ENTRIES:,} 个，不像正常的表格。{SAVE_AS}"
        )
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise Refused(f"工作簿里有重名的部件，不像正常的表格。{SAVE_AS}")
    return entries


def _check_names(names: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused(f"工作簿里有宏。为了安全不读带宏的文件，{SAVE_AS}")
    if "xl/workbook.xml" not in names:
        raise Refused(f"这不是 .xlsx 工作簿。{SAVE_AS}")


class _Total:
    """Counts what all parts inflate to."""

    def __init__(self) -> None:
        self.inflated = 0

    def counted(self, data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield a part's inflated bytes, stopping as soon as a limit is passed."""
        made = 0
        for chunk in _inflated(data, entry):
            made += len(chunk)
            self.inflated += len(chunk)
            if self.inflated > limits.INFLATED_BYTES:
                raise Refused(
                    f"工作簿解开后超过 {limits.INFLATED_BYTES >> 20} MB，太大了，请分成几个文件导入。"
                )
            if made > limits.RATIO_FROM and made > limits.RATIO * max(entry.compress_size, 1):
                raise Refused(f"工作簿压缩得不正常，可能是恶意文件，不予读取。{SAVE_AS}")
            yield chunk
        if made != entry.file_size:
            raise Refused(_DAMAGED)


def _inflated(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the bytes of one part to the true end of its stream, whatever the directory says."""
    if entry.flag_bits & 1:
        raise Refused("工作簿设了密码，请先在 Excel 或 WPS 里去掉密码，另存后再导入。")
    packed = _packed(data, entry)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused(f"工作簿用了不认识的压缩方式。{SAVE_AS}")
    try:
        yield from _deflated(packed)
    except zlib.error:
        raise Refused(_DAMAGED) from None


def _deflated(packed: memoryview) -> Iterator[bytes]:
    stream = zlib.decompressobj(-15)
    for at in range(0, len(packed), _PIECE):
        left: bytes | memoryview = packed[at : at + _PIECE]
        while left and not stream.eof:
            yield stream.decompress(left, _CHUNK)
            left = stream.unconsumed_tail
    yield stream.flush()


def _packed(data: bytes, entry: zipfile.ZipInfo) -> memoryview:
    at = entry.header_offset
    head = data[at : at + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        raise Refused(_DAMAGED)
    name_size, extra_size = struct.unpack("<HH", head[26:30])
    start = at + 30 + name_size + extra_size
    return memoryview(data)[start : start + entry.compress_size]


def _windows(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Pass a part on in pieces that never cut the beginning of a cell, refusing a DTD."""
    held = b""
    for chunk in chunks:
        window = held + chunk
        if any(mark in window for mark in _DOCTYPES):
            raise Refused(f"工作簿里有 DTD 声明，正常的表格没有，不予读取。{SAVE_AS}")
        cut = window.rfind(b"<c ", max(0, len(window) - _LONGEST_CELL))
        cut = cut if cut >= 0 else max(0, len(window) - 64)
        held = window[cut:]
        yield window[:cut]
    yield held


def _inspect_part(chunks: Iterator[bytes], name: str, title: str | None, findings: Findings) -> None:
    """Inflate one part to its end; look into it where it is XML, and closer where it is a sheet."""
    if title is None and not name.lower().endswith((".xml", ".rels", ".vml")):
        for _ in chunks:
            pass
        return
    wide = None
    for window in _windows(chunks):
        if title is None:
            continue
        if wide is None:
            wide = _says_too_wide(window)
        if wide:
            _refuse_far_cell(window, title)
        _note_errors(window, findings.errors.setdefault(title, {}))
        _note_uncalculated(window, findings.stale, findings.errors[title])


def _says_too_wide(window: bytes) -> bool:
    """Tell whether the sheet calls itself larger than the limits (often mere formatting)."""
    found = _DIMENSION.search(window, 0, _CHUNK)
    return bool(found and _beyond(column_number(found[1]), int(found[2])))


def _refuse_far_cell(window: bytes, title: str) -> None:
    for found in _FILLED.finditer(window):
        if _beyond(column_number(found[1]), int(found[2])):
            raise Refused(too_far(title, f"{found[1].decode()}{int(found[2])}"))


def _note_errors(window: bytes, errors: dict[tuple[int, int], str]) -> None:
    for found in _ERROR.finditer(window) if b't="e"' in window else ():
        row, column = int(found[2]), column_number(found[1])
        if not _beyond(column, row):
            errors[row, column] = found[3].decode("ascii", "replace")


def _note_uncalculated(window: bytes, stale: bool, errors: dict[tuple[int, int], str]) -> None:
    for found in _FORMULA.finditer(window) if b"<f" in window else ():
        row, column = int(found[2]), column_number(found[1])
        empty = not found[4] and b't="str"' not in found[3]  # a text that came out empty is calculated
        if (stale or empty) and not _beyond(column, row):
            errors[row, column] = UNCALCULATED


def _beyond(column: int, row: int) -> bool:
    return row > limits.ROWS or column > limits.COLUMNS


def column_number(letters: bytes) -> int:
    """Return the number of a column, counted from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def too_far(title: str, cell: str) -> str:
    """Say that a sheet reaches too far, and which cell shows it."""
    return (
        f"工作表“{title}”的内容到了 {cell}，超出 {limits.ROWS:,} 行 {limits.COLUMNS} 列的范围。"
        f"请把要导入的内容复制到一张新表，或分成几个文件。"
    )


def _sheet_titles(small: dict[str, bytes]) -> tuple[Findings, dict[str, str]]:
    """Return the workbook's era and the title of each sheet part."""
    try:
        book = ElementTree.fromstring(small["xl/workbook.xml"])
        links = ElementTree.fromstring(small.get("xl/_rels/workbook.xml.rels") or b"<none/>")
    except ElementTree.ParseError:
        raise Refused(f"工作簿的目录读不懂，可能已损坏。{SAVE_AS}") from None
    parts = {link.get("Id"): _part_name(link.get("Target") or "") for link in links}
    titles = {}
    for sheet in book.iterfind(".//{*}sheets/{*}sheet"):
        part = parts.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION))
        titles[part or ""] = sheet.get("name") or ""
    return Findings(_says(book, "workbookPr", "date1904"), _says(book, "calcPr", "fullCalcOnLoad")), titles


def _says(book: ElementTree.Element, part: str, name: str) -> bool:
    found = book.find(f"{{*}}{part}")
    return found is not None and found.get(name) in ("1", "true")


def _part_name(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
