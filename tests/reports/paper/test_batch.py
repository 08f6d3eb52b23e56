"""Batches: one file, whole or not at all; one sheet at a time; cancelled when asked."""

import errno
import gc
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from models.errors import Cancelled, RuleBroken
from reports.paper import Letterhead, Outcome, Sheet, write_pdf
from reports.paper.press import Press
from tests.reports.paper import samples


def write(path: Path, documents: object, **options: object) -> Outcome:
    return write_pdf(path, documents, samples.LETTERHEAD, samples.PRINTED, **options)  # type: ignore[arg-type]


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_many_sheets_make_one_file(tmp_path: Path) -> None:
    outcome = write(tmp_path / "a.pdf", [samples.notice(n) for n in range(30)], title="交费通知单")
    reader = PdfReader(tmp_path / "a.pdf")
    assert outcome.pages == outcome.documents == len(reader.pages) == 30
    assert reader.metadata is not None and reader.metadata.title == "交费通知单"
    assert "JF-202611-3-1-1017" in reader.pages[17].extract_text()
    assert leftovers(tmp_path) == ["a.pdf"]


def test_forms_of_different_paper_go_into_one_file(tmp_path: Path) -> None:
    write(tmp_path / "a.pdf", [samples.notice(), samples.receipt(), samples.charges(5), samples.report()])
    widths = [round(float(page.mediabox.width)) for page in PdfReader(tmp_path / "a.pdf").pages]
    assert widths[:5] == [595, 683, 683, 683, 842]


def test_sheets_are_taken_one_at_a_time_and_let_go(tmp_path: Path) -> None:
    alive: list[weakref.ref[object]] = []

    class Rows(list[object]):
        """Rows that can be watched."""

    def sheets() -> Iterator[Sheet]:
        for n in range(40):
            gc.collect()
            assert sum(ref() is not None for ref in alive) <= 2
            sheet = samples.notice(n)
            rows = Rows(sheet.rows)
            alive.append(weakref.ref(rows))
            yield replace(sheet, rows=rows)

    assert write(tmp_path / "a.pdf", sheets()).documents == 40


def test_progress_is_told_after_every_sheet(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write(tmp_path / "a.pdf", [samples.notice(n) for n in range(3)], progress=lambda *now: told.append(now))
    assert told == [(1, 3), (2, 3), (3, 3)]
    told.clear()
    stream = (samples.notice(n) for n in range(2))
    write(tmp_path / "b.pdf", stream, progress=lambda *now: told.append(now), total=2)
    assert told == [(1, 2), (2, 2)]


def test_cancelling_leaves_no_file(tmp_path: Path) -> None:
    done = 0

    def count(now: int, _: int) -> None:
        nonlocal done
        done = now

    with pytest.raises(Cancelled):
        write(
            tmp_path / "a.pdf",
            (samples.notice(n) for n in range(100)),
            progress=count,
            cancelled=lambda: done >= 5,
        )
    assert done == 5 and leftovers(tmp_path) == []


def test_a_failure_leaves_the_older_file_as_it_was(tmp_path: Path) -> None:
    def sheets() -> Iterator[Sheet]:
        yield samples.notice()
        raise RuntimeError("our bug")

    (tmp_path / "a.pdf").write_bytes(b"%PDF-older")
    with pytest.raises(RuntimeError):
        write(tmp_path / "a.pdf", sheets())
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-older" and leftovers(tmp_path) == ["a.pdf"]


def test_a_full_disk_is_told_in_words_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(press: Press) -> None:
        (tmp_path / "a.pdf.part").write_bytes(b"%PDF-1.4 half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Press, "save", full)
    with pytest.raises(RuleBroken, match="磁盘空间不足"):
        write(tmp_path / "a.pdf", [samples.notice()])
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-200], lambda data: data.replace(b"xref", b"XREF"), lambda _: b""]
)
def test_a_file_that_came_out_damaged_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: object
) -> None:
    save = Press.save

    def damaged(press: Press) -> None:
        save(press)
        part = tmp_path / "a.pdf.part"
        part.write_bytes(harm(part.read_bytes()))  # type: ignore[operator]

    monkeypatch.setattr(Press, "save", damaged)
    with pytest.raises(RuleBroken):
        write(tmp_path / "a.pdf", [samples.notice()])
    assert leftovers(tmp_path) == []


def test_nothing_to_print_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="没有可打印的内容"):
        write(tmp_path / "a.pdf", [])
    assert leftovers(tmp_path) == []


def test_a_folder_that_is_not_there_is_told_before_anything_is_drawn(tmp_path: Path) -> None:
    with pytest.raises(RuleBroken, match="没有文件夹"):
        write(tmp_path / "none" / "a.pdf", (1 / 0 for _ in range(3)))


def test_a_name_taken_by_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(RuleBroken, match="是文件夹"):
        write(tmp_path / "a.pdf", [samples.notice()])
    assert leftovers(tmp_path) == ["a.pdf"]


def test_a_picture_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "pay.png").write_bytes(b"no picture")
    with pytest.raises(RuleBroken, match=r"pay\.png"):
        write(tmp_path / "a.pdf", [samples.notice(picture=tmp_path / "pay.png")])


def test_every_form_has_its_controlled_number(tmp_path: Path) -> None:
    head = Letterhead("某公司", numbers={"FE-02": "JL-SF-02 B/1"})
    assert head.form_number("FE-02") == "JL-SF-02 B/1"
    assert head.form_number("FE-06") == "JL-FE-06 A/0"
    write_pdf(tmp_path / "a.pdf", [samples.notice()], head, samples.PRINTED)
    assert "JL-SF-02 B/1" in PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
