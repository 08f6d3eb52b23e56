"""Files attached in the same breath in which a record is made."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent

from models.attachments import Attachment, attached_to
from models.audit import AuditEntry
from models.deeds import DEEDS
from models.owners.people import Person
from tests.ui.conftest import front
from ui.deeddialog import DeedDialog
from ui.dialogs import Question

Settle = Callable[[], None]
PDF = b"%PDF-1.7\n"


@pytest.fixture
def dialog(services: Any, window: Any, settle: Settle) -> DeedDialog:
    made = DeedDialog(services, DEEDS["owners.add_person"], parent=window)
    made.open()
    settle()
    made.form.cells["name"].input.widget.setText("王桂芳")
    return made


def test_a_record_and_its_files_are_saved_together(
    dialog: DeedDialog, settle: Settle, tmp_path: Path, services: Any
) -> None:
    heard: list[frozenset[str]] = []
    services.changed.connect(heard.append)
    file = tmp_path / "身份证.pdf"
    file.write_bytes(PDF)
    dialog.enclosed.take([file, file])
    dialog.submit()
    settle()
    made = Person.get(Person.name == "王桂芳")
    assert [one.name for one in attached_to(made)] == ["身份证.pdf"]
    assert any({"Person", "Attachment"} <= touched for touched in heard)
    entries = list(AuditEntry.select().order_by(AuditEntry.id.desc()).limit(2))
    assert {one.deed for one in entries} == {"owners.add_person", "records.attach"}


def test_a_file_that_cannot_be_kept_leaves_the_record_unsaved(
    dialog: DeedDialog, settle: Settle, tmp_path: Path
) -> None:
    good, bad = tmp_path / "好.pdf", tmp_path / "坏.exe"
    good.write_bytes(PDF)
    bad.write_bytes(b"MZ\x00\x01" * 9)
    dialog.enclosed.take([good, bad])
    dialog.submit()
    settle()
    assert "坏.exe" in dialog.note.text() and dialog.isVisible()
    assert Person.select().count() == Attachment.select().count() == 0
    dialog.enclosed.drop(bad)
    dialog.submit()
    settle()
    assert Person.select().count() == Attachment.select().count() == 1


def test_a_file_too_large_or_gone_is_refused_at_once(dialog: DeedDialog, tmp_path: Path) -> None:
    large = tmp_path / "大.pdf"
    with large.open("wb") as file:
        file.truncate((20 << 20) + 1)
    dialog.enclosed.take([large])
    assert "超过 20 MB" in dialog.note.text()
    dialog.enclosed.take([tmp_path / "没有.pdf"])
    assert "读不到“没有.pdf”" in dialog.note.text() and dialog.enclosed.files == []


def test_files_can_be_dropped_and_taken_off_and_leaving_asks(dialog: DeedDialog, tmp_path: Path) -> None:
    file = tmp_path / "照片.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)), QUrl("https://example.invalid/x.png")])
    none = Qt.MouseButton.NoButton
    event = QDropEvent(QPoint(2, 2), Qt.DropAction.CopyAction, data, none, Qt.KeyboardModifier.NoModifier)
    dialog.enclosed.dropEvent(event)
    assert dialog.enclosed.files == [file]
    dialog.form.settle()
    dialog.reject()
    question = front(Question)
    assert "还没有保存" in question.sentence.text()
    question.no.click()
    dialog.enclosed._shown[0].click()
    assert dialog.enclosed.files == [] and not dialog.dirty()


def test_a_deed_whose_record_has_no_files_offers_none(services: Any, window: Any) -> None:
    assert DeedDialog(services, DEEDS["office.add_department"], parent=window).enclosed.isHidden()
    assert DEEDS["owners.add_person"].makes is Person and DEEDS["owners.edit_person"].makes is Person
    assert DEEDS["fees.count_prints"].makes is None
