import io
import os
import zipfile
from pathlib import Path

import pytest

from desktop.modules import load
from models import attachments
from models.attachments import Attachment, Content, Type, attach, attached_to, read_file, safe_name, type_of
from models.base import db
from models.batches import Batch
from models.deeds import DEEDS
from models.errors import BadInput, NotFound, RuleBroken
from models.owners.estate import Unit
from tests.estate import Estate

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)

load()


@pytest.fixture
def unit(estate: Estate) -> Unit:
    return estate.house("101")


def file(folder: Path, name: str, data: bytes = PNG) -> Path:
    made = folder / name
    made.write_bytes(data)
    return made


def in_zip(*names: str, **holds: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        for name in names:
            book.writestr(name, holds.get("mimetype", b"x") if name == "mimetype" else b"x")
    return made.getvalue()


def test_a_file_comes_back_byte_for_byte_and_is_kept_once(unit: Unit, tmp_path: Path) -> None:
    first = attach("Unit", unit.id, read_file(file(tmp_path, "身份证.png")), note="正面")
    attach("Unit", unit.id, read_file(file(tmp_path, "同一张.png")))
    assert first.data() == PNG
    assert [one.name for one in attached_to(unit)] == ["身份证.png", "同一张.png"]
    assert Content.select().count() == 1
    assert (first.size, first.added_by, first.note) == (len(PNG), "管理员", "正面")


def test_a_file_taken_off_is_gone_from_the_card_and_stays_in_the_books(unit: Unit, tmp_path: Path) -> None:
    one = attach("Unit", unit.id, read_file(file(tmp_path, "a.png")))
    one.detach()
    assert attached_to(unit) == []
    assert Content.select().count() == 1


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", Type.PDF),
        (b"\xff\xd8\xff\xe0", Type.JPEG),
        (b"RIFF....WEBPVP8 ", Type.WEBP),
        (b"....ftypisom", Type.MP4),
        ("王桂芳：已知悉。\n".encode(), Type.TEXT),
        ("王桂芳：已知悉。".encode("gb18030"), Type.TEXT),
        (in_zip("[Content_Types].xml", "word/document.xml"), Type.DOCX),
        (in_zip("[Content_Types].xml", "xl/workbook.xml"), Type.XLSX),
        (in_zip("OFD.xml"), Type.OFD),
        (in_zip("mimetype", mimetype=b"application/vnd.oasis.opendocument.text"), Type.ODT),
    ],
)
def test_what_a_file_is_its_bytes_say(data: bytes, kind: Type) -> None:
    assert type_of(data, "x") is kind


@pytest.mark.parametrize(
    "data",
    [
        b"MZ\x90\x00" + bytes(60),
        b"\x7fELF" + bytes(60),
        b"\x00\x01\x02\x03",
        in_zip("a.exe"),
        in_zip("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
        b"PK\x03\x04 broken",
    ],
    ids=["exe", "elf", "noise", "zip", "macro", "broken"],
)
def test_programs_macros_and_noise_are_not_kept(unit: Unit, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInput):
        attach("Unit", unit.id, read_file(file(tmp_path, "发票.pdf", data)))
    assert Attachment.select().count() == Content.select().count() == 0


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.png"),
        (r"C:\windows\x.exe", "x.png"),
        (r"\\server\share\图.jpg", "图.png"),
        ("CON.png", "附件CON.png"),
        ("a:b.png", "a_b.png"),
        ("尾点...", "尾点.png"),
        ("\u202egnp.exe", "gnp.png"),
        ("x\0y.png", "xy.png"),
        ("张" * 300, "张" * 80 + ".png"),
        (".png", "png.png"),
        ("   ", "附件.png"),
        ("com1", "附件com1.png"),
    ],
)
def test_a_name_can_be_written_out_anywhere_under_the_ending_of_what_it_is(name: str, safe: str) -> None:
    assert safe_name(name, Type.PNG) == safe


def test_files_that_cannot_be_are_refused_with_a_sentence(unit: Unit, tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as opened:
        opened.write(b"%PDF-")
        opened.truncate(attachments.LARGEST + 1)
    for name, problem in (
        (tmp_path / "nothing.pdf", NotFound),
        (tmp_path, BadInput),
        (file(tmp_path, "empty.pdf", b""), BadInput),
        (large, BadInput),
        (Path("a\0b"), NotFound),
    ):
        with pytest.raises(problem):
            attach("Unit", unit.id, read_file(name))
    assert Content.select().count() == 0


def test_a_device_is_no_file(unit: Unit) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no such device here")
    with pytest.raises(BadInput, match="不是文件"):
        attach("Unit", unit.id, read_file(Path("/dev/zero")))


@pytest.mark.parametrize("kind", ["Account", "AuditEntry", "Nothing", "Unit"])
def test_only_records_that_keep_files_are_given_some(office: Path, tmp_path: Path, kind: str) -> None:
    with pytest.raises(NotFound):
        attach(kind, 999, read_file(file(tmp_path, "a.png")))


def test_a_record_has_so_many_files_and_no_more(
    unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST", 2)
    for name in "ab":
        attach("Unit", unit.id, read_file(file(tmp_path, f"{name}.png")))
    with pytest.raises(RuleBroken, match="已有 2 个"):
        attach("Unit", unit.id, read_file(file(tmp_path, "c.png")))


def test_a_file_that_was_altered_outside_is_told(unit: Unit, tmp_path: Path) -> None:
    one = attach("Unit", unit.id, read_file(file(tmp_path, "a.png")))
    assert list(attachments.broken()) == []
    db.execute_sql("DROP TRIGGER content_no_update")
    db.execute_sql("UPDATE content SET data = x'00'")
    assert ["a.png" in told for told in attachments.broken()] == [True]
    with pytest.raises(RuleBroken, match="可能已损坏"):
        Attachment.get_by_id(one.id).data()


def test_records_with_files_are_not_undone(estate: Estate, tmp_path: Path) -> None:
    DEEDS["owners.generate"].call(None, {"buildings": "9", "floors": "1", "rooms": "2"})
    batch = Batch.select().get()
    first = Unit.select().order_by(Unit.id).first()
    attach("Unit", first.id, read_file(file(tmp_path, "身份证.png")))
    with pytest.raises(RuleBroken, match=f"已添加过附件（例如 {first.code}）"):
        DEEDS["owners.undo_import"].call(str(batch.id), {})
    assert Unit.select().count() == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    with pytest.raises(BadInput, match="不是文件"):
        read_file(pipe)


def test_an_archive_of_too_many_parts_and_a_broken_one_are_refused() -> None:
    parts = ["word/document.xml", *(f"d{number}" for number in range(4_000)), "word/vbaProject.bin"]
    with pytest.raises(BadInput, match="不像文档"):
        type_of(in_zip(*parts), "x.docx")
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    data = bytearray(broken.getvalue())
    at = data.index(b"mimetype") + 8
    data[at : at + 10] = b"\xff" * 10
    with pytest.raises(BadInput, match="不是可以保存的类型"):
        type_of(bytes(data), "x.odt")
