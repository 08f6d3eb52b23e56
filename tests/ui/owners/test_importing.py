from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication

from models.imports import pasted
from models.imports.mapping import fingerprint
from models.listings import LISTS
from models.owners.estate import Unit
from models.owners.people import Person
from tests.ui.conftest import front
from ui.copiedtable import table_of
from ui.dialogs import Question

Settle = Callable[[], None]
HC = Path(__file__).resolve().parents[2] / "data" / "hc.xlsx"


@pytest.fixture
def dialog(window: Any, settle: Settle) -> Any:
    view = window.open("units")
    settle()
    made = view.act("导入").run(view)
    settle()
    return made


def test_the_findings_are_shown_before_anything_is_written(dialog: Any, settle: Settle) -> None:
    dialog.read(HC)
    settle()
    assert Unit.select().count() == 0
    shown = [dialog.table.grid.rows.index(row, 0).data() for row in range(dialog.table.grid.rows.rowCount())]
    assert shown and set(shown) == {"提示"}
    assert "错误 0 处" in dialog.told.text()
    assert dialog.go.isEnabled() and dialog.go.text().startswith("导入 ")
    assert dialog.save.isVisible() and not dialog.skip.isVisible()


def test_it_is_imported_as_one_batch_and_undone_as_one(dialog: Any, window: Any, settle: Settle) -> None:
    dialog.read(HC)
    settle()
    dialog.go.click()
    settle()
    area = Unit.find("1-1-1011").area_on(date.today())
    assert area is not None and str(area.billing) == "94.56"
    view = window.open("batches")
    settle()
    assert view.table.count >= 1


def test_the_same_file_again_brings_nothing(dialog: Any, window: Any, settle: Settle) -> None:
    dialog.read(HC)
    settle()
    dialog.go.click()
    settle()
    before = LISTS["units"]().count()
    view = window.open("units")
    again = view.act("导入").run(view)
    again.read(HC)
    settle()
    assert not again.go.isEnabled()
    assert LISTS["units"]().count() == before


def test_what_is_no_workbook_is_told_in_words(dialog: Any, settle: Settle, tmp_path: Path) -> None:
    wrong = tmp_path / "x.xlsx"
    wrong.write_bytes(b"not a workbook")
    dialog.read(wrong)
    settle()
    assert dialog.told.property("note") == "danger"
    assert not dialog.go.isEnabled()


STRANGE = "业主一览表\n\n房间号\t户主\t联系电话\n1-1-101\t王桂芳\t13812345678\n1-1-102\t李明\t\n"


def paste(dialog: Any, words: str) -> None:
    QGuiApplication.clipboard().setText(words)
    dialog.clip.click()


def test_a_pasted_table_in_nobodys_layout_is_mapped_checked_imported_and_known_next_time(
    dialog: Any, window: Any, settle: Settle
) -> None:
    paste(dialog, STRANGE)
    settle()
    mapping = dialog.mapping
    assert mapping.isVisible() and dialog.go.text() == "检查"
    assert [one.title for one in mapping.maps()] == ["房屋"]
    mapping.sheets.setCurrentRow([mapping.sheets.item(n).text() for n in range(10)].index("业主"))
    assert mapping._title() == "业主"
    mapping._take_sheet("粘贴的内容")
    assert not dialog.go.isEnabled() and "业主编号" in mapping.missing()
    mapping._take_column("业主编号", "房间号")
    assert mapping._sample("姓名") == "例：王桂芳、李明"
    dialog.go.click()
    settle()
    assert dialog.table.isVisible() and "错误 0 处" in dialog.told.text()
    dialog.go.click()
    settle()
    assert Unit.select().count() == 2 and Person.select().count() == 2
    again = window.open("units").act("导入").run(window.open("units"))
    paste(again, STRANGE.replace("李明", "李明明").replace("1-1-102", "1-1-103"))
    settle()
    assert again.table.isVisible() and again.plan.new > 0  # not asked again
    again.match.click()
    assert [one.title for one in again.mapping.maps()] == ["房屋", "业主"]


def test_another_row_of_headings_and_another_column_are_taken_by_hand(dialog: Any, settle: Settle) -> None:
    paste(dialog, "业主编号\t姓名\n编\t名\n7\t赵红\n")
    settle()
    dialog.mapping._take_head(2)
    assert dialog.mapping.maps()[0].columns == {} and not dialog.go.isEnabled()
    dialog.mapping._take_column("业主编号", "编")
    dialog.mapping._take_column("姓名", "名")
    dialog.go.click()
    settle()
    dialog.go.click()
    settle()
    assert [(one.number, one.name) for one in Person.select()] == [("7", "赵红")]


def test_an_empty_clipboard_and_a_table_of_nothing_are_told(dialog: Any, settle: Settle) -> None:
    paste(dialog, "")
    assert "没有表格" in dialog.told.text()
    paste(dialog, "甲\t乙\n1\t2\n")
    settle()
    assert dialog.mapping.isVisible() and "还没有对应任何一张表" in dialog.mapping.missing()
    assert not dialog.go.isEnabled()


def test_what_was_remembered_wrongly_is_told_and_can_be_mapped_anew(
    dialog: Any, settle: Settle, services: Any
) -> None:
    found = pasted(table_of(STRANGE, blanks=True))
    maps = [{"title": "业主", "sheet": "没有", "head": 1, "columns": {"姓名": "没有"}}]
    services.memory.put(f"import.{fingerprint(found.sheets)}", maps)
    paste(dialog, STRANGE)
    settle()
    assert "没有“没有”这一列" in dialog.told.text() and dialog.match.isVisible()


def test_rows_that_were_left_out_are_offered_to_be_put_right(
    dialog: Any, settle: Settle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paste(dialog, "业主编号\t姓名\t电话\n7\t赵红\t\n8\t钱伟\tx\n")
    settle()
    dialog.go.click()
    settle()
    dialog.skip.setChecked(True)
    dialog.go.click()
    settle()
    question = front(Question)
    assert "有 1 行有错没有导入" in question.sentence.text()
    out = tmp_path / "订正.xlsx"
    monkeypatch.setattr("ui.importing.QFileDialog.getSaveFileName", lambda *_: (str(out), ""))
    question.yes.click()
    settle()
    assert out.exists() and Person.select().count() == 1
